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

/** What went wrong, in the words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why the signal came to a main step in a container: its post step has begun, and sees to the run. */
export const shutdownRequested = new Error("the post step has begun");

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

/** Whether it may be gone the next time: a refused token, or a mistake of our own, is no matter of time. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ActionError) return error.code === "unreachable" || error.code === "busy";
  return error instanceof TransientError;
}
