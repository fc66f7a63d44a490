import { bytesPerElement, type DType } from "../array/dtype.ts";
import { DomainError } from "../array/errors.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import { quote, shorten } from "../array/quote.ts";
import { formatShape, type Shape, sizeOf, stridesOf } from "../array/shape.ts";
import { type DenseTensor, fromData, type Tensor } from "../array/tensor.ts";
import { isCountable } from "./countable.ts";
import { type ElementReading, type ElementType, elements, readElements, writeElements } from "./elements.ts";
import { describeFileKind } from "./fileKind.ts";

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
/** Most axes of an array that NumPy reads. */
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

/** The description of an array in the header of an .npy file. */
export interface NpyHeader {
  readonly shape: readonly number[];
  /** How the file stores an element: float64, int16, …. */
  readonly element: string;
}

/** Settings of parseNpy. */
export interface NpyOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Places along the last axis to read, in the order of the result; default all. Other places may hold numbers that no dtype here can. */
  readonly columns?: readonly number[];
  /** float64: whole numbers up to 2^53 come back as float64; default the dtypes below. */
  readonly dtype?: "float64";
}

/**
 * Shape and element type of an .npy file, from its header alone; the length of the file is checked against them.
 *
 * @throws DomainError if the bytes are no complete .npy file, or hold elements that no dtype here can
 */
export function parseNpyHeader(bytes: Uint8Array, options: { readonly name?: string } = {}): NpyHeader {
  optionsOf("parseNpyHeader", options);
  const { shape, type } = openNpy(bytes, options.name);
  return { shape, element: type.name };
}

/**
 * Reads a NumPy array: versions 1 to 3, either byte order, either memory order.
 *
 * float64, float32, int32 and bool come back as they are, other whole numbers as int32, float16 as float32.
 *
 * @throws DomainError if the bytes are no complete .npy file, or hold numbers that no dtype here can
 */
export function parseNpy(bytes: Uint8Array, options: NpyOptions = {}): DenseTensor {
  optionsOf("parseNpy", options);
  const { shape, type, littleEndian, isFortran, data, where } = openNpy(bytes, options.name);
  const chosen = options.columns && checkPlaces(options.columns, shape, where);
  const wanted = chosen ? [...shape.slice(0, -1), chosen.length] : shape;
  const dtype = options.dtype ?? type.dtype;
  const walk = isFortran || chosen ? walkOf(shape, isFortran, chosen) : undefined;
  const values = readElements(data, type, { littleEndian, where, dtype, size: sizeOf(wanted), walk });
  return fromData(values, wanted, dtype);
}

/** The parts of an .npy file, of which no element is read. */
function openNpy(bytes: Uint8Array, name = "input") {
  const where = `parseNpy: "${name}"`;
  mustBe("parseNpy", "the input", bytes, "bytes");
  const { text, end } = readHeader(bytes, where);
  const header = parseHeader(text, where);
  const { shape, type } = header;
  const expected = shape.includes(0) ? 0 : sizeOf(shape) * type.bytes;
  const got = bytes.length - end;
  if (got === expected) return { ...header, where, data: bytes.subarray(end) };
  const cause = got < expected ? "the file is cut off" : "something follows the array";
  throw new DomainError(
    `${where} must hold ${expected} bytes for ${type.name}${formatShape(shape)}, got ${got}; ${cause}`,
  );
}

function checkPlaces(places: readonly number[], shape: Shape, where: string): readonly number[] {
  const width = shape.at(-1) ?? 0;
  const bad = places.find((place) => !(Number.isInteger(place) && place >= 0 && place < width));
  if (bad === undefined) return places;
  throw new DomainError(`${where} must have the column ${bad}, got ${formatShape(shape)}; columns are counted from 0`);
}

/** The text between the fixed start and the elements, and where these begin. */
function readHeader(bytes: Uint8Array, where: string): { text: string; end: number } {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const kind = describeFileKind(bytes);
    const start = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DomainError(
      `${where} must start with the bytes 93 4e 55 4d 50 59 of an .npy file, got ${start || "nothing"}; ${kind ?? "save it with numpy.save"}`,
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

/** Picks the three entries out of the dictionary; any other content is an error and is never run as a program. */
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
    throw new DomainError(
      `${where} must hold elements of type ${known}, got ${shorten(description)}; ${remedyFor(description)}`,
    );
  }
  const isFortran = entry("fortran_order", "(True|False)") === "True";
  return { type, littleEndian: order !== ">", isFortran, shape: parseShape(entry("shape", "\\(([^()]*)\\)"), where) };
}

/** The advice to save another dtype, in NumPy's words. */
function remedyFor(description: string): string {
  if (description.startsWith("[")) {
    return "it has named fields; save structured_to_unstructured(x) of numpy.lib.recfunctions, or one field: x['name']";
  }
  if (/^['"]?[<>|=]?V[12]['"]?$/.test(description)) {
    return "bfloat16 and float8 are stored as V2 and V1, without their name; save x.astype(numpy.float32)";
  }
  if (/^['"][<>|=]?c\d+['"]$/.test(description)) return "save numpy.stack([x.real, x.imag], axis=-1)";
  return "convert it with astype(float) before saving";
}

function parseShape(text: string, where: string): number[] {
  const sizes = text.split(",").map((part) => part.trim());
  if (sizes.at(-1) === "") sizes.pop();
  const shape = sizes.map((size) => (/^\d+L?$/.test(size) ? Number.parseInt(size, 10) : NaN));
  if (shape.length <= maxRank && shape.every(Number.isSafeInteger) && isCountable(shape)) return shape;
  throw new DomainError(`${where} must have a shape of at most ${maxRank} whole numbers, got ${excerpt(`(${text})`)}`);
}

const excerpt = (text: string): string => quote(text);

/** Visits places of elements row by row, of the chosen columns alone, however the file orders them. */
function walkOf(shape: Shape, isFortran: boolean, columns?: readonly number[]): ElementReading["walk"] {
  const strides = isFortran ? stridesOf([...shape].reverse()).reverse() : stridesOf(shape);
  const leading = shape.slice(0, -1);
  const stride = strides.at(-1) ?? 0;
  return (visit) => {
    if (shape.includes(0)) return;
    const places = columns ?? Array.from({ length: shape.at(-1) ?? 1 }, (_, i) => i);
    const index = leading.map(() => 0);
    for (let row = 0, from = 0; row < sizeOf(leading); row++) {
      for (const place of places) visit(from + place * stride);
      for (let axis = leading.length - 1; axis >= 0; axis--) {
        from += strides[axis]!;
        if (++index[axis]! < leading[axis]!) break;
        from -= strides[axis]! * leading[axis]!;
        index[axis] = 0;
      }
    }
  };
}

/**
 * The bytes that numpy.save writes for this array: version 1.0, little endian, row-major.
 *
 * @throws DomainError for more than 64 axes, which NumPy cannot read
 */
export function formatNpy(x: Tensor): Uint8Array {
  mustBe("formatNpy", "x", x, "tensor");
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
