import type { DrawnBox } from "../work/switchboard/boardTypes.ts";

/** The part of a loss that a box is, in the words of the papers. */
export function partName({ kind, owner, part, title }: Pick<DrawnBox, "kind" | "owner" | "part" | "title">): string {
  if (kind === "input") return "inputs";
  if (kind === "result") return "result";
  if (kind === "cut") return `stop-gradient ${title}`;
  if (owner === "rest") return part === "tangent" ? "jvp" : "residual";
  if (title === undefined) return owner ?? "";
  return part === "tangent" ? `jvp of ${owner}` : owner === "u" ? "network u" : (owner ?? "");
}
