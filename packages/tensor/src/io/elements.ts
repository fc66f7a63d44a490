import { allocate, type DType, type TypedArray } from "../array/dtype.ts";
import { DomainError } from "../array/errors.ts";

/** How files store one kind of number: its width, and the dtype that it is read as. */
export interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly dtype: DType;
  read(view: DataView, offset: number, littleEndian: boolean): number;
}

const element = (name: string, bytes: number, dtype: DType, read: ElementType["read"]): ElementType => ({
  name,
  bytes,
  dtype,
  read,
});

/** Every kind of number in files; whole numbers become int32, half precision float32. */
export const elements = {
  float64: element("float64", 8, "float64", (view, at, little) => view.getFloat64(at, little)),
  float32: element("float32", 4, "float32", (view, at, little) => view.getFloat32(at, little)),
  float16: element("float16", 2, "float32", (view, at, little) => float16(view.getUint16(at, little))),
  bfloat16: element("bfloat16", 2, "float32", (view, at, little) => bfloat16(view.getUint16(at, little))),
  int64: element("int64", 8, "int32", (view, at, little) => Number(view.getBigInt64(at, little))),
  int32: element("int32", 4, "int32", (view, at, little) => view.getInt32(at, little)),
  int16: element("int16", 2, "int32", (view, at, little) => view.getInt16(at, little)),
  int8: element("int8", 1, "int32", (view, at) => view.getInt8(at)),
  uint64: element("uint64", 8, "int32", (view, at, little) => Number(view.getBigUint64(at, little))),
  uint32: element("uint32", 4, "int32", (view, at, little) => view.getUint32(at, little)),
  uint16: element("uint16", 2, "int32", (view, at, little) => view.getUint16(at, little)),
  uint8: element("uint8", 1, "int32", (view, at) => view.getUint8(at)),
  bool: element("bool", 1, "bool", (view, at) => (view.getUint8(at) === 0 ? 0 : 1)),
} as const;

/** Half precision: sign, 5 bits of exponent, 10 bits of fraction. @source IEEE 754-2019, binary16 */
function float16(bits: number): number {
  const sign = bits >>> 15 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  scratch.setUint16(0, bits);
  return scratch.getFloat32(0);
}

/** How readElements reads. */
export interface ElementReading {
  readonly littleEndian: boolean;
  /** Names operation, file and tensor in the error. */
  readonly where: string;
  /** The dtype of whole numbers: their own by default, or float64. */
  readonly dtype?: DType;
  /** How many elements are read; default as many as fit. */
  readonly size?: number;
  /** Calls visit with the place of each element in the bytes, in the order of the result; default one after the other. */
  readonly walk?: (visit: (place: number) => void) => void;
}

/**
 * Reads elements out of bytes.
 *
 * @throws DomainError for a whole number that the dtype cannot hold
 */
export function readElements(bytes: Uint8Array, type: ElementType, reading: ElementReading): TypedArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { size = Math.floor(bytes.byteLength / type.bytes), dtype = type.dtype, littleEndian, where } = reading;
  const data = allocate(dtype, size);
  const isHeld = holds(type, dtype);
  let i = 0;
  const visit = (place: number): void => {
    const value = type.read(view, place * type.bytes, littleEndian);
    if (!isHeld(value)) throw tooWide(where, value, place, dtype);
    data[i++] = value;
  };
  if (reading.walk) reading.walk(visit);
  else for (let place = 0; place < size; place++) visit(place);
  return data;
}

/** Whether a dtype holds a value exactly. */
function holds(type: ElementType, dtype: DType): (value: number) => boolean {
  if (type.dtype !== "int32") return () => true;
  return dtype === "float64" ? Number.isSafeInteger : (value) => value === (value | 0);
}

function tooWide(where: string, value: number, place: number, dtype: DType): DomainError {
  const [interval, remedy] =
    dtype === "float64"
      ? ["(−2^53, 2^53)", "subtract an offset before saving"]
      : ["[−2^31, 2^31)", "save it as float64"];
  return new DomainError(
    `${where} must hold whole numbers in ${interval}, got ${value} at element ${place}; ${remedy}`,
  );
}

/** Writes elements at the start of `bytes`, least significant byte first. */
export function writeElements(bytes: Uint8Array, data: TypedArray): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < data.length; i++) {
    const offset = i * data.BYTES_PER_ELEMENT;
    if (data instanceof Float64Array) view.setFloat64(offset, data[i]!, true);
    else if (data instanceof Float32Array) view.setFloat32(offset, data[i]!, true);
    else if (data instanceof Int32Array) view.setInt32(offset, data[i]!, true);
    else view.setUint8(offset, data[i]!);
  }
}
