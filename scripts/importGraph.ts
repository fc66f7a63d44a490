import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The relative paths from which a source imports or re-exports values; type imports are erased at run time. */
export function valueImports(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s+(type\s+)?([^;]*?)\s*from\s+"(\.[^"]+)"/gm);
  return Array.from(statements).flatMap(([, type, names, path]) => (type || areTypes(names) ? [] : [path]));
}

/** The relative paths from which a source imports or re-exports, types included. */
export const relativeImports = (source: string): string[] =>
  Array.from(
    source.matchAll(/\bfrom\s+"(\.[^"]+)"|\bimport\(\s*"(\.[^"]+)"/g),
    ([, fixed, dynamic]) => fixed ?? dynamic,
  );

/** Whether a list in braces contains types only. */
function areTypes(names: string): boolean {
  const listed = /^\{([^}]*)\}$/
    .exec(names.trim())?.[1]
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return listed !== undefined && listed.length > 0 && listed.every((name) => name.startsWith("type "));
}

/**
 * Files below a folder with the files that they import, both relative to the folder.
 *
 * @param pathsOf the imports of a source that count; by default value imports
 */
export function importGraph(
  folder: string,
  pathsOf: (source: string) => string[] = valueImports,
): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const importsOf = (file: string): string[] =>
    pathsOf(readFileSync(join(folder, file), "utf8")).map((path) =>
      relative(folder, join(folder, dirname(file), path)),
    );
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** A circle of imports, as the files on it in order; undefined if there is no circle. */
export function findCircle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}
