import { expect, it } from "vitest";
import { readTrigger } from "../../src/github/event.ts";
import { jobIdentity } from "../../src/github/identity.ts";
import { json, lost, never, type Reply, scripted } from "../sign-in/support.ts";
import { fakeClock } from "../support/fake-clock.ts";

const env = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://x/?v=2", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" };

it("a job that had identity tokens, and gets no more, has been running for too long", async () => {
  const transport = scripted(json(200, { value: "first" }), json(401, {}));
  const trigger = async () => readTrigger({}, () => "");
  const identity = jobIdentity({ env, transport, clock: fakeClock(), mask: () => undefined, trigger });
  expect(await identity("a", never)).toBe("first");
  await expect(identity("a", never)).rejects.toMatchObject({
    code: "unauthorized",
    hint: expect.stringContaining("six hours"),
  });
});

it("a job without the permission may have meant another way, whose secret is blank", async () => {
  const trigger = async () => readTrigger({}, () => "");
  const means = { transport: scripted(), clock: fakeClock(), mask: () => undefined, trigger };
  await expect(jobIdentity({ env: {}, ...means })("a", never)).rejects.toMatchObject({
    hint: expect.stringMatching(/id-token: write.*`client-secret`, say\) is not blank/),
  });
});

it.each<[string, Reply, object]>([
  [
    "an outage",
    json(503, {}, { "retry-after": "20" }),
    { message: "GitHub's token service answered 503 and no token", retryAfterMs: 20_000, throttled: false },
  ],
  ["too many requests", json(429, {}), { throttled: true }],
  ["an answer without a token", json(200, { value: "" }), { retryAfterMs: undefined }],
  ["a lost connection", lost, { message: expect.stringMatching(/^GitHub's token service: the connection/) }],
])("%s is asked about once, and left to whoever has patience", async (_, reply, expected) => {
  const transport = scripted(reply);
  const trigger = async () => readTrigger({}, () => "");
  const identity = jobIdentity({ env, transport, clock: fakeClock(), mask: () => undefined, trigger });
  await expect(identity("a", never)).rejects.toMatchObject({
    name: "PassingError",
    hint: expect.stringContaining("githubstatus"),
    ...expected,
  });
  expect(transport.requests).toHaveLength(1);
});

it.each([
  ["pull_request", "mallory/shop", /from a fork/],
  ["pull_request", undefined, /from a fork/],
  ["pull_request", "octo/shop", /GitHub's\.$/],
  ["pull_request_target", "mallory/shop", /GitHub's\.$/],
])("%s of %s: says what is missing", async (event, repository, words) => {
  const head = { ref: "fix", sha: "a", ...(repository && { repo: { full_name: repository } }) };
  const payload = JSON.stringify({ pull_request: { number: 7, head, base: { ref: "main" } } });
  const about = { GITHUB_EVENT_NAME: event, GITHUB_REPOSITORY: "octo/shop", GITHUB_EVENT_PATH: "/event" };
  const trigger = async () => readTrigger(about, () => payload);
  const identity = jobIdentity({
    env: {},
    transport: scripted(),
    clock: fakeClock(),
    mask: () => undefined,
    trigger,
  });
  await expect(identity("a", never)).rejects.toMatchObject({ message: expect.stringMatching(words) });
});
