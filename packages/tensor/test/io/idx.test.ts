import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromData } from "../../src/index.ts";
import { parseIdx, parseIdxHeader } from "../../src/io/idx.ts";
import { formatNpy } from "../../src/io/npy.ts";

/** A type of elements: its code, its bytes, how a number is written, and numbers that it holds. */
interface ElementCase {
  readonly name: string;
  readonly code: number;
  readonly bytes: number;
  readonly set: (view: DataView, at: number, x: number) => void;
  readonly numbers: fc.Arbitrary<number>;
}

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const types: readonly ElementCase[] = [
  { name: "uint8", code: 0x08, bytes: 1, set: (view, at, x) => view.setUint8(at, x), numbers: whole(0, 255) },
  { name: "int8", code: 0x09, bytes: 1, set: (view, at, x) => view.setInt8(at, x), numbers: whole(-128, 127) },
  { name: "int16", code: 0x0b, bytes: 2, set: (view, at, x) => view.setInt16(at, x), numbers: whole(-32768, 32767) },
  { name: "int32", code: 0x0c, bytes: 4, set: (view, at, x) => view.setInt32(at, x), numbers: fc.integer() },
  {
    ...{ name: "float32", code: 0x0d, bytes: 4 },
    set: (view, at, x) => view.setFloat32(at, x),
    numbers: fc.float({ noNaN: true }),
  },
  {
    ...{ name: "float64", code: 0x0e, bytes: 8 },
    set: (view, at, x) => view.setFloat64(at, x),
    numbers: fc.double({ noNaN: true }),
  },
];

/** An IDX file as the format describes it. */
function idxOf({ code, bytes, set }: ElementCase, shape: readonly number[], numbers: readonly number[]): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + bytes * numbers.length);
  const view = new DataView(file.buffer);
  file.set([0, 0, code, shape.length]);
  shape.forEach((size, axis) => void view.setUint32(4 + 4 * axis, size));
  numbers.forEach((x, i) => void set(view, 4 + 4 * shape.length + bytes * i, x));
  return file;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.split(" "), (each) => Number.parseInt(each, 16));
const small = bytesOf("00 00 08 02 00 00 00 02 00 00 00 03 00 01 7f 80 fe ff");

describe("parseIdx", () => {
  it("reads the bytes of the format's description", () => {
    expect(parseIdx(small).toArray()).toEqual([
      [0, 1, 127],
      [128, 254, 255],
    ]);
    expect(parseIdx(small).dtype).toBe("int32");
    expect(parseIdx(small, { dtype: "float64" }).dtype).toBe("float64");
    expect(parseIdxHeader(small.subarray(0, 12))).toEqual({ shape: [2, 3], element: "uint8", bytes: 18 });
    const larger = new Uint8Array(25);
    larger.set(small, 5);
    expect(parseIdx(larger.subarray(5, 23)).toArray()).toEqual(parseIdx(small).toArray());
  });

  it.each(types)("gives back what was written as $name", (type) => {
    const arrays = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
      const size = shape.reduce((product, each) => product * each, 1);
      return fc.tuple(fc.constant(shape), fc.array(type.numbers, { minLength: size, maxLength: size }));
    });
    fc.assert(
      fc.property(arrays, ([shape, numbers]) => {
        const x = parseIdx(idxOf(type, shape, numbers), { dtype: "float64" });
        expect(x.shape).toEqual(shape);
        expect(Array.from(x.dataSync())).toEqual(numbers);
      }),
      { numRuns: 60 },
    );
  });

  it("names the file and what is wrong", () => {
    const refusal = (bytes: Uint8Array) => () => parseIdx(bytes, { name: "x-idx3-ubyte" });
    for (const [bytes, message] of [
      [new Uint8Array(0), 'parseIdx: "x-idx3-ubyte" must start with 00 00, a type out of 08, 09, 0b, 0c, 0d, 0e'],
      [bytesOf("00 00 0a 01 00 00 00 01 07"), "got 00 00 0a 01; is it an IDX file?"],
      [bytesOf("00 00 08 00"), "a number of axes from 1 to 8, got 00 00 08 00"],
      [bytesOf("00 00 08 09 00"), "got 00 00 08 09"],
      [bytesOf("1f 8b 08 00"), "got 1f 8b 08 00; it is gzip; unpack it with gunzip first"],
      [formatNpy(fromData(new Float64Array(2), [2])), "it is a NumPy array; call it .npy"],
      [small.subarray(0, 10), "must have a header of 12 bytes, got 10; the file is cut off"],
      [small.subarray(0, 17), "must hold 6 bytes for uint8[2, 3], got 5; the file is cut off"],
      [Uint8Array.of(...small, 9), "must hold 6 bytes for uint8[2, 3], got 7; something follows the array"],
      [bytesOf("00 00 0e 03 ff ff ff ff ff ff ff ff ff ff ff ff 00"), "the file is cut off"],
      [bytesOf("00 00 08 03 00 00 00 00 ff ff ff ff ff ff ff ff"), "must have a shape that can be counted"],
    ] as const) {
      expect(refusal(bytes)).toThrow(message);
    }
    expect(() => parseIdxHeader(small.subarray(0, 10), { name: "y" })).toThrow(
      'parseIdx: "y" must have a header of 12',
    );
  });
});
