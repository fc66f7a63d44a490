import type { Law } from "@pushforward/verify";

/** A law of the catalogue as its card shows it; the formula is MathML, made while the page is built. */
export type LawCard = Pick<Law, "name" | "title" | "statement" | "formula" | "bound" | "broken">;

/** The laws of a subject. */
export interface LawCardGroup {
  readonly subject: string;
  readonly laws: readonly LawCard[];
}
