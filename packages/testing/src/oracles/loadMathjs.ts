import { createRequire } from "node:module";
import type * as MathJs from "mathjs";

/** mathjs from its one-file build: its thousand modules would cost every test file a second. */
export const loadMathjs = (): typeof MathJs =>
  createRequire(import.meta.url)("mathjs/lib/browser/math.js") as typeof MathJs;
