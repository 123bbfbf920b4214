import type { Expression } from "./expression.ts";
import type { ConditionOptions } from "./own-condition.ts";

/** Default of `stop-when`. */
export const defaultStopWhen = "status == 'completed'";

/** Default of `success-when`: a wait that `stop-when` ends fails if a stage has failed. */
export const defaultSuccessWhen =
  "result == 'succeeded' || status != 'completed' && length(stages[?result == 'failed' || result == 'canceled' || result == 'abandoned']) == `0`";

/**
 * Compiles an expression that must yield true or false. An expression of another form, or one that names a field that the
 * document does not have, is rejected: it would be true or false of every run.
 */
export async function compileCondition(expression: string, options: ConditionOptions): Promise<Expression> {
  const builtIn = builtInConditions.get(withoutSpaces(expression));
  if (builtIn !== undefined && options.document !== "list") return builtIn;
  const { compileOwnCondition } = await import("./own-condition.ts");
  return await compileOwnCondition(expression, options);
}

export interface ConditionResult {
  readonly holds: boolean;
  /** Why it could not be evaluated. */
  readonly problem: string | undefined;
  /** Its value for this document is null. */
  readonly isNull: boolean;
}

/** Whether a condition is true. A condition that is null or cannot be evaluated counts as false: it must not end a wait. */
export function evaluateCondition(condition: Expression, document: unknown): ConditionResult {
  try {
    const value = condition(document);
    const isNull = value === null || value === undefined;
    const problem = isNull || typeof value === "boolean" ? undefined : "it yields neither true nor false";
    return { holds: value === true, problem, isNull };
  } catch (error) {
    return { holds: false, problem: error instanceof Error ? error.message : String(error), isNull: false };
  }
}

/** Whether an expression is a default, apart from white space. */
export function isDefaultCondition(expression: Expression): boolean {
  return [...builtInConditions.values()].includes(expression);
}

/** Whether an expression reads no field that comes from the timeline. */
export function isCompletionCondition(expression: Expression): boolean {
  return expression === isCompleted;
}

const isCompleted: Expression = (document) => getField(document, "status") === "completed";

const hasNoFailure: Expression = (document) =>
  getField(document, "result") === "succeeded" || (!isCompleted(document) && !hasFailedStage(document));

/** The defaults are evaluated without the JMESPath library, which takes a while to load. */
const builtInConditions: ReadonlyMap<string, Expression> = new Map([
  [withoutSpaces(defaultStopWhen), isCompleted],
  [withoutSpaces(defaultSuccessWhen), hasNoFailure],
]);

/** Keeps the spaces inside strings. */
function withoutSpaces(expression: string): string {
  return expression.replaceAll(/('[^']*')|\s+/g, (_, text: string | undefined) => text ?? "");
}

function hasFailedStage(document: unknown): boolean {
  const stages = getField(document, "stages");
  const failures: readonly unknown[] = ["failed", "canceled", "abandoned"];
  return Array.isArray(stages) && stages.some((stage) => failures.includes(getField(stage, "result")));
}

function getField(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | null)?.[name];
}
