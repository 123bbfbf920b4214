export type Library = typeof import("@jmespath-community/jmespath");
export type Syntax = ReturnType<Library["compile"]>;

// `az --query` takes `text` in backticks for a string, and so do its users.
const options = { enable_legacy_literals: true };

/** The syntax tree of an expression that can be evaluated, or an Error with a sentence that says where it cannot. */
export function parse(expression: string, library: Library): Syntax {
  checkQuotes(expression);
  const syntax = tried(() => library.compile(expression, options));
  if (syntax instanceof Error) throw new Error(parseProblem(expression, library));
  check(syntax, library);
  return syntax;
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
function parseProblem(expression: string, library: Library): string {
  const starts = tokenStarts(expression, library);
  const next = [...starts.slice(1), expression.length];
  const found = starts.findIndex((_, index) => {
    const beginning = tried(() => library.compile(expression.slice(0, next[index]), options));
    return beginning instanceof Error && !/\bEOF\b/.test(beginning.message);
  });
  const start = starts[found];
  if (start === undefined) return "the expression ends too early";
  const token = expression.slice(start, next[found]).trim();
  return `unexpected ${shortened(token)} at column ${start + 1}${hintFor(token)}`;
}

function hintFor(token: string): string {
  if (/^-?\d/.test(token)) return `; a number stands in backticks: \`${token}\``;
  return token.startsWith("=") ? "; to compare, write ==" : "";
}

/** Where the tokens of the expression start, up to the first character that cannot start one. */
function tokenStarts(expression: string, { tokenize }: Library): readonly number[] {
  for (let length = expression.length; length > 0; length -= 1) {
    const tokens = tried(() => tokenize(expression.slice(0, length), options));
    if (tokens instanceof Error) continue;
    const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
    return length === expression.length ? starts : [...starts, length];
  }
  return expression.trim() === "" ? [] : [0];
}

/** What the parser lets pass and would only be noticed, or not even that, in the middle of a wait. */
function check(part: unknown, library: Library, variables: readonly string[] = []): void {
  if (Array.isArray(part)) for (const child of part) check(child, library, variables);
  if (!isSyntax(part) || part.type === "Literal") return;
  if (part.type === "Binding") throw new Error("= does not compare; write ==");
  if (part.type === "LetExpression") {
    let bound = variables;
    for (const { variable, reference } of part.bindings as readonly Binding[]) {
      check(reference, library, variables);
      bound = [...bound, variable];
    }
    check(part.expression, library, bound);
    return;
  }
  if (part.type === "Variable" && !variables.includes(part.name))
    throw new Error(`unknown variable: $${part.name}`);
  for (const child of Object.values(part)) check(child, library, variables);
  if (part.type === "Function") checkCall(part, library);
}

type Binding = Extract<Syntax, { type: "Binding" }>;

function isSyntax(part: unknown): part is Syntax {
  return typeof part === "object" && part !== null && "type" in part;
}

/** Whether the function exists and takes that many arguments shows when it is called, with whatever. */
function checkCall(call: Syntax, { TreeInterpreter }: Library): void {
  const answer = tried(() => TreeInterpreter.search(call, null));
  if (answer instanceof Error && /^(unknown function|invalid arity)/i.test(answer.message)) {
    throw new Error(answer.message);
  }
}

/** What the work answers, or the Error that it threw. */
export function tried<Value>(work: () => Value): Value | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
