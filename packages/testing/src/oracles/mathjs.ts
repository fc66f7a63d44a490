import type * as MathJs from "mathjs";
import { loadMathjs } from "./loadMathjs.ts";

let loaded: typeof MathJs | undefined;

/** mathjs, loaded when first asked for. */
export function mathjs(): typeof MathJs {
  loaded ??= loadMathjs();
  return loaded;
}

let precise: MathJs.MathJsInstance | undefined;

/** mathjs with 64 digits: what elementary functions are measured against. */
export function mathjs64(): MathJs.MathJsInstance {
  const { all, create } = mathjs();
  precise ??= create(all!, { number: "BigNumber", precision: 64 });
  return precise;
}
