import type { OtherRecordSpec } from "../spec.ts";
import { guidFrom, recordId } from "./ids.ts";
import {
  createRecord,
  issueFields,
  type TimelineEntry,
  type TimelineRecord,
  type TimelineView,
  timeFields,
} from "./records.ts";
import {
  type CheckSchedule,
  type RunSchedule,
  type StageSchedule,
  stateAt,
  waitsForManualStart,
} from "./schedule.ts";
import { jobEntries } from "./timeline-jobs.ts";

/** All records of the timeline as they are at `view.atSeconds`. */
export function timelineOf(schedule: RunSchedule, view: TimelineView): TimelineEntry[] {
  let workerCount = 0;
  return schedule.stages.flatMap((stage, index) => {
    const firstWorker = workerCount;
    workerCount += stage.jobs.length;
    const isManualShown = view.manualStage !== "late" || view.atSeconds >= schedule.end;
    return [
      stageEntry(stage, { index, isManualShown }, view),
      ...checkEntries(stage, view),
      ...jobEntries(stage, view, firstWorker),
    ];
  });
}

/** A record of another type is there from the start of the run, and completed. */
export function otherEntry(
  spec: OtherRecordSpec,
  schedule: RunSchedule,
  view: TimelineView,
): TimelineEntry[] {
  if (view.atSeconds < schedule.start) return [];
  const stage = schedule.stages.find((one) => one.spec.name === spec.stage);
  const interval = { start: schedule.start, end: schedule.start };
  return [
    {
      record: createRecord({
        id: guidFrom(`${view.planId}/${spec.type}/${spec.name}`),
        ...(stage !== undefined && { parentId: recordId(stage.spec.name, stage.attempt) }),
        type: spec.type,
        name: spec.name,
        ...timeFields(interval, view),
        state: "completed",
        result: spec.result ?? "succeeded",
        ...issueFields(spec.issues ?? []),
      }),
    },
  ];
}

/** The id of the record, and of the approval itself: unlike a stage's, it is new in every run. */
export function checkId(planId: string, stage: StageSchedule, kind: string): string {
  return guidFrom(`${planId}/${stage.spec.name}/${stage.attempt}/${kind}`);
}

interface StageSlot {
  readonly index: number;
  /** Whether the result of a stage that waits for a manual start is shown by now. */
  readonly isManualShown: boolean;
}

function stageEntry(stage: StageSchedule, slot: StageSlot, view: TimelineView): TimelineEntry {
  const { spec, attempt } = stage;
  const { state, hasResult } = stageState(stage, slot, view);
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
      result: hasResult ? result : null,
      order: slot.index + 1,
      attempt,
      identifier: spec.name,
      ...(hasResult && spec.issues !== undefined && issueFields(spec.issues)),
      ...(isRejected && hasResult && abortedIssue),
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

interface StageState {
  readonly state: TimelineRecord["state"];
  readonly hasResult: boolean;
}

function stageState(stage: StageSchedule, slot: StageSlot, view: TimelineView): StageState {
  const state = stateAt(stage, view.atSeconds);
  if (waitsForManualStart(stage.result)) {
    const hasResult = state === "completed" && slot.isManualShown;
    return { state: hasResult && view.manualStage !== "pending" ? "completed" : "pending", hasResult };
  }
  const isWaiting = state === "pending" && stage.checks.some((check) => check.start <= view.atSeconds);
  return { state: isWaiting ? view.stageWhileWaiting : state, hasResult: state === "completed" };
}

function checkEntries(stage: StageSchedule, view: TimelineView): TimelineEntry[] {
  if (view.atSeconds < stage.ready || stage.result === "skipped" || waitsForManualStart(stage.result))
    return [];
  const end = Math.max(stage.ready, ...stage.checks.map((check) => check.end));
  const id = checkId(view.planId, stage, "Checkpoint");
  const unsuccessfulCheck = stage.checks.find((check) => check.result !== "succeeded");
  const interval = { start: stage.ready, end };
  const result = end < Infinity ? (unsuccessfulCheck?.result ?? "succeeded") : "succeeded";
  const checkpoint = checkRecord(
    {
      id,
      parentId: recordId(stage.spec.name, stage.attempt),
      type: "Checkpoint",
      name: "Checkpoint",
      interval,
      result,
    },
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
  const id = checkId(view.planId, stage, check.key);
  const { kind, name, result } = check;
  return checkRecord({ id, parentId, type: `Checkpoint.${kind}`, name, interval: check, result }, view);
}

interface CheckRecord {
  readonly id: string;
  readonly parentId: string;
  readonly type: string;
  readonly name: string;
  readonly interval: { readonly start: number; readonly end: number };
  readonly result: string;
}

/** No `order`: the service leaves it out here. */
function checkRecord(
  { id, parentId, type, name, interval, result }: CheckRecord,
  view: TimelineView,
): TimelineRecord {
  const state = stateAt(interval, view.atSeconds);
  return createRecord({
    id,
    parentId,
    type,
    name,
    refName: type,
    ...timeFields(interval, view),
    state,
    result: state === "completed" ? result : null,
    identifier: type,
  });
}
