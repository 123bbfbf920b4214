import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { wasCancelled } from "../../src/core/failed-stages.ts";
import { issueOf, phaseWithJob, recordsOf, runOf, stage } from "./builders.ts";

const canceled = { result: "canceled" } as const;

const timedOut = { ...canceled, issues: [issueOf("ran longer than the maximum time of 60 minutes")] };

const withJob = (name: string, fields: Parameters<typeof phaseWithJob>[1]) => [
  stage(name, { result: fields?.result ?? "succeeded" }),
  ...phaseWithJob(`${name}.Work`, fields),
];

describe("a run that is canceled", () => {
  it.each([
    ["by the service, which ended its only canceled job", false, [withJob("Test", timedOut)]],
    [
      "by the service, beside a failed stage",
      false,
      [withJob("Test", timedOut), withJob("Lint", { result: "failed" })],
    ],
    ["by somebody", true, [withJob("Test", canceled)]],
    ["by somebody, after a stage had failed", true, [withJob("Lint", { result: "failed" })]],
    [
      "by somebody, after the service had ended a job",
      true,
      [withJob("Test", timedOut), withJob("Lint", canceled)],
    ],
    ["by somebody, before it had stages", true, []],
  ])("was cancelled %s: %s", (_, expected, records) => {
    const tree = buildRunTree(recordsOf(...records));
    expect(wasCancelled({ run: runOf(canceled), tree })).toBe(expected);
    expect(wasCancelled({ run: runOf({ result: "failed" }), tree })).toBe(false);
  });
});
