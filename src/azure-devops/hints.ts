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
  /** Names of the inputs that the user set: a hint mentions no others. */
  readonly givenInputs: ReadonlySet<string>;
  /** What to check when the credential is not accepted. */
  readonly credentialHint?: string | undefined;
}

type HintRule = (context: HintContext) => string | undefined;

/** One imperative sentence: what the user can do about a refusal. */
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

/** A fixed hint for the messages that a pattern finds. */
function forMessage(pattern: RegExp, hint: string): HintRule {
  return ({ errorBody }) => (pattern.test(errorBody.message) ? hint : undefined);
}

const conditionalAccessHint = forMessage(
  /VS403463/,
  "Let the conditional access policy admit this runner's address, or use a self-hosted runner inside it.",
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
    () => "Correct what the service names.",
  ],
  unreachable: [() => "Bring the collection back online, then run the workflow again."],
};

/** Whose tokens the organization takes, where it says so. */
export function tenantHint(headers: HttpResponse["headers"]): string | undefined {
  const tenant = headers["x-vss-resourcetenant"]?.trim();
  if (!tenant) return undefined;
  return /^[0-]+$/.test(tenant)
    ? "The organization is connected to no tenant: it accepts Entra ID tokens of its own users only."
    : `The organization's tenant is ${tenant}.`;
}

/** The inputs of a list that were set, as a phrase: `` `a` and `b` ``. */
function given(names: readonly string[], { givenInputs }: HintContext): string | undefined {
  const found = names.filter((name) => givenInputs.has(name)).map((name) => `\`${name}\``);
  return found.length === 0 ? undefined : listed(found, found.length);
}

/** Where the organization, the project, the pipeline or the run was written: its own input, or a pasted URL. */
function inputFor(name: string, context: HintContext): string | undefined {
  return given([name], context) ?? given(["url"], context);
}

// Permissions

/** TF215106 and its kin name the permission, and most the object that it is missing on. */
function namedPermissionHint({ errorBody }: HintContext): string | undefined {
  const message = oneLine(errorBody.message).slice(0, 1_000);
  const listedPermission =
    /needs the following permission\(s\) on the resource \S{1,300} to perform this action: ([^.]{1,200})/.exec(
      message,
    )?.[1];
  if (listedPermission !== undefined)
    return `Grant the identity the permission "${listedPermission.trim()}".`;
  const [, permission, rest = ""] = /\bneeds ([^.]{1,120}?) permissions?\b(.*)/.exec(message) ?? [];
  if (permission === undefined) return undefined;
  const object = /^ (?:for|on) (.{1,200}?)(?: in team project | to perform |\. |\.?$)/.exec(rest)?.[1];
  const isIdentifier = object === undefined || /vstfs:|\$PROJECT/i.test(object);
  const place = isIdentifier ? "" : ` on ${object}`;
  return `Grant the identity the permission "${permission.replaceAll('"', "")}"${place} (Security, or Manage security).`;
}

/** A refusal without a reason: by what was asked for. */
function operationPermissionHint(context: HintContext): string {
  const permission = permissionFor(context.request);
  const scope = context.givenInputs.has("token")
    ? ", and a personal access token the scope Build (read & execute)"
    : "";
  return permission === undefined
    ? "Ask an administrator of the project for the permission that the service names."
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

// What does not exist

function projectHint(context: HintContext): string | undefined {
  const { typeKey, message } = context.errorBody;
  if (!/^Project/.test(typeKey) && !/\b(TF200016|VS800075)\b/.test(message)) return undefined;
  const inputs = given(["organization", "project"], context) ?? given(["url"], context);
  return `Check ${inputs ?? "the project's name"}, and that the identity of the token may see the project.`;
}

export const goneArtifactHint =
  "Check whether the artifact can still be downloaded in Azure DevOps: it may have been deleted or have expired.";

function artifactHint({ request, errorBody: { typeKey } }: HintContext): string | undefined {
  const isAboutArtifact =
    /^Artifact/.test(typeKey) || (/\/artifacts$/.test(request.path) && !/^(Build|Pipeline)/.test(typeKey));
  return isAboutArtifact ? goneArtifactHint : undefined;
}

/** An address that the service does not know at all: it answers without a typeKey, as its web framework does. */
function organizationHint(context: HintContext): string | undefined {
  const { typeKey, message } = context.errorBody;
  if (typeKey !== "" && !/does not implement IController/.test(message)) return undefined;
  const path = /The controller for path '\/([^'/]{1,200})/.exec(message)?.[1];
  const name = path === undefined ? "" : `: Azure DevOps knows nothing named ${oneLine(path)}`;
  return `Check ${inputFor("organization", context) ?? "the organization's address"}${name}.`;
}

function pipelineHint(context: HintContext): string | undefined {
  const { errorBody, request } = context;
  if (!/^(Pipeline|Definition)/.test(errorBody.typeKey) && !/pipelines\/|definitions/.test(request.path))
    return undefined;
  const input = given(["pipeline-id"], context) ?? given(["url"], context);
  return input === undefined
    ? "Check in Azure DevOps whether the pipeline still exists, and whether the identity may see it."
    : `Check ${input}: the pipeline's number stands behind definitionId= in its address.`;
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
  return `Check ${inputs ?? "the organization's address"}: there is nothing at this address.`;
}

// What the service refuses in a request

const resourceNouns =
  "service connection|service endpoint|endpoint|environment|variable group|secure file|agent pool|pool|queue|repository";

/** A resource that the pipeline uses and may not, or that is gone. */
function resourceHint({ errorBody }: HintContext): string | undefined {
  const message = oneLine(errorBody.message).slice(0, 1_000);
  if (!/could not (be )?f(ou|i)nd|does not exist|has been disabled|not (been )?authorized/i.test(message))
    return undefined;
  const [, noun] = new RegExp(`\\b(${resourceNouns})\\b`, "i").exec(message) ?? [];
  if (noun === undefined || /Verify the reference exists/.test(message)) return undefined;
  const name = new RegExp(
    `\\b${noun} (?:with (?:name|id) )?['"]?([^'",]{1,100}?)['"]?(?: (?:which|that|could|does|has|is|was)\\b|[,'"]|\\.(?: |$)|$)`,
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
    : `Write the stage's identifier into ${input}, which is the name behind \`- stage:\` in the pipeline's YAML, not its display name.`;
}

/** What a message says about a reference that could not be resolved. */
function unresolvedRef(message: string) {
  const ref =
    /Unable to resolve the reference '([^'\r\n]{1,300})'/.exec(message)?.[1] ??
    /\busing ref (\S{1,300}?)[.,;]?(?:\s|$)/.exec(message)?.[1] ??
    /\bNo commit found for SHA: (refs\/[^\s"]{1,300})/.exec(message)?.[1];
  const commit = /\b(?:SHA:?|commit|version) ['"]?([0-9a-f]{7,64})\b/i.exec(message)?.[1];
  const repository = /source version for repository (\S{1,200})/.exec(message)?.[1];
  const isUnresolved =
    ref !== undefined ||
    /Unable to resolve the reference|latest source version|No commit found/.test(message);
  return isUnresolved ? { ref, commit, repository } : undefined;
}

function selfRepository({ body }: HintContext["request"]) {
  const { refName, version } = asObject(body, "resources", "repositories", "self");
  return { ref: refName, commit: version };
}

/** The branch, tag or pull request that this step asked for. */
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

/** A bare name was taken for a branch: what else it may have been meant for. */
function refInputHint(ref: string, place: string): string {
  const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (name === undefined) return `Check \`ref\`: ${ref} must exist in ${place}.`;
  const taken = `\`ref\` was taken for the branch ${ref}, which must exist in ${place}`;
  const pullRequest = /^(?:pull\/)?(\d+)\/(?:merge|head)$/.exec(name)?.[1];
  if (pullRequest !== undefined) return `Write refs/pull/${pullRequest}/merge for a pull request: ${taken}.`;
  if (/^[0-9a-f]{7,64}$/i.test(name)) return `Write a commit's hash into \`commit\`: ${taken}.`;
  const prefix = /^(?:refs\/)?(heads|tags|pull)\/./.exec(name)?.[0];
  if (prefix !== undefined) return `Write ${fullPrefix(name)} with its whole prefix: ${taken}.`;
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(name))
    return `Put the ref in quotes, since an unquoted 1.10 arrives as 1.1, or write refs/tags/${name} for a tag: ${taken}.`;
  const remote = /^(?:remotes\/)?(?:origin|upstream)\/(.+)$/.exec(name)?.[1];
  if (remote !== undefined) return `Write the branch without the remote's name, ${remote}: ${taken}.`;
  if (/^v?\d+\.\d/i.test(name)) return `Write refs/tags/${name} for a tag: ${taken}.`;
  return `Check \`ref\`: it was taken for the branch ${ref}, which must exist in ${place}; a tag is written refs/tags/${name}, a pull request refs/pull/N/merge.`;
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

/** A reference that the pipeline's YAML makes, to templates, say. */
function repositoryHint({ errorBody }: HintContext): string | undefined {
  const unresolved = unresolvedRef(errorBody.message);
  if (unresolved === undefined) return undefined;
  const ref = unresolved.ref ?? "the branch, tag or commit that the service names";
  const { repository } = unresolved;
  return repository === undefined
    ? `Check that ${ref} exists: the pipeline's YAML may name it under resources.`
    : `Check that ${ref} exists in repository ${repository}, and that the pipeline's service connection may read it.`;
}

/** A file, line and column of YAML. */
function positionHint({ errorBody }: HintContext): string | undefined {
  const [, file, line] =
    /^\s*([^\s(][^\r\n(]{0,300})\(Line: (\d{1,9}), Col: \d{1,9}\)/m.exec(errorBody.message) ?? [];
  return file === undefined ? undefined : `Correct ${oneLine(file).replace(/[\s:]+$/, "")} at line ${line}.`;
}

/** Template parameters: an input is mentioned where the parameter came from it. */
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
    return `Declare the parameter ${unexpected} in the pipeline's YAML, or take it out of ${source}.`;
  }
  if (invalid !== undefined) {
    const source = input(invalid);
    return source === undefined
      ? `Correct the default of the parameter ${invalid} in the pipeline's YAML.`
      : `Correct ${invalid} in ${source}: the pipeline's YAML lists the values that it takes.`;
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
  const alternative = inputs === undefined ? "" : `, or take them out of ${inputs}`;
  return `Mark the variables as settable at queue time in the pipeline's editor${alternative}.`;
}

/** Names are the same in upper and lower case to the service. */
function hasName(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.keys(fields).some((field) => field.toLowerCase() === name.toLowerCase());
}

function disabledPipelineHint({ errorBody: { typeKey, message } }: HintContext): string | undefined {
  const isDisabled =
    /^DefinitionDisabled/.test(typeKey) ||
    /\b(pipeline|definition)\b[^.\r\n]{0,200}\b(disabled|paused)\b/i.test(message);
  return isDisabled ? "Enable the pipeline in Azure DevOps: Edit, then Settings." : undefined;
}
