import { describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import * as answers from "../support/azure-responses.ts";
import {
  buildJson,
  errorReply,
  pollRoute,
  statusReplies,
  timelineRoute,
} from "../support/azure-responses.ts";
import { actionMethods, attachInputs, startRunExternally } from "../support/external-client.ts";
import { expectFailure, expectSingleError, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const readingRun = "GET pipelines/42/runs/345";

const someRun = {
  [pollRoute]: statusReplies("inProgress"),
  [timelineRoute]: answers.noTimeline,
  [readingRun]: { body: answers.runJson() },
  "PATCH build/builds/345": { body: buildJson("cancelling") },
};

const patched = (lines: readonly string[]) => lines.some((line) => line.startsWith("PATCH"));

describe.concurrent("a run that another client started", () => {
  it("is followed from the queue to its end, and no run is started", async () => {
    await using azure = await startSimulator({ speed: 30, accepts: () => "yes" });
    const id = await startRunExternally(azure, 42);
    const { main, post } = await runAction(attachInputs(azure, id));
    expect([main.exitCode, post?.exitCode], main.log).toEqual([0, 0]);
    expect(main.log).toMatch(/contoso \/ web · ci \(42\) · main at [0-9a-f]{7}/);
    expect(main.log).toMatch(/Following \d{8}\.1: http/);
    expect(main.outputs).toMatchObject({ "run-id": String(id), status: "completed", result: "succeeded" });
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({
      id,
      raw: { run: { id, pipeline: { id: 42 } }, build: { id } },
    });
    expect(azure.runs).toHaveLength(1);
    expect(new Set(actionMethods(azure))).toEqual(new Set(["GET"]));
    expect(main.summary).toMatch(/succeeded/);
  });

  it("is followed through an approval, with a line that says where to give it", async () => {
    await using azure = await startSimulator({ speed: 200, accepts: () => "yes" });
    const id = await startRunExternally(azure, 45);
    await using action = startAction(attachInputs(azure, id));
    await action.waitFor(/approval/);
    azure.approve(id, "Production");
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
  });

  it.each([
    ["succeeded", 0],
    ["failed", 1],
  ])("decides the step at once if it has completed: %s, exit code %d", async (result, exitCode) => {
    await using azure = await scriptedAzure({ ...someRun, [pollRoute]: answers.completedReply(result) });
    const { main } = await runAction(attachInputs(azure, 345));
    expect([main.exitCode, main.outputs["result"], main.outputs["error-code"]], main.log).toEqual([
      exitCode,
      result,
      undefined,
    ]);
    if (exitCode === 1) expect(expectSingleError({ main })).toContain(answers.runUrl);
    expect(patched(azure.requestLines())).toBe(false);
  });

  it("is found by its URL, with any other parameters in it", async () => {
    await using azure = await scriptedAzure({ ...someRun, [pollRoute]: answers.completedReply("succeeded") });
    const url = `${azure.organization}/web/_build/results?buildId=345&view=logs&j=12f1170f`;
    const where = { organization: "", project: "", "pipeline-id": "", ref: "", url };
    const { main } = await runAction(inputsFor(azure, where));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requestLines()[0]).toBe(answers.pollRequestLine);
  });

  it("is rejected if pipeline-id is another pipeline, with both ids", async () => {
    await using azure = await scriptedAzure(someRun);
    const result = await runAction(attachInputs(azure, 345, { "pipeline-id": "43" }));
    const text = expectFailure(result, "bad-input");
    expect(text).toMatch(/pipeline-id: .*345.*\b42\b.*\b43\b/);
    expect(azure.requestLines()).toEqual([answers.pollRequestLine]);
  });

  it("causes not-found if it does not exist", async () => {
    const gone = errorReply(404, "BuildNotFoundException", "The requested build 345 could not be found.");
    await using azure = await scriptedAzure({ [pollRoute]: gone });
    const text = expectFailure(await runAction(attachInputs(azure, 345)), "not-found");
    expect(text).toContain("The requested build 345 could not be found.");
  });

  it("is followed even if Get Run fails", async () => {
    await using azure = await scriptedAzure({
      ...someRun,
      [pollRoute]: answers.completedReply("succeeded"),
      [readingRun]: { status: 403, body: { message: "no" } },
    });
    const { main } = await runAction(attachInputs(azure, 345));
    expect(main.exitCode, main.log).toBe(0);
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({ raw: { run: null, build: { id: 345 } } });
  });

  it("is read once with wait: false, and its outputs are set", async () => {
    await using azure = await scriptedAzure(someRun);
    const mapped = { wait: "false", "map-outputs": "branch: source.ref" };
    const { main } = await runAction(attachInputs(azure, 345, mapped));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.outputs).toMatchObject({ status: "inProgress", result: "", branch: "refs/heads/main" });
    expect(JSON.parse(main.outputs["run"] ?? "")).toMatchObject({
      raw: { run: { id: 345 }, build: { id: 345 } },
    });
  });

  it("is read without its timeline with wait: false and no map-outputs", async () => {
    await using azure = await scriptedAzure({ ...someRun, [pollRoute]: answers.completedReply("failed") });
    const { main } = await runAction(attachInputs(azure, 345, { wait: "false" }));
    expect(main.exitCode, main.log).toBe(0);
    const expected = { status: "completed", result: "failed", "queue-seconds": "12", "run-seconds": "340" };
    expect(main.outputs).toMatchObject(expected);
    // The stages are not needed.
    expect(main.outputs).not.toHaveProperty("stages");
    expect(azure.requestLines()).toHaveLength(2);
  });
});

describe.concurrent("inputs that apply only to starting a run", () => {
  const start = {
    parameters: "a: 1",
    variables: "a: 1",
    "secret-variables": "a: hush",
    "stages-to-skip": "Deploy",
    resources: "repositories: {}",
    "request-body": "a: 1",
    preview: "true",
    "on-rerun": "attach",
  };

  it("are rejected by name before any request", async () => {
    await using azure = await scriptedAzure({});
    const text = expectFailure(await runAction(attachInputs(azure, 345, start)), "bad-input");
    for (const name of Object.keys(start)) expect(text).toMatch(new RegExp(`^${name}: applies only`, "m"));
    expect(azure.requestLines()).toEqual([]);
  });

  it("are rejected with the URL of a run too, as is a run-id that contradicts it", async () => {
    await using azure = await scriptedAzure({});
    const url = `${azure.organization}/web/_build/results?buildId=345`;
    const text = expectFailure(
      await runAction(
        inputsFor(azure, { "pipeline-id": "", url, "run-id": "346", tags: "a", parameters: "a: 1" }),
      ),
      "bad-input",
    );
    expect(text).toMatch(/^parameters: applies only/m);
    expect(text).toMatch(/^run-id: 346 contradicts the input `url`, which contains 345/m);
  });
});

describe.concurrent("pipeline-id, ref and commit with run-id", () => {
  it("are accepted if they are the run's own", async () => {
    await using azure = await scriptedAzure({ ...someRun, [pollRoute]: answers.completedReply("succeeded") });
    const own = { "pipeline-id": "42", ref: "main", commit: answers.commit.slice(0, 8) };
    const { main } = await runAction(attachInputs(azure, 345, own));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
  });

  it("are rejected if they are not the run's own, and no output is set", async () => {
    await using azure = await scriptedAzure({ ...someRun, [pollRoute]: answers.completedReply("succeeded") });
    const others = { "pipeline-id": "43", ref: "other", commit: "abcdef0" };
    const result = await runAction(attachInputs(azure, 345, others));
    const text = expectFailure(result, "bad-input");
    expect(text).toMatch(/^pipeline-id: run 345 has 42, not 43\.$/m);
    expect(text).toMatch(/^ref: run 345 has refs\/heads\/main, not refs\/heads\/other\.$/m);
    expect(text).toMatch(/^commit: run 345 has [0-9a-f]{40}, not abcdef0\.$/m);
    expect(result.main.outputs["run-id"]).toBeUndefined();
  });

  it("are rejected if several pipelines have the name, as in different folders", async () => {
    const same = ["\\", "\\prod"].map((path, index) => ({ id: 42 + index, name: "ci", path }));
    await using azure = await scriptedAzure({
      ...someRun,
      "GET build/definitions": { body: { count: 2, value: same } },
    });
    const result = await runAction(attachInputs(azure, 345, { "pipeline-name": "ci" }));
    expect(expectFailure(result, "bad-input")).toMatch(
      /^pipeline-name: several pipelines are called ci: \\ci \(42\), \\prod\\ci \(43\)\./,
    );
  });

  it("are named as the input that contains them if they are not the run's own", async () => {
    await using azure = await scriptedAzure(someRun);
    const url = `${azure.organization}/web/_build?definitionId=43`;
    const result = await runAction(attachInputs(azure, 345, { organization: "", project: "", url }));
    expect(expectFailure(result, "bad-input")).toBe(
      "url: run 345 has pipeline 42, not 43.\nCorrect `run-id` or `url`.",
    );
  });
});

describe.concurrent("a job that is cancelled while it follows a run", () => {
  const cancelled = async (more: Readonly<Record<string, string>>, act: "cancel" | "kill" = "cancel") => {
    const azure = await scriptedAzure(someRun);
    await using action = startAction(attachInputs(azure, 345, more));
    await action.waitFor(/Following/);
    await azure.waitForRequest(/timeline/);
    action[act]();
    const result = await action.done;
    await azure[Symbol.asyncDispose]();
    return { ...result, lines: azure.requestLines() };
  };

  it("does not cancel the run, and says so", async () => {
    const { main, post, lines } = await cancelled({});
    expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, "canceled"]);
    expect(main.log).toMatch(/The run continues/);
    expect([post?.exitCode, post?.log.trim(), patched(lines)]).toEqual([0, "", false]);
  });

  it("does not cancel the run if the process is killed", async () => {
    const { post, lines } = await cancelled({}, "kill");
    expect([post?.exitCode, patched(lines)], post?.log).toEqual([0, false]);
  });

  it.each(["cancel", "kill"] as const)("cancels the run with cancel-on-abort: true (%s)", async (act) => {
    const { lines } = await cancelled({ "cancel-on-abort": "true" }, act);
    expect(lines.filter((line) => line.startsWith("PATCH"))).toHaveLength(1);
  });
});
