import { errorBounds, ulpsOfPrimitive } from "@pushforward/testing";
import { describePrograms } from "../support/describePrograms.ts";

/** JAX multiplies powers and takes the reciprocal; the reference corrects the roundings. */
const ulps = (name: string): number => ({ integerPow: 4 })[name] ?? ulpsOfPrimitive(name);

describePrograms("jax", (program, inputs) => errorBounds(program, inputs, { ulps }));
