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

const fingerprint = (over: Record<string, unknown> = {}): StartFingerprint =>
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

const matchOf = (over: Partial<Candidate> = {}, start = fingerprint(), window: Partial<MatchWindow> = {}) =>
  matchStart(candidate(over), start, { ...matchWindow, ...window });

describe("the fingerprint of a start", () => {
  it("contains no secret", () => {
    expect(JSON.stringify(fingerprint())).not.toContain("sesame");
    expect(fingerprint()).toMatchObject({ secretNames: ["key"], variables: { config: "Release" } });
  });

  it("matches its run exactly", () => {
    expect(matchOf()).toBe("exact");
  });

  it.each<[string, Partial<Candidate>, Partial<MatchWindow>?]>([
    ["the requester", { requesterIds: [] }],
    ["the pipeline", { pipelineId: null }],
    ["the queue time", { queuedAt: null }],
    ["the branch", { ref: null }],
    ["the commit", { commit: null }],
    ["the action's own identity", {}, { callerId: undefined }],
    ["its own time", {}, { clocks: clocks.slice(0, 1) }],
  ])("is a possible match if the service does not return %s", (_, over, window) => {
    expect(matchOf(over, fingerprint(), window)).toBe("possible");
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
    ["ours, if the service's date is three seconds ahead", 500, 0, 3_000, "possible"],
    ["ours, if the service's date is an hour ahead", 500, 0, hour, "possible"],
    ["ours, if the service's date is an hour behind", 500, 0, -hour, "exact"],
    ["half an hour old, if the service's date is an hour behind", -hour / 2, 0, -hour, "possible"],
    ["half an hour old, if the runner's clock is an hour behind", -hour / 2, -hour, 0, "possible"],
    ["ours, if the runner's clock is an hour ahead", 500, hour, 0, "possible"],
    ["half an hour old, if both clocks are an hour behind", -hour / 2, -hour, -hour, "possible"],
    ["four minutes before by one clock, six by the other", -4 * minute, 0, 2 * minute, "possible"],
  ])("matches a run that is %s (%d, %d, %d): %s", (_, queuedAfterMs, runnerOffMs, serviceOffMs, match) => {
    const readings = [runnerClock?.(runnerOffMs), serviceClock?.(serviceOffMs)].filter(
      (reading) => reading !== undefined,
    );
    expect(matchOf({ queuedAt: since + queuedAfterMs + 0.5 }, fingerprint(), { clocks: readings })).toBe(
      match,
    );
  });

  it("matches a queue time in whole seconds with any time in that second", () => {
    const at = { ...runnerClock?.(999), startedAt: since + 999, listedAt: since + 10_000, toleranceMs: 100 };
    expect(matchOf({ queuedAt: since }, fingerprint(), { clocks: [at, at] })).toBe("exact");
  });

  it.each<[string, Partial<Candidate>]>([
    ["of another pipeline", { pipelineId: 43 }],
    ["queued an hour before", { queuedAt: since - 3_600_000 }],
    ["already received by another step of this job", { id: 99 }],
    ["requested by another identity", { requesterIds: ["you"] }],
    ["of another branch", { ref: "refs/heads/other" }],
    ["of another commit", { commit: "0".repeat(40) }],
    ["with another parameter", { parameters: { env: "test", list: ["a", { b: 1, c: 2 }], dry: true } }],
    [
      "with another boolean parameter",
      { parameters: { env: "prod", list: ["a", { b: 1, c: 2 }], dry: "False" } },
    ],
    ["without one of the parameters", { parameters: { env: "prod" } }],
    ["with another variable", { variables: { config: "Debug" } }],
    ["without variables", { variables: {} }],
    ["started by a push", { reason: "individualci" }],
    ["tagged by another step", { tags: [`${tagPrefix}another`] }],
  ])("does not match a run that is %s", (_, over) => {
    expect(matchOf(over)).toBe("none");
  });

  it("matches other spellings of ref, commit, parameters and variables", () => {
    const self = (refName: string, version = sha) => ({
      resources: { repositories: { self: { refName, version } } },
    });
    expect(matchOf({}, fingerprint(self("refs/heads/main", sha.slice(0, 7))))).toBe("exact");
    for (const refName of ["main", "heads/main"])
      expect(matchOf({}, fingerprint(self(refName)))).toBe("exact");
    expect(matchOf({ ref: "refs/tags/v1" }, fingerprint(self("v1")))).toBe("exact");
    expect(matchOf({ ref: "refs/heads/a/main" }, fingerprint(self("main")))).toBe("none");
    expect(matchOf({ parameters: { ENV: "prod", List: '["a",{"c":2,"b":1}]', dry: "True" } })).toBe("exact");
    expect(matchOf({ variables: { CONFIG: "Release", KEY: null } })).toBe("exact");
  });

  it("matches the pipeline's default branch if the start has no ref", () => {
    const bare = (defaultRef?: string | null) =>
      fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef });
    const plain = { parameters: undefined, variables: undefined };
    expect(matchOf(plain, bare("refs/heads/main"))).toBe("exact");
    expect(matchOf(plain, bare("refs/heads/other"))).toBe("none");
    // The pipeline has no default branch.
    expect(matchOf(plain, bare(null))).toBe("possible");
    // The default branch was not read.
    expect(matchOf(plain, bare())).toBe("possible");
  });

  const withEnv = (env: unknown) => fingerprint({ templateParameters: { env } });

  it.each([
    ["lines", "a\nb\n", "a\r\nb"],
    ["a number", "1.10", 1.1],
    ["the same text", "1.10", "1.10"],
    ["null", "null", null],
    ["an object", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])("matches a parameter that the service returns in another form: %s, %j and %j", (_, env, returned) => {
    expect(matchOf({ parameters: { env: returned } }, withEnv(env))).toBe("exact");
  });

  it.each([
    ["an object that may be the text's YAML", "a: 1\n", { a: 1 }],
    ["a boolean that may be the text's YAML", "yes", true],
    ["YAML that may be the object", { a: 1 }, "a: 1"],
    ["a number in another spelling, which may be a version", "1.10", "1.1"],
    ["a number that is only equal after rounding", "9007199254740993", "9007199254740992"],
  ])("possibly matches a parameter: %s", (_, env, returned) => {
    expect(matchOf({ parameters: { env: returned } }, withEnv(env))).toBe("possible");
  });

  it.each([
    ["untrue", "unfalse"],
    ["truest", "falsest"],
    ['["a"]', { 0: "a" }],
  ])("does not match the parameter %j with %j", (env, returned) => {
    expect(matchOf({ parameters: { env: returned } }, withEnv(env))).toBe("none");
  });

  it("possibly matches an object with the text [object Object]", () => {
    expect(matchOf({ parameters: { env: "[object Object]" } }, withEnv({ a: 1 }))).toBe("possible");
  });

  it("does not match different objects", () => {
    expect(matchOf({ parameters: { env: { a: 2 } } }, withEnv({ a: 1 }))).toBe("none");
    expect(matchOf({ parameters: { env: { a: 2 } } }, withEnv('{"a": 1}'))).toBe("none");
  });

  it("matches the parameters and variables of Get Run if the list lacks them", () => {
    const raw = {
      templateParameters: { env: "prod", list: '["a", {"b": 1, "c": 2}]', dry: "true" },
      variables: { config: { value: "Release" }, key: { isSecret: true } },
    };
    const incomplete = candidate({ parameters: undefined, variables: undefined });
    const { parameters, variables } = withRunDetails(incomplete, raw);
    expect(matchOf({ parameters, variables })).toBe("exact");
    expect(withRunDetails(incomplete, { id: 7 })).toEqual(incomplete);
  });

  it("matches a run with its own tag, or with tags that are not this action's", () => {
    const tagged = { ...fingerprint(), tag: `${tagPrefix}mine` };
    expect(matchOf({ tags: [`${tagPrefix}mine`, "nightly"] }, tagged)).toBe("exact");
    expect(matchOf({ tags: ["nightly"] })).toBe("exact");
  });

  it("compares a variable of the service's own if it was requested", () => {
    const debug = (value: string) => fingerprint({ variables: { "system.debug": { value } } });
    expect(matchOf({ variables: { "system.debug": "true" } }, debug("true"))).toBe("exact");
    expect(matchOf({ variables: { "System.Debug": "true" } }, debug("false"))).toBe("none");
  });

  it("does not match a commit by only six digits", () => {
    const part = { resources: { repositories: { self: { refName: "main", version: sha.slice(0, 6) } } } };
    expect(matchOf({}, fingerprint(part))).toBe("none");
  });

  it("possibly matches a run without parameters or variables, or with more variables", () => {
    expect(matchOf({ parameters: undefined })).toBe("possible");
    expect(matchOf({ variables: undefined })).toBe("possible");
    for (const more of ["more", "my-system.debug", "rebuild.id"]) {
      expect(matchOf({ variables: { config: "Release", [more]: "x" } })).toBe("possible");
    }
  });

  it("does not exactly match a run with parameters if the start has none", () => {
    const bare = fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef: "refs/heads/main" });
    expect(matchOf({ parameters: undefined, variables: {} }, bare)).toBe("exact");
    expect(matchOf({ parameters: { a: "1" } }, bare)).not.toBe("exact");
  });
});
