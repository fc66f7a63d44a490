import { errorBounds, ulpsOfPrimitive } from "@pushforward/testing";
import { describePrograms } from "../support/describePrograms.ts";

/** Roundings of JAX: powers are products whose roundings add up, and the argument of erfc is rounded. */
const ulps = (name: string): number => ({ integerPow: 4, normalCdf: 40 })[name] ?? ulpsOfPrimitive(name);

describePrograms("jax", (program, inputs) => errorBounds(program, inputs, { ulps }));
