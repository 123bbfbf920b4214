import { expect } from "vitest";
import { buildJson, noTimeline, runJson } from "./azure-responses.ts";
import { type ReceivedRequest, type Reply, type ScriptedAzure, scriptedAzure } from "./scripted-azure.ts";

interface TokenCheckOptions {
  /** Whether a bearer token is valid now. */
  readonly accepts: (token: string) => boolean;
  /** How many polls show the run in progress before one shows it completed. */
  readonly pollsBeforeCompletion?: number;
  /** The response to an invalid token. */
  readonly rejection?: Reply;
  /** Replaces the response to a poll, counted from 1. */
  readonly onPoll?: (count: number) => Reply | undefined;
}

export interface TokenCheckingAzure extends ScriptedAzure {
  /** The valid tokens that were received, in the order of their first use. */
  readonly acceptedTokens: readonly string[];
  /** All tokens that were received. */
  readonly receivedTokens: readonly string[];
  /** How many requests had an invalid token. */
  readonly rejectedCount: number;
}

const unauthorized: Reply = {
  status: 401,
  headers: { "www-authenticate": 'Basic realm="https://tfs.example/"' },
};

/** Pipeline 42 and its run 345 on a server that checks every token. */
export async function tokenCheckingAzure({
  accepts,
  pollsBeforeCompletion = 1,
  onPoll,
  rejection = unauthorized,
}: TokenCheckOptions): Promise<TokenCheckingAzure> {
  const [acceptedTokens, receivedTokens] = [new Set<string>(), new Set<string>()];
  let [rejectedCount, pollCount] = [0, 0];
  const checkToken =
    (reply: () => Reply) =>
    ({ headers: { authorization } }: ReceivedRequest): Reply => {
      const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
      receivedTokens.add(token);
      if (accepts(token)) {
        acceptedTokens.add(token);
        return reply();
      }
      rejectedCount += 1;
      return rejection;
    };
  const pollReply = (): Reply => {
    pollCount += 1;
    return (
      onPoll?.(pollCount) ?? {
        body: buildJson(pollCount > pollsBeforeCompletion ? "completed" : "inProgress"),
      }
    );
  };
  const azure = await scriptedAzure({
    "POST pipelines/42/runs": checkToken(() => ({ body: runJson() })),
    "GET build/builds/345": checkToken(pollReply),
    "GET build/builds/345/timeline": checkToken(() => noTimeline),
    "PATCH build/builds/345": checkToken(() => ({ body: buildJson("cancelling") })),
  });
  return {
    ...azure,
    get acceptedTokens() {
      return [...acceptedTokens];
    },
    get receivedTokens() {
      return [...receivedTokens];
    },
    get rejectedCount() {
      return rejectedCount;
    },
  };
}

/** Tokens were refreshed before they expired, not after a 401. Under heavy load one or two may be late. */
export function expectRefreshedInTime({ acceptedTokens, rejectedCount }: TokenCheckingAzure): void {
  expect(acceptedTokens.length).toBeGreaterThan(3);
  expect(rejectedCount).toBeLessThan(acceptedTokens.length - 1);
}
