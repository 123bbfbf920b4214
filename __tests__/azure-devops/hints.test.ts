import { describe, expect, it } from "vitest";
import { responseError } from "../../src/azure-devops/response-error.ts";
import { ActionError } from "../../src/errors.ts";
import { neverAborted } from "./scripted-client.ts";

const hash = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";

interface ServiceError {
  readonly status?: number;
  readonly typeKey?: string;
  readonly message: string;
  readonly given?: readonly string[];
  readonly body?: unknown;
  readonly path?: string;
  readonly method?: "GET" | "PATCH" | "POST";
}

function errorFor({
  status = 400,
  typeKey = "PipelineValidationException",
  message,
  given = [],
  body,
  path = "_apis/pipelines/42/runs",
  method = "POST",
}: ServiceError): ActionError {
  const request = { method, path, body, operation: "Asking", decode: () => 0, signal: neverAborted };
  const endpoint = { baseUrl: "https://dev.azure.com/contoso", givenInputs: new Set(given) };
  const headers = { activityid: "1" };
  const response = { status, headers, body: JSON.stringify({ typeKey, message }) };
  const context = { endpoint, clock: { now: () => 0 }, redact: (text: string) => text };
  const error = responseError(request, response, context);
  if (error instanceof ActionError) return error;
  throw error;
}

const self = (refName: string, version?: string) => ({
  resources: { repositories: { self: { refName, version } } },
});

const unresolved = (ref: string) =>
  `Unable to resolve the reference '${ref}' to a specific version. Verify the reference exists in the source repository.`;

describe("the hint", () => {
  it.each<[string, ServiceError, RegExp]>([
    [
      "names the template repository of an unknown reference that is not the step's `ref`",
      {
        message:
          'Could not get the latest source version for repository TEMPLATES hosted on https://github.com/ using ref refs/heads/x. GitHub reported the error, "No commit found for SHA: refs/heads/x"',
      },
      /refs\/heads\/x exists in repository TEMPLATES/,
    ],
    [
      "names a service connection that is disabled or not authorized",
      {
        message:
          "The pipeline is not valid. Job Deploy: Step AzureCLI input azureSubscription references service connection prod-arm which could not be found. The service connection does not exist, has been disabled or has not been authorized for use. For authorization details, refer to https://aka.ms/yamlauthz.",
      },
      /service connection prod-arm: it must/,
    ],
    [
      "names permission and resource of a check that lists permissions",
      {
        status: 403,
        typeKey: "AccessCheckException",
        message:
          "Access denied. Robo needs the following permission(s) on the resource Environment My Prod to perform this action: Use",
      },
      /^Grant the identity the permission "Use" on Environment My Prod\.$/,
    ],
    [
      "takes a branch of Azure Repos that does not exist for the step's `ref`",
      {
        message:
          "TF401175: The version descriptor <Branch: mian> could not be resolved to a version in the repository app",
        given: ["ref"],
        body: self("refs/heads/mian"),
      },
      /^Check `ref`: it was read as the branch refs\/heads\/mian, which must exist in app /,
    ],
    [
      "names the tag of a repository resource in Azure Repos",
      {
        message:
          "TF401175: The version descriptor <Tag: v9> could not be resolved to a version in the repository app.",
        given: ["ref"],
        body: self("refs/heads/main"),
      },
      /^Check that refs\/tags\/v9 exists in repository app,/,
    ],
    [
      "names a repository resource alone",
      {
        message: "Could not find repository resource templates: the endpoint github could not be found",
      },
      /^Check the repository resource templates: it must/,
    ],
    [
      "names an environment that is not authorized",
      {
        message:
          "Job A: Environment My Prod could not be found. The environment does not exist or has not been authorized for use.",
      },
      /environment My Prod: it must/,
    ],
    [
      "names a pool that does not exist",
      {
        message:
          "Could not find a pool with name Big.Pool. The pool does not exist or has not been authorized for use.",
      },
      /pool Big\.Pool: it must/,
    ],
    [
      "names a variable group",
      {
        message:
          "The pipeline is not valid. Job X: Variable group keys could not be found. The variable group does not exist or has not been authorized for use.",
      },
      /variable group keys: it must/,
    ],
    [
      "names the template's file and line",
      {
        message: "templates/x.yml (Line: 50, Col: 33): Unexpected parameter 'y'",
        given: ["parameters"],
        body: { templateParameters: { a: "1" } },
      },
      /^Correct templates\/x\.yml at line 50\.$/,
    ],
    [
      "names `parameters` for a parameter that it sets",
      {
        message: "Unexpected parameter 'Y'",
        given: ["parameters"],
        body: { templateParameters: { y: "1" } },
      },
      /from `parameters`/,
    ],
    [
      "names `request-body` for a parameter that it sets",
      {
        message: "Unexpected parameter 'y'",
        given: ["request-body"],
        body: { templateParameters: { y: "1" } },
      },
      /from `request-body`/,
    ],
    [
      "names only `secret-variables` for a secret variable",
      {
        message: "You can't set the following variables (K).",
        given: ["variables", "secret-variables"],
        body: { variables: { K: { isSecret: true } } },
      },
      /remove them from `secret-variables`\.$/,
    ],
    [
      "names no input for variables that the step does not set",
      { message: "You can't set the following variables (K)." },
      /editor\.$/,
    ],
    [
      "names the resource of a missing permission",
      {
        status: 403,
        typeKey: "AccessDeniedException",
        message:
          "TF215106: Access denied. Robot needs Use permissions for pool MyPool to perform the action.",
      },
      /permission "Use" on pool MyPool/,
    ],
    [
      "names the pipeline of a missing permission",
      {
        status: 403,
        typeKey: "AccessDeniedException",
        message:
          "TF215106: Access denied. Robot needs Queue builds permissions for build pipeline 42:ci in team project web to perform the action.",
      },
      /permission "Queue builds" on build pipeline 42:ci \(/,
    ],
    [
      "names the missing permission of an access check",
      {
        status: 403,
        typeKey: "AccessCheckException",
        message:
          "Access Denied: Robot needs the following permission(s) on the resource $PROJECT:vstfs:///x to perform this action: View project-level information",
      },
      /permission "View project-level information"\.$/,
    ],
    [
      "names the permission Stop builds for a cancellation",
      {
        status: 403,
        typeKey: "X",
        message: "No.",
        method: "PATCH",
        path: "_apis/build/builds/7",
        body: { status: "cancelling" },
      },
      /permission Stop builds\.$/,
    ],
    [
      "asks for the access level Basic",
      {
        status: 403,
        typeKey: "UnauthorizedRequestException",
        message: "TF401444: Please sign-in at least once.",
      },
      /access level Basic/,
    ],
    [
      "names the organization if the service does not know it",
      {
        status: 404,
        typeKey: "",
        message:
          "The controller for path '/contosso/web/_apis/pipelines/42/runs' was not found or does not implement IController.",
        given: ["organization", "pipeline-id"],
      },
      /^Check `organization`: .*contosso/,
    ],
    [
      "names `url` if it contains the organization",
      { status: 404, typeKey: "", message: "", given: ["url"] },
      /^Check `url`/,
    ],
    [
      "says that stages-to-skip needs identifiers rather than display names",
      { message: "'Deploy Blue stage' is not a valid stage to skip.", given: ["stages-to-skip"] },
      /^Set `stages-to-skip` to the stage's identifier/,
    ],
    [
      "says how to enable a disabled pipeline",
      { status: 409, typeKey: "DefinitionDisabledException", message: "Nope." },
      /^Enable the pipeline/,
    ],
  ])("%s", (_, error, hint) => {
    expect(errorFor(error).hint).toMatch(hint);
  });

  it.each<[string, RegExp]>([
    ["v1.2.0", /refs\/tags\/v1\.2\.0 for a tag/],
    ["17/merge", /refs\/pull\/17\/merge/],
    ["pull/17/head", /refs\/pull\/17\/merge/],
    ["tags/v1", /Write refs\/tags\/v1 /],
    [hash, /^Use `commit` for a commit's hash/],
    ["4f2c1e9", /^Use `commit` for a commit's hash/],
    ["1.1", /quotes.*unquoted 1\.10/],
    ["origin/main", /remote's name, main/],
    ["mian", /^Check `ref`: it was read as the branch refs\/heads\/mian/],
  ])("for an unknown `ref: %s` says how it was interpreted: %s", (name, hint) => {
    const ref = `refs/heads/${name}`;
    expect(errorFor({ message: unresolved(ref), given: ["ref"], body: self(ref) }).hint).toMatch(hint);
  });

  it("does not mention `ref` or `commit` if neither is set", () => {
    const ref = "refs/heads/main";
    for (const message of [
      unresolved(ref),
      unresolved("refs/heads/other"),
      `No commit found for SHA: ${hash}`,
    ])
      expect(errorFor({ message, body: self(ref, hash) }).hint).not.toMatch(/`/);
  });

  it("mentions `commit` if it is set and unknown", () => {
    const message = `GitHub reported the error, "No commit found for SHA: ${hash}"`;
    const body = self("refs/heads/main", hash);
    expect(errorFor({ message, given: ["ref", "commit"], body }).hint).toMatch(/^Check `commit`/);
  });
});

describe("a 403 from the service", () => {
  it.each(["AccessCheckException", "BuildNotFoundException", "VssServiceException", ""])(
    "is forbidden with the typeKey %j",
    (typeKey) => {
      expect(errorFor({ status: 403, typeKey, message: "No." }).code).toBe("forbidden");
    },
  );
});

describe("the hint for a hostile message of 1,000,000 characters", () => {
  const units = [
    "needs ",
    "needs a permissions for ",
    "'",
    "(Line: 1, Col: ",
    "repository ",
    "<",
    "using ref ",
    "the 'p' parameter value ",
    " ",
  ];
  it.each(units)("is found within 2 s for repeated %j", (unit) => {
    const message = unit.repeat(1_000_000 / unit.length);
    const startedAt = performance.now();
    for (const status of [400, 401, 403, 404, 409]) errorFor({ status, message });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
