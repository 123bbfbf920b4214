import { expect, it } from "vitest";
import { readTrigger } from "../../src/github/event.ts";
import { jobIdentity } from "../../src/github/identity.ts";
import { json, never, scripted } from "../sign-in/support.ts";
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
