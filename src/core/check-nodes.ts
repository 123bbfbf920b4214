import { oneLine } from "../lib/text.ts";
import type { Records, TimelineRecord } from "./model.ts";
import { compareRecords, type RecordIndex, stageDisplayName, stageName, visibleName } from "./records.ts";
import type { StageCheck } from "./run-tree.ts";

export function checksIn(records: Records, recordIndex: RecordIndex): StageCheck[] {
  const types = new Set(Array.from(records.values(), (record) => record.type));
  return [...types]
    .filter((type) => type.startsWith("Checkpoint."))
    .flatMap((type) => recordIndex.ofType(type))
    .sort(compareRecords)
    .map((record) => checkNode(record, recordIndex.findAncestor(record, "Stage")));
}

/** What the tasks of an agentless job wait for; a service that calls back is a check. */
const waitKinds: Readonly<Record<string, StageCheck["kind"]>> = {
  manualvalidation: "manual-validation",
  manualintervention: "manual-validation",
  delay: "delay",
  invokerestapi: "check",
  azurefunction: "check",
  azuremonitor: "check",
  publishtoazureservicebus: "check",
};

export function waitOf(
  task: TimelineRecord,
  job: TimelineRecord,
  stage: TimelineRecord | undefined,
): StageCheck | undefined {
  const isAgentless = task.worker === null && job.worker === null;
  const kind = isAgentless ? waitKinds[task.taskName?.toLowerCase() ?? ""] : undefined;
  if (kind === undefined || task.result === "skipped") return undefined;
  return checkOf(task, { kind, name: visibleName(task.name) ?? null, stage });
}

const checkKinds: Readonly<Record<string, StageCheck["kind"]>> = {
  "Checkpoint.Approval": "approval",
  "Checkpoint.Authorization": "authorization",
};

function checkNode(record: TimelineRecord, stageRecord: TimelineRecord | undefined): StageCheck {
  const kind = checkKinds[record.type] ?? "check";
  // A check without a name is called after its type.
  const name = record.name === record.type || oneLine(record.name) === "" ? null : record.name;
  return checkOf(record, { kind, name, stage: stageRecord });
}

interface CheckFields extends Pick<StageCheck, "kind" | "name"> {
  readonly stage: TimelineRecord | undefined;
}

function checkOf(record: TimelineRecord, { kind, name, stage: stageRecord }: CheckFields): StageCheck {
  const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
  const stage = stageRecord === undefined ? null : stageName(stageRecord);
  const stageTitle = stageRecord === undefined ? undefined : stageDisplayName(stageRecord);
  return { kind, id, name, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}
