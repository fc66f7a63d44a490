import { devices } from "@pushforward/tensor";
import type { Command } from "commander";
import { print, printJson } from "./output.ts";

/** `pushforward devices` */
export function configureDevices(command: Command): void {
  command.option("--json", "print JSON alone on standard output").action(async (options: { json?: boolean }) => {
    const found = await devices();
    if (options.json) printJson(found);
    else print(found.map(({ backend, name }) => `${backend.padEnd(8)}${name}`).join("\n"));
    if (!options.json && found.every(({ backend }) => backend !== "gpujs")) {
      print(
        "No GPU answered: gpu.js and, in Node, webgpu must be installed, and a driver for Vulkan, Metal or Direct3D 12.",
      );
    }
  });
}
