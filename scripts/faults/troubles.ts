import type { Fault, FaultKind } from "../../simulator/index.ts";

/** Requests that can be struck. */
export const targets = {
  "the start": { method: "POST", path: /\/runs$/ },
  "the list of runs": { method: "GET", path: /\/build\/builds$/ },
  "the run found again": { method: "GET", path: /\/pipelines\/\d+\/runs\/\d+$/ },
  "a look": { method: "GET", path: /\/build\/builds\/\d+$/ },
  "the timeline": { method: "GET", path: /\/timeline$/ },
  "a log": { method: "GET", path: /\/logs\/\d+$/ },
  "tags, tests, artifacts": { path: /\/(tags|artifacts|resultsummarybybuild)$/ },
  "the cancel": { method: "PATCH", path: /\/build\/builds\/\d+$/ },
} as const satisfies Readonly<Record<string, Fault["on"]>>;

export type TargetName = keyof typeof targets;

/** What a fault comes to: it may pass, it refuses the token for good, or it only looks like trouble. */
interface Trouble {
  readonly nature: "passing" | "refusal" | "harmless";
  readonly kind: () => FaultKind;
}

const unavailable = (status: number, headers?: Readonly<Record<string, string>>): FaultKind => ({
  kind: "status",
  status,
  body: "The service is unavailable.",
  ...(headers !== undefined && { headers }),
});

const passing = (kind: FaultKind): Trouble => ({ nature: "passing", kind: () => kind });

export const troubles = {
  "connection reset before it is handled": passing({ kind: "reset-before" }),
  "connection reset after it was handled": passing({ kind: "reset-after" }),
  "no answer, not handled": passing({ kind: "stall" }),
  "no answer, though handled": passing({ kind: "stall", handled: true }),
  "body that stalls": passing({ kind: "stall-body" }),
  "body that is cut off": passing({ kind: "cut-body" }),
  "JSON that ends too early": passing({ kind: "garbage" }),
  "408": passing(unavailable(408)),
  "429 without a word": passing(unavailable(429)),
  "429 with Retry-After: 2": passing(unavailable(429, { "retry-after": "2" })),
  "500, not handled": passing(unavailable(500)),
  "500, though handled": passing({ kind: "status", status: 500, body: "oops", handled: true }),
  "502 with a page of HTML": passing({ kind: "html", status: 502 }),
  "503 with Retry-After: 2": passing(unavailable(503, { "retry-after": "2" })),
  "503 with Retry-After as a date": {
    nature: "passing",
    kind: () => unavailable(503, { "retry-after": new Date(Date.now() + 2_000).toUTCString() }),
  },
  "504, though handled": passing({ kind: "status", status: 504, body: "late", handled: true }),
  "200 that is late": { nature: "harmless", kind: () => ({ kind: "late", ms: 700 }) },
  "200 with Retry-After: 2": {
    nature: "harmless",
    kind: () => ({ kind: "headers", headers: { "retry-after": "2" } }),
  },
  "401": { nature: "refusal", kind: () => ({ kind: "status", status: 401 }) },
  "203, a page to sign in": { nature: "refusal", kind: () => ({ kind: "html", status: 203 }) },
} as const satisfies Readonly<Record<string, Trouble>>;

export type TroubleName = keyof typeof troubles;
export const troubleOf = (name: TroubleName): Trouble => troubles[name];

/** One order to the simulator: what befalls which request, from the nth on, how often. */
export interface Strike {
  readonly target: TargetName;
  readonly trouble: TroubleName;
  readonly nth: number;
  /** Infinity: it never passes. */
  readonly times: number;
}

export function faultOf({ target, trouble, nth, times }: Strike): Fault {
  return { on: targets[target], nth, times, fault: troubleOf(trouble).kind() };
}
