/** A helper function of gpu.js kernels: numbers in, a float32 out, in the JavaScript that gpu.js understands. */
export interface GpuFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Statements that end with a return. A result of Math.floor goes into a local first: as part of a sum gpu.js takes it for an integer. */
  readonly body: string;
  /** Functions that the body calls. */
  readonly uses: readonly GpuFunction[];
  /** Types of the arguments and of the result: places of elements are integers. */
  readonly type: "Number" | "Integer";
}

/** A helper function of float32 numbers. */
export const gpuFunction = (
  name: string,
  parameters: readonly string[],
  body: string,
  uses: readonly GpuFunction[] = [],
): GpuFunction => ({ name, parameters, body, uses, type: "Number" });

/** c₀ + x·(c₁ + x·(c₂ + …)), as source over the name of x. */
export const gpuPolynomial = (x: string, coefficients: readonly number[]): string =>
  coefficients.reduceRight((rest, c) => (rest === "" ? gpuNumber(c) : `${gpuNumber(c)} + ${x} * (${rest})`), "");

/** A finite number as source; a negative one in brackets, so that no two signs meet. */
export const gpuNumber = (value: number): string => {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.startsWith("-") ? `(${text})` : text;
};

/** Functions with all functions that they call, each once, callees first. */
export function withCallees(functions: readonly GpuFunction[]): GpuFunction[] {
  const all = new Map<string, GpuFunction>();
  const visit = (each: GpuFunction): void => {
    if (all.has(each.name)) return;
    for (const callee of each.uses) visit(callee);
    all.set(each.name, each);
  };
  for (const each of functions) visit(each);
  return [...all.values()];
}

/** The whole text of a function. */
export const printGpuFunction = ({ name, parameters, body }: GpuFunction): string =>
  `function ${name}(${parameters.join(", ")}) {\n${body
    .trim()
    .split("\n")
    .map((line) => `  ${line.trim()}`)
    .join("\n")}\n}`;
