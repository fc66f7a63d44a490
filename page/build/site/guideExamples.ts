import { join } from "node:path";
import { type Example, readExamples } from "../../../scripts/examples.ts";
import { root } from "../../../scripts/workspace.ts";
import type { GuidePage } from "./guidePages.ts";

/** An example of a guide that runs in the page. */
export interface GuideExample extends Example {
  readonly name: string;
}

/** Packages without parts that need files or processes. */
const inBrowsers = /^@pushforward\/(autodiff|export|flows|losses|nn|tensor|training|verify)$/;

/** Whether an example needs only what a browser has. */
const runs = ({ code, notRun }: Example): boolean =>
  notRun === undefined &&
  Array.from(code.matchAll(/\bfrom "([^"]+)"/g), ([, name]) => name).every((name) => inBrowsers.test(name));

/** The examples of a page in order; undefined in the place of an example that does not run in browsers. */
export const guideExamples = ({ source, file }: GuidePage): (GuideExample | undefined)[] =>
  readExamples(join(root, source)).map((example, i) => {
    const name = `${file.replace(/^guides\//, "").replace(/\.html$/, "")}-${i + 1}`;
    return runs(example) ? { ...example, name } : undefined;
  });
