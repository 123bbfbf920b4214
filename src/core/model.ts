import type { PipelineRepository } from "./default-ref.ts";
import type { Throttling } from "./poll-interval.ts";

/** A run's state in our words. `postponed` and `canceling` are not ends. */
export type RunStatus = "notStarted" | "postponed" | "inProgress" | "canceling" | "completed";

/** How a run ended. A word the service invents tomorrow counts as failed. */
export type RunResult = "succeeded" | "partiallySucceeded" | "failed" | "canceled";

export type NodeStatus = "pending" | "inProgress" | "completed";

export type NodeResult =
  | "succeeded"
  | "succeededWithIssues"
  | "failed"
  | "canceled"
  | "skipped"
  | "abandoned"
  /** A stage that only a person starts, and that nobody has started, or one that depends on such a stage. */
  | "manual";

/** What one poll said of the run itself. Times are ISO-8601 in UTC, or null while unknown. */
export interface RunFacts {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly result: RunResult | null;
  /** The service's own word, where it is none of ours. */
  readonly unknownResult: string | undefined;
  readonly url: string;
  readonly pipeline: {
    readonly id: number | null;
    readonly name: string | null;
    readonly folder: string | null;
  };
  readonly source: { readonly ref: string | null; readonly commit: string | null };
  /** `undefined` where the answer doesn't say it. */
  readonly repository: PipelineRepository | undefined;
  /** The head of the pull request whose merge the run builds, if Azure DevOps itself started it for one. */
  readonly prSourceSha: string | undefined;
  /** Unsaid in some answers. */
  readonly project?: ProjectNames | undefined;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly requestedBy: string | null;
  /** The pipeline is paused: it starts none of its queued runs. */
  readonly isPipelinePaused: boolean;
  readonly tags: readonly string[];
  /** Why it could not be run at all: YAML that does not compile, say. */
  readonly problems: readonly string[];
  /** The answer as it came. */
  readonly raw: unknown;
}

export interface Issue {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Line in the log of the record that the issue hangs on, from 1. */
  readonly logLine: number | undefined;
  /** Path in the sources that were built, as the tool printed it. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly code: string | undefined;
}

/** One record of the timeline, decoded: what the tree is built from. */
export interface TimelineRecord {
  readonly id: string;
  readonly parentId: string | null;
  /** Stage, Phase, Job, Task, Checkpoint, Checkpoint.Approval …; others are ignored. */
  readonly type: string;
  readonly name: string;
  readonly refName: string | null;
  readonly identifier: string | null;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly order: number | null;
  readonly attempt: number;
  readonly worker: string | null;
  /** Which task it is, as its catalogue calls it: `ManualValidation`. Null for what is no such task. */
  readonly taskName: string | null;
  readonly logId: number | null;
  readonly errors: number;
  readonly warnings: number;
  readonly issues: readonly Issue[];
}

/** A run's records by id, as of the last look. */
export type Records = ReadonlyMap<string, TimelineRecord>;

interface DocumentNode {
  readonly name: string;
  readonly displayName: string;
  readonly status: NodeStatus;
  readonly result: NodeResult | null;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface DocumentJob extends DocumentNode {
  readonly worker: string | null;
}

export interface DocumentStage extends DocumentNode {
  readonly jobs: readonly DocumentJob[];
}

export interface PendingCheck {
  readonly kind: "approval" | "authorization" | "check" | "manual-validation" | "delay" | "manual";
  /** The record's id; for an approval it is the approval's id too, for a manual stage the stage's, for a task that waits the task's. */
  readonly id: string;
  /** The stage's name (its identifier). */
  readonly stage: string | null;
  /** What the service calls it; null where it has no name of its own. */
  readonly name: string | null;
}

/** Why a run did not succeed. Names are those of `stages` and `jobs`. */
export interface DocumentCause {
  readonly stage: string | null;
  readonly job: string | null;
  readonly task: string | null;
  readonly message: string | null;
}

/** What conditions and mappings see, and what the output `run` holds. Public: names are fixed. */
export interface RunDocument {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly result: RunResult | null;
  /** The highest of its stages. */
  readonly attempt: number;
  readonly url: string;
  readonly pipeline: RunFacts["pipeline"];
  readonly source: RunFacts["source"];
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly queueSeconds: number | null;
  readonly runSeconds: number | null;
  readonly stages: readonly DocumentStage[];
  readonly waitingFor: readonly PendingCheck[];
  readonly causes: readonly DocumentCause[];
  readonly errors: number;
  readonly warnings: number;
  readonly raw: { readonly run: unknown; readonly build: unknown };
}

/** A run that has just been started, or found again. */
export interface StartedRun {
  readonly id: number;
  readonly name: string;
  /** Where a person looks at it; `undefined` where the answer did not say. */
  readonly url: string | undefined;
  readonly pipelineName: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** The answer of Run Pipeline or Get Run as it came, without the values of secret variables. */
  readonly raw: unknown;
}

/** Stages and jobs could not be read. */
export interface TimelineUnavailable {
  readonly reason: string;
  /** It will be the same at the next look: a missing permission, say. */
  readonly isPermanent: boolean;
}

/** What one look saw. `records` is the same object as the last time where nothing in it changed. */
export interface PollResponse {
  readonly run: RunFacts;
  readonly records: Records;
  /** Before the next look, as the server wishes. Milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The service slows this identity down. */
  readonly throttling?: Throttling | undefined;
  /** Why `records` are no newer than the last time, where they could not be read. */
  readonly timelineUnavailable?: TimelineUnavailable | undefined;
  /** When the answer was made, by the service's clock. Milliseconds since 1970, in whole seconds. */
  readonly serviceTime: number | undefined;
}

/** A project as the service names it; null where it does not say. */
export interface ProjectNames {
  readonly id: string | null;
  readonly name: string | null;
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Whether a name or GUID can mean this project: what the service does not say contradicts nothing. */
export function matchesProject(nameOrId: string, { id, name }: ProjectNames): boolean {
  const actual = isGuid(nameOrId) ? id : name;
  return actual === null || actual.toLowerCase() === nameOrId.toLowerCase();
}
