export const id = 930;
export const ids = [930];
export const modules = {

/***/ 4930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ headCommit),
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7934);

/** Anything that has another shape than GitHub's counts as absent: the workflow's own ref still stands. */
const orAbsent = (schema) => valibot__WEBPACK_IMPORTED_MODULE_0__/* .fallback */ .NpB(valibot__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lqM(schema), undefined);
const nonEmptyText = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .nonEmpty */ .hq());
const payloadShape = valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    deleted: orAbsent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()),
    repository: orAbsent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ default_branch: orAbsent(nonEmptyText) })),
    pull_request: orAbsent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
        number: valibot__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(),
        head: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
            ref: nonEmptyText,
            sha: nonEmptyText,
            repo: orAbsent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ full_name: nonEmptyText })),
        }),
        base: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ ref: nonEmptyText }),
        merged_at: orAbsent(nonEmptyText),
    })),
    workflow_run: orAbsent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ head_sha: nonEmptyText })),
});
/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
function readTrigger(env, readFile) {
    const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
    const pullRequest = payload?.pull_request;
    const workflowRun = payload?.workflow_run;
    return {
        event: env["GITHUB_EVENT_NAME"] ?? "",
        repository: env["GITHUB_REPOSITORY"] ?? "",
        serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
        ref: env["GITHUB_REF"] ?? "",
        sha: env["GITHUB_SHA"] ?? "",
        defaultBranch: payload?.repository?.default_branch,
        deleted: payload?.deleted,
        pullRequest: pullRequest && {
            number: pullRequest.number,
            headRef: pullRequest.head.ref,
            headSha: pullRequest.head.sha,
            headRepository: pullRequest.head.repo?.full_name,
            baseRef: pullRequest.base.ref,
            merged: pullRequest.merged_at !== undefined,
        },
        workflowRunHeadSha: workflowRun?.head_sha,
    };
}
/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
function headCommit(trigger) {
    return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
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
