import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DomainError, fromData, take, tensor } from "@pushforward/tensor";
import { pixelColumns, type RowLabels } from "@pushforward/training";
import { fileError } from "../run/atomicFile.ts";
import type { TableSettings } from "../settings/dataSettings.ts";
import { digestOf, readDataFile } from "./dataFile.ts";
import { checkTableSize, chooseFrom, type FileTable, refuseSettings } from "./fileTable.ts";
import type { OpenedData } from "./openedData.ts";
import { type Picture, pngHeader, readPng } from "./pngPicture.ts";

/** Largest file of a picture, metadata included. */
const maxPictureBytes = 16_000_000;

/** A file of a picture. */
interface PictureFile {
  /** Its path from the folder. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
  /** Place of its class in the list of subfolders. */
  readonly place: number;
}

/**
 * Opens a folder of PNG pictures of one size: all in the folder, or in one subfolder for each class. Pictures are ordered by their names.
 *
 * @throws DomainError that names the folder or the file
 */
export function openPictures(path: string): OpenedData {
  const classes = classesIn(path);
  const folders = classes ?? [""];
  const files = folders.flatMap((folder, place) => picturesIn(path, folder, place));
  const sha256 = digestOf(...files.flatMap(({ name, bytes }) => [`${name.replaceAll("\\", "/")}\n`, digestOf(bytes)]));
  return { sha256, table: (settings, labels) => pictureTable(path, files, classes, { ...settings, labels }) };
}

/** Files that systems put into folders. */
const systemFiles = ["thumbs.db", "desktop.ini"];

/** A file or a folder in a folder; a link stands for what it points to. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** Files and folders in a folder, ordered by the code units of names, so that every machine has the same order; hidden files are left out. */
function entriesOf(path: string): Entry[] {
  try {
    const names = readdirSync(path).filter(
      (name) => !name.startsWith(".") && !systemFiles.includes(name.toLowerCase()),
    );
    return names.sort().map((name) => {
      const place = join(path, name);
      return { name, path: place, isFolder: statSync(place).isDirectory() };
    });
  } catch (error) {
    throw fileError("data", path, error);
  }
}

/** Names of the subfolders, where the pictures are in them. */
function classesIn(path: string): readonly string[] | undefined {
  const entries = entriesOf(path);
  const folders = entries.filter(({ isFolder }) => isFolder);
  if (folders.length === 0) return undefined;
  const beside = entries.find(({ isFolder }) => !isFolder);
  if (!beside) return folders.map(({ name }) => name);
  throw new DomainError(
    `data: ${path} must hold pictures or one subfolder of pictures for each class, got the file ${beside.name} beside the subfolder ${folders[0].name}; move one of them away`,
  );
}

/** The pictures of one folder. */
function picturesIn(root: string, folder: string, place: number): PictureFile[] {
  const entries = entriesOf(join(root, folder));
  const wrong = entries.find(({ name, isFolder }) => isFolder || !/\.png$/i.test(name));
  if (wrong) {
    const what = wrong.isFolder ? "a subfolder of a subfolder" : "no .png file";
    throw new DomainError(`data: ${wrong.path} must be a PNG picture, got ${what}; move it away, or save it as PNG`);
  }
  if (entries.length === 0) {
    throw new DomainError(
      `data: ${join(root, folder)} must hold PNG pictures, got an empty folder; remove it, or fill it`,
    );
  }
  return entries.map(({ name, path }) => ({
    name: join(folder, name),
    path,
    bytes: readDataFile(path, maxPictureBytes),
    place,
  }));
}

/** All pictures as rows of pixels. */
function pictureTable(
  path: string,
  files: readonly PictureFile[],
  classes: readonly string[] | undefined,
  settings: TableSettings,
): FileTable {
  refuseSettings(path, settings, {
    text: "is no text",
    array: "holds no arrays",
    ...(classes
      ? { labels: "has its labels in the names of its subfolders" }
      : { labels: "holds no labels; name their file" }),
  });
  const { width, height } = sameSize(files);
  checkTableSize(path, files.length, width * height);
  const pictures = files.map(({ path: file, bytes }) => readPng(file, bytes));
  const channels = pictures.some((each) => each.channels === 3) ? 3 : 1;
  const names = pixelColumns({ width, height, channels });
  const places = chooseFrom(path, names, settings.columns, files.length);
  const values = fromData(pixelsOf(pictures, names.length), [files.length, names.length], "float64");
  return {
    values: settings.columns ? take(values, tensor(places, { dtype: "int32" }), 1) : values,
    names: places.map((place) => names[place]),
    ...{ droppedRows: 0, indexColumns: 0, isBright: true },
    ...(classes ? { labels: labelsIn(classes, files) } : {}),
  };
}

const labelsIn = (names: readonly string[], files: readonly PictureFile[]): RowLabels => ({
  names,
  places: Int32Array.from(files, ({ place }) => place),
});

/** The size of all pictures, by their headers. */
function sameSize(files: readonly PictureFile[]): { width: number; height: number } {
  const [first, ...others] = files;
  const size = pngHeader(first.path, first.bytes);
  for (const { path, bytes } of others) {
    const { width, height } = pngHeader(path, bytes);
    if (width === size.width && height === size.height) continue;
    throw new DomainError(
      `data: pictures must all have one size, got ${size.width} × ${size.height} in ${first.path} and ${width} × ${height} in ${path}; resize or crop them`,
    );
  }
  return size;
}

/** Pixels of pictures one after the other; grey pictures among coloured ones get three equal channels. */
function pixelsOf(pictures: readonly Picture[], dim: number): Float64Array {
  const pixels = new Float64Array(pictures.length * dim);
  pictures.forEach(({ values }, row) => {
    const repeats = dim / values.length;
    for (let i = 0; i < dim; i++) pixels[row * dim + i] = values[Math.floor(i / repeats)];
  });
  return pixels;
}
