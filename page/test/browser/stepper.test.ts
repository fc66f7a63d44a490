import { grad, jvp, stopGradient, withStops } from "@pushforward/autodiff";
import { losses } from "@pushforward/losses";
import { type Tensor, tensor } from "@pushforward/tensor";
import { lossInstance, stepThrough } from "@pushforward/training";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { expectReadable, looks, saved, setHidden, tabTo, withoutWorkers } from "../support/readers.ts";
import { runProgram } from "../support/runProgram.ts";
import type { Tab, TabOptions } from "../support/site.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();

const open = (options: TabOptions = {}): Promise<Tab> => site().tab({ file: "stepper.html", ...options });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
/** Waits until the program of the chosen state is shown. */
const current = (page: Page) => page.waitForSelector('[data-current="true"][data-last]');
const at = (page: Page, position: number) => page.waitForSelector(`[data-position="${position}"]`);

/** Numbers of a value that the page shows; undefined while there are none. */
async function shown(page: Page, name: string, kind: "value" | "tangent" | "cotangent"): Promise<number[] | undefined> {
  const text = await page.locator(`li[data-name="${name}"]`).getAttribute(`data-${kind}`);
  return text === null ? undefined : text.split(" ").map(Number);
}

describe("the first scene", () => {
  it("shows what a stop-gradient blocks, with the numbers of jvp and grad", async () => {
    const { page, faults, violations } = await open();
    await current(page);
    await page.getByText("the stop-gradient “sg” blocks the cotangent 2.614 of sg. It does not reach c.").waitFor();
    await page.getByLabel("Position in the program").press("End");
    await at(page, 13);
    const f = (x: Tensor, y: Tensor): Tensor =>
      y
        .mul(x.tanh())
        .sub(stopGradient(x.add(y), "sg"))
        .square();
    const inputs = [tensor(0.5), tensor(1.5)] as const;
    const [value, tangent] = jvp(f, inputs, [tensor(1), tensor(0)]);
    const slope = (without: string[]): number => withStops(without, () => grad(f)(...inputs)).item();
    expect(await shown(page, "e", "value")).toEqual([value.item()]);
    expect(await shown(page, "e", "tangent")).toEqual([tangent.item()]);
    expect((await shown(page, "x", "cotangent"))![0]).toBeCloseTo(slope([]), 14);
    expect((await shown(page, "x", "cotangent"))![0]).not.toBeCloseTo(slope(["sg"]), 3); // control
    await page.getByLabel("stop-gradient “sg”").uncheck();
    await page.waitForSelector('li[data-name="x"]:not([data-cotangent="0"])');
    await page.getByLabel("Position in the program").press("End");
    await expect.poll(async () => (await shown(page, "x", "cotangent"))?.[0]).toBeCloseTo(slope(["sg"]), 14);
    expect([faults, await violations()]).toEqual([[], []]);
  });
});

describe("a loss", () => {
  it.each([
    ["meanFlow", "", []],
    ["consistencyDistillation", "xs", ["target"]],
  ] as const)("%s has the numbers of stepThrough", async (name, moved, off) => {
    const hash = `#v=1&show=${name}${moved && `&along=${moved}`}${off.map((label) => `&off=${label}`).join("")}&at=99999`;
    const { page } = await open({ hash });
    await current(page);
    const instance = lossInstance(losses[name], off);
    const names = instance.program.inputs.map((x) => instance.program.names.get(x));
    const place = Math.max(0, names.indexOf(moved));
    const tangents = instance.inputs.map((x, i) => (i === place ? x.mul(0).add(1) : null));
    for (const step of stepThrough(instance, { tangents, cotangents: [tensor(1)] })) {
      for (const [kind, x] of [
        ["value", step.primal],
        ["tangent", step.tangent!],
        ["cotangent", step.cotangent!],
      ] as const)
        expect(await shown(page, step.name, kind)).toEqual(Array.from(x.dataSync(), (entry) => Number(entry) + 0)); // "0" is also −0
    }
    expect(await shown(page, names[place]!, "tangent")).not.toEqual(await shown(page, names[place]!, "value")); // control
  });
});

describe("the steps", () => {
  it("are taken by keyboard: step, back, slider, rows, play and pause", async () => {
    const { page } = await open({ hash: "#v=1&show=inverse&at=0" });
    await current(page);
    await at(page, 0);
    expect(await shown(page, "a", "value")).toBe(undefined);
    await tabTo(page, "Step");
    await page.keyboard.press("Enter");
    await at(page, 1);
    expect(await shown(page, "a", "value")).toEqual([0.25]);
    expect(await shown(page, "a", "cotangent")).toBe(undefined);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await at(page, 2);
    await tabTo(page, "b = x·sg");
    await page.keyboard.press("Enter");
    await at(page, 3);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await at(page, 2);
    await button(page, "Back").press("Enter");
    await at(page, 1);
    await button(page, "Play").press("Enter");
    await page.waitForSelector('[data-playing="true"]');
    await page.waitForSelector('[data-position="3"]');
    await button(page, "Pause").press("Enter");
    await page.waitForSelector('[data-playing="false"]');
    await button(page, "Play").press("Enter");
    await page.waitForSelector('[data-playing="false"][data-position="7"]');
    await page.waitForFunction(() => location.hash.endsWith("&at=7"));
  });

  it("stop while the page is hidden", async () => {
    const { page } = await open({ hash: "#v=1&show=inverse&at=0" });
    await current(page);
    await button(page, "Play").click();
    await setHidden(page, true);
    await page.waitForSelector('[data-playing="false"]');
  });
});

describe("a number that is not finite", () => {
  it.each([
    ["negativeLog", "The value of a is the first number that is not finite: NaN. It comes from a = log(x) at x = -1."],
    [
      "zeroTimesInfinity",
      "The value of a is the first number that is not finite: Infinity. It comes from a = 1/y at y = 0.",
    ],
    ["rootOfZero", "The tangent of b is the first number that is not finite: NaN. It comes from b = sqrt(a) at a = 0."],
  ])("is shown with its cause: %s", async (show, sentence) => {
    const { page } = await open({ hash: `#v=1&show=${show}` });
    await page.getByText(sentence).waitFor();
    expect(await page.locator(".entry.bad").count()).toBeGreaterThan(0);
    await page.getByRole("combobox", { name: "Program" }).selectOption("paths");
    await page.waitForSelector('li[data-name="c"]');
    expect(await page.locator("[data-bad]").count()).toBe(0); // control
  });
});

describe("a function of the reader", () => {
  it("is typed, moved and restored by its link", async () => {
    const { page } = await open();
    await current(page);
    await tabTo(page, "Formula");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("x * sg(t) + t^2");
    await page.waitForSelector('li[data-name="t"]');
    expect(await page.getByRole("combobox", { name: "Program" }).inputValue()).toBe("own");
    for (const [label, text] of [
      ["Value of x", "3"],
      ["Value of t", "-2"],
      ["Tangent of t", "5"],
    ]) {
      await page.getByLabel(label).fill(text);
      await page.getByLabel(label).press("Enter");
    }
    await page.getByLabel("Position in the program").press("End");
    await page.waitForSelector('li[data-name="t"][data-cotangent="-4"]');
    expect(await shown(page, "t", "tangent")).toEqual([5]);
    expect(await shown(page, "sg", "cotangent")).toEqual([3]);
    const { page: other } = await open({ hash: new URL(page.url()).hash });
    await other.waitForSelector('li[data-name="t"][data-cotangent="-4"]');
    expect(await other.locator("li").allInnerTexts()).toEqual(await page.locator("li").allInnerTexts());
    expect(await other.getByLabel("Formula").inputValue()).toBe("x * sg(t) + t^2");
  });

  it.each([
    ["x * (y", 'it must have ")" at character 7, got the end'],
    ["x + alert(1)", 'the function "alert" is not allowed'],
    ["x $ y", 'the character "$" is not allowed'],
    ["[x, y]", "must be one number, got a vector of 2"],
  ])("that does not parse is answered by a sentence, and the page stays usable: %s", async (formula, sentence) => {
    const { page, faults } = await open();
    await current(page);
    await page.getByLabel("Formula").fill(formula);
    await page.locator("[data-problem]").filter({ hasText: sentence }).waitFor();
    expect(await button(page, "TypeScript").count()).toBe(0);
    await page.getByLabel("Formula").fill("x * 2");
    await current(page);
    await page.getByLabel("Position in the program").press("End");
    await page.waitForSelector('li[data-name="x"][data-cotangent="2"]');
    expect(faults).toEqual([]);
  });

  it("shows the place of an error, and a constant has no equations", async () => {
    const { page } = await open();
    await current(page);
    await page.getByLabel("Formula").fill("x + z * 2");
    await button(page, "Select character 5").click();
    const place = await page.getByLabel("Formula").evaluate((field) => {
      const { selectionStart, selectionEnd } = field as HTMLInputElement;
      return [selectionStart, selectionEnd];
    });
    expect(place).toEqual([4, 5]);
    await page.getByLabel("Formula").fill("pi");
    await page.getByText("This function is a constant").waitFor();
  });

  it("keeps its numbers when a text is none", async () => {
    const { page } = await open();
    await current(page);
    const field = page.getByLabel("Value of x");
    for (const wrong of ["one", "", "Infinity"]) {
      await field.fill(wrong);
      await field.press("Enter");
      await page.getByText(`The value of x must be a number, got "${wrong}".`).waitFor();
      expect(await field.inputValue()).toBe("0.5");
    }
  });
});

describe("readers take along", () => {
  it.each([
    "#v=1&show=own&f=y+*+log(x)+%2B+sg(x)&x=-3&y=2&dx=-1&dy=0.5&off=sg",
    "#v=1&show=meanFlow&along=b&off=target",
  ])("TypeScript that prints the numbers of the pane: %s", async (hash) => {
    const { page } = await open({ hash: `${hash}&at=9999` });
    await current(page);
    await button(page, "TypeScript").click();
    const code = await page.getByLabel("TypeScript", { exact: true }).inputValue();
    const rows = await page.locator("li[data-name]").evaluateAll((items) =>
      items.flatMap((item) => {
        const { value, tangent, cotangent } = (item as HTMLElement).dataset;
        return [value, tangent, cotangent];
      }),
    );
    const printed = Array.from(
      runProgram(code).matchAll(/^ +(?:primal|tangent|cotangent) \[.*?\] (.*)$/gm),
      ([, numbers]) => numbers,
    );
    expect(printed).toEqual(rows);
    expect(printed.length).toBeGreaterThan(8);
    expect(new Set(printed).size).toBeGreaterThan(3);
  });

  it("the program as JAX and as a drawing, and the command of a loss; a formula has no command", async () => {
    const { page, faults, violations } = await open({ hash: "#v=1&show=inverse" });
    await current(page);
    expect(await button(page, "Command").count()).toBe(0);
    await button(page, "JAX").press("Enter");
    const jax = page.getByLabel("JAX", { exact: true });
    await jax.waitFor();
    expect(await jax.inputValue()).toContain('sg = jax.lax.stop_gradient(1 / x)  # stop "sg"');
    expect(await jax.inputValue()).toContain("    jnp.array(4.0),  # x");
    const drawing = await saved(page, "SVG");
    expect(drawing).toMatch(/^<svg .*<\/svg>\n$/s);
    for (const text of ["x·sg", "1/x", "sg"]) expect(drawing).toContain(text);
    await page.getByRole("combobox", { name: "Program" }).selectOption("meanFlow");
    await current(page);
    await page.getByLabel("stop-gradient “target”").uncheck();
    await button(page, "Command").press("Enter");
    expect(await page.getByLabel("Command", { exact: true }).inputValue()).toBe(
      "npx --yes pnpm@10 pushforward explain meanFlow --without-stops target",
    );
    await button(page, "JAX").press("Enter");
    await expect.poll(() => jax.inputValue()).not.toContain("stop_gradient");
    expect(await saved(page, "SVG")).not.toContain("1/x"); // control
    expect([faults, await violations()]).toEqual([[], []]);
  });

  it("all numbers as CSV, and the link", async () => {
    const { page } = await open({ hash: "#v=1&show=inverse&at=7" });
    await current(page);
    const [head, ...lines] = (await saved(page, "CSV")).trim().split("\n");
    expect(head).toBe("value of,formula,entry,value,tangent,cotangent");
    expect(lines).toEqual([
      '"x","",0,4,1,0.25',
      '"a","1/x",0,0.25,-0.0625,0',
      '"sg","stopGradient(a)",0,0.25,0,4',
      '"b","x·sg",0,1,0.25,1',
    ]);
    await button(page, "Link").click();
    expect(await page.getByLabel("Link", { exact: true }).inputValue()).toContain("stepper.html#v=1&show=inverse");
  });
});

describe("bad input", () => {
  it.each([
    ["#v=2", "This link is from a later version of the page (2)"],
    ["#v=1&show=suns", "This link cannot be read: show: must be an example"],
    ["#v=1&x=one", "This link cannot be read: x: must be a number."],
  ])("a link %s is answered by a sentence, and the page stays usable", async (hash, sentence) => {
    const { page } = await open({ hash });
    await page.getByText(sentence).waitFor();
    await current(page);
    await button(page, "Step").click();
    await at(page, 10);
  });

  it("an input that the loss does not have, forbidden workers and forbidden WebAssembly", async () => {
    const { page } = await open({ hash: "#v=1&show=meanFlow&along=zz" });
    await page.getByText('The input that moves must be one of A, b, c, s, t, v, xs, got "zz".').waitFor();
    await page.getByRole("combobox", { name: "Program" }).selectOption("inverse");
    await current(page);
    await (await open({ before: withoutWorkers })).page
      .getByText("This browser starts no workers here")
      .first()
      .waitFor();
    const blocked = (await open({ headers: { "Content-Security-Policy": "worker-src 'none'" } })).page;
    await blocked.getByText("The worker of this pane stopped").first().waitFor();
    // the stepper evaluates programs without WebAssembly
    await current((await open({ headers: { "Content-Security-Policy": "script-src 'self'" } })).page);
  });
});

describe("readers", () => {
  it.each(looks)(
    "meet no barrier (%s, %i pixels wide), and nothing wider than the window",
    async (colorScheme, width) => {
      const tab = await open({ colorScheme, width });
      const { page, barriers, violations, faults } = tab;
      await current(page);
      for (const show of ["target", "rootOfZero", "meanFlow"]) {
        await page.getByRole("combobox", { name: "Program" }).selectOption(show);
        await current(page);
        await expectReadable(tab);
      }
      expect([faults, await violations()]).toEqual([[], []]);
      await page.evaluate(() => document.querySelector("input[type=range]")?.removeAttribute("aria-label"));
      await page.evaluate(() => document.querySelector(".scrub span")?.remove());
      expect((await barriers()).join()).toMatch(/label/); // control
    },
  );
});
