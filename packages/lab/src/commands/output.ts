import type { StudyResult } from "../experiments/studyResult.ts";

/** Writes a result for a person, or JSON alone. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a value as the only thing on standard output. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));

/** Prints what a study found; trainings that could not be done make the command fail. */
export function printStudy({ text, json, hasFailures }: StudyResult, isJson = false): void {
  if (isJson) printJson(json);
  else print(text);
  if (hasFailures) process.exitCode = 1;
}
