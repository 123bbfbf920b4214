import type { PipelineRepository } from "./core/default-ref.ts";
import type { Lines } from "./core/line-splitter.ts";
import type { Annotation, LogEntry } from "./core/log-line.ts";
import type { ProjectNames, RunFacts, StartedRun } from "./core/model.ts";
import type { RunSource } from "./core/report-commit.ts";
import type { Candidate } from "./core/run-matching.ts";
import type { Baseline, TestCounts, Verdict } from "./core/run-report.ts";
import type { ListedRun } from "./core/run-search.ts";
import type { PollResponse } from "./core/run-snapshot.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sent without a proxy: for URLs that exist only on this machine. */
  readonly direct?: boolean;
  /** SHA-1 of the only accepted server certificate, in hex, instead of a check by an authority. Only with `direct`. */
  readonly thumbprint?: string;
  /** Of `send`: the limit for the whole response. Of `stream`: the limit without a byte. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Throws TransientError for a truncated or stalled body. Breaking out of the loop closes the connection. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Plain HTTP: it follows no redirects, repeats no requests, and returns responses of any status. A connection error, a
 * timeout or a truncated response rejects with TransientError, an aborted signal with its reason.
 */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  stream(request: HttpRequest): Promise<HttpStream>;
}

/** Authenticates the action to Azure DevOps. */
export interface SignIn {
  /** The identity and the kind of sign-in, for the log, without secrets. `undefined`: no line. */
  readonly description: string | undefined;
  /** The Authorization header. The token is fetched by the first call, and refreshed before it expires. */
  authorization(signal: AbortSignal): Promise<string>;
  /** After the service rejected the token: fetches another one if possible. Returns whether there is a new token. */
  refresh(signal: AbortSignal): Promise<boolean>;
}

/** The GitHub runner: log, masks, outputs, state, summary and ID token of the job. */
export interface Runner {
  write(lines: Iterable<LogEntry>): void;
  /** Resolves once the process has handed everything that was written to the runner. */
  flush(): Promise<void>;
  /** Masks a secret, and each of its lines, in everything that is printed from now on. */
  mask(secret: string): void;
  /** The text with masked secrets replaced, for use outside the log. */
  redact(text: string): string;
  /** Like `redact`, and also replaces escaped forms: for Markdown and for requests to GitHub. */
  redactRendered(text: string): string;
  setOutput(name: string, value: string): void;
  /** Saves a value for the post step. */
  saveState(name: string, value: string): void;
  getState(name: string): string;
  /** Throws `RunnerError` if the command files can't be written, as do `setOutput` and `saveState`. */
  checkFiles(needsSummary: boolean): void;
  /** The first error when writing to the runner, if there was one. */
  failure(): Error | undefined;
  /** Ignores errors when writing outputs and state from now on, since the step ends with an error anyway. */
  ignoreFailures(): void;
  /** Adds to the job summary, which has `limitBytes` left. Never throws: a failure to write is a warning. */
  addSummary(renderMarkdown: (limitBytes: number) => string): void;
  /** Writes Markdown to this step's file below RUNNER_TEMP. Returns its path, or `undefined` if it can't be written. */
  writeSummaryFile(renderMarkdown: (limitBytes: number) => string): string | undefined;
  /** The number of them that were written so far. */
  annotationCount(type: "error" | "warning"): number;
  /** The path in the repository of a file that exists in the workspace, else `undefined`. */
  repositoryPath(path: string): string | undefined;
  /** A new OIDC token of this job for an audience. Rejects with ActionError if the job has no permission for it. */
  getIdToken(audience: string, signal: AbortSignal): Promise<string>;
}

/** One project of Azure DevOps, by resource. Every method rejects with `ActionError`, and with `TransientError` where documented. */
export interface AzureDevOps {
  readonly pipelines: Pipelines;
  readonly runs: Runs;
  readonly runLists: RunLists;
  readonly stages: Stages;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  readonly testResults: TestResults;
  readonly approvals: Approvals;
}

export interface Pipelines {
  /** The web page of a pipeline's runs. */
  url(pipelineId: number): string;
  /** The id of the only pipeline with this name. */
  find(pipeline: PipelineName, signal: AbortSignal): Promise<number>;
  get(pipelineId: number, signal: AbortSignal): Promise<PipelineDetails>;
  /** The expanded YAML; nothing is started. */
  preview(pipelineId: number, body: object, signal: AbortSignal): Promise<string>;
  /** The durations of the pipeline's last successful runs, in milliseconds. */
  getPastDurations(pipelineId: number, signal: AbortSignal): Promise<readonly number[]>;
}

export interface Runs {
  /** The web page of a run, for responses without its URL. */
  url(runId: number): string;
  /** Sends one request and never repeats it. After a TransientError a run may have started. */
  start(pipelineId: number, request: StartRequest, signal: AbortSignal): Promise<StartedRun>;
  get(runId: number, options: RequestOptions, signal: AbortSignal): Promise<RunFacts>;
  /** The response of Get Run, which contains the parameters and variables of the start. */
  getStarted(pipelineId: number, runId: number, signal: AbortSignal): Promise<StartedRun>;
  /** The repository and the commit that a run builds. */
  getSource(query: RunSourceQuery, signal: AbortSignal): Promise<RunSource>;
  /** Returns a function that polls the run once per call. */
  createPoller(runId: number): PollRun;
  cancel(runId: number, options: RequestOptions, signal: AbortSignal): Promise<void>;
  /** Retries the failed jobs of a run without stages. */
  retry(runId: number, signal: AbortSignal): Promise<void>;
  addTags(runId: number, tags: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Lists of a pipeline's runs, the newest first. */
export interface RunLists {
  /** With the service's time and the action's identity as the service sees it. */
  listRecent(pipelineId: number, options: RequestOptions, signal: AbortSignal): Promise<RecentRuns>;
  listTagged(pipelineId: number, tag: string, signal: AbortSignal): Promise<TaggedRuns>;
  /** The run that a failed run is compared with; `undefined` if no run of its ref has succeeded before. */
  getBaseline(run: RunFacts, options: RequestOptions, signal: AbortSignal): Promise<Baseline | undefined>;
  /** Runs of any requester. */
  search(query: RunSearchQuery, signal: AbortSignal): Promise<RunSearchResult>;
}

export interface Stages {
  /** Sends one request, repeated only if the options say so. After a TransientError it may have taken effect. */
  update(
    runId: number,
    update: StageUpdate,
    options: Partial<RequestOptions>,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface Logs {
  /** The lines of a log in batches, without the `linesRead` first ones. */
  readLines(log: LogRequest, signal: AbortSignal): AsyncIterable<Lines>;
  /** The current number of lines of each log of a run, by log id. */
  getLineCounts(runId: number, signal: AbortSignal): Promise<ReadonlyMap<number, number>>;
}

export interface Artifacts {
  list(runId: number, options: RequestOptions, signal: AbortSignal): Promise<readonly Artifact[]>;
}

export interface TestResults {
  /** `undefined` if the run has no tests or the token cannot read them. */
  getCounts(query: TestResultsQuery, signal: AbortSignal): Promise<TestCounts | undefined>;
}

interface Approvals {
  /** The names of an approval's approvers. */
  getApprovers(approvalId: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface RunSourceQuery extends RequestOptions {
  readonly runId: number;
  /** The response to the start, if this step started the run: such a run has no pull request of Azure DevOps. */
  readonly startResponse: unknown;
}

export interface StartRequest {
  readonly body: object;
  /** Called when the request is sent. From then on only the returned signal aborts it. */
  readonly onSend: () => AbortSignal;
}

/** The service's description of a pipeline. */
export interface PipelineDetails {
  readonly name: string | null;
  readonly repository: PipelineRepository;
  /** The pipeline's default branch as a full ref. */
  readonly defaultRef: string | null;
  readonly project: ProjectNames | undefined;
}

export interface LogRequest {
  readonly runId: number;
  readonly logId: number;
  /** The number of lines that were already read. */
  readonly linesRead?: number;
  /** How long to retry without a new line, in milliseconds. Default: one minute. */
  readonly retryForMs?: number;
}

interface TestResultsQuery {
  readonly runId: number;
  /** The run has just ended, so its tests may not be published yet. */
  readonly hasJustFinished: boolean;
}

export interface Artifact {
  readonly name: string;
  /** Only `container` and `pipeline` artifacts can be downloaded; a file share cannot. */
  readonly kind: "container" | "pipeline" | "other";
  /** Size of the contents in bytes, if the service returns it. */
  readonly size: number | undefined;
  readonly downloadUrl: string | undefined;
}

export interface ArtifactRef {
  readonly artifact: Artifact;
  readonly pipelineId: number | null;
  readonly runId: number;
}

/** What was written for an artifact. */
export interface SavedArtifact {
  readonly files: number;
  readonly bytes: number;
  /** The folder had files before. */
  readonly hadFiles: boolean;
}

/** Downloads artifacts to the disk. */
export interface ArtifactStore {
  /** Downloads an artifact and unpacks it into a folder of its name. */
  save(
    ref: ArtifactRef,
    options: RetryListener & { readonly into: string; readonly onProgress: (bytes: number) => void },
    signal: AbortSignal,
  ): Promise<SavedArtifact>;
  /** Downloads an artifact and reads the outputs from its file. */
  readOutputs(
    ref: ArtifactRef,
    options: RetryListener,
    signal: AbortSignal,
  ): Promise<readonly (readonly [string, string])[]>;
}

interface RetryListener {
  /** Called before a download waits, with the reason. */
  readonly onWait: (waitMs: number, reason: string) => void;
}

/** The runs that the steps of this job have received from this organization. */
export interface JobRuns {
  receivedIds(): ReadonlySet<number>;
  addReceived(runId: number): void;
}

export interface PipelineName {
  /** With backslashes, `\\` for the root; `undefined` for any folder. */
  readonly folder: string | undefined;
  readonly name: string;
}

export interface RequestOptions {
  /** How long to retry after transient errors, in milliseconds. */
  readonly retryForMs: number;
  /** Time limit of one request, in milliseconds. Default: 30 s. */
  readonly timeoutMs?: number;
  /** The time, by the clock, after which nothing is waited for: neither a retry, nor a token, nor a response. */
  readonly deadline?: number;
  /** Sends the request at once, even during a Retry-After. */
  readonly ignoreRetryAfter?: boolean;
  /** Not sent if Retry-After requests a delay beyond the deadline. */
  readonly isOptional?: boolean;
  /** Called before each retry with the reason and the duration of the outage. */
  readonly onRetry?: (reason: string, sinceMs: number) => void;
}

export interface RunPollOptions extends RequestOptions {
  /** Reads the timeline for any status of the run, also while the service throttles. */
  readonly alwaysReadTimeline?: boolean;
  /** Reads the timeline of a queued run too, as often as that of a running one. */
  readonly readQueuedTimeline?: boolean;
  /** Called for a completed run before its timeline has been read. */
  readonly onCompleted?: (response: Pick<PollResponse, "run" | "serviceTime" | "savesRequests">) => void;
}

/** Polls one run once. */
export type PollRun = (options: RunPollOptions, signal: AbortSignal) => Promise<PollResponse>;

export interface StageUpdate {
  /** The stage's identifier. */
  readonly stage: string;
  /** `run` starts a manual stage; `retry` runs its failed jobs again. */
  readonly state: "run" | "retry" | "cancel";
}

export interface RunSearchQuery extends RequestOptions {
  readonly pipelineId: number;
  /** A full ref; `undefined` for any ref. */
  readonly ref: string | undefined;
  readonly maxRuns: number;
  readonly maxAgeMs: number;
}

export interface RunSearchResult extends Pick<PollResponse, "retryAfterMs" | "throttling"> {
  /** The newest first. */
  readonly runs: readonly ListedRun[];
  /** The pipeline has older runs than requested. */
  readonly isTruncated: boolean;
}

interface ListResponse {
  /** Id of the action's identity according to the response, in lower case; `undefined` if it does not say. */
  readonly callerId: string | undefined;
}

export interface TaggedRuns extends ListResponse {
  readonly runs: readonly { readonly candidate: Candidate; readonly run: RunFacts }[];
}

export interface RecentRuns extends ListResponse {
  readonly candidates: readonly Candidate[];
  /** The service's time of the response, in milliseconds since 1970; `undefined` without a Date header. */
  readonly serviceTime: number | undefined;
  /** The list includes the oldest run that can match. */
  readonly isComplete: boolean;
}

/** The state of a run, for a check run or a commit status. */
export interface CommitReport {
  /** `skipped`: the step ended without a run, as configured. */
  readonly kind: Verdict["kind"] | "skipped";
  readonly title: string;
  /** Escaped Markdown of at most `limitBytes`, rendered when it is sent. */
  readonly summary: (limitBytes: number) => string;
  readonly annotations: readonly Annotation[];
  readonly runUrl: string;
  /** `undefined`: there is no run, and `runUrl` is that of the pipeline. */
  readonly runId: number | undefined;
  readonly startedAt?: string | undefined;
  readonly description: string;
}

/** A check run or commit status that links to the run. No method rejects, since a report must not fail the step. */
export interface CommitReporter {
  /** Resolves with GitHub's response or at the time limit. */
  open(report: CommitReport): Promise<void>;
  /** Resolves at once and sends a due update in the background. */
  update(report: CommitReport): Promise<void>;
  /**
   * Resolves once the report is sent, or at the time limit or the signal's abort. Returns false if the post step should
   * send it again, and true if it was written or permanently refused.
   */
  close(report: CommitReport, signal?: AbortSignal): Promise<boolean>;
}
