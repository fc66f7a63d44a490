import { ByteWriter } from "./byteWriter.ts";
import type { Label } from "./label.ts";
import { Locals } from "./locals.ts";
import type { FunctionReference, ModuleBuilder } from "./moduleBuilder.ts";
import { i32, memory, naturalAlignment, type Opcode, v128 } from "./opcodes.ts";
import type { ValueType } from "./valueType.ts";
import { writeOpcode } from "./writeOpcode.ts";

const noResult = 0x40;

/**
 * The body of one function, instruction by instruction: each call appends bytes, operands go over WebAssembly's stack.
 *
 * Locals are numbers; the parameters come first.
 */
export class FunctionBuilder {
  readonly module: ModuleBuilder;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Runs before the body: constants that loops find in locals. */
  readonly prologue = new ByteWriter(64);
  private readonly code = new ByteWriter(512);
  private readonly locals: Locals;
  private readonly calls: [at: number, callee: FunctionReference][] = [];
  private depth = 0;

  constructor(module: ModuleBuilder, params: readonly ValueType[], results: readonly ValueType[]) {
    this.module = module;
    this.params = params;
    this.results = results;
    this.locals = new Locals(params.length);
  }

  /** A local that no other code uses now; it may hold an old value. */
  local(type: ValueType): number {
    return this.locals.take(type);
  }

  /** A local that was never used, zero at the start of the function. */
  freshLocal(type: ValueType): number {
    return this.locals.add(type);
  }

  /** Gives a local back: the next `local` of its type may be the same. */
  release(local: number): void {
    this.locals.release(local);
  }

  /** Runs `body` with locals of its own: locals that it releases are free for the rest of `body` only. */
  withOwnLocals(body: () => void): void {
    this.locals.apart(body);
  }

  get(local: number): void {
    this.code.byte(0x20);
    this.code.unsigned(local);
  }

  set(local: number): void {
    this.code.byte(0x21);
    this.code.unsigned(local);
  }

  /** Sets and keeps the value on the stack. */
  tee(local: number): void {
    this.code.byte(0x22);
    this.code.unsigned(local);
  }

  i32(value: number): void {
    this.code.byte(0x41);
    this.code.signed(value);
  }

  /** A vector constant of 16 bytes. */
  v128(bytes: ArrayLike<number>): void {
    writeOpcode(this.code, v128.const);
    this.code.append(bytes);
  }

  /** An instruction without immediates. */
  op(opcode: Opcode): void {
    writeOpcode(this.code, opcode);
  }

  /** A load or store of memory 0 at the address on the stack plus `offset` bytes. */
  memory(opcode: Opcode, offset = 0): void {
    writeOpcode(this.code, opcode);
    this.code.byte(naturalAlignment(opcode));
    this.code.unsigned(offset);
  }

  /** A load into, or store from, one lane of a vector. */
  memoryLane(opcode: Opcode, lane: number, offset = 0): void {
    this.memory(opcode, offset);
    this.code.byte(lane);
  }

  /** extractLane or replaceLane. */
  lane(opcode: Opcode, lane: number): void {
    writeOpcode(this.code, opcode);
    this.code.byte(lane);
  }

  /** Sixteen bytes out of two vectors: byte i of the first is i, of the second 16 + i. */
  shuffle(lanes: ArrayLike<number>): void {
    writeOpcode(this.code, v128.shuffle);
    this.code.append(lanes);
  }

  /** target, byte value, count → nothing. */
  memoryFill(): void {
    writeOpcode(this.code, memory.fill);
    this.code.byte(0);
  }

  /** target, source, count in bytes → nothing. */
  memoryCopy(): void {
    writeOpcode(this.code, memory.copy);
    this.code.byte(0);
    this.code.byte(0);
  }

  call(callee: FunctionReference): void {
    this.code.byte(0x10);
    this.calls.push([this.code.placeholder(), callee]);
  }

  /** a, b, condition → a if the condition is not 0, else b; not for vectors. */
  select(): void {
    this.code.byte(0x1b);
  }

  /** A branch to the label leaves the block. */
  block(body: (label: Label) => void): void {
    this.nested(0x02, body);
  }

  /** A branch to the label starts the next round; without one the loop ends. */
  loop(body: (label: Label) => void): void {
    this.nested(0x03, body);
  }

  /** Takes the condition from the stack. */
  if(then: () => void, otherwise?: () => void): void {
    this.nested(0x04, () => {
      then();
      if (!otherwise) return;
      this.code.byte(0x05);
      otherwise();
    });
  }

  /** Branches if the number on the stack is not 0. */
  brIf(label: Label): void {
    this.code.byte(0x0d);
    this.code.unsigned(this.depth - label.depth);
  }

  /**
   * While counter < end (unsigned): body, counter += step. The counter keeps its value at the start.
   *
   * @param end pushes the bound; read before every round
   */
  countedLoop(counter: number, end: () => void, step: number, body: () => void): void {
    const isLeft = (): void => {
      this.get(counter);
      end();
      this.op(i32.ltU);
    };
    isLeft();
    this.if(() => {
      this.loop((again) => {
        body();
        this.addTo(counter, step);
        isLeft();
        this.brIf(again);
      });
    });
  }

  /** local += value. */
  addTo(local: number, value: number): void {
    this.get(local);
    this.i32(value);
    this.op(i32.add);
    this.set(local);
  }

  /** Where the next instruction goes: for `repeat`. */
  get position(): number {
    return this.code.length;
  }

  /** Writes the instructions between two positions once more; whole blocks only. */
  repeat(start: number, end: number): void {
    const shift = this.code.length - start;
    for (const [at, callee] of this.calls.slice()) {
      if (at >= start && at < end) this.calls.push([at + shift, callee]);
    }
    this.code.append(this.code.view().subarray(start, end));
  }

  /** Writes size, locals, prologue and body; every callee has its final index by now. */
  writeTo(out: ByteWriter): void {
    for (const [at, callee] of this.calls) this.code.patch(at, callee.index());
    const head = new ByteWriter(64);
    this.locals.writeTo(head);
    out.unsigned(head.length + this.prologue.length + this.code.length + 1);
    for (const part of [head, this.prologue, this.code]) out.append(part.view());
    out.byte(0x0b);
  }

  private nested(opcode: number, body: (label: Label) => void): void {
    this.code.byte(opcode);
    this.code.byte(noResult);
    this.depth++;
    body({ depth: this.depth });
    this.depth--;
    this.code.byte(0x0b);
  }
}
