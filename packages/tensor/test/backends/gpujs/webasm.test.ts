import { accuracySuite } from "./support/accuracySuite.ts";
import { onDevice } from "./support/device.ts";
import { primitiveSuite, programSuite, specialSuite } from "./support/primitiveSuite.ts";

await onDevice("webasm", "gpu.js on the processor", (backend) => {
  primitiveSuite(backend, 8);
  accuracySuite(backend, 5e-7);
  specialSuite(backend);
  programSuite(backend, 60);
});
