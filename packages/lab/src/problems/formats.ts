import { arrayTable, type FileArray, npyArray } from "./arrayTable.ts";
import { digestOf, maxBytes, readDataFile } from "./dataFile.ts";
import { refuseSettings } from "./fileTable.ts";
import { idxArray } from "./idxArray.ts";
import { npzTable } from "./npzTable.ts";
import type { OpenedData } from "./openedData.ts";
import { openPictures } from "./pictureFolder.ts";
import { textTable } from "./textTable.ts";

/** A format of data. */
interface DataFormat {
  /** How messages and help call it: ".csv". */
  readonly name: string;
  /** Paths of such data. */
  readonly path: RegExp;
  open(path: string): OpenedData;
}

/** A format of files: its largest size and its reader. */
const fileFormat = (
  name: string,
  path: RegExp,
  most: number,
  read: (path: string, bytes: Buffer) => Omit<OpenedData, "sha256">,
): DataFormat => ({
  name,
  path,
  open: (file) => {
    const bytes = readDataFile(file, most);
    return { sha256: digestOf(bytes), ...read(file, bytes) };
  },
});

const textFormat = (ending: string): DataFormat =>
  fileFormat(`.${ending}`, new RegExp(`\\.${ending}$`, "i"), maxBytes.text, (path, bytes) => ({
    table: (settings, labels) => textTable(path, bytes, settings, labels),
  }));

/** A format of files that hold one array. */
const arrayFormat = (name: string, path: RegExp, read: (path: string, bytes: Buffer) => FileArray): DataFormat =>
  fileFormat(name, path, maxBytes.binary, (file, bytes) => ({
    array: () => read(file, bytes),
    table: (settings, labels) => {
      refuseSettings(
        file,
        { ...settings, labels },
        { array: "holds one array", labels: "holds no labels; name their file" },
      );
      return arrayTable(file, read(file, bytes), settings);
    },
  }));

/** Formats of data; the first whose pattern a path matches reads it. */
const formats: readonly DataFormat[] = [
  textFormat("csv"),
  textFormat("tsv"),
  textFormat("txt"),
  arrayFormat(".npy", /\.npy$/i, npyArray),
  fileFormat(".npz", /\.npz$/i, maxBytes.binary, (path, bytes) => ({
    table: (settings, labels) => npzTable(path, bytes, settings, labels),
  })),
  arrayFormat("IDX (idx3-ubyte, .gz)", /[.-](idx\d?|idx\d-ubyte)(\.gz)?$/i, idxArray),
];

/** Folders of pictures: every other path. */
const pictures: DataFormat = { name: "PNG", path: /[\\/]/, open: openPictures };

/** Names of the formats of files in words: ".csv, … or IDX". */
const dataEndings = formats
  .map(({ name }) => name)
  .join(", ")
  .replace(/, ([^,]+(?: \([^)]*\)))$/, " or $1");

/** Data that are not embedded, in words. */
export const ownData = `a ${dataEndings} file, or the path of a folder of ${pictures.name} pictures`;

const fileFormatOf = (path: string): DataFormat | undefined => formats.find((each) => each.path.test(path));

/** Whether the name of data is that of a file or of a folder, not of an embedded problem. */
export const isDataFile = (data: string): boolean => isFormatOfFiles(data) || pictures.path.test(data);

/** Whether a name is that of a file, by its ending; it need not exist. */
export const isFormatOfFiles = (name: string): boolean => fileFormatOf(name) !== undefined;

/**
 * Opens a file or a folder of data.
 *
 * @throws DomainError that names the path if it cannot be read
 */
export const openData = (path: string): OpenedData => (fileFormatOf(path) ?? pictures).open(path);
