import {
  defineSetting,
  inProportion,
  namesOutOf,
  problemNames,
  type SettingTable,
  text,
  trainingSettings,
  whole,
  withDefault,
} from "@pushforward/training";
import * as z from "zod/mini";
import { dataSettings } from "./dataSettings.ts";

/** Settings of the files that a training writes. */
const fileSettings = {
  logEvery: defineSetting({
    group: "Run",
    schema: z._default(whole(1, 1_000_000), 10),
    argument: "<n>",
    text: "steps between lines of metrics.jsonl",
  }),
  checkpointEvery: defineSetting({
    group: "Run",
    schema: z._default(whole(1, 1_000_000), 250),
    argument: "<n>",
    text: "steps between checkpoints",
    mayChange: true,
  }),
};

/** Settings of the measurements inside a training; no bit of the training depends on these settings. */
const observationSettings = {
  observe: defineSetting({
    group: "Run",
    schema: z.optional(whole(1, 1_000_000)),
    argument: "<n>",
    text: "steps between observations of gradients, stops, residuals over the times and parts of the loss, for metrics.jsonl and the report; without it nothing is observed",
    mayChange: true,
  }),
};

/** Settings that a training shares with the comparison around it. */
const sharedSettings = { ...dataSettings, ...trainingSettings, ...fileSettings, ...observationSettings };

/** Settings of a comparison of losses. */
export const compareSettings = {
  ...sharedSettings,
  seeds: defineSetting({
    group: "Training",
    schema: z._default(whole(1, 1000), 1),
    argument: "<n>",
    text: "trainings of each loss on each problem, with the seeds --seed, --seed + 1 …",
  }),
};

/** Settings of the training of one loss. */
export const trainSettings = {
  ...sharedSettings,
  teacher: defineSetting({
    group: "Teacher",
    schema: z.optional(text("must be the folder of a teacher")),
    argument: "<folder>",
    text: "folder of a teacher trained before (pushforward train teacher), in config.json relative to the run's folder; without it the run trains its own",
    mayChange: true, // folders move; a checkpoint of the student says nothing about them
  }),
};

/** The problems of a study for which none are named: a Gaussian and a mixture whose maps are known, and a law with edges. */
const studyProblems = ["gaussian", "eightGaussians", "checkerboard"];

/** Settings of a study of many losses: short trainings on several embedded problems with several seeds each, of which only scores are kept. */
export const studySettings = {
  problems: defineSetting({
    group: "Study",
    schema: z.prefault(namesOutOf(problemNames, "problem", "embedded problems"), () => [...studyProblems]),
    argument: "<list>",
    text: "problems of a study, separated by commas",
  }),
  seeds: withDefault(compareSettings.seeds, 3),
  ...trainingSettings,
  steps: withDefault(trainingSettings.steps, 1200),
  teacherSteps: { ...withDefault(trainingSettings.teacherSteps, 2500), follows: inProportion(2500, 1200) },
  teacherVelocity: withDefault(trainingSettings.teacherVelocity, "exact"),
  logEvery: withDefault(fileSettings.logEvery, 50),
  checkpointEvery: withDefault(fileSettings.checkpointEvery, 1000),
};

/** Settings of each kind of run. */
export const settingsOfKind = { train: trainSettings, compare: compareSettings, study: studySettings };

/** Settings that a run of some kind has. */
export const allSettings: SettingTable = {
  ...trainSettings,
  problems: studySettings.problems,
  seeds: compareSettings.seeds,
};
