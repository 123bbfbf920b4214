import type { Clock, SignIn, Transport } from "../ports.ts";
import { judged } from "./answers.ts";
import { answerMs } from "./deadline.ts";
import { authorizationFor, renewing } from "./renewing.ts";
import { createRests, type Rests, resting } from "./rests.ts";
import { retrying } from "./retry.ts";
import type { Answer, Call, Send, Wrap } from "./send.ts";
import { steppingDown } from "./versions.ts";

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

/** A place, the means to ask it, and what it has said so far to whoever asked: nobody has to be told twice. */
export interface Service extends Means {
  readonly place: Place;
  /** What every question goes through, also one whose answer is read as it comes: the sign-in and the version. */
  readonly understood: Wrap;
  readonly rests: Rests;
}

export function serviceAt(place: Place, means: Means): Service {
  const rests = createRests(means.clock);
  const [renew, stepDown] = [renewing(means), steppingDown(place.apiVersion)];
  return {
    ...means,
    place,
    transport: rests.noting(means.transport),
    understood: (send) => renew(stepDown(send)),
    rests,
  };
}

/** One organization's API, with sign-in, version, patience and rest seen to. */
export function connected(service: Service): Send {
  const plain = <T>(call: Call<T>) => askOnce(call, service);
  return resting(retrying(service.understood(plain), service), service.rests, service.place.base);
}

/** Test results live on a host of their own, except where the organization is a server's collection. */
export function resultsOf(service: Service): Service {
  const { place } = service;
  const { hostname, pathname } = new URL(place.base);
  const old = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
  if (hostname !== "dev.azure.com" && old === undefined) return service;
  const base = `https://vstmr.dev.azure.com${old === undefined ? pathname : `/${old}`}`;
  return { ...service, place: { ...place, base } };
}

async function askOnce<T>(call: Call<T>, service: Service): Promise<Answer<T>> {
  const { place, transport, clock } = service;
  const { method, body, signal } = call;
  const authorization = await authorizationFor(call, service);
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
    timeoutMs: answerMs(call, clock.now()),
    signal: call.onSend?.() ?? signal,
  });
  return judged(call, answer, clock.now());
}

export function addressOf({ path, query, version }: Pick<Call, "path" | "query" | "version">, place: Place) {
  const pairs = Object.entries({ ...query, "api-version": version ?? place.apiVersion }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return `${place.base}/${encodeURIComponent(place.project)}/${path}?${pairs.join("&")}`;
}
