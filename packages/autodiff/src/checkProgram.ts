import { mustBe, type Program } from "@pushforward/tensor";

/** @throws DTypeError unless an argument is a program */
export function checkProgram(operation: string, program: Program): void {
  mustBe(operation, "the program", program, "object");
  for (const part of ["inputs", "equations", "outputs"] as const)
    mustBe(operation, `${part} of the program`, program[part], "list");
}
