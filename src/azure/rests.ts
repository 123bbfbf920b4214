import { retryAfterMs } from "../core/retry-after.ts";
import type { Clock, Transport } from "../ports.ts";
import type { ApiRequest, SendRequest } from "./send.ts";

/** A longer rest only a wait may have, between two of its looks: nobody else remembers more of it. Milliseconds. */
const maxRetryAfterMs = 5 * 60_000;

interface RetryAfterOptions extends Pick<ApiRequest, "signal" | "ignoreRetryAfter" | "deadline"> {
  /** Called before a rest begins. Milliseconds. */
  readonly onDelay?: (delayMs: number) => void;
}

/** How long each host wants to be left alone: `Retry-After` comes with any status, before the throttling begins. */
export interface RetryAfterRegistry {
  /** The same transport; what its answers wish for is remembered. */
  trackResponses(transport: Transport): Transport;
  /** Leaves a host alone for as long as it asked. At the deadline there is no time left for that. */
  waitForRetryAfter(url: string, options: RetryAfterOptions): Promise<void>;
}

export function createRetryAfterRegistry(clock: Clock): RetryAfterRegistry {
  const retryAtByHost = new Map<string, number>();
  async function recordRetryAfter<T extends { readonly headers: Readonly<Record<string, string>> }>(
    url: string,
    pendingResponse: Promise<T>,
  ): Promise<T> {
    const response = await pendingResponse;
    const now = clock.now();
    const retryAt = now + Math.min(retryAfterMs(response.headers, now) ?? 0, maxRetryAfterMs);
    const { host } = new URL(url);
    retryAtByHost.set(host, Math.max(retryAtByHost.get(host) ?? 0, retryAt));
    return response;
  }
  return {
    trackResponses: ({ send, stream }) => ({
      send: (request) => recordRetryAfter(request.url, send(request)),
      stream: (request) => recordRetryAfter(request.url, stream(request)),
    }),
    waitForRetryAfter: async (
      url,
      { signal, ignoreRetryAfter = false, deadline = Number.POSITIVE_INFINITY, onDelay },
    ) => {
      const retryAt = Math.min(retryAtByHost.get(new URL(url).host) ?? 0, deadline);
      const delayMs = retryAt - clock.now();
      if (delayMs <= 0 || ignoreRetryAfter) return;
      onDelay?.(delayMs);
      await clock.sleep(delayMs, signal);
    },
  };
}

/** Asks once the host has had its rest. */
export function retryAfterPolicy(
  send: SendRequest,
  retryAfterRegistry: RetryAfterRegistry,
  url: string,
): SendRequest {
  return async (request) => {
    await retryAfterRegistry.waitForRetryAfter(url, request);
    return await send(request);
  };
}
