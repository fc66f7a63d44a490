import { isContiguous } from "../array/layout.ts";
import type { Tensor } from "../array/tensor.ts";
import { constantText, paramsText, typeText } from "../program/printProgram.ts";
import { letterName } from "../program/programNames.ts";
import { layOut } from "./arena.ts";
import { type KernelWork, workOf } from "./kernelWork.ts";
import type { Kernel, KernelInput, Plan } from "./plan.ts";
import { uniformConstant } from "./uniformConstant.ts";
import type { Buffer } from "./view.ts";

/** Options of printPlan. */
export interface PlanPrintOptions {
  /** ms that one run spent in each kernel. */
  readonly milliseconds?: readonly number[];
}

/**
 * The plan as text: every kernel with the bytes it moves, its operations, the equations that are fused in it, and its time where a
 * run was measured. Values defined with ≔ are kept in registers only.
 *
 *   { a: 256 float32 → c }
 *   0 map       2.05 kB     512 FLOP
 *       b: float32[64,4] = sin a
 *       c: float32[64,4] = mul b a
 *   1 kernel, 2.05 kB moved, 512 FLOP, 2.18 kB of memory
 */
export function printPlan(plan: Plan, { milliseconds }: PlanPrintOptions = {}): string {
  const names = new Names(plan);
  const works = plan.kernels.map(workOf);
  const total = milliseconds?.reduce((sum, ms) => sum + ms, 0);
  const blocks = plan.kernels.map((kernel, i) => {
    const time = milliseconds && timeText(milliseconds[i], total!, works[i]);
    const head = [String(i), kernel.kind.padEnd(8), ...workTexts(works[i]).map((text) => text.padStart(11)), time];
    return [head.filter((text) => text).join(" "), ...bodyOf(kernel, names).map((line) => `    ${line}`)].join("\n");
  });
  const inputs = plan.inputs.map((buffer) => `${names.ofBuffer(buffer)}: ${buffer.size} ${buffer.dtype}`).join(", ");
  const outputs = plan.outputs.map(({ buffer }) => names.ofBuffer(buffer)).join(", ");
  return [`{ ${inputs} → ${outputs} }`, ...blocks, totalText(plan, works, total)].join("\n");
}

/** Letters for values, in the order in which they appear. */
class Names {
  private readonly values = new Map<Tensor, string>();
  private readonly buffers = new Map<Buffer, string>();
  private count = 0;

  constructor({ inputs, constants }: Plan) {
    for (const buffer of inputs) this.buffers.set(buffer, this.next());
    for (const { buffer, value } of constants)
      this.buffers.set(buffer, String(uniformConstant(value) ?? constantText(value)));
  }

  private next(): string {
    return letterName(this.count++);
  }

  ofBuffer(buffer: Buffer): string {
    return this.buffers.get(buffer)!;
  }

  /** Names a value that a kernel reads; returns the line that defines it unless it is a whole buffer. */
  read({ value, view }: KernelInput): string | undefined {
    if (this.values.has(value)) return undefined;
    const whole = this.ofBuffer(view.buffer);
    if (isContiguous(view) && view.offset === 0) {
      this.values.set(value, whole);
      return undefined;
    }
    const name = this.define(value);
    const from = view.offset === 0 ? "" : ` from ${view.offset}`;
    return `${name}: ${typeText(value)} = ${whole} by strides ${view.strides.join(",")}${from}`;
  }

  define(value: Tensor, buffer?: Buffer): string {
    const name = this.next();
    this.values.set(value, name);
    if (buffer) this.buffers.set(buffer, name);
    return name;
  }

  of(value: Tensor): string {
    return this.values.get(value) ?? String(uniformConstant(value) ?? constantText(value));
  }
}

function bodyOf({ inputs, equations, outputs }: Kernel, names: Names): string[] {
  const seen = inputs.map((input) => names.read(input)).filter((line) => line !== undefined);
  const lines = equations.map(({ primitive, operands, params, output }) => {
    const right = [`${primitive.name}${paramsText(params)}`, ...operands.map((x) => names.of(x))].join(" ");
    const buffer = outputs.find(({ value }) => value === output)?.buffer;
    return `${names.define(output, buffer)}: ${typeText(output)} ${buffer ? "=" : "≔"} ${right}`;
  });
  return [...seen, ...lines];
}

const workTexts = ({ bytes, flops }: KernelWork): string[] => [quantity(bytes, "B"), quantity(flops, "FLOP")];

function timeText(ms: number, total: number, { bytes, flops }: KernelWork): string {
  const fraction = `${((100 * ms) / (total || 1)).toFixed(1)} %`;
  const rates = [quantity((flops / ms) * 1000, "FLOP/s"), quantity((bytes / ms) * 1000, "B/s")];
  return [quantity(ms / 1000, "s").padStart(10), fraction.padStart(7), ...rates.map((rate) => rate.padStart(13))].join(
    " ",
  );
}

function totalText(plan: Plan, works: readonly KernelWork[], total: number | undefined): string {
  const sum = (key: keyof KernelWork): number => works.reduce((all, work) => all + work[key], 0);
  const count = `${works.length} kernel${works.length === 1 ? "" : "s"}`;
  const moved = `${quantity(sum("bytes"), "B")} moved`;
  const memory = `${quantity(layOut(plan).size, "B")} of memory`;
  const time = total === undefined ? [] : [quantity(total / 1000, "s")];
  return [count, moved, quantity(sum("flops"), "FLOP"), memory, ...time].join(", ");
}

const prefixes: readonly (readonly [number, string])[] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
];

/** A number with three digits and a prefix: 12,345 B is 12.3 kB. */
function quantity(x: number, unit: string): string {
  const [scale, prefix] = prefixes.find(([size]) => x >= size) ?? [1, ""];
  const digits = x / scale;
  return `${Number.isInteger(digits) && digits < 1000 ? digits : Number(digits.toPrecision(3))} ${prefix}${unit}`;
}
