import { fileURLToPath } from "node:url";

/**
 * The script that starts the command: main.js beside this file, in the published package and in the bundle of the workspace; in
 * TypeScript sources, bin/pushforward.mjs, which makes that bundle.
 */
export const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../bin/pushforward.mjs" : "./main.js", import.meta.url),
);
