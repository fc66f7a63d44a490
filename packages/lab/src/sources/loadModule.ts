import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DomainError, didYouMean } from "@pushforward/tensor";

/** Whether a name is the path of a module. */
export const isModule = (name: string): boolean => /\.[mc]?[jt]s$/i.test(name);

/** A module of the user, with the digest of its file and of the files that it imports. */
export interface LoadedModule {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly sha256: string;
}

/** Packages that a module imports from the running command. A second copy would have interpreters and tensors of its own. */
const packages: Readonly<Record<string, () => Promise<object>>> = {
  "@pushforward/tensor": () => import("@pushforward/tensor"),
  "@pushforward/autodiff": () => import("@pushforward/autodiff"),
  "@pushforward/nn": () => import("@pushforward/nn"),
  "@pushforward/flows": () => import("@pushforward/flows"),
  "@pushforward/losses": () => import("@pushforward/losses"),
  "@pushforward/training": () => import("@pushforward/training"),
  "@pushforward/verify": () => import("@pushforward/verify"),
};

/** The property of `globalThis` in which modules find the packages of the command. */
const property = "pushforwardPackages";

/** The text of a module with the exports of a package of the command. */
async function bridge(name: string): Promise<string> {
  const found = await packages[name]();
  const shared = globalThis as unknown as Record<string, Record<string, object>>;
  shared[property] = { ...shared[property], [name]: found };
  const source = `globalThis.${property}[${JSON.stringify(name)}]`;
  return Object.keys(found)
    .map((each) => `export const ${each} = ${source}.${each};`)
    .join("\n");
}

/** A mistake as esbuild reports it. */
interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/**
 * Loads a TypeScript or JavaScript module with everything that it imports. `@pushforward/…` are the packages of this process, in
 * sources, in the bundle and where the command is installed.
 *
 * @param file as messages call it
 * @param path of the file; by default `file` from the current folder
 * @throws DomainError that names the file, and the line of a mistake in its syntax
 */
export async function loadModule(operation: string, file: string, path = resolve(file)): Promise<LoadedModule> {
  if (!existsSync(path)) {
    throw new DomainError(`${operation}: ${file} must be a module of your own, got no such file${similarFile(path)}`);
  }
  const { code, sha256 } = await bundled(operation, file, path);
  try {
    return { exports: await evaluated(code), sha256 };
  } catch (error) {
    throw new DomainError(`${operation}: ${file} must load without an error, got: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The exports of modules by their text: equal texts are one module. */
const known = new Map<string, Promise<LoadedModule["exports"]>>();

/** The exports of a text. Its source map is followed, so that messages name the lines of the user's files. */
function evaluated(code: string): Promise<LoadedModule["exports"]> {
  const found = known.get(code) ?? imported(code);
  known.set(code, found);
  return found;
}

async function imported(code: string): Promise<LoadedModule["exports"]> {
  const file = temporaryFile(code);
  if (file === undefined) return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  try {
    process.setSourceMapsEnabled(true);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(dirname(file), { recursive: true, force: true });
  }
}

/** A text as a file in a folder of its own: Node follows the source maps of files only. Undefined where it cannot be written. */
function temporaryFile(code: string): string | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "pushforward-"));
    const file = join(folder, "module.mjs");
    writeFileSync(file, code);
    return file;
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    return undefined; // no disk is needed to explain or verify a loss
  }
}

/** A file of the same folder that may be meant, as the end of a message. */
function similarFile(path: string): string {
  try {
    const others = readdirSync(dirname(path)).filter(isModule);
    return didYouMean(basename(path), others);
  } catch {
    return ""; // there is no such folder, or it cannot be read
  }
}

/** The message of anything that was thrown, on one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");

/** esbuild, loaded when it is first needed. It finds its binary from its own path, which must not lead through a link. */
function esbuild(): typeof import("esbuild") {
  const load = createRequire(import.meta.url);
  return load(realpathSync(load.resolve("esbuild")));
}

async function bundled(operation: string, file: string, path: string): Promise<{ code: string; sha256: string }> {
  const { build } = esbuild();
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [path],
      absWorkingDir: dirname(path),
      bundle: true,
      write: false,
      metafile: true,
      sourcemap: "inline",
      sourcesContent: false,
      sourceRoot: `${pathToFileURL(dirname(path)).href}/`,
      format: "esm",
      platform: "node",
      target: "node20.19",
      tsconfigRaw: "{}",
      logLevel: "silent",
      plugins: [
        {
          name: "packages of the command",
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^@pushforward\// }, ({ path: name }) =>
              Object.hasOwn(packages, name) ? { path: name, namespace: "command" } : undefined,
            );
            onLoad({ filter: /.*/, namespace: "command" }, async ({ path: name }) => ({
              contents: await bridge(name),
            }));
          },
        },
      ],
    });
    const files = Object.keys(metafile.inputs).filter((each) => !each.startsWith("command:"));
    const hash = createHash("sha256");
    for (const each of files.sort()) {
      const content = readFileSync(resolve(dirname(path), each));
      hash.update(`${each}\n${content.length}\n`).update(content);
    }
    return { code: outputFiles[0].text, sha256: hash.digest("hex") };
  } catch (error) {
    const [first] = (error as { readonly errors?: readonly BuildMessage[] }).errors ?? [];
    if (!first) throw error;
    const at = first.location ? `:${first.location.line}:${first.location.column + 1}` : "";
    throw new DomainError(
      `${operation}: ${file}${at} must be TypeScript or JavaScript that loads, got: ${first.text}`,
      {
        cause: error,
      },
    );
  }
}
