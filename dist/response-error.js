"use strict";
exports.id = 431;
exports.ids = [431];
exports.modules = {

/***/ 9427:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ft: () => (/* binding */ apiErrorFrom),
/* harmony export */   WE: () => (/* binding */ isSignInUrl),
/* harmony export */   ef: () => (/* binding */ signInPageError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9984);
/* harmony import */ var _api_request_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7247);
/* harmony import */ var _error_body_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(170);
/* harmony import */ var _hints_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3151);




const codesByTypeKey = [
    [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
    [/AccessDenied|Permission|Forbidden/, "forbidden"],
    [/NotFound|DoesNotExist/, "not-found"],
    [
        /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
        "rejected",
    ],
];
const definitiveTypeKeys = /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;
function apiErrorFrom(request, response, { givenInputs, credentialHint }) {
    const errorBody = (0,_error_body_js__WEBPACK_IMPORTED_MODULE_2__/* .parseErrorBody */ .kW)(response);
    const code = isOffline(response, errorBody) ? offlineCode(request) : errorCodeFor(response, errorBody);
    if (code === undefined)
        return undefined;
    return new _api_request_js__WEBPACK_IMPORTED_MODULE_1__/* .ApiError */ .hD(code, `${request.operation} was refused${quotedMessage(response, errorBody)}`, {
        typeKey: errorBody.typeKey,
        hint: (0,_hints_js__WEBPACK_IMPORTED_MODULE_3__/* .hintFor */ .JR)(code, { request, response, errorBody, givenInputs, credentialHint }),
    });
}
function signInPageError(request, response, { givenInputs, credentialHint, baseUrl }) {
    const { status, headers } = response;
    const target = headers["location"] === undefined ? null : URL.parse(headers["location"], baseUrl);
    const { host } = new URL(baseUrl);
    const isElsewhere = target !== null && target.host !== host;
    const page = isElsewhere ? `a redirect to ${target.host}` : "a sign-in page";
    const errorBody = (0,_error_body_js__WEBPACK_IMPORTED_MODULE_2__/* .parseErrorBody */ .kW)({ ...response, body: "" });
    const input = ["organization", "url"].find((name) => givenInputs.has(name));
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("unauthorized", `${request.operation} was answered with ${page} (${status}).`, {
        hint: isElsewhere && !isSignInUrl(target)
            ? `Check ${input === undefined ? "the organization's URL" : `\`${input}\``}, and whether a proxy or gateway responds instead of ${host}: Azure DevOps redirects only to sign-in pages.`
            : (0,_hints_js__WEBPACK_IMPORTED_MODULE_3__/* .hintFor */ .JR)("unauthorized", { request, response, errorBody, givenInputs, credentialHint }),
    });
}
function isSignInUrl({ protocol, host, pathname }) {
    if (/\/_signin\b/i.test(pathname))
        return true;
    return protocol === "https:" && (host === "login.microsoftonline.com" || host === "login.live.com");
}
function isOffline({ headers }, { message }) {
    return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}
function offlineCode({ toleratesOutage }) {
    return toleratesOutage ? undefined : "unreachable";
}
function errorCodeFor({ status }, errorBody) {
    if ((0,_error_body_js__WEBPACK_IMPORTED_MODULE_2__/* .isThrottled */ .B5)({ status }, errorBody))
        return undefined;
    const { typeKey, message } = errorBody;
    if ((0,_error_body_js__WEBPACK_IMPORTED_MODULE_2__/* .isFromGateway */ .Bi)({ status }, errorBody))
        return undefined;
    if (status === 403 && !(typeKey === "" && /VS403463/.test(message)))
        return "forbidden";
    if (status === 401 || /VS403463/.test(message))
        return "unauthorized";
    const mappedCode = codesByTypeKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? codeByErrorNumber(message);
    if (status >= 500)
        return definitiveTypeKeys.test(typeKey) ? mappedCode : undefined;
    if ((0,_error_body_js__WEBPACK_IMPORTED_MODULE_2__/* .isTransientStatus */ .Dm)(status))
        return undefined;
    if (mappedCode !== undefined)
        return mappedCode;
    return status === 404 ? "not-found" : "rejected";
}
function codeByErrorNumber(message) {
    return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}
function quotedMessage({ status, headers }, { message }) {
    const activityId = headers["activityid"] ?? headers["x-vss-e2eid"];
    const activityText = activityId === undefined ? "" : ` (activity ${activityId})`;
    return message === "" ? ` with status ${status}.${activityText}` : `: ${message.trim()}${activityText}`;
}


/***/ }),

/***/ 170:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B5: () => (/* binding */ isThrottled),
/* harmony export */   Bi: () => (/* binding */ isFromGateway),
/* harmony export */   Dm: () => (/* binding */ isTransientStatus),
/* harmony export */   kW: () => (/* binding */ parseErrorBody)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9897);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7240);


const maxMessageLength = 3_000;
const maxPageLength = 64 * 1024;
function parseErrorBody({ headers, body }) {
    const json = withoutList((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJson */ .qF)(body)));
    const message = messageOf(json) ?? (plainTextMessage(body, headers) || headerMessage(headers));
    return {
        typeKey: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asString */ .oJ)(json["typeKey"]) ?? "",
        message: (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)([message, ...validationMessages(json)].join("\n"), maxMessageLength),
        isFromService: hasServiceHeader(headers) || isEnvelope(json) || hasOwnWords(body),
    };
}
function withoutList(json) {
    const { count, value } = json;
    const inner = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(value);
    return typeof count === "number" && messageOf(inner) !== null ? inner : json;
}
function messageOf(json) {
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asString */ .oJ)(json["message"]) ?? (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asString */ .oJ)(json["Message"]);
}
function hasServiceHeader(headers) {
    return Object.keys(headers).some((name) => /^(activityid$|x-tfs-|x-vss-)/.test(name));
}
const envelopeFields = new Set([
    "$id",
    "customProperties",
    "errorCode",
    "eventId",
    "helpLink",
    "innerException",
    "message",
    "Message",
    "MessageDetail",
    "stackTrace",
    "typeKey",
    "typeName",
]);
const reasonPhrase = /^(?:bad request|unauthorized|forbidden|access denied|not found|method not allowed|not acceptable|gone|(?:payload|request entity) too large|misdirected request|request header fields too large|missing authentication token|no route matched with those values)[.!]?$/i;
function isEnvelope(json) {
    if ((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asString */ .oJ)(json["typeKey"]) !== null)
        return true;
    const message = messageOf(json);
    const hasReason = message !== null && !reasonPhrase.test(message.trim());
    return hasReason && Object.keys(json).every((name) => envelopeFields.has(name));
}
function hasOwnWords(body) {
    return /\b(?:TF|VS)\d{5,}: |does not implement IController|\bThe resource cannot be found\b|^[^<]{0,200}\bREST API version\b|Azure DevOps (?:Services|Server) \|/.test(body.slice(0, maxPageLength));
}
function validationMessages(json) {
    const results = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(json, "customProperties")["ValidationResults"];
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asArray */ ._j)(Array.isArray(results) ? results : (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(results)["$values"]).flatMap((entry) => (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(entry)["message"]) ?? []);
}
function plainTextMessage(body, headers) {
    const isText = /^text\/plain/i.test(headers["content-type"] ?? "");
    if (isText)
        return body.replace(/^\uFEFF/, "").slice(0, 1_000);
    const page = body.slice(0, maxPageLength);
    return (/\b(?:TF|VS)\d{5,}: [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
        /\bThe controller for path [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
        "");
}
function headerMessage(headers) {
    const encoded = headers["x-tfs-serviceerror"] ?? "";
    try {
        return decodeURIComponent(encoded.replaceAll("+", " "));
    }
    catch {
        return encoded;
    }
}
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);
function isTransientStatus(status) {
    return transientStatuses.has(status) || status > 504;
}
function isThrottled({ status }, { typeKey, message }) {
    if (status === 429 || typeKey === "RequestBlockedException")
        return true;
    return ((status < 500 && /\bTF400733\b/.test(message)) || /Request was blocked due to exceeding/.test(message));
}
function isFromGateway({ status }, errorBody) {
    const isRefusal = status < 500 && status !== 401 && !isTransientStatus(status);
    return isRefusal && !isThrottled({ status }, errorBody) && !errorBody.isFromService;
}


/***/ }),

/***/ 3151:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  py: () => (/* binding */ goneArtifactHint),
  JR: () => (/* binding */ hintFor),
  wZ: () => (/* binding */ tenantHint)
});

// EXTERNAL MODULE: ./build/lib/json.js
var json = __webpack_require__(9897);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
;// CONCATENATED MODULE: ./build/azure-devops/hint-rule.js

function given(names, { givenInputs }) {
    const found = names.filter((name) => givenInputs.has(name)).map((name) => `\`${name}\``);
    return found.length === 0 ? undefined : (0,lib_text/* listed */.KE)(found, found.length);
}

;// CONCATENATED MODULE: ./build/azure-devops/rejection-hints.js



const rejectionRules = [
    resourceHint,
    stageHint,
    refHint,
    commitHint,
    repositoryHint,
    positionHint,
    parameterHint,
    variableHint,
    disabledPipelineHint,
    unreadableBodyHint,
    () => "Correct the problem that the service reported.",
];
const resourceNouns = "service connection|service endpoint|endpoint|environment|variable group|secure file|agent pool|pool|queue|repository";
function resourceHint({ errorBody }) {
    const message = (0,lib_text/* oneLine */.TN)(errorBody.message).slice(0, 1_000);
    if (!/could not (be )?f(ou|i)nd|does not exist|has been disabled|not (been )?authorized/i.test(message))
        return undefined;
    const [, noun] = new RegExp(`\\b(${resourceNouns})\\b`, "i").exec(message) ?? [];
    if (noun === undefined || /Verify the reference exists/.test(message))
        return undefined;
    const name = new RegExp(`\\b${noun} (?:with (?:name|id) )?['"]?([^'",]{1,100}?)['"]?(?: (?:which|that|could|does|has|is|was)\\b|[,'"]|[.:](?: |$)|$)`, "i").exec(message)?.[1];
    const object = [noun.toLowerCase(), name].filter(Boolean).join(" ");
    return `Check the ${object}: it must exist, be enabled, and be authorized for this pipeline (Permit, on the run's page).`;
}
function stageHint(context) {
    const [, stage] = /'([^'\r\n]{1,200})' is not a valid stage to skip/i.exec(context.errorBody.message) ?? [];
    if (stage === undefined)
        return undefined;
    const input = given(["stages-to-skip"], context) ?? given(["request-body"], context);
    return input === undefined
        ? "Correct the stage's name."
        : `Set ${input} to the stage's identifier, which is the name after \`- stage:\` in the pipeline's YAML, not its display name.`;
}
function unresolvedRef(message) {
    const [, kind, name] = /<(Branch|Tag): ([^>\r\n]{1,300})>/.exec(message) ?? [];
    const versionRef = name && `refs/${kind === "Tag" ? "tags" : "heads"}/${name}`;
    const ref = versionRef ??
        /Unable to resolve the reference '([^'\r\n]{1,300})'/.exec(message)?.[1] ??
        /\busing ref (\S{1,300}?)[.,;]?(?:\s|$)/.exec(message)?.[1] ??
        /\bNo commit found for SHA: (refs\/[^\s"]{1,300})/.exec(message)?.[1];
    const commit = /\b(?:SHA:?|commit:?|version) ['"]?([0-9a-f]{7,64})\b/i.exec(message)?.[1];
    const repository = /(?:source version for|in the) repository (\S{1,200}?)\.?(?:\s|$)/.exec(message)?.[1];
    const isUnresolved = ref !== undefined ||
        /\bTF401175\b|Unable to resolve the reference|latest source version|No commit found/.test(message);
    return isUnresolved ? { ref, commit, repository } : undefined;
}
function selfRepository({ body }) {
    const { refName, version } = (0,json/* asObject */.eB)(body, "resources", "repositories", "self");
    return { ref: refName, commit: version };
}
function refHint(context) {
    const unresolved = unresolvedRef(context.errorBody.message);
    const { ref } = selfRepository(context.request);
    if (unresolved?.ref === undefined || typeof ref !== "string")
        return undefined;
    if (fullRefName(unresolved.ref) !== fullRefName(ref))
        return undefined;
    const { repository } = unresolved;
    const place = repository === undefined ? "the repository that the pipeline builds" : repository;
    if (context.givenInputs.has("ref"))
        return refInputHint(ref, place);
    const input = given(["resources", "request-body"], context);
    return input === undefined
        ? `Check that ${ref} exists in ${place}.`
        : `Check ${input}: ${ref} must exist in ${place}.`;
}
function fullRefName(ref) {
    return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}
function refInputHint(ref, place) {
    const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (name === undefined)
        return `Check \`ref\`: ${ref} must exist in ${place}.`;
    const taken = `\`ref\` was read as the branch ${ref}, which must exist in ${place}`;
    const pullRequest = /^(?:pull\/)?(\d+)\/(?:merge|head)$/.exec(name)?.[1];
    if (pullRequest !== undefined)
        return `Write refs/pull/${pullRequest}/merge for a pull request: ${taken}.`;
    if (/^[0-9a-f]{7,64}$/i.test(name))
        return `Use \`commit\` for a commit's hash: ${taken}.`;
    const prefix = /^(?:refs\/)?(heads|tags|pull)\/./.exec(name)?.[0];
    if (prefix !== undefined)
        return `Write ${fullPrefix(name)} with its complete prefix: ${taken}.`;
    if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(name))
        return `Put the ref in quotes, since an unquoted 1.10 arrives as 1.1, or write refs/tags/${name} for a tag: ${taken}.`;
    const remote = /^(?:remotes\/)?(?:origin|upstream)\/(.+)$/.exec(name)?.[1];
    if (remote !== undefined)
        return `Write the branch without the remote's name, ${remote}: ${taken}.`;
    if (/^v?\d+\.\d/i.test(name))
        return `Write refs/tags/${name} for a tag: ${taken}.`;
    return `Check \`ref\`: it was read as the branch ${ref}, which must exist in ${place} (correct the YAML if that is a template's repository); write refs/tags/${name} for a tag, refs/pull/N/merge for a pull request.`;
}
function fullPrefix(name) {
    return name.startsWith("refs/") ? name : `refs/${name}`;
}
function commitHint(context) {
    const unresolved = unresolvedRef(context.errorBody.message);
    const { commit } = selfRepository(context.request);
    if (unresolved?.commit === undefined || unresolved.commit !== commit)
        return undefined;
    const input = given(["commit"], context) ?? given(["resources", "request-body"], context);
    return input === undefined
        ? `Check that ${commit} exists in the repository that the pipeline builds.`
        : `Check ${input}: ${commit} must be a commit of the repository and branch that the pipeline builds.`;
}
function repositoryHint({ errorBody }) {
    const unresolved = unresolvedRef(errorBody.message);
    if (unresolved === undefined)
        return undefined;
    const ref = unresolved.ref ?? "the branch, tag or commit in the service's message";
    const { repository } = unresolved;
    return repository === undefined
        ? `Check that ${ref} exists: the pipeline's YAML may name it under resources.`
        : `Check that ${ref} exists in repository ${repository}, and that the pipeline's service connection can read it.`;
}
function positionHint({ errorBody }) {
    const [, file, line] = /^\s*([^\s(][^\r\n(]{0,300})\(Line: (\d{1,9}), Col: \d{1,9}\)/m.exec(errorBody.message) ?? [];
    return file === undefined ? undefined : `Correct ${(0,lib_text/* oneLine */.TN)(file).replace(/[\s:]+$/, "")} at line ${line}.`;
}
function parameterHint(context) {
    const { message } = context.errorBody;
    const [, unexpected] = /Unexpected parameter '([^'\r\n]{1,200})'/.exec(message) ?? [];
    const [, invalid] = /[Tt]he '([^'\r\n]{1,200})' parameter value .{0,500} is not a valid/.exec(message) ?? [];
    const [, missing] = /A value for the '([^'\r\n]{1,200})' parameter/.exec(message) ?? [];
    const input = (name) => hasName((0,json/* asObject */.eB)(context.request.body, "templateParameters"), name)
        ? given(["parameters", "request-body"], context)
        : undefined;
    if (unexpected !== undefined) {
        const source = input(unexpected) ?? "the template that passes it";
        return `Declare the parameter ${unexpected} in the pipeline's YAML, or remove it from ${source}.`;
    }
    if (invalid !== undefined) {
        const source = input(invalid);
        return source === undefined
            ? `Correct the default of the parameter ${invalid} in the pipeline's YAML.`
            : `Correct ${invalid} in ${source}: the pipeline's YAML lists the allowed values.`;
    }
    if (missing === undefined)
        return undefined;
    const target = given(["parameters"], context) ?? "this step's inputs";
    return `Set ${missing} in ${target}, or give it a default in the pipeline's YAML.`;
}
function variableHint(context) {
    const [, names] = /can't set the following variables \(([^)\r\n]{1,1000})\)/.exec(context.errorBody.message) ?? [];
    if (names === undefined)
        return undefined;
    const variables = (0,json/* asObject */.eB)(context.request.body, "variables");
    const isSecret = names.split(",").map((name) => (0,json/* asObject */.eB)(variables, name.trim())["isSecret"] === true);
    const inputs = given([
        ...(isSecret.includes(false) ? ["variables"] : []),
        ...(isSecret.includes(true) ? ["secret-variables"] : []),
        "request-body",
    ], context);
    const alternative = inputs === undefined ? "" : `, or remove them from ${inputs}`;
    return `Mark the variables as settable at queue time in the pipeline's editor${alternative}.`;
}
function hasName(fields, name) {
    return Object.keys(fields).some((field) => field.toLowerCase() === name.toLowerCase());
}
function disabledPipelineHint({ errorBody: { typeKey, message } }) {
    const isDisabled = /^DefinitionDisabled/.test(typeKey) ||
        /\b(pipeline|definition)\b[^.\r\n]{0,200}\b(disabled|paused)\b/i.test(message);
    return isDisabled ? "Enable the pipeline in Azure DevOps: Edit, then Settings." : undefined;
}
function unreadableBodyHint(context) {
    const input = given(["request-body", "resources"], context);
    return input !== undefined && /\bParameter name: runParameters\b/.test(context.errorBody.message)
        ? `Correct the types in ${input}: a parameter is text (a list or a mapping is JSON text), a variable is a mapping with \`value\`, and \`stagesToSkip\` is a list.`
        : undefined;
}

;// CONCATENATED MODULE: ./build/azure-devops/hints.js




function hintFor(code, context) {
    const hint = firstHint(rulesByCode[code] ?? [], context);
    if (code !== "unauthorized")
        return hint;
    const hints = [hint, context.credentialHint, tenantHint(context.response.headers)];
    return hints.filter((part) => part !== undefined).join(" ");
}
function firstHint(rules, context) {
    for (const rule of rules) {
        const hint = rule(context);
        if (hint !== undefined)
            return hint;
    }
    return undefined;
}
function forMessage(pattern, hint) {
    return ({ errorBody }) => (pattern.test(errorBody.message) ? hint : undefined);
}
const conditionalAccessHint = forMessage(/VS403463/, "Allow this runner's IP address in the conditional access policy, or use a self-hosted runner with an allowed address.");
const addUserHint = forMessage(/TF400813|TF401444/, "Add the identity (an application or managed identity by its name, under Organization settings, Users) to the organization, with the access level Basic.");
const rulesByCode = {
    unauthorized: [
        conditionalAccessHint,
        forMessage(/has expired/, "Renew the token and store it again."),
        addUserHint,
        () => "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
    ],
    forbidden: [conditionalAccessHint, addUserHint, namedPermissionHint, operationPermissionHint],
    "not-found": [projectHint, artifactHint, organizationHint, pipelineHint, runHint, addressHint],
    rejected: rejectionRules,
    unreachable: [() => "Bring the collection back online, then run the workflow again."],
};
function tenantHint(headers) {
    const tenant = headers["x-vss-resourcetenant"]?.trim();
    if (!tenant)
        return undefined;
    return /^[0-]+$/.test(tenant)
        ? "The organization is not connected to a tenant: it accepts only Entra ID tokens of its own users."
        : `The organization's tenant is ${tenant}.`;
}
function inputFor(name, context) {
    return given([name], context) ?? given(["url"], context);
}
function namedPermissionHint({ errorBody }) {
    const message = (0,lib_text/* oneLine */.TN)(errorBody.message).slice(0, 1_000);
    const [, resource, listedPermission] = /needs the following permission\(s\) on the resource (.{1,300}?) to perform this action: ([^.]{1,200})/.exec(message) ?? [];
    if (listedPermission !== undefined)
        return `Grant the identity the permission "${listedPermission.trim()}"${placeOf(resource)}.`;
    const [, permission, rest = ""] = /\bneeds ([^.]{1,120}?) permissions?\b(.*)/.exec(message) ?? [];
    if (permission === undefined)
        return undefined;
    const object = /^ (?:for|on) (.{1,200}?)(?: in team project | to perform |\. |\.?$)/.exec(rest)?.[1];
    return `Grant the identity the permission "${permission.replaceAll('"', "")}"${placeOf(object)} (Security, or Manage security).`;
}
function placeOf(object) {
    return object === undefined || /vstfs:|\$PROJECT/i.test(object) ? "" : ` on ${object}`;
}
function operationPermissionHint(context) {
    const permission = permissionFor(context.request);
    const scope = context.givenInputs.has("token")
        ? ", and a personal access token the scope Build (read & execute)"
        : "";
    return permission === undefined
        ? "Ask an administrator of the project for the permission in the service's message."
        : `Grant the identity the permission ${permission}${scope}.`;
}
function permissionFor({ method, path, body }) {
    if (/^_apis\/pipelines\/\d+\/(runs|preview)$/.test(path) && method === "POST") {
        const { templateParameters, variables } = (0,json/* asObject */.eB)(body);
        return templateParameters === undefined && variables === undefined
            ? "Queue builds"
            : "Queue builds, and Edit queue build configuration for its parameters and variables";
    }
    if (method === "PATCH" && (0,json/* asObject */.eB)(body)["status"] === "cancelling")
        return "Stop builds";
    if (method === "GET" && /^_apis\/build\/definitions\b/.test(path))
        return "View build pipeline";
    return method === "GET" && /^_apis\/build\/builds\b/.test(path) ? "View builds" : undefined;
}
function projectHint(context) {
    const { typeKey, message } = context.errorBody;
    if (!/^Project/.test(typeKey) && !/\b(TF200016|VS800075)\b/.test(message))
        return undefined;
    const inputs = given(["organization", "project"], context) ?? given(["url"], context);
    return `Check ${inputs ?? "the project's name"}, and that the identity of the token can see the project.`;
}
const goneArtifactHint = "Check whether the artifact can still be downloaded in Azure DevOps: it may have expired, or been deleted.";
function artifactHint({ request, errorBody: { typeKey } }) {
    const isAboutArtifact = /^Artifact/.test(typeKey) || (/\/artifacts$/.test(request.path) && !/^(Build|Pipeline)/.test(typeKey));
    return isAboutArtifact ? goneArtifactHint : undefined;
}
function organizationHint(context) {
    const { typeKey, message } = context.errorBody;
    if (typeKey !== "" && !/does not implement IController/.test(message))
        return undefined;
    const path = /The controller for path '\/([^'/]{1,200})/.exec(message)?.[1];
    const name = path === undefined ? "" : `: Azure DevOps found nothing named ${(0,lib_text/* oneLine */.TN)(path)}`;
    return `Check ${inputFor("organization", context) ?? "the organization's URL"}${name}.`;
}
function pipelineHint(context) {
    const { errorBody, request } = context;
    if (!/^(Pipeline|Definition)/.test(errorBody.typeKey) && !/pipelines\/|definitions/.test(request.path))
        return undefined;
    const input = given(["pipeline-id"], context) ?? given(["url"], context);
    return input === undefined
        ? "Check in Azure DevOps whether the pipeline still exists, and whether the identity can see it."
        : `Check ${input}: the pipeline's id follows definitionId= in its URL.`;
}
function runHint(context) {
    if (!/^Build/.test(context.errorBody.typeKey))
        return undefined;
    const input = inputFor("run-id", context);
    return input === undefined
        ? "Look for the run in Azure DevOps: it may have been deleted."
        : `Check ${input}: the run may have been deleted, or belong to another project.`;
}
function addressHint(context) {
    const inputs = given(["organization", "project"], context) ?? given(["url"], context);
    return `Check ${inputs ?? "the organization's URL"}: this URL does not exist.`;
}


/***/ }),

/***/ 4431:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ gatewayError),
/* harmony export */   responseError: () => (/* binding */ responseError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9984);
/* harmony import */ var _lib_retry_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6777);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7240);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9427);
/* harmony import */ var _error_body_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(170);
/* harmony import */ var _hints_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3151);






function responseError(request, rawResponse, { clock, endpoint, redact }) {
    const { status } = rawResponse;
    if (status >= 200 && status < 300)
        return (0,_api_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .signInPageError */ .ef)(request, rawResponse, endpoint);
    const response = redactError(rawResponse, redact);
    if (status >= 300 && status < 400)
        return (0,_api_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .signInPageError */ .ef)(request, response, endpoint);
    return ((0,_api_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .apiErrorFrom */ .Ft)(request, response, endpoint) ??
        transientError(response, (0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .retryAfterMs */ .Vs)(response.headers, clock.now())));
}
function transientError(response, requestedDelayMs) {
    const { status, headers, body } = response;
    const errorBody = (0,_error_body_js__WEBPACK_IMPORTED_MODULE_3__/* .parseErrorBody */ .kW)(response);
    const { message } = errorBody;
    const throttled = (0,_error_body_js__WEBPACK_IMPORTED_MODULE_3__/* .isThrottled */ .B5)(response, errorBody);
    if ((0,_error_body_js__WEBPACK_IMPORTED_MODULE_3__/* .isFromGateway */ .Bi)(response, errorBody))
        return gatewayError({ status, body }, requestedDelayMs);
    const summary = throttled ? `too many requests (${status})` : `the service answered ${status}`;
    const text = message === "" ? summary : `${summary}: ${message.trim()}`;
    const isQuotaExhausted = throttled && headers["x-ratelimit-remaining"] === "0";
    const hint = isQuotaExhausted
        ? ["Wait, or check the tenant:", otherTenantHint, (0,_hints_js__WEBPACK_IMPORTED_MODULE_4__/* .tenantHint */ .wZ)(headers)].filter(Boolean).join(" ")
        : undefined;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_(text, { retryAfterMs: requestedDelayMs, throttled, hint });
}
function gatewayError({ status, body }, requestedDelayMs) {
    const words = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .firstWords */ .Cb)(body)), 200);
    const quote = words === "" ? "" : `: ${JSON.stringify(words)}`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_(`not Azure DevOps but a gateway or proxy answered ${status}${quote}`, {
        retryAfterMs: requestedDelayMs,
        fromGateway: true,
        hint: "Check for a proxy, firewall or front door between this runner and Azure DevOps, and whether the organization's URL is correct.",
    });
}
const otherTenantHint = "a token of another tenant than the organization's gets this response from its first request on.";
function redactError(response, redact) {
    const headers = Object.entries(response.headers).map(([name, value]) => [name, redact(value)]);
    return { ...response, body: redact(response.body), headers: Object.fromEntries(headers) };
}


/***/ })

};
;