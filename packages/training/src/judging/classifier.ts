import { valueAndGrad } from "@pushforward/autodiff";
import { activations, adam, mlp, type OptimizerState } from "@pushforward/nn";
import {
  argmax,
  compile,
  DomainError,
  div,
  foldIn,
  fromData,
  key,
  keys,
  logSoftmax,
  mul,
  neg,
  oneHot,
  ShapeError,
  sub,
  sum,
  type Tensor,
  uniform,
} from "@pushforward/tensor";
import { checkProblem, originalPoints } from "../problems/checkProblem.ts";
import type { Classes, Problem } from "../problems/problem.ts";
import { rateOf } from "../trainer/rateOf.ts";
import { countPoints, forEachBlock, type PointSet, pickPoints, rowsOf, thinPoints, thinRows } from "./pointSet.ts";

/** Features and classes of points, as a classifier finds them. */
export interface ClassifiedPoints {
  /** Values of the last hidden layer, [n, width]. */
  readonly features: PointSet;
  /** Places of the most probable classes, [n, 1]; NaN for a point whose features are not finite. */
  readonly classes: PointSet;
}

/** A network that was trained to tell the classes of a problem apart. */
export interface Classifier {
  /**
   * Classifies points in the units of training, [n, dim].
   *
   * @throws ShapeError for points of another width
   */
  read(points: PointSet): ClassifiedPoints;
}

/** Widths of the hidden layers; the last one holds the features. */
const [wide, width] = [128, 64];
const batch = 128;
const peakRate = 2e-3;
/** Updates: as many as this number of products of numbers allows, which are a few seconds on two cores. */
const [fewest, most, work] = [100, 600, 3e10];
/** Seed of the initial weights and of the batches. */
const seed = 5_244_821;
/** Rows that the scale of the inputs is computed from, and rows that are classified together. */
const blockRows = 2000;

/** Parameters of a perceptron, as `mlp` makes them. */
type Weights = ReturnType<ReturnType<typeof mlp>["init"]>;

/** Parameters of the hidden layers, and of the layer of the logits. */
interface ClassifierParams {
  readonly body: Weights;
  readonly head: Weights;
}

/** The classifiers of a problem by their numbers of judged points. */
const known = new WeakMap<Problem, Map<number, Classifier>>();

/**
 * The classifier of a problem: a perceptron of its training points, trained once for each problem and number of judged points. Equal problems
 * give equal bits. The classifier reads points in their original units, so that scores are comparable whatever coordinates are learnt
 * (`--scale`, `--latent`).
 *
 * It learns no training point that is judged in the place of a sample, as long as most of the points are others: a network is more certain of
 * points that it learnt.
 *
 * @param judged number of training points that are judged in the place of samples
 * @throws DomainError if points of the problem have no labels
 */
export function classifierOf(problem: Problem, judged: number): Classifier {
  checkProblem("classifierOf", problem);
  if (!Number.isInteger(judged) || judged < 0)
    throw new DomainError(`classifierOf: the number of judged points must be a whole number ≥ 0, got ${judged}`);
  const { classes, name } = problem;
  if (!classes) throw new DomainError(`classifierOf: points of ${name} must have labels, got none; name them`);
  const classifiers = known.get(problem) ?? new Map<number, Classifier>();
  const classifier = classifiers.get(judged) ?? trainClassifier(problem, classes, judged);
  known.set(problem, classifiers.set(judged, classifier));
  return classifier;
}

function trainClassifier(problem: Problem, classes: Classes, judged: number): Classifier {
  const inputs = inputsOf(problem);
  const network = networkOf(inputs.size, classes.names.length);
  const steps = Math.round(Math.min(most, Math.max(fewest, work / (3 * batch * wide * inputs.size))));
  const optimizer = adam({ learningRate: rateOf({ kind: "cosine" }, peakRate, steps) });
  const update = compile(
    (params: ClassifierParams, state: OptimizerState<ClassifierParams>, x: Tensor, labels: Tensor) => {
      const loss = (at: ClassifierParams): Tensor => crossEntropy(network.logits(at, inputs.of(x)), labels);
      return optimizer.update(valueAndGrad(loss)(params)[1], state, params);
    },
  );
  const [keyOfWeights, keyOfRows] = keys(key(seed), 2);
  let params = network.init(keyOfWeights);
  let state = optimizer.init(params);
  const rows = learntRows(countPoints(problem.training), judged);
  for (let step = 0; step < steps; step++) {
    const drawn = drawRows(rows, foldIn(keyOfRows, step));
    const labels = fromData(
      Int32Array.from(drawn, (row) => classes.training[row]),
      [batch],
      "int32",
    );
    [params, state] = update(params, state, rowsOf(pickPoints(problem.training, drawn)), labels);
  }
  const evaluate = compile((at: ClassifierParams, x: Tensor) => {
    const features = network.features(at, inputs.of(x));
    return [features, argmax(network.logitsOf(at, features))] as const;
  });
  const { dim, name } = problem;
  return {
    read(points) {
      if (points.dim !== dim)
        throw new ShapeError(`classifier of ${name}: points must be [n, ${dim}], got [n, ${points.dim}]`);
      return inBlocks(points, (x) => evaluate(params, x));
    },
  };
}

/** A perceptron whose last hidden layer is seen. */
function networkOf(inputs: number, classes: number) {
  const body = mlp({ sizes: [inputs, wide, width] });
  const head = mlp({ sizes: [width, classes] });
  const features = (params: ClassifierParams, x: Tensor): Tensor => activations.silu(body.apply(params.body, x));
  const logitsOf = (params: ClassifierParams, found: Tensor): Tensor => head.apply(params.head, found);
  return {
    init: (k: Tensor): ClassifierParams => {
      const [first, last] = keys(k, 2);
      return { body: body.init(first, { dtype: "float32" }), head: head.init(last, { dtype: "float32" }) };
    },
    features,
    logitsOf,
    logits: (params: ClassifierParams, x: Tensor): Tensor => logitsOf(params, features(params, x)),
  };
}

/** Mean of −log p of the right class. */
const crossEntropy = (logits: Tensor, labels: Tensor): Tensor =>
  neg(sum(mul(logSoftmax(logits), oneHot(labels, logits.shape[1], "float32"))).div(labels.size));

/** The numbers that a classifier reads: original units, scaled by one number where points are pictures, else column by column. */
function inputsOf(problem: Problem): { readonly size: number; of(x: Tensor): Tensor } {
  const original = (x: Tensor): Tensor => originalPoints(problem, x);
  const rows = compile(original)(rowsOf(thinPoints(problem.training, blockRows)));
  const axes = problem.image ? undefined : 0;
  const center = rows.mean(axes);
  const spread = rows.std(axes);
  const scale = fromData(
    Float64Array.from(spread.dataSync(), (sd) => (sd > 0 ? sd : 1)),
    spread.shape,
  );
  return { size: rows.shape[1], of: (x) => div(sub(original(x), center), scale).cast("float32") };
}

/** Places of the training points that a classifier learns. */
function learntRows(count: number, judged: number): Int32Array {
  const all = Int32Array.from({ length: count }, (_, i) => i);
  const left = new Set(thinRows(count, judged));
  return 2 * left.size > count ? all : all.filter((row) => !left.has(row));
}

/** The rows of a batch, drawn with replacement. */
const drawRows = (rows: Int32Array, k: Tensor): Int32Array =>
  Int32Array.from(uniform(k, [batch]).dataSync(), (u) => rows[Math.floor(u * rows.length)]);

/** Points classified with bounded memory. */
function inBlocks(
  points: PointSet,
  read: (x: Tensor) => readonly [features: Tensor, classes: Tensor],
): ClassifiedPoints {
  const count = countPoints(points, "classifier");
  const features = new Float64Array(count * width);
  const classes = new Float64Array(count);
  forEachBlock(points, blockRows, (rows, start) => {
    const [found, places] = read(rows);
    features.set(found.dataSync(), start * width);
    classes.set(places.dataSync(), start);
  });
  features.forEach((x, i) => {
    if (!Number.isFinite(x)) classes[Math.floor(i / width)] = Number.NaN;
  });
  return { features: { values: features, dim: width }, classes: { values: classes, dim: 1 } };
}
