/** Why the action could not do its job. Part of the public interface: docs/troubleshooting.md has a section for each. */
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

/** A failure of the action itself. A failed run is a result, not an error. */
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

/** A response that was too large to read, so its content is unknown. */
export class ResponseTooLargeError extends ActionError {
  override readonly name: string = "ResponseTooLargeError";
}

/** The runner failed (full disk, missing command file, closed log), so the step can't continue. */
export class RunnerError extends ActionError {
  override readonly name = "RunnerError";

  constructor(message: string, cause?: unknown) {
    super("internal", message, { hint: "Check the runner's disk and its `RUNNER_TEMP` folder.", cause });
  }
}

/** Abort reason: the job or the step was cancelled, or reached its time limit. */
export class StepCancelledError extends Error {
  override readonly name = "StepCancelledError";
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Aborts a main step in a container, which receives no signal. The post step has started and cancels the run. */
export const shutdownRequested = new StepCancelledError("the post step has begun");

interface TransientErrorOptions {
  /** The server's Retry-After, in milliseconds from the response. */
  readonly retryAfterMs?: number | undefined;
  /** The request was throttled: it had no effect and can be repeated later. */
  readonly throttled?: boolean | undefined;
  /** There was no connection, so the request cannot have had an effect. */
  readonly unsent?: boolean | undefined;
  /** A gateway, front door or proxy responded instead of the service. */
  readonly fromGateway?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error that may disappear with a retry: a lost connection, a timeout, a gateway's 503. */
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

/** The error if it is transient, else `undefined`: decides retries in `retry`. */
export function asTransient(error: unknown): TransientError | undefined {
  return error instanceof TransientError ? error : undefined;
}

/** What the workflow's author can do about a transient error that lasts. */
export function hintFor({ hint, throttled }: TransientError): string {
  if (hint !== undefined) return hint;
  return throttled
    ? "Start fewer steps at the same time: the limit is per identity."
    : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.";
}

/** Whether a retry may succeed. A rejected token or a bug of the action is permanent. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ActionError)) return error instanceof TransientError;
  // A gateway's page is an error of the action if no retry was left.
  return error.code === "unreachable" || error.code === "busy" || error.cause instanceof TransientError;
}

/** A handler for `catch` that ignores the error and returns `fallback`. The reason documents the call. */
export function ignoreError(reason: string): (error: unknown) => undefined;
export function ignoreError<T>(reason: string, fallback: T): (error: unknown) => T;
export function ignoreError<T>(_reason: string, fallback?: T): (error: unknown) => T | undefined {
  return () => fallback;
}
