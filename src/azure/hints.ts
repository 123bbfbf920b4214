import type { ErrorCode } from "../errors.ts";
import type { HttpResponse } from "../ports.ts";
import type { ErrorBody } from "./envelope.ts";
import type { ApiRequest } from "./send.ts";

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
export function hintFor(code: ErrorCode, { request, response, errorBody }: HintContext): string | undefined {
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
