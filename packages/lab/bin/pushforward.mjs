#!/usr/bin/env node
// Inside the workspace the command runs from a bundle of its sources; the published package runs dist/main.js.
import { currentBundle } from "./bundle.mjs";

const bundle = await currentBundle();
if (bundle !== undefined) await import(bundle);
else {
  const { register } = await import("tsx/esm/api");
  register();
  await import("../src/main.ts");
}
