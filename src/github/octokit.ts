import * as v from "valibot";
import { reasonOf } from "../errors.ts";
import { clip, oneLine } from "../lib/text.ts";
import { toFetch } from "../lib/to-fetch.ts";
import type { Transport } from "../ports.ts";

export type Octokit = ReturnType<typeof import("@actions/github").getOctokit>;

export interface GitHubAccess {
  readonly token: string;
  /** GITHUB_API_URL, which differs on GitHub Enterprise. */
  readonly apiUrl: string;
  readonly transport: Transport;
  /** Replaces secrets in what is sent, since nothing masks them there. */
  readonly redact?: (text: string) => string;
}

/** Why a request to GitHub failed. */
export interface GitHubFailure {
  readonly text: string;
  readonly status: number | undefined;
  /** Whether a retry would fail in the same way. */
  readonly isPermanent: boolean;
  /** The delay that GitHub requested, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What is misconfigured, if known. */
  readonly misconfiguration?: "token" | "personal-token" | "permissions" | undefined;
  /** Not a failure: the report must not be written, for the reason in the text. */
  readonly isIntended?: true;
}

/** There is no token for GitHub. */
class TokenMissingError extends Error {}

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Octokit with the action's transport, so that it has the same proxies, certificates and time limits. `leftMs` is called
 * before each request and returns its time limit.
 */
export async function createOctokit(access: GitHubAccess, remainingMs: () => number): Promise<Octokit> {
  const { token, apiUrl } = access;
  if (token === "") throw new TokenMissingError("the input `github-token` is blank");
  // Loaded only if a check run or status is requested, which most steps don't.
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
    // Redirects are not followed with a token, and Octokit would treat one as success.
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
    misconfiguration: throttled ? undefined : misconfigurationOf(status, message),
  };
}

/**
 * A missing permission is answered with 403, or with 404 if the token cannot even see the repository. Personal access tokens
 * can never write check runs: https://docs.github.com/rest/checks/runs#create-a-check-run
 */
function misconfigurationOf(status: number, message: string): GitHubFailure["misconfiguration"] {
  if (status === 401) return "token";
  if (status === 403 && /via a GitHub App|by personal access token/i.test(message)) return "personal-token";
  return status === 403 || status === 404 ? "permissions" : undefined;
}

/** No response, or one that is not from GitHub. */
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
    ? "GitHub's response was invalid"
    : `GitHub could not be reached: ${shortText(reasonOf(error))}`;
  return { text, status: undefined, isPermanent: false, retryAfterMs: undefined };
}

// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
function isRateLimited(headers: Readonly<Record<string, unknown>>, message: string): boolean {
  return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(message);
}

function rateLimitDelayMs(headers: Readonly<Record<string, unknown>>): number {
  const seconds = Number(headers["retry-after"]);
  if (seconds >= 0) return seconds * 1000;
  // By GitHub's clock, not by this machine's.
  const resetMs = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
  // Without a time, GitHub's documentation requires a minute.
  return headers["x-ratelimit-remaining"] === "0" && resetMs >= 0 ? resetMs : 60_000;
}

function shortText(text: string): string {
  return clip(oneLine(text), 200).replace(/\.$/, "");
}

/** `contoso/web` in the form that Octokit requires. */
export function parseRepository(repository: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
}
