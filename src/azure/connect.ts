import { ActionError, PassingError } from "../errors.ts";
import type { Clock, SignIn, Transport } from "../ports.ts";
import { judged } from "./answers.ts";
import { Refusal } from "./refusals.ts";
import { resting } from "./resting.ts";
import { retrying } from "./retry.ts";
import type { Answer, Call, Send } from "./send.ts";

export interface Place {
  /** The organization's address, without a slash at its end. */
  readonly base: string;
  readonly project: string;
  readonly apiVersion: string;
}

export interface Means {
  readonly transport: Transport;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly random: () => number;
}

const answerTimeoutMs = 30_000;

/** One organization's API, with sign-in, version and patience seen to. */
export function connected(place: Place, means: Means): Send {
  const plain = <T>(call: Call<T>) => askOnce(call, place, means);
  return retrying(resting(understood(plain, place, means), means.clock), means);
}

/** What every question goes through, also one whose answer is read as it comes: the sign-in and the version. */
export function understood(send: Send, place: Place, { signIn }: Pick<Means, "signIn">): Send {
  return renewing(steppingDown(send, place.apiVersion), signIn);
}

/** Test results live on a host of their own, except where the organization is a server's collection. */
export function resultsPlace(place: Place): Place {
  const { hostname, pathname } = new URL(place.base);
  const old = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
  if (hostname !== "dev.azure.com" && old === undefined) return place;
  return { ...place, base: `https://vstmr.dev.azure.com${old === undefined ? pathname : `/${old}`}` };
}

async function askOnce<T>(
  call: Call<T>,
  place: Place,
  { transport, signIn, clock }: Means,
): Promise<Answer<T>> {
  const { method, body, signal, timeoutMs = answerTimeoutMs } = call;
  const authorization = await inTime(call, (limit) => signIn.authorization(limit));
  signal.throwIfAborted();
  const answer = await transport.ask({
    method,
    url: addressOf(call, place),
    headers: {
      accept: "application/json",
      // Turns the redirect to a sign-in page into a plain 401.
      "x-tfs-fedauthredirect": "Suppress",
      authorization,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs,
    signal: call.onSend?.() ?? signal,
  });
  return judged(call, answer, clock.now());
}

/** A token that is long in coming is as late as an answer would be: a wait has its deadline whatever is missing. */
async function inTime<T>(
  { signal, patienceMs = 0, timeoutMs = answerTimeoutMs }: Call,
  fetchToken: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(Math.ceil(patienceMs + timeoutMs));
  try {
    return await fetchToken(AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted || !late.aborted || error instanceof ActionError) throw error;
    throw new PassingError("no token came in time", { unsent: true, cause: error });
  }
}

export function addressOf({ path, query, scope = "project", version }: Call, place: Place): string {
  const base = scope === "project" ? `${place.base}/${encodeURIComponent(place.project)}` : place.base;
  const pairs = Object.entries({ ...query, "api-version": version ?? place.apiVersion }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return `${base}/${path}?${pairs.join("&")}`;
}

/**
 * After a 401 the token is fetched anew, once, where it can be; the call is then asked once more. One that was never
 * any good would be no better the second time.
 */
function renewing(send: Send, signIn: SignIn): Send {
  let wasGood = false;
  return async <T>(call: Call<T>) => {
    try {
      const answer = await send(call);
      wasGood = true;
      return answer;
    } catch (error) {
      const isSpent = wasGood && error instanceof ActionError && error.code === "unauthorized";
      if (!isSpent || !(await inTime(call, (limit) => signIn.renew(limit)))) throw error;
      return await send(call);
    }
  };
}

/**
 * An older server refuses 7.1 and names its own maximum: from then on that is what is asked for. What it knows as a
 * preview only it wants to be asked for as one.
 */
function steppingDown(send: Send, asked: string): Send {
  let maximum: string | undefined;
  const lesser = (version: string): string =>
    maximum !== undefined && Number.parseFloat(version) > Number(maximum) ? maximum : version;
  const versionOf = ({ version }: Call): string =>
    version === undefined ? lesser(asked) : version.replace(/^\d+\.\d+/, lesser);
  return async <T>(call: Call<T>) => {
    for (let version = versionOf(call); ; ) {
      try {
        return await send({ ...call, version });
      } catch (error) {
        maximum = maximumIn(error) ?? maximum;
        const next = wantsPreview(error, version) ? `${version}-preview` : versionOf(call);
        if (next === version || Number.parseFloat(next) > Number.parseFloat(version)) throw error;
        version = next;
      }
    }
  };
}

/** `The requested version "6.0" of the resource is under preview. The -preview flag must be supplied …` */
function wantsPreview(error: unknown, version: string): boolean {
  return isRefused(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}

/** `… is out of range for this server. The latest REST API version this server supports is 7.0.` The lesser is the server's. */
function maximumIn(error: unknown): string | undefined {
  if (!isRefused(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/)) return undefined;
  const named = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
  return named.sort((a, b) => Number(a) - Number(b))[0];
}

/** By its key, in whatever language; by its words where a gateway has lost the key. */
function isRefused(error: unknown, key: RegExp, words: RegExp): error is Refusal {
  return error instanceof Refusal && (key.test(error.typeKey) || words.test(error.message));
}
