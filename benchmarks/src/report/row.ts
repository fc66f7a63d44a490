/** One contender in one case. */
export interface Row {
  readonly group: string;
  readonly case: string;
  readonly implementation: string;
  /** null without a measurement; then `note` contains the reason. */
  readonly medianMs: number | null;
  readonly minMs: number | null;
  /** Its median over ours: the ratio of the times. null if one of the two is missing. */
  readonly ratio: number | null;
  /** Why there is no number: absent, failed, skipped. */
  readonly note?: string;
  /** Number of calls of the median. */
  readonly calls?: number;
  /** Other results: GFLOP/s, bytes, threads; on GPUs the adapter. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** The result of a contender in a case, before ratios are known. */
export type Measurement = Omit<Row, "ratio">;

/** Adds the ratios to the rows of one case. */
export function withRatios(measurements: readonly Measurement[], ourName: string): Row[] {
  const ours = measurements.find(({ implementation }) => implementation === ourName)?.medianMs ?? null;
  return measurements.map(({ group, case: name, implementation, medianMs, minMs, ...rest }) => {
    const ratio = ours === null || medianMs === null ? null : medianMs / ours;
    return { group, case: name, implementation, medianMs, minMs, ratio, ...rest };
  });
}

/** A number of a row; NaN if it is missing. */
export function figureOf({ figures }: Pick<Row, "figures">, name: string): number {
  const value = figures?.[name];
  return typeof value === "number" ? value : Number.NaN;
}

/** Finds rows by group, case and contender. */
export class Rows {
  readonly all: readonly Row[];

  constructor(all: readonly Row[]) {
    this.all = all;
  }

  find(group: string, name: string, implementation: string): Row | undefined {
    return this.all.find((row) => row.group === group && row.case === name && row.implementation === implementation);
  }

  /** The time of the first contender over the time of the second in a case; undefined unless both were measured. */
  ratio(group: string, name: string, first: string, second: string): number | undefined {
    const [a, b] = [first, second].map((each) => this.find(group, name, each)?.medianMs ?? undefined);
    return a === undefined || b === undefined ? undefined : a / b;
  }
}
