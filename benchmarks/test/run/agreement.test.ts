import { describe, expect, it } from "vitest";
import { checkAgreement, DisagreementError } from "../../src/run/agreement.ts";

describe("agreement", () => {
  it("first results may differ by 1e-4, later ones by 1e-3", () => {
    const ours = { name: "ours", values: [1, 0.5] };
    expect(() => checkAgreement("step", [ours, { name: "theirs", values: [1.00009, 0.5004] }])).not.toThrow();
    expect(() => checkAgreement("step", [ours, { name: "theirs", values: [1.00011, 0.5] }])).toThrow(DisagreementError);
    expect(() => checkAgreement("step", [ours, { name: "theirs", values: [1, 0.501] }])).toThrow(DisagreementError);
  });

  it("the message names the case, the contenders and the results", () => {
    const claims = [
      { name: "pushforward", values: [2] },
      { name: "other", values: [3] },
    ];
    expect(() => checkAgreement("step: (256, 64) sg", claims)).toThrow(
      "step: (256, 64) sg: results of call 1 must agree to 0.0001, got 2 from pushforward and 3 from other; nothing was timed",
    );
  });

  it("NaN agrees with nothing, and one alone with itself", () => {
    const broken = { name: "broken", values: [Number.NaN] };
    expect(() => checkAgreement("step", [{ name: "ours", values: [1] }, broken])).toThrow(DisagreementError);
    expect(() => checkAgreement("step", [{ name: "ours", values: [1] }])).not.toThrow();
    expect(() => checkAgreement("step", [])).not.toThrow();
  });
});
