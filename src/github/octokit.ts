import * as v from "valibot";
import { reasonOf } from "../errors.ts";
import { clip, oneLine } from "../lib/text.ts";
import { toFetch } from "../lib/to-fetch.ts";
import type { Transport } from "../ports.ts";

export type Octokit = ReturnType<typeof import("@actions/github").getOctokit>;

export interface GitHubAccess {
  readonly token: string;
  /** GITHUB_API_URL: another one on GitHub Enterprise. */
  readonly apiUrl: string;
  readonly transport: Transport;
  /** Takes secrets out of what is sent: nothing masks them there. */
  readonly redact?: (text: string) => string;
}

/** Why a request to GitHub came to nothing. */
export interface GitHubFailure {
  readonly text: string;
  readonly status: number | undefined;
  /** Asking again would be answered in the same way. */
  readonly isPermanent: boolean;
  /** How long GitHub asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What is to be mended, where that is plain. */
  readonly misconfiguration?: "token" | "permissions" | undefined;
  /** No failure: the report has no place there, and the text says so. */
  readonly isIntended?: true;
}

/** There is nothing to ask GitHub with. */
class TokenMissingError extends Error {}

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Octokit over our own transport, so that proxies, certificates and time limits are those of everything else.
 * `leftMs` is asked before each request how long it may take.
 */
export async function createOctokit(access: GitHubAccess, remainingMs: () => number): Promise<Octokit> {
  const { token, apiUrl } = access;
  if (token === "") throw new TokenMissingError("the input `github-token` is blank");
  // Loaded only when a check or a status is asked for: most steps never pay for it.
  const { getOctokit } = await import("@actions/github");
  return getOctokit(token, {
    baseUrl: apiUrl.replace(/\/+$/, ""),
    log: silentLog,
    request: { fetch: createFetch(access, remainingMs), log: silentLog },
  });
}

function createFetch({ transport, redact = (text) => text }: GitHubAccess, remainingMs: () => number) {
  return toFetch(async ({ body, ...request }) => {
    const timeoutMs = remainingMs();
    if (timeoutMs <= 0) throw new Error("there was no time left");
    const redacted = body === undefined ? {} : { body: redact(body) };
    const response = await transport.send({ ...request, ...redacted, timeoutMs });
    // A token does not follow a redirect, and Octokit would take one for success.
    if (response.status >= 300 && response.status < 400)
      throw new Error(`it answered with a redirect (${response.status})`);
    return response;
  });
}

const errorResponseShape = v.object({
  status: v.number(),
  response: v.object({
    headers: v.record(v.string(), v.unknown()),
    data: v.fallback(v.object({ message: v.string() }), { message: "" }),
  }),
});

export function describeFailure(error: unknown): GitHubFailure {
  const parsed = v.safeParse(errorResponseShape, error);
  if (!parsed.success) return describeMissingResponse(error);
  const { status, response } = parsed.output;
  const message = shortText(response.data.message);
  const throttled = status === 429 || (status === 403 && isRateLimited(response.headers, message));
  return {
    text: `GitHub answered ${status}${message && `: ${message}`}`,
    status,
    isPermanent: status < 500 && status !== 408 && !throttled,
    retryAfterMs: throttled ? rateLimitDelayMs(response.headers) : undefined,
    misconfiguration: throttled ? undefined : misconfigurationOf(status),
  };
}

/** What a token lacks is answered 403, or 404 where it may not even see the repository. */
function misconfigurationOf(status: number): GitHubFailure["misconfiguration"] {
  if (status === 401) return "token";
  return status === 403 || status === 404 ? "permissions" : undefined;
}

/** No answer, or one that cannot be GitHub's. */
function describeMissingResponse(error: unknown): GitHubFailure {
  if (error instanceof TokenMissingError) {
    return {
      text: error.message,
      status: undefined,
      isPermanent: true,
      retryAfterMs: undefined,
      misconfiguration: "token",
    };
  }
  const text = v.isValiError(error)
    ? "GitHub's answer was not understood"
    : `GitHub was not reached: ${shortText(reasonOf(error))}`;
  return { text, status: undefined, isPermanent: false, retryAfterMs: undefined };
}

// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
function isRateLimited(headers: Readonly<Record<string, unknown>>, message: string): boolean {
  return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(message);
}

function rateLimitDelayMs(headers: Readonly<Record<string, unknown>>): number {
  const seconds = Number(headers["retry-after"]);
  if (seconds >= 0) return seconds * 1000;
  // By GitHub's own clock, not by this machine's.
  const resetMs = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
  // Told to wait and not how long, GitHub asks for a minute.
  return headers["x-ratelimit-remaining"] === "0" && resetMs >= 0 ? resetMs : 60_000;
}

function shortText(text: string): string {
  return clip(oneLine(text), 200).replace(/\.$/, "");
}

/** `contoso/web` as Octokit wants it. */
export function parseRepository(repository: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
}
