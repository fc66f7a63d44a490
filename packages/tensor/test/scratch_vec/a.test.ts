import { it } from "vitest";
import { fmaModes, runText } from "../backends/wasm/support/runKernel.ts";
it("x", () => {
  console.log(fmaModes);
  console.log(runText("x * y + 1", [new Float32Array([1,2,3,4,5,6,7]), new Float32Array([1,2,3,4,5,6,7])], "float32"));
  console.log(runText("select(x < y, x, -y)", [new Float64Array([1,2,3,4,5]), new Float64Array([5,4,3,2,1])], "float64"));
  console.log(runText("select(x < y, x, -y)", [new Int32Array([1,2,3,4,5]), new Int32Array([5,4,3,2,1])], "int32"));
  console.log(runText("x < y", [new Int32Array([1,2,3,4,5]), new Int32Array([5,4,3,2,1])], "bool"));
  console.log(runText("float64(x) < float64(y)", [new Int32Array([1,2,3,4,5]), new Int32Array([5,4,3,2,1])], "bool"));
  console.log(runText("remainder(x, y)", [new Float32Array([1,2,3,4,-5]), new Float32Array([5,4,3,-2,2])], "float32"));
  console.log(runText("remainder(x, y)", [new Int32Array([1,2,3,4,-5]), new Int32Array([5,4,3,0,2])], "int32"));
});
