/* Run by a test: computes with threads, says how many there are, and does nothing to end them. */
import { compile, key, matmul, normal } from "../../../../src/index.ts";

const x = normal(key(1), [400, 400], { dtype: "float32" });
const f = compile(matmul, { backend: "wasm", threads: 4 });
const timer = setInterval(() => {
  f(x, x);
  if (f.report().threads < 4) return;
  for (let i = 0; i < 20; i++) f(x, x);
  console.log(`${f.report().threads} threads`);
  clearInterval(timer);
}, 5);
