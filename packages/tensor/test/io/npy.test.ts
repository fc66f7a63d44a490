import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/array/creation.ts";
import type { DType, TypedArray } from "../../src/array/dtype.ts";
import { DomainError } from "../../src/array/errors.ts";
import { fromData } from "../../src/array/tensor.ts";
import { formatNpy, parseNpy } from "../../src/io/npy.ts";
import { npyFixtures } from "./npyFixtures.ts";
import { anyTensor, expectSame, onlyDomainErrors } from "./tensors.ts";

const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const read = (fixture: keyof typeof npyFixtures) => parseNpy(decode(npyFixtures[fixture]), { name: "x.npy" });
const matrix = [1.5, -2, 3.25, 0.1, 1e300, -0];

/** A version 1 file with this header and so many zero bytes of data. */
function file(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...new Uint8Array(dataBytes),
  );
}

describe("parseNpy on files of NumPy", () => {
  const half = [1, -0.5, 65504, 2 ** -24, Infinity, 2 ** -14];
  const counted = Array.from({ length: 24 }, (_, i) => i);
  const known: readonly (readonly [keyof typeof npyFixtures, DType, number[], number[]])[] = [
    ["float64", "float64", [2, 3], matrix],
    ["float32", "float32", [2, 3], [1.5, -2, 3.25, 0.1, 9, -0].map(Math.fround)],
    ["int32", "int32", [4], [1, -2, 2147483647, -2147483648]],
    ["bool", "bool", [3], [1, 0, 1]],
    ["scalar", "float64", [], [2.5]],
    ["empty", "float64", [0, 3], []],
    ["fortran", "int32", [2, 3, 4], counted],
    ["bigEndian", "float64", [2, 3], matrix],
    ["bigEndianInt16", "int32", [3], [1, -2, 258]],
    ["int64", "int32", [3], [1, -2, 2147483647]],
    ["uint64", "int32", [1], [5]],
    ["uint32", "int32", [2], [5, 2147483647]],
    ["uint16", "int32", [1], [65535]],
    ["uint8", "int32", [3], [0, 127, 255]],
    ["int8", "int32", [3], [0, 127, -128]],
    ["float16", "float32", [6], half],
    ["version2", "float64", [2, 3], matrix],
    ["version3", "float64", [2, 3], matrix],
  ];
  for (const [name, dtype, shape, values] of known) {
    it(`reads ${name} as ${dtype} [${shape.join(", ")}]`, () => {
      const x = read(name);
      expect(x.dtype).toBe(dtype);
      expect(x.shape).toEqual(shape);
      expect(Array.from(x.dataSync())).toEqual(values);
    });
  }

  it("reads bytes that start anywhere in a larger buffer", () => {
    const bytes = decode(npyFixtures.float64);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(Array.from(parseNpy(larger.subarray(3)).dataSync())).toEqual(matrix);
  });

  it("reads the double quotes and long integers of other writers", () => {
    const x = parseNpy(file(`{"shape": (2L, 1L), "fortran_order": False, "descr": "<f4"}`, 8));
    expect(x.shape).toEqual([2, 1]);
  });
});

describe("parseNpy on headers that claim much", () => {
  it.each(["(0, 100000000)", "(0, 9007199254740991)", "(100000000, 0)"])(
    "reads %s, which has no element, at once",
    (shape) => {
      for (const order of ["True", "False"]) {
        const begin = performance.now();
        const x = parseNpy(file(`{'descr': '<f8', 'fortran_order': ${order}, 'shape': ${shape}, }`, 0));
        expect(x.size).toBe(0);
        expect(performance.now() - begin).toBeLessThan(1000);
      }
    },
  );

  it.each(["(100000000,)", "(1, 100000000)", "(9007199254740991, 1)"])(
    "refuses %s by the length of the file",
    (shape) => {
      expect(() => parseNpy(file(`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`, 8))).toThrow(
        "got 8; the file is cut off",
      );
    },
  );
});

describe("formatNpy", () => {
  const data: Record<string, TypedArray> = {
    float64: Float64Array.from(matrix),
    float32: Float32Array.of(1.5, -2, 3.25, 0.1, 9, -0),
    int32: Int32Array.of(1, -2, 2147483647, -2147483648),
    bool: Uint8Array.of(1, 0, 1),
  };
  for (const name of ["float64", "float32", "int32", "bool"] as const) {
    it(`writes ${name} to the same bytes as numpy.save`, () => {
      const values = data[name]!;
      const shape = values.length === 6 ? [2, 3] : [values.length];
      expect(formatNpy(fromData(values, shape, name))).toEqual(decode(npyFixtures[name]));
    });
  }

  it("writes scalars and empty arrays to the same bytes as numpy.save", () => {
    expect(formatNpy(tensor(2.5))).toEqual(decode(npyFixtures.scalar));
    expect(formatNpy(fromData(new Float64Array(0), [0, 3]))).toEqual(decode(npyFixtures.empty));
  });

  it("refuses more axes than NumPy can read", () => {
    const x = fromData(Float64Array.of(1), new Array<number>(65).fill(1));
    expect(() => formatNpy(x)).toThrow("formatNpy: NumPy reads at most 64 axes, got 65; reshape it");
  });

  it("then parseNpy gives back every tensor, bit for bit", () => {
    fc.assert(
      fc.property(anyTensor, (x) => expectSame(parseNpy(formatNpy(x)), x)),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe("parseNpy on files that are not right", () => {
  const good = decode(npyFixtures.float64);
  const header = (shape: string, descr = "'<f8'") => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    [
      "an empty file",
      new Uint8Array(0),
      '"x.npy" must start with the bytes 93 4e 55 4d 50 59 of an .npy file, got nothing',
    ],
    ["text", new TextEncoder().encode("1,2\n3,4\n"), "got 31 2c 32 0a 33 2c; save it with numpy.save"],
    ["the magic bytes alone", good.subarray(0, 6), "must have format version 1, 2 or 3, got 0"],
    ["an unknown version", good.with(6, 9), "must have format version 1, 2 or 3, got 9"],
    [
      "a header cut off",
      good.subarray(0, 100),
      "must have a header that ends at byte 128, got 100 bytes; the file is cut off",
    ],
    ["data cut off", good.subarray(0, 170), "must hold 48 bytes for float64[2, 3], got 42; the file is cut off"],
    [
      "bytes after the data",
      Uint8Array.of(...good, 0),
      "must hold 48 bytes for float64[2, 3], got 49; something follows the array",
    ],
    [
      "a size that no memory holds",
      file(header("(9007199254740991, 9007199254740991)"), 8),
      "got 8; the file is cut off",
    ],
    [
      "a size beyond the safe integers",
      file(header("(99999999999999999999,)"), 8),
      "must have a shape of at most 64 whole numbers",
    ],
    ["a negative size", file(header("(-1,)"), 8), 'whole numbers, got "(-1,)"'],
    ["a shape that is no tuple", file(header("3"), 8), 'must have a header with "shape"'],
    [
      "a header of 20000 bytes",
      file(header("(1,)").padEnd(20000), 8),
      "must have a header of at most 10000 bytes, got 20000",
    ],
    ["no descr", file("{'fortran_order': False, 'shape': (1,), }", 8), 'must have a header with "descr", got'],
    ["65 axes", file(header(`(${"1, ".repeat(65)})`), 8), "at most 64 whole numbers"],
    [
      "int64 that int32 cannot hold",
      decode(npyFixtures.int64Wide),
      "must hold whole numbers in [−2^31, 2^31), got 2147483648 at element 1; save it as float64",
    ],
    ["complex numbers", decode(npyFixtures.complex), "got '<c16'; save numpy.stack([x.real, x.imag], axis=-1)"],
    ["text elements", decode(npyFixtures.text), "got '<U2'"],
    [
      "records",
      decode(npyFixtures.record),
      "b1, got [('a', '<i4'), ('b', '<f8')]; it has named fields; save structured_to_unstructured(x) of numpy.lib.recfunctions, or one field: x['name']",
    ],
    [
      "bfloat16 of ml_dtypes",
      file(header("(1,)", "'<V2'"), 2),
      "got '<V2'; bfloat16 and float8 are stored as V2 and V1, without their name; save x.astype(numpy.float32)",
    ],
    [
      "an archive",
      Uint8Array.of(0x50, 0x4b, 3, 4),
      "it is a zip archive (.npz, .xlsx or .zip); call an .npz file .npz",
    ],
    ["a compressed file", Uint8Array.of(0x1f, 0x8b, 8, 0), "it is gzip; unpack it with gunzip first"],
    [
      "no elements of more sizes than can be multiplied",
      file(header(`(0, ${"9007199254740991, ".repeat(30)})`), 0),
      "must have a shape of",
    ],
    ["Python objects", file(header("(1,)", "'|O'"), 8), "got '|O'"],
    ["a name from Object.prototype", file(header("(1,)", "'<constructor'"), 8), "got '<constructor'"],
  ];
  for (const [what, bytes, message] of cases) {
    it(`names the file and the fault of ${what}`, () => {
      const parse = () => parseNpy(bytes, { name: "x.npy" });
      expect(parse).toThrow(DomainError);
      expect(parse).toThrow(message);
      expect(parse).toThrow('parseNpy: "x.npy"');
    });
  }

  it("random bytes, with or without a right start, give a DomainError or a tensor", () => {
    const start = fc.constantFrom([], [...good.subarray(0, 10)], [...good.subarray(0, 128)]);
    const bytes = fc.tuple(start, fc.uint8Array({ maxLength: 200 })).map(([a, b]) => Uint8Array.of(...a, ...b));
    fc.assert(
      fc.property(bytes, (bytes) => onlyDomainErrors(() => parseNpy(bytes))),
      { seed: 12, numRuns: 1000 },
    );
  });

  it("a good file with one byte changed gives a DomainError or a tensor", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (i, byte) =>
        onlyDomainErrors(() => parseNpy(good.with(i, byte))),
      ),
      { seed: 13, numRuns: 1000 },
    );
  });
});
