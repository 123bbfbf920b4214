import { describe, expect, it } from "vitest";
import { defaultSha } from "../../runner-emulator/job.ts";
import { type RunOptions, runAction } from "../../runner-emulator/runner.ts";
import { happyPath } from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const github = {
  id: "octo/shop",
  type: "GitHub",
  name: "octo/shop",
  url: "https://github.com/octo/shop.git",
};

const headSha = "1111111111111111111111111111111111111111";

const repository = { full_name: "octo/shop", default_branch: "main" };

const pull = (from: string) => ({
  number: 12,
  pull_request: {
    number: 12,
    head: { ref: "topic", sha: headSha, repo: { full_name: from } },
    base: { ref: "main", sha: defaultSha },
  },
  repository,
});

/** The start's ref and commit with a blank `ref`. */
async function startUnder(options: RunOptions, built: object = github) {
  await using azure = await scriptedAzure({
    ...happyPath,
    "GET build/definitions/42": { body: { id: 42, name: "ci", repository: built } },
  });
  const { main } = await runAction(inputsFor(azure, { ref: "", wait: "false" }), { post: false, ...options });
  expect(main.exitCode, main.log).toBe(0);
  const start = azure.requests.find(({ method }) => method === "POST");
  const body = JSON.parse(start?.body ?? "") as { resources?: { repositories?: { self?: object } } };
  return { self: body.resources?.repositories?.self, main, lines: azure.requestLines() };
}

const event = (
  name: string,
  payload: unknown = { repository },
  env: Record<string, string> = {},
): RunOptions => ({
  event: { name, payload },
  env,
});

it("the default ref of a pull request causes a notice if the pipeline builds another repository", async () => {
  const other = {
    ...github,
    id: "octo/old-shop",
    name: "octo/old-shop",
    url: undefined,
    defaultBranch: "main",
  };
  const { self, main } = await startUnder(event("pull_request", pull("octo/shop")), other);
  expect(self).toBeUndefined();
  expect(main.annotations.map(({ level, message }) => [level, message])).toEqual([
    ["notice", expect.stringMatching(/builds the repository octo\/old-shop \(main\), not octo\/shop/)],
  ]);
});

describe.concurrent("the default ref of a pipeline of the same repository", () => {
  it.each<[string, RunOptions, object]>([
    ["push", event("push"), { refName: "refs/heads/main", version: defaultSha }],
    [
      "a pull request of this repository",
      event("pull_request", pull("octo/shop")),
      { refName: "refs/heads/topic", version: headSha },
    ],
  ])("is the event's for %s", async (_, options, expected) => {
    const { self, lines } = await startUnder(options);
    expect(self).toEqual(expected);
    expect(lines).toEqual([
      "GET build/definitions/42?api-version=7.1",
      "POST pipelines/42/runs?api-version=7.1",
    ]);
  });

  it("is the merge ref for a pull request from a fork", async () => {
    const { self } = await startUnder(event("pull_request", pull("mallory/shop")));
    expect(self).toMatchObject({ refName: "refs/pull/12/merge" });
    expect(self).not.toMatchObject({ version: headSha });
  });

  it("is the pipeline's own under pull_request_target, with a notice", async () => {
    const { self, main } = await startUnder(event("pull_request_target", pull("octo/shop")));
    expect(self).toBeUndefined();
    const notices = main.annotations.filter(({ level }) => level === "notice");
    expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining("pull_request_target")]);
  });
});

it("the default ref is the pipeline's own if it builds an Azure repository", async () => {
  const { self } = await startUnder(event("push"), { id: "0a1b", type: "TfsGit", name: "shop" });
  expect(self).toBeUndefined();
});
