import { parseAst } from "vite";
import { describe, expect, it } from "vitest";
import { withoutTexts } from "../build/withoutTexts.ts";

/** The source of a module after the plugin, or null where it is left as it is. */
function short(id: string, code: string): string | null {
  const { transform } = withoutTexts();
  if (typeof transform !== "function") throw new Error("withoutTexts has no transform");
  const result = transform.call({ parse: (text: string) => parseAst(text) } as never, code, id) as {
    code: string;
  } | null;
  return result?.code ?? null;
}

const loss =
  'export const x = make({ name: "x", departs: ["a long sentence"], nested: { departs: [`one`, two] }, stops: ["target"] });';

describe("scripts of workers", () => {
  it("have no departures of losses, and all else of them", () => {
    expect(short("/root/packages/losses/src/x.ts", loss)).toBe(
      'export const x = make({ name: "x", departs: [], nested: { departs: [] }, stops: ["target"] });',
    );
  });

  it("have no help of settings and no sentences of metrics, but the functions and the names that go by these words", () => {
    expect(short("/root/packages/training/src/settings/x.ts", "s({ text: `a`, argument: '<n>', schema });")).toBe(
      's({ text: "", argument: "", schema });',
    );
    expect(
      short("/root/packages/training/src/judging/x.ts", "m({ meaning: 'a', formula: String.raw`b`, title: 'c' });"),
    ).toBe('m({ meaning: "", formula: "", title: \'c\' });');
    const used =
      "const text = f({ text: read(x) }); o.text = 'kept'; g({ text, text2: 'kept' }); h({ group: 4, argument: true });";
    expect(short("/root/packages/training/src/settings/x.ts", used)).toBe(used);
  });

  it("are left alone in other folders (control)", () => {
    expect(short("/root/packages/training/src/explain/x.ts", loss)).toBeNull();
    expect(short("/root/page/src/x.ts", loss)).toBeNull();
  });
});
