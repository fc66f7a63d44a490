import type { DType } from "../array/dtype.ts";
import { type Shape, sizeOf } from "../array/shape.ts";
import type { DenseTensor, Tensor } from "../array/tensor.ts";
import type { Equation } from "../program/equation.ts";
import type { Program } from "../program/program.ts";
import { groupMaps, inlinedMaps } from "./group.ts";
import type { Kernel, KernelInput, KernelOutput, MoveKernel, Plan, ReduceKernel } from "./plan.ts";
import { printPlan } from "./printPlan.ts";
import { knownName, roleOf, type ViewName } from "./role.ts";
import { type Staged, stagesOf } from "./stage.ts";
import { uniformConstant } from "./uniformConstant.ts";
import {
  type Buffer,
  broadcastView,
  flipView,
  isContiguous,
  reshapeView,
  sliceView,
  transposeView,
  type View,
  wholeView,
} from "./view.ts";

/** Fuses a simplified program into kernels over buffers. */
export function buildPlan(program: Program): Plan {
  return new PlanBuilder(program).build();
}

class PlanBuilder {
  private readonly program: Program;
  private readonly staged: Staged;
  private readonly inlined: ReadonlyMap<Equation, Equation>;
  private readonly views = new Map<Tensor, View>();
  private readonly buffers: Buffer[] = [];
  private readonly constants: { buffer: Buffer; value: DenseTensor }[] = [];
  private readonly kernels: Kernel[] = [];

  constructor(program: Program) {
    this.program = program;
    this.staged = stagesOf(program);
    this.inlined = inlinedMaps(program.equations, program.outputs, this.staged);
  }

  build(): Plan {
    const inputs = this.program.inputs.map((x) => this.place(x).buffer);
    for (const { maps, others } of this.equationsByStage()) {
      for (const group of groupMaps(maps)) this.addMap(group);
      for (const equation of others) this.addOther(equation);
    }
    const outputs = this.program.outputs.map((x) => this.viewOf(x));
    return {
      ...{ kernels: this.kernels, chains: [], inputs, constants: this.constants, outputs, buffers: this.buffers },
      // Not bound: a plan that is made from this one prints itself.
      print(options) {
        return printPlan(this, options);
      },
    };
  }

  private equationsByStage(): { maps: Equation[]; others: Equation[] }[] {
    const stages: { maps: Equation[]; others: Equation[] }[] = [];
    for (const equation of this.program.equations) {
      if (this.inlined.has(equation)) continue;
      // Views of arguments come before everything: they are in stage −1.
      const stage = this.staged.stages.get(equation.output)! + 1;
      while (stages.length <= stage) stages.push({ maps: [], others: [] });
      stages[stage][roleOf(equation) === "map" ? "maps" : "others"].push(equation);
    }
    return stages;
  }

  private newBuffer(dtype: DType, shape: Shape): Buffer {
    const buffer = { id: this.buffers.length, dtype, size: sizeOf(shape) };
    this.buffers.push(buffer);
    return buffer;
  }

  /** A buffer of its own for a value. */
  private place(x: Tensor): View {
    const view = wholeView(this.newBuffer(x.dtype, x.shape), x.shape);
    this.views.set(x, view);
    return view;
  }

  private viewOf(x: Tensor): View {
    const known = this.views.get(x);
    if (known) return known;
    const value = x.concrete("compile");
    const view = this.place(x);
    this.constants.push({ buffer: view.buffer, value });
    return view;
  }

  private inputsOf(equations: readonly Equation[], shape: Shape | undefined): KernelInput[] {
    const own = new Set<Tensor>(equations.map(({ output }) => output));
    const read = [...new Set(equations.flatMap(({ operands }) => operands))].filter((x) => !own.has(x));
    const needed = shape ? read.filter((x) => uniformConstant(x) === undefined) : read;
    return needed.map((value) => ({ value, view: this.viewOf(value) }));
  }

  private output(value: Tensor): KernelOutput {
    return { value, buffer: this.place(value).buffer };
  }

  private addMap(equations: readonly Equation[]): void {
    const { shape } = equations[0].output;
    const inputs = this.inputsOf(equations, shape);
    const members = new Set<Equation>(equations);
    const programOutputs = new Set(this.program.outputs);
    const isRead = ({ output }: Equation): boolean =>
      programOutputs.has(output) || (this.staged.consumers.get(output) ?? []).some((reader) => !members.has(reader));
    const outputs = equations.filter(isRead).map(({ output }) => this.output(output));
    this.kernels.push({ kind: "map", shape, equations, inputs, outputs });
  }

  private addOther(equation: Equation): void {
    const role = roleOf(equation);
    if (role === "view") this.addView(equation);
    else if (role === "marker") this.views.set(equation.output, this.viewOf(equation.operands[0]));
    else if (role === "reduce") this.addReduce(equation);
    else if (role === "move") this.addMove(equation, knownName(equation) as MoveKernel["move"]);
    else if (role !== "map") this.kernels.push({ kind: role, ...this.partsOf(equation) });
  }

  private partsOf(equation: Equation): Pick<MoveKernel, "equations" | "inputs" | "outputs"> {
    const inputs = this.inputsOf([equation], undefined);
    return { equations: [equation], inputs, outputs: [this.output(equation.output)] };
  }

  private addMove(equation: Equation, move: MoveKernel["move"]): void {
    this.kernels.push({ kind: "move", move, ...this.partsOf(equation) });
  }

  private addReduce(equation: Equation): void {
    const [operand] = equation.operands;
    const equations = [...this.inlined].filter(([, reduction]) => reduction === equation).map(([map]) => map);
    const inOrder = [...this.program.equations.filter((map) => equations.includes(map)), equation];
    const { axes, axis } = equation.params as { readonly axes?: readonly number[]; readonly axis?: number };
    this.kernels.push({
      kind: "reduce",
      shape: operand.shape,
      axes: axes ?? [axis!],
      combiner: equation.primitive.name as ReduceKernel["combiner"],
      equations: inOrder,
      inputs: this.inputsOf(inOrder, operand.shape),
      outputs: [this.output(equation.output)],
    });
  }

  private addView(equation: Equation): void {
    const { params, output, operands } = equation;
    const through = viewsThrough[knownName(equation) as ViewName];
    const view = through(this.viewOf(operands[0]), params, output.shape);
    if (view) this.views.set(output, view);
    else this.addMove(equation, "reshape");
  }
}

type ViewThrough = (view: View, params: object, shape: Shape) => View | undefined;

/** What each view primitive makes of a view; undefined where it needs a copy. */
const viewsThrough: Readonly<Record<ViewName, ViewThrough>> = {
  broadcastTo: (view, _, shape) => broadcastView(view, shape),
  reshape: (view, _, shape) =>
    isContiguous(view) ? { ...wholeView(view.buffer, shape), offset: view.offset } : reshapeView(view, shape),
  transpose: (view, params) => transposeView(view, (params as { permutation: readonly number[] }).permutation),
  slice(view, params, shape) {
    const { start, step } = params as { start: readonly number[]; step: readonly number[] };
    return sliceView(view, start, step, shape);
  },
  flip: (view, params) => flipView(view, (params as { axes: readonly number[] }).axes),
};
