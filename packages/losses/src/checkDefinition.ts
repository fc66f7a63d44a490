import { DomainError, mustBe, mustBeOneOf } from "@pushforward/tensor";
import { checkGroupSize } from "./groups.ts";
import type { Learns, LossDefinition, LossFamily, Need, Optimum } from "./lossTypes.ts";

type AnyDefinition = LossDefinition<Learns, readonly Need[]>;

/** Every name of a union type, so that a new one does not compile until it is listed. */
const namesOf = <Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] =>
  Object.keys(names) as Name[];

/** Names of the optional inputs. */
export const needNames = namesOf<Need>({
  teacher: true,
  teacherMap: true,
  unconditional: true,
  ema: true,
  solve: true,
  r: true,
  delta: true,
  fakeVelocity: true,
  freshNoise: true,
  ratio: true,
  critic: true,
  normalize: true,
  pairs: true,
  warmup: true,
});

/** The fields that hold one of a few names. */
const choices = {
  family: namesOf<LossFamily>({
    flowMatching: true,
    forward: true,
    backward: true,
    triConsistency: true,
    distribution: true,
  }),
  learns: namesOf<Learns>({
    velocity: true,
    averageVelocity: true,
    flowMap: true,
    generator: true,
    trigFlow: true,
    secondOrder: true,
  }),
  optimum: namesOf<Optimum>({ zero: true, stationary: true, biased: true }),
  conditionalVelocity: namesOf<AnyDefinition["conditionalVelocity"]>({ unbiased: true, biased: true, unused: true }),
  times: namesOf<AnyDefinition["times"]>({ sorted: true, any: true }),
};

/**
 * Checks the metadata of a loss, which a module in JavaScript, or in TypeScript that is not type-checked, may have wrong.
 *
 * @throws DTypeError or DomainError that names the field, what is allowed and what came
 */
export function checkDefinition(definition: AnyDefinition): void {
  mustBe("defineLoss", "the definition", definition, "object");
  const { name, needs, stops, departs = [], group = 1, formula, loss } = definition;
  mustBe("defineLoss", "name", name, "text");
  const operation = `defineLoss: ${name}`;
  mustBe(operation, "formula", formula, "text");
  mustBe(operation, "the body loss", loss, "function");
  checkGroupSize(operation, group);
  for (const [field, list] of Object.entries({ needs, stops, departs })) {
    mustBe(operation, field, list, "list");
    for (const each of list) mustBe(operation, `an entry of ${field}`, each, "text");
  }
  for (const [field, names] of Object.entries(choices)) {
    const value = definition[field as keyof typeof choices];
    if (!(names as readonly string[]).includes(value)) {
      throw new DomainError(`${operation}: ${field} ${mustBeOneOf(value, names)}`);
    }
  }
  const unknown = needs.find((need) => !needNames.includes(need));
  if (unknown !== undefined) throw new DomainError(`${operation}: each of needs ${mustBeOneOf(unknown, needNames)}`);
}
