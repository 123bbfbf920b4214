import type { Fault, FaultKind } from "../../simulator/index.ts";

/** Requests that can be struck. */
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

/** What a fault comes to: it may pass, it refuses the token for good, or it only looks like trouble. */
interface FaultType {
  readonly effect: "transient" | "permanent" | "harmless";
  readonly kind: () => FaultKind;
}

const unavailable = (status: number, headers?: Readonly<Record<string, string>>): FaultKind => ({
  kind: "status",
  status,
  body: "The service is unavailable.",
  ...(headers !== undefined && { headers }),
});

const transientFault = (kind: FaultKind): FaultType => ({ effect: "transient", kind: () => kind });

export const faultTypes = {
  "connection reset before it is handled": transientFault({ kind: "reset-before" }),
  "connection reset after it was handled": transientFault({ kind: "reset-after" }),
  "no answer, not handled": transientFault({ kind: "stall" }),
  "no answer, though handled": transientFault({ kind: "stall", handled: true }),
  "body that stalls": transientFault({ kind: "stall-body" }),
  "body that is cut off": transientFault({ kind: "cut-body" }),
  "JSON that ends too early": transientFault({ kind: "garbage" }),
  "408": transientFault(unavailable(408)),
  "429 without a word": transientFault(unavailable(429)),
  "429 with Retry-After: 2": transientFault(unavailable(429, { "retry-after": "2" })),
  "500, not handled": transientFault(unavailable(500)),
  "500, though handled": transientFault({ kind: "status", status: 500, body: "oops", handled: true }),
  "502 with a page of HTML": transientFault({ kind: "html", status: 502 }),
  "503 with Retry-After: 2": transientFault(unavailable(503, { "retry-after": "2" })),
  "503 with Retry-After as a date": {
    effect: "transient",
    kind: () => unavailable(503, { "retry-after": new Date(Date.now() + 2_000).toUTCString() }),
  },
  "504, though handled": transientFault({ kind: "status", status: 504, body: "late", handled: true }),
  "200 that is late": { effect: "harmless", kind: () => ({ kind: "late", ms: 700 }) },
  "200 with Retry-After: 2": {
    effect: "harmless",
    kind: () => ({ kind: "headers", headers: { "retry-after": "2" } }),
  },
  "401": { effect: "permanent", kind: () => ({ kind: "status", status: 401 }) },
  "203, a page to sign in": { effect: "permanent", kind: () => ({ kind: "html", status: 203 }) },
} as const satisfies Readonly<Record<string, FaultType>>;

export type FaultTypeName = keyof typeof faultTypes;

export const faultTypeOf = (name: FaultTypeName): FaultType => faultTypes[name];

/** One order to the simulator: what befalls which request, from the nth on, how often. */
export interface Injection {
  readonly target: TargetName;
  readonly faultType: FaultTypeName;
  readonly nth: number;
  /** Infinity: it never passes. */
  readonly times: number;
}

export function toSimulatorFault({ target, faultType, nth, times }: Injection): Fault {
  return { on: targets[target], nth, times, fault: faultTypeOf(faultType).kind() };
}
