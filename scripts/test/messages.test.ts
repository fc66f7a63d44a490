import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { grad, jvp, vmap } from "@pushforward/autodiff";
import { integrate } from "@pushforward/flows";
import { printFormula } from "@pushforward/losses";
import { adam } from "@pushforward/nn";
import * as tensorPackage from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { root } from "../workspace.ts";

const { compile, einsum, formatSafetensors, key, parseSafetensors, reshape, tensor, uniform, zeros } = tensorPackage;

/** Sources of all packages, without those for tests. */
const sources = readdirSync(join(root, "packages")).flatMap((name) => {
  const folder = join(root, "packages", name, "src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }) as string[];
  return name === "testing" ? [] : files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, file));
});

/** The text between the brackets of each `new …Error(…)`. */
function errorTexts(text: string): string[] {
  return [...text.matchAll(/\bnew \w*Error\(/g)].map(({ index, 0: start }) => {
    const from = index + start.length;
    let depth = 1;
    let to = from;
    for (; depth > 0 && to < text.length; to++) depth += { "(": 1, ")": -1 }[text[to]] ?? 0;
    return text.slice(from, to - 1);
  });
}

const quotesWhole = (text: string): boolean => errorTexts(text).some((error) => /JSON\.stringify\(/.test(error));

describe("a value in a message", () => {
  it("is quoted and cut by quote: no error uses JSON.stringify", () => {
    expect(sources.length).toBeGreaterThan(400);
    expect(
      sources.filter((file) => quotesWhole(readFileSync(file, "utf8"))).map((file) => relative(root, file)),
    ).toEqual([]);
  });

  it("finds an error that uses JSON.stringify (control)", () => {
    expect(quotesWhole("throw new DomainError(JSON.stringify((x)))")).toBe(true);
    expect(quotesWhole("return JSON.stringify(x); throw new DomainError(quote((x)) + `; use JSON.stringify`)")).toBe(
      false,
    );
  });
});

const x = tensor([1, 2]);
// Types refuse some of these values, but untyped programs can pass them.
const any = (value: unknown): never => value as never;
const { parseCsv } = tensorPackage;

/** Calls that name a value of the user in their message. */
const calls: Readonly<Record<string, (value: string) => unknown>> = {
  "key of a tree": (value) => compile((y: never) => y)(any({ [value]: "text" })),
  "key of a gradient's argument": (value) => grad((p: never) => p)(any({ [value]: tensor([1], { dtype: "int32" }) })),
  "key of a tangent": (value) =>
    jvp(
      any(() => x),
      any([{ [value]: x }]),
      any([{}]),
    ),
  "key of a mapped argument": (value) => vmap((y: never) => y)(any({ [value]: x, other: zeros([3]) })),
  "key of parameters": (value) => {
    const optimizer = adam({ learningRate: 1 });
    optimizer.update(any({ [value]: zeros([5]) }), optimizer.init(any({ [value]: x })), any({ [value]: x }));
  },
  "specification of einsum": (value) => einsum(`i->${value}`, x),
  "size of an axis": (value) => reshape(x, any([value])),
  bound: (value) => uniform(key(0), [2], { min: any(value) }),
  seed: (value) => key(any(value)),
  "name of a file": (value) => parseCsv("a\nb", { name: value }),
  "name of a column": (value) => parseCsv("a,b\n1,2", { columns: [value] }),
  "cell of a table": (value) => parseCsv(`a,b\n1,2\n${value},3\n`),
  "name of metadata": (value) => formatSafetensors({ a: x }, any({ [value]: 3 })),
  "name of a tensor": (value) => parseSafetensors(formatSafetensors({ [value]: x }), any({ tensors: ["other"] })),
  solver: (value) => integrate((y) => y, zeros([1, 1]), 0, 1, { solver: any(value) }),
  steps: (value) => integrate((y) => y, zeros([1, 1]), 0, 1, { solver: "rk4", steps: any(value) }),
  formula: (value) => printFormula(`\\sg{${value}`, []),
};

describe("a message", () => {
  it.each(Object.entries(calls))("stays short for values of any length: %s", (_, call) => {
    for (const value of ["q".repeat(5000), "q w ".repeat(1500)]) {
      let error: unknown;
      try {
        call(value);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(Error);
      const { name, message } = error as Error;
      expect(name).toMatch(/^(?:Shape|DType|Domain|Backend)Error$/);
      expect(message.length).toBeLessThanOrEqual(1000);
    }
  });

  it("keeps its end, which says what to do", () => {
    const { message } = new tensorPackage.DomainError(`f: got ${"q".repeat(5000)}; use g`);
    expect(message).toHaveLength(1000);
    expect(message).toMatch(/^f: got q+…q+; use g$/);
    expect(new tensorPackage.DomainError("f: got 1").message).toBe("f: got 1");
  });
});
