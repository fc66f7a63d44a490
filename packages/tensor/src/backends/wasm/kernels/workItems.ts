import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import type { Lowering } from "./lowering.ts";

/** Adds a kernel function whose body runs once for each of its work items, with the work item in a local. */
export function lowerWorkItems(
  lowering: Lowering,
  launch: { readonly kernel: number; readonly name: string; readonly workItems: number; readonly cost: number },
  body: (fn: FunctionBuilder, workItem: number) => void,
): void {
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const workItem = fn.freshLocal("i32");
    fn.get(0);
    fn.set(workItem);
    fn.countedLoop(
      workItem,
      () => fn.get(1),
      1,
      () => body(fn, workItem),
    );
  });
  lowering.launch(launch.kernel, launch.name, launch.workItems, launch.cost, target);
}

/** Runs `body` with the size of a work item: `perItem`, or the rest of `size` for the last work item where `perItem` does not divide it. */
export function forWorkItemSize(
  fn: FunctionBuilder,
  workItem: number,
  { size, perItem }: { readonly size: number; readonly perItem: number },
  body: (count: number) => void,
): void {
  const [whole, left] = [Math.floor(size / perItem), size % perItem];
  if (left === 0 || whole === 0) {
    body(left === 0 ? perItem : left);
    return;
  }
  fn.get(workItem);
  fn.i32(whole);
  fn.op(i32.ltU);
  fn.if(
    () => body(perItem),
    () => body(left),
  );
}
