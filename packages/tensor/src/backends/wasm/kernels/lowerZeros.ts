import { i32 } from "../assembler/index.ts";
import type { Lowering } from "./lowering.ts";
import { forWorkItemSize, lowerWorkItems } from "./workItems.ts";

/** Bytes that one work item sets to zero. */
const fillBytes = 65_536;

/** Sets a range of memory to zero. */
export function lowerZeros(lowering: Lowering, kernel: number, address: number, bytes: number): void {
  const workItems = Math.ceil(bytes / fillBytes);
  lowerWorkItems(
    lowering,
    { kernel, name: "zeros", workItems, cost: Math.min(bytes, fillBytes) / 16 },
    (fn, workItem) => {
      forWorkItemSize(fn, workItem, { size: bytes, perItem: fillBytes }, (count) => {
        fn.get(workItem);
        fn.i32(fillBytes);
        fn.op(i32.mul);
        fn.i32(address);
        fn.op(i32.add);
        fn.i32(0);
        fn.i32(count);
        fn.memoryFill();
      });
    },
  );
}
