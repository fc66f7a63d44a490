/** Explanations of the symbols in the formulas of losses. */
import type { AnyLoss } from "../packages/losses/src/index.ts";

type Described = Pick<AnyLoss, "name" | "formula" | "family" | "learns">;

/** A symbol: its pattern in LaTeX, its typeset form, and its explanation. */
interface LossSymbol {
  readonly pattern: RegExp;
  readonly latex: string;
  readonly is: string | ((loss: Described) => string);
}

const atData = ({ learns }: Described): boolean => learns === "generator";

/** The symbols in the order of recognition: longer patterns first. */
const symbols: readonly LossSymbol[] = [
  { pattern: /\\operatorname\{sg\}/, latex: String.raw`\operatorname{sg}[z]`, is: "z with every derivative cut" },
  {
    pattern: /\\operatorname\{Solver\}_\{[^}]*\}/,
    latex: String.raw`\operatorname{Solver}_{a \to b}(x)`,
    is: "x moved from time a to time b along the teacher's flow",
  },
  {
    pattern: /\\operatorname\{clip\}/,
    latex: String.raw`\operatorname{clip}(g)`,
    is: "g with each coordinate clipped to [−1, 1]",
  },
  { pattern: /\\pi/, latex: "", is: "" },
  { pattern: /\\sum_R/, latex: "R", is: "the reach of the kernel over the mean distance: 0.02, 0.05 and 0.2" },
  { pattern: /\\operatorname\{rms\}/, latex: String.raw`\operatorname{rms}`, is: "the root mean square over a group" },
  { pattern: /V_R/, latex: "V_R", is: "the field of one reach" },
  {
    pattern: /\\Sigma\^[+-]/,
    latex: String.raw`\Sigma^\pm`,
    is: "sums of the weights of the data Y of a group, and of its other samples",
  },
  {
    pattern: /m\^[+-]/,
    latex: String.raw`m^\pm`,
    is: "means of both by these weights, roots of products of two softmaxes of −‖x − y‖ over R times the mean distance",
  },
  { pattern: /\\operatorname\{mean\}/, latex: String.raw`\operatorname{mean}`, is: "the mean over the coordinates" },
  { pattern: /\\dot X/, latex: String.raw`\dot X`, is: "X − X_0, the velocity of the path from fresh noise to X" },
  { pattern: /X_\{s \+ \\delta\}/, latex: String.raw`X_{s + \delta}`, is: "the same noise and data at time s + δ" },
  { pattern: /X_1 - X_0/, latex: "X_1 - X_0", is: "data minus noise, the velocity of a single sample" },
  { pattern: /X_1/, latex: "X_1", is: "data" },
  { pattern: /X_0/, latex: "X_0", is: "noise" },
  { pattern: /X_s/, latex: "X_s", is: "the start point of the map, at time s" },
  {
    pattern: /X_t/,
    latex: "X_t",
    is: (loss) =>
      atData(loss) ? "tX + (1 − t)X_0, the sample with fresh noise at time t" : "the pair of noise and data at time t",
  },
  {
    pattern: /X_r/,
    latex: "X_r",
    is: ({ formula, name }) =>
      formula.includes("\\hat x_s") || name === "imm"
        ? "the pair of noise and data at time r"
        : "the end of the first step, at time r",
  },
  { pattern: /X(?![a-zA-Z_])/, latex: "X", is: "G(X_s, s), a sample of the generator" },
  { pattern: /\\hat x_r/, latex: String.raw`\hat x_r`, is: "the point at time r by the map itself" },
  { pattern: /\\hat x_s/, latex: String.raw`\hat x_s`, is: "the start of the path to X_r by the map itself" },
  { pattern: /x_t(?![a-zA-Z])/, latex: "x_t", is: "the point of the teacher's solver from X_s at time t" },
  { pattern: /x_r(?![a-zA-Z])/, latex: "x_r", is: "the point of the teacher's solver from X_s at time r" },
  { pattern: /\\tfrac\{dx_\\tau\}\{d\\tau\}/, latex: String.raw`\tfrac{dx_\tau}{d\tau}`, is: "v on TrigFlow's circle" },
  {
    pattern: /x_\\tau/,
    latex: String.raw`x_\tau`,
    is: "X_s on TrigFlow's circle, cos τ·data + sin τ·σ_d·noise with tan τ = (1 − s)/(σ_d s)",
  },
  { pattern: /\\tfrac\{dF\}\{d\\tau\}|F(?![a-zA-Z])/, latex: "F", is: "TrigFlow's trained network at (x_τ/σ_d, τ)" },
  { pattern: /\\tau/, latex: String.raw`\tau`, is: "TrigFlow's angle, from noise at π/2 to data at 0" },
  {
    pattern: /\\bar\\Phi/,
    latex: String.raw`\bar\Phi`,
    is: "the map with averaged parameters, frozen",
  },
  { pattern: /\\check\\Phi/, latex: String.raw`\check\Phi`, is: "a map that was trained before, frozen" },
  { pattern: /\\partial_t \\Phi/, latex: String.raw`\partial_t \Phi`, is: "the derivative in the end time" },
  { pattern: /\\partial_t U/, latex: String.raw`\partial_t U`, is: "the derivative in the end time" },
  { pattern: /\\partial_s \\Phi/, latex: String.raw`\partial_s \Phi`, is: "the derivative in the start time" },
  { pattern: /\\partial_s C/, latex: String.raw`\partial_s C`, is: "the derivative of C in the time" },
  { pattern: /\\nabla C/, latex: String.raw`\nabla C`, is: "the gradient of C in the point" },
  { pattern: /\\nabla \\Phi/, latex: String.raw`\nabla \Phi`, is: "the Jacobian in the point" },
  { pattern: /\\Phi/, latex: String.raw`\Phi(x, s, t)`, is: "the flow map, x + (t − s)·U(x, s, t)" },
  { pattern: /\\bar U/, latex: String.raw`\bar U`, is: "the average velocity with averaged parameters, frozen" },
  { pattern: /U\^\\circ/, latex: String.raw`U^\circ`, is: "the student without its label, frozen" },
  {
    pattern: /\\tfrac\{d\}\{ds\} v_s/,
    latex: String.raw`\tfrac{d}{ds} v_s`,
    is: "the acceleration, by jvp along (v, 1)",
  },
  {
    pattern: /\\tfrac\{d\}\{ds\}/,
    latex: String.raw`\tfrac{d}{ds}`,
    is: "the derivative when the start moves along the flow, by jvp along (v, 1, 0)",
  },
  { pattern: /U/, latex: "U(x, s, t)", is: "the average velocity, the trained network" },
  {
    pattern: /(?<![a-zA-Z])N(?![a-zA-Z])/,
    latex: "N(x, s, t)",
    is: "the trained correction of Φ = x + (t − s)v + (t − s)²N",
  },
  { pattern: /(?<![a-zA-Z\\])G(?![a-zA-Z])/, latex: "G(x, s)", is: "the generator, the map from time s to the data" },
  {
    pattern: /v_\\psi/,
    latex: String.raw`v_\psi`,
    is: "the velocity of the generator's own samples, an auxiliary network",
  },
  { pattern: /v_\\varphi/, latex: String.raw`v_\varphi`, is: "the teacher's velocity" },
  {
    pattern: /D_\\psi/,
    latex: String.raw`D_\psi`,
    is: "X_t + (1 − t)v_ψ, the prediction of the data by the samples' own velocity",
  },
  { pattern: /D_\\varphi/, latex: String.raw`D_\varphi`, is: "X_t + (1 − t)v_φ, the teacher's prediction of the data" },
  { pattern: /v_[str](?=\()/, latex: "v_t(x)", is: "the velocity of the teacher's flow at time t" },
  { pattern: /v_s/, latex: "v_s", is: "the teacher's velocity" },
  { pattern: /v_g/, latex: "v_g", is: "the guided velocity" },
  { pattern: /(?<![a-zA-Z\\])v(?![a-zA-Z_])/, latex: "v", is: "the velocity at (X_s, s)" },
  { pattern: /\\bar\\sigma\^2/, latex: String.raw`\bar\sigma^2`, is: "the noise's fraction of the variance" },
  { pattern: /\\sigma_(?=s|\{)/, latex: String.raw`\sigma_s`, is: "the noise level at the time s" },
  {
    pattern: /\\sigma_d/,
    latex: String.raw`\sigma_d`,
    is: ({ name }) =>
      name === "transition"
        ? "1, the deviation of the data"
        : "the deviation of TrigFlow's noise, 0.5 unless a recipe says otherwise",
  },
  { pattern: /\\delta/, latex: String.raw`\delta`, is: "a step in time" },
  { pattern: /\\Delta/, latex: String.raw`\Delta`, is: "the raw tangent" },
  { pattern: /\\lambda_[123]/, latex: String.raw`\lambda_i`, is: "weights of the three terms, all 1" },
  { pattern: /\\omega/, latex: String.raw`\omega`, is: "the scale of guidance" },
  {
    pattern: /\\kappa/,
    latex: String.raw`\kappa`,
    is: ({ name }) =>
      name === "improvedMeanFlow" || name === "pixelMeanFlow"
        ? "1 − 1/ω of the scale ω of the guidance, which the network takes as an input"
        : "the weight of the student's own diagonal",
  },
  {
    pattern: /(?<![a-zA-Z\\])R(?![a-zA-Z])/,
    latex: "R",
    is: "ρ_t/ρ^θ_t at X_t, the density of the data over the density of the samples",
  },
  {
    pattern: /(?<![a-zA-Z\\])C(?=\()/,
    latex: "C(x, t)",
    is: ({ name }) =>
      name === "continuousAdversarial"
        ? "a number of the critic"
        : "the critic's logit, positive where data is more likely than samples",
  },
  {
    pattern: /(?<![a-zA-Z\\])c(?![a-zA-Z])/,
    latex: "c",
    is: ({ name }) =>
      name === "drifting"
        ? "the mean distance of the samples of a group from all its points, over √d"
        : (smallConstants[name] ?? "a small constant, 0.1"),
  },
  {
    pattern: /(?<![a-zA-Z\\])w(?![a-zA-Z])/,
    latex: "w",
    is: ({ name }) =>
      name === "imm" ? "the weight of the start time, s(1 − s)/((s² + (1 − s)²)((1 − s)² + e⁻⁴s²))" : "the warm-up",
  },
  { pattern: /\\sum_\{i, j\}|(?<=[AB])_[ij]/, latex: "i, j", is: "indices of the samples of a group" },
  { pattern: /(?<![a-zA-Z\\])M(?![a-zA-Z])/, latex: "M", is: "the number of samples in a group" },
  { pattern: /(?<![a-zA-Z\\])[ABkxy](?=[ ,()])/, latex: "", is: "" },
  {
    pattern: /(?<![a-zA-Z\\])h(?![a-zA-Z])/,
    latex: "h",
    is: ({ family }) =>
      family === "distribution" ? "the weight of the ratio" : "(t − r)/(t − s), the fraction of the second step",
  },
  { pattern: /(?<![a-zA-Z\\])[dD](?=\}| \}| \()/, latex: "d", is: "the number of coordinates" },
  { pattern: /(?<![a-zA-Z\\])m(?![a-zA-Z])/, latex: "m", is: "the midpoint of s and t" },
  { pattern: /(?<![a-zA-Z\\])a(?![a-zA-Z])/, latex: "a", is: "a difference of velocities" },
  { pattern: /(?<![a-zA-Z\\])g(?![a-zA-Z])/, latex: "g", is: "the gradient in X" },
  { pattern: /(?<![a-zA-Z\\])z(?![a-zA-Z])/, latex: "z", is: "the noise of a pair" },
  {
    pattern: /(?<![a-zA-Z\\])y(?![a-zA-Z])/,
    latex: "y",
    is: ({ learns }) =>
      learns === "generator"
        ? "the end of the teacher's flow from z"
        : "the start of the path to X_t by the map itself",
  },
  { pattern: /(?<![a-zA-Z\\])e(?=\^)/, latex: "e", is: "" },
  {
    pattern: /(?<![a-zA-Z\\])e(?= \+)/,
    latex: "e",
    is: ({ name }) =>
      name === "transition" ? "the sum in brackets" : "the mean of the squared differences over the coordinates",
  },
  { pattern: /\\alpha/, latex: String.raw`\alpha`, is: "the part of the interval that the first step takes" },
  { pattern: /(?<![a-zA-Z\\])r(?![a-zA-Z])/, latex: "r", is: "a time between s and t" },
  {
    pattern: /(?<![a-zA-Z\\])[st](?![a-zA-Z])/,
    latex: "s, t",
    is: (loss) =>
      atData(loss)
        ? "the start time of a sample, and the time to which the sample is noised; noise is at 0, data at 1"
        : "start and end time; noise is at 0, data at 1",
  },
];

const smallConstants: Readonly<Record<string, string>> = {
  sim: "0.03·√dim, the size of a small difference",
  facm: "0.001, the size of a small square",
  transition: "10⁻⁵, the size of a small error",
  alphaFlow: "0.001, the size of a small square",
  soFlow: "0.01, the size of a small square",
  improvedConsistency: "0.00054·√D, the size of a small difference",
  easyConsistency: "0.00054·√D, the size of a small difference",
};

/** Parts of a formula that are not symbols: brackets, fractions, functions, numbers. */
const structure =
  /\\(left|right|lVert|rVert|lvert|rvert|tfrac|frac|sqrt|cdot|log|max|cos|sin|tan|propto|to)(?![a-zA-Z])|\\[,\s]|[\s\d.,[\](){}^_+\-=/|]/g;

/** A symbol that the formula itself defines, `,\ name = …`, needs no explanation. */
const definedIn = (formula: string): string[] =>
  Array.from(formula.matchAll(/,\\ (\S+(?: \S+)?) (?:=|\\propto)/g), ([, name]) => name);

/**
 * The symbols of a formula with their explanations, in the order of first occurrence.
 *
 * @throws Error if something in the formula is not explained
 */
export function symbolsOf(loss: Described): { readonly latex: string; readonly is: string }[] {
  const defined = new Set(definedIn(loss.formula));
  let rest = loss.formula;
  const found: { at: number; latex: string; is: string }[] = [];
  for (const { pattern, latex, is } of symbols) {
    const match = pattern.exec(rest);
    if (!match) continue;
    // Blanks of the same length keep the positions of the following symbols.
    rest = rest.replaceAll(new RegExp(pattern, "g"), (text) => " ".repeat(text.length));
    const meaning = typeof is === "string" ? is : is(loss);
    if (meaning !== "" && !defined.has(match[0])) found.push({ at: match.index, latex, is: meaning });
  }
  const unknown = rest.replaceAll(structure, "");
  if (unknown !== "")
    throw new Error(`${loss.name}: scripts/lossSymbols.ts must explain ${unknown}, which is in ${loss.formula}`);
  return found.sort((a, b) => a.at - b.at).map(({ latex, is }) => ({ latex, is }));
}
