import { functions } from "./functions/index.ts";
import type { Operation } from "./operation.ts";
import { operators } from "./operators.ts";

/** Every operator and named function of the expression language, by the name of its node. */
export const operations: Readonly<Record<string, Operation>> = { ...operators, ...functions };

/**
 * The scalar bodies of the named functions, numbers in and out: `functions` of printed JavaScript, and the imports of a
 * WebAssembly module for lanes that its vector bodies do not compute.
 */
export const scalarFunctions: Readonly<Record<string, (...numbers: number[]) => number>> = Object.fromEntries(
  Object.entries(operations).flatMap(([name, { scalar }]) => (scalar ? [[name, scalar]] : [])),
);
