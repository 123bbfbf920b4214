import { describe, expect, it } from "vitest";
import type { ApiRequest } from "../../src/azure-devops/api-request.ts";
import { readBuild } from "../../src/azure-devops/builds.ts";
import type { HttpResponse } from "../../src/ports.ts";
import { buildJson, errorReply, htmlReply, throttlingMessage } from "../support/azure-responses.ts";
import type { Reply } from "../support/scripted-azure.ts";
import { createScriptedClient, endpoint, jsonResponse, neverAborted } from "./scripted-client.ts";

const activity = "467548ad-8e34-48ce-9a51-1b427f17692d";

interface Row {
  readonly reply: Reply;
  readonly code: string;
  /** Of the service's message. */
  readonly words?: string;
  /** Of the hint. */
  readonly hint?: RegExp;
  /** Inputs besides the required ones. */
  readonly given?: string;
  readonly body?: object;
}

const message = {
  project:
    "TF200016: The following project does not exist: web. Verify that the name of the project is correct.",
  invisible:
    "VS800075: The project with id 'vstfs:///Classification/TeamProject/0a1b' does not exist, or you do not have permission to access it.",
  denied:
    "TF215106: Access denied. Release Robot needs Queue builds permissions for build pipeline 42:ci in team project web to perform the action. For more information, contact the Azure DevOps administrator.",
  ref: "Unable to resolve the reference 'refs/heads/main' to a specific version. Verify the reference exists in the source repository.",
  variables:
    "You can't set the following variables (X). If you want to be able to set these variables, then edit the pipeline and select Settable at queue time on the variables tab of the pipeline editor.",
  access:
    "VS403463: The conditional access policy defined by your Azure Active Directory administrator has failed.",
  offline:
    "TF24668: The following team project collection is stopped: DefaultCollection. Start the collection and then try again.",
};

const invalid = (text: string) => errorReply(400, "PipelineValidationException", text);

const rows: Readonly<Record<string, Row>> = {
  "an unknown project": {
    reply: errorReply(404, "ProjectDoesNotExistWithNameException", message.project),
    code: "not-found",
    words: message.project,
    hint: /`project`/,
  },
  "a project that is not visible": {
    reply: errorReply(400, "ProjectDoesNotExistException", message.invisible),
    code: "not-found",
    words: message.invisible,
    hint: /`project`/,
  },
  "a pipeline that does not exist, with 500": {
    reply: errorReply(500, "PipelineNotFoundException", "The pipeline '42' does not exist"),
    code: "not-found",
    words: "The pipeline '42' does not exist",
    hint: /`pipeline-id`/,
  },
  "a definition that does not exist": {
    reply: errorReply(404, "DefinitionNotFoundException", "The definition 42 does not exist."),
    code: "not-found",
    hint: /`pipeline-id`/,
  },
  "invalid YAML": {
    reply: invalid("/azure-pipelines.yml (Line: 1, Col: 1): Unexpected value 'stepz'\n/b.yml: Odd"),
    code: "rejected",
    words: "/azure-pipelines.yml (Line: 1, Col: 1): Unexpected value 'stepz'\n/b.yml: Odd",
  },
  "an undeclared parameter": {
    reply: invalid("Unexpected parameter 'nosuch'"),
    code: "rejected",
    words: "Unexpected parameter 'nosuch'",
    hint: /`parameters`/,
    given: "parameters",
    body: { templateParameters: { nosuch: "1" } },
  },
  "an undeclared parameter in a template, without parameters in the inputs": {
    reply: invalid("templates/x.yml (Line: 50, Col: 33): Unexpected parameter 'y'"),
    code: "rejected",
    hint: /^Correct templates\/x\.yml at line 50\.$/,
  },
  "a parameter's value": {
    reply: invalid("The 'p' parameter value 'gamma' is not a valid value."),
    code: "rejected",
    hint: /`parameters`/,
    given: "parameters",
    body: { templateParameters: { p: "gamma" } },
  },
  "a missing parameter": {
    reply: invalid("A value for the 'p' parameter must be provided."),
    code: "rejected",
    hint: /^Set p in this step's inputs/,
  },
  "a ref that does not exist": {
    reply: invalid(message.ref),
    code: "rejected",
    words: message.ref,
    hint: /`ref`/,
  },
  "a tag that was requested as a branch": {
    reply: invalid(message.ref.replace("main", "v1.2.0")),
    code: "rejected",
    hint: /^Write refs\/tags\/v1\.2\.0 for a tag/,
    body: { resources: { repositories: { self: { refName: "refs/heads/v1.2.0" } } } },
  },
  "a service connection that is not authorized": {
    reply: invalid(
      "Job Deploy: Step AzureCLI input azureSubscription references service connection prod which could not be found. The service connection does not exist, has been disabled or has not been authorized for use.",
    ),
    code: "rejected",
    hint: /^Check the service connection prod:/,
  },
  "a stage's display name": {
    reply: invalid("'Deploy Blue stage' is not a valid stage to skip."),
    code: "rejected",
    hint: /identifier/,
    given: "stages-to-skip",
  },
  "a variable that may not be set": {
    reply: invalid(message.variables),
    code: "rejected",
    hint: /`variables`/,
    given: "variables",
  },
  "reasons outside the message": {
    reply: errorReply(400, "BuildRequestValidationFailedException", "Could not queue the build.", {
      customProperties: { ValidationResults: [{ result: "error", message: "The pool is gone." }] },
    }),
    code: "rejected",
    words: "The pool is gone.",
  },
  "a disabled pipeline, with 409": {
    reply: errorReply(409, "DefinitionDisabledException", "The build pipeline ci is disabled."),
    code: "rejected",
    words: "The build pipeline ci is disabled.",
    hint: /Enable/,
  },
  "a request body that the service cannot read": {
    reply: errorReply(400, "ArgumentNullException", "Value cannot be null.\r\nParameter name: runParameters"),
    code: "rejected",
    words: "runParameters",
    hint: /^Correct the types in `request-body`: a parameter is text/,
    given: "request-body",
    body: { templateParameters: { regions: ["eu"] } },
  },
  "a message in a list's envelope": {
    reply: { status: 405, body: { count: 1, value: { Message: "The request is invalid." } } },
    code: "rejected",
    words: "The request is invalid.",
  },
  "any 409": { reply: { status: 409, body: { message: "Conflict." } }, code: "rejected", words: "Conflict." },
  "a missing permission": {
    reply: errorReply(403, "AccessDeniedException", message.denied),
    code: "forbidden",
    words: message.denied,
    hint: /permission "Queue builds"/,
  },
  "a missing permission with another typeKey": {
    reply: errorReply(
      403,
      "AccessCheckException",
      "Access Denied: Robot needs Use permissions for pool Big to perform the action.",
    ),
    code: "forbidden",
    hint: /permission "Use" on pool Big/,
  },
  "an expired token": {
    reply: errorReply(
      401,
      "AccessCheckException",
      "Access Denied: The Personal Access Token used has expired.",
    ),
    code: "unauthorized",
    words: "The Personal Access Token used has expired.",
    hint: /Renew/,
  },
  "an identity that is not a user of the organization": {
    reply: errorReply(401, "UnauthorizedRequestException", "TF400813: The user '' is not authorized."),
    code: "unauthorized",
    words: "TF400813",
    hint: /access level Basic/,
  },
  "conditional access, as JSON": {
    reply: errorReply(401, "VssServiceException", message.access),
    code: "unauthorized",
    words: message.access,
    hint: /conditional access/,
  },
  "conditional access, as a page": {
    reply: htmlReply(403, `<h1>403</h1><p>${message.access}</p>${"x".repeat(40_000)}`),
    code: "unauthorized",
    words: message.access,
    hint: /conditional access/,
  },
  "a stopped collection": {
    reply: {
      ...errorReply(503, "VssServiceException", message.offline),
      headers: { "x-tfs-serviceerror": encodeURIComponent(message.offline) },
      body: `\uFEFF${JSON.stringify({ message: message.offline, typeKey: "VssServiceException" })}`,
    },
    code: "unreachable",
    words: message.offline,
  },
  "a host that is offline": {
    reply: { status: 503, headers: { "x-vss-hostofflineerror": "1" }, body: "away" },
    code: "unreachable",
  },
  "a route that the service does not know": {
    reply: {
      status: 404,
      body: "The controller for path '/x' was not found or does not implement IController.",
    },
    code: "not-found",
    words: "The controller for path",
    hint: /^Check `organization`/,
  },
  "the service's page for an unknown organization": {
    reply: {
      ...htmlReply(404, "Page not found"),
      headers: { "content-type": "text/html", "x-tfs-processid": "1" },
    },
    code: "not-found",
    hint: /^Check `organization`/,
  },
};

const self = { resources: { repositories: { self: { refName: "refs/heads/main" } } } };

/** As the transport returns it. */
function responseOf({ status = 200, headers = {}, body }: Reply): HttpResponse {
  if (typeof body === "string")
    return { status, headers: { "content-type": "text/plain", ...headers }, body };
  return jsonResponse(body, { status, headers, ...(body === undefined && { body: "" }) });
}

/** The error of a start that gets this response, and the number of requests. */
async function startError({ reply, given = "token", body = self }: Pick<Row, "reply" | "given" | "body">) {
  const givenInputs = new Set(["organization", "project", "pipeline-id", "ref", given]);
  const client = createScriptedClient([responseOf(reply)], { endpoint: { ...endpoint, givenInputs } });
  const start: ApiRequest = {
    method: "POST",
    path: "_apis/pipelines/42/runs",
    body,
    decode: (value) => value,
    operation: "Starting the run",
    retryForMs: 60_000,
    signal: neverAborted,
  };
  const error = await client.send(start).then(
    () => expect.unreachable("was accepted"),
    (reason: unknown) => reason,
  );
  return { error, requests: client.requests.length };
}

describe("a refused start", () => {
  it.each(Object.entries(rows))(
    "is not retried, and has the service's message and a hint: %s",
    async (_, row) => {
      const { reply, code, words = "", hint } = row;
      const { error, requests } = await startError(row);
      expect(error).toMatchObject({
        code,
        message: expect.stringContaining(words),
        ...(hint !== undefined && { hint: expect.stringMatching(hint) }),
      });
      if (reply.headers?.["activityid"] !== undefined)
        expect(error).toMatchObject({ message: expect.stringContaining(activity) });
      expect(requests).toBe(1);
    },
  );
});

it("a long message is truncated, so that an annotation of 4,096 characters has the hint too", async () => {
  const lines = Array.from({ length: 200 }, (_, line) => `/a.yml (Line: ${line}, Col: 1): Unexpected 'x'`);
  const { error } = await startError({ reply: invalid(lines.join("\n")) });
  const { message: text, hint = "" } = error as { message: string; hint?: string };
  expect(text).toMatch(/Line: 5.*… \(activity /s);
  expect(text.length + hint.length).toBeLessThan(3_600);
});

describe("a response to a bad token", () => {
  const answers: Readonly<Record<string, Reply>> = {
    "302 to the sign-in page": {
      ...htmlReply(302, "Object moved"),
      headers: { location: "https://spsprodcus1.vssps.visualstudio.com/_signin?realm=dev.azure.com" },
    },
    "203 with a page": htmlReply(203, "Azure DevOps Services | Sign In"),
    "200 with a page": htmlReply(200, "Azure DevOps Services | Sign In"),
    "401 without a body": {
      status: 401,
      headers: { "www-authenticate": 'Basic realm="https://tfsprodsin1.app.visualstudio.com/"' },
    },
  };

  it.each(Object.entries(answers))("causes unauthorized without a retry: %s", async (_, reply) => {
    const { error, requests } = await startError({ reply });
    expect(error).toMatchObject({ code: "unauthorized", hint: expect.stringMatching(/token/) });
    expect(requests).toBe(1);
  });
});

describe("a poll", () => {
  const done = { body: buildJson("completed") };
  const answers: Readonly<Record<string, Reply>> = {
    "a gateway's 502": htmlReply(502),
    "a 503": htmlReply(503),
    "a 504": htmlReply(504),
    "a 500": { status: 500, body: { message: "Something went wrong." } },
    "a 408": { status: 408, body: "late" },
    "a 429": { status: 429, body: { message: "Request was blocked", typeKey: "RequestBlockedException" } },
    "a 403 that is throttling": errorReply(403, "VssServiceException", throttlingMessage),
    "truncated JSON": {
      body: '{"id":345,"status":"compl',
      headers: { "content-type": "application/json" },
    },
    "JSON of another kind": { body: { value: [] } },
    "JSON that is nested 5,000 levels deep": {
      body: `${JSON.stringify(buildJson("completed")).slice(0, -1)},"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
      headers: { "content-type": "application/json" },
    },
    "an empty response": {},
    "a front door's 403": htmlReply(403, "The request is blocked."),
    "a gateway's 404": { status: 404, body: "no healthy upstream" },
    "a gateway's 451 in JSON": { status: 451, body: { error: "blocked" } },
    "a gateway's reason phrase in JSON": { status: 403, body: { message: "Forbidden" } },
  };

  it.each(Object.entries(answers))("is retried after %s", async (_, reply) => {
    const client = createScriptedClient([responseOf(reply), responseOf(done)]);
    const options = { runId: 345, runUrl: () => "", toleratesOutage: true, retryForMs: 60_000 };
    const { run } = await readBuild(client.send, options, neverAborted);
    expect([run.status, client.requests.length]).toEqual(["completed", 2]);
    expect(client.clock.sleeps).toEqual([1_000]);
  });
});
