import { describe, expect, it } from "vitest";
import { Html, html } from "../../src/report/html.ts";

describe("html", () => {
  it("escapes text and inserts finished HTML and lists of it", () => {
    const items = ["a < b", `"c" & 'd'`].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}</ul>`.text).toBe("<ul><li>a &lt; b</li><li>&quot;c&quot; &amp; &#39;d&#39;</li></ul>");
  });

  it("leaves out what is not there, and writes zero", () => {
    expect(html`[${undefined}${false}${0}]`.text).toBe("[0]");
  });

  it("takes text for HTML only where it is said to be", () => {
    expect(html`${"<b>"}${new Html("<b>")}`.text).toBe("&lt;b&gt;<b>");
  });
});
