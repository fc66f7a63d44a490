import { fileURLToPath } from "node:url";

/**
 * The script that starts the command: main.js beside this file, in the published package as in the bundle of the workspace; from
 * TypeScript sources, the one that makes that bundle.
 */
export const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../bin/pushforward.mjs" : "./main.js", import.meta.url),
);
