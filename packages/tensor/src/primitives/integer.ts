import { threefryWord } from "../scalar/threefry.ts";
import { elementwise, parametric } from "./elementwise.ts";

/** Bitwise exclusive or of int32. */
export const bitXor = elementwise("bitXor", { arity: 2, domain: "int", eval: (x, y) => x ^ y, expression: "x ^ y" });

/** Bitwise and of int32. */
export const bitAnd = elementwise("bitAnd", { arity: 2, domain: "int", eval: (x, y) => x & y, expression: "x & y" });

/** x · 2^y mod 2³²; 0 for y outside [0, 32), as in JAX. */
export const shiftLeft = elementwise("shiftLeft", {
  arity: 2,
  domain: "int",
  eval: (x, y) => (y >>> 0 < 32 ? x << y : 0),
  expression: "x << y",
});

/** Shifts the bits of x, taken as unsigned, right by y and fills with zeros; 0 for y outside [0, 32), as in JAX. */
export const shiftRight = elementwise("shiftRight", {
  arity: 2,
  domain: "int",
  eval: (x, y) => (y >>> 0 < 32 ? x >>> y : 0),
  expression: "x >>> y",
});

/**
 * One word of the threefry-2×32 block of (key x, y; counter z, w), all as int32 bit patterns.
 *
 * @source Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", 20 rounds
 */
export const threefry = parametric<4, { readonly word: 0 | 1 }>(
  "threefry",
  { arity: 4, domain: "int" },
  ({ word }) => ({
    eval: (x, y, z, w) => threefryWord(x, y, z, w, word),
    expression: `threefry${word}(x, y, z, w)`,
  }),
);
