import { getContext } from "svelte";

/** How another page shows a pane: its first state, and who hears of later ones. */
export interface Embedding {
  /** The hash of the first state. */
  readonly link: string;
  /** Called with the hash of every state. */
  onLink(link: string): void;
}

const key = Symbol("embedding");

/** The context with which a pane is mounted inside another page. */
export const embeddedBy = (embedding: Embedding): Map<symbol, Embedding> => new Map([[key, embedding]]);

/** How the pane that is being made is embedded; undefined for a pane that has its page to itself. */
export const embeddingOf = (): Embedding | undefined => getContext(key);
