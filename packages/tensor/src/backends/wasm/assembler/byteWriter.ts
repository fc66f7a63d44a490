const view = new DataView(new ArrayBuffer(8));
const encoder = new TextEncoder();

/** Bytes that grow at the end, with the number encodings of WebAssembly. */
export class ByteWriter {
  private bytes: Uint8Array;
  /** Bytes written so far. */
  length = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  /** One byte. */
  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned LEB128, up to 32 bits. */
  unsigned(value: number): void {
    value >>>= 0;
    while (value > 127) {
      this.byte((value & 127) | 128);
      value >>>= 7;
    }
    this.byte(value);
  }

  /** Signed LEB128, 32 bits. */
  signed(value: number): void {
    value |= 0;
    while (value < -64 || value > 63) {
      this.byte((value & 127) | 128);
      value >>= 7;
    }
    this.byte(value & 127);
  }

  /** IEEE 754 single precision, little endian. */
  float32(value: number): void {
    view.setFloat32(0, value, true);
    this.copyView(4);
  }

  /** IEEE 754 double precision, little endian. */
  float64(value: number): void {
    view.setFloat64(0, value, true);
    this.copyView(8);
  }

  /** Bytes as they are. */
  append(bytes: ArrayLike<number>): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Length in bytes, then UTF-8. */
  text(text: string): void {
    const bytes = encoder.encode(text);
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  /** Room for a number that is known later: five bytes, to be filled by `patch`. */
  placeholder(): number {
    const at = this.length;
    for (let i = 0; i < 5; i++) this.byte(0);
    return at;
  }

  /** Fills a placeholder with an unsigned LEB128 of full width. */
  patch(at: number, value: number): void {
    for (let i = 0; i < 5; i++) this.bytes[at + i] = ((value >>> (7 * i)) & 127) | (i < 4 ? 128 : 0);
  }

  /** The bytes written so far, not copied. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private copyView(count: number): void {
    for (let i = 0; i < count; i++) this.byte(view.getUint8(i));
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.view());
    this.bytes = larger;
  }
}
