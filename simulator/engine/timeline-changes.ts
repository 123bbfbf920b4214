import type { TimelineRecord } from "./records.ts";

/** Numbers the changes of a timeline, so that `changeId` can be asked for. */
export interface TimelineChanges {
  /** The same records with their change ids, and the highest of all. */
  assignChangeIds(records: readonly TimelineRecord[]): {
    readonly records: TimelineRecord[];
    readonly changeId: number;
  };
}

/** A change gets its number when it is first read. */
export function createTimelineChanges(): TimelineChanges {
  const known = new Map<string, { readonly text: string; readonly changeId: number }>();
  let latest = 0;
  return {
    assignChangeIds(records) {
      const texts = records.map((record) => JSON.stringify(record));
      const changed = records.some((record, index) => known.get(record.id)?.text !== texts[index]);
      if (changed) latest += 1;
      const numbered = records.map((record, index) => {
        const text = texts[index] ?? "";
        const previous = known.get(record.id);
        const changeId = previous?.text === text ? previous.changeId : latest;
        known.set(record.id, { text, changeId });
        return { ...record, changeId };
      });
      return { records: numbered, changeId: latest };
    },
  };
}
