"use strict";
exports.id = 856;
exports.ids = [856];
exports.modules = {

/***/ 1856:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  compile: () => (/* reexport */ compile),
  compileOwnCondition: () => (/* binding */ compileOwnCondition)
});

// UNUSED EXPORTS: documentFields

;// CONCATENATED MODULE: ./build/core/condition-words.js
const runResults = ["succeeded", "partiallySucceeded", "failed", "canceled"];
const runStatuses = ["notStarted", "postponed", "inProgress", "canceling", "completed"];
const nodeResults = [
    "succeeded",
    "succeededWithIssues",
    "failed",
    "canceled",
    "skipped",
    "abandoned",
    "manual",
];
const nodeStatuses = ["pending", "inProgress", "completed"];
const runWords = new Map([
    ["result", runResults],
    ["status", runStatuses],
]);
const itemWords = new Map([
    ["result", [...new Set([...nodeResults, ...runResults])]],
    ["status", [...new Set([...nodeStatuses, ...runStatuses])]],
]);
function checkComparedWords(operands, { isRun, warn }) {
    for (const { name, isOwn } of operands.flatMap((operand) => fieldOf(operand) ?? [])) {
        const isOfRun = isRun && isOwn;
        const known = (isOfRun ? runWords : itemWords).get(name);
        if (known === undefined)
            continue;
        for (const word of operands.flatMap(textsIn)) {
            if (known.includes(word))
                continue;
            const text = `${name} is never '${word}'; it is ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
            if (isOfRun)
                throw new Error(text);
            warn(text);
        }
    }
}
function fieldOf(node) {
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
function isRaw(node) {
    if (node.type === "Subexpression" || node.type === "IndexExpression" || node.type === "Pipe")
        return isRaw(node.left);
    return node.type === "Field" && node.name === "raw";
}
function textsIn(node) {
    if (node.type === "Literal")
        return typeof node.value === "string" ? [node.value] : [];
    return node.type === "MultiSelectList" ? node.children.flatMap(textsIn) : [];
}

// EXTERNAL MODULE: ./node_modules/@jmespath-community/jmespath/dist/index.mjs
var dist = __webpack_require__(4022);
;// CONCATENATED MODULE: ./build/core/expression.js

async function compile(expression) {
    return (await parseExpression(expression)).evaluate;
}
async function parseExpression(expression) {
    const syntaxTree = parse(expression);
    const quotedNames = (0,dist/* tokenize */.qw)(expression, parserOptions).flatMap(({ type, value }) => type === "QuotedIdentifier" ? [String(value)] : []);
    return {
        syntaxTree,
        quotedNames: new Set(quotedNames),
        evaluate: (document) => evaluate(syntaxTree, document),
    };
}
function evaluate(syntaxTree, document) {
    const value = resultOrError(() => dist/* TreeInterpreter */.Z2.search(syntaxTree, document));
    if (value instanceof Error)
        throw value;
    return typeof value === "function" ? null : value;
}
const parserOptions = { enable_legacy_literals: true };
function parse(expression) {
    checkQuotes(expression);
    const syntaxTree = resultOrError(() => (0,dist/* compile */.wE)(expression, parserOptions));
    if (syntaxTree instanceof Error)
        throw new Error(syntaxErrorMessage(expression));
    validate(syntaxTree);
    return syntaxTree;
}
function checkQuotes(expression) {
    for (let start = 0; start < expression.length; start += 1) {
        const quote = expression[start] ?? "";
        if (!`'"\``.includes(quote))
            continue;
        let end = start + 1;
        while (end < expression.length && expression[end] !== quote)
            end += expression[end] === "\\" ? 2 : 1;
        if (end >= expression.length)
            throw new Error(`the ${quote} at column ${start + 1} is never closed`);
        start = end;
    }
}
function syntaxErrorMessage(expression) {
    const starts = tokenStarts(expression);
    const tokenEnds = [...starts.slice(1), expression.length];
    const failedToken = starts.findIndex((_, index) => {
        const result = resultOrError(() => (0,dist/* compile */.wE)(expression.slice(0, tokenEnds[index]), parserOptions));
        return result instanceof Error && !/\bEOF\b/.test(result.message);
    });
    const start = starts[failedToken];
    if (start === undefined)
        return "the expression ends too early";
    const token = expression.slice(start, tokenEnds[failedToken]).trim();
    return `unexpected ${truncate(token)} at column ${start + 1}${hintFor(token)}`;
}
function hintFor(token) {
    if (/^-?\d/.test(token))
        return `; write a number in backticks: \`${token}\``;
    return token.startsWith("=") ? "; to compare, write ==" : "";
}
function tokenStarts(expression) {
    for (let length = expression.length; length > 0; length -= 1) {
        const tokens = resultOrError(() => (0,dist/* tokenize */.qw)(expression.slice(0, length), parserOptions));
        if (tokens instanceof Error)
            continue;
        const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
        return length === expression.length ? starts : [...starts, length];
    }
    return expression.trim() === "" ? [] : [0];
}
function validate(node, variables = []) {
    if (Array.isArray(node))
        for (const child of node)
            validate(child, variables);
    if (!isSyntaxTree(node) || node.type === "Literal")
        return;
    if (node.type === "Binding")
        throw new Error("= does not compare; write ==");
    if (node.type === "LetExpression") {
        let bound = variables;
        for (const { variable, reference } of node.bindings) {
            validate(reference, variables);
            bound = [...bound, variable];
        }
        validate(node.expression, bound);
        return;
    }
    if (node.type === "Variable" && !variables.includes(node.name))
        throw new Error(`unknown variable: $${node.name}`);
    for (const child of Object.values(node))
        validate(child, variables);
    if (node.type === "Function")
        validateCall(node);
}
function isSyntaxTree(node) {
    return typeof node === "object" && node !== null && "type" in node;
}
function validateCall(call) {
    const result = resultOrError(() => dist/* TreeInterpreter */.Z2.search(call, null));
    if (result instanceof Error && /^(unknown function|invalid arity)/i.test(result.message)) {
        throw new Error(result.message);
    }
}
function resultOrError(work) {
    try {
        return work();
    }
    catch (error) {
        return error instanceof Error ? error : new Error(String(error));
    }
}
function truncate(text) {
    return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

;// CONCATENATED MODULE: ./build/core/own-condition.js



const documentFields = [
    ...["id", "name", "status", "result", "attempt", "url", "pipeline", "source"],
    ...["createdAt", "startedAt", "finishedAt", "queueSeconds", "runSeconds"],
    ...["stages", "waitingFor", "causes", "errors", "warnings", "raw"],
];
const fieldsUnknownInList = [
    ...["stages", "waitingFor", "causes", "errors", "warnings", "attempt", "raw.run"],
];
const itemFields = [
    ...["name", "displayName", "status", "result", "attempt", "startedAt", "finishedAt", "jobs", "worker"],
    ...["kind", "id", "stage", "job", "task", "message"],
];
const booleanFunctions = ["contains", "starts_with", "ends_with"];
async function compileOwnCondition(expression, { document = "run", warn }) {
    const parsed = await parseExpression(expression);
    checkYieldsBoolean(parsed.syntaxTree);
    createFieldCheck(parsed, { document, warn }).check(parsed.syntaxTree, []);
    return parsed.evaluate;
}
function checkYieldsBoolean(node) {
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
            if (booleanFunctions.includes(node.name))
                return;
            throw new Error(`must yield true or false; compare what ${node.name}() yields, as in ${exampleOf(node)}`);
        case "Literal":
            if (typeof node.value === "boolean")
                return;
            throw new Error(`must yield true or false; ${JSON.stringify(node.value)} is neither`);
        default:
            throw new Error(yieldsList(node)
                ? "must yield true or false; a list is neither, so count it, as in length(LIST) > `0`"
                : `must yield true or false; compare the value, as in ${exampleOf(node)}`);
    }
}
function exampleOf(node) {
    if (node.type === "Function" && node.name === "length")
        return "length(LIST) > `0`";
    if (node.type === "Field" && ["errors", "warnings"].includes(node.name))
        return `${node.name} == \`0\``;
    if (node.type === "Field" && node.name === "result")
        return "result == 'succeeded'";
    return "VALUE == 'text' or VALUE > `0`";
}
function yieldsList({ type }) {
    return ["Projection", "FilterProjection", "ValueProjection", "Flatten", "MultiSelectList"].includes(type);
}
function createFieldCheck({ quotedNames }, { document, warn }) {
    const isUnavailable = (name) => document === "list" && fieldsUnknownInList.includes(name);
    const availableFields = documentFields.filter((name) => !isUnavailable(name));
    const textOperands = new Set();
    function checkField(node, path) {
        const { name } = node;
        const isQuoted = quotedNames.has(name);
        if (path === undefined) {
            if (isQuoted && textOperands.has(node) && !itemFields.includes(name))
                warn(`"${name}" in double quotes is the name of a field; write text in single quotes: '${name}'`);
            return undefined;
        }
        const fullPath = [...path, name];
        if (isUnavailable(fullPath.join(".")))
            throw new Error(`${fullPath.join(".")} is not known while a run is searched for; the condition can use ${availableFields.join(", ")}`);
        if (path.length > 0 || documentFields.includes(name))
            return fullPath;
        if (isQuoted)
            throw new Error(`"${name}" in double quotes is the name of a field, and the run document has no such field; write text in single quotes: '${name}'`);
        if (name === "null")
            return undefined;
        const hint = ["true", "false"].includes(name)
            ? `; write ${name} in backticks: \`${name}\``
            : textOperands.has(node)
                ? `; write text in single quotes: '${name}'`
                : "";
        throw new Error(`the run document has no field ${name}; it has ${availableFields.join(", ")}${hint}`);
    }
    function checkWords(operands, path) {
        if (path === undefined || path.length === 0)
            checkComparedWords(operands, { isRun: path !== undefined, warn });
    }
    function check(node, path) {
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
        for (const child of childrenOf(node))
            check(child, path);
        return undefined;
    }
    return { check };
}
function childrenOf(node) {
    return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).flatMap((child) => isNode(child) ? [child.type === "KeyValuePair" ? child.value : child] : []));
}
function isNode(value) {
    return typeof value === "object" && value !== null && "type" in value;
}
function addTextOperands(operands, found) {
    if (operands.some(({ type }) => type === "Literal"))
        return;
    for (const operand of operands) {
        if (operand.type === "Field")
            found.add(operand);
        if (operand.type === "MultiSelectList")
            for (const item of operand.children)
                if (item.type === "Field")
                    found.add(item);
    }
}
function checkComparedTypes({ left, right }) {
    for (const [a, b] of [
        [left, right],
        [right, left],
    ]) {
        if (!yieldsList(a) || b.type !== "Literal" || typeof b.value === "object")
            continue;
        const value = typeof b.value === "string" ? `'${b.value}'` : `\`${b.value}\``;
        const advice = typeof b.value === "number"
            ? `count it, as in length(LIST) > ${value}`
            : `take an entry: LIST | [0] == ${value}`;
        throw new Error(`compares a list with ${value}, which are never equal; ${advice}`);
    }
}


/***/ })

};
;