#!/usr/bin/env node
// Inside the workspace the command runs from its TypeScript source; the published package runs dist/main.js.
import { register } from "tsx/esm/api";

register();
await import("../src/main.ts");
