import { type PageFunctions, pageFunctions } from "./page.ts";

type Call = (name: keyof PageFunctions, args: readonly unknown[]) => Promise<unknown>;

/** Calls a function of the page in a task of its own: while a test's own code runs in a page, policies do not hold. */
const callPage: Call = (name, args) =>
  new Promise((resolve, reject) => {
    setTimeout(async () => {
      try {
        resolve(await (pageFunctions[name] as (...args: readonly unknown[]) => unknown)(...args));
      } catch (error) {
        reject(error);
      }
    });
  });

Object.assign(globalThis, { callPage });
