import { key } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

/** Functions of the identity of the residuals. */
const table: MisuseTable = {
  residualInstances: validCall([new api.Draws(key(0)), 2, { map: "invertible", dim: 2, dtype: "float64" }]),
  residualScene: validCall(["network", 3]),
  residualSearch: validCall(["network", { seed: 0, cases: 1 }]),
};

describe("arguments that TypeScript would refuse", () => {
  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.residualScene("exact" as never, 0)).toThrow(
      'residualScene: the map must be one of invertible, network, got "exact"',
    );
    expect(() => api.residualSearch("network", { cases: "5" as never })).toThrow(
      'residualSearch: needs whole numbers seed ≥ 0 and cases ≥ 1, got 0 and "5"',
    );
  });
});
