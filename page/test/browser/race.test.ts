import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportLoss } from "@pushforward/export";
import { losses, recipes } from "@pushforward/losses";
import { builtinProblems, Judge, train } from "@pushforward/training";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { digest } from "../../src/work/digest.ts";
import { saved, setHidden, tabTo, withoutWorkers } from "../support/readers.ts";
import { runProgram } from "../support/runProgram.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();

/** A small race, as the part of an address. */
const small = (steps: number, more = ""): string =>
  `#v=1&data=gaussian&lane=meanFlow&lane=meanFlow@-target&rate=0.004&width=16&batch=32&steps=${steps}&seed=1${more}`;
const lane = (place: number, attributes: string): string => `article[data-lane="${place}"]${attributes}`;
/** Waits until a lane rests after so many updates. */
const rested = (page: Page, place: number, done: number) =>
  page.waitForSelector(lane(place, `[data-done="${done}"][data-idle="true"][data-losses]`));
const attribute = (page: Page, place: number, name: string) => page.locator(lane(place, "")).getAttribute(name);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
describe("a race of 200 updates", () => {
  it("has the losses and the samples of train, bit for bit", async () => {
    const { page, faults, violations } = await site().tab({ hash: small(200) });
    await button(page, "Play").click();
    for (const [place, withoutStops] of [undefined, ["target"]].entries()) {
      await rested(page, place, 200);
      const settings = { steps: 200, batch: 32, width: 16, learningRate: 4e-3, seed: 1, backend: "wasm" } as const;
      const stops = withoutStops ? { withoutStops } : {};
      const trained = await train(recipes.meanFlow, builtinProblems.gaussian(), {
        ...settings,
        teacherVelocity: "exact",
        ...stops,
      });
      const samples = trained.sample(new Judge(trained.problem, "float32").noise(1000), 1).dataSync();
      expect(await attribute(page, place, "data-losses")).toBe(digest(Float64Array.from(trained.losses)));
      expect(await attribute(page, place, "data-samples")).toBe(digest(samples));
    }
    // control: the two lanes differ
    expect(await attribute(page, 0, "data-losses")).not.toBe(await attribute(page, 1, "data-losses"));
    expect(await attribute(page, 0, "data-samples")).not.toBe(await attribute(page, 1, "data-samples"));
    expect([faults, await violations()]).toEqual([[], []]);
  });
});

describe("losses outside the first script", () => {
  const hash = small(20).replace("lane=meanFlow@-target", "lane=esd");
  const script = /\/moreRecipes-[^/]*\.js$/;

  it("train from a link to the bits of train; the others load nothing for it", async () => {
    const { page, faults, violations } = await site().tab({ hash: small(20) });
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url()));
    await button(page, "Play").click();
    await rested(page, 1, 20);
    expect(asked.filter((url) => script.test(url))).toEqual([]);
    await page.getByLabel("Loss of lane 2").selectOption("esd");
    await page.waitForSelector(lane(1, '[data-loss="esd"][data-losses]'));
    expect(asked.filter((url) => script.test(url))).not.toEqual([]); // control
    expect([faults, await violations()]).toEqual([[], []]);
    const { page: linked } = await site().tab({ hash });
    await button(linked, "Play").click();
    await rested(linked, 1, 20);
    const trained = await train(recipes.esd, builtinProblems.gaussian(), {
      ...{ steps: 20, batch: 32, width: 16, learningRate: 4e-3, seed: 1 },
      ...{ backend: "wasm", teacherVelocity: "exact" },
    });
    expect(await attribute(linked, 1, "data-losses")).toBe(digest(Float64Array.from(trained.losses)));
  });

  it("are answered by a sentence where they do not load, and the others train on", async () => {
    const { page } = await site().tab();
    await page.context().route(script, (route) => route.abort());
    await page.goto(new URL(hash, page.url()).href);
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "The loss esd did not load: " }).waitFor();
    await button(page, "Play").click();
    await rested(page, 0, 20);
    await page.getByLabel("Loss of lane 2").selectOption("lsd");
    await page.waitForSelector(lane(1, '[data-loss="lsd"][data-idle="true"][data-losses]'));
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("the clock", () => {
  it("steps, pauses, goes back to kept states and on again, by keyboard", async () => {
    const { page } = await site().tab({ hash: small(5000) });
    await rested(page, 0, 0);
    await rested(page, 1, 0);
    const atStart = await attribute(page, 0, "data-samples");
    expect(atStart).not.toBe(null);
    await tabTo(page, "Step");
    await page.keyboard.press("Enter");
    await rested(page, 0, 1);
    await rested(page, 1, 1);
    const first = await attribute(page, 0, "data-samples");
    expect(first).not.toBe(atStart);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter"); // play
    await page.waitForSelector('[data-playing="true"]');
    await page.waitForFunction(() => Number(document.querySelector("article")?.dataset.done) > 300);
    await page.keyboard.press("Enter"); // the same button pauses
    await page.waitForSelector('[data-playing="false"]');
    await page.waitForSelector(lane(0, "[data-losses]"));
    const done = Number(await attribute(page, 0, "data-done"));
    expect(done).toBeLessThan(5000);
    await tabTo(page, "Update that is shown");
    await page.keyboard.press("Home");
    await page.waitForSelector(lane(0, `[data-shown="0"][data-samples="${atStart}"]`));
    expect(Number(await attribute(page, 0, "data-done"))).toBe(done);
    await page.keyboard.press("End");
    await page.waitForSelector(lane(0, `[data-shown="${done}"]`));
    expect(await attribute(page, 0, "data-samples")).not.toBe(atStart);
    await button(page, "Restart").press("Enter");
    await page.waitForSelector(lane(0, `[data-done="0"][data-samples="${atStart}"]`));
  });

  it("stops while the page is hidden, and goes on afterwards", async () => {
    const { page } = await site().tab({ hash: small(100_000) });
    await button(page, "Play").click();
    await page.waitForFunction(() => Number(document.querySelector("article")?.dataset.done) > 0);
    await setHidden(page, true);
    await page.waitForSelector(lane(0, "[data-losses]"));
    await page.waitForSelector(lane(1, "[data-losses]"));
    const done = await attribute(page, 0, "data-done");
    await page.waitForTimeout(200);
    expect(await attribute(page, 0, "data-done")).toBe(done);
    await setHidden(page, false);
    await page.waitForFunction((at) => Number(document.querySelector("article")?.dataset.done) > Number(at), done);
  });
});

describe("choices", () => {
  it("of losses, stop-gradients and settings are made by keyboard, and a link restores them", async () => {
    const { page } = await site().tab({ hash: small(20) });
    await rested(page, 0, 0);
    await tabTo(page, "Loss of lane 1");
    await page.keyboard.type("lsd");
    await page.waitForSelector(lane(0, '[data-loss="lsd"]'));
    await tabTo(page, "target");
    await page.keyboard.press(" "); // the stop-gradient of the first lane that has this label
    await tabTo(page, "Add a loss");
    await page.keyboard.press("Enter");
    await tabTo(page, "Width");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("8");
    await page.keyboard.press("Enter");
    await page.waitForSelector(lane(2, '[data-done="0"][data-idle="true"][data-losses]'));
    await page.waitForFunction(() => location.hash.includes("width=8"));
    await button(page, "Play").press("Enter");
    await rested(page, 2, 20);
    await rested(page, 0, 20);
    const { hash } = new URL(page.url());
    expect(hash.match(/lane=/g)).toHaveLength(3);
    const restored = (await site().tab({ hash })).page;
    await button(restored, "Play").press("Enter");
    for (const place of [0, 1, 2]) {
      await rested(page, place, 20);
      await rested(restored, place, 20);
      expect(await attribute(restored, place, "data-losses")).toBe(await attribute(page, place, "data-losses"));
      expect(await attribute(restored, place, "data-pixels")).toBe(await attribute(page, place, "data-pixels"));
    }
    await button(restored, "Remove lane 3").press("Enter");
    await restored.waitForSelector(lane(2, ""), { state: "detached" });
  });

  it("of the learning rate and of stop-gradients hold from the next update on", async () => {
    const { page } = await site().tab({ hash: small(20) });
    await rested(page, 0, 0);
    await button(page, "Step").click();
    await rested(page, 0, 1);
    await page.getByLabel("Learning rate").fill("0.01");
    await page.getByLabel("Learning rate").press("Enter");
    await page.locator(lane(0, "")).getByLabel("target").uncheck();
    await button(page, "Play").click();
    await rested(page, 0, 20);
    const { page: other } = await site().tab({ hash: new URL(page.url()).hash });
    await button(other, "Play").click();
    await rested(other, 0, 20);
    expect(await attribute(other, 0, "data-losses")).not.toBe(await attribute(page, 0, "data-losses"));
  });
});

describe("data of the reader", () => {
  it("are drawn with the keys, and a link restores the drawing", async () => {
    const { page } = await site().tab({ hash: small(10) });
    await page.getByLabel("Data", { exact: true }).selectOption("drawn");
    await tabTo(page, "Drawing pad");
    for (const key of ["Space", "ArrowLeft", "Space", "ArrowUp", "Space", "ArrowRight", "Space"])
      await page.keyboard.press(key);
    await page.waitForSelector('[data-drawn="24"]');
    await button(page, "Train on these points").press("Enter");
    await page.waitForFunction(() => location.hash.includes("points="));
    await rested(page, 0, 0);
    const restored = (await site().tab({ hash: new URL(page.url()).hash })).page;
    for (const tab of [page, restored]) await tab.waitForSelector(lane(0, '[data-done="0"][data-pixels]'));
    expect(await attribute(restored, 0, "data-pixels")).toBe(await attribute(page, 0, "data-pixels"));
    await button(restored, "Step").click();
    await restored.getByText("learns its teacher's velocity").first().waitFor();
  });

  it("are drawn with the pointer", async () => {
    const { page } = await site().tab({ hash: small(10) });
    await page.getByLabel("Data", { exact: true }).selectOption("drawn");
    const pad = page.getByLabel("Drawing pad");
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 150, { steps: 12 });
    await page.mouse.up();
    await page.mouse.move(box.x + 20, box.y + 150, { steps: 5 }); // no button: nothing is drawn
    const drawn = Number(await page.locator("[data-drawn]").getAttribute("data-drawn"));
    expect(drawn).toBeGreaterThan(40);
    await page.mouse.move(box.x + 60, box.y + 20, { steps: 5 });
    expect(Number(await page.locator("[data-drawn]").getAttribute("data-drawn"))).toBe(drawn);
    await button(page, "Clear").click();
    await page.waitForSelector('[data-drawn="0"]');
  });

  it("are read from a file that never leaves the page; text in place of numbers is answered by a sentence", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pushforward-race-"));
    try {
      const [good, bad] = [join(folder, "good.csv"), join(folder, "bad.csv")];
      writeFileSync(good, `a,b\n${Array.from({ length: 50 }, (_, i) => `${i},${(i * i) % 7}`).join("\n")}\n`);
      writeFileSync(bad, "a,b\n1,2\nthree,4\n5,6\n7,8\n9,10\n");
      const { page } = await site().tab({ hash: small(10) });
      const sent: string[] = [];
      page.on("request", (request) =>
        sent.push(`${request.method()} ${new URL(request.url()).host} ${request.postData()}`),
      );
      await page.getByLabel("Data", { exact: true }).selectOption("file");
      await page.getByLabel("CSV file").setInputFiles(bad);
      await page.getByRole("alert").filter({ hasText: "bad.csv" }).first().waitFor();
      await page.getByLabel("CSV file").setInputFiles(good);
      await rested(page, 0, 0);
      expect(await page.getByRole("alert").count()).toBe(0);
      expect([...new Set(sent)]).toEqual([`GET ${new URL(page.url()).host} null`]); // parts of the page alone
      const again = (await site().tab({ hash: new URL(page.url()).hash })).page;
      await again.getByText("choose the file again").first().waitFor();
      await again.getByLabel("CSV file").setInputFiles(good);
      await rested(again, 0, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("views", () => {
  it("are chosen by keyboard, change the pictures and no number, and a link restores them", async () => {
    const { page, faults } = await site().tab({ hash: small(20) });
    await rested(page, 0, 0);
    await button(page, "Play").press("Enter");
    await rested(page, 0, 20);
    const [samples, pixels] = [await attribute(page, 0, "data-samples"), await attribute(page, 0, "data-pixels")];
    const seen = new Set([pixels]);
    for (const show of ["paths", "field"]) {
      await page.getByLabel("Show", { exact: true }).selectOption(show);
      await page.waitForFunction((known) => !known.includes(document.querySelector("article")!.dataset.pixels!), [
        ...seen,
      ] as string[]);
      seen.add(await attribute(page, 0, "data-pixels"));
      expect(await attribute(page, 0, "data-samples")).toBe(samples);
    }
    await page.getByLabel("Time of the field").press("ArrowRight");
    await page.waitForFunction((known) => !known.includes(document.querySelector("article")!.dataset.pixels!), [
      ...seen,
    ] as string[]);
    seen.add(await attribute(page, 0, "data-pixels"));
    await page.getByLabel("Show", { exact: true }).selectOption("samples");
    await page.locator(".view").getByLabel("Steps of the sampler").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction((known) => !known.includes(document.querySelector("article")!.dataset.pixels!), [
      ...seen,
    ] as string[]);
    await page.waitForFunction(() => location.hash.includes("evaluations=2"));
    const { page: restored } = await site().tab({ hash: new URL(page.url()).hash });
    await button(restored, "Play").press("Enter");
    await rested(restored, 0, 20);
    expect(await attribute(restored, 0, "data-pixels")).toBe(await attribute(page, 0, "data-pixels"));
    expect(
      await page.getByRole("img", { name: /^Sliced W₂ over steps of the sampler/ }).getAttribute("aria-label"),
    ).toMatch(/meanFlow: [\d.]+/);
    expect(faults).toEqual([]);
  });
});

describe("things to take along", () => {
  const taken = async (page: Page, label: string): Promise<string> => {
    await button(page, label).press("Enter");
    return page.getByRole("textbox", { name: label, exact: true }).inputValue();
  };

  it("are a program with the same bits, sources of other frameworks as the package writes them, and files", async () => {
    const { page } = await site().tab({ hash: small(20) });
    await rested(page, 0, 0);
    await button(page, "Play").press("Enter");
    await rested(page, 0, 20);
    await rested(page, 1, 20);
    const csv = await saved(page, "CSV");
    const errors = [1, 2].map(
      (place) =>
        csv
          .split("\n")
          .findLast((line) => line.startsWith(`${place},`))!
          .split(",")[3],
    );
    const printed = runProgram(await taken(page, "TypeScript"));
    for (const error of errors) expect(printed).toContain(`oneStepError: ${error}`);
    expect(errors[0]).not.toBe(errors[1]); // control: the lanes differ
    const texts = [[], ["target"]].map((withoutStops) => exportLoss(losses.meanFlow, { to: "jax", withoutStops }));
    expect(await taken(page, "JAX")).toBe(texts.join("\n\n"));
    expect(await taken(page, "PyTorch")).toContain("import torch");
    expect(await taken(page, "Link")).toBe(page.url());
    expect(await taken(page, "Command")).toContain("compare meanFlow meanFlow@-target --data gaussian");
    const picture = page.waitForEvent("download");
    await button(page, "PNG").press("Enter");
    const png = readFileSync((await (await picture).path())!);
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(width).toBe(2 * height); // two lanes
    const colors = await page.evaluate(
      async (bytes) => {
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
        context.drawImage(image, 0, 0);
        return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
      },
      [...png],
    );
    expect(colors).toBeGreaterThan(4); // an empty picture has one or two
    expect(await saved(page, "SVG")).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg".*<path/s);
  });
});

describe("bad input", () => {
  it.each([
    ["#v=2", "This link is from a later version of the page (2); reload the page or update it."],
    ["#v=1&data=suns", "This link cannot be read: data: must be drawn points, a file, or one of gaussian"],
    ["#v=1&lane=lsd@-target", "This link cannot be read: lane: must be a loss of this page"],
  ])("a link %s is answered by a sentence, and the page stays usable", async (hash, sentence) => {
    const { page } = await site().tab({ hash });
    await page.getByText(sentence).waitFor();
    await button(page, "Step").click();
    await rested(page, 0, 1);
  });

  it("a setting that is not allowed is answered by a sentence, and the setting stays", async () => {
    const { page } = await site().tab({ hash: small(10) });
    const rate = page.getByLabel("Learning rate");
    for (const wrong of ["fast", "", "0", "2", "-1"]) {
      await rate.fill(wrong);
      await rate.press("Enter");
      await page.getByText(`Learning rate must be a number from 0.000001 to 1, got "${wrong}".`).waitFor();
      expect(await rate.inputValue()).toBe("0.004");
    }
  });

  it("forbidden workers and forbidden WebAssembly are told", async () => {
    const { page } = await site().tab({ before: withoutWorkers });
    await page.getByText("This browser starts no workers here").first().waitFor();
    const blocked = (await site().tab({ headers: { "Content-Security-Policy": "worker-src 'none'" } })).page;
    await blocked.getByText("The worker of this pane stopped").first().waitFor();
    const without = (await site().tab({ headers: { "Content-Security-Policy": "script-src 'self'" } })).page;
    await without.getByText("add 'wasm-unsafe-eval' to script-src").first().waitFor();
  });
});
