import { DomainError, inWords, optionsOf, sizeOf, type Tensor, type TensorLike, type Tree } from "@pushforward/tensor";
import type { EmbeddingSpec } from "../layers/embeddings.ts";
import { checkParameters, checkWhole, initParameters, type ParametersOf } from "../layers/layer.ts";
import { checkImage } from "../pictures/patchify.ts";
import { labelsOf } from "./classLabels.ts";
import { checkPoints, columns } from "./columns.ts";
import { type Conditioning, type ConditioningParams, conditioning, withIdle } from "./conditioning.ts";
import { checkGuidance, type GuidanceInput, guidanceInput } from "./guidanceScale.ts";
import type { Conditions, FlowNetwork } from "./network.ts";

/** The times of a network: one of a velocity v(x, t), two of an average velocity u(x, s, t). */
export type TimesOf<N extends 1 | 2> = N extends 1 ? readonly [t: TensorLike] : readonly [s: TensorLike, t: TensorLike];

/**
 * A network of flat pictures [batch, height·width·channels], times and classes, as losses, solvers and trainings take it.
 *
 * `apply(params, x, s, t, labels, omega)` takes times and the scale ω of a guidance as scalars or [batch, 1], and labels as int32 [batch] or an
 * int32 scalar. Without labels every picture has no class.
 */
export type PictureNetwork<P, N extends 1 | 2 = 2> = FlowNetwork<P, readonly [...TimesOf<N>, ...Conditions]>;

/** Settings that all networks of pictures share. */
export interface PictureOptions<N extends 1 | 2 = 2> extends GuidanceInput {
  /** Height, width and channels of a picture, such as [28, 28, 1]. */
  readonly image: readonly [height: number, width: number, channels: number];
  /** 2 (default) for average velocities u(x, s, t), 1 for velocities v(x, t). */
  readonly times?: N;
  /** Embedding of the times; default `{ kind: "sinusoidal" }`. */
  readonly embedding?: EmbeddingSpec;
  /** Whether layers at the ends of branches start at 0, so that the network starts as the zero velocity; default true. */
  readonly zeroOutputs?: boolean;
}

/** The part of a network between the pictures and the vector of their times and classes. */
export interface PictureBody<P> {
  readonly parameters: Omit<ParametersOf<P>, keyof ConditioningParams>;
  /**
   * @param x [batch, height, width, channels]
   * @param c [batch, dim], the vector of times and class
   * @returns the shape of x
   */
  apply(params: P, x: Tensor, c: Tensor): Tensor;
  lastLayer(params: P): Tree;
}

/**
 * Checks the settings that all networks of pictures share.
 *
 * @throws DTypeError, ShapeError or DomainError that names the operation
 */
export function checkPictureOptions(operation: string, options: PictureOptions<1 | 2>): void {
  const { image, classes, times = 2 } = optionsOf(operation, options, "zeroOutputs", "guidance");
  checkImage(operation, image);
  if (classes !== undefined) checkWhole(operation, "classes", classes, 1);
  checkGuidance(operation, options);
  if (times !== 1 && times !== 2) throw new DomainError(`${operation}: times must be 1 or 2, got ${inWords(times)}`);
}

/**
 * Makes a network of flat pictures of a body of pictures with axes.
 *
 * @param dim number of features of the vector of times and class
 */
export function pictureNetwork<P extends ConditioningParams, N extends 1 | 2>(
  operation: string,
  options: PictureOptions<N>,
  dim: number,
  body: PictureBody<P>,
): PictureNetwork<P, N> {
  const { image, classes, guidance, embedding = { kind: "sinusoidal" }, times = 2 } = options;
  const told: Conditioning = conditioning({ dim, times, classes, guidance, embedding });
  const parameters = { ...body.parameters, ...told.parameters } as unknown as ParametersOf<P>;
  return {
    init: (key, settings = {}) => initParameters<P>(`${operation}: init`, key, parameters, settings),
    apply: (params, x, ...rest) => {
      checkParameters(operation, params, parameters);
      const [given, labels, omega] = [rest.slice(0, times), rest[times] as Tensor | undefined, rest[times + 1]];
      checkPoints(operation, x, sizeOf(image));
      const lead = x.shape.slice(0, -1);
      const batch = sizeOf(lead);
      const at = columns(operation, x, given).map((time) => time.reshape([batch, 1]));
      const spans = at.length === 2 ? [at[0], at[1].sub(at[0])] : at;
      const scale = guidanceInput(operation, x, omega, options)?.reshape([batch, 1]);
      const c = told.apply(params, spans, labelsOf(operation, labels, lead, classes), scale);
      return body.apply(params, x.reshape([batch, ...image]), c).reshape(x.shape);
    },
    lastLayer: body.lastLayer,
    startingAs: (velocity) => withIdle(velocity, { times, guidance }),
  };
}
