import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The parts of a package.json that the scripts read. */
export interface Manifest {
  name: string;
  version: string;
  description: string;
  private?: boolean;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** One package of the workspace. */
export interface WorkspacePackage {
  name: string;
  /** Absolute folder. */
  folder: string;
  manifest: Manifest;
}

/** Absolute path of the repository. */
export const root = resolve(import.meta.dirname, "..");

/** Every package under packages/, in alphabetical order. */
export function workspacePackages(): WorkspacePackage[] {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((entry) => join(root, "packages", entry))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => {
      const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return { name: manifest.name, folder, manifest };
    });
}

/** The packages that are published. */
export function publicPackages(): WorkspacePackage[] {
  return workspacePackages().filter(({ manifest }) => !manifest.private);
}

/** Path of a tool that the workspace has installed. */
export function tool(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

/**
 * Runs a command with its output shown and ends the script when it fails.
 *
 * @throws Error that quotes the command, if it cannot be started or exits with another status than 0
 */
export function runCommand(command: string, args: string[], cwd = root): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) {
    throw new Error(`${[command, ...args].join(" ")}: must succeed, got ${error?.message ?? `status ${status}`}`);
  }
}
