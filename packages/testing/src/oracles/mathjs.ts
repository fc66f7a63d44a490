import { createRequire } from "node:module";
import type * as MathJs from "mathjs";

let loaded: typeof MathJs | undefined;

/** mathjs, when first asked for and from its one-file build: its thousand modules would cost every test file a second. */
export function mathjs(): typeof MathJs {
  loaded ??= createRequire(import.meta.url)("mathjs/lib/browser/math.js") as typeof MathJs;
  return loaded;
}

let precise: MathJs.MathJsInstance | undefined;

/** mathjs with 64 digits: what elementary functions are measured against. */
export function mathjs64(): MathJs.MathJsInstance {
  const { all, create } = mathjs();
  precise ??= create(all!, { number: "BigNumber", precision: 64 });
  return precise;
}
