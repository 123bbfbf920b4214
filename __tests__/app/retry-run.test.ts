import { describe, expect, it } from "vitest";
import { resumeEarlierRun } from "../../src/app/retry-run.ts";
import { createStepState } from "../../src/app/step-state.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { compile } from "../../src/core/expression.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { Records, RunFacts } from "../../src/core/model.ts";
import { rerunTag } from "../../src/core/rerun-tag.ts";
import { type Candidate, fingerprintOf } from "../../src/core/run-matching.ts";
import { ActionError } from "../../src/errors.ts";
import { failingRun, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { candidate, createJobRuns, logText, neverAborted, startedRun } from "./scripted-pipelines.ts";

const tagParts = { workflowRunId: "17", attempt: 2, key: "build/0/ado", requestHash: "1a2b" };

const fingerprint = fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef: "refs/heads/main" });

const tag = rerunTag({ ...tagParts, attempt: 1 });

/** A run in the list of builds. */
const candidateOf = ({ id, name, url, status, tags, source, pipeline }: RunFacts): Candidate => ({
  ...candidate(id, { parameters: undefined }),
  ...{ name, url, status, tags, ...source },
  pipelineId: pipeline.id,
});

const mine = (over: Partial<RunFacts> = {}) => runOf({ result: "failed", tags: [tag], ...over });

interface Script {
  readonly runs?: readonly RunFacts[];
  /** The run at a poll; the list may be outdated. */
  readonly seen?: RunFacts | Error;
  readonly records?: Records;
  /** The run at the poll after the retry. */
  readonly recordsAfter?: Records;
  /** The error of a retry, by stage or `run`. */
  readonly refusals?: Readonly<Record<string, Error>>;
  readonly after?: RunFacts | Error;
  /** Values in the list that differ, by run. */
  readonly listed?: Readonly<Record<number, Partial<Candidate>>>;
  /** The list without the filter by tag. */
  readonly recent?: readonly RunFacts[];
  readonly callerId?: string | undefined;
  readonly attempt?: number;
  readonly onRerun?: "attach" | "retry-failed";
  readonly successWhen?: string;
}

async function resumed(script: Script) {
  const { runs = [mine()], seen = runs[0], records = failingRun(), refusals = {}, after = seen } = script;
  const asked: string[] = [];
  const lines: LogEntry[] = [];
  const outputs: Record<string, unknown> = {};
  const stepState = createStepState({ saveState: () => undefined });
  const note = (what: string) => asked.push(`${what} (${stepState.phase.at})`);
  const given = <T>(value: T | Error): T => {
    if (value instanceof Error) throw value;
    return value;
  };
  const retry = (what: string) => {
    note(`retry ${what}`);
    given(refusals[what]);
  };
  const inputs = {
    onRerun: script.onRerun ?? "retry-failed",
    successWhen: await compile(script.successWhen ?? "result == 'succeeded'"),
    projectRef: { organization: { base: "https://x", name: "contoso" }, project: "web" },
  } as const;
  const run = await resumeEarlierRun(
    { fingerprint, tagParts: { ...tagParts, attempt: script.attempt ?? 2 } },
    inputs,
    {
      pipelines: { get: () => Promise.reject(none) },
      runLists: {
        listTagged: async () => ({
          runs: runs.map((run) => ({ run, candidate: { ...candidateOf(run), ...script.listed?.[run.id] } })),
          callerId: "callerId" in script ? script.callerId : "me",
        }),
        listRecent: async () => ({
          candidates: (script.recent ?? []).map(candidateOf),
          serviceTime: undefined,
          callerId: "me",
          isComplete: true,
        }),
      },
      runs: {
        get: () => Promise.reject(none),
        getStarted: async (_, id) => ({ ...startedRun(id), raw: { state: "completed" } }),
        createPoller: () => {
          let reads = 0;
          return async () => {
            reads += 1;
            const [run, shown] = reads === 1 ? [seen, records] : [after, script.recordsAfter ?? records];
            if (run === undefined) throw none;
            return {
              run: given(run),
              tree: buildRunTree(shown),
              retryAfterMs: undefined,
              serviceTime: undefined,
            };
          };
        },
        retry: async () => retry("run"),
      },
      stages: { update: async (_, { stage: name }) => retry(name) },
      runner: { write: (more) => void lines.push(...more) },
      outputs: { set: (values) => Object.assign(outputs, values) === outputs },
      jobRuns: createJobRuns(),
      clock: createFakeClock(),
      stepState,
    },
    neverAborted,
  );
  const warnings = lines.flatMap((line) => (line.type === "warning" ? [line.text] : []));
  return { run, asked, outputs, warnings, text: logText(lines), phase: stepState.phase };
}

const twoFailed = recordsOf(
  stage("A", { from: 1, to: 2, result: "failed", order: 1 }),
  phaseWithJob("A.x", { from: 1, to: 2, result: "failed" }),
  stage("B", { from: 1, to: 2, order: 2 }),
  phaseWithJob("B.x", { from: 1, to: 2 }),
  stage("C", { from: 1, to: 2, result: "canceled", order: 3 }),
);

const no = (text: string) => new ActionError("rejected", text);

const none = new ActionError("not-found", "no such address");

describe("a run of an earlier attempt", () => {
  it("that failed has each failed stage retried, which is saved for a cancellation", async () => {
    const { run, asked, phase, text } = await resumed({ records: twoFailed });
    expect(asked).toEqual(["retry A (following)", "retry C (following)"]);
    expect(phase).toEqual({ at: "following", runId: 345, isOwn: true });
    expect(run).toMatchObject({ id: 345, isExternal: true, staleResult: { result: "failed" } });
    expect(text).toMatch(/Retrying what failed in 20261122\.3: https/);
  });

  it("counts as retried if one stage is, and a warning names the others", async () => {
    const { run, asked, warnings } = await resumed({
      records: twoFailed,
      refusals: { A: no("Retrying the stage was refused: never run.") },
    });
    expect(asked).toHaveLength(2);
    expect(run?.staleResult).toMatchObject({ result: "failed" });
    expect(warnings).toEqual(["Stage A was not retried. Retrying the stage was refused: never run."]);
  });

  it("causes no warning for a stage that is already being retried after a lost response", async () => {
    const recordsAfter = recordsOf(
      stage("A", { order: 1 }),
      phaseWithJob("A.x", {}),
      stage("C", { from: 1, to: 2, result: "canceled", order: 3 }),
    );
    const { warnings } = await resumed({
      records: twoFailed,
      recordsAfter,
      refusals: { A: no("currently in progress") },
    });
    expect(warnings).toEqual([]);
  });

  it("that cannot be retried is replaced by a new one, with a warning that has the service's message", async () => {
    const why = no("Retrying the stage was refused: it has never been run.");
    const { run, phase, outputs, warnings } = await resumed({ refusals: { Staging: why } });
    expect([run, phase, outputs["run-id"]]).toEqual([undefined, { at: "idle" }, ""]);
    expect(warnings).toEqual([
      `20261122.3 of an earlier attempt cannot be retried. ${why.message} Starting a new run.`,
    ]);
  });

  it("is retried as a whole on a server that has no retry of a stage", async () => {
    const { run, asked, warnings } = await resumed({ records: twoFailed, refusals: { A: none, C: none } });
    expect(asked.at(-1)).toBe("retry run (following)");
    expect([run?.staleResult?.result, warnings]).toEqual(["failed", []]);
    const refused = await resumed({ records: twoFailed, refusals: { A: none, C: none, run: no("too old") } });
    expect(refused.run).toBeUndefined();
    expect(refused.warnings).toEqual([expect.stringContaining("too old Starting a new run.")]);
  });

  it.each([
    ["running", mine({ status: "inProgress", result: null, finishedAt: null })],
    ["completed at another time", mine({ finishedAt: "2026-11-22T11:00:00.000Z" })],
  ])("that is %s after a refusal counts as retried", async (_, after) => {
    const { run } = await resumed({ refusals: { Staging: no("currently in progress") }, after });
    expect(run?.staleResult).toMatchObject({ result: "failed" });
  });

  it("that was deleted is replaced by a new one", async () => {
    const seen = new ActionError("not-found", "Build 345 cannot be found.");
    const { run, warnings, asked } = await resumed({ seen });
    expect([run, asked]).toEqual([undefined, []]);
    expect(warnings).toEqual([expect.stringContaining("Build 345 cannot be found.")]);
  });

  it.each(["unauthorized", "forbidden", "unreachable", "busy"] as const)(
    "is not replaced by a new one after %s",
    async (code) => {
      const failure = new ActionError(code, "no");
      await expect(resumed({ seen: failure })).rejects.toBe(failure);
      await expect(resumed({ refusals: { Staging: failure } })).rejects.toBe(failure);
      await expect(resumed({ refusals: { Staging: no("?") }, after: failure })).rejects.toBe(failure);
    },
  );

  it.each<[string, Script]>([
    ["is running", { runs: [mine({ status: "inProgress", result: null })] }],
    ["is being canceled", { runs: [mine({ status: "canceling", result: null })] }],
    ["has succeeded", { runs: [mine({ result: "succeeded" })] }],
    ["failed, with attach", { onRerun: "attach" }],
    ["is running again, but completed in the list", { seen: mine({ status: "inProgress", result: null }) }],
    [
      "has a result that success-when accepts",
      { runs: [mine({ result: "partiallySucceeded" })], successWhen: "result != 'failed'" },
    ],
  ])("is followed if it %s", async (_, script) => {
    const { run, asked, phase, text } = await resumed(script);
    expect([run?.id, run?.staleResult, asked]).toEqual([345, undefined, []]);
    expect(phase).toEqual({ at: "following", runId: 345, isOwn: false });
    expect(text).toMatch(/Following 20261122\.3 \(from an earlier attempt\): https/);
  });

  it("without stages is retried as a whole", async () => {
    const { asked } = await resumed({ records: recordsOf() });
    expect(asked).toEqual(["retry run (following)"]);
  });

  const other = mine({ id: 346, name: "20261122.4", result: "succeeded" });

  it("is recognised by the tag of this step's earlier attempt", async () => {
    const sibling = mine({ id: 348, tags: ["run-azure-pipeline:17:1:build/1/ado:1a2b"] });
    expect((await resumed({ runs: [sibling, other] })).run?.id).toBe(346);
  });

  it.each<[string, Partial<Candidate>]>([
    ["somebody else's", { requesterIds: ["you"] }],
    ["of another branch", { ref: "refs/pull/666/merge" }],
    ["of another pipeline", { pipelineId: 43 }],
    ["started by a push", { reason: "individualci" }],
  ])("is ignored with a warning if it is %s, though it has the tag", async (_, listed) => {
    const { run, warnings, outputs } = await resumed({ listed: { 345: listed } });
    expect([run, outputs]).toEqual([undefined, {}]);
    expect(warnings).toEqual([expect.stringMatching(/differ.*\n20261122\.3: https:/)]);
    const next = await resumed({ runs: [mine(), other], listed: { 345: listed } });
    expect([next.run?.id, next.warnings.length]).toEqual([346, 1]);
  });

  it.each<[string, Script]>([
    ["its requester", { listed: { 345: { requesterIds: [] } } }],
    ["the identity of the step", { callerId: undefined }],
    ["its branch", { listed: { 345: { ref: null } } }],
    ["whether its parameters are defaults", { listed: { 345: { parameters: { env: "prod" } } } }],
  ])("is not followed, but start-unknown, if the service does not return %s", async (_, script) => {
    await expect(resumed(script)).rejects.toMatchObject({
      code: "start-unknown",
      message: expect.stringContaining("20261122.3: https:"),
    });
  });

  it("is not followed if several match: they are named, and the hint is to set rerun-key", async () => {
    await expect(resumed({ runs: [mine(), other] })).rejects.toMatchObject({
      code: "start-unknown",
      message: expect.stringMatching(/20261122\.3: [\s\S]*20261122\.4: /),
      hint: expect.stringContaining("rerun-key"),
    });
  });

  it("is that of the newest attempt that started one", async () => {
    const second = mine({ id: 347, result: "succeeded", tags: [rerunTag({ ...tagParts, attempt: 2 })] });
    expect((await resumed({ runs: [mine(), second], attempt: 4 })).run?.id).toBe(347);
  });

  it("is searched for in at most a hundred attempts", async () => {
    const attempt = Number.MAX_SAFE_INTEGER;
    const newest = mine({ id: 347, tags: [rerunTag({ ...tagParts, attempt: attempt - 1 })] });
    expect((await resumed({ runs: [newest], attempt, onRerun: "attach" })).run?.id).toBe(347);
    expect((await resumed({ runs: [mine()], attempt, onRerun: "attach" })).run).toBeUndefined();
  });

  it("with another request is ignored, with a warning", async () => {
    const tags = [rerunTag({ ...tagParts, attempt: 1, requestHash: "other" })];
    const { run, warnings } = await resumed({ runs: [], recent: [mine({ tags })] });
    expect([run, warnings]).toEqual([undefined, [expect.stringMatching(/differ.*\n20261122\.3: /)]]);
  });

  it("that does not exist is replaced by a new one, which is logged", async () => {
    const { run, text } = await resumed({ runs: [] });
    expect([run, text]).toEqual([
      undefined,
      "No run of an earlier attempt of this step was found. Starting a new one.",
    ]);
  });
});
