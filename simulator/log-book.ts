import type { Entry, LogSource } from "./records.ts";

export interface KeptLog {
  readonly id: number;
  readonly source: LogSource;
  /** Log 1 and 2 are the service's own and bear no timestamps. */
  readonly timed: boolean;
  /** Times it was asked for. */
  reads: number;
  /** Known once its lines have been counted. */
  lineCount?: number;
}

/** The logs of one run: an id is given when the log is finished, and only grows. */
export interface LogBook {
  /** Takes the finished logs of these records in, in the order in which they were finished. */
  take(entries: readonly Entry[]): void;
  idOf(recordId: string): number | undefined;
  find(id: number): KeptLog | undefined;
  all(): readonly KeptLog[];
}

export function createLogBook(own: readonly LogSource[]): LogBook {
  const logs: KeptLog[] = own.map((source, index) => ({ id: index + 1, source, timed: false, reads: 0 }));
  const ids = new Map<string, number>();
  return {
    take(entries) {
      const fresh = entries
        .flatMap(({ record, log, loggedAt }) =>
          log === undefined || loggedAt === undefined || ids.has(record.id)
            ? []
            : [{ id: record.id, log, loggedAt }],
        )
        .sort((one, other) => one.loggedAt - other.loggedAt);
      for (const { id, log } of fresh) {
        const kept = { id: logs.length + 1, source: log, timed: true, reads: 0 };
        logs.push(kept);
        ids.set(id, kept.id);
      }
    },
    idOf: (recordId) => ids.get(recordId),
    find: (id) => logs[id - 1],
    all: () => logs,
  };
}
