import type { RootCause } from "./failures.ts";
import type { RunFacts, TimelineUnavailable } from "./model.ts";
import type { RunTree } from "./run-tree.ts";
import type { SourceLine } from "./source-location.ts";

/** The content of a summary. Texts may contain anything: renderers escape them. */
export interface RunReport {
  readonly run: RunFacts;
  readonly tree: RunTree;
  readonly verdict: Verdict;
  /** The time of the last poll, by the service's clock: durations of what is still running end here. */
  readonly at?: number | undefined;
  /** Why that poll did not show all stages and jobs. */
  readonly timelineUnavailable?: TimelineUnavailable | undefined;
  readonly project: string;
  readonly pipeline: string;
  /** First causes first, as `firstCauses` returns them. */
  readonly causes: readonly RootCause[];
  readonly excerpts: readonly Excerpt[];
  readonly tests?: TestCounts | undefined;
  /** Of a run that failed. */
  readonly baseline?: Baseline | undefined;
  readonly artifacts?: readonly ArtifactLink[] | undefined;
}

export interface Verdict {
  /** `running`: the run continues, whether the step waits for it or not. */
  readonly kind: "running" | "succeeded" | "failed" | "timed-out" | "canceled" | "error";
  /** Completes "web › deploy: …", without the place: `failed`, `timed out after 45 min`. */
  readonly text: string;
  /** Why the action failed. */
  readonly reason?: string | undefined;
  readonly cancelOutcome?: CancelOutcome | undefined;
}

/** The state of a run whose end the step did not see. */
export interface CancelOutcome {
  /** A sentence: `The run was cancelled too.` */
  readonly text: string;
  readonly isStillRunning: boolean;
}

/** The end of a log. `lines` have no timestamps. */
export interface Excerpt {
  readonly jobId: string;
  /** Like its name, `undefined` for the job's own log. */
  readonly taskId: string | undefined;
  readonly task: string | undefined;
  readonly lines: readonly string[];
  /** The number of the last of them in the log, from 1. */
  readonly lastLine: number;
  /** With the lines that the agent adds. */
  readonly totalLines: number;
  /** Whether the log has no other lines than these and the agent's. */
  readonly isWhole: boolean;
}

/** The test results of a run's latest attempts. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Not executed. */
  readonly skipped: number;
  /** All other outcomes, in words: `timed out`. */
  readonly others: readonly { readonly outcome: string; readonly count: number }[];
  /** The first failed tests. */
  readonly failures: readonly FailedTest[];
  /** How many of them passed in the run before; `undefined` if unknown. */
  readonly newFailures: number | undefined;
}

export interface FailedTest {
  readonly name: string;
  readonly message: string | undefined;
  /** The first line of its stack trace that is in a file of the project. */
  readonly location: SourceLine | undefined;
}

/** What a failed run is compared with: the last runs of its ref that succeeded. */
export interface Baseline {
  readonly lastSuccess: Pick<RunFacts, "name" | "url">;
  /** Both runs build the same commit. */
  readonly isSameCommit: boolean;
  /** Those since the last success, the newest first; `undefined` for the same commit, and if unknown. */
  readonly commits: { readonly first: readonly Commit[]; readonly hasMore: boolean } | undefined;
  /** Median of what they took from start to end. Milliseconds. */
  readonly typicalMs: number | undefined;
  /** The stages and jobs of the last success; `undefined` if unknown. */
  readonly tree: RunTree | undefined;
}

export interface Commit {
  readonly hash: string;
  /** The first line of its message. */
  readonly title: string;
  readonly author: string | undefined;
  readonly url: string | undefined;
}

export interface ArtifactLink {
  readonly name: string;
  readonly bytes?: number | undefined;
  readonly url?: string | undefined;
}
