import { createHash } from "node:crypto";
import { recordId } from "../engine/ids.ts";
import type { TimelineEntry, TimelineRecord, TimelineView } from "../engine/records.ts";
import type { Run } from "../engine/run.ts";
import type { RunSchedule } from "../engine/schedule.ts";
import { scheduleRun } from "../engine/schedule-run.ts";
import { otherEntry, timelineOf } from "../engine/timeline.ts";
import type { ApiRequest } from "./request.ts";

/** The main timeline as it is now. Gives an id to each log that is finished by now. */
export function currentEntries(run: Run, request: Pick<ApiRequest, "state">): TimelineEntry[] {
  const schedule = run.schedule();
  const view = viewAt(run, Math.min(run.elapsed(), schedule.abandonedAt), request);
  const others = (run.spec.otherRecords ?? []).flatMap((spec) => otherEntry(spec, schedule, view));
  const entries = [...timelineOf(schedule, view), ...others];
  run.logs.addFinished(entries);
  return entries;
}

/** The whole envelope with the records that changed after `since`. */
export function timelineJson(
  run: Run,
  entries: readonly TimelineEntry[],
  since: number | undefined,
  request: ApiRequest,
) {
  const records = entries.map((entry) => withLog(entry, run, request, true));
  const { records: numbered, changeId } = run.changes.assignChangeIds(records);
  const changed = since === undefined ? numbered : numbered.filter((record) => record.changeId > since);
  return envelope(run, { id: run.planId, changeId, records: shuffled(changed) }, request);
}

/** A timeline of an earlier attempt; undefined if there is none of that id. */
export function earlierTimeline(run: Run, id: string, request: ApiRequest) {
  for (const [index, retry] of run.retries.entries()) {
    const events = { ...run, retries: run.retries.slice(0, index) };
    const schedule = scheduleRun(run.spec, events);
    const entries = timelineOf(schedule, viewAt(run, retry.at, request));
    const archived = archivedRecords(schedule, entries, id);
    if (archived.length === 0 || !wasReplaced(run, index, id)) continue;
    const records = archived.map((entry) => withLog(entry, run, request, false));
    return envelope(run, { id, changeId: 1, records: shuffled(records) }, request);
  }
  return undefined;
}

/** A stage's old timeline holds everything; a job's holds the job. */
function archivedRecords(
  schedule: RunSchedule,
  entries: readonly TimelineEntry[],
  id: string,
): readonly TimelineEntry[] {
  const isStage = schedule.stages.some((stage) => recordId(stage.spec.name, stage.attempt) === id);
  return isStage ? entries : entries.filter((entry) => entry.record.id === id && entry.record.type === "Job");
}

/** Whether the retry removed the record from the main timeline. */
function wasReplaced(run: Run, index: number, id: string): boolean {
  const after = scheduleRun(run.spec, { ...run, retries: run.retries.slice(0, index + 1) });
  const view: TimelineView = {
    planId: run.planId,
    atSeconds: Infinity,
    date: () => "",
    stageWhileWaiting: "pending",
    rejectedStage: "failed",
    manualStage: "completed",
  };
  return !timelineOf(after, view).some((entry) => entry.record.id === id);
}

function viewAt(run: Run, atSeconds: number, request: Pick<ApiRequest, "state">): TimelineView {
  const { stageWhileWaiting, rejectedStage, manualStage } = request.state.quirks;
  return {
    planId: run.planId,
    atSeconds,
    date: run.date,
    stageWhileWaiting: stageWhileWaiting ?? "pending",
    rejectedStage: rejectedStage ?? "failed",
    manualStage: manualStage ?? "completed",
  };
}

function withLog(
  { record, log }: TimelineEntry,
  run: Run,
  request: ApiRequest,
  isCurrent: boolean,
): TimelineRecord {
  const id = log === undefined ? undefined : run.logs.idOf(record.id);
  if (id === undefined || (isCurrent && isLogDelayed(record.id, run, request))) return record;
  const url = `${request.projectUrl}/_apis/build/builds/${run.id}/logs/${id}`;
  return { ...record, log: { id, type: "Container", url } };
}

function isLogDelayed(recordId: string, run: Run, request: ApiRequest): boolean {
  const polls = run.requestCounts.late.get(recordId) ?? 0;
  run.requestCounts.late.set(recordId, polls + 1);
  return polls < (request.state.quirks.lateLogs ?? 0);
}

interface TimelineFields {
  readonly id: string;
  readonly changeId: number;
  readonly records: readonly TimelineRecord[];
}

function envelope(run: Run, { id, changeId, records }: TimelineFields, request: ApiRequest) {
  return {
    records,
    lastChangedBy: run.requestedFor.id,
    lastChangedOn: run.date(Math.min(run.elapsed(), run.schedule().end)),
    id,
    changeId,
    url: `${request.projectUrl}/_apis/build/builds/${run.id}/Timeline/${id}`,
  };
}

/** In an arbitrary but stable order. */
function shuffled(records: readonly TimelineRecord[]): TimelineRecord[] {
  const key = (record: TimelineRecord) => createHash("md5").update(record.id).digest("hex");
  return records
    .map((record) => ({ record, key: key(record) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ record }) => record);
}
