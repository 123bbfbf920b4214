import { fieldsOf, listOf, textOf } from "./decode.ts";
import type { Send } from "./send.ts";

/**
 * The names of those who are asked for an approval.
 * https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/get
 */
export async function readApprovers(
  send: Send,
  approvalId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { value } = await send({
    method: "GET",
    path: `_apis/pipelines/approvals/${encodeURIComponent(approvalId)}`,
    query: { $expand: "steps" },
    decode: (answer) =>
      listOf(fieldsOf(answer)["steps"]).flatMap(
        (step) => textOf(fieldsOf(fieldsOf(step)["assignedApprover"])["displayName"]) ?? [],
      ),
    doing: "Reading who may approve",
    timeoutMs: 3_000,
    signal,
  });
  return value;
}
