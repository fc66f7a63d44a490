import { DomainError } from "../array/errors.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import { formatShape, sizeOf } from "../array/shape.ts";
import { type DenseTensor, fromData } from "../array/tensor.ts";
import { isCountable } from "./countable.ts";
import { type ElementType, elements, readElements } from "./elements.ts";
import { describeFileKind } from "./fileKind.ts";

/*
 * The IDX format of MNIST: two zero bytes, the type of elements, the number of axes, the size of each axis as 32 bits, the elements; all
 * most significant byte first.
 *
 * @source LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats
 */

/** Types of elements by their code. */
const types = new Map<number, ElementType>([
  [0x08, elements.uint8],
  [0x09, elements.int8],
  [0x0b, elements.int16],
  [0x0c, elements.int32],
  [0x0d, elements.float32],
  [0x0e, elements.float64],
]);

/** Most axes of an array that are read; files in use have up to four. */
const maxRank = 8;

/** The description of an array at the beginning of an IDX file. */
export interface IdxHeader {
  readonly shape: readonly number[];
  /** How the file stores an element: uint8, int16, …. */
  readonly element: string;
  /** Bytes of the whole file that this header begins. */
  readonly bytes: number;
}

/** Settings of parseIdx. */
export interface IdxOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** float64: whole numbers come back as float64; default int32 for whole numbers, and the dtype of the file for others. */
  readonly dtype?: "float64";
}

/**
 * Shape and element type of an IDX file, and the length that the file must have. The first bytes suffice; the length is not compared.
 *
 * @throws DomainError if the bytes do not begin an IDX file
 */
export function parseIdxHeader(bytes: Uint8Array, options: { readonly name?: string } = {}): IdxHeader {
  const { name } = optionsOf("parseIdxHeader", options);
  mustBe("parseIdxHeader", "the input", bytes, "bytes");
  const { shape, type, end } = openIdx(bytes, `parseIdx: "${name ?? "input"}"`);
  return { shape, element: type.name, bytes: end + lengthOf(shape, type) };
}

/**
 * Reads an array in the IDX format, as MNIST and its relatives are stored. Compressed files are unpacked before.
 *
 * @throws DomainError if the bytes are no complete IDX file
 */
export function parseIdx(bytes: Uint8Array, options: IdxOptions = {}): DenseTensor {
  const { name, dtype } = optionsOf("parseIdx", options);
  mustBe("parseIdx", "the input", bytes, "bytes");
  const where = `parseIdx: "${name ?? "input"}"`;
  const { shape, type, end } = openIdx(bytes, where);
  const [expected, got] = [lengthOf(shape, type), bytes.length - end];
  if (got !== expected) {
    const cause = got < expected ? "the file is cut off; copy it again" : "something follows the array";
    throw new DomainError(
      `${where} must hold ${expected} bytes for ${type.name}${formatShape(shape)}, got ${got}; ${cause}`,
    );
  }
  const read = readElements(bytes.subarray(end), type, { littleEndian: false, where, dtype: dtype ?? type.dtype });
  return fromData(read, shape, dtype ?? type.dtype);
}

const lengthOf = (shape: readonly number[], type: ElementType): number =>
  shape.includes(0) ? 0 : sizeOf(shape) * type.bytes;

/** The parts of an IDX file, of which no element is read. */
function openIdx(bytes: Uint8Array, where: string) {
  const type = types.get(bytes[2] ?? -1);
  const rank = bytes[3] ?? 0;
  if (bytes[0] !== 0 || bytes[1] !== 0 || !type || rank === 0 || rank > maxRank) throw noIdx(bytes, where);
  const end = 4 + 4 * rank;
  if (bytes.length < end) {
    throw new DomainError(
      `${where} must have a header of ${end} bytes, got ${bytes.length}; the file is cut off, copy it again`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (isCountable(shape)) return { shape, type, end };
  throw new DomainError(
    `${where} must have a shape that can be counted, got ${formatShape(shape)}; is it an IDX file?`,
  );
}

function noIdx(bytes: Uint8Array, where: string): DomainError {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const codes = [...types.keys()].map((code) => `0${code.toString(16)}`).join(", ");
  const isZero = bytes[0] === 0 && bytes[1] === 0;
  const kind = isZero ? undefined : describeFileKind(bytes);
  return new DomainError(
    `${where} must start with 00 00, a type out of ${codes} and a number of axes from 1 to ${maxRank}, got ${start || "nothing"}; ${kind ?? "is it an IDX file?"}`,
  );
}
