import { describe, expect, it } from "vitest";
import { pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator } from "./simulator-client.ts";

const sha = (digit: string) => digit.repeat(40);

const commits = ["a", "b", "c"].map((digit) => ({ sha: sha(digit), message: `Commit ${digit}` }));

const repository = { type: "GitHub", name: "o/r", defaultBranch: "refs/heads/main", commits } as const;

const newestFirst = "build/builds?definitions=1&queryOrder=queueTimeDescending";

describe("a triggered run", () => {
  it("appears after its delay of 120 s, with its reason and triggerInfo", async () => {
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
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository, triggeredRuns: [late] })],
    });
    const list = async () => (await client.call("GET", newestFirst)).json.value;
    client.simulator.advance(119);
    expect(await list()).toEqual([]);
    client.simulator.advance(1);
    expect(await list()).toMatchObject([
      { reason: "pullRequest", sourceBranch: "refs/pull/17/merge", sourceVersion: sha("c"), triggerInfo },
    ]);
    client.simulator.advance(60);
    expect(client.simulator.runs).toMatchObject([{ reason: "pullRequest", result: "succeeded" }]);
  });

  it("can be older than the simulator, with stages of its own", async () => {
    const old = {
      afterSeconds: -3600,
      version: sha("a"),
      stages: [
        singleJobStage("Other", {
          jobs: [{ name: "Do", tasks: [{ name: "x", seconds: 1, result: "failed" }] }],
        }),
      ],
    } as const;
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository, triggeredRuns: [old] })],
    });
    const id = await client.startRun(1);
    const { json } = await client.call("GET", newestFirst);
    expect(json.value.map((build: { id: number }) => build.id)).toEqual([id, 1]);
    expect(json.value[1]).toMatchObject({ result: "failed", reason: "individualCI" });
    const ago = Date.now() - Date.parse(json.value[1].queueTime);
    expect(Math.round(ago / 60_000)).toBe(60);
    expect(client.simulator.runs.map((run) => run.id)).toEqual([id]);
  });

  it("can be started with trigger() at any time", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository })],
    });
    const id = client.simulator.trigger(1, { version: sha("b"), tags: ["nightly"], reason: "schedule" });
    expect((await client.call("GET", `build/builds/${id}`)).json).toMatchObject({
      reason: "schedule",
      sourceVersion: sha("b"),
      tags: ["nightly"],
    });
    expect(client.simulator.trigger(1, { afterSeconds: 5, requestedFor: "Ada" })).toBeUndefined();
    client.simulator.advance(5);
    expect(client.simulator.runs[1]?.requestedFor.displayName).toBe("Ada");
    expect(() => client.simulator.trigger(99)).toThrow("The simulator knows no pipeline 99.");
  });
});

describe("the list of changes", () => {
  it("has the commits since the previous run, or between two runs", async () => {
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("A")], { repository })],
    });
    const { trigger } = client.simulator;
    const first = trigger(1, { version: sha("a") });
    const last = trigger(1, { version: sha("c") });
    const messages = async (path: string) =>
      (await client.call("GET", path)).json.value.map((change: { message: string }) => change.message);
    expect(await messages(`build/builds/${last}/changes`)).toEqual(["Commit c", "Commit b"]);
    expect(await messages(`build/builds/${first}/changes?$top=5`)).toEqual(["Commit a"]);
    const between = `build/changes?fromBuildId=${first}&toBuildId=${last}&api-version=7.1-preview.2`;
    expect(await messages(between)).toEqual(["Commit c", "Commit b"]);
    const unknown = await client.call("GET", between.replace(`toBuildId=${last}`, "toBuildId=9"));
    expect(unknown.json.typeKey).toBe("BuildNotFoundException");
  });
});
