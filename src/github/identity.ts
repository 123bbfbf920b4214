import type { Trigger } from "../core/default-ref.ts";
import { retryAfterMs } from "../core/retry-after.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { Clock, HttpAnswer, Transport } from "../ports.ts";

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: Transport;
  readonly clock: Pick<Clock, "now">;
  readonly mask: (secret: string) => void;
  /** What started the workflow: only asked when there is something to explain. */
  readonly trigger: () => Promise<Trigger>;
}

/**
 * Fetches OIDC tokens of this job, each a fresh one: they live for five minutes. Asks once: PassingError where asking
 * again may help.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function jobIdentity({ env, transport, clock, mask, trigger }: Surroundings) {
  let isGranted = false;
  return async (audience: string, signal: AbortSignal): Promise<string> => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
    if (!url || !bearer) throw notGranted(await trigger());
    const token = await askForToken({ url, bearer, audience, transport, clock, signal });
    if (token === undefined) throw isGranted ? noLonger() : notGranted(await trigger());
    mask(token);
    isGranted = true;
    return token;
  };
}

interface Question {
  readonly url: string;
  readonly bearer: string;
  readonly audience: string;
  readonly transport: Transport;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
}

/** Answers nothing where the job may not have one. */
async function askForToken(question: Question): Promise<string | undefined> {
  const { status, headers, body } = await answerTo(question);
  if (status === 401 || status === 403) return undefined;
  const token = status === 200 ? tokenIn(body) : undefined;
  if (token !== undefined) return token;
  throw new PassingError(`GitHub's token service answered ${status} and no token`, {
    retryAfterMs: retryAfterMs(headers, question.clock.now()),
    throttled: status === 429,
    hint: troubled,
  });
}

async function answerTo({ url, bearer, audience, transport, signal }: Question): Promise<HttpAnswer> {
  try {
    return await transport.ask({
      method: "GET",
      url: `${url}&audience=${encodeURIComponent(audience)}`,
      headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
      timeoutMs: 30_000,
      signal,
    });
  } catch (error) {
    if (!(error instanceof PassingError)) throw error;
    const hint = error.hint ?? troubled;
    throw new PassingError(`GitHub's token service: ${error.message}`, { hint, cause: error });
  }
}

const troubled = "Run the job again; https://www.githubstatus.com tells whether GitHub is in trouble.";

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const value =
      typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}

function notGranted(trigger: Trigger): ActionError {
  const what = "This job may not have an identity token of GitHub's";
  if (isOfFork(trigger)) {
    return new ActionError("unauthorized", `${what}: it runs for a pull request from a fork.`, {
      hint: "Start the pipeline from a workflow on `workflow_run`, or once the change is on a branch of this repository.",
    });
  }
  return new ActionError("unauthorized", `${what}.`, {
    hint:
      "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
      "the caller has to grant it too; a pull request from a fork cannot have one. If another way to sign in was meant, " +
      "check that its input (`client-secret`, say) is not blank.",
  });
}

function isOfFork({ event, repository, pullRequest }: Trigger): boolean {
  const head = pullRequest?.headRepository;
  return event !== "pull_request_target" && pullRequest !== undefined && head !== repository;
}

function noLonger(): ActionError {
  return new ActionError("unauthorized", "GitHub gives this job no further identity tokens.", {
    hint: "Sign in another way where a run takes longer than six hours: that is how long GitHub lets a job ask for them.",
  });
}
