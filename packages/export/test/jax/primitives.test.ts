import { describePrimitives } from "../support/describePrimitives.ts";

describePrimitives("jax", {
  tanhCall: "jnp.tanh(x0)",
  another: "jnp.arctan(x0)",
  asFloat32: "jnp.tanh(x0).astype(jnp.float32)",
});
