import type { Fault, FaultKind } from "../../simulator/index.ts";
import {
  accepted,
  acceptedAfterInterim,
  doubted,
  type Expectation,
  refused,
  repeated,
  repeatedAfterPause,
  repeatedAfterSilence,
  repeatedDespiteRefusal,
  throttled,
} from "./expectations.ts";

/** Requests for which faults can be injected. */
export const targets = {
  "the start": { method: "POST", path: /\/runs$/ },
  "the list of runs": { method: "GET", path: /\/build\/builds$/ },
  "the run by its id": { method: "GET", path: /\/pipelines\/\d+\/runs\/\d+$/ },
  "a poll": { method: "GET", path: /\/build\/builds\/\d+$/ },
  "the timeline": { method: "GET", path: /\/timeline$/ },
  "a log": { method: "GET", path: /\/logs\/\d+$/ },
  "tags, tests or artifacts": { path: /\/(tags|artifacts|resultsummarybybuild)$/ },
  "the cancellation": { method: "PATCH", path: /\/build\/builds\/\d+$/ },
} as const satisfies Readonly<Record<string, Fault["on"]>>;

export type TargetName = keyof typeof targets;

interface FaultType {
  /** A transient fault, a permanent refusal of the token, or a harmless response. */
  readonly effect: "transient" | "permanent" | "harmless";
  readonly expected: Expectation;
  readonly kind: () => FaultKind;
  /** It ends only by the request's own time limit. */
  readonly isSilent?: true;
}

const unavailable = (status: number, headers?: Readonly<Record<string, string>>): FaultKind => ({
  kind: "status",
  status,
  body: "The service is unavailable.",
  ...(headers !== undefined && { headers }),
});

const transientFault = (kind: FaultKind, expected = repeated): FaultType => ({
  effect: "transient",
  expected,
  kind: () => kind,
});

const silentFault = (kind: FaultKind): FaultType => ({
  ...transientFault(kind, repeatedAfterSilence),
  isSilent: true,
});

const harmlessFault = (expected: Expectation, kind: () => FaultKind): FaultType => ({
  effect: "harmless",
  expected,
  kind,
});

const refusal = (kind: FaultKind): FaultType => ({
  effect: "permanent",
  expected: refused,
  kind: () => kind,
});

const wrongClock = (seconds: number): FaultType =>
  harmlessFault(doubted, () => ({ kind: "wrong-clock", seconds }));

export const faultTypes = {
  "connection reset before the request is processed": transientFault({ kind: "reset-before" }),
  "connection reset after the request is processed": transientFault({ kind: "reset-after" }),
  "no response, request not processed": silentFault({ kind: "stall" }),
  "no response, request processed": silentFault({ kind: "stall", handled: true }),
  "101 and no response": transientFault({ kind: "interim", status: 101 }),
  "102 and no response": silentFault({ kind: "interim", status: 102, alone: true }),
  "103 before the response": harmlessFault(acceptedAfterInterim, () => ({
    kind: "interim",
    status: 103,
    headers: { link: "</x>; rel=preload" },
  })),
  "body that stalls midway": silentFault({ kind: "stall-body" }),
  "truncated body": transientFault({ kind: "cut-body" }),
  "truncated JSON": transientFault({ kind: "garbage" }),
  "408": transientFault(unavailable(408)),
  "429 without Retry-After": transientFault(unavailable(429), throttled),
  "429 with Retry-After: 2": transientFault(unavailable(429, { "retry-after": "2" }), throttled),
  "500, request not processed": transientFault(unavailable(500)),
  "500, request processed": transientFault({ kind: "status", status: 500, body: "oops", handled: true }),
  "502 with an HTML page": transientFault({ kind: "html", status: 502 }),
  "503 with Retry-After: 2": transientFault(unavailable(503, { "retry-after": "2" }), repeatedAfterPause),
  "503 with Retry-After as a date": {
    ...transientFault(unavailable(503), repeatedAfterPause),
    kind: () => unavailable(503, { "retry-after": new Date(Date.now() + 2_000).toUTCString() }),
  },
  "504, request processed": transientFault({ kind: "status", status: 504, body: "late", handled: true }),
  "403 from a gateway": transientFault({ kind: "gateway", status: 403 }, repeatedDespiteRefusal),
  "403 from a gateway, request processed": transientFault(
    { kind: "gateway", status: 403, handled: true },
    repeatedDespiteRefusal,
  ),
  "404 from a gateway": transientFault({ kind: "gateway", status: 404 }, repeatedDespiteRefusal),
  "200 with a Date an hour behind": wrongClock(-3_600),
  "200 with a Date an hour ahead": wrongClock(3_600),
  "200 with a Date 3 seconds ahead": wrongClock(3),
  "200 after a delay": harmlessFault(accepted, () => ({ kind: "late", ms: 700 })),
  "200 with Retry-After: 2": harmlessFault(repeatedAfterPause, () => ({
    kind: "headers",
    headers: { "retry-after": "2" },
  })),
  "401": refusal({ kind: "status", status: 401 }),
  "203 with a sign-in page": refusal({ kind: "html", status: 203 }),
} as const satisfies Readonly<Record<string, FaultType>>;

export type FaultTypeName = keyof typeof faultTypes;

export const faultTypeOf = (name: FaultTypeName): FaultType => faultTypes[name];

/** One fault for the simulator: the request, from which one on, and how often. */
export interface Injection {
  readonly target: TargetName;
  readonly faultType: FaultTypeName;
  readonly nth: number;
  /** Infinity: a permanent fault. */
  readonly times: number;
}

export function toSimulatorFault({ target, faultType, nth, times }: Injection): Fault {
  return { on: targets[target], nth, times, fault: faultTypeOf(faultType).kind() };
}
