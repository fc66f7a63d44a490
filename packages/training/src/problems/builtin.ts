import { digits, type PictureCoordinates } from "./digits/digits.ts";
import { planeProblems } from "./planeProblems.ts";
import type { Problem } from "./problem.ts";

/** Functions that make the embedded problems of pictures, by name. */
export const pictureProblems: Readonly<Record<string, (coordinates?: PictureCoordinates) => Problem>> = { digits };

/** Functions that make the embedded problems, by name. A page that shows points in the plane imports {@link planeProblems} alone. */
export const builtinProblems: Readonly<Record<string, () => Problem>> = { ...planeProblems, ...pictureProblems };

/** Names of the embedded problems. */
export const problemNames: readonly string[] = Object.keys(builtinProblems);
