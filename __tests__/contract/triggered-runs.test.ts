import { describe, expect, it } from "vitest";
import { pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

const sha = (digit: string) => digit.repeat(40);

const commits = ["a", "b", "c"].map((digit) => ({ sha: sha(digit), message: `Commit ${digit}` }));

const repository = { type: "GitHub", name: "o/r", defaultBranch: "refs/heads/main", commits } as const;

const newestFirst = "build/builds?definitions=1&queryOrder=queueTimeDescending";

describe("a triggered run", () => {
  it("appears when it is due, with its reason and what triggered it", async () => {
    const triggerInfo = {
      "pr.number": "17",
      "pr.sourceSha": sha("b"),
      "pr.sourceBranch": "topic",
      "pr.isFork": "False",
    };
    const late = {
      afterSeconds: 120,
      reason: "pullRequest",
      ref: "refs/pull/17/merge",
      version: sha("c"),
      triggerInfo,
    } as const;
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository, triggeredRuns: [late] })],
    });
    const list = async () => (await stage.call("GET", newestFirst)).json.value;
    stage.simulator.advance(119);
    expect(await list()).toEqual([]);
    stage.simulator.advance(1);
    expect(await list()).toMatchObject([
      { reason: "pullRequest", sourceBranch: "refs/pull/17/merge", sourceVersion: sha("c"), triggerInfo },
    ]);
    stage.simulator.advance(60);
    expect(stage.simulator.runs).toMatchObject([{ reason: "pullRequest", result: "succeeded" }]);
  });

  it("can be older than the simulator, and go its own way", async () => {
    const old = {
      afterSeconds: -3600,
      version: sha("a"),
      stages: [
        singleJobStage("Other", {
          jobs: [{ name: "Do", tasks: [{ name: "x", seconds: 1, result: "failed" }] }],
        }),
      ],
    } as const;
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository, triggeredRuns: [old] })],
    });
    const id = await stage.startRun(1);
    const { json } = await stage.call("GET", newestFirst);
    expect(json.value.map((build: { id: number }) => build.id)).toEqual([id, 1]);
    expect(json.value[1]).toMatchObject({ result: "failed", reason: "individualCI" });
    const ago = Date.now() - Date.parse(json.value[1].queueTime);
    expect(Math.round(ago / 60_000)).toBe(60);
    expect(stage.simulator.runs.map((run) => run.id)).toEqual([id]);
  });

  it("can be triggered at any time", async () => {
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository })],
    });
    const id = stage.simulator.trigger(1, { version: sha("b"), tags: ["nightly"], reason: "schedule" });
    expect((await stage.call("GET", `build/builds/${id}`)).json).toMatchObject({
      reason: "schedule",
      sourceVersion: sha("b"),
      tags: ["nightly"],
    });
    expect(stage.simulator.trigger(1, { afterSeconds: 5, requestedFor: "Ada" })).toBeUndefined();
    stage.simulator.advance(5);
    expect(stage.simulator.runs[1]?.requestedFor.displayName).toBe("Ada");
    expect(() => stage.simulator.trigger(99)).toThrow("The simulator knows no pipeline 99.");
  });
});

describe("the changes", () => {
  it("of a run are the commits since the run before, and between two runs those between", async () => {
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository })],
    });
    const { trigger } = stage.simulator;
    const first = trigger(1, { version: sha("a") });
    const last = trigger(1, { version: sha("c") });
    const messages = async (path: string) =>
      (await stage.call("GET", path)).json.value.map((change: { message: string }) => change.message);
    expect(await messages(`build/builds/${last}/changes`)).toEqual(["Commit c", "Commit b"]);
    expect(await messages(`build/builds/${first}/changes?$top=5`)).toEqual(["Commit a"]);
    const between = `build/changes?fromBuildId=${first}&toBuildId=${last}&api-version=7.1-preview.2`;
    expect(await messages(between)).toEqual(["Commit c", "Commit b"]);
    const unknown = await stage.call("GET", between.replace(`toBuildId=${last}`, "toBuildId=9"));
    expect(unknown.json.typeKey).toBe("BuildNotFoundException");
  });
});
