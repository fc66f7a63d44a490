import { cast, type DenseTensor, interpret, type Tensor, tensor, trace } from "@pushforward/tensor";
import { expect, it } from "vitest";
import { exportTorch } from "../../src/index.ts";
import { reasonToSkip, runPython } from "../support/python.ts";

const reason = reasonToSkip("torch");

it.skipIf(reason)(`casts in PyTorch wrap beyond int32, and NaN is 0${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const x = tensor([3e9, -3e9, NaN, -1.7]);
  const program = trace((y: Tensor) => cast(y, "int32"))(x);
  const source = exportTorch(program, { name: "main" }).text;
  const [want] = interpret(program, [x]) as DenseTensor[];
  const [ours, direct] = runPython("torch", [
    { source, inputs: [x] },
    { source: source.replace(".to(torch.int64)", ""), inputs: [x] },
  ]) as DenseTensor[][];
  expect([...ours[0].buffer]).toEqual([...want.buffer]);
  // Control: a direct cast is undefined beyond int32.
  expect([...direct[0].buffer]).not.toEqual([...want.buffer]);
});
