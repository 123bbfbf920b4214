import type { ErrorCode } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import type { Envelope } from "./envelope.ts";
import type { Call } from "./send.ts";

interface Refusal {
  readonly call: Call;
  readonly answer: HttpAnswer;
  readonly envelope: Envelope;
}

/** By the service's words, where they say more than the code. They may be localised: then the code's hint holds. */
const byWords: readonly (readonly [RegExp, string])[] = [
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

const byCode: Partial<Record<ErrorCode, string>> = {
  unauthorized:
    "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
  forbidden:
    "Grant the identity the permissions View builds, Queue builds, Edit queue build configuration and Stop builds on this pipeline.",
  rejected: "Correct what the service names.",
  unreachable: "Bring the collection back online, then run the workflow again.",
};

/** One imperative sentence: what the workflow's author can do about a refusal. */
export function hintFor(code: ErrorCode, { call, answer, envelope }: Refusal): string | undefined {
  const { typeKey, message } = envelope;
  if (code === "forbidden") return permissionHint(message) ?? byCode.forbidden;
  if (code === "not-found") return missingHint(call, typeKey, message);
  const hint = byWords.find(([pattern]) => pattern.test(message))?.[1] ?? byCode[code];
  const tenant = code === "unauthorized" ? tenantHint(answer.headers) : undefined;
  return tenant === undefined ? hint : `${hint} ${tenant}`;
}

/** Whose tokens the organization takes, where it says so. */
export function tenantHint(headers: HttpAnswer["headers"]): string | undefined {
  const tenant = headers["x-vss-resourcetenant"]?.trim();
  if (!tenant) return undefined;
  return /^[0-]+$/.test(tenant)
    ? "The organization is connected to no tenant, so it takes no tokens of Entra ID but those of its users."
    : `The organization's tenant is ${tenant}.`;
}

/** TF215106 names the permission that is missing. */
function permissionHint(message: string): string | undefined {
  const named = /needs (.+?) permissions? /.exec(message)?.[1];
  return named === undefined
    ? undefined
    : `Grant the identity the permission "${named}" on this pipeline (Manage security).`;
}

export const goneArtifactHint =
  "Check whether the artifact can still be downloaded in Azure DevOps: it may have been deleted or have expired.";

function missingHint(call: Call, typeKey: string, message: string): string {
  if (/^Project/.test(typeKey) || /TF200016|VS800075/.test(message)) {
    return "Check `organization` and `project`, and that the identity of the token may see the project.";
  }
  if (/^Artifact/.test(typeKey) || (/\/artifacts$/.test(call.path) && !/^(Build|Pipeline)/.test(typeKey)))
    return goneArtifactHint;
  if (/^(Pipeline|Definition)/.test(typeKey) || /pipelines\/|definitions/.test(call.path)) {
    return "Check `pipeline-id`: it is the number behind definitionId= in the pipeline's address.";
  }
  if (/^Build/.test(typeKey))
    return "Check the run's id: the run may have been deleted, or belong to another project.";
  return "Check `organization` and `project`: there is nothing at this address.";
}
