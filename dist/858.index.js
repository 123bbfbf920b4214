export const id = 858;
export const ids = [858];
export const modules = {

/***/ 2470:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ annotate)
/* harmony export */ });
/* harmony import */ var _core_causes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(792);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9987);


/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const maxAnnotations = 10;
/** The run's own issues as annotations of the step, which has given warnings of its own, and may have more to give. */
function annotate({ run, tree }, runner, reservedWarnings = 0) {
    const warnings = Math.max(0, maxAnnotations - runner.warningCount() - reservedWarnings);
    const limits = { errors: maxAnnotations - 1, warnings };
    runner.write((0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .annotationLines */ .b)((0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run.problems, limits), (path) => runner.repositoryPath(path)));
}


/***/ }),

/***/ 4858:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   reportInterruptedRun: () => (/* binding */ reportInterruptedRun)
/* harmony export */ });
/* harmony import */ var _annotate_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2470);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5802);
/* harmony import */ var _summarize_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3009);



/** Outputs, summary and signs of a run whose end the step did not see. */
async function reportInterruptedRun(verdict, { snapshot, tracking }, signal) {
    if (snapshot === undefined)
        return await tracking.reports.closeUnpolled(verdict, signal);
    // What went wrong after the end was told has nothing to add to it.
    if (tracking.stepState.isFinalized)
        return;
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_1__/* .setAllOutputs */ .u8)(snapshot.document, tracking);
    (0,_annotate_js__WEBPACK_IMPORTED_MODULE_0__/* .annotate */ .f)(snapshot, tracking.deps.runner);
    await (0,_summarize_js__WEBPACK_IMPORTED_MODULE_2__/* .publishSummary */ .Iv)(snapshot, { verdict }, tracking, signal).catch(() => undefined);
}


/***/ }),

/***/ 1073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L8: () => (/* binding */ msSinceFinished),
/* harmony export */   N9: () => (/* binding */ isMissingRecords),
/* harmony export */   jf: () => (/* binding */ waitForFinalRecords)
/* harmony export */ });
/* harmony import */ var _core_nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _core_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3669);


/** The service keeps a run, its records and its logs apart: how long what is missing at the run's end is waited for. */
const finalPollDelaysMs = [1_000, 2_000, 4_000];
/** Of a run that has been over for longer nothing more comes. */
const recentlyFinishedMs = 60_000;
const finalResponseTimeoutMs = 10_000;
/** How long a run has been over; `undefined` where nobody can tell. */
function msSinceFinished({ run, at }) {
    const end = (0,_core_time_js__WEBPACK_IMPORTED_MODULE_0__/* .parseTime */ .pe)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}
/** Whether the ends of what has begun in a run that is over may still come. */
function isMissingRecords(snapshot) {
    return isRecentlyFinished(snapshot) && (0,_core_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .isRunning */ .W_)(snapshot.tree);
}
/** Sees the end of a run, and looks again while its last records, or logs that are wanted, have not come. */
async function waitForFinalRecords(finalResponse, { poll, handleResponse, hasPendingLogs, clock }, signal) {
    let lastResponse = finalResponse;
    let snapshot = await handleResponse(finalResponse);
    for (const delayMs of finalPollDelaysMs) {
        if (!isMissingRecords(snapshot) && !(isRecentlyFinished(snapshot) && hasPendingLogs()))
            return snapshot;
        await clock.sleep(delayMs, signal);
        const options = { retryForMs: 0, timeoutMs: finalResponseTimeoutMs, alwaysReadTimeline: true };
        const response = await poll(options, signal).catch(() => undefined);
        signal.throwIfAborted();
        if (response?.run.status !== "completed")
            continue;
        lastResponse = response;
        snapshot = await handleResponse(response);
    }
    return isMissingRecords(snapshot) ? await handleResponse(lastResponse, true) : snapshot;
}
function isRecentlyFinished(snapshot) {
    return (msSinceFinished(snapshot) ?? recentlyFinishedMs) < recentlyFinishedMs;
}


/***/ }),

/***/ 3009:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Iv: () => (/* binding */ publishSummary),
/* harmony export */   TI: () => (/* binding */ warmUpSummary),
/* harmony export */   rB: () => (/* binding */ fetchFindings),
/* harmony export */   s6: () => (/* binding */ summarizeUnpolledRun)
/* harmony export */ });
/* harmony import */ var _core_causes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(792);
/* harmony import */ var _core_links_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3163);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7335);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1073);




const noFindings = { tests: undefined, artifacts: undefined };
/** What is nice to tell is not worth a wait: whoever asked for artifacts asks again. */
const optionalCall = { retryForMs: 0, timeoutMs: 5_000 };
/** Test results are made known a little after the run's end. */
const recentMs = 30_000;
/** Looks for tests and artifacts, if anybody will be told of them. */
async function fetchFindings(snapshot, { inputs, deps }, signal) {
    const { run } = snapshot;
    const isReported = inputs.summary || inputs.checkRun !== undefined;
    if (run.status !== "completed" || !isReported)
        return noFindings;
    const hasJustFinished = ((0,_settle_js__WEBPACK_IMPORTED_MODULE_2__/* .msSinceFinished */ .L8)(snapshot) ?? recentMs) < recentMs;
    const orUndefined = () => {
        signal.throwIfAborted();
        return undefined;
    };
    const [tests, artifacts] = await Promise.all([
        deps.pipelines.getTestCounts({ runId: run.id, hasJustFinished }, signal).catch(orUndefined),
        deps.pipelines.listArtifacts(run.id, optionalCall, signal).catch(orUndefined),
    ]);
    return { tests, artifacts };
}
/** Writes the job's summary and brings check run and commit status to their end. */
async function publishSummary(snapshot, { verdict, findings = noFindings }, { inputs, deps, stepState, logs, reports }, signal) {
    if (!stepState.tryFinalize())
        return;
    const report = createReport(snapshot, { verdict, findings }, { inputs, logs });
    if (inputs.summary)
        await deps.runner.addSummary((bytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .renderSummary */ .Br)(report, bytes));
    await reports.close(report, signal);
}
/** Writes the summary of a run that the step does not wait for: there is little to tell. */
async function summarizeUnpolledRun(run, { inputs, deps }) {
    if (!inputs.summary)
        return;
    const pipeline = run.pipelineName ?? pipelineLabel(inputs.target);
    const facts = { project: inputs.projectRef.project, pipeline, run, isStarted: !run.isExternal };
    await deps.runner.addSummary(() => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .unpolledRunSummary */ .p8)(facts));
}
/** What the inputs call the pipeline. */
function pipelineLabel(target) {
    if (target.kind === "follow")
        return undefined;
    return target.pipeline.by === "name" ? target.pipeline.name : `pipeline ${target.pipeline.id}`;
}
/**
 * Renders a summary for nobody, while there is nothing else to do: the engine compiles what the end of the run will need
 * at once. Of a small run only, so that the rehearsal never costs what it saves.
 */
function warmUpSummary(snapshot, tracking) {
    const jobs = snapshot.tree.stages.reduce((count, stage) => count + stage.jobs.length, 0);
    if (jobs === 0 || jobs > 50)
        return;
    const tests = { passed: 1, failed: 0, skipped: 0, failedNames: [] };
    const verdict = { kind: "succeeded", text: "rehearsed" };
    (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .renderSummary */ .Br)(createReport(snapshot, { verdict, findings: { tests, artifacts: [] } }, tracking));
}
function createReport({ run, tree, at, timelineUnavailable }, { verdict, findings }, { inputs, logs }) {
    return {
        run,
        tree,
        verdict,
        at,
        timelineUnavailable,
        project: inputs.projectRef.project,
        pipeline: run.pipeline.name ?? "pipeline",
        causes: (0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .rootCauses */ .F)(tree, run.problems),
        excerpts: logs.excerpts(),
        tests: findings.tests,
        artifacts: findings.artifacts?.map(({ name, size }) => ({
            name,
            bytes: size,
            url: (0,_core_links_js__WEBPACK_IMPORTED_MODULE_3__/* .artifactsUrl */ .N)(run.url),
        })),
    };
}


/***/ }),

/***/ 792:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ rootCauses),
/* harmony export */   I: () => (/* binding */ annotationsOf)
/* harmony export */ });
/* harmony import */ var _echo_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1069);
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _spots_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3919);
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3669);




/** What explains the end of the run, first causes first: echoes, then what was only canceled, come last. */
function rootCauses(tree, problems = []) {
    const found = distinct(ranked(tree, "error").filter(({ rank }) => rank !== ranks.harmless));
    return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}
function isExplained(causes) {
    return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}
/** Why the run as a whole could not be run. */
function problemCause(message) {
    const noLocation = { stage: undefined, job: undefined, task: undefined, path: "" };
    const issue = { severity: "error", message, logLine: undefined, file: undefined };
    return {
        ...noLocation,
        message,
        issue: { ...issue, line: undefined, column: undefined, code: undefined },
        jobId: undefined,
        taskId: undefined,
        logId: null,
        logLine: undefined,
        isConsequence: false,
    };
}
/** What there is to tell of each place, first causes first. */
function annotationsOf(tree, problems, limits) {
    const rankedErrors = ranked(tree, "error");
    const rankedWarnings = ranked(tree, "warning");
    const annotatedErrors = distinct(firstPerNodeFirst(rankedErrors)).filter((cause) => cause.issue !== undefined);
    const errors = isExplained(rootCauses(tree))
        ? annotatedErrors
        : [...problems.map(problemCause), ...annotatedErrors];
    const warnings = distinct(rankedWarnings);
    const all = (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .sumCounts */ .DN)(tree.stages);
    const countDuplicates = (found) => found.filter(duplicatesTaskError(found)).length;
    return {
        errors: errors.slice(0, limits.errors),
        warnings: warnings.slice(0, limits.warnings),
        moreErrors: overflow(all.errors - countDuplicates(rankedErrors), errors.length, limits.errors),
        moreWarnings: overflow(all.warnings - countDuplicates(rankedWarnings), warnings.length, limits.warnings),
    };
}
/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function firstPerNodeFirst(found) {
    const seenNodes = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const nodeKey = JSON.stringify([path, jobId, taskId]);
        if (rank > ranks.exitCode || seenNodes.has(nodeKey))
            return false;
        seenNodes.add(nodeKey);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (entry) => (isFirst(entry) ? "first" : "other"));
    return [...first, ...other];
}
/** An agent counts on when it stops to list, so the count may exceed the list. */
function overflow(count, found, limit) {
    return found <= limit ? Math.max(0, count - found) : Math.max(count, found) - limit;
}
const ranks = { failed: 0, exitCode: 1, failedChild: 2, withIssues: 3, harmless: 4, canceled: 5 };
function ranked(tree, severity) {
    return (0,_spots_js__WEBPACK_IMPORTED_MODULE_0__/* .issueLocations */ .E)(tree)
        .flatMap((location) => {
        const issues = location.node.issues.filter((issue) => issue.severity === severity);
        const lacksMessage = severity === "error" && issues.length === 0 && !location.hasFailedChild && hasFailed(location.node);
        return (lacksMessage ? [undefined] : issues).map((issue) => {
            const rank = rankOf(location, issue, issues);
            const at = (0,_time_js__WEBPACK_IMPORTED_MODULE_2__/* .parseTime */ .pe)(location.node.finishedAt) ?? Number.MAX_SAFE_INTEGER;
            return {
                rank,
                at,
                cause: causeOf(location, issue, rank === ranks.failedChild || rank === ranks.canceled),
            };
        });
    })
        .sort((a, b) => a.rank - b.rank || a.at - b.at);
}
function rankOf({ node, hasFailedChild }, issue, siblings) {
    if (node.result === "canceled" || node.result === "abandoned")
        return ranks.canceled;
    if (node.result === "succeededWithIssues")
        return ranks.withIssues;
    if (!hasFailed(node))
        return ranks.harmless;
    if (hasFailedChild)
        return ranks.failedChild;
    // "Bash exited with code '1'" is the cause only where nothing better is said.
    const isGeneric = issue !== undefined &&
        (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isGenericMessage */ .N)(issue.message) &&
        !siblings.every((other) => (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isGenericMessage */ .N)(other.message));
    return isGeneric ? ranks.exitCode : ranks.failed;
}
function hasFailed(node) {
    return node.result === "failed";
}
function causeOf(location, issue, isConsequence) {
    const { stage, job, task, node, fallbackMessage } = location;
    return {
        stage: stage?.displayName,
        job: job && (stage?.displayName === undefined ? (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .jobTitle */ .a9)(job) : job.displayName),
        task: task?.displayName,
        message: issue?.message ?? fallbackMessage,
        issue,
        path: (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .nodePath */ .Ie)(stage, job, task),
        jobId: job?.id,
        taskId: task?.id,
        logId: node.logId,
        logLine: issue?.logLine,
        isConsequence,
    };
}
/** A job repeats what one of its tasks has said already. */
function duplicatesTaskError(found) {
    const keyOf = ({ jobId, message }) => JSON.stringify([jobId, message]);
    const taskKeys = new Set(found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)));
    return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}
/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found) {
    const causes = new Map();
    const isDuplicate = duplicatesTaskError(found);
    for (const entry of found) {
        if (isDuplicate(entry))
            continue;
        const { cause } = entry;
        const { jobId, taskId, message, issue } = cause;
        const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
        if (!causes.has(key))
            causes.set(key, cause);
    }
    return [...causes.values()];
}


/***/ })

};
