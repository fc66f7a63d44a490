import type { FlowMap, VelocityField } from "@pushforward/flows";
import { DomainError, decimalOf, quote } from "@pushforward/tensor";
import { type CheckMapOptions, checkMap, type MapReport } from "@pushforward/verify";
import { loadModule, messageOf } from "../sources/loadModule.ts";
import { alignColumns } from "./losses.ts";

/** The options of `verify --map`, as typed. */
export interface MapOptions {
  readonly map: string;
  readonly tolerance?: string;
}

/**
 * Checks the map of a module.
 *
 * @throws DomainError that names the file and what does not hold
 */
export async function verifyMap({ map: file, tolerance }: MapOptions, settings: CheckMapOptions): Promise<MapReport> {
  const bound = tolerance === undefined ? undefined : decimalOf(tolerance);
  if (tolerance !== undefined && !(bound !== undefined && bound > 0)) {
    throw new DomainError(`verify: --tolerance must be a number above 0, got ${quote(tolerance)}`);
  }
  const { default: map, velocity } = (await loadModule("verify", file)).exports;
  checkFunction(file, "a flow map phi(x, s, t) as its default export", map);
  if (velocity !== undefined) checkFunction(file, "a function velocity(x, t) as the export velocity", velocity);
  try {
    return checkMap(map as FlowMap, {
      ...settings,
      tolerance: bound,
      velocity: velocity as VelocityField | undefined,
    });
  } catch (error) {
    throw new DomainError(`verify: ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function checkFunction(file: string, what: string, value: unknown): void {
  if (typeof value === "function") return;
  const got = value === undefined ? "none" : quote(value);
  throw new DomainError(`verify: ${file} must have ${what}, got ${got}; playground/myMap.ts is an example`);
}

/** A list of numbers, to six digits. */
const digits = (values: readonly number[]): string =>
  values.map((value) => String(Number(value.toPrecision(6)))).join(", ");

/** The report as text: a row for each law, and the simplest counterexample of each law that fails. */
export function formatMapReport(file: string, { map, exact, network }: MapReport): string {
  const rows = Object.entries(map.laws).map(([name, report]) => {
    const others = [exact, network].map(({ laws }) => laws[name as keyof typeof laws]!);
    return [
      report.passed ? "ok" : "FAILED",
      name,
      ...[report, ...others].map(({ worst }) => worst.toExponential(1)),
      report.law,
    ];
  });
  const examples = Object.entries(map.laws).flatMap(([name, { counterexample }]) => {
    if (!counterexample) return [];
    const { x, s, r, t, residual } = counterexample;
    const times = name === "semigroup" ? `s = ${digits([s])}, r = ${digits([r])}` : `s = ${digits([s])}`;
    return [`  ${name}: x = (${digits(x)}), ${times}, t = ${digits([t])}: residual ${residual.toPrecision(2)}`];
  });
  return [
    alignColumns([["", "law", file, "exact map", "untrained network", "formula"], ...rows]),
    ...(examples.length > 0 ? ["", "The simplest cases that break a law:", ...examples] : []),
    "",
    "Largest residuals over random cases, relative to max(1, |value|). The exact map must pass; the network passes the identity alone.",
  ].join("\n");
}
