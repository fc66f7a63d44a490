import { describe, expect, it } from "vitest";
import {
  type FunctionBuilder,
  f32x4,
  i32,
  i32x4,
  ModuleBuilder,
  type ValueType,
  v128,
} from "../../../../src/backends/wasm/assembler/index.ts";
import { webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";

type Call = (...args: number[]) => number;
type Build = (fn: FunctionBuilder) => void;

/** Compiles a module with one exported function. */
function compile(params: ValueType[], results: ValueType[], build: Build, imports: Record<string, object> = {}): Call {
  const module = new ModuleBuilder();
  const memory = imports.env && "memory" in imports.env ? imports.env.memory : undefined;
  if (memory) module.importMemory({ module: "env", name: "memory" });
  module.exportFunction("main", module.addFunction(params, results, build));
  return instantiate(module, imports);
}

function instantiate(module: ModuleBuilder, imports: Record<string, object> = {}): Call {
  const instance = new webAssembly.Instance(
    new webAssembly.Module(module.toBytes()),
    imports as Record<string, Record<string, unknown>>,
  );
  return instance.exports.main as Call;
}

describe("constants", () => {
  it("of every length come back", () => {
    for (const value of [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)]) {
      expect(compile([], ["i32"], (fn) => fn.i32(value))()).toBe(value);
    }
  });

  it("of vectors keep their bytes", () => {
    const lane = compile([], ["i32"], (fn) => {
      fn.v128(Array.from({ length: 16 }, (_, i) => i + 1));
      fn.lane(i32x4.extractLane, 2);
    });
    expect(lane()).toBe(0x0c0b0a09);
  });
});

describe("locals", () => {
  it("of all types live side by side, parameters first", () => {
    const sum = compile(["i32", "f64"], ["i32"], (fn) => {
      const types: ValueType[] = ["i32", "f64", "f64", "v128", "i32"];
      const locals = types.map((type) => fn.local(type));
      expect(locals).toEqual([2, 3, 4, 5, 6]);
      fn.get(1);
      fn.set(locals[1]);
      fn.get(0);
      fn.tee(locals[4]);
      fn.get(locals[4]);
      fn.op(i32.add);
    });
    expect(sum(3, 0.5)).toBe(6);
  });

  it("are recycled by type once they are released, but fresh ones are new", () => {
    compile([], [], (fn) => {
      const first = fn.local("v128");
      const other = fn.local("i32");
      fn.release(first);
      expect(fn.freshLocal("v128")).toBe(other + 1);
      expect(fn.local("v128")).toBe(first);
      fn.release(other);
      fn.withOwnLocals(() => expect(fn.local("i32")).toBe(other + 2));
      expect(fn.local("i32")).toBe(other);
    });
  });

  it("that the prologue sets hold their value in the body", () => {
    const value = compile([], ["i32"], (fn) => {
      const local = fn.freshLocal("i32");
      fn.get(local);
      fn.prologue.append([0x41, 42, 0x21, local]);
    });
    expect(value()).toBe(42);
  });
});

describe("control flow", () => {
  it("counts in loops, also none at all", () => {
    const triangle = compile(["i32"], ["i32"], (fn) => {
      const [i, sum] = [fn.local("i32"), fn.local("i32")];
      const end = (): void => fn.get(0);
      fn.countedLoop(i, end, 1, () => {
        fn.get(sum);
        fn.get(i);
        fn.op(i32.add);
        fn.set(sum);
      });
      fn.get(sum);
    });
    expect([0, 1, 2, 10].map((n) => triangle(n))).toEqual([0, 0, 1, 45]);
  });

  it("leaves blocks and loops by their labels, however deep", () => {
    const firstMultiple = compile(["i32", "i32"], ["i32"], (fn) => {
      const i = fn.local("i32");
      fn.block((done) => {
        fn.loop((again) => {
          fn.addTo(i, 1);
          fn.get(i);
          fn.get(0);
          fn.op(i32.remU);
          fn.op(i32.eqz);
          fn.if(() => {
            fn.get(1);
            fn.get(i);
            fn.op(i32.ltU);
            fn.brIf(done);
          });
          fn.i32(1);
          fn.brIf(again);
        });
      });
      fn.get(i);
    });
    expect(firstMultiple(7, 20)).toBe(21);
    expect(firstMultiple(7, 21)).toBe(28);
  });

  it("takes one of two ways", () => {
    const sign = compile(["i32"], ["i32"], (fn) => {
      const out = fn.local("i32");
      fn.get(0);
      fn.i32(0);
      fn.op(i32.ltS);
      fn.if(
        () => {
          fn.i32(-1);
          fn.set(out);
        },
        () => {
          fn.i32(1);
          fn.set(out);
        },
      );
      fn.get(out);
    });
    expect([sign(-5), sign(5)]).toEqual([-1, 1]);
  });

  it("repeats written instructions with their calls and branches", () => {
    const module = new ModuleBuilder();
    const main = module.addFunction([], ["i32"], (fn) => {
      const i = fn.local("i32");
      const start = fn.position;
      fn.call(module.importFunction("host", "next", [], ["i32"]));
      fn.if(() => fn.addTo(i, 5));
      const end = fn.position;
      fn.repeat(start, end);
      fn.repeat(start, end);
      fn.get(i);
    });
    module.importFunction("host", "unused", ["f64"], []);
    module.exportFunction("main", main);
    const answers = [1, 0, 1];
    expect(instantiate(module, { host: { next: () => answers.pop(), unused: () => 0 } })()).toBe(10);
  });
});

describe("functions", () => {
  it("call one another and the host, also hosts that were named later", () => {
    const module = new ModuleBuilder();
    const sine = module.addFunction(["f64"], ["f64"], (fn) => {
      fn.get(0);
      fn.call(module.importFunction("host", "sin", ["f64"], ["f64"]));
    });
    const main = module.addFunction(["f64"], ["f64"], (fn) => {
      fn.get(0);
      fn.call(sine);
      fn.call(module.importFunction("host", "exp", ["f64"], ["f64"]));
    });
    expect(module.importFunction("host", "sin", ["f64"], ["f64"]).index()).toBe(0);
    module.exportFunction("main", main);
    expect(instantiate(module, { host: Math as unknown as object })(1.5)).toBe(Math.exp(Math.sin(1.5)));
  });

  it("may be many and long", () => {
    const module = new ModuleBuilder();
    const functions = Array.from({ length: 300 }, (_, k) =>
      module.addFunction([], ["i32"], (fn) => {
        fn.i32(0);
        for (let i = 0; i < 200; i++) {
          fn.i32(k);
          fn.op(i32.add);
        }
      }),
    );
    const main = module.addFunction([], ["i32"], (fn) => {
      fn.i32(0);
      for (const callee of functions) {
        fn.call(callee);
        fn.op(i32.add);
      }
    });
    module.exportFunction("main", main);
    expect(instantiate(module)()).toBe((200 * 300 * 299) / 2);
  });
});

describe("memory", () => {
  it("is read and written with offsets, whole vectors and lanes", () => {
    const memory = new webAssembly.Memory({ initial: 1 });
    const run = compile(
      ["i32"],
      [],
      (fn) => {
        fn.get(0);
        fn.get(0);
        fn.memory(v128.load, 16);
        fn.get(0);
        fn.memory(v128.load32Splat, 36);
        fn.op(f32x4.add);
        fn.memory(v128.store, 64);
        fn.get(0);
        fn.get(0);
        fn.memory(v128.load, 16);
        fn.memoryLane(v128.store32Lane, 3, 200);
      },
      { env: { memory } },
    );
    const view = new Float32Array(memory.buffer);
    view.set([1, 2, 3, 4, 10, 20], 6);
    run(8);
    expect([...view.subarray(18, 22)]).toEqual([21, 22, 23, 24]);
    expect(view[52]).toBe(4);
  });

  it("is filled and copied", () => {
    const memory = new webAssembly.Memory({ initial: 1 });
    const fill: Build = (fn) => {
      for (const value of [16, 7, 8]) fn.i32(value);
      fn.memoryFill();
      for (const value of [100, 20, 4]) fn.i32(value);
      fn.memoryCopy();
    };
    compile([], [], fill, { env: { memory } })();
    const bytes = new Uint8Array(memory.buffer);
    expect([...bytes.subarray(14, 26)]).toEqual([0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0]);
    expect([...bytes.subarray(99, 105)]).toEqual([0, 7, 7, 7, 7, 0]);
  });

  it("that is shared is imported as such", () => {
    const module = new ModuleBuilder();
    module.importMemory({ module: "env", name: "memory", minimum: 1, maximum: 2, shared: true });
    const main = module.addFunction([], ["i32"], (fn) => {
      fn.i32(8);
      fn.memory(i32.load, 8);
    });
    module.exportFunction("main", main);
    const memory = new webAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    new Int32Array(memory.buffer)[4] = 40;
    expect(instantiate(module, { env: { memory } })()).toBe(40);
    const unshared = new webAssembly.Memory({ initial: 1, maximum: 2 });
    expect(() => instantiate(module, { env: { memory: unshared } })).toThrow("shared");
  });

  it("takes no instruction that is none of memory's", () => {
    const build: Build = (fn) => fn.memory(i32.add);
    expect(() => compile([], [], build)).toThrow("assembler: 0x6a must be a memory instruction");
  });
});
