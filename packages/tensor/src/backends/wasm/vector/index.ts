export { ConstantPool } from "./constantPool.ts";
export { type EmitOptions, emitNodes, laneCount } from "./emitNodes.ts";
export { hasFusedMultiplyAdd } from "./fusedMultiplyAdd.ts";
export { type LaneCount, Lanes } from "./lanes.ts";
export { loadGathered, loadLanes, loadSplat, loadVector, type Place, storeLanes, storeVector } from "./memory.ts";
export { keepVector, pushVector, Vector, vectorIn } from "./vector.ts";
