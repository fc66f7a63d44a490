import { join } from "node:path";
import type { CompareConfig } from "../config.ts";

/** Folders of the trainings of a comparison within its own, one for each loss; with several seeds those of the first seed. */
export const lossFolders = ({ losses, seed, seeds }: CompareConfig): string[] =>
  losses.map((loss) => (seeds > 1 ? join(`seed${seed}`, loss) : loss));
