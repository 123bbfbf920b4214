import { describe, expect, it } from "vitest";
import {
  type Candidate,
  fingerprintOf,
  matchRun,
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

const likeness = (over: Partial<Candidate> = {}, evidence = asked()) =>
  matchRun(candidate(over), evidence, { since, callerId: "me" });

describe("the evidence of a start", () => {
  it("holds no secret", () => {
    expect(JSON.stringify(asked())).not.toContain("sesame");
    expect(asked()).toMatchObject({ secretNames: ["key"], variables: { config: "Release" } });
  });

  it("knows its run again", () => {
    expect(likeness()).toBe("exact");
    expect(likeness({ requesterIds: [] })).toBe("exact");
    expect(likeness({ pipelineId: null })).toBe("exact");
    expect(matchRun(candidate(), asked(), { since, callerId: undefined })).toBe("exact");
  });

  it.each<[string, Partial<Candidate>]>([
    ["another pipeline", { pipelineId: 43 }],
    ["queued before", { queuedAt: since - 1 }],
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
    expect(likeness(plain, bare(null))).toBe("exact");
    // Nobody has read it.
    expect(likeness(plain, bare())).toBe("possible");
  });

  const withEnv = (env: unknown) => asked({ templateParameters: { env } });

  it.each([
    ["lines", "a\nb\n", "a\r\nb"],
    ["a number", "1.10", 1.1],
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

  it("is no run of a hash that is too short to mean one, and perhaps one that does not say which it builds", () => {
    const part = { resources: { repositories: { self: { version: sha.slice(0, 6) } } } };
    expect(likeness({}, asked(part))).toBe("none");
    expect(likeness({ commit: null })).toBe("possible");
    expect(likeness({ queuedAt: since })).toBe("exact");
  });

  it("may be one that says less, or that says more", () => {
    expect(likeness({ parameters: undefined })).toBe("possible");
    expect(likeness({ variables: undefined })).toBe("possible");
    for (const more of ["more", "my-system.debug", "rebuild.id"]) {
      expect(likeness({ variables: { config: "Release", [more]: "x" } })).toBe("possible");
    }
  });

  it("of a bare start is any run of the pipeline since then", () => {
    const bare = fingerprintOf({ pipelineId: 42, body: {}, tag: null, defaultRef: null });
    expect(likeness({ parameters: undefined, variables: {} }, bare)).toBe("exact");
    expect(likeness({ parameters: { a: "1" } }, bare)).not.toBe("exact");
  });
});
