import type { Ran } from "./step.ts";

/** The status functions a `post-if` may use, on the job's status. Anything longer is refused, not guessed. */
export function isWanted(condition: string, status: Ran["result"]): boolean {
  const answers: Record<string, boolean> = {
    "always()": true,
    "success()": status === "success",
    "failure()": status === "failure",
    "cancelled()": status === "cancelled",
    "!cancelled()": status !== "cancelled",
  };
  const answer = answers[condition.replace(/\s/g, "")];
  if (answer === undefined) throw new Error(`the test runner cannot evaluate post-if: ${condition}`);
  return answer;
}
