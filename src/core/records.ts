import { oneLine } from "../lib/text.ts";
import type { Issue, Records, TimelineRecord } from "./model.ts";
import { defaultName } from "./run-tree.ts";

interface MergeOptions {
  /** The changes are all records that there are. */
  readonly isComplete?: boolean;
}

/** What a response changed. */
export interface MergeResult {
  /** The records that are other ones now, as they were before, by id. */
  readonly previous: ReadonlyMap<string, TimelineRecord>;
  /** Records were added or removed. */
  readonly hasOtherIds: boolean;
}

/**
 * Updates a run's records with one more response, which has all records or those that changed since the previous one. A record
 * that is equal to the known one stays the same object, and each keeps its place in the order in which they arrived.
 */
export function mergeRecords(
  records: Map<string, TimelineRecord>,
  changes: readonly TimelineRecord[],
  { isComplete = false }: MergeOptions = {},
): MergeResult {
  const previous = new Map<string, TimelineRecord>();
  const latest = latestAttempts(changes);
  let hasOtherIds = isComplete && deleteMissing(records, changes);
  for (const change of changes) {
    const known = records.get(change.id);
    if (isReplaced(change, latest) || (known !== undefined && isSameRecord(known, change))) continue;
    if (known === undefined) hasOtherIds = true;
    else if (!previous.has(change.id)) previous.set(change.id, known);
    records.set(change.id, change);
  }
  const hasRetries = latest.size > 0 && deleteWhere(records, (record) => isReplaced(record, latest));
  return { previous, hasOtherIds: hasRetries || hasOtherIds };
}

/** An empty response says nothing about the records. */
function deleteMissing(records: Map<string, TimelineRecord>, all: readonly TimelineRecord[]): boolean {
  if (all.length === 0) return false;
  const ids = new Set(all.map(({ id }) => id));
  return deleteWhere(records, ({ id }) => !ids.has(id));
}

/** A retry gives a node a new record; the old one leaves the service's timeline but not its changes. */
function isReplaced(record: TimelineRecord, latest: ReadonlyMap<string, number>): boolean {
  return latest.size > 0 && record.attempt < (latest.get(nodeKey(record)) ?? 0);
}

/** Returns whether there were any. */
function deleteWhere(
  records: Map<string, TimelineRecord>,
  isSuperfluous: (record: TimelineRecord) => boolean,
): boolean {
  const before = records.size;
  for (const [id, record] of records) if (isSuperfluous(record)) records.delete(id);
  return records.size < before;
}

function isSameRecord(a: TimelineRecord, b: TimelineRecord): boolean {
  return hasSameFields(a, b, ["issues"]) && hasSameIssues(a.issues, b.issues);
}

function hasSameIssues(a: readonly Issue[], b: readonly Issue[]): boolean {
  return a.length === b.length && a.every((issue, index) => hasSameFields(issue, b[index]));
}

function hasSameFields<T extends object>(a: T, b: T | undefined, except: readonly (keyof T)[] = []): boolean {
  if (b === undefined) return false;
  for (const key in a) if (a[key] !== b[key] && !except.includes(key)) return false;
  return true;
}

/** A key that all attempts of a node share. */
function nodeKey(record: TimelineRecord): string {
  return `${record.type} ${record.identifier ?? record.id}`;
}

/** Ancestors and order of records, which arrive unordered and may have invalid parents. */
export interface RecordIndex {
  /** The records of a type, without those that a later attempt replaced. */
  ofType(type: string): TimelineRecord[];
  /** The nearest ancestor of the type. */
  findAncestor(record: TimelineRecord, type: string): TimelineRecord | undefined;
  /** Whether a later attempt replaced it, or one of its ancestors. */
  isFromEarlierAttempt(record: TimelineRecord): boolean;
}

const retriedTypes = new Set(["Stage", "Phase", "Job"]);

export function indexRecords(records: Records): RecordIndex {
  const latest = latestAttempts(records.values());
  const isSuperseded = (record: TimelineRecord) =>
    retriedTypes.has(record.type) && record.attempt < (latest.get(nodeKey(record)) ?? 0);
  const byType = Map.groupBy(records.values(), (record) => record.type);

  const nearestAncestor = (record: TimelineRecord, matches: (ancestor: TimelineRecord) => boolean) => {
    let ancestor = records.get(record.parentId ?? "");
    // Real trees are five levels deep. A longer chain is a cycle.
    for (let depth = 0; depth < 12 && ancestor !== undefined; depth += 1) {
      if (matches(ancestor)) return ancestor;
      ancestor = records.get(ancestor.parentId ?? "");
    }
    return undefined;
  };
  // Everything below a replaced record belongs to the earlier attempt, and is dropped with it.
  const isFromEarlierAttempt = (record: TimelineRecord) =>
    latest.size > 0 && (isSuperseded(record) || nearestAncestor(record, isSuperseded) !== undefined);

  return {
    ofType: (type) => (byType.get(type) ?? []).filter((record) => !isFromEarlierAttempt(record)),
    isFromEarlierAttempt,
    findAncestor: (record, type) => nearestAncestor(record, (ancestor) => ancestor.type === type),
  };
}

/** The highest attempt of each node that was retried. Records of earlier attempts stay if polls request only the changes. */
function latestAttempts(records: Iterable<TimelineRecord>): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const record of records) {
    if (record.attempt < 2) continue;
    const key = nodeKey(record);
    if (record.attempt > (latest.get(key) ?? 0)) latest.set(key, record.attempt);
  }
  return latest;
}

/** By the service's order; checkpoints and old servers have none, so then by time, name and id. */
export function compareRecords(a: TimelineRecord, b: TimelineRecord): number {
  return (
    (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
    compareText(a.startedAt ?? "~", b.startedAt ?? "~") ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A stage always has an identifier, which is used if its name is blank. */
export function stageDisplayName(stage: TimelineRecord): string | undefined {
  return stage.name === defaultName ? undefined : (visibleName(stage.name) ?? visibleName(stageName(stage)));
}

export function stageName({ identifier, refName, name }: TimelineRecord): string {
  return identifier ?? refName ?? name;
}

/** Default names, and names without a visible character, are not shown. */
export function visibleName(name: string): string | undefined {
  return name === defaultName || oneLine(name) === "" ? undefined : name;
}
