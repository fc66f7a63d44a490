import type { Plugin } from "vite";
import type { GuideExample } from "./guideExamples.ts";

const list = "virtual:examples";
/** Ids end in `.ts`, so that the bundler strips types. */
const idOf = (name: string): string => `\0example:${name}.ts`;

/**
 * Bundles the examples of the guides as modules, so that no text becomes code in the page. `virtual:examples` exports a function for
 * each example that runs it.
 */
export function exampleModules(examples: readonly GuideExample[]): Plugin {
  const sources = new Map(examples.map(({ name, code }) => [idOf(name), code]));
  const entries = examples.map(({ name }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(idOf(name))})`);
  return {
    name: "pushforward:examples",
    resolveId: (id) => (id === list ? `\0${list}` : sources.has(id) ? id : undefined),
    load(id) {
      if (id === `\0${list}`) return `export const examples = { ${entries.join(", ")} };`;
      return sources.get(id);
    },
  };
}
