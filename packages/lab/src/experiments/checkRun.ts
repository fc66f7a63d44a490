import { DomainError } from "@pushforward/tensor";
import type { RunConfig } from "../config.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { checkComparison } from "./compare.ts";
import { checkStudy } from "./study.ts";
import { checkTraining } from "./train.ts";

/**
 * Checks the settings of an existing run again, as at its creation: config.json may have been edited, the data may have changed, and
 * this may be another machine.
 *
 * @throws DomainError that names the run's config.json and the setting
 */
export function checkRun({ config, path, files }: RunFolder<RunConfig>): void {
  try {
    if (config.kind === "study") checkStudy(config);
    else if (config.kind === "compare") checkComparison(config);
    else checkTraining(config, path);
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(`run: ${files.config}: ${error.message}`, { cause: error });
    throw error;
  }
}
