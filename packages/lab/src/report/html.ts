/** HTML that needs no escaping, as opposed to text. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values that a template may contain. */
export type HtmlPart = Html | string | number | readonly HtmlPart[] | undefined | false;

/** HTML from a template: text is escaped, HTML and lists of HTML are inserted, undefined and false are empty. */
export function html(pieces: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(pieces.map((piece, i) => piece + (i < parts.length ? insert(parts[i]) : "")).join(""));
}

/** Text escaped for HTML and XML, in content and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]);

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function insert(part: HtmlPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(insert).join("");
  return escapeHtml(String(part));
}
