import { checkpoints } from "./checkpoints.ts";
import { disk } from "./disk.ts";
import { files } from "./files.ts";
import { formulas } from "./formulas.ts";
import { kills } from "./kills.ts";
import { optionSets } from "./options.ts";
import type { Part } from "./part.ts";
import { signals } from "./signals.ts";

/** Every part of the campaign, in the order in which they run. */
export const parts: readonly Part[] = [kills, checkpoints, files, formulas, optionSets, signals, disk];
