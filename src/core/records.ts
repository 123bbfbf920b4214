import type { Records, TimelineRecord } from "./model.ts";

/** A run's records after one more answer: all of them, or those that changed since the last. */
export function mergeRecords(known: Records, changes: readonly TimelineRecord[]): Records {
  if (changes.length === 0) return known;
  const next = new Map(known);
  for (const change of changes) next.set(change.id, change);
  // A retry gives a node a new record; the old one leaves the service's timeline but not its changes.
  const latest = new Map<string, number>();
  for (const record of changes) if (record.attempt > 1) latest.set(nodeKey(record), record.attempt);
  if (latest.size === 0) return next;
  for (const [id, record] of next) {
    if (record.attempt < (latest.get(nodeKey(record)) ?? 0)) next.delete(id);
  }
  return next;
}

/** The same for all attempts of a node. */
export function nodeKey(record: TimelineRecord): string {
  return `${record.type} ${record.identifier ?? record.id}`;
}
