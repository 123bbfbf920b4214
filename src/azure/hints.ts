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
  [/TF400813/, "Add the identity to the organization as a user with at least the access level Stakeholder."],
];

const byCode: Partial<Record<ErrorCode, string>> = {
  unauthorized:
    "Check that the token is present, unexpired and issued for this organization, with the scope Build (read & execute).",
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
  if (code === "unauthorized" && answer.headers["x-vss-resourcetenant"] !== undefined) {
    return `${byCode.unauthorized} The organization's tenant is ${answer.headers["x-vss-resourcetenant"]}.`;
  }
  return byWords.find(([pattern]) => pattern.test(message))?.[1] ?? byCode[code];
}

/** TF215106 names the permission that is missing. */
function permissionHint(message: string): string | undefined {
  const named = /needs (.+?) permissions? /.exec(message)?.[1];
  return named === undefined
    ? undefined
    : `Grant the identity the permission "${named}" on this pipeline (Manage security).`;
}

function missingHint(call: Call, typeKey: string, message: string): string {
  if (/^Project/.test(typeKey) || /TF200016|VS800075/.test(message)) {
    return "Check `organization` and `project`, and that the identity of the token may see the project.";
  }
  if (/^(Pipeline|Definition)/.test(typeKey) || /pipelines\/|definitions/.test(call.path)) {
    return "Check `pipeline-id`: it is the number behind definitionId= in the pipeline's address.";
  }
  if (/^Build/.test(typeKey))
    return "Check the run's id: the run may have been deleted, or belong to another project.";
  return "Check `organization` and `project`: there is nothing at this address.";
}
