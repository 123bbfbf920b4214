import { ActionError, type ErrorCode } from "../errors.ts";
import type { HttpResponse } from "../ports.ts";
import type { ApiRequest } from "./api-request.ts";
import { type ErrorBody, isThrottled, isTransientStatus, parseErrorBody } from "./error-body.ts";

/** By the envelope's typeKey, which is never localised. First match wins. */
const codesByTypeKey: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
  [/AccessDenied|Permission|Forbidden/, "forbidden"],
  [/NotFound|DoesNotExist/, "not-found"],
  [
    /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
    "rejected",
  ],
];

/** Of these a 5xx may be sure that nothing was done, since they are of this field; any other 5xx leaves it open. */
const definitiveTypeKeys =
  /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;

/** A refusal in the service's own words. */
export class ApiError extends ActionError {
  /** By which the service tells refusals apart, whatever its language. */
  readonly typeKey: string;

  constructor(
    code: ErrorCode,
    message: string,
    { typeKey, hint }: { typeKey: string; hint: string | undefined },
  ) {
    super(code, message, { hint });
    this.typeKey = typeKey;
  }
}

/** What a definite refusal becomes, in the service's own words; `undefined` for what may pass. */
export function apiErrorFrom(request: ApiRequest, response: HttpResponse): ActionError | undefined {
  const errorBody = parseErrorBody(response);
  const code = isOffline(response, errorBody) ? offlineCode(request) : errorCodeFor(response, errorBody);
  if (code === undefined) return undefined;
  return new ApiError(code, `${request.operation} was refused${quotedMessage(response, errorBody)}`, {
    typeKey: errorBody.typeKey,
    hint: hintFor(code, { request, response, errorBody }),
  });
}

/** A bad token is often answered by the page where a person would sign in. */
export function signInPageError(request: ApiRequest, response: HttpResponse): ActionError {
  const errorBody = parseErrorBody({ ...response, body: "" });
  return new ActionError(
    "unauthorized",
    `${request.operation} was answered with a sign-in page (${response.status}).`,
    {
      hint: hintFor("unauthorized", { request, response, errorBody }),
    },
  );
}

/** A collection that is switched off says so, and will say so again; only a wait has the time to see it return. */
function isOffline({ headers }: HttpResponse, { message }: ErrorBody): boolean {
  return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}

function offlineCode({ toleratesOutage }: ApiRequest): ErrorCode | undefined {
  return toleratesOutage ? undefined : "unreachable";
}

function errorCodeFor({ status }: HttpResponse, errorBody: ErrorBody): ErrorCode | undefined {
  if (isThrottled({ status }, errorBody)) return undefined;
  const { typeKey, message } = errorBody;
  if (status === 401 || /VS403463/.test(message)) return "unauthorized";
  const mappedCode =
    codesByTypeKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? codeByErrorNumber(message);
  if (status >= 500) return definitiveTypeKeys.test(typeKey) ? mappedCode : undefined;
  if (isTransientStatus(status)) return undefined;
  if (mappedCode !== undefined) return mappedCode;
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  return "rejected";
}

/** A project that the caller cannot see comes as 400. The numbers are in no language. */
function codeByErrorNumber(message: string): ErrorCode | undefined {
  return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}

function quotedMessage({ status, headers }: HttpResponse, { message }: ErrorBody): string {
  const activityId = headers["activityid"] ?? headers["x-vss-e2eid"];
  const activityText = activityId === undefined ? "" : ` (activity ${activityId})`;
  return message === "" ? ` with status ${status}.${activityText}` : `: ${message.trim()}${activityText}`;
}

interface HintContext {
  readonly request: ApiRequest;
  readonly response: HttpResponse;
  readonly errorBody: ErrorBody;
}

/** By the service's words, where they say more than the code. They may be localised: then the code's hint holds. */
const hintsByMessage: readonly (readonly [RegExp, string])[] = [
  [/Unexpected parameter/, "Declare the parameter in the pipeline's YAML, or take it out of `parameters`."],
  [
    /parameter value .* is not a valid|A value for the .* parameter/,
    "Correct `parameters`: the pipeline's YAML lists what it takes.",
  ],
  [
    /can't set the following variables/,
    "Mark the variables as settable at queue time in the pipeline's editor, or take them out of `variables`.",
  ],
  [
    /Unable to resolve the reference|latest source version|No commit found/,
    "Check `ref` and `commit`: they must exist in the repository that the pipeline builds.",
  ],
  [/disabled|paused/i, "Enable the pipeline in Azure DevOps: Edit, then Settings."],
  [
    /VS403463/,
    "Let the conditional access policy admit this runner's address, or use a self-hosted runner inside it.",
  ],
  [/has expired/, "Renew the token and store it again."],
  [
    /TF400813|TF401444/,
    "Add the identity (an application or managed identity by its name, under Organization settings, Users) to the organization, with at least the access level Stakeholder.",
  ],
];

const hintsByCode: Partial<Record<ErrorCode, string>> = {
  unauthorized:
    "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
  forbidden:
    "Grant the identity the permissions View builds, Queue builds, Edit queue build configuration and Stop builds on this pipeline.",
  rejected: "Correct what the service names.",
  unreachable: "Bring the collection back online, then run the workflow again.",
};

/** One imperative sentence: what the workflow's author can do about a refusal. */
function hintFor(code: ErrorCode, { request, response, errorBody }: HintContext): string | undefined {
  const { typeKey, message } = errorBody;
  if (code === "forbidden") return permissionHint(message) ?? hintsByCode.forbidden;
  if (code === "not-found") return notFoundHint(request, typeKey, message);
  const hint = hintsByMessage.find(([pattern]) => pattern.test(message))?.[1] ?? hintsByCode[code];
  const tenant = code === "unauthorized" ? tenantHint(response.headers) : undefined;
  return tenant === undefined ? hint : `${hint} ${tenant}`;
}

/** Whose tokens the organization takes, where it says so. */
export function tenantHint(headers: HttpResponse["headers"]): string | undefined {
  const tenant = headers["x-vss-resourcetenant"]?.trim();
  if (!tenant) return undefined;
  return /^[0-]+$/.test(tenant)
    ? "The organization is connected to no tenant, so it takes no tokens of Entra ID but those of its users."
    : `The organization's tenant is ${tenant}.`;
}

/** TF215106 names the permission that is missing. */
function permissionHint(message: string): string | undefined {
  const permission = /needs (.+?) permissions? /.exec(message)?.[1];
  return permission === undefined
    ? undefined
    : `Grant the identity the permission "${permission}" on this pipeline (Manage security).`;
}

export const goneArtifactHint =
  "Check whether the artifact can still be downloaded in Azure DevOps: it may have been deleted or have expired.";

function notFoundHint(request: ApiRequest, typeKey: string, message: string): string {
  if (/^Project/.test(typeKey) || /TF200016|VS800075/.test(message)) {
    return "Check `organization` and `project`, and that the identity of the token may see the project.";
  }
  if (/^Artifact/.test(typeKey) || (/\/artifacts$/.test(request.path) && !/^(Build|Pipeline)/.test(typeKey)))
    return goneArtifactHint;
  if (/^(Pipeline|Definition)/.test(typeKey) || /pipelines\/|definitions/.test(request.path)) {
    return "Check `pipeline-id`: it is the number behind definitionId= in the pipeline's address.";
  }
  if (/^Build/.test(typeKey))
    return "Check the run's id: the run may have been deleted, or belong to another project.";
  return "Check `organization` and `project`: there is nothing at this address.";
}
