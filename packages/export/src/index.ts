export { type ClosedFiles, closedFiles } from "./closed/closedFiles.ts";
export type { TrainedLoss } from "./closed/trainedLoss.ts";
export { type ExportLossOptions, exportLoss } from "./exportLoss.ts";
export { type ExportedProgram, type ExportOptions, exportJax, exportProgram, exportTorch } from "./exportProgram.ts";
export { type ExportedFiles, lossFiles } from "./files/lossFiles.ts";
export { type HoleParams, type OpaqueShapes, opaque } from "./opaque.ts";
export type { LossParameters, Operand, PrimitiveTable, Row, Target } from "./target.ts";
export { type TargetName, targets } from "./targets.ts";
