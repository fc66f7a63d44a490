import type { TangentChoice, TangentPart } from "./microscopeState.ts";

/** Words of the parts in x that are no numbers. */
const words: Readonly<Record<string, TangentPart>> = { v: "velocity", own: "own" };

const printPart = (x: TangentPart): string =>
  typeof x === "string" ? Object.keys(words).find((word) => words[word] === x)! : x.join(",");

/** A tangent as links write it: `v,1,0`, `own,1,0`, or four numbers. */
export const printTangent = ({ x, s, t }: TangentChoice): string => `${printPart(x)},${s},${t}`;

/** The tangent of a text; undefined if the text is none. */
export function parseTangent(text: string): TangentChoice | undefined {
  const parts = text.split(",");
  const word = Object.hasOwn(words, parts[0]) ? words[parts[0]] : undefined;
  const numbers = parseNumbers((word ? parts.slice(1) : parts).join(","), word ? 2 : 4);
  if (!numbers) return undefined;
  const [s, t] = numbers.slice(-2);
  return { x: word ?? [numbers[0], numbers[1]], s, t };
}

/** So many finite numbers, at most 1000 in size, with commas between them; undefined for other texts. */
export function parseNumbers(text: string, count: number): number[] | undefined {
  const parts = text.split(",");
  const numbers = parts.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isGood = parts.length === count && numbers.every((each) => Math.abs(each) <= 1000);
  return isGood ? numbers : undefined;
}

/** Whether two tangents are the same choice. */
export const isSameTangent = (a: TangentChoice, b: TangentChoice): boolean => printTangent(a) === printTangent(b);
