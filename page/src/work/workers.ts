// The bundler finds the scripts of workers by these calls, and bundles each of them on its own, which makes them smallest.

/** Starts of the workers, by their names: each has the engine as far as it needs it. */
export const workers = {
  race: () => new Worker(new URL("./race/answerRace.ts", import.meta.url), { type: "module" }),
  microscope: () => new Worker(new URL("./microscope/answerMicroscope.ts", import.meta.url), { type: "module" }),
  identity: () => new Worker(new URL("./identity/answerIdentity.ts", import.meta.url), { type: "module" }),
  laws: () => new Worker(new URL("./laws/answerLaws.ts", import.meta.url), { type: "module" }),
  stepper: () => new Worker(new URL("./stepper/answerStepper.ts", import.meta.url), { type: "module" }),
  switchboard: () => new Worker(new URL("./switchboard/answerSwitchboard.ts", import.meta.url), { type: "module" }),
  examples: () => new Worker(new URL("./examples/answerExamples.ts", import.meta.url), { type: "module" }),
  export: () => new Worker(new URL("./export/answerExport.ts", import.meta.url), { type: "module" }),
  lessons: () => new Worker(new URL("./lessons/answerLessons.ts", import.meta.url), { type: "module" }),
};

/** Name of a worker. */
export type WorkerName = keyof typeof workers;
