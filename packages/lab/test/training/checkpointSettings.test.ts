import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../src/config.ts";
import { checkSettings, settingsNote } from "../../src/training/checkpointSettings.ts";

const config = parseTrainConfig({ kind: "train", loss: "lsd", data: "moons", steps: 10 });

/** A checkpoint whose note is changed. */
const checkpointWith = (change: (note: Record<string, unknown>) => void) => {
  const note = JSON.parse(settingsNote(config).settings) as Record<string, unknown>;
  change(note);
  return { step: 5, tensors: {}, metadata: { settings: JSON.stringify(note) } };
};

const check = (change: (note: Record<string, unknown>) => void, now = config): void =>
  checkSettings("x.safetensors", checkpointWith(change), now);

describe("the settings of a checkpoint", () => {
  it("may lack a setting that is newer than the checkpoint and has its default", () => {
    check((note) => void delete note.depth);
    expect(() => check((note) => void delete note.depth, { ...config, depth: 4 })).toThrow(
      "checkpoint: x.safetensors was made with other settings: depth was 3 and is now 4; put it back, or start a new run",
    );
  });

  it("are one note in any order: a resumed run reads its settings in another order than it began with", () => {
    const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
    expect(Object.keys(reversed)).not.toEqual(Object.keys(config));
    expect(settingsNote(reversed)).toEqual(settingsNote(config));
    expect(settingsNote({ ...config, seed: 1 })).not.toEqual(settingsNote(config));
  });

  it("must be those of the run, but for settings that decide no bit", () => {
    expect(() => check((note) => void Object.assign(note, { width: 8 }))).toThrow("width was 8 and is now not set");
    check(() => undefined, { ...config, data: "elsewhere.csv", teacher: "../teacher", checkpointEvery: 3 });
    expect(() => check(() => undefined, { ...config, seed: 1 })).toThrow("seed was 0 and is now 1");
  });
});
