/* Run by a test, which stops this process for longer than its timeout: launches whose chunks a worker takes a while for. */
import { i32, ModuleBuilder } from "../../../../src/backends/wasm/assembler/index.ts";
import { ThreadPool } from "../../../../src/backends/wasm/threads/threadPool.ts";
import { compileModule, webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";

/** ms of looking in vain after which the pool gives up, rounds of the second chunk (tens of ms; the first has none), and launches. */
const [timeout, rounds, launches] = [Number(process.argv[2]), 50_000_000, 25];

const module = new ModuleBuilder();
module.importMemory({ module: "env", name: "memory", minimum: 1, maximum: 1, shared: true });
/** memory[4·lo] += a number that lo·rounds rounds make. */
const work = module.addFunction(["i32", "i32", "i32"], [], (fn) => {
  const [round, sum] = [fn.freshLocal("i32"), fn.freshLocal("i32")];
  const body = (): void => {
    fn.get(sum);
    fn.i32(5);
    fn.op(i32.mul);
    fn.get(round);
    fn.op(i32.add);
    fn.set(sum);
  };
  const end = (): void => {
    fn.get(0);
    fn.i32(rounds);
    fn.op(i32.mul);
  };
  fn.countedLoop(round, end, 1, body);
  for (let i = 0; i < 2; i++) {
    fn.get(0);
    fn.i32(4);
    fn.op(i32.mul);
  }
  fn.memory(i32.load);
  fn.get(sum);
  fn.op(i32.add);
  fn.memory(i32.store);
});
module.exportFunction("work", work);

const memory = new webAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const launch = { name: "work", workItems: 2, chunks: 2 };
const compiled = compileModule(module.toBytes());
const pool = new ThreadPool({ timeout });
const id = pool.add({ module: compiled, memory, launches: [launch] });
const { exports } = new webAssembly.Instance(compiled, { env: { memory } });
const own = exports.work as (lo: number, hi: number, chunk: number) => void;
pool.grow(2);

/** Keeps the owner busy with the chunk that it claimed first, so that a worker gets the long one, and the owner waits for it. */
function dawdle(): void {
  const end = performance.now() + 3;
  while (performance.now() < end);
}

function runAll(): void {
  console.log("running");
  for (let i = 0; i < launches; i++)
    pool.run(id, 0, launch, 2, (chunk) => {
      dawdle();
      own(chunk, chunk + 1, chunk);
    });
  console.log(`${pool.threads} threads, ${[...new Int32Array(memory.buffer as SharedArrayBuffer, 0, 2)]}`);
  pool.close();
}

const timer = setInterval(() => {
  if (pool.threads < 2) return;
  clearInterval(timer);
  runAll();
}, 5);
