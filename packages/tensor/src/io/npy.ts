import { bytesPerElement, type DType, type TypedArray } from "../dtype.ts";
import { DomainError } from "../errors.ts";
import { formatShape, type Shape, sizeOf } from "../shape.ts";
import { type DenseTensor, fromData, type Tensor } from "../tensor.ts";
import { type ElementType, elements, readElements, writeElements } from "./elements.ts";

/*
 * The .npy format: magic, version, length of the header, the header (a Python dictionary in text), the elements.
 *
 * @source NumPy Enhancement Proposal 1 and numpy.lib.format, versions 1.0 to 3.0
 */

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The elements start at a multiple of this, so that the file can be mapped into memory. */
const alignment = 64;
/** NumPy leaves room for a first axis of this many digits, so that a file can grow in place. */
const digitsOfGrowth = 21;
/** Longer headers are refused, as NumPy does: 64 axes fit in a fraction of it. */
const maxHeader = 10000;
/** NumPy reads no array of more axes. */
const maxRank = 64;

const codes = new Map<string, ElementType>(
  Object.entries({
    f8: elements.float64,
    f4: elements.float32,
    f2: elements.float16,
    i8: elements.int64,
    i4: elements.int32,
    i2: elements.int16,
    i1: elements.int8,
    u8: elements.uint64,
    u4: elements.uint32,
    u2: elements.uint16,
    u1: elements.uint8,
    b1: elements.bool,
  }),
);
const descriptions: Record<DType, string> = { float64: "<f8", float32: "<f4", int32: "<i4", bool: "|b1" };

/**
 * Reads a NumPy array: versions 1 to 3, either byte order, either memory order.
 *
 * float64, float32, int32 and bool come back as they are, other whole numbers as int32, float16 as float32.
 *
 * @param options name: of the file, for messages
 * @throws DomainError if the bytes are no complete .npy file, or hold what no dtype here can
 */
export function parseNpy(bytes: Uint8Array, options: { readonly name?: string } = {}): DenseTensor {
  const where = `parseNpy: "${options.name ?? "input"}"`;
  const { text, end } = readHeader(bytes, where);
  const { type, littleEndian, isFortran, shape } = parseHeader(text, where);
  const expected = sizeOf(shape) * type.bytes;
  const got = bytes.length - end;
  if (got !== expected) {
    const cause = got < expected ? "the file is cut off" : "something follows the array";
    throw new DomainError(
      `${where} must hold ${expected} bytes for ${type.name}${formatShape(shape)}, got ${got}; ${cause}`,
    );
  }
  const data = readElements(bytes.subarray(end), type, littleEndian, where);
  return fromData(isFortran ? toRowMajor(data, shape) : data, shape, type.dtype);
}

/** The text between the fixed start and the elements, and where these begin. */
function readHeader(bytes: Uint8Array, where: string): { text: string; end: number } {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const start = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DomainError(
      `${where} must start with the bytes 93 4e 55 4d 50 59 of an .npy file, got ${start || "nothing"}; save it with numpy.save`,
    );
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new DomainError(`${where} must have format version 1, 2 or 3, got ${version}; save it with numpy.save`);
  }
  const start = version === 1 ? 10 : 12;
  const length = bytes.length < start ? 0 : headerLength(bytes, version);
  if (bytes.length < start + length) {
    throw new DomainError(
      `${where} must have a header that ends at byte ${start + length}, got ${bytes.length} bytes; the file is cut off`,
    );
  }
  if (length > maxHeader) {
    throw new DomainError(
      `${where} must have a header of at most ${maxHeader} bytes, got ${length}; save it with numpy.save`,
    );
  }
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, start + length));
  return { text, end: start + length };
}

function headerLength(bytes: Uint8Array, version: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
}

/** Picks the three entries out of the dictionary; anything else in it is an error, not a program to run. */
function parseHeader(text: string, where: string) {
  const entry = (key: string, pattern: string): string => {
    const match = new RegExp(`['"]${key}['"]\\s*:\\s*(?:${pattern})\\s*[,}]`).exec(text);
    if (match) return match[1]!;
    throw new DomainError(`${where} must have a header with "${key}", got ${excerpt(text)}`);
  };
  const description = entry("descr", `('[^']*'|"[^"]*"|\\[.*\\])`);
  const [, order, code] = /^['"]([<>|=])(\w+)['"]$/.exec(description) ?? [];
  const type = codes.get(code ?? "");
  if (!type) {
    const known = [...codes.keys()].join(", ");
    throw new DomainError(`${where} must hold elements of type ${known}, got ${description}; convert it with astype`);
  }
  const isFortran = entry("fortran_order", "(True|False)") === "True";
  return { type, littleEndian: order !== ">", isFortran, shape: parseShape(entry("shape", "\\(([^()]*)\\)"), where) };
}

function parseShape(text: string, where: string): number[] {
  const sizes = text.split(",").map((part) => part.trim());
  if (sizes.at(-1) === "") sizes.pop();
  const shape = sizes.map((size) => (/^\d+L?$/.test(size) ? Number.parseInt(size, 10) : NaN));
  if (shape.length <= maxRank && shape.every(Number.isSafeInteger)) return shape;
  throw new DomainError(`${where} must have a shape of at most ${maxRank} whole numbers, got ${excerpt(`(${text})`)}`);
}

const excerpt = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Elements stored first axis fastest, put in order last axis fastest. */
function toRowMajor(data: TypedArray, shape: Shape): TypedArray {
  const result = data.slice();
  const index = shape.map(() => 0);
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < shape.length; stride *= shape[axis++]!) strides.push(stride);
  for (let i = 0, from = 0; i < data.length; i++) {
    result[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/**
 * The bytes that numpy.save writes for this array: version 1.0, little endian, row-major.
 *
 * @throws DomainError for more than 64 axes, which NumPy cannot read
 */
export function formatNpy(x: Tensor): Uint8Array {
  if (x.rank > maxRank)
    throw new DomainError(`formatNpy: NumPy reads at most ${maxRank} axes, got ${x.rank}; reshape it`);
  const header = headerText(x.dtype, x.shape);
  const start = magic.length + 4;
  // padded so that header and final newline end on the alignment
  const end = Math.ceil((start + header.length + 1) / alignment) * alignment;
  const bytes = new Uint8Array(end + x.size * bytesPerElement(x.dtype));
  bytes.set([...magic, 1, 0, (end - start) & 255, (end - start) >>> 8]);
  bytes.set(new TextEncoder().encode(`${header.padEnd(end - start - 1)}\n`), start);
  writeElements(bytes.subarray(end), x.dataSync());
  return bytes;
}

function headerText(dtype: DType, shape: Shape): string {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const room = shape.length > 0 ? digitsOfGrowth - String(shape[0]).length : 0;
  return `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }${" ".repeat(room)}`;
}
