import { createHash } from "node:crypto";
import type { Call } from "./call.ts";
import { recordId } from "./ids.ts";
import { planRun } from "./model.ts";
import type { RunPlan } from "./plan.ts";
import type { Entry, TimelineRecord } from "./records.ts";
import type { Run } from "./run.ts";
import { timelineOf, type View } from "./timeline.ts";

/** The main timeline as it stands, and takes the logs that are finished by now into the run's book. */
export function currentEntries(run: Run, call: Call): Entry[] {
  const entries = timelineOf(run.plan(), viewAt(run, run.elapsed(), call));
  run.logs.take(entries);
  return entries;
}

/** The whole envelope with the records that changed after `since`. */
export function timelineAnswer(run: Run, entries: readonly Entry[], since: number | undefined, call: Call) {
  const records = entries.map((entry) => withLog(entry, run, call, true));
  const { records: stamped, changeId } = run.changes.stamp(records);
  const changed = since === undefined ? stamped : stamped.filter((record) => record.changeId > since);
  return envelope(run, { id: run.planId, changeId, records: scrambled(changed) }, call);
}

/** A timeline of an earlier attempt; undefined if there is none of that id. */
export function earlierTimeline(run: Run, id: string, call: Call) {
  for (const [index, retry] of run.retries.entries()) {
    const facts = { ...run, retries: run.retries.slice(0, index) };
    const plan = planRun(run.spec, facts);
    const entries = timelineOf(plan, viewAt(run, retry.at, call));
    const kept = keptRecords(plan, entries, id);
    if (kept.length === 0 || !wasReplaced(run, index, id)) continue;
    const records = kept.map((entry) => withLog(entry, run, call, false));
    return envelope(run, { id, changeId: 1, records: scrambled(records) }, call);
  }
  return undefined;
}

/** A stage's old timeline holds everything; a job's holds the job. */
function keptRecords(plan: RunPlan, entries: readonly Entry[], id: string): readonly Entry[] {
  const isStage = plan.stages.some((stage) => recordId(stage.spec.name, stage.attempt) === id);
  return isStage ? entries : entries.filter((entry) => entry.record.id === id && entry.record.type === "Job");
}

/** Whether the record is gone from what came after that retry. */
function wasReplaced(run: Run, index: number, id: string): boolean {
  const after = planRun(run.spec, { ...run, retries: run.retries.slice(0, index + 1) });
  const view: View = {
    planId: run.planId,
    t: Infinity,
    date: () => "",
    stageWhileWaiting: "pending",
    rejectedStage: "failed",
  };
  return !timelineOf(after, view).some((entry) => entry.record.id === id);
}

function viewAt(run: Run, t: number, call: Call): View {
  const { stageWhileWaiting, rejectedStage } = call.world.quirks;
  return {
    planId: run.planId,
    t,
    date: run.date,
    stageWhileWaiting: stageWhileWaiting ?? "pending",
    rejectedStage: rejectedStage ?? "failed",
  };
}

function withLog({ record, log }: Entry, run: Run, call: Call, current: boolean): TimelineRecord {
  const id = log === undefined ? undefined : run.logs.idOf(record.id);
  if (id === undefined || (current && isLate(record.id, run, call))) return record;
  const url = `${call.home}/_apis/build/builds/${run.id}/logs/${id}`;
  return { ...record, log: { id, type: "Container", url } };
}

function isLate(recordId: string, run: Run, call: Call): boolean {
  const polls = run.counts.late.get(recordId) ?? 0;
  run.counts.late.set(recordId, polls + 1);
  return polls < (call.world.quirks.lateLogs ?? 0);
}

interface Content {
  readonly id: string;
  readonly changeId: number;
  readonly records: readonly TimelineRecord[];
}

function envelope(run: Run, { id, changeId, records }: Content, call: Call) {
  return {
    records,
    lastChangedBy: run.requestedFor.id,
    lastChangedOn: run.date(Math.min(run.elapsed(), run.plan().end)),
    id,
    changeId,
    url: `${call.home}/_apis/build/builds/${run.id}/Timeline/${id}`,
  };
}

/** No order that a client could lean on, yet always the same. */
function scrambled(records: readonly TimelineRecord[]): TimelineRecord[] {
  const key = (record: TimelineRecord) => createHash("md5").update(record.id).digest("hex");
  return records
    .map((record) => ({ record, key: key(record) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ record }) => record);
}
