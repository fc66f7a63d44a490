#!/usr/bin/env node
import { runCli } from "./cli.ts";
import { isWorker, work } from "./experiments/worker.ts";
import { writeOutputWhole } from "./wholeOutput.ts";

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

writeOutputWhole();
if (isWorker()) work();
else process.exitCode = await runCli(process.argv.slice(2));
