import katex from "katex";
import { parseHTML } from "linkedom";

/** The members of a MathML element that are used here. */
interface MathElement {
  readonly localName: string;
  readonly textContent: string;
  readonly children: ArrayLike<MathElement>;
}

/**
 * A formula as one line of Unicode text, for a terminal: ‖U(Xₛ, s, t) − sg[v + (t − s) d/ds U(Xₛ, s, t)]‖².
 *
 * @param latex LaTeX that KaTeX supports
 */
export function plainFormula(latex: string): string {
  const mathml = katex.renderToString(latex, { output: "mathml", throwOnError: true });
  const root = parseHTML(mathml).document.querySelector("semantics > *") as unknown as MathElement;
  return textOf(root)
    .replace(/ {2,}/g, " ")
    .replace(/ ([,)\]]|‖²)/g, "$1")
    .replace(/([([]) /g, "$1")
    .trim();
}

/** Operators with a space on both sides, unless they are signs at the start of a group. */
const infix = new Set([..."+−=→∝⋅≤≥"]);

/** Characters of KaTeX that plain text replaces or leaves out. */
const replacements: Readonly<Record<string, string>> = {
  "\u2061": "", // function application
  "\u2223": "|",
  "\u2225": "‖",
  "\u00a0": " ",
  "-": "−",
  ",": ", ",
};

const subscripts: Readonly<Record<string, string>> = tableOf("0123456789aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ");
const superscripts: Readonly<Record<string, string>> = tableOf("0123456789n∘", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ°");

/** Accents of KaTeX as combining characters. */
const accents: Readonly<Record<string, string>> = {
  ˉ: "\u0304",
  "¯": "\u0304",
  "^": "\u0302",
  ˇ: "\u030c",
  "˙": "\u0307",
};

function tableOf(from: string, to: string): Readonly<Record<string, string>> {
  const characters = [...to];
  return Object.fromEntries([...from].map((character, i) => [character, characters[i]]));
}

/** A superscript or subscript: a small character if there is one, else the sign and the text. */
function script(text: string, table: Readonly<Record<string, string>>, sign: string): string {
  const small = [...text].map((character) => table[character]);
  if (small.length === 1 && small[0] !== undefined) return small[0];
  return text.length === 1 ? sign + text : `${sign}(${text})`;
}

/** A numerator, a denominator or a radicand: in parentheses unless it is a single factor. */
const factor = (text: string): string => (/[ ⋅/]|\d\p{L}/u.test(withoutGroups(text)) ? `(${text})` : text);

/** A text without its parts in brackets. */
function withoutGroups(text: string): string {
  const rest = text.replace(/\([^()[\]]*\)|\[[^()[\]]*\]|‖[^‖]*‖|\|[^|]*\|/g, "");
  return rest === text ? text : withoutGroups(rest);
}

/** The text of each MathML element with a fixed number of parts. */
const layouts: Readonly<Record<string, (...parts: string[]) => string>> = {
  msub: (base, low) => base + script(low, subscripts, "_"),
  msup: (base, high) => base + script(high, superscripts, "^"),
  msubsup: (base, low, high) => base + script(low, subscripts, "_") + script(high, superscripts, "^"),
  mfrac: (above, below) => ` ${factor(above)}/${factor(below)} `,
  mover: (base, accent) => base + (accents[accent] ?? accent),
  msqrt: (inside) => `√${factor(inside)}`,
  menclose: (inside) => [...inside].map((character) => `${character}\u0336`).join(""), // struck through
};

function textOf(element: MathElement): string {
  const { localName, children } = element;
  if (localName === "mspace") return " ";
  if (children.length === 0) return leafText(element);
  const parts = Array.from(children, textOf);
  const layout = layouts[localName];
  return layout ? layout(...parts.map((part) => part.trim())) : joined(parts);
}

const leafText = ({ textContent }: MathElement): string => replacements[textContent] ?? textContent;

/** The parts of a row as text: with spaces around an operator between two parts, without spaces after a sign at the start. */
function joined(parts: readonly string[]): string {
  let text = "";
  for (const part of parts) {
    const isBetween = infix.has(part) && /[^ ([=,]\s*$/.test(text);
    text += isBetween ? ` ${part} ` : wordApart(text, part) + part;
  }
  return text;
}

/** The space before a name of several letters that follows a letter, a digit or a bracket. */
const wordApart = (before: string, part: string): string =>
  /[\p{L}\p{N})]$/u.test(before) && /^\p{L}{2}/u.test(part) ? " " : "";
