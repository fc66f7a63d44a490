import type { Leaf, Tensor } from "@pushforward/tensor";

/**
 * Tangents or cotangents of a tree: its structure, with a tensor or a number at each float leaf and null where there is none, at a
 * leaf or for a whole branch. A key that is left out is an error.
 */
export type TangentTree<T> = T extends Tensor | number
  ? Tensor | number | null
  : T extends boolean | null | undefined
    ? null
    : { readonly [K in keyof T]: TangentTree<T[K]> } | null;

/** Directions of a list of arguments, one entry for each. */
export type TangentsOf<Args extends readonly unknown[]> = { readonly [I in keyof Args]: TangentTree<Args[I]> };

/** Axes of a tree: a number or null for all leaves at and below a place, or a tree like the values'. */
export type AxesOf<T> =
  | number
  | null
  | (T extends Leaf | null | undefined
      ? never
      : T extends readonly unknown[]
        ? { readonly [I in keyof T]: AxesOf<T[I]> }
        : MethodsOf<T> extends never
          ? AxesOfData<T>
          : Partial<AxesOfData<T>>);

/** Axes of an object's data, optional where the data is. A class may have getters besides, which no type tells from data. */
type AxesOfData<T> = { readonly [K in keyof T as T[K] extends string | Method ? never : K]: AxesOf<T[K]> };

type Method = (...args: never[]) => unknown;

/** Keys of the methods, never for plain data. */
type MethodsOf<T> = { [K in keyof T]-?: T[K] extends Method ? K : never }[keyof T];
