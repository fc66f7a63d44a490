import { getContext } from "svelte";

/** A pane inside another page: its first state, and the listener to later states. */
export interface Embedding {
  /** The hash of the first state. */
  readonly link: string;
  /** Called with the hash of every state. */
  onLink(link: string): void;
}

const key = Symbol("embedding");

/** The context with which a pane is mounted inside another page. */
export const embeddedBy = (embedding: Embedding): Map<symbol, Embedding> => new Map([[key, embedding]]);

/** The embedding of the pane that is being made; undefined for a pane with a page of its own. */
export const embeddingOf = (): Embedding | undefined => getContext(key);
