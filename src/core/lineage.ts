import type { Records, TimelineRecord } from "./model.ts";
import { versionKey } from "./records.ts";

/** Ancestors and order, from records that come in no order and may point anywhere. */
export interface Lineage {
  /** Those of the type, without the ones that a later attempt replaced. */
  ofType(type: string): TimelineRecord[];
  /** The nearest ancestor of the type. */
  above(record: TimelineRecord, type: string): TimelineRecord | undefined;
}

const retried = new Set(["Stage", "Phase", "Job"]);

export function lineageOf(records: Records): Lineage {
  const latest = latestAttempts(records);
  const isReplaced = (record: TimelineRecord) =>
    retried.has(record.type) && record.attempt < (latest.get(versionKey(record)) ?? 0);
  const byType = Map.groupBy(records.values(), (record) => record.type);

  const nearest = (record: TimelineRecord, isIt: (ancestor: TimelineRecord) => boolean) => {
    let ancestor = records.get(record.parentId ?? "");
    // Real trees are five deep. A longer chain is a circle.
    for (let hop = 0; hop < 12 && ancestor !== undefined; hop += 1) {
      if (isIt(ancestor)) return ancestor;
      ancestor = records.get(ancestor.parentId ?? "");
    }
    return undefined;
  };
  // What hangs below a replaced record belongs to the earlier attempt, and goes with it.
  const isPast = (record: TimelineRecord) =>
    latest.size > 0 && (isReplaced(record) || nearest(record, isReplaced) !== undefined);

  return {
    ofType: (type) => (byType.get(type) ?? []).filter((record) => !isPast(record)),
    above: (record, type) => nearest(record, (ancestor) => ancestor.type === type),
  };
}

/** Polls that ask only for what changed leave earlier attempts lying about. */
function latestAttempts(records: Records): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const record of records.values()) {
    if (record.attempt < 2) continue;
    const key = versionKey(record);
    if (record.attempt > (latest.get(key) ?? 0)) latest.set(key, record.attempt);
  }
  return latest;
}

/** By the service's own order; checkpoints and old servers have none, so then by time, name, id. */
export function inOrder(a: TimelineRecord, b: TimelineRecord): number {
  return (
    (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
    compare(a.startedAt ?? "~", b.startedAt ?? "~") ||
    compare(a.name, b.name) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
