import { ModuleBuilder } from "./assembler/index.ts";
import { elementFormats } from "./kernels/elementFormat.ts";
import { emitTile } from "./kernels/microKernel.ts";
import { compileModule, webAssembly } from "./webAssembly.ts";

/** Steps of a tile, and tiles of one call: some 10 µs. */
const [steps, tiles] = [256, 32];
/** ms within which the optimising compiler has replaced the first code. */
const timeout = 60;
/** Ratio of times below which the difference is no noise. */
const clearWin = 0.8;

/** Whether a tile of 4×16 takes less time than two of 4×8: only where the engine pairs vectors. */
export function wideIsFaster(fma: boolean): boolean {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", minimum: 2 });
  for (const vectors of [2, 4]) {
    const target = module.addFunction([], [], (fn) => {
      const [a, b, c, tile] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
      fn.i32(32_768);
      fn.set(b);
      fn.i32(16_384);
      fn.set(c);
      fn.countedLoop(
        tile,
        () => fn.i32((2 * tiles) / vectors),
        1,
        () => {
          const shape = {
            rows: 4,
            vectors,
            columns: 4 * vectors,
            k: steps,
            aRow: 4 * steps,
            aStep: 4,
            bStep: 16 * vectors,
            cRow: 64,
            lostRow: 64,
          };
          emitTile(fn, { format: elementFormats.float32, fma, part: "all", ...shape }, { a, b, c });
        },
      );
    });
    module.exportFunction(`tiles${vectors}`, target);
  }
  const memory = new webAssembly.Memory({ initial: 2 });
  const { exports } = new webAssembly.Instance(compileModule(module.toBytes()), { env: { memory } });
  const [narrow, wide] = [exports.tiles2, exports.tiles4] as (() => void)[];
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const end = performance.now() + timeout;
  while (performance.now() < end && best[1] > clearWin * best[0]) {
    [narrow, wide].forEach((run, i) => {
      best[i] = Math.min(best[i], durationOf(run));
    });
  }
  return best[1] <= clearWin * best[0];
}

function durationOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
