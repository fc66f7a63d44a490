import {
  DenseTensor,
  type DType,
  type Equation,
  knownName,
  type LabelParams,
  type Program,
  type Shape,
  sameShape,
  type Tensor,
} from "@pushforward/tensor";
import { addsLeadingAxes, equationText } from "./equationText.ts";
import { writeHole } from "./holes.ts";
import { isHole } from "./opaque.ts";
import { tupleOf } from "./python/expression.ts";
import { Identifiers } from "./python/identifier.ts";
import { numberText } from "./python/number.ts";
import type { Operand, Target } from "./target.ts";
import { nameOf } from "./valueNames.ts";

/** Options of writeFunction. */
export interface FunctionOptions {
  readonly name: string;
  /** Names of the opaque functions that the program applies: the first parameters, before the inputs. */
  readonly functions?: readonly string[];
  /** Lines of the description. */
  readonly description?: readonly string[];
  /** Names that values cannot have, besides those of the target. */
  readonly reserved?: readonly string[];
  /** Arguments that every call of a function has before the others, by the name of the function. */
  readonly bound?: Readonly<Record<string, string>>;
  /** The parameter that holds inputs and large constants by name, as a dictionary. */
  readonly dictionary?: Dictionary;
  /** Whether the function computes in the float type of its arguments; the program is one of float64. */
  readonly isAnyFloat?: boolean;
  /** Names of the last outputs, which are returned as a dictionary after the others. */
  readonly outputNames?: readonly string[];
  /** Names of the results of functions, by the name of the function. */
  readonly results?: Readonly<Record<string, string>>;
  /** Names of values that get a line of their own and have no recorded name. */
  readonly suggested?: ReadonlyMap<Tensor, string>;
  /** Texts of constants that are not written as numbers. */
  readonly symbols?: ReadonlyMap<Tensor, string>;
  /** The shape of a value in a remark; default its dtype and sizes. */
  readonly remark?: (shape: Shape, dtype: DType) => string;
  /** Whether sizes are those of an example, so that a shape is written as that of an input. */
  readonly isGeneric?: boolean;
}

/** A dictionary that a function takes as its first parameter. */
export interface Dictionary {
  readonly name: string;
  /** Whether an input of the program is an entry, by its name. */
  has(input: string): boolean;
}

/** Most letters of an expression inside another one; a longer one gets a line of its own. */
const longest = 44;

/** Expressions up to this length, such as `1 - t`, are written again where a value is used twice. */
const shortest = 7;

/** Longest line; a longer one has its remark above. */
const widest = 112;

/** Longest text of an array inside an expression. */
const shortArray = 28;

/** Largest number of elements of an array that a text contains. */
const largest = 64;

/** A function of Python, with the large constants that it takes as its last parameters. */
export interface WrittenFunction {
  readonly lines: readonly string[];
  /** Names of the functions that it applies and of its inputs, in the order of its parameters. */
  readonly functions: readonly string[];
  readonly inputs: readonly string[];
  readonly constants: ReadonlyMap<string, DenseTensor>;
}

/** The program as a function of Python: short expressions are written inside others, names and order are those of the program. */
export function writeFunction(program: Program, target: Target, options: FunctionOptions): WrittenFunction {
  return new FunctionWriter(program, target, options).write();
}

/** Writes one function, equation by equation. */
export class FunctionWriter {
  readonly target: Target;
  readonly options: FunctionOptions;
  readonly program: Program;
  readonly values = new Map<Tensor, Operand>();
  private readonly names: Identifiers;
  private readonly functions: ReadonlyMap<string, string>;
  private readonly uses = new Map<Tensor, number>();
  private readonly body: string[] = [];
  private readonly constants = new Map<string, DenseTensor>();

  constructor(program: Program, target: Target, options: FunctionOptions) {
    this.target = target;
    this.program = program;
    this.options = options;
    const { functions = [], reserved = [] } = options;
    this.names = new Identifiers([...target.reserved, ...Object.keys(target.helpers), options.name, ...reserved]);
    this.functions = new Map(functions.map((hole) => [hole, this.names.give(hole)]));
    for (const x of [...program.equations.flatMap(({ operands }) => [...new Set(operands)]), ...program.outputs])
      this.uses.set(x, (this.uses.get(x) ?? 0) + 1);
  }

  write(): WrittenFunction {
    const { program, options } = this;
    program.inputs.forEach((x, i) => {
      const text = this.entryOf(x) ?? this.names.give(program.names.get(x) ?? `x${i}`);
      this.values.set(x, { text, shape: x.shape, dtype: x.dtype, isNumber: false });
    });
    const given = program.inputs.filter((x) => this.entryOf(x) === undefined);
    const [functions, inputs] = [[...this.functions.values()], given.map((x) => this.read(x).text)];
    for (const equation of program.equations) this.visit(equation);
    const { dictionary } = options;
    const results = this.results();
    const parameters = dictionary
      ? [dictionary.name, ...functions, ...inputs]
      : [...functions, ...inputs, ...this.constants.keys()];
    const description = (options.description ?? []).map((line) => (line === "" ? "" : `    ${line}`));
    return {
      lines: [
        `def ${options.name}(${parameters.join(", ")}):`,
        ...description,
        ...this.body.map((line) => this.inAnyFloat(line)),
        this.inAnyFloat(`    return ${results.length === 1 ? results[0] : tupleOf(results)}`),
      ],
      functions,
      inputs,
      constants: this.constants,
    };
  }

  /** A line with the float type of an argument in place of float64, if the function computes in that of its arguments. */
  private inAnyFloat(line: string): string {
    const first = this.program.inputs.find((x) => x.dtype === "float64" && this.entryOf(x) === undefined);
    return this.options.isAnyFloat && first ? this.target.inFloatOf(line, this.read(first).text) : line;
  }

  /** An input as an entry of the dictionary. */
  private entryOf(x: Tensor): string | undefined {
    const { dictionary } = this.options;
    const name = this.program.names.get(x);
    return dictionary && name !== undefined && dictionary.has(name) ? `${dictionary.name}["${name}"]` : undefined;
  }

  /** The texts of the outputs; the named ones are one dictionary. */
  private results(): string[] {
    const { outputNames = [] } = this.options;
    const texts = this.program.outputs.map((x) => this.exact(x).text);
    if (outputNames.length === 0) return texts;
    const first = texts.length - outputNames.length;
    const entries = outputNames.map((name, i) => `        "${name}": ${texts[first + i]},`);
    return [...texts.slice(0, first), `{\n${entries.join("\n")}\n    }`];
  }

  /** The name of an opaque function. */
  functionName = (hole: string): string => this.functions.get(hole) ?? hole;

  /** A value as it is written; constants get their text here. */
  read(x: Tensor): Operand {
    const known = this.values.get(x);
    if (known) return known;
    const written = this.constant(x as DenseTensor);
    this.values.set(x, written);
    return written;
  }

  /** A value as an array of its own shape. */
  exact(x: Tensor): Operand {
    const written = this.read(x);
    if (!written.isNumber && sameShape(written.shape, x.shape)) return written;
    const text = written.isNumber ? this.filled(x, written.text) : this.broadcast(written, x.shape);
    return { text, shape: x.shape, dtype: x.dtype, isNumber: false };
  }

  /** An input of the program with a shape. */
  inputLike(shape: Shape): string | undefined {
    const found = this.program.inputs.find((x) => sameShape(x.shape, shape));
    return found && this.read(found).text;
  }

  private filled(x: Tensor, number: string): string {
    if (!this.options.isGeneric) return this.target.full(x.shape, number, x.dtype);
    const like = this.inputLike(x.shape);
    const [first] = this.program.inputs;
    return like ? this.target.fullLike(like, number) : this.target.fullAs(this.read(first).text, x.shape, number);
  }

  private broadcast(x: Operand, shape: Shape): string {
    const like = this.options.isGeneric ? this.inputLike(shape) : undefined;
    const type = { shape, dtype: x.dtype };
    if (!like && addsLeadingAxes(x.shape, shape)) return this.target.rows.reshape([x], { shape }, type);
    return like ? this.target.broadcastLike(x.text, like) : this.target.rows.broadcastTo([x], { shape }, type);
  }

  private constant(x: DenseTensor): Operand {
    const { shape, dtype } = x;
    const symbol = this.options.symbols?.get(x);
    if (symbol !== undefined) return { text: symbol, shape: [], dtype, isNumber: true };
    const [first] = x.buffer;
    // A nested list would lose sizes beside one of 0.
    if (first === undefined)
      return { text: this.target.full(shape, numberText(0, dtype), dtype), shape, dtype, isNumber: false };
    if (x.buffer.every((value) => Object.is(value, first)))
      return { text: numberText(first, dtype), shape: [], dtype, isNumber: true };
    if (x.buffer.length <= largest) return this.array(x);
    const name = this.names.give(this.program.names.get(x) ?? "constant");
    this.constants.set(name, x);
    const { dictionary } = this.options;
    return { text: dictionary ? `${dictionary.name}["${name}"]` : name, shape, dtype, isNumber: false };
  }

  /** An array of a constant: a long one has a line of its own, before its first use. */
  private array(x: DenseTensor): Operand {
    const { shape, dtype } = x;
    const array = this.target.array(nested(x), dtype);
    if (array.length <= shortArray) return { text: array, shape, dtype, isNumber: false };
    const name = this.names.give(this.program.names.get(x) ?? "values");
    this.push(`${name} = ${array}`, this.typeOf(shape, dtype));
    return { text: name, shape, dtype, isNumber: false };
  }

  /** Writes a line with a remark, which stands above a long line. */
  private push(statement: string, remark: string): void {
    const line = `    ${statement}`;
    if (line.length + remark.length + 4 < widest) this.body.push(`${line}  # ${remark}`);
    else this.body.push(`    # ${remark}`, line);
  }

  private typeOf = (shape: Shape, dtype: DType): string =>
    this.options.remark?.(shape, dtype) ?? `${dtype}[${shape.join(", ")}]`;

  private visit(equation: Equation): void {
    const { primitive, output } = equation;
    if (this.values.has(output)) return;
    if (isHole(primitive)) {
      writeHole(this, equation);
      return;
    }
    // A number that is broadcast stays a number: some functions take arrays alone.
    const { text, shape, isNumber = false } = equationText(this, equation);
    const written = { text, shape, dtype: output.dtype, isNumber };
    if (this.isInside(equation, text)) this.values.set(output, written);
    else this.assign([equation], text, shape);
  }

  /** Writes the text of an equation where its value is used. */
  inline({ output }: Equation, text: string): void {
    this.values.set(output, { text, shape: output.shape, dtype: output.dtype, isNumber: false });
  }

  /** Whether the text of an operand can be written now. */
  isKnown = (x: Tensor): boolean => x instanceof DenseTensor || this.values.has(x);

  /** Writes a line that gives names to the values of equations, which are the parts of one expression. */
  assign(equations: readonly (Equation | undefined)[], text: string, shape: Shape): void {
    const names = equations.map((equation) => {
      if (!equation) return "_";
      const name = this.names.give(nameOf(equation, this.program, this.options));
      this.values.set(equation.output, { text: name, shape, dtype: equation.output.dtype, isNumber: false });
      return name;
    });
    const named = equations.filter((equation) => equation !== undefined);
    const remarks = named.map((equation) => this.remarkOn(equation, shape));
    this.push(`${names.join(", ")} = ${text}`, [...new Set(remarks)].join("; "));
  }

  /** A remark on a value: the label of its equation, and its shape. */
  private remarkOn({ primitive, params, label, output }: Equation, shape: Shape): string {
    const own = primitive.role === "marker" ? (params as Partial<LabelParams>).label : undefined;
    const words = own === undefined ? label : `stop "${own}"`;
    return [words, this.typeOf(shape, output.dtype)].filter((part) => part).join(", ");
  }

  /** Whether an expression is written where its value is used: not a named value, a stop-gradient or a long expression. */
  private isInside({ output, operands, primitive }: Equation, text: string): boolean {
    if (this.program.names.has(output) || knownName(primitive) === "stopGradient") return false;
    // The last value follows the word return.
    if (this.program.outputs.length === 1 && this.program.outputs[0] === output) return true;
    // A view of a named value is that value.
    if (operands.length > 0 && text === this.values.get(operands[0])?.text) return true;
    return text.length <= (this.usesOf(output) > 1 ? shortest : longest);
  }

  /** The number of equations that use a value. */
  usesOf = (x: Tensor): number => this.uses.get(x) ?? 0;
}

/** The elements of a constant as nested lists of Python. */
function nested({ buffer, shape, dtype }: DenseTensor): string {
  const write = (axis: number, from: number, to: number): string => {
    if (axis === shape.length) return numberText(buffer[from], dtype);
    const step = (to - from) / Math.max(1, shape[axis]);
    return `[${Array.from({ length: shape[axis] }, (_, i) => write(axis + 1, from + i * step, from + (i + 1) * step)).join(", ")}]`;
  };
  return write(0, 0, buffer.length);
}
