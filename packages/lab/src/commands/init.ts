import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DomainError, mustBeOneOf, quote } from "@pushforward/tensor";
import type { Command } from "commander";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { lossTemplate } from "../sources/lossTemplate.ts";
import { print } from "./output.ts";

/** `pushforward init loss <name>` */
export function configureInit(command: Command): void {
  command
    .argument("<kind>", "loss")
    .argument("<name>", "name of the loss, and of the file without its ending; a folder may stand before it")
    .action((kind: string, given: string) => {
      if (kind !== "loss") throw new DomainError(`init: kind ${mustBeOneOf(kind, ["loss"])}`);
      const name = basename(given, ".ts");
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        throw new DomainError(
          `init: name must consist of letters, digits and _, not first a digit, got ${quote(name)}`,
        );
      }
      const path = join(dirname(given), `${name}.ts`);
      if (existsSync(path)) throw new DomainError(`init: ${path} must not exist yet; choose another name`);
      writeFileAtomic(path, lossTemplate(name));
      print(`${path} holds a loss that trains as it is: pushforward train ./${path}`);
    });
}
