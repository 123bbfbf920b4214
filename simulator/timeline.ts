import { guidFrom, recordId } from "./ids.ts";
import { type CheckPlan, type RunPlan, type StagePlan, stateAt } from "./plan.ts";
import { type Entry, recordOf, type TimelineRecord } from "./records.ts";
import { jobEntries } from "./timeline-jobs.ts";

/** What the builder has to know besides the plan. */
export interface View {
  readonly planId: string;
  /** The simulated second that is looked at. */
  readonly t: number;
  readonly date: (seconds: number) => string;
  readonly stageWhileWaiting: "pending" | "inProgress";
  readonly rejectedStage: "failed" | "skipped";
}

/** All records of the timeline as they stand at `view.t`. */
export function timelineOf(plan: RunPlan, view: View): Entry[] {
  let worker = 0;
  return plan.stages.flatMap((stage, index) => {
    const first = worker;
    worker += stage.jobs.length;
    return [stageEntry(stage, index, view), ...checkEntries(stage, view), ...jobEntries(stage, view, first)];
  });
}

/** The id of the record, and of the approval itself: unlike a stage's, it is new in every run. */
export function checkId(planId: string, stage: StagePlan, kind: string): string {
  return guidFrom(`${planId}/${stage.spec.name}/${stage.attempt}/${kind}`);
}

export function times(
  item: { start: number; end: number },
  view: View,
): Pick<TimelineRecord, "startTime" | "finishTime"> {
  const { start, end } = item;
  const begun = start <= view.t;
  return {
    startTime: begun ? view.date(start) : null,
    finishTime: view.t >= end ? view.date(end) : null,
  };
}

function stageEntry(stage: StagePlan, index: number, view: View): Entry {
  const { spec, attempt } = stage;
  const state = stageState(stage, view);
  const rejected = stage.start === Infinity && stage.result === "failed";
  const result = rejected ? view.rejectedStage : stage.result;
  const id = recordId(spec.name, attempt);
  const earlier = Array.from({ length: attempt - 1 }, (_, before) => recordId(spec.name, before + 1));
  return {
    record: recordOf({
      previousAttempts: earlier.map((old, before) => ({
        attempt: before + 1,
        timelineId: old,
        recordId: old,
      })),
      id,
      type: "Stage",
      name: spec.displayName ?? spec.name,
      refName: spec.name,
      ...(state === "pending" ? {} : times(stage, view)),
      state,
      result: state === "completed" ? result : null,
      order: index + 1,
      attempt,
      identifier: spec.name,
      ...(rejected && state === "completed" && abortedIssue),
    }),
  };
}

const abortedIssue = {
  errorCount: 1,
  issues: [
    {
      type: "error" as const,
      category: "General",
      message:
        "Check aborted. This could be because the run was canceled or another check on the stage failed.",
      data: { type: "error" },
    },
  ],
};

function stageState(stage: StagePlan, view: View): TimelineRecord["state"] {
  const state = stateAt(stage, view.t);
  const waits = state === "pending" && stage.checks.some((check) => check.start <= view.t);
  return waits ? view.stageWhileWaiting : state;
}

function checkEntries(stage: StagePlan, view: View): Entry[] {
  if (view.t < stage.ready || stage.result === "skipped") return [];
  const last = Math.max(stage.ready, ...stage.checks.map((check) => check.end));
  const id = checkId(view.planId, stage, "Checkpoint");
  const failed = stage.checks.find((check) => check.result !== "succeeded");
  const whole = { start: stage.ready, end: last };
  const result = last < Infinity ? (failed?.result ?? "succeeded") : "succeeded";
  const top = checkRecord(
    { id, parentId: recordId(stage.spec.name, stage.attempt), type: "Checkpoint", whole, result },
    view,
  );
  const children = stage.checks
    .filter((check) => check.start <= view.t)
    .map((check) => childRecord(stage, check, id, view));
  return [top, ...children].map((record) => ({ record }));
}

function childRecord(stage: StagePlan, check: CheckPlan, parentId: string, view: View): TimelineRecord {
  const id = checkId(view.planId, stage, check.kind);
  return checkRecord(
    { id, parentId, type: `Checkpoint.${check.kind}`, whole: check, result: check.result },
    view,
  );
}

interface CheckRecord {
  readonly id: string;
  readonly parentId: string;
  readonly type: string;
  readonly whole: { readonly start: number; readonly end: number };
  readonly result: string;
}

/** No `order`: the service leaves it out here. */
function checkRecord({ id, parentId, type, whole, result }: CheckRecord, view: View): TimelineRecord {
  const state = stateAt(whole, view.t);
  return recordOf({
    id,
    parentId,
    type,
    name: type,
    refName: type,
    ...times(whole, view),
    state,
    result: state === "completed" ? result : null,
    identifier: type,
  });
}
