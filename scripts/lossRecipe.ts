/** A recipe in words and numbers. */
import { chosenRecipe } from "@pushforward/training";
import {
  type Alternation,
  type Critic,
  describeTerm,
  describeTimes,
  type FakeVelocity,
  type Recipe,
  recipes,
  type Term,
} from "../packages/losses/src/index.ts";
import { short } from "./lossWords.ts";
import { code } from "./markdown.ts";

/** Ends with one full stop. */
const sentence = (text: string): string => `${text.replace(/\.$/, "")}.`;

function termWords(term: Term, own: string): string {
  const [[initial, ...rest], ...facts] = describeTerm(term);
  const name = term.loss.name === own ? code(own) : `[${code(term.loss.name)}](${term.loss.name}.md)`;
  return sentence(`${initial.toUpperCase()}${rest.join("")}: ${name}; ${facts.join("; ")}`);
}

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** The training of an auxiliary network, in words. */
const alternationWords = (what: string, { updates, rate, timeLaw }: Alternation): string => {
  const at = rate === 1 ? "the training's learning rate" : `${rate} of the training's learning rate`;
  return sentence(
    `${what} is updated ${times(updates)} before each step of the student, at ${at}; times: ${describeTimes(timeLaw)}`,
  );
};

/** The initial value and the inputs of ψ. */
const fakeVelocityWords = ({ seesStart, pull }: FakeVelocity): string =>
  [
    "It is initialised as the teacher",
    ...(seesStart ? ["receives the start s of a sample"] : []),
    ...(pull === 0 ? [] : [`is pulled towards the teacher with weight ${short(pull)}`]),
  ].join(", ");

/** The averaged parameters of targets. */
const emaWords = ({ emaDecay, emaSchedule }: Recipe): string =>
  emaSchedule === "adaptive"
    ? `The target has averaged parameters. Their decay grows with the number of levels, ${emaDecay} to the power of the first number of steps over the present one.`
    : `The target has parameters that are averaged with decay ${emaDecay}.`;

const ratioWords: Readonly<Record<Exclude<Recipe["ratio"], "paper">, string>> = {
  binned:
    "The ratio R is divided by its mean among the rows of the batch in the same tenth of the times, before h is taken.",
  released: "The ratio is the one of the released code.",
};

/** Averages, optimiser, ratio and guidance. */
function optimizerWords(recipe: Recipe, needs: ReadonlySet<string>): string[] {
  const { emaHalfLife, betas, frozen, ratio, guidance } = recipe;
  return [
    ...(needs.has("ema") ? [emaWords(recipe)] : []),
    ...(emaHalfLife === null
      ? []
      : [
          `In the average that is judged a parameter has half of its weight after ${emaHalfLife.toLocaleString("en")} samples.`,
        ]),
    ...(betas[0] === 0.9 && betas[1] === 0.999 ? [] : [`Adam has β₁ = ${betas[0]} and β₂ = ${betas[1]}.`]),
    ...(frozen === 0 ? [] : [`The student stays as it is for the first ${frozen.toLocaleString("en")} samples.`]),
    ...(needs.has("ratio") && ratio !== "paper" ? [ratioWords[ratio]] : []),
    ...(guidance
      ? [
          `On problems with labels velocities are guided with scale ${guidance.scale}, κ = ${guidance.mix}, at times from ${guidance.from} to ${guidance.to}; a tenth of the labels is dropped (\`--drop-labels\`).`,
        ]
      : []),
  ];
}

const balanceWords: Readonly<Record<Recipe["balance"], readonly string[]>> = {
  none: [],
  gradientNorm: ["The gradients of all terms in the last layer are scaled to the norm of the last term's gradient."],
  errorLength: ["The terms are scaled so that their errors have the mean length of the last term's errors."],
};

/** Settings of a recipe that differ from a plain training. */
function settingWords(recipe: Recipe): string[] {
  const { solver, solverSteps, form, maxFrequency, warmup, stages, balance, rate, init, fakeVelocity, critic } = recipe;
  const needs = new Set<string>(recipe.terms.flatMap(({ loss }) => loss.needs));
  const solved = needs.has("solve") || needs.has("teacherMap");
  return [
    ...optimizerWords(recipe, needs),
    ...(solver && solved
      ? [
          `The teacher's flow is solved by ${solver === "heun" ? "Heun's" : "Euler's"} method, in ${solverSteps === 1 ? "one step" : `${solverSteps} steps`}.`,
        ]
      : []),
    ...(form === "firstOrder" ? [] : [`The network has the ${form} form.`]),
    ...(maxFrequency === null
      ? []
      : [
          `The time features of the network have at most ${maxFrequency} radians per unit of time, which keeps its derivative in time small.`,
        ]),
    ...(warmup ? [`The warm-up grows to ${warmup.max} over ${warmup.steps.toLocaleString("en")} steps.`] : []),
    ...(stages === 1
      ? []
      : [`The training has ${stages} stages; each stage learns from the student of the previous stage.`]),
    ...balanceWords[balance],
    ...(rate === 1 ? [] : [`The student's learning rate is ${rate} of the training's.`]),
    ...(init === "teacher" ? ["The student is initialised as the teacher."] : []),
    ...(fakeVelocity
      ? [
          `${alternationWords("ψ, the velocity of the student's samples,", fakeVelocity)} ${fakeVelocityWords(fakeVelocity)}.`,
        ]
      : []),
    ...(critic ? [alternationWords(criticWords[critic.compares ?? "samples"], critic)] : []),
  ];
}

/** The critic by what it tells apart. */
const criticWords: Readonly<Record<NonNullable<Critic["compares"]>, string>> = {
  samples: "The critic, a logistic regression of data against samples,",
  velocities: "The critic, whose derivative along velocities of samples must be 1 and along those of the student −1,",
};

/** The recipe of a loss as a list. */
export function recipeWords(name: keyof typeof recipes): string[] {
  const recipe = recipes[name];
  return [...recipe.terms.map((term) => termWords(term, name)), ...settingWords(recipe)];
}

/** The changes of the preset `short` to a recipe, in the order of the recipe. */
export function shortWords(name: keyof typeof recipes): string[] {
  const recipe = recipes[name];
  const chosen = chosenRecipe(recipe, { preset: "short" });
  const changed = chosen.terms.flatMap((term, i) => {
    const before = describeTerm(recipe.terms[i]);
    const facts = describeTerm(term).filter((fact, k) => fact !== before[k]);
    return facts.length > 0 ? [`${code(term.loss.name)}: ${facts.join("; ")}`] : [];
  });
  const needs = new Set<string>(recipe.terms.flatMap(({ loss }) => loss.needs));
  const { emaDecay, rate, init, ratio, sigmaData, fakeVelocity, critic } = chosen;
  const startsOf = ({ terms }: Recipe): string => {
    const { timeLaw } = terms[terms.length - 1];
    return timeLaw.kind === "starts" ? timeLaw.starts.map(short).join(", ") : "";
  };
  const isUsual = chosen.betas.every((beta, i) => beta === recipe.betas[i]) && recipe.emaHalfLife === null;
  return [
    ...changed,
    ...(init === recipe.init ? [] : ["the student is initialised with velocity 0"]),
    ...(startsOf(chosen) === startsOf(recipe) ? [] : [`the samples start at s = ${startsOf(chosen)}`]),
    ...(sigmaData === recipe.sigmaData ? [] : [`σ_d = ${sigmaData}`]),
    ...(needs.has("ratio") && ratio !== recipe.ratio ? ["the ratio R is not divided by its mean"] : []),
    ...(isUsual ? [] : ["Adam has its usual decays, and the judged average decays by --ema"]),
    ...(recipe.frozen === 0 ? [] : ["the student moves from the first step on"]),
    ...(needs.has("ema") && (emaDecay !== recipe.emaDecay || chosen.emaSchedule !== recipe.emaSchedule)
      ? [`the target's average decays by ${emaDecay}`]
      : []),
    ...(recipe.warmup ? ["the warm-up takes half of the training"] : []),
    ...(fakeVelocity || critic ? [`the student's learning rate is ${rate} of the training's`] : []),
    ...(fakeVelocity ? [`ψ is updated ${times(fakeVelocity.updates)} before each step of the student`] : []),
    ...(critic ? [`the critic is updated ${times(critic.updates)}`] : []),
  ];
}
