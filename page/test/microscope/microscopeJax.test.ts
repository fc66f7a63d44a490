import { exportProgram } from "@pushforward/export";
import { type LossName, losses } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { reasonToSkip } from "../../../packages/export/test/support/python.ts";
import { catalogue } from "../../build/catalogue.ts";
import { localTangent, microscopeJax } from "../../src/microscope/microscopeJax.ts";
import { tangentLosses } from "../../src/microscope/microscopeLink.ts";
import { firstMicroscope, type MicroscopeState, presets } from "../../src/microscope/microscopeState.ts";
import { targetProgram } from "../../src/work/export/targetProgram.ts";
import { MicroscopeSubject } from "../../src/work/microscope/subject.ts";
import { areClose, runJax } from "../support/runJax.ts";

/** The script that a reader copies, and the target of the pane. */
async function copied(state: MicroscopeState): Promise<{ script: string; target: readonly number[] }> {
  const scope = await MicroscopeSubject.open(state);
  while ((await scope.advance(50)) < scope.prepared.updates);
  const local = scope.firstOrder(state);
  const program = targetProgram(losses[state.loss as LossName], localTangent(state.tangent, local));
  const { text, constants } = exportProgram(program, "jax", { name: "target" });
  expect([...constants.keys()]).toEqual([]);
  return { script: microscopeJax(text, state, local), target: scope.look(state).target };
}

const network = { kind: "network", updates: 5, seed: 2 } as const;
const states: readonly MicroscopeState[] = tangentLosses(catalogue()).flatMap(({ name }) =>
  [...presets.map(({ tangent }) => tangent), { x: [0.5, -1], s: 2, t: -0.5 } as const].map((tangent) => ({
    ...{ ...firstMicroscope, loss: name, data: "gaussian", model: network, tangent },
  })),
);

describe("the script of JAX that a reader copies", () => {
  it("is the target of the loss, with the point and the average velocity of the pane", async () => {
    const { script } = await copied({ ...firstMicroscope, data: "gaussian" });
    const lines = script.split("\n").map((line) => line.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, "…"));
    expect(lines.slice(lines.indexOf("def target(u, xs, v, s, t):"))).toEqual([
      "def target(u, xs, v, s, t):",
      "    u_2, du = jax.jvp(u, (xs, s, t), (v, jnp.ones_like(s), jnp.zeros_like(t)))  # float64[1, 2]",
      '    target_ = jax.lax.stop_gradient(v + (t - s) * du)  # stop "target", float64[1, 2]',
      "    return u_2 - 0.5 * (u_2 - target_ + (u_2 - target_))",
      "",
      "",
      "xs, s, t = jnp.array([[0.9, 1.4]]), jnp.array([[0.2]]), jnp.array([[0.95]])",
      "v = jnp.array([[…, …]])  # the exact velocity at xs and s",
      "",
      "",
      "def u(x, a, b):",
      '    """The average velocity of the pane to first order around the point; your network takes its place."""',
      "    dx = jnp.array([[…, …], […, …]])",
      "    return jnp.array([[…, …]]) + (x - xs) @ dx + (a - s) * jnp.array([[…, …]]) + (b - t) * jnp.array([[…, …]])",
      "",
      "",
      'print("target", target(u, xs, v, s, t).tolist())',
      "",
    ]);
  });

  it("prints the target of the pane, for every loss and every tangent", async (context) => {
    const reason = reasonToSkip("jax");
    if (reason) context.skip(reason);
    const scripts = [];
    for (const state of states) scripts.push(await copied(state));
    for (const [i, printed] of runJax(scripts.map(({ script }) => script)).entries()) {
      const { loss, tangent } = states[i];
      expect(areClose(printed.target, scripts[i].target), `${loss} ${JSON.stringify(tangent)}`).toBe(true);
    }
    expect(new Set(scripts.map(({ target }) => target.join())).size).toBeGreaterThan(states.length / 2); // control
  });
});
