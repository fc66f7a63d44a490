import { fromPackage, trainingCode, trainingNames } from "../trainingCode.ts";
import { everyLaw, type IdentityState, lawCases, training } from "./identityState.ts";

/** The law whose two sides the bench shows. */
const ownLaw = "backwardIsJacobianTimesForward";

/** The command that runs the laws which the reader ran last, with the same instances; at first, the law of the bench. */
export function identityCommand({ law, instances }: Pick<IdentityState, "law" | "instances">): string {
  const which = law === everyLaw ? "" : ` --only ${law || ownLaw}`;
  const cases = law === everyLaw ? lawCases.all : lawCases.one;
  return `npx --yes pnpm@10 pushforward verify${which} --cases ${cases} --seed ${instances}`;
}

/** Lines that make the map `phi`, and the velocity `own` if it is asked for. */
function mapCode({ map, velocity, seed, updates }: IdentityState): string[] {
  if (map !== "trained")
    return [`const { phi${velocity === "own" ? ", own" : ""} } = residualScene("${map}", ${seed});`];
  const { data, loss, settings } = training;
  return [
    `const problem = builtinProblems.${data}();`,
    "// times in either order, so that the map learns the way back",
    `const terms = recipes.${loss}.terms.map((term) => ({ ...term, timeLaw: { kind: "square" } as const }));`,
    ...trainingCode({ recipe: `{ ...recipes.${loss}, terms }`, settings, seed, updates }),
    "const phi = firstOrderFlowMap(network as AverageVelocity);",
  ];
}

function velocityCode({ map, velocity, field }: IdentityState): string {
  if (velocity === "random") return `const { v } = residualScene("network", ${field});`;
  return map === "trained" ? "const { velocity: v } = problem.exact!;" : "const v = own;";
}

/** A program in TypeScript that prints the residuals of the bench. */
export function identityCode(state: IdentityState): string {
  const { map, velocity, x, s, t } = state;
  const isTrained = map === "trained";
  const imports = [
    ...(isTrained ? [fromPackage("flows", ["type AverageVelocity", "firstOrderFlowMap"])] : []),
    fromPackage("losses", [...(isTrained ? ["recipes"] : []), "residualIdentity"]),
    fromPackage("tensor", ["norm", "type Tensor", "tensor", ...(isTrained ? ["treeMap"] : [])]),
    ...(isTrained ? [fromPackage("training", ["builtinProblems", ...trainingNames])] : []),
    ...(isTrained && velocity === "own" ? [] : [fromPackage("verify", ["residualScene"])]),
  ];
  return `${imports.join("\n")}

${mapCode(state).join("\n")}
${velocityCode(state)}
const [x, s, t] = [tensor([[${x.join(", ")}]]), tensor([[${s}]]), tensor([[${t}]])];
const { back, forward, pushed, backward } = residualIdentity(phi, v, x, s, t);

const show = (name: string, y: Tensor) => console.log(name, Array.from(y.dataSync(), (each) => each.toFixed(4)).join(" "));
show("forward", forward);
show("Jacobian × forward", pushed);
show("backward", backward);
console.log("‖backward - Jacobian × forward‖", norm(backward.sub(pushed)).item());
console.log("‖there and back - x‖", norm(back.sub(x)).item());
`;
}
