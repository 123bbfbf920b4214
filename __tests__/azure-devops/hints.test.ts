import { describe, expect, it } from "vitest";
import { decodeResponse } from "../../src/azure-devops/responses.ts";
import type { ActionError } from "../../src/errors.ts";
import { neverAborted } from "./scripted-client.ts";

const hash = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";

interface Refusal {
  readonly status?: number;
  readonly typeKey?: string;
  readonly message: string;
  readonly given?: readonly string[];
  readonly body?: unknown;
  readonly path?: string;
  readonly method?: "GET" | "PATCH" | "POST";
}

function refused({
  status = 400,
  typeKey = "PipelineValidationException",
  message,
  given = [],
  body,
  path = "_apis/pipelines/42/runs",
  method = "POST",
}: Refusal): ActionError {
  const request = { method, path, body, operation: "Asking", decode: () => 0, signal: neverAborted };
  const endpoint = { baseUrl: "https://dev.azure.com/contoso", givenInputs: new Set(given) };
  const headers = { activityid: "1" };
  try {
    decodeResponse(
      request,
      { status, headers, body: JSON.stringify({ typeKey, message }) },
      { endpoint, clock: { now: () => 0 }, redact: (text) => text },
    );
  } catch (error) {
    return error as ActionError;
  }
  throw new Error("was not refused");
}

const self = (refName: string, version?: string) => ({
  resources: { repositories: { self: { refName, version } } },
});

const unresolved = (ref: string) =>
  `Unable to resolve the reference '${ref}' to a specific version. Verify the reference exists in the source repository.`;

describe("hint", () => {
  it.each<[string, Refusal, RegExp]>([
    [
      "names the template repository of a reference that the step did not ask for",
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
      "names `parameters` where the parameter came from there",
      {
        message: "Unexpected parameter 'Y'",
        given: ["parameters"],
        body: { templateParameters: { y: "1" } },
      },
      /out of `parameters`/,
    ],
    [
      "names `request-body` where the parameter came from there",
      {
        message: "Unexpected parameter 'y'",
        given: ["request-body"],
        body: { templateParameters: { y: "1" } },
      },
      /out of `request-body`/,
    ],
    [
      "names the secret variables alone",
      {
        message: "You can't set the following variables (K).",
        given: ["variables", "secret-variables"],
        body: { variables: { K: { isSecret: true } } },
      },
      /take them out of `secret-variables`\.$/,
    ],
    [
      "names no input for variables that the step did not set",
      { message: "You can't set the following variables (K)." },
      /editor\.$/,
    ],
    [
      "names the object of a permission",
      {
        status: 403,
        typeKey: "AccessDeniedException",
        message:
          "TF215106: Access denied. Robot needs Use permissions for pool MyPool to perform the action.",
      },
      /permission "Use" on pool MyPool/,
    ],
    [
      "names the pipeline of a permission",
      {
        status: 403,
        typeKey: "AccessDeniedException",
        message:
          "TF215106: Access denied. Robot needs Queue builds permissions for build pipeline 42:ci in team project web to perform the action.",
      },
      /permission "Queue builds" on build pipeline 42:ci \(/,
    ],
    [
      "names the permission of an access check",
      {
        status: 403,
        typeKey: "AccessCheckException",
        message:
          "Access Denied: Robot needs the following permission(s) on the resource $PROJECT:vstfs:///x to perform this action: View project-level information",
      },
      /permission "View project-level information"\.$/,
    ],
    [
      "names the permission to cancel by what was asked for",
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
      "names the organization that the service does not know",
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
      "names `url` where the organization was pasted",
      { status: 404, typeKey: "", message: "", given: ["url"] },
      /^Check `url`/,
    ],
    [
      "says that a display name is no stage identifier",
      { message: "'Deploy Blue stage' is not a valid stage to skip.", given: ["stages-to-skip"] },
      /identifier into `stages-to-skip`/,
    ],
    [
      "enables a disabled pipeline",
      { status: 409, typeKey: "DefinitionDisabledException", message: "Nope." },
      /^Enable the pipeline/,
    ],
  ])("%s", (_, refusal, hint) => {
    expect(refused(refusal).hint).toMatch(hint);
  });

  it.each<[string, RegExp]>([
    ["v1.2.0", /refs\/tags\/v1\.2\.0 for a tag/],
    ["17/merge", /refs\/pull\/17\/merge/],
    ["pull/17/head", /refs\/pull\/17\/merge/],
    ["tags/v1", /Write refs\/tags\/v1 /],
    [hash, /hash into `commit`/],
    ["4f2c1e9", /hash into `commit`/],
    ["1.1", /quotes.*unquoted 1\.10/],
    ["origin/main", /remote's name, main/],
    ["mian", /^Check `ref`: it was taken for the branch refs\/heads\/mian/],
  ])("says what `ref: %s` was taken for", (name, hint) => {
    const ref = `refs/heads/${name}`;
    expect(refused({ message: unresolved(ref), given: ["ref"], body: self(ref) }).hint).toMatch(hint);
  });

  it("does not mention `ref` or `commit` where neither was given", () => {
    const ref = "refs/heads/main";
    for (const message of [
      unresolved(ref),
      unresolved("refs/heads/other"),
      `No commit found for SHA: ${hash}`,
    ])
      expect(refused({ message, body: self(ref, hash) }).hint).not.toMatch(/`/);
  });

  it("mentions `commit` for a commit that was given", () => {
    const message = `GitHub reported the error, "No commit found for SHA: ${hash}"`;
    const body = self("refs/heads/main", hash);
    expect(refused({ message, given: ["ref", "commit"], body }).hint).toMatch(/^Check `commit`/);
  });
});

describe("a 403 of the service", () => {
  it.each(["AccessCheckException", "BuildNotFoundException", "VssServiceException", ""])(
    "is forbidden with typeKey %j",
    (typeKey) => {
      expect(refused({ status: 403, typeKey, message: "No." }).code).toBe("forbidden");
    },
  );
});

describe("a hint's search in a long hostile message", () => {
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
  it.each(units)("ends at once for %j repeated", (unit) => {
    const message = unit.repeat(1_000_000 / unit.length);
    const startedAt = performance.now();
    for (const status of [400, 401, 403, 404, 409]) refused({ status, message });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
