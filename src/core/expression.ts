import { type JmesPath, parseExpression, resultOrError, type SyntaxTree } from "./expression-syntax.ts";

/** A JMESPath expression made ready. Throws an Error with a sentence where the document does not suit it. */
export type Expression = (document: unknown) => unknown;

/**
 * Makes an expression ready: the language of `az --query`. Rejects with a sentence that names the column.
 * The defaults of `stop-when` and `success-when` do without the library, which takes a while to load.
 */
export async function compile(expression: string): Promise<Expression> {
  const builtIn = builtInConditions.find(([pattern]) => pattern.test(expression));
  if (builtIn !== undefined) return builtIn[1];
  const library = await import("@jmespath-community/jmespath");
  const syntaxTree = parseExpression(expression, library);
  return (document) => evaluate(syntaxTree, document, library);
}

const builtInConditions: readonly (readonly [RegExp, Expression])[] = [
  [/^\s*status\s*==\s*'completed'\s*$/, (document) => getField(document, "status") === "completed"],
  [
    /^\s*result\s*==\s*'succeeded'\s*\|\|\s*status\s*!=\s*'completed'\s*$/,
    (document) =>
      getField(document, "result") === "succeeded" || getField(document, "status") !== "completed",
  ],
];

/** Whether an expression is one of the defaults, which ask for nothing that only the timeline knows. */
export function isBuiltInCondition(expression: Expression): boolean {
  return builtInConditions.some(([, builtIn]) => builtIn === expression);
}

function getField(document: unknown, name: string): unknown {
  return (document as Readonly<Record<string, unknown>> | null)?.[name];
}

/** True by JMESPath's rules: everything but `false`, `null` and blank strings, lists and objects. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Whether a condition holds. One that cannot be evaluated does not, and says why: it must not end a wait. */
export function evaluateCondition(
  condition: Expression,
  document: unknown,
): { holds: boolean; problem: string | undefined } {
  const value = resultOrError(() => condition(document));
  if (value instanceof Error) return { holds: false, problem: value.message };
  return { holds: isTrue(value), problem: undefined };
}

function evaluate(syntaxTree: SyntaxTree, document: unknown, { TreeInterpreter }: JmesPath): unknown {
  const value = resultOrError<unknown>(() => TreeInterpreter.search(syntaxTree, document as never));
  if (value instanceof Error) throw value;
  // Names such as `constructor` reach what every object inherits.
  return typeof value === "function" ? null : value;
}
