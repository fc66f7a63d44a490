// the build for browsers needs no module of Node, so it runs in both and in bundles
import { inflateSync } from "fflate/browser";
import { DomainError } from "../array/errors.ts";
import { quoteCell } from "./columns.ts";

/*
 * The ZIP format, as far as .npz files use it: a directory at the end names every file, its place, sizes and checksum.
 *
 * @source PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end)
 */

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes before compression. */
  readonly size: number;
  /** @throws DomainError for a checksum or a size that does not fit */
  read(): Uint8Array;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const centralLength = 46;
const localLength = 30;
/** A comment may follow the directory. */
const maxComment = 65_535;
/** Larger sizes are stored elsewhere, in archives beyond 4 GB. */
const maxSize = 0xffff_ffff;
/** DEFLATE shortens to one part in 1032 at most. @source zlib, "Maximum Compression Factor" */
const maxRatio = 1032;

interface Placed {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly where: string;
}

const broken = (where: string, what: string): DomainError =>
  new DomainError(`${where} must be a whole zip archive, but ${what}; write it with numpy.savez`);

/**
 * Files of an archive by its directory; none is unpacked before it is read.
 *
 * @param where operation and file, for messages
 * @throws DomainError for a directory that is missing or damaged, encryption, or sizes that the file cannot hold
 */
export function openZip(bytes: Uint8Array, where: string): ZipEntry[] {
  const archive = { bytes, where, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const end = findEnd(archive);
  const count = archive.view.getUint16(end + 10, true);
  let at = archive.view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + centralLength > end || archive.view.getUint32(at, true) !== centralSignature) {
      throw broken(where, `its directory breaks off after ${i} of ${count} files`);
    }
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => archive.view.getUint16(at + field, true));
    const name = new TextDecoder().decode(bytes.subarray(at + centralLength, at + centralLength + nameLength!));
    entries.push(entryAt(archive, at, name, end));
    at += centralLength + nameLength! + extra! + comment!;
  }
  return entries;
}

function findEnd({ bytes, view, where }: Placed): number {
  const first = Math.max(0, bytes.length - endLength - maxComment);
  for (let at = bytes.length - endLength; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw broken(where, "it has no directory at its end: the file is cut off or something else");
}

function entryAt(archive: Placed, at: number, name: string, end: number): ZipEntry {
  const { view, where } = archive;
  const called = `${where} ${quoteCell(name)}`;
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [checksum, packed, size, local] = [16, 20, 24, 42].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (flags & 1) throw new DomainError(`${called} must not be encrypted; write it with numpy.savez`);
  if (method !== 0 && method !== 8) {
    throw new DomainError(`${called} must be stored or deflated, got method ${method}; write it with numpy.savez`);
  }
  if (Math.max(packed, size, local) === maxSize) {
    throw new DomainError(`${called} must be smaller than 4 GB; save the array as .npy`);
  }
  const mostBytes = method === 0 ? packed : maxRatio * packed;
  if (local + localLength + packed > end || size > mostBytes) {
    throw broken(where, `${quoteCell(name)} claims ${size} bytes, more than the file can hold`);
  }
  return { name, size, read: () => unpack(archive, { called, name, local, packed, size, checksum, method }) };
}

interface Stored {
  readonly called: string;
  readonly name: string;
  readonly local: number;
  readonly packed: number;
  readonly size: number;
  readonly checksum: number;
  readonly method: number;
}

function unpack({ bytes, view, where }: Placed, { called, name, local, packed, size, checksum, method }: Stored) {
  if (view.getUint32(local, true) !== localSignature)
    throw broken(where, `${quoteCell(name)} is not where it should be`);
  const begin = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const stored = bytes.subarray(begin, begin + packed);
  const content = method === 0 ? stored : inflate(stored, size);
  if (content?.length === size && crc32(content) === checksum) return content;
  throw new DomainError(`${called} must have the checksum that the archive says; the file is damaged, write it again`);
}

/** The unpacked bytes, or undefined if they are damaged. */
function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    return undefined;
  }
}

/** Remainders of the bytes. @source ISO 3309, the polynomial of CRC-32 reversed */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb8_8320 : remainder >>> 1;
  return remainder;
});

/** CRC-32 of bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = remainders[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
