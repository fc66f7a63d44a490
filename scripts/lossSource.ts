/** Finds the body of a loss in the sources, with its helpers, so that a page can show the code next to the formula. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.ts";

/** A declaration at the top of a module. */
interface Declaration {
  readonly name: string;
  /** Name of the file in the sources of the losses. */
  readonly file: string;
  /** Lines of the comment above, without its marks. */
  readonly comment: readonly string[];
  readonly code: string;
}

/** The parts of a loss's source that a page shows. */
export interface LossSource {
  /** Names of the files of the code, the file of the loss first. */
  readonly files: readonly string[];
  readonly code: string;
  /** First paragraph of the comment. */
  readonly summary: string;
  /** The other paragraphs, without formulas and sources. */
  readonly notes: readonly string[];
  /** The texts of its `@source` tags. */
  readonly sources: readonly string[];
  /** Functions and constants that the code uses from other files, by file; losses among them under their own names. */
  readonly uses: Readonly<Record<string, readonly string[]>>;
}

/** Folder of the sources, relative to the repository. */
export const lossFolder = "packages/losses/src";

/**
 * Declarations of a file: a declaration begins at the first column and ends before the next line at the first column that is no
 * closing bracket.
 */
function declarationsOf(file: string): Declaration[] {
  const found: { name: string; file: string; comment: string[]; lines: string[] }[] = [];
  let comment: string[] = [];
  let isComment = false;
  for (const line of readFileSync(join(root, lossFolder, file), "utf8").split("\n")) {
    if (line.startsWith("/**")) [comment, isComment] = [[], true];
    if (isComment) {
      comment.push(line.replace(/^\/\*\*|^ \*(?!\/)/, "").replace(/\*\/$/, ""));
      if (line.endsWith("*/")) isComment = false;
      continue;
    }
    const [, name] = /^(?:export )?(?:const|function|type|interface|import) (\w+)?/.exec(line) ?? [];
    const open = found[found.length - 1];
    if (name !== undefined || line.startsWith("import")) {
      found.push({ name: name ?? "", file, comment, lines: [line] });
      comment = [];
    } else if (/^[\s)}\]>]|^$/.test(line)) open?.lines.push(line);
  }
  return found.map(({ lines, ...rest }) => ({ ...rest, code: lines.join("\n").trimEnd() }));
}

const declarations: readonly Declaration[] = readdirSync(join(root, lossFolder))
  .filter((file) => file.endsWith(".ts") && file !== "losses.ts" && file !== "index.ts")
  .flatMap(declarationsOf);

/** Words of a piece of code that could be names. */
const wordsOf = (code: string): Set<string> =>
  new Set(code.replaceAll(/(["`])(?:\\.|(?!\1).)*\1/g, "").match(/(?<![\w$.])[A-Za-z]\w*/g) ?? []);

/** Names that a file imports from its neighbours, with the file of each. */
const importsOf = (file: string): Map<string, string> =>
  new Map(
    Array.from(
      readFileSync(join(root, lossFolder, file), "utf8").matchAll(/^import \{([^}]*)\} from "\.\/([^"]+)"/gm),
      ([, names, from]) => names.split(",").map((name) => [name.trim(), from] as const),
    ).flat(),
  );

/** The declaration of a name in the scope of a file: in the file itself, or imported. */
function seenFrom(file: string, name: string): Declaration | undefined {
  const from = importsOf(file).get(name) ?? file;
  return declarations.find((each) => each.name === name && each.file === from && !/^(export )?type/.test(each.code));
}

/** The position of the property `loss` in a declaration, a method or a value; undefined if it is missing. */
function lossProperty({ code }: Declaration): string | undefined {
  const [, indent, start] = /^( +)(loss[(:].*)$/m.exec(code) ?? [];
  if (indent === undefined) return undefined;
  const [first, ...rest] = code.slice(code.indexOf(`\n${indent}${start}`) + 1).split("\n");
  const end = rest.findIndex((line) => line.length - line.trimStart().length <= indent.length);
  const lines = /[({[]$|=>$|:$/.test(first) ? [first, ...rest.slice(0, end + 1)] : [first];
  return lines.map((line) => line.slice(indent.length)).join("\n");
}

/** A factory without its metadata. */
const withoutMetadata = (code: string): string =>
  code.replace(/(defineLoss\(\{\n)([\s\S]*?)\n( +)(loss[(:])/, "$1$3// … metadata\n\n$3$4");

/**
 * The code of a loss alone, and the declaration that contains it: of the loss, of an object that it spreads, or of a function
 * that makes it.
 */
interface Body {
  readonly code: string;
  readonly place: Declaration;
  readonly isMade: boolean;
}

/** @throws Error if there is no body in any of these places */
function bodyOf(own: Declaration): Body {
  const property = lossProperty(own);
  if (property !== undefined) return { code: property, place: own, isMade: false };
  const spread = Array.from(own.code.matchAll(/^ +\.\.\.(\w+)/gm), ([, name]) => seenFrom(own.file, name));
  for (const place of spread) {
    const code = place && lossProperty(place);
    if (place && code !== undefined) return { code, place, isMade: false };
  }
  const [, called] = /^export const \w+ = (\w+)/.exec(own.code) ?? [];
  const factory = called === undefined ? undefined : seenFrom(own.file, called);
  if (factory === undefined || lossProperty(factory) === undefined) {
    throw new Error(
      `${own.file}: the body of ${own.name} must be in its declaration, in a spread object or in a factory function`,
    );
  }
  return { code: `${withoutMetadata(factory.code)}\n\n${own.code}`, place: factory, isMade: true };
}

/** The declarations of a file that a piece of code uses, directly or through other declarations of the file, in the file's order. */
function helpersOf(code: string, file: string, shown: ReadonlySet<string>): Declaration[] {
  const found = new Set<Declaration>();
  const visit = (text: string): void => {
    for (const word of wordsOf(text)) {
      const helper = declarations.find((each) => each.file === file && each.name === word);
      if (!helper || found.has(helper) || shown.has(word) || /^(export )?(type|interface)/.test(helper.code)) continue;
      found.add(helper);
      visit(helper.code);
    }
  };
  visit(code);
  return declarations.filter((each) => found.has(each));
}

const isLoss = ({ code }: Declaration): boolean => /= defineLoss\(/.test(code);

/** A helper with its comment, as in its file. */
const printed = ({ comment, code }: Declaration): string => {
  const lines = comment.join("\n *").replace(/(\n \*\s*)+$/, "");
  const text = comment.length > 1 ? `/**${lines}\n */` : `/**${lines.trimEnd()} */`;
  return comment.length === 0 ? code : `${text.replaceAll(/ +$/gm, "")}\n${code}`;
};

/** A comment in paragraphs of prose, and its `@source` tags. */
function proseOf(comment: readonly string[]): { prose: string[]; sources: string[] } {
  const text = comment.join("\n");
  const tag = /@source ((?:[^\n@]|\n(?!\s*\n| @))*)/g;
  const squash = (paragraph: string): string => paragraph.trim().replaceAll(/\s+/g, " ");
  const [beforeTags] = text.replaceAll(tag, "").split(/^ @/m);
  const prose = beforeTags
    .split(/\n\s*\n/)
    .filter((paragraph) => !/^\n? {3}/.test(paragraph))
    .map(squash);
  return {
    prose: prose.filter((paragraph) => paragraph !== ""),
    sources: Array.from(text.matchAll(tag), ([, source]) => squash(source)),
  };
}

/**
 * The source of a loss.
 *
 * @throws Error if the loss has no declaration, comment or body in the usual place
 */
export function lossSource(name: string): LossSource {
  const own = declarations.find((each) => each.name === name && each.code.startsWith("export const"));
  if (!own) throw new Error(`${name}: no file in ${lossFolder} exports a constant of this name`);
  const { code, place, isMade } = bodyOf(own);
  const shown = new Set([name, place.name]);
  let helpers = helpersOf(isMade ? code.slice(code.indexOf("\n")) : code, place.file, shown);
  // If the body is one call of a function in another file, the page also shows that function.
  if (helpers.length === 0 && code.startsWith("loss:")) {
    const files = new Set([...wordsOf(code)].flatMap((word) => seenFrom(place.file, word)?.file ?? []));
    helpers = [...files].flatMap((file) => helpersOf(code, file, shown));
  }
  const printable = helpers.filter((helper) => !isLoss(helper));
  const parts = [...printable.map(printed), code];
  const comments = [...(isMade ? [place] : []), own].map(({ comment }) => proseOf(comment));
  const [summary, ...notes] = comments.flatMap(({ prose }) => prose);
  if (summary === undefined) throw new Error(`${own.file}: ${name} must have a doc comment`);
  const listed = new Set([...printable.map((helper) => helper.name), ...shown]);
  const uses = usesOf(parts, [place, ...helpers], listed);
  return {
    files: [...new Set([own, place, ...printable].map(({ file }) => file))],
    code: parts.join("\n\n"),
    summary,
    notes,
    sources: comments.flatMap(({ sources }) => sources),
    uses,
  };
}

/** The names that the shown code uses from other files. */
function usesOf(
  parts: readonly string[],
  places: readonly Declaration[],
  listed: ReadonlySet<string>,
): Record<string, string[]> {
  const uses: Record<string, string[]> = {};
  const files = [...new Set(places.map(({ file }) => file))];
  for (const word of wordsOf(parts.join("\n"))) {
    const used = files.map((file) => seenFrom(file, word)).find((each) => each !== undefined);
    // Names of a shown file that are not shown themselves belong to the metadata.
    const isMetadata = used !== undefined && files.includes(used.file) && !isLoss(used);
    if (!used || isMetadata || listed.has(word) || word === "defineLoss" || /^(export )?interface/.test(used.code))
      continue;
    const key = isLoss(used) ? used.name : used.file;
    uses[key] = [...(uses[key] ?? []), word];
  }
  return uses;
}
