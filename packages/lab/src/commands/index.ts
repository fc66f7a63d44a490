import type { Command } from "commander";

/** A subcommand in the list of commands. The module with its options and action is loaded when the command is called. */
export interface CommandEntry {
  readonly name: string;
  /** Its arguments, as in "<loss>". */
  readonly arguments?: string;
  readonly description: string;
  readonly load: () => Promise<(command: Command) => void>;
}

/** Every subcommand, in the order of help. */
export const commands: readonly CommandEntry[] = [
  {
    name: "start",
    description:
      "The main job: train a velocity teacher, distil it into one-step maps by four losses, compare, and report; with --pictures, digits in one step.",
    load: async () => (await import("./start.ts")).configureStart,
  },
  {
    name: "train",
    arguments: "<loss>",
    description: "Train a one-step sampler with one loss, and report.",
    load: async () => (await import("./train.ts")).configureTrain,
  },
  {
    name: "compare",
    arguments: "[losses...]",
    description: "Train several losses with one teacher on one problem, and report; with --all, all of them on three.",
    load: async () => (await import("./compare.ts")).configureCompare,
  },
  {
    name: "resume",
    arguments: "<folder>",
    description: "Go on with a run from its last checkpoint; it ends with the same bits as an unbroken one.",
    load: async () => (await import("./resume.ts")).configureResume,
  },
  {
    name: "sample",
    arguments: "<folder>",
    description: "Draw samples from a trained run, in the units of its data.",
    load: async () => (await import("./sample.ts")).configureSample,
  },
  {
    name: "recipe",
    arguments: "[loss]",
    description: "Print the recipe of a loss as JSON; train and compare follow the edited file.",
    load: async () => (await import("./recipe.ts")).configureRecipe,
  },
  {
    name: "init",
    arguments: "<kind> <name>",
    description: "Write a commented module to start a loss of your own from: init loss myLoss.",
    load: async () => (await import("./init.ts")).configureInit,
  },
  {
    name: "explain",
    arguments: "<loss>",
    description:
      "Show a loss: formula, paper, tangent, stop-gradients, and its program with primal, tangent, cotangent and cut marked.",
    load: async () => (await import("./explain.ts")).configureExplain,
  },
  {
    name: "export",
    arguments: "<loss>",
    description: "Write a loss as source of JAX or PyTorch, with a check of its values and gradients.",
    load: async () => (await import("./export.ts")).configureExport,
  },
  {
    name: "losses",
    description:
      "The registry: every loss with its family, what it learns and needs, its stop-gradients, times, weights and paper.",
    load: async () => (await import("./losses.ts")).configureLosses,
  },
  {
    name: "verify",
    arguments: "[losses...]",
    description:
      "Check the identities of the field on random instances, each with a control that must fail; or losses of your own.",
    load: async () => (await import("./verify.ts")).configureVerify,
  },
  {
    name: "devices",
    description: "List what programs can run on here: the processor, and GPUs with the names of their adapters.",
    load: async () => (await import("./devices.ts")).configureDevices,
  },
];
