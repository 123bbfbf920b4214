import { oneLine } from "../lib/text.ts";
import type { Issue, Records, TimelineRecord } from "./model.ts";
import { defaultName } from "./run-tree.ts";

interface MergeOptions {
  /** The changes are all records that there are. */
  readonly isComplete?: boolean;
}

/**
 * A run's records after one more response, which has all records or those that changed since the previous one. What is
 * equal to what was known stays the same object, each record and all of them.
 */
export function mergeRecords(
  known: Records,
  changes: readonly TimelineRecord[],
  { isComplete = false }: MergeOptions = {},
): Records {
  if (changes.length === 0) return known;
  const next = new Map(isComplete ? [] : known);
  for (const change of changes) {
    const previous = known.get(change.id);
    next.set(change.id, previous !== undefined && isSameRecord(previous, change) ? previous : change);
  }
  deleteEarlierAttempts(next, changes);
  const isSame = next.size === known.size && changes.every(({ id }) => next.get(id) === known.get(id));
  return isSame ? known : next;
}

/** A retry gives a node a new record; the old one leaves the service's timeline but not its changes. */
function deleteEarlierAttempts(
  records: Map<string, TimelineRecord>,
  changes: readonly TimelineRecord[],
): void {
  const latest = new Map<string, number>();
  for (const record of changes) if (record.attempt > 1) latest.set(nodeKey(record), record.attempt);
  if (latest.size === 0) return;
  for (const [id, record] of records) {
    if (record.attempt < (latest.get(nodeKey(record)) ?? 0)) records.delete(id);
  }
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
  const latest = latestAttempts(records);
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

/** Records of earlier attempts stay in the map if polls request only the changes. */
function latestAttempts(records: Records): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const record of records.values()) {
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
