import type { SendRequest } from "./api-request.ts";
import { asArray, asObject, asString } from "./decode.ts";

/**
 * The names of those who are asked for an approval.
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
    decode: (json) =>
      asArray(asObject(json)["steps"]).flatMap(
        (step) => asString(asObject(asObject(step)["assignedApprover"])["displayName"]) ?? [],
      ),
    operation: "Reading who may approve",
    timeoutMs: 3_000,
    signal,
  });
  return value;
}
