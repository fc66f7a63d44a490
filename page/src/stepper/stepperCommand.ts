import type { StepperState } from "./stepperState.ts";

/** The command that prints the program of a loss, of its value and its gradient. */
export const stepperCommand = ({ show, off }: StepperState): string =>
  `npx --yes pnpm@10 pushforward explain ${show}${off.length > 0 ? ` --without-stops ${off.join(",")}` : ""}`;
