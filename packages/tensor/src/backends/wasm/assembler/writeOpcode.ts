import type { ByteWriter } from "./byteWriter.ts";
import type { Opcode } from "./opcodes.ts";

/** Appends the bytes of an instruction's name. */
export function writeOpcode(out: ByteWriter, opcode: Opcode): void {
  if (opcode < 256) {
    out.byte(opcode);
    return;
  }
  out.byte(opcode >>> 16);
  out.unsigned(opcode & 0xffff);
}
