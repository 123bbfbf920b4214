import { compile as compileTree, TreeInterpreter, tokenize } from "@jmespath-community/jmespath";

/** A compiled JMESPath expression. Throws an Error with a readable message if the document does not suit it. */
export type Expression = (document: unknown) => unknown;

/** An expression, with the data that its checks need. */
export interface ParsedExpression {
  readonly syntaxTree: SyntaxTree;
  /** Names that are written in double quotes. */
  readonly quotedNames: ReadonlySet<string>;
  readonly evaluate: Expression;
}

/** Compiles an expression in the language of `az --query`. The Error of one that is invalid names the column. */
export async function compile(expression: string): Promise<Expression> {
  return (await parseExpression(expression)).evaluate;
}

export async function parseExpression(expression: string): Promise<ParsedExpression> {
  const syntaxTree = parse(expression);
  const quotedNames = tokenize(expression, parserOptions).flatMap(({ type, value }) =>
    type === "QuotedIdentifier" ? [String(value)] : [],
  );
  return {
    syntaxTree,
    quotedNames: new Set(quotedNames),
    evaluate: (document) => evaluate(syntaxTree, document),
  };
}

function evaluate(syntaxTree: SyntaxTree, document: unknown): unknown {
  const value = resultOrError<unknown>(() => TreeInterpreter.search(syntaxTree, document as SearchedValue));
  if (value instanceof Error) throw value;
  // Names such as `constructor` would read inherited properties.
  return typeof value === "function" ? null : value;
}

type SearchedValue = Parameters<(typeof TreeInterpreter)["search"]>[1];

export type SyntaxTree = ReturnType<typeof compileTree>;

// `az --query` accepts an unquoted string in backticks, so its users write it that way.
const parserOptions = { enable_legacy_literals: true };

/** Throws an Error that says where an expression is invalid. */
function parse(expression: string): SyntaxTree {
  checkQuotes(expression);
  const syntaxTree = resultOrError(() => compileTree(expression, parserOptions));
  if (syntaxTree instanceof Error) throw new Error(syntaxErrorMessage(expression));
  validate(syntaxTree);
  return syntaxTree;
}

/** The library accepts an unterminated string, and drops its last character. */
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

/** The library does not say where the mistake is: it is at the end of the shortest prefix that fails for a reason other than being cut off. */
function syntaxErrorMessage(expression: string): string {
  const starts = tokenStarts(expression);
  const tokenEnds = [...starts.slice(1), expression.length];
  const failedToken = starts.findIndex((_, index) => {
    const result = resultOrError(() => compileTree(expression.slice(0, tokenEnds[index]), parserOptions));
    return result instanceof Error && !/\bEOF\b/.test(result.message);
  });
  const start = starts[failedToken];
  if (start === undefined) return "the expression ends too early";
  const token = expression.slice(start, tokenEnds[failedToken]).trim();
  return `unexpected ${truncate(token)} at column ${start + 1}${hintFor(token)}`;
}

function hintFor(token: string): string {
  if (/^-?\d/.test(token)) return `; write a number in backticks: \`${token}\``;
  return token.startsWith("=") ? "; to compare, write ==" : "";
}

/** The offsets at which tokens start, up to the first character that cannot start a token. */
function tokenStarts(expression: string): readonly number[] {
  for (let length = expression.length; length > 0; length -= 1) {
    const tokens = resultOrError(() => tokenize(expression.slice(0, length), parserOptions));
    if (tokens instanceof Error) continue;
    const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
    return length === expression.length ? starts : [...starts, length];
  }
  return expression.trim() === "" ? [] : [0];
}

/** Rejects mistakes that the parser accepts, and that would show up only during the wait, or never. */
function validate(node: unknown, variables: readonly string[] = []): void {
  if (Array.isArray(node)) for (const child of node) validate(child, variables);
  if (!isSyntaxTree(node) || node.type === "Literal") return;
  if (node.type === "Binding") throw new Error("= does not compare; write ==");
  if (node.type === "LetExpression") {
    let bound = variables;
    for (const { variable, reference } of node.bindings as readonly Binding[]) {
      validate(reference, variables);
      bound = [...bound, variable];
    }
    validate(node.expression, bound);
    return;
  }
  if (node.type === "Variable" && !variables.includes(node.name))
    throw new Error(`unknown variable: $${node.name}`);
  for (const child of Object.values(node)) validate(child, variables);
  if (node.type === "Function") validateCall(node);
}

type Binding = Extract<SyntaxTree, { type: "Binding" }>;

function isSyntaxTree(node: unknown): node is SyntaxTree {
  return typeof node === "object" && node !== null && "type" in node;
}

/** Calls a function with dummy arguments, to see whether it exists and takes that many. */
function validateCall(call: SyntaxTree): void {
  const result = resultOrError(() => TreeInterpreter.search(call, null));
  if (result instanceof Error && /^(unknown function|invalid arity)/i.test(result.message)) {
    throw new Error(result.message);
  }
}

/** The result of a function, or the Error that it threw. */
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
