import type { PipelineSpec, QueueStatus, TriggeredRunSpec } from "./spec.ts";

/** What a request was authenticated with. */
export type Credential =
  | { readonly kind: "pat"; readonly value: string }
  | { readonly kind: "bearer"; readonly value: string }
  | { readonly kind: "none" };

export type Acceptance = "yes" | "no" | "expired" | "wrong-scope" | "wrong-tenant";

export interface Identity {
  readonly id: string;
  readonly displayName: string;
  readonly uniqueName: string;
}

export type Permission = "Queue builds" | "Edit queue build configuration" | "Stop builds" | "View builds";

/** What differs between versions of the service, or is not certain. Every switch can be changed at any time. */
export interface Quirks {
  /** What a wrong token gets. Blank: 401 without a body where redirects are suppressed, else 302. */
  badTokenFace?: "401-empty" | "401-json" | "302" | "203-html" | "200-html" | "403-vs403463";
  /** Permissions that the caller lacks: each is a 403. */
  denied?: readonly Permission[];
  /** The typeKey of that 403: `AccessDeniedException` with TF215106, or `AccessCheckException`. */
  deniedAs?: "AccessDeniedException" | "AccessCheckException";
  /** The project exists, but the caller may not see it: 400 VS800075. */
  invisibleProject?: boolean;
  maxApiVersion?: string;
  /** JSON answers begin with U+FEFF. */
  bom?: boolean;
  /** Listing calls for which a new build is not in the list yet. */
  listLag?: number;
  /** What a continuation token of the list of builds is worth in a request without `queryOrder`. Blank: the same as in any other. */
  tokenWithoutOrder?: "ignored";
  unchangedTimeline?: "empty" | "204";
  /** That many answers of a run's timeline are 204 first … */
  firstTimelines?: number;
  /** … and that many, or all, have `records: null`. */
  recordsNull?: number | boolean;
  /** Timeline answers for which a finished record has no log yet. */
  lateLogs?: number;
  /** How many reads of a log return only half of it. */
  growingLogs?: number;
  stageWhileWaiting?: "pending" | "inProgress";
  rejectedStage?: "failed" | "skipped";
  /**
   * The record of a manual stage that was not started. `completed`: completed with its result from when it could be
   * started; `late`: pending until the run is completed; `pending`: always pending, beside its result.
   */
  manualStage?: "completed" | "late" | "pending";
  cancelFinished?: 200 | 400;
  /** What `PATCH builds/{id}?retry=true` repeats: the stage (today's service) or the job alone. */
  retryShape?: "stage" | "job";
  logLineBase?: 0 | 1;
  /** Whether the Runs API finds a branch name without `refs/heads/`, as the Build API always does. */
  bareRef?: "reject" | "resolve";
  /** Calls for test results that get `Build N cannot be found.` first. */
  testLag?: number;
}

export type FaultKind =
  | { readonly kind: "reset-before" }
  | { readonly kind: "reset-after" }
  | { readonly kind: "stall"; readonly handled?: boolean }
  | { readonly kind: "stall-body" }
  | { readonly kind: "cut-body" }
  | {
      readonly kind: "status";
      readonly status: number;
      /** Text as it is, anything else as JSON. */
      readonly body?: unknown;
      /** An empty value removes one of the usual headers. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly handled?: boolean;
    }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "garbage" }
  | { readonly kind: "html"; readonly status: number }
  | {
      /** A page of a gateway, front door or proxy: no error envelope and none of the service's headers. */
      readonly kind: "gateway";
      readonly status: number;
      /** Blank: the usual page for that status. */
      readonly body?: string;
      /** Blank: `text/html`, or `text/plain` where the usual page is text. */
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** The request is processed although the response is lost. */
      readonly handled?: boolean;
    }
  | {
      /** A 1xx answer, followed by the normal one unless it is 101 or `alone`. */
      readonly kind: "interim";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly alone?: boolean;
    }
  /** These bytes instead of an answer, then the connection is closed unless `open`. */
  | { readonly kind: "raw"; readonly text: string; readonly open?: boolean }
  /** The `Date` header is wrong by so many seconds. */
  | { readonly kind: "wrong-clock"; readonly seconds: number }
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> };

export interface Fault {
  /** The path is compared with the pathname, whatever its case. */
  readonly on: { readonly method?: string; readonly path: RegExp };
  /** The first call that it applies to, counted from 1 among those that match. Without `times`: that call only. */
  readonly nth?: number;
  /** How many calls it applies to. Blank: one with `nth`, else all. */
  readonly times?: number;
  readonly fault: FaultKind;
}

export interface SeenRequest {
  readonly method: string;
  /** Pathname and search. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A run that was started by a request or a trigger, as it is now. */
export interface SimulatedRun {
  readonly id: number;
  readonly name: string;
  readonly pipelineId: number;
  readonly ref: string;
  readonly version: string;
  readonly templateParameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, { readonly value?: string; readonly isSecret?: boolean }>>;
  readonly stagesToSkip: readonly string[];
  readonly tags: readonly string[];
  /** As the Build API says it. */
  readonly status: "notStarted" | "postponed" | "inProgress" | "cancelling" | "completed" | "abandoned";
  readonly result?: "succeeded" | "partiallySucceeded" | "failed" | "canceled";
  /** The highest attempt of a stage. */
  readonly attempt: number;
  readonly queuedAt: number;
  readonly cancelledAt?: number;
  readonly requestedFor: Identity;
  readonly reason: string;
  /** The body of the request that started it. */
  readonly request: unknown;
  /** As they are now, by identifier: `pending`, `inProgress` or the result. */
  readonly stages: Readonly<Record<string, string>>;
}

export interface SimulatorOptions {
  /** 0 or blank: any free port of 127.0.0.1. */
  readonly port?: number;
  /**
   * Simulated seconds per real second. 0: only `advance` moves the runs. The `Date` header is real time, since a client compares
   * it with its own clock: ages and remaining times that it derives from both are wrong at any other speed than 1.
   */
  readonly speed?: number;
  readonly pipelines?: readonly PipelineSpec[];
  /** May be a path, such as `tfs/DefaultCollection`. */
  readonly organization?: string;
  readonly project?: string;
  readonly accepts?: (credential: Credential) => Acceptance;
  /** The organization's tenant of Entra ID. */
  readonly tenantId?: string;
  /** The owner of a credential. Blank: always the same. */
  readonly identity?: (credential: Credential) => Identity;
  readonly quirks?: Quirks;
  /** Milliseconds since 1970; for tests that control the time. */
  readonly now?: () => number;
  /** Called with each request once it is read. */
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface Simulator extends AsyncDisposable {
  readonly url: string;
  readonly organization: string;
  readonly project: string;
  readonly projectId: string;
  readonly requests: readonly SeenRequest[];
  readonly runs: readonly SimulatedRun[];
  readonly quirks: Quirks;
  order(fault: Fault): void;
  approve(runId: number, stage: string, by?: string): void;
  reject(runId: number, stage: string, by?: string): void;
  authorize(runId: number, stage: string): void;
  /** Resumes or rejects the manual validations of that stage. */
  validate(runId: number, stage: string, accepted: boolean): void;
  /** Starts a manual stage, as a person would in the browser. */
  startStage(runId: number, stage: string): void;
  /** Queues a run as a trigger of Azure DevOps does, now unless `afterSeconds` says otherwise; its id if it is there. */
  trigger(pipelineId: number, run?: TriggeredRunSpec): number | undefined;
  /** Pauses, disables or enables a pipeline. Runs that waited for it go on when it is enabled. */
  setQueueStatus(pipelineId: number, status: QueueStatus): void;
  /** Advances the simulated time by that many seconds. */
  advance(seconds: number): void;
  close(): Promise<void>;
}
