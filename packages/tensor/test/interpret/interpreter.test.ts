import { describe, expect, it } from "vitest";
import {
  bind,
  type Callable,
  call,
  compile,
  currentInterpreter,
  evaluate,
  evaluation,
  type Interpreter,
  isEager,
  noParams,
  primitives,
  type Tensor,
  tensor,
  trace,
  under,
} from "../../src/index.ts";

/** Counts what passes through and hands it on. */
class Counter implements Interpreter {
  readonly name = "counter";
  depth = 0;
  readonly seen: string[] = [];
  private readonly outer = currentInterpreter();

  bind<P extends object>(...[primitive, operands, params]: Parameters<typeof bind<P>>): Tensor {
    this.seen.push(primitive.name);
    return under(this.outer, () => bind(primitive, operands, params));
  }
  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    this.seen.push(`call ${callable.name}`);
    return callable.body(args);
  }
}

const x = tensor([1, 2]);

describe("under", () => {
  it("gives operations to the interpreter in charge and back to the one before", () => {
    const counter = new Counter();
    const y = under(counter, () => x.add(1).tanh());
    expect(counter.seen).toEqual(["broadcastTo", "add", "tanh"]);
    expect(y.shape).toEqual([2]);
    expect(isEager()).toBe(true);
  });

  it("nests, and counts how deep", () => {
    const [outer, counterDepths] = [new Counter(), [] as number[]];
    under(outer, () => {
      const inner = new Counter();
      under(inner, () => {
        counterDepths.push(outer.depth, inner.depth);
        x.neg();
      });
      expect(inner.seen).toEqual(["neg"]);
    });
    expect(outer.seen).toEqual(["neg"]);
    expect(counterDepths).toEqual([1, 1]);
    expect(outer.depth).toBe(0);
  });

  it("restores the interpreter after an error", () => {
    const counter = new Counter();
    expect(() =>
      under(counter, () => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(currentInterpreter()).toBe(evaluation);
    expect(counter.depth).toBe(0);
    expect(x.add(x).toArray()).toEqual([2, 4]);
  });

  it("carries callables: evaluation and trace run the body", () => {
    const twice: Callable = { name: "twice", body: ([a]) => [a.mul(2)] };
    expect(call(twice, [x])[0].toArray()).toEqual([2, 4]);
    expect(trace((a: Tensor) => call(twice, [a])[0])(x).equations.map((e) => e.primitive.name)).toEqual([
      "broadcastTo",
      "mul",
    ]);
    const counter = new Counter();
    under(counter, () => call(twice, [x]));
    expect(counter.seen[0]).toBe("call twice");
  });
});

describe("evaluate", () => {
  it("checks types first and computes then", () => {
    expect(evaluate(primitives.add, [x, x], noParams).toArray()).toEqual([2, 4]);
    expect(() => evaluate(primitives.add, [x, tensor([1])], noParams)).toThrow("add: operands must have one shape");
  });
});

describe("a value that left its transform", () => {
  const leak = (): Tensor => {
    let leaked: Tensor | undefined;
    trace((a: Tensor) => {
      leaked = a.sin();
      return a;
    })(x);
    return leaked!;
  };

  it("cannot be used in an operation", () => {
    expect(() => leak().add(1)).toThrow("a value of trace escaped");
    expect(() => x.mul(leak())).toThrow("mul: a value of trace escaped");
  });

  it("cannot be read, passed to a compiled function or used in another trace", () => {
    expect(() => leak().item()).toThrow("item: a value of trace escaped");
    expect(() => compile((a: Tensor) => a)(leak())).toThrow("compile: a value of trace escaped");
    const kept = leak();
    expect(() => trace((a: Tensor) => a.add(kept))(x)).toThrow("add: a value of trace escaped");
  });

  it("is a constant for a transform inside its own while that runs", () => {
    const program = trace((a: Tensor) => {
      const inner = trace((b: Tensor) => b.mul(a))(x);
      expect(inner.equations[0].operands[1]).toBe(a);
      return a;
    })(x);
    expect(program.equations).toEqual([]);
  });
});
