import { writeOpcode } from "../assembler/functionBuilder.ts";
import { type ByteWriter, type FunctionBuilder, v128 } from "../assembler/index.ts";
import { type Vector, vectorIn } from "./vector.ts";

/** Vector constants of one function: each sits in a local that is set before the body, so that no loop builds it again. */
export class ConstantPool {
  private readonly fn: FunctionBuilder;
  private readonly vectors = new Map<string, Vector>();

  constructor(fn: FunctionBuilder) {
    this.fn = fn;
  }

  /** Four equal single precision numbers. */
  float32(value: number): Vector {
    return this.constant("f", value, 4, (out) => out.float32(value));
  }

  /** Two equal double precision numbers. */
  float64(value: number): Vector {
    return this.constant("d", value, 2, (out) => out.float64(value));
  }

  /** Four equal integers, modulo 2³². */
  int32(value: number): Vector {
    return this.constant("i", value | 0, 4, (out) => {
      for (let i = 0; i < 4; i++) out.byte((value >>> (8 * i)) & 255);
    });
  }

  /** Two equal 64-bit integers in the safe range. */
  int64(value: number): Vector {
    const high = Math.floor(value / 2 ** 32);
    const low = value - high * 2 ** 32;
    return this.constant("l", value, 2, (out) => {
      for (const word of [low, high]) for (let i = 0; i < 4; i++) out.byte((word >>> (8 * i)) & 255);
    });
  }

  private constant(kind: string, value: number, count: number, write: (out: ByteWriter) => void): Vector {
    const key = kind + (Object.is(value, -0) ? "-0" : value);
    const known = this.vectors.get(key);
    if (known) return known;
    const { prologue } = this.fn;
    // A recycled local would be overwritten by the body.
    const local = this.fn.freshLocal("v128");
    writeOpcode(prologue, v128.const);
    for (let i = 0; i < count; i++) write(prologue);
    prologue.byte(0x21);
    prologue.unsigned(local);
    const vector = vectorIn(local);
    this.vectors.set(key, vector);
    return vector;
  }
}
