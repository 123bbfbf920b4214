import type { LogSource, TimelineEntry } from "./records.ts";

export interface StoredLog {
  readonly id: number;
  readonly source: LogSource;
  /** Log 1 and 2 are the service's own and have no timestamps. */
  readonly hasTimestamps: boolean;
  /** How often it was read. */
  readCount: number;
  /** Known once its lines have been counted. */
  lineCount?: number;
}

/** The logs of one run. A log gets its id when it is finished; ids only grow. */
export interface RunLogs {
  /** Adds the finished logs of these records, in the order in which they were finished. */
  addFinished(entries: readonly TimelineEntry[]): void;
  idOf(recordId: string): number | undefined;
  find(id: number): StoredLog | undefined;
  all(): readonly StoredLog[];
}

export function createRunLogs(serviceLogs: readonly LogSource[]): RunLogs {
  const logs: StoredLog[] = serviceLogs.map((source, index) => ({
    id: index + 1,
    source,
    hasTimestamps: false,
    readCount: 0,
  }));
  const ids = new Map<string, number>();
  return {
    addFinished(entries) {
      const finished = entries
        .flatMap(({ record, log, logCompletedAt }) =>
          log === undefined || logCompletedAt === undefined || ids.has(record.id)
            ? []
            : [{ id: record.id, log, loggedAt: logCompletedAt }],
        )
        .sort((one, other) => one.loggedAt - other.loggedAt);
      for (const { id, log } of finished) {
        const stored = { id: logs.length + 1, source: log, hasTimestamps: true, readCount: 0 };
        logs.push(stored);
        ids.set(id, stored.id);
      }
    },
    idOf: (recordId) => ids.get(recordId),
    find: (id) => logs[id - 1],
    all: () => logs,
  };
}
