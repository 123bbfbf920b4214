import * as v from "valibot";
import { clip, oneLine } from "../core/text.ts";
import { reasonOf } from "../errors.ts";
import type { Transport } from "../ports.ts";

export type Octokit = ReturnType<typeof import("@actions/github").getOctokit>;

export interface Access {
  readonly token: string;
  /** GITHUB_API_URL: another one on GitHub Enterprise. */
  readonly apiUrl: string;
  readonly transport: Transport;
  /** Takes secrets out of what is sent: nothing masks them there. */
  readonly hide?: (text: string) => string;
}

/** Why a request to GitHub came to nothing. */
export interface Fault {
  readonly text: string;
  readonly status: number | undefined;
  /** Asking again would be answered in the same way. */
  readonly lasting: boolean;
  /** How long GitHub asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What is to be mended, where that is plain. */
  readonly blame?: "token" | "permissions" | undefined;
}

/** There is nothing to ask GitHub with. */
class TokenMissing extends Error {}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Octokit over our own transport, so that proxies, certificates and time limits are those of everything else.
 * `leftMs` is asked before each request how long it may take.
 */
export async function connect(
  { token, apiUrl, transport, hide }: Access,
  leftMs: () => number,
): Promise<Octokit> {
  if (token === "") throw new TokenMissing("the input `github-token` is blank");
  // Loaded only when a check or a status is asked for: most steps never pay for it.
  const { getOctokit } = await import("@actions/github");
  return getOctokit(token, {
    baseUrl: apiUrl.replace(/\/+$/, ""),
    log: silent,
    request: { fetch: fetchOver(transport, leftMs, hide), log: silent },
  });
}

interface Asked {
  readonly method: "GET" | "POST" | "PATCH";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

function fetchOver(transport: Transport, leftMs: () => number, hide: Access["hide"] = (text) => text) {
  return async (url: string, { method, headers, body, signal }: Asked): Promise<Response> => {
    const timeoutMs = leftMs();
    if (timeoutMs <= 0) throw new Error("there was no time left");
    const asked = { method, url, headers, timeoutMs, signal };
    const answer = await transport.ask(body === undefined ? asked : { ...asked, body: hide(body) });
    // A token does not follow a redirect, and Octokit would take one for success.
    if (answer.status >= 300 && answer.status < 400)
      throw new Error(`it answered with a redirect (${answer.status})`);
    const hasBody = answer.status !== 204 && answer.status !== 205;
    return new Response(hasBody ? answer.body : null, { status: answer.status, headers: answer.headers });
  };
}

const refusalShape = v.object({
  status: v.number(),
  response: v.object({
    headers: v.record(v.string(), v.unknown()),
    data: v.fallback(v.object({ message: v.string() }), { message: "" }),
  }),
});

export function faultOf(error: unknown): Fault {
  const refusal = v.safeParse(refusalShape, error);
  if (!refusal.success) return lost(error);
  const { status, response } = refusal.output;
  const said = brief(response.data.message);
  const throttled = status === 429 || (status === 403 && isThrottling(response.headers, said));
  return {
    text: `GitHub answered ${status}${said && `: ${said}`}`,
    status,
    lasting: status < 500 && status !== 408 && !throttled,
    retryAfterMs: throttled ? retryAfterMs(response.headers) : undefined,
    blame: throttled ? undefined : blameFor(status),
  };
}

/** What a token lacks is answered 403, or 404 where it may not even see the repository. */
function blameFor(status: number): Fault["blame"] {
  if (status === 401) return "token";
  return status === 403 || status === 404 ? "permissions" : undefined;
}

/** No answer, or one that cannot be GitHub's. */
function lost(error: unknown): Fault {
  if (error instanceof TokenMissing) {
    return { text: error.message, status: undefined, lasting: true, retryAfterMs: undefined, blame: "token" };
  }
  const text = v.isValiError(error)
    ? "GitHub's answer was not understood"
    : `GitHub was not reached: ${brief(reasonOf(error))}`;
  return { text, status: undefined, lasting: false, retryAfterMs: undefined };
}

// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
function isThrottling(headers: Readonly<Record<string, unknown>>, said: string): boolean {
  return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(said);
}

function retryAfterMs(headers: Readonly<Record<string, unknown>>): number {
  const seconds = Number(headers["retry-after"]);
  if (seconds >= 0) return seconds * 1000;
  // By GitHub's own clock, not by this machine's.
  const reset = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
  // Told to wait and not how long, GitHub asks for a minute.
  return headers["x-ratelimit-remaining"] === "0" && reset >= 0 ? reset : 60_000;
}

function brief(words: string): string {
  return clip(oneLine(words), 200).replace(/\.$/, "");
}
