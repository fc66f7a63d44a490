import type { FunctionBuilder, Opcode } from "../assembler/index.ts";

/** An instruction that takes its operands from the stack and leaves one vector. */
export type Instruction = Opcode | ((fn: FunctionBuilder) => void);

/**
 * 128 bits that a function will compute: an instruction and the vectors it reads, written at its first use.
 *
 * A vector with one reader goes over the stack; a vector with more readers is kept in a local until its last use.
 */
export class Vector {
  readonly instruction: Instruction;
  readonly args: readonly Vector[];
  /** Readers that have not been written yet. */
  readers = 0;
  /** Where it is kept once it is written. */
  local = -1;
  /** Whether the vector stays in its local after its last use: constants and inputs. */
  readonly isPinned: boolean;

  constructor(instruction: Instruction, args: readonly Vector[], pinnedIn = -1) {
    this.instruction = instruction;
    this.args = args;
    this.local = pinnedIn;
    this.isPinned = pinnedIn >= 0;
    for (const arg of args) arg.readers++;
  }
}

const nothing = (): void => undefined;

/** A vector that is in a local already, which its owner releases. */
export const vectorIn = (local: number): Vector => new Vector(nothing, [], local);

/** Writes the instructions that leave the vector on the stack. */
export function pushVector(fn: FunctionBuilder, vector: Vector): void {
  vector.readers--;
  if (vector.local >= 0) {
    fn.get(vector.local);
    if (vector.isPinned || vector.readers > 0) return;
    fn.release(vector.local);
    return;
  }
  for (const arg of vector.args) pushVector(fn, arg);
  const { instruction } = vector;
  if (typeof instruction === "number") fn.op(instruction);
  else instruction(fn);
  if (vector.readers <= 0) return;
  vector.local = fn.local("v128");
  fn.tee(vector.local);
}

/** Writes a vector into a local of its own. */
export function keepVector(fn: FunctionBuilder, vector: Vector): number {
  vector.readers++;
  pushVector(fn, vector);
  const local = fn.local("v128");
  fn.set(local);
  return local;
}
