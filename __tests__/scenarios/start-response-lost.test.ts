import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  buildList,
  errorReply,
  happyPath,
  runJson,
  startRoute,
  throttlingMessage,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

describe.concurrent("a start whose response is lost", () => {
  it("adopts its run, and no other is started", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes", quirks: { listLag: 1 } });
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault: { kind: "cut-body" } });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.runs).toHaveLength(1);
    expect(main.outputs["run-id"]).toBe(String(azure.runs[0]?.id));
    expect(azure.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("adopts its run if request-body has a bare branch name and the run its full ref", async () => {
    const mine = () => ({ ...buildJson("notStarted", { queueTime: new Date().toISOString() }) });
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { fault: "reset" },
      "GET build/builds": () => buildList(mine()),
      "GET pipelines/42/runs/345": { body: runJson() },
    });
    const wanted = { ref: "", "request-body": "resources: {repositories: {self: {refName: main}}}" };
    const { main } = await runAction(inputsFor(azure, wanted));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("adopts its run after a 500 without an envelope", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes" });
    const fault = { kind: "status", status: 500, body: "oops", handled: true } as const;
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.runs).toHaveLength(1);
  });

  it("adopts its run after a gateway's page", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes" });
    const fault = { kind: "gateway", status: 403, handled: true } as const;
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.runs).toHaveLength(1);
    expect(main.log).toMatch(/not Azure DevOps but a gateway or proxy answered 403: "/);
  });

  it("is sent again if no run is found, and one run is started", async () => {
    await using azure = await startSimulator({ speed: 40, accepts: () => "yes" });
    azure.order({ on: { method: "POST", path: /runs$/ }, nth: 1, fault: { kind: "reset-before" } });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    expect(azure.runs).toHaveLength(1);
    const starts = azure.requests.filter(({ method }) => method === "POST");
    expect(starts).toHaveLength(2);
    // It searches after 1, 3 and 9 seconds before it sends the start again.
    expect((starts[1]?.at ?? 0) - (starts[0]?.at ?? 0)).toBeGreaterThan(8_900);
  });

  it("is neither searched for nor sent again if the response is that of a preview", async () => {
    await using azure = await scriptedAzure({
      [startRoute]: { body: { id: -1, state: "unknown", finalYaml: "a: 1" } },
    });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "unexpected-response")).toMatch(/^Nothing was started/);
    expect(azure.requests).toHaveLength(1);
  });

  it("is start-unknown with the names of all runs that could be its own, and starts nothing", async () => {
    const now = () => new Date().toISOString();
    const mine = (id: number) => ({
      ...buildJson("notStarted", { id, buildNumber: `2026.${id}`, _links: {}, queueTime: now() }),
    });
    await using azure = await scriptedAzure({
      [startRoute]: { fault: "reset" },
      "GET build/builds": () => buildList(mine(7), mine(8)),
    });
    const result = await runAction(inputsFor(azure));
    const text = expectFailure(result, "start-unknown");
    expect(text).toContain(`${azure.organization}/web/_build/results?buildId=7`);
    expect(text).toContain(`${azure.organization}/web/_build/results?buildId=8`);
    expect(azure.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  const hour = 3_600_000;
  const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
  const dated = (reply: Reply, offsetMs: number): Reply => ({
    ...reply,
    headers: { ...reply.headers, date: new Date(Date.now() + offsetMs).toUTCString() },
  });
  const anonymous = ({ body }: Reply): Reply => ({ body });
  const run = (queuedMs: number, over: object = {}) =>
    buildJson("notStarted", { queueTime: at(queuedMs), ...over });

  it.each<[string, () => Reply]>([
    ["an old run, with a date that is an hour behind", () => dated(buildList(run(-hour / 2)), -hour)],
    ["our run, in an answer that does not say who we are", () => anonymous(buildList(run(0)))],
  ])("is start-unknown, and nothing is started, if the list is %s", async (_, list) => {
    await using azure = await scriptedAzure({
      [startRoute]: { fault: "reset" },
      "GET build/builds": list,
      "GET pipelines/42/runs/345": { body: runJson() },
    });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "start-unknown")).toContain("buildId=345");
    expect(azure.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("does not adopt a run that another step of this job has received", async () => {
    const temp = temporaryFolder();
    const ours = () => run(0, { id: 346, _links: {} });
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: [{ body: runJson() }, { fault: "reset" }],
      "GET build/builds": () => buildList(run(0), ours()),
      "GET pipelines/42/runs/346": { body: runJson({ id: 346 }) },
      "GET build/builds/346": { body: buildJson("completed", { id: 346 }) },
      "GET build/builds/346/timeline": { status: 204 },
    });
    const env = { RUNNER_TEMP: temp };
    const first = await runAction(inputsFor(azure, { wait: "false" }), { env });
    expect(first.main.outputs["run-id"]).toBe("345");
    const { main } = await runAction(inputsFor(azure), { env });
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "346"]);
  });

  it("does not adopt the runs of others", async () => {
    const now = () => new Date().toISOString();
    const other = (id: number, over: object) => buildJson("notStarted", { id, queueTime: now(), ...over });
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: { fault: "reset" },
      "GET build/builds": () => ({
        headers: { "x-vss-userdata": "AAAA-1:robot@contoso.example" },
        body: {
          value: [
            other(1, { sourceBranch: "refs/heads/other", requestedFor: { id: "aaaa-1" } }),
            other(2, { requestedFor: { id: "bbbb-2" } }),
            other(3, { requestedFor: { id: "aaaa-1" }, queueTime: "2026-06-02T14:40:57Z" }),
            other(4, { requestedFor: { id: "aaaa-1" }, templateParameters: { a: "2" } }),
            other(5, { requestedFor: { id: "aaaa-1" }, tags: ["run-azure-pipeline:somebody-elses"] }),
            other(345, { requestedFor: { id: "aaaa-1" }, templateParameters: { a: "1" } }),
          ],
        },
      }),
      "GET pipelines/42/runs/345": { body: runJson() },
    });
    const { main } = await runAction(inputsFor(azure, { parameters: "a: 1" }));
    expect([main.exitCode, main.outputs["run-id"]], main.log).toEqual([0, "345"]);
    expect(azure.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["429", { status: 429, body: "slow down" }],
    ["403", errorReply(403, "VssServiceException", throttlingMessage)],
  ])("is sent again after Retry-After if it was throttled with %s", async (_, answer) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [startRoute]: [{ ...answer, headers: { "retry-after": "1" } }, { body: runJson() }],
    });
    const { main } = await runAction(inputsFor(azure, { wait: "false" }));
    expect(main.exitCode, main.log).toBe(0);
    expect((azure.requests[1]?.at ?? 0) - (azure.requests[0]?.at ?? 0)).toBeGreaterThan(950);
    expect(azure.requestLines()).toHaveLength(2);
  });
});
