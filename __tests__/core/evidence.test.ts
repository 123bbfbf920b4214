import { describe, expect, it } from "vitest";
import {
  type Candidate,
  type Evidence,
  enriched,
  evidenceOf,
  likenessOf,
  tagPrefix,
} from "../../src/core/evidence.ts";

const since = 1_000_000;
const sha = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";

const asked = (over: Record<string, unknown> = {}): Evidence =>
  evidenceOf({
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
  people: ["me"],
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
  likenessOf(candidate(over), evidence, { since, me: "me" });

describe("the evidence of a start", () => {
  it("holds no secret", () => {
    expect(JSON.stringify(asked())).not.toContain("sesame");
    expect(asked()).toMatchObject({ secrets: ["key"], variables: { config: "Release" } });
  });

  it("knows its run again", () => {
    expect(likeness()).toBe("ours");
    expect(likeness({ people: [] })).toBe("ours");
    expect(likeness({ pipelineId: null })).toBe("ours");
    expect(likenessOf(candidate(), asked(), { since, me: undefined })).toBe("ours");
  });

  it.each<[string, Partial<Candidate>]>([
    ["another pipeline", { pipelineId: 43 }],
    ["queued before", { queuedAt: since - 1 }],
    ["somebody else's", { people: ["you"] }],
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
    expect(likeness(over)).toBe("other");
  });

  it("knows what it asked for by other spellings", () => {
    const self = (refName: string, version = sha) => ({
      resources: { repositories: { self: { refName, version } } },
    });
    expect(likeness({}, asked(self("refs/heads/main", sha.slice(0, 7))))).toBe("ours");
    for (const refName of ["main", "heads/main"]) expect(likeness({}, asked(self(refName)))).toBe("ours");
    expect(likeness({ ref: "refs/tags/v1" }, asked(self("v1")))).toBe("ours");
    expect(likeness({ ref: "refs/heads/a/main" }, asked(self("main")))).toBe("other");
    expect(likeness({ parameters: { ENV: "prod", List: '["a",{"c":2,"b":1}]', dry: "True" } })).toBe("ours");
    expect(likeness({ variables: { CONFIG: "Release", KEY: null } })).toBe("ours");
  });

  it("knows by the pipeline's default branch what was started without a ref", () => {
    const bare = (defaultRef?: string | null) =>
      evidenceOf({ pipelineId: 42, body: {}, tag: null, defaultRef });
    const plain = { parameters: undefined, variables: undefined };
    expect(likeness(plain, bare("refs/heads/main"))).toBe("ours");
    expect(likeness(plain, bare("refs/heads/other"))).toBe("other");
    expect(likeness(plain, bare(null))).toBe("ours");
    // Nobody has read it.
    expect(likeness(plain, bare())).toBe("perhaps");
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
      expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("ours");
    },
  );

  it.each([
    ["the object that it may say in YAML", "a: 1\n", { a: 1 }],
    ["what YAML may take for a boolean", "yes", true],
    ["YAML of an object of the body", { a: 1 }, "a: 1"],
  ])("leaves open whether a parameter is %s", (_, env, there) => {
    expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("perhaps");
  });

  it.each([
    ["untrue", "unfalse"],
    ["truest", "falsest"],
    ['["a"]', { 0: "a" }],
  ])("tells %s from %j", (env, there) => {
    expect(likeness({ parameters: { env: there } }, withEnv(env))).toBe("other");
  });

  it("takes no text for an object because both look alike in a message", () => {
    expect(likeness({ parameters: { env: "[object Object]" } }, withEnv({ a: 1 }))).toBe("perhaps");
  });

  it("tells objects apart", () => {
    expect(likeness({ parameters: { env: { a: 2 } } }, withEnv({ a: 1 }))).toBe("other");
    expect(likeness({ parameters: { env: { a: 2 } } }, withEnv('{"a": 1}'))).toBe("other");
  });

  it("asks the run itself where the list says too little", () => {
    const raw = {
      templateParameters: { env: "prod", list: '["a", {"b": 1, "c": 2}]', dry: "true" },
      variables: { config: { value: "Release" }, key: { isSecret: true } },
    };
    const silent = candidate({ parameters: undefined, variables: undefined });
    const { parameters, variables } = enriched(silent, raw);
    expect(likeness({ parameters, variables })).toBe("ours");
    expect(enriched(silent, { id: 7 })).toEqual(silent);
  });

  it("bears its own tag, and may bear any that is not this action's", () => {
    const tagged = { ...asked(), tag: `${tagPrefix}mine` };
    expect(likeness({ tags: [`${tagPrefix}mine`, "nightly"] }, tagged)).toBe("ours");
    expect(likeness({ tags: ["nightly"] })).toBe("ours");
  });

  it("is no run of a hash that is too short to mean one, and perhaps one that does not say which it builds", () => {
    const part = { resources: { repositories: { self: { version: sha.slice(0, 6) } } } };
    expect(likeness({}, asked(part))).toBe("other");
    expect(likeness({ commit: null })).toBe("perhaps");
    expect(likeness({ queuedAt: since })).toBe("ours");
  });

  it("may be one that says less, or that says more", () => {
    expect(likeness({ parameters: undefined })).toBe("perhaps");
    expect(likeness({ variables: undefined })).toBe("perhaps");
    for (const more of ["more", "my-system.debug", "rebuild.id"]) {
      expect(likeness({ variables: { config: "Release", [more]: "x" } })).toBe("perhaps");
    }
  });

  it("of a bare start is any run of the pipeline since then", () => {
    const bare = evidenceOf({ pipelineId: 42, body: {}, tag: null, defaultRef: null });
    expect(likeness({ parameters: undefined, variables: {} }, bare)).toBe("ours");
    expect(likeness({ parameters: { a: "1" } }, bare)).not.toBe("ours");
  });
});
