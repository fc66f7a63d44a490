export { type GpuFunction, printGpuFunction, withCallees } from "./gpuFunction.ts";
export { ExpressionGraph, type Node } from "./graph.ts";
export { type FloatFunction, floatFunction, type Operation } from "./operation.ts";
export { operations, scalarFunctions } from "./operations.ts";
export { type GpuText, printGpuJs } from "./printGpuJs.ts";
export { printJs } from "./printJs.ts";
export { sortedNodes } from "./sortedNodes.ts";
export { parseExpression, type Syntax } from "./syntax.ts";
