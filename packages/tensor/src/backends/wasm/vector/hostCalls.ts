import { type FunctionBuilder, f32, f32x4, f64, f64x2, i32x4, v128 } from "../assembler/index.ts";
import { compute } from "./bitLanes.ts";
import type { FloatLanes } from "./floatLanes.ts";
import type { Vector } from "./vector.ts";

/** Name of the imported module that holds the host's functions of numbers. */
export const hostModule = "host";

/** The values of lanes for which the host is not called. */
interface Fallback {
  readonly otherwise: Vector;
  /** Lanes for which the host is called. */
  readonly mask: Vector;
}

/**
 * Calls an imported function (float64 numbers in and out) lane by lane: for rare arguments, and for functions without a vector body.
 *
 * With a mask the host is called for the lanes of the mask only, so that no lane depends on its neighbours.
 */
export function callHost(v: FloatLanes, name: string, args: readonly Vector[], fallback?: Fallback): Vector {
  const lanesToAsk = v.is64 ? 2 : v.lanes.count;
  const write = (fn: FunctionBuilder): void => {
    const mask = fallback ? takeFromStack(fn) : -1;
    const inputs = args.map(() => takeFromStack(fn)).reverse();
    const result = fallback ? takeFromStack(fn) : fn.local("v128");
    const ask = (): void => {
      for (let lane = 0; lane < lanesToAsk; lane++) {
        if (!fallback) callLane(fn, v, name, inputs, result, lane);
        else whereLane(fn, v, mask, lane, () => callLane(fn, v, name, inputs, result, lane));
      }
    };
    if (!fallback) ask();
    else {
      fn.get(mask);
      fn.op(v128.anyTrue);
      fn.if(ask);
      fn.release(mask);
    }
    fn.get(result);
    for (const local of [...inputs, result]) fn.release(local);
  };
  return fallback ? compute(write, fallback.otherwise, ...args, fallback.mask) : compute(write, ...args);
}

function takeFromStack(fn: FunctionBuilder): number {
  const local = fn.local("v128");
  fn.set(local);
  return local;
}

/** Only if the lane's mask is set. */
function whereLane(fn: FunctionBuilder, v: FloatLanes, mask: number, lane: number, body: () => void): void {
  fn.get(mask);
  fn.lane(i32x4.extractLane, v.is64 ? 2 * lane : lane);
  fn.if(body);
}

/** result[lane] = name(inputs[lane]…) */
function callLane(
  fn: FunctionBuilder,
  v: FloatLanes,
  name: string,
  inputs: readonly number[],
  result: number,
  lane: number,
): void {
  const callee = fn.module.importFunction(
    hostModule,
    name,
    inputs.map(() => "f64" as const),
    ["f64"],
  );
  fn.get(result);
  for (const input of inputs) {
    fn.get(input);
    fn.lane(v.is64 ? f64x2.extractLane : f32x4.extractLane, lane);
    if (!v.is64) fn.op(f64.promoteF32);
  }
  fn.call(callee);
  if (!v.is64) fn.op(f32.demoteF64);
  fn.lane(v.is64 ? f64x2.replaceLane : f32x4.replaceLane, lane);
  fn.set(result);
}
