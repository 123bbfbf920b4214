import type { IssueSpec } from "../spec.ts";

interface WireIssue {
  readonly type: "error" | "warning";
  readonly category: string | null;
  readonly message: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A timeline record as it is sent; `log` and `changeId` are filled in when it is. */
export interface TimelineRecord {
  readonly previousAttempts: readonly { attempt: number; timelineId: string; recordId: string }[];
  readonly id: string;
  readonly parentId: string | null;
  readonly type: string;
  readonly name: string;
  readonly refName: string | null;
  readonly startTime: string | null;
  readonly finishTime: string | null;
  readonly currentOperation: null;
  readonly percentComplete: number | null;
  readonly state: "pending" | "inProgress" | "completed";
  readonly result: string | null;
  readonly resultCode: string | null;
  readonly changeId: number;
  readonly lastModified: string;
  readonly workerName: string | null;
  readonly queueId?: number;
  readonly order?: number;
  readonly details: null;
  readonly errorCount: number;
  readonly warningCount: number;
  readonly url: null;
  readonly log: { readonly id: number; readonly type: "Container"; readonly url: string } | null;
  readonly task: { readonly id: string; readonly name: string; readonly version: string } | null;
  readonly attempt: number;
  readonly identifier: string | null;
  readonly issues?: readonly WireIssue[];
}

/** A record and its log. */
export interface TimelineEntry {
  readonly record: TimelineRecord;
  /** The text of its log, once it has one. */
  readonly log?: LogSource;
  /** Simulated second at which its log is complete. */
  readonly logCompletedAt?: number;
}

export interface LogSource {
  readonly start: number;
  readonly end: number;
  readonly lines: () => Iterable<string>;
}

const defaultFields = {
  previousAttempts: [],
  parentId: null,
  refName: null,
  startTime: null,
  finishTime: null,
  currentOperation: null,
  percentComplete: null,
  result: null,
  resultCode: null,
  changeId: 0,
  lastModified: "0001-01-01T00:00:00",
  workerName: null,
  details: null,
  errorCount: 0,
  warningCount: 0,
  url: null,
  log: null,
  task: null,
  attempt: 1,
  identifier: null,
} as const;

type RecordFields = Partial<TimelineRecord> & Pick<TimelineRecord, "id" | "type" | "name" | "state">;

export function createRecord(fields: RecordFields): TimelineRecord {
  return { ...defaultFields, ...fields };
}

const maxIssuesPerType = 10;

/** Counts all issues and keeps ten of each type, as an agent does. */
export function issueFields(issues: readonly IssueSpec[]): Partial<TimelineRecord> {
  const ofType = (type: string) => issues.filter((issue) => issue.type === type);
  const visibleIssues = issues.filter((issue) => ofType(issue.type).indexOf(issue) < maxIssuesPerType);
  return {
    errorCount: ofType("error").length,
    warningCount: ofType("warning").length,
    ...(visibleIssues.length > 0 && { issues: visibleIssues.map(wireIssue) }),
  };
}

function wireIssue({ type, category, message, data }: IssueSpec): WireIssue {
  return { type, category: category === undefined ? "General" : category, message, data: { type, ...data } };
}

/** The moment that is asked for, and what depends on the server. */
export interface TimelineView {
  readonly planId: string;
  /** The simulated second. */
  readonly atSeconds: number;
  readonly date: (seconds: number) => string;
  readonly stageWhileWaiting: "pending" | "inProgress";
  readonly rejectedStage: "failed" | "skipped";
  readonly manualStage: "completed" | "late" | "pending";
}

export function timeFields(
  item: { start: number; end: number },
  view: TimelineView,
): Pick<TimelineRecord, "startTime" | "finishTime"> {
  const { start, end } = item;
  const hasStarted = start <= view.atSeconds;
  return {
    startTime: hasStarted ? view.date(start) : null,
    finishTime: view.atSeconds >= end ? view.date(end) : null,
  };
}
