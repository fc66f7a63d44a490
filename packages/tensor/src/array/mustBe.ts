import { DTypeError } from "./errors.ts";
import { shorten } from "./quote.ts";
import { formatShape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** An object with entries by name: no list, tensor, Promise or array of numbers. */
const isObject = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  !(Array.isArray(value) || value instanceof Tensor || value instanceof Promise || ArrayBuffer.isView(value));

/** Kinds of arguments: the words for a message, and the test. */
const kinds = {
  object: ["an object", isObject],
  list: ["a list", Array.isArray],
  function: ["a function", (value: unknown) => typeof value === "function"],
  tensor: ["a tensor", (value: unknown) => value instanceof Tensor],
  text: ["text", (value: unknown) => typeof value === "string"],
  boolean: ["true or false", (value: unknown) => typeof value === "boolean"],
  number: ["a number", (value: unknown) => typeof value === "number"],
  bytes: ["a Uint8Array", (value: unknown) => value instanceof Uint8Array],
} as const satisfies Record<string, readonly [words: string, test: (value: unknown) => boolean]>;

/** Name of a kind of argument. */
export type ArgumentKind = keyof typeof kinds;

/** A value in a few words, for messages: a tensor with its shape, a Promise with the advice to await it. */
export function inWords(value: unknown): string {
  if (value instanceof Tensor) return formatShape(value.shape);
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${value}`;
  if (typeof value === "string") return `the text ${JSON.stringify(shorten(value))}`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "an array; make it a tensor with tensor(values)";
  if (value instanceof Promise) return "a Promise; await it first";
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * Checks the kind of an argument, for callers without TypeScript.
 *
 * @param name the argument in messages
 * @throws DTypeError that names the operation, the argument, and the value
 */
export function mustBe(operation: string, name: string, value: unknown, kind: ArgumentKind): void {
  const [words, test] = kinds[kind];
  if (test(value)) return;
  const got = Array.isArray(value) && kind !== "tensor" ? "an array" : inWords(value);
  throw new DTypeError(`${operation}: ${name} must be ${words}, got ${got}`);
}

/**
 * The options of an operation, checked to be an object.
 *
 * @param flags options that are true, false or left out: any other value counts as true for JavaScript
 * @throws DTypeError for anything else
 */
export function optionsOf<Options extends object>(
  operation: string,
  options: Options,
  ...flags: readonly (keyof Options & string)[]
): Options {
  mustBe(operation, "the options", options, "object");
  for (const flag of flags) if (options[flag] !== undefined) mustBe(operation, flag, options[flag], "boolean");
  return options;
}
