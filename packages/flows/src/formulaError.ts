import { DomainError } from "@pushforward/tensor";

/** A formula that cannot be read, and the place where reading stopped. */
export class FormulaError extends DomainError {
  /** Index of the character in the formula, from 0; the message counts from 1. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}
