/** A description between quotes; a text with a backslash is a raw string. */
export const docstring = (lines: readonly string[]): string[] => {
  const mark = lines.some((line) => line.includes("\\")) ? 'r"""' : '"""';
  return lines.length === 1 ? [`${mark}${lines[0]}"""`] : [mark + lines[0], ...lines.slice(1), '"""'];
};
