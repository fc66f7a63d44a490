import { embeddingOf } from "./embedding.ts";
import { type LinkFormat, printLink, readLink } from "./permalink.ts";

/** The state of a pane and its address. */
export interface LinkedState<Owner> {
  readonly owner: Owner;
  /** Why the address cannot be read, in a sentence; empty if it was read. */
  readonly problem: string;
  /** The hash of the state of the pane. */
  readonly link: string;
  /** Whether the pane shows its first scene. */
  readonly isFirst: boolean;
}

/** The owner of the state of a pane. */
export interface StateOwner<State> {
  state(): State;
  /** Shows another state, after the reader changed the address. */
  load(state: State): void;
}

/**
 * Keeps the state of a pane and the address bar equal; to be called while a component is made. The state of an embedded pane begins
 * with the link of its embedding, which hears of every later link, and the address bar stays as it is.
 *
 * @param format how the state is written
 * @param first  the scene of an address without a state
 * @param own    makes the owner of the state from the state of the address
 */
export function linkState<State, Owner extends StateOwner<State>>(
  format: LinkFormat<State>,
  first: State,
  own: (opened: State) => Owner,
): LinkedState<Owner> {
  const embedding = embeddingOf();
  let problem = $state("");
  function read(): State {
    const found = readLink(format, embedding?.link ?? location.hash);
    problem = found && "problem" in found ? found.problem : "";
    return found && "state" in found ? found.state : first;
  }
  const owner = own(read());
  const link = $derived(printLink(format, owner.state()));
  const isFirst = $derived(link === printLink(format, first));
  if (embedding) $effect(() => embedding.onLink(link));
  else keepAddress();
  function keepAddress(): void {
    $effect(() => {
      if (location.hash !== link && !(isFirst && location.hash === "")) history.replaceState(null, "", link);
    });
    $effect(() => {
      const follow = (): void => {
        if (location.hash !== link) owner.load(read());
      };
      addEventListener("hashchange", follow);
      return () => removeEventListener("hashchange", follow);
    });
  }
  return {
    owner,
    get problem() {
      return problem;
    },
    get link() {
      return link;
    },
    get isFirst() {
      return isFirst;
    },
  };
}
