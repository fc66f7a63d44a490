import { type FunctionBuilder, v128 } from "../assembler/index.ts";
import { type Instruction, Vector } from "./vector.ts";

/** A vector computed by one instruction. */
export const compute = (instruction: Instruction, ...args: readonly Vector[]): Vector => new Vector(instruction, args);

/** Bitwise operations: the same for lanes of every width. */
export const and = (a: Vector, b: Vector): Vector => compute(v128.and, a, b);
export const or = (a: Vector, b: Vector): Vector => compute(v128.or, a, b);
export const xor = (a: Vector, b: Vector): Vector => compute(v128.xor, a, b);
export const not = (a: Vector): Vector => compute(v128.not, a);
/** a without the bits of b. */
export const andNot = (a: Vector, b: Vector): Vector => compute(v128.andNot, a, b);

/** Lane by lane a where the mask is all ones, b where it is all zeros. */
export const select = (mask: Vector, a: Vector, b: Vector): Vector => compute(v128.bitselect, a, b, mask);

/** Sixteen bytes out of two vectors: byte i of a is i, of b 16 + i. */
export const shuffle = (a: Vector, b: Vector, bytes: readonly number[]): Vector =>
  compute((fn) => fn.shuffle(bytes), a, b);

/** 32-bit lanes out of two vectors: lane i of a is i, of b 4 + i. */
export const shuffle32 = (a: Vector, b: Vector, lanes: readonly number[]): Vector =>
  shuffle(
    a,
    b,
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  );

/** Every lane shifted by the same number of bits. */
export const shift = (opcode: number, a: Vector, bits: number): Vector =>
  compute((fn: FunctionBuilder) => {
    fn.i32(bits);
    fn.op(opcode);
  }, a);
