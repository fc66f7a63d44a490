import { describePrimitives } from "../support/describePrimitives.ts";

describePrimitives("torch", {
  tanhCall: "torch.tanh(x0)",
  another: "torch.atan(x0)",
  asFloat32: "torch.tanh(x0).to(torch.float32)",
});
