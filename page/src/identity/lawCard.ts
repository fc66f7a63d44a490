/** A law of the catalogue as its card shows it. */
export interface LawCard {
  readonly name: string;
  readonly title: string;
  readonly statement: string;
  /** MathML, made while the page is built. */
  readonly formula: string;
  readonly bound: number;
  /** The fault of the negative control. */
  readonly broken: string;
}

/** The laws of a subject. */
export interface LawCardGroup {
  readonly subject: string;
  readonly laws: readonly LawCard[];
}
