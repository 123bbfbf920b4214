import { retryAfterMs } from "../core/retry-after.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import { judged } from "./answers.ts";
import { addressOf, type Means, type Place } from "./connect.ts";
import { signInPage } from "./refusals.ts";
import type { Call, Send } from "./send.ts";

/** Longest silence of a log or an artifact. Milliseconds. */
export const silenceMs = 30_000;

/** Of a refusal only the beginning is read. Bytes. */
const refusalLimit = 64 * 1024;

/** A question whose answer is read as it comes. */
type StreamCall = Pick<Call, "path" | "query" | "doing" | "signal">;

/** Opens an answer of Azure DevOps: 2xx and no page of HTML. Refusals are ActionError, what may pass is PassingError. */
export type Open = (call: StreamCall) => Promise<HttpStream>;

interface Manner {
  readonly accept: "text/plain" | "application/zip";
  /** What cuts across all calls: renewing the sign-in, stepping down to an older version. */
  readonly wrap: (send: Send) => Send;
}

export function createOpen(place: Place, means: Means, { accept, wrap }: Manner): Open {
  const send = wrap((call) => openOnce(call, accept, { place, means }));
  return async (call) => {
    const { value } = await send({ ...call, method: "GET", decode: (stream) => stream as HttpStream });
    return value;
  };
}

async function openOnce<T>(
  call: Call<T>,
  accept: string,
  { place, means: { transport, signIn, clock } }: { place: Place; means: Means },
) {
  const stream = await transport.open({
    method: "GET",
    url: addressOf(call, place),
    headers: {
      accept,
      "x-tfs-fedauthredirect": "Suppress",
      authorization: await signIn.authorization(call.signal),
    },
    timeoutMs: silenceMs,
    signal: call.signal,
  });
  const { headers } = stream;
  if (!isGood(stream)) await refuse(call, stream, clock.now());
  const restMs = retryAfterMs(headers, clock.now());
  return { value: call.decode(stream), text: "", headers, retryAfterMs: restMs };
}

/** Whether an answer can be what was asked for, and not the page where a person would sign in. */
export function isGood({ status, headers }: HttpStream): boolean {
  return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}

/** Throws what an answer that is not good means, by the same rules as for any other call. */
export async function refuse(call: Call, stream: HttpStream, now: number): Promise<never> {
  const { status, headers } = stream;
  const answer = { status, headers, body: await beginningOf(stream) };
  judged({ ...call, decode: () => undefined }, answer, now);
  throw signInPage(call, answer);
}

async function beginningOf({ chunks }: HttpStream): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      size += chunk.length;
      if (size > refusalLimit) break;
    }
  } catch (error) {
    // The status says enough.
    if (!(error instanceof PassingError || error instanceof ActionError)) throw error;
  }
  return Buffer.concat(parts).toString("utf8");
}
