import type { ByteWriter } from "./byteWriter.ts";
import { type ValueType, valueTypeBytes } from "./valueType.ts";

/** The locals of one function, numbered behind its parameters; released ones are used again. */
export class Locals {
  private readonly first: number;
  private readonly types: ValueType[] = [];
  private free = new Map<ValueType, number[]>();

  constructor(first: number) {
    this.first = first;
  }

  /** A released local of the type, or a new one. */
  take(type: ValueType): number {
    return this.free.get(type)?.pop() ?? this.add(type);
  }

  /** A new local. */
  add(type: ValueType): number {
    return this.first + this.types.push(type) - 1;
  }

  release(local: number): void {
    const type = this.types[local - this.first];
    const list = this.free.get(type);
    if (list) list.push(local);
    else this.free.set(type, [local]);
  }

  /** Inside `body` only locals that `body` releases are used again, and never afterwards. */
  apart(body: () => void): void {
    const outside = this.free;
    this.free = new Map();
    body();
    this.free = outside;
  }

  /** Appends their types; neighbours of one type are declared together. */
  writeTo(out: ByteWriter): void {
    const { types } = this;
    const starts = types.flatMap((type, i) => (i > 0 && types[i - 1] === type ? [] : [i]));
    out.unsigned(starts.length);
    starts.forEach((start, run) => {
      out.unsigned((starts[run + 1] ?? types.length) - start);
      out.byte(valueTypeBytes[types[start]]);
    });
  }
}
