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
const shownAtMost = 10;
/** The run's own issues as annotations of the step, which has given warnings of its own, and may have more to give. */
function annotate({ run, tree }, host, warningsToCome = 0) {
    const warnings = Math.max(0, shownAtMost - host.warnings() - warningsToCome);
    const most = { errors: shownAtMost - 1, warnings };
    host.write((0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .annotationLines */ .b)((0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run.problems, most), (path) => host.repositoryPath(path)));
}


/***/ }),

/***/ 4858:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   lastWords: () => (/* binding */ lastWords)
/* harmony export */ });
/* harmony import */ var _annotate_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2470);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5802);
/* harmony import */ var _summarize_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3009);



/** Outputs, summary and signs of a run whose end the step did not see. */
async function lastWords(verdict, { sight, scene }, signal) {
    if (sight === undefined)
        return await scene.signs.endUnseen(verdict, signal);
    // What went wrong after the end was told has nothing to add to it.
    if (scene.course.isEndTold)
        return;
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_1__/* .tellAll */ .FY)(sight.document, scene);
    (0,_annotate_js__WEBPACK_IMPORTED_MODULE_0__/* .annotate */ .f)(sight, scene.means.host);
    await (0,_summarize_js__WEBPACK_IMPORTED_MODULE_2__/* .summarize */ .eh)(sight, { verdict }, scene, signal).catch(() => undefined);
}


/***/ }),

/***/ 1073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G9: () => (/* binding */ settle),
/* harmony export */   mq: () => (/* binding */ isLagging),
/* harmony export */   w4: () => (/* binding */ overForMs)
/* harmony export */ });
/* harmony import */ var _core_nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _core_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3669);


/** The service keeps a run, its records and its logs apart: how long what is missing at the run's end is waited for. */
const pausesMs = [1_000, 2_000, 4_000];
/** Of a run that has been over for longer nothing more comes. */
const freshMs = 60_000;
const answerAtMostMs = 10_000;
/** How long a run has been over; `undefined` where nobody can tell. */
function overForMs({ run, at }) {
    const end = (0,_core_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}
/** Whether the ends of what has begun in a run that is over may still come. */
function isLagging(sight) {
    return isFresh(sight) && (0,_core_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .isUnfinished */ .ui)(sight.tree);
}
/** Sees the end of a run, and looks again while its last records, or logs that are wanted, have not come. */
async function settle(end, { look, see, awaitsLogs, clock }, signal) {
    let last = end;
    let sight = await see(end);
    for (const pauseMs of pausesMs) {
        if (!isLagging(sight) && !(isFresh(sight) && awaitsLogs()))
            return sight;
        await clock.sleep(pauseMs, signal);
        const options = { patienceMs: 0, timeoutMs: answerAtMostMs, thorough: true };
        const next = await look(options, signal).catch(() => undefined);
        signal.throwIfAborted();
        if (next?.run.status !== "completed")
            continue;
        last = next;
        sight = await see(next);
    }
    return isLagging(sight) ? await see(last, true) : sight;
}
function isFresh(sight) {
    return (overForMs(sight) ?? freshMs) < freshMs;
}


/***/ }),

/***/ 3009:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Km: () => (/* binding */ rehearse),
/* harmony export */   WX: () => (/* binding */ findingsOf),
/* harmony export */   cO: () => (/* binding */ summarizeUnseen),
/* harmony export */   eh: () => (/* binding */ summarize)
/* harmony export */ });
/* harmony import */ var _core_causes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(792);
/* harmony import */ var _core_links_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3163);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7335);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1073);




const nothing = { tests: undefined, artifacts: undefined };
/** What is nice to tell is not worth a wait: whoever asked for artifacts asks again. */
const decoration = { patienceMs: 0, timeoutMs: 5_000 };
/** Test results are made known a little after the run's end. */
const youngMs = 30_000;
/** Looks for tests and artifacts, if anybody will be told of them. */
async function findingsOf(sight, { inputs, means }, signal) {
    const { run } = sight;
    const isTold = inputs.summary || inputs.checkRun !== undefined;
    if (run.status !== "completed" || !isTold)
        return nothing;
    const isYoung = ((0,_settle_js__WEBPACK_IMPORTED_MODULE_2__/* .overForMs */ .w4)(sight) ?? youngMs) < youngMs;
    const orNothing = () => {
        signal.throwIfAborted();
        return undefined;
    };
    const [tests, artifacts] = await Promise.all([
        means.pipelines.tests({ runId: run.id, isYoung }, signal).catch(orNothing),
        means.pipelines.artifacts(run.id, decoration, signal).catch(orNothing),
    ]);
    return { tests, artifacts };
}
/** Writes the job's summary and brings check run and commit status to their end. */
async function summarize(sight, { verdict, findings = nothing }, { inputs, means, course, logs, signs }, signal) {
    if (!course.claimEnd())
        return;
    const report = reportOf(sight, { verdict, findings }, { inputs, logs });
    if (inputs.summary)
        await means.host.summarize((bytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .summaryOf */ .YG)(report, bytes));
    await signs.end(report, signal);
}
/** Writes the summary of a run that the step does not wait for: there is little to tell. */
async function summarizeUnseen(run, { inputs, means }) {
    if (!inputs.summary)
        return;
    const pipeline = run.pipelineName ?? labelOf(inputs.target);
    const unseen = { project: inputs.place.project, pipeline, run, isStarted: !run.isOthers };
    await means.host.summarize(() => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .unseenSummary */ .$W)(unseen));
}
/** What the inputs call the pipeline. */
function labelOf(target) {
    if (target.kind === "follow")
        return undefined;
    return target.pipeline.by === "name" ? target.pipeline.name : `pipeline ${target.pipeline.id}`;
}
/**
 * Renders a summary for nobody, while there is nothing else to do: the engine compiles what the end of the run will need
 * at once. Of a small run only, so that the rehearsal never costs what it saves.
 */
function rehearse(sight, scene) {
    const jobs = sight.tree.stages.reduce((count, stage) => count + stage.jobs.length, 0);
    if (jobs === 0 || jobs > 50)
        return;
    const tests = { passed: 1, failed: 0, skipped: 0, failedNames: [] };
    const verdict = { kind: "succeeded", text: "rehearsed" };
    (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .summaryOf */ .YG)(reportOf(sight, { verdict, findings: { tests, artifacts: [] } }, scene));
}
function reportOf({ run, tree, at, untold }, { verdict, findings }, { inputs, logs }) {
    return {
        run,
        tree,
        verdict,
        at,
        untold,
        project: inputs.place.project,
        pipeline: run.pipeline.name ?? "pipeline",
        causes: (0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .firstCauses */ .p)(tree, run.problems),
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
/* harmony export */   I: () => (/* binding */ annotationsOf),
/* harmony export */   p: () => (/* binding */ firstCauses)
/* harmony export */ });
/* harmony import */ var _echo_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1069);
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _spots_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3919);
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3669);




/** What explains the end of the run, first causes first: echoes, then what was only canceled, come last. */
function firstCauses(tree, problems = []) {
    const found = distinct(ranked(tree, "error").filter(({ rank }) => rank !== ranks.harmless));
    return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}
function isExplained(causes) {
    return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}
/** Why the run as a whole could not be run. */
function problemCause(message) {
    const nowhere = { stage: undefined, job: undefined, task: undefined, path: "" };
    const issue = { severity: "error", message, logLine: undefined, file: undefined };
    return {
        ...nowhere,
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
function annotationsOf(tree, problems, most) {
    const failures = ranked(tree, "error");
    const cautions = ranked(tree, "warning");
    const told = distinct(spread(failures)).filter((cause) => cause.issue !== undefined);
    const errors = isExplained(firstCauses(tree)) ? told : [...problems.map(problemCause), ...told];
    const warnings = distinct(cautions);
    const all = (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .countsOf */ .mQ)(tree.stages);
    const repeated = (found) => found.filter(repeatsItsTask(found)).length;
    return {
        errors: errors.slice(0, most.errors),
        warnings: warnings.slice(0, most.warnings),
        moreErrors: beyond(all.errors - repeated(failures), errors.length, most.errors),
        moreWarnings: beyond(all.warnings - repeated(cautions), warnings.length, most.warnings),
    };
}
/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function spread(found) {
    const places = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const place = JSON.stringify([path, jobId, taskId]);
        if (rank > ranks.exitCode || places.has(place))
            return false;
        places.add(place);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (one) => (isFirst(one) ? "first" : "other"));
    return [...first, ...other];
}
/** An agent counts on when it stops to list, so the count may exceed the list. */
function beyond(count, found, most) {
    return found <= most ? Math.max(0, count - found) : Math.max(count, found) - most;
}
const ranks = { failed: 0, exitCode: 1, echo: 2, withIssues: 3, harmless: 4, canceled: 5 };
function ranked(tree, severity) {
    return (0,_spots_js__WEBPACK_IMPORTED_MODULE_0__/* .spotsIn */ .x)(tree)
        .flatMap((spot) => {
        const issues = spot.node.issues.filter((issue) => issue.severity === severity);
        const isMute = severity === "error" && issues.length === 0 && !spot.isEchoed && hasFailed(spot.node);
        return (isMute ? [undefined] : issues).map((issue) => {
            const rank = rankOf(spot, issue, issues);
            const at = (0,_time_js__WEBPACK_IMPORTED_MODULE_2__/* .timeOf */ .nR)(spot.node.finishedAt) ?? Number.MAX_SAFE_INTEGER;
            return { rank, at, cause: causeOf(spot, issue, rank === ranks.echo || rank === ranks.canceled) };
        });
    })
        .sort((a, b) => a.rank - b.rank || a.at - b.at);
}
function rankOf({ node, isEchoed }, issue, among) {
    if (node.result === "canceled" || node.result === "abandoned")
        return ranks.canceled;
    if (node.result === "succeededWithIssues")
        return ranks.withIssues;
    if (!hasFailed(node))
        return ranks.harmless;
    if (isEchoed)
        return ranks.echo;
    // "Bash exited with code '1'" is the cause only where nothing better is said.
    const isLesser = issue !== undefined && (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isEcho */ .y)(issue.message) && !among.every((other) => (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isEcho */ .y)(other.message));
    return isLesser ? ranks.exitCode : ranks.failed;
}
function hasFailed(node) {
    return node.result === "failed";
}
function causeOf(spot, issue, isConsequence) {
    const { stage, job, task, node, fallback } = spot;
    return {
        stage: stage?.displayName,
        job: job && (stage?.displayName === undefined ? (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .jobTitle */ .a9)(job) : job.displayName),
        task: task?.displayName,
        message: issue?.message ?? fallback,
        issue,
        path: (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .pathOf */ .XM)(stage, job, task),
        jobId: job?.id,
        taskId: task?.id,
        logId: node.logId,
        logLine: issue?.logLine,
        isConsequence,
    };
}
/** A job repeats what one of its tasks has said already. */
function repeatsItsTask(found) {
    const keyOf = ({ jobId, message }) => JSON.stringify([jobId, message]);
    const inTasks = new Set(found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)));
    return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && inTasks.has(keyOf(cause));
}
/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found) {
    const said = new Map();
    const isRepeated = repeatsItsTask(found);
    for (const one of found) {
        if (isRepeated(one))
            continue;
        const { cause } = one;
        const { jobId, taskId, message, issue } = cause;
        const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
        if (!said.has(key))
            said.set(key, cause);
    }
    return [...said.values()];
}


/***/ })

};
