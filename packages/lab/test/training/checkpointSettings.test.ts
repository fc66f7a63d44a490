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

  it("of a data file have a scale; without one they are older than the choice, and columns were standardised one by one", () => {
    const file = { kind: "train", loss: "lsd", data: "x.csv", dataSha256: "0".repeat(64) };
    const [old, common] = [file, { ...file, scale: "common" }].map((each) => parseTrainConfig(each));
    expect([old.scale, common.scale]).toEqual(["columns", "common"]);
    const { settings } = settingsNote(old);
    const { scale: _, ...before } = JSON.parse(settings) as Record<string, unknown>;
    const checkpoint = { step: 5, tensors: {}, metadata: { settings: JSON.stringify(before) } };
    expect(() => checkSettings("x.safetensors", checkpoint, old)).not.toThrow();
    expect(() => checkSettings("x.safetensors", checkpoint, common)).toThrow('scale was "columns" and is now "common"');
    expect(parseTrainConfig({ kind: "train", loss: "lsd", data: "x.csv" }).scale).toBeUndefined();
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
