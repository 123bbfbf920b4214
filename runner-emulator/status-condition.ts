import type { Conclusion } from "./step.ts";

/** The status functions that a condition may use, on the job's status. A longer expression is refused. */
export function evaluateStatusCondition(condition: string, status: Conclusion): boolean {
  const results: Record<string, boolean> = {
    "always()": true,
    "success()": status === "success",
    "failure()": status === "failure",
    "cancelled()": status === "cancelled",
    "!cancelled()": status !== "cancelled",
  };
  const result = results[condition.replace(/\s/g, "")];
  if (result === undefined) throw new Error(`the runner emulator cannot evaluate the condition ${condition}`);
  return result;
}
