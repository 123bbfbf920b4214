import type { Throttling } from "../core/poll-interval.ts";
import type { HttpResponse } from "../ports.ts";

export interface ApiEndpoint {
  /** The organization's address, without a slash at its end. */
  readonly baseUrl: string;
  readonly project: string;
  readonly apiVersion: string;
  /** Names of the inputs that the user set: hints mention no others. */
  readonly givenInputs: ReadonlySet<string>;
  /** What to check when the credential is not accepted. */
  readonly credentialHint?: string | undefined;
}

/** One request to Azure DevOps. */
export interface ApiRequest<T = unknown> {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below the project, encoded: `_apis/build/builds/7`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** For a resource that knows no other: `7.1-preview.1`. */
  readonly version?: string;
  /** A lower version would mean something else, so that an older server must refuse. */
  readonly isVersionFixed?: boolean;
  /** What the body's JSON means; `undefined` stands for no body (204). A PassingError says: not an answer to this. */
  readonly decode: (value: unknown) => T;
  /** What is being done, for an error's first words: `Starting the run`. */
  readonly operation: string;
  readonly timeoutMs?: number;
  /** How long a passing failure is asked again, in milliseconds. Absent: not once. */
  readonly retryForMs?: number;
  /** Called each time before it is asked again: why, and how long there has been no good answer. Milliseconds. */
  readonly onRetry?: (reason: string, sinceMs: number) => void;
  /** When whoever asks has no time left, by the clock: no rest, no token and no answer is waited for any longer. */
  readonly deadline?: number;
  /** Goes out at once, also while the service asked for a rest: whoever asks has no time left. */
  readonly ignoreRetryAfter?: boolean;
  /** Called as the request goes out; from then on only the signal that it answers with can end it. */
  readonly onSend?: () => AbortSignal;
  /** A collection that is offline is waited for like any outage, not taken as a refusal. */
  readonly toleratesOutage?: boolean;
  readonly signal: AbortSignal;
}

export interface ApiResponse<T = unknown> {
  readonly value: T;
  /** The body as it came. */
  readonly text: string;
  readonly headers: HttpResponse["headers"];
  /** What the server asked to wait before the next request, on whatever status. */
  readonly retryAfterMs: number | undefined;
  /** The service slows this identity down: the answer was held back, or another was refused before it. */
  readonly throttling?: Throttling | undefined;
}

/** Asks, and answers with what was understood; refusals are ActionError, what may pass is PassingError. */
export type SendRequest = <T>(request: ApiRequest<T>) => Promise<ApiResponse<T>>;

/** What cuts across all questions. */
export type Policy = (send: SendRequest) => SendRequest;

/** Of one answer, where the call says nothing else. Milliseconds. */
const defaultTimeoutMs = 30_000;

/** What is asked at the very deadline may still be answered. Milliseconds. */
const minTimeoutMs = 3_000;

/** How long one answer may take. Milliseconds. */
export function responseTimeoutMs(
  { timeoutMs = defaultTimeoutMs, ...request }: ApiRequest,
  now: number,
): number {
  return Math.min(timeoutMs, remainingMs(request, now));
}

/** How long a token may be in coming: as long as the answers that it is for. Milliseconds. */
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
