import { exportProgram } from "@pushforward/export";
import { losses } from "@pushforward/losses";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { microscopeJax } from "../../src/microscope/microscopeJax.ts";
import { firstMicroscope, type MicroscopeState, presets } from "../../src/microscope/microscopeState.ts";
import { targetProgram } from "../../src/work/export/targetProgram.ts";
import { MicroscopeSubject } from "../../src/work/microscope/subject.ts";
import { expectReadable, looks, saved, setHidden, withoutWorkers } from "../support/readers.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();
const open = (hash = "", more = {}) => site().tab({ file: "microscope.html", hash, ...more });
const idle = (page: Page) => page.waitForSelector('[data-idle="true"]', { timeout: 60_000 });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const vector = async (page: Page, name: string): Promise<number[]> =>
  (await page.locator(`[data-vector="${name}"]`).getAttribute("data-numbers"))!.split(" ").map(Number);
const targetError = async (page: Page): Promise<number> =>
  Number(await page.locator("[data-target-error]").getAttribute("data-target-error"));
const hashOf = (page: Page): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.slice(1));

/** Waits until the shown vectors are those of a state, as the packages compute them here, up to rounding. */
async function shows(page: Page, state: MicroscopeState): Promise<void> {
  const scope = await MicroscopeSubject.open(state);
  while ((await scope.advance(50)) < scope.prepared.updates);
  const { average: u, correction, exact, target, targetError: error, velocity: v } = scope.look(state);
  const gap = async (): Promise<number> => {
    const gaps: number[] = [Math.abs((await targetError(page)) - error)];
    for (const [name, expected] of Object.entries({ v, u, correction, target, exact }))
      for (const [i, value] of (await vector(page, name)).entries()) gaps.push(Math.abs(value - expected[i]));
    return Math.max(...gaps);
  };
  await expect.poll(gap, { timeout: 30_000 }).toBeLessThan(1e-11);
}

const network: MicroscopeState = {
  ...{ ...firstMicroscope, data: "gaussian", x: [0.5, 1], s: 0.25, t: 0.75 },
  model: { kind: "network", updates: 30, seed: 4 },
};
const networkHash = "#v=1&data=gaussian&model=network&updates=30&seed=4&x=0.5,1&s=0.25&t=0.75&map=residual";

describe("the numbers of the microscope", () => {
  it("are those of the packages, for every preset of the tangent, without a fault or a violation", async () => {
    const { page, faults, violations } = await open();
    await shows(page, firstMicroscope);
    for (const { name, tangent } of presets.slice(1)) {
      await button(page, name).click();
      await shows(page, { ...firstMicroscope, tangent });
    }
    await button(page, presets[1].name).click();
    await page.getByText("the target misses the exact average velocity").waitFor(); // control
    await idle(page);
    expect([faults, await violations()]).toEqual([[], []]);
  });

  it("are those of a network that is trained here", async () => {
    const { page } = await open(networkHash);
    await page.getByText("Network after 30 of 30 updates.").waitFor();
    await shows(page, network);
    await page.getByLabel("Updates").fill("0");
    await page.getByLabel("Updates").press("Enter");
    await page.getByText("Network after 0 of 0 updates.").waitFor();
    await shows(page, { ...network, model: { kind: "network", updates: 0, seed: 4 } });
    await idle(page);
  });
});

describe("every control", () => {
  it("works by keyboard: point, times, tangent, map and step", async () => {
    const { page } = await open(networkHash);
    await idle(page);
    await page.getByLabel("Point x, moved by arrow keys or by the pointer").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowUp");
    await expect.poll(() => hashOf(page).get("x")).not.toBe("0.5,1");
    const [px, py] = hashOf(page).get("x")!.split(",").map(Number);
    expect(px).toBeGreaterThan(0.5);
    expect(py - 1).toBeCloseTo(5 * (px - 0.5), 2);
    await page.getByRole("slider", { name: /^s =/ }).focus();
    await page.keyboard.press("End"); // s moves t with it
    await expect.poll(() => [hashOf(page).get("s"), hashOf(page).get("t")]).toEqual(["1", "1"]);
    await page.getByRole("slider", { name: /^t =/ }).focus();
    await page.keyboard.press("Home");
    await expect.poll(() => [hashOf(page).get("s"), hashOf(page).get("t")]).toEqual(["0", "0"]);
    await button(page, "(v, 1, 1)").press("Enter");
    await expect.poll(() => hashOf(page).get("tangent")).toBe("v,1,1");
    await page.getByLabel("Tangent in t").fill("-0.5");
    await page.getByLabel("Tangent in t").press("Enter");
    await expect.poll(() => hashOf(page).get("tangent")).toBe("v,1,-0.5");
    await page.getByLabel("Tangent in x₁").fill("2");
    await page.getByLabel("Tangent in x₁").press("Enter");
    await expect.poll(() => hashOf(page).get("tangent")).toMatch(/^2,-?\d.*,1,-0\.5$/);
    await page.getByLabel("Times s and t").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => [hashOf(page).get("s"), hashOf(page).get("t")]).toEqual(["0.0625", "0.125"]);
    await page.getByLabel("Map over s and t").selectOption("variance");
    await page.waitForSelector('[data-map="gradient variance"]');
    await page.getByRole("slider", { name: /^Marked step/ }).focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => hashOf(page).get("step")).toBe("-3.25");
    await page.getByRole("checkbox").press(" ");
    await expect.poll(() => hashOf(page).get("arrows")).toBe("velocities");
    await page.getByLabel("Loss").selectOption("ayfEmd");
    await page.getByLabel("Data").selectOption("eightGaussians");
    await page.getByLabel("Average velocity u").selectOption("exact");
    await idle(page);
    // A link restores everything.
    const { hash } = new URL(page.url());
    const again = (await open(hash)).page;
    await idle(again);
    expect(new URL(again.url()).hash).toBe(hash);
    for (const name of ["v", "u", "correction", "target", "exact"])
      expect(await vector(again, name)).toEqual(await vector(page, name));
    for (const place of ["[data-here]", '[data-dtype="float32"]', '[data-dtype="float64"]']) {
      const attribute = place === "[data-here]" ? "data-here" : "data-error";
      expect(await again.locator(place).getAttribute(attribute)).toBe(
        await page.locator(place).getAttribute(attribute),
      );
    }
  });

  it("follows the pointer: the point, the map and the marked step", async () => {
    const { page } = await open(networkHash);
    await idle(page);
    const drag = async (locator: ReturnType<Page["locator"]>, part: readonly [number, number]) => {
      await locator.scrollIntoViewIfNeeded();
      const box = (await locator.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + part[0] * box.width, box.y + part[1] * box.height, { steps: 8 });
      await page.mouse.up();
    };
    await drag(page.getByLabel("Point x, moved by arrow keys or by the pointer"), [0.25, 0.75]);
    await expect.poll(() => hashOf(page).get("x")).not.toBe("0.5,1");
    const [px, py] = hashOf(page).get("x")!.split(",").map(Number);
    await shows(page, { ...network, x: [px, py] });
    await drag(page.getByRole("img", { name: /^Error of the central difference/ }), [0.9, 0.5]);
    await expect.poll(() => Number(hashOf(page).get("step"))).toBeGreaterThan(-1.5);
    const map = page.getByLabel("Times s and t").locator("svg");
    await map.scrollIntoViewIfNeeded();
    const box = (await map.boundingBox())!;
    await page.mouse.click(box.x + 0.8 * box.width, box.y + 0.6 * box.height);
    await expect.poll(() => Number(hashOf(page).get("t"))).toBeGreaterThan(0.76);
    expect(Number(hashOf(page).get("s"))).toBeGreaterThan(0.2);
  });
});

describe("readers", () => {
  it.each(looks)(
    "meet no barrier of WCAG A and AA (%s, %i pixels wide), and nothing wider than the window",
    async (colorScheme, width) => {
      const tab = await open("#v=1&data=gaussian&model=network&updates=5&map=variance&tangent=1,2,3,4", {
        colorScheme,
        width,
      });
      await idle(tab.page);
      await button(tab.page, "TypeScript").click();
      await expectReadable(tab);
      await tab.page.evaluate(() =>
        document.querySelector('[aria-label="Tangent in s"]')?.removeAttribute("aria-label"),
      );
      await tab.page.evaluate(() =>
        document
          .querySelector("main h1 + p + div select")
          ?.closest("label")
          ?.replaceWith(document.createElement("select")),
      );
      expect((await tab.barriers()).join()).toMatch(/select-name/); // control
    },
  );

  it("take vectors, map and differences along", async () => {
    const { page } = await open("#v=1&data=gaussian");
    await idle(page);
    const numbers = (await saved(page, "CSV"))
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    expect(numbers[0]).toEqual(["vector", "x1", "x2"]);
    expect(
      numbers
        .find(([name]) => name === "target")!
        .slice(1)
        .map(Number),
    ).toEqual(await vector(page, "target"));
    expect((await saved(page, "CSV of the map")).trim().split("\n")).toHaveLength(1 + (16 * 17) / 2);
    expect((await saved(page, "CSV of the differences")).split("\n")[0]).toBe("step,float32,float64");
    for (const name of ["SVG", "SVG of the map", "SVG of the differences"])
      expect(await saved(page, name)).toMatch(/^<svg .*stroke="rgb.*<\/svg>$/s);
  });
});

describe("JAX", () => {
  it("has the target of the loss along the chosen tangent, with the numbers of the pane", async () => {
    const { page, faults } = await open(networkHash);
    await idle(page);
    await button(page, "(v, 1, 1)").click();
    await button(page, "JAX").press("Enter");
    const text = page.getByLabel("JAX", { exact: true });
    await text.waitFor();
    const scope = await MicroscopeSubject.open(network);
    while ((await scope.advance(50)) < scope.prepared.updates);
    const tangent = { x: "velocity", s: 1, t: 1 } as const;
    const program = exportProgram(targetProgram(losses.meanFlow, tangent), "jax", { name: "target" });
    const numbers = /-?\d+\.\d{9,}(?:e-?\d+)?/g;
    const wanted = microscopeJax(program.text, network, scope.firstOrder({ ...network, tangent }));
    const shown = await text.inputValue();
    expect(shown.replace(numbers, "…")).toBe(wanted.replace(numbers, "…"));
    const valuesOf = (script: string): number[] => Array.from(script.matchAll(numbers), ([value]) => Number(value));
    for (const [i, value] of valuesOf(shown).entries()) expect(value).toBeCloseTo(valuesOf(wanted)[i], 11);
    expect(valuesOf(shown).length).toBeGreaterThan(8);
    await button(page, "(v, 1, 0)").click();
    await button(page, "JAX").press("Enter");
    await expect
      .poll(async () => (await text.inputValue()).replace(numbers, "…"))
      .not.toBe(wanted.replace(numbers, "…")); // control
    expect(faults).toEqual([]);
  });
});

describe("bad input", () => {
  it.each([
    ["#v=2", "This link is from a later version of the page (2); reload the page or update it."],
    ["#v=1&data=moons", "This link cannot be read: data: must be one of gaussian, eightGaussians."],
    ["#v=1&s=0.9&t=0.1", "This link cannot be read: s: must not exceed t, got 0.9 > 0.1."],
  ])("a link %s is answered by a sentence, and the page stays usable", async (hash, sentence) => {
    const { page } = await open(hash);
    await page.getByText(sentence).waitFor();
    await button(page, "(0, 1, 0)").click();
    await page.getByText("the target misses the exact average velocity").waitFor();
  });

  it("in fields is answered by a sentence, and the field stays", async () => {
    const { page } = await open("#v=1&data=gaussian&model=network&updates=5");
    await idle(page);
    for (const [label, wrong, sentence, before] of [
      ["Updates", "-1", 'Updates must be a whole number from 0 to 20000, got "-1".', "5"],
      ["Seed", "x", 'Seed must be a whole number from 0 to 2147483647, got "x".', "0"],
      ["Tangent in s", "fast", 'Tangent in s (ṡ) must be a number from −1000 to 1000, got "fast".', "1"],
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
    const without = await open(networkHash, { headers: { "Content-Security-Policy": "script-src 'self'" } });
    await without.page.getByText("add 'wasm-unsafe-eval' to script-src").first().waitFor();
  });

  it("of a hidden page: the network stops learning, and goes on afterwards", async () => {
    const { page } = await open("#v=1&data=gaussian&model=network&updates=20000");
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>("[data-done]")?.dataset.done) > 0);
    const done = async () => Number(await page.locator("[data-done]").getAttribute("data-done"));
    await setHidden(page, true);
    await page.waitForTimeout(400);
    const before = await done();
    await page.waitForTimeout(300);
    expect(await done()).toBe(before);
    await setHidden(page, false);
    await expect.poll(done).toBeGreaterThan(before);
  });
});
