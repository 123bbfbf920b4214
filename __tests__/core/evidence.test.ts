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

const likeness = (over: Partial<Candidate> = {}, evidence = asked(), me: string | undefined = "me") =>
  likenessOf(candidate(over), evidence, { since, me });

describe("the evidence of a start", () => {
  it("holds no secret", () => {
    expect(JSON.stringify(asked())).not.toContain("sesame");
    expect(asked()).toMatchObject({ secrets: ["key"], variables: { config: "Release" } });
  });

  it("knows its run again", () => {
    expect(likeness()).toBe("ours");
    expect(likeness({ people: [] })).toBe("ours");
    expect(likeness({}, asked(), undefined)).toBe("ours");
  });

  it.each<[string, Partial<Candidate>]>([
    ["another pipeline", { pipelineId: 43 }],
    ["queued before", { queuedAt: since - 1 }],
    ["somebody else's", { people: ["you"] }],
    ["another branch", { ref: "refs/heads/other" }],
    ["another commit", { commit: "0".repeat(40) }],
    ["another parameter", { parameters: { env: "test", list: ["a", { b: 1, c: 2 }], dry: true } }],
    ["a parameter too few", { parameters: { env: "prod" } }],
    ["another variable", { variables: { config: "Debug" } }],
    ["no variables", { variables: {} }],
    ["started by a push", { reason: "individualci" }],
    ["another step's tag", { tags: [`${tagPrefix}another`] }],
  ])("is not %s", (_, over) => {
    expect(likeness(over)).toBe("other");
  });

  it("knows what it asked for by other spellings", () => {
    const part = { resources: { repositories: { self: { version: sha.slice(0, 7) } } } };
    expect(likeness({}, asked(part))).toBe("ours");
    expect(likeness({ parameters: { ENV: "prod", List: '["a",{"c":2,"b":1}]', dry: "True" } })).toBe("ours");
    expect(likeness({ variables: { CONFIG: "Release", KEY: null } })).toBe("ours");
  });

  it("knows by the pipeline's default branch what was started without a ref", () => {
    const bare = (defaultRef: string | null) =>
      evidenceOf({ pipelineId: 42, body: {}, tag: null, defaultRef });
    const plain = { parameters: undefined, variables: undefined };
    expect(likeness(plain, bare("refs/heads/main"))).toBe("ours");
    expect(likeness(plain, bare("refs/heads/other"))).toBe("other");
    expect(likeness(plain, bare(null))).toBe("ours");
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
    expect(likeness({ variables: { config: "Release", more: "x" } })).toBe("perhaps");
  });

  it("of a bare start is any run of the pipeline since then", () => {
    const bare = evidenceOf({ pipelineId: 42, body: {}, tag: null });
    expect(likeness({ parameters: undefined, variables: {} }, bare)).toBe("ours");
    expect(likeness({ parameters: { a: "1" } }, bare)).not.toBe("ours");
  });
});
