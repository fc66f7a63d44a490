import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** A file and all files that it imports before it runs. */
function closureOf(folder: string, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(join(folder, file), "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
  for (const [, name] of imports) closureOf(folder, name, seen);
  return seen;
}

/** Kibibytes of files, each compressed by gzip. */
const kibibytes = (folder: string, files: Iterable<string>): number =>
  Array.from(files, (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length).reduce(
    (sum, bytes) => sum + bytes / 1024,
    0,
  );

/**
 * Kibibytes (gzip) of the built site that a reader loads: scripts and styles of each pane's page under its file, and the script of each
 * worker under the name of its source, with everything that these import before they run.
 *
 * @param dist folder of the built site
 */
export function siteSizes(dist: string): Record<string, number> {
  const assets = join(dist, "assets");
  const pages = readdirSync(dist).filter((file) => file.endsWith(".html"));
  const shells = pages.map((page) => {
    const names = readFileSync(join(dist, page), "utf8").matchAll(/assets\/([^"]+\.(?:js|css))"/g);
    const files = new Set(Array.from(names, ([, name]) => name).flatMap((name) => [...closureOf(assets, name)]));
    return [page, kibibytes(assets, files)] as const;
  });
  const workers = readdirSync(assets).flatMap((file) => {
    const [, name] = file.match(/^(answer[A-Z]\w*?)-.*\.js$/) ?? [];
    return name === undefined ? [] : [[name, kibibytes(assets, closureOf(assets, file))] as const];
  });
  return Object.fromEntries([...shells, ...workers]);
}
