import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { expectRefusal } from "../support/expectRefusal.ts";
import { csvOf, npyHeaderOf, npyOf, npyOfNumbers, npyOfStrings } from "../support/files.ts";

/** A file that cannot be learnt, options beside it, and what the message must say. */
interface BadFile {
  readonly why: string;
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options?: readonly string[];
  readonly says: RegExp;
}

const csv = (why: string, content: string | Uint8Array, says: RegExp, options: readonly string[] = []): BadFile => ({
  why,
  name: "data.csv",
  content,
  says,
  options,
});
const npy = (why: string, content: Uint8Array, says: RegExp, options: readonly string[] = []): BadFile => ({
  why,
  name: "data.npy",
  content,
  says,
  options,
});

const whole = npyOf([20, 2]);

const badFiles: readonly BadFile[] = [
  csv("is empty", "", /data: .*data\.csv is empty; it must hold rows of numbers/),
  csv("is blank", "\n \n", /data\.csv" must hold rows of numbers, got an empty file/),
  csv("has only a header", "x,y\n", /data\.csv" must hold rows of numbers, got only a header: "x", "y"/),
  csv("has one row", "x,y\n1,2\n", /data\.csv must have at least 2 rows to train on and 2 to judge by, got 1$/m),
  csv("leaves too few rows to judge by", csvOf(10), /got 10, of which 0 would be held out; change --held-out/, [
    "--held-out",
    "0.01",
  ]),
  csv("holds a NaN", "x,y\n1,2\n3,NaN\n", /data\.csv" row 3, column "y" must be a finite number, got "NaN"/),
  csv("holds an infinity", "x,y\n1,2\ninf,4\n", /data\.csv" row 3, column "x" must be a finite number, got "inf"/),
  csv(
    "holds text",
    "x,y\n1,2\n3,blue\n",
    /row 3, column "y" must be a finite number, got "blue"; choose other columns/,
  ),
  csv("has a gap", "x,y\n1,2\n3,\n", /row 3, column "y" must be a finite number, got ""; fill it in/),
  csv("is ragged", "x,y\n1,2\n3\n4,5\n", /data\.csv" row 3 must have 2 cells like the first row, got 1/),
  csv(
    "is told a separator that it does not have",
    csvOf(10),
    /one cell in each row if the separator is semicolon, but comma/,
    ["--separator", ";"],
  ),
  csv("is told a separator that is none", csvOf(10), /--separator must be comma, semicolon, .* got "ab"/, [
    "--separator",
    "ab",
  ]),
  csv("is told a header that is neither", csvOf(10), /--header must be one of yes, no, got "maybe"/, [
    "--header",
    "maybe",
  ]),
  csv(
    "may begin with names or data",
    "2019,2020\n1,2\n3,4\n",
    /hold data: "2019", "2020"; say --header yes or --header no/,
  ),
  csv(
    "has a column of text",
    "a,b,c\n1,2,x\n3,4,y\n",
    /got "x"; choose other columns or mend the cell; .* --columns a,b$/m,
  ),
  csv("lacks numbers", "x,y\n1,2\n3,NA\n", /or say --missing drop to leave out such rows/),
  csv("is text in UTF-16", Buffer.from("\ufeffx,y\n1,2\n", "utf16le"), /it is text in UTF-16; save it as UTF-8/),
  csv("is compressed", gzipSync("x,y\n1,2\n"), /it is gzip; unpack it with gunzip first/),
  csv("is an array", npyOf([20, 2]), /it is a NumPy array; call it \.npy/),
  csv("has no arrays", csvOf(10), /holds no arrays; leave --array out/, ["--array", "x"]),
  csv("lacks the column", csvOf(10), /data\.csv has no column "z"; there are "x", "y"/, ["--columns", "x,z"]),
  csv("lacks the index", csvOf(10), /data\.csv has no column "2"; there are "x", "y"/, ["--columns", "0,2"]),
  csv("lacks the pattern", csvOf(10), /data\.csv has no column "pixel_\*"; there are/, ["--columns", "pixel_*"]),
  csv("has its range reversed", csvOf(10), /"y\.\.x" must stand in the file's order/, ["--columns", "y..x"]),
  csv("has a column twice", csvOf(10), /column "x" is chosen twice/, ["--columns", "x,x"]),
  csv("has two columns of a name", "x,x\n1,2\n3,4\n", /one column "x", got several/, ["--columns", "x"]),
  csv("is not asked for any", csvOf(10), /--columns\.0 must be a list of column names/, ["--columns", ""]),
  csv(
    "has too many columns",
    `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",")}\n${"0,".repeat(9_999)}0\n`,
    /data\.csv must have 1 to 4096 columns to learn, got 10000; choose some with --columns/,
  ),
  csv(
    "has too many columns to list",
    `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",")}\n${"0,".repeat(9_999)}0\n`,
    /has no column "d1"; there are "c0", .*, "c11", … \(10000 in all\)/m,
    ["--columns", "d1"],
  ),
  csv("has numbers too large to add", `${csvOf(10)}${"1.7e308,1\n".repeat(9)}`, /column "x".*rescale them/),
  npy("is empty", new Uint8Array(0), /data\.npy is empty/),
  npy("is no NPY file", Buffer.from("x,y\n1,2\n"), /must start with the bytes 93 4e 55 4d 50 59 of an \.npy file/),
  npy(
    "is cut off",
    whole.subarray(0, whole.length - 5),
    /must hold 320 bytes for float64\[20, 2\], got 315; the file is cut/,
  ),
  npy("is cut off in its header", whole.subarray(0, 30), /the file is cut off/),
  npy(
    "has no axis",
    npyOf([]),
    /data\.npy must hold an array \[rows, columns\], \[rows\], or pictures .* got \[\]; reshape it/,
  ),
  npy(
    "has two channels",
    npyOf([5, 2, 2, 2]),
    /pictures \[rows, height, width\] with 1 or 3 channels .*, got \[5, 2, 2, 2\]/,
  ),
  npy("has five axes", npyOf([5, 2, 2, 1, 1]), /got \[5, 2, 2, 1, 1\]; reshape it before saving/),
  npy("has pictures of no pixels", npyOf([5, 0, 2]), /must have 1 to 4096 columns to learn, got 0/),
  npy("has pictures of too many pixels", npyHeaderOf("(0, 65, 64)"), /must have 1 to 4096 columns to learn, got 4160/),
  npy(
    "has Python objects",
    npyHeaderOf("(20, 2)", "|O", 320),
    /must hold elements of type f8, .*, got '\|O'; convert it/,
  ),
  npy(
    "claims a hundred million columns",
    npyHeaderOf("(0, 100000000)"),
    /at most 1000000 columns, got \[0, 100000000\]/,
  ),
  npy("claims more columns than can be counted", npyHeaderOf("(0, 9007199254740991)"), /got \[0, 9007199254740991\]/),
  npy("is told a header", npyOf([20, 2]), /is no text; leave --header out/, ["--header", "yes"]),
  npy("has no columns", npyOf([20, 0]), /must have 1 to 4096 columns to learn, got 0/),
  npy("has no rows", npyOf([0, 2]), /must have at least 2 rows to train on and 2 to judge by, got 0/),
  npy("holds strings", npyOfStrings(), /must hold elements of type f8, .*, got '<U3'; convert it with astype/),
  npy(
    "holds a NaN",
    npyOfNumbers(1, 2, 3, NaN),
    /data\.npy row 1, column 1 \(counted from 0\) must be a finite number, got NaN/,
  ),
  npy("holds an infinity", npyOfNumbers(1, -Infinity, 3, 4), /data\.npy row 0, column 1 .* got -Infinity/),
  npy("lacks the column", whole, /data\.npy has no column "5"; there are "0", "1"/, ["--columns", "0,5"]),
];

describe("data that cannot be learnt", () => {
  it.each(badFiles)("is refused with its place when $name $why", async ({ name, content, options = [], says }) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), content);
    const output = join(folder, "runs", "new");
    const settings = ["--data", join(folder, name), ...options, "--steps", "1", "--output", output, "--json"];
    await expectRefusal(["train", "lsd", ...settings], says, folder);
  });

  it("is refused by a comparison as well", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "data.csv"), "x,y\n1,2\n3,NaN\n");
    const settings = ["--data", join(folder, "data.csv"), "--output", join(folder, "run")];
    await expectRefusal(["compare", "lsd", ...settings], /row 3, column "y"/, folder);
    await expectRefusal(["start", ...settings], /row 3, column "y"/, folder);
  });

  it("is refused when there is no such file or it is a folder, by name", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder.csv"));
    for (const [name, says] of [
      ["missing.csv", /data: cannot use .*missing\.csv: there is no such file or folder/],
      ["folder.csv", /data: cannot use .*folder\.csv: it is a folder; name a file/],
    ] as const) {
      const args = ["train", "lsd", "--data", join(folder, name), "--output", join(folder, "run")];
      await expectRefusal(args, says, folder);
    }
  });

  it("is refused when it is a pipe, at once", async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, "data.csv");
    execFileSync("mkfifo", [pipe]);
    const args = ["train", "lsd", "--data", pipe, "--output", join(folder, "run")];
    await expectRefusal(
      args,
      /data\.csv must be a file, got a pipe or a device; save its content to a file first/,
      folder,
    );
  });

  it("is refused when it is neither a known file nor an embedded problem", async () => {
    const folder = temporaryFolder();
    for (const data of ["moon", join(folder, "data.xlsx")]) {
      const args = ["train", "lsd", "--data", data, "--output", join(folder, "run")];
      await expectRefusal(
        args,
        /data: must be one of gaussian, moons, .*, a \.csv, .*IDX .* file, or the path of a folder of PNG pictures, got "/,
        folder,
      );
    }
    const columns = ["train", "lsd", "--data", "moons", "--columns", "x", "--output", join(folder, "run")];
    await expectRefusal(columns, /moons is generated and has no columns to choose/, folder);
  });
});
