import { describe, expect, it } from "vitest";
import { waitForFinalRecords } from "../../src/app/wait-for-run.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { Records } from "../../src/core/model.ts";
import { documentOf } from "../../src/core/run-document.ts";
import type { PollResponse } from "../../src/core/run-snapshot.ts";
import { at, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const incomplete = recordsOf(stage("A", { from: 1, to: 9 }), phaseWithJob("A.x", { from: 1 }));

const complete = recordsOf(stage("A", { from: 1, to: 9 }), phaseWithJob("A.x", { from: 1, to: 9 }));

interface Script {
  /** The records at the run's end and at each later poll. */
  readonly polls: readonly (Records | Error)[];
  readonly finishedForSeconds?: number;
  readonly pendingLogs?: number;
}

/** The delays before further polls, and whether the observers were notified that a poll is the last. */
async function settle({ polls, finishedForSeconds = 2, pendingLogs = 0 }: Script) {
  const clock = createFakeClock(Date.parse(at(450 + finishedForSeconds)));
  const responses = polls.map((records) => (records instanceof Error ? records : responseOf(records)));
  const notified: boolean[] = [];
  let pending = pendingLogs;
  const [first, ...others] = responses as [PollResponse, ...(PollResponse | Error)[]];
  const update = await waitForFinalRecords(
    first,
    {
      clock,
      poll: async () => {
        const next = others.shift();
        if (next === undefined || next instanceof Error) throw next ?? new Error("nothing more");
        return next;
      },
      notify: async ({ run, tree }, isLast = false) => {
        notified.push(isLast);
        const document = documentOf(run, tree, null);
        const at = clock.now();
        return { run, tree, document, at, serviceTime: at, endsWait: true, isFinal: isLast };
      },
      hasPending: () => pending-- > 0,
      deadline: Number.POSITIVE_INFINITY,
    },
    neverAborted,
  );
  return {
    delays: clock.sleeps,
    notified,
    isComplete: update.tree.stages[0]?.jobs[0]?.status === "completed",
  };
}

function responseOf(records: Records): PollResponse {
  return { run: runOf(), tree: buildRunTree(records), retryAfterMs: undefined, serviceTime: undefined };
}

describe("waitForFinalRecords", () => {
  it("does not poll if all records have ended", async () => {
    expect(await settle({ polls: [complete] })).toEqual({ delays: [], notified: [false], isComplete: true });
  });

  it("polls until the last record has ended", async () => {
    expect(await settle({ polls: [incomplete, incomplete, complete] })).toEqual({
      delays: [1_000, 2_000],
      notified: [false, false, false],
      isComplete: true,
    });
  });

  it("ends after three polls, successful or not", async () => {
    const polls = [incomplete, new Error("away"), incomplete, new Error("away")];
    expect(await settle({ polls })).toEqual({
      delays: [1_000, 2_000, 4_000],
      notified: [false, false, true],
      isComplete: false,
    });
  });

  it("does not poll if the run finished a minute ago", async () => {
    expect((await settle({ polls: [incomplete], finishedForSeconds: 60 })).delays).toEqual([]);
  });

  it("polls while logs are pending", async () => {
    expect((await settle({ polls: [complete, complete, complete], pendingLogs: 2 })).delays).toEqual([
      1_000, 2_000,
    ]);
  });
});
