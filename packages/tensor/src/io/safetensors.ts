import { bytesPerElement, type DType } from "../array/dtype.ts";
import { DomainError } from "../array/errors.ts";
import { jsonDepth } from "../array/jsonDepth.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import { quote, shorten } from "../array/quote.ts";
import { formatShape, sizeOf } from "../array/shape.ts";
import { mustBeOneOf } from "../array/suggest.ts";
import { type DenseTensor, fromData, type Tensor } from "../array/tensor.ts";
import { quoteCell } from "./columns.ts";
import { isCountable } from "./countable.ts";
import { type ElementType, elements, readElements, writeElements } from "./elements.ts";

/*
 * The safetensors format: length of the header (8 bytes), the header (JSON), the tensors without gaps between them.
 *
 * @source Hugging Face, safetensors README, section "Format"
 */

const types: Record<string, ElementType> = {
  F64: elements.float64,
  F32: elements.float32,
  F16: elements.float16,
  BF16: elements.bfloat16,
  I64: elements.int64,
  I32: elements.int32,
  I16: elements.int16,
  I8: elements.int8,
  U64: elements.uint64,
  U32: elements.uint32,
  U16: elements.uint16,
  U8: elements.uint8,
  BOOL: elements.bool,
};
const codes: Record<DType, string> = { float64: "F64", float32: "F32", int32: "I32", bool: "BOOL" };
const metadataKey = "__metadata__";
const lengthBytes = 8;

/** The content of a safetensors file: named tensors and free text about them. */
export interface Safetensors {
  readonly tensors: Record<string, DenseTensor>;
  readonly metadata: Record<string, string>;
}

/** Settings of parseSafetensors. */
export interface SafetensorsOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Names of the tensors to read; default all. The others may have elements that no dtype here can hold. */
  readonly tensors?: readonly string[];
}

interface Entry {
  readonly name: string;
  /** Undefined for elements of a type that is not supported. */
  readonly type: ElementType | undefined;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/** A header holds tensors, which hold lists of numbers. */
const maxDepth = 3;

/**
 * Reads a safetensors file. F64, F32, I32 and BOOL come back as they are, other whole numbers as int32, F16 and BF16 as float32.
 *
 * @throws DomainError unless every byte of data belongs to exactly one tensor whose size fits its shape, and for a tensor that is
 *         not there or has elements that no dtype here can hold
 */
export function parseSafetensors(bytes: Uint8Array, options: SafetensorsOptions = {}): Safetensors {
  mustBe("parseSafetensors", "the input", bytes, "bytes");
  const where = `parseSafetensors: "${optionsOf("parseSafetensors", options).name ?? "input"}"`;
  const { header, end } = readHeader(bytes, where);
  const data = bytes.subarray(end);
  const names = Object.keys(header).filter((name) => name !== metadataKey);
  const wanted = options.tensors ?? names;
  const missing = wanted.find((name) => name === metadataKey || !Object.hasOwn(header, name));
  if (missing !== undefined) throw new DomainError(`${where}: a tensor ${mustBeOneOf(missing, names)}`);
  const isWanted = new Set(wanted);
  const parsed = names.map((name) => parseEntry(name, header[name], isWanted.has(name), where));
  checkCoverage(parsed, data.length, where);
  const tensors = parsed.flatMap(({ name, type, shape, begin, end }): [string, DenseTensor][] => {
    if (!type || !isWanted.has(name)) return [];
    const at = `${where} tensor ${quoteCell(name)}`;
    const values = readElements(data.subarray(begin, end), type, { littleEndian: true, where: at });
    return [[name, fromData(values, shape, type.dtype)]];
  });
  return { tensors: Object.fromEntries(tensors), metadata: parseMetadata(header[metadataKey], where) };
}

function readHeader(bytes: Uint8Array, where: string): { header: Record<string, unknown>; end: number } {
  if (bytes.length < lengthBytes) {
    throw new DomainError(
      `${where} must start with 8 bytes of header length, got ${bytes.length} bytes; is it cut off?`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  const room = bytes.length - lengthBytes;
  if (length > room) {
    throw new DomainError(`${where} must hold a header of ${length} bytes, got ${room} bytes; the file is cut off`);
  }
  const end = lengthBytes + Number(length);
  const header = parseJson(bytes.subarray(lengthBytes, end), where);
  if (isRecord(header)) return { header, end };
  throw new DomainError(`${where} must have a JSON object as its header; this is no safetensors file`);
}

function parseJson(bytes: Uint8Array, where: string): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const depth = jsonDepth(text);
  if (depth > maxDepth) {
    throw new DomainError(`${where} must have a header nested at most ${maxDepth} deep, got ${depth}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseEntry(name: string, value: unknown, isWanted: boolean, where: string): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  const at = `${where} tensor ${quoteCell(name)}`;
  const type = typeof dtype === "string" && Object.hasOwn(types, dtype) ? types[dtype]! : undefined;
  if (!type && (isWanted || typeof dtype !== "string")) {
    const others = typeof dtype === "string" ? "; name the other tensors to read them" : "";
    throw new DomainError(`${at} must have a dtype of ${Object.keys(types).join(", ")}, got ${quote(dtype)}${others}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount) || !isCountable(shape)) {
    throw new DomainError(`${at} must have a shape of whole numbers, got ${quote(shape)}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new DomainError(`${at} must have two data_offsets, got ${quote(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const expected = type ? sizeOf(shape) * type.bytes : Math.max(0, end - begin);
  if (end - begin === expected) return { name, type, shape, begin, end };
  throw new DomainError(
    `${at} must span ${expected} bytes for ${shorten(`${dtype}${formatShape(shape)}`)}, got data_offsets [${begin}, ${end}]`,
  );
}

/** Tensors must follow one another without gap or overlap, from the first byte of data to the last. */
function checkCoverage(entries: readonly Entry[], length: number, where: string): void {
  let covered = 0;
  const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inOrder) {
    if (begin !== covered) {
      const fault = begin < covered ? "overlaps another tensor" : "leaves a gap before it";
      throw new DomainError(
        `${where} tensor ${quoteCell(name)} must begin at byte ${covered} of the data, got ${begin}: it ${fault}`,
      );
    }
    covered = end;
  }
  if (covered !== length) {
    const cause = length < covered ? "the file is cut off" : "something follows the tensors";
    throw new DomainError(`${where} must hold ${covered} bytes of data, got ${length}; ${cause}`);
  }
}

function parseMetadata(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  if (isRecord(value) && Object.values(value).every((text) => typeof text === "string")) {
    return value as Record<string, string>;
  }
  throw new DomainError(`${where} must have metadata that maps names to text, got ${quote(value)}`);
}

/**
 * The bytes of a safetensors file: widest elements first, then by name, so that every tensor lies aligned.
 *
 * @throws DomainError for a tensor called "__metadata__", or metadata that is no text
 */
export function formatSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  mustBe("formatSafetensors", "the tensors", tensors, "object");
  mustBe("formatSafetensors", "the metadata", metadata, "object");
  for (const [name, x] of Object.entries(tensors)) mustBe("formatSafetensors", `tensor ${quote(name)}`, x, "tensor");
  if (Object.hasOwn(tensors, metadataKey)) {
    throw new DomainError(`formatSafetensors: a tensor must not be called "${metadataKey}", the format uses that name`);
  }
  const wrong = Object.entries(metadata).find(([, text]) => typeof text !== "string");
  if (wrong) {
    throw new DomainError(
      `formatSafetensors: metadata ${quoteCell(wrong[0])} must be text, got ${typeof wrong[1]}; use JSON.stringify`,
    );
  }
  const width = (name: string): number => bytesPerElement(tensors[name]!.dtype);
  const names = Object.keys(tensors).sort((a, b) => width(b) - width(a) || (a < b ? -1 : 1));
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, size } = tensors[name]!;
    const begin = offset;
    offset += size * width(name);
    entries.push([name, { dtype: codes[dtype], shape, data_offsets: [begin, offset] }]);
  }
  return assemble(
    Object.fromEntries(entries),
    names.map((name) => tensors[name]!),
    offset,
  );
}

/** Header padded with spaces to a multiple of 8, then the elements one tensor after the other. */
function assemble(header: Record<string, unknown>, tensors: readonly Tensor[], dataLength: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const end = lengthBytes + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(end + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(end - lengthBytes), true);
  bytes.fill(0x20, lengthBytes, end);
  bytes.set(text, lengthBytes);
  let offset = end;
  for (const x of tensors) {
    writeElements(bytes.subarray(offset), x.dataSync());
    offset += x.size * bytesPerElement(x.dtype);
  }
  return bytes;
}
