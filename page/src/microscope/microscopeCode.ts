import { fromPackage, trainingCode, trainingNames } from "../trainingCode.ts";
import { type MicroscopeState, networkSettings, type TangentChoice } from "./microscopeState.ts";

/** The command that trains the network with the same bits; undefined for the exact map and for a network without updates. */
export function microscopeCommand({ data, loss, model }: MicroscopeState): string | undefined {
  if (model.kind === "exact" || model.updates === 0) return undefined;
  const { learningRate, width, batch } = networkSettings;
  const options = [
    `--data ${data} --teacher-velocity exact --steps ${model.updates} --batch ${batch}`,
    `--learning-rate ${learningRate} --width ${width} --seed ${model.seed} --backend wasm`,
  ];
  return `npx --yes pnpm@10 pushforward train ${loss} ${options.join(" ")}`;
}

const tangentCode = ({ x, s, t }: TangentChoice): string =>
  `{ x: ${typeof x === "string" ? `"${x}"` : `[${x.join(", ")}]`}, s: ${s}, t: ${t} }`;

/** Lines that make u, the average velocity that is looked at. */
function averageVelocity({ loss, model }: MicroscopeState): string[] {
  if (model.kind === "exact") return ["const u = exact as AverageVelocity;"];
  return [
    ...trainingCode({ recipe: `recipes.${loss}`, settings: networkSettings, ...model }),
    "const u = network as AverageVelocity;",
  ];
}

/** A program in TypeScript that prints the vectors of the scene. */
export function microscopeCode(state: MicroscopeState): string {
  const { data, loss, model, x, s, t, tangent } = state;
  const isNetwork = model.kind === "network";
  const fromTraining = [
    ...["builtinProblems", "exactAverageVelocity", "lossNetworks"],
    ...(isNetwork ? trainingNames : []),
  ];
  const imports = [
    fromPackage("flows", ["type AverageVelocity"]),
    fromPackage("losses", ["losses", "lossVectors", ...(isNetwork ? ["recipes"] : [])]),
    fromPackage("tensor", ["norm", "type Tensor", "tensor", ...(isNetwork ? ["treeMap"] : [])]),
    fromPackage("training", fromTraining),
  ];
  return `${imports.join("\n")}

const problem = builtinProblems.${data}();
const exact = exactAverageVelocity(problem.exact!);
${averageVelocity(state).join("\n")}

const [xs, s, t] = [tensor([[${x.join(", ")}]]), tensor([[${s}]]), tensor([[${t}]])];
const v = problem.exact!.velocity(xs, s);
const input = { xs, s, t, v, noise: xs, data: xs, ...lossNetworks(problem, u) };
const vectors = lossVectors(losses.${loss}, input, ${tangentCode(tangent)});

const show = (name: string, y: Tensor) => console.log(name, Array.from(y.dataSync(), (each) => each.toFixed(4)).join(" "));
show("v", v);
show("u", vectors.average);
show("du/ds", vectors.derivative);
show("(t - s)·du/ds", vectors.correction);
show("target", vectors.target);
show("exact U", exact(xs, s, t));
show("‖target - exact U‖", norm(vectors.target.sub(exact(xs, s, t))));
`;
}
