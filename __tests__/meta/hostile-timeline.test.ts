import { describe, expect, it } from "vitest";
import { annotationsOf } from "../../src/core/annotations.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { failureLogs } from "../../src/core/failure-logs.ts";
import { rootCauses } from "../../src/core/failures.ts";
import type { TimelineRecord } from "../../src/core/model.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { diffSnapshots, emptyEmittedState } from "../../src/core/run-events.ts";
import { renderSummary } from "../../src/render/summary.ts";
import { issueOf, job, phase, recordsOf, runOf, stage, task } from "../core/builders.ts";

const size = 20_000;

/** Limit of CPU time for one shape. A quadratic function takes longer. */
const limitMs = 3_000;

const many = (create: (index: number) => TimelineRecord | readonly TimelineRecord[]) =>
  Array.from({ length: size }, (_, index) => create(index)).flat();

const failed = (text: string) => ({ result: "failed" as const, issues: [issueOf(text)] });

const shapes: Readonly<Record<string, readonly TimelineRecord[]>> = {
  stages: many((index) => stage(`S${index}`, failed(`boom ${index}`))),
  "jobs in one stage": [
    stage("S", failed("boom")),
    ...many((index) => job(`S.J${index}.x`, failed(`boom ${index}`))),
  ],
  "phases below each other": [
    stage("S", failed("boom")),
    ...many((index) => ({
      ...phase(`S.P${index}`, failed("boom")),
      parentId: index === 0 ? "s-S" : `p-S.P${index - 1}`,
    })),
  ],
  "tasks in one job": [
    stage("S", failed("boom")),
    phase("S.J"),
    job("S.J.x", failed("boom")),
    ...many((index) => task(`T${index}`, "S.J.x", failed(`boom ${index}`))),
  ],
  "tasks without a job": [
    stage("S"),
    ...many((index) => task(`T${index}`, `gone${index}`, failed(`boom ${index}`))),
  ],
  "records of an unknown type": [
    stage("S"),
    ...many((index) => ({
      ...stage(`U${index}`, failed(`boom ${index}`)),
      type: "Unknown",
      parentId: "s-S",
    })),
  ],
  "issues of one task": [
    stage("S"),
    phase("S.J"),
    job("S.J.x", failed("boom")),
    task("T", "S.J.x", {
      result: "failed",
      issues: Array.from({ length: size }, (_, index) => issueOf(`boom ${index}`)),
    }),
  ],
};

const run = runOf({ result: "failed" });

describe(`a timeline with ${size} records`, () => {
  it.each(Object.entries(shapes))("is processed in linear time: %s", (_, records) => {
    const before = process.cpuUsage();
    const tree = buildRunTree(recordsOf(records));
    const causes = rootCauses(tree, run);
    failureLogs(tree, run);
    annotationsOf(tree, run, { errors: 9, warnings: 10 });
    documentOf(run, tree, {});
    diffSnapshots(emptyEmittedState, run, tree, true);
    renderSummary({
      run,
      tree,
      verdict: { kind: "failed", text: "failed" },
      project: "web",
      pipeline: "deploy",
      causes,
      excerpts: [],
    });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(limitMs);
  });
});
