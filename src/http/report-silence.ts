import { reasonOf } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import type { HttpResponse, HttpStream, Transport } from "../ports.ts";

/** Users should see within five seconds that something is wrong. Milliseconds. */
const silenceMs = 4_000;

interface SilenceDeps {
  readonly clock: Clock;
  readonly onSilence: (text: string) => void;
}

type Answer = Pick<HttpResponse | HttpStream, "status">;

/**
 * The same transport, which reports once for each host that the first successful response is late. Later outages are reported
 * by the wait itself. A 5xx is not a successful response.
 */
export function reportSilence(
  { send, stream }: Transport,
  deps: SilenceDeps,
): Transport & { /** Nothing more is said. */ close(): void } {
  const hosts = new Map<string, ReturnType<typeof watchHost>>();
  const track = async <T extends Answer>(url: string, request: () => Promise<T>): Promise<T> => {
    const { host } = new URL(url);
    const watch = hosts.get(host) ?? watchHost(host, deps);
    hosts.set(host, watch);
    try {
      const response = await request();
      watch.handleAnswer(response);
      return response;
    } catch (error) {
      watch.handleError(error);
      throw error;
    }
  };
  return {
    send: (request) => track(request.url, () => send(request)),
    stream: (request) => track(request.url, () => stream(request)),
    close: () => {
      for (const { close } of hosts.values()) close();
    },
  };
}

function watchHost(host: string, { clock, onSilence }: SilenceDeps) {
  const done = new AbortController();
  let reason: string | undefined;
  clock.sleep(silenceMs, done.signal).then(
    () =>
      onSilence(
        `No successful response from ${host} yet${reason === undefined ? "" : ` (${reason})`}. Still trying.`,
      ),
    () => undefined,
  );
  return {
    handleAnswer: ({ status }: Answer) => {
      if (status < 500) done.abort();
      else reason = `it answered ${status}`;
    },
    handleError: (error: unknown) => {
      reason = reasonOf(error);
    },
    close: () => done.abort(),
  };
}
