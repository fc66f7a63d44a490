/** A function that answers the requests to a worker; its module is loaded with the first request. */
export type Answer = (request: never) => unknown;

/** The modules of the panes, by the name that the page gives to a worker. */
export const panes = {
  race: async (): Promise<Answer> => (await import("./race/answerRace.ts")).answerRace,
  microscope: async (): Promise<Answer> => (await import("./microscope/answerMicroscope.ts")).answerMicroscope,
  identity: async (): Promise<Answer> => (await import("./identity/answerIdentity.ts")).answerIdentity,
  laws: async (): Promise<Answer> => (await import("./laws/answerLaws.ts")).answerLaws,
  stepper: async (): Promise<Answer> => (await import("./stepper/answerStepper.ts")).answerStepper,
  switchboard: async (): Promise<Answer> => (await import("./switchboard/answerSwitchboard.ts")).answerSwitchboard,
  examples: async (): Promise<Answer> => (await import("./examples/answerExamples.ts")).answerExamples,
  export: async (): Promise<Answer> => (await import("./export/answerExport.ts")).answerExport,
  lessons: async (): Promise<Answer> => (await import("./lessons/answerLessons.ts")).answerLessons,
};

/** Name of a pane that computes. */
export type PaneName = keyof typeof panes;
