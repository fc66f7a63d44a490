import {
  asTensor,
  bind,
  checkSync,
  DomainError,
  formatShape,
  isFloat,
  type Leaf,
  primitives as p,
  type Sync,
  sameShape,
  type Tensor,
  treeMap,
} from "@pushforward/tensor";

/** The effect of stopGradient on one leaf; experiments replace it. */
export type StopHandler = (x: Tensor, label: string) => Tensor;

const cut: StopHandler = (x, label) => bind(p.stopGradient, [x], { label });

let handler: StopHandler = cut;

/** Runs `f` with another effect of stopGradient; `make` receives the previous effect. */
export function withStopHandler<T>(
  make: (previous: StopHandler) => StopHandler,
  f: () => Sync<T>,
  operation = "withStopHandler",
): T {
  const previous = handler;
  handler = make(previous);
  try {
    return checkSync(operation, f()) as T;
  } finally {
    handler = previous;
  }
}

/** Applies a marker to every leaf that can have a derivative. */
const mapFloats = <T>(tree: T, f: (x: Tensor) => Tensor): T =>
  treeMap((leaf: Leaf) => {
    const x = asTensor(leaf);
    return isFloat(x.dtype) ? f(x) : leaf;
  }, tree);

/**
 * The same values with every derivative cut: at every level of nesting, in forward and reverse mode.
 *
 * @param label names the place for withStops, explain and the metadata of losses
 */
export function stopGradient<T>(tree: T, label = "stop"): T {
  return mapFloats(tree, (x) => handler(x, label));
}

/** The same values with the tangent cut in jvp only: a probe, exempt from the duality of jvp and vjp. */
export function stopTangent<T>(tree: T, label = "stop"): T {
  return mapFloats(tree, (x) => bind(p.stopTangent, [x], { label }));
}

/** The same values with the cotangent cut in transposition only: a probe, exempt from the duality of jvp and vjp. */
export function stopCotangent<T>(tree: T, label = "stop"): T {
  return mapFloats(tree, (x) => bind(p.stopCotangent, [x], { label }));
}

/**
 * Runs `f` with some stop-gradients switched off. A compiled function keeps the stops of its first call, so compile inside `f`.
 *
 * @param off labels that do not cut; `true` means all
 */
export function withStops<T>(off: readonly string[] | true, f: () => Sync<T>): T {
  const isOff = (label: string): boolean => off === true || off.includes(label);
  return withStopHandler((previous) => (x, label) => (isOff(label) ? x : previous(x, label)), f, "withStops");
}

/** Runs `f` and lists the labels of its stop-gradients in the order of their first use, each once. */
export function collectStops<T>(f: () => Sync<T>): { readonly result: T; readonly labels: string[] } {
  const labels = new Set<string>();
  const result = withStopHandler(
    (previous) => (x, label) => {
      labels.add(label);
      return previous(x, label);
    },
    f,
    "collectStops",
  );
  return { result, labels: [...labels] };
}

/** A stopped value of the first call. */
interface Frozen {
  readonly label: string;
  readonly value: Tensor;
}

/**
 * A function that replays the stopped values of its first call at all later arguments. A gradient through stop-gradients agrees with finite
 * differences of this function. Stops whose label withStops has switched off are not replayed.
 *
 * @throws DomainError if the stop-gradients of a later call differ from those of the first
 */
export function freezeStops<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
): (...args: Args) => Out {
  let frozen: readonly Frozen[] | undefined;
  return (...args) => {
    const met: Frozen[] = [];
    const make = (previous: StopHandler): StopHandler => {
      return (x, label) => {
        if (previous(x, label) === x) return x;
        met.push(frozen ? replayed(frozen, met.length, label, x) : { label, value: x.concrete("freezeStops") });
        return met[met.length - 1].value;
      };
    };
    const out = withStopHandler<Out>(make, () => f(...args), "freezeStops");
    if (frozen && met.length < frozen.length) throw otherStop(met.length, frozen[met.length], undefined);
    frozen ??= met;
    return out;
  };
}

function replayed(frozen: readonly Frozen[], at: number, label: string, value: Tensor): Frozen {
  const known = at < frozen.length ? frozen[at] : undefined;
  if (known?.label === label && sameShape(known.value.shape, value.shape)) return known;
  throw otherStop(at, known, { label, value });
}

/** The error for a stop that is not the stop of the first call at the same position. */
function otherStop(at: number, wanted: Frozen | undefined, got: Frozen | undefined): DomainError {
  const describe = (stop: Frozen | undefined): string =>
    stop ? `"${stop.label}" ${formatShape(stop.value.shape)}` : "no stop";
  return new DomainError(
    `freezeStops: stop ${at + 1} must be ${describe(wanted)}, as in the first call, got ${describe(got)}; apply the same stops to the same shapes in every call`,
  );
}
