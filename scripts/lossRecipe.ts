/** A recipe in words and numbers. */
import { choicesOf, chosenRecipe } from "@pushforward/training";
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

/** How a second network learns along. */
const alternationWords = (what: string, { updates, rate, timeLaw }: Alternation): string => {
  const at = rate === 1 ? "the training's learning rate" : `${rate} of the training's learning rate`;
  return sentence(
    `${what} is updated ${times(updates)} before each step of the student, at ${at}; times: ${describeTimes(timeLaw)}`,
  );
};

/** What ψ starts as and is told. */
const fakeVelocityWords = ({ seesStart, pull }: FakeVelocity): string =>
  [
    "It starts as the teacher",
    ...(seesStart ? ["is told the start s of a sample"] : []),
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
          `The teacher's flow is solved by ${solver === "heun" ? "Heun's" : "Euler's"} method, in ${solverSteps === 1 ? "one step" : `${solverSteps} steps`} each time.`,
        ]
      : []),
    ...(form === "firstOrder" ? [] : [`The network stands for the ${form} form.`]),
    ...(maxFrequency === null
      ? []
      : [
          `Times enter the network with at most ${maxFrequency} radians per unit: its derivative in time must stay small.`,
        ]),
    ...(warmup ? [`The warm-up grows to ${warmup.max} over ${warmup.steps.toLocaleString("en")} steps.`] : []),
    ...(stages === 1
      ? []
      : [`The training falls into ${stages} stages; each learns from the student of the one before.`]),
    ...(balance === "none" ? [] : ["All terms pull on the last layer with the force of the last one."]),
    ...(rate === 1 ? [] : [`The student learns at ${rate} of the training's rate.`]),
    ...(init === "teacher" ? ["The student starts as the teacher."] : []),
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

/** What the preset `short` changes of a recipe, in the order of the recipe. */
export function shortWords(name: keyof typeof recipes): string[] {
  const recipe = recipes[name];
  const chosen = chosenRecipe(recipe, choicesOf(name, { preset: "short" }));
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
    ...(recipe.warmup ? ["the warm-up fills half of the training"] : []),
    ...(fakeVelocity || critic ? [`the student learns at ${rate} of the training's rate`] : []),
    ...(fakeVelocity ? [`ψ is updated ${times(fakeVelocity.updates)} before each of its steps`] : []),
    ...(critic ? [`the critic is updated ${times(critic.updates)}`] : []),
  ];
}
