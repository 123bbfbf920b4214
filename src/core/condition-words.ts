import type { SyntaxTree } from "./expression.ts";
import type { NodeResult, NodeStatus, RunResult, RunStatus } from "./model.ts";

const runResults: readonly RunResult[] = ["succeeded", "partiallySucceeded", "failed", "canceled"];

const runStatuses: readonly RunStatus[] = ["notStarted", "postponed", "inProgress", "canceling", "completed"];

const nodeResults: readonly NodeResult[] = [
  "succeeded",
  "succeededWithIssues",
  "failed",
  "canceled",
  "skipped",
  "abandoned",
  "manual",
];

const nodeStatuses: readonly NodeStatus[] = ["pending", "inProgress", "completed"];

const runWords = new Map<string, readonly string[]>([
  ["result", runResults],
  ["status", runStatuses],
]);

/** Of the items of a list: of stages and jobs, or of what the service's own response holds. */
const itemWords = new Map<string, readonly string[]>([
  ["result", [...new Set<string>([...nodeResults, ...runResults])]],
  ["status", [...new Set<string>([...nodeStatuses, ...runStatuses])]],
]);

/**
 * A comparison of `result` or `status` with a word that it never holds is the same for every run: `!=` would be true of a
 * failed one. Throws for the run's own; a list may hold items of another kind, so there it is a warning.
 */
export function checkComparedWords(
  operands: readonly SyntaxTree[],
  { isRun, warn }: { readonly isRun: boolean; readonly warn: (text: string) => void },
): void {
  const field = operands.find((operand) => operand.type === "Field" && runWords.has(operand.name));
  if (field?.type !== "Field") return;
  const known = (isRun ? runWords : itemWords).get(field.name) ?? [];
  for (const word of operands.flatMap(textsIn)) {
    if (known.includes(word)) continue;
    const text = `${field.name} is never '${word}'; it is ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    if (isRun) throw new Error(text);
    warn(text);
  }
}

function textsIn(node: SyntaxTree): readonly string[] {
  if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
  return node.type === "MultiSelectList" ? node.children.flatMap(textsIn) : [];
}
