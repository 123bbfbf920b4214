export const id = 941;
export const ids = [941];
export const modules = {

/***/ 3538:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bt: () => (/* binding */ createCommitReports),
/* harmony export */   H5: () => (/* binding */ savePendingReport),
/* harmony export */   SN: () => (/* binding */ restorePendingReport)
/* harmony export */ });
/* harmony import */ var _core_annotations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3208);
/* harmony import */ var _core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2454);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(292);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9987);
/* harmony import */ var _render_status_text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2919);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6695);
/* harmony import */ var _render_tests_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9156);







/** Calls back with the last word before it is sent, and with how far that has come. */
function createCommitReports(reporters, { project, trigger }, { onClosed, onPending }) {
    let trackedRun;
    let isPending = false;
    const closeAll = async (report, signal) => {
        if (reporters.length === 0)
            return;
        // A sign that says that the run goes on is no last word.
        const isLast = report.kind !== "running";
        if (isLast)
            onPending({ report, reporters: [...reporters.keys()] });
        const results = await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
        const undelivered = results.flatMap((isDelivered, index) => (isDelivered ? [] : [index]));
        isPending = isLast && undelivered.length > 0;
        if (isPending)
            onPending({ report, reporters: undelivered });
        else if (isLast || signal?.aborted !== true)
            onClosed();
    };
    return {
        open: async (run) => {
            trackedRun = run;
            const text = `${run.name} is ${run.isExternal ? "followed" : "started"}`;
            const initialReport = unpolledReport(run, "running", text);
            await Promise.all(reporters.map((reporter) => reporter.open(initialReport)));
        },
        update: (snapshot) => {
            if (reporters.length === 0)
                return;
            const report = runningReport(snapshot, project);
            for (const reporter of reporters)
                void reporter.update(report);
        },
        close: async (report, signal) => {
            if (reporters.length === 0)
                return;
            await closeAll(finalReport(report, (0,_core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__/* .sourceOrigin */ .UO)(await trigger(), report.run)), signal);
        },
        closeUnpolled: async (verdict, signal) => {
            if (trackedRun !== undefined)
                await closeAll(unpolledReport(trackedRun, verdict.kind, (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .unpolledRunText */ .w5)(trackedRun.name, verdict)), signal);
        },
        hasPending: () => isPending,
    };
}
function unpolledReport({ id, url }, kind, text) {
    return {
        kind,
        title: text,
        summary: () => "",
        annotations: [],
        runUrl: url,
        runId: id,
        description: text,
    };
}
function runningReport({ run, tree, at }, project) {
    const text = (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .activityText */ .$I)(run, tree);
    const verdict = { kind: "running", text };
    const pipeline = run.pipeline.name ?? "pipeline";
    return toCommitReport({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}
function finalReport(report, origin) {
    // A run that is left to itself is not decided: whoever follows it next closes its signs.
    const annotations = report.verdict.kind === "running" || origin === "elsewhere" ? [] : fileAnnotations(report);
    return { ...toCommitReport(report, (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .verdictText */ .nt)(report)), annotations };
}
function toCommitReport(report, text) {
    const { run, verdict } = report;
    return {
        kind: verdict.kind,
        title: text,
        summary: (limitBytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_5__/* .renderSummary */ .Br)(report, limitBytes),
        annotations: [],
        runUrl: run.url,
        runId: run.id,
        startedAt: run.startedAt ?? undefined,
        description: text,
    };
}
/** They hang on a commit, not on this job's workspace, which often holds no checkout at all. */
function fileAnnotations({ run, tree, verdict, tests }) {
    const noLimits = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
    const isSuccess = verdict.kind === "succeeded";
    const issues = (0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .annotationLines */ .b)((0,_core_annotations_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run, { ...noLimits, isSuccess }), (path) => path);
    const failures = tests?.failures ?? [];
    const type = isSuccess ? "warning" : "error";
    return [...issues.filter(isAnnotation), ...(0,_render_tests_js__WEBPACK_IMPORTED_MODULE_6__/* .testAnnotations */ .n)({ failures, type }, (path) => path)];
}
function isAnnotation(line) {
    return line.type === "error" || line.type === "warning";
}
const pendingReportKey = "pendingReport";
/** The step's state travels in the environment. */
const maxSummaryBytes = 4_000;
const maxTitleLength = 1_000;
/** Hidden here: the post step does not know all that was masked. */
function savePendingReport(runner, { report, reporters }) {
    const redactedReport = {
        ...report,
        title: runner.redactRendered(report.title).slice(0, maxTitleLength),
        summary: runner.redactRendered(report.summary(maxSummaryBytes)),
        description: runner.redactRendered(report.description).slice(0, maxTitleLength),
        annotations: [],
    };
    runner.saveState(pendingReportKey, JSON.stringify({ report: redactedReport, reporters }));
}
/** What another program has written, or nothing at all, is no report. */
function restorePendingReport(runner) {
    const { report, reporters } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(runner.getState(pendingReportKey)));
    const { summary } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(report);
    if (typeof summary !== "string" || !Array.isArray(reporters))
        return undefined;
    return { report: { ...report, summary: () => summary }, reporters };
}


/***/ }),

/***/ 5941:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runPostStep: () => (/* binding */ runPostStep)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(8414);
// EXTERNAL MODULE: ./build/render/markdown.js
var markdown = __webpack_require__(5120);
// EXTERNAL MODULE: ./build/app/cancel-run.js
var cancel_run = __webpack_require__(3596);
// EXTERNAL MODULE: ./build/app/find-started-run.js
var find_started_run = __webpack_require__(885);
;// CONCATENATED MODULE: ./build/app/cancel-interrupted-run.js


/** Within the post step's minute more than one request must find time. */
const postStepRequestOptions = { retryForMs: 40_000, timeoutMs: 8_000 };
/** Cancels, in the post step, what a main step that was cut off has left running. Rejects if the run cannot be cancelled. */
async function cancelInterruptedRun(phase, context, signal) {
    const deps = { ...context, retryOptions: postStepRequestOptions };
    if (phase.at === "starting")
        return await cancelPendingStart(phase, deps, signal);
    const { runId, stages, duplicateSearch } = phase;
    const run = await deps.runs.get(runId, postStepRequestOptions, signal);
    if (stages !== undefined && run.status !== "completed") {
        await (0,cancel_run/* cancelStages */.AN)({ runId, stages }, { ...deps, request: postStepRequestOptions }, signal);
        const { subject, was } = (0,cancel_run/* stagesAsSubject */.eN)(stages);
        const text = `${subject} of ${run.name} ${was} cancelled because this step was cut off: ${run.url}`;
        deps.runner.write([{ type: "text", text }]);
        return;
    }
    await cancelInPostStep(run, { cancelled: "was cancelled because this step was cut off" }, deps, signal);
    if (duplicateSearch !== undefined)
        await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}
const orphan = { cancelled: "was being started when this step was cut off, and was cancelled" };
/** The list may lag behind the start of a duplicate. */
async function cancelDuplicatesInPostStep(search, runId, deps, signal) {
    const cancelledIds = new Set();
    let doubtful = [];
    for (const delayMs of [0, 1_000, 2_000]) {
        await deps.clock.sleep(delayMs, signal);
        const duplicates = await (0,cancel_run/* findDuplicates */.Ir)(search, runId, deps, signal);
        signal.throwIfAborted();
        doubtful = duplicates.doubtful;
        for (const run of duplicates.certain) {
            if (!cancelledIds.has(run.id))
                await cancelInPostStep(run, orphan, deps, signal);
            cancelledIds.add(run.id);
        }
        if (cancelledIds.size >= search.attempts - 1)
            return;
    }
    if (doubtful.length > 0)
        deps.runner.write([(0,cancel_run/* doubtfulDuplicates */._X)(doubtful)]);
}
/**
 * The service's list may lag behind a start that was cut off a moment ago, so it is read more than once. In a container
 * nothing tells the main step that the job is over, and it may repeat its start for as long as it lives.
 */
async function cancelPendingStart(phase, deps, signal) {
    const { runner, clock } = deps;
    const cancelledIds = new Set();
    let matches = [];
    for (const delayMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
        await clock.sleep(delayMs, signal);
        matches = (await (0,find_started_run/* findCandidates */.eE)(phase, deps, signal)).matches;
        const exact = (0,find_started_run/* exactMatches */.Nk)(matches, phase.attempts);
        for (const run of exact) {
            if (!cancelledIds.has(run.id))
                await cancelInPostStep(run, orphan, deps, signal);
            cancelledIds.add(run.id);
        }
        if (cancelledIds.size === phase.attempts || (matches.length > 0 && exact.length === 0))
            break;
    }
    if (cancelledIds.size > 0)
        return;
    const list = matches.map(({ candidate }) => candidate.url).join(", ");
    const prefix = "This step was cut off while it started a run";
    runner.write([
        matches.length === 0
            ? { type: "text", text: `${prefix}; none has shown up.` }
            : { type: "warning", text: `${prefix}, which may be one of these. None was cancelled: ${list}` },
    ]);
}
async function cancelInPostStep({ id, name, url, status }, words, deps, signal) {
    const isActive = status !== "completed" && status !== "canceling";
    const result = isActive
        ? await (0,cancel_run/* cancelRun */.Su)(id, { request: postStepRequestOptions }, deps, signal)
        : { kind: status === "completed" ? "completed" : "cancelled" };
    if (result.kind === "failed")
        throw result.error;
    const text = result.kind === "completed" ? "had completed before this step was cut off" : words.cancelled;
    deps.runner.write([{ type: "text", text: `${name} ${text}: ${url}` }]);
}

// EXTERNAL MODULE: ./build/app/commit-report.js
var commit_report = __webpack_require__(3538);
// EXTERNAL MODULE: ./build/app/context.js + 2 modules
var context = __webpack_require__(4565);
// EXTERNAL MODULE: ./build/app/step-state.js
var step_state = __webpack_require__(7908);
;// CONCATENATED MODULE: ./build/app/post-step.js







const postStepTimeoutMs = 60_000;
/**
 * The post step: cancels the run if the main step was cut off before it could. Says what happened, and never fails the
 * job: the main step has already done so.
 */
async function runPostStep(environment) {
    const { runner, clock } = environment;
    const phase = (0,step_state/* restorePhase */.i_)(runner);
    if (phase.at === "settled")
        return;
    const mainShutdown = environment.requestMainShutdown();
    // Only the main step knows of a run that it starts in this moment.
    if (phase.at === "idle")
        return await mainShutdown;
    const warnAbout = (consequence) => (error) => {
        runner.write([
            { type: "warning", text: `This step was cut off, and ${consequence}: ${(0,errors/* reasonOf */.A3)(error)}` },
        ]);
    };
    await (0,abort/* withTimeout */.wj)(postStepTimeoutMs, clock, async (timeoutSignal) => {
        const inputs = await (0,context/* readMaskedInputs */.z)(environment);
        const connection = environment.connect(inputs);
        const { pipelines, runs } = connection;
        const address = phase.at === "starting" ? pipelines.url(phase.pipelineId) : runs.url(phase.runId);
        if (mayCancel(phase, inputs.cancelOnAbort)) {
            const interrupted = (0,step_state/* withFingerprints */.QN)(phase, inputs);
            const cancelling = cancelInterruptedRun(interrupted, { ...connection, clock, runner }, timeoutSignal);
            await cancelling.catch(warnAbout(`its run could not be cancelled (${address})`));
        }
        if (phase.at === "starting" || (0,step_state/* areReportsClosed */.Kk)(runner))
            return;
        const { runId } = phase;
        const reporters = environment.workflow.commitReporters(inputs, {
            isExternal: true,
            isLast: true,
            readSource: (signal) => runs.getSource({ runId, startResponse: undefined, retryForMs: 0, timeoutMs: 5_000 }, signal),
        });
        const closing = closePendingReports(await reporters, phase.runId, { runs, runner }, timeoutSignal);
        await closing.catch(warnAbout(`its check run or status may still say that it goes on (${address})`));
    }).catch(warnAbout("nothing could be done about it"));
}
function mayCancel(phase, cancelOnAbort) {
    if (phase.at === "left")
        return false;
    return cancelOnAbort ?? (phase.at === "starting" || (0,step_state/* ownsRunOrStages */.dN)(phase));
}
/** A check run that is not closed would stay open for ever. */
async function closePendingReports(reporters, runId, { runs, runner }, signal) {
    if (reporters.length === 0)
        return;
    const allIndexes = [...reporters.keys()];
    const pendingReport = (0,commit_report/* restorePendingReport */.SN)(runner) ?? {
        report: await interruptionReport(runId, runs, signal),
        reporters: allIndexes,
    };
    const pending = reporters.filter((_, index) => pendingReport.reporters.includes(index));
    await Promise.all(pending.map((reporter) => reporter.close(pendingReport.report, signal)));
}
/** The final report about a run whose step was cut off. */
async function interruptionReport(runId, runs, signal) {
    const { name, url } = await runs.get(runId, { retryForMs: 10_000 }, signal);
    const text = `${name}: the step that followed it was cut off`;
    return {
        kind: "canceled",
        title: text,
        summary: () => (0,markdown/* escapeMarkdown */.FV)(text),
        annotations: [],
        runUrl: url,
        runId,
        description: text,
    };
}


/***/ }),

/***/ 3208:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ annotationsOf)
/* harmony export */ });
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31);
/* harmony import */ var _issue_locations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(564);


/** The issues of a run, first causes first. Errors that did not make the run fail become warnings. */
function annotationsOf(tree, { result = null, problems = [] }, { isSuccess = false, ...limits }) {
    const locations = (0,_issue_locations_js__WEBPACK_IMPORTED_MODULE_1__/* .issueLocations */ .E5)(tree);
    const isBlamed = ({ tolerance }) => !isSuccess && (tolerance === "none" || (tolerance === "let-pass" && result === "partiallySucceeded"));
    const blamed = locations.filter(isBlamed);
    const tolerated = locations.filter((location) => !isBlamed(location));
    const errors = firstPerNodeFirst((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(blamed.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "error"))));
    const toleratedErrors = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(tolerated.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "error")));
    const warnings = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(locations.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "warning")));
    const needsProblems = !isSuccess && !(0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .isExplained */ .zT)((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .causesIn */ .MC)(locations, result));
    const shownErrors = [...(needsProblems ? problems.map(_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .problemCause */ .VT) : []), ...(0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .distinct */ .dM)(errors)];
    const shownWarnings = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .distinct */ .dM)([...toleratedErrors, ...warnings]);
    const errorCount = countOf(blamed, "errors") - duplicateCount(errors);
    const warningCount = countOf(tolerated, "errors") +
        countOf(locations, "warnings") -
        duplicateCount(toleratedErrors) -
        duplicateCount(warnings);
    return {
        errors: shownErrors.slice(0, limits.errors),
        warnings: shownWarnings.slice(0, limits.warnings),
        moreErrors: overflow(errorCount, shownErrors.length, limits.errors),
        moreWarnings: overflow(warningCount, shownWarnings.length, limits.warnings),
    };
}
function countOf(locations, key) {
    return locations.reduce((sum, { counts }) => sum + counts[key], 0);
}
function duplicateCount(found) {
    return found.filter((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .duplicatesTaskMessage */ .J6)(found)).length;
}
/** Puts the first error of each root failure first, since ten errors of one task would hide those of other tasks. */
function firstPerNodeFirst(found) {
    const seenNodes = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const nodeKey = JSON.stringify([path, jobId, taskId]);
        if (rank > _failures_js__WEBPACK_IMPORTED_MODULE_0__/* .ranks */ .CS.genericMessage || seenNodes.has(nodeKey))
            return false;
        seenNodes.add(nodeKey);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (entry) => (isFirst(entry) ? "first" : "other"));
    return [...first, ...other];
}
/** An agent counts all issues, but lists only the first ten of them. */
function overflow(count, found, limit) {
    return found <= limit ? Math.max(0, count - found) : Math.max(count, found) - limit;
}


/***/ }),

/***/ 2454:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E6: () => (/* binding */ reportTarget),
/* harmony export */   UO: () => (/* binding */ sourceOrigin),
/* harmony export */   cU: () => (/* binding */ notBuilt)
/* harmony export */ });
/* harmony import */ var _default_ref_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3963);

const mergeRef = /^refs\/pull\/\d+\/merge$/;
/** Results are reported on a commit that was built: `source` decides whether the event's commit is one. */
function reportTarget(checkCommit, trigger, source) {
    if (checkCommit?.kind === "hash")
        return { kind: "commit", sha: checkCommit.sha };
    const buildsThisRepository = (0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .isSameRepository */ .ve)(trigger, source.repository);
    if (checkCommit?.kind === "run") {
        if (!buildsThisRepository) {
            const name = source.repository.fullName ?? "another repository";
            return { kind: "none", reason: `\`check-commit: run\` is set, but the pipeline builds ${name}` };
        }
        return builtCommit(source);
    }
    const expected = (0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .eventCommit */ .ef)(trigger) ?? trigger.sha;
    return buildsThisRepository
        ? eventCommitIfBuilt(expected, trigger, source)
        : { kind: "commit", sha: expected };
}
/**
 * Whose files a run names: those of the event's commit, those of another commit of this repository, or those of another
 * repository. A hash only matches itself, so a mirror of this repository has the files of its commit too. What the service
 * doesn't say contradicts nothing.
 */
function sourceOrigin(trigger, { source, repository, prSourceSha }) {
    const expected = (0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .eventCommit */ .ef)(trigger) ?? trigger.sha;
    if (source.commit?.toLowerCase() === expected.toLowerCase())
        return "event-commit";
    if (repository === undefined)
        return "event-commit";
    if (!(0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .isSameRepository */ .ve)(trigger, repository))
        return "elsewhere";
    const { kind } = eventCommitIfBuilt(expected, trigger, { ...source, repository, prSourceSha });
    return kind === "commit" || kind === "merged-head" ? "event-commit" : "repository";
}
function builtCommit({ ref, commit, prSourceSha }) {
    if (prSourceSha !== undefined)
        return { kind: "commit", sha: prSourceSha };
    if (commit === null)
        return { kind: "unknown" };
    if (mergeRef.test(ref ?? ""))
        return { kind: "merged-head", mergeCommit: commit, expected: undefined };
    return { kind: "commit", sha: commit };
}
function eventCommitIfBuilt(expected, trigger, { ref, commit, prSourceSha }) {
    if (commit === null && prSourceSha === undefined)
        return { kind: "unknown" };
    const isExpected = (sha) => sha?.toLowerCase() === expected.toLowerCase();
    if (isExpected(commit) || isExpected(prSourceSha))
        return { kind: "commit", sha: expected };
    if (commit !== null && prSourceSha === undefined && mergeRef.test(ref ?? "")) {
        // The merge commit of this event.
        const isOwnMerge = trigger.ref === ref && trigger.sha.toLowerCase() === commit.toLowerCase();
        if (isOwnMerge && trigger.pullRequest !== undefined)
            return { kind: "commit", sha: expected };
        return { kind: "merged-head", mergeCommit: commit, expected };
    }
    return { kind: "none", reason: notBuilt(prSourceSha ?? commit ?? "another commit", expected) };
}
/** Why nothing is reported: the run built another commit than the one that the event is about. */
function notBuilt(built, expected) {
    return `the run built ${built.slice(0, 12)}, not ${expected.slice(0, 12)}, which this workflow runs for`;
}


/***/ })

};
