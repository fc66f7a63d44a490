import { DomainError } from "@pushforward/tensor";

/** A part that workers of this page do not have: points in the plane have no labels. */
const absent = (name: string) => (): never => {
  throw new DomainError(`${name}: points of this page must have no labels; use the command for points with labels`);
};

/** Scores of labels, none of which is in the page. */
export const [accuracy, classifierOf, coverage, frechet, gaussianPerClass] = [
  "accuracy",
  "classifierOf",
  "coverage",
  "frechet",
  "gaussianPerClass",
].map(absent);

/** The neighbour of precision and recall, which no problem of the page has. */
export const usualNeighbour = 3;
