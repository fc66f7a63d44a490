import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import type { Pointers } from "./pointers.ts";

/** An axis that a loop walks along in rounds of `stride` elements: all of it, or a part whose bounds are in locals. */
export interface Span {
  readonly axis: number;
  readonly stride: number;
  /** Most rounds. */
  readonly rounds: number;
  /** First round and the one behind the last, if it is a part. */
  readonly part?: { readonly from: number; readonly to: number };
  /** Whether pointers stay at the end. */
  readonly stays?: boolean;
}

/** A level of blocks: `flush` runs after at most `limit` bodies. */
export interface Level {
  readonly limit: number;
  flush(): void;
}

/**
 * Runs `body` for all rounds of nested spans, in order, cut into blocks and blocks of blocks: the coarsest level first.
 *
 * The cuts follow from the sizes alone.
 */
export function inBlocks(
  fn: FunctionBuilder,
  pointers: Pointers,
  spans: readonly Span[],
  levels: readonly Level[],
  body: () => void,
): void {
  const [level, ...finer] = levels;
  if (!level) {
    const [span, ...rest] = spans;
    if (span) alongSpan(fn, pointers, span, 1, () => inBlocks(fn, pointers, rest, [], body));
    else body();
    return;
  }
  const cut = firstTooLong(spans, level.limit);
  if (cut < 0) {
    inBlocks(fn, pointers, spans, finer, body);
    level.flush();
    return;
  }
  const inner = spans.slice(cut + 1);
  const rounds = Math.max(1, Math.floor(level.limit / roundsOf(inner)));
  const visit = (outer: readonly Span[]): void => {
    const [span, ...others] = outer;
    if (span) {
      alongSpan(fn, pointers, span, 1, () => visit(others));
      return;
    }
    const whole = spans[cut];
    alongSpan(fn, pointers, whole, rounds, (part) => {
      const own = rounds === 1 ? [] : [{ ...whole, rounds, part, stays: true }];
      inBlocks(fn, pointers, [...own, ...inner], finer, body);
      level.flush();
    });
  };
  visit(spans.slice(0, cut));
}

const roundsOf = (spans: readonly Span[]): number => spans.reduce((product, { rounds }) => product * rounds, 1);

/** The innermost span whose rounds, times the rounds of all spans inside it, exceed a limit; −1 if there is none. */
function firstTooLong(spans: readonly Span[], limit: number): number {
  let product = 1;
  for (let i = spans.length - 1; i >= 0; i--) {
    product *= spans[i].rounds;
    if (product > limit) return i;
  }
  return -1;
}

/** Runs `body` for every part of so many rounds of a span; a body of more than one round moves the pointers itself. */
function alongSpan(
  fn: FunctionBuilder,
  pointers: Pointers,
  span: Span,
  rounds: number,
  body: (part: { readonly from: number; readonly to: number }) => void,
): void {
  const { axis, stride, part, stays } = span;
  const [from, to] = [fn.freshLocal("i32"), fn.freshLocal("i32")];
  const end = (): void => {
    if (part) fn.get(part.to);
    else fn.i32(span.rounds);
  };
  if (part) fn.get(part.from);
  else fn.i32(0);
  fn.set(from);
  fn.countedLoop(from, end, rounds, () => {
    if (rounds === 1) {
      body({ from, to });
      pointers.advance(axis, stride);
      return;
    }
    setMinimum(fn, to, from, rounds, end);
    body({ from, to });
  });
  if (!stays) pointers.advance(axis, -stride * span.rounds);
}

/** target = min(local + rounds, end) */
function setMinimum(fn: FunctionBuilder, target: number, local: number, rounds: number, end: () => void): void {
  fn.get(local);
  fn.i32(rounds);
  fn.op(i32.add);
  fn.tee(target);
  end();
  fn.get(target);
  end();
  fn.op(i32.ltU);
  fn.select();
  fn.set(target);
}
