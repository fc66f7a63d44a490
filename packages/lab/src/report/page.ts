import { Html, html } from "./html.ts";
import { styleSheet } from "./styleSheet.ts";

/** Head of a page. */
export interface PageHead {
  readonly title: string;
  /** The main result, in a sentence or two. */
  readonly summary: string;
  /** The command that reproduces the run. */
  readonly command: string;
  /** Time of writing, ISO 8601. */
  readonly created: string;
}

/**
 * One self-contained HTML page: no scripts, no fonts, no files, no network.
 *
 * @param about  names of the problems; the line also has the date
 * @param styles more rules of the style sheet
 */
export const renderPage = (
  { title, summary, command, created }: PageHead,
  about: string,
  body: Html,
  styles = "",
): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="generator" content="pushforward">
<title>${title}</title>
<style>${new Html(styleSheet + styles)}</style>
</head>
<body>
<main>
<header><h1>${unbroken(title)}</h1>
<p class="lead">${summary}</p>
<pre class="command">${command}</pre>
<p class="soft"><small>${about} · ${formatDate(created)}</small></p></header>
${body}
</main>
</body>
</html>
`.text;

/** A text whose names of variants, such as meanFlow@-target, are not broken at their hyphens. */
export const unbroken = (text: string): Html[] =>
  text
    .split(/([^\s,]+@[^\s,]+,?)/)
    .map((part, i) => (i % 2 === 1 ? html`<span class="name">${part}</span>` : html`${part}`));

/** "2025-03-04T10:20:30.000Z" as "2025-03-04 10:20 UTC"; anything else as it is. */
const formatDate = (iso: string): string =>
  iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, (_, date, time) => `${date} ${time} UTC`);
