import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import * as answers from "../support/azure-responses.ts";
import {
  buildJson,
  commit,
  happyPath,
  pollRequestLine,
  startRequestLine,
  statusReplies,
} from "../support/azure-responses.ts";
import { expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

describe.concurrent("a run that succeeds", () => {
  it("passes the step with its outputs, and the start is the first request", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [answers.pollRoute]: statusReplies("notStarted", "notStarted", "completed"),
    });
    const result = await runAction(inputsFor(azure, { summary: "false" }), { startsIdlePost: true });
    const { main, post } = result;
    expect(main.exitCode, main.log).toBe(0);
    // With this state the other scenarios start no process for the post step, which does nothing.
    expect(main.state["phase"]).toBe('{"at":"settled"}');
    expect(post).toMatchObject({ exitCode: 0, raw: "", log: "", annotations: [] });
    expect(Object.values(post?.written ?? {}).join("")).toBe("");
    const { run = "", stages, ...outputs } = main.outputs;
    expect(outputs).toEqual({
      "run-id": "345",
      "run-name": "20260602.13",
      "run-url": answers.runUrl,
      status: "completed",
      result: "succeeded",
      commit,
      "queue-seconds": "12",
      "run-seconds": "340",
      attempt: "1",
      "summary-file": expect.stringMatching(/[\\/]run-azure-pipeline-[-0-9a-f]+\.md$/),
    });
    expect(JSON.parse(run)).toMatchObject({
      id: 345,
      status: "completed",
      pipeline: { id: 42, name: "ci", folder: "\\" },
      source: { ref: "refs/heads/main", commit },
      waitingFor: [],
      raw: { run: answers.runJson(), build: buildJson("completed") },
    });
    expect(stages).toBe("[]");
    // A poll is one request while the run is queued, and the timeline is read once at its end.
    expect(azure.requestLines()).toEqual([
      startRequestLine,
      pollRequestLine,
      pollRequestLine,
      pollRequestLine,
      "GET build/builds/345/timeline?api-version=7.1",
    ]);
    expect(main.annotations).toEqual([]);
    expectSecretAbsent(result, token);
  });

  it("sends the User-Agent and Accept with every request", async () => {
    await using azure = await scriptedAzure(happyPath);
    await runAction(inputsFor(azure));
    expect(JSON.parse(azure.requests[0]?.body ?? "")).toEqual({
      resources: { repositories: { self: { refName: "refs/heads/main" } } },
    });
    expect(azure.requests[0]?.headers["content-type"]).toMatch(/^application\/json/);
    expect(azure.requests).not.toHaveLength(0);
    for (const { headers } of azure.requests) {
      expect(headers).toMatchObject({
        accept: "application/json",
        "x-tfs-fedauthredirect": "Suppress",
        authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}`,
      });
      expect(headers["user-agent"]).toMatch(/run-azure-pipeline/);
    }
  });

  it("is polled poll-interval after the end of the previous poll", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [answers.pollRoute]: statusReplies("notStarted", "notStarted", "completed"),
    });
    await runAction(inputsFor(azure));
    const [first, second, third] = azure.requests.slice(1).map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(950);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(950);
  });

  it("is followed through postponed and canceling", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [answers.pollRoute]: [...statusReplies("postponed", "cancelling"), answers.completedReply("succeeded")],
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(azure.requestLines().filter((line) => line === pollRequestLine)).toHaveLength(3);
  });

  it("is logged with its stages and jobs, which are outputs too", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes" });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.log).toMatch(/contoso \/ web · .+ \(42\) · main at [0-9a-f]{7}/);
    expect(main.log).toMatch(/Started \d{8}\.1: http/);
    expect(main.log).toMatch(/Build/);
    expect(main.log).toMatch(/succeeded/);
    const stages = JSON.parse(main.outputs["stages"] ?? "") as {
      name: string;
      result: string;
      jobs: unknown[];
    }[];
    expect(stages.map(({ name }) => name)).toEqual(["Build", "Staging", "Production"]);
    expect(stages.every(({ result, jobs }) => result === "succeeded" && jobs.length > 0)).toBe(true);
    expect(azure.runs).toHaveLength(1);
  });

  it("is started and not followed with wait: false", async () => {
    await using azure = await scriptedAzure(happyPath);
    const { main, post } = await runAction(inputsFor(azure, { wait: "false" }));
    expect([main.exitCode, post?.exitCode], main.log).toEqual([0, 0]);
    expect(main.outputs).toMatchObject({ "run-id": "345", "run-name": "20260602.13", commit });
    expect(main.summary).toBe(
      `## ⏳ web › ci: started, not waited for\n\n**[20260602.13](${answers.runUrl})** · \`main\` at \`4f2c1e9\`\n`,
    );
    expect(readFileSync(main.outputs["summary-file"] ?? "", "utf8")).toBe(main.summary);
    expect(azure.requestLines()).toEqual([startRequestLine]);
  });

  it("is not started with preview: true, which only returns the YAML", async () => {
    await using azure = await scriptedAzure({
      "POST pipelines/42/preview": { body: { finalYaml: "stages:\n- stage: Build\n" } },
    });
    const { main } = await runAction(inputsFor(azure, { preview: "TRUE", parameters: "a: 1" }));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.outputs["final-yaml"]).toBe("stages:\n- stage: Build\n");
    expect(main.outputs["run-id"]).toBeUndefined();
    expect(main.log).toMatch(/^contoso \/ web · pipeline \(42\) · main\nThe pipeline is valid\./);
    expect(main.summary).toBe("## ✅ web › pipeline 42: valid, nothing was started\n\n`main`\n");
    expect(azure.requestLines()).toEqual(["POST pipelines/42/preview?api-version=7.1"]);
    expect(JSON.parse(azure.requests[0]?.body ?? "")).toMatchObject({ templateParameters: { a: "1" } });
  });

  it("can be read from responses that start with a byte order mark", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes", quirks: { bom: true } });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
  });

  it("gets the tags of `tags`", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      "POST build/builds/345/tags": { body: { count: 2, value: ["a", "b"] } },
    });
    const { main } = await runAction(inputsFor(azure, { tags: "a, b" }));
    expect(main.exitCode, main.log).toBe(0);
    const tagging = azure.requests.find(({ path }) => path.includes("/tags"));
    expect(JSON.parse(tagging?.body ?? "")).toEqual(["a", "b"]);
  });
});
