#!/usr/bin/env node
// A command, not a script of the workspace: pnpm prints nothing of its own before it, so --json stays alone.
import { register } from "tsx/esm/api";

register();
await import("../src/main.ts");
