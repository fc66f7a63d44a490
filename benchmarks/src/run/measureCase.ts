import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, Group } from "../groups/group.ts";
import { withoutFolders } from "../report/machine.ts";
import type { Measurement } from "../report/row.ts";
import { type Input, inputsOf } from "../tasks/inputs.ts";
import { unitsOf } from "../tasks/task.ts";
import type { InputPlace, SharedArrays } from "../worker/protocol.ts";
import { type Claim, checkAgreement } from "./agreement.ts";
import { writeJaxSource } from "./jaxSource.ts";
import type { LoadMeter } from "./loadMeter.ts";
import type { Competitor, Pool } from "./pool.ts";
import type { Settings } from "./settings.ts";
import { median } from "./statistics.ts";

/** Inputs of a measurement besides the case. */
export interface Bench<C extends Competitor = Competitor> {
  readonly settings: Settings;
  readonly pool: Pool<C>;
  readonly load: LoadMeter;
  /** A folder for the arrays of tasks; without a folder the contenders draw the arrays themselves. */
  readonly folder?: string;
}

/** The state of a contender in a case. */
interface Entry<C extends Competitor> {
  readonly contender: C;
  readonly times: number[];
  note?: string;
  figures?: Readonly<Record<string, number>>;
}

/** Number of calls that are compared before any measurement: the second call shows that the first update was the same. */
const comparedCalls = 2;
/** Before the timed calls of a turn, a call shorter than this runs once untimed, to load its data into the caches. */
const shortCall = 20;

/**
 * Measures a case: all contenders prepare it, results are compared, all warm up, and then they are measured in turn.
 *
 * @throws DisagreementError if two contenders compute different results
 */
export async function measureCase<C extends Competitor>(
  group: Group,
  each: Case,
  contenders: readonly C[],
  bench: Bench<C>,
): Promise<Measurement[]> {
  const { settings, pool } = bench;
  const processPer = group.processPer(settings);
  const entries = contenders.map((contender): Entry<C> => ({ contender, times: [], note: contender.absent }));
  const active = (): Entry<C>[] => entries.filter(({ note }) => note === undefined);
  const attempt = async (entry: Entry<C>, what: () => Promise<void>): Promise<void> => {
    await what().catch((error: Error) => {
      entry.note = `failed: ${withoutFolders(error.message)}`;
      return pool.stop(entry.contender);
    });
  };
  const arrays = bench.folder === undefined ? undefined : writeArrays(each, bench.folder);
  const calls = processPer === "call" ? 1 : comparedCalls;
  const request = { type: "prepare", task: each.task, arrays, calls } as const;
  const claims: Claim[] = [];
  try {
    for (let sample = 0; sample < (processPer === "call" ? settings.firstCalls : 1); sample++) {
      for (const entry of active()) {
        await attempt(entry, async () => {
          const { first, values } = await pool.get(entry.contender).ask<"prepare">(request, settings.limit);
          claims.push({ name: entry.contender.name, values });
          if (processPer !== "call") return;
          entry.times.push(first);
          await pool.stop(entry.contender);
        });
      }
    }
    checkAgreement(`${group.name}: ${each.name}`, claims);
    if (processPer !== "call") await takeTurns(active, attempt, bench, group.withMemory ?? false);
  } finally {
    if (arrays) rmSync(arrays.file, { force: true });
    if (processPer !== "group") await pool.stopAll();
  }
  return entries.map((entry) => measurementOf(group, each, entry));
}

async function takeTurns<C extends Competitor>(
  active: () => Entry<C>[],
  attempt: (entry: Entry<C>, what: () => Promise<void>) => Promise<void>,
  { settings, pool, load }: Bench<C>,
  withMemory: boolean,
): Promise<void> {
  const { rounds, budget, leastCalls, warmUp, limit } = settings;
  const turn = async (entry: Entry<C>, calls: number, budget: number, untimed: number): Promise<readonly number[]> => {
    const { times } = await load.during(() =>
      pool.get(entry.contender).ask<"run">({ type: "run", budget, calls, untimed }, limit),
    );
    return times;
  };
  const expected = new Map<Entry<C>, number>();
  for (const entry of active()) {
    await attempt(entry, async () => void expected.set(entry, median(await turn(entry, 1, warmUp, 0))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of active()) {
      const untimed = expected.get(entry)! < shortCall ? 1 : 0;
      await attempt(entry, async () => {
        entry.times.push(...(await turn(entry, Math.ceil(leastCalls / rounds), budget / rounds, untimed)));
      });
    }
  }
  for (const entry of active()) {
    await attempt(entry, async () => {
      entry.figures = (await pool.get(entry.contender).ask<"figures">({ type: "figures", withMemory }, limit)).figures;
    });
  }
}

/** Writes the arrays of a task to one file, in sequence. */
function writeArrays({ task }: Case, folder: string): SharedArrays {
  const file = join(folder, "inputs.bin");
  const program = task.kind === "network" ? writeJaxSource(task, folder) : undefined;
  const constants = [...(program?.constants ?? [])].map(([name, { shape, buffer }]): [string, Input] => [
    name,
    { shape, data: Float32Array.from(buffer) },
  ]);
  const arrays = [...Object.entries(inputsOf(task)), ...constants];
  let offset = 0;
  const places = arrays.map(([name, { shape, data }]): InputPlace => {
    const place = { name, shape, offset };
    offset += data.length;
    return place;
  });
  writeFileSync(
    file,
    Buffer.concat(arrays.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
  );
  return { file, places, ...(program && { source: program.source }) };
}

function measurementOf<C extends Competitor>(
  group: Group,
  { name, task }: Case,
  { contender, times, note, figures }: Entry<C>,
): Measurement {
  const row = { group: group.name, case: name, implementation: contender.name };
  if (note !== undefined || times.length === 0)
    return { ...row, medianMs: null, minMs: null, note: note ?? "not measured" };
  const units = unitsOf(task);
  const [medianMs, minMs] = [median(times) / units, Math.min(...times) / units];
  return { ...row, medianMs, minMs, calls: times.length, figures: { ...figures, ...group.figures?.(task, medianMs) } };
}
