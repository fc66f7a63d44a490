import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/array/creation.ts";
import { DomainError } from "../../src/array/errors.ts";
import { formatNpy, parseNpy } from "../../src/io/npy.ts";
import { openNpz, parseNpz } from "../../src/io/npz.ts";
import { npzFixtures } from "./npzFixtures.ts";
import { expectSame } from "./tensors.ts";

const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const points = tensor([
  [1.5, -2],
  [3, 4],
]);

describe("parseNpz", () => {
  for (const name of ["savez", "savezCompressed"] as const) {
    it(`reads what numpy.${name} writes`, () => {
      const bytes = decode(npzFixtures[name]);
      expect(openNpz(bytes).names).toEqual(["points", "ids"]);
      const arrays = parseNpz(bytes);
      expectSame(arrays.points!, points);
      expectSame(arrays.ids!, tensor([1, 2, 3], { dtype: "int32" }));
      expect(Object.keys(parseNpz(bytes, { arrays: ["ids"] }))).toEqual(["ids"]);
    });

    it(`refuses every flipped bit of what numpy.${name} writes, or reads the right values`, () => {
      const bytes = decode(npzFixtures[name]);
      let refused = 0;
      for (let i = 0; i < 8 * bytes.length; i++) {
        const damaged = bytes.with(i >> 3, bytes[i >> 3]! ^ (1 << (i & 7)));
        try {
          expectSame(parseNpz(damaged, { arrays: ["points"] }).points!, points);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(1000);
    }, 60_000);
  }

  it("reads an array although another one is nothing that a dtype here can hold", () => {
    const text = new TextEncoder().encode("no array");
    const bytes = zipSync({ "bad.npy": text, "good.npy": formatNpy(points) });
    expectSame(parseNpz(bytes, { arrays: ["good"] }).good!, points);
    expect(() => parseNpz(bytes)).toThrow('parseNpy: "input:bad" must start with the bytes 93');
  });

  it("names what is wrong", () => {
    const good = decode(npzFixtures.savez);
    expect(() => parseNpz(good, { name: "x.npz", arrays: ["point"] })).toThrow(
      'parseNpz: "x.npz": an array must be one of points, ids, got "point"; did you mean points?',
    );
    expect(() => parseNpz(good.subarray(0, good.length - 30))).toThrow("no directory at its end: the file is cut off");
    expect(() => parseNpz(formatNpy(points))).toThrow("must be a zip archive, but it is a NumPy array; call it .npy");
    expect(() => parseNpz(zipSync({ "a.txt": new Uint8Array(3) }))).toThrow('must hold .npy files, got "a.txt"');
  });

  it("leaves files of other kinds beside the arrays alone", () => {
    const bytes = zipSync({ "readme.txt": new Uint8Array(3), "a.npy": formatNpy(points) });
    expect(Object.keys(parseNpz(bytes))).toEqual(["a"]);
    expectSame(parseNpz(bytes).a!, points);
  });

  it("believes no size that the file cannot hold", () => {
    const bytes = zipSync({ "a.npy": formatNpy(points) });
    const view = new DataView(bytes.buffer);
    const central = view.getUint32(bytes.length - 22 + 16, true);
    view.setUint32(central + 24, 4_000_000_000, true);
    expect(() => parseNpz(bytes)).toThrow('"a.npy" claims 4000000000 bytes, more than the file can hold');
  });
});

describe("parseNpy of some columns", () => {
  for (const name of ["wide", "wideFortran"] as const) {
    it(`reads them in the order wanted, whatever the others hold (${name})`, () => {
      const bytes = decode(npzFixtures[name]);
      expectSame(parseNpy(bytes, { columns: [1] }), tensor([[1], [2]], { dtype: "int32" }));
      expectSame(
        parseNpy(bytes, { columns: [2, 1], dtype: "float64" }),
        tensor([
          [2 ** 40, 1],
          [2 ** 40 + 1, 2],
        ]),
      );
      expect(() => parseNpy(bytes, { columns: [2] })).toThrow(/got 1099511627776 at element [24]; save it as float64/);
      expect(() => parseNpy(bytes, { dtype: "float64" })).toThrow("must hold whole numbers in (−2^53, 2^53)");
      expect(() => parseNpy(bytes, { columns: [3] })).toThrow("must have the column 3, got [2, 3]");
    });
  }
});
