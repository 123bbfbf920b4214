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
  "the run found again": { method: "GET", path: /\/pipelines\/\d+\/runs\/\d+$/ },
  "a poll": { method: "GET", path: /\/build\/builds\/\d+$/ },
  "the timeline": { method: "GET", path: /\/timeline$/ },
  "a log": { method: "GET", path: /\/logs\/\d+$/ },
  "tags, tests, artifacts": { path: /\/(tags|artifacts|resultsummarybybuild)$/ },
  "the cancel": { method: "PATCH", path: /\/build\/builds\/\d+$/ },
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
  "connection reset before it is handled": transientFault({ kind: "reset-before" }),
  "connection reset after it was handled": transientFault({ kind: "reset-after" }),
  "no answer, not handled": silentFault({ kind: "stall" }),
  "no answer, though handled": silentFault({ kind: "stall", handled: true }),
  "101 and no answer": transientFault({ kind: "interim", status: 101 }),
  "102 and no answer": silentFault({ kind: "interim", status: 102, alone: true }),
  "103 before the answer": harmlessFault(acceptedAfterInterim, () => ({
    kind: "interim",
    status: 103,
    headers: { link: "</x>; rel=preload" },
  })),
  "body that stalls": silentFault({ kind: "stall-body" }),
  "body that is cut off": transientFault({ kind: "cut-body" }),
  "JSON that ends too early": transientFault({ kind: "garbage" }),
  "408": transientFault(unavailable(408)),
  "429 without Retry-After": transientFault(unavailable(429), throttled),
  "429 with Retry-After: 2": transientFault(unavailable(429, { "retry-after": "2" }), throttled),
  "500, not handled": transientFault(unavailable(500)),
  "500, though handled": transientFault({ kind: "status", status: 500, body: "oops", handled: true }),
  "502 with a page of HTML": transientFault({ kind: "html", status: 502 }),
  "503 with Retry-After: 2": transientFault(unavailable(503, { "retry-after": "2" }), repeatedAfterPause),
  "503 with Retry-After as a date": {
    ...transientFault(unavailable(503), repeatedAfterPause),
    kind: () => unavailable(503, { "retry-after": new Date(Date.now() + 2_000).toUTCString() }),
  },
  "504, though handled": transientFault({ kind: "status", status: 504, body: "late", handled: true }),
  "403, a page of a gateway": transientFault({ kind: "gateway", status: 403 }, repeatedDespiteRefusal),
  "403, a page of a gateway, though handled": transientFault(
    { kind: "gateway", status: 403, handled: true },
    repeatedDespiteRefusal,
  ),
  "404, a page of a gateway": transientFault({ kind: "gateway", status: 404 }, repeatedDespiteRefusal),
  "200 with a Date an hour behind": wrongClock(-3_600),
  "200 with a Date an hour ahead": wrongClock(3_600),
  "200 with a Date 3 seconds ahead": wrongClock(3),
  "200 that is late": harmlessFault(accepted, () => ({ kind: "late", ms: 700 })),
  "200 with Retry-After: 2": harmlessFault(repeatedAfterPause, () => ({
    kind: "headers",
    headers: { "retry-after": "2" },
  })),
  "401": refusal({ kind: "status", status: 401 }),
  "203, a page to sign in": refusal({ kind: "html", status: 203 }),
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
