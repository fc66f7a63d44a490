/** An embedded problem as the page lists it. */
export interface ListedProblem {
  readonly name: string;
  /** A sentence about the data. */
  readonly description: string;
  /** Whether its velocity and flow map are known. */
  readonly isExact: boolean;
}

/** A loss of the registry as the page lists it. */
export interface ListedLoss {
  readonly name: string;
  readonly label: string;
  /** Labels of its stop-gradients. */
  readonly stops: readonly string[];
  /** Whether its tangent holds v, and all its other inputs are known where the velocity is. */
  readonly hasTangent: boolean;
}

/** The problems and losses of the page; they are computed from the registries when the page is built. */
export interface Catalogue {
  readonly problems: readonly ListedProblem[];
  readonly losses: readonly ListedLoss[];
}
