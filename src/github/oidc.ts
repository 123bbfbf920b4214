import type { Trigger } from "../core/default-ref.ts";
import { ActionError, TransientError } from "../errors.ts";
import { asObject, asString, parseJson } from "../lib/json.ts";
import { retryAfterMs } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { HttpResponse, Transport } from "../ports.ts";

interface IdTokenDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: Transport;
  readonly clock: Pick<Clock, "now">;
  readonly mask: (secret: string) => void;
  /** The workflow's event: called only for an error message. */
  readonly trigger: () => Promise<Trigger>;
}

/**
 * Fetches a new OIDC token of this job, which is valid for five minutes. Sends one request; throws a TransientError if a retry
 * may help.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function createIdTokenSource({ env, transport, clock, mask, trigger }: IdTokenDeps) {
  let hasReceivedToken = false;
  return async (audience: string, signal: AbortSignal): Promise<string> => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
    if (!url || !bearer) throw tokenNotGranted(await trigger());
    const token = await requestIdToken({ url, bearer, audience, transport, clock, signal });
    if (token === undefined)
      throw hasReceivedToken ? tokenNoLongerGranted() : tokenNotGranted(await trigger());
    mask(token);
    hasReceivedToken = true;
    return token;
  };
}

interface IdTokenRequest {
  readonly url: string;
  readonly bearer: string;
  readonly audience: string;
  readonly transport: Transport;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
}

/** Returns `undefined` if the job cannot have one. */
async function requestIdToken(request: IdTokenRequest): Promise<string | undefined> {
  const { status, headers, body } = await sendRequest(request);
  if (status === 401 || status === 403) return undefined;
  const token = status === 200 ? asString(asObject(parseJson(body))["value"]) : null;
  if (token !== null) return token;
  throw new TransientError(`GitHub's token service answered ${status} without a token`, {
    retryAfterMs: retryAfterMs(headers, request.clock.now()),
    throttled: status === 429,
    hint: githubStatusHint,
  });
}

async function sendRequest({
  url,
  bearer,
  audience,
  transport,
  signal,
}: IdTokenRequest): Promise<HttpResponse> {
  try {
    return await transport.send({
      method: "GET",
      url: `${url}&audience=${encodeURIComponent(audience)}`,
      headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
      timeoutMs: 30_000,
      signal,
    });
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    const hint = error.hint ?? githubStatusHint;
    throw new TransientError(`GitHub's token service: ${error.message}`, { hint, cause: error });
  }
}

const githubStatusHint =
  "Run the job again; https://www.githubstatus.com shows whether GitHub has an outage.";

function tokenNotGranted(trigger: Trigger): ActionError {
  const message = "This job has no access to GitHub's identity tokens";
  if (isFromFork(trigger)) {
    return new ActionError("unauthorized", `${message}: it runs for a pull request from a fork.`, {
      hint: "Start the pipeline from a workflow on `workflow_run`, or once the change is on a branch of this repository.",
    });
  }
  return new ActionError("unauthorized", `${message}.`, {
    hint:
      "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
      "the caller must grant it too; a pull request from a fork cannot have one. If another credential was intended, " +
      "check that its input (for example `client-secret`) is not blank.",
  });
}

function isFromFork({ event, repository, pullRequest }: Trigger): boolean {
  const head = pullRequest?.headRepository;
  return event !== "pull_request_target" && pullRequest !== undefined && head !== repository;
}

function tokenNoLongerGranted(): ActionError {
  return new ActionError("unauthorized", "GitHub gives this job no further identity tokens.", {
    hint: "Use another credential for runs of more than six hours, after which GitHub issues no further tokens to a job.",
  });
}
