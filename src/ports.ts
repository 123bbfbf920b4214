import type { PipelineRepository } from "./core/default-ref.ts";
import type { Annotation, LogEntry } from "./core/log-line.ts";
import type { PollResponse, ProjectNames, RunFacts, StartedRun } from "./core/model.ts";
import type { RunSource } from "./core/report-commit.ts";
import type { Candidate } from "./core/run-matching.ts";
import type { Baseline, TestCounts, Verdict } from "./core/run-report.ts";
import type { ListedRun } from "./core/run-search.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Past every proxy: for addresses that exist on this machine only. */
  readonly direct?: boolean;
  /** SHA-1 of the one certificate that the server may show, in hex: it takes the place of any authority. Only with `direct`. */
  readonly thumbprint?: string;
  /** For the answer with its whole body; for `open`, the longest silence. */
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
  /** Ends only after the whole body; a cut or silent one throws TransientError. Leaving early closes the connection. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * HTTP and nothing else: no redirect is followed, nothing is asked twice, every status is an answer.
 * Lost, late and cut answers reject with TransientError; an aborted signal with its reason.
 */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  stream(request: HttpRequest): Promise<HttpStream>;
}

/** How the action proves who it is to Azure DevOps. */
export interface SignIn {
  /** Who and how, for the log: never a secret. `undefined` where there is nothing worth a line. */
  readonly description: string | undefined;
  /** The value of the Authorization header; fetched at the first call, and again before it expires. */
  authorization(signal: AbortSignal): Promise<string>;
  /** After the service refused it: fetches another where that is possible; answers whether it did. */
  refresh(signal: AbortSignal): Promise<boolean>;
}

/** What the action tells, and is told by, the job that runs it. */
export interface Runner {
  write(lines: Iterable<LogEntry>): void;
  /** Resolves once what was written has left this process's memory. */
  flush(): Promise<void>;
  /** Masks a secret, and each line of it, in everything printed from now on. */
  mask(secret: string): void;
  /** A text without what was masked, for those who get it by another way than the log. */
  redact(text: string): string;
  /** The same for Markdown and for what is sent to GitHub: escaped forms of a secret are found too. */
  redactRendered(text: string): string;
  setOutput(name: string, value: string): void;
  /** Keeps a value for the post step. */
  saveState(name: string, value: string): void;
  getState(name: string): string;
  /** Rejects a runner whose command files can't be written. Throws `RunnerError`, as do `setOutput` and `saveState`. */
  checkFiles(needsSummary: boolean): void;
  /** The first failure of the runner itself, if there was one. */
  failure(): Error | undefined;
  /** From now on outputs and state that can't be written are ignored: the step ends with an error anyway. */
  ignoreFailures(): void;
  /** Adds to the job's summary, which has room for so many bytes. Never rejects: what cannot be written is warned of. */
  addSummary(renderMarkdown: (limitBytes: number) => string): Promise<void>;
  /** Writes Markdown to this step's file below RUNNER_TEMP and returns its path; `undefined` where it can't be written. */
  writeSummaryFile(renderMarkdown: (limitBytes: number) => string): string | undefined;
  /** How many of them it was told to write so far. */
  annotationCount(type: "error" | "warning"): number;
  /** The path below the repository's root of a file that exists in this job's workspace. */
  repositoryPath(path: string): string | undefined;
  /** A fresh OIDC token of this job for an audience. Rejects with ActionError where the job may not have one. */
  getIdToken(audience: string, signal: AbortSignal): Promise<string>;
}

/** One project of Azure DevOps, by resource. Everything rejects with `ActionError`, and with `TransientError` where said. */
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
  /** Where a person looks at a pipeline's runs. */
  url(pipelineId: number): string;
  /** The id of the one pipeline of a name. */
  find(pipeline: PipelineName, signal: AbortSignal): Promise<number>;
  get(pipelineId: number, signal: AbortSignal): Promise<PipelineDetails>;
  /** The expanded YAML; nothing is started. */
  preview(pipelineId: number, body: object, signal: AbortSignal): Promise<string>;
  /** How long the pipeline's last successful runs took, from start to end. Milliseconds. */
  getPastDurations(pipelineId: number, signal: AbortSignal): Promise<readonly number[]>;
}

export interface Runs {
  /** Where a person looks at a run, for when no answer says it. */
  url(runId: number): string;
  /** One request, never repeated: TransientError leaves open whether a run has started. */
  start(pipelineId: number, request: StartRequest, signal: AbortSignal): Promise<StartedRun>;
  get(runId: number, options: RequestOptions, signal: AbortSignal): Promise<RunFacts>;
  /** The answer of Get Run, which knows what the run was started with. */
  getStarted(pipelineId: number, runId: number, signal: AbortSignal): Promise<StartedRun>;
  /** Which commit of which repository a run builds. */
  getSource(query: RunSourceQuery, signal: AbortSignal): Promise<RunSource>;
  /** Each call of the result is one poll of the run. */
  createPoller(runId: number): PollRun;
  cancel(runId: number, options: RequestOptions, signal: AbortSignal): Promise<void>;
  /** Retries the failed jobs of a run without stages. */
  retry(runId: number, signal: AbortSignal): Promise<void>;
  addTags(runId: number, tags: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Lists of a pipeline's runs, the newest first. */
export interface RunLists {
  /** With the service's clock and who it takes us for. */
  listRecent(pipelineId: number, options: RequestOptions, signal: AbortSignal): Promise<RecentRuns>;
  listTagged(pipelineId: number, tag: string, signal: AbortSignal): Promise<TaggedRuns>;
  /** What a failed run is compared with; `undefined` where no run of its ref has succeeded before. */
  getBaseline(run: RunFacts, options: RequestOptions, signal: AbortSignal): Promise<Baseline | undefined>;
  /** Whoever started them. */
  search(query: RunSearchQuery, signal: AbortSignal): Promise<RunSearchResult>;
}

export interface Stages {
  /** One request, never repeated unless the options say so: TransientError leaves open whether it was carried out. */
  update(
    runId: number,
    update: StageUpdate,
    options: Partial<RequestOptions>,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface Logs {
  /** Lines of a log in batches, without those that were read before. */
  readLines(log: LogRequest, signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** How many lines each log of a run has by now. */
  getLineCounts(runId: number, signal: AbortSignal): Promise<ReadonlyMap<number, number>>;
}

export interface Artifacts {
  list(runId: number, options: RequestOptions, signal: AbortSignal): Promise<readonly Artifact[]>;
}

export interface TestResults {
  /** `undefined` where the run has no tests, or the token may not read them. */
  getCounts(query: TestResultsQuery, signal: AbortSignal): Promise<TestCounts | undefined>;
}

interface Approvals {
  /** Names of those who are asked for an approval. */
  getApprovers(approvalId: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface RunSourceQuery extends RequestOptions {
  readonly runId: number;
  /** The response that started the run, where this step has started it: no pull request of Azure DevOps' own has. */
  readonly startResponse: unknown;
}

export interface StartRequest {
  readonly body: object;
  /** Called as the request goes out; from then on only the signal that it answers with can end it. */
  readonly onSend: () => AbortSignal;
}

/** What the service says of a pipeline. */
export interface PipelineDetails {
  readonly name: string | null;
  readonly repository: PipelineRepository;
  /** What it builds where nobody says: a full ref. */
  readonly defaultRef: string | null;
  readonly project: ProjectNames | undefined;
}

export interface LogRequest {
  readonly runId: number;
  readonly logId: number;
  /** Lines that were read before. */
  readonly linesRead?: number;
  /** How long it is asked for while nothing of it has come. Milliseconds; a minute where absent. */
  readonly retryForMs?: number;
}

interface TestResultsQuery {
  readonly runId: number;
  /** It has just ended. */
  readonly hasJustFinished: boolean;
}

export interface Artifact {
  readonly name: string;
  /** Only the first two can be downloaded; a file share, say, cannot. */
  readonly kind: "container" | "pipeline" | "other";
  /** Of what is in it. Bytes, where the service says. */
  readonly size: number | undefined;
  readonly downloadUrl: string | undefined;
}

export interface ArtifactRef {
  readonly artifact: Artifact;
  readonly pipelineId: number | null;
  readonly runId: number;
}

/** What became of an artifact on the disk. */
export interface SavedArtifact {
  readonly files: number;
  readonly bytes: number;
  /** Its folder held something before. */
  readonly hadFiles: boolean;
}

/** Where artifacts end up. */
export interface ArtifactStore {
  /** Downloads one and unpacks it into a folder of its name. Calls back as it comes, in bytes. */
  save(
    ref: ArtifactRef,
    options: RetryListener & { readonly into: string; readonly onProgress: (bytes: number) => void },
    signal: AbortSignal,
  ): Promise<SavedArtifact>;
  /** Downloads one and reads the outputs that it holds. */
  readOutputs(
    ref: ArtifactRef,
    options: RetryListener,
    signal: AbortSignal,
  ): Promise<readonly (readonly [string, string])[]>;
}

interface RetryListener {
  /** Called before a download waits: for how long, in milliseconds, and why. */
  readonly onWait: (waitMs: number, reason: string) => void;
}

/** Runs that steps of this job have received from this organization. */
export interface JobRuns {
  receivedIds(): ReadonlySet<number>;
  addReceived(runId: number): void;
}

export interface PipelineName {
  /** With backslashes, `\\` for the root; `undefined` for any. */
  readonly folder: string | undefined;
  readonly name: string;
}

export interface RequestOptions {
  /** How long a passing failure is asked again. Milliseconds. */
  readonly retryForMs: number;
  /** Of one request. Milliseconds; 30 s where absent. */
  readonly timeoutMs?: number;
  /** When whoever asks has no time left, by the clock: no rest, no token and no answer is waited for any longer. */
  readonly deadline?: number;
  /** Goes out at once, also while the service asked for a rest. */
  readonly ignoreRetryAfter?: boolean;
  /** Called each time before it is asked again: why, and how long there has been no good answer. Milliseconds. */
  readonly onRetry?: (reason: string, sinceMs: number) => void;
}

export interface RunPollOptions extends RequestOptions {
  /** Read the timeline whatever the run's status. */
  readonly alwaysReadTimeline?: boolean;
  /** Called for a completed run while its timeline is being read. */
  readonly onCompleted?: (response: Pick<PollResponse, "run" | "serviceTime">) => void;
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
  /** A full ref; `undefined` for any. */
  readonly ref: string | undefined;
  readonly maxRuns: number;
  readonly maxAgeMs: number;
}

export interface RunSearchResult extends Pick<PollResponse, "retryAfterMs" | "throttling"> {
  /** The newest first. */
  readonly runs: readonly ListedRun[];
  /** The pipeline has older runs than the query asked for. */
  readonly isTruncated: boolean;
}

interface ListResponse {
  /** Id of the identity that the service sees in the request, in lower case; `undefined` where the answer did not say. */
  readonly callerId: string | undefined;
}

export interface TaggedRuns extends ListResponse {
  readonly runs: readonly { readonly candidate: Candidate; readonly run: RunFacts }[];
}

export interface RecentRuns extends ListResponse {
  readonly candidates: readonly Candidate[];
  /** Milliseconds since 1970 by the service's clock, when it answered; `undefined` where it did not say. */
  readonly serviceTime: number | undefined;
  /** No older run was left out. */
  readonly isComplete: boolean;
}

/** How the run stands, for those who look at the commit. */
export interface CommitReport {
  /** `skipped`: the step ended without a run, as it should. */
  readonly kind: Verdict["kind"] | "skipped";
  readonly title: string;
  /** Markdown of at most so many bytes, in which nothing untrusted is markup any more. Made when it is sent. */
  readonly summary: (limitBytes: number) => string;
  readonly annotations: readonly Annotation[];
  readonly runUrl: string;
  /** `undefined`: there is no run, and `runUrl` is that of the pipeline. */
  readonly runId: number | undefined;
  readonly startedAt?: string | undefined;
  readonly description: string;
}

/** What stands on the commit and points to the run. Nothing here ever rejects: a run matters more than its sign. */
export interface CommitReporter {
  /** Resolves once GitHub has answered, or was given up. */
  open(report: CommitReport): Promise<void>;
  /** Resolves at once: whatever is due is sent while the step goes on. */
  update(report: CommitReport): Promise<void>;
  /**
   * Resolves once everything is sent, or given up. The signal gives up early. Answers whether it is settled: said, or
   * refused for good; else it is worth saying once more.
   */
  close(report: CommitReport, signal?: AbortSignal): Promise<boolean>;
}
