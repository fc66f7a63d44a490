import type { PrimitiveName, Tensor } from "@pushforward/tensor";
import { batchRules, jvpRules, transposeRules } from "../../src/index.ts";
import type { BatchRule } from "../../src/rules/rule.ts";

/** A rule table with one entry made wrong. */
export interface Mutant {
  readonly name: string;
  readonly primitive: PrimitiveName;
  /** Whether the mutant did anything else than the right rule would have. */
  readonly wasReached: () => boolean;
  /** Runs `f` with the wrong rule. */
  during<T>(f: () => T): T;
}

type AnyRule = (...args: never[]) => unknown;
type Context = { readonly [key: string]: unknown };
type OperandRule = (dx: Tensor, context: Context) => Tensor | null;

/** The table with one entry replaced while f runs. */
function replaced<T>(table: object, name: string, entry: unknown, f: () => T): T {
  const rows = table as Record<string, unknown>;
  const right = rows[name];
  rows[name] = entry;
  try {
    return f();
  } finally {
    rows[name] = right;
  }
}

/** The rule with its result spoilt; it comes into effect where there is a result. */
const spoiling =
  (spoil: (out: Tensor) => Tensor | null) =>
  (rule: OperandRule, reach: () => void): OperandRule =>
  (dx, context) => {
    const out = rule(dx, context);
    if (out === null) return null;
    reach();
    return spoil(out);
  };

/** Ways to make the rule of one operand wrong; each tells when it comes into effect. */
const mistakes: Record<string, (rule: OperandRule, reach: () => void) => OperandRule> = {
  "wrong sign": spoiling((out) => out.neg()),
  "factor 1 + 1e-6": spoiling((out) => out.mul(1 + 1e-6)),
  dropped: spoiling(() => null),
  "swapped operands": (rule, reach) => (dx, context) => rule(dx, swapping(context, reach)),
};

/** x where the rule asks for y, and the other way round; in a rule of one operand x and the output. */
function swapping(context: Context, reach: () => void): Context {
  const other = context.y === undefined ? "out" : "y";
  const swap: Record<string, string> = { x: other, [other]: "x" };
  return new Proxy(context, {
    get(target, key: string) {
      if (swap[key] === undefined || target[swap[key]] === undefined) return target[key];
      reach();
      return target[swap[key]];
    },
  });
}

/** One mutant of a table's row. */
function mutant(table: object, primitive: PrimitiveName, name: string, make: (reach: () => void) => unknown): Mutant {
  let reached = false;
  const entry = make(() => {
    reached = true;
  });
  return {
    name: `${primitive}: ${name}`,
    primitive,
    wasReached: () => reached,
    during: (f) => replaced(table, primitive, entry, f),
  };
}

/** Every mistake in every operand's rule of a row. */
function rowMutants(
  table: object,
  primitive: PrimitiveName,
  kind: string,
  rules: readonly (OperandRule | null)[],
  entryOf: (rules: readonly (OperandRule | null)[]) => unknown,
): Mutant[] {
  return rules.flatMap((rule, i) =>
    rule === null
      ? []
      : Object.entries(mistakes).map(([mistake, make]) =>
          mutant(table, primitive, `${kind} of operand ${i}, ${mistake}`, (reach) =>
            entryOf(rules.with(i, make(rule, reach))),
          ),
        ),
  );
}

/** Mistakes in a rule of all operands together. */
function jointMutants(
  table: object,
  primitive: PrimitiveName,
  kind: string,
  rule: AnyRule,
  entryOf: (rule: AnyRule) => unknown,
) {
  const wrong: Record<string, (out: unknown) => unknown> = {
    "wrong sign": (out) => mapTensors(out, (x) => x.neg()),
    "factor 1 + 1e-6": (out) => mapTensors(out, (x) => x.mul(1 + 1e-6)),
    "in reverse order": (out) => (Array.isArray(out) ? [...out].reverse() : (out as Tensor).flip()),
  };
  return Object.entries(wrong).map(([mistake, spoil]) =>
    mutant(table, primitive, `${kind}, ${mistake}`, (reach) =>
      entryOf((...args) => {
        reach();
        return spoil(rule(...args));
      }),
    ),
  );
}

const mapTensors = (out: unknown, f: (x: Tensor) => Tensor): unknown =>
  Array.isArray(out) ? out.map((x) => f(x as Tensor)) : f(out as Tensor);

/** Primitives whose missing derivative is a decision: passing the tangent on would be wrong. */
const stopped = ["stopGradient", "sign", "floor", "ceil", "round"] as const satisfies readonly PrimitiveName[];

/** A rule that hands on what it gets. */
const passing =
  (reach: () => void): OperandRule =>
  (dx) => {
    reach();
    return dx;
  };

/** Mutants of the forward rules, stops that are missing among them. */
export function jvpMutants(): Mutant[] {
  const rows = Object.entries(jvpRules) as [PrimitiveName, unknown][];
  const wrong = rows.flatMap(([name, rule]): Mutant[] => {
    if (rule === null) return [];
    if (typeof rule === "function") return jointMutants(jvpRules, name, "jvp", rule as AnyRule, (entry) => entry);
    return rowMutants(jvpRules, name, "jvp", rule as (OperandRule | null)[], (rules) => rules);
  });
  const missing = stopped.map((name) => mutant(jvpRules, name, "jvp, missing stop", (reach) => [passing(reach)]));
  return [...wrong, ...missing];
}

/** Mutants of the transposes; a dropped un-broadcast is a repetition of which only the first part comes back. */
export function transposeMutants(): Mutant[] {
  const rows = Object.entries(transposeRules) as [PrimitiveName, { joint: string; operands: unknown }][];
  const wrong = rows.flatMap(([name, row]) =>
    typeof row.operands === "function"
      ? jointMutants(transposeRules, name, "transpose", row.operands as AnyRule, (operands) => ({ ...row, operands }))
      : rowMutants(transposeRules, name, "transpose", row.operands as (OperandRule | null)[], (operands) => ({
          ...row,
          operands,
        })),
  );
  return [
    ...wrong,
    mutant(transposeRules, "stopCotangent", "transpose, missing stop", (reach) => ({
      joint: "sum",
      operands: [passing(reach)],
    })),
    mutant(transposeRules, "broadcastTo", "transpose, dropped un-broadcast", (reach) => ({
      joint: "sum",
      operands: [
        (ct: Tensor, { types: [x] }: { types: readonly Tensor[] }) => {
          reach();
          const first = ct.slice(
            ...ct.shape.map((n, axis): [number, number] => [0, x.shape[axis - ct.rank + x.rank] ?? Math.min(n, 1)]),
          );
          return first.reshape(x.shape);
        },
      ],
    })),
    mutant(transposeRules, "cumsum", "transpose, the other direction dropped", (reach) => ({
      joint: "sum",
      operands: [
        (ct: Tensor, { params: { axis, reverse } }: { params: { axis: number; reverse: boolean } }) => {
          reach();
          return ct.cumsum(axis, { reverse });
        },
      ],
    })),
    mutant(transposeRules, "transpose", "transpose, permutation not inverted", (reach) => ({
      joint: "sum",
      operands: [
        (ct: Tensor, { params: { permutation } }: { params: { permutation: readonly number[] } }) => {
          reach();
          return ct.transpose(permutation);
        },
      ],
    })),
  ];
}

/** Mutants of the batch rules: rows in another order, one row for all, axes that did not move up. */
export function batchMutants(): Mutant[] {
  type Rule = BatchRule<PrimitiveName>;
  const rows = (Object.entries(batchRules) as [PrimitiveName, Rule][]).filter(([name]) => name !== "iota");
  const lower = (axes: readonly number[]): number[] => axes.map((axis) => axis - 1);
  return rows.flatMap(([name, rule]) => {
    const spoil = (mistake: string, entry: (reach: () => void) => Rule): Mutant =>
      mutant(batchRules, name, `batch, ${mistake}`, entry);
    const wrong = [
      spoil("rows reversed", (reach) => (operands, params, size) => {
        reach();
        return rule(operands, params, size).flip(0);
      }),
      spoil("first row for all", (reach) => (operands, params, size) => {
        reach();
        const out = rule(operands, params, size);
        return out.slice([0, 1]).broadcastTo(out.shape);
      }),
    ];
    const axes = spoil("axes not moved up", (reach) => (operands, given, size) => {
      const all = given as { axis?: number; axes?: readonly number[]; permutation?: readonly number[] };
      if ((all.axes ?? [all.axis]).every((axis) => axis === undefined)) return rule(operands, given, size);
      reach();
      const moved = { ...all, ...(all.axes ? { axes: lower(all.axes) } : { axis: all.axis! - 1 }) };
      return rule(operands, moved as never, size);
    });
    return [...wrong, axes];
  });
}
