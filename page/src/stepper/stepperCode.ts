import { type StepperState, symbols } from "./stepperState.ts";

/** Prints value, tangent and cotangent of every step. */
const printing = `for (const { name, formula, primal, tangent, cotangent } of steps) {
  console.log(formula === undefined ? name : \`\${name} = \${formula}\`);
  for (const [what, x] of Object.entries({ primal, tangent, cotangent })) {
    if (x) console.log(" ", what, x.shape, Array.from(x.dataSync(), Number).join(" "));
  }
}
`;

/** Imported values by package. */
type Imports = Readonly<Record<string, readonly string[]>>;

const importLines = (imports: Imports): string =>
  Object.entries(imports)
    .map(([name, values]) => `import { ${values.join(", ")} } from "@pushforward/${name}";\n`)
    .join("");

/** An expression, inside withStops where stop-gradients are off. */
const without = (off: readonly string[], expression: string): string =>
  off.length === 0 ? expression : `withStops(${JSON.stringify(off)}, () => ${expression})`;

function formulaCode({ formula, point, direction, off }: StepperState, inputs: readonly string[]): string {
  const used = symbols.filter((name) => inputs.includes(name));
  const tensors = (values: StepperState["point"]): string =>
    `[${used.map((name) => `tensor(${Object.is(values[name], -0) ? "-0" : values[name]})`).join(", ")}]`;
  const names = JSON.stringify(used);
  const imports: Imports = {
    ...(off.length === 0 ? {} : { autodiff: ["withStops"] }),
    flows: ["formulaFunction"],
    tensor: ["tensor", "trace"],
    training: ["stepThrough"],
  };
  return `${importLines(imports)}
const f = formulaFunction(${JSON.stringify(formula)}, ${names});
const inputs = ${tensors(point)};
const program = ${without(off, `trace(f, { names: ${names} })(...inputs)`)};
const steps = stepThrough({ program, inputs }, { tangents: ${tensors(direction)}, cotangents: [tensor(1)] });
${printing}`;
}

function lossCode({ show, moved, off }: StepperState, inputs: readonly string[]): string {
  const place = Math.max(0, inputs.indexOf(moved));
  const imports: Imports = {
    losses: ["losses"],
    tensor: ["onesLike", "tensor"],
    training: ["lossInstance", "stepThrough"],
  };
  return `${importLines(imports)}
const instance = lossInstance(losses.${show}, ${JSON.stringify(off)});
const tangents = instance.inputs.map((x, i) => (i === ${place} ? onesLike(x) : null)); // ${inputs[place]} moves
const steps = stepThrough(instance, { tangents, cotangents: [tensor(1)] });
${printing}`;
}

/**
 * A script that computes and prints the numbers of the pane.
 *
 * @param isLoss whether the state shows a loss
 * @param inputs names of the inputs of the program
 */
export const stepperCode = (state: StepperState, isLoss: boolean, inputs: readonly string[]): string =>
  isLoss ? lossCode(state, inputs) : formulaCode(state, inputs);
