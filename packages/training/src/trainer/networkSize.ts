import { flatten, key, type Program, type Tensor, traceFlat, zeros } from "@pushforward/tensor";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { networksOf } from "./networks.ts";
import type { NetworkUse } from "./networkUse.ts";

/** Numbers that a network holds. */
export interface NetworkSize {
  /** Parameters of an average velocity. */
  readonly parameters: number;
  /** Numbers that its evaluation computes for one sample and that a gradient keeps. */
  readonly perSample: number;
}

/** The part of a network's numbers that blocks keep which are computed again, such as their inputs. */
const keptOfBlocks = 1 / 6;

/**
 * The size of the network that settings name, counted in the program of its evaluation. Nothing is computed.
 *
 * Of blocks that a gradient computes again it counts one, for which a network of depth 1 stands, and the inputs of the others.
 *
 * @throws DomainError for settings that make no network for these points
 */
export function networkSize(settings: TrainingSettings, use: Omit<NetworkUse, "maxFrequency">): NetworkSize {
  const { parameters, perSample } = sizeAt(settings, use);
  if (settings.network === "mlp" || !settings.checkpointBlocks || settings.depth === 1)
    return { parameters, perSample };
  const one = sizeAt({ ...settings, depth: 1 }, use).perSample;
  return { parameters, perSample: one + keptOfBlocks * Math.max(0, perSample - one) };
}

function sizeAt(settings: TrainingSettings, use: Omit<NetworkUse, "maxFrequency">): NetworkSize {
  const network = networksOf(settings)("averageVelocity", { ...use, maxFrequency: null });
  const { dtype } = settings;
  const start = (k: Tensor) => network.init(k, { dtype });
  const evaluated = (rows: number): number => {
    const x = zeros([rows, use.dim], { dtype });
    const time = zeros([rows, 1], { dtype });
    const value = (k: Tensor, y: Tensor, s: Tensor): Tensor => network.apply(start(k), y, s, s);
    return numbersOf(programOf(value, key(0), x, time));
  };
  return {
    parameters: programOf(start, key(0)).outputs.reduce((sum, { size }) => sum + size, 0),
    perSample: evaluated(2) - evaluated(1),
  };
}

/** The program of a function, without the lines of the caller, which take long. */
const programOf = (f: (...args: never[]) => unknown, ...args: readonly Tensor[]): Program =>
  traceFlat(f, flatten(args, "networkSize"), "networkSize").program;

/** Numbers that the equations of a program compute, views left aside. */
const numbersOf = ({ equations }: Program): number =>
  equations.reduce((sum, { primitive, output }) => sum + (primitive.role === "view" ? 0 : output.size), 0);
