import type { Metric, MetricUnit } from "@pushforward/training";

/** The metrics among some columns of a table. */
export const metricsOf = (columns: readonly { readonly metric?: Metric }[]): Metric[] =>
  columns.flatMap(({ metric }) => metric ?? []);

/** Units other than that of the data, in words that follow the title of a metric. */
const unitWords: Readonly<Record<Exclude<MetricUnit, "data">, string>> = { nats: "is in nats", none: "has no unit" };

/**
 * A sentence about the units of metrics: "Histogram KL is in nats, the other metrics are in data units."
 *
 * @param dataUnits the unit of the data, in words: "in data units"
 */
export function unitsSentence(metrics: readonly Metric[], dataUnits: string): string {
  const others = metrics.flatMap(({ title, unit }) => (unit === "data" ? [] : [`${title} ${unitWords[unit]}`]));
  if (others.length === metrics.length) return others.length === 0 ? "" : `${capitalized(others.join(", "))}.`;
  const rest = others.length === 0 ? "All metrics" : "the other metrics";
  return `${capitalized([...others, `${rest} are ${dataUnits}`].join(", "))}.`;
}

/** A sentence about the direction in which metrics become better: "Larger is better for accuracy, smaller for the other metrics." */
export function directionSentence(metrics: readonly Metric[]): string {
  const larger = metrics.filter(({ better }) => better === "larger").map(({ title }) => title);
  if (metrics.length === 0) return "";
  if (larger.length === 0) return "Smaller is better.";
  return larger.length === metrics.length
    ? "Larger is better."
    : `Larger is better for ${listed(larger)}, smaller for the other metrics.`;
}

/** Names in a sentence: "accuracy, precision and recall". */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

/** A text with a capital letter at its start. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
