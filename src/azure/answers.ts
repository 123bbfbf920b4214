import { retryAfterMs } from "../core/retry-after.ts";
import type { ActionError } from "../errors.ts";
import { PassingError } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import { envelopeOf } from "./envelope.ts";
import { tenantHint } from "./hints.ts";
import { refusalOf, signInPage } from "./refusals.ts";
import type { Answer, Call } from "./send.ts";
import { isThrottled } from "./status.ts";

/**
 * Judges an answer: success is 2xx and JSON (or no body at all), nothing else.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
export function judged<T>(call: Call<T>, answer: HttpAnswer, now: number): Answer<T> {
  const { status, headers, body } = answer;
  const restMs = retryAfterMs(headers, now);
  if (status === 203 || (status >= 300 && status < 400)) throw signInPage(call, answer);
  if (status >= 200 && status < 300) {
    if (isHtml(answer)) throw signInPage(call, answer);
    const value = call.decode(body === "" ? undefined : parsed(body));
    return {
      value,
      text: body,
      headers,
      retryAfterMs: restMs,
      slowed: isHeldBack(headers) ? "held-back" : undefined,
    };
  }
  throw failureOf(call, answer, restMs);
}

function failureOf(call: Call, answer: HttpAnswer, restMs: number | undefined): ActionError | PassingError {
  const refusal = refusalOf(call, answer);
  if (refusal !== undefined) return refusal;
  const { status, headers } = answer;
  const envelope = envelopeOf(answer);
  const { message } = envelope;
  const throttled = isThrottled(answer, envelope);
  const what = throttled ? `too many requests (${status})` : `the service answered ${status}`;
  const words = message === "" ? what : `${what}: ${message.trim()}`;
  // A token of another tenant is not refused but throttled, from the first call on.
  const drained = throttled && headers["x-ratelimit-remaining"] === "0";
  const hint = drained
    ? ["Wait, or check the tenant:", anotherTenant, tenantHint(headers)].filter(Boolean).join(" ")
    : undefined;
  return new PassingError(words, { retryAfterMs: restMs, throttled, hint });
}

const anotherTenant =
  "a token of another tenant than the organization's is answered like this from its first request on.";

/** Before it refuses, the service delays, and says by how many seconds. Milliseconds do not count. */
function isHeldBack(headers: HttpAnswer["headers"]): boolean {
  return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}

function isHtml({ headers, body }: HttpAnswer): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new PassingError("the answer was not whole, or not JSON", { cause });
  }
}
