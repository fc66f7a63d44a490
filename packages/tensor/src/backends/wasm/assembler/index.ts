export { ByteWriter } from "./byteWriter.ts";
export { FunctionBuilder } from "./functionBuilder.ts";
export type { Label } from "./label.ts";
export { type FunctionReference, type MemoryImport, ModuleBuilder } from "./moduleBuilder.ts";
export * from "./opcodes.ts";
export type { ValueType } from "./valueType.ts";
