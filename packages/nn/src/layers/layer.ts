import {
  DomainError,
  DTypeError,
  formatShape,
  inWords,
  keys,
  optionsOf,
  quote,
  type Shape,
  ShapeError,
  sameShape,
  Tensor,
} from "@pushforward/tensor";
import type { Network, ParameterOptions } from "../networks/network.ts";
import type { Initializer } from "./initializers.ts";

/** A parameter of a layer: its shape and its starting values. */
export class Parameter {
  readonly shape: Shape;
  readonly init: Initializer;

  constructor(shape: Shape, init: Initializer) {
    this.shape = shape;
    this.init = init;
  }
}

/** The parameters of a layer or a network, in the place of their values. */
export type ParametersOf<P> = P extends Tensor ? Parameter : { readonly [K in keyof P]: ParametersOf<P[K]> };

/** A layer: a network that says its parameters, so that a larger network can contain it. */
export interface Layer<P, Args extends readonly unknown[] = readonly [x: Tensor]> extends Network<P, Args> {
  readonly parameters: ParametersOf<P>;
}

/** A tree of parameters whose type is not known. */
type ParameterTree = Parameter | undefined | { readonly [name: string]: ParameterTree } | readonly ParameterTree[];

/**
 * Makes a layer of its parameters and its function. Starting values and checks of parameters follow from the list of parameters.
 *
 * @param apply the function of the layer; it receives checked parameters
 */
export function makeLayer<P, Args extends readonly unknown[]>(
  operation: string,
  parameters: ParametersOf<P>,
  apply: (params: P, ...args: Args) => Tensor,
): Layer<P, Args> {
  return {
    parameters,
    init: (key, options = {}) => initParameters<P>(`${operation}: init`, key, parameters, options),
    apply: (params, ...args) => {
      checkParameters(operation, params, parameters);
      return apply(params, ...args);
    },
  };
}

/**
 * Starting values of a tree of parameters, each from a key of its own.
 *
 * @throws ShapeError or DTypeError for a key that is none
 */
export function initParameters<P>(
  operation: string,
  key: Tensor,
  parameters: ParametersOf<P>,
  options: ParameterOptions,
): P {
  const { dtype = "float64" } = optionsOf(operation, options);
  const all = parametersIn(parameters as ParameterTree);
  const own = keys(key, Math.max(1, all.length));
  let next = 0;
  const make = (node: ParameterTree): unknown => {
    if (node instanceof Parameter) return node.init(own[next++], node.shape, { dtype });
    if (Array.isArray(node)) return node.map(make);
    return Object.fromEntries(entriesOf(node).map(([name, part]) => [name, make(part)]));
  };
  return make(parameters as ParameterTree) as P;
}

const entriesOf = (node: ParameterTree): [string, ParameterTree][] =>
  Object.entries(node as Readonly<Record<string, ParameterTree>>).filter(([, part]) => part !== undefined);

function parametersIn(node: ParameterTree): Parameter[] {
  return node instanceof Parameter ? [node] : entriesOf(node).flatMap(([, part]) => parametersIn(part));
}

/**
 * Checks parameters against their declaration: every tensor has its place and its shape, and no other value is among them.
 *
 * @throws DTypeError for a value that is no tree of parameters, ShapeError for parameters of other sizes; both name the path
 */
export function checkParameters(operation: string, params: unknown, parameters: unknown): void {
  const declared = parameters as Readonly<Record<string, ParameterTree>>;
  const names = entriesOf(declared).map(([name]) => name);
  const isOther = isTree(params) && names.length > 0 && names.every((name) => params[name] === undefined);
  if (!isTree(params) || isOther) {
    const got = params instanceof Tensor ? `a tensor ${formatShape(params.shape)}` : nameOf(params);
    throw new DTypeError(
      `${operation}: apply takes the parameters first, { ${names.join(", ")} } as init(key) makes them, got ${got}; call apply(params, x, …)`,
    );
  }
  checkEntries(operation, "", params, declared);
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !(value instanceof Tensor);

const nameOf = (value: unknown): string => (value === null ? "null" : typeof value);

function checkEntries(
  operation: string,
  path: string,
  params: Readonly<Record<string, unknown>>,
  declared: Readonly<Record<string, ParameterTree>>,
): void {
  const other = Object.keys(params).find((name) => params[name] !== undefined && declared[name] === undefined);
  if (other !== undefined) {
    const names = entriesOf(declared).map(([name]) => name);
    throw new ShapeError(
      `${operation}: ${path === "" ? "the parameters" : path} must hold ${names.join(", ") || "nothing"}, got ${quote(other)} too`,
    );
  }
  for (const [name, part] of entriesOf(declared)) {
    checkPart(operation, path === "" ? name : `${path}.${name}`, params[name], part);
  }
}

function checkPart(operation: string, path: string, value: unknown, part: ParameterTree): void {
  if (part instanceof Parameter) {
    checkParameter(`${operation}: ${path}`, value, part.shape);
    return;
  }
  const isList = Array.isArray(part);
  if (!isTree(value) || Array.isArray(value) !== isList) {
    throw new DTypeError(`${operation}: ${path} must be ${isList ? "a list" : "an object"}, got ${inWords(value)}`);
  }
  if (isList && (value as unknown as unknown[]).length !== part.length) {
    throw new ShapeError(
      `${operation}: ${path} must have ${part.length} entries, got ${(value as unknown as unknown[]).length}`,
    );
  }
  checkEntries(operation, path, value, part as Readonly<Record<string, ParameterTree>>);
}

function checkParameter(path: string, value: unknown, shape: Shape): void {
  if (!(value instanceof Tensor)) {
    throw new DTypeError(`${path} must be a tensor ${formatShape(shape)}, got ${nameOf(value)}`);
  }
  if (!sameShape(value.shape, shape)) {
    throw new ShapeError(
      `${path} must be ${formatShape(shape)}, got ${formatShape(value.shape)}; init(key) makes parameters that fit`,
    );
  }
}

/**
 * Checks the input of a layer: floats of the parameters' dtype with `size` features along the last axis.
 *
 * @param rank least number of axes
 * @param axes the axes before the features, for messages
 * @throws DTypeError or ShapeError that names the operation
 */
export function checkFeatures(
  operation: string,
  x: Tensor,
  size: number,
  like: Tensor | undefined,
  { rank = 1, axes = "...", exact = false }: { rank?: number; axes?: string; exact?: boolean } = {},
): void {
  const wanted = `[${axes}, ${size}]`;
  if (!(x instanceof Tensor)) throw new DTypeError(`${operation}: x must be a tensor ${wanted}, got ${inWords(x)}`);
  if (x.rank < rank || (exact && x.rank !== rank)) {
    throw new ShapeError(`${operation}: x must be ${wanted}, got ${formatShape(x.shape)}`);
  }
  if (x.shape[x.rank - 1] !== size) {
    throw new ShapeError(`${operation}: the last axis must have size ${size}, got ${formatShape(x.shape)}`);
  }
  if (like !== undefined && x.dtype !== like.dtype && !x.weak) {
    throw new DTypeError(
      `${operation}: x must be ${like.dtype} like the parameters, got ${x.dtype}; use cast(x, "${like.dtype}"), or init with that dtype`,
    );
  }
}

/**
 * Checks a whole number.
 *
 * @throws DomainError that names the operation and the setting
 */
export function checkWhole(operation: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new DomainError(`${operation}: ${name} must be a whole number ≥ ${least}, got ${quote(value)}`);
}
