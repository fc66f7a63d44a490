import * as mathjs from "mathjs";

/** mathjs as bundlers take it: package.json puts this file in the place of loadMathjs.ts for them. */
export const loadMathjs = (): typeof mathjs => mathjs;
