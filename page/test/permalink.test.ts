import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type LinkFormat, once, printLink, readLink } from "../src/permalink.ts";

interface State {
  readonly title: string;
  readonly items: readonly string[];
}

const format: LinkFormat<State> = {
  keys: ["title", "item"],
  print: ({ title, items }) => ({ title: [title], item: items }),
  schema: z.pipe(
    z.object({ title: once(), item: z.array(z.enum(["a", "b&c=#"], "must be a or b")) }),
    z.transform(({ title, item }) => ({ title, items: item })),
  ),
};

describe("links", () => {
  it.each<State>([
    { title: "plain", items: [] },
    { title: "ä & = # % +", items: ["b&c=#", "a", "a"] },
  ])("restore the state %j", (state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("may leave out texts that have a fallback", () => {
    const schema = z.object({ color: once("red") });
    const short: LinkFormat<{ color: string }> = {
      keys: ["color"],
      print: ({ color }) => ({ color: [color] }),
      schema,
    };
    expect(readLink(short, "#v=1")).toEqual({ state: { color: "red" } });
    expect(readLink(short, "#v=1&color=a&color=b")).toEqual({
      problem: "This link cannot be read: color: must be there once.",
    });
  });

  it("begin with their version", () => {
    expect(printLink(format, { title: "x", items: ["a"] })).toBe("#v=1&title=x&item=a");
  });

  it.each(["", "#"])("that are empty have no state (%j)", (hash) => {
    expect(readLink(format, hash)).toBeUndefined();
  });

  it.each([
    ["#v=2&title=x", "This link is from a later version of the page (2); reload the page or update it."],
    ["#title=x", "This link has no version, so it is not a link of this page."],
    ["#v=x&title=x", "This link has no version, so it is not a link of this page."],
    ["#v=1&titel=x", 'This link says "titel", which this page does not know.'],
    ["#v=1", "This link cannot be read: title: must be there once."],
    ["#v=1&title=x&title=y", "This link cannot be read: title: must be there once."],
    ["#v=1&title=x&item=c", "This link cannot be read: item: must be a or b."],
  ])("say what is wrong: %s", (hash, problem) => {
    expect(readLink(format, hash)).toEqual({ problem });
  });
});
