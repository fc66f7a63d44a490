import { onDevice } from "./support/device.ts";
import { primitiveSuite, programSuite } from "./support/primitiveSuite.ts";

await onDevice("webgpu", "gpu.js on WebGPU", (backend) => {
  primitiveSuite(backend, 4);
  programSuite(backend, 200);
});
