import { DomainError, formatSafetensors, type Shape } from "@pushforward/tensor";
import type { ExportLossOptions } from "../exportLoss.ts";
import type { Comparison } from "../files/checkFile.ts";
import { lossArrays } from "../lossInputs.ts";
import { docstring } from "../python/docstring.ts";
import { pythonName } from "../python/identifier.ts";
import type { Target } from "../target.ts";
import { targetOf } from "../targets.ts";
import { writeFile } from "../writeFile.ts";
import { type FunctionOptions, type WrittenFunction, writeFunction } from "../writeFunction.ts";
import { closedCheck, prefix } from "./closedCheck.ts";
import { type ClosedPrograms, closedPrograms } from "./closedPrograms.ts";
import type { TrainedLoss } from "./trainedLoss.ts";

/** The files of a trained loss, and their comparison with stored values. */
export interface ClosedFiles {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly comparison: Comparison;
  /** Arrays that the comparison reads. */
  readonly stored: ReturnType<typeof closedCheck>;
}

/**
 * A trained loss as source that needs no network: `loss`, its `gradient` by the equations of our reverse mode, the trained `network`, and
 * `sample`, each for one sample, with the parameters in a file.
 *
 * @throws DomainError about an unknown target, a primitive that the target does not have, and a loss that compares samples
 */
export function closedFiles(trained: TrainedLoss, { to, withoutStops = [] }: ExportLossOptions): ClosedFiles {
  const target = targetOf("closedFiles", to);
  checkSingle(trained.loss);
  const programs = closedPrograms(trained, withoutStops);
  const functions = functionsOf(programs, target);
  const constants = Object.fromEntries(functions.flatMap(({ constants: each }) => [...each]));
  const text = writeFile({
    target,
    description: docstring([
      `${trained.loss.label} with trained networks, written by Pushforward for ${target.title}: all functions are of one sample x [${trained.dim}].`,
      "",
      'p is load("params.safetensors") with arrays of the framework. Vectorise over a batch by vmap, with p shared.',
      "The functions compute in the float type of p and of the other arguments, which must be one.",
    ]),
    functions: functions.map(({ lines }) => lines),
  });
  const params = Object.entries({ ...programs.params, ...constants }).map(([name, x]) => [name, x.cast(trained.dtype)]);
  return {
    files: { "program.py": text, "params.safetensors": formatSafetensors(Object.fromEntries(params)) },
    comparison: comparisonOf(programs, target),
    stored: closedCheck(programs, trained.dim),
  };
}

/** @throws DomainError for a loss that compares samples: a program of one sample cannot have it */
function checkSingle({ name, group }: TrainedLoss["loss"]): void {
  if (group === 1) return;
  throw new DomainError(
    `export: the loss of a training must have a program for one sample, but ${name} compares ${group} samples; export ${name} without the run`,
  );
}

/** The functions of the file. */
function functionsOf(programs: ClosedPrograms, target: Target): WrittenFunction[] {
  const dictionary = { name: "p", has: (input: string): boolean => Object.hasOwn(programs.params, input) };
  const remark = (shape: Shape): string => `[${shape.join(", ")}]`;
  const write = (
    name: keyof ClosedPrograms & ("network" | "sample" | "loss" | "gradient"),
    text: string,
    more: Partial<FunctionOptions> = {},
  ) =>
    writeFunction(programs[name], target, {
      ...{ name, dictionary, remark, isAnyFloat: true, reserved: ["p", "network", "sample", "loss", "gradient"] },
      description: docstring([text]),
      ...more,
    });
  return [
    write("network", "The trained network, with averaged parameters."),
    write("sample", "A sample from standard normal noise.", {
      bound: { network: "p" },
      results: { network: "u" },
    }),
    write("loss", "Loss of one sample."),
    write(
      "gradient",
      "Loss of one sample, and its gradient in the trained parameters, in the equations of reverse mode.",
      {
        outputNames: programs.trained,
      },
    ),
  ];
}

/** The comparison of `program.py`: loss, gradient, the reverse mode of the framework through the loss, and samples. */
function comparisonOf(programs: ClosedPrograms, target: Target): Comparison {
  const argsOf = ({ inputs, names }: ClosedPrograms["loss"]): string[] =>
    inputs.map((x) => names.get(x)!).filter((name) => !Object.hasOwn(programs.params, name));
  const entry = (name: string): string => `data["${pythonName(name)}"]`;
  // Values that all samples share are not mapped.
  const batched = (f: string, args: readonly string[]): string => {
    const mapped = args.filter((name) => lossArrays[name] !== "shared");
    const given = args.map((name) => (mapped.includes(name) ? pythonName(name) : entry(name)));
    return `${target.vmap}(lambda ${mapped.map(pythonName).join(", ")}: ${f}(${["p", ...given].join(", ")}))(${mapped.map(entry).join(", ")})`;
  };
  const [ofLoss, ofGradient] = [argsOf(programs.loss), argsOf(programs.gradient)];
  return {
    ...{ file: "program.py", pairs: "program_pairs" },
    imports: ["from program import gradient, loss, sample"],
    functions: [
      [
        "def program_pairs():",
        '    """Loss, gradient and samples on stored data, and the stored ones."""',
        `    p = {name: ${target.fromNumpy("x.astype(dtype)")} for name, x in load("params.safetensors").items()}`,
        `    expected = load("expected.safetensors").items()`,
        `    stored = {name[${prefix.length}:]: x for name, x in expected if name.startswith("${prefix}")}`,
        `    data = {name: ${target.fromNumpy("x.astype(dtype)")} for name, x in stored.items()}`,
        `    losses, gradients = ${batched("gradient", ofGradient)}`,
        '    yield "loss", losses, stored["loss"]',
        "    for name, each in gradients.items():",
        '        yield f"gradient of {name}", each.mean(0), stored[f"gradient.{name}"]',
        `    own = ${target.grad}(lambda p: ${batched("loss", ofLoss)}.mean())(p)`,
        "    for name in gradients:",
        `        yield f"gradient of {name} by ${target.title}", own[name], stored[f"gradient.{name}"]`,
        `    yield "sample", ${batched("sample", ["noise"])}, stored["sample"]`,
      ],
    ],
  };
}
