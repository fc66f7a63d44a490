/** All that judges samples by their labels; a build whose points have none may leave this module out. */
export { accuracy } from "./accuracy.ts";
export { type ClassifiedPoints, classifierOf } from "./classifier.ts";
export { coverage, usualNeighbour } from "./coverage.ts";
export { frechet } from "./frechet.ts";
export { gaussianPerClass } from "./gaussianPerClass.ts";
