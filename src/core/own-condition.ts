import { checkComparedWords } from "./condition-words.ts";
import { type Expression, type ParsedExpression, parseExpression, type SyntaxTree } from "./expression.ts";

// One chunk of the bundle with all code for expressions, which the defaults do not need.
export { compile } from "./expression.ts";

/** Fields of the run document. */
export const documentFields: readonly string[] = [
  ...["id", "name", "status", "result", "attempt", "url", "pipeline", "source"],
  ...["createdAt", "startedAt", "finishedAt", "queueSeconds", "runSeconds"],
  ...["stages", "waitingFor", "causes", "errors", "warnings", "raw"],
];

/** Fields that the list of builds does not show. */
const fieldsUnknownInList: readonly string[] = [
  ...["stages", "waitingFor", "causes", "errors", "warnings", "attempt", "raw.run"],
];

/** Fields of what the lists of the run document hold. */
const itemFields: readonly string[] = [
  ...["name", "displayName", "status", "result", "attempt", "startedAt", "finishedAt", "jobs", "worker"],
  ...["kind", "id", "stage", "job", "task", "message"],
];

const booleanFunctions: readonly string[] = ["contains", "starts_with", "ends_with"];

export interface ConditionOptions {
  /** `list`: the document as the list of builds shows it. */
  readonly document?: "run" | "list";
  readonly warn: (text: string) => void;
}

/** Compiles a condition that is not a default. Throws an Error with a readable message if it is rejected. */
export async function compileOwnCondition(
  expression: string,
  { document = "run", warn }: ConditionOptions,
): Promise<Expression> {
  const parsed = await parseExpression(expression);
  checkYieldsBoolean(parsed.syntaxTree);
  createFieldCheck(parsed, { document, warn }).check(parsed.syntaxTree, []);
  return parsed.evaluate;
}

/** Throws unless the outermost operator yields true or false. */
function checkYieldsBoolean(node: SyntaxTree): void {
  switch (node.type) {
    case "Comparator":
    case "NotExpression":
      return;
    case "AndExpression":
    case "OrExpression":
      checkYieldsBoolean(node.left);
      checkYieldsBoolean(node.right);
      return;
    case "Pipe":
      checkYieldsBoolean(node.right);
      return;
    case "LetExpression":
      checkYieldsBoolean(node.expression);
      return;
    case "Ternary":
      checkYieldsBoolean(node.trueExpr);
      checkYieldsBoolean(node.falseExpr);
      return;
    case "Function":
      if (booleanFunctions.includes(node.name)) return;
      throw new Error(
        `must yield true or false; compare what ${node.name}() yields, as in ${exampleOf(node)}`,
      );
    case "Literal":
      if (typeof node.value === "boolean") return;
      throw new Error(`must yield true or false; ${JSON.stringify(node.value)} is neither`);
    default:
      throw new Error(
        yieldsList(node)
          ? "must yield true or false; a list is neither, so count it, as in length(LIST) > `0`"
          : `must yield true or false; compare the value, as in ${exampleOf(node)}`,
      );
  }
}

function exampleOf(node: SyntaxTree): string {
  if (node.type === "Function" && node.name === "length") return "length(LIST) > `0`";
  if (node.type === "Field" && ["errors", "warnings"].includes(node.name)) return `${node.name} == \`0\``;
  if (node.type === "Field" && node.name === "result") return "result == 'succeeded'";
  return "VALUE == 'text' or VALUE > `0`";
}

function yieldsList({ type }: SyntaxTree): boolean {
  return ["Projection", "FilterProjection", "ValueProjection", "Flatten", "MultiSelectList"].includes(type);
}

/** The path in the document that a part of an expression refers to; `undefined` if it is not known. */
type Path = readonly string[] | undefined;

/** Checks the names of fields. `check` returns the path that the node yields. */
function createFieldCheck(
  { quotedNames }: Pick<ParsedExpression, "quotedNames">,
  { document, warn }: Required<ConditionOptions>,
) {
  const isUnavailable = (name: string) => document === "list" && fieldsUnknownInList.includes(name);
  const availableFields = documentFields.filter((name) => !isUnavailable(name));
  /** Fields in places where a string literal is expected. */
  const textOperands = new Set<SyntaxTree>();

  function checkField(node: SyntaxTree & { readonly type: "Field" }, path: Path): Path {
    const { name } = node;
    const isQuoted = quotedNames.has(name);
    if (path === undefined) {
      if (isQuoted && textOperands.has(node) && !itemFields.includes(name))
        warn(`"${name}" in double quotes is the name of a field; write text in single quotes: '${name}'`);
      return undefined;
    }
    const fullPath = [...path, name];
    if (isUnavailable(fullPath.join(".")))
      throw new Error(
        `${fullPath.join(".")} is not known while a run is searched for; the condition can use ${availableFields.join(", ")}`,
      );
    if (path.length > 0 || documentFields.includes(name)) return fullPath;
    if (isQuoted)
      throw new Error(
        `"${name}" in double quotes is the name of a field, and the run document has no such field; write text in single quotes: '${name}'`,
      );
    // Not a field either, hence null, as intended.
    if (name === "null") return undefined;
    const hint = ["true", "false"].includes(name)
      ? `; write ${name} in backticks: \`${name}\``
      : textOperands.has(node)
        ? `; write text in single quotes: '${name}'`
        : "";
    throw new Error(`the run document has no field ${name}; it has ${availableFields.join(", ")}${hint}`);
  }

  function checkWords(operands: readonly SyntaxTree[], path: Path): void {
    if (path === undefined || path.length === 0)
      checkComparedWords(operands, { isRun: path !== undefined, warn });
  }

  function check(node: SyntaxTree, path: Path): Path {
    switch (node.type) {
      case "Field":
        return checkField(node, path);
      case "Identity":
      case "Current":
        return path;
      case "Root":
        return [];
      case "Subexpression":
      case "IndexExpression":
      case "Pipe":
        return check(node.right, check(node.left, path));
      case "Projection":
      case "ValueProjection":
        check(node.left, path);
        check(node.right, undefined);
        return undefined;
      case "FilterProjection":
        check(node.left, path);
        check(node.condition, undefined);
        check(node.right, undefined);
        return undefined;
      case "ExpressionReference":
        check(node.child, undefined);
        return undefined;
      case "Comparator":
        checkComparedTypes(node);
        addTextOperands([node.left, node.right], textOperands);
        checkWords([node.left, node.right], path);
        break;
      case "Function":
        addTextOperands(node.children, textOperands);
        if (node.name === "contains" && node.children[0]?.type === "MultiSelectList")
          checkWords(node.children, path);
        break;
      case "Literal":
        return undefined;
    }
    for (const child of childrenOf(node)) check(child, path);
    return undefined;
  }
  return { check };
}

function childrenOf(node: SyntaxTree): readonly SyntaxTree[] {
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((child) =>
      isNode(child) ? [child.type === "KeyValuePair" ? child.value : child] : [],
    ),
  );
}

type KeyValuePair = { readonly type: "KeyValuePair"; readonly value: SyntaxTree };

function isNode(value: unknown): value is SyntaxTree | KeyValuePair {
  return typeof value === "object" && value !== null && "type" in value;
}

/** In a comparison or call without a string literal, a field may have been meant as one. */
function addTextOperands(operands: readonly SyntaxTree[], found: Set<SyntaxTree>): void {
  if (operands.some(({ type }) => type === "Literal")) return;
  for (const operand of operands) {
    if (operand.type === "Field") found.add(operand);
    if (operand.type === "MultiSelectList")
      for (const item of operand.children) if (item.type === "Field") found.add(item);
  }
}

/** A list never equals a single value: `!=` would be true of every run, and the other operators of none. */
function checkComparedTypes({ left, right }: SyntaxTree & { readonly type: "Comparator" }): void {
  for (const [a, b] of [
    [left, right],
    [right, left],
  ] as const) {
    if (!yieldsList(a) || b.type !== "Literal" || typeof b.value === "object") continue;
    const value = typeof b.value === "string" ? `'${b.value}'` : `\`${b.value}\``;
    const advice =
      typeof b.value === "number"
        ? `count it, as in length(LIST) > ${value}`
        : `take an entry: LIST | [0] == ${value}`;
    throw new Error(`compares a list with ${value}, which are never equal; ${advice}`);
  }
}
