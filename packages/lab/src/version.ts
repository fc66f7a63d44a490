import manifest from "../package.json" with { type: "json" };

/** Version of this package, which its package.json states. */
export const { version } = manifest;
