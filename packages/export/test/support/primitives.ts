import {
  bind,
  type DenseTensor,
  type DType,
  type PrimitiveName,
  type Program,
  primitiveOf,
  trace,
} from "@pushforward/tensor";
import { caseFamilies, defaultSeed, primitiveCases, primitiveNames } from "@pushforward/testing";
import fc from "fast-check";

/** A call of one primitive as a program with its inputs. */
export interface PrimitiveProgram {
  readonly name: PrimitiveName;
  readonly title: string;
  readonly program: Program;
  readonly inputs: readonly DenseTensor[];
  readonly params: object;
}

/** Probes cut one mode of differentiation alone, which no target can. */
export const probes: readonly PrimitiveName[] = ["stopTangent", "stopCotangent"];

/** Number of shapes of each primitive and dtype. */
const shapeCount = 5;

/** Shapes of all operands as text. */
const shapesOf = (operands: readonly DenseTensor[]): string => operands.map(({ shape }) => `[${shape}]`).join(" ");

/** Cases of five shapes: 0-d and empty ones first, where a primitive takes them. */
function casesOf(name: PrimitiveName, dtype: DType) {
  const drawn = fc.sample(primitiveCases(name, { dtype }), { seed: defaultSeed, numRuns: 150 });
  // Of equal shapes the case with the longest parameters: axes to sum over, ranges to cut.
  const byParams = drawn.toSorted((a, b) => JSON.stringify(a.params).length - JSON.stringify(b.params).length);
  const distinct = [...new Map(byParams.map((each) => [shapesOf(each.operands), each])).values()];
  const isScalar = ({ operands }: (typeof drawn)[0]): boolean => operands.some(({ rank }) => rank === 0);
  const isEmpty = ({ operands }: (typeof drawn)[0]): boolean => operands.some(({ size }) => size === 0);
  const first = [distinct.find(isScalar), distinct.find(isEmpty)].filter((each) => each !== undefined);
  const largest = distinct.toSorted((a, b) => b.operands.length - a.operands.length);
  return [...new Set([...first, ...largest])].slice(0, shapeCount);
}

/** Every primitive but probes, on every dtype and five shapes. */
export const primitivePrograms = (): PrimitiveProgram[] =>
  primitiveNames
    .filter((name) => !probes.includes(name))
    .flatMap((name) =>
      caseFamilies[name].dtypes.flatMap((dtype) =>
        casesOf(name, dtype).map(({ operands, params }) => ({
          ...{ name, params, inputs: operands },
          title: `${name} ${dtype} ${shapesOf(operands)} ${JSON.stringify(params)}`,
          program: trace((...xs: DenseTensor[]) => bind(primitiveOf(name), xs, params))(...operands),
        })),
      ),
    );
