/** A JMESPath expression made ready. Throws an Error with a sentence where the document does not suit it. */
export type Expression = (document: unknown) => unknown;

/**
 * Makes an expression ready: the language of `az --query`. Rejects with a sentence that names the column.
 * The defaults of `stop-when` and `success-when` do without the library, which takes a while to load.
 */
export async function compile(expression: string): Promise<Expression> {
  const builtIn = builtInConditions.get(withoutSpaces(expression));
  if (builtIn !== undefined) return builtIn;
  const library = await import("@jmespath-community/jmespath");
  const syntaxTree = parseExpression(expression, library);
  return (document) => evaluate(syntaxTree, document, library);
}

/** Default of `stop-when`. */
export const defaultStopWhen = "status == 'completed'";

/** Default of `success-when`: a wait that `stop-when` ends fails if a stage has failed. */
export const defaultSuccessWhen =
  "result == 'succeeded' || status != 'completed' && length(stages[?result == 'failed' || result == 'canceled' || result == 'abandoned']) == `0`";

const isCompleted: Expression = (document) => getField(document, "status") === "completed";

const hasNoFailure: Expression = (document) =>
  getField(document, "result") === "succeeded" || (!isCompleted(document) && !hasFailedStage(document));

const builtInConditions: ReadonlyMap<string, Expression> = new Map([
  [withoutSpaces(defaultStopWhen), isCompleted],
  [withoutSpaces(defaultSuccessWhen), hasNoFailure],
]);

/** Spaces inside a string are part of it. */
function withoutSpaces(expression: string): string {
  return expression.replaceAll(/('[^']*')|\s+/g, (_, text: string | undefined) => text ?? "");
}

function hasFailedStage(document: unknown): boolean {
  const stages = getField(document, "stages");
  const failures: readonly unknown[] = ["failed", "canceled", "abandoned"];
  return Array.isArray(stages) && stages.some((stage) => failures.includes(getField(stage, "result")));
}

/** Whether an expression is a default, however its spaces are set. */
export function isDefaultCondition(expression: Expression): boolean {
  return [...builtInConditions.values()].includes(expression);
}

/** Whether an expression reads nothing that only the timeline knows. */
export function isCompletionCondition(expression: Expression): boolean {
  return expression === isCompleted;
}

function getField(document: unknown, name: string): unknown {
  return (document as Readonly<Record<string, unknown>> | null)?.[name];
}

/** True by JMESPath's rules: everything but `false`, `null` and blank strings, lists and objects. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

export interface ConditionResult {
  readonly holds: boolean;
  /** Why it could not be evaluated. */
  readonly problem: string | undefined;
  /** It has no value for this document. */
  readonly isNull: boolean;
}

/** Whether a condition holds. One that is null or can't be evaluated does not: it must not end a wait. */
export function evaluateCondition(condition: Expression, document: unknown): ConditionResult {
  const value = resultOrError(() => condition(document));
  if (value instanceof Error) return { holds: false, problem: value.message, isNull: false };
  return { holds: isTrue(value), problem: undefined, isNull: value === null || value === undefined };
}

function evaluate(syntaxTree: SyntaxTree, document: unknown, { TreeInterpreter }: JmesPath): unknown {
  const value = resultOrError<unknown>(() => TreeInterpreter.search(syntaxTree, document as never));
  if (value instanceof Error) throw value;
  // Names such as `constructor` reach what every object inherits.
  return typeof value === "function" ? null : value;
}

type JmesPath = typeof import("@jmespath-community/jmespath");

type SyntaxTree = ReturnType<JmesPath["compile"]>;

// `az --query` takes `text` in backticks for a string, and so do its users.
const parserOptions = { enable_legacy_literals: true };

/** The syntax tree of an expression that can be evaluated, or an Error with a sentence that says where it cannot. */
function parseExpression(expression: string, library: JmesPath): SyntaxTree {
  checkQuotes(expression);
  const syntaxTree = resultOrError(() => library.compile(expression, parserOptions));
  if (syntaxTree instanceof Error) throw new Error(syntaxErrorMessage(expression, library));
  validate(syntaxTree, library);
  return syntaxTree;
}

/** The library takes a string that is not closed for one that is a letter shorter. */
function checkQuotes(expression: string): void {
  for (let start = 0; start < expression.length; start += 1) {
    const quote = expression[start] ?? "";
    if (!`'"\``.includes(quote)) continue;
    let end = start + 1;
    while (end < expression.length && expression[end] !== quote) end += expression[end] === "\\" ? 2 : 1;
    if (end >= expression.length) throw new Error(`the ${quote} at column ${start + 1} is never closed`);
    start = end;
  }
}

/** The library does not say where: the first beginning that fails for anything but its end shows it. */
function syntaxErrorMessage(expression: string, library: JmesPath): string {
  const starts = tokenStarts(expression, library);
  const tokenEnds = [...starts.slice(1), expression.length];
  const failedToken = starts.findIndex((_, index) => {
    const result = resultOrError(() => library.compile(expression.slice(0, tokenEnds[index]), parserOptions));
    return result instanceof Error && !/\bEOF\b/.test(result.message);
  });
  const start = starts[failedToken];
  if (start === undefined) return "the expression ends too early";
  const token = expression.slice(start, tokenEnds[failedToken]).trim();
  return `unexpected ${truncate(token)} at column ${start + 1}${hintFor(token)}`;
}

function hintFor(token: string): string {
  if (/^-?\d/.test(token)) return `; a number stands in backticks: \`${token}\``;
  return token.startsWith("=") ? "; to compare, write ==" : "";
}

/** Where the tokens of the expression start, up to the first character that cannot start one. */
function tokenStarts(expression: string, { tokenize }: JmesPath): readonly number[] {
  for (let length = expression.length; length > 0; length -= 1) {
    const tokens = resultOrError(() => tokenize(expression.slice(0, length), parserOptions));
    if (tokens instanceof Error) continue;
    const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
    return length === expression.length ? starts : [...starts, length];
  }
  return expression.trim() === "" ? [] : [0];
}

/** What the parser lets pass and would only be noticed, or not even that, in the middle of a wait. */
function validate(node: unknown, library: JmesPath, variables: readonly string[] = []): void {
  if (Array.isArray(node)) for (const child of node) validate(child, library, variables);
  if (!isSyntaxTree(node) || node.type === "Literal") return;
  if (node.type === "Binding") throw new Error("= does not compare; write ==");
  if (node.type === "LetExpression") {
    let bound = variables;
    for (const { variable, reference } of node.bindings as readonly Binding[]) {
      validate(reference, library, variables);
      bound = [...bound, variable];
    }
    validate(node.expression, library, bound);
    return;
  }
  if (node.type === "Variable" && !variables.includes(node.name))
    throw new Error(`unknown variable: $${node.name}`);
  for (const child of Object.values(node)) validate(child, library, variables);
  if (node.type === "Function") validateCall(node, library);
}

type Binding = Extract<SyntaxTree, { type: "Binding" }>;

function isSyntaxTree(node: unknown): node is SyntaxTree {
  return typeof node === "object" && node !== null && "type" in node;
}

/** Whether the function exists and takes that many arguments shows when it is called, with whatever. */
function validateCall(call: SyntaxTree, { TreeInterpreter }: JmesPath): void {
  const result = resultOrError(() => TreeInterpreter.search(call, null));
  if (result instanceof Error && /^(unknown function|invalid arity)/i.test(result.message)) {
    throw new Error(result.message);
  }
}

/** What the work answers, or the Error that it threw. */
function resultOrError<Value>(work: () => Value): Value | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function truncate(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
