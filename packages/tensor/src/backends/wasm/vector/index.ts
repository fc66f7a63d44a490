export { type UlpBounds, ulpBounds } from "./accuracy.ts";
export { ConstantPool } from "./constantPool.ts";
export { hasFusedMultiplyAdd } from "./fusedMultiplyAdd.ts";
export { type EmitOptions, emitNodes, KernelBody, type LoadInput, laneCountOf } from "./kernelBody.ts";
export { type LaneCount, Lanes } from "./lanes.ts";
export { loadGathered, loadLanes, loadSplat, loadVector, type Place, storeLanes, storeVector } from "./memory.ts";
export { keepVector, pushVector, Vector, vectorIn } from "./vector.ts";
