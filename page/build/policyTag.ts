import type { Plugin } from "vite";
import { policy } from "./security.ts";

/** Writes the policy into every page, so that it also holds on hosts that send no headers. */
export const policyTag = (): Plugin => ({
  name: "pushforward:policy",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policy },
      injectTo: "head-prepend",
    },
  ],
});
