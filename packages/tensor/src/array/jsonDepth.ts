/**
 * The depth to which brackets of a JSON text are nested, in linear time and without recursion; brackets in strings do not count.
 *
 * A caller checks the depth against its format before it walks over the parsed value.
 */
export function jsonDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (isString && character === "\\") i++;
    else if (character === '"') isString = !isString;
    else if (!isString && (character === "{" || character === "[")) deepest = Math.max(deepest, ++depth);
    else if (!isString && (character === "}" || character === "]")) depth--;
  }
  return deepest;
}
