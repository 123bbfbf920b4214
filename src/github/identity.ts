import { ActionError, PassingError } from "../errors.ts";
import type { Clock, Transport } from "../ports.ts";

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly mask: (secret: string) => void;
}

const tries = 4;

/**
 * Fetches OIDC tokens of this job, each a fresh one: they live for five minutes.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function jobIdentity({ env, transport, clock, mask }: Surroundings) {
  return async (audience: string, signal: AbortSignal): Promise<string> => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
    if (!url || !bearer) throw notGranted();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const token = await askForToken({ url, bearer, audience, transport, signal });
        mask(token);
        return token;
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        if (attempt === tries) throw away(error);
        await clock.sleep(1_000 * 2 ** (attempt - 1), signal);
      }
    }
  };
}

interface Question {
  readonly url: string;
  readonly bearer: string;
  readonly audience: string;
  readonly transport: Transport;
  readonly signal: AbortSignal;
}

async function askForToken({ url, bearer, audience, transport, signal }: Question): Promise<string> {
  const { status, body } = await transport.ask({
    method: "GET",
    url: `${url}&audience=${encodeURIComponent(audience)}`,
    headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
    timeoutMs: 30_000,
    signal,
  });
  if (status === 401 || status === 403) throw notGranted();
  const token = status === 200 ? tokenIn(body) : undefined;
  if (token === undefined) throw new PassingError(`GitHub's token service answered ${status} and no token`);
  return token;
}

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

function notGranted(): ActionError {
  return new ActionError("unauthorized", "This job may not have an identity token of GitHub's.", {
    hint:
      "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
      "the caller has to grant it too; a pull request from a fork cannot have one.",
  });
}

function away(error: PassingError): ActionError {
  return new ActionError("unreachable", `GitHub gave this job no identity token: ${error.message}.`, {
    hint: "Run the job again; https://www.githubstatus.com tells whether GitHub is in trouble.",
    cause: error,
  });
}
