import temml from "temml";

/**
 * A formula as MathML. Style attributes are left out, because the policy forbids them: they repeat attributes of MathML.
 *
 * @param latex       the formula
 * @param isDisplayed whether the formula stands on lines of its own
 * @throws Error about a formula that cannot be parsed
 */
export const mathml = (latex: string, isDisplayed = false): string =>
  temml.renderToString(latex, { displayMode: isDisplayed, throwOnError: true }).replaceAll(/ style="[^"]*"/g, "");
