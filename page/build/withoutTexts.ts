import type { Plugin } from "vite";

/** Properties whose values are read by pages, help and reports alone, by the folders of the tables that have them. */
const texts: Readonly<Record<string, readonly string[]>> = {
  "packages/losses/src/": ["departs"],
  "packages/training/src/settings/": ["text", "argument", "group"],
  "packages/training/src/judging/": ["meaning", "formula"],
};

/** A part of a syntax tree. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A property of an object in a source text. */
interface Property extends SyntaxNode {
  readonly key: { readonly name?: string };
  readonly value: SyntaxNode;
}

/** Whether a value is a text or a list; a number or a truth value is none, though its syntax is a literal, too. */
const isEmptied = (node: SyntaxNode & { readonly value?: unknown }): boolean =>
  node.type === "Literal" ? typeof node.value === "string" : node.type in emptied;

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

/** The values of properties with some names, in the order of the source. */
function valuesOf(node: SyntaxNode, names: readonly string[]): SyntaxNode[] {
  if (node.type === "Property" && names.includes((node as Property).key.name ?? "")) return [(node as Property).value];
  return Object.values(node)
    .flat()
    .filter(isNode)
    .flatMap((child) => valuesOf(child, names));
}

/** Source of an empty text or list in the place of a text or a list of texts, by the kind of its syntax; other values stay. */
const emptied: Readonly<Record<string, string>> = {
  Literal: '""',
  TemplateLiteral: '""',
  TaggedTemplateExpression: '""',
  ArrayExpression: "[]",
};

/** Leaves texts that workers never show out of their scripts, which must be small. */
export const withoutTexts = (): Plugin => ({
  name: "without-texts",
  transform(code, id) {
    const names = Object.entries(texts).flatMap(([folder, each]) => (id.includes(`/${folder}`) ? each : []));
    if (names.length === 0) return null;
    const values = valuesOf(this.parse(code) as unknown as SyntaxNode, names).filter(isEmptied);
    const short = values.reduceRight(
      (source, { type, start, end }) => source.slice(0, start) + emptied[type] + source.slice(end),
      code,
    );
    return { code: short, map: null };
  },
});
