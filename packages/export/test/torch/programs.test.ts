import { errorBounds, ulpsOfPrimitive } from "@pushforward/testing";
import { describePrograms } from "../support/describePrograms.ts";

/** Roundings of PyTorch: square roots and powers are not the nearest numbers there, and the argument of erfc is rounded. */
const ulps = (name: string): number => ({ sqrt: 1, integerPow: 4, normalCdf: 40 })[name] ?? ulpsOfPrimitive(name);

// Zeros may have another sign, as that of min(0, −0) in PyTorch.
describePrograms("torch", (program, inputs) =>
  errorBounds(program, inputs, { ulps }).map(({ value, bound }) => ({
    value,
    bound: bound.map((x) => Math.max(x, Number.MIN_VALUE)),
  })),
);
