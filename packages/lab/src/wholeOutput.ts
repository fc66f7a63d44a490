import { fstatSync } from "node:fs";
import { writeWhole } from "./run/writeWhole.ts";

/**
 * Writes standard output whole where it is a file. Node's own stream makes one write for each text, loses the part that does not fit
 * on a full disk, and reports success.
 */
export function writeOutputWhole(): void {
  const { stdout } = process;
  const file = stdout.fd;
  const stats = fstatSync(file);
  if (stdout.isTTY || !(stats.isFile() || stats.isCharacterDevice())) return;
  stdout._write = (chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void => {
    try {
      writeWhole(file, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    } catch (error) {
      void fail(error);
      return;
    }
    done();
  };
}

/** Reports why output could not be written and ends the command; the module with the words is loaded only then. */
async function fail(error: unknown): Promise<never> {
  const { fileError } = await import("./run/atomicFile.ts");
  process.stderr.write(`pushforward: ${fileError("output", "standard output", error).message}\n`);
  process.exit(1);
}
