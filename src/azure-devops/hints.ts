import type { ErrorCode } from "../errors.ts";
import { asObject } from "../lib/json.ts";
import { oneLine } from "../lib/text.ts";
import type { HttpResponse } from "../ports.ts";
import { given, type HintContext, type HintRule } from "./hint-rule.ts";
import { rejectionRules } from "./rejection-hints.ts";

/** The hint for a refusal, as one imperative sentence. */
export function hintFor(code: ErrorCode, context: HintContext): string | undefined {
  const hint = firstHint(rulesByCode[code] ?? [], context);
  if (code !== "unauthorized") return hint;
  const hints = [hint, context.credentialHint, tenantHint(context.response.headers)];
  return hints.filter((part) => part !== undefined).join(" ");
}

function firstHint(rules: readonly HintRule[], context: HintContext): string | undefined {
  for (const rule of rules) {
    const hint = rule(context);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** A fixed hint for messages that match a pattern. */
function forMessage(pattern: RegExp, hint: string): HintRule {
  return ({ errorBody }) => (pattern.test(errorBody.message) ? hint : undefined);
}

const conditionalAccessHint = forMessage(
  /VS403463/,
  "Allow this runner's IP address in the conditional access policy, or use a self-hosted runner with an allowed address.",
);

const addUserHint = forMessage(
  /TF400813|TF401444/,
  "Add the identity (an application or managed identity by its name, under Organization settings, Users) to the organization, with the access level Basic.",
);

const rulesByCode: Partial<Record<ErrorCode, readonly HintRule[]>> = {
  unauthorized: [
    conditionalAccessHint,
    forMessage(/has expired/, "Renew the token and store it again."),
    addUserHint,
    () =>
      "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
  ],
  forbidden: [conditionalAccessHint, addUserHint, namedPermissionHint, operationPermissionHint],
  "not-found": [projectHint, artifactHint, organizationHint, pipelineHint, runHint, addressHint],
  rejected: rejectionRules,
  unreachable: [() => "Bring the collection back online, then run the workflow again."],
};

/** The tenant whose tokens the organization accepts, if the response has it. */
export function tenantHint(headers: HttpResponse["headers"]): string | undefined {
  const tenant = headers["x-vss-resourcetenant"]?.trim();
  if (!tenant) return undefined;
  return /^[0-]+$/.test(tenant)
    ? "The organization is not connected to a tenant: it accepts only Entra ID tokens of its own users."
    : `The organization's tenant is ${tenant}.`;
}

/** The input that sets the organization, project, pipeline or run: its own input, or `url`. */
function inputFor(name: string, context: HintContext): string | undefined {
  return given([name], context) ?? given(["url"], context);
}

// Permissions

/** Messages such as TF215106 name the permission, and mostly the object that it is missing on. */
function namedPermissionHint({ errorBody }: HintContext): string | undefined {
  const message = oneLine(errorBody.message).slice(0, 1_000);
  const [, resource, listedPermission] =
    /needs the following permission\(s\) on the resource (.{1,300}?) to perform this action: ([^.]{1,200})/.exec(
      message,
    ) ?? [];
  if (listedPermission !== undefined)
    return `Grant the identity the permission "${listedPermission.trim()}"${placeOf(resource)}.`;
  const [, permission, rest = ""] = /\bneeds ([^.]{1,120}?) permissions?\b(.*)/.exec(message) ?? [];
  if (permission === undefined) return undefined;
  const object = /^ (?:for|on) (.{1,200}?)(?: in team project | to perform |\. |\.?$)/.exec(rest)?.[1];
  return `Grant the identity the permission "${permission.replaceAll('"', "")}"${placeOf(object)} (Security, or Manage security).`;
}

/** An internal identifier says nothing to a person. */
function placeOf(object: string | undefined): string {
  return object === undefined || /vstfs:|\$PROJECT/i.test(object) ? "" : ` on ${object}`;
}

/** The hint for a refusal without a reason, by the request. */
function operationPermissionHint(context: HintContext): string {
  const permission = permissionFor(context.request);
  const scope = context.givenInputs.has("token")
    ? ", and a personal access token the scope Build (read & execute)"
    : "";
  return permission === undefined
    ? "Ask an administrator of the project for the permission in the service's message."
    : `Grant the identity the permission ${permission}${scope}.`;
}

function permissionFor({ method, path, body }: HintContext["request"]): string | undefined {
  if (/^_apis\/pipelines\/\d+\/(runs|preview)$/.test(path) && method === "POST") {
    const { templateParameters, variables } = asObject(body);
    return templateParameters === undefined && variables === undefined
      ? "Queue builds"
      : "Queue builds, and Edit queue build configuration for its parameters and variables";
  }
  if (method === "PATCH" && asObject(body)["status"] === "cancelling") return "Stop builds";
  if (method === "GET" && /^_apis\/build\/definitions\b/.test(path)) return "View build pipeline";
  return method === "GET" && /^_apis\/build\/builds\b/.test(path) ? "View builds" : undefined;
}

// Missing objects

function projectHint(context: HintContext): string | undefined {
  const { typeKey, message } = context.errorBody;
  if (!/^Project/.test(typeKey) && !/\b(TF200016|VS800075)\b/.test(message)) return undefined;
  const inputs = given(["organization", "project"], context) ?? given(["url"], context);
  return `Check ${inputs ?? "the project's name"}, and that the identity of the token can see the project.`;
}

export const goneArtifactHint =
  "Check whether the artifact can still be downloaded in Azure DevOps: it may have expired, or been deleted.";

function artifactHint({ request, errorBody: { typeKey } }: HintContext): string | undefined {
  const isAboutArtifact =
    /^Artifact/.test(typeKey) || (/\/artifacts$/.test(request.path) && !/^(Build|Pipeline)/.test(typeKey));
  return isAboutArtifact ? goneArtifactHint : undefined;
}

/** The hint for a URL that does not exist in the service: the response of its web framework has no typeKey. */
function organizationHint(context: HintContext): string | undefined {
  const { typeKey, message } = context.errorBody;
  if (typeKey !== "" && !/does not implement IController/.test(message)) return undefined;
  const path = /The controller for path '\/([^'/]{1,200})/.exec(message)?.[1];
  const name = path === undefined ? "" : `: Azure DevOps found nothing named ${oneLine(path)}`;
  return `Check ${inputFor("organization", context) ?? "the organization's URL"}${name}.`;
}

function pipelineHint(context: HintContext): string | undefined {
  const { errorBody, request } = context;
  if (!/^(Pipeline|Definition)/.test(errorBody.typeKey) && !/pipelines\/|definitions/.test(request.path))
    return undefined;
  const input = given(["pipeline-id"], context) ?? given(["url"], context);
  return input === undefined
    ? "Check in Azure DevOps whether the pipeline still exists, and whether the identity can see it."
    : `Check ${input}: the pipeline's id follows definitionId= in its URL.`;
}

function runHint(context: HintContext): string | undefined {
  if (!/^Build/.test(context.errorBody.typeKey)) return undefined;
  const input = inputFor("run-id", context);
  return input === undefined
    ? "Look for the run in Azure DevOps: it may have been deleted."
    : `Check ${input}: the run may have been deleted, or belong to another project.`;
}

function addressHint(context: HintContext): string {
  const inputs = given(["organization", "project"], context) ?? given(["url"], context);
  return `Check ${inputs ?? "the organization's URL"}: this URL does not exist.`;
}
