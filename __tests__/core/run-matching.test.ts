import { describe, expect, it } from "vitest";
import {
  type Candidate,
  fingerprintOf,
  type MatchWindow,
  matchStart,
  type StartFingerprint,
  tagPrefix,
  withRunDetails,
} from "../../src/core/run-matching.ts";

const since = 1_000_000;

const sha = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";

const asked = (over: Record<string, unknown> = {}): StartFingerprint =>
  fingerprintOf({
    pipelineId: 42,
    tag: null,
    body: {
      resources: { repositories: { self: { refName: "refs/heads/main", version: sha } } },
      templateParameters: { env: "prod", list: '["a", {"b": 1, "c": 2}]', dry: "true" },
      variables: { config: { value: "Release", isSecret: false }, key: { value: "sesame", isSecret: true } },
      ...over,
    },
  });

const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  id: 7,
  name: "1",
  url: "https://x",
  status: "notStarted",
  queuedAt: since + 5_000,
  requesterIds: ["me"],
  pipelineId: 42,
  ref: "refs/heads/main",
  commit: sha.toUpperCase(),
  parameters: { env: "prod", list: ["a", { c: 2, b: 1 }], dry: true },
  variables: { config: "Release", "system.debug": "true", key: null },
  tags: [],
  reason: "manual",
  ...over,
});

/** Both clocks agree, and the list was read ten seconds after the request. */
const clocks = [
  { startedAt: since, listedAt: since + 10_000, toleranceMs: 100 },
  { startedAt: since, listedAt: since + 10_000, toleranceMs: 1_000 },
];

const matchWindow: MatchWindow = { clocks, callerId: "me", receivedIds: new Set([99]) };

const likeness = (over: Partial<Candidate> = {}, evidence = asked(), window: Partial<MatchWindow> = {}) =>
  matchStart(candidate(over), evidence, { ...matchWindow, ...window });

describe("the fingerprint of a start", () => {
  it("holds no secret", () => {
    expect(JSON.stringify(asked())).not.toContain("sesame");
    expect(asked()).toMatchObject({ secretNames: ["key"], variables: { config: "Release" } });
  });

  it("recognises its run", () => {
    expect(likeness()).toBe("exact");
  });

  it.each<[string, Partial<Candidate>, Partial<MatchWindow>?]>([
    ["who asked for the run", { requesterIds: [] }],
    ["which pipeline it belongs to", { pipelineId: null }],
    ["when it was queued", { queuedAt: null }],
    ["which branch it builds", { ref: null }],
    ["which commit it builds", { commit: null }],
    ["who we are", {}, { callerId: undefined }],
    ["what time it is", {}, { clocks: clocks.slice(0, 1) }],
  ])("is in doubt if the service does not say %s", (_, over, window) => {
    expect(likeness(over, asked(), window)).toBe("possible");
  });

  const [runnerClock, serviceClock] = clocks.map((reading) => (ms: number) => ({
    ...reading,
    startedAt: since + ms,
    listedAt: since + ms + 10_000,
  }));
  const hour = 3_600_000;
  const minute = 60_000;

  it.each<[string, number, number, number, string]>([
    ["queued after the request, by both clocks", 1, 0, 0, "exact"],
    ["queued in the same second, which the service rounds down", -999, 0, 0, "possible"],
    ["queued a second before", -1_001, 0, 0, "possible"],
    ["queued five minutes before", -5 * minute, 0, 0, "possible"],
    ["queued more than five minutes before", -5 * minute - 1, 0, 0, "none"],
    ["ours, where the service's date is three seconds ahead", 500, 0, 3_000, "possible"],
    ["ours, where the service's date is an hour ahead", 500, 0, hour, "possible"],
    ["ours, where the service's date is an hour behind", 500, 0, -hour, "exact"],
    ["half an hour old, where the service's date is an hour behind", -hour / 2, 0, -hour, "possible"],
    ["half an hour old, where the runner's clock is an hour behind", -hour / 2, -hour, 0, "possible"],
    ["ours, where the runner's clock is an hour ahead", 500, hour, 0, "possible"],
    ["half an hour old, where both clocks are an hour behind", -hour / 2, -hour, -hour, "possible"],
    ["four minutes before by one clock, six by the other", -4 * minute, 0, 2 * minute, "possible"],
  ])("judges a run that is %s", (_, queuedAfterMs, runnerOffMs, serviceOffMs, match) => {
    const readings = [runnerClock?.(runnerOffMs), serviceClock?.(serviceOffMs)].filter(
      (reading) => reading !== undefined,
    );
    expect(likeness({ queuedAt: since + queuedAfterMs + 0.5 }, asked(), { clocks: readings })).toBe(match);
  });

  it("takes a time in whole seconds for any moment of that second", () => {
    const at = { ...runnerClock?.(999), startedAt: since + 999, listedAt: since + 10_000, toleranceMs: 100 };
    expect(likeness({ queuedAt: since }, asked(), { clocks: [at, at] })).toBe("exact");
  });

  it.each<[string, Partial<Candidate>]>([
    ["another pipeline", { pipelineId: 43 }],
    ["queued long before", { queuedAt: since - 3_600_000 }],
    ["a run that another step of this job received", { id: 99 }],
    ["somebody else's", { requesterIds: ["you"] }],
    ["another branch", { ref: "refs/heads/other" }],
    ["another commit", { commit: "0".repeat(40) }],
    ["another parameter", { parameters: { env: "test", list: ["a", { b: 1, c: 2 }], dry: true } }],
    ["another boolean", { parameters: { env: "prod", list: ["a", { b: 1, c: 2 }], dry: "False" } }],
    ["a parameter too few", { parameters: { env: "prod" } }],
    ["another variable", { variables: { config: "Debug" } }],
    ["no variables", { variables: {} }],
    ["started by a push", { reason: "individualci" }],
    ["another step's tag", { tags: [`${tagPrefix}another`] }],
  ])("is not %s", (_, over) => {
    expect(likeness(over)).toBe("none");
  });

  it("knows what it asked for by other spellings", () => {
    const self = (refName: string, version = sha) => ({
      resources: { repositories: { self: { refName, version } } },
    });
    expect(likeness({}, asked(self("refs/heads/main", sha.slice(0, 7))))).toBe("exact");
    for (const refName of ["main", "heads/main"]) expect(likeness({}, asked(self(refName)))).toBe("exact");
    expect(likeness({ ref: "refs/tags/v1" }, asked(self("v1")))).toBe("exact");
    expect(likeness({ ref: "refs/heads/a/main" }, asked(self("main")))).toBe("none");
    expect(likeness({ parameters: { ENV: "prod", List: '["a",{"c":2,"b":1}]', dry: "True" } })).toBe("exact");
    expect(likeness({ variables: { CONFIG: "Release", KEY: null } })).toBe("exact");
  });

  it("knows by the pipeline's default branch what was started without a ref", () => {
    const bare = (defaultRef?: string | null) =>
      fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef });
    const plain = { parameters: undefined, variables: undefined };
    expect(likeness(plain, bare("refs/heads/main"))).toBe("exact");
    expect(likeness(plain, bare("refs/heads/other"))).toBe("none");
    // Any branch would do.
    expect(likeness(plain, bare(null))).toBe("possible");
    // It has not been read.
    expect(likeness(plain, bare())).toBe("possible");
  });

  const withEnv = (env: unknown) => asked({ templateParameters: { env } });

  it.each([
    ["lines", "a\nb\n", "a\r\nb"],
    ["a number", "1.10", 1.1],
    ["the same text", "1.10", "1.10"],
    ["nothing", "null", null],
    ["an object of the body", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])(
    "takes a parameter for the one that was asked for, though it comes back otherwise: %s",
    (_, env, there) => {
      expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("exact");
    },
  );

  it.each([
    ["the object that it may say in YAML", "a: 1\n", { a: 1 }],
    ["what YAML may take for a boolean", "yes", true],
    ["YAML of an object of the body", { a: 1 }, "a: 1"],
    ["another spelling of a number, which may be a version", "1.10", "1.1"],
    ["a number that only rounding makes equal", "9007199254740993", "9007199254740992"],
  ])("leaves open whether a parameter is %s", (_, env, there) => {
    expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("possible");
  });

  it.each([
    ["untrue", "unfalse"],
    ["truest", "falsest"],
    ['["a"]', { 0: "a" }],
  ])("tells %s from %j", (env, there) => {
    expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("none");
  });

  it("takes no text for an object because both look alike in a message", () => {
    expect(likeness({ parameters: { env: "[object Object]" } }, withEnv({ a: 1 }))).toBe("possible");
  });

  it("tells objects apart", () => {
    expect(likeness({ parameters: { env: { a: 2 } } }, withEnv({ a: 1 }))).toBe("none");
    expect(likeness({ parameters: { env: { a: 2 } } }, withEnv('{"a": 1}'))).toBe("none");
  });

  it("asks the run itself where the list says too little", () => {
    const raw = {
      templateParameters: { env: "prod", list: '["a", {"b": 1, "c": 2}]', dry: "true" },
      variables: { config: { value: "Release" }, key: { isSecret: true } },
    };
    const silent = candidate({ parameters: undefined, variables: undefined });
    const { parameters, variables } = withRunDetails(silent, raw);
    expect(likeness({ parameters, variables })).toBe("exact");
    expect(withRunDetails(silent, { id: 7 })).toEqual(silent);
  });

  it("bears its own tag, and may bear any that is not this action's", () => {
    const tagged = { ...asked(), tag: `${tagPrefix}mine` };
    expect(likeness({ tags: [`${tagPrefix}mine`, "nightly"] }, tagged)).toBe("exact");
    expect(likeness({ tags: ["nightly"] })).toBe("exact");
  });

  it("compares a variable of the service's own if it was requested", () => {
    const debug = (value: string) => asked({ variables: { "system.debug": { value } } });
    expect(likeness({ variables: { "system.debug": "true" } }, debug("true"))).toBe("exact");
    expect(likeness({ variables: { "System.Debug": "true" } }, debug("false"))).toBe("none");
  });

  it("does not take six digits for the start of a commit", () => {
    const part = { resources: { repositories: { self: { refName: "main", version: sha.slice(0, 6) } } } };
    expect(likeness({}, asked(part))).toBe("none");
  });

  it("may be one that says less, or that says more", () => {
    expect(likeness({ parameters: undefined })).toBe("possible");
    expect(likeness({ variables: undefined })).toBe("possible");
    for (const more of ["more", "my-system.debug", "rebuild.id"]) {
      expect(likeness({ variables: { config: "Release", [more]: "x" } })).toBe("possible");
    }
  });

  it("of a start without parameters matches no run that has some", () => {
    const bare = fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef: "refs/heads/main" });
    expect(likeness({ parameters: undefined, variables: {} }, bare)).toBe("exact");
    expect(likeness({ parameters: { a: "1" } }, bare)).not.toBe("exact");
  });
});
