/*
 * The command as a few JavaScript files, so that a start does not compile and resolve hundreds of TypeScript files. A bundle is
 * known by the hash of everything it is made of: a changed source is never run from an old bundle.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Optional packages such as gpu.js are not bundled, and those of the tensor package are found from here. */
const cache = join(root, "packages/tensor/node_modules/.cache/pushforward");

/** Milliseconds for which a bundle that no process uses is kept: another process may be about to use it. */
const gracePeriod = 10 * 60_000;

/** Prefix of the file by which a process says that it uses a bundle; more of the bundle may be loaded while it runs. */
const usePrefix = "used-by-";

/**
 * Address of the bundle of the present sources, which is made if it is not there.
 *
 * @returns {Promise<string | undefined>} undefined where nothing can be written: then sources are run as they are
 */
export async function currentBundle() {
  const packages = workspacePackages();
  try {
    for (;;) {
      const hash = hashOf(packages);
      const folder = join(cache, hash);
      const isMade = existsSync(join(folder, "main.js"));
      // A source that changes while it is read would be in a bundle of another name.
      if (!isMade && !(await makeBundle(folder, () => hashOf(packages) === hash))) continue;
      markUse(folder);
      if (!isMade) removeStale(folder);
      return pathToFileURL(join(folder, "main.js")).href;
    }
  } catch (error) {
    const isDisk = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EEXIST", "ENOTDIR"].includes(
      /** @type {any} */ (error).code ?? "",
    );
    if (isDisk) return undefined;
    throw error;
  }
}

/** Folders of the command's package and of the workspace's packages that it depends on, directly or not. */
function workspacePackages() {
  const found = new Set(["lab"]);
  for (const name of found) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
    for (const [dependency, version] of Object.entries(dependencies)) {
      if (String(version).startsWith("workspace:")) found.add(dependency.replace("@pushforward/", ""));
    }
  }
  return [...found].sort().map((name) => join(root, "packages", name));
}

/** @param {string[]} packages */
function hashOf(packages) {
  const hash = createHash("sha256");
  /** @param {string} file */
  const add = (file) => {
    const content = readFileSync(file);
    hash.update(`${file}\n${content.length}\n`).update(content);
  };
  for (const folder of packages) {
    add(join(folder, "package.json"));
    const entries = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) add(file);
  }
  // The first is what is installed, the second what should be.
  const others = ["node_modules/.pnpm/lock.yaml", "pnpm-lock.yaml", "tsconfig.json", "packages/lab/bin/bundle.mjs"];
  for (const file of others.map((name) => join(root, name))) if (existsSync(file)) add(file);
  return hash.digest("hex").slice(0, 24);
}

/**
 * @param {string} folder
 * @param {() => boolean} isCurrent whether the sources are still those that the folder is named after
 * @returns {Promise<boolean>} whether the bundle is there
 */
async function makeBundle(folder, isCurrent) {
  const { build } = await import("esbuild");
  const partial = `${folder}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      command: "packages/lab/src/main.ts",
      worker: "packages/tensor/src/backends/wasm/threads/worker.js", // started by its address beside
    },
    outdir: partial,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["gpu.js", "webgpu", "esbuild"],
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error",
    // Packages of the older kind ask for their parts by require.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  // Source maps are read while a file is loaded, hence in a file before it.
  writeFileSync(join(partial, "main.js"), 'process.setSourceMapsEnabled(true);\nawait import("./command.js");\n');
  try {
    if (!isCurrent()) return false;
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(join(folder, "main.js"))) throw error; // else another process was faster
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return true;
}

/** @param {string} folder */
function markUse(folder) {
  const mark = join(folder, `${usePrefix}${process.pid}`);
  writeFileSync(mark, "");
  process.once("exit", () => rmSync(mark, { force: true }));
}

/**
 * Removes bundles of older sources that no living process uses, and what a killed start left behind.
 *
 * @param {string} current
 */
function removeStale(current) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    try {
      if (folder === current || Date.now() - statSync(folder).mtimeMs < gracePeriod) continue;
      const users = readdirSync(folder).filter((file) => file.startsWith(usePrefix));
      if (!users.some((file) => isAlive(Number(file.slice(usePrefix.length))))) rmSync(folder, { recursive: true });
    } catch {
      // Another process was faster.
    }
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {any} */ (error).code === "EPERM";
  }
}
