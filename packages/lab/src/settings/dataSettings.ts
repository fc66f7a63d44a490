import { csvSeparators, separatorOf } from "@pushforward/tensor";
import { defineSetting, oneOf, problemNames, real, type SettingValues, text } from "@pushforward/training";
import * as z from "zod/mini";
import { ownData } from "../problems/formats.ts";

const separatorError = `must be ${Object.keys(csvSeparators).join(", ")} or one character that is no part of a number`;
const latentError = "must be pca: and a number of components from 1 to 9999, as pca:64";
const columnsError = "must be a list of column names, patterns or indices";

/** The data of a run for which none are named. */
export const defaultData = "eightGaussians";

/** Settings about the part of a data file that is read, and about its format. */
export const tableSettings = {
  columns: defineSetting({
    group: "Data",
    schema: z.optional(
      z.array(text(columnsError), { error: columnsError }).check(z.minLength(1, { error: columnsError })),
    ),
    argument: "<list>",
    text: "columns to learn, separated by commas: names, indices from 0, pixel_* or first..last; without it all but an index that has no name",
  }),
  array: defineSetting({
    group: "Data",
    schema: z.optional(text("must name an array of the .npz file")),
    argument: "<name>",
    text: "array of an .npz file to read; needed where the file holds several",
  }),
  labels: defineSetting({
    group: "Data",
    schema: z.optional(text("must name a file of labels, or the column or array of the data that holds them")),
    argument: "<name|file>",
    text: "labels of the rows, a whole number for each class: an .npy or IDX file, an array of the .npz file, or a column of the text file",
    mayChange: true, // files move; the digest of the data includes them
  }),
  header: defineSetting({
    group: "Data",
    schema: z.optional(oneOf(["yes", "no"])),
    argument: "<choice>",
    text: "whether the first row of a text file names the columns; without it the cells of that row decide, or the file is refused",
  }),
  separator: defineSetting({
    group: "Data",
    schema: z.optional(
      text(separatorError).check(z.refine((value) => separatorOf(value) !== undefined, { error: separatorError })),
    ),
    argument: "<character>",
    text: `separator of the cells of a text file: ${Object.keys(csvSeparators).join(", ")} or a character; without it found from the first rows`,
  }),
  decimal: defineSetting({
    group: "Data",
    schema: z.optional(oneOf(["point", "comma"])),
    argument: "<mark>",
    text: "mark before the fraction of a number in a text file; without it found from the first rows",
  }),
  missing: defineSetting({
    group: "Data",
    schema: z.optional(oneOf(["refuse", "drop"])),
    argument: "<choice>",
    text: "what becomes of a file with rows in which a chosen number is missing: the file is refused (without this option), or those rows are dropped",
  }),
  scale: defineSetting({
    group: "Data",
    schema: z.optional(oneOf(["columns", "common", "range"])),
    argument: "<choice>",
    text: "scaling by the training rows: mean 0 and standard deviation 1 of each column, of all numbers together, or all numbers from −1 to 1; without it common where columns are pixels, else columns",
  }),
  latent: defineSetting({
    group: "Data",
    schema: z.optional(text(latentError).check(z.regex(/^pca:[1-9]\d{0,3}$/, { error: latentError }))),
    argument: "<pca:n>",
    text: "coordinates that are learnt instead of the columns: the first n principal components of the scaled training rows; samples come back in columns",
  }),
};

/** The number of principal components that `--latent pca:64` names. */
export const componentsOf = (latent: string | undefined): number | undefined =>
  latent === undefined ? undefined : Number(latent.slice("pca:".length));

/**
 * Given settings with the scale of runs that began before there was a choice: their columns were standardised one by one. Such a run has
 * the digest of its data but no scale, since a new run stores both.
 */
export function withOldScale(given: unknown): unknown {
  const { dataSha256, scale } = Object(given) as Readonly<Record<string, unknown>>;
  return dataSha256 === undefined || scale !== undefined ? given : { ...(given as object), scale: "columns" };
}

/** Names of the settings of data files. */
export const tableSettingNames = Object.keys(tableSettings) as readonly (keyof typeof tableSettings)[];

/** Values of {@link tableSettings}. */
export type TableSettings = Readonly<Partial<SettingValues<typeof tableSettings>>>;

/** Settings of the data of a run. */
export const dataSettings = {
  data: defineSetting({
    group: "Data",
    schema: text(`must name an embedded problem, ${ownData}`),
    argument: "<name|file>",
    text: `${problemNames.join(", ")}, ${ownData}; without it ${defaultData}`,
    mayChange: true, // files move; their digest below may not change
  }),
  dataSha256: defineSetting({
    group: "Data",
    schema: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: "must be 64 hexadecimal digits" }))),
    argument: null,
    text: "digest of the data file when the run began: a file that has changed since is refused",
  }),
  ...tableSettings,
  heldOut: defineSetting({
    group: "Data",
    schema: z._default(
      real("from 0.01 to 0.9", (x) => x >= 0.01 && x <= 0.9),
      0.2,
    ),
    argument: "<fraction>",
    text: "fraction of the file's rows that is kept for judging and never trained on",
  }),
};
