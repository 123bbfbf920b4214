import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listRecentRuns } from "../../src/azure-devops/builds.ts";
import { asDate, decodeBuild, decodeRepository, webUrl } from "../../src/azure-devops/decode.ts";
import { parseErrorBody } from "../../src/azure-devops/error-body.ts";
import { findPipeline } from "../../src/azure-devops/pipelines.ts";
import { decodeRun } from "../../src/azure-devops/runs.ts";
import { decodeRecords } from "../../src/azure-devops/timeline.ts";
import { TransientError } from "../../src/errors.ts";
import { buildJson, runJson, timelineRecords } from "../support/azure-responses.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";
import { createScriptedClient, jsonResponse, neverAborted } from "./scripted-client.ts";

const folder = "azure-devops/recordings";

interface Recorded {
  readonly status: number;
  readonly headers: Record<string, string> | null;
  readonly body: unknown;
}

function recorded(name: string): Recorded {
  const text = readFileSync(sharedPath(`${folder}/${name}.json`), "utf8");
  return (JSON.parse(text) as { response: Recorded }).response;
}

const noUrl = () => "";

describeWithShared(folder, "a recorded response", () => {
  it.each([
    ["build-get-1", { id: 638, name: "20260401.4", status: "notStarted", result: null, startedAt: null }],
    [
      "build-get-2",
      { id: 14, status: "completed", result: "succeeded", finishedAt: "2026-06-02T14:42:57.8337515Z" },
    ],
    [
      "build-get-3",
      { id: 2272, status: "inProgress", result: null, startedAt: "2020-09-23T15:44:45.2487227Z" },
    ],
    ["build-get-4", { id: 568, status: "completed", result: "succeeded" }],
    ["build-cancel-1", { id: 123, status: "canceling", result: null, finishedAt: null }],
  ])("%s is decoded as a run: %j", (name, expected) => {
    const run = decodeBuild(recorded(name).body, noUrl);
    expect(run).toMatchObject(expected);
    expect(run.url).toMatch(/^https:\/\/.+_build.+/);
    expect(run.source.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(run.pipeline).toMatchObject({ id: expect.any(Number), name: expect.any(String) });
  });

  it("run-get-1 is decoded as a started run", () => {
    expect(decodeRun(recorded("run-get-1").body)).toMatchObject({
      id: 14,
      name: "20260602.13",
      url: "https://dev.azure.com/example-org/daea58ba-4c73-4942-8d87-78e7d340bbcd/_build/results?buildId=14",
      pipelineName: "sample-repo",
      commit: null,
    });
  });

  it("preview-4 is not decoded as a run", () => {
    expect(() => decodeRun(recorded("preview-4").body)).toThrow("Nothing was started");
  });

  it("timeline-1 has four records, and timeline-7 none", () => {
    const decoded = decodeRecords(recorded("timeline-1").body);
    expect(decoded.map(({ type, status, result }) => `${type} ${status} ${result}`).toSorted()).toEqual([
      "Job completed succeeded",
      "Stage completed succeeded",
      "Task completed succeeded",
      "Task completed succeeded",
    ]);
    expect(decodeRecords(recorded("timeline-7").body)).toEqual([]);
  });

  it("builds-list-1 is decoded as a list of four candidates", async () => {
    const { headers, body } = recorded("builds-list-1");
    const client = createScriptedClient([jsonResponse(body, { headers: headers ?? {} })]);
    const recent = await listRecentRuns(
      client.send,
      { pipelineId: 178, retryForMs: 0, runUrl: noUrl },
      neverAborted,
    );
    expect(recent.candidates).toHaveLength(4);
    for (const { queuedAt, requesterIds } of recent.candidates) {
      expect(queuedAt).toBeGreaterThan(Date.parse("2020-01-01"));
      expect(requesterIds[0]).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(recent.callerId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("definitions-1 has the pipeline of that name, and definitions-5 none", async () => {
    const { body } = recorded("definitions-1");
    const client = createScriptedClient([jsonResponse(body)]);
    const name = "BuildTests Definition1";
    expect(await findPipeline(client.send, { name, folder: undefined }, neverAborted)).toBe(20);
    const none = createScriptedClient([jsonResponse(recorded("definitions-5").body)]);
    await expect(findPipeline(none.send, { name, folder: undefined }, neverAborted)).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("definitions-3 has a repository in Azure Repos", () => {
    const { repository } = recorded("definitions-3").body as { repository: unknown };
    expect(decodeRepository(repository)).toMatchObject({ kind: "other", host: "dev.azure.com" });
  });

  it.each([
    ["error-400-1", "InvalidTeamSettingsException", /^TF400497/],
    ["error-404-1", "ProjectDoesNotExistWithNameException", /^TF200016/],
    ["error-404-2", "", /^The controller for path/],
    ["error-503-1", "VssServiceException", /^TF24668/],
  ])("%s has the typeKey %j and a message that matches %s", (name, typeKey, message) => {
    const { status, headers, body } = recorded(name);
    const text = typeof body === "string" ? body : `\uFEFF${JSON.stringify(body)}`;
    const envelope = parseErrorBody({ status, headers: headers ?? {}, body: text });
    expect(envelope).toEqual({ typeKey, message: expect.stringMatching(message), isFromService: true });
  });
});

describe("a build", () => {
  it.each([
    {},
    null,
    undefined,
    [],
    "text",
    { id: 7 },
    { status: "completed" },
    { id: "7", status: "completed" },
  ])("%j is rejected", (answer) => {
    expect(() => decodeBuild(answer, noUrl)).toThrow(TransientError);
  });

  it("only needs an id and a status", () => {
    expect(decodeBuild({ id: 7, status: "inProgress" }, (id) => `https://x/${id}`)).toEqual({
      id: 7,
      name: "7",
      status: "inProgress",
      result: null,
      unknownResult: undefined,
      url: "https://x/7",
      pipeline: { id: null, name: null, folder: null },
      source: { ref: null, commit: null },
      repository: undefined,
      prSourceSha: undefined,
      createdAt: null,
      startedAt: null,
      finishedAt: null,
      requestedBy: null,
      isPipelinePaused: false,
      tags: [],
      problems: [],
      raw: { id: 7, status: "inProgress" },
    });
  });

  it.each([
    ["none", "notStarted"],
    ["NotStarted", "notStarted"],
    ["Cancelling", "canceling"],
    ["abandoned", "completed"],
    ["toString", "inProgress"],
  ])("with the status %s has the status %s", (word, status) => {
    expect(decodeBuild(buildJson(word), noUrl).status).toBe(status);
  });

  it.each([
    ["PartiallySucceeded", "partiallySucceeded", undefined],
    ["none", "failed", "none"],
    ["constructor", "failed", "constructor"],
    [undefined, "failed", "none"],
  ])("with the result %s has the result %s and the unknown result %s", (word, result, unknownResult) => {
    expect(decodeBuild(buildJson("completed", { result: word }), noUrl)).toMatchObject({
      result,
      unknownResult,
    });
  });

  it("has no result while it is in progress", () => {
    expect(decodeBuild(buildJson("inProgress", { result: "failed" }), noUrl).result).toBeNull();
  });
});

describe("a run", () => {
  it("only needs an id", () => {
    expect(decodeRun({ id: 7 })).toMatchObject({ id: 7, name: "7", url: undefined, ref: null, commit: null });
    expect(() => decodeRun(runJson({ id: "345" }))).toThrow(TransientError);
    expect(() => decodeRun(undefined)).toThrow(TransientError);
  });

  it.each([345.5, 9_007_199_254_740_992, -7, 0])("is rejected with the id %d", (id) => {
    expect(() => decodeRun(runJson({ id }))).toThrow(TransientError);
    expect(() => decodeBuild(buildJson("completed", { id }), noUrl)).toThrow(TransientError);
  });
});

describe("a timeline's records", () => {
  it("with an unknown state are in progress, with an unknown result failed, without a result skipped", () => {
    const [stage] = timelineRecords("completed", "succeeded");
    const decodeOne = (over: object) => decodeRecords({ records: [{ ...stage, ...over }] })[0];
    expect(decodeOne({ state: "unknown" })).toMatchObject({ status: "inProgress", result: null });
    expect(decodeOne({ result: "unknown" })).toMatchObject({ result: "failed" });
    expect(decodeOne({ result: "constructor" })).toMatchObject({ result: "failed" });
    expect(decodeOne({ result: null })).toMatchObject({ result: "skipped" });
  });

  it("are ignored without an id, and only need an id", () => {
    expect(decodeRecords({ records: [null, 3, {}, { name: "x" }, { id: "a" }] })).toMatchObject([
      { id: "a", type: "", name: "", status: "inProgress", result: null, attempt: 1, issues: [] },
    ]);
    for (const answer of [undefined, null, {}, { records: null }, { records: {} }, []]) {
      expect(decodeRecords(answer)).toEqual([]);
    }
  });

  it("have their issues, whose numbers the service sends as strings", () => {
    const data = {
      logFileLineNumber: "11",
      sourcepath: "a.ts",
      linenumber: "99",
      columnnumber: "x",
      code: "E1",
    };
    const issues = [
      { type: "Warning", message: "m", data },
      { type: "odd", message: "n" },
      { type: "error" },
      null,
    ];
    expect(decodeRecords({ records: [{ id: "a", issues }] })[0]?.issues).toEqual([
      {
        severity: "warning",
        message: "m",
        logLine: 11,
        file: "a.ts",
        line: 99,
        column: undefined,
        code: "E1",
      },
      {
        severity: "error",
        message: "n",
        logLine: undefined,
        file: undefined,
        line: undefined,
        column: undefined,
        code: undefined,
      },
    ]);
  });
});

describe("dates and URLs", () => {
  it("are null if they are not valid dates", () => {
    expect([
      asDate("0001-01-01T00:00:00"),
      asDate("soon"),
      asDate(7),
      asDate("2025-01-10T12:22:15.59Z"),
    ]).toEqual([null, null, null, "2025-01-10T12:22:15.59Z"]);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "/relative", 7])(
    "are undefined if a link is %s",
    (href) => {
      expect(webUrl({ _links: { web: { href } } })).toBeUndefined();
    },
  );
});

describe("decodeRepository", () => {
  it.each([
    [
      { type: "GitHub", id: "o/r" },
      { kind: "github", fullName: "o/r", host: undefined },
    ],
    [
      { type: "GitHubEnterprise", id: "77", name: "r", url: "https://ghe.x/o/r.git" },
      { kind: "github-enterprise", fullName: "o/r", name: "r", host: "ghe.x" },
    ],
    [
      { type: "Bitbucket", id: "o/r" },
      { kind: "other", fullName: "o/r", host: undefined },
    ],
    [undefined, { kind: "other", fullName: undefined, host: undefined }],
  ])("decodes %j as %j", (value, expected) => {
    expect(decodeRepository(value)).toEqual(expected);
  });
});
