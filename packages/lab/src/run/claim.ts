import { randomUUID } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { fileError, partialSuffix } from "./atomicFile.ts";
import { hasEnded, ownIdentity, type ProcessIdentity } from "./processIdentity.ts";
import { writeWhole } from "./writeWhole.ts";

/**
 * The right of one process to write into a folder: a file `writer-<epoch>.json` in it, which names the process, its host and its
 * start. A claim whose process has ended is taken over under the next epoch. A process that was only suspended, or whose host was out
 * of reach, finds the higher epoch at its next {@link Claim.check} and stops.
 */
export interface Claim {
  /** Number of the claim among all claims that overlapped; the claim with the highest number is valid. */
  readonly epoch: number;
  /** Unique to this claim. */
  readonly token: string;
  /**
   * Call it before each write.
   *
   * @throws DomainError if the folder was taken over or removed
   */
  check(): void;
  /** Gives the folder free. */
  release(): void;
}

/** Refusal of a claim: another process writes into the folder. */
export class FolderHeldError extends DomainError {}

/** The content of a claim's file. */
interface Writer extends ProcessIdentity {
  /** Time of the claim, for messages. */
  readonly since: string;
  /** Unique to this claim: two processes may try the same epoch. */
  readonly token: string;
}

/** How {@link claimFolder} decides whether it may take a folder over. */
export interface ClaimOptions {
  /** Whether the process of a claim has ended. Default {@link hasEnded}; a sweep over many hosts uses leases instead. */
  readonly isGone?: (writer: ProcessIdentity, file: string) => boolean;
}

/** Claims of this process, counted: a command and the training inside it may both claim a folder. */
const held = new Map<string, { readonly claim: Claim; count: number }>();

/**
 * Claims a folder for this process and removes partial files in it. Claims of one process nest.
 *
 * @param path a folder that exists
 * @throws FolderHeldError that names the process which writes into the folder
 * @throws DomainError that names the file that cannot be written
 */
export function claimFolder(path: string, options: ClaimOptions = {}): Claim {
  const folder = attempt(path, () => realpathSync(path));
  const known = held.get(folder) ?? { claim: takeClaim(folder, path, options), count: 0 };
  if (held.size === 0) process.on("exit", releaseAll);
  held.set(folder, known);
  known.count++;
  const release = (): void => {
    if (--known.count > 0) return;
    held.delete(folder);
    if (held.size === 0) process.off("exit", releaseAll);
    known.claim.release();
  };
  return { ...known.claim, release };
}

/** Runs an action while this process holds the claim of a folder. */
export async function whileHolding<T>(path: string, action: (claim: Claim) => Promise<T>): Promise<T> {
  const claim = claimFolder(path);
  try {
    return await action(claim);
  } finally {
    claim.release();
  }
}

/** Whether a file's name is that of a claim. */
export const isClaimName = (name: string): boolean => claimName.test(name);

const claimName = /^writer-(\d{1,15})\.json$/;

/** Times that an incomplete claim is read before its process counts as ended: the process may be writing the claim right now. */
const maxReads = 20;

function takeClaim(folder: string, path: string, { isGone = hasEnded }: ClaimOptions): Claim {
  const writer: Writer = { ...ownIdentity(), since: new Date().toISOString(), token: randomUUID() };
  const text = `${JSON.stringify(writer)}\n`;
  for (;;) {
    const epochs = epochsIn(folder);
    const last = epochs.at(-1) ?? 0;
    const file = fileOf(folder, last);
    const other = last > 0 ? readWriter(file) : undefined;
    if (other && !isGone(other, file)) throw refusal(path, other, file);
    const epoch = last + 1;
    if (!create(fileOf(folder, epoch), text)) continue; // another process was faster
    for (const older of epochs) rmSync(fileOf(folder, older), { force: true });
    // A process that has lost the folder must not find its partial files again.
    for (const name of namesIn(folder)) if (name.endsWith(partialSuffix)) rmSync(join(folder, name), { force: true });
    return claimOf(folder, path, { epoch, token: writer.token, text });
  }
}

interface Claimed extends Pick<Claim, "epoch" | "token"> {
  /** Content of the claim's file. */
  readonly text: string;
}

function claimOf(folder: string, path: string, { epoch, token, text }: Claimed): Claim {
  const file = fileOf(folder, epoch);
  return {
    epoch,
    token,
    check() {
      const last = epochsIn(folder).at(-1) ?? 0;
      if (last === epoch && readText(file) === text) return;
      const other = last > 0 ? readWriter(fileOf(folder, last)) : undefined;
      const change = other ? `was taken over by ${describe(other)}` : "was removed, or its claim was";
      throw new DomainError(`run: ${path} ${change}; this process stops and writes no more into it`);
    },
    release() {
      if (readText(file) === text) rmSync(file, { force: true });
    },
  };
}

const fileOf = (folder: string, epoch: number): string => join(folder, `writer-${epoch}.json`);

/** Epochs of the claims on a folder, ascending. */
function epochsIn(folder: string): number[] {
  const found = namesIn(folder).flatMap((name) => claimName.exec(name)?.[1] ?? []);
  return found.map(Number).sort((a, b) => a - b);
}

/** Names in a folder, none if it is gone. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw fileError("run", folder, error);
  }
}

/** Writes a file that must not exist yet (O_EXCL); false if it does. */
function create(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fileError("run", path, error);
  }
  try {
    writeWhole(file, Buffer.from(text));
  } catch (error) {
    rmSync(path, { force: true });
    throw fileError("run", path, error);
  } finally {
    closeSync(file);
  }
  return true;
}

/** The process of a claim; undefined if the claim is gone, or was never written to its end. */
function readWriter(file: string): Writer | undefined {
  for (let i = 0; i < maxReads; i++) {
    const text = readText(file);
    if (text === undefined) return undefined;
    const writer = parseWriter(text);
    if (writer) return writer;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  return undefined;
}

function parseWriter(text: string): Writer | undefined {
  try {
    const writer = Object(JSON.parse(text)) as Writer;
    const isWhole =
      Number.isInteger(writer.pid) && writer.pid > 0 && [writer.host, writer.boot, writer.started].every(isText);
    return isWhole ? writer : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): boolean => typeof value === "string";

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fileError("run", file, error);
  }
}

function refusal(path: string, writer: Writer, file: string): FolderHeldError {
  const advice =
    writer.host === hostname()
      ? "wait until it has ended, or end it"
      : `wait until it has ended; if it has ended without removing ${file}, remove that file`;
  return new FolderHeldError(`run: ${path} is being written by ${describe(writer)}; ${advice}`);
}

const describe = ({ pid, host, since }: Writer): string =>
  `process ${pid} on ${host === hostname() ? `this host (${host})` : `host ${host}`}, which claimed it at ${since}`;

function releaseAll(): void {
  for (const { claim } of held.values()) {
    try {
      claim.release();
    } catch {
      // The next process takes the claim over, since this one has ended.
    }
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError("run", path, error);
  }
}
