import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { headingsOf, table } from "../../../scripts/markdown.ts";
import { publicPackages, root, type WorkspacePackage } from "../../../scripts/workspace.ts";
import { apiReference, folderName } from "./apiReference.ts";
import type { GuidePage } from "./guidePages.ts";

/** Files outside the packages that decide on the reference. */
const makers = ["tsconfig.json", "page/package.json", "page/build/site/apiReference.ts"];

/** Digest of everything that decides on the reference. */
function digest(): string {
  const hash = createHash("sha256");
  const sources = publicPackages().flatMap(({ folder }) => {
    const files = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" });
    return files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, "src", file));
  });
  for (const file of [...sources.sort(), ...makers.map((file) => join(root, file))])
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** The reference, from the last build while no source has changed: TypeDoc takes several seconds. */
async function keptReference(): Promise<Record<string, string>> {
  const file = join(root, "page/node_modules/.cache/api", `${digest()}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const reference = await apiReference();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(reference));
  return reference;
}

/** The level of the headings of exports. */
const exportLevel = 3;

/** The names of the exports of a page of the reference, with their anchors. */
export const exportsOf = ({ text }: GuidePage): { readonly title: string; readonly anchor: string }[] =>
  headingsOf(text).filter(({ level }) => level === exportLevel);

function packagePage({ name, folder, manifest }: WorkspacePackage, text: string): GuidePage {
  const short = folderName({ folder });
  const start = `# \`${name}\`\n\n${manifest.description}: all exports. [Introduction](../packages/${short}/README.md)`;
  return { source: `api/${short}.md`, file: `api/${short}.html`, title: name, text: `${start}\n\n${text}` };
}

/** The page that lists the packages. */
function contentsOf(pages: readonly GuidePage[]): GuidePage {
  const described = publicPackages().map(({ manifest }, i) => ({ page: pages[i], manifest }));
  const rows = table(described, [
    ["package", ({ page }) => `[\`${page.title}\`](${page.source.replace("api/", "")})`],
    ["holds", ({ manifest }) => manifest.description],
    ["exports", ({ page }) => exportsOf(page).length],
  ]);
  const text = `# API\n\nThe exports of every package, from the comments in their sources. Letters and shapes are those of the [conventions](../docs/conventions.md).\n\n${rows}\n`;
  return { source: "api/README.md", file: "api/index.html", title: "API", text };
}

let made: Promise<GuidePage[]> | undefined;

/** The pages of the API reference, the contents first; made once in a process. */
export function apiPages(): Promise<GuidePage[]> {
  made ??= keptReference().then((reference) => {
    const pages = publicPackages().map((each) => packagePage(each, reference[folderName(each)]));
    return [contentsOf(pages), ...pages];
  });
  return made;
}
