/**
 * A fingerprint of bytes as eight hexadecimal digits, for tests that compare a page with the command.
 *
 * @source Fowler, Noll, Vo: FNV-1a, 32 bits
 */
export function digest(values: ArrayBufferView): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
