import type { Throttling } from "../core/poll-interval.ts";
import { ActionError, type ErrorCode } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import type { HttpResponse } from "../ports.ts";

export interface ApiEndpoint {
  /** The organization's URL, without a trailing slash. */
  readonly baseUrl: string;
  readonly project: string;
  readonly apiVersion: string;
  /** Names of the inputs that the user set: hints mention only these. */
  readonly givenInputs: ReadonlySet<string>;
  /** An additional hint for a rejected credential. */
  readonly credentialHint?: string | undefined;
}

/** One request to Azure DevOps. */
export interface ApiRequest<T = unknown> {
  readonly method: "GET" | "POST" | "PATCH";
  /** Relative to the project, encoded: `_apis/build/builds/7`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** For a resource that has only this version: `7.1-preview.1`. */
  readonly version?: string;
  /** The first version with this effect: an older server must reject the request. */
  readonly minVersion?: string | undefined;
  /** Decodes the body's JSON; `undefined` means no body (204). Throws a TransientError for a body of another kind. */
  readonly decode: (value: unknown) => T | Promise<T>;
  /** Begins the message of an error: `Starting the run`. */
  readonly operation: string;
  readonly timeoutMs?: number;
  /** How long transient failures are retried, in milliseconds. Absent: no retries. */
  readonly retryForMs?: number;
  /** The same for a request that the service refuses since it throttles this identity; by default as long as other failures. */
  readonly retryThrottledForMs?: number;
  /** Called before each retry, with the reason and the time since the first failure. Milliseconds. */
  readonly onRetry?: (reason: string, sinceMs: number) => void;
  /** The time, by the clock, after which no delay, no token and no response is waited for. */
  readonly deadline?: number;
  /** Sends the request at once, even if the service requested a delay, since no time is left. */
  readonly ignoreRetryAfter?: boolean;
  /** Not sent if Retry-After requests a delay beyond the deadline. */
  readonly isOptional?: boolean;
  /** Called when the request is sent. From then on, only the returned signal can end it. */
  readonly onSend?: () => AbortSignal;
  /** Whether a collection that is offline counts as an outage and is retried, instead of as a refusal. */
  readonly toleratesOutage?: boolean;
  readonly signal: AbortSignal;
}

export interface ApiResponse<T = unknown> {
  readonly value: T;
  /** The unchanged body. */
  readonly text: string;
  readonly headers: HttpResponse["headers"];
  /** The delay that the server requested before the next request, with any status. */
  readonly retryAfterMs: number | undefined;
  /** The service throttles this identity: it delayed the response, or refused a request before it. */
  readonly throttling?: Throttling | undefined;
}

/** Hides the secrets in a text. */
export type Redact = (text: string) => string;

/** What a response is judged by. */
export interface ResponseContext {
  readonly clock: Pick<Clock, "now">;
  readonly endpoint: Pick<ApiEndpoint, "baseUrl" | "givenInputs" | "credentialHint">;
  readonly redact: Redact;
}

/** Sends a request, and decodes the response. Throws an ActionError for a refusal, a TransientError if a retry may help. */
export type SendRequest = <T>(request: ApiRequest<T>) => Promise<ApiResponse<T>>;

/** Adds a behaviour to all requests. */
export type Policy = (send: SendRequest) => SendRequest;

/** The default time limit of one response. Milliseconds. */
const defaultTimeoutMs = 30_000;

/** The time limit of a request that is sent at the deadline. Milliseconds. */
const minTimeoutMs = 3_000;

/** The time limit of one response. Milliseconds. */
export function responseTimeoutMs(
  { timeoutMs = defaultTimeoutMs, ...request }: ApiRequest,
  now: number,
): number {
  return Math.min(timeoutMs, remainingMs(request, now));
}

/** The time limit for fetching a token: the same as for the request and its retries. Milliseconds. */
export function tokenTimeoutMs(
  { timeoutMs = defaultTimeoutMs, retryForMs = 0, ...request }: ApiRequest,
  now: number,
): number {
  return Math.min(retryForMs + timeoutMs, remainingMs(request, now));
}

function remainingMs(
  { deadline = Number.POSITIVE_INFINITY }: Pick<ApiRequest, "deadline">,
  now: number,
): number {
  return Math.max(deadline - now, minTimeoutMs);
}

/** A refusal with the service's message. */
export class ApiError extends ActionError {
  /** The service's key of the error, which does not depend on its language. */
  readonly typeKey: string;

  constructor(
    code: ErrorCode,
    message: string,
    { typeKey, hint }: { typeKey: string; hint: string | undefined },
  ) {
    super(code, message, { hint });
    this.typeKey = typeKey;
  }
}
