import type { ErrorCode } from "../errors.ts";
import { asObject } from "../lib/json.ts";
import { listed, oneLine } from "../lib/text.ts";
import type { HttpResponse } from "../ports.ts";
import type { ApiRequest } from "./api-request.ts";
import type { ErrorBody } from "./error-body.ts";

interface HintContext {
  readonly request: Pick<ApiRequest, "method" | "path" | "body">;
  readonly response: Pick<HttpResponse, "status" | "headers">;
  readonly errorBody: Pick<ErrorBody, "typeKey" | "message">;
  /** Names of the inputs that the user set: hints mention only these. */
  readonly givenInputs: ReadonlySet<string>;
  /** An additional hint for a rejected credential. */
  readonly credentialHint?: string | undefined;
}

type HintRule = (context: HintContext) => string | undefined;

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
  "Let the conditional access policy admit this runner's IP address, or use a self-hosted runner that it admits.",
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
  rejected: [
    resourceHint,
    stageHint,
    refHint,
    commitHint,
    repositoryHint,
    positionHint,
    parameterHint,
    variableHint,
    disabledPipelineHint,
    () => "Correct the problem that the service reported.",
  ],
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

/** The inputs of a list that were set, as a phrase: `` `a` and `b` ``. */
function given(names: readonly string[], { givenInputs }: HintContext): string | undefined {
  const found = names.filter((name) => givenInputs.has(name)).map((name) => `\`${name}\``);
  return found.length === 0 ? undefined : listed(found, found.length);
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

// Rejected requests

const resourceNouns =
  "service connection|service endpoint|endpoint|environment|variable group|secure file|agent pool|pool|queue|repository";

/** The hint for a resource that the pipeline is not authorized to use, or that does not exist. */
function resourceHint({ errorBody }: HintContext): string | undefined {
  const message = oneLine(errorBody.message).slice(0, 1_000);
  if (!/could not (be )?f(ou|i)nd|does not exist|has been disabled|not (been )?authorized/i.test(message))
    return undefined;
  const [, noun] = new RegExp(`\\b(${resourceNouns})\\b`, "i").exec(message) ?? [];
  if (noun === undefined || /Verify the reference exists/.test(message)) return undefined;
  const name = new RegExp(
    `\\b${noun} (?:with (?:name|id) )?['"]?([^'",]{1,100}?)['"]?(?: (?:which|that|could|does|has|is|was)\\b|[,'"]|[.:](?: |$)|$)`,
    "i",
  ).exec(message)?.[1];
  const object = [noun.toLowerCase(), name].filter(Boolean).join(" ");
  return `Check the ${object}: it must exist, be enabled, and be authorized for this pipeline (Permit, on the run's page).`;
}

function stageHint(context: HintContext): string | undefined {
  const [, stage] = /'([^'\r\n]{1,200})' is not a valid stage to skip/i.exec(context.errorBody.message) ?? [];
  if (stage === undefined) return undefined;
  const input = given(["stages-to-skip"], context) ?? given(["request-body"], context);
  return input === undefined
    ? "Correct the stage's name."
    : `Set ${input} to the stage's identifier, which is the name after \`- stage:\` in the pipeline's YAML, not its display name.`;
}

/** A reference that could not be resolved, from the service's message. */
function unresolvedRef(message: string) {
  const [, kind, name] = /<(Branch|Tag): ([^>\r\n]{1,300})>/.exec(message) ?? [];
  const versionRef = name && `refs/${kind === "Tag" ? "tags" : "heads"}/${name}`;
  const ref =
    versionRef ??
    /Unable to resolve the reference '([^'\r\n]{1,300})'/.exec(message)?.[1] ??
    /\busing ref (\S{1,300}?)[.,;]?(?:\s|$)/.exec(message)?.[1] ??
    /\bNo commit found for SHA: (refs\/[^\s"]{1,300})/.exec(message)?.[1];
  const commit = /\b(?:SHA:?|commit:?|version) ['"]?([0-9a-f]{7,64})\b/i.exec(message)?.[1];
  const repository = /(?:source version for|in the) repository (\S{1,200}?)\.?(?:\s|$)/.exec(message)?.[1];
  const isUnresolved =
    ref !== undefined ||
    /\bTF401175\b|Unable to resolve the reference|latest source version|No commit found/.test(message);
  return isUnresolved ? { ref, commit, repository } : undefined;
}

function selfRepository({ body }: HintContext["request"]) {
  const { refName, version } = asObject(body, "resources", "repositories", "self");
  return { ref: refName, commit: version };
}

/** The hint for the branch, tag or pull request that this step requested. */
function refHint(context: HintContext): string | undefined {
  const unresolved = unresolvedRef(context.errorBody.message);
  const { ref } = selfRepository(context.request);
  if (unresolved?.ref === undefined || typeof ref !== "string") return undefined;
  if (fullRefName(unresolved.ref) !== fullRefName(ref)) return undefined;
  const { repository } = unresolved;
  const place = repository === undefined ? "the repository that the pipeline builds" : repository;
  if (context.givenInputs.has("ref")) return refInputHint(ref, place);
  const input = given(["resources", "request-body"], context);
  return input === undefined
    ? `Check that ${ref} exists in ${place}.`
    : `Check ${input}: ${ref} must exist in ${place}.`;
}

function fullRefName(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}

/** The hint for a short name, which was used as a branch but may have been meant as something else. */
function refInputHint(ref: string, place: string): string {
  const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (name === undefined) return `Check \`ref\`: ${ref} must exist in ${place}.`;
  const taken = `\`ref\` was read as the branch ${ref}, which must exist in ${place}`;
  const pullRequest = /^(?:pull\/)?(\d+)\/(?:merge|head)$/.exec(name)?.[1];
  if (pullRequest !== undefined) return `Write refs/pull/${pullRequest}/merge for a pull request: ${taken}.`;
  if (/^[0-9a-f]{7,64}$/i.test(name)) return `Use \`commit\` for a commit's hash: ${taken}.`;
  const prefix = /^(?:refs\/)?(heads|tags|pull)\/./.exec(name)?.[0];
  if (prefix !== undefined) return `Write ${fullPrefix(name)} with its complete prefix: ${taken}.`;
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(name))
    return `Put the ref in quotes, since an unquoted 1.10 arrives as 1.1, or write refs/tags/${name} for a tag: ${taken}.`;
  const remote = /^(?:remotes\/)?(?:origin|upstream)\/(.+)$/.exec(name)?.[1];
  if (remote !== undefined) return `Write the branch without the remote's name, ${remote}: ${taken}.`;
  if (/^v?\d+\.\d/i.test(name)) return `Write refs/tags/${name} for a tag: ${taken}.`;
  return `Check \`ref\`: it was read as the branch ${ref}, which must exist in ${place} (correct the YAML if that is a template's repository); write refs/tags/${name} for a tag, refs/pull/N/merge for a pull request.`;
}

function fullPrefix(name: string): string {
  return name.startsWith("refs/") ? name : `refs/${name}`;
}

function commitHint(context: HintContext): string | undefined {
  const unresolved = unresolvedRef(context.errorBody.message);
  const { commit } = selfRepository(context.request);
  if (unresolved?.commit === undefined || unresolved.commit !== commit) return undefined;
  const input = given(["commit"], context) ?? given(["resources", "request-body"], context);
  return input === undefined
    ? `Check that ${commit} exists in the repository that the pipeline builds.`
    : `Check ${input}: ${commit} must be a commit of the repository and branch that the pipeline builds.`;
}

/** The hint for a reference in the pipeline's YAML, for example to templates. */
function repositoryHint({ errorBody }: HintContext): string | undefined {
  const unresolved = unresolvedRef(errorBody.message);
  if (unresolved === undefined) return undefined;
  const ref = unresolved.ref ?? "the branch, tag or commit in the service's message";
  const { repository } = unresolved;
  return repository === undefined
    ? `Check that ${ref} exists: the pipeline's YAML may name it under resources.`
    : `Check that ${ref} exists in repository ${repository}, and that the pipeline's service connection can read it.`;
}

/** The hint for a file, line and column of YAML. */
function positionHint({ errorBody }: HintContext): string | undefined {
  const [, file, line] =
    /^\s*([^\s(][^\r\n(]{0,300})\(Line: (\d{1,9}), Col: \d{1,9}\)/m.exec(errorBody.message) ?? [];
  return file === undefined ? undefined : `Correct ${oneLine(file).replace(/[\s:]+$/, "")} at line ${line}.`;
}

/** The hint for template parameters: an input is mentioned if the parameter came from it. */
function parameterHint(context: HintContext): string | undefined {
  const { message } = context.errorBody;
  const [, unexpected] = /Unexpected parameter '([^'\r\n]{1,200})'/.exec(message) ?? [];
  const [, invalid] =
    /[Tt]he '([^'\r\n]{1,200})' parameter value .{0,500} is not a valid/.exec(message) ?? [];
  const [, missing] = /A value for the '([^'\r\n]{1,200})' parameter/.exec(message) ?? [];
  const input = (name: string) =>
    hasName(asObject(context.request.body, "templateParameters"), name)
      ? given(["parameters", "request-body"], context)
      : undefined;
  if (unexpected !== undefined) {
    const source = input(unexpected) ?? "the template that passes it";
    return `Declare the parameter ${unexpected} in the pipeline's YAML, or remove it from ${source}.`;
  }
  if (invalid !== undefined) {
    const source = input(invalid);
    return source === undefined
      ? `Correct the default of the parameter ${invalid} in the pipeline's YAML.`
      : `Correct ${invalid} in ${source}: the pipeline's YAML lists the allowed values.`;
  }
  if (missing === undefined) return undefined;
  const target = given(["parameters"], context) ?? "this step's inputs";
  return `Set ${missing} in ${target}, or give it a default in the pipeline's YAML.`;
}

function variableHint(context: HintContext): string | undefined {
  const [, names] =
    /can't set the following variables \(([^)\r\n]{1,1000})\)/.exec(context.errorBody.message) ?? [];
  if (names === undefined) return undefined;
  const variables = asObject(context.request.body, "variables");
  const isSecret = names.split(",").map((name) => asObject(variables, name.trim())["isSecret"] === true);
  const inputs = given(
    [
      ...(isSecret.includes(false) ? ["variables"] : []),
      ...(isSecret.includes(true) ? ["secret-variables"] : []),
      "request-body",
    ],
    context,
  );
  const alternative = inputs === undefined ? "" : `, or remove them from ${inputs}`;
  return `Mark the variables as settable at queue time in the pipeline's editor${alternative}.`;
}

/** Names are case-insensitive in the service. */
function hasName(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.keys(fields).some((field) => field.toLowerCase() === name.toLowerCase());
}

function disabledPipelineHint({ errorBody: { typeKey, message } }: HintContext): string | undefined {
  const isDisabled =
    /^DefinitionDisabled/.test(typeKey) ||
    /\b(pipeline|definition)\b[^.\r\n]{0,200}\b(disabled|paused)\b/i.test(message);
  return isDisabled ? "Enable the pipeline in Azure DevOps: Edit, then Settings." : undefined;
}
