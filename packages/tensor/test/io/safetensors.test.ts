import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/array/creation.ts";
import { DomainError } from "../../src/array/errors.ts";
import { fromData } from "../../src/array/tensor.ts";
import { formatSafetensors, parseSafetensors } from "../../src/io/safetensors.ts";
import { anyTensor, expectSame, onlyDomainErrors } from "./tensors.ts";

/** A file with this header and this data, or so many zero bytes. */
function file(header: unknown, data: readonly number[] | number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const body = typeof data === "number" ? new Uint8Array(data) : Uint8Array.from(data);
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const values = (bytes: Uint8Array, name: string): number[] =>
  Array.from(parseSafetensors(bytes).tensors[name]!.dataSync());

describe("formatSafetensors", () => {
  it("writes length, padded header and data, widest elements first", () => {
    const bytes = formatSafetensors(
      { mask: tensor([true, false]), step: tensor([7], { dtype: "int32" }), w: tensor([[1.5]]) },
      { format: "test" },
    );
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).toBe(0);
    expect(text.trimEnd()).toBe(
      '{"__metadata__":{"format":"test"},"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},' +
        '"step":{"dtype":"I32","shape":[1],"data_offsets":[8,12]},"mask":{"dtype":"BOOL","shape":[2],"data_offsets":[12,14]}}',
    );
    expect(Array.from(bytes.subarray(8 + length))).toEqual([0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 7, 0, 0, 0, 1, 0]);
  });

  it("gives the same bytes for any order of the names", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    expect(formatSafetensors({ a, b })).toEqual(formatSafetensors({ b, a }));
  });

  it("refuses the reserved name and metadata that is no text", () => {
    expect(() => formatSafetensors({ __metadata__: tensor(1) })).toThrow(
      'formatSafetensors: a tensor must not be called "__metadata__"',
    );
    expect(() => formatSafetensors({}, { step: 3 as unknown as string })).toThrow(
      'formatSafetensors: metadata "step" must be text, got number; use JSON.stringify',
    );
  });

  it("then parseSafetensors gives back every tensor, bit for bit, and the metadata", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("__proto__", "constructor", "0"),
    );
    const named = fc.array(
      fc.tuple(
        name.filter((text) => text !== "__metadata__"),
        anyTensor,
      ),
      { maxLength: 4 },
    );
    const metadata = fc.dictionary(fc.string(), fc.string({ unit: "binary" }), { maxKeys: 3 });
    fc.assert(
      fc.property(named, metadata, (pairs, metadata) => {
        const tensors = Object.fromEntries(pairs);
        const back = parseSafetensors(formatSafetensors(tensors, metadata));
        expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [name, x] of Object.entries(tensors))
          expectSame(Object.entries(back.tensors).find(([key]) => key === name)![1], x);
        expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
      { seed: 21, numRuns: 200 },
    );
  });
});

describe("parseSafetensors", () => {
  it("converts the other element types", () => {
    const bytes = file(
      {
        half: entry("F16", [2], 0, 4),
        brain: entry("BF16", [2], 4, 8),
        long: entry("I64", [1], 8, 16),
        byte: entry("U8", [1], 16, 17),
      },
      [0x00, 0x3c, 0x01, 0x00, 0xc0, 0x3f, 0x80, 0xff, 254, 255, 255, 255, 255, 255, 255, 255, 200],
    );
    expect(values(bytes, "half")).toEqual([1, 2 ** -24]);
    expect(values(bytes, "brain")).toEqual([1.5, -Infinity]);
    expect(values(bytes, "long")).toEqual([-2]);
    expect(values(bytes, "byte")).toEqual([200]);
    const dtypes = Object.values(parseSafetensors(bytes).tensors).map((x) => x.dtype);
    expect(dtypes).toEqual(["float32", "float32", "int32", "int32"]);
  });

  it("reads the tensors asked for beside elements that no dtype here can hold", () => {
    const bytes = file(
      { small: entry("F8_E4M3", [2], 0, 2), w: entry("F32", [1], 2, 6), n: entry("I64", [1], 6, 14) },
      [1, 2, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 1, 0, 0],
    );
    expect(Object.keys(parseSafetensors(bytes, { tensors: ["w"] }).tensors)).toEqual(["w"]);
    expect(parseSafetensors(bytes, { tensors: ["w"] }).tensors.w!.toArray()).toEqual([1]);
    expect(() => parseSafetensors(bytes)).toThrow('got "F8_E4M3"; name the other tensors to read them');
    expect(() => parseSafetensors(bytes, { tensors: ["small"] })).toThrow('tensor "small" must have a dtype of');
    expect(() => parseSafetensors(bytes, { tensors: ["n"] })).toThrow('tensor "n" must hold whole numbers');
    expect(() => parseSafetensors(bytes, { tensors: ["v"] })).toThrow('a tensor must be one of small, w, n, got "v"');
    expect(() => parseSafetensors(bytes, { tensors: ["__proto__"] })).toThrow("a tensor must be one of");
  });

  it("names the depth of a header that is nested too deep, wherever", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    for (const depth of [20_000, 1_000_000]) {
      for (const header of [
        nested(depth),
        `{"w":${nested(depth)}}`,
        `{"__metadata__":{"a":${nested(depth)}}}`,
        "[".repeat(depth),
      ]) {
        expect(() => parseSafetensors(file(header, 0))).toThrow(DomainError);
        expect(() => parseSafetensors(file(header, 0))).toThrow(/must have a header nested at most 3 deep, got \d+$/);
      }
    }
    const braces = formatSafetensors({ w: tensor([1]) }, { text: '[[[[{{{{"\\"[[' });
    expect(parseSafetensors(braces).metadata).toEqual({ text: '[[[[{{{{"\\"[[' });
  });

  it("shortens names and values in messages", () => {
    const long = "n".repeat(100_000);
    for (const header of [
      { [long]: 3 },
      { w: entry(long, [1], 0, 1) },
      { w: entry("F32", long, 0, 4) },
      { __metadata__: { a: [long] } },
    ]) {
      let message = "";
      try {
        parseSafetensors(file(header, 0));
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain("parseSafetensors:");
      expect(message.length).toBeLessThan(500);
    }
  });

  it("reads files without tensors, scalars, empty tensors and headers padded with spaces", () => {
    expect(parseSafetensors(file("{}   ", 0))).toEqual({ tensors: {}, metadata: {} });
    const bytes = file({ none: entry("F32", [0, 4], 0, 0), one: entry("F32", [], 0, 4) }, [0, 0, 0x80, 0x3f]);
    expect(parseSafetensors(bytes).tensors.none!.shape).toEqual([0, 4]);
    expect(parseSafetensors(bytes).tensors.one!.item()).toBe(1);
  });

  const good = formatSafetensors({ w: tensor([1, 2]), b: tensor([3], { dtype: "float32" }) }, { step: "5" });
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["an empty file", new Uint8Array(0), "must start with 8 bytes of header length, got 0 bytes"],
    ["a length beyond the file", good.with(7, 255), "must hold a header of 18374686479671"],
    ["a header cut off", good.subarray(0, 60), "the file is cut off"],
    ["a header that is no JSON", file("{'w': 1}", 0), "must have a JSON object as its header"],
    ["a header that is a list", file([], 0), "must have a JSON object as its header"],
    ["a header that is no UTF-8", file('{"\u00ff": 1}', 0).with(10, 0xff), "must have a JSON object as its header"],
    ["data cut off", good.subarray(0, good.length - 1), "must hold 20 bytes of data, got 19; the file is cut off"],
    [
      "bytes after the data",
      Uint8Array.of(...good, 0),
      "must hold 20 bytes of data, got 21; something follows the tensors",
    ],
    ["an entry that is no object", file({ w: 3 }, 0), 'tensor "w" must have a dtype of F64, F32'],
    ["an unknown dtype", file({ w: entry("F8_E4M3", [1], 0, 1) }, 1), 'BOOL, got "F8_E4M3"'],
    ["a dtype from Object.prototype", file({ w: entry("toString", [1], 0, 1) }, 1), 'BOOL, got "toString"'],
    [
      "a negative size",
      file({ w: entry("F32", [-1], 0, 4) }, 4),
      'tensor "w" must have a shape of whole numbers, got [-1]',
    ],
    ["a shape that is text", file({ w: entry("F32", "2", 0, 8) }, 8), 'must have a shape of whole numbers, got "2"'],
    [
      "offsets that are missing",
      file({ w: { dtype: "F32", shape: [1] } }, 4),
      "must have two data_offsets, got undefined",
    ],
    ["fractional offsets", file({ w: entry("F32", [1], 0.5, 4.5) }, 5), "must have two data_offsets, got [0.5,4.5]"],
    [
      "offsets the wrong way round",
      file({ w: entry("F32", [1], 4, 0) }, 4),
      "must span 4 bytes for F32[1], got data_offsets [4, 0]",
    ],
    [
      "a span that does not fit the shape",
      file({ w: entry("F32", [3], 0, 8) }, 8),
      "must span 12 bytes for F32[3], got data_offsets [0, 8]",
    ],
    [
      "a size that no memory holds",
      file({ w: entry("F32", [2 ** 52, 2 ** 52], 0, 8) }, 8),
      "must span 8.1129638414606",
    ],
    [
      "offsets beyond the file",
      file({ w: entry("F32", [250], 0, 1000) }, 8),
      "must hold 1000 bytes of data, got 8; the file is cut off",
    ],
    [
      "an overlap",
      file({ a: entry("F32", [1], 0, 4), b: entry("F32", [1], 2, 6) }, 6),
      'tensor "b" must begin at byte 4 of the data, got 2: it overlaps another tensor',
    ],
    [
      "a gap",
      file({ a: entry("F32", [1], 4, 8) }, 8),
      'tensor "a" must begin at byte 0 of the data, got 4: it leaves a gap before it',
    ],
    [
      "metadata that is no text",
      file({ __metadata__: { step: 5 } }, 0),
      'must have metadata that maps names to text, got {"step":5}',
    ],
    [
      "int64 that int32 cannot hold",
      file({ n: entry("I64", [1], 0, 8) }, [0, 0, 0, 128, 0, 0, 0, 0]),
      'tensor "n" must hold whole numbers in [−2^31, 2^31), got 2147483648 at element 0',
    ],
  ];
  for (const [what, bytes, message] of cases) {
    it(`names the file and the fault of ${what}`, () => {
      const parse = () => parseSafetensors(bytes, { name: "m.safetensors" });
      expect(parse).toThrow(DomainError);
      expect(parse).toThrow(message);
      expect(parse).toThrow('parseSafetensors: "m.safetensors"');
    });
  }

  it("random bytes, and a good file with one byte changed, give a DomainError or tensors", () => {
    const header = fc.json({ maxDepth: 3 }).map((text) => file(text, 8));
    const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([i, byte]) => good.with(i, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), header, damaged), (bytes) =>
        onlyDomainErrors(() => parseSafetensors(bytes)),
      ),
      { seed: 22, numRuns: 2000 },
    );
  });

  it("a tensor called __proto__ is a tensor, not a prototype", () => {
    const bytes = formatSafetensors(Object.fromEntries([["__proto__", fromData(Float64Array.of(4), [1])]]));
    const { tensors } = parseSafetensors(bytes);
    expect(Object.keys(tensors)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
  });
});
