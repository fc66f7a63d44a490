import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { formatNpy, fromData } from "@pushforward/tensor";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";
import { expectRefusal } from "../support/expectRefusal.ts";
import { csvOf, npyOf, written } from "../support/files.ts";
import { greyPng, idxOf, pixelsOf, pngOf } from "../support/pictures.ts";

/** Pictures that cannot be learnt: the files, the data and the labels among them, and what the message must say. */
interface BadPictures {
  readonly why: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly data: string;
  readonly labels?: string;
  readonly options?: readonly string[];
  readonly says: RegExp;
}

const idx = idxOf([12, 2, 3], pixelsOf(12, 6));
const numbers = (...values: number[]): Uint8Array => formatNpy(fromData(Float64Array.from(values), [values.length]));
const images = "x-idx3-ubyte";
const packed = "x-idx3-ubyte.gz";
const labels = "y-idx1-ubyte";
const labelBytes = (count: number): Buffer =>
  idxOf(
    [count],
    Array.from({ length: count }, (_, i) => i % 3),
  );
const png = (row: number): Buffer => greyPng(3, 2, pixelsOf(row + 1, 6).slice(6 * row));
/** A folder of two classes, with files that are added or replaced. */
const folder = (others: Readonly<Record<string, string | Uint8Array>> = {}): BadPictures["files"] => ({
  ...Object.fromEntries(Array.from({ length: 12 }, (_, row) => [`digits/${row % 2}/${row}.png`, png(row)])),
  ...others,
});
/** An IDX header that promises as many bytes of one value, which gzip makes small. */
const bomb = (promised: number, held: number): Buffer =>
  gzipSync(Buffer.concat([idxOf([promised, 1, 1], []), Buffer.alloc(held)]));

/** A file of which a byte is another. */
const withByte = (bytes: Buffer, at: number): Buffer => {
  bytes[bytes.length + at] ^= 1;
  return bytes;
};

const badPictures: readonly BadPictures[] = [
  ...(
    [
      [
        "is cut off",
        idx.subarray(0, 80),
        /x-idx3-ubyte" must hold 72 bytes for uint8\[12, 2, 3\], got 64; the file is cut off/,
      ],
      ["is followed by bytes", Buffer.concat([idx, Buffer.of(0)]), /got 73; something follows the array/],
      ["is of another kind", npyOf([12, 6]), /must start with 00 00, .* it is a NumPy array; call it \.npy/],
      ["has no rows", idxOf([0, 2, 3], []), /must have at least 2 rows to train on and 2 to judge by, got 0/],
      [
        "promises four billion pictures",
        idxOf([2 ** 32 - 1, 28, 28], []),
        /must hold at most 2000 MB, got a header of \[4294967295, 28, 28\]/,
      ],
      [
        "has pictures that are too large",
        idxOf([4, 100, 100], new Array(40_000).fill(1)),
        /must have 1 to 4096 columns to learn, got 10000/,
      ],
      ["has five axes", idxOf([4, 1, 1, 1, 1], [1, 2, 3, 4]), /got \[4, 1, 1, 1, 1\]; reshape it before saving/],
    ] as const
  ).map(([why, content, says]) => ({
    why: `of an IDX file that ${why}`,
    files: { [images]: content },
    data: images,
    says,
  })),
  ...(
    [
      [
        "is cut off",
        gzipSync(idx).subarray(0, 60),
        /x-idx3-ubyte\.gz must be a whole gzip file, but it is cut off; copy it again/,
      ],
      ["is damaged", withByte(gzipSync(idx), -6), /must be a whole gzip file, but it is damaged/],
      [
        "is followed by bytes",
        gzipSync(Buffer.concat([idx, Buffer.of(7)])),
        /more follows the array that its header describes/,
      ],
      ["holds fewer bytes", gzipSync(idx.subarray(0, 80)), /must hold 72 bytes .*, got 64; the file is cut off/],
      ["unpacks to more than it promises", bomb(12, 50_000_000), /more follows the array that its header describes/],
      [
        "promises more than memory",
        bomb(2 ** 32 - 1, 100),
        /must hold at most 2000 MB, got a header of \[4294967295, 1, 1\]/,
      ],
      ["is packed twice", gzipSync(gzipSync(idx)), /must start with 00 00, .*it is gzip; unpack it with gunzip first/],
    ] as const
  ).map(([why, content, says]) => ({
    why: `of a packed file that ${why}`,
    files: { [packed]: content },
    data: packed,
    says,
  })),
  ...(
    [
      [
        "are of fewer rows",
        labelBytes(11),
        /labels of .*y-idx1-ubyte must be an array \[12\], a number for each row of the data, got \[11\]/,
      ],
      ["are pictures", idx, /labels of .*y-idx1-ubyte must be an array \[12\], .*, got \[12, 2, 3\]/],
      ["are cut off", labelBytes(12).subarray(0, 15), /y-idx1-ubyte" must hold 12 bytes for uint8\[12\], got 7/],
    ] as const
  ).map(([why, content, says]) => ({
    why: `with labels that ${why}`,
    ...{ files: { [images]: idx, [labels]: content }, data: images, labels, says },
  })),
  {
    why: "with labels that have fractions",
    files: { [images]: idx, "y.npy": numbers(0, 1, 2, 0.5, 0, 1, 2, 0, 1, 2, 0, 1) },
    ...{ data: images, labels: "y.npy", says: /labels of .*y\.npy must be whole numbers, .*, got 0\.5 at row 3/ },
  },
  {
    why: "with labels of too many classes",
    files: { "x.npy": npyOf([1001, 1]), "y.npy": numbers(...Array.from({ length: 1001 }, (_, i) => i)) },
    ...{ data: "x.npy", labels: "y.npy", says: /at most 1000 classes, got 1001; are they labels\?/ },
  },
  {
    why: "with labels of one column for each class",
    files: { [images]: idx, "y.npy": npyOf([12, 3]) },
    ...{ data: images, labels: "y.npy", says: /got \[12, 3\]; save y\.argmax\(axis=1\)/ },
  },
  {
    why: "with labels that are no array",
    files: { [images]: idx, "y.csv": csvOf(12) },
    ...{ data: images, labels: "y.csv", says: /labels must be a file of one array, \.npy or IDX, got .*y\.csv/ },
  },
  {
    why: "with labels that are nowhere",
    files: { [images]: idx },
    ...{ data: images, labels: "y.npy", says: /cannot use .*y\.npy: there is no such file/ },
  },
  {
    why: "with a name of labels that an array file cannot have",
    files: { [images]: idx },
    ...{ data: images, options: ["--labels", "digit"], says: /holds no labels; name their file; leave --labels out/ },
  },
  {
    why: "with a column of labels that is not there",
    files: { "x.csv": csvOf(12) },
    ...{ data: "x.csv", options: ["--labels", "digit"], says: /x\.csv has no column "digit"; there are "x", "y"/ },
  },
  {
    why: "with labels in several columns",
    files: { "x.csv": csvOf(12) },
    ...{ data: "x.csv", options: ["--labels", "*"], says: /--labels must name one column, got "\*"/ },
  },
  {
    why: "with an array of labels that is not there",
    files: { "x.npz": zipSync({ "x.npy": npyOf([12, 2]) }) },
    ...{ data: "x.npz", options: ["--labels", "y"], says: /--labels must be one of x, got "y"/ },
  },
  {
    why: "of an archive without the array",
    files: { "x.npz": zipSync({ "x.npy": npyOf([12, 2]) }) },
    ...{ data: "x.npz", options: ["--array", "z"], says: /--array must be one of x, got "z"/ },
  },
  {
    why: "with labels, of a generated problem",
    files: {},
    ...{
      data: "",
      options: ["--labels", "y"],
      says: /moons is generated and is read from no file; leave --labels out/,
    },
  },
  ...(
    [
      [
        "holds a file of another kind",
        { "digits/1/notes.txt": "x" },
        /notes\.txt must be a PNG picture, got no \.png file; move it away/,
      ],
      [
        "holds a file beside its subfolders",
        { "digits/a.png": png(1) },
        /got the file a\.png beside the subfolder 0; move one/,
      ],
      [
        "holds a subfolder of a subfolder",
        { "digits/1/deep/a.png": png(1) },
        /deep must be a PNG picture, got a subfolder of a subfolder/,
      ],
      ["holds an empty file", { "digits/1/3.png": "" }, /3\.png is empty/],
      [
        "holds a JPEG",
        { "digits/1/3.png": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]) },
        /3\.png must start with 89504e47 as a PNG file does, got ffd8ffe0; save it as PNG/,
      ],
      [
        "holds a picture of another size",
        { "digits/1/3.png": greyPng(2, 3, pixelsOf(1, 6)) },
        /got 3 × 2 in .*0\/0\.png and 2 × 3 in .*1\/3\.png; resize or crop them/,
      ],
      [
        "holds a picture that is cut off",
        { "digits/1/3.png": png(3).subarray(0, 50) },
        /3\.png must be a whole PNG file/,
      ],
      [
        "holds a transparent picture",
        {
          "digits/1/3.png": pngOf({
            width: 3,
            height: 2,
            colorType: 4,
            lines: [
              [1, 255, 2, 255, 3, 255],
              [1, 255, 2, 0, 3, 255],
            ],
          }),
        },
        /3\.png must be opaque, got a transparent pixel at row 1, column 1/,
      ],
      [
        "holds a picture that unpacks to more than it promises",
        { "digits/1/3.png": pngOf({ width: 3, height: 2, lines: [], packed: deflateSync(Buffer.alloc(50_000_000)) }) },
        /3\.png must be a whole PNG file, but its pixels are not the 3 × 2 of its header/,
      ],
    ] as const
  ).map(([why, others, says]) => ({ why: `of a folder that ${why}`, files: folder(others), data: "digits", says })),
  {
    why: "of a folder that has labels of its own, with others",
    files: folder({ "y.npy": numbers(...new Array(12).fill(0)) }),
    ...{ data: "digits", labels: "y.npy", says: /the folder names the classes of its pictures; leave --labels out/ },
  },
  {
    why: "of a folder that is told a separator",
    files: folder(),
    ...{ data: "digits", options: ["--separator", ";"], says: /digits is no text; leave --separator out/ },
  },
];

describe("pictures that cannot be learnt", () => {
  it.each(badPictures)("$why are refused by name", async ({ files, data, labels: named, options = [], says }) => {
    const root = temporaryFolder();
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      written(join(root, name), content);
    }
    const output = join(root, "runs", "new");
    const settings = [
      ...(named ? ["--labels", join(root, named)] : []),
      ...options,
      "--steps",
      "1",
      "--output",
      output,
    ];
    await expectRefusal(
      ["train", "lsd", "--data", data ? join(root, data) : "moons", ...settings, "--json"],
      says,
      root,
    );
  });

  it("of folders that are empty, or have an empty class, are refused by name", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "digits", "0"), { recursive: true });
    const train = (data: string) => ["train", "lsd", "--data", data, "--output", join(root, "run")];
    const says = /digits.0 must hold PNG pictures, got an empty folder; remove it, or fill it/;
    await expectRefusal(train(join(root, "digits")), says, root);
    mkdirSync(join(root, "empty"));
    await expectRefusal(train(join(root, "empty")), /empty must hold PNG pictures, got an empty folder/, root);
    await expectRefusal(
      train(join(root, "absent")),
      /must be one of gaussian, .* a \.csv, .* or the path of a folder of PNG pictures/,
      root,
    );
  });

  it("of links to nothing and of pipes are refused by name, at once", async () => {
    const root = temporaryFolder();
    const train = ["train", "lsd", "--data", join(root, "digits"), "--output", join(root, "run")];
    mkdirSync(join(root, "digits"));
    symlinkSync(join(root, "nowhere.png"), join(root, "digits", "a.png"));
    await expectRefusal(train, /cannot use .*digits: there is no such file or folder/, root);
    const other = join(root, "pipes");
    mkdirSync(other);
    execFileSync("mkfifo", [join(other, "a.png")]);
    const says = /a\.png must be a file, got a pipe or a device; save its content to a file first/;
    await expectRefusal(["train", "lsd", "--data", other, "--output", join(root, "run")], says, root);
  });
});

describe("a training of pictures with labels", () => {
  it("keeps its data and its scale, for resume, sample and the command that reproduces it", async () => {
    const root = temporaryFolder();
    for (const [name, content] of Object.entries(folder())) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      written(join(root, name), content);
    }
    const small = ["--steps", "1", "--batch", "2", "--width", "4", "--depth", "1"];
    const run = join(root, "run");
    const trained = await runHere(["train", "teacher", "--data", join(root, "digits"), ...small, "--output", run]);
    expect(trained.code, trained.stderr).toBe(0);
    const resumed = await runHere(["resume", run]);
    expect(resumed.code, resumed.stderr).toBe(0);
    const { stdout } = await runHere(["sample", run, "--count", "3"]);
    const [header, ...rows] = stdout.trim().split("\n");
    expect([header, rows.length]).toEqual(["pixel_0_0,pixel_0_1,pixel_0_2,pixel_1_0,pixel_1_1,pixel_1_2", 3]);
    written(join(root, "digits", "1", "3.png"), png(4));
    expect((await runHere(["resume", run])).stderr).toMatch(/digits has changed since the run began/);
  });
});
