import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { InlineConfig } from "vite";
import { catalogue } from "./catalogue.ts";
import { colorSheet } from "./colorSheet.ts";
import { computed, exportJson } from "./computed.ts";
import { lawCards } from "./lawCards.ts";
import { leanEngine } from "./leanEngine.ts";
import { lossFormulas } from "./lossFormulas.ts";
import { policyTag } from "./policyTag.ts";
import { recordRace } from "./recordRace.ts";
import { exampleModules } from "./site/exampleModules.ts";
import { guideExamples } from "./site/guideExamples.ts";
import { guidePages } from "./site/guidePages.ts";
import { siteHeader } from "./site/siteHeader.ts";
import { sitePages } from "./site/sitePages.ts";
import { titles } from "./site/titles.ts";
import { withoutTexts } from "./withoutTexts.ts";
import { workerScripts } from "./workerScripts.ts";

/** Folder of the page. */
export const pageRoot = resolve(import.meta.dirname, "..");

/**
 * How Vite bundles the site: relative addresses work in any folder of any host, and no file becomes text inside another file, because
 * the policy forbids such text.
 *
 * @param outDir   the folder of the result, which is emptied
 * @param recorded updates of the recorded race; default those of the first scene
 */
export const pageConfig = (outDir: string, recorded?: number): InlineConfig => ({
  root: pageRoot,
  configFile: false,
  base: "./",
  logLevel: "warn",
  mode: "production",
  plugins: [
    svelte({ configFile: false, compilerOptions: { css: "external" } }),
    sitePages(pageRoot),
    siteHeader(pageRoot),
    policyTag(),
    computed({
      "virtual:recording": async () => exportJson("recording", await recordRace(recorded)),
      "virtual:formulas": () => exportJson("formulas", lossFormulas()),
      "virtual:catalogue": () => exportJson("catalogue", catalogue()),
      "virtual:titles": async () => exportJson("titles", await titles()),
      "virtual:laws": () => exportJson("lawGroups", lawCards()),
      "virtual:colors.css": colorSheet,
    }),
  ],
  worker: {
    format: "es",
    rolldownOptions: workerScripts,
    plugins: () => [
      leanEngine(pageRoot),
      withoutTexts(),
      exampleModules(
        guidePages()
          .flatMap(guideExamples)
          .filter((each) => each !== undefined),
      ),
    ],
  },
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
    chunkSizeWarningLimit: 4096,
  },
});
