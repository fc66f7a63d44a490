import { basename, resolve } from "node:path";
import type { Plugin } from "vite";

/** Modules of the packages that workers load late or do without, by the end of their path; page/src/work/lean has what stands for them. */
const replaced = [
  "backends/gpujs/gpujsExecutable.ts",
  "backends/wasm/kernels/conv.ts",
  "trainer/pictureNetworks.ts",
  "problems/latentLaw.ts",
  "judging/labelScores.ts",
];

/** The whole module of the GPU backend, which its stand-in loads. */
const whole = "virtual:gpujsExecutable";

/** Keeps parts of the engine out of the scripts of workers, which must be small: the GPU backend, and what only pictures and labels need. */
export const leanEngine = (pageRoot: string): Plugin => ({
  name: "lean-engine",
  enforce: "pre",
  async resolveId(source, importer) {
    if (source === whole) return resolve(pageRoot, "../packages/tensor/src/backends/gpujs/gpujsExecutable.ts");
    if (importer === undefined || !replaced.some((end) => basename(end) === basename(source))) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    const end = replaced.find((each) => found?.id.endsWith(each));
    return end === undefined ? found : resolve(pageRoot, "src/work/lean", basename(end));
  },
});
