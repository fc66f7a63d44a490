import { afterAll } from "vitest";

/** Collects the worst value of every law, and prints them when the number of cases was chosen by hand. */
export function recordWorst(): (law: string, value: number) => number {
  const worst: Record<string, number> = {};
  afterAll(() => {
    if (process.env.PUSHFORWARD_CASES) console.info("worst", worst);
  });
  return (law, value) => {
    worst[law] = Math.max(worst[law] ?? 0, value);
    return value;
  };
}
