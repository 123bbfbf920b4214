import { asArray, asObject, asString, type JsonFields } from "../lib/json.ts";
import type { SendRequest } from "./api-request.ts";
import { asDate } from "./decode.ts";

/**
 * The names of those who can approve now: in a sequence, those whose turn it is.
 * https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/get
 */
export async function readApprovers(
  send: SendRequest,
  approvalId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { value } = await send({
    method: "GET",
    path: `_apis/pipelines/approvals/${encodeURIComponent(approvalId)}`,
    query: { $expand: "steps" },
    decode: (json) => decodeApprovers(asObject(json)),
    operation: "Reading the approvers",
    timeoutMs: 3_000,
    signal,
  });
  return value;
}

function decodeApprovers({ steps, executionOrder }: JsonFields): readonly string[] {
  const open = asArray(steps)
    .map((step) => asObject(step))
    .filter(({ status }) => openStepStates.has(asString(status)?.toLowerCase() ?? "pending"));
  const isInSequence = asString(executionOrder)?.toLowerCase() === "insequence";
  const initiated = open.filter(({ initiatedOn }) => asDate(initiatedOn) !== null);
  const asked = isInSequence && initiated.length > 0 ? initiated : open;
  return asked.flatMap(({ assignedApprover }) => asString(asObject(assignedApprover)["displayName"]) ?? []);
}

const openStepStates = new Set(["undefined", "uninitiated", "pending", "deferred"]);
