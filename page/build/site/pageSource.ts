/** The parts in which the sources of pages differ. */
export interface PageParts {
  readonly title: string;
  /** A sentence for search engines; none without it. */
  readonly description?: string;
  /** HTML of the body. */
  readonly body: string;
  /** The script of the page, in `src`. */
  readonly script: string;
}

/** The source of a page of the site, as the bundler takes it. */
export const pageSource = ({ title, description, body, script }: PageParts): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">${
      description === undefined ? "" : `\n    <meta name="description" content="${description}">`
    }
    <link rel="icon" href="/src/icon.svg">
    <title>${title} · Pushforward</title>
  </head>
  <body>
    ${body}
    <script type="module" src="/src/${script}.ts"></script>
  </body>
</html>
`;
