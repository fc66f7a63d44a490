import { randomUUID } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { fileError, partialSuffix } from "./atomicFile.ts";
import { hasEnded, ownIdentity, type ProcessIdentity } from "./processIdentity.ts";
import { writeWhole } from "./writeWhole.ts";

/**
 * The right of one process to write into a folder. It stands there as a file `writer-<epoch>.json`, which names the process,
 * its host and its start. A claim whose process has ended is taken over under the next epoch; should that process run after
 * all (it was stopped, or its host was out of reach), its next {@link Claim.check} finds the higher epoch and it stops.
 */
export interface Claim {
  /** Number of the claim among all claims that overlapped; the highest one is valid. */
  readonly epoch: number;
  /** Tells this claim apart from every other one; no two are alike. */
  readonly token: string;
  /**
   * Call it before each write.
   *
   * @throws DomainError if the folder was taken over or removed
   */
  check(): void;
  /** Gives the folder back. */
  release(): void;
}

/** Another process writes into a folder. */
export class FolderHeldError extends DomainError {}

/** What a claim's file says. */
interface Writer extends ProcessIdentity {
  /** When it was claimed, for people. */
  readonly since: string;
  /** Tells this claim apart from every other one of the same epoch. */
  readonly token: string;
}

/** How {@link claimFolder} decides whether it may take a folder over. */
export interface ClaimOptions {
  /** Whether the process behind a claim has ended. Default {@link hasEnded}; a sweep over many hosts has leases for that. */
  readonly isGone?: (writer: ProcessIdentity, file: string) => boolean;
}

/** Claims of this process: what a command holds, the training inside may hold as well. */
const held = new Map<string, { readonly claim: Claim; count: number }>();

/**
 * Claims a folder for this process, and removes partial files in it; within the process claims nest.
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

/** Does something while this process holds a folder. */
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

/** Reads of a claim without content before its process counts as ended: it may be writing it right now. */
const patience = 20;

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
    // What others were writing is no longer theirs to put in place.
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
      const what = other ? `was taken over by ${describe(other)}` : "was removed, or its claim was";
      throw new DomainError(`run: ${path} ${what}; this process stops and writes no more into it`);
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

/** The process behind a claim; undefined if the claim is gone, or its process ended before it had written it. */
function readWriter(file: string): Writer | undefined {
  for (let i = 0; i < patience; i++) {
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
      // A claim that stays is taken over, since its process has ended.
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
