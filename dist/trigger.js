export const id = 930;
export const ids = [930];
export const modules = {

/***/ 4930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* unused harmony export headCommit */
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);

/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
function readTrigger(env, readFile) {
    const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
    const { deleted } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload);
    return {
        event: env["GITHUB_EVENT_NAME"] ?? "",
        repository: env["GITHUB_REPOSITORY"] ?? "",
        serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
        ref: env["GITHUB_REF"] ?? "",
        sha: env["GITHUB_SHA"] ?? "",
        defaultBranch: nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload, "repository")["default_branch"]),
        deleted: typeof deleted === "boolean" ? deleted : undefined,
        pullRequest: readPullRequest(payload),
        workflowRunHeadSha: nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload, "workflow_run")["head_sha"]),
    };
}
/** A pull request that lacks a part counts as absent: the workflow's own ref still applies. */
function readPullRequest(payload) {
    const { number, merged_at: mergedAt } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload, "pull_request");
    const head = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload, "pull_request", "head");
    const headRef = nonEmptyText(head["ref"]);
    const headSha = nonEmptyText(head["sha"]);
    const baseRef = nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(payload, "pull_request", "base")["ref"]);
    if (typeof number !== "number" || headRef === undefined || headSha === undefined || baseRef === undefined)
        return undefined;
    const headRepository = nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .getObject */ .iM)(head, "repo")["full_name"]);
    const merged = nonEmptyText(mergedAt) !== undefined;
    return { number, headRef, headSha, headRepository, baseRef, merged };
}
function nonEmptyText(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
function headCommit(trigger) {
    return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
}
function readPayload(path, readFile) {
    if (!path)
        return undefined;
    try {
        return JSON.parse(readFile(path));
    }
    catch {
        return undefined;
    }
}


/***/ })

};
