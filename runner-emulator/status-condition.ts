import type { StepResult } from "./step.ts";

/** The status functions a `post-if` may use, on the job's status. Anything longer is refused, not guessed. */
export function evaluatePostIf(condition: string, status: StepResult["result"]): boolean {
  const results: Record<string, boolean> = {
    "always()": true,
    "success()": status === "success",
    "failure()": status === "failure",
    "cancelled()": status === "cancelled",
    "!cancelled()": status !== "cancelled",
  };
  const result = results[condition.replace(/\s/g, "")];
  if (result === undefined) throw new Error(`the test runner cannot evaluate post-if: ${condition}`);
  return result;
}
