import type { Component } from "svelte";

/** The panes that a lesson can show, by the names of their pages. */
export const panes: Readonly<Record<string, () => Promise<{ readonly default: Component }>>> = {
  index: () => import("../panes/Race.svelte"),
  microscope: () => import("../panes/Microscope.svelte"),
  switchboard: () => import("../panes/Switchboard.svelte"),
  identity: () => import("../panes/IdentityBench.svelte"),
  stepper: () => import("../panes/Stepper.svelte"),
};
