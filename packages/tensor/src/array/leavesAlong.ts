import { ShapeError } from "./errors.ts";
import { type ChildPlace, placesOfChildren } from "./placesOfChildren.ts";
import { shorten } from "./quote.ts";
import { formatShape } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { classChildren, type Structure } from "./tree.ts";

/** Rules for the entries of a second tree, and their name in messages. */
export interface Entries<E> {
  /** The operation that messages start with. */
  readonly operation: string;
  /** Singular: "tangent", "gradient"; messages say "the tangent of leaf …". */
  readonly what: string;
  /** Whether an entry may stand for all leaves at and below its place, as null does. */
  isWhole(entry: unknown): entry is E;
  /** Whether an entry may stand at a leaf. */
  isEntry(entry: unknown): entry is E;
  /** The valid entries of a leaf, in words: "a tensor or null". */
  readonly kind: string;
  /** The last part of messages. */
  readonly hint: string;
}

/** Most keys that a message lists. */
const listedKeys = 12;

/**
 * The entries of a second tree at the leaves of the first one, in order: the trees must have one structure down to where an entry
 * stands for all leaves below it. A key or an element that is missing is an error, never a default.
 *
 * @param structure of the first tree
 * @param value     the first tree itself where the second one may be a plain object at a registered class, with the names of its
 *   properties
 * @throws ShapeError with the place, both lists of keys, and the hint
 */
export function leavesAlong<E>(entries: Entries<E>, structure: Structure, second: unknown, value?: unknown): E[] {
  const visit = (node: Structure, entry: unknown, of: unknown, path: string): E[] => {
    if (entries.isWhole(entry)) return new Array<E>(countLeaves(node)).fill(entry);
    if (node.kind === "leaf") {
      if (entries.isEntry(entry)) return [entry];
      throw misfit(entries, path, entries.kind, describe(entry));
    }
    if (node.kind === "null") {
      if (entry === null || entry === undefined) return [];
      throw misfit(entries, path, "null as the value is", describe(entry));
    }
    const below = childrenOf(node, entry, of);
    if ("must" in below) throw misfit(entries, path, below.must, describe(entry), below.stray);
    return node.children.flatMap((child, i) => visit(child, below.entries[i], below.values?.[i], below.path(path, i)));
  };
  return visit(structure, second, value, "");
}

/** Entries and values of the children of an inner node; or what the entry must be. */
type Below =
  | {
      readonly entries: readonly unknown[];
      readonly values: readonly unknown[] | undefined;
      path(parent: string, child: number): string;
    }
  | {
      readonly must: string;
      /** A key and what is wrong with it. */
      readonly stray?: readonly [string, "missing" | "extra"];
    };

type Inner = Exclude<Structure, { kind: "leaf" | "null" }>;

function childrenOf(node: Inner, entry: unknown, of: unknown): Below {
  if (node.kind === "array") {
    if (!Array.isArray(entry) || entry.length !== node.children.length)
      return { must: `an array of ${node.children.length}` };
    return { entries: entry, values: of as unknown[] | undefined, path: (parent, i) => `${parent}[${i}]` };
  }
  if (node.kind === "class") return childrenOfClass(node, entry, of as object | undefined);
  const { keys } = node;
  const must = `an object with ${listed(keys)}`;
  if (!isPlainObject(entry)) return { must };
  const stray = strayKey(keys, entry);
  if (stray) return { must, stray };
  const pick = (node: object): unknown[] => keys.map((key) => (node as Record<string, unknown>)[key]);
  return {
    entries: pick(entry),
    values: of === undefined ? undefined : pick(of as object),
    path: (parent, i) => joined(parent, keys[i]),
  };
}

function childrenOfClass(node: Structure & { kind: "class" }, entry: unknown, of: object | undefined): Below {
  const { name } = node.type as { name: string };
  const values = of === undefined ? undefined : classChildren(node.type, of).children;
  const path = (parent: string, i: number): string => `${parent}<${name} ${i}>`;
  if (typeof entry === "object" && entry !== null && entry.constructor === node.type) {
    const { children, aux } = classChildren(node.type, entry);
    const isSame = children.length === node.children.length && JSON.stringify(aux) === JSON.stringify(node.aux);
    return isSame
      ? { entries: children, values, path }
      : { must: `an instance of ${name} with ${node.children.length} children and the settings of the value` };
  }
  if (of === undefined || !isPlainObject(entry)) return { must: `an instance of ${name}` };
  const places = placesOfChildren(of, Object.keys(entry));
  if (!places.every((place) => place !== undefined))
    return { must: `an instance of ${name} (which property each child is cannot be told)` };
  const keys = [...new Set(places.map(({ key }) => key))];
  // An entry of null for a setting of the instance is ignored.
  const given = Object.entries(entry).filter(([key, x]) => keys.includes(key) || x !== null || !(key in of));
  const stray = strayKey(keys, Object.fromEntries(given));
  const must = `an instance of ${name}, or an object with ${listed(keys)}`;
  if (stray) return { must, stray };
  const short = keys.find((key) => isOtherLength((of as Record<string, unknown>)[key], entry[key]));
  if (short !== undefined) return { must: `${must}, of the lengths of the value's arrays` };
  const entryAt = ({ key, index }: ChildPlace): unknown =>
    index !== undefined && Array.isArray(entry[key]) ? entry[key][index] : entry[key];
  return { entries: places.map(entryAt), values, path };
}

const isOtherLength = (value: unknown, entry: unknown): boolean =>
  Array.isArray(value) && Array.isArray(entry) && value.length !== entry.length;

function strayKey(keys: readonly string[], entry: object): readonly [string, "missing" | "extra"] | undefined {
  const missing = keys.find((key) => !Object.hasOwn(entry, key));
  if (missing !== undefined) return [missing, "missing"];
  const extra = Object.keys(entry).find((key) => !keys.includes(key));
  return extra === undefined ? undefined : [extra, "extra"];
}

const joined = (parent: string, key: string): string => (parent === "" ? key : `${parent}.${key}`);

const isPlainObject = (x: unknown): x is Record<string, unknown> =>
  typeof x === "object" && x !== null && [Object.prototype, null].includes(Object.getPrototypeOf(x));

const countLeaves = (node: Structure): number =>
  node.kind === "leaf"
    ? 1
    : node.kind === "null"
      ? 0
      : node.children.reduce((sum, child) => sum + countLeaves(child), 0);

function misfit<E>(
  { operation, what, hint }: Entries<E>,
  path: string,
  must: string,
  got: string,
  stray?: readonly [string, string],
): ShapeError {
  const subject = path === "" ? `the ${plural(what)}` : `the ${what} of leaf "${shorten(path)}"`;
  const why = stray ? `; leaf "${shorten(joined(path, stray[0]))}" is ${stray[1]}` : "";
  return new ShapeError(`${operation}: ${subject} must be ${must}, got ${got}${why}; ${hint}`);
}

function listed(keys: readonly string[]): string {
  if (keys.length === 0) return "no keys";
  const some = keys.slice(0, listedKeys).map((key) => `"${key.slice(0, 40)}"`);
  return some.join(", ") + (keys.length > listedKeys ? `, … (${keys.length} keys)` : "");
}

/** A value in a few words. */
function describe(x: unknown): string {
  if (x instanceof Tensor) return `a tensor ${formatShape(x.shape)}`;
  if (Array.isArray(x)) return `an array of ${x.length}`;
  if (isPlainObject(x)) return `an object with ${listed(Object.keys(x).sort())}`;
  if (typeof x === "object" && x !== null) return `an instance of ${x.constructor?.name || "a class"}`;
  return x === undefined || x === null ? String(x) : `${typeof x} ${String(x).slice(0, 40)}`;
}

const plural = (what: string): string => (what.endsWith("s") ? what : `${what}s`);
