import { guidFrom, recordId } from "./ids.ts";
import {
  createRecord,
  type TimelineEntry,
  type TimelineRecord,
  type TimelineView,
  timeFields,
} from "./records.ts";
import { type CheckSchedule, type RunSchedule, type StageSchedule, stateAt } from "./schedule.ts";
import { jobEntries } from "./timeline-jobs.ts";

/** All records of the timeline as they stand at `view.t`. */
export function timelineOf(schedule: RunSchedule, view: TimelineView): TimelineEntry[] {
  let workerCount = 0;
  return schedule.stages.flatMap((stage, index) => {
    const firstWorker = workerCount;
    workerCount += stage.jobs.length;
    return [
      stageEntry(stage, index, view),
      ...checkEntries(stage, view),
      ...jobEntries(stage, view, firstWorker),
    ];
  });
}

/** The id of the record, and of the approval itself: unlike a stage's, it is new in every run. */
export function checkId(planId: string, stage: StageSchedule, kind: string): string {
  return guidFrom(`${planId}/${stage.spec.name}/${stage.attempt}/${kind}`);
}

function stageEntry(stage: StageSchedule, index: number, view: TimelineView): TimelineEntry {
  const { spec, attempt } = stage;
  const state = stageState(stage, view);
  const isRejected = stage.start === Infinity && stage.result === "failed";
  const result = isRejected ? view.rejectedStage : stage.result;
  const id = recordId(spec.name, attempt);
  const previousIds = Array.from({ length: attempt - 1 }, (_, attemptIndex) =>
    recordId(spec.name, attemptIndex + 1),
  );
  return {
    record: createRecord({
      previousAttempts: previousIds.map((previousId, attemptIndex) => ({
        attempt: attemptIndex + 1,
        timelineId: previousId,
        recordId: previousId,
      })),
      id,
      type: "Stage",
      name: spec.displayName ?? spec.name,
      refName: spec.name,
      ...(state === "pending" ? {} : timeFields(stage, view)),
      state,
      result: state === "completed" ? result : null,
      order: index + 1,
      attempt,
      identifier: spec.name,
      ...(isRejected && state === "completed" && abortedIssue),
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

function stageState(stage: StageSchedule, view: TimelineView): TimelineRecord["state"] {
  const state = stateAt(stage, view.atSeconds);
  const isWaiting = state === "pending" && stage.checks.some((check) => check.start <= view.atSeconds);
  return isWaiting ? view.stageWhileWaiting : state;
}

function checkEntries(stage: StageSchedule, view: TimelineView): TimelineEntry[] {
  if (view.atSeconds < stage.ready || stage.result === "skipped") return [];
  const end = Math.max(stage.ready, ...stage.checks.map((check) => check.end));
  const id = checkId(view.planId, stage, "Checkpoint");
  const unsuccessfulCheck = stage.checks.find((check) => check.result !== "succeeded");
  const interval = { start: stage.ready, end: end };
  const result = end < Infinity ? (unsuccessfulCheck?.result ?? "succeeded") : "succeeded";
  const checkpoint = checkRecord(
    { id, parentId: recordId(stage.spec.name, stage.attempt), type: "Checkpoint", interval, result },
    view,
  );
  const children = stage.checks
    .filter((check) => check.start <= view.atSeconds)
    .map((check) => childRecord(stage, check, id, view));
  return [checkpoint, ...children].map((record) => ({ record }));
}

function childRecord(
  stage: StageSchedule,
  check: CheckSchedule,
  parentId: string,
  view: TimelineView,
): TimelineRecord {
  const id = checkId(view.planId, stage, check.kind);
  return checkRecord(
    { id, parentId, type: `Checkpoint.${check.kind}`, interval: check, result: check.result },
    view,
  );
}

interface CheckRecord {
  readonly id: string;
  readonly parentId: string;
  readonly type: string;
  readonly interval: { readonly start: number; readonly end: number };
  readonly result: string;
}

/** No `order`: the service leaves it out here. */
function checkRecord(
  { id, parentId, type, interval, result }: CheckRecord,
  view: TimelineView,
): TimelineRecord {
  const state = stateAt(interval, view.atSeconds);
  return createRecord({
    id,
    parentId,
    type,
    name: type,
    refName: type,
    ...timeFields(interval, view),
    state,
    result: state === "completed" ? result : null,
    identifier: type,
  });
}
