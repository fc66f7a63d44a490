/** Writes a result for a person, or JSON alone. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a value as the only thing on standard output. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));
