import { describePrograms } from "../support/describePrograms.ts";

describePrograms("jax");
