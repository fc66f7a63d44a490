import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "page");

/** Bundles the page into a folder, minified as for publication. */
export async function bundlePage(folder: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: "error",
    mode: "production",
    build: { target: "es2023", outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 4096 },
  });
}
