export const id = 655;
export const ids = [655];
export const modules = {

/***/ 611:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  UL: () => (/* binding */ downloadArtifacts),
  Pw: () => (/* binding */ logSkippedDownload),
  o4: () => (/* binding */ requestsArtifacts)
});

// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
;// CONCATENATED MODULE: ./build/core/artifact-selection.js

/** The artifacts that a list of names means; `*` means all of them. Each once. */
function selectArtifacts(requested, available) {
    const names = new Set(requested);
    const found = available.filter(({ name }) => names.has("*") || names.has(name));
    const missing = [...names].filter((name) => name !== "*" && !available.some((artifact) => artifact.name === name));
    return { found, missing };
}
/** What is missing, and what there is instead. */
function missingArtifactsMessage(missing, available) {
    const what = `The run has no artifact ${missing.map(lib_text/* quotedName */.aH).join(" or ")}`;
    if (available.length === 0)
        return `${what}; it has none at all.`;
    const names = available.map(({ name }) => (0,lib_text/* quotedName */.aH)(name));
    return `${what}; it has ${(0,lib_text/* listed */.KE)(names, 20)}.`;
}

// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __webpack_require__(9508);
// EXTERNAL MODULE: ./build/errors.js
var build_errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
;// CONCATENATED MODULE: ./build/app/artifacts.js





/** Progress is logged each time that so much more has come, or after so long. */
const progressBytes = 100 * 1024 * 1024;
const progressMs = 30_000;
const minLoggedWaitMs = 5_000;
/**
 * Fetches the artifacts that the step asked for: their values as outputs, their files into folders. One that can't be
 * had doesn't stop the others; the error names each.
 */
async function downloadArtifacts(context, deps, signal) {
    const { inputs, available, isSuccess } = context;
    const { outputsArtifact, downloadArtifacts: filesOf } = inputs;
    const errors = [];
    const attempt = async (work) => {
        try {
            await work();
        }
        catch (error) {
            if (signal.aborted || !(error instanceof build_errors/* ActionError */.lZ))
                throw error;
            errors.push(error);
        }
    };
    if (outputsArtifact !== undefined)
        await attempt(() => downloadOutputs(context, deps, signal));
    for (const artifact of filesOf === undefined ? [] : selectFiles(context, filesOf, deps))
        await attempt(() => downloadFiles(artifact, context, deps, signal));
    const requested = [...(outputsArtifact === undefined ? [] : [outputsArtifact]), ...(filesOf ?? [])];
    const { missing } = selectArtifacts(requested, available);
    if (missing.length > 0) {
        const text = missingArtifactsMessage(missing, available);
        const inputNames = [
            ...(outputsArtifact !== undefined && missing.includes(outputsArtifact) ? ["`outputs-artifact`"] : []),
            ...(filesOf?.some((name) => missing.includes(name)) ? ["`download-artifacts`"] : []),
        ].join(" and ");
        if (!isSuccess)
            deps.runner.write([{ type: "warning", text }]);
        else
            errors.push(new build_errors/* ActionError */.lZ("not-found", text, { hint: `Correct ${inputNames}, or publish the artifact.` }));
    }
    const [first] = errors;
    if (first !== undefined)
        throw errors.length === 1 ? first : combineErrors(first, errors);
}
/** The code is the first one's. */
function combineErrors(first, errors) {
    const hints = new Set(errors.flatMap(({ hint }) => hint ?? []));
    return new build_errors/* ActionError */.lZ(first.code, errors.map(({ message }) => message).join("\n"), {
        hint: [...hints].join("\n"),
        cause: first,
    });
}
/** Says why nothing is fetched of a run that goes on, to those who asked for something. */
function logSkippedDownload(inputs, runner) {
    if (!requestsArtifacts(inputs))
        return;
    const text = "No artifacts were fetched: they are fetched only once the run is completed.";
    runner.write([{ type: "text", text }]);
}
function requestsArtifacts({ outputsArtifact, downloadArtifacts }) {
    return outputsArtifact !== undefined || downloadArtifacts !== undefined;
}
async function downloadOutputs({ inputs, run, available, store }, { outputs, runner }, signal) {
    const artifact = available.find(({ name }) => name === inputs.outputsArtifact);
    if (artifact === undefined)
        return;
    const ref = { artifact, runId: run.id, pipelineId: run.pipeline.id };
    const entries = await store.readOutputs(ref, { onWait: createWaitLogger(artifact, runner) }, signal);
    for (const [name] of entries) {
        try {
            (0,output_values/* checkOutputName */.tq)(name);
        }
        catch (error) {
            throw new build_errors/* ActionError */.lZ("bad-input", `outputs-artifact: ${(0,build_errors/* reasonOf */.A3)(error)}`);
        }
    }
    // GitHub takes names in upper and lower case for one.
    const mappedNames = new Set(inputs.mapOutputs.map(({ name }) => name.toLowerCase()));
    const isMapped = ([name]) => mappedNames.has(name.toLowerCase());
    const clashes = entries.filter(isMapped).map(([name]) => (0,lib_text/* oneLine */.TN)(name));
    if (clashes.length > 0) {
        const text = `outputs-artifact: ${clashes.join(", ")} was not set, since \`map-outputs\` sets an output of that name.`;
        runner.write([{ type: "warning", text }]);
    }
    outputs.set(Object.fromEntries(entries.filter((entry) => !isMapped(entry))));
}
/** What nobody asked for by name, and can't be downloaded, is no failure. */
function selectFiles({ available }, requested, { runner }) {
    const { found } = selectArtifacts(requested, available.filter(({ name, kind }) => kind !== "other" || requested.includes(name)));
    if (found.length === 0 && requested.includes("*"))
        runner.write([{ type: "text", text: "The run has no artifacts to download." }]);
    return found;
}
async function downloadFiles(artifact, { inputs, run, store }, { runner, clock }, signal) {
    const name = (0,lib_text/* oneLine */.TN)(artifact.name);
    const onProgress = createProgressLogger(artifact, { runner, clock });
    const options = { into: inputs.artifactsPath, onProgress, onWait: createWaitLogger(artifact, runner) };
    const ref = { artifact, runId: run.id, pipelineId: run.pipeline.id };
    const { files, bytes, hadFiles } = await store.save(ref, options, signal);
    const folder = `${inputs.artifactsPath}/${name}`;
    const summary = `${files} ${files === 1 ? "file" : "files"}, ${(0,lib_text/* sizeText */.lP)(bytes)}`;
    runner.write([{ type: "text", text: `Downloaded ${name} to ${folder}: ${summary}` }]);
    if (!hadFiles)
        return;
    const text = `${folder} already held files: those that the artifact does not have are still there.`;
    runner.write([{ type: "warning", text }]);
}
/** Logs how far a large or slow download has come. */
function createProgressLogger({ name, size }, { runner, clock }) {
    let loggedBytes = 0;
    let loggedAt = clock.now();
    return (bytes) => {
        const isDue = bytes - loggedBytes >= progressBytes || clock.now() - loggedAt >= progressMs;
        if (!isDue || bytes === loggedBytes)
            return;
        loggedBytes = bytes;
        loggedAt = clock.now();
        const totalText = size === undefined ? "" : ` of ${(0,lib_text/* sizeText */.lP)(size)}`;
        runner.write([{ type: "text", text: `Downloading ${(0,lib_text/* oneLine */.TN)(name)}: ${(0,lib_text/* sizeText */.lP)(bytes)}${totalText}` }]);
    };
}
/** Says what a download waits for, unless it is over in a moment. */
function createWaitLogger({ name }, runner) {
    return (waitMs, reason) => {
        if (waitMs < minLoggedWaitMs)
            return;
        const text = `Asking for artifact ${(0,lib_text/* quotedName */.aH)(name)} in ${(0,time/* durationText */.S5)(waitMs)}: ${(0,lib_text/* oneLine */.TN)(reason)}.`;
        runner.write([{ type: "text", text }]);
    };
}


/***/ }),

/***/ 3496:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IT: () => (/* binding */ finishStep),
/* harmony export */   fz: () => (/* binding */ annotate),
/* harmony export */   vQ: () => (/* binding */ finishAfterTimeout)
/* harmony export */ });
/* harmony import */ var _core_condition_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8563);
/* harmony import */ var _core_failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(31);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(1527);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9987);
/* harmony import */ var _render_labels_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5542);
/* harmony import */ var _render_run_text_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8182);
/* harmony import */ var _render_status_text_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2919);
/* harmony import */ var _artifacts_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(611);
/* harmony import */ var _cancel_run_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(3596);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(5802);
/* harmony import */ var _step_summary_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(1225);












/** Decides how the step ends, downloads what was asked for, and reports both in summary, check and log. */
async function finishStep(result, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run, tree, document } = result;
    const isCompleted = run.status === "completed";
    // Requested at once, and awaited only where it is needed.
    const pendingFindings = (0,_step_summary_js__WEBPACK_IMPORTED_MODULE_10__/* .fetchFindings */ .rB)(result, tracking, signal);
    pendingFindings.catch(() => undefined);
    if (isCompleted)
        await logs.finish(tree, signal);
    else
        (0,_artifacts_js__WEBPACK_IMPORTED_MODULE_7__/* .logSkippedDownload */ .Pw)(inputs, deps.runner);
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_9__/* .setAllOutputs */ .u8)(document, tracking);
    if (result.end !== "reached" && !isCompleted)
        return await finishAfterTimeout(result, tracking, signal);
    const condition = (0,_core_condition_js__WEBPACK_IMPORTED_MODULE_0__/* .evaluateCondition */ .F9)(inputs.successWhen, document);
    const isSuccess = condition.holds;
    const cancelOutcome = isCompleted || inputs.onStop === "leave" ? undefined : await cancelAfterStop(run, tracking, signal);
    const findings = await pendingFindings;
    const actionError = (isCompleted
        ? await downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal)
        : undefined) ?? conditionError(condition, run);
    const conditionText = isSuccess ? "reached what was waited for" : "did not reach what was waited for";
    const outcomeText = (0,_render_labels_js__WEBPACK_IMPORTED_MODULE_4__/* .resultText */ .D6)(run) ?? conditionText;
    const text = actionError === undefined ? outcomeText : `${outcomeText}, and the action gave up (${actionError.code})`;
    const kind = actionError !== undefined
        ? "error"
        : isSuccess
            ? "succeeded"
            : run.result === "canceled"
                ? "canceled"
                : "failed";
    await (0,_step_summary_js__WEBPACK_IMPORTED_MODULE_10__/* .publishSummary */ .Iv)(result, { verdict: { kind, text, cancelOutcome }, findings }, tracking, signal);
    annotate(result, deps.runner, { isSuccess });
    signal.throwIfAborted();
    const failure = (0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_5__/* .failureMessage */ .oh)(run, (0,_core_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .rootCauses */ .FQ)(tree, run));
    if (actionError !== undefined)
        throw isSuccess ? actionError : combineErrors(failure, actionError);
    if (isSuccess) {
        deps.runner.write([{ type: "text", text: (0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_5__/* .footerText */ .PJ)(run, tree) }]);
        return "succeeded";
    }
    deps.runner.write([{ type: "error", text: failure }]);
    return "failed";
}
/** `on-stop: cancel` of a run that is still going. The verdict doesn't depend on it. */
async function cancelAfterStop({ id }, tracking, signal) {
    const outcome = await (0,_cancel_run_js__WEBPACK_IMPORTED_MODULE_8__/* .cancelAsConfigured */ .pj)(id, "on-stop", tracking.deps.pipelines, signal);
    tracking.deps.runner.write([{ type: outcome.isStillRunning ? "warning" : "text", text: outcome.text }]);
    return outcome;
}
/** Without a value, `success-when` says nothing about the run. */
function conditionError({ problem, isNull }, run) {
    if (problem === undefined && !isNull)
        return undefined;
    const reason = problem ?? "it has no value for this run";
    return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("bad-input", `success-when could not be evaluated: ${reason}. ${run.url}`, {
        hint: "Correct `success-when`: it must yield true or false for the output `run`.",
    });
}
/** A run that failed, and an error of the action's own: one error, with the code of the latter. */
function combineErrors(failure, actionError) {
    const { code, hint } = actionError;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ(code, `${failure}\n${actionError.message}`, { hint, cause: actionError });
}
/** Artifacts: what goes wrong with them is told after everything else has been. */
async function downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal) {
    const { inputs, deps } = tracking;
    if (!(0,_artifacts_js__WEBPACK_IMPORTED_MODULE_7__/* .requestsArtifacts */ .o4)(inputs))
        return undefined;
    const { run } = result;
    try {
        const available = findings.artifacts ?? (await deps.pipelines.listArtifacts(run.id, { retryForMs: 60_000 }, signal));
        await (0,_artifacts_js__WEBPACK_IMPORTED_MODULE_7__/* .downloadArtifacts */ .UL)({ inputs, run, available, store: deps.store, isSuccess }, deps, signal);
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ)
            return error;
        throw error;
    }
}
/** Ends a wait that took too long, as `on-timeout` says, and says what the run was still waiting for. */
async function finishAfterTimeout(lastState, tracking, signal) {
    const { inputs, deps } = tracking;
    const { run } = lastState;
    const isQueued = lastState.end === "queued-too-long";
    const elapsed = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_11__/* .durationText */ .S5)((isQueued ? inputs.queueTimeoutMs : inputs.timeoutMs) ?? 0);
    const activity = "tree" in lastState
        ? `still ${(0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_6__/* .activityText */ .$I)(lastState.run, lastState.tree)}`
        : "no look at it was answered";
    const statusText = isQueued
        ? `Nothing of ${run.name} has run after ${elapsed} in the queue: ${activity}.`
        : `${run.name} was not done after ${elapsed}: ${activity}.`;
    const publish = async (verdict) => {
        if ("tree" in lastState)
            await (0,_step_summary_js__WEBPACK_IMPORTED_MODULE_10__/* .publishSummary */ .Iv)(lastState, { verdict }, tracking, signal);
        else
            await tracking.reports.closeUnpolled(verdict, signal);
        signal.throwIfAborted();
    };
    if (inputs.onTimeout === "leave") {
        await publish({ kind: "running", text: `left alone after ${elapsed}` });
        if ("tree" in lastState)
            annotate(lastState, deps.runner, { isSuccess: true, reservedWarnings: 1 });
        deps.runner.write([
            { type: "warning", text: `${statusText} It was left alone, as on-timeout says. ${run.url}` },
        ]);
        return "left";
    }
    const cancelOutcome = inputs.onTimeout === "cancel"
        ? await (0,_cancel_run_js__WEBPACK_IMPORTED_MODULE_8__/* .cancelAsConfigured */ .pj)(run.id, "on-timeout", tracking.deps.pipelines, signal)
        : { text: "It goes on.", isStillRunning: true };
    const verdictText = isQueued ? `not run after ${elapsed} in the queue` : `timed out after ${elapsed}`;
    await publish({ kind: "timed-out", text: verdictText, cancelOutcome });
    if ("tree" in lastState)
        annotate(lastState, deps.runner);
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, {
        hint: `Raise \`${isQueued ? "queue-timeout" : "timeout"}\`, or check what the run is waiting for.`,
    });
}
/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const maxAnnotations = 10;
/** The run's own issues as annotations of the step, which has given warnings of its own. */
function annotate({ run, tree }, runner, { isSuccess = false, reservedWarnings = 0 } = {}) {
    const warnings = Math.max(0, maxAnnotations - runner.warningCount() - reservedWarnings);
    const limits = { errors: maxAnnotations - 1, warnings, isSuccess };
    runner.write((0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .annotationLines */ .b)((0,_core_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .annotationsOf */ .Ih)(tree, run, limits), (path) => runner.repositoryPath(path)));
}


/***/ }),

/***/ 8655:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   reportInterruptedRun: () => (/* binding */ reportInterruptedRun)
/* harmony export */ });
/* harmony import */ var _finish_step_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3496);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5802);
/* harmony import */ var _step_summary_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1225);



/** Outputs, summary and signs of a run whose end the step did not see. */
async function reportInterruptedRun(verdict, { snapshot, tracking }, signal) {
    if (snapshot === undefined)
        return await tracking.reports.closeUnpolled(verdict, signal);
    // What went wrong after the end was told has nothing to add to it.
    if (tracking.stepState.isFinalized)
        return;
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_1__/* .setAllOutputs */ .u8)(snapshot.document, tracking);
    (0,_finish_step_js__WEBPACK_IMPORTED_MODULE_0__/* .annotate */ .fz)(snapshot, tracking.deps.runner);
    await (0,_step_summary_js__WEBPACK_IMPORTED_MODULE_2__/* .publishSummary */ .Iv)(snapshot, { verdict }, tracking, signal).catch(() => undefined);
}


/***/ }),

/***/ 1225:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Iv: () => (/* binding */ publishSummary),
/* harmony export */   rB: () => (/* binding */ fetchFindings),
/* harmony export */   s6: () => (/* binding */ summarizeUnpolledRun)
/* harmony export */ });
/* harmony import */ var _core_failures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31);
/* harmony import */ var _core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8352);
/* harmony import */ var _core_run_urls_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9542);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6551);




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
    const hasJustFinished = ((0,_core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_2__/* .msSinceFinished */ .L)(snapshot) ?? recentMs) < recentMs;
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
function createReport({ run, tree, at, timelineUnavailable }, { verdict, findings }, { inputs, logs }) {
    return {
        run,
        tree,
        verdict,
        at,
        timelineUnavailable,
        project: inputs.projectRef.project,
        pipeline: run.pipeline.name ?? "pipeline",
        causes: (0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .rootCauses */ .FQ)(tree, run),
        excerpts: logs.excerpts(),
        tests: findings.tests,
        artifacts: findings.artifacts?.map(({ name, size }) => ({
            name,
            bytes: size,
            url: (0,_core_run_urls_js__WEBPACK_IMPORTED_MODULE_3__/* .artifactsUrl */ .N)(run.url),
        })),
    };
}


/***/ }),

/***/ 8352:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ msSinceFinished)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1527);

/** How long ago a run finished; `undefined` where the service doesn't say when. */
function msSinceFinished({ run, at }) {
    const end = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_0__/* .parseTime */ .pe)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}


/***/ })

};
