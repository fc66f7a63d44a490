import { grad, withStops } from "@pushforward/autodiff";
import { type AnyLoss, losses, offDiagonal } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { smallProblem } from "../../src/explain/smallProblem.ts";
import {
  builtinProblems,
  lossPlacements,
  type PlacementFigures,
  placementBatches,
  programGraph,
} from "../../src/index.ts";

const problem = builtinProblems.eightGaussians();
const exact = { problem, velocity: "exact" } as const;
const single = { problem, velocity: "conditional" } as const;
const paper = { withoutStops: [], cuts: [] };
const all = ({ groups }: PlacementFigures) => groups[0];
const opened = (loss: AnyLoss, flow: Parameters<typeof lossPlacements>[1] = exact, seed = 0) =>
  lossPlacements(loss, flow, seed);

/** ‖∇‖ of a loss by withStops while the loss runs, on the same samples in one batch. */
function lengthWithout(loss: AnyLoss, label: string): number {
  const batch = placementBatches.count * placementBatches.rows;
  const { value, args } = smallProblem(loss, { flow: exact, batch, law: offDiagonal(loss.timeLaw) });
  const { A, b, c } = withStops([label], () => grad(value)(...args));
  return Math.hypot(...[A, b, c].map((each) => Math.sqrt(each.square().sum().item())));
}

describe.each(Object.values(losses) as AnyLoss[])("placements of $name", (loss) => {
  it("leave the value, and have the gradient of withStops", () => {
    const board = opened(loss);
    expect(board.stops).toEqual(expect.arrayContaining([...loss.stops]));
    const { value } = board.measure(paper);
    for (const label of board.stops) {
      const figures = board.measure({ ...paper, withoutStops: [label] });
      expect(figures.value).toBe(value);
      expect(figures.blocked).not.toHaveProperty(label);
      const length = lengthWithout(loss, label);
      expect(Math.abs(all(figures).length - length)).toBeLessThanOrEqual(1e-9 * length);
    }
    const uncut = board.measure({ ...paper, withoutStops: board.stops });
    expect(all(uncut).lengthRatio).toBe(1);
    expect(programGraph(board.program).boxes.length).toBeLessThanOrEqual(20);
  });
});

describe("a cut", () => {
  const board = opened(losses.meanFlow);
  const graph = programGraph(board.program);
  const stop = graph.boxes.find(({ kind }) => kind === "cut")!;

  it("before the paper's stop-gradient does nothing, and in its place does the same", () => {
    const written = all(board.measure(paper));
    const before = { label: "own", uses: graph.edges.find(({ to }) => to === stop.id)!.uses };
    expect(all(board.measure({ ...paper, cuts: [before] }))).toEqual(written);
    const moved = all(board.measure({ withoutStops: ["target"], cuts: [before] }));
    expect(moved.length).toBeCloseTo(written.length, 12);
    expect(all(board.measure({ withoutStops: ["target"], cuts: [] })).length).not.toBeCloseTo(written.length, 3); // control
  });

  it("at the result makes the gradient zero and blocks the cotangent 1", () => {
    const result = graph.edges.find(({ to }) => graph.boxes.find(({ id }) => id === to)?.kind === "result")!;
    const figures = board.measure({ ...paper, cuts: [{ label: "end", uses: result.uses }] });
    expect([figures.blocked.end, all(figures).length]).toEqual([1, 0]);
    expect(figures.value).toBe(board.measure(paper).value);
  });

  it("is there for every arrow of the drawing, at every depth", () => {
    const names = ["u", "target", "rest"];
    const { edges } = programGraph(board.program, { expand: names });
    expect(edges.length).toBeGreaterThan(graph.edges.length);
    for (const { uses } of edges) {
      expect(uses.length).toBeGreaterThan(0);
      expect(board.measure({ ...paper, cuts: [{ label: "one", uses }] }).value).toBe(board.measure(paper).value);
    }
  });
});

describe("figures", () => {
  it("show why MeanFlow stops its target: without the stop the gradient fits the variance of single samples", () => {
    for (const seed of [0, 1, 2]) {
      const [stopped, free] = [[], ["target"]].map((withoutStops) =>
        all(opened(losses.meanFlow, single, seed).measure({ ...paper, withoutStops })),
      );
      expect(stopped.trueCosine).toBeGreaterThan(0.9);
      expect(free.trueCosine).toBeLessThan(0.6);
      expect(free.bias).toBeGreaterThan(2 * stopped.bias);
      const exactFree = all(opened(losses.meanFlow, exact, seed).measure({ ...paper, withoutStops: ["target"] }));
      expect(exactFree.trueCosine).toBeGreaterThan(0.85); // control: with the exact velocity both point at the truth
    }
  });

  it("are exact for flow matching with the exact velocity: no bias, cosine 1", () => {
    const { trueCosine, bias } = all(opened(losses.flowMatching).measure(paper));
    expect(trueCosine).toBeCloseTo(1, 5);
    expect(bias).toBeLessThan(1e-2);
    expect(all(opened(losses.flowMatching, single).measure(paper)).noise).toBeGreaterThan(
      all(opened(losses.flowMatching).measure(paper)).noise,
    );
  });

  it("of stop-gradients that cut cotangents only differ between forward and reverse mode", () => {
    const board = opened(losses.meanFlow);
    const both = board.measure(paper).modes;
    const only = board.measure({ ...paper, isCotangentsOnly: true }).modes;
    expect(both.gap).toBeLessThan(1e-12);
    expect(only.gap).toBeGreaterThan(0.05);
    expect(only.reverse).toBeCloseTo(both.reverse, 12);
    expect(only.forward).toBeCloseTo(board.measure({ ...paper, withoutStops: ["target"] }).modes.forward, 12);
  });

  it("are absent where no true error is known", () => {
    const board = opened(losses.dmd);
    expect(board.isTruthKnown).toBe(false);
    expect(all(board.measure(paper)).bias).toBeNaN();
  });

  it("refuse labels and problems that do not fit", () => {
    expect(() => opened(losses.meanFlow).measure({ ...paper, withoutStops: ["goal"] })).toThrow(
      'meanFlow: withoutStops must be of target, got "goal"',
    );
    expect(() => opened(losses.meanFlow, { problem: builtinProblems.moons(), velocity: "exact" })).toThrow(
      "lossPlacements: the problem must be in the plane with a known velocity, got moons",
    );
    expect(() => opened(losses.meanFlow, { problem, velocity: "own" as never })).toThrow(
      "lossPlacements: the velocity must be exact or conditional, got own",
    );
  });
});
