import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { parseOAuthError } from "../../src/auth/entra-errors.ts";
import { tokenExpiry } from "../../src/auth/oauth.ts";
import type { ApiRequest, ApiResponse, SendRequest } from "../../src/azure-devops/api-request.ts";
import { readApprovers } from "../../src/azure-devops/approvals.ts";
import { listArtifacts } from "../../src/azure-devops/artifacts.ts";
import { listRecentRuns, listTaggedRuns, readPastDurations } from "../../src/azure-devops/builds.ts";
import { decodeBuild } from "../../src/azure-devops/decode.ts";
import { parseErrorBody } from "../../src/azure-devops/error-body.ts";
import { readLogSizes } from "../../src/azure-devops/logs.ts";
import { findPipeline, readPipeline } from "../../src/azure-devops/pipelines.ts";
import { decodeRun, previewRun } from "../../src/azure-devops/runs.ts";
import { decodeRecords } from "../../src/azure-devops/timeline.ts";
import { asObject } from "../../src/lib/json.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";
import { compareFields, type Decode } from "./recorded-fields.ts";

const folder = "azure-devops/recordings";

const { signal } = new AbortController();

const runUrl = () => "https://dev.azure.com/contoso/web/_build/results?buildId=1";

/** Responds to every request with this body. */
function sendReturning(json: unknown): SendRequest {
  return async <T>({ decode }: ApiRequest<T>): Promise<ApiResponse<T>> => ({
    value: await decode(json),
    text: "",
    headers: {},
    retryAfterMs: undefined,
  });
}

interface Shape {
  readonly name: string;
  /** The recordings with this shape. */
  readonly files: readonly string[];
  readonly decode: Decode;
  /** The beginnings of known mismatches, each with the reason why it is harmless. */
  readonly known?: Readonly<Record<string, string>>;
}

const names = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);

/** The name of a repository counts only if it is on GitHub, and these recordings are of Azure Repos. */
const unusedRepositoryFields = (files: readonly string[], fields: readonly string[]) =>
  Object.fromEntries(
    files.flatMap((file) =>
      fields.map((field) => [
        `${file}: ${field} is of type string`,
        "counts for a repository on GitHub only",
      ]),
    ),
  );

const listItem = (json: unknown) =>
  (json as { value: readonly Readonly<Record<string, string>>[] }).value[0] ?? {};

const shapes: readonly Shape[] = [
  {
    name: "a build",
    files: [...names("build-get", 5), ...names("build-queue", 3), "build-cancel-1"],
    decode: (json) => decodeBuild(json, runUrl),
    known: unusedRepositoryFields(
      ["build-get-1", "build-get-2", "build-get-4", ...names("build-queue", 3), "build-cancel-1"],
      ["repository.name"],
    ),
  },
  {
    name: "a list of builds",
    files: names("builds-list", 2),
    decode: async (json) => {
      const send = sendReturning(json);
      return [
        await listRecentRuns(send, { pipelineId: 1, retryForMs: 0, runUrl }, signal),
        await listTaggedRuns(send, { pipelineId: 1, tag: "t", runUrl }, signal),
        await readPastDurations(send, 1, signal),
      ];
    },
    known: unusedRepositoryFields(
      names("builds-list", 2),
      ["type", "id", "name"].map((field) => `value.[].repository.${field}`),
    ),
  },
  { name: "a run", files: ["run-get-1"], decode: decodeRun },
  {
    name: "a list of runs",
    files: ["runs-list-1"],
    decode: (json) => (json as { value: readonly unknown[] }).value.map(decodeRun),
  },
  {
    name: "a preview",
    files: ["preview-4"],
    decode: (json) => previewRun(sendReturning(json), 1, {}, signal),
  },
  {
    name: "a timeline",
    files: ["timeline-1", "timeline-6", "timeline-7"],
    decode: decodeRecords,
    known: {
      "timeline-6: records.[].log": "the fixture was written by a tool that cuts nested objects",
      "timeline-6: records.[].task": "the same",
    },
  },
  {
    name: "a list of logs",
    files: ["logs-list-1"],
    decode: (json) => readLogSizes(sendReturning(json), 1, signal),
  },
  {
    name: "a list of artifacts",
    files: ["artifacts-1"],
    decode: (json) => listArtifacts(sendReturning(json), { runId: 1, retryForMs: 0 }, signal),
  },
  {
    name: "a definition",
    files: ["definitions-3", "definitions-4"],
    decode: (json, original) => readPipeline(sendReturning(json), Number(asObject(original)["id"]), signal),
    known: unusedRepositoryFields(
      ["definitions-3", "definitions-4"],
      ["type", "id", "name", "properties.fullName"].map((field) => `repository.${field}`),
    ),
  },
  {
    name: "a list of definitions",
    files: ["definitions-1", "definitions-2", "definitions-5", "definitions-7"],
    decode: (json, original) => {
      const { name = "none", path } = listItem(original);
      return findPipeline(sendReturning(json), { name, folder: path }, signal);
    },
  },
  {
    name: "an approval",
    files: names("approval", 3),
    decode: (json) =>
      readApprovers(sendReturning((json as { value?: unknown[] }).value?.[0] ?? json), "id", signal),
  },
  {
    name: "a token",
    files: ["token-1"],
    decode: (json) => tokenExpiry(json as Readonly<Record<string, unknown>>, 0),
  },
  {
    name: "an error of Entra ID",
    files: ["token-2"],
    decode: (json) => parseOAuthError("https://example.com", json as Readonly<Record<string, unknown>>),
  },
];

/** Error responses, which are decoded from their text. */
const errors = ["error-400-1", "error-400-2", "error-404-1", "error-404-2", "error-404-3", "error-503-1"];

/** Recordings that the action does not decode. */
const unread =
  /^(auth-failure|check-suite|coverage|job-requests|operation|pipeline-permissions|pipelines|pools|project|queues|resource-locations|tags)-\d+$|^definitions-6$/;

interface Recording {
  readonly headers: Readonly<Record<string, string>> | null;
  readonly status: number;
  readonly body: unknown;
}

function recorded(name: string): Recording {
  const text = readFileSync(sharedPath(`${folder}/${name}.json`), "utf8");
  return (JSON.parse(text) as { response: Recording }).response;
}

/** Strings that a decoder only compares with certain words, so that a changed value does not show that it reads them. */
const comparedWords =
  /\b(?:definition\.queueStatus|executionOrder|steps\.\[\]\.status|task\.id) is of type string, not expected$/;

const decoded = [...new Set([...errors, ...shapes.flatMap(({ files }) => files)])];

describeWithShared(folder, `${shapes.length + 1} shapes in ${decoded.length} recordings`, () => {
  const used = new Set<string>();

  afterAll(() => {
    console.info(
      `decoded ${shapes.length + 1} shapes in ${decoded.length} recordings, ${used.size} fields in them`,
    );
  });

  it.each(shapes)(
    "have the types that the decoder of $name expects",
    async ({ name, files, decode, known = {} }) => {
      const recordings = new Map(files.map((file) => [file, recorded(file).body]));
      const report = await compareFields(recordings, decode);
      for (const field of report.used.keys()) used.add(`${name}: ${field}`);
      const isKnown = (mismatch: string) =>
        comparedWords.test(mismatch) || Object.keys(known).some((begin) => mismatch.startsWith(begin));
      expect(report.mismatches.filter((mismatch) => !isKnown(mismatch))).toEqual([]);
    },
  );

  it.each(errors)("include the error %s, with a message and a typeKey of type string", (file) => {
    const { status, headers, body } = recorded(file);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const expected = typeof body === "string" ? { message: body, typeKey: "" } : body;
    const { message, typeKey } = parseErrorBody({ status, headers: headers ?? {}, body: text });
    expect(expected).toMatchObject({ message, typeKey });
    for (const field of ["message", "typeKey"]) used.add(`an error: ${field}`);
  });

  it("include every recording, except those that the action does not decode", () => {
    const files = readdirSync(sharedPath(folder)).filter((file) => file.endsWith(".json"));
    const all = files.map((file) => file.replace(".json", ""));
    expect(all.filter((file) => !decoded.includes(file) && !unread.test(file))).toEqual([]);
  });
});

describe("compareFields", () => {
  const decode: Decode = (json) => {
    const { id, name } = json as Readonly<Record<string, unknown>>;
    return { id: typeof id === "number" ? id : null, name: typeof name === "string" ? name : null };
  };

  it("finds a field of another type than the decoder expects", async () => {
    const { used, mismatches } = await compareFields(new Map([["a", { id: "7", name: "n" }]]), decode);
    expect([...used.keys()]).toEqual(["name"]);
    expect(mismatches).toEqual(["a: id is of type string, not expected"]);
  });

  it("finds one recording that differs from the others, and ignores missing fields", async () => {
    const recordings = new Map([
      ["a", { id: 7, name: "n" }],
      ["b", { id: "7", name: null }],
      ["c", {}],
    ]);
    expect((await compareFields(recordings, decode)).mismatches).toEqual([
      "b: id is of type string, not number",
    ]);
  });
});
