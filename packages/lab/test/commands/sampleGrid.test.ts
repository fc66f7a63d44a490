import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseNpy } from "@pushforward/tensor";
import { PNG } from "pngjs";
import { beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../support/command.ts";
import { written } from "../support/files.ts";
import { idxOf, pixelsOf, pngOf } from "../support/pictures.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path } = tinyRuns();
const settings = "--steps 40 --teacher-steps 2 --batch 16 --width 8 --depth 2".split(" ");

/** Runs a command that must succeed. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Pictures of 3 × 2 pixels in two classes, as an IDX file with labels; the numbers go from 0 to 255. */
const digits = idxOf([40, 2, 3], [0, 255, ...pixelsOf(40, 6).slice(2)]);
const digitLabels = idxOf(
  [40],
  Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 7 : 3)),
);

/** A folder of pictures of 2 × 2 pixels in colours, in one subfolder for each name. */
function colourFolder(root: string, names: readonly string[]): string {
  for (const [place, name] of names.entries()) {
    mkdirSync(join(root, name), { recursive: true });
    for (let i = 0; i < 12; i++) {
      const values = Array.from({ length: 12 }, (_, k) => (i * 37 + k * 11 + place * 90) % 256);
      const lines = [values.slice(0, 6), values.slice(6)];
      written(join(root, name, `${i}.png`), pngOf({ width: 2, height: 2, colorType: 2, lines }));
    }
  }
  return root;
}

beforeAll(async () => {
  written(path("digits-idx3-ubyte"), digits);
  written(path("labels-idx1-ubyte"), digitLabels);
  const grey = ["--data", path("digits-idx3-ubyte")];
  const runs: Readonly<Record<string, readonly string[]>> = {
    labelled: [...grey, "--labels", path("labels-idx1-ubyte")],
    plain: grey,
    latent: [...grey, "--latent", "pca:2"],
    colours: ["--data", colourFolder(path("pictures"), ["leaf", "sky"])],
    table: ["--data", path("data.csv")],
  };
  for (const [name, data] of Object.entries(runs)) {
    await run("train", "meanFlow", ...data, ...settings, "--output", path(name));
  }
});

/** The pictures of a grid in their order: the colours of each pixel, which must fill a square of the enlarged picture. */
function cellsOf(file: string, width: number, height: number, columns: number): number[][] {
  const { data, ...grid } = PNG.sync.read(readFileSync(file));
  const scale = (grid.width - 1 - columns) / (columns * width);
  const rows = (grid.height - 1) / (height * scale + 1);
  expect([scale, rows].every(Number.isInteger)).toBe(true);
  const colourAt = (x: number, y: number): number[] => [...data.subarray(4 * (y * grid.width + x)).subarray(0, 3)];
  return Array.from({ length: rows * columns }, (_, cell) => {
    const [left, top] = [
      1 + (cell % columns) * (width * scale + 1),
      1 + Math.floor(cell / columns) * (height * scale + 1),
    ];
    return Array.from({ length: height * width }, (_, i) => {
      const [x, y] = [left + (i % width) * scale, top + Math.floor(i / width) * scale];
      const colour = colourAt(x, y);
      for (let k = 0; k < scale * scale; k++) {
        expect(colourAt(x + (k % scale), y + Math.floor(k / scale))).toEqual(colour);
      }
      return colour;
    }).flat();
  });
}

/**
 * The samples of a command as the colours that a grid must show.
 *
 * @param ink whether 0 is white and 255 black
 */
async function colours(from: string, channels: 1 | 3, ink: boolean, ...args: string[]): Promise<number[][]> {
  const file = path("expected.npy");
  await run("sample", path(from), "--output", file, ...args);
  const values = parseNpy(readFileSync(file));
  const [count, dim] = values.shape;
  const bytes = Array.from(values.dataSync(), (value) => {
    const clipped = Math.min(255, Math.max(0, value));
    return Math.round(ink ? 255 - clipped : clipped);
  });
  return Array.from({ length: count }, (_, i) =>
    bytes.slice(i * dim, (i + 1) * dim).flatMap((byte) => (channels === 1 ? [byte, byte, byte] : [byte])),
  );
}

describe("sample --grid", () => {
  it("shows a row for each class, of the samples that --class draws", async () => {
    const text = await run("sample", path("labelled"), "--grid", path("a.png"));
    expect(text).toBe(`${path("a.png")}: 10 samples of each class, a row for each: 3, 7; white is 0, black is 255\n`);
    const cells = cellsOf(path("a.png"), 3, 2, 10);
    const [three, seven] = [
      await colours("labelled", 1, true, "--class", "3", "--count", "10"),
      await colours("labelled", 1, true, "--class", "7", "--count", "10"),
    ];
    expect(cells).toEqual([...three, ...seven]);
    expect(three).not.toEqual(seven); // the control: another class has other pictures
    expect(cells).not.toEqual(await colours("labelled", 1, true, "--count", "20"));
  });

  it("follows --count, --steps, --seed and --class, and writes the same samples as a table", async () => {
    const more = ["--count", "5", "--steps", "3", "--seed", "4", "--class", "7"];
    const text = await run("sample", path("labelled"), "--grid", path("b.PNG"), "--output", path("b.npy"), ...more);
    expect(text).toContain("5 samples of class 7;");
    const cells = cellsOf(path("b.PNG"), 3, 2, 3);
    const expected = await colours("labelled", 1, true, ...more);
    expect(cells).toEqual([...expected, Array(18).fill(255)]);
    expect(readFileSync(path("b.npy")).equals(readFileSync(path("expected.npy")))).toBe(true);
    for (const [place, other] of [
      [3, "1"],
      [5, "5"],
      [7, "3"],
    ] as const) {
      expect(await colours("labelled", 1, true, ...more.with(place, other))).not.toEqual(expected);
    }
  });

  it("shows samples without labels in a square", async () => {
    expect(await run("sample", path("plain"), "--grid", path("c.png"))).toContain("c.png: 64 samples; white");
    expect(cellsOf(path("c.png"), 3, 2, 8)).toEqual(await colours("plain", 1, true, "--count", "64"));
  });

  it("shows the pixels of latent samples", async () => {
    await run("sample", path("latent"), "--count", "4", "--grid", path("d.png"));
    expect(cellsOf(path("d.png"), 3, 2, 2)).toEqual(await colours("latent", 1, true, "--count", "4"));
  });

  it("shows colours as they are", async () => {
    const text = await run("sample", path("colours"), "--count", "3", "--grid", path("e.png"));
    expect(text).toContain("a row for each: leaf, sky; white is 255, black is 0");
    const leaf = await colours("colours", 3, false, "--class", "leaf", "--count", "3");
    const sky = await colours("colours", 3, false, "--class", "sky", "--count", "3");
    expect(leaf).not.toEqual(sky);
    expect(cellsOf(path("e.png"), 2, 2, 3)).toEqual([...leaf, ...sky]);
  });

  it.each([
    [
      "points that are no pictures",
      ["table", "--grid", "f.png"],
      /--grid needs samples that are pictures, got 2 numbers for each sample of data\.csv; leave --grid out, or/,
    ],
    ["another ending", ["plain", "--grid", "f.jpg"], /sample: --grid must end in \.png, got ".*f\.jpg"/],
    [
      "a file in a folder that does not exist",
      ["plain", "--grid", "none/f.png"],
      /write: cannot use .*f\.png: there is no such file or folder/,
    ],
    [
      "a folder in the place of the file",
      ["plain", "--grid", "folder.png"],
      /write: cannot use .*folder\.png: it is a folder; name a file/,
    ],
    [
      "too many samples of each class",
      ["labelled", "--count", "2000000", "--grid", "f.png"],
      /--count must be at most 1333333 of each of 2 classes for 6 columns, got 2000000/,
    ],
    [
      "too many decoded numbers",
      ["latent", "--count", "3000000", "--grid", "f.png"],
      /--count must be at most 2666666 for 6 columns, got 3000000/,
    ],
  ] as const)("refuses %s", async (_name, [from, ...args], message) => {
    mkdirSync(path("folder.png"), { recursive: true });
    const { code, stderr } = await runHere(["sample", path(from), ...args.slice(0, -1), path(args.at(-1)!)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(path("f.png"))).toBe(false);
  });
});
