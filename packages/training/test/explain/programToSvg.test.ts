import { grad, stopGradient } from "@pushforward/autodiff";
import { type AnyLoss, losses } from "@pushforward/losses";
import { grouped, inGroup, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { layoutGraph, letter, scissorsWidth, textOf, textWidth } from "../../src/explain/layoutGraph.ts";
import { lossProgram } from "../../src/explain/lossProgram.ts";
import { type ProgramGraph, programGraph } from "../../src/explain/programGraph.ts";
import { programToSvg } from "../../src/explain/programToSvg.ts";
import { crossedBoxes, overlappingBoxes, strays } from "./support/faultsOfLayout.ts";

const all: readonly AnyLoss[] = Object.values(losses);

/** Whether the arrows form a circle. */
function hasCircle({ boxes, edges }: ProgramGraph): boolean {
  let left = boxes.map(({ id }) => id);
  for (;;) {
    const targets = new Set(edges.filter(({ from }) => left.includes(from)).map(({ to }) => to));
    const next = left.filter((id) => targets.has(id));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}

describe.each(all.map((loss) => [loss.name, loss] as const))("the drawing of %s", (_, loss) => {
  const graph = programGraph(lossProgram(loss).program);
  const layout = layoutGraph(graph);

  it("has at most forty boxes without circles, and scissors for every declared stop", () => {
    expect(graph.boxes.length).toBeLessThanOrEqual(40);
    expect(hasCircle(graph)).toBe(false);
    const cuts = graph.boxes.filter(({ kind }) => kind === "cut").map(({ title }) => title);
    expect([...new Set(cuts)].sort()).toEqual([...loss.stops].sort());
  });

  it("has no overlapping boxes, no arrow across a box, and text that fits", () => {
    expect([...overlappingBoxes(layout.boxes), ...crossedBoxes(layout), ...strays(layout)]).toEqual([]);
    for (const { box, width, height } of layout.boxes) {
      const lines = textOf(box);
      const room = box.kind === "cut" ? width - scissorsWidth : width;
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(room - 16);
      expect(lines.length * letter.height).toBeLessThanOrEqual(height - 8);
    }
  });
});

describe("the check of geometry", () => {
  const layout = layoutGraph(programGraph(lossProgram(losses.meanFlow).program));

  it("finds boxes that overlap, arrows across a box, and boxes outside (control)", () => {
    const [first, ...rest] = layout.boxes;
    const onto = rest[rest.length - 1];
    expect(overlappingBoxes([{ ...first, x: onto.x + 1, y: onto.y + 1 }, ...rest])).toContain(
      `${first.box.id} and ${onto.box.id} overlap`,
    );
    const wide = { ...first, x: 0, y: 0, width: layout.width, height: layout.height };
    expect(crossedBoxes({ ...layout, boxes: [wide, ...rest] }).length).toBeGreaterThan(0);
    expect(strays({ ...layout, width: 10 }).length).toBe(layout.boxes.length + layout.edges.length);
    expect(hasCircle({ boxes: programGraph(lossProgram(losses.esd).program).boxes.slice(0, 2), edges: [] })).toBe(
      false,
    );
    const [a, b] = layout.boxes.map(({ box }) => box);
    const arrow = (from: string, to: string) => ({ from, to, part: "primal" as const, details: [], uses: [] });
    expect(hasCircle({ boxes: [a, b], edges: [arrow(a.id, b.id), arrow(b.id, a.id)] })).toBe(true);
  });
});

describe("programGraph", () => {
  const boxOf = (graph: ProgramGraph, title: string) => graph.boxes.filter((box) => box.title === title);

  it("shows a group as one box for each part, with what it computes as formulas", () => {
    const { boxes } = programGraph(lossProgram(losses.meanFlow).program);
    expect(boxes.map(({ kind, part, title = "", lines }) => [kind, part, title, ...lines].join(" | "))).toEqual([
      "input | primal |  | A, b, c, s, t, xs",
      "input | primal |  | A, b, c, v",
      "input | primal |  | s, t, v",
      "input | primal |  | s, t, xs",
      "result | primal |  | loss",
      "result | primal |  | ∇A, ∇b, ∇c",
      "equations | primal | u | q = xs·A + b·s + c·t | u = tanh(q)",
      "equations | tangent | u · tangent | ad = 4·sigmoid(2·q)·sigmoid(−2·q) | du = (v·A + b)·ad",
      "equations | primal |  | ah = v + (t − s)·du",
      "cut | cut | target",
      "equations | primal |  | ai = u − target | loss = sum(ai²)/4",
      "equations | cotangent |  | ∇u = 0.5·ai",
      "equations | cotangent | u · cotangent | ∇c = sum(∇u·ad·t) | ∇b = sum(∇u·ad·s) | ∇A = xsᵀ·∇u·ad",
    ]);
  });

  it("splits a box that would close a circle", () => {
    const group = { name: "f" };
    const f = (x: Tensor): Tensor => inGroup(group, () => x.sin());
    const program = trace((x: Tensor) => f(f(x).exp()))(tensor(1));
    const graph = programGraph(program);
    expect(boxOf(graph, "f")).toHaveLength(2);
    expect(hasCircle(graph)).toBe(false);
  });

  it("opens groups and stop-gradients on demand, and names those that there are", () => {
    const program = trace(
      grad((x: Tensor) => grouped("f", () => x.sin().exp().cos()).mul(stopGradient(x.exp().sin(), "half"))),
      { names: ["x"] },
    )(tensor(1));
    const closed = programGraph(program);
    const open = programGraph(program, { expand: ["f", "half"] });
    expect(boxOf(closed, "f").map(({ lines }) => lines)).toEqual([["c = exp(sin(x))", "d = cos(c)"]]);
    expect(boxOf(open, "f").map(({ lines }) => lines)).toEqual([["a = sin(x)"], ["c = exp(a)"], ["d = cos(c)"]]);
    expect(() => programGraph(program, { expand: ["network"] })).toThrow(
      'programGraph: expand must be one of f, half, got "network"',
    );
  });
});

describe("programToSvg", () => {
  const svg = programToSvg(lossProgram(losses.esd).program, { title: 'A < "B"' });

  it("has a name, a description and types on hover, and neither scripts nor links", () => {
    expect(svg).toContain('role="img" aria-label="A &lt; &quot;B&quot;"');
    expect(svg).toContain("<title>A &lt; &quot;B&quot;</title><desc>From ");
    expect(svg).toContain("Stop-gradients: velocity, advection.</desc>");
    expect(svg).toMatch(/<g><title>velocity: float64\[4,2\] = stopGradient/);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/<script|href|https?:|onload/);
  });

  it("tells the parts apart by colour and by line, on light and dark paper", () => {
    const styles = ["primal", "tangent", "cotangent"].map(
      (part) => svg.match(`\\.pg \\.${part}\\{[^}]*dasharray:([^}]*)`)![1],
    );
    expect(new Set(styles).size).toBe(3);
    expect(svg.match(/--pg-tangent:/g)).toHaveLength(2);
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  it("gives every text its measured width, and is the same every time", () => {
    for (const [, length, text] of svg.matchAll(/<text [^>]*textLength="([\d.]+)"[^>]*>([^<]*)</g))
      expect(Number(length)).toBeCloseTo(textWidth(text.replaceAll(/&\w+;/g, "&")), 0);
    expect(programToSvg(lossProgram(losses.esd).program, { title: 'A < "B"' })).toBe(svg);
    expect(textWidth("ū̄")).toBe(letter.width);
  });

  it("draws a program without equations", () => {
    expect(programToSvg(trace((x: Tensor) => x)(tensor(1)))).toContain("</svg>");
  });
});
