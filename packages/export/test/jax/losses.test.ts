import { describeLosses } from "../support/describeLosses.ts";

describeLosses("jax");
