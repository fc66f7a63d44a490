import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type DenseTensor, type DType, fromData } from "@pushforward/tensor";

/** The Python that runs emitted source: the variable PYTHON, as for benchmarks. */
export const python = process.env.PYTHON ?? "python3";

/** Source that defines `main`, and its arguments. */
export interface PythonCase {
  readonly source: string;
  readonly inputs: readonly DenseTensor[];
}

/** The results of a case, or the text of its error. */
export type PythonResult = readonly DenseTensor[] | string;

const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** An array as JSON: its bytes in base64. */
interface ArrayJson {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: string;
}

const encode = ({ buffer, dtype, shape }: DenseTensor): ArrayJson => ({
  dtype,
  shape,
  bytes: Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString("base64"),
});

function decode({ dtype, shape, bytes }: ArrayJson): DenseTensor {
  const known = arrays[dtype as DType];
  if (!known) throw new Error(`a result must have a dtype of tensor, got ${dtype}`);
  const data = new Uint8Array(Buffer.from(bytes, "base64"));
  const values = new known(data.buffer) as Float64Array;
  return dtype === "bool" ? (fromData(values, shape).cast("bool") as DenseTensor) : fromData(values, shape);
}

/** Why emitted source of a module cannot run here; undefined where it can. */
export function reasonToSkip(module: string): string | undefined {
  const { status } = spawnSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
  const isRequired = process.env[`REQUIRE_${module.toUpperCase()}`] === "1";
  return status === 0 || isRequired
    ? undefined
    : `${python} cannot import ${module}; the variable PYTHON names another Python, REQUIRE_${module.toUpperCase()}=1 makes this a failure`;
}

/**
 * Runs cases in one process of Python.
 *
 * @throws Error with the output of Python, if the process fails
 */
export function runPython(
  module: string,
  cases: readonly PythonCase[],
  environment: NodeJS.ProcessEnv = {},
): PythonResult[] {
  const input = JSON.stringify(cases.map(({ source, inputs }) => ({ source, inputs: inputs.map(encode) })));
  const { status, stdout, stderr, error } = spawnSync(python, [join(import.meta.dirname, "harness.py"), module], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${python} must run the cases, got ${error?.message ?? stderr}`);
  return (JSON.parse(stdout) as (ArrayJson[] | string)[]).map((result) =>
    typeof result === "string" ? result : result.map(decode),
  );
}
