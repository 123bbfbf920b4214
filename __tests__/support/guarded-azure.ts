import { expect } from "vitest";
import { build, noTimeline, startedRun } from "./answers.ts";
import { type Asked, type Reply, type ScriptedAzure, scriptedAzure } from "./scripted-azure.ts";

interface Guard {
  /** Whether a bearer token is good at this moment. */
  readonly accepts: (token: string) => boolean;
  /** How many looks see the run going on before one sees it completed. */
  readonly looks?: number;
  /** What a token gets that is not. */
  readonly face?: Reply;
  /** In place of the usual answer to a look, counted from 1. */
  readonly onLook?: (count: number) => Reply | undefined;
}

export interface GuardedAzure extends ScriptedAzure {
  /** The tokens that were shown and good, in the order of their first use. */
  readonly tokens: readonly string[];
  /** All that were shown. */
  readonly shown: readonly string[];
  /** How many times a token was shown that was not good. */
  readonly turnedAway: number;
}

const unauthorized: Reply = {
  status: 401,
  headers: { "www-authenticate": 'Basic realm="https://tfs.example/"' },
};

/** Pipeline 42 and its run 345 behind a door that looks at every token. */
export async function guardedAzure({
  accepts,
  looks = 1,
  onLook,
  face = unauthorized,
}: Guard): Promise<GuardedAzure> {
  const [tokens, shown] = [new Set<string>(), new Set<string>()];
  let [turnedAway, looked] = [0, 0];
  const guarded =
    (answer: () => Reply) =>
    ({ headers: { authorization } }: Asked): Reply => {
      const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
      shown.add(token);
      if (accepts(token)) {
        tokens.add(token);
        return answer();
      }
      turnedAway += 1;
      return face;
    };
  const look = (): Reply => {
    looked += 1;
    return onLook?.(looked) ?? { body: build(looked > looks ? "completed" : "inProgress") };
  };
  const azure = await scriptedAzure({
    "POST pipelines/42/runs": guarded(() => ({ body: startedRun() })),
    "GET build/builds/345": guarded(look),
    "GET build/builds/345/timeline": guarded(() => noTimeline),
    "PATCH build/builds/345": guarded(() => ({ body: build("cancelling") })),
  });
  return {
    ...azure,
    get tokens() {
      return [...tokens];
    },
    get shown() {
      return [...shown];
    },
    get turnedAway() {
      return turnedAway;
    },
  };
}

/** Before the end, not upon a 401; under a heavy load a token or two may come late. */
export function expectRenewedInTime({ tokens, turnedAway }: GuardedAzure): void {
  expect(tokens.length).toBeGreaterThan(3);
  expect(turnedAway).toBeLessThan(tokens.length - 1);
}
