/** Why the action could not do its job. Public: each has a section in docs/troubleshooting.md. */
export const errorCodes = [
  "bad-input",
  "unauthorized",
  "forbidden",
  "not-found",
  "rejected",
  "unreachable",
  "busy",
  "unexpected-response",
  "start-unknown",
  "timeout",
  "canceled",
  "internal",
  "unsupported-runner",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

interface ActionErrorOptions {
  /** What the workflow's author can do about it: one imperative sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The action could not do its job. A run that failed is a verdict, never one of these. */
export class ActionError extends Error {
  override readonly name: string = "ActionError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: ActionErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** A response that was too large to read: what it says is unknown. */
export class ResponseTooLargeError extends ActionError {
  override readonly name: string = "ResponseTooLargeError";
}

/** The runner can't do its part (a full disk, a command file that is gone, a closed log): the step can't go on. */
export class RunnerError extends ActionError {
  override readonly name = "RunnerError";

  constructor(message: string, cause?: unknown) {
    super("internal", message, { hint: "Check the runner's disk and its `RUNNER_TEMP` folder.", cause });
  }
}

/** Why the step was aborted: its job, or the step itself, was cancelled or ran out of time. */
export class StepCancelledError extends Error {
  override readonly name = "StepCancelledError";
}

/** What went wrong, in the words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Aborts a main step in a container, which no signal reaches: its post step has begun, and cancels the run. */
export const shutdownRequested = new StepCancelledError("the post step has begun");

interface TransientErrorOptions {
  /** What the server asked to wait, in milliseconds from when the answer came. */
  readonly retryAfterMs?: number | undefined;
  /** Refused for being too many: nothing was done, and asking again later is right. */
  readonly throttled?: boolean | undefined;
  /** No connection came about, so the request cannot have done anything. */
  readonly unsent?: boolean | undefined;
  /** A gateway, front door or proxy answered in the service's place. */
  readonly fromGateway?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Something that may be gone the next time: a lost connection, a time-out, a gateway's 503. */
export class TransientError extends Error {
  override readonly name: string = "TransientError";
  readonly retryAfterMs: number | undefined;
  readonly throttled: boolean;
  readonly unsent: boolean;
  readonly fromGateway: boolean;
  readonly hint: string | undefined;

  constructor(message: string, options: TransientErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.throttled = options.throttled ?? false;
    this.unsent = options.unsent ?? false;
    this.fromGateway = options.fromGateway ?? false;
    this.hint = options.hint;
  }
}

/** The error if it is a transient one: what `retry` asks. */
export function asTransient(error: unknown): TransientError | undefined {
  return error instanceof TransientError ? error : undefined;
}

/** Whether it may be gone the next time: a refused token, or a mistake of our own, is no matter of time. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ActionError) return error.code === "unreachable" || error.code === "busy";
  return error instanceof TransientError;
}

/** A handler for `catch` that ignores the error, and goes on with `fallback`. The reason is for readers of the code. */
export function ignoreError(reason: string): (error: unknown) => undefined;
export function ignoreError<T>(reason: string, fallback: T): (error: unknown) => T;
export function ignoreError<T>(_reason: string, fallback?: T): (error: unknown) => T | undefined {
  return () => fallback;
}
