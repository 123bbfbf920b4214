import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import { judged } from "./answers.ts";
import { addressOf, type Service } from "./connect.ts";
import { signInPage } from "./refusals.ts";
import { authorizationFor } from "./renewing.ts";
import type { Call } from "./send.ts";

/** Longest silence of a log or an artifact. Milliseconds. */
export const silenceMs = 30_000;

/** Of a refusal only the beginning is read. Bytes. */
const refusalLimit = 64 * 1024;

/** A question whose answer is read as it comes. */
type StreamCall = Pick<Call, "path" | "query" | "doing" | "signal">;

/** Opens an answer of Azure DevOps: 2xx and no page of HTML. Refusals are ActionError, what may pass is PassingError. */
export type Open = (call: StreamCall) => Promise<HttpStream>;

/** Opens by the rules that hold for any other question: the sign-in is renewed, the version lowered. */
export function opening({ understood }: Service, open: (call: Call) => Promise<HttpStream>): Open {
  const send = understood(async (call) => {
    const stream = await open(call);
    return { value: call.decode(stream), text: "", headers: stream.headers, retryAfterMs: undefined };
  });
  return async (call) => {
    const whole = { ...call, method: "GET", timeoutMs: silenceMs } as const;
    return (await send({ ...whole, decode: (stream) => stream as HttpStream })).value;
  };
}

/** Opens texts: the logs. */
export function createOpen(service: Service): Open {
  return opening(service, async (call) => {
    const stream = await service.transport.open({
      method: "GET",
      url: addressOf(call, service.place),
      headers: {
        // Text alone: a list that the service weighs its own way could bring JSON, which it sends whole where it does not
        // answer 500 (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/385).
        accept: "text/plain",
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await authorizationFor(call, service),
      },
      timeoutMs: silenceMs,
      signal: call.signal,
    });
    return isGood(stream) ? stream : await refuse(call, stream, service.clock.now());
  });
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
