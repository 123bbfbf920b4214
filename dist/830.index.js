export const id = 830;
export const ids = [830];
export const modules = {

/***/ 6830:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ headCommit),
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7934);

/** Anything that has another shape than GitHub's counts as absent: the workflow's own ref still stands. */
const absent = (schema) => valibot__WEBPACK_IMPORTED_MODULE_0__/* .fallback */ .NpB(valibot__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lqM(schema), undefined);
const text = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .nonEmpty */ .hq());
const payloadShape = valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    deleted: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()),
    repository: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ default_branch: absent(text) })),
    pull_request: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
        number: valibot__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(),
        head: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ ref: text, sha: text, repo: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ full_name: text })) }),
        base: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ ref: text }),
        merged_at: absent(text),
    })),
    workflow_run: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ event: text, head_sha: text })),
});
/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
function readTrigger(env, readFile) {
    const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
    const pull = payload?.pull_request;
    const earlier = payload?.workflow_run;
    return {
        event: env["GITHUB_EVENT_NAME"] ?? "",
        repository: env["GITHUB_REPOSITORY"] ?? "",
        serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
        ref: env["GITHUB_REF"] ?? "",
        sha: env["GITHUB_SHA"] ?? "",
        defaultBranch: payload?.repository?.default_branch,
        deleted: payload?.deleted,
        pullRequest: pull && {
            number: pull.number,
            headRef: pull.head.ref,
            headSha: pull.head.sha,
            headRepository: pull.head.repo?.full_name,
            baseRef: pull.base.ref,
            merged: pull.merged_at !== undefined,
        },
        earlierHeadSha: earlier?.event === "pull_request" ? earlier.head_sha : undefined,
    };
}
/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
function headCommit(trigger) {
    return trigger.pullRequest?.headSha ?? trigger.earlierHeadSha ?? trigger.sha;
}
function readPayload(path, readFile) {
    if (!path)
        return undefined;
    try {
        const parsed = valibot__WEBPACK_IMPORTED_MODULE_0__/* .safeParse */ .xLC(payloadShape, JSON.parse(readFile(path)));
        return parsed.success ? parsed.output : undefined;
    }
    catch {
        return undefined;
    }
}


/***/ })

};
