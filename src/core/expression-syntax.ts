export type JmesPath = typeof import("@jmespath-community/jmespath");
export type SyntaxTree = ReturnType<JmesPath["compile"]>;

// `az --query` takes `text` in backticks for a string, and so do its users.
const parserOptions = { enable_legacy_literals: true };

/** The syntax tree of an expression that can be evaluated, or an Error with a sentence that says where it cannot. */
export function parseExpression(expression: string, library: JmesPath): SyntaxTree {
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
export function resultOrError<Value>(work: () => Value): Value | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function truncate(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
