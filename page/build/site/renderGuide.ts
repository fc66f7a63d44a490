import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import MarkdownIt from "markdown-it";
import { headingsOf } from "../../../scripts/markdown.ts";
import { printHash } from "../../src/permalink.ts";
import { mathml } from "../mathml.ts";

hljs.registerLanguage("ts", typescript);
hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("sh", bash);
hljs.registerLanguage("python", python);
hljs.registerLanguage("json", json);

/** The page that is rendered, as the renderer needs it. */
export interface GuideContext {
  /** The address of a link; undefined for a file that the site does not contain. */
  addressOf(link: string): string | undefined;
  /** The path by which the bundler finds a picture. */
  pictureOf(link: string): string;
  /** Name of the example that a block of TypeScript is, by its number on the page from 0; undefined for a block that does not run here. */
  exampleOf(number: number): string | undefined;
}

const markdown = MarkdownIt({ html: true });

// $`…`$ is a formula: the dollar opens it before the accents open code.
markdown.inline.ruler.before("backticks", "formula", (state, silent) => {
  const [whole, latex] = state.src.slice(state.pos).match(/^\$`([^`]*)`\$/) ?? [];
  if (whole === undefined) return false;
  if (!silent) state.push("formula", "math", 0).content = latex;
  state.pos += whole.length;
  return true;
});
markdown.renderer.rules.formula = (tokens, i) => mathml(tokens[i].content);

const colored = (code: string, language: string): string =>
  hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : markdown.utils.escapeHtml(code);

/** The link of a pane whose state is written as lines `key=value`. */
function linkOf(lines: string): string {
  const pairs = Array.from(lines.matchAll(/^(\w+)=(.*)$/gm), ([, key, value]) => [key, value]);
  return markdown.utils.escapeHtml(printHash(pairs));
}

/** State of the renderer's rules during one page. */
interface RenderState {
  /** Name of the next block of TypeScript, if it is an example that runs here. */
  example(): string | undefined;
}

markdown.renderer.rules.fence = (tokens, i, _options, env) => {
  const { info, content } = tokens[i];
  const [kind, name] = info.split(" ");
  if (kind === "pane") return `<div class="pane" data-pane="${name}" data-link="${linkOf(content)}"></div>`;
  if (kind === "task") return `<div class="task" data-task="${name}"></div>`;
  if (info === "math") return `<p class="formula" tabindex="0">${mathml(content, true)}</p>`;
  const example = info === "ts" ? (env as unknown as RenderState).example() : undefined;
  const mark = example === undefined ? "" : ` data-example="${example}"`;
  return `<div class="code"${mark}><pre tabindex="0"><code>${colored(content, info)}</code></pre></div>`;
};
markdown.renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table>';
markdown.renderer.rules.table_close = () => "</table></div>";

type Token = ReturnType<typeof markdown.parse>[number];

/** The policy forbids the style attributes by which the parser aligns columns. */
function alignByClass(token: Token): void {
  const [, side] = String(token.attrGet("style") ?? "").match(/text-align:(\w+)/) ?? [];
  if (side) token.attrs = [["class", side]];
}

/** A link to a file that the site does not contain becomes text. */
function followLinks(tokens: Token[], { addressOf, pictureOf }: GuideContext): void {
  let isText = false;
  for (const token of tokens) {
    if (token.children) followLinks(token.children, { addressOf, pictureOf } as GuideContext);
    if (token.type === "link_open") {
      const address = addressOf(String(token.attrGet("href")));
      isText = address === undefined;
      if (isText) [token.tag, token.attrs] = ["span", []];
      else token.attrSet("href", address!);
    }
    if (token.type === "link_close" && isText) token.tag = "span";
    if (token.type === "image") token.attrSet("src", pictureOf(String(token.attrGet("src"))));
    if (token.type.startsWith("html_"))
      token.content = token.content.replaceAll(
        /\b(src|srcset)="([^"]+)"/g,
        (_, name: string, link: string) => `${name}="${pictureOf(link)}"`,
      );
  }
}

/** A page of the repository as HTML: headings with the anchors of GitHub, formulas as MathML, code in colour. */
export function renderGuide(text: string, context: GuideContext): string {
  let count = 0;
  const env = { example: () => context.exampleOf(count++) };
  const tokens = markdown.parse(text, env);
  const headings = headingsOf(text);
  for (const token of tokens) alignByClass(token);
  for (const [i, token] of tokens.filter(({ type }) => type === "heading_open").entries())
    token.attrSet("id", headings[i].anchor);
  followLinks(tokens, context);
  return markdown.renderer.render(tokens, markdown.options, env);
}
