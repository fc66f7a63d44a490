import { type ByteWriter, type FunctionBuilder, v128 } from "../assembler/index.ts";
import { writeOpcode } from "../assembler/writeOpcode.ts";
import { type Vector, vectorIn } from "./vector.ts";

/** Vector constants of one function: each sits in a local that is set before the body, so that no loop builds it again. */
export class ConstantPool {
  private readonly fn: FunctionBuilder;
  private readonly vectors = {
    float32: new Map<number | string, Vector>(),
    float64: new Map<number | string, Vector>(),
    int32: new Map<number | string, Vector>(),
    int64: new Map<number | string, Vector>(),
  };

  constructor(fn: FunctionBuilder) {
    this.fn = fn;
  }

  /** Four equal single precision numbers. */
  float32(value: number): Vector {
    return this.constant("float32", value, 4, (out) => out.float32(value));
  }

  /** Two equal double precision numbers. */
  float64(value: number): Vector {
    return this.constant("float64", value, 2, (out) => out.float64(value));
  }

  /** Four equal integers, modulo 2³². */
  int32(value: number): Vector {
    return this.constant("int32", value | 0, 4, (out) => {
      for (let i = 0; i < 4; i++) out.byte((value >>> (8 * i)) & 255);
    });
  }

  /** Two equal 64-bit integers in the safe range. */
  int64(value: number): Vector {
    const high = Math.floor(value / 2 ** 32);
    const low = value - high * 2 ** 32;
    return this.constant("int64", value, 2, (out) => {
      for (const word of [low, high]) for (let i = 0; i < 4; i++) out.byte((word >>> (8 * i)) & 255);
    });
  }

  private constant(
    kind: keyof ConstantPool["vectors"],
    value: number,
    count: number,
    write: (out: ByteWriter) => void,
  ): Vector {
    // A map takes −0 and 0 for one key.
    const key = value === 0 && Object.is(value, -0) ? "-0" : value;
    const vectors = this.vectors[kind];
    const known = vectors.get(key);
    if (known) return known;
    const { prologue } = this.fn;
    // A recycled local would be overwritten by the body.
    const local = this.fn.freshLocal("v128");
    writeOpcode(prologue, v128.const);
    for (let i = 0; i < count; i++) write(prologue);
    prologue.byte(0x21);
    prologue.unsigned(local);
    const vector = vectorIn(local);
    vectors.set(key, vector);
    return vector;
  }
}
