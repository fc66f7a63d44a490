import type { Implementation } from "../implementation.ts";

/** How each implementation in JavaScript is loaded: a process loads only its own implementation. */
export const implementations: Readonly<Record<string, () => Promise<Implementation>>> = {
  ours: async () => (await import("./ours.ts")).ours,
  jaxJs: async () => (await import("./jaxJs.ts")).jaxJs,
  tfjs: async () => (await import("./tfjs.ts")).tfjs,
  plain: async () => (await import("./plain.ts")).plain,
};

/** The implementation of a name above, or the one that the module at a file URL exports as `implementation`. */
export async function loadImplementation(nameOrUrl: string): Promise<Implementation> {
  if (Object.hasOwn(implementations, nameOrUrl)) return implementations[nameOrUrl]();
  const module = (await import(nameOrUrl)) as { implementation?: Implementation };
  if (module.implementation) return module.implementation;
  throw new Error(`${nameOrUrl}: must export "implementation", got ${Object.keys(module).join(", ") || "nothing"}`);
}
