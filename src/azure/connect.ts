import { ActionError } from "../errors.ts";
import type { Clock, SignIn, Transport } from "../ports.ts";
import { judged } from "./answers.ts";
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
  readonly userAgent: string;
}

const answerTimeoutMs = 30_000;

/** One organization's API, with sign-in, version and patience seen to. */
export function connected(place: Place, means: Means): Send {
  const plain = <T>(call: Call<T>) => askOnce(call, place, means);
  return retrying(renewing(steppingDown(plain, place.apiVersion), means.signIn), means);
}

async function askOnce<T>(
  call: Call<T>,
  place: Place,
  { transport, signIn, clock, userAgent }: Means,
): Promise<Answer<T>> {
  const { method, body, signal, timeoutMs = answerTimeoutMs } = call;
  const answer = await transport.ask({
    method,
    url: addressOf(call, place),
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      // Turns the redirect to a sign-in page into a plain 401.
      "x-tfs-fedauthredirect": "Suppress",
      authorization: await signIn.authorization(signal),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs,
    signal,
  });
  return judged(call, answer, clock.now());
}

export function addressOf({ path, query, scope = "project", version }: Call, place: Place): string {
  const base = scope === "project" ? `${place.base}/${encodeURIComponent(place.project)}` : place.base;
  const pairs = Object.entries({ ...query, "api-version": version ?? place.apiVersion }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return `${base}/${path}?${pairs.join("&")}`;
}

/** After a 401 the token is fetched anew, once, where it can be; the call is then asked once more. */
function renewing(send: Send, signIn: SignIn): Send {
  return async <T>(call: Call<T>) => {
    try {
      return await send(call);
    } catch (error) {
      const refused = error instanceof ActionError && error.code === "unauthorized";
      if (!refused || !(await signIn.renew(call.signal))) throw error;
      return await send(call);
    }
  };
}

/** An older server refuses 7.1 and names its own maximum: from then on that is what is asked for. */
function steppingDown(send: Send, asked: string): Send {
  let lowered: string | undefined;
  const versioned = <T>(call: Call<T>): Call<T> =>
    lowered === undefined || call.version !== undefined ? call : { ...call, version: lowered };
  return async <T>(call: Call<T>) => {
    try {
      return await send(versioned(call));
    } catch (error) {
      const maximum = maximumIn(error);
      if (maximum === undefined || Number(maximum) >= Number(lowered ?? asked.split("-")[0])) throw error;
      lowered = maximum;
      return await send(versioned(call));
    }
  };
}

/** `The latest REST API version this server supports is 7.0.` The last version named is the server's, in any language. */
function maximumIn(error: unknown): string | undefined {
  if (!(error instanceof ActionError) || error.code !== "rejected") return undefined;
  const sentence = /REST API[^\n]*\bout of range\b[^\n]*/i.exec(error.message)?.[0];
  return sentence === undefined ? undefined : [...sentence.matchAll(/\d+\.\d+/g)].at(-1)?.[0];
}
