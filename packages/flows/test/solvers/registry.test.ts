import { describe, expect, it } from "vitest";
import * as flows from "../../src/index.ts";

describe("solvers", () => {
  it.each(Object.entries(flows.solvers))("%s is exported under its own name", (name, solver) => {
    expect(solver.name).toBe(name);
    expect(Object.entries(flows), `export it in packages/flows/src/index.ts`).toContainEqual([name, solver]);
  });
});
