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

/** Values for the items of a list: stages and jobs, or items of the service's own response. */
const itemWords = new Map<string, readonly string[]>([
  ["result", [...new Set<string>([...nodeResults, ...runResults])]],
  ["status", [...new Set<string>([...nodeStatuses, ...runStatuses])]],
]);

/**
 * A comparison of `result` or `status` with a value that it never has is the same for every run: `!=` would be true of a
 * failed one. Throws for the run's own fields; a list may contain items of another kind, so there it is a warning.
 */
export function checkComparedWords(
  operands: readonly SyntaxTree[],
  { isRun, warn }: { readonly isRun: boolean; readonly warn: (text: string) => void },
): void {
  for (const { name, isOwn } of operands.flatMap((operand) => fieldOf(operand) ?? [])) {
    const isOfRun = isRun && isOwn;
    const known = (isOfRun ? runWords : itemWords).get(name);
    if (known === undefined) continue;
    for (const word of operands.flatMap(textsIn)) {
      if (known.includes(word)) continue;
      const text = `${name} is never '${word}'; it is ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
      if (isOfRun) throw new Error(text);
      warn(text);
    }
  }
}

interface ComparedField {
  readonly name: string;
  /** Of the value that the comparison is about, and not of something in it. */
  readonly isOwn: boolean;
}

/** The field that an operand ends in; none of `raw`, which has the service's own words. */
function fieldOf(node: SyntaxTree): ComparedField | undefined {
  switch (node.type) {
    case "Field":
      return { name: node.name, isOwn: true };
    case "Subexpression":
    case "IndexExpression":
    case "Pipe": {
      const field = fieldOf(node.right);
      const isSame = ["Root", "Current", "Identity"].includes(node.left.type);
      return isRaw(node.left) || field === undefined ? undefined : { ...field, isOwn: field.isOwn && isSame };
    }
    default:
      return undefined;
  }
}

function isRaw(node: SyntaxTree): boolean {
  if (node.type === "Subexpression" || node.type === "IndexExpression" || node.type === "Pipe")
    return isRaw(node.left);
  return node.type === "Field" && node.name === "raw";
}

function textsIn(node: SyntaxTree): readonly string[] {
  if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
  return node.type === "MultiSelectList" ? node.children.flatMap(textsIn) : [];
}
