import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  Application,
  type DeclarationReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type TypeDocOptions,
} from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { publicPackages, root, type WorkspacePackage } from "../../../scripts/workspace.ts";

/** Folder of a package below packages/. */
export const folderName = ({ folder }: Pick<WorkspacePackage, "folder">): string => basename(folder);

/** Options of the plugin: one page a package, signatures as code, members in tables. */
const format: Partial<PluginOptions> = {
  useCodeBlocks: true,
  expandParameters: true,
  hidePageHeader: true,
  hidePageTitle: true,
  hideBreadcrumbs: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  tableColumnSettings: {
    hideDefaults: true,
    hideOverrides: true,
    hideModifiers: true,
    hideInherited: true,
    hideSources: true,
  },
};

/** Comments are text with code, links and lists: other signs of Markdown and HTML in them are signs of formulas, and indented lines are formulas. */
function asMarkdown(text: string): string {
  const hasList = /^ *- /m.test(text);
  return text
    .split("\n")
    .map((line) =>
      /^ {2,}\S/.test(line) && !hasList ? `\`${line.trim()}\`  ` : line.replaceAll(/[*_<[\]\\]/g, "\\$&"),
    )
    .join("\n");
}

/** Whether a class or an interface has a member from another one. */
const isInherited = (member: DeclarationReflection): boolean =>
  (member.signatures?.[0] ?? member).inheritedFrom !== undefined;

/** Leaves inherited members with the classes that define them. */
function removeInherited(project: ProjectReflection): void {
  const owners = project.getReflectionsByKind(ReflectionKind.ClassOrInterface) as DeclarationReflection[];
  for (const owner of owners) {
    for (const member of owner.children?.filter(isInherited) ?? []) project.removeReflection(member);
    const left = new Set<Reflection>(owner.children);
    for (const group of owner.groups ?? []) group.children = group.children.filter((member) => left.has(member));
    owner.groups = owner.groups?.filter(({ children }) => children.length > 0);
  }
}

/** Writes comments as Markdown. */
function writeComments(project: ProjectReflection): void {
  for (const { comment } of Object.values(project.reflections)) {
    const blocks = comment?.blockTags.map(({ content }) => content) ?? [];
    for (const part of [...(comment?.summary ?? []), ...blocks.flat()])
      if (part.kind === "text") part.text = asMarkdown(part.text);
  }
}

/** The options of TypeDoc, which writes into a folder: by default it empties docs. */
const optionsFor = (out: string): Partial<TypeDocOptions & PluginOptions> => ({
  ...format,
  out,
  entryPoints: publicPackages().map(({ folder }) => join(folder, "src/index.ts")),
  tsconfig: join(root, "tsconfig.json"),
  plugin: ["typedoc-plugin-markdown"],
  router: "module",
  skipErrorChecking: true,
  disableGit: true,
  disableSources: true,
  excludePrivate: true,
  excludeExternals: true,
  readme: "none",
  blockTags: ["@param", "@returns", "@throws", "@source", "@type", "@typedef"],
  logLevel: "Warn",
});

/**
 * The exports of all published packages as Markdown, written by TypeDoc from their doc comments.
 *
 * @returns texts by the folders of the packages; their links lead to `<folder>.md`
 * @throws Error if TypeDoc warns, for example because a comment names a parameter that the function does not have
 */
export async function apiReference(): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), "pushforward-api-"));
  try {
    const app = await Application.bootstrapWithPlugins(optionsFor(out));
    const project = await app.convert();
    if (!project || app.logger.hasWarnings() || app.logger.hasErrors())
      throw new Error("apiReference: TypeDoc must read the packages without warnings, got those above");
    for (const module of project.children!) module.name = dirname(module.name);
    removeInherited(project);
    writeComments(project);
    await app.generateOutputs(project);
    const names = publicPackages().map(folderName);
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(out, `${name}.md`), "utf8")]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
