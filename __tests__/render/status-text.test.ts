import { expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { rootCauses } from "../../src/core/failures.ts";
import type { RunFacts } from "../../src/core/model.ts";
import type { Verdict } from "../../src/core/run-report.ts";
import { unpolledRunText, verdictText } from "../../src/render/status-text.ts";
import { checkpoint, failingRun, recordsOf, runOf, stage } from "../core/builders.ts";

const inProgress = { status: "inProgress", result: null, finishedAt: null } as const;

const waiting = recordsOf(stage("Staging"), checkpoint("Staging", "Approval", { from: 20 }));

const cancelled = { text: "The run was cancelled too.", isStillRunning: false };

it.each<[Verdict, Partial<RunFacts>, string]>([
  [
    { kind: "succeeded", text: "succeeded" },
    {},
    "20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval)",
  ],
  [
    { kind: "failed", text: "failed" },
    { result: "failed" },
    "20261122.3 failed in Staging › Smoke tests › Run curl: Bash exited with code '22'.",
  ],
  [
    { kind: "succeeded", text: "failed, which success-when accepts" },
    { result: "failed" },
    "20261122.3: failed, which success-when accepts.",
  ],
  [
    { kind: "succeeded", text: "canceled, which success-when accepts" },
    { result: "canceled" },
    "20261122.3: canceled, which success-when accepts.",
  ],
  [{ kind: "failed", text: "succeeded" }, {}, "20261122.3 succeeded, and success-when is false."],
  [
    { kind: "error", text: "succeeded, and the action failed (not-found)" },
    {},
    "20261122.3: succeeded, and the action failed (not-found).",
  ],
  [{ kind: "canceled", text: "the job was cancelled" }, {}, "20261122.3: the job was cancelled."],
])("verdictText of a completed run says how and why it ended: %j, %j: %s", (verdict, facts, text) => {
  const tree = buildRunTree(failingRun());
  expect(verdictText({ run: runOf(facts), tree, verdict, causes: rootCauses(tree) })).toBe(text);
});

it("verdictText of a run that stop-when left running says why success-when is false", () => {
  const tree = buildRunTree(failingRun());
  const verdict = { kind: "failed", text: "success-when is false" } as const;
  expect(verdictText({ run: runOf(inProgress), tree, verdict, causes: rootCauses(tree) })).toBe(
    "20261122.3: success-when is false. Staging › Smoke tests › Run curl: Bash exited with code '22'. Still in progress.",
  );
});

it.each<[Verdict, string]>([
  [
    {
      kind: "timed-out",
      text: "timed out after 2 h",
      cancelOutcome: { text: "The run was left running.", isStillRunning: true },
    },
    "20261122.3: timed out after 2 h. The run was left running. Still waiting for approval of Staging.",
  ],
  [
    { kind: "canceled", text: "the job was cancelled", cancelOutcome: cancelled },
    "20261122.3: the job was cancelled. The run was cancelled too. It was waiting for approval of Staging at the last poll.",
  ],
  [
    { kind: "error", text: "the action failed (not-found)" },
    "20261122.3: the action failed (not-found). It was waiting for approval of Staging at the last poll.",
  ],
])(
  "verdictText of a run in progress says why the step ended and what the run waits for: %j: %s",
  (verdict, text) => {
    expect(verdictText({ run: runOf(inProgress), tree: buildRunTree(waiting), verdict, causes: [] })).toBe(
      text,
    );
  },
);

it("unpolledRunText says why the step ended if the run was never polled", () => {
  const verdict = { kind: "canceled", text: "the job was cancelled", cancelOutcome: cancelled } as const;
  expect(unpolledRunText("1\n2", verdict)).toBe("1 2: the job was cancelled. The run was cancelled too.");
});
