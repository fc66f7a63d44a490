/** A recipe in words and numbers. */
import { chosenRecipe } from "@pushforward/training";
import {
  type Alternation,
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

/** Settings of a recipe that differ from a plain training. */
function settingWords(recipe: Recipe): string[] {
  const {
    emaDecay,
    solver,
    solverSteps,
    form,
    maxFrequency,
    warmup,
    stages,
    balance,
    rate,
    init,
    fakeVelocity,
    critic,
  } = recipe;
  const needs = new Set<string>(recipe.terms.flatMap(({ loss }) => loss.needs));
  const solved = needs.has("solve") || needs.has("teacherMap");
  return [
    `Parameters are averaged with decay ${emaDecay}${needs.has("ema") ? ", for the target as well as for sampling" : ", for sampling"}.`,
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
    ...(balance === "none"
      ? []
      : ["The gradients of all terms in the last layer are scaled to the norm of the last term's gradient."]),
    ...(rate === 1 ? [] : [`The student's learning rate is ${rate} of the training's.`]),
    ...(init === "teacher" ? ["The student is initialised as the teacher."] : []),
    ...(fakeVelocity
      ? [
          `${alternationWords("ψ, the velocity of the student's samples,", fakeVelocity)} ${fakeVelocityWords(fakeVelocity)}.`,
        ]
      : []),
    ...(critic ? [alternationWords("The critic, a logistic regression of data against samples,", critic)] : []),
  ];
}

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
  const { emaDecay, rate, fakeVelocity, critic } = chosen;
  return [
    ...changed,
    ...(needs.has("ema") && emaDecay !== recipe.emaDecay ? [`the target's average decays by ${emaDecay}`] : []),
    ...(recipe.warmup ? ["the warm-up takes half of the training"] : []),
    ...(fakeVelocity || critic ? [`the student's learning rate is ${rate} of the training's`] : []),
    ...(fakeVelocity ? [`ψ is updated ${times(fakeVelocity.updates)} before each step of the student`] : []),
    ...(critic ? [`the critic is updated ${times(critic.updates)}`] : []),
  ];
}
