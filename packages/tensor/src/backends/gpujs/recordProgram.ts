import type { DenseTensor } from "../../array/tensor.ts";
import { toDevice } from "./arrays.ts";
import type { Gpu, GpuPipeline, Handle } from "./gpuJs.ts";
import { kernelText } from "./kernelText.ts";
import type { DeviceArray } from "./lowering.ts";
import type { DeviceProgram } from "./lowerPlan.ts";

/** A recorded pipeline with its arguments and results. */
export interface Recorded {
  readonly pipeline: GpuPipeline;
  /** Arguments of the device program that are sent, in order. */
  readonly sent: readonly number[];
  /** Results of kernels that come back, in order. */
  readonly fetched: readonly DeviceArray[];
}

/** Records a program as one pipeline. */
export function recordProgram(gpu: Gpu, { launches, outputs }: DeviceProgram): Recorded {
  const operands = launches.flatMap((array) => (array.kind === "result" ? array.operands : []));
  const sent = [...new Set(operands.flatMap((array) => (array.kind === "argument" ? [array.index] : [])))];
  const fetched = [...new Set(outputs.filter(({ kind }) => kind === "result"))];
  const pipeline = gpu.pipeline(sent.length, (launch, args) => {
    const handles = new Map<DeviceArray, Handle>();
    const handleOf = (array: DeviceArray): Handle => {
      const known = handles.get(array);
      if (known) return known;
      if (array.kind === "result") throw new Error("gpujs: a kernel reads what no kernel has written");
      const handle = array.kind === "argument" ? args[sent.indexOf(array.index)] : launchConstant(array.value);
      handles.set(array, handle);
      return handle;
    };
    // A kernel that saw both plain arrays and results of others would be compiled for each: constants become results.
    const launchConstant = (value: DenseTensor): Handle =>
      launch(kernelText(1, ["return a0[this.thread.x];"], [value.size]), [toDevice(value)]);
    for (const array of launches) {
      if (array.kind === "result") handles.set(array, launch(array.kernel, array.operands.map(handleOf)));
    }
    return fetched.map(handleOf);
  });
  return { pipeline, sent, fetched };
}
