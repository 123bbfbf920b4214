import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  completedReply,
  happyPath,
  pollRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { reportInputs, startGitHubServer, withGitHub } from "../support/github-server.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const inProgress = { ...happyPath, [pollRoute]: statusReplies("inProgress") };

describe.concurrent("a check run and a commit status that cannot be written", () => {
  const warnings = ({ main }: Awaited<ReturnType<typeof runAction>>) => {
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    return main.annotations.map(({ level, message }) => [level, message]);
  };

  it("cause one warning each that names the missing permission, and the step continues", async () => {
    await using github = await startGitHubServer({ denied: ["checks", "statuses"] });
    await using azure = await scriptedAzure(happyPath);
    const result = await runAction(inputsFor(azure, reportInputs), withGitHub(github));
    expect(warnings(result).toSorted()).toEqual([
      ["warning", expect.stringMatching(/^The check run "azure" .*`permissions: checks: write`/)],
      ["warning", expect.stringMatching(/^The commit status "azure\/ci" .*`permissions: statuses: write`/)],
    ]);
    expect(github.requests).toHaveLength(2);
  });

  it("cause warnings that count towards the ten that GitHub shows", async () => {
    await using github = await startGitHubServer({ denied: ["checks", "statuses"] });
    const issues = Array.from({ length: 12 }, (_, n) => ({ type: "warning", message: `no ${n}`, data: {} }));
    const warned = timelineRecords("completed", "succeeded").map((record) =>
      record["type"] === "Task" ? { ...record, issues, warningCount: 12 } : record,
    );
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: completedReply("succeeded"),
      [timelineRoute]: { body: { id: "t", changeId: 1, records: warned } },
    });
    const result = await runAction(inputsFor(azure, reportInputs), withGitHub(github));
    expect(warnings(result)).toHaveLength(10);
    expect(result.main.log).toContain("And 4 more warnings in the run.");
  });

  it("cause one warning each without a token", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(happyPath);
    const result = await runAction(
      inputsFor(azure, { ...reportInputs, "github-token": "" }),
      withGitHub(github),
    );
    const blank = expect.stringMatching(/: the input `github-token` is blank\. Set /);
    expect(warnings(result)).toEqual([
      ["warning", blank],
      ["warning", blank],
    ]);
    expect(github.requests).toEqual([]);
  });

  it("cause one warning each during an outage of GitHub, and the step continues", async () => {
    await using azure = await scriptedAzure(happyPath);
    const nowhere = { url: "http://127.0.0.1:9" };
    const result = await runAction(inputsFor(azure, reportInputs), withGitHub(nowhere));
    expect(warnings(result)).toHaveLength(2);
  });

  it("delay neither the polls nor a cancelled job if GitHub does not respond", async () => {
    await using github = await startGitHubServer();
    github.order({ on: { path: /./ }, fault: { kind: "stall" } });
    await using azure = await scriptedAzure({
      ...inProgress,
      "PATCH build/builds/345": { body: buildJson("cancelling") },
    });
    await using action = startAction(inputsFor(azure, reportInputs), withGitHub(github, { post: false }));
    await azure.waitForRequest(/timeline/);
    const at = performance.now();
    action.cancel();
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    const patch = azure.requests.find(({ method }) => method === "PATCH");
    expect((patch?.at ?? Number.NaN) - at).toBeLessThan(4_000);
  });

  it("are not requested without check-run and commit-status", async () => {
    await using github = await startGitHubServer();
    await using azure = await scriptedAzure(happyPath);
    await runAction(inputsFor(azure), withGitHub(github));
    expect(github.requests).toEqual([]);
  });
});
