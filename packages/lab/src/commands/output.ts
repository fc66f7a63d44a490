import type { StudyResult } from "../experiments/studyResult.ts";

/** Writes a text to standard output, with a line end. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a value as the only thing on standard output. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));

/** Prints the result of a study; trainings that failed make the command fail. */
export function printStudy({ text, json, hasFailures }: StudyResult, isJson = false): void {
  if (isJson) printJson(json);
  else print(text);
  if (hasFailures) process.exitCode = 1;
}
