/** Most characters of a value in a message. */
const shownLength = 80;

/** Text cut after 80 characters, with a mark where it is cut. */
export const shorten = (text: string): string => (text.length > shownLength ? `${text.slice(0, shownLength)}…` : text);

/** Numbers that JSON would turn into null. */
const keepNumbers = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ? String(value) : value;

/**
 * A value as a message quotes it: text in quotation marks, numbers as they are written, everything else as JSON, cut after 80
 * characters. Never throws.
 */
export function quote(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value !== "object" || value === null) return shorten(String(value));
  try {
    return shorten(JSON.stringify(value, keepNumbers) ?? String(value));
  } catch {
    return "an object that JSON cannot hold"; // circular, or with a getter that throws
  }
}
