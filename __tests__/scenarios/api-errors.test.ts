import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  errorReply,
  happyPath,
  htmlReply,
  pollRoute,
  startRequestLine,
  startRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

const activity = "467548ad-8e34-48ce-9a51-1b427f17692d";

interface Row {
  readonly reply: Reply;
  readonly code: string;
  /** The service's own words. */
  readonly words?: string;
  /** What to do about it. */
  readonly hint?: RegExp;
  readonly inputs?: Readonly<Record<string, string>>;
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
  "a pipeline that does not exist, as 500": {
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
  "YAML that is wrong": {
    reply: invalid("/azure-pipelines.yml (Line: 1, Col: 1): Unexpected value 'stepz'\n/b.yml: Odd"),
    code: "rejected",
    words: "/azure-pipelines.yml (Line: 1, Col: 1): Unexpected value 'stepz'\n/b.yml: Odd",
  },
  "an undeclared parameter": {
    reply: invalid("Unexpected parameter 'nosuch'"),
    code: "rejected",
    words: "Unexpected parameter 'nosuch'",
    hint: /`parameters`/,
    inputs: { parameters: "nosuch: 1" },
  },
  "an undeclared parameter in a template, and none given": {
    reply: invalid("templates/x.yml (Line: 50, Col: 33): Unexpected parameter 'y'"),
    code: "rejected",
    hint: /^Correct templates\/x\.yml at line 50\.$/,
  },
  "a parameter's value": {
    reply: invalid("The 'p' parameter value 'gamma' is not a valid value."),
    code: "rejected",
    hint: /`parameters`/,
    inputs: { parameters: "p: gamma" },
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
  "a tag that was taken for a branch": {
    reply: invalid(message.ref.replace("main", "v1.2.0")),
    code: "rejected",
    hint: /^Write refs\/tags\/v1\.2\.0 for a tag/,
    inputs: { ref: "v1.2.0" },
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
    inputs: { "stages-to-skip": "Deploy Blue stage" },
  },
  "a variable that may not be set": {
    reply: invalid(message.variables),
    code: "rejected",
    hint: /`variables`/,
    inputs: { variables: "X: 1" },
  },
  "reasons apart from the message": {
    reply: errorReply(400, "BuildRequestValidationFailedException", "Could not queue the build.", {
      customProperties: { ValidationResults: [{ result: "error", message: "The pool is gone." }] },
    }),
    code: "rejected",
    words: "The pool is gone.",
  },
  "a disabled pipeline, as 409": {
    reply: errorReply(409, "DefinitionDisabledException", "The build pipeline ci is disabled."),
    code: "rejected",
    words: "The build pipeline ci is disabled.",
    hint: /Enable/,
  },
  "any 409": { reply: { status: 409, body: { message: "Conflict." } }, code: "rejected", words: "Conflict." },
  "a missing permission": {
    reply: errorReply(403, "AccessDeniedException", message.denied),
    code: "forbidden",
    words: message.denied,
    hint: /permission "Queue builds"/,
  },
  "a missing permission, by another typeKey": {
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
  "a stranger": {
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
  "a collection that is switched off": {
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
  "a route that nobody knows": {
    reply: {
      status: 404,
      body: "The controller for path '/x' was not found or does not implement IController.",
    },
    code: "not-found",
    words: "The controller for path",
    hint: /^Check `organization`/,
  },
  "a page that the service sends for an organization that it does not know": {
    reply: {
      ...htmlReply(404, "Page not found"),
      headers: { "content-type": "text/html", "x-tfs-processid": "1" },
    },
    code: "not-found",
    hint: /^Check `organization`/,
  },
};

describe.concurrent("a refusal of the start", () => {
  it.each(Object.entries(rows))("%s", async (_, { reply, code, words = "", hint = /./, inputs }) => {
    await using azure = await scriptedAzure({ [startRoute]: reply });
    const result = await runAction(inputsFor(azure, inputs));
    const text = expectFailure(result, code);
    expect(text).toContain(words);
    expect(text.split("\n").at(-1)).toMatch(hint);
    const { activityid } = (reply.headers ?? {}) as { activityid?: string };
    if (activityid !== undefined) expect(text).toContain(activity);
    expect(azure.requestLines()).toEqual([startRequestLine]);
    expect(result.post?.log.trim()).toBe("");
  });
});

describe.concurrent("a bad token", () => {
  const faces: Readonly<Record<string, Reply>> = {
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

  it.each(Object.entries(faces))("%s: unauthorized, at once", async (_, reply) => {
    await using azure = await scriptedAzure({ [startRoute]: reply });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "unauthorized")).toMatch(/token/);
    expect(azure.requestLines()).toEqual([startRequestLine]);
    expectSecretAbsent(result, token);
  });

  it("of another tenant: throttled from the first call on, which the error says", async () => {
    const drained: Reply = {
      ...htmlReply(429, "Request was blocked."),
      headers: { "retry-after": "619", "x-ratelimit-remaining": "0" },
    };
    await using azure = await scriptedAzure({ [startRoute]: drained, "GET build/definitions/42": drained });
    const result = await runAction(inputsFor(azure));
    expect(expectFailure(result, "busy")).toMatch(/tenant/);
    expect(azure.requestLines()).toEqual([startRequestLine]);
    const reading = await runAction(inputsFor(azure, { ref: "" }));
    expect(expectFailure(reading, "busy")).toMatch(/tenant/);
  });

  it("in the middle of a wait: red, and the run is left alone", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [{ body: { id: 345, status: "inProgress" } }, { status: 401 }],
    });
    const result = await runAction(inputsFor(azure));
    expectFailure(result, "unauthorized");
    expect(result.main.outputs).toMatchObject({ "run-id": "345", status: "inProgress" });
    expect(azure.requestLines().some((line) => line.startsWith("PATCH"))).toBe(false);
    expect(result.post?.log.trim()).toBe("");
  });

  it.each(["401-empty", "401-json", "302", "203-html", "200-html"] as const)(
    "of the simulator's kind %s",
    async (badTokenFace) => {
      await using azure = await startSimulator({ accepts: () => "expired", quirks: { badTokenFace } });
      const result = await runAction(inputsFor(azure));
      expectFailure(result, "unauthorized");
      expect(azure.requests).toHaveLength(1);
    },
  );
});

describe.concurrent("the token", () => {
  it("never goes to where an answer redirects", async () => {
    await using elsewhere = await scriptedAzure({});
    await using azure = await scriptedAzure({
      [startRoute]: {
        status: 307,
        headers: { location: `${elsewhere.origin}/contoso/web/_apis/pipelines/42/runs` },
      },
    });
    const text = expectFailure(await runAction(inputsFor(azure)), "unauthorized");
    expect(text).toContain(`a redirect to ${new URL(elsewhere.origin).host} (307)`);
    expect(text).toMatch(/\nCheck `organization`/);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe.concurrent("under ACTIONS_STEP_DEBUG", () => {
  const refusal = { [startRoute]: errorReply(403, "AccessDeniedException", message.denied) };

  it("the cause is shown, and still no token", async () => {
    await using azure = await scriptedAzure(refusal);
    const result = await runAction(inputsFor(azure), { debug: true });
    expect(result.main.log).toMatch(/##\[debug\]ActionError: .*\n##\[debug\]\s+at /);
    expectSecretAbsent(result, token);
  });

  it("only then", async () => {
    await using azure = await scriptedAzure(refusal);
    const { main } = await runAction(inputsFor(azure));
    expect(main.raw).not.toMatch(/\bat .+:\d+:\d+/);
  });
});

it("preview: a refusal is told alike", async () => {
  await using azure = await scriptedAzure({
    "POST pipelines/42/preview": invalid("Unexpected parameter 'nosuch'"),
  });
  const result = await runAction(inputsFor(azure, { preview: "true" }));
  expect(expectFailure(result, "rejected")).toContain("Unexpected parameter 'nosuch'");
  expect(azure.requestLines()).toHaveLength(1);
});
