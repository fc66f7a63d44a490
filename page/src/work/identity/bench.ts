import { jvp } from "@pushforward/autodiff";
import { type FlowMap, firstOrderFlowMap, type VelocityField } from "@pushforward/flows";
import { firstRecipes, type Recipe, residualIdentity } from "@pushforward/losses";
import { norm, sub, type Tensor, type Tree, tensor, treeMap } from "@pushforward/tensor";
import { chosenRecipe, makeTrainer, parseTrainingSettings, planeProblems } from "@pushforward/training";
import { residualScene } from "@pushforward/verify";
import { type BenchSubject, training } from "../../identity/identityState.ts";
import type { Pair } from "../microscope/messages.ts";
import { Stage } from "../race/stage.ts";
import type { BenchSight, BenchSpot, PreparedBench } from "./messages.ts";

/** Points of a circle and of a path. */
const curvePoints = 48;
/** Held-out points that are shown. */
const shownPoints = 1000;

const flat = (x: Tensor): number[] => Array.from(x.dataSync());
const pair = (x: Tensor): Pair => flat(x) as unknown as Pair;
const column = (times: readonly number[]): Tensor => tensor(times.map((time) => [time]));
const rows = <Item>(item: (part: number) => Item): Item[] =>
  Array.from({ length: curvePoints + 1 }, (_, i) => item(i / curvePoints));

/** A map of the plane with a velocity: a random one, or one that is trained here. */
export class Bench {
  private readonly subject: BenchSubject;
  private readonly stage: Stage | undefined;
  private readonly problem = planeProblems[training.data]();

  constructor(subject: BenchSubject) {
    this.subject = subject;
    if (subject.map === "trained") this.stage = new Stage(this.trainer());
  }

  get prepared(): PreparedBench {
    const { stage, problem, subject } = this;
    return stage
      ? { points: Array.from(problem.heldOut.values).slice(0, 2 * shownPoints), updates: subject.updates }
      : { points: [], updates: 0 };
  }

  /**
   * Takes updates of a trained map for some milliseconds.
   *
   * @returns the updates done
   */
  async advance(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    const { stage, subject } = this;
    while (stage && stage.done < subject.updates && performance.now() < end) await stage.step();
    return stage?.done ?? 0;
  }

  /** Both sides of the identity at a spot. */
  look({ x, s, t }: BenchSpot): BenchSight {
    const { phi, v } = this.pieces();
    const [start, from, to] = [tensor([[...x]]), column([s]), column([t])];
    const { end, back, forward, pushed, backward } = residualIdentity(phi, v, start, from, to);
    const along = (place: Tensor, a: number, b: number): number[] => {
      const times = rows((part) => a + (b - a) * part);
      const places = tensor(times.map(() => flat(place)));
      return flat(phi(places, column(times.map(() => a)), column(times)));
    };
    return {
      ...{ end: pair(end), back: pair(back) },
      ...{ forward: pair(forward), pushed: pair(pushed), backward: pair(backward) },
      gap: norm(sub(backward, pushed)).item(),
      returnGap: norm(sub(back, start)).item(),
      ...ellipseOf((places) => phi(places, column(rows(() => s)), column(rows(() => t))), x, norm(forward).item()),
      path: along(start, s, t),
      wayBack: along(end, t, s),
    };
  }

  /** The map and the velocity in float64. */
  private pieces(): { phi: FlowMap; v: VelocityField } {
    const { map, seed, velocity, field } = this.subject;
    const random = residualScene("network", field).v;
    if (map === "trained")
      return { phi: this.trained(), v: velocity === "own" ? this.problem.exact!.velocity : random };
    const { phi, own } = residualScene(map, seed);
    return { phi, v: velocity === "own" ? own : random };
  }

  private trained(): FlowMap {
    const { state, trainer } = this.stage!;
    const average = treeMap((p: Tensor) => p.cast("float64"), state.ema.average as Tree) as Tree;
    return firstOrderFlowMap(trainer.network({ ...state, ema: { ...state.ema, average } }));
  }

  private trainer() {
    const { seed, updates } = this.subject;
    const settings = parseTrainingSettings({
      ...{ ...training.settings, seed, steps: Math.max(1, updates) },
      ...{ teacherVelocity: "exact", backend: "wasm" },
    });
    const recipe: Recipe = firstRecipes[training.loss];
    const terms = recipe.terms.map((term) => ({ ...term, timeLaw: { kind: "square" } as const }));
    return makeTrainer(chosenRecipe({ ...recipe, terms }, settings), this.problem, settings);
  }
}

/** Vectors of a length in all directions, and what the derivative of a function at x makes of them. */
function ellipseOf(f: (places: Tensor) => Tensor, x: Pair, length: number): Pick<BenchSight, "circle" | "ellipse"> {
  const circle = tensor(rows((part) => [Math.cos(2 * Math.PI * part), Math.sin(2 * Math.PI * part)])).mul(length);
  const [, ellipse] = jvp(f, [tensor(rows(() => [...x]))], [circle]);
  return { circle: flat(circle), ellipse: flat(ellipse) };
}
