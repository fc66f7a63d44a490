import type { Leaf, Tensor } from "@pushforward/tensor";

/**
 * Tangents or cotangents of a tree: the same structure, with a tensor or a number at each float leaf. A null at a leaf or in place of a branch
 * stands for no tangent. A missing key is an error.
 */
export type TangentTree<T> = T extends Tensor | number
  ? Tensor | number | null
  : T extends boolean | null | undefined
    ? null
    : { readonly [K in keyof T]: TangentTree<T[K]> } | null;

/** Directions of a list of arguments, one entry for each. */
export type TangentsOf<Args extends readonly unknown[]> = { readonly [I in keyof Args]: TangentTree<Args[I]> };

/** Axes of a tree: a number or null for all leaves at and below a place, or a tree with the structure of the values. */
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

/** Axes of an object's data, optional where the data is optional. Types cannot distinguish a class's getters from its data. */
type AxesOfData<T> = { readonly [K in keyof T as T[K] extends string | Method ? never : K]: AxesOf<T[K]> };

type Method = (...args: never[]) => unknown;

/** Keys of the methods, never for plain data. */
type MethodsOf<T> = { [K in keyof T]-?: T[K] extends Method ? K : never }[keyof T];
