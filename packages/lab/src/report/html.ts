/** A piece of finished HTML, as opposed to text that must be escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the pieces of a template. */
export type HtmlPart = Html | string | number | readonly HtmlPart[] | undefined | false;

/** Builds HTML from a template: text is escaped, finished HTML and lists of it are inserted, undefined is nothing. */
export function html(pieces: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(pieces.map((piece, i) => piece + (i < parts.length ? insert(parts[i]) : "")).join(""));
}

/** Text that means itself in HTML and XML, in content and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]);

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function insert(part: HtmlPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(insert).join("");
  return escapeHtml(String(part));
}
