import type { RootCause } from "./failures.ts";
import type { RunFacts, TimelineUnavailable } from "./model.ts";
import type { RunTree } from "./run-tree.ts";
import type { SourceLine } from "./source-location.ts";

/** All that a summary tells of. Texts may hold anything: renderers make them harmless. */
export interface RunReport {
  readonly run: RunFacts;
  readonly tree: RunTree;
  readonly verdict: Verdict;
  /** When the run was last looked at, by the service's clock: what is under way has taken so long by then. */
  readonly at?: number | undefined;
  /** Why that look did not show all stages and jobs. */
  readonly timelineUnavailable?: TimelineUnavailable | undefined;
  readonly project: string;
  readonly pipeline: string;
  /** First causes first, as `firstCauses` has them. */
  readonly causes: readonly RootCause[];
  readonly excerpts: readonly Excerpt[];
  readonly tests?: TestCounts | undefined;
  /** Of a run that failed. */
  readonly baseline?: Baseline | undefined;
  readonly artifacts?: readonly ArtifactLink[] | undefined;
}

export interface Verdict {
  /** `running`: the run goes on, whether anybody follows it or not. */
  readonly kind: "running" | "succeeded" | "failed" | "timed-out" | "canceled" | "error";
  /** Completes "web › deploy: …", without the place: `failed`, `timed out after 45 min`. */
  readonly text: string;
  readonly cancelOutcome?: CancelOutcome | undefined;
}

/** What became of a run whose end the step did not see. */
export interface CancelOutcome {
  /** A sentence: `The run was cancelled too.` */
  readonly text: string;
  readonly isStillRunning: boolean;
}

/** The end of a log. `lines` are plain: without timestamps. */
export interface Excerpt {
  readonly jobId: string;
  /** `undefined` for the job's own log, as is its name. */
  readonly taskId: string | undefined;
  readonly task: string | undefined;
  readonly lines: readonly string[];
  readonly totalLines: number;
}

/** The tests of a run's latest attempts. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Not executed. */
  readonly skipped: number;
  /** Every other outcome there is, in words: `timed out`. */
  readonly others: readonly { readonly outcome: string; readonly count: number }[];
  /** The first of those that failed. */
  readonly failures: readonly FailedTest[];
  /** How many of them passed in the run before; `undefined` where the service doesn't say. */
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
  /** Those since the last success, the newest first; `undefined` for the same commit, and where the service doesn't say. */
  readonly commits: { readonly first: readonly Commit[]; readonly hasMore: boolean } | undefined;
  /** Median of what they took from start to end. Milliseconds. */
  readonly typicalMs: number | undefined;
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
