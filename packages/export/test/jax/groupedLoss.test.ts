import { describeGroupedLoss } from "../support/describeGroupedLoss.ts";

describeGroupedLoss("jax");
