import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import type { FileTable } from "../../src/problems/fileTable.ts";
import { openData } from "../../src/problems/formats.ts";
import type { TableSettings } from "../../src/settings/dataSettings.ts";
import { damaged } from "./damage.ts";
import { randomDataFile } from "./dataFiles.ts";
import { definePart, hold } from "./part.ts";

/** Reading a file of a few kilobytes takes milliseconds; more is a hang. */
const longest = 10_000;
/** Messages are read by a person. */
const longestMessage = 2000;

/** Data files, whole and damaged. */
export const files = definePart<undefined>({
  name: "files",
  what: "A data file of a random format gives its numbers; damaged at random it gives finite numbers or is refused by name in a short message, and an archive, which has checksums, gives its numbers or is refused.",
  async setUp() {
    return undefined;
  },
  async trial(_setup, random, folder) {
    const file = randomDataFile(random);
    const isWhole = random.isTrue(0.3);
    const { how, bytes } = isWhole ? { how: "whole", bytes: Buffer.from(file.content) } : damaged(file.content, random);
    const path = join(folder, `data.${file.ending}`);
    writeFileSync(path, bytes);
    const begin = performance.now();
    const { table, error } = attempt(path, file.settings);
    const what = (fault: string) => () => `${file.ending}, ${how}, seed ${random.seed}: ${fault}`;
    hold(performance.now() - begin < longest, what("reading took too long"));
    if (!table) {
      const message = error instanceof Error ? error.message : String(error);
      hold(error instanceof DomainError, what(`no error of ours: ${String(error)}`));
      hold(message.includes(path) && message.length < longestMessage, what(`a message without its file: ${message}`));
      hold(!isWhole, what(`refused: ${message}`));
      return { [`${file.ending} refused`]: 1 };
    }
    const [rows, columns] = table.values.shape;
    hold(columns === table.names.length && rows >= 0, what("sizes that contradict each other"));
    hold(table.values.dataSync().every(Number.isFinite), what("a number that is not finite"));
    if (isWhole || file.ending === "npz") {
      const got = JSON.stringify(table.values.toArray());
      hold(got === JSON.stringify(file.values), what(`got ${got}, not ${JSON.stringify(file.values)}`));
    }
    return { [`${file.ending} read`]: 1 };
  },
});

function attempt(path: string, settings: TableSettings): { readonly table?: FileTable; readonly error?: unknown } {
  try {
    return { table: openData(path).table(settings) };
  } catch (error) {
    return { error };
  }
}
