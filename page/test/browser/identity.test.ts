import { laws, residualSearch, verify } from "@pushforward/verify";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { identityCode, identityCommand } from "../../src/identity/identityCode.ts";
import { firstIdentity, type IdentityState } from "../../src/identity/identityState.ts";
import { Bench } from "../../src/work/identity/bench.ts";
import { expectReadable, looks, saved, withoutWorkers } from "../support/readers.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();
const open = (hash = "", more = {}) => site().tab({ file: "identity.html", hash, ...more });
const settled = (page: Page) => page.waitForSelector('[data-settled="true"]', { timeout: 60_000 });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const hashOf = (page: Page): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.slice(1));
const names = ["forward", "pushed", "backward"] as const;
const vector = async (page: Page, name: string): Promise<number[]> =>
  (await page.locator(`[data-vector="${name}"]`).getAttribute("data-numbers"))!.split(" ").map(Number);
const number = async (page: Page, name: string): Promise<number> =>
  Number(await page.locator(`[data-${name}]`).getAttribute(`data-${name}`));

/** Waits until the numbers are those of a state, as the packages compute them here, up to rounding. */
async function shows(page: Page, state: IdentityState): Promise<void> {
  const bench = new Bench(state);
  while ((await bench.advance(50)) < bench.prepared.updates);
  const sight = bench.look(state);
  const gap = async (): Promise<number> => {
    const gaps = [(await number(page, "gap")) - sight.gap, (await number(page, "return")) - sight.returnGap];
    for (const name of names)
      for (const [i, value] of (await vector(page, name)).entries()) gaps.push(value - sight[name][i]);
    return Math.max(...gaps.map(Math.abs));
  };
  await settled(page);
  await expect.poll(gap, { timeout: 30_000 }).toBeLessThan(1e-11);
}

const trainedHash = "#v=1&map=trained&updates=20&seed=3&velocity=own";
const trained: IdentityState = { ...firstIdentity, map: "trained", updates: 20, seed: 3, velocity: "own" };

describe("the numbers of the bench", () => {
  it("are those of the packages for all three maps, without a fault or a violation", async () => {
    const { page, faults, violations } = await open();
    await shows(page, firstIdentity);
    await page.getByText("the identity holds").waitFor();
    await page.getByLabel("plain network").check();
    await shows(page, { ...firstIdentity, map: "network" });
    await page.getByText("the identity fails here").waitFor(); // control
    const again = (await open(trainedHash)).page;
    await again.getByText("Map after 20 of 20 updates").waitFor();
    await shows(again, trained);
    expect([faults, await violations()]).toEqual([[], []]);
  });
});

describe("every control", () => {
  it("works by keyboard, and a link restores everything", async () => {
    const { page } = await open();
    await settled(page);
    const point = page.getByLabel("Point x, moved by arrow keys or by the pointer");
    await point.press("ArrowRight");
    await point.press("Shift+ArrowDown");
    const first = firstIdentity.x;
    await expect.poll(() => Number(hashOf(page).get("x")?.split(",")[1] ?? first[1])).toBeLessThan(first[1]);
    const moved = hashOf(page).get("x")!.split(",").map(Number);
    expect(moved[0]).toBeGreaterThan(first[0]);
    expect(first[1] - moved[1]).toBeGreaterThan(3 * (moved[0] - first[0]));
    await page.getByRole("slider", { name: /^s =/ }).press("End");
    await page.getByRole("slider", { name: /^t =/ }).press("Home");
    await expect.poll(() => [hashOf(page).get("s"), hashOf(page).get("t")]).toEqual(["1", "0"]);
    await page.getByLabel("exactly invertible").press("ArrowDown");
    await expect.poll(() => hashOf(page).get("map")).toBe("network");
    await page.getByLabel("Seed of v").fill("9");
    await page.getByLabel("Seed of v").press("Enter");
    await page.getByLabel("Seed of the map").fill("12");
    await page.getByLabel("Seed of the map").press("Enter");
    await page.getByLabel("drawn residuals").selectOption("3");
    await expect.poll(() => ["field", "seed", "scale"].map((key) => hashOf(page).get(key))).toEqual(["9", "12", "3"]);
    await page.getByLabel("plain network").press("ArrowDown");
    await page.getByLabel("Updates").fill("10");
    await page.getByLabel("Updates").press("Enter");
    await page.getByText("Map after 10 of 10 updates").waitFor();
    await page.getByLabel("Velocity v").selectOption("own");
    await settled(page);
    const { hash } = new URL(page.url());
    const again = (await open(hash)).page;
    await settled(again);
    expect(new URL(again.url()).hash).toBe(hash);
    for (const name of names) expect(await vector(again, name)).toEqual(await vector(page, name));
  });

  it("follows the pointer, in a picture that stands still meanwhile", async () => {
    const { page } = await open("#v=1&map=network");
    await settled(page);
    const box = (await page.getByLabel("Point x, moved by arrow keys or by the pointer").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const start = hashOf(page).get("x");
    await page.mouse.down();
    await expect.poll(() => hashOf(page).get("x")).not.toBe(start);
    const center = hashOf(page).get("x")!.split(",").map(Number);
    await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.25 * box.height, { steps: 8 });
    await expect.poll(() => Number(hashOf(page).get("x")!.split(",")[0])).toBeGreaterThan(center[0] + 0.5);
    const [px, py] = hashOf(page).get("x")!.split(",").map(Number);
    expect(py - center[1]).toBeCloseTo((px - center[0]) * (0.25 / 0.4), 1);
    await page.mouse.up();
    await shows(page, { ...firstIdentity, map: "network", x: [px, py] });
  });
});

describe("laws", () => {
  it("are searched for counterexamples, and the simplest one is shown in the picture", async () => {
    const { page, faults } = await open();
    await settled(page);
    await button(page, "Try to break it").press("Enter");
    for (const map of ["invertible", "network"] as const) {
      await page.waitForSelector(`[data-search="${map}"]`, { timeout: 60_000 });
      const expected = residualSearch(map, { seed: 0, cases: 200 });
      const shown = page.locator(`[data-search="${map}"]`);
      expect(Number(await shown.getAttribute("data-violated"))).toBe(expected.violated);
      expect(Math.abs(Number(await shown.getAttribute("data-worst")) - expected.worst.gap)).toBeLessThan(1e-11);
    }
    await button(page, "Show the simplest instance of plain networks, the control").press("Enter");
    await page.getByText("the identity fails here").waitFor();
    expect(hashOf(page).get("map")).toBe("network");
    expect(faults).toEqual([]);
  });

  it("run alone with the result of verify, and all of them until the run is stopped", async () => {
    const { page, faults } = await open();
    await settled(page);
    const cards = await page.locator("[data-law]").count();
    expect(cards).toBe(laws.length);
    const group = page.locator("details", { has: page.locator('[data-law="backwardIsJacobianTimesForward"]') });
    await group.locator("summary").press("Enter");
    await button(page, "Run Backward residual = Jacobian × forward residual").press("Enter");
    const card = page.locator('[data-law="backwardIsJacobianTimesForward"]');
    await card.getByText("passed").waitFor({ timeout: 60_000 });
    const [report] = verify({ only: ["backwardIsJacobianTimesForward"], cases: 100, seed: 0 }).laws;
    const worst = Number(await card.getAttribute("data-worst"));
    expect(worst).toBeGreaterThan(0);
    expect(Math.abs(worst - report.worst)).toBeLessThan(report.bound);
    await page.getByText(`control violated ${report.control.violated} of ${report.control.of}`).waitFor();
    await button(page, `Run all ${laws.length} laws`).press("Enter");
    await page.waitForSelector('[data-running="true"]');
    await button(page, "Stop").press("Enter");
    await page.getByText("The run was stopped.").waitFor();
    await page.waitForSelector('[data-running="false"]');
    await expect.poll(() => hashOf(page).get("law")).toBe(null);
    expect(faults).toEqual([]);
  });

  it("stand in groups that open by keyboard; a link runs its law again with its seed, in its open group", async () => {
    const { page, faults } = await open();
    await settled(page);
    expect(await page.locator("details[open]").count()).toBe(0);
    const summary = page.locator("details", { has: page.locator('[data-law="duality"]') }).locator("summary");
    await summary.press("Enter");
    const field = page.getByLabel("Seed of the instances");
    await field.fill("-1");
    await field.press("Enter");
    await page.getByText('Seed of the instances must be a whole number from 0 to 2147483647, got "-1".').waitFor();
    expect(await field.inputValue()).toBe("0");
    await field.fill("7");
    await field.press("Enter");
    const worst = async (shown: Page): Promise<number> => {
      await shown.locator('[data-law="duality"][data-worst]').waitFor({ timeout: 60_000 });
      return Number(await shown.locator('[data-law="duality"]').getAttribute("data-worst"));
    };
    await page.locator('[data-law="duality"] button').press("Enter");
    const first = await worst(page);
    const [report] = verify({ only: ["duality"], cases: 100, seed: 7 }).laws;
    expect(Math.abs(first - report.worst)).toBeLessThan(report.bound);
    await page.waitForSelector('[data-running="false"]');
    expect(hashOf(page).get("law")).toBe("duality");
    const again = (await open(new URL(page.url()).hash)).page;
    expect(await worst(again)).toBe(first);
    expect(await again.locator("details[open] [data-law=duality]").count()).toBe(1);
    expect(await again.locator("details[open]").count()).toBe(1);
    await again.getByLabel("Seed of the instances").fill("8");
    await again.getByLabel("Seed of the instances").press("Enter");
    await expect.poll(() => worst(again), { timeout: 60_000 }).not.toBe(first); // control
    expect(faults).toEqual([]);
  });
});

describe("readers", () => {
  it.each(looks)(
    "meet no barrier of WCAG A and AA (%s, %i pixels wide), and nothing wider than the window",
    async (colorScheme, width) => {
      const tab = await open("#v=1&map=trained&updates=5", { colorScheme, width });
      await settled(tab.page);
      await expectReadable(tab);
      for (const summary of await tab.page.locator("summary").all()) await summary.press("Enter");
      expect(await tab.page.locator("details:not([open])").count()).toBe(0);
      await expectReadable(tab);
      await tab.page.evaluate(() =>
        document.querySelector("main select")?.closest("label")?.replaceWith(document.createElement("select")),
      );
      expect((await tab.barriers()).join()).toMatch(/select-name/); // control
    },
  );

  it("take along the command of the last run, and a program of the state", async () => {
    const { page } = await open("#v=1&map=network&law=duality&instances=3");
    await settled(page);
    const taken = async (name: string): Promise<string> => {
      await button(page, name).press("Enter");
      return page.getByLabel(name, { exact: true }).inputValue();
    };
    expect(await taken("Command")).toBe(identityCommand({ law: "duality", instances: 3 }));
    expect(await taken("TypeScript")).toBe(identityCode({ ...firstIdentity, map: "network" }));
  });

  it("take the vectors along", async () => {
    const { page } = await open();
    await settled(page);
    const lines = (await saved(page, "CSV"))
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    expect(lines[0]).toEqual(["vector", "x1", "x2"]);
    const pushed = lines.find(([name]) => name === "pushed")!;
    expect(pushed.slice(1).map(Number)).toEqual(await vector(page, "pushed"));
    expect(await saved(page, "SVG")).toMatch(/^<svg .*stroke="rgb.*<\/svg>$/s);
  });
});

describe("bad input", () => {
  it.each([
    ["#v=2", "This link is from a later version of the page (2); reload the page or update it."],
    ["#v=1&map=exact", "This link cannot be read: map: must be one of invertible, network, trained."],
  ])("a link %s is answered by a sentence, and the page stays usable", async (hash, sentence) => {
    const { page } = await open(hash);
    await page.getByText(sentence).waitFor();
    await page.getByLabel("plain network").check();
    await page.getByText("the identity fails here").waitFor();
  });

  it("in fields is answered by a sentence, and the field stays", async () => {
    const { page } = await open("#v=1&map=trained&updates=5");
    await settled(page);
    for (const [label, wrong, sentence, before] of [
      ["Updates", "1.5", 'Updates must be a whole number from 0 to 20000, got "1.5".', "5"],
      [
        "Seed of the map",
        "x",
        'Seed of the map must be a whole number from 0 to 2147483647, got "x".',
        String(firstIdentity.seed),
      ],
    ]) {
      const field = page.getByLabel(label, { exact: true });
      await field.fill(wrong);
      await field.press("Enter");
      await page.getByText(sentence).waitFor();
      expect(await field.inputValue()).toBe(before);
    }
  });

  it("forbidden workers and forbidden WebAssembly are told", async () => {
    await (await open("", { before: withoutWorkers })).page
      .getByText("This browser starts no workers here")
      .first()
      .waitFor();
    const blocked = await open("", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
    await blocked.page.getByText("The worker of this pane stopped").first().waitFor();
    const without = await open(trainedHash, { headers: { "Content-Security-Policy": "script-src 'self'" } });
    await without.page.getByText("add 'wasm-unsafe-eval' to script-src").first().waitFor();
  });
});
