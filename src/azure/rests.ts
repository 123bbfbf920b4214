import { retryAfterMs } from "../core/retry-after.ts";
import type { Clock, Transport } from "../ports.ts";
import type { Call, Send } from "./send.ts";

/** A longer rest only a wait may have, between two of its looks: nobody else remembers more of it. Milliseconds. */
const longestRestMs = 5 * 60_000;

interface Resting extends Pick<Call, "signal" | "isUrgent" | "deadline"> {
  /** Called before a rest begins. Milliseconds. */
  readonly onRest?: (restMs: number) => void;
}

/** How long each host wants to be left alone: `Retry-After` comes with any status, before the throttling begins. */
export interface Rests {
  /** The same transport; what its answers wish for is remembered. */
  noting(transport: Transport): Transport;
  /** Leaves a host alone for as long as it asked. At the deadline there is no time left for that. */
  sitOut(url: string, resting: Resting): Promise<void>;
}

export function createRests(clock: Clock): Rests {
  const ends = new Map<string, number>();
  async function noted<T extends { readonly headers: Readonly<Record<string, string>> }>(
    url: string,
    asked: Promise<T>,
  ): Promise<T> {
    const answer = await asked;
    const now = clock.now();
    const end = now + Math.min(retryAfterMs(answer.headers, now) ?? 0, longestRestMs);
    const { host } = new URL(url);
    ends.set(host, Math.max(ends.get(host) ?? 0, end));
    return answer;
  }
  return {
    noting: ({ ask, open }) => ({
      ask: (request) => noted(request.url, ask(request)),
      open: (request) => noted(request.url, open(request)),
    }),
    sitOut: async (url, { signal, isUrgent = false, deadline = Number.POSITIVE_INFINITY, onRest }) => {
      const end = Math.min(ends.get(new URL(url).host) ?? 0, deadline);
      const restMs = end - clock.now();
      if (restMs <= 0 || isUrgent) return;
      onRest?.(restMs);
      await clock.sleep(restMs, signal);
    },
  };
}

/** Asks once the host has had its rest. */
export function resting(send: Send, rests: Rests, url: string): Send {
  return async (call) => {
    await rests.sitOut(url, call);
    return await send(call);
  };
}
