import { describe, expect, it } from "vitest";
import {
  isCancelledWithStep,
  type Phase,
  restorePhase,
  savePhase,
  withFingerprints,
} from "../../src/app/step-state.ts";
import { fingerprintOf } from "../../src/core/run-matching.ts";

const start = {
  pipelineId: 42,
  startedAt: 1_000,
  attempts: 2,
  fingerprint: {
    ...fingerprintOf({ pipelineId: 42, body: {}, tag: "t" }),
    ref: "refs/heads/main",
    commit: null,
  },
};

const saved = (phase: Phase) => {
  const state = new Map<string, string>();
  savePhase({ saveState: (name, value) => void state.set(name, value) }, phase);
  return state;
};

const restored = (state: ReadonlyMap<string, string>) =>
  restorePhase({ getState: (name) => state.get(name) ?? "" });

const withPhase = (text: string) => restored(new Map([["phase", text]]));

describe("the phase that the post step reads", () => {
  it.each<[string, Phase]>([
    ["a run of its own", { at: "following", runId: 345, isOwn: true }],
    ["a run of somebody else", { at: "following", runId: 345, isOwn: false }],
    [
      "stages in a run of somebody else",
      { at: "following", runId: 345, isOwn: false, stages: ["Deploy", "A"] },
    ],
    ["a run that was left running", { at: "left", runId: 345 }],
    ["the end", { at: "settled" }],
  ])("is the one that the main step saved: %s", (_, phase) => {
    expect(restored(saved(phase))).toEqual(phase);
  });

  it("has the names of the stages and their fingerprints", () => {
    const phase: Phase = {
      at: "following",
      runId: 345,
      isOwn: false,
      stages: ["Deploy"],
      duplicateSearch: start,
    };
    const again = restored(saved(phase));
    if (again.at !== "following") throw new Error(`the phase was ${again.at}`);
    const whole = withFingerprints(again, { ref: undefined, commit: undefined });
    expect(whole).toMatchObject({ at: "following", runId: 345, isOwn: false, stages: ["Deploy"] });
    expect(whole).toHaveProperty("duplicateSearch.attempts", 2);
    expect(isCancelledWithStep(again, undefined)).toBe(true);
  });

  it.each([
    ["blank", ""],
    ["no JSON", "["],
    ["deep", "[".repeat(100_000)],
    ["null", "null"],
    ["a list", "[]"],
    ["a text", '"following"'],
    ["without a run", '{"at":"following"}'],
    ["a fraction", '{"at":"following","runId":345.5,"isOwn":true}'],
    ["an id that is not exact", '{"at":"following","runId":9007199254740993,"isOwn":true}'],
    ["an id in quotes", '{"at":"following","runId":"345","isOwn":true}'],
    ["a flag in quotes", '{"at":"following","runId":345,"isOwn":"true"}'],
    ["stages as a text", '{"at":"following","runId":345,"isOwn":false,"stages":"Deploy"}'],
    ["stages that are numbers", '{"at":"following","runId":345,"isOwn":false,"stages":[7]}'],
    ["a start without its fingerprint", '{"at":"starting","pipelineId":42}'],
    ["a prototype", '{"__proto__":{"at":"settled"}}'],
  ])("is undefined if the main step can't have written it: %s", (_, text) => {
    expect(withPhase(text)).toEqual({ at: "idle" });
  });
});
