import { colorVariables } from "@pushforward/training";

/** The colours of reports as a style sheet, for light and dark backgrounds. */
export const colorSheet = (): string =>
  `:root { color-scheme: light dark; ${colorVariables("light")} }
@media (prefers-color-scheme: dark) { :root { ${colorVariables("dark")} } }`;
