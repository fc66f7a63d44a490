import type { DType } from "../array/dtype.ts";
import { type Shape, sizeOf } from "../array/shape.ts";
import type { DenseTensor, Tensor } from "../array/tensor.ts";
import { knownName } from "../primitives/index.ts";
import type { Equation } from "../program/equation.ts";
import type { Program } from "../program/program.ts";
import { withEpilogues } from "./epilogues.ts";
import { groupMaps, inlinedMaps } from "./group.ts";
import { inProgramOrder } from "./inProgramOrder.ts";
import type {
  ContractKernel,
  Kernel,
  KernelInput,
  KernelOutput,
  MoveKernel,
  Plan,
  ReduceKernel,
  ScanKernel,
} from "./plan.ts";
import { roleOf } from "./role.ts";
import { type Staged, stagesOf } from "./stage.ts";
import { uniformConstant } from "./uniformConstant.ts";
import { type Buffer, type View, wholeView } from "./view.ts";

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
      for (const group of groupMaps(maps, this.staged)) this.addMap(group);
      for (const equation of others) this.addOther(equation);
    }
    const outputs = this.program.outputs.map((x) => this.viewOf(x));
    const { constants, buffers } = this;
    const kernels = inProgramOrder(this.kernels, this.program);
    return withEpilogues({ kernels, chains: [], inputs, constants, outputs, buffers });
  }

  private equationsByStage(): { maps: Equation[]; others: Equation[] }[] {
    const stages: { maps: Equation[]; others: Equation[] }[] = [];
    for (const equation of this.program.equations) {
      if (this.inlined.has(equation)) continue;
      // Views of arguments come before all kernels: they are in stage −1.
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
    const { name } = equation.primitive;
    switch (role) {
      case "view":
        this.addView(equation);
        return;
      case "marker":
        this.views.set(equation.output, this.viewOf(equation.operands[0]));
        return;
      case "reduce":
        this.addReduce(equation, name as ReduceKernel["combiner"]);
        return;
      case "contract":
        this.kernels.push({
          ...{ kind: role, contraction: name as ContractKernel["contraction"], epilogue: [] },
          ...this.partsOf(equation),
        });
        return;
      case "scan":
        this.kernels.push({ kind: role, scan: name as ScanKernel["scan"], ...this.partsOf(equation) });
        return;
      case "move":
        this.addMove(equation, name as MoveKernel["move"]);
        return;
      case "host":
        this.addHost(equation);
        return;
      case "map":
        throw new Error("buildPlan: a map stands in a group of maps");
    }
  }

  private partsOf(equation: Equation): Pick<Kernel, "equations" | "inputs" | "outputs"> {
    const inputs = this.inputsOf([equation], undefined);
    return { equations: [equation], inputs, outputs: [this.output(equation.output)] };
  }

  private addMove(equation: Equation, move: MoveKernel["move"]): void {
    this.kernels.push({ kind: "move", move, ...this.partsOf(equation) });
  }

  private addHost(equation: Equation): void {
    this.kernels.push({ kind: "host", ...this.partsOf(equation) });
  }

  private addReduce(equation: Equation, combiner: ReduceKernel["combiner"]): void {
    const [operand] = equation.operands;
    const equations = [...this.inlined].filter(([, reduction]) => reduction === equation).map(([map]) => map);
    const inOrder = [...this.program.equations.filter((map) => equations.includes(map)), equation];
    const { axes, axis } = equation.params as { readonly axes?: readonly number[]; readonly axis?: number };
    this.kernels.push({
      kind: "reduce",
      shape: operand.shape,
      axes: axes ?? [axis!],
      combiner,
      equations: inOrder,
      inputs: this.inputsOf(inOrder, operand.shape),
      outputs: [this.output(equation.output)],
    });
  }

  private addView(equation: Equation): void {
    const { primitive, params, output, operands } = equation;
    const operand = this.viewOf(operands[0]);
    const layout = primitive.view!(operand, params, output.shape);
    if (layout) this.views.set(output, { ...layout, shape: output.shape, buffer: operand.buffer });
    else if (knownName(primitive) === "reshape") this.addMove(equation, "reshape");
    else this.addHost(equation);
  }
}
