import { DTypeError, ShapeError } from "./errors.ts";
import { mustBe, optionsOf } from "./mustBe.ts";
import { shorten } from "./quote.ts";
import { Tensor } from "./tensor.ts";

/** A leaf of an argument tree: a number stands for a weak 0-d tensor. */
export type Leaf = Tensor | number | boolean;

/**
 * The constraint on arguments and results: arrays, tuples, plain objects, null and registered classes over leaves.
 * A mapped type, since an interface has no index signature.
 */
export type TreeOf<T> = T extends Leaf | null | undefined ? T : { [K in keyof T]: TreeOf<T[K]> };

/** A result of a function passed to a transform: no Promise, since a transform ends when the function returns. */
export type Sync<Out> = Out extends PromiseLike<unknown> ? never : Out;

/** A tree whose type is not known statically. */
export type Tree = unknown;

/** How instances of a registered class are flattened and rebuilt. */
export interface TreeClass<T> {
  flatten(value: T): { readonly children: readonly Tree[]; readonly aux: unknown };
  unflatten(children: readonly Tree[], aux: unknown): T;
}

type Constructor = abstract new (...args: never[]) => object;
const registry = new Map<unknown, TreeClass<unknown>>();

/** Text that tells registered classes apart: the name, numbered where two share it (minified code does). */
const classLabels = new Map<unknown, string>();

/** Lets instances of a class be inner nodes of trees; `aux` must be JSON-like, since it is part of the structure's key. */
export function registerTreeClass<C extends Constructor>(constructor: C, how: TreeClass<InstanceType<C>>): void {
  mustBe("registerTreeClass", "the class", constructor, "function");
  optionsOf("registerTreeClass", how);
  for (const name of ["flatten", "unflatten"] as const) mustBe("registerTreeClass", name, how[name], "function");
  registry.set(constructor, how as TreeClass<unknown>);
  const namesakes = [...classLabels.keys()].filter(
    (other) => other !== constructor && (other as { name: string }).name === constructor.name,
  ).length;
  classLabels.set(constructor, namesakes === 0 ? constructor.name : `${constructor.name}#${namesakes + 1}`);
}

/**
 * Children and settings of an instance of a registered class, in the order of the class.
 *
 * @throws DTypeError if the class's flatten returns something else
 */
export function classChildren(type: unknown, value: unknown): ReturnType<TreeClass<unknown>["flatten"]> {
  const parts: Partial<ReturnType<TreeClass<unknown>["flatten"]>> | undefined = registry.get(type)!.flatten(value);
  if (Array.isArray(parts?.children)) return parts as ReturnType<TreeClass<unknown>["flatten"]>;
  throw new DTypeError(
    `registerTreeClass: flatten of ${classLabels.get(type)} must return { children, aux } with an array of children, got ${nameOf(parts)}`,
  );
}

/** The type of a value that should be an object; the value itself may be too large for a message. */
const nameOf = (x: unknown): string => (x instanceof Object ? x.constructor.name : String(x));

/** An instance with other children. */
function classFrom({ type, aux }: Structure & { kind: "class" }, children: readonly unknown[]): unknown {
  const made = registry.get(type)!.unflatten(children, aux);
  if (made instanceof (type as Constructor)) return made;
  const name = classLabels.get(type);
  throw new DTypeError(
    `registerTreeClass: unflatten of ${name} must return an instance of ${name}, got ${nameOf(made)}`,
  );
}

/** Shape of a tree without its leaves. */
export type Structure =
  | { readonly kind: "leaf" }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly children: readonly Structure[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly children: readonly Structure[] }
  | { readonly kind: "class"; readonly type: unknown; readonly aux: unknown; readonly children: readonly Structure[] };

/** A flattened tree: leaves in order, their paths, and the structure that joins them. */
export interface Flattened {
  readonly leaves: Leaf[];
  readonly paths: string[];
  readonly structure: Structure;
}

const leafStructure: Structure = { kind: "leaf" };
const nullStructure: Structure = { kind: "null" };

/** The value as a leaf, or undefined when it is an inner node. */
export const asLeaf = (value: unknown): Leaf | undefined =>
  value instanceof Tensor || typeof value === "number" || typeof value === "boolean" ? value : undefined;

/**
 * Flattens a tree. Keys are visited in sorted order, undefined counts as null.
 *
 * @throws DTypeError for a string, function or promise, with its path
 */
export function flatten(tree: Tree, operation = "flatten"): Flattened {
  const leaves: Leaf[] = [];
  const paths: string[] = [];
  const visit = (node: unknown, path: string): Structure => {
    if (node === null || node === undefined) return nullStructure;
    const leaf = asLeaf(node);
    if (leaf !== undefined) {
      leaves.push(leaf);
      paths.push(path);
      return leafStructure;
    }
    if (Array.isArray(node)) {
      // Every call of compiled code runs this loop, and Array.from would be slow. The loop visits holes too: they count as null.
      const children: Structure[] = [];
      for (let i = 0; i < node.length; i++) children.push(visit(node[i], `${path}[${i}]`));
      return { kind: "array", children };
    }
    if (typeof node === "object") return visitObject(node, path);
    return rejectLeaf(operation, node, path);
  };
  const visitObject = (node: object, path: string): Structure => {
    if (registry.has(node.constructor)) {
      const { children, aux } = classChildren(node.constructor, node);
      const name = (node.constructor as { name: string }).name;
      return {
        kind: "class",
        type: node.constructor,
        aux,
        children: children.map((c, i) => visit(c, `${path}<${name} ${i}>`)),
      };
    }
    const prototype: unknown = Object.getPrototypeOf(node);
    if (prototype !== Object.prototype && prototype !== null) return rejectLeaf(operation, node, path);
    const keys = Object.keys(node).sort();
    return {
      kind: "object",
      keys,
      children: keys.map((key) => visit((node as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`)),
    };
  };
  const structure = visit(tree, "");
  return { leaves, paths, structure };
}

function rejectLeaf(operation: string, node: unknown, path: string): never {
  const where = path === "" ? "the argument or result" : `leaf "${shorten(path)}"`;
  if (node instanceof Promise) throw promiseError(operation, where, node);
  const what =
    typeof node === "object"
      ? `an instance of ${(node as Partial<object>).constructor?.name || "a class"}`
      : `a ${typeof node} (${String(node).slice(0, 40)})`;
  throw new DTypeError(
    `${operation}: ${where} must be a tensor, a number, null, an array or a plain object, got ${what}; close over it, or register its class`,
  );
}

function promiseError(operation: string, where: string, promise: Promise<unknown>): DTypeError {
  // The failure of the Promise would otherwise end the process after this error was handled.
  promise.catch(() => undefined);
  return new DTypeError(
    `${operation}: ${where} is a Promise; transforms are synchronous, await values before or after them`,
  );
}

/**
 * The result of a function, unless it is a Promise: a transform ends when the function returns.
 *
 * @throws DTypeError that says so
 */
export function checkSync<T>(operation: string, result: T): T {
  if (result instanceof Promise) throw promiseError(operation, "the result", result);
  return result;
}

/** Puts leaves back into a structure. */
export function unflatten<L>(structure: Structure, leaves: readonly L[]): Tree {
  let next = 0;
  const build = (node: Structure): unknown => {
    switch (node.kind) {
      case "leaf":
        return leaves[next++];
      case "null":
        return null;
      case "array":
        return node.children.map(build);
      case "object":
        return Object.fromEntries(node.children.map((child, i) => [node.keys[i]!, build(child)]));
      case "class":
        return classFrom(node, node.children.map(build));
    }
  };
  return build(structure);
}

/** A text that is equal for equal structures. */
export function structureKey(structure: Structure): string {
  switch (structure.kind) {
    case "leaf":
      return "*";
    case "null":
      return "-";
    case "array":
      return `[${structure.children.map(structureKey).join(",")}]`;
    case "object":
      return `{${structure.children.map((child, i) => `${JSON.stringify(structure.keys[i])}:${structureKey(child)}`).join(",")}}`;
    case "class":
      return `${classLabels.get(structure.type)}(${JSON.stringify(structure.aux)};${structure.children.map(structureKey).join(",")})`;
  }
}

/** The same structure with `f` applied to every leaf; further trees must have the first one's structure. */
export function treeMap<T>(f: (...leaves: never[]) => unknown, tree: T, ...rest: unknown[]): T {
  mustBe("treeMap", "f", f, "function");
  const first = flatten(tree, "treeMap");
  const others = rest.map((other) => {
    const flat = flatten(other, "treeMap");
    checkStructure("treeMap", first, flat);
    return flat.leaves;
  });
  const call = f as (...leaves: Leaf[]) => unknown;
  return unflatten(
    first.structure,
    first.leaves.map((leaf, i) => call(leaf, ...others.map((leaves) => leaves[i]!))),
  ) as T;
}

/** Throws a ShapeError that names the first difference unless both trees have one structure. */
export function checkStructure(operation: string, expected: Flattened, got: Flattened): void {
  const a = structureKey(expected.structure);
  const b = structureKey(got.structure);
  if (a === b) return;
  const missing = expected.paths.find((path) => !got.paths.includes(path));
  const extra = got.paths.find((path) => !expected.paths.includes(path));
  const hint =
    missing !== undefined
      ? `; leaf "${shorten(missing)}" is missing`
      : extra !== undefined
        ? `; leaf "${shorten(extra)}" is extra`
        : "";
  throw new ShapeError(`${operation}: trees must have the same structure, expected ${a}, got ${b}${hint}`);
}

/** All leaves of a tree in order. */
export const treeLeaves = (tree: Tree): Leaf[] => flatten(tree, "treeLeaves").leaves;
