import { DomainError, decimalOf, quote } from "@pushforward/tensor";

/**
 * The value of an option that must be a whole number.
 *
 * @throws DomainError that names the command, the option, its bounds and what came
 */
export function wholeNumber(command: string, option: string, text: string, low: number, high: number): number {
  const value = decimalOf(text);
  if (value !== undefined && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new DomainError(`${command}: --${option} must be a whole number from ${low} to ${high}, got ${quote(text)}`);
}
