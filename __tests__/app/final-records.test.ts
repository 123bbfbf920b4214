import { expect, it } from "vitest";
import { waitForFinalRecords } from "../../src/app/wait-for-run.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { PollResponse, Records } from "../../src/core/model.ts";
import { at, phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const lagging = recordsOf(stage("A", { from: 1, to: 9 }), phaseWithJob("A.x", { from: 1 }));

const whole = recordsOf(stage("A", { from: 1, to: 9 }), phaseWithJob("A.x", { from: 1, to: 9 }));

interface Script {
  /** At the run's end, and at each look after it. */
  readonly looks: readonly (Records | Error)[];
  readonly overForSeconds?: number;
  readonly logsAwaited?: number;
}

/** How a run settled: the pauses, and what of each look was told as the last. */
async function settled({ looks, overForSeconds = 2, logsAwaited = 0 }: Script) {
  const clock = createFakeClock(Date.parse(at(450 + overForSeconds)));
  const turns = looks.map((records) => (records instanceof Error ? records : lookOf(records)));
  const told: boolean[] = [];
  let awaited = logsAwaited;
  const [first, ...others] = turns as [PollResponse, ...(PollResponse | Error)[]];
  const sight = await waitForFinalRecords(
    first,
    {
      clock,
      poll: async () => {
        const next = others.shift();
        if (next === undefined || next instanceof Error) throw next ?? new Error("nothing more");
        return next;
      },
      handleResponse: async ({ run, records }, isLast = false) => {
        told.push(isLast);
        return { run, tree: buildRunTree(records), document: {} as never, at: clock.now() };
      },
      hasPendingLogs: () => awaited-- > 0,
    },
    neverAborted,
  );
  return { pauses: clock.sleeps, told, isWhole: sight.tree.stages[0]?.jobs[0]?.status === "completed" };
}

function lookOf(records: Records): PollResponse {
  return { run: runOf(), records, retryAfterMs: undefined, serviceTime: undefined };
}

it("neither waits nor looks again where all is told", async () => {
  expect(await settled({ looks: [whole] })).toEqual({ pauses: [], told: [false], isWhole: true });
});

it("looks again until the last record has ended", async () => {
  expect(await settled({ looks: [lagging, lagging, whole] })).toEqual({
    pauses: [1_000, 2_000],
    told: [false, false, false],
    isWhole: true,
  });
});

it("gives up after three looks, answered or not, and tells what there is as the last", async () => {
  const looks = [lagging, new Error("away"), lagging, new Error("away")];
  expect(await settled({ looks })).toEqual({
    pauses: [1_000, 2_000, 4_000],
    told: [false, false, true],
    isWhole: false,
  });
});

it("does not wait for what a run left open that has been over for a minute", async () => {
  expect((await settled({ looks: [lagging], overForSeconds: 60 })).pauses).toEqual([]);
});

it("waits for logs that are to be shown", async () => {
  expect((await settled({ looks: [whole, whole, whole], logsAwaited: 2 })).pauses).toEqual([1_000, 2_000]);
});
