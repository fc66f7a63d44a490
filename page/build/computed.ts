import type { Plugin } from "vite";

/** Makes the source of a module. */
export type MakeSource = () => string | Promise<string>;

const mark = "\0computed:";

/**
 * Modules whose sources are computed while the page is built: the shell shows the lists of the registries and the first picture
 * without loading the engine.
 *
 * @param modules sources by the names under which they are imported
 */
export const computed = (modules: Readonly<Record<string, MakeSource>>): Plugin => ({
  name: "pushforward:computed",
  resolveId: (id) => (Object.hasOwn(modules, id) ? mark + id : undefined),
  load: (id) => (id.startsWith(mark) ? modules[id.slice(mark.length)]() : undefined),
});

/** The source of a module that exports one value under a name. */
export const exportJson = (name: string, value: unknown): string => `export const ${name} = ${JSON.stringify(value)};`;
