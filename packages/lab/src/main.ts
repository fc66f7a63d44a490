#!/usr/bin/env node
import { runCli } from "./cli.ts";
import { isWorker, work } from "./experiments/worker.ts";
import { guardStreams } from "./guardStreams.ts";
import { writeOutputWhole } from "./wholeOutput.ts";

guardStreams();
writeOutputWhole();
if (isWorker()) work();
else process.exitCode = await runCli(process.argv.slice(2));
