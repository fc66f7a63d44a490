import { readFileSync, statSync } from "node:fs";
import { DomainError, shorten } from "@pushforward/tensor";
import { fileError } from "./atomicFile.ts";

/** Largest size and depth of a file of settings; config.json has a few kilobytes and three levels. */
const limits = { bytes: 1_000_000, depth: 32 };

/**
 * The value in a small JSON file. Size and depth are bounded before the text is parsed, so that no later code recurses deeply.
 *
 * @param operation the word with which messages begin
 * @throws DomainError that names the file if it cannot be read, is too large, nested too deeply, or not JSON
 */
export function readJson(file: string, operation = "run"): unknown {
  const text = readSmall(file, operation);
  const depth = jsonDepth(text);
  if (depth > limits.depth) {
    throw new DomainError(`${operation}: ${file} must be nested at most ${limits.depth} deep, got ${depth}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DomainError(`${operation}: ${file} is not valid JSON: ${shorten((error as Error).message)}`, {
      cause: error,
    });
  }
}

function readSmall(file: string, operation: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile() && !stats.isDirectory())
      throw new DomainError(`${operation}: ${file} must be an ordinary file`);
    if (stats.size > limits.bytes) {
      throw new DomainError(`${operation}: ${file} must have at most ${limits.bytes} bytes, got ${stats.size}`);
    }
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fileError(operation, file, error);
  }
}

/** How deeply the arrays and objects of a JSON text are nested; brackets inside strings do not count. */
function jsonDepth(text: string): number {
  let [depth, deepest, isString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (letter === '"') isString = !isString;
    else if (isString) i += letter === "\\" ? 1 : 0;
    else if (letter === "[" || letter === "{") deepest = Math.max(deepest, ++depth);
    else if (letter === "]" || letter === "}") depth--;
  }
  return deepest;
}
