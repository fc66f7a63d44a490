import { losses } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesAllowed, schemaOfGiven } from "../../src/settings/describeSetting.ts";
import type { Setting } from "../../src/settings/setting.ts";
import {
  lossOfVariant,
  parseVariant,
  printVariant,
  type Variant,
  variantSettings,
} from "../../src/settings/variant.ts";

const own = { ownLoss: ["moving target", "point"] };
const stops: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.values(losses).map((loss) => [loss.name, loss.stops])),
  ...own,
};
const parse = (text: string): Variant => parseVariant(text, (loss) => stops[loss]);

const valuesOf = (setting: Setting): fc.Arbitrary<unknown> => {
  const names = namesAllowed(setting);
  const values: fc.Arbitrary<unknown> = names
    ? fc.constantFrom(...names)
    : fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 1e-9, max: 1, noNaN: true }));
  return values.filter((value) => schemaOfGiven(setting.schema).safeParse(value).success);
};

const variants: fc.Arbitrary<Variant> = fc.constantFrom(...Object.keys(stops)).chain((loss) =>
  fc.record({
    loss: fc.constant(loss),
    withoutStops: fc.subarray([...stops[loss]]),
    settings: fc.record(
      Object.fromEntries(Object.entries(variantSettings).map(([name, setting]) => [name, valuesOf(setting)])),
      { requiredKeys: [] },
    ),
  }),
);

describe("a variant", () => {
  it("is read again from its text, whatever it switches off and sets", () => {
    fc.assert(
      fc.property(variants, (variant) => {
        const text = printVariant(variant);
        expect(parse(text)).toEqual(variant);
        expect(lossOfVariant(text)).toBe(variant.loss);
        expect(text).toMatch(/^[\w@,=.+-]+$/); // the name of a folder
      }),
    );
  });

  it("has one text for any order and spelling of its choices", () => {
    const text = "esd@-velocity,-advection,velocity=conditional,targetEma=0.99";
    expect(printVariant(parse("esd@target-ema=.99, -ADVECTION,velocity=conditional,-velocity"))).toBe(text);
    expect(printVariant(parse("esd"))).toBe("esd");
  });

  it("takes labels with spaces as they are or with underscores", () => {
    for (const text of ["ownLoss@-moving target", "ownLoss@-moving_target"]) {
      expect(parse(text).withoutStops).toEqual(["moving target"]);
    }
    expect(printVariant(parse("ownLoss@-moving target"))).toBe("ownLoss@-moving_target");
  });

  it.each([
    ["meanFlow@-tagret", /stop-gradients of meanFlow: target, but has "-tagret"; did you mean target\?/],
    ["flowMatching@-target", /must leave out "-target", since flowMatching has no stop-gradients/],
    ["meanFlow@velocty=teacher", /must set one of .*, but has "velocty"; did you mean velocity\?/],
    ["meanFlow@velocity=teachr", /must set velocity to one of recipe, teacher, conditional.*did you mean teacher\?/],
    ["meanFlow@targetEma=2", /must set targetEma to a number from 0 to 0.99999, but has "2"/],
    ["meanFlow@seed=1", /must leave "seed" to the whole comparison; variants differ in .*learningRate/],
    ["meanFlow@width=8", /must leave "width" to the whole comparison/],
    ["meanFlow@withoutStops=target", /must leave "withoutStops" to the whole comparison/],
    ["meanFlow@target", /must have -<stop-gradient> or <setting>=<value> after @, but has "target"/],
    ["meanFlow@", /after @, but has ""/],
    ["meanFlow@-target,-target", /must make each choice once, but has -target twice/],
    ["meanFlow@velocity=teacher,velocity=recipe", /must make each choice once, but has velocity twice/],
  ])("%s is refused", (text, message) => {
    expect(() => parse(text)).toThrow(DomainError);
    expect(() => parse(text)).toThrow(message);
  });
});
