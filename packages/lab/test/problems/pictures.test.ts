import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { formatNpy, fromData, key } from "@pushforward/tensor";
import fc from "fast-check";
import { zipSync } from "fflate";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { fileProblem } from "../../src/problems/file.ts";
import { openData } from "../../src/problems/formats.ts";
import { pngHeader, readPng } from "../../src/problems/pngPicture.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { csvOf, written } from "../support/files.ts";
import { greyPng, idxOf, pixelsOf, pngOf } from "../support/pictures.ts";

const options = { heldOut: 0.25, seed: 0 };
const count = 12;
const [height, width] = [2, 3];
const pixels = pixelsOf(count, 6);
const classes = Array.from({ length: count }, (_, i) => [7, 3, 3, 0][i % 4]);
const arrayOf = (numbers: readonly number[], shape: readonly number[]): Uint8Array =>
  formatNpy(fromData(Float64Array.from(numbers), shape));

/** Files of one data set, by their names. */
const images = idxOf([count, height, width], pixels);
const labels = idxOf([count], classes);
const sources: Readonly<Record<string, (folder: string) => { data: string; labels: string; array?: string }>> = {
  "IDX files": (folder) => ({
    data: written(join(folder, "train-images-idx3-ubyte"), images),
    labels: written(join(folder, "train-labels-idx1-ubyte"), labels),
  }),
  "compressed IDX files": (folder) => ({
    data: written(join(folder, "train-images.idx3-ubyte.gz"), gzipSync(images)),
    labels: written(join(folder, "labels.idx.gz"), gzipSync(labels)),
  }),
  "arrays of pictures": (folder) => ({
    data: written(join(folder, "x.npy"), arrayOf(pixels, [count, height, width])),
    labels: written(join(folder, "y.npy"), arrayOf(classes, [count])),
  }),
  "arrays with an axis of channels": (folder) => ({
    data: written(join(folder, "x.npy"), arrayOf(pixels, [count, height, width, 1])),
    labels: written(join(folder, "y.npy"), arrayOf(classes, [count, 1])),
  }),
  "an archive": (folder) => ({
    data: written(
      join(folder, "all.npz"),
      zipSync({ "x.npy": arrayOf(pixels, [count, height, width]), "y.npy": arrayOf(classes, [count]) }),
    ),
    labels: "y",
  }),
  "a text file": (folder) => ({
    data: written(
      join(folder, "all.csv"),
      `digit,${Array.from({ length: 6 }, (_, i) => `pixel_${Math.floor(i / 3)}_${i % 3}`).join()}\n`.concat(
        ...classes.map((label, row) => `${label},${pixels.slice(6 * row, 6 * row + 6).join()}\n`),
      ),
    ),
    labels: "digit",
  }),
};

/** A folder of pictures, one subfolder for each class, in which files are named by their row. */
function pictureFolder(pictureOf: (row: number) => Buffer, classOf = (row: number) => String(classes[row])): string {
  const folder = temporaryFolder();
  for (let row = 0; row < count; row++) {
    mkdirSync(join(folder, classOf(row)), { recursive: true });
    written(join(folder, classOf(row), `${String(row).padStart(3, "0")}.png`), pictureOf(row));
  }
  return folder;
}

const grey = (row: number): Buffer => greyPng(width, height, pixels.slice(6 * row, 6 * row + 6));

describe("pictures with labels", () => {
  it.each(Object.entries(sources))("of %s are the same problem", (_, sourceOf) => {
    const { data, ...settings } = sourceOf(temporaryFolder());
    const expected = fileProblem(sources["IDX files"](temporaryFolder()).data, options);
    const problem = fileProblem(data, { ...options, ...settings });
    expect(problem.training).toEqual(expected.training);
    expect(problem.heldOut).toEqual(expected.heldOut);
    expect(problem.image).toEqual({ width, height, channels: 1, range: [0, Math.max(...pixels)] });
    expect(problem.scaling).toBe("common");
    const { names, sample } = problem.classes!;
    expect(names).toEqual(["0", "3", "7"]);
    const { data: drawn, labels: places } = sample(key(4), 30, "float64");
    const numbers = problem.toOriginal(drawn).dataSync();
    const rowOf = (i: number): number =>
      classes.findIndex((_, row) =>
        pixels.slice(6 * row, 6 * row + 6).every((x, at) => Math.abs(x - numbers[6 * i + at]) < 1e-9),
      );
    expect([...places.dataSync()].map((place, i) => [names[place], i])).toEqual(
      Array.from({ length: 30 }, (_, i) => [String(classes[rowOf(i)]), i]),
    );
  });

  it("of a folder have its subfolders as classes, and are bright where numbers are large", () => {
    const problem = fileProblem(pictureFolder(grey), options);
    expect(problem.image).toEqual({ width, height, channels: 1, range: [Math.max(...pixels), 0] });
    expect(problem.classes?.names).toEqual(["0", "3", "7"]);
    expect(problem.facts.classes).toBe("3: 0, 3, 7");
    const rowsOf = (values: ArrayLike<number>): string[] =>
      Array.from({ length: values.length / 6 }, (_, row) =>
        Array.from(values)
          .slice(6 * row, 6 * row + 6)
          .join(),
      );
    const table = openData(pictureFolder(grey)).table({});
    const order = [0, 3, 7].flatMap((label) => classes.flatMap((each, row) => (each === label ? [row] : [])));
    expect(rowsOf(table.values.dataSync())).toEqual(order.map((row) => rowsOf(pixels)[row]));
    expect([...table.labels!.places]).toEqual(order.map((row) => [0, 3, 7].indexOf(classes[row])));
  });

  it("of a folder without subfolders may have a file of labels", () => {
    const flat = pictureFolder(grey, () => ".");
    expect(fileProblem(flat, options).classes).toBeUndefined();
    const file = written(join(temporaryFolder(), "y.npy"), arrayOf(classes, [count]));
    const problem = fileProblem(flat, { ...options, labels: file });
    expect([...problem.classes!.training, ...problem.classes!.heldOut].sort()).toEqual(
      classes.map((each) => [0, 3, 7].indexOf(each)).sort(),
    );
    expect(problem.training.values.length).toBe(54);
  });

  it("do not change the rows of a problem, nor what it draws", () => {
    const { data, labels: file } = sources["arrays of pictures"](temporaryFolder());
    const [plain, labelled] = [{}, { labels: file }].map((each) => fileProblem(data, { ...options, ...each }));
    expect(labelled.sample(key(2), 9, "float32").dataSync()).toEqual(plain.sample(key(2), 9, "float32").dataSync());
    expect(labelled.sha256).not.toBe(plain.sha256);
  });

  it("have a digest with their labels", () => {
    const { data, labels: file } = sources["arrays of pictures"](temporaryFolder());
    const all = { ...options, labels: file };
    const { sha256 } = fileProblem(data, all);
    const moved = written(join(temporaryFolder(), "moved.npy"), arrayOf(classes, [count]));
    expect(fileProblem(data, { ...options, labels: moved, sha256 }).sha256).toBe(sha256);
    written(file, arrayOf(classes.toReversed(), [count]));
    expect(() => fileProblem(data, { ...all, sha256 })).toThrow(`${data} or its labels, ${file}, has changed`);
    const folder = pictureFolder(grey);
    const before = fileProblem(folder, options).sha256!;
    written(join(folder, "3", "001.png"), grey(0));
    expect(() => fileProblem(folder, { ...options, sha256: before })).toThrow("has changed since the run began");
  });

  it("lose the labels of rows that are left out", () => {
    const gappy = pixels.map((x, i) => (i === 8 ? Number.NaN : x));
    const folder = temporaryFolder();
    const data = written(join(folder, "x.npy"), arrayOf(gappy, [count, 6]));
    const file = written(join(folder, "y.npy"), arrayOf(classes, [count]));
    const problem = fileProblem(data, { ...options, labels: file, missing: "drop" });
    const whole = fileProblem(
      written(join(folder, "z.npy"), arrayOf([...pixels.slice(0, 6), ...pixels.slice(12)], [11, 6])),
      {
        ...options,
        labels: written(join(folder, "w.npy"), arrayOf(classes.toSpliced(1, 1), [11])),
      },
    );
    expect(problem.training).toEqual(whole.training);
    expect(problem.classes!.training).toEqual(whole.classes!.training);
    const text = written(join(folder, "x.csv"), `${csvOf(11)}1,\n`);
    expect(() => fileProblem(text, { ...options, labels: file, missing: "drop" })).toThrow("cannot follow the rows");
  });

  it("follow links to files and folders", () => {
    const [real, folder] = [pictureFolder(grey), temporaryFolder()];
    for (const name of ["0", "3", "7"]) symlinkSync(join(real, name), join(folder, name));
    expect(fileProblem(folder, options).training).toEqual(fileProblem(real, options).training);
  });

  it("let columns be chosen", () => {
    const { data } = sources["IDX files"](temporaryFolder());
    const chosen = fileProblem(data, { ...options, columns: ["pixel_1_*"] });
    expect(chosen.columns).toEqual(["pixel_1_0", "pixel_1_1", "pixel_1_2"]);
    const numbers = chosen.toOriginal(fromData(Float64Array.from(chosen.training.values), [9, 3])).dataSync();
    const lower = new Set(classes.map((_, row) => pixels.slice(6 * row + 3, 6 * row + 6).join()));
    for (let row = 0; row < 9; row++)
      expect(lower).toContain([...numbers.slice(3 * row, 3 * row + 3)].map(Math.round).join());
  });
});

describe("a PNG file", () => {
  const valuesOf = (file: Buffer): { channels: number; values: number[] } => {
    const { channels, values } = readPng("x.png", file);
    return { channels, values: [...values] };
  };

  it("of 1, 2, 4, 8 and 16 bits has numbers from 0 to 255", () => {
    for (const [depth, line, expected] of [
      [1, [0b1010_0000], [255, 0, 255]],
      [2, [0b00_01_11_00], [0, 85, 255]],
      [4, [0x0f, 0x10], [0, 255, 17]],
      [8, [0, 7, 255], [0, 7, 255]],
      [16, [0, 0, 0x80, 0, 0xff, 0xff], [0, (0x8000 * 255) / 65535, 255]],
    ] as const) {
      expect(valuesOf(pngOf({ width: 3, height: 1, depth, lines: [line] }))).toEqual({
        channels: 1,
        values: [...expected],
      });
    }
  });

  it("of a palette has the colours of the palette, and is grey where all of them are", () => {
    const colors = pngOf({
      ...{ width: 3, height: 1, depth: 8, colorType: 3, lines: [[1, 0, 1]] },
      chunks: [["PLTE", Uint8Array.of(255, 128, 0, 1, 2, 3)]],
    });
    expect(valuesOf(colors)).toEqual({ channels: 3, values: [1, 2, 3, 255, 128, 0, 1, 2, 3] });
    const greys = pngOf({
      ...{ width: 3, height: 1, depth: 2, colorType: 3, lines: [[0b01_00_01_00]] },
      chunks: [["PLTE", Uint8Array.of(9, 9, 9, 200, 200, 200)]],
    });
    expect(valuesOf(greys)).toEqual({ channels: 1, values: [200, 9, 200] });
    const beyond = { width: 3, height: 1, depth: 8, colorType: 3, lines: [[1, 0, 2]] };
    expect(() => readPng("x.png", pngOf({ ...beyond, chunks: [["PLTE", Uint8Array.of(1, 2, 3, 4, 5, 6)]] }))).toThrow(
      "data: x.png must be a whole PNG file, but it cannot be read (index 2 not in palette)",
    );
  });

  it("that is interlaced has its pixels in their places", () => {
    // Adam7 of 2 × 2: pass 1 has the pixel (0, 0), pass 6 the pixel (0, 1), pass 7 the second row
    const file = pngOf({ width: 2, height: 2, isInterlaced: true, lines: [[10], [20], [30, 40]] });
    expect(valuesOf(file)).toEqual({ channels: 1, values: [10, 20, 30, 40] });
    const bits = pngOf({ width: 2, height: 2, depth: 1, isInterlaced: true, lines: [[0x80], [0], [0x40]] });
    expect(valuesOf(bits)).toEqual({ channels: 1, values: [255, 0, 0, 255] });
  });

  it("with opacity is read where it is opaque, and refused with the place where it is not", () => {
    const greyAlpha = (opacity: number) =>
      pngOf({ width: 2, height: 1, colorType: 4, lines: [[10, 255, 20, opacity]] });
    expect(valuesOf(greyAlpha(255))).toEqual({ channels: 1, values: [10, 20] });
    expect(() => readPng("x.png", greyAlpha(254))).toThrow(
      "data: x.png must be opaque, got a transparent pixel at row 0, column 1 (counted from 0); put it on a background",
    );
    const wide = pngOf({ width: 1, height: 1, depth: 16, colorType: 6, lines: [[1, 0, 2, 0, 3, 0, 0xff, 0xfe]] });
    expect(() => readPng("x.png", wide)).toThrow("must be opaque");
    const chosen = pngOf({ width: 2, height: 1, lines: [[5, 6]], chunks: [["tRNS", Uint8Array.of(0, 6)]] });
    expect(() => readPng("x.png", chosen)).toThrow("row 0, column 1");
  });

  it("gives back what a library wrote", () => {
    const pictures = fc.record({
      width: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 1, max: 9 }),
      filterType: fc.constantFrom(0, 1, 2, 3, 4, -1),
      isColor: fc.boolean(),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(pictures, ({ filterType, isColor, seed, ...size }) => {
        const png = new PNG({ ...size, filterType });
        const sampleOf = (i: number): number => ((i + 3) * seed * 31) % 256;
        const count = size.width * size.height;
        for (let i = 0; i < count; i++) {
          const colors = [0, 1, 2].map((c) => (isColor ? sampleOf(3 * i + c) : sampleOf(i)));
          png.data.set([...colors, 255], 4 * i);
        }
        const { values, channels } = valuesOf(PNG.sync.write(png, { colorType: 2 }));
        const expected = Array.from({ length: count * channels }, (_, i) => sampleOf(i));
        expect(values).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("that promises more pixels than can be learnt is refused by its header", () => {
    const huge = Buffer.from(greyPng(1, 1, [0]));
    huge.writeUInt32BE(4_000_000_000, 16);
    huge.writeUInt32BE(4_000_000_000, 20);
    expect(() => pngHeader("x.png", huge)).toThrow(
      "data: x.png must be a picture of at most 4096 pixels to learn, got 4000000000 × 4000000000; make the pictures smaller",
    );
    const bomb = pngOf({
      width: 8,
      height: 8,
      isInterlaced: true,
      lines: [],
      packed: deflateSync(Buffer.alloc(40_000_000)),
    });
    expect(() => readPng("x.png", bomb)).toThrow("its pixels are not the 8 × 8 of its header");
    expect(() =>
      readPng("x.png", pngOf({ width: 64, height: 64, depth: 16, colorType: 6, lines: noise(64, 512) })),
    ).toThrow("must be opaque");
  });

  it("that is damaged is refused by name", () => {
    const whole = grey(0);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readPng("x.png", whole.subarray(0, length)), String(length)).toThrow(/^data: x\.png must /);
    }
    const flipped = Buffer.from(whole);
    flipped[45] ^= 1;
    expect(() => readPng("x.png", flipped)).toThrow("its pixels cannot be unpacked");
    const checksum = Buffer.from(whole);
    checksum[30] ^= 1;
    expect(() => readPng("x.png", checksum)).toThrow("it cannot be read");
    const short = pngOf({
      width,
      height,
      lines: [
        [1, 2, 3],
        [4, 5],
      ],
    });
    const wrong = "x.png must be a whole PNG file, but its pixels are not the 3 × 2 of its header; save it again";
    expect(() => readPng("x.png", short)).toThrow(wrong);
    for (const lines of [
      [[1, 2, 3]],
      [[1, 2, 3], []],
      [
        [1, 2, 3],
        [4, 5, 6, 7],
      ],
      [[1, 2, 3], [4, 5, 6], [7]],
    ]) {
      expect(() => readPng("x.png", pngOf({ width, height, lines }))).toThrow(wrong);
    }
    const packed = deflateSync(Buffer.alloc(8));
    expect(() => readPng("x.png", pngOf({ width, height, lines: [], packed: packed.subarray(0, 6) }))).toThrow(
      "cannot be unpacked",
    );
    const twice = pngOf({ width, height, lines: [], packed, chunks: [["IHDR", whole.subarray(16, 29)]] });
    expect(() => readPng("x.png", twice)).toThrow("it has several headers");
    expect(() => readPng("x.png", pngOf({ width: 0, height: 1, lines: [] }))).toThrow("its header says 0 × 1 pixels");
    expect(() => readPng("x.png", Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toThrow(
      "data: x.png must start with 89504e47 as a PNG file does, got ffd8ffe0; save it as PNG",
    );
  });
});

/** Rows that cannot be compressed. */
const noise = (height: number, length: number): number[][] => {
  let state = 12345;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state % 256;
  };
  return Array.from({ length: height }, () => Array.from({ length }, next));
};

describe("pictures in colour", () => {
  const color = (row: number): Buffer =>
    pngOf({
      ...{ width, height, colorType: 2 },
      lines: [0, 1].map((y) => Array.from({ length: 9 }, (_, i) => (row * 50 + y * 20 + i * 3) % 256)),
    });

  it("have three columns for each pixel, grey ones among them too", () => {
    const problem = fileProblem(
      pictureFolder((row) => (row < 2 ? grey(row) : color(row))),
      options,
    );
    expect(problem.image).toMatchObject({ width, height, channels: 3 });
    expect(problem.image!.range[0]).toBeGreaterThan(problem.image!.range[1]);
    expect(problem.columns.slice(0, 3)).toEqual(["pixel_0_0_red", "pixel_0_0_green", "pixel_0_0_blue"]);
    const table = openData(
      pictureFolder(
        (row) => (row < 2 ? grey(row) : color(row)),
        () => ".",
      ),
    ).table({});
    const values = table.values.dataSync();
    expect([...values.slice(0, 6)]).toEqual([0, 0, 0, 37, 37, 37]);
    expect([...values.slice(36, 42)]).toEqual([100, 103, 106, 109, 112, 115]);
  });
});
