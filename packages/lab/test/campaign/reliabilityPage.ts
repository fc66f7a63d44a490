import type { PartReport } from "./campaign.ts";

/** A run of the campaign. */
export interface CampaignReport {
  readonly command: string;
  /** Day on which it ran, such as 2026-01-31. */
  readonly date: string;
  readonly node: string;
  readonly parts: readonly PartReport[];
}

/** The page docs/reliability.md. */
export const reliabilityPage = ({ command, date, node, parts }: CampaignReport): string =>
  `# Reliability

Runs are killed, stopped and starved of disk, files are damaged, and options are drawn at random, by one command with printed seeds:

\`\`\`sh
${command}
\`\`\`

The figures below are of ${date}, Node ${node}; \`npx --yes pnpm@10 campaign --docs\` writes this page. CI runs it for three minutes; before a release it runs for an hour. A
failure prints the command that repeats its trial: \`npx --yes pnpm@10 campaign --only kills --trial 123\`. The moments of signals are times, so such a trial strikes about the
same place of the run.

| part | trials | failed | seed | seen |
|---|---|---|---|---|
${parts.map(rowOf).join("\n")}

${parts.map(({ name, what }) => `- **${name}**: ${what}`).join("\n")}

In \`packages/lab/test/campaign\` each part is a file, and the table of them is \`parts.ts\`.
`;

const rowOf = ({ name, trials, failures, seed, counts, skipped }: PartReport): string => {
  const seen = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  const what = skipped ?? seen.map(([words, count]) => `${count} ${words}`).join(", ");
  return `| ${name} | ${skipped === undefined ? trials : "–"} | ${failures.length} | ${seed} | ${what} |`;
};
