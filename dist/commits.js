"use strict";
exports.id = 737;
exports.ids = [737];
exports.modules = {

/***/ 4737:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readMergedHead: () => (/* binding */ readMergedHead),
/* harmony export */   t: () => (/* binding */ secondParent)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7934);
/* harmony import */ var _octokit_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9086);


const timeoutMs = 10_000;
const commitShape = valibot__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({ parents: valibot__WEBPACK_IMPORTED_MODULE_1__/* .array */ .YOg(valibot__WEBPACK_IMPORTED_MODULE_1__/* .object */ .Ikc({ sha: valibot__WEBPACK_IMPORTED_MODULE_1__/* .string */ .YjP() })) });
async function secondParent(octokit, { repository, mergeCommit }, signal) {
    const query = { ...(0,_octokit_js__WEBPACK_IMPORTED_MODULE_0__/* .parseRepository */ .SU)(repository), ref: mergeCommit, request: { signal } };
    const { data } = await octokit.rest.repos.getCommit(query);
    return valibot__WEBPACK_IMPORTED_MODULE_1__/* .parse */ .qgA(commitShape, data).parents[1]?.sha;
}
async function readMergedHead({ repository, mergeCommit }, { warn, ...access }, signal) {
    try {
        const octokit = await (0,_octokit_js__WEBPACK_IMPORTED_MODULE_0__/* .createOctokit */ .Qi)(access, () => timeoutMs);
        return await secondParent(octokit, { repository, mergeCommit }, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        const { text, misconfiguration } = (0,_octokit_js__WEBPACK_IMPORTED_MODULE_0__/* .describeFailure */ .Ic)(error);
        const hint = misconfiguration === "permissions" ? " It needs `permissions: contents: read`." : "";
        warn(`The parents of the merge commit ${mergeCommit} could not be read. ${text}.${hint}`);
        return undefined;
    }
}


/***/ }),

/***/ 9086:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ic: () => (/* binding */ describeFailure),
/* harmony export */   Qi: () => (/* binding */ createOctokit),
/* harmony export */   SU: () => (/* binding */ parseRepository)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7934);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9984);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7240);
/* harmony import */ var _lib_to_fetch_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5103);




class TokenMissingError extends Error {
}
const silentLog = { debug() { }, info() { }, warn() { }, error() { } };
async function createOctokit(access, remainingMs) {
    const { token, apiUrl } = access;
    if (token === "")
        throw new TokenMissingError("the input `github-token` is blank");
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    return getOctokit(token, {
        baseUrl: apiUrl.replace(/\/+$/, ""),
        log: silentLog,
        request: { fetch: createFetch(access, remainingMs), log: silentLog },
    });
}
function createFetch({ transport, redact = (text) => text }, remainingMs) {
    return (0,_lib_to_fetch_js__WEBPACK_IMPORTED_MODULE_2__/* .toFetch */ .q)(async ({ body, ...request }) => {
        const timeoutMs = remainingMs();
        if (timeoutMs <= 0)
            throw new Error("there was no time left");
        const redacted = body === undefined ? {} : { body: redact(body) };
        const response = await transport.send({ ...request, ...redacted, timeoutMs });
        if (response.status >= 300 && response.status < 400)
            throw new Error(`it answered with a redirect (${response.status})`);
        return response;
    });
}
const errorResponseShape = valibot__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    status: valibot__WEBPACK_IMPORTED_MODULE_3__/* .number */ .aig(),
    response: valibot__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
        headers: valibot__WEBPACK_IMPORTED_MODULE_3__/* .record */ .g1P(valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_3__/* .unknown */ .L5J()),
        data: valibot__WEBPACK_IMPORTED_MODULE_3__/* .fallback */ .NpB(valibot__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({ message: valibot__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP() }), { message: "" }),
    }),
});
function describeFailure(error) {
    const parsed = valibot__WEBPACK_IMPORTED_MODULE_3__/* .safeParse */ .xLC(errorResponseShape, error);
    if (!parsed.success)
        return describeMissingResponse(error);
    const { status, response } = parsed.output;
    const message = shortText(response.data.message);
    const throttled = status === 429 || (status === 403 && isRateLimited(response.headers, message));
    return {
        text: `GitHub answered ${status}${message && `: ${message}`}`,
        status,
        isPermanent: status < 500 && status !== 408 && !throttled,
        retryAfterMs: throttled ? rateLimitDelayMs(response.headers) : undefined,
        misconfiguration: throttled ? undefined : misconfigurationOf(status),
    };
}
function misconfigurationOf(status) {
    if (status === 401)
        return "token";
    return status === 403 || status === 404 ? "permissions" : undefined;
}
function describeMissingResponse(error) {
    if (error instanceof TokenMissingError) {
        return {
            text: error.message,
            status: undefined,
            isPermanent: true,
            retryAfterMs: undefined,
            misconfiguration: "token",
        };
    }
    const text = valibot__WEBPACK_IMPORTED_MODULE_3__/* .isValiError */ .F1$(error)
        ? "GitHub's response was invalid"
        : `GitHub could not be reached: ${shortText((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(error))}`;
    return { text, status: undefined, isPermanent: false, retryAfterMs: undefined };
}
function isRateLimited(headers, message) {
    return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(message);
}
function rateLimitDelayMs(headers) {
    const seconds = Number(headers["retry-after"]);
    if (seconds >= 0)
        return seconds * 1000;
    const resetMs = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
    return headers["x-ratelimit-remaining"] === "0" && resetMs >= 0 ? resetMs : 60_000;
}
function shortText(text) {
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(text), 200).replace(/\.$/, "");
}
function parseRepository(repository) {
    const [owner = "", repo = ""] = repository.split("/");
    return { owner, repo };
}


/***/ }),

/***/ 5103:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ toFetch)
/* harmony export */ });
const neverAborted = new AbortController().signal;
function toFetch(send) {
    return async (url, { method, headers, body, signal = neverAborted }) => {
        const response = await send({ method, url, headers, signal, ...(body && { body: body.toString() }) });
        const { status } = response;
        const hasBody = status !== 204 && status !== 205;
        return new Response(hasBody ? response.body : null, { status, headers: response.headers });
    };
}


/***/ })

};
;