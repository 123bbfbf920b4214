import { type Library, parse, type Syntax, tried } from "./expression-syntax.ts";

/** A JMESPath expression made ready. Throws an Error with a sentence where the document does not suit it. */
export type Expression = (document: unknown) => unknown;

/**
 * Makes an expression ready: the language of `az --query`. Rejects with a sentence that names the column.
 * The defaults of `stop-when` and `success-when` do without the library, which takes a while to load.
 */
export async function compile(expression: string): Promise<Expression> {
  const plain = plainForms.find(([form]) => form.test(expression));
  if (plain !== undefined) return plain[1];
  const library = await import("@jmespath-community/jmespath");
  const syntax = parse(expression, library);
  return (document) => evaluate(syntax, document, library);
}

const plainForms: readonly (readonly [RegExp, Expression])[] = [
  [/^\s*status\s*==\s*'completed'\s*$/, (document) => field(document, "status") === "completed"],
  [
    /^\s*result\s*==\s*'succeeded'\s*\|\|\s*status\s*!=\s*'completed'\s*$/,
    (document) => field(document, "result") === "succeeded" || field(document, "status") !== "completed",
  ],
];

/** Whether an expression is one of the defaults, which ask for nothing that only the timeline knows. */
export function isDefault(expression: Expression): boolean {
  return plainForms.some(([, plain]) => plain === expression);
}

function field(document: unknown, name: string): unknown {
  return (document as Readonly<Record<string, unknown>> | null)?.[name];
}

/** True by JMESPath's rules: everything but `false`, `null` and blank strings, lists and objects. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Whether a condition holds. One that cannot be evaluated does not, and says why: it must not end a wait. */
export function judge(
  condition: Expression,
  document: unknown,
): { holds: boolean; problem: string | undefined } {
  const value = tried(() => condition(document));
  if (value instanceof Error) return { holds: false, problem: value.message };
  return { holds: isTrue(value), problem: undefined };
}

function evaluate(syntax: Syntax, document: unknown, { TreeInterpreter }: Library): unknown {
  const value = tried<unknown>(() => TreeInterpreter.search(syntax, document as never));
  if (value instanceof Error) throw value;
  // Names such as `constructor` reach what every object inherits.
  return typeof value === "function" ? null : value;
}
