import { type DType, type PrimitiveName, primitives } from "@pushforward/tensor";
import fc from "fast-check";
import { contractionCases } from "./contraction.ts";
import { arithmeticCases, comparisonCases, conversionCases, integerCases, transcendentalCases } from "./elementwise.ts";
import { indexingCases } from "./indexing.ts";
import { markerCases } from "./marker.ts";
import type { CaseFamily, PrimitiveCase, Values } from "./primitiveCase.ts";
import { reductionCases } from "./reduction.ts";
import { structuralCases } from "./structural.ts";

/** How cases of each primitive are made: a primitive without an entry does not compile. */
export const caseFamilies: { readonly [P in PrimitiveName]: CaseFamily<P> } = {
  ...arithmeticCases,
  ...transcendentalCases,
  ...comparisonCases,
  ...integerCases,
  ...structuralCases,
  ...indexingCases,
  ...reductionCases,
  ...contractionCases,
  ...conversionCases,
  ...markerCases,
};

/** The name of every primitive, for test.each. */
export const primitiveNames = Object.keys(primitives) as PrimitiveName[];

/** Options of primitiveCases. */
export interface PrimitiveCaseOptions {
  /** Default float64 where the primitive takes it, else the first dtype that it takes. */
  readonly dtype?: DType;
  /** Default "smooth". */
  readonly values?: Values;
}

/**
 * Valid operands and parameters of a primitive: 0-d, empty, with axes of size 1 and of odd size.
 */
export function primitiveCases<P extends PrimitiveName>(
  name: P,
  options: PrimitiveCaseOptions = {},
): fc.Arbitrary<PrimitiveCase<P>> {
  const family = caseFamilies[name] as CaseFamily<P>;
  const { dtype = family.dtypes[0], values = "smooth" } = options;
  if (!family.dtypes.includes(dtype))
    throw new Error(`primitiveCases: ${name} takes ${family.dtypes.join()}, not ${dtype}`);
  return family.cases({ dtype, values }).map((each) => ({ name, ...each }));
}

/** As `primitiveCases`, over every dtype that the primitive takes. */
export const primitiveCasesOfAnyType = <P extends PrimitiveName>(
  name: P,
  options: Omit<PrimitiveCaseOptions, "dtype"> = {},
): fc.Arbitrary<PrimitiveCase<P>> =>
  fc.oneof(...caseFamilies[name].dtypes.map((dtype) => primitiveCases(name, { ...options, dtype })));
