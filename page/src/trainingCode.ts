/** A training as the panes run it: with the exact velocity where the loss takes one. */
export interface TrainingChoice {
  /** An expression for the recipe. */
  readonly recipe: string;
  readonly settings: { readonly learningRate: number; readonly width: number; readonly batch: number };
  readonly seed: number;
  readonly updates: number;
}

/** Names that {@link trainingCode} takes from the package of trainings, beside the problem. */
export const trainingNames = ["chosenRecipe", "makeTrainer", "parseTrainingSettings"] as const;

/** Lines of a program that train `network` on `problem`, with averaged parameters in float64. */
export function trainingCode({ recipe, settings, seed, updates }: TrainingChoice): string[] {
  const { learningRate, width, batch } = settings;
  return [
    "const settings = parseTrainingSettings({",
    `  ...{ steps: ${Math.max(1, updates)}, learningRate: ${learningRate}, width: ${width}, batch: ${batch}, seed: ${seed} },`,
    '  ...{ teacherVelocity: "exact", backend: "wasm" },',
    "});",
    `const trainer = makeTrainer(chosenRecipe(${recipe}, settings), problem, settings);`,
    "let state = trainer.initial;",
    `for (let i = 0; i < ${updates}; i++) ({ state } = await trainer.step(state, i));`,
    'const average = treeMap((p: Tensor) => p.cast("float64"), state.ema.average as never);',
    "const network = trainer.network({ ...state, ema: { ...state.ema, average } });",
  ];
}

/** The line of a program that imports names of a package. */
export const fromPackage = (name: string, names: readonly string[]): string =>
  `import { ${names.join(", ")} } from "@pushforward/${name}";`;
