import { bytesPerElement, type DType } from "../dtype.ts";
import { DomainError } from "../errors.ts";
import { formatShape, sizeOf } from "../shape.ts";
import { type DenseTensor, fromData, type Tensor } from "../tensor.ts";
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

/** What a safetensors file holds: named tensors and free text about them. */
export interface Safetensors {
  readonly tensors: Record<string, DenseTensor>;
  readonly metadata: Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file. F64, F32, I32 and BOOL come back as they are, other whole numbers as int32, F16 and BF16 as float32.
 *
 * @param options name: of the file, for messages
 * @throws DomainError unless every byte of data belongs to exactly one tensor whose size fits its shape
 */
export function parseSafetensors(bytes: Uint8Array, options: { readonly name?: string } = {}): Safetensors {
  const where = `parseSafetensors: "${options.name ?? "input"}"`;
  const { header, end } = readHeader(bytes, where);
  const data = bytes.subarray(end);
  const entries = Object.entries(header).filter(([name]) => name !== metadataKey);
  const parsed = entries.map(([name, value]) => parseEntry(name, value, where));
  checkCoverage(parsed, data.length, where);
  const tensors = parsed.map(({ name, type, shape, begin, end }): [string, DenseTensor] => {
    const values = readElements(data.subarray(begin, end), type, true, `${where} tensor "${name}"`);
    return [name, fromData(values, shape, type.dtype)];
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
  const header = parseJson(bytes.subarray(lengthBytes, end));
  if (isRecord(header)) return { header, end };
  throw new DomainError(`${where} must have a JSON object as its header; this is no safetensors file`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseEntry(name: string, value: unknown, where: string): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  const type = typeof dtype === "string" && Object.hasOwn(types, dtype) ? types[dtype]! : undefined;
  if (!type) {
    throw new DomainError(
      `${where} tensor "${name}" must have a dtype of ${Object.keys(types).join(", ")}, got ${JSON.stringify(dtype)}`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw new DomainError(`${where} tensor "${name}" must have a shape of whole numbers, got ${JSON.stringify(shape)}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new DomainError(`${where} tensor "${name}" must have two data_offsets, got ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const expected = sizeOf(shape) * type.bytes;
  if (end - begin !== expected) {
    throw new DomainError(
      `${where} tensor "${name}" must span ${expected} bytes for ${dtype}${formatShape(shape)}, got data_offsets [${begin}, ${end}]`,
    );
  }
  return { name, type, shape, begin, end };
}

/** Tensors must follow one another without gap or overlap, from the first byte of data to the last. */
function checkCoverage(entries: readonly Entry[], length: number, where: string): void {
  let covered = 0;
  const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inOrder) {
    if (begin !== covered) {
      const fault = begin < covered ? "overlaps another tensor" : "leaves a gap before it";
      throw new DomainError(
        `${where} tensor "${name}" must begin at byte ${covered} of the data, got ${begin}: it ${fault}`,
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
  throw new DomainError(
    `${where} must have metadata that maps names to text, got ${JSON.stringify(value).slice(0, 80)}`,
  );
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
  if (Object.hasOwn(tensors, metadataKey)) {
    throw new DomainError(`formatSafetensors: a tensor must not be called "${metadataKey}", the format uses that name`);
  }
  const wrong = Object.entries(metadata).find(([, text]) => typeof text !== "string");
  if (wrong) {
    throw new DomainError(
      `formatSafetensors: metadata "${wrong[0]}" must be text, got ${typeof wrong[1]}; use JSON.stringify`,
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
