import { type FlowMap, type FlowMapReport, flowMapLaws, gaussian } from "@pushforward/flows";
import { describe, expect, it } from "vitest";
import { checkMap } from "../src/index.ts";

const law = gaussian({ mean: [1, -1], std: 0.5 });
const broken: FlowMap = (x, s, t) => law.flowMap(x, s, t).add(t.sub(s).square());
const failed = ({ laws }: FlowMapReport): string[] =>
  Object.entries(laws).flatMap(([name, { passed }]) => (passed ? [] : [name]));
const named = ({ laws }: FlowMapReport): string[] => Object.keys(laws);

describe("checkMap", () => {
  it("with a velocity it checks all laws: exact maps pass, an untrained network fails all but the identity", () => {
    const report = checkMap(law.flowMap, { velocity: law.velocity, cases: 16 });
    expect(named(report.map)).toEqual(Object.keys(flowMapLaws));
    expect(failed(report.map)).toEqual([]);
    expect(failed(report.exact)).toEqual([]);
    expect(failed(report.network)).toEqual(Object.keys(flowMapLaws).filter((name) => name !== "identity"));
  });

  it("without a velocity it checks the laws that hold for any", () => {
    const report = checkMap(law.flowMap, { cases: 16 });
    expect(named(report.map)).toEqual(["identity", "semigroup", "inverse", "duality"]);
    expect(failed(report.map)).toEqual([]);
    expect(failed(report.exact)).toEqual([]);
    expect(failed(report.network)).toEqual(["semigroup", "inverse", "duality"]);
  });

  it("finds the laws that a faulty map breaks", () => {
    const report = checkMap(broken, { velocity: law.velocity, cases: 16 });
    expect(failed(report.map)).toContain("semigroup");
    expect(failed(report.map)).not.toContain("identity");
    expect(failed(report.exact)).toEqual([]);
  });
});
