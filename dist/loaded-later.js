"use strict";
exports.id = 162;
exports.ids = [162,69];
exports.modules = {

/***/ 8069:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AN: () => (/* binding */ cancelStages),
/* harmony export */   BH: () => (/* binding */ tryGetRun),
/* harmony export */   Ir: () => (/* binding */ findDuplicates),
/* harmony export */   Su: () => (/* binding */ cancelRun),
/* harmony export */   _X: () => (/* binding */ doubtfulDuplicates),
/* harmony export */   cancelDuplicates: () => (/* binding */ cancelDuplicates),
/* harmony export */   eN: () => (/* binding */ stagesAsSubject),
/* harmony export */   pj: () => (/* binding */ cancelAsConfigured)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9984);
/* harmony import */ var _lib_retry_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6777);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7240);
/* harmony import */ var _find_started_run_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4648);




async function cancelRun(runId, { request, maxAttempts = 1 }, { runs, clock }, signal) {
    const cancel = async () => {
        try {
            await runs.cancel(runId, request, signal);
            return { kind: "cancelled" };
        }
        catch (error) {
            const isRejected = error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ;
            if (isRejected && (await tryGetRun(runId, runs, signal))?.status === "completed")
                return { kind: "completed" };
            return { kind: "failed", error };
        }
    };
    return await (0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_3__/* .retry */ .L5)(cancel, {
        retryResult: ({ kind }) => (kind === "failed" && !signal.aborted ? {} : undefined),
        maxAttempts,
        delayMs: () => 0,
        clock,
        signal,
    });
}
async function tryGetRun(runId, runs, signal) {
    return await runs
        .get(runId, { retryForMs: 0, timeoutMs: 1_000 }, signal)
        .catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ignoreError */ .FZ)("the run's status is then unknown"));
}
async function cancelDuplicates(search, runId, deps, signal) {
    await deps.clock.sleep(1_000, signal);
    const { certain, doubtful } = await findDuplicates(search, runId, deps, signal);
    signal.throwIfAborted();
    for (const duplicate of certain)
        await cancelDuplicate(duplicate, deps, signal);
    if (doubtful.length > 0)
        deps.runner.write([doubtfulDuplicates(doubtful)]);
}
async function findDuplicates(search, runId, deps, signal) {
    const found = await (0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .findCandidates */ .eE)(search, deps, signal).catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ignoreError */ .FZ)("a duplicate that cannot be searched for must not end the step"));
    const others = (found?.matches ?? []).filter(({ candidate }) => candidate.id !== runId);
    const certain = (0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .exactMatches */ .Nk)(others, search.attempts - 1);
    return { certain, doubtful: certain.length > 0 ? [] : others.map(({ candidate }) => candidate) };
}
function doubtfulDuplicates(runs) {
    const text = `An earlier request may also have started one of these runs. None was cancelled, since they may belong to somebody else:\n${(0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .describeRuns */ ._N)(runs)}`;
    return { type: "warning", text };
}
async function cancelDuplicate({ id, name, url, status }, deps, signal) {
    const { runner } = deps;
    const message = `An earlier request had also started ${name}`;
    const warn = (text) => runner.write([{ type: "warning", text: `${message}; ${text}: ${url}` }]);
    if (status === "completed")
        return warn("it has ended");
    const result = await cancelRun(id, { request: { retryForMs: 30_000 } }, deps, signal);
    signal.throwIfAborted();
    if (result.kind === "completed")
        return warn("it has ended");
    if (result.kind === "failed")
        return warn(`it could not be cancelled (${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(result.error)})`);
    runner.write([{ type: "text", text: `${message}; it was cancelled: ${url}` }]);
}
async function cancelStagesAsConfigured(target, input, deps, signal) {
    if (target.stages.length === 0)
        return {
            text: "The run was left running, since this step has not started a stage of it.",
            isStillRunning: true,
        };
    const { subject, was } = stagesAsSubject(target.stages);
    try {
        await cancelStages(target, { ...deps, request: { retryForMs: 60_000 } }, signal);
        return { text: `${subject} ${was} cancelled (${input}: cancel).`, isStillRunning: false };
    }
    catch (error) {
        signal.throwIfAborted();
        return { text: `${subject} could not be cancelled (${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(error)}).`, isStillRunning: true };
    }
}
async function cancelAsConfigured(runId, input, { deps }, signal) {
    const { phase } = deps.stepState;
    const stages = phase.at === "following" ? phase.stages : undefined;
    if (stages !== undefined)
        return await cancelStagesAsConfigured({ runId, stages }, input, deps, signal);
    const result = await cancelRun(runId, { request: { retryForMs: 60_000 } }, deps, signal);
    signal.throwIfAborted();
    if (result.kind === "cancelled")
        return { text: `The run was cancelled (${input}: cancel).`, isStillRunning: false };
    if (result.kind === "completed")
        return { text: "The run had already completed.", isStillRunning: false };
    const text = `The run could not be cancelled (${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(result.error)}) and is still running.`;
    return { text, isStillRunning: true };
}
async function cancelStages({ runId, stages }, { stages: api, request }, signal) {
    const cancel = (stage) => api.update(runId, { stage, state: "cancel" }, request, signal);
    const results = await Promise.allSettled(stages.map(cancel));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined)
        throw failed.reason;
}
function stagesAsSubject(stages) {
    const isSingle = stages.length === 1;
    return { subject: `${isSingle ? "Stage" : "Stages"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .listed */ .KE)(stages)}`, was: isSingle ? "was" : "were" };
}


/***/ }),

/***/ 7162:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  attachToRun: () => (/* reexport */ attachToRun),
  findOrStartRun: () => (/* reexport */ findOrStartRun),
  handleInterruption: () => (/* reexport */ handleInterruption),
  preview: () => (/* reexport */ preview),
  reportInterruptedRun: () => (/* reexport */ reportInterruptedRun),
  resumeEarlierRun: () => (/* reexport */ resumeEarlierRun),
  retryFollowedRun: () => (/* reexport */ retryFollowedRun),
  runPostStep: () => (/* reexport */ runPostStep),
  trackRun: () => (/* reexport */ trackRun)
});

// EXTERNAL MODULE: ./build/core/build-run-tree.js
var build_run_tree = __webpack_require__(9636);
// EXTERNAL MODULE: ./build/core/pipeline-folder.js
var pipeline_folder = __webpack_require__(5846);
// EXTERNAL MODULE: ./build/lib/json.js
var json = __webpack_require__(9897);
;// CONCATENATED MODULE: ./build/lib/memoize.js
function memoize(compute) {
    const results = new WeakMap();
    return (key) => {
        const known = results.get(key);
        if (known !== undefined)
            return known.value;
        const value = compute(key);
        results.set(key, { value });
        return value;
    };
}

// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(4374);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(1795);
;// CONCATENATED MODULE: ./build/core/issue-locations.js



const cancelMessage = /^(?:error: )?(?:the |a )?(?:operation|task) (?:was|has been|will be) cancell?ed\b|^(?:System\.)?(?:Threading\.Tasks\.)?(?:Operation|Task)Cancell?edException/i;
function hasFailed({ result, isTask }) {
    return result === "failed" || (result === "abandoned" && !isTask);
}
const failedCheckTexts = {
    approval: "approval was not given",
    authorization: "permission was not given",
    check: "a check did not pass",
    "manual-validation": "manual validation was rejected",
    delay: "a delay was ended",
    manual: "it was not started",
};
function failedCheckText({ kind, name }) {
    return kind === "check" && name !== null
        ? `the check ${(0,lib_text/* oneLine */.TN)(name)} did not pass`
        : failedCheckTexts[kind];
}
function issueLocations(tree) {
    return [
        ...tree.stages.flatMap(stageLocations),
        ...(0,run_tree/* pipelineChecks */.gy)(tree).map((check) => checkLocation(check, undefined)),
        {
            ...emptyLocation,
            node: { result: null, logId: null, issues: tree.issues, isTask: false },
            at: Number.MAX_SAFE_INTEGER,
            counts: issueCountsOf(tree.issues),
        },
    ];
}
function stageLocations(stage) {
    const children = [...stage.jobs, ...stage.checks];
    const failedChildren = children.filter((child) => hasFailed({ ...child, isTask: false }));
    const issuesBelow = [
        ...children.flatMap(({ issues }) => issues),
        ...stage.jobs.flatMap(({ tasks }) => issuesIn(tasks)),
    ];
    return [
        ...stage.checks.map((check) => checkLocation(check, stage)),
        ...stage.jobs.flatMap((job) => jobLocations(job, stage)),
        {
            ...emptyLocation,
            stage,
            node: { ...stage, isTask: false },
            at: timeOf(stage.finishedAt),
            counts: issueCountsOf(stage.issues),
            hasFailedChild: failedChildren.length > 0,
            hasExplainedChild: failedChildren.some((child) => !("errors" in child) || child.errors > 0),
            hasIssueBelow: issuesBelow.length > 0,
            hasErrorBelow: issuesBelow.some(isError),
            tolerance: stage.result === "succeededWithIssues" ? "let-pass" : "none",
        },
    ];
}
function jobLocations(job, stage) {
    const isInTolerated = isTolerated(stage) || isTolerated(job);
    const failedTasks = job.tasks.filter(({ result }) => result === "failed");
    const interrupted = job.status === "completed" ? job.tasks.filter(wasInterrupted) : [];
    const issuesBelow = issuesIn(job.tasks);
    const interruptedAt = interrupted.map((task) => timeOf(task.finishedAt ?? task.startedAt));
    const isEndedFromOutside = job.result === "canceled" || job.result === "abandoned";
    const jobLocation = {
        ...emptyLocation,
        stage,
        job,
        node: { ...job, isTask: false },
        at: Math.min(timeOf(job.finishedAt), ...interruptedAt),
        counts: issueCountsOf(job.issues),
        hasFailedChild: failedTasks.length > 0,
        hasExplainedChild: failedTasks.some(({ issues }) => issues.some(isError)),
        hasIssueBelow: issuesBelow.length > 0,
        hasErrorBelow: issuesBelow.some((issue) => isError(issue) && !cancelMessage.test(issue.message.trim())),
        tolerance: isTolerated(stage) || job.result === "succeededWithIssues" ? "let-pass" : "none",
        wasInterrupted: interrupted.length > 0,
        isCanceledInside: issuesBelow.some(({ message }) => cancelMessage.test(message.trim())),
        fallbackMessage: job.result === "abandoned" ? "The job was abandoned." : undefined,
    };
    const taskLocations = job.tasks.filter(mayExplain).map((task) => ({
        ...emptyLocation,
        stage,
        job,
        task,
        node: { ...task, isTask: true },
        at: timeOf(task.finishedAt),
        counts: task,
        tolerance: taskTolerance(task, isInTolerated),
    }));
    return isEndedFromOutside ? [jobLocation, ...taskLocations] : [...taskLocations, jobLocation];
}
function mayExplain({ result, issues, errors, warnings }) {
    const isUneventful = result === null || result === "succeeded" || result === "skipped";
    return !isUneventful || issues.length > 0 || errors > 0 || warnings > 0;
}
function issuesIn(tasks) {
    const found = [];
    for (const { issues } of tasks)
        if (issues.length > 0)
            found.push(...issues);
    return found;
}
const emptyLocation = {
    stage: undefined,
    job: undefined,
    task: undefined,
    hasFailedChild: false,
    hasExplainedChild: false,
    hasIssueBelow: false,
    hasErrorBelow: false,
    tolerance: "none",
    wasInterrupted: false,
    isCanceledInside: false,
};
function isTolerated({ result }) {
    return result === "succeededWithIssues" || result === "succeeded";
}
function taskTolerance({ result }, isInTolerated) {
    if (result === "succeeded" || result === "skipped")
        return "harmless";
    return isInTolerated || result === "succeededWithIssues" ? "let-pass" : "none";
}
function wasInterrupted({ status, result }) {
    return status !== "completed" || result === "canceled" || result === "abandoned";
}
function isError({ severity }) {
    return severity === "error";
}
function issueCountsOf(issues) {
    const errors = issues.filter(isError).length;
    return { errors, warnings: issues.length - errors };
}
function timeOf(at) {
    return (0,time/* parseTime */.pe)(at) ?? Number.MAX_SAFE_INTEGER;
}
function checkLocation(check, stage) {
    return {
        ...emptyLocation,
        stage,
        check,
        node: { ...check, logId: null, isTask: false },
        at: timeOf(check.finishedAt),
        counts: { errors: 0, warnings: 0 },
        fallbackMessage: `${(0,lib_text/* capitalized */.l2)(failedCheckText(check))}.`,
    };
}

;// CONCATENATED MODULE: ./build/core/failures.js



function rootCauses(tree, { result = null, problems = [] } = {}) {
    if (result === "succeeded")
        return [];
    const found = causesByResult(tree)(result);
    return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}
const causesByResult = memoize((tree) => {
    const known = new Map();
    return (result) => {
        const found = known.get(result) ?? causesIn(issueLocations(tree), result);
        known.set(result, found);
        return found;
    };
});
function primaryCauses(causes) {
    const primary = causes.filter(({ isConsequence }) => !isConsequence);
    return primary.length > 0 ? primary : causes;
}
function firstPlace(causes) {
    const [first] = causes;
    const places = new Set(primaryCauses(causes).map(({ stage, job }) => JSON.stringify([stage, job])));
    return {
        name: [first?.stage, first?.job].filter((part) => part !== undefined).join(" › "),
        otherCount: Math.max(0, places.size - 1),
    };
}
function causesIn(locations, result) {
    const candidates = sortByRank(locations.flatMap(rankedIssues));
    const failures = candidates.filter(({ rank }) => rank <= ranks.messageOfCanceledTask);
    if (failures.length > 0)
        return distinct(failures, candidates);
    const silent = silentFailures(locations);
    if (silent.length > 0 || result !== "partiallySucceeded")
        return silent;
    const tolerated = candidates.filter(({ rank }) => rank === ranks.letPass);
    return distinct(tolerated, candidates);
}
function silentFailures(locations) {
    return locations
        .filter(({ node, hasFailedChild, tolerance }) => hasFailed(node) && !hasFailedChild && tolerance === "none")
        .map((location) => causeOf(location, undefined, false));
}
function isExplained(causes) {
    return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}
function problemCause(message) {
    const noLocation = {
        stageName: undefined,
        jobName: undefined,
        stage: undefined,
        job: undefined,
        task: undefined,
        path: "",
    };
    const issue = { severity: "error", message, logLine: undefined, file: undefined };
    return {
        ...noLocation,
        message,
        issue: { ...issue, line: undefined, column: undefined, code: undefined },
        jobId: undefined,
        taskId: undefined,
        logId: null,
        logLine: undefined,
        result: null,
        isConsequence: false,
    };
}
const ranks = {
    message: 0,
    genericMessage: 1,
    weak: 2,
    failedChild: 3,
    messageOfCanceledTask: 4,
    letPass: 5,
    harmless: 6,
    cancelEcho: 7,
};
function sortByRank(found) {
    return found.toSorted((a, b) => a.rank - b.rank || a.at - b.at);
}
function rankedIssues(location) {
    const { node } = location;
    const errors = issuesOf(location, "error");
    if (errors.length > 0)
        return errors;
    if (location.tolerance !== "none") {
        if (node.result !== "succeededWithIssues" || location.hasIssueBelow)
            return [];
        const warnings = issuesOf(location, "warning");
        return warnings.length > 0 ? warnings : [rankedCause(location, undefined, ranks.letPass)];
    }
    if (location.hasErrorBelow || !endedBadly(node))
        return [];
    const warnings = explainingWarnings(location);
    if (warnings.length > 0)
        return warnings.map((issue) => rankedCause(location, issue, ranks.message));
    const isSilent = hasFailed(node) && !location.hasFailedChild && !location.hasIssueBelow;
    const rank = location.fallbackMessage === undefined ? ranks.weak : ranks.message;
    return isSilent ? [rankedCause(location, undefined, rank)] : [];
}
const interruptionMessage = /deprovision|shut(?:ting)? ?down|evict|preempt|reclaim|reboot|restart|terminat|lost|no longer|taken away/i;
function explainingWarnings({ node, isCanceledInside }) {
    const warnings = node.issues.filter(({ severity }) => severity === "warning");
    const interruptions = warnings.filter(({ message }) => interruptionMessage.test(message));
    if (interruptions.length > 0)
        return interruptions;
    return node.result === "canceled" && isCanceledInside ? [] : warnings;
}
function issuesOf(location, severity) {
    const issues = location.node.issues.filter((issue) => issue.severity === severity);
    return issues.map((issue) => rankedCause(location, issue, rankOf(location, issue, issues)));
}
function rankedCause(location, issue, rank) {
    const isConsequence = rank === ranks.failedChild || rank === ranks.messageOfCanceledTask || rank === ranks.cancelEcho;
    return { rank, at: location.at, cause: causeOf(location, issue, isConsequence) };
}
function rankOf(location, issue, siblings) {
    const { node, task, tolerance, hasExplainedChild, wasInterrupted } = location;
    const isCanceled = node.result === "canceled" || node.result === "abandoned";
    if (isCancelEcho(issue.message, location))
        return ranks.cancelEcho;
    if (tolerance !== "none")
        return tolerance === "let-pass" ? ranks.letPass : ranks.harmless;
    if (node.result === "succeeded" || node.result === "skipped")
        return ranks.weak;
    if (task !== undefined && isCanceled)
        return ranks.messageOfCanceledTask;
    if (hasExplainedChild && !isCanceled && !wasInterrupted)
        return ranks.failedChild;
    const isGeneric = isGenericMessage(issue.message) && !siblings.every((other) => isGenericMessage(other.message));
    return isGeneric ? ranks.genericMessage : ranks.message;
}
const abortedCheckMessage = /^check aborted\b/i;
function isCancelEcho(message, { task, check }) {
    if (check !== undefined)
        return abortedCheckMessage.test(message);
    return task !== undefined && cancelMessage.test(message.trim());
}
function isEcho({ rank, cause }) {
    const isAbortedCheck = rank === ranks.failedChild && abortedCheckMessage.test(cause.message ?? "");
    return rank === ranks.cancelEcho || isAbortedCheck;
}
function endedBadly({ result }) {
    return result === "failed" || result === "canceled" || result === "abandoned";
}
function causeOf(location, issue, isConsequence) {
    const { stage, job, task, node, fallbackMessage } = location;
    return {
        stageName: stage?.name,
        jobName: job?.name,
        stage: stage?.displayName,
        job: job && (stage?.displayName === undefined ? (0,run_tree/* jobTitle */.a9)(job) : job.displayName),
        task: task?.displayName,
        message: issue?.message ?? fallbackMessage,
        issue,
        path: (0,run_tree/* nodePath */.Ie)(stage, job, task),
        jobId: job?.id,
        taskId: task?.id,
        logId: node.logId,
        logLine: issue?.logLine,
        result: node.result,
        isConsequence,
    };
}
function duplicatesTaskMessage(found) {
    const keyOf = ({ jobId, message }) => JSON.stringify([jobId, message]);
    const taskKeys = new Set(found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)));
    return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}
function distinct(found, all = found) {
    const causes = new Map();
    const isDuplicate = duplicatesTaskMessage(all);
    for (const entry of found) {
        if (isDuplicate(entry))
            continue;
        const key = causeKey(entry.cause);
        if (!causes.has(key))
            causes.set(key, entry.cause);
    }
    return [...causes.values()];
}
function causeKey({ path, jobId, taskId, message, issue }) {
    return JSON.stringify([path, jobId, taskId, message, issue?.file, issue?.line]);
}
const genericMessages = [
    /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
    /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
    /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
    /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
    /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];
function isGenericMessage(message) {
    return genericMessages.some((pattern) => pattern.test(message.trim()));
}
function exitCodeIn(message) {
    const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
    return code === undefined ? undefined : Number(code);
}

;// CONCATENATED MODULE: ./build/core/run-document.js





function documentOf(run, tree, rawRun) {
    const { attempt, stages, waitingFor, errors, warnings } = treeFields(tree);
    const self = (0,json/* asObject */.eB)(rawRun, "resources", "repositories", "self");
    return {
        id: run.id,
        name: run.name,
        status: run.status,
        result: run.result,
        attempt,
        url: run.url,
        pipeline: { id: run.pipeline.id, name: run.pipeline.name, folder: run.pipeline.folder },
        source: {
            ref: run.source.ref ?? stringOrNull(self["refName"]),
            commit: run.source.commit ?? stringOrNull(self["version"]),
        },
        createdAt: run.createdAt,
        startedAt: run.startedAt,
        finishedAt: run.finishedAt,
        queueSeconds: elapsedSeconds(run.createdAt, run.startedAt),
        runSeconds: elapsedSeconds(run.startedAt, run.finishedAt),
        stages,
        waitingFor: run.status === "completed" ? [] : waitingFor,
        causes: primaryCauses(rootCauses(tree, run)).map(documentCause),
        errors,
        warnings,
        raw: { run: rawRun ?? null, build: run.raw ?? null },
    };
}
const treeFields = memoize((tree) => ({
    attempt: (0,run_tree/* highestAttempt */.cJ)(tree),
    stages: tree.stages.map(documentStage),
    waitingFor: waitsOf(tree),
    ...(0,run_tree/* sumCounts */.DN)(tree.stages),
}));
const documentStage = memoize((stage) => {
    const { name, status, result, attempt, startedAt, finishedAt } = stage;
    const displayName = stage.displayName ?? name;
    return {
        name,
        displayName,
        status,
        result,
        attempt,
        startedAt,
        finishedAt,
        jobs: stage.jobs.map(documentJob),
    };
});
const documentJob = memoize((job) => {
    const { name, status, result, attempt, startedAt, finishedAt, worker } = job;
    return {
        name,
        displayName: job.displayName ?? name,
        status,
        result,
        attempt,
        startedAt,
        finishedAt,
        worker,
    };
});
function waitsOf(tree) {
    const manualStages = tree.stages.filter((stage) => stage.result === "manual");
    return [
        ...(0,run_tree/* pendingChecks */.dc)(tree).map(({ kind, id, stage, name }) => ({ kind, id, stage, name })),
        ...manualStages.map(({ id, name }) => ({ kind: "manual", id, stage: name, name: null })),
    ];
}
function documentCause({ stageName, jobName, task, message }) {
    return { stage: stageName ?? null, job: jobName ?? null, task: task ?? null, message: message ?? null };
}
function stringOrNull(value) {
    return typeof value === "string" ? value : null;
}
function elapsedSeconds(from, to) {
    const ms = (0,time/* msBetween */.z4)(from, to);
    return ms === undefined ? null : (0,time/* wholeSeconds */.$P)(ms);
}

;// CONCATENATED MODULE: ./build/core/run-snapshot.js


function externalRun({ id, name, url, pipeline, source, requestedBy }) {
    return { id, name, url, pipelineName: pipeline.name, source, requestedBy, raw: null, isExternal: true };
}
function staleResultOf({ run, tree }) {
    const { result, finishedAt } = run;
    return { result, finishedAt, attempt: (0,run_tree/* highestAttempt */.cJ)(tree) };
}
function msSinceFinished({ run, at }) {
    const end = (0,time/* parseTime */.pe)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}
function reopenedRun(run) {
    return { ...run, status: "inProgress", result: null, finishedAt: null };
}

// EXTERNAL MODULE: ./build/errors.js
var build_errors = __webpack_require__(9984);
// EXTERNAL MODULE: ./build/inputs/run-target.js
var run_target = __webpack_require__(5216);
// EXTERNAL MODULE: ./build/render/run-lines.js
var run_lines = __webpack_require__(7183);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __webpack_require__(4741);
;// CONCATENATED MODULE: ./build/app/attach-run.js








async function attachToRun({ runId, expected, projectRef, stagesToStart }, deps, signal) {
    const run = await deps.runs.get(runId, { retryForMs: 60_000 }, signal);
    (0,run_target/* checkProject */.s)(projectRef, run.project);
    checkExpectedRun(run, expected);
    await checkPipelineName(run, expected, deps, signal);
    return await adoptRun(run, { projectRef, verb: "Following", isOwn: false, stagesToStart }, deps, signal);
}
function checkExpectedRun(run, { pipeline, ref, commit, inputNames }) {
    const { source } = run;
    const differences = [
        pipeline && pipelineDifference(run.pipeline, pipeline, inputNames.pipeline),
        ref === undefined || source.ref === ref ? undefined : { name: "ref", actual: source.ref, stated: ref },
        commit === undefined || source.commit?.toLowerCase().startsWith(commit.toLowerCase())
            ? undefined
            : { name: "commit", actual: source.commit, stated: commit },
    ].filter((difference) => difference !== undefined);
    const [first] = differences;
    if (first === undefined)
        return;
    const problems = differences.map(({ name, actual, stated }) => actual === null
        ? `${name}: run ${run.id} cannot be compared with ${stated}, since its value is unknown.`
        : `${name}: run ${run.id} has ${actual}, not ${stated}.`);
    const wrong = new Set([inputNames.run, first.name]);
    throw new build_errors/* ActionError */.lZ("bad-input", problems.join("\n"), {
        hint: `Correct ${[...wrong].map((name) => `\`${name}\``).join(" or ")}.`,
    });
}
async function checkPipelineName(run, expected, { pipelines }, signal) {
    const { pipeline } = expected;
    if (pipeline?.by !== "name" || pipeline.folder !== undefined)
        return;
    const id = await pipelines.find(pipeline, signal).catch((error) => {
        if (!(error instanceof build_errors/* ActionError */.lZ && error.code === "not-found"))
            throw error;
    });
    if (id !== undefined)
        checkExpectedRun(run, { ...expected, pipeline: { by: "id", id } });
}
function pipelineDifference(actual, choice, inputName) {
    if (choice.by === "id") {
        if (actual.id === choice.id)
            return undefined;
        const noun = inputName === "pipeline-id" ? "" : "pipeline ";
        return {
            name: inputName,
            actual: actual.id === null ? null : `${noun}${actual.id}`,
            stated: String(choice.id),
        };
    }
    const { name, folder } = choice;
    const isInFolder = folder === undefined || (actual.folder !== null && (0,pipeline_folder/* isSameFolder */.F)(actual.folder, folder));
    if (actual.name === name && isInFolder)
        return undefined;
    const display = (pipelineFolder, pipelineName) => folder === undefined ? pipelineName : `${pipelineFolder?.replace(/\\$/, "") ?? ""}\\${pipelineName}`;
    return {
        name: inputName,
        actual: actual.name === null ? null : display(actual.folder, actual.name),
        stated: display(folder ?? null, name),
    };
}
async function adoptRun(run, { projectRef, verb, origin, isOwn, stagesToStart = [] }, deps, signal) {
    const { runner, outputs, runs, stepState, jobRuns } = deps;
    const { id, source, pipeline } = run;
    const tracked = externalRun(run);
    stepState.setPhase({ at: "following", runId: id, isOwn, ...(stagesToStart.length > 0 && { stages: [] }) });
    jobRuns.addReceived(id);
    (0,app_outputs/* receiveRun */.V3)(tracked, deps);
    if (!isOwn)
        outputs.set((0,app_outputs/* snapshotOutputs */.bH)(documentOf(run, (0,build_run_tree/* buildRunTree */.u0)(new Map()), null)));
    runner.write([
        (0,run_lines/* headerLine */.iH)({
            organization: projectRef.organization.name,
            project: projectRef.project,
            pipeline: pipeline.name ?? "pipeline",
            pipelineId: pipeline.id,
            ...source,
        }),
        (0,run_lines/* runLine */.u_)(verb, run, origin),
    ]);
    const response = pipeline.id === null
        ? undefined
        : await runs.getStarted(pipeline.id, id, signal).catch((0,build_errors/* ignoreError */.FZ)("conditions then see no `raw.run`"));
    signal.throwIfAborted();
    return { ...tracked, raw: response?.raw ?? null };
}

// EXTERNAL MODULE: ./build/core/default-ref.js
var default_ref = __webpack_require__(5138);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __webpack_require__(8408);
// EXTERNAL MODULE: ./build/core/run-search.js
var run_search = __webpack_require__(5151);
// EXTERNAL MODULE: ./build/core/start-request.js
var start_request = __webpack_require__(3319);
// EXTERNAL MODULE: ./build/lib/url.js
var lib_url = __webpack_require__(6158);
;// CONCATENATED MODULE: ./build/render/markdown.js


const zeroWidthSpace = "&#8203;";
const copiedText = new RegExp([
    String.raw `(?<![a-z\d])(?:[a-z][a-z\d+.-]{0,30}://|www\.)[^\s<>"\x60|\\]+`,
    String.raw `(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}`,
    String.raw `(?<![a-z\d])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![a-z\d])`,
    String.raw `(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{7,40}(?![a-z\d])`,
].join("|"), "gi");
const githubReferences = new RegExp([
    String.raw `@(?=[\w-]|[^\x00-\x7f])`,
    String.raw `#(?=\d)`,
    String.raw `(?<![a-z\d])GH-(?=\d)`,
    String.raw `:(?=//|[\w+-]+:)`,
    String.raw `www(?=\.)`,
    String.raw `(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{3}(?=[\da-f]{4,37}(?![a-z\d]))`,
].join("|"), "gi");
const inlineMarkup = /[\\`*[\]<>|~$]|&(?=#?\w+;)|_(?![a-z\d])|(?<![a-z\d])_/gi;
const blockMarkup = /^(?:[-+=#]|\d{1,9}[.)](?=\s|$))/;
function escapeMarkdown(text) {
    const line = (0,lib_text/* oneLine */.TN)(text);
    let position = 0;
    let escaped = "";
    for (const { 0: match, index } of line.matchAll(copiedText)) {
        const copied = withoutTrailingPunctuation(match);
        if (index < position || copied.length < 4)
            continue;
        escaped += `${escapeReferences(line.slice(position, index))}${codeSpan(copied)}`;
        position = index + copied.length;
    }
    escaped += escapeReferences(line.slice(position));
    return escaped.replace(blockMarkup, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}
function withoutTrailingPunctuation(text) {
    let end = text.length;
    while (end > 0 && ".,;:!?'*_~)]}".includes(text.charAt(end - 1)))
        end -= 1;
    return text.slice(0, end);
}
function escapeReferences(text) {
    let position = 0;
    let escaped = "";
    for (const { 0: match, index } of text.matchAll(githubReferences)) {
        escaped += `${escapeMarkup(text.slice(position, index + match.length))}${zeroWidthSpace}`;
        position = index + match.length;
    }
    return escaped + escapeMarkup(text.slice(position));
}
function escapeMarkup(text) {
    return text.replaceAll(inlineMarkup, String.raw `\$&`);
}
function codeSpan(text) {
    const line = (0,lib_text/* oneLine */.TN)(text);
    if (line === "")
        return "";
    const fence = "`".repeat(longestBacktickRun(line) + 1);
    const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return `${fence}${pad}${line}${pad}${fence}`;
}
function fencedBlock(lines, language = "text") {
    const clean = lines.flatMap((line) => line.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).map(lib_text/* printable */.g$);
    const fence = "`".repeat(Math.max(3, longestBacktickRun(clean.join("\n")) + 1));
    return `${fence}${language}\n${clean.map((line) => `${line}\n`).join("")}${fence}`;
}
function foldedList(items, openCount, title) {
    const [open, folded] = [items.slice(0, openCount), items.slice(openCount)].map((part) => part.join("\n"));
    if (!folded)
        return open ?? "";
    return [open, `<details><summary>${title}</summary>`, folded, "</details>"].join("\n\n");
}
function tableRow(cells) {
    return `| ${cells.join(" | ")} |`;
}
function markdown_link(text, url) {
    const label = escapeMarkdown(text) || "no name";
    const address = safeUrl(url);
    return address === undefined ? label : `[${label}](${address})`;
}
function safeUrl(url) {
    if (url === undefined || !URL.canParse(url))
        return undefined;
    const parsed = new URL(url);
    const pathAndQuery = `${parsed.pathname}${parsed.search}${parsed.hash}`;
    if (parsed.protocol !== "https:" && !(0,lib_url/* isHttpLoopback */.M)(parsed))
        return undefined;
    if (parsed.username !== "" || parsed.password !== "")
        return undefined;
    return parsed.origin + pathAndQuery.replaceAll(/[()<>[\]\\`|"'{}^*~;\s]/g, percentEncoded);
}
function percentEncoded(char) {
    return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
function longestBacktickRun(text) {
    return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

// EXTERNAL MODULE: ./build/core/condition.js
var core_condition = __webpack_require__(9226);
// EXTERNAL MODULE: ./build/core/poll-interval.js
var poll_interval = __webpack_require__(6566);
// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(9948);
;// CONCATENATED MODULE: ./build/core/run-events.js


const emptyEmittedState = {
    status: undefined,
    marks: new Map(),
    stageId: undefined,
    stages: new Map(),
    wasLast: false,
};
function diffSnapshots(seen, run, tree, isLast) {
    let marks;
    const emitted = [];
    const emit = (key, mark, event) => {
        if (((marks ?? seen.marks).get(key) ?? 0) >= mark)
            return;
        marks ??= new Map(seen.marks);
        marks.set(key, mark);
        emitted.push(event);
    };
    for (const check of (0,run_tree/* pipelineChecks */.gy)(tree))
        emitCheck(emit, check, undefined);
    for (const stage of tree.stages) {
        const previous = seen.stages.get((0,run_tree/* attemptKey */.jX)(stage));
        if (stage !== previous || isLast !== seen.wasLast)
            emitStage(emit, stage, { previous, isLast });
    }
    const { events, stageId } = markStageChanges(sortByTime(emitted), seen.stageId);
    const status = nextStatus(seen.status, run.status);
    if (status !== seen.status) {
        const index = statusIndex(events, status);
        const at = statusTime(run, status) ?? events[index]?.at;
        events.splice(index, 0, { type: "run-status", at, run, status });
    }
    const stages = new Map(tree.stages.map((stage) => [(0,run_tree/* attemptKey */.jX)(stage), stage]));
    return { seen: { status, marks: marks ?? seen.marks, stageId, stages, wasLast: isLast }, events };
}
function nextStatus(previous, current) {
    const isQueued = current === "notStarted" || current === "postponed";
    const hasLeftQueue = previous !== undefined && previous !== "notStarted" && previous !== "postponed";
    return isQueued && hasLeftQueue ? previous : current;
}
function statusTime(run, status) {
    if (status === "completed")
        return (0,time/* parseTime */.pe)(run.finishedAt);
    return status === "inProgress" ? (0,time/* parseTime */.pe)(run.startedAt) : undefined;
}
function statusIndex(events, status) {
    if (status === "completed")
        return events.length;
    if (status !== "canceling")
        return 0;
    const index = events.findIndex((event) => event.type === "job-finished" && event.job.result === "canceled");
    return index < 0 ? events.length : index;
}
function emitStage(emit, stage, { previous, isLast }) {
    const key = (0,run_tree/* attemptKey */.jX)(stage);
    if (stage.result === "manual") {
        if (isLast)
            emit(`${key}?`, 1, { type: "stage-not-started", at: undefined, stage });
        return;
    }
    for (const check of stage.checks)
        emitCheck(emit, check, stage);
    const started = startedJobs(stage);
    const startedAt = earliest(started.map((job) => job.startedAt));
    if (started.length > 0)
        emit(key, 1, { type: "stage-started", at: startedAt, stage });
    emitIssues(emit, stage, { at: (0,time/* parseTime */.pe)(stage.finishedAt), stage, job: undefined, task: undefined });
    const isCompleted = stage.status === "completed";
    if (showsJobs(stage, started)) {
        const isComparable = previous?.status === stage.status && previous.result !== "manual" && showsJobs(previous);
        const previousJobs = isComparable ? previous.jobs : [];
        const emitAfterStart = (eventKey, mark, event) => emit(eventKey, mark, { ...event, at: event.at && Math.max(event.at, startedAt ?? 0) });
        for (const [index, job] of stage.jobs.entries())
            emitJob(emitAfterStart, job, { stage, previous: previousJobs[index] });
    }
    if (!isCompleted || !(isLast || stage.jobs.every((job) => job.status === "completed")))
        return;
    const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
    if (stage.result === "skipped" && started.length === 0)
        emit(skipKey(key), 1, { type: "stage-skipped", at, stage });
    else
        emit(key, 2, { type: "stage-finished", at, stage, durationMs: (0,time/* spanDurationMs */.Fy)(stage) });
}
function showsJobs(stage, started = startedJobs(stage)) {
    return started.length > 0 || (stage.status === "completed" && stage.result !== "skipped");
}
function startedJobs(stage) {
    const isCompleted = stage.status === "completed";
    const isCarriedOver = (job) => job.status === "completed" && job.attempt < stage.attempt && !isCompleted;
    return stage.jobs.filter((job) => (0,run_tree/* hasStarted */.gd)(job) && !isCarriedOver(job));
}
function emitJob(emit, job, { stage, previous }) {
    if (job === previous)
        return;
    const key = (0,run_tree/* attemptKey */.jX)(job);
    const previousTasks = previous !== undefined && (0,run_tree/* attemptKey */.jX)(previous) === key ? previous.tasks : [];
    const isStarted = (0,run_tree/* hasStarted */.gd)(job);
    const end = (0,time/* parseTime */.pe)(job.finishedAt);
    if (isStarted)
        emit(key, 1, { type: "job-started", at: (0,time/* parseTime */.pe)(job.startedAt), stage, job });
    for (const [index, task] of job.tasks.entries()) {
        if (task === previousTasks[index] || isEventless(task))
            continue;
        if (task.wait !== undefined)
            emitCheck(emit, task.wait, stage);
        const taskKey = `${key}/${(0,run_tree/* attemptKey */.jX)(task)}`;
        const at = clampToEnd((0,time/* parseTime */.pe)(task.finishedAt), end);
        emitIssues(emit, task, { at, stage, job, task }, taskKey);
        if (task.status === "completed" && task.result !== "skipped") {
            emit(taskKey, 2, { type: "task-finished", at, stage, job, task });
        }
    }
    emitIssues(emit, job, { at: end, stage, job, task: undefined });
    if (job.status !== "completed")
        return;
    if (job.result === "skipped")
        emit(skipKey(key), 1, { type: "job-skipped", at: end, stage, job });
    else
        emit(key, 2, { type: "job-finished", at: end, stage, job, durationMs: (0,time/* spanDurationMs */.Fy)(job) });
}
function skipKey(key) {
    return `${key}~`;
}
function isEventless({ status, issues, wait }) {
    return status !== "completed" && issues.length === 0 && wait === undefined;
}
function emitCheck(emit, check, stage) {
    const isCompleted = check.status === "completed" || stage?.status === "completed";
    if (check.status === "pending" || (isCompleted && check.startedAt === null))
        return;
    const key = `wait ${check.id}#${check.attempt}`;
    emit(key, 1, { type: "check-started", at: (0,time/* parseTime */.pe)(check.startedAt), check, stage });
    if (isCompleted)
        emit(key, 2, { type: "check-ended", at: (0,time/* parseTime */.pe)(check.finishedAt), check, stage });
}
function emitIssues(emit, node, { at, stage, job, task }, key = (0,run_tree/* attemptKey */.jX)(node)) {
    node.issues.forEach((issue, index) => {
        emit(`${key}!`, index + 1, { type: "issue", at, issue, stage, ...(job && { job }), task });
    });
}
function sortByTime(events) {
    let last = 0;
    const timed = events.map((event) => {
        last = event.at ?? last;
        return { event, at: last };
    });
    return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
function markStageChanges(events, previousStageId) {
    let stageId = previousStageId;
    const markedEvents = events.map((event) => {
        if (!("stage" in event) || event.type === "issue" || event.type === "task-finished")
            return event;
        const isStageSwitch = stageId !== event.stage?.id;
        stageId = event.stage?.id;
        return isStageSwitch && "job" in event ? { ...event, isStageSwitch } : event;
    });
    return { events: markedEvents, stageId };
}
function earliest(times) {
    const known = times.map(time/* parseTime */.pe).filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
}
function latest(times) {
    const known = times.map(time/* parseTime */.pe).filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
}
function clampToEnd(time, end) {
    return time !== undefined && end !== undefined ? Math.min(time, end) : (time ?? end);
}

// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(2857);
;// CONCATENATED MODULE: ./build/render/labels.js

const resultSymbols = {
    succeeded: "✔",
    succeededWithIssues: "⚠",
    failed: "✘",
    canceled: "⊘",
    skipped: "⏭",
    abandoned: "⊘",
    manual: "⏸",
};
const runResultLabels = {
    succeeded: "succeeded",
    partiallySucceeded: "partially succeeded",
    failed: "failed",
    canceled: "canceled",
};
const checkKindLabels = {
    approval: "approval",
    authorization: "permission to use a resource",
    check: "a check",
    "manual-validation": "manual validation",
    delay: "a delay",
    manual: "a manual start",
};
function checkLabel({ kind, name }) {
    const label = checkKindLabels[kind];
    if (name === null || kind === "approval" || kind === "authorization")
        return label;
    if (kind === "check")
        return `the check ${(0,lib_text/* oneLine */.TN)(name)}`;
    const isSameWord = name.replaceAll(/\W/g, "").toLowerCase() === kind.replaceAll("-", "");
    return isSameWord ? label : `${label} (${(0,lib_text/* oneLine */.TN)(name)})`;
}
const checkActions = {
    approval: "Approve or reject it",
    authorization: "Permit it",
    check: undefined,
    "manual-validation": "Resume or reject it",
    delay: undefined,
    manual: "Start it",
};
const completedCheckLabels = {
    approval: "approved after",
    authorization: "permitted after",
    check: "checks passed after",
    "manual-validation": "validated after",
    delay: "delayed by",
    manual: "started after",
};
const waitTimeLabels = {
    approval: "approval",
    authorization: "permission",
    check: "checks",
    "manual-validation": "manual validation",
    delay: "a delay",
    manual: "a manual start",
};
const runStatusLabels = {
    notStarted: "is still in the queue",
    postponed: "is postponed",
    inProgress: "is still running",
    canceling: "is being canceled",
    completed: "ended without a result",
};
function runSentence(run) {
    const verb = run.result === "canceled" ? "was " : "";
    return `${(0,lib_text/* oneLine */.TN)(run.name)} ${verb}${resultText(run) ?? runStatusLabels[run.status]}`;
}
function locationPrefix({ result }, [first]) {
    const isElsewhere = result === "canceled" && first?.result === "failed";
    return isElsewhere || result === "partiallySucceeded" || result === null ? ", with errors in" : " in";
}
function judgedResultText(run, isSuccess, attemptText = "") {
    const text = resultText(run);
    if (text === undefined)
        return isSuccess ? "success-when is true" : "success-when is false";
    const isExpected = isSuccess === (run.result === "succeeded");
    const suffix = isSuccess ? acceptedSuffix : rejectedSuffix;
    return `${text}${attemptText}${isExpected ? "" : suffix}`;
}
const acceptedSuffix = ", which success-when accepts";
const rejectedSuffix = ", and success-when is false";
function resultText({ result, unknownResult }) {
    if (unknownResult !== undefined)
        return `ended as "${(0,lib_text/* oneLine */.TN)(unknownResult)}", treated as failed`;
    return result === null ? undefined : runResultLabels[result];
}
const resultEmoji = {
    succeeded: "✅",
    succeededWithIssues: "⚠️",
    failed: "❌",
    canceled: "🚫",
    skipped: "⏭️",
    abandoned: "🚫",
    manual: "⏸️",
};
function emoji(result) {
    return result === null ? "⏳" : resultEmoji[result];
}

;// CONCATENATED MODULE: ./build/render/run-log.js






function renderEvent(event, context) {
    const text = eventText(event, context);
    return text === undefined ? [] : [timestampedLine(text, context, event.at)];
}
function eventText(event, context) {
    switch (event.type) {
        case "run-status":
            if (event.status === "notStarted")
                return event.run.isPipelinePaused
                    ? yellow("⏸ In the queue: the pipeline is paused, so its runs do not start")
                    : "In the queue, waiting for an agent";
            if (event.status === "canceling")
                return yellow("⊘ The run is being canceled");
            return event.status === "postponed" ? yellow("⏸ The run is postponed") : undefined;
        case "stage-started":
            return isUnnamed(event.stage)
                ? undefined
                : `▶ ${nodeTitle(event.stage)}${completedChecksText(event.stage)}`;
        case "stage-finished":
            return isUnnamed(event.stage)
                ? undefined
                : finishText(nodeTitle(event.stage), event, representsJob(event.stage) ? event.stage : undefined);
        case "stage-skipped":
            return isUnnamed(event.stage) ? "⏭ All jobs skipped" : `⏭ ${nodeTitle(event.stage)} skipped`;
        case "stage-not-started":
            return `⏸ ${nodeTitle(event.stage)} not started (manual). Start it at ${context.runUrl}`;
        case "job-started":
            return jobLineText(event, `▶ ${jobName(event)}${workerText(event.job)}`);
        case "job-finished":
            return jobLineText(event, finishText(jobName(event), event, event.job));
        case "job-skipped":
            return jobLineText(event, `⏭ ${jobName(event)} skipped`);
        case "check-started":
            return checkText(event.check, event.stage, context);
        case "check-ended":
            return rejectedCheckText(event.check, event.stage);
        case "issue":
        case "task-finished":
            return undefined;
    }
}
function timestampedLine(text, { elapsedMs, waitStartMs }, at) {
    const eventMs = at === undefined || waitStartMs === undefined ? elapsedMs : at - waitStartMs;
    const clock = (0,time/* clockText */.Yi)(Math.min(Math.max(0, eventMs), elapsedMs));
    return { type: "text", text: `${clock.padStart(5)}  ${text}` };
}
function jobLineText({ stage }, text) {
    if (isUnnamed(stage))
        return text;
    return representsJob(stage) ? undefined : `  ${text}`;
}
function representsJob({ jobs }) {
    return jobs.length === 1 && jobs.every(isUnnamed);
}
function jobName({ stage, job, isStageSwitch }) {
    const name = isStageSwitch === true && !isUnnamed(stage) ? (0,run_tree/* nodePath */.Ie)(stage, job) : (0,run_tree/* jobTitle */.a9)(job);
    return `${(0,lib_text/* oneLine */.TN)(name)}${attemptText(job)}`;
}
function nodeTitle(node) {
    return `${(0,lib_text/* oneLine */.TN)(node.displayName ?? node.name)}${attemptText(node)}`;
}
function attemptText({ attempt }) {
    return attempt > 1 ? ` (attempt ${attempt})` : "";
}
function workerText({ worker }) {
    return worker === null ? "" : ` · ${(0,lib_text/* oneLine */.TN)(worker)}`;
}
function isUnnamed(node) {
    return node.displayName === undefined;
}
function finishText(name, { stage, job, durationMs }, countedNode) {
    const { result } = job ?? stage;
    const took = durationMs === undefined ? "" : (0,time/* durationText */.S5)(durationMs);
    const isCanceled = result === "canceled" || result === "abandoned";
    const ending = isCanceled ? `${result}${took && ` after ${took}`}` : took;
    const hidesCounts = countedNode === undefined ||
        (result === "failed" && countedNode.errors <= 1 && countedNode.warnings === 0);
    const counts = hidesCounts ? "" : countsText(countedNode);
    const text = `${result === null ? "■" : resultSymbols[result]} ${[name, ending].filter(Boolean).join(" ")}${counts && `, ${counts}`}`;
    if (result === "failed")
        return red(text);
    return isCanceled || result === "succeededWithIssues" ? yellow(text) : text;
}
function countsText({ errors, warnings }) {
    const parts = [
        errors > 0 ? (0,lib_text/* counted */.hS)(errors, "error") : "",
        warnings > 0 ? (0,lib_text/* counted */.hS)(warnings, "warning") : "",
    ];
    return parts.filter(Boolean).join(", ");
}
function completedChecksText(stage) {
    const completed = (0,progress/* waitTimesBetween */.OR)(stage.checks).map(({ kind, ms }) => `${completedCheckLabels[kind]} ${(0,time/* durationText */.S5)(ms)}`);
    return completed.length === 0 ? "" : `, ${completed.join(", ")}`;
}
function checkText(check, stage, context) {
    const subject = stage === undefined || isUnnamed(stage) ? "The run" : nodeTitle(stage);
    if (check.status === "completed") {
        const isShort = ((0,time/* spanDurationMs */.Fy)(check) ?? 0) < progress/* minReportedWaitMs */.PX;
        return isShort ? undefined : yellow(`⏸ ${subject} waited for ${checkLabel(check)}`);
    }
    const { approvers = [] } = context;
    const approverText = approvers.length > 0 ? ` by ${(0,lib_text/* listed */.KE)(approvers.map(lib_text/* oneLine */.TN))}` : "";
    const action = checkActions[check.kind];
    const instruction = action === undefined ? `See ${context.runUrl}` : `${action} at ${context.runUrl}`;
    const text = `⏸ ${subject} waits for ${checkLabel(check)}${approverText}${olderThanWaitText(check, context)}.`;
    return `${yellow(text)} ${instruction}`;
}
function olderThanWaitText({ startedAt }, { waitStartMs }) {
    const start = (0,time/* parseTime */.pe)(startedAt);
    const ageMs = start === undefined || waitStartMs === undefined ? 0 : waitStartMs - start;
    return ageMs < 60_000 ? "" : `, for ${(0,time/* durationText */.S5)(ageMs)} already`;
}
function rejectedCheckText(check, stage) {
    if (check.result !== "failed")
        return undefined;
    const took = (0,time/* spanDurationMs */.Fy)(check);
    const after = took === undefined ? "" : ` after ${(0,time/* durationText */.S5)(took)}`;
    const prefix = stage === undefined || isUnnamed(stage) ? "" : `${nodeTitle(stage)}: `;
    return red(`✘ ${prefix}${failedCheckText(check)}${after}`);
}
const red = (text) => `\u001B[31m${text}\u001B[0m`;
const yellow = (text) => `\u001B[33m${text}\u001B[0m`;

// EXTERNAL MODULE: ./build/core/source-location.js
var source_location = __webpack_require__(7456);
;// CONCATENATED MODULE: ./build/render/annotations.js


const maxMessageLength = 4_000;
function annotationLines({ errors, warnings, moreErrors, moreWarnings }, options) {
    const remaining = [
        moreErrors > 0 ? (0,lib_text/* counted */.hS)(moreErrors, "more error") : "",
        moreWarnings > 0 ? (0,lib_text/* counted */.hS)(moreWarnings, "more warning") : "",
    ].filter(Boolean);
    return [
        ...errors.map((cause) => annotation("error", cause, options)),
        ...warnings.map((cause) => annotation("warning", cause, options)),
        ...(remaining.length > 0
            ? [{ type: "text", text: `And ${remaining.join(" and ")} in the run.` }]
            : []),
    ];
}
function withIssueCode(text, issue) {
    return issue?.code && text !== "" && !text.includes(issue.code) ? `${issue.code}: ${text}` : text;
}
function annotation(type, cause, { toRepositoryPath, isForLog }) {
    const { path, message, issue } = cause;
    const text = withIssueCode((0,lib_text/* clip */.$Q)((message ?? "").trim(), maxMessageLength), issue);
    return {
        type,
        text: isForLog ? [placeText(cause, 200), text].filter(Boolean).join(": ") : text,
        title: (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200),
        ...annotationPlace(issue, toRepositoryPath),
    };
}
function annotationPlace(issue, toRepositoryPath) {
    const file = issue?.file === undefined ? undefined : toRepositoryPath(issue.file);
    return file === undefined ? {} : { file, line: issue?.line, column: issue?.column };
}
function placeText({ path, issue }, maxLength) {
    const place = maxLength === undefined ? (0,lib_text/* oneLine */.TN)(path) : (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), maxLength);
    const file = issue?.file === undefined ? "" : fileText({ file: issue.file, line: issue.line });
    return place && file ? `${place} (${file})` : place || file;
}
function fileText({ file, line, }) {
    return (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)((0,source_location/* sourcePath */.Z3)(file) ?? file), 200) + (line ? `:${line}` : "");
}

;// CONCATENATED MODULE: ./build/render/run-text.js






function successLine(run, tree, stages = []) {
    if (stages.length > 0 && run.result !== "succeeded")
        return `✔ ${(0,lib_text/* listed */.KE)(stages.map(lib_text/* oneLine */.TN))} succeeded. ${runSentence(run)}. ${run.url}`;
    const timing = timingText(run, tree);
    const acceptance = run.result === "succeeded" ? "" : acceptedSuffix;
    return `✔ ${runSentence(run)}${acceptance}${timing && `: ${timing}`}. ${run.url}`;
}
function outcomeText(run, tree) {
    const timing = timingText(run, tree);
    return `${runSentence(run)}${timing && `: ${timing}`}`;
}
function timingText(run, tree) {
    const { queueMs, runMs, queueWaitTimes, runWaitTimes } = (0,progress/* timingsOf */.Ld)(run, tree);
    const queue = queueMs === undefined ? [] : [`waited ${(0,time/* durationText */.S5)(queueMs)}${waitTimesText(queueWaitTimes)}`];
    const ran = runMs === undefined ? [] : [`ran ${(0,time/* durationText */.S5)(runMs)}${waitTimesText(runWaitTimes)}`];
    return [...queue, ...ran].join(", ");
}
function waitTimesText(waitTimes) {
    const parts = waitTimes.map(({ kind, ms }) => `${(0,time/* durationText */.S5)(ms)} of it for ${waitTimeLabels[kind]}`);
    return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
function failureMessage(run, causes) {
    return `${failureText(run, causes)} ${run.url}`;
}
function failureText(run, causes) {
    const [first, ...others] = causes;
    if (run.result === "succeeded" || run.result === null) {
        const cause = run.result === null ? firstCauseText(causes) : "";
        return [`${runSentence(run)}${rejectedSuffix}.`, cause].filter(Boolean).join(" ");
    }
    if (first === undefined)
        return `${runSentence(run)}.`;
    const place = placeText(first);
    const location = place === "" ? "" : `${locationPrefix(run, causes)} ${place}`;
    const otherNames = otherLocations(first, others);
    const alsoFailed = otherNames.length > 0 ? ` Also failed: ${(0,lib_text/* listed */.KE)(otherNames)}.` : "";
    return `${runSentence(run)}${location}${messageText(first)}${alsoFailed}`;
}
function firstCauseText([cause]) {
    if (cause === undefined)
        return "";
    const text = `${placeText(cause)}${messageText(cause)}`.replace(/^: /, "");
    return cause.message === undefined ? `Failed: ${text}` : text;
}
function messageText(cause) {
    const text = (0,lib_text/* clip */.$Q)(fullMessage(cause), run_text_maxMessageLength);
    if (text === "")
        return ".";
    return /[.!?…]$/.test(text) ? `: ${text}` : `: ${text}.`;
}
const run_text_maxMessageLength = 300;
function fullMessage({ message, issue }) {
    return (0,lib_text/* oneLine */.TN)(withIssueCode(message ?? "", issue));
}
function causeInFailureMessage([first]) {
    return first === undefined || fullMessage(first).length > run_text_maxMessageLength ? undefined : first;
}
function otherLocations(first, others) {
    const locationKey = ({ jobId, taskId }) => `${jobId}/${taskId}`;
    const failed = others.filter((cause) => !cause.isConsequence && locationKey(cause) !== locationKey(first));
    return [...new Map(failed.map((cause) => [locationKey(cause), (0,lib_text/* oneLine */.TN)(cause.path)])).values()];
}
function failureLine(run, causes) {
    const { name, otherCount } = firstPlace(causes);
    const isRejected = run.result === null || run.result === "succeeded";
    const others = otherCount > 0 ? ` and ${otherCount} more` : "";
    const location = name === "" || isRejected ? "" : `${locationPrefix(run, causes)} ${(0,lib_text/* oneLine */.TN)(name)}${others}`;
    const rejection = isRejected ? rejectedSuffix : "";
    return `✘ ${runSentence(run)}${location}${rejection}. ${run.url}`;
}

;// CONCATENATED MODULE: ./build/render/status-text.js







function heartbeatLine(progress, context) {
    const { waitStartMs, elapsedMs } = context;
    const nowMs = waitStartMs === undefined ? undefined : waitStartMs + elapsedMs;
    const activity = progressText(progress, nowMs);
    const parts = [`still ${activity}`, doneText(progress), remainingText(progress)].filter(Boolean);
    return timestampedLine(`  ${parts.join(" · ")}`, context);
}
function outageLine({ reason, sinceMs }, context) {
    const text = `  no successful poll for ${(0,time/* durationText */.S5)(sinceMs)} (${(0,lib_text/* oneLine */.TN)(reason)}); retrying`;
    return timestampedLine(text, context);
}
function timelineUnavailableText({ reason }) {
    const sentence = (0,lib_text/* oneLine */.TN)(reason);
    return `Stages and jobs may be incomplete: ${sentence}${/[.!?…]$/.test(sentence) ? "" : "."}`;
}
function activityText(run, tree) {
    return progressText((0,progress/* progressOf */.jA)(tree, run, [], 0));
}
function isStillRunning({ run, verdict: { kind, cancelOutcome }, }) {
    return run.status !== "completed" && (cancelOutcome?.isStillRunning ?? kind !== "error");
}
function unfinishedRunText(report) {
    const { run, tree, verdict } = report;
    const text = run.status === "completed" ? "" : activityText(run, tree);
    if (text === "" || text === verdict.text)
        return "";
    const status = isStillRunning(report) ? `Still ${text}.` : `It was ${text} at the last poll.`;
    return [verdict.cancelOutcome?.text, status].filter(Boolean).join(" ");
}
const queueTexts = {
    agent: "in the queue, waiting for an agent",
    postponed: "postponed",
    paused: "in the queue: the pipeline is paused",
};
function progressText({ checks, running, awaitingAgent, queuedFor }, nowMs) {
    const age = (startedAt) => ageText(startedAt, nowMs);
    const parts = [
        ...(checks.length > 0
            ? [
                `waiting for ${(0,lib_text/* listed */.KE)([...new Set(checks.map((check) => pendingCheckText(check) + age(check.startedAt)))])}`,
            ]
            : []),
        ...(running.length > 0
            ? [`running ${(0,lib_text/* listed */.KE)(running.map((entry) => jobLabel(entry, running) + age(entry.job.startedAt)))}`]
            : []),
    ];
    if (parts.length > 0)
        return parts.join("; ");
    if (queuedFor !== undefined)
        return queueTexts[queuedFor];
    if (awaitingAgent.length > 0)
        return `waiting for an agent for ${(0,lib_text/* listed */.KE)(awaitingAgent.map((entry) => jobLabel(entry, awaitingAgent)))}`;
    return "in progress";
}
function jobLabel({ stage, job }, jobs) {
    const isSingleStage = jobs.every((other) => other.stage === stage);
    return (0,lib_text/* oneLine */.TN)(isSingleStage ? (0,run_tree/* jobTitle */.a9)(job) : (0,run_tree/* nodePath */.Ie)(stage, job));
}
function pendingCheckText(check) {
    const { kind, stageTitle } = check;
    const label = checkLabel(check);
    if (stageTitle === undefined)
        return label;
    const isInside = kind === "authorization" || kind === "manual-validation" || kind === "delay";
    return `${label}${isInside ? " in" : " of"} ${(0,lib_text/* oneLine */.TN)(stageTitle)}`;
}
function ageText(startedAt, nowMs) {
    const startMs = (0,time/* parseTime */.pe)(startedAt);
    return startMs === undefined || nowMs === undefined || nowMs < startMs
        ? ""
        : ` (${(0,time/* durationText */.S5)(nowMs - startMs)})`;
}
function doneText({ jobsDone, jobsKnown }) {
    return jobsKnown < 2 ? "" : `${jobsDone} of ${(0,lib_text/* counted */.hS)(jobsKnown, "job")} done`;
}
function remainingText({ remainingMs, typicalMs, queuedFor }) {
    if (remainingMs === undefined || typicalMs === undefined)
        return "";
    const usual = `usually ${(0,time/* approximateDurationText */.WX)(typicalMs)}`;
    if (queuedFor !== undefined)
        return usual;
    return remainingMs > 0
        ? `${usual}, about ${(0,time/* approximateDurationText */.WX)(remainingMs)} left`
        : `longer than the usual ${(0,time/* durationText */.S5)(typicalMs)}`;
}
function verdictText(report) {
    const { run, tree, verdict, causes } = report;
    const { kind, text, reason = "" } = verdict;
    const judgement = [`${(0,lib_text/* oneLine */.TN)(run.name)}: ${text}.`, (0,lib_text/* oneLine */.TN)(reason)];
    if (run.status !== "completed") {
        const cause = kind === "failed" ? firstCauseText(causes) : "";
        return [...judgement, cause, unfinishedRunText(report)].filter(Boolean).join(" ");
    }
    if (kind === "succeeded" && run.result === "succeeded")
        return outcomeText(run, tree);
    const isRunFailure = kind === "failed" || (kind === "canceled" && run.result === "canceled");
    return isRunFailure ? failureText(run, causes) : judgement.filter(Boolean).join(" ");
}
function unpolledRunText(name, { text, reason = "", cancelOutcome }) {
    return [`${(0,lib_text/* oneLine */.TN)(name)}: ${text}.`, (0,lib_text/* oneLine */.TN)(reason), cancelOutcome?.text].filter(Boolean).join(" ");
}

;// CONCATENATED MODULE: ./build/app/progress-log.js







function createProgressLog({ logs, deadline }, deps) {
    const { runner, clock } = deps;
    const startedAt = clock.now();
    const heartbeat = createHeartbeatLog({ startedAt, deadline, isPaused: logs.isGroupOpen }, deps);
    const writeEvents = createEventWriter({ logs, deadline, onWrite: heartbeat.reset }, deps);
    let seen = emptyEmittedState;
    let waitStartMs;
    let isUnavailabilityLogged = false;
    function logTimelineUnavailable({ timelineUnavailable, isFinal }) {
        if (timelineUnavailable === undefined || isUnavailabilityLogged)
            return;
        if (!timelineUnavailable.isPermanent && !isFinal && !heartbeat.isIdle())
            return;
        isUnavailabilityLogged = true;
        runner.write([
            {
                type: timelineUnavailable.isPermanent ? "warning" : "text",
                text: timelineUnavailableText(timelineUnavailable),
            },
        ]);
    }
    return {
        isIdle: heartbeat.isIdle,
        hasPending: logs.hasPending,
        remainingMs: heartbeat.remainingMs,
        onPollError: heartbeat.onPollError,
        runHeartbeat: heartbeat.runHeartbeat,
        write: (text) => {
            runner.write([timestampedLine(text, { elapsedMs: clock.now() - startedAt })]);
            heartbeat.reset();
        },
        update: async (update, signal) => {
            const { run, tree, serviceTime, isFinal } = update;
            waitStartMs ??= serviceTime;
            heartbeat.setLastResponse(update, tree);
            const diff = diffSnapshots(seen, run, tree, isFinal);
            seen = diff.seen;
            await writeEvents(diff.events, { elapsedMs: clock.now() - startedAt, waitStartMs, runUrl: run.url }, signal);
            await logs.streamPending(tree, signal);
            logTimelineUnavailable(update);
            if (run.status !== "completed")
                await heartbeat.writeIfDue(signal);
        },
    };
}
function createEventWriter({ logs, deadline, onWrite }, { runner, clock, approvals }) {
    async function approversOf(event, signal) {
        if (event.type !== "check-started" || event.check.kind !== "approval")
            return [];
        if (event.check.status === "completed")
            return [];
        const fetchApprovers = (timeoutSignal) => approvals.getApprovers(event.check.id, timeoutSignal);
        return await (0,abort/* withDeadline */.NE)(deadline, clock, fetchApprovers, signal).catch((0,build_errors/* ignoreError */.FZ)("the line is written without names", []));
    }
    const writtenChecks = new Set();
    function isRepeatedCheck(event, context) {
        if (event.type !== "check-started" && event.type !== "check-ended")
            return false;
        const text = JSON.stringify([
            event.check.attempt,
            renderEvent({ ...event, at: undefined }, { ...context, elapsedMs: 0 }),
        ]);
        if (writtenChecks.has(text))
            return true;
        writtenChecks.add(text);
        return false;
    }
    return async (events, context, signal) => {
        for (const event of events) {
            const eventContext = { ...context, approvers: await approversOf(event, signal) };
            const lines = isRepeatedCheck(event, eventContext) ? [] : renderEvent(event, eventContext);
            runner.write(lines);
            if (lines.length > 0)
                onWrite();
            if (event.type === "task-finished")
                await logs.onFinished(event, signal);
        }
    };
}
function createHeartbeatLog({ startedAt, deadline, isPaused }, { runner, clock, pipelines }) {
    const timer = createHeartbeatTimer(startedAt);
    let waitStartMs;
    let last;
    let outage;
    let pastMs;
    let wasWrittenBetweenPolls = false;
    function writeStatus() {
        const now = clock.now();
        const context = { elapsedMs: now - startedAt, waitStartMs };
        runner.write([
            outage === undefined
                ? statusEntry(last, { ...context, pastMs, now })
                : outageLine({ reason: outage.why, sinceMs: now - outage.since }, context),
        ]);
        timer.beat(now);
    }
    const isIdle = () => wasWrittenBetweenPolls || timer.isDue(clock.now());
    return {
        reset: () => timer.reset(clock.now()),
        setLastResponse: ({ run, serviceTime, savesRequests }, tree) => {
            last = { run, serviceTime, savesRequests, tree, at: clock.now() };
            waitStartMs ??= serviceTime;
            outage = undefined;
        },
        writeIfDue: async (signal) => {
            if (!isIdle())
                return;
            wasWrittenBetweenPolls = false;
            const pipelineId = last?.run.pipeline.id ?? null;
            const fetchDurations = (timeoutSignal) => pipelineId === null ? Promise.resolve([]) : pipelines.getPastDurations(pipelineId, timeoutSignal);
            if (last?.savesRequests !== true)
                pastMs ??= await (0,abort/* withDeadline */.NE)(deadline, clock, fetchDurations, signal).catch((0,build_errors/* ignoreError */.FZ)("the line is written without an estimate", []));
            if (timer.isDue(clock.now()))
                writeStatus();
        },
        onPollError: (why, sinceMs) => {
            outage = { why, since: clock.now() - sinceMs };
            if (timer.isDue(clock.now()))
                writeStatus();
        },
        isIdle,
        remainingMs: () => {
            const typicalMs = (0,progress/* medianOf */.ux)(pastMs ?? []);
            const runStartedAt = (0,time/* parseTime */.pe)(last?.run.startedAt ?? null);
            if (last === undefined || typicalMs === undefined || runStartedAt === undefined)
                return undefined;
            return runStartedAt + typicalMs - ((last.serviceTime ?? last.at) + clock.now() - last.at);
        },
        runHeartbeat: (signal) => {
            const writeUnlessPaused = () => {
                if (isPaused())
                    return;
                wasWrittenBetweenPolls = true;
                writeStatus();
            };
            return runHeartbeatTimer(timer, { clock, writeStatus: writeUnlessPaused }, signal);
        },
    };
}
function statusEntry(last, { pastMs = [], now, ...context }) {
    if (last === undefined)
        return timestampedLine("  no successful poll yet; still waiting", context);
    const { run, tree, at, serviceTime = at } = last;
    if (run.status === "completed")
        return timestampedLine("  completed; still reading its records and logs", context);
    const serviceNow = serviceTime + now - at;
    const runningMs = serviceNow - ((0,time/* parseTime */.pe)(run.startedAt) ?? serviceNow);
    return heartbeatLine((0,progress/* progressOf */.jA)(tree, run, pastMs, runningMs), { ...context, runUrl: run.url });
}
const heartbeatDelaysMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);
const toleranceMs = 10_000;
function createHeartbeatTimer(now) {
    let idleSince = now;
    let beats = 0;
    const dueAt = () => idleSince + (heartbeatDelaysMs[Math.min(beats, heartbeatDelaysMs.length - 1)] ?? 0);
    return {
        dueAt,
        isDue: (time) => time >= dueAt(),
        beat: (time) => {
            idleSince = time;
            beats += 1;
        },
        reset: (time) => {
            idleSince = time;
            beats = 0;
        },
    };
}
async function runHeartbeatTimer(timer, { clock, writeStatus }, signal) {
    const msUntilOverdue = () => timer.dueAt() + toleranceMs - clock.now();
    while (!signal.aborted) {
        await clock
            .sleep(Math.max(msUntilOverdue(), 1_000), signal)
            .catch((0,build_errors/* ignoreError */.FZ)("the loop ends by itself"));
        if (!signal.aborted && msUntilOverdue() <= 0)
            writeStatus();
    }
}

;// CONCATENATED MODULE: ./build/app/search-run.js










const maxRuns = 1_000;
const maxAgeMs = 30 * 24 * 3_600_000;
const maxRunsWhileWaiting = 200;
const maxDetailedRuns = 20;
async function resolveSearch(target, { deps: { pipelines }, workflow }, signal) {
    const { pipeline, search } = target;
    const trigger = await workflow.trigger();
    const commit = search.commit ?? (search.by === "commit" ? requiredEventCommit(trigger) : undefined);
    if (search.by === "ref" && search.ref === undefined && !(0,default_ref/* hasInferableRef */.sM)(trigger))
        throw missingInput("ref", trigger);
    const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
    let details;
    const readPipeline = (readSignal) => (details ??= pipelines.get(pipelineId, readSignal));
    const ref = search.by === "ref" ? (search.ref ?? inferRef(trigger, await readPipeline(signal))) : search.ref;
    const query = { commit, ref, pullRequest: trigger.pullRequest?.number };
    return { target, pipelineId, query, trigger, readPipeline };
}
function requiredEventCommit(trigger) {
    const commit = (0,default_ref/* eventCommit */.ef)(trigger);
    if (commit === undefined)
        throw missingInput("commit", trigger);
    return commit;
}
function missingInput(name, { event }) {
    const reason = event === "" ? "there is no event" : `the event ${event} does not say`;
    return new build_errors/* ActionError */.lZ("bad-input", `${name}: is required by \`find-run: ${name}\`, since ${reason} which ${name} it is about.`, {
        hint: `Set \`${name}\`.`,
    });
}
function inferRef(trigger, { repository }) {
    const inferred = (0,default_ref/* defaultRef */.F1)(trigger, repository);
    if (inferred.kind === "inferred")
        return inferred.ref;
    const name = repository.fullName === undefined ? "another repository" : `the repository ${repository.fullName}`;
    throw new build_errors/* ActionError */.lZ("bad-input", `ref: is required by \`find-run: ref\`, since the pipeline builds ${name}, not this one.`, { hint: "Set `ref`." });
}
async function searchUntilFound(search, searchContext, signal) {
    const { inputs, deps } = searchContext.context;
    const { clock, runner, runLists } = deps;
    const { pipelineId, query, target } = search;
    const { timeoutMs } = target.search;
    const startedAt = clock.now();
    const deadline = startedAt + timeoutMs;
    const heartbeat = createHeartbeatTimer(startedAt);
    const selectRun = createSelection(search, searchContext);
    let delayMs = inputs.pollIntervalMs;
    let isTruncated;
    let hasLogged = false;
    for (;;) {
        const remainingMs = deadline - clock.now();
        const result = await runLists.search({
            pipelineId,
            ref: target.search.by === "ref" ? query.ref : undefined,
            maxRuns: isTruncated === undefined ? maxRuns : maxRunsWhileWaiting,
            maxAgeMs,
            retryForMs: Math.max(60_000, Math.min(remainingMs, 5 * 60_000)),
        }, signal);
        isTruncated ??= result.isTruncated;
        const selection = await selectRun(result.runs, signal);
        if (selection.run !== undefined)
            return { kind: "found", listed: selection.run };
        const now = clock.now();
        if (remainingMs <= 0) {
            const waitedMs = timeoutMs === 0 ? 0 : now - startedAt;
            return { kind: "none", result: { ...result, isTruncated }, waitedMs, passedOver: selection.passedOver };
        }
        if (!hasLogged || heartbeat.isDue(now)) {
            hasLogged = true;
            const left = (0,time/* durationText */.S5)(Math.max(0, deadline - now));
            const text = `No run ${queryText(search)} yet. Waiting for up to ${left} for one to appear.`;
            runner.write([{ type: "text", text }]);
            heartbeat.beat(now);
        }
        delayMs = (0,poll_interval/* nextPollDelayMs */.Gc)(delayMs, {
            pollIntervalMs: inputs.pollIntervalMs,
            throttling: result.throttling,
        });
        await clock.sleep(Math.max(0, Math.min(Math.max(delayMs, result.retryAfterMs ?? 0), deadline - now)), signal);
    }
}
function createDetailReader(read) {
    const known = new Map();
    return async (listed, signal) => {
        const { id } = listed.run;
        if (!known.has(id) && known.size < maxDetailedRuns)
            known.set(id, await read(listed, signal));
        return known.get(id);
    };
}
function createSelection(search, { context, fingerprint }) {
    const { query, target } = search;
    const isQueried = createQueryCheck(search, context);
    const readDetails = createDetailReader((listed, signal) => withStartDetails(listed, search.pipelineId, context, signal));
    const isRerun = context.workflow.attempt > 1 && context.inputs.onRerun !== "retry-failed";
    async function objectionTo(listed, signal) {
        const { run } = listed;
        const { when } = target.search;
        if (when !== undefined && !(0,core_condition/* evaluateCondition */.F9)(when, documentOf(run, run_tree/* emptyTree */["in"], null)).holds)
            return "find-when is false";
        if (fingerprint === undefined)
            return undefined;
        if (!(await isSameRequest(listed, fingerprint, readDetails, signal)))
            return "parameters or variables differ";
        if (isRerun && run.status === "completed" && !(await isSuccess(listed, context, signal)))
            return "the run failed and this is a re-run";
        return undefined;
    }
    return async (runs, signal) => {
        const passedOver = new Map();
        for (const listed of runs) {
            if (!(await isQueried(listed, query, signal)))
                continue;
            const objection = await objectionTo(listed, signal);
            if (objection === undefined)
                return { run: listed, passedOver };
            passedOver.set(listed.run.id, objection);
        }
        return { run: undefined, passedOver };
    };
}
function createQueryCheck({ trigger, readPipeline }, { deps, workflow, inputs }) {
    async function buildsEventRepository({ run: { repository } }, signal) {
        const known = repository?.fullName === undefined ? (await readPipeline(signal)).repository : repository;
        return (0,default_ref/* isSameRepository */.ve)(trigger, known);
    }
    const mergedHead = createDetailReader(({ run }, signal) => workflow.mergedHead(inputs, run.source.commit ?? "", signal));
    const withSource = createDetailReader(async (listed, signal) => ({
        ...listed,
        run: await deps.runs.get(listed.run.id, { retryForMs: 30_000 }, signal),
    }));
    return async (listed, query, signal) => {
        const withoutPullRequest = { ...query, pullRequest: undefined };
        const isUnknown = (0,run_search/* matchQuery */.MK)(listed, query) === "unknown";
        const known = (isUnknown ? await withSource(listed, signal) : undefined) ?? listed;
        const match = (0,run_search/* matchQuery */.MK)(known, query);
        if (match === "no" || match === "unknown")
            return false;
        if ((0,run_search/* matchQuery */.MK)(known, withoutPullRequest) === "yes")
            return true;
        if (!(await buildsEventRepository(known, signal)))
            return false;
        if (match === "yes")
            return true;
        const head = await mergedHead(known, signal);
        return head !== undefined && query.commit?.toLowerCase() === head.toLowerCase();
    };
}
async function isSameRequest(listed, fingerprint, readDetails, signal) {
    const wanted = { ...fingerprint, ref: listed.candidate.ref, commit: null };
    const match = (0,run_matching/* matchRequest */.pd)(listed.candidate, wanted);
    if (match !== "possible")
        return match === "exact";
    const detailed = await readDetails(listed, signal);
    return detailed !== undefined && (0,run_matching/* matchRequest */.pd)(detailed, wanted) === "exact";
}
async function withStartDetails({ candidate }, pipelineId, { deps: { runs } }, signal) {
    const details = await runs
        .getStarted(pipelineId, candidate.id, signal)
        .catch((0,build_errors/* ignoreError */.FZ)("a run that can't be compared is not reused"));
    signal.throwIfAborted();
    return details && (0,run_matching/* withRunDetails */.uq)(candidate, details.raw);
}
async function isSuccess({ run }, { inputs, deps: { runs } }, signal) {
    const poll = runs.createPoller(run.id);
    const response = await poll({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
    return (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, documentOf(response.run, response.tree, null)).holds;
}
function queryText({ query: { commit, ref } }) {
    const parts = [
        ...(commit === undefined ? [] : [`builds commit ${commit}`]),
        ...(ref === undefined ? [] : [`is of ${ref}`]),
    ];
    return parts.join(" and ");
}

// EXTERNAL MODULE: ./build/app/start-run.js + 2 modules
var start_run = __webpack_require__(5735);
;// CONCATENATED MODULE: ./build/app/find-run.js













async function findOrStartRun(target, context, signal) {
    const { deps } = context;
    const { ifNotFound } = target.search;
    const search = await resolveSearch(target, context, signal);
    const reuse = ifNotFound === "start" ? reuseRules(search, context) : undefined;
    if (reuse?.kind === "never") {
        deps.runner.write([{ type: "text", text: `No existing run is reused, since ${reuse.reason}.` }]);
        return await startSearchedRun(search, context, signal);
    }
    const outcome = await searchUntilFound(search, { context, fingerprint: reuse?.fingerprint }, signal);
    if (outcome.kind === "found") {
        const { run, trigger } = outcome.listed;
        (0,run_target/* checkProject */.s)(context.inputs.projectRef, run.project);
        writeFoundNotes(outcome.listed, search, context);
        const origin = trigger.reason === undefined ? undefined : `queued by ${(0,lib_text/* oneLine */.TN)(trigger.reason)}`;
        const { projectRef } = context.inputs;
        return await adoptRun(run, { projectRef, verb: "Found", origin, isOwn: false, stagesToStart: target.stagesToStart }, deps, signal);
    }
    if (outcome.result.runs.length === 0)
        await search.readPipeline(signal);
    if (ifNotFound === "start") {
        deps.runner.write([{ type: "text", text: `${notFoundText(search, outcome)} Starting one.` }]);
        return await startSearchedRun(search, context, signal);
    }
    if (ifNotFound === "fail")
        throw notFoundError(search, outcome, await describeNewestRuns(search, outcome, deps, signal));
    await reportNoRun(`${notFoundText(search, outcome)} The step succeeds without a run.`, search, context, signal);
    return undefined;
}
async function reportNoRun(text, { pipelineId }, { inputs, deps, workflow }, signal) {
    const { runner, outputs, pipelines } = deps;
    const mapped = Object.fromEntries(inputs.mapOutputs.map(({ name }) => [name, ""]));
    outputs.set({ ...app_outputs/* emptyRunOutputs */.N$, status: "", result: "", ...mapped });
    runner.write([{ type: "notice", text }]);
    const summary = escapeMarkdown(text);
    if (inputs.summary)
        runner.addSummary(() => `${summary}\n`);
    const reporters = await workflow.commitReporters(inputs, { isExternal: false, readSource: undefined });
    const report = {
        kind: "skipped",
        title: "No run was found",
        summary: () => summary,
        annotations: [],
        runUrl: pipelines.url(pipelineId),
        runId: undefined,
        description: text,
    };
    await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
}
function reuseRules({ pipelineId }, { inputs }) {
    const incomparable = Object.entries({
        "secret-variables": inputs.secretVariables,
        "stages-to-skip": inputs.stagesToSkip,
        resources: inputs.resources,
        "request-body": inputs.requestBody,
    }).flatMap(([name, value]) => (value === undefined ? [] : [`\`${name}\``]));
    if (incomparable.length > 0)
        return { kind: "never", reason: `${incomparable.join(", ")} cannot be compared with those of a run` };
    const { parameters, variables } = inputs;
    const body = (0,start_request/* requestBody */.I)({ ref: undefined, commit: undefined, parameters, variables });
    return { kind: "same-request", fingerprint: (0,run_matching/* fingerprintOf */.ax)({ pipelineId, body, tag: null }) };
}
async function startSearchedRun({ target, pipelineId, query, trigger }, { inputs, deps }, signal) {
    if (inputs.ref === undefined &&
        target.search.by === "commit" &&
        !(0,default_ref/* hasInferableRef */.sM)(trigger) &&
        inputs.commit === undefined)
        throw new build_errors/* ActionError */.lZ("bad-input", `ref: is required to start a run, since the event ${trigger.event} does not say which ref has the commit ${query.commit}.`, { hint: "Set `ref`, or `if-not-found: fail`." });
    const source = startSource(inputs, target, query, trigger);
    const plan = await (0,start_run/* resolveStartRequest */.Y)({ ...inputs, ...source }, { by: "id", id: pipelineId }, { deps, trigger: async () => trigger }, signal);
    return await (0,start_run/* startRun */.A)({ ...plan, tag: null }, inputs, deps, signal);
}
function startSource(inputs, { search }, { ref, commit }, { pullRequest, repository }) {
    if (search.by === "ref" || inputs.commit !== undefined || inputs.ref !== undefined)
        return { ref, commit };
    const isFork = pullRequest !== undefined && pullRequest.headRepository?.toLowerCase() !== repository.toLowerCase();
    return { ref, commit: isFork ? undefined : commit };
}
function writeFoundNotes(listed, { target, trigger, query: { ref } }, { deps: { runner } }) {
    if (target.search.by !== "ref" || ref === undefined || !(0,run_search/* isOfOtherCommit */.hD)(listed, ref, trigger))
        return;
    const { name, source } = listed.run;
    const text = `${(0,lib_text/* oneLine */.TN)(name)} builds commit ${source.commit}, not the event's commit ${(0,default_ref/* eventCommit */.ef)(trigger)}.`;
    runner.write([{ type: "notice", text }]);
}
function notFoundText(search, { waitedMs, passedOver, result }) {
    const waited = waitedMs === 0 ? "" : ` after ${(0,time/* durationText */.S5)(waitedMs)}`;
    const suitable = passedOver.size === 0 ? "" : "suitable ";
    const skipped = [...new Set(passedOver.values())].map((objection) => {
        const names = result.runs.filter(({ run }) => passedOver.get(run.id) === objection);
        return `Skipped, since ${objection}: ${(0,lib_text/* listed */.KE)(names.map(({ run }) => (0,lib_text/* oneLine */.TN)(run.name)))}.`;
    });
    const sentences = [
        `No ${suitable}run of pipeline ${search.pipelineId} ${queryText(search)}${waited}.`,
        ...skipped,
        ...(result.isTruncated ? ["At most 1,000 runs of the last 30 days were searched."] : []),
    ];
    return sentences.join(" ");
}
const maxListedRuns = 5;
async function describeNewestRuns({ pipelineId, target, query }, { result }, { runLists }, signal) {
    const ref = target.search.by === "ref" ? query.ref : undefined;
    if (ref === undefined || result.runs.length > 0)
        return newestRunsText(result.runs, ref);
    const limits = { maxRuns: maxListedRuns, maxAgeMs: Number.POSITIVE_INFINITY, retryForMs: 10_000 };
    const found = await runLists
        .search({ pipelineId, ref: undefined, ...limits }, signal)
        .catch((0,build_errors/* ignoreError */.FZ)("the error is complete without them"));
    signal.throwIfAborted();
    return found === undefined ? "" : newestRunsText(found.runs);
}
function newestRunsText(runs, owner = "the pipeline") {
    if (runs.length === 0)
        return "The pipeline has no runs.";
    const lines = runs.slice(0, maxListedRuns).map(({ run, trigger }) => {
        const { commit, ref } = run.source;
        const facts = [commit ?? "unknown commit", ref ?? "unknown ref", trigger.reason ?? "unknown reason"];
        return (0,lib_text/* oneLine */.TN)(`${run.name}: ${facts.join(", ")}, ${run.result ?? run.status}: ${run.url}`);
    });
    return [`The newest runs of ${owner}:`, ...lines].join("\n");
}
function notFoundError(search, outcome, newestRuns) {
    const message = [notFoundText(search, outcome), newestRuns].filter(Boolean).join("\n");
    return new build_errors/* ActionError */.lZ("not-found", message, {
        hint: "Raise `find-timeout` if the run is queued later, or see `if-not-found`.",
    });
}

;// CONCATENATED MODULE: ./build/core/annotations.js


function annotationsOf(tree, { result = null, problems = [] }, { isSuccess = false, writtenCause, ...limits }) {
    const locations = issueLocations(tree);
    const isBlamed = ({ tolerance }) => !isSuccess && (tolerance === "none" || (tolerance === "let-pass" && result === "partiallySucceeded"));
    const blamed = locations.filter(isBlamed);
    const tolerated = locations.filter((location) => !isBlamed(location));
    const isReasonKnown = isExplained(causesIn(locations, result));
    const blamedErrors = sortByRank(blamed.flatMap((location) => issuesOf(location, "error")));
    const echoes = isReasonKnown ? blamedErrors.filter(isEcho) : [];
    const errors = firstPerNodeFirst(blamedErrors.filter((entry) => !echoes.includes(entry)));
    const toleratedErrors = sortByRank(tolerated.flatMap((location) => issuesOf(location, "error")));
    const warnings = sortByRank(locations.flatMap((location) => issuesOf(location, "warning")));
    const writtenKey = writtenCause && causeKey(writtenCause);
    const isNotWritten = (cause) => causeKey(cause) !== writtenKey;
    const allErrors = [...(isSuccess || isReasonKnown ? [] : problems.map(problemCause)), ...distinct(errors)];
    const allWarnings = distinct([...toleratedErrors, ...warnings]);
    const shownErrors = allErrors.filter(isNotWritten);
    const shownWarnings = allWarnings.filter(isNotWritten);
    const errorCount = countOf(blamed, "errors") -
        echoes.filter(({ rank, cause }) => rank === ranks.failedChild || cause.taskId !== undefined).length -
        duplicateCount(errors) -
        (allErrors.length - shownErrors.length);
    const warningCount = countOf(tolerated, "errors") +
        countOf(locations, "warnings") -
        duplicateCount(toleratedErrors) -
        duplicateCount(warnings) -
        (allWarnings.length - shownWarnings.length);
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
    return found.filter(duplicatesTaskMessage(found)).length;
}
function firstPerNodeFirst(found) {
    const seenNodes = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const nodeKey = JSON.stringify([path, jobId, taskId]);
        if (rank > ranks.genericMessage || seenNodes.has(nodeKey))
            return false;
        seenNodes.add(nodeKey);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (entry) => (isFirst(entry) ? "first" : "other"));
    return [...first, ...other];
}
function overflow(count, found, limit) {
    return found <= limit ? Math.max(0, count - found) : Math.max(count, found) - limit;
}

// EXTERNAL MODULE: ./build/core/report-commit.js
var report_commit = __webpack_require__(8311);
;// CONCATENATED MODULE: ./build/render/tests.js




const maxOpenTests = 10;
function testsSection(tests, limit) {
    if (tests === undefined || tests.passed + tests.failed + tests.skipped + tests.others.length === 0)
        return "";
    const { passed, failed, skipped, others, failures } = tests;
    const counts = [
        passed > 0 ? `${passed} passed` : "",
        failed > 0 ? `${failed} failed${noveltyText(tests)}` : "",
        skipped > 0 ? `${skipped} skipped` : "",
        ...others.map(({ outcome, count }) => `${count} ${escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(outcome), 150))}`),
    ];
    const listed = failures.slice(0, limit).map(testItem);
    const hiddenCount = failed - listed.length;
    const isFolded = listed.length > maxOpenTests;
    const items = hiddenCount > 0 && listed.length > 0 ? [...listed, `- and ${hiddenCount} more`] : listed;
    return [
        `**Tests** ${counts.filter(Boolean).join(", ")}`,
        isFolded
            ? foldedList(items, maxOpenTests, (0,lib_text/* counted */.hS)(failed - maxOpenTests, "more failed test"))
            : items.join("\n"),
    ]
        .filter(Boolean)
        .join("\n\n");
}
function noveltyText({ failed, newFailures }) {
    if (newFailures === undefined)
        return "";
    const fresh = Math.min(newFailures, failed);
    const parts = [fresh > 0 ? `${fresh} new` : "", failed > fresh ? `${failed - fresh} known` : ""];
    return ` (${parts.filter(Boolean).join(", ")})`;
}
function testItem({ name, message, location }) {
    const reason = message === undefined ? "" : escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(message), 200));
    const place = location === undefined ? "" : codeSpan(fileText(location));
    return `- ${codeSpan((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 200))}${reason && `: ${reason}`}${place && ` (${place})`}`;
}
const tests_maxMessageLength = 1_000;
function testAnnotations({ failures, type }, toRepositoryPath) {
    return failures.map(({ name, message, location }) => {
        const path = location === undefined ? undefined : (0,source_location/* framePath */.pe)(location);
        const file = path === undefined ? undefined : toRepositoryPath(path);
        const place = location === undefined ? "" : ` (${fileText(location)})`;
        const reason = message === undefined ? "" : `: ${(0,lib_text/* clip */.$Q)(message.trim(), tests_maxMessageLength)}`;
        return {
            type,
            text: `${(0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 200)}${place}${reason}`,
            title: "Failed test",
            ...(file !== undefined && { file, line: location?.line }),
        };
    });
}

;// CONCATENATED MODULE: ./build/app/annotate.js





const maxAnnotations = 10;
async function annotate({ run, tree }, context, { isSuccess = false, reservedErrors = 1, reservedWarnings = 0, writtenCause } = {}) {
    const { runner } = context.deps;
    const warnings = remaining("warning", context, reservedWarnings);
    const errors = remaining("error", context, reservedErrors);
    const annotations = annotationsOf(tree, run, { errors, warnings, isSuccess, writtenCause });
    const toRepositoryPath = await pathReader(run, context);
    runner.write(annotationLines(annotations, { toRepositoryPath, isForLog: true }));
}
async function placeOfCause({ issue }, run, context) {
    return annotationPlace(issue, await pathReader(run, context));
}
async function annotateTests(tests, run, context, { isSuccess, reservedErrors }) {
    if (tests === undefined)
        return;
    const type = isSuccess ? "warning" : "error";
    const failures = tests.failures.slice(0, remaining(type, context, isSuccess ? 0 : reservedErrors));
    const hiddenCount = tests.failed - failures.length;
    const hidden = failures.length > 0
        ? `And ${(0,lib_text/* counted */.hS)(hiddenCount, "more failed test")}`
        : (0,lib_text/* counted */.hS)(hiddenCount, "failed test");
    context.deps.runner.write([
        ...testAnnotations({ failures, type }, await pathReader(run, context)),
        ...(hiddenCount > 0 ? [{ type: "text", text: `${hidden} in the run.` }] : []),
    ]);
}
function remaining(type, { deps: { runner } }, reserved) {
    return Math.max(0, maxAnnotations - runner.annotationCount(type) - reserved);
}
async function pathReader(run, { deps: { runner }, trigger }) {
    const isEventCommit = (0,report_commit/* sourceOrigin */.UO)(await trigger(), run) === "event-commit";
    return (path) => (isEventCommit ? runner.repositoryPath(path) : undefined);
}

// EXTERNAL MODULE: ./build/app/cancel-run.js
var cancel_run = __webpack_require__(8069);
// EXTERNAL MODULE: ./build/app/find-started-run.js
var find_started_run = __webpack_require__(4648);
// EXTERNAL MODULE: ./build/app/step-state.js
var step_state = __webpack_require__(9233);
;// CONCATENATED MODULE: ./build/app/cancel-on-signal.js





const signalRequestOptions = { retryForMs: 5_000, ignoreRetryAfter: true };
const signalCancelOptions = {
    request: { timeoutMs: 2_800, retryForMs: 0 },
    maxAttempts: 2,
};
const listLagMs = 1_000;
const postStepCancelMs = 1_500;
async function cancelOnSignal(context, signal) {
    const { phase } = context.stepState;
    if (phase.at === "starting")
        return await cancelPendingStartOnSignal(phase, context, signal);
    if (phase.at === "following")
        return { message: await cancelTrackedRunOnSignal(phase, context, signal) };
    return { message: "No run was started." };
}
async function cancelTrackedRunOnSignal(phase, context, signal) {
    const { stepState, runs } = context;
    const { runId, stages, duplicateSearch } = phase;
    const { snapshot, run } = stepState;
    const { url = run?.url ?? runs.url(runId), status = "inProgress" } = snapshot?.run ?? {};
    if (status !== "completed" && !(0,step_state/* isCancelledWithStep */.k8)(phase, context.cancelOnAbort)) {
        stepState.setPhase({ at: "left", runId });
        return `The run continues: ${url}`;
    }
    if (stages !== undefined && stages.length > 0) {
        const deps = { ...context, request: signalCancelOptions.request };
        const { isOver, message } = await cancelStagesOnSignal({ runId, stages, url }, deps, signal);
        if (isOver)
            stepState.setPhase({ at: "left", runId });
        return message;
    }
    const [outcome, areDuplicatesOver] = await Promise.all([
        cancelAndDescribe({ id: runId, url, status }, context, signal),
        duplicateSearch === undefined ? true : cancelDuplicatesOnSignal(duplicateSearch, runId, context, signal),
    ]);
    if (outcome.isOver && areDuplicatesOver)
        stepState.setPhase({ at: "left", runId });
    return outcome.message;
}
async function cancelDuplicatesOnSignal(search, runId, context, signal) {
    const deps = { ...context, retryOptions: signalRequestOptions };
    const { certain } = await (0,cancel_run/* findDuplicates */.Ir)(search, runId, deps, signal);
    const outcomes = await Promise.all(certain.map((duplicate) => cancelAndDescribe(duplicate, context, signal)));
    return certain.length === search.attempts - 1 && outcomes.every(({ isOver }) => isOver);
}
async function cancelPendingStartOnSignal(phase, context, signal) {
    const { stepState, cancelOnAbort = true, outputs, pipelines } = context;
    const message = `It is not known yet whether a run was started: ${pipelines.url(phase.pipelineId)}`;
    if (!cancelOnAbort)
        return { message };
    const exact = (0,find_started_run/* exactMatches */.Nk)(await searchMatches(phase, context, signal), phase.attempts);
    const [first] = exact;
    if (first === undefined)
        return { message };
    outputs.set((0,app_outputs/* startOutputs */.HK)(first));
    const outcomes = await Promise.all(exact.map((run) => cancelAndDescribe(run, context, signal)));
    if (exact.length === phase.attempts) {
        const isOver = outcomes.every((outcome) => outcome.isOver);
        if (isOver)
            stepState.setPhase({ at: "left", runId: first.id });
        else if (exact.length === 1)
            stepState.setPhase({ at: "following", runId: first.id, isOwn: true });
    }
    return { message: outcomes.map((outcome) => outcome.message).join(" "), found: first };
}
async function searchMatches(phase, context, signal) {
    const search = async () => {
        const deps = { ...context, retryOptions: signalRequestOptions };
        return (await (0,find_started_run/* findCandidates */.eE)(phase, deps, signal)).matches;
    };
    const searchAgainLater = async () => {
        await context.clock.sleep(listLagMs, signal);
        return await search();
    };
    const ignoreFailure = (0,build_errors/* ignoreError */.FZ)("the post step searches again", []);
    const matches = await search().catch(ignoreFailure);
    return matches.length > 0 ? matches : await searchAgainLater().catch(ignoreFailure);
}
async function cancelAndDescribe({ id, url, status }, context, signal) {
    const ended = { isOver: true, message: `The run had already ended: ${url}` };
    if (status === "completed")
        return ended;
    if (context.isPostStepActive === true && (await isCancelledByPostStep(id, context, signal)))
        return { isOver: true, message: `The run was cancelled by the post step: ${url}` };
    const result = await (0,cancel_run/* cancelRun */.Su)(id, signalCancelOptions, context, signal);
    if (result.kind === "cancelled")
        return { isOver: true, message: `The run was cancelled too: ${url}` };
    if (result.kind === "completed")
        return ended;
    const yet = result.error instanceof build_errors/* ActionError */.lZ ? "" : " yet";
    const message = `The run could not be cancelled${yet} (${(0,build_errors/* reasonOf */.A3)(result.error)}): ${url}`;
    return { isOver: false, message };
}
async function isCancelledByPostStep(runId, { runs, clock }, signal) {
    await clock.sleep(postStepCancelMs, signal).catch((0,build_errors/* ignoreError */.FZ)("without time left, it is checked at once"));
    const run = await (0,cancel_run/* tryGetRun */.BH)(runId, runs, signal);
    return run?.status === "canceling" || run?.status === "completed";
}
async function cancelStagesOnSignal(target, deps, signal) {
    const { subject, was } = (0,cancel_run/* stagesAsSubject */.eN)(target.stages);
    try {
        await (0,cancel_run/* cancelStages */.AN)(target, deps, signal);
        return { isOver: true, message: `${subject} of the run ${was} cancelled too: ${target.url}` };
    }
    catch (error) {
        const yet = error instanceof build_errors/* ActionError */.lZ ? "" : " yet";
        const message = `${subject} of the run could not be cancelled${yet} (${(0,build_errors/* reasonOf */.A3)(error)}): ${target.url}`;
        return { isOver: false, message };
    }
}

;// CONCATENATED MODULE: ./build/core/slower-nodes.js



const minDifferenceMs = 30_000;
const minFactor = 1.25;
function slowerNodes(tree, earlier) {
    const earlierByKey = new Map(comparedNodes(earlier).map((compared) => [compared.key, compared]));
    return comparedNodes(tree)
        .flatMap(({ key, name, ms }) => {
        const before = earlierByKey.get(key);
        if (before === undefined || before.attempt > 1)
            return [];
        const byMs = ms - before.ms;
        return byMs < minDifferenceMs || ms < before.ms * minFactor ? [] : [{ name, byMs }];
    })
        .sort((one, other) => other.byMs - one.byMs);
}
function comparedNodes({ stages }) {
    return stages.flatMap((stage) => {
        if (stage.displayName !== undefined)
            return comparedNode(stage, (0,run_tree/* allChecks */.fZ)({ stages: [stage], checks: stage.checks }), stage.name);
        return stage.jobs.flatMap((job) => {
            const waits = job.tasks.flatMap(({ wait }) => wait ?? []);
            return comparedNode(job, waits, JSON.stringify([stage.name, job.name]));
        });
    });
}
function comparedNode(node, checks, key) {
    const { displayName: name, attempt, startedAt, finishedAt } = node;
    const [start, end] = [(0,time/* parseTime */.pe)(startedAt), (0,time/* parseTime */.pe)(finishedAt)];
    if (name === undefined || !(0,run_tree/* hasStarted */.gd)(node) || start === undefined || end === undefined)
        return [];
    const waitedMs = (0,progress/* waitTimesBetween */.OR)(checks, start, end).reduce((sum, { ms }) => sum + ms, 0);
    return [{ key, name, attempt, ms: Math.max(0, end - start - waitedMs) }];
}

;// CONCATENATED MODULE: ./build/render/baseline.js





const maxCommits = 10;
const maxOpenCommits = 3;
function changesSection(baseline, { source: { ref } }, limit) {
    if (baseline === undefined)
        return "";
    const { lastSuccess, isSameCommit, commits } = baseline;
    const run = markdown_link((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(lastSuccess.name), 150), lastSuccess.url);
    const branch = codeSpan((0,lib_text/* clip */.$Q)((0,run_lines/* shortRef */.m3)(ref), 150));
    if (isSameCommit)
        return `**Changes** none since ${run}, the last run of ${branch} that succeeded: it built the same commit.`;
    if (commits === undefined || commits.first.length === 0)
        return `The last run of ${branch} that succeeded is ${run}.`;
    const { first, hasMore } = commits;
    const shown = first.slice(0, Math.min(limit, maxCommits)).map(commitItem);
    const hiddenCount = first.length - shown.length;
    const more = hiddenCount > 0 && shown.length > 0 ? [`- and ${hiddenCount} more`] : [];
    const count = `${hasMore ? "at least " : ""}${(0,lib_text/* counted */.hS)(first.length, "commit")}`;
    return [
        `**Changes** ${count} since ${run}, the last run of ${branch} that succeeded`,
        foldedList([...shown, ...more], maxOpenCommits, (0,lib_text/* counted */.hS)(first.length - maxOpenCommits, "more commit")),
    ]
        .filter(Boolean)
        .join("\n\n");
}
const maxSlower = 3;
function slowerSection({ tree, baseline }, limit) {
    if (baseline?.tree === undefined || limit === 0)
        return "";
    const slower = slowerNodes(tree, baseline.tree);
    if (slower.length === 0)
        return "";
    const { name, url } = baseline.lastSuccess;
    const shown = slower
        .slice(0, maxSlower)
        .map((node) => `${escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(node.name), 150))} by ${(0,time/* durationText */.S5)(node.byMs)}`);
    const more = slower.length > maxSlower ? ` and ${slower.length - maxSlower} more` : "";
    return `**Slower** than in ${markdown_link((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 150), url)}: ${shown.join(", ")}${more}`;
}
function commitItem({ hash, title, author, url }) {
    const by = author === undefined ? "" : ` (${escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(author), 100))})`;
    return `- ${markdown_link(hash.slice(0, 7), url)} ${escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(title), 150))}${by}`;
}

;// CONCATENATED MODULE: ./build/render/task-log.js


const colours = {
    error: "31",
    warning: "33",
    section: "32",
    command: "36",
    debug: "35",
    group: "1",
};
const bom = 0xfeff;
const hash = "#".charCodeAt(0);
const bracket = "[".charCodeAt(0);
const linePrefix = " │ ";
function formatLogLine(raw) {
    return `${linePrefix}${relayedText(raw)}`;
}
function relayedLines(raw) {
    const type = "lines";
    if (!raw.includes("##[") && !raw.includes(taskCommand))
        return { type, text: withColoursReset(raw), lineStart: timestampedLineStart, prefix: linePrefix };
    const lines = raw.split(/\r?\n/).slice(0, -1);
    const text = lines.map((line) => `${relayedText(line)}\n`).join("");
    return { type, text, lineStart: /\n/g, prefix: linePrefix };
}
function relayedText(raw) {
    const text = stripTimestamp(raw);
    const first = text.charCodeAt(0);
    return withColoursReset(first === hash || first === bracket ? colourMarker(text) : text);
}
function withColoursReset(lines) {
    return lines.includes("\u001B") ? lines.replaceAll(/\u001B[^\r\n]*/g, "$&\u001B[0m") : lines;
}
const timestampPattern = String.raw `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,10})?Z ?`;
const timestamp = new RegExp(timestampPattern, "y");
const timestampedLineStart = new RegExp(String.raw `\r?\n\uFEFF?(?:${timestampPattern})?`, "g");
function stripTimestamp(raw) {
    const start = raw.charCodeAt(0) === bom ? 1 : 0;
    timestamp.lastIndex = start;
    const text = raw.slice(timestamp.test(raw) ? timestamp.lastIndex : start);
    return text.includes("\r") ? withoutTrailingReturns(text).replaceAll("\r", " ") : text;
}
function withoutTrailingReturns(text) {
    let end = text.length;
    while (text[end - 1] === "\r")
        end -= 1;
    return text.slice(0, end);
}
const startMarker = "##[section]Starting:";
const finishMarker = "##[section]Finishing:";
const tableBorder = /^={20,}$/;
function taskOutput(lines, totalLines) {
    const textAt = (index) => stripTimestamp(lines.at(index) ?? "");
    const hasHeader = textAt(0).startsWith(startMarker);
    const isTableEnd = (line, index) => index > 1 && index < 16 && tableBorder.test(stripTimestamp(line));
    const tableEnd = hasHeader && tableBorder.test(textAt(1)) ? lines.findIndex(isTableEnd) : -1;
    const firstLine = tableEnd >= 0 ? tableEnd + 1 : hasHeader ? 1 : 0;
    const hasEnd = textAt(-1).startsWith(finishMarker);
    return { lines: lines.slice(firstLine, hasEnd ? -1 : undefined), lastLine: totalLines - (hasEnd ? 1 : 0) };
}
function lineRangeText({ lines, lastLine, totalLines, isWhole }) {
    if (isWhole)
        return "the whole log";
    const range = lines.length === 1 ? `line ${lastLine}` : `lines ${lastLine - lines.length + 1}–${lastLine}`;
    return `${range} of ${totalLines}`;
}
function withoutMarker(text) {
    return splitMarker(text).rest;
}
function colourMarker(text) {
    const { marker, rest } = splitMarker(text);
    const colour = colours[marker ?? ""];
    return colour === undefined ? rest : `\u001B[${colour}m${rest}`;
}
const taskCommand = "[command]";
function splitMarker(text) {
    const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
    const marker = match?.[1]?.toLowerCase();
    if (!match || !marker || (text.charCodeAt(0) === bracket && !text.startsWith(taskCommand)))
        return { rest: text };
    const rest = text.slice(match[0].length);
    return { marker, rest: marker === "group" ? `▸ ${rest}` : rest };
}
function excerptLines({ path, result, lines, totalLines, isContinuation = false, url, }) {
    const shown = taskOutput(lines, totalLines);
    const continuation = isContinuation ? "what came later, " : "";
    const isWhole = lines.length >= totalLines;
    const range = `${lineRangeText({ ...shown, totalLines, isWhole })}, ${isWhole ? "also" : "all"} at ${url}`;
    return [
        { type: "group", title: `${logSymbol(result)} ${(0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200)}: ${continuation}${range}` },
        ...shown.lines.map((line) => ({ type: "text", text: formatLogLine(line) })),
        { type: "end-group" },
    ];
}
function logTitle({ path, result, isContinuation, url }) {
    return `${logSymbol(result)} ${(0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200)}${isContinuation ? ", what came later" : ""}: ${url}`;
}
function logSymbol(result) {
    return result === null ? "■" : resultSymbols[result];
}

;// CONCATENATED MODULE: ./build/render/failures.js






function failureSections({ run, tree, causes, excerpts }, { failures, lines }) {
    const locations = [...Map.groupBy(primaryCauses(causes), locationKey)];
    if (locations.length === 0)
        return [];
    const shown = locations.slice(0, failures).map(([location, causesHere], index) => {
        const logs = excerptsFor(location, locations, excerpts).map((excerpt) => lines === 0
            ? ""
            : [
                locationKey(excerpt) === location ? "" : excerptHeading(excerpt, run.url),
                excerptBlock(excerpt, lines, index < 3),
            ]
                .filter(Boolean)
                .join("\n\n"));
        return [failureTitle(causesHere, run.url, locations.length > 1), messageList(causesHere, tree), ...logs]
            .filter(Boolean)
            .join("\n\n");
    });
    const hiddenCount = locations.length - shown.length;
    return [
        "### What went wrong",
        ...shown,
        ...(hiddenCount > 0 ? [`And in ${(0,lib_text/* counted */.hS)(hiddenCount, "more place")}.`] : []),
    ];
}
function locationKey({ jobId, taskId }) {
    return `${jobId ?? ""}/${taskId ?? ""}`;
}
function excerptsFor(location, locations, excerpts) {
    const own = excerpts.filter((excerpt) => locationKey(excerpt) === location);
    if (own.length > 0)
        return own;
    const jobPrefix = location.slice(0, location.indexOf("/") + 1);
    const elsewhere = new Set(locations.map(([key]) => key));
    return excerpts.filter((excerpt) => {
        const key = locationKey(excerpt);
        const isInJob = jobPrefix !== "/" && key.startsWith(jobPrefix) && !elsewhere.has(key);
        return isInJob && (location === jobPrefix || key === jobPrefix);
    });
}
function failureTitle(causesHere, runUrl, isOneOfMany) {
    const [first] = causesHere;
    if (first === undefined)
        return "";
    const jobAndTask = [first.job, first.task].filter((name) => name !== undefined).join(" › ");
    const name = (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(isOneOfMany || jobAndTask === "" ? first.path : jobAndTask), 200) || "The run";
    const code = causesHere
        .map((cause) => exitCodeIn(cause.message ?? ""))
        .find((number) => number !== undefined);
    const line = causesHere.find((cause) => cause.logLine !== undefined)?.logLine;
    const url = first.jobId === undefined ? undefined : (0,run_tree/* logUrl */.gO)(runUrl, first.jobId, first.taskId, line);
    const hasLog = causesHere.some(({ logId }) => logId !== null);
    const target = line !== undefined ? `line ${line} of its log` : hasLog ? "its log" : "in Azure DevOps";
    const log = url === undefined ? "" : markdown_link(target, url);
    return [`**${escapeMarkdown(name)}**`, code === undefined ? "" : `exit code ${code}`, log]
        .filter(Boolean)
        .join(" · ");
}
const maxMessages = 5;
function messageList(causesHere, tree) {
    const withMessage = causesHere.filter(({ message }) => message && !(isGenericMessage(message) && exitCodeIn(message) !== undefined));
    const items = withMessage.slice(0, maxMessages).map((cause) => `- ${messageItem(cause)}`);
    const hiddenCount = withMessage.length - items.length + unlistedErrorCount(causesHere, tree);
    return [...items, ...(hiddenCount > 0 ? [`- and ${hiddenCount} more`] : [])].join("\n");
}
function unlistedErrorCount([first], { stages }) {
    const job = stages.flatMap(({ jobs }) => jobs).find(({ id }) => id === first?.jobId);
    const task = job?.tasks.find(({ id }) => id === first?.taskId);
    if (task === undefined)
        return 0;
    return Math.max(0, task.errors - task.issues.filter(({ severity }) => severity === "error").length);
}
function messageItem({ message, issue }) {
    const text = escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(withIssueCode(message ?? "", issue)), 500));
    const location = issue?.file === undefined ? "" : fileText({ file: issue.file, line: issue.line });
    return `${location && `${codeSpan(location)} `}${text}`;
}
const maxLineLength = 1_000;
function excerptHeading({ jobId, taskId, task }, runUrl) {
    const name = taskId === undefined ? "the job" : (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(task ?? ""), 200);
    return `Log of ${markdown_link(name, (0,run_tree/* logUrl */.gO)(runUrl, jobId, taskId))}:`;
}
function excerptBlock(excerpt, maxLines, isOpen) {
    const shownLines = excerpt.lines.slice(-maxLines).map((line) => (0,lib_text/* clip */.$Q)((0,lib_text/* printable */.g$)(line), maxLineLength));
    if (shownLines.length === 0)
        return "";
    const isWhole = excerpt.isWhole && shownLines.length === excerpt.lines.length;
    const title = lineRangeText({ ...excerpt, lines: shownLines, isWhole });
    return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${fencedBlock(shownLines)}\n\n</details>`;
}

;// CONCATENATED MODULE: ./build/render/summary-table.js








function summaryTable(report, { rows, maxRows }) {
    const { run, tree, at } = report;
    const isInProgress = isStillRunning(report);
    const now = run.status === "completed" ? undefined : at;
    const pendingByStage = new Map((0,run_tree/* pendingChecks */.dc)(tree).map((check) => [check.stage, escapeMarkdown(cellText(checkLabel(check)))]));
    const buildRows = (includeSucceeded) => tree.stages.flatMap((stage) => stageRows(stage, {
        runUrl: run.url,
        includeSucceeded,
        now,
        isInProgress,
        pendingCheckLabel: pendingByStage.get(stage.name),
    }));
    const all = rows === "all" ? buildRows(true) : buildRows(false);
    const body = all.length > maxRows && rows === "all" ? buildRows(false) : all;
    if (body.length === 0 || maxRows === 0)
        return "";
    const hiddenCount = body.length - maxRows;
    const shown = hiddenCount > 0 ? [...body.slice(0, maxRows), tableRow([`and ${hiddenCount} more`, "", ""])] : body;
    return ["| Stage / job | Duration | Notes |", "|---|--:|---|", ...shown].join("\n");
}
function stageRows(stage, context) {
    const isUnnamed = stage.displayName === undefined;
    const isSkipped = (0,run_tree/* isNotRun */.NF)(stage);
    const representsJob = !isUnnamed && stage.jobs.length === 1 && stage.jobs.every((job) => job.displayName === undefined);
    const listedJobs = isSkipped || representsJob
        ? []
        : stage.jobs.filter((job) => context.includeSucceeded || !isSuccessful(job));
    const hiddenJobCount = isSkipped || representsJob ? 0 : stage.jobs.length - listedJobs.length;
    const notes = [notesOf(stage, context, representsJob), ...checkNotes(stage, context)]
        .filter(Boolean)
        .join(", ");
    const name = `**${escapeMarkdown(cellText(stage.displayName ?? "")) || "no name"}**`;
    const hiddenText = hiddenJobCount > 0 ? `${(0,lib_text/* counted */.hS)(hiddenJobCount, "job")} succeeded` : "";
    const isSingleRow = !isUnnamed && listedJobs.length === 0;
    const [onlyJob] = stage.jobs;
    const label = representsJob && onlyJob !== undefined
        ? markdown_link(cellText(stage.displayName ?? ""), jobLogUrl(onlyJob, context))
        : undefined;
    return [
        ...(isUnnamed
            ? []
            : [
                tableRow([
                    `${symbolBefore(stage, stage.displayName ?? "", context)}${label === undefined ? name : `**${label}**`}`,
                    durationCell(stage, context),
                    [notes, isSingleRow ? hiddenText : ""].filter(Boolean).join(", "),
                ]),
            ]),
        ...listedJobs.map((job) => jobRow(job, context, isUnnamed)),
        ...(hiddenText !== "" && !isSingleRow
            ? [tableRow([`${isUnnamed ? "" : indent}✅${noBreak}${hiddenText}`, "", ""])]
            : []),
    ];
}
const noBreak = "&nbsp;";
const indent = noBreak.repeat(3);
function durationMarkdown(ms) {
    return (0,time/* durationText */.S5)(ms).replaceAll(/(?<=\d) /g, noBreak);
}
function isSuccessful(job) {
    return job.result === "succeeded";
}
function jobRow(job, context, isUnnamedStage) {
    return tableRow([
        `${isUnnamedStage ? "" : indent}${symbolBefore(job, (0,run_tree/* jobTitle */.a9)(job), context)}${markdown_link(cellText((0,run_tree/* jobTitle */.a9)(job)), jobLogUrl(job, context))}`,
        durationCell(job, context),
        notesOf(job, context, true),
    ]);
}
function jobLogUrl(job, { runUrl }) {
    const isUnsuccessful = job.result === "failed" || job.result === "canceled" || job.result === "abandoned";
    const hasLog = job.logId !== null || job.tasks.some(({ logId }) => logId !== null);
    if (!isUnsuccessful && !hasLog)
        return undefined;
    const task = isUnsuccessful ? job.tasks.find(({ result }) => result === job.result) : undefined;
    return (0,run_tree/* logUrl */.gO)(runUrl, job.id, task?.id);
}
function notesOf(node, context, includeCounts) {
    const notes = [
        isEndUnknown(node, context) ? "end unknown" : "",
        node.attempt > 1 ? `attempt ${node.attempt}` : "",
        node.result === "skipped" || node.result === "canceled" || node.result === "abandoned" ? node.result : "",
        node.result === "manual" ? "not started (manual)" : "",
        includeCounts ? countsText(node) : "",
    ];
    return notes.filter(Boolean).join(", ");
}
function checkNotes(stage, { pendingCheckLabel, isInProgress }) {
    const completed = (0,progress/* waitTimesBetween */.OR)(stage.checks).map(({ kind, ms }) => `waited ${durationMarkdown(ms)} for ${waitTimeLabels[kind]}`);
    return pendingCheckLabel === undefined
        ? completed
        : [...completed, `${isInProgress ? "waits" : "waited"} for ${pendingCheckLabel}`];
}
function symbolBefore(node, name, context) {
    const [firstWord = ""] = (0,lib_text/* oneLine */.TN)(name).split(" ", 1);
    return `${statusEmoji(node, context)}${firstWord.length > maxFixedWordLength ? " " : noBreak}`;
}
const maxFixedWordLength = 10;
function statusEmoji(node, context) {
    if (isEndUnknown(node, context))
        return "❔";
    return node.status === "pending" ? "◻️" : emoji(node.result);
}
function isEndUnknown({ status }, { isInProgress }) {
    return status === "inProgress" && !isInProgress;
}
function durationCell(node, context) {
    const { now } = context;
    if (isEndUnknown(node, context))
        return "";
    const start = node.status === "inProgress" ? (0,time/* parseTime */.pe)(node.startedAt) : undefined;
    if (start !== undefined && now !== undefined)
        return `${durationMarkdown(now - start)} so far`;
    const elapsedMs = (0,run_tree/* isNotRun */.NF)(node) ? undefined : (0,time/* spanDurationMs */.Fy)(node);
    return elapsedMs === undefined ? "" : durationMarkdown(elapsedMs);
}
function cellText(name) {
    return (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 150);
}

;// CONCATENATED MODULE: ./build/render/timeline-chart.js





const maxTitleLength = 20;
const maxBars = 200;
function ganttChart(run, tree, { stagesOnly = false, at, isEndUnknown = false } = {}) {
    const lastPoll = {
        at: run.status === "completed" ? undefined : at,
        runningSymbol: isEndUnknown ? "❔" : emoji(null),
    };
    const sections = stagesOnly ? [stagesSection(tree, lastPoll)] : jobSections(tree, lastPoll);
    const bars = sections.flatMap((section) => section.bars);
    if (bars.length === 0)
        return "";
    const first = Math.min(...bars.map((bar) => bar.from));
    const start = Math.min((0,time/* parseTime */.pe)(run.createdAt) ?? first, first);
    const end = Math.max(...bars.map((bar) => bar.to));
    const leftPadding = leftPaddingFor(sections);
    const axis = { first, end, leftPadding };
    return [
        "```mermaid",
        chartConfig(leftPadding),
        "gantt",
        "  dateFormat YYYY-MM-DD HH:mm:ss",
        `  axisFormat ${axisFormat(end - start)}`,
        `  tickInterval ${tickInterval(end - start)}`,
        "  todayMarker off",
        ...sections.flatMap(({ title, bars: sectionBars }) => [
            ...(title === undefined ? [] : [`  section ${title}`]),
            ...sectionBars.map((bar) => `    ${fittingLabel(bar, axis)} :${bar.tag}${mermaidTime(bar.from - start)}, ${mermaidTime(bar.to - start)}`),
        ]),
        "```",
    ].join("\n");
}
const defaultLeftPadding = 75;
function leftPaddingFor(sections) {
    const longestTitle = Math.max(...sections.map(({ title = "" }) => title.length));
    return longestTitle > 9 ? longestTitle * 6 + 25 : defaultLeftPadding;
}
const rightPadding = 25;
function chartConfig(leftPadding) {
    const bands = Object.fromEntries(["sectionBkgColor", "sectionBkgColor2", "altSectionBkgColor"].map((name) => [name, "transparent"]));
    const config = {
        themeVariables: bands,
        gantt: { ...(leftPadding !== defaultLeftPadding && { leftPadding }), rightPadding },
    };
    return `%%{init: ${JSON.stringify(config)}}%%`;
}
const pageWidth = 800;
function fittingLabel({ label, from, to }, { first, end, leftPadding }) {
    const pixelsPerMs = (pageWidth - leftPadding - rightPadding) / (end - first);
    const [left, right] = [(from - first) * pixelsPerMs, (to - first) * pixelsPerMs];
    return clipToWidth(label, Math.max(right - left, pageWidth - 1.5 * leftPadding - right, left - 5));
}
function clipToWidth(label, maxWidth) {
    let width = 0;
    let length = 0;
    for (const character of label) {
        width += characterWidth(character);
        if (width > maxWidth)
            return (0,lib_text/* clip */.$Q)(label, length);
        length += character.length;
    }
    return label;
}
function characterWidth(character) {
    if (/[ -~]/.test(character))
        return /[A-Zmw@%]/.test(character) ? 10 : 6;
    return character < "\u1100" ? 10 : 15;
}
const tickSeconds = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
];
function tickInterval(durationMs) {
    const seconds = tickSeconds.find((interval) => durationMs / 1_000 / interval <= 4.5);
    if (seconds === undefined)
        return `${Math.ceil(durationMs / 86_400_000 / 4.5)}day`;
    if (seconds >= 3_600)
        return `${seconds / 3_600}hour`;
    return seconds >= 60 ? `${seconds / 60}minute` : `${seconds}second`;
}
function jobSections(tree, lastPoll) {
    const sections = tree.stages
        .map((stage) => stageSection(stage, lastPoll))
        .filter(({ bars }) => bars.length > 0);
    const count = sections.reduce((sum, { bars }) => sum + bars.length, 0);
    return count > maxBars ? [stagesSection(tree, lastPoll)] : sections;
}
function stagesSection({ stages }, lastPoll) {
    return {
        title: undefined,
        bars: stages.flatMap((stage) => stageBars(stage, lastPoll)).slice(0, maxBars),
    };
}
function stageSection(stage, lastPoll) {
    const checkBars = withoutOverlaps(stage.checks.flatMap((check) => {
        const label = `⏸️ ${(0,lib_text/* capitalized */.l2)(waitTimeLabels[check.kind])}`;
        return barsFor({ label, tag: "" }, check, lastPoll);
    })).filter(({ from, to }) => to - from >= progress/* minReportedWaitMs */.PX);
    const jobs = stage.jobs.filter((job) => !(0,run_tree/* isNotRun */.NF)(job));
    const title = stage.displayName === undefined ? undefined : mermaidText(stage.displayName, maxTitleLength);
    return {
        title,
        bars: [
            ...checkBars,
            ...jobs.flatMap((job) => barsFor(barAppearance((0,run_tree/* jobTitle */.a9)(job), job, lastPoll), job, lastPoll)),
        ],
    };
}
function withoutOverlaps(bars) {
    const sorted = bars.toSorted((a, b) => a.from - b.from);
    return [...Map.groupBy(sorted, ({ label }) => label).values()].flatMap((sameKind) => {
        const merged = [];
        for (const bar of sameKind) {
            const last = merged.at(-1);
            if (last === undefined || last.to < bar.from)
                merged.push(bar);
            else
                merged[merged.length - 1] = { ...last, to: Math.max(last.to, bar.to) };
        }
        return merged;
    });
}
function stageBars(stage, lastPoll) {
    return (0,run_tree/* isNotRun */.NF)(stage)
        ? []
        : barsFor(barAppearance(stage.displayName ?? "Jobs", stage, lastPoll), stage, lastPoll);
}
const barTags = { failed: "crit, ", canceled: "", abandoned: "" };
function barAppearance(name, { result, status }, lastPoll) {
    const symbol = result === "failed" ? "✘" : result === null ? lastPoll.runningSymbol : emoji(result);
    return {
        label: `${symbol} ${mermaidText(name)}`,
        tag: status === "inProgress" ? "" : ((result && barTags[result]) ?? "done, "),
    };
}
function barsFor(appearance, { status, startedAt, finishedAt }, lastPoll) {
    const from = (0,time/* parseTime */.pe)(startedAt);
    const to = status === "inProgress" ? lastPoll.at : (0,time/* parseTime */.pe)(finishedAt);
    return from === undefined || to === undefined
        ? []
        : [{ ...appearance, from, to: Math.max(to, from + 1_000) }];
}
function mermaidText(name, maxLength = 60) {
    const escaped = (0,lib_text/* oneLine */.TN)(name).replaceAll(":", "∶").replaceAll(/%{2,}/g, "%").replaceAll("`", "ˋ");
    return (0,lib_text/* clip */.$Q)(escaped, maxLength) || "·";
}
function mermaidTime(ms) {
    return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1_000) * 1_000)
        .toISOString()
        .slice(0, 19)
        .replace("T", " ");
}
function axisFormat(ms) {
    if (ms < 3_600_000)
        return "%M:%S";
    return ms < 86_400_000 ? "%H:%M" : "%d %H:%M";
}

;// CONCATENATED MODULE: ./build/render/warnings.js





function warningsSection({ run, tree }, limit) {
    const isSuccess = run.result === "succeeded";
    const { warnings, moreWarnings } = annotationsOf(tree, run, { errors: 0, warnings: limit, isSuccess });
    const count = warnings.length + moreWarnings;
    if (count === 0)
        return "";
    if (warnings.length === 0)
        return `${(0,lib_text/* counted */.hS)(count, "warning")}.`;
    const items = warnings.map((warning) => warningItem(warning, run.url));
    const more = moreWarnings > 0 ? [`- and ${moreWarnings} more`] : [];
    return `<details><summary>${(0,lib_text/* counted */.hS)(count, "warning")}</summary>\n\n${[...items, ...more].join("\n")}\n\n</details>`;
}
function warningItem(warning, runUrl) {
    const { path, jobId, taskId, logLine } = warning;
    const name = (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200);
    const url = jobId === undefined ? undefined : (0,run_tree/* logUrl */.gO)(runUrl, jobId, taskId, logLine);
    const place = name === "" ? "" : `${url === undefined ? escapeMarkdown(name) : markdown_link(name, url)}: `;
    return `- ${place}${messageItem(warning)}`;
}

;// CONCATENATED MODULE: ./build/render/summary.js















const fullDetail = {
    chart: "jobs",
    lines: 20,
    failures: 30,
    warnings: 20,
    rows: "all",
    maxRows: 400,
    names: 100,
};
const detailLevels = [
    fullDetail,
    { ...fullDetail, chart: "stages" },
    { ...fullDetail, chart: "stages", lines: 12 },
    { ...fullDetail, chart: "stages", lines: 12, rows: "notable", names: 30 },
    { chart: "none", lines: 10, failures: 20, warnings: 10, rows: "notable", maxRows: 200, names: 20 },
    { chart: "none", lines: 10, failures: 10, warnings: 5, rows: "notable", maxRows: 50, names: 10 },
    { chart: "none", lines: 5, failures: 3, warnings: 0, rows: "notable", maxRows: 20, names: 0 },
    { chart: "none", lines: 0, failures: 1, warnings: 0, rows: "notable", maxRows: 0, names: 0 },
];
function renderSummary(report, limitBytes = 1_000_000) {
    const encoder = new TextEncoder();
    const fits = (text) => encoder.encode(text).length <= limitBytes;
    for (const level of detailLevels) {
        const text = renderAtLevel(level, report);
        if (fits(text))
            return text;
    }
    const heading = `${summaryHeading(report)}\n`;
    return fits(heading) ? heading : "";
}
function unpolledRunSummary({ project, pipeline, run, verdict }) {
    const { kind, text, reason = "", cancelOutcome } = verdict;
    const title = [project, pipeline].filter((part) => part !== undefined).join(" › ");
    const heading = `## ${verdictEmoji[kind]} ${inlineText(title)}: ${inlineText(text, 300)}`;
    const status = cancelOutcome === undefined ? "" : inlineText(cancelOutcome.text, 500);
    return `${[heading, runDetailsLine(run), inlineText(reason, 500), status].filter(Boolean).join("\n\n")}\n`;
}
function previewSummary({ project, pipeline, source, }) {
    const sourceText = sourceMarkdown(source);
    const heading = `## ✅ ${inlineText(`${project} › ${pipeline}`)}: valid, nothing was started`;
    return `${[heading, sourceText].filter(Boolean).join("\n\n")}\n`;
}
function renderAtLevel(level, report) {
    const { run, tree, at, verdict } = report;
    const chartOptions = { at, isEndUnknown: !isStillRunning(report), stagesOnly: level.chart === "stages" };
    const chart = level.chart === "none" ? "" : ganttChart(run, tree, chartOptions);
    const tests = testsSection(report.tests, level.names);
    const hasFailedTests = (report.tests?.failed ?? 0) > 0;
    const parts = [
        summaryHeading(report),
        runDetailsLine(run, [timingText(run, tree), usualText(report.baseline)].filter(Boolean).join(", ")),
        inlineText(verdict.reason ?? "", 500),
        statusSection(report),
        report.timelineUnavailable === undefined
            ? ""
            : inlineText(timelineUnavailableText(report.timelineUnavailable), 500),
        ...failureSections(report, level),
        hasFailedTests ? tests : "",
        changesSection(report.baseline, run, level.names),
        slowerSection(report, level.names),
        warningsSection(report, level.warnings),
        ...overview(report, [summaryTable(report, level), chart]),
        hasFailedTests ? "" : tests,
        artifactsSection(report.artifacts, level.names),
    ];
    return `${parts.filter(Boolean).join("\n\n")}\n`;
}
function usualText({ typicalMs } = {}) {
    return typicalMs === undefined ? "" : `usually ${(0,time/* approximateDurationText */.WX)(typicalMs)}`;
}
function overview({ tree, verdict }, sections) {
    const content = sections.filter(Boolean);
    if (verdict.kind !== "succeeded" || content.length === 0)
        return content;
    const jobCount = tree.stages.reduce((sum, { jobs }) => sum + jobs.length, 0);
    const title = `${(0,lib_text/* counted */.hS)(tree.stages.length, "stage")}, ${(0,lib_text/* counted */.hS)(jobCount, "job")}`;
    return [`<details><summary>${title}</summary>`, ...content, "</details>"];
}
const verdictEmoji = {
    succeeded: "✅",
    failed: "❌",
    "timed-out": "⏱️",
    canceled: "🚫",
    running: "⏳",
    error: "❗",
};
function summaryHeading({ run, verdict, project, pipeline, causes }) {
    const { name, otherCount } = firstPlace(causes);
    const othersText = otherCount > 0 ? ` and ${otherCount} more` : "";
    const hasPlace = verdict.kind === "failed" || (verdict.kind === "canceled" && run.result === "canceled");
    const location = hasPlace && name !== "" ? `${locationPrefix(run, causes)} *${inlineText(name)}*${othersText}` : "";
    return `## ${verdictEmoji[verdict.kind]} ${inlineText(`${project} › ${pipeline}`)}: ${inlineText(verdict.text, 300)}${location}`;
}
function runDetailsLine(run, timing = "") {
    const details = [
        `**${markdown_link((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(run.name), 150), run.url)}**`,
        sourceMarkdown(run.source),
        timing,
        run.requestedBy === null ? "" : `started by ${inlineText(run.requestedBy)}`,
    ];
    return details.filter(Boolean).join(" · ");
}
function sourceMarkdown({ ref, commit }) {
    return [(0,lib_text/* clip */.$Q)((0,run_lines/* shortRef */.m3)(ref), 150), (0,run_lines/* shortCommit */.Ax)(commit)].filter(Boolean).map(codeSpan).join(" at ");
}
function statusSection(report) {
    const text = unfinishedRunText(report);
    if (text === "")
        return "";
    const pending = isStillRunning(report) ? (0,run_tree/* pendingChecks */.dc)(report.tree) : [];
    const action = pending.map(({ kind }) => checkActions[kind]).find((text) => text !== undefined);
    const actionLink = action === undefined ? "" : ` ${markdown_link(`${action} in Azure DevOps`, report.run.url)}.`;
    return `${inlineText(text, 500)}${actionLink}`;
}
function artifactsSection(artifacts = [], limit) {
    if (artifacts.length === 0)
        return "";
    if (limit === 0)
        return `**Artifacts** ${artifacts.length}`;
    const shown = artifacts.slice(0, limit).map(({ name, bytes, url }) => {
        return `${markdown_link((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 150), url)}${bytes === undefined ? "" : ` ${(0,lib_text/* sizeText */.lP)(bytes)}`}`;
    });
    const hiddenCount = artifacts.length - shown.length;
    return `**Artifacts** ${shown.join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}
function inlineText(text, maxLength = 150) {
    return escapeMarkdown((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(text), maxLength));
}

;// CONCATENATED MODULE: ./build/core/failed-stages.js
function failedStages({ stages }) {
    return stages.filter(({ result, issues, jobs }) => {
        if (result === "canceled")
            return hasOwnError(issues) || jobs.some(hasJobFailed);
        return result === "failed" || result === "abandoned";
    });
}
function wasCancelled({ run, tree: { stages } }) {
    if (run.result !== "canceled")
        return false;
    const canceled = stages
        .flatMap((stage) => [stage, ...stage.jobs])
        .filter(({ result }) => result === "canceled");
    return !canceled.some(({ issues }) => hasOwnError(issues)) || stages.some(hasCancelledJob);
}
function hasCancelledJob({ issues, jobs }) {
    return (!hasOwnError(issues) && jobs.some(({ result, issues: own }) => result === "canceled" && !hasOwnError(own)));
}
function hasJobFailed({ result, issues }) {
    return result === "failed" || result === "abandoned" || (result === "canceled" && hasOwnError(issues));
}
function hasOwnError(issues) {
    return issues.some(({ severity }) => severity === "error");
}

;// CONCATENATED MODULE: ./build/app/run-findings.js





const noFindings = { tests: undefined, artifacts: undefined, baseline: undefined };
function createFindingsReader({ summary, checkRun }, deps) {
    const isReported = summary || checkRun !== undefined;
    let hasPrefetched = false;
    let findings;
    let requests = new AbortController();
    const request = (snapshot, signal) => {
        findings ??= fetchFindings(snapshot, deps, AbortSignal.any([signal, requests.signal]));
        findings.catch((0,build_errors/* ignoreError */.FZ)("it is thrown where they are awaited"));
        return findings;
    };
    const discard = () => {
        requests.abort();
        requests = new AbortController();
        findings = undefined;
    };
    return {
        prefetch: (snapshot, signal) => {
            const isPossible = isReported && !areSkipped(snapshot) && snapshot.run.result !== "canceled";
            if (isPossible && !hasPrefetched)
                void request({ ...snapshot, tree: run_tree/* emptyTree */["in"] }, signal);
            hasPrefetched = true;
        },
        discard,
        read: async (snapshot, signal) => {
            if (!isReported || snapshot.run.status !== "completed") {
                discard();
                return noFindings;
            }
            if (findings === undefined && areSkipped(snapshot))
                return { ...noFindings, areSkipped: true };
            return await request(snapshot, signal);
        },
    };
}
function areSkipped({ run, savesRequests }) {
    return savesRequests === true && run.result === "succeeded";
}
function isCompared({ run, tree }) {
    if (run.result === "canceled")
        return !wasCancelled({ run, tree });
    return run.result === "failed" || run.result === "partiallySucceeded";
}
const optionalCall = { retryForMs: 5_000, timeoutMs: 5_000, isOptional: true };
const recentMs = 30_000;
async function fetchFindings(snapshot, { testResults, artifacts: artifactLists, runLists, clock }, signal) {
    const { run } = snapshot;
    const hasJustFinished = (msSinceFinished(snapshot) ?? recentMs) < recentMs;
    const orUndefined = () => {
        signal.throwIfAborted();
        return undefined;
    };
    const options = { ...optionalCall, deadline: clock.now() + optionalCall.timeoutMs };
    const fetchBaseline = async () => isCompared(snapshot)
        ? await (0,abort/* withDeadline */.NE)(options.deadline, clock, (end) => runLists.getBaseline(run, options, end), signal)
        : undefined;
    const [tests, artifacts, baseline] = await Promise.all([
        testResults.getCounts({ runId: run.id, hasJustFinished }, signal).catch(orUndefined),
        artifactLists.list(run.id, options, signal).catch(orUndefined),
        fetchBaseline().catch(orUndefined),
    ]);
    return { tests, artifacts, baseline };
}
function createClosingObserver({ logs, findings }) {
    return {
        update: (update, signal) => {
            if (!update.isFinal)
                return findings.discard();
            void findings.read(update, signal).catch((0,build_errors/* ignoreError */.FZ)("it is thrown where they are awaited"));
            logs.onLastRecords(signal);
        },
    };
}

;// CONCATENATED MODULE: ./build/app/step-summary.js




async function publishSummary(snapshot, { verdict, findings = noFindings }, { inputs, deps, logs, reports }, signal) {
    if (!deps.stepState.tryFinalize())
        return;
    const report = createReport(snapshot, { verdict, findings }, { inputs, logs });
    const render = createRenderer(report);
    if (inputs.summary)
        deps.runner.addSummary(render);
    writeSummaryFile(render, deps);
    await reports.close(report, signal);
}
function createRenderer(report) {
    let last;
    return (limitBytes) => {
        if (last === undefined || limitBytes > last.limitBytes || Buffer.byteLength(last.text) > limitBytes)
            last = { text: renderSummary(report, limitBytes), limitBytes };
        return last.text;
    };
}
async function publishUnpolledSummary(run, verdict, tracking, signal) {
    summarizeUnpolledRun(run, verdict, tracking);
    await tracking.reports.closeUnpolled(verdict, signal);
}
function summarizeUnpolledRun(run, verdict, { inputs, deps }) {
    if (!deps.stepState.tryFinalize())
        return;
    const markdown = unpolledRunMarkdown(run, verdict, inputs);
    writeSummaryFile(() => markdown, deps);
    if (inputs.summary)
        deps.runner.addSummary(() => markdown);
}
function writeInitialSummaryFile(run, { inputs, deps }) {
    const verdict = { kind: "running", text: run.isExternal ? "followed" : "started" };
    writeSummaryFile(() => unpolledRunMarkdown(run, verdict, inputs), deps);
}
function writeSummaryFile(renderMarkdown, { runner, outputs }) {
    const path = runner.writeSummaryFile(renderMarkdown);
    if (path !== undefined)
        outputs.set({ "summary-file": path });
}
function notWaitedFor({ isExternal }) {
    return { kind: "running", text: isExternal ? "not waited for" : "started, not waited for" };
}
function unpolledRunMarkdown(run, verdict, { projectRef, target }) {
    const pipeline = run.pipelineName ?? pipelineLabel(target);
    return unpolledRunSummary({ project: projectRef.project, pipeline, run, verdict });
}
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
        causes: rootCauses(tree, run),
        excerpts: logs.excerpts(),
        tests: findings.tests,
        baseline: verdict.kind === "succeeded" ? undefined : findings.baseline,
        artifacts: findings.artifacts?.map(({ name, size }) => ({
            name,
            bytes: size,
            url: (0,run_tree/* artifactsUrl */.N6)(run.url),
        })),
    };
}

// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __webpack_require__(8917);
;// CONCATENATED MODULE: ./build/app/artifacts.js




const progressBytes = 100 * 1024 * 1024;
const progressMs = 30_000;
const minLoggedWaitMs = 5_000;
async function downloadArtifacts(context, deps, signal) {
    const { inputs, available, isSuccess } = context;
    const { outputsArtifact, downloadArtifacts: filesOf } = inputs;
    const errors = [];
    const attempt = async (work) => {
        try {
            await work();
        }
        catch (error) {
            if (signal.aborted || !(error instanceof build_errors/* ActionError */.lZ) || error instanceof build_errors/* RunnerError */.Rn)
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
function combineErrors(first, errors) {
    const hints = new Set(errors.flatMap(({ hint }) => hint ?? []));
    return new build_errors/* ActionError */.lZ(first.code, errors.map(({ message }) => message).join("\n"), {
        hint: [...hints].join("\n"),
        cause: first,
    });
}
function logSkippedDownload(inputs, runner) {
    if (!requestsArtifacts(inputs))
        return;
    const text = "No artifacts were downloaded, since the run is not completed.";
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
    const names = entries.map(([name]) => name);
    checkNames(names);
    const mappedNames = new Set(inputs.mapOutputs.map(({ name }) => name.toLowerCase()));
    const isMapped = (name) => mappedNames.has(name.toLowerCase());
    const warnAbout = (affected, effect) => {
        const text = `outputs-artifact: ${effect}: ${(0,lib_text/* listed */.KE)(affected.map(lib_text/* oneLine */.TN))}.`;
        if (affected.length > 0)
            runner.write([{ type: "warning", text }]);
    };
    warnAbout(names.filter(isMapped), "not set, since `map-outputs` sets outputs of these names");
    warnAbout((0,output_values/* namesInOtherCase */.ss)(names.filter((name) => !isMapped(name))), "set to one of several values, since GitHub ignores the case of output names");
    outputs.set(Object.fromEntries(entries.filter(([name]) => !isMapped(name))));
}
function checkNames(names) {
    try {
        for (const name of names)
            (0,output_values/* checkOutputName */.tq)(name);
    }
    catch (error) {
        throw new build_errors/* ActionError */.lZ("bad-input", `outputs-artifact: ${(0,build_errors/* reasonOf */.A3)(error)}`);
    }
}
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
    const text = `${folder} already contained files; those that are not in the artifact were kept.`;
    runner.write([{ type: "warning", text }]);
}
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
function createWaitLogger({ name }, runner) {
    return (waitMs, reason) => {
        if (waitMs < minLoggedWaitMs)
            return;
        const text = `Retrying artifact ${(0,lib_text/* quotedName */.aH)(name)} in ${(0,time/* durationText */.S5)(waitMs)}: ${(0,lib_text/* oneLine */.TN)(reason)}.`;
        runner.write([{ type: "text", text }]);
    };
}
function selectArtifacts(requested, available) {
    const names = new Set(requested);
    const found = available.filter(({ name }) => names.has("*") || names.has(name));
    const missing = [...names].filter((name) => name !== "*" && !available.some((artifact) => artifact.name === name));
    return { found, missing };
}
function missingArtifactsMessage(missing, available) {
    const what = `The run has no artifact ${missing.map(lib_text/* quotedName */.aH).join(" or ")}`;
    if (available.length === 0)
        return `${what}; it has no artifacts.`;
    const names = available.map(({ name }) => (0,lib_text/* quotedName */.aH)(name));
    return `${what}; it has ${(0,lib_text/* listed */.KE)(names, 20)}.`;
}

;// CONCATENATED MODULE: ./build/app/commit-report.js







function createCommitReports(reporters, { project, trigger }, { onClosed, onPending }) {
    let trackedRun;
    let isPending = false;
    const closeAll = async (report, signal) => {
        if (reporters.length === 0)
            return;
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
            await closeAll(finalReport(report, (0,report_commit/* sourceOrigin */.UO)(await trigger(), report.run)), signal);
        },
        closeUnpolled: async (verdict, signal) => {
            if (trackedRun !== undefined)
                await closeAll(unpolledReport(trackedRun, verdict.kind, unpolledRunText(trackedRun.name, verdict)), signal);
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
    const text = activityText(run, tree);
    const verdict = { kind: "running", text };
    const pipeline = run.pipeline.name ?? "pipeline";
    return toCommitReport({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}
function finalReport(report, origin) {
    const annotations = report.verdict.kind === "running" || origin === "elsewhere" ? [] : fileAnnotations(report);
    return { ...toCommitReport(report, verdictText(report)), annotations };
}
function toCommitReport(report, text) {
    const { run, verdict } = report;
    return {
        kind: verdict.kind,
        title: text,
        summary: (limitBytes) => renderSummary(report, limitBytes),
        annotations: [],
        runUrl: run.url,
        runId: run.id,
        startedAt: run.startedAt ?? undefined,
        description: text,
    };
}
function fileAnnotations({ run, tree, verdict, tests }) {
    const noLimits = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
    const isSuccess = verdict.kind === "succeeded";
    const options = { toRepositoryPath: (path) => path, isForLog: false };
    const issues = annotationLines(annotationsOf(tree, run, { ...noLimits, isSuccess }), options);
    const failures = tests?.failures ?? [];
    const type = isSuccess ? "warning" : "error";
    return [...issues.filter(isAnnotation), ...testAnnotations({ failures, type }, (path) => path)];
}
function isAnnotation(line) {
    return line.type === "error" || line.type === "warning";
}
const pendingReportKey = "pendingReport";
const maxSummaryBytes = 4_000;
const commit_report_maxTitleLength = 1_000;
function savePendingReport(runner, { report, reporters }) {
    const redactedReport = {
        ...report,
        title: runner.redactRendered(report.title).slice(0, commit_report_maxTitleLength),
        summary: runner.redactRendered(report.summary(maxSummaryBytes)),
        description: runner.redactRendered(report.description).slice(0, commit_report_maxTitleLength),
        annotations: [],
    };
    runner.saveState(pendingReportKey, JSON.stringify({ report: redactedReport, reporters }));
}
function restorePendingReport(runner) {
    const { report, reporters } = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(runner.getState(pendingReportKey)));
    const { summary } = (0,json/* asObject */.eB)(report);
    if (typeof summary !== "string" || !Array.isArray(reporters))
        return undefined;
    return { report: { ...report, summary: () => summary }, reporters };
}

// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(6777);
;// CONCATENATED MODULE: ./build/app/stage-requests.js




const maxAttempts = 3;
const delayMs = 1_000;
function createRunReader(runs, runId) {
    const pollRun = runs.createPoller(runId);
    return (signal) => pollRun({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
}
function reopenedSnapshot({ run, tree, document, ...snapshot }) {
    const reopened = reopenedRun(run);
    return { ...snapshot, run: reopened, tree, document: documentOf(reopened, tree, document.raw.run) };
}
async function requestStage(runId, update, { stages, clock, readRun, before }, signal) {
    const hasChanged = async () => {
        const { run, tree } = await readRun(signal);
        if (before.run.status === "completed" && run.status !== "completed")
            return true;
        const [previous, current] = [before.tree, tree].map((shown) => findStage(shown, update.stage));
        return current !== undefined && stateOf(previous) !== stateOf(current);
    };
    const send = () => stages.update(runId, update, {}, signal);
    let openAnswers = 0;
    const attempt = async () => {
        try {
            await (0,retry/* retry */.L5)(send, {
                retryError: (error) => (error instanceof build_errors/* TransientError */.N_ && error.throttled ? error : undefined),
                deadline: clock.now() + retry/* maxRetryAfterMs */.vB,
                clock,
                signal,
            });
            return undefined;
        }
        catch (error) {
            signal.throwIfAborted();
            if (error instanceof build_errors/* ActionError */.lZ) {
                if (openAnswers > 0 && (await hasChanged()))
                    return undefined;
                if (isRefusal(error))
                    return error;
            }
            if (!(error instanceof build_errors/* TransientError */.N_) || error.throttled)
                throw error;
            openAnswers += 1;
            await clock.sleep(Math.max(delayMs, Math.min(error.retryAfterMs ?? 0, retry/* maxRetryAfterMs */.vB)), signal);
            if (await hasChanged())
                return undefined;
            if (openAnswers === maxAttempts && error.fromGateway && update.state === "retry")
                return new build_errors/* ActionError */.lZ("not-found", `${error.message}.`);
            throw error;
        }
    };
    return await (0,retry/* retry */.L5)(attempt, {
        retryError: (error) => (error instanceof build_errors/* TransientError */.N_ && !error.throttled ? {} : undefined),
        maxAttempts,
        delayMs: () => 0,
        clock,
        signal,
    }).catch((error) => {
        throw error instanceof build_errors/* TransientError */.N_ ? stageRequestFailed(update, error) : error;
    });
}
function findStage({ stages }, name) {
    return (stages.find((stage) => stage.name === name) ??
        stages.find((stage) => stage.name.toLowerCase() === name.toLowerCase()));
}
function stateOf(stage) {
    return JSON.stringify([stage?.status, stage?.result, stage?.attempt]);
}
function isRefusal({ code }) {
    return code === "rejected" || code === "not-found" || code === "forbidden" || code === "bad-input";
}
function stageRequestFailed({ stage, state }, error) {
    const verb = state === "retry" ? "retried" : "started";
    return new build_errors/* ActionError */.lZ(error.throttled ? "busy" : "unreachable", `Stage ${stage} could not be ${verb}: ${error.message}.`, { hint: (0,build_errors/* hintFor */.JR)(error), cause: error });
}

;// CONCATENATED MODULE: ./build/app/finish-step.js















async function finishStep(result, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run, tree, document } = result;
    const isCompleted = run.status === "completed";
    const pendingFindings = tracking.findings.read(result, signal);
    pendingFindings.catch((0,build_errors/* ignoreError */.FZ)("it is thrown where they are awaited"));
    const condition = (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, document);
    const isSuccess = condition.holds;
    const isTimeout = result.end !== "reached" && !isCompleted;
    if (isCompleted || !(isSuccess || isTimeout))
        await logs.finish({ run, tree, isSuccess }, signal);
    if (!isCompleted)
        logSkippedDownload(inputs, deps.runner);
    (0,app_outputs/* setAllOutputs */.u8)(document, tracking);
    if (isTimeout)
        return await finishAfterTimeout(result, tracking, signal);
    const cancelOutcome = isCompleted || inputs.onStop === "leave" ? undefined : await cancelAfterStop(run, tracking, signal);
    const findings = await pendingFindings;
    if (findings.areSkipped)
        deps.runner.write([{ type: "text", text: skippedFindingsText }]);
    const actionError = (isCompleted
        ? await downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal)
        : undefined) ?? conditionError(condition, run);
    const verdict = { ...stepVerdict(result, { isSuccess, actionError }, inputs), cancelOutcome };
    const { beforeRetry } = result;
    if (isSuccess && beforeRetry !== undefined)
        warnAboutRetry(beforeRetry, document.attempt, deps.runner);
    await publishSummary(result, { verdict, findings }, tracking, signal);
    return await logOutcome({ result, isSuccess, actionError, tests: findings.tests }, tracking, signal);
}
function stepVerdict({ run, tree, document, beforeRetry }, { isSuccess, actionError }, inputs) {
    const attemptText = beforeRetry === undefined ? "" : ` on attempt ${document.attempt}`;
    if (actionError !== undefined)
        return {
            kind: "error",
            text: `${resultText(run) ?? "still running"}${attemptText}, and the action failed (${actionError.code})`,
            reason: actionError.message,
        };
    const stages = isSuccess && run.result !== "succeeded" ? startedStages(inputs, tree) : [];
    const text = stages.length > 0
        ? `${(0,lib_text/* listed */.KE)(stages.map(lib_text/* oneLine */.TN))} succeeded`
        : judgedResultText(run, isSuccess, attemptText);
    if (isSuccess)
        return { kind: "succeeded", text };
    return { kind: run.result === "canceled" ? "canceled" : "failed", text };
}
async function logOutcome({ result, isSuccess, actionError, tests }, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run, tree } = result;
    const causes = rootCauses(tree, run);
    const failure = [
        failureMessage(run, causes),
        ...(run.result === "partiallySucceeded" && (0,core_condition/* isDefaultCondition */.zK)(inputs.successWhen)
            ? [acceptanceHint]
            : []),
    ].join("\n");
    const writtenCause = isSuccess ? undefined : causeInFailureMessage(causes);
    const place = writtenCause === undefined ? {} : await placeOfCause(writtenCause, run, tracking);
    signal.throwIfAborted();
    const annotateAll = async (options) => {
        await annotate(result, tracking, { isSuccess, ...options });
        await annotateTests(tests, run, tracking, { isSuccess, ...options });
    };
    if (actionError !== undefined) {
        await annotateAll({ reservedErrors: 1, ...(place.file === undefined && { writtenCause }) });
        throw isSuccess ? actionError : finish_step_combineErrors(failure, actionError);
    }
    if (isSuccess) {
        await annotateAll({ reservedErrors: 0 });
        logs.writeExcerpts();
        deps.runner.write([{ type: "text", text: successLine(run, tree, startedStages(inputs, tree)) }]);
        return "succeeded";
    }
    deps.runner.write([{ type: "error", text: failure, ...place }]);
    await annotateAll({ reservedErrors: 0, writtenCause });
    logs.writeExcerpts();
    deps.runner.write([{ type: "text", text: failureLine(run, causes) }]);
    return "failed";
}
const skippedFindingsText = "The run's tests and artifacts are not in the summary: they were not read, since the service throttles this identity.";
function startedStages({ target }, tree) {
    const stages = target.kind === "start" ? [] : target.stagesToStart;
    return stages.every((name) => findStage(tree, name)?.result === "succeeded") ? stages : [];
}
const acceptanceHint = "To accept such a run, set `success-when: contains(['succeeded', 'partiallySucceeded'], result)`.";
function warnAboutRetry({ run, tree }, attempt, runner) {
    const first = failureText(run, rootCauses(tree, run));
    runner.write([{ type: "warning", text: `Passed only on attempt ${attempt}. Before the retry: ${first}` }]);
}
async function cancelAfterStop({ id }, tracking, signal) {
    const outcome = await (0,cancel_run/* cancelAsConfigured */.pj)(id, "on-stop", tracking, signal);
    tracking.deps.runner.write([{ type: outcome.isStillRunning ? "warning" : "text", text: outcome.text }]);
    return outcome;
}
function conditionError({ problem, isNull }, run) {
    if (problem === undefined && !isNull)
        return undefined;
    const reason = problem ?? "it has no value for this run";
    return new build_errors/* ActionError */.lZ("bad-input", `success-when could not be evaluated: ${reason}. ${run.url}`, {
        hint: "Correct `success-when`: it must yield true or false for the output `run`.",
    });
}
function finish_step_combineErrors(failure, actionError) {
    const { code, hint } = actionError;
    return new build_errors/* ActionError */.lZ(code, `${failure}\n${actionError.message}`, { hint, cause: actionError });
}
async function downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal) {
    const { inputs, deps } = tracking;
    if (!requestsArtifacts(inputs))
        return undefined;
    const { run } = result;
    try {
        const available = findings.artifacts ?? (await deps.artifacts.list(run.id, { retryForMs: 60_000 }, signal));
        await downloadArtifacts({ inputs, run, available, store: deps.store, isSuccess }, deps, signal);
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof build_errors/* ActionError */.lZ)
            return error;
        throw error;
    }
}
async function finishAfterTimeout(lastState, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run } = lastState;
    const isQueued = lastState.end === "queued-too-long";
    const elapsed = (0,time/* durationText */.S5)((isQueued ? inputs.queueTimeoutMs : inputs.timeoutMs) ?? 0);
    const isPolled = lastState.end !== "unpolled";
    const { activity, hint, cause } = timeoutReason(lastState);
    const statusText = isQueued
        ? `No job of ${run.name} ran within ${elapsed} in the queue: ${activity}.`
        : `${run.name} was not completed after ${elapsed}: ${activity}.`;
    const publish = async (verdict) => {
        if (isPolled)
            await publishSummary(lastState, { verdict }, tracking, signal);
        else
            await publishUnpolledSummary(lastState.run, verdict, tracking, signal);
        signal.throwIfAborted();
    };
    if (inputs.onTimeout === "leave") {
        await publish({ kind: "running", text: `left running after ${elapsed}` });
        if (isPolled)
            await annotate(lastState, tracking, { isSuccess: true, reservedWarnings: 1 });
        deps.runner.write([
            { type: "warning", text: `${statusText} The run was left running (on-timeout: leave). ${run.url}` },
        ]);
        logs.writeExcerpts();
        deps.runner.write([{ type: "text", text: (0,run_lines/* leftLine */.s6)(run, elapsed) }]);
        return "left";
    }
    const cancelOutcome = inputs.onTimeout === "cancel"
        ? await (0,cancel_run/* cancelAsConfigured */.pj)(run.id, "on-timeout", tracking, signal)
        : { text: "The run was left running.", isStillRunning: true };
    const verdictText = isQueued ? `not run after ${elapsed} in the queue` : `timed out after ${elapsed}`;
    await publish({ kind: "timed-out", text: verdictText, cancelOutcome });
    if (isPolled)
        await annotate(lastState, tracking);
    throw new build_errors/* ActionError */.lZ("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, { hint, cause });
}
function timeoutReason(lastState) {
    if (lastState.end === "unpolled") {
        const { error: cause } = lastState;
        const activity = `no poll succeeded (${(0,lib_text/* oneLine */.TN)((0,build_errors/* reasonOf */.A3)(cause))})`;
        return { activity, hint: pollErrorHint(cause), cause };
    }
    const input = lastState.end === "queued-too-long" ? "queue-timeout" : "timeout";
    return {
        activity: `still ${activityText(lastState.run, lastState.tree)}`,
        hint: `Raise \`${input}\`, or check what the run is waiting for.`,
    };
}
function pollErrorHint(error) {
    if (error instanceof build_errors/* TransientError */.N_)
        return (0,build_errors/* hintFor */.JR)(error);
    return error instanceof build_errors/* ActionError */.lZ ? error.hint : undefined;
}

;// CONCATENATED MODULE: ./build/app/start-stages.js





async function startStages(run, { names, waitsForOthers, waitUntil, log }, tracking, signal) {
    const first = await waitUntil(({ stages }) => stages.length > 0);
    if (first.end !== "reached")
        return { kind: "timed-out", result: first };
    const stages = knownStages(first, names);
    for (const stage of stages.filter(hasBegun))
        log(begunText(stage));
    if (stages.every(hasBegun))
        return { kind: "started", stages: stages.map(({ name }) => name) };
    const isNamed = ({ name }) => stages.some((stage) => stage.name === name);
    const others = ({ tree }) => tree.stages.filter((stage) => !isNamed(stage));
    const haveOthersEnded = (document) => document.stages.every((stage) => isNamed(stage) || stage.status === "completed" || stage.result === "manual");
    let result = first;
    if (!haveOthersEnded(first.document) && first.run.status !== "completed") {
        if (!waitsForOthers)
            throw cannotStartYet(first, others(first));
        const next = await waitUntil(haveOthersEnded);
        if (next.end !== "reached")
            return { kind: "timed-out", result: next };
        result = next;
    }
    const unsuccessful = others(result).filter(isUnsuccessful);
    if (unsuccessful.length > 0) {
        const list = (0,lib_text/* listed */.KE)(unsuccessful.map(({ name }) => (0,lib_text/* oneLine */.TN)(name)));
        log(`No stage was started, since ${list} did not succeed.`);
        return { kind: "blocked", result };
    }
    await requestStages(run, knownStages(result, names), { tracking, before: result, log }, signal);
    return { kind: "started", stages: stages.map(({ name }) => name) };
}
function isUnsuccessful(stage) {
    return stage.result === "canceled" || failedStages({ stages: [stage] }).length > 0;
}
async function requestStages(run, stages, { tracking: { deps }, before, log }, signal) {
    const { runs, stepState } = deps;
    const readRun = createRunReader(runs, run.id);
    const { phase } = stepState;
    const isOwn = phase.at === "following" && phase.isOwn;
    const requested = phase.at === "following" ? [...(phase.stages ?? [])] : [];
    let hasStarted = false;
    for (const { name: stage } of stages.filter((candidate) => !hasBegun(candidate))) {
        requested.push(stage);
        stepState.setPhase({ at: "following", runId: run.id, isOwn, ...(!isOwn && { stages: [...requested] }) });
        stepState.setSnapshot(reopenedSnapshot(before));
        const update = { stage, state: "run" };
        const refusal = await requestStage(run.id, update, { ...deps, readRun, before }, signal);
        if (refusal !== undefined) {
            if (!hasStarted)
                stepState.setSnapshot(before);
            throw refused(stage, refusal, run);
        }
        hasStarted = true;
        log(`Started stage ${(0,lib_text/* oneLine */.TN)(stage)} of ${(0,lib_text/* oneLine */.TN)(run.name)}.`);
    }
}
function refused(stage, { code, message, hint }, { name, url }) {
    return new build_errors/* ActionError */.lZ(code === "forbidden" ? code : "rejected", `Stage ${stage} of ${name} was not started. ${message} ${url}`, { hint: hint ?? "Check that it is a manual stage (`trigger: manual`) whose dependencies have run." });
}
function cannotStartYet({ run }, others) {
    const running = others.filter(({ status }) => status !== "completed").map(({ name }) => (0,lib_text/* oneLine */.TN)(name));
    const have = running.length === 1 ? "has" : "have";
    return new build_errors/* ActionError */.lZ("rejected", `No stage of ${run.name} was started, since ${(0,lib_text/* listed */.KE)(running)} ${have} not ended yet. ${run.url}`, { hint: "Set `wait: true`, so that the step waits for the other stages." });
}
function knownStages({ run, tree }, names) {
    const unknown = names.filter((name) => findStage(tree, name) === undefined);
    if (unknown.length > 0) {
        const existing = tree.stages.map(({ name }) => (0,lib_text/* oneLine */.TN)(name));
        const byDisplayName = tree.stages.find(({ displayName }) => displayName === unknown[0]);
        throw new build_errors/* ActionError */.lZ("not-found", `stages-to-start: ${run.name} has no stage ${(0,lib_text/* listed */.KE)(unknown)}. Its stages: ${existing.join(", ") || "none"}. ${run.url}`, {
            hint: byDisplayName === undefined
                ? "Use the stages' identifiers."
                : `Use the stage's identifier, ${byDisplayName.name}, instead of its display name.`,
        });
    }
    return [...new Set(names.flatMap((name) => findStage(tree, name) ?? []))];
}
function hasBegun({ status, result }) {
    return status === "inProgress" || (status === "completed" && result !== "manual");
}
function begunText({ name, status }) {
    const state = status === "completed" ? "has already ended" : "is already running";
    return `Stage ${(0,lib_text/* oneLine */.TN)(name)} ${state}, so it is not started again.`;
}
function stageConditions(names) {
    const everyStage = (document, holds) => {
        const { stages } = document;
        return names.every((name) => stages.some((stage) => stage.name === name && holds(stage)));
    };
    return {
        haveEnded: (document) => everyStage(document, (stage) => stage.status === "completed" && hasBegun(stage)),
        haveSucceeded: (document) => everyStage(document, ({ result }) => result === "succeeded"),
    };
}
const maxStaleMs = 30_000;
function ignoreUnstartedStages(names, poll, clock) {
    if (names.length === 0)
        return poll;
    const staleUntil = clock.now() + maxStaleMs;
    return async (options, signal) => {
        const response = await poll({ ...options, alwaysReadTimeline: true }, signal);
        if (response.run.status !== "completed" || clock.now() >= staleUntil)
            return response;
        const areBegun = names.every((name) => {
            const stage = findStage(response.tree, name);
            return stage !== undefined && hasBegun(stage);
        });
        if (areBegun)
            return response;
        return { ...response, run: reopenedRun(response.run) };
    };
}

;// CONCATENATED MODULE: ./build/core/failure-logs.js


function failureLogs(tree, run) {
    const causes = rootCauses(tree, run).filter(({ isConsequence }) => !isConsequence);
    const causesByJob = Map.groupBy(causes, ({ jobId }) => jobId);
    const blamedIn = ({ id }) => new Set(causesByJob.get(id)?.map(({ taskId }) => taskId));
    return tree.stages.flatMap((stage) => stage.jobs.flatMap((job) => sourcesIn(job, blamedIn(job)).map((task) => ({ stage, job, task }))));
}
function sourcesIn(job, blamed) {
    const isJobBlamed = blamed.has(undefined);
    const tasks = job.tasks.filter((task) => task.result === "failed" ||
        blamed.has(task.id) ||
        (isJobBlamed && wasInterrupted(task) && task.startedAt !== null));
    const needsJobLog = tasks.length === 0 ? isJobBlamed : tasks.some(({ logId }) => logId === null);
    return needsJobLog && job.logId !== null ? [...tasks, undefined] : tasks;
}

;// CONCATENATED MODULE: ./build/app/log-excerpts.js

const maxExcerptLines = 20;
const noLines = { lines: [], totalLines: 0, isWhole: true };
function createExcerpts(maxTasks) {
    const excerpts = new Map();
    return {
        add: ({ key, result, jobId, taskId, task }, lines, totalLines) => {
            const previous = excerpts.get(key);
            const hasFailed = result === "failed";
            const isFull = () => [...excerpts.values()].filter((kept) => kept.hasFailed === hasFailed).length >= maxTasks;
            if (result === "succeeded" || (previous === undefined && isFull()))
                return;
            const output = taskOutput(lines, totalLines);
            const { lines: shownBefore, totalLines: totalBefore, isWhole: wasWhole } = previous?.excerpt ?? noLines;
            const excerpt = {
                lines: [...shownBefore, ...lastPlainLines(output.lines)].slice(-maxExcerptLines),
                lastLine: output.lastLine,
                totalLines,
                isWhole: wasWhole &&
                    totalBefore + lines.length === totalLines &&
                    shownBefore.length + output.lines.length <= maxExcerptLines,
            };
            excerpts.set(key, { excerpt: { jobId, taskId, task, ...excerpt }, hasFailed });
        },
        all: () => [...excerpts.values()].map(({ excerpt }) => excerpt),
        clear: () => excerpts.clear(),
    };
}
function lastPlainLines(lines) {
    const plain = lines.slice(-maxExcerptLines).map((line) => withoutMarker(stripTimestamp(line)));
    return plain.length === 0 ? [] : plain.join("\n").split("\n");
}

// EXTERNAL MODULE: ./build/core/line-splitter.js
var line_splitter = __webpack_require__(7653);
;// CONCATENATED MODULE: ./build/app/stream-log.js



function createLogStream({ isFull, tailLines, runId, runUrl, onGroup, onTail }, { runner, logs }) {
    const streamLog = isFull ? streamFullLog : streamLogTail;
    return async (logRef, { logId, shown, retryForMs }, signal) => {
        const tail = (0,line_splitter/* createTailBuffer */.LL)(tailLines, shown);
        const batches = logs.readLines({ runId, logId, linesRead: tail.total, retryForMs }, signal);
        await streamLog({ logRef, batches, tail, shown, runUrl, onGroup, onTail }, runner);
        return tail;
    };
}
async function streamFullLog({ logRef: { path, jobId, taskId, result }, batches, tail, shown, runUrl, onGroup }, runner) {
    const url = (0,run_tree/* logUrl */.gO)(runUrl, jobId, taskId);
    const title = logTitle({ path, result, isContinuation: shown !== undefined, url });
    let isOpen = false;
    try {
        for await (const lines of batches) {
            tail.push(lines);
            if (!isOpen) {
                runner.write([{ type: "group", title }]);
                onGroup(true);
            }
            isOpen = true;
            runner.write([relayedLines(lines.text)]);
            await runner.flush();
        }
    }
    finally {
        if (isOpen) {
            runner.write([{ type: "end-group" }]);
            onGroup(false);
        }
    }
}
async function streamLogTail({ logRef: { path, jobId, taskId, result, errorLine }, batches, tail, shown, runUrl, onTail, }) {
    for await (const lines of batches)
        tail.push(lines);
    const { lines, total: totalLines } = tail;
    if (totalLines === shown)
        return;
    const url = (0,run_tree/* logUrl */.gO)(runUrl, jobId, taskId, errorLine ?? Math.max(1, totalLines));
    onTail(excerptLines({ path, result, lines, totalLines, isContinuation: shown !== undefined, url }));
}

;// CONCATENATED MODULE: ./build/app/task-logs.js







const maxRereads = 10;
const finalRetryForMs = 15_000;
const finalTimeoutMs = 60_000;
function createTaskLogs(options, deps) {
    const { mode, runId, runUrl } = options;
    const { runner, clock } = deps;
    const tails = [];
    const logs = createShownLogs({ ...options, onTail: (entries) => tails.push(...entries) }, deps);
    const note = (text) => tails.push({ type: "text", text });
    let hasEnded = false;
    let finalSizes;
    const requestFinalSizes = (signal) => {
        finalSizes ??= tryGetLogSizes(deps.logs, runId, signal);
        finalSizes.catch((0,build_errors/* ignoreError */.FZ)("finish awaits the same promise"));
        return finalSizes;
    };
    const requested = new Set();
    const request = async (logRef, options, signal) => {
        if (requested.has(logRef.key))
            return;
        requested.add(logRef.key);
        if (mode === "failed" && requested.size > maxFailedLogs)
            return;
        if (hasEnded && logRef.logId !== null)
            void requestFinalSizes(signal);
        await logs.show(logRef, options, signal);
    };
    return {
        onFinished: async (event, signal) => {
            if (mode === "none" || (mode === "failed" && event.task.result !== "failed"))
                return;
            await request(logRefOf(event), {}, signal);
        },
        onLastRecords: (signal) => {
            hasEnded = true;
            finalSizes = undefined;
            if (logs.shown.size > 0)
                void requestFinalSizes(signal);
        },
        streamPending: (tree, signal) => streamPendingLogs(tree, { logs }, signal),
        hasPending: () => [...logs.pending.values()].some(({ logId }) => logId === null),
        finish: async ({ run, tree, isSuccess }, signal) => {
            const sources = isSuccess || mode === "none" ? [] : failureLogs(tree, run);
            const readRest = async (timeoutSignal) => {
                const combinedSignal = AbortSignal.any([signal, timeoutSignal]);
                await streamPendingLogs(tree, { logs, retryForMs: finalRetryForMs }, combinedSignal);
                for (const source of sources)
                    await request(logRefOf(source), { retryForMs: finalRetryForMs }, combinedSignal);
                if (logs.shown.size > 0)
                    await streamNewLines(await requestFinalSizes(combinedSignal), logs, combinedSignal);
            };
            await (0,abort/* withTimeout */.wj)(finalTimeoutMs, clock, readRest).catch((error) => {
                signal.throwIfAborted();
                note(`Not all logs could be read: ${(0,lib_text/* oneLine */.TN)((0,build_errors/* reasonOf */.A3)(error))}`);
            });
            const missing = missingLogs(logs, sources);
            if (missing.length > 0)
                note(`No log was found for ${(0,lib_text/* listed */.KE)(missing)}.`);
            const hiddenCount = mode === "failed" ? requested.size - maxFailedLogs : 0;
            if (hiddenCount > 0)
                note(`${(0,lib_text/* counted */.hS)(hiddenCount, "more log")}, only at ${runUrl}`);
        },
        excerpts: logs.excerpts,
        writeExcerpts: () => runner.write(tails.splice(0)),
        reset: () => {
            tails.length = 0;
            requested.clear();
            hasEnded = false;
            finalSizes = undefined;
            logs.reset();
        },
        isGroupOpen: logs.isGroupOpen,
    };
}
async function streamPendingLogs(tree, { logs, retryForMs = 0 }, signal) {
    if (logs.pending.size === 0)
        return;
    for (const stage of tree.stages) {
        for (const job of stage.jobs) {
            for (const task of job.tasks) {
                if (task.logId === null || !logs.pending.has((0,run_tree/* attemptKey */.jX)(task)))
                    continue;
                await logs.show(logRefOf({ stage, job, task }), { retryForMs }, signal);
            }
        }
    }
}
async function tryGetLogSizes(logs, runId, signal) {
    const sizes = await logs
        .getLineCounts(runId, signal)
        .catch((0,build_errors/* ignoreError */.FZ)("logs are read from their start then"));
    signal.throwIfAborted();
    return sizes;
}
async function streamNewLines(sizes, logs, signal) {
    const all = [...logs.shown.values()];
    const changed = sizes === undefined
        ? all.filter(({ logRef }) => logRef.result === "failed").slice(0, maxRereads)
        : all.filter(({ logRef, total }) => (sizes.get(logRef.logId ?? -1) ?? 0) > total);
    for (const previous of changed)
        await logs.show(previous.logRef, { previous, retryForMs: finalRetryForMs }, signal);
}
function missingLogs({ pending }, sources) {
    const hasJobLog = (id) => sources.some(({ job, task }) => job.id === id && task === undefined);
    const refs = [...pending.values()].filter(({ logId, result, jobId, key }) => logId === null &&
        !hasJobLog(jobId) &&
        (result === "failed" || sources.some(({ task }) => task !== undefined && (0,run_tree/* attemptKey */.jX)(task) === key)));
    return refs.map(({ path }) => (0,lib_text/* oneLine */.TN)(path));
}
const maxFailedLogs = 50;
const tailLines = 60;
const maxReadAttempts = 3;
function createShownLogs({ mode, runId, runUrl, deadline, onTail }, deps) {
    const { runner, clock } = deps;
    const pending = new Map();
    const shown = new Map();
    const excerpts = createExcerpts(maxFailedLogs);
    const attempts = createAttemptCounter();
    let isGroupOpen = false;
    const onGroup = (isOpen) => {
        isGroupOpen = isOpen;
    };
    const isFull = mode === "all";
    const writeNotes = isFull ? runner.write : onTail;
    const streamLog = createLogStream({ isFull, tailLines, runId, runUrl, onGroup, onTail }, deps);
    async function show(logRef, { previous, retryForMs = 0 }, signal) {
        const { key, logId } = logRef;
        if (previous === undefined)
            pending.set(key, logRef);
        const readDeadline = retryForMs > 0 ? Number.POSITIVE_INFINITY : deadline;
        if (readDeadline <= clock.now() || logId === null)
            return;
        try {
            const readOptions = { logId, shown: previous?.total, retryForMs };
            const { lines, total } = await (0,abort/* withDeadline */.NE)(readDeadline, clock, (timeoutSignal) => streamLog(logRef, readOptions, timeoutSignal), signal);
            shown.set(key, { logRef, total });
            excerpts.add(logRef, lines, total);
            pending.delete(key);
        }
        catch (error) {
            signal.throwIfAborted();
            const mayRetry = attempts.count(key) < maxReadAttempts && (0,build_errors/* isTransient */.dg)(error);
            if (retryForMs === 0 && (mayRetry || clock.now() >= deadline))
                return;
            pending.delete(key);
            const text = `The log of ${(0,lib_text/* oneLine */.TN)(logRef.path)} could not be read: ${(0,lib_text/* oneLine */.TN)((0,build_errors/* reasonOf */.A3)(error))}`;
            writeNotes([{ type: "text", text }]);
        }
    }
    const reset = () => {
        for (const logs of [pending, shown])
            logs.clear();
        excerpts.clear();
    };
    return { show, pending, shown, excerpts: excerpts.all, reset, isGroupOpen: () => isGroupOpen };
}
function createAttemptCounter() {
    const counts = new Map();
    return {
        count: (key) => {
            const count = (counts.get(key) ?? 0) + 1;
            counts.set(key, count);
            return count;
        },
    };
}
function logRefOf({ stage, job, task }) {
    const node = task ?? job;
    return {
        key: (0,run_tree/* attemptKey */.jX)(node),
        path: (0,run_tree/* nodePath */.Ie)(stage, job, task),
        jobId: job.id,
        taskId: task?.id,
        task: task?.displayName,
        result: node.result,
        logId: node.logId,
        errorLine: firstErrorLine(node),
    };
}
function firstErrorLine({ issues }) {
    return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}

;// CONCATENATED MODULE: ./build/app/retry-stages.js






async function retryStages(before, stages, deps, signal) {
    const { run } = before;
    const rejected = [];
    for (const stage of stages) {
        const update = { stage, state: "retry" };
        const rejection = await requestStage(run.id, update, { ...deps, before }, signal);
        if (rejection !== undefined)
            rejected.push({ stage, rejection });
    }
    const isUnsupported = rejected.length === stages.length && rejected.every(({ rejection }) => rejection.code === "not-found");
    if (!isUnsupported)
        return { accepted: stages.filter((stage) => !rejected.some((item) => item.stage === stage)), rejected };
    const rejection = await refusalOf(() => deps.runs.retry(run.id, signal), signal);
    const isRetried = rejection === undefined || (await deps.readRun(signal)).run.status !== "completed";
    return isRetried
        ? { accepted: [run.name], rejected: [] }
        : { accepted: [], rejected: [{ stage: run.name, rejection }] };
}
async function refusalOf(work, signal) {
    try {
        await work();
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof build_errors/* ActionError */.lZ && isRefusal(error))
            return error;
        throw error;
    }
}
function hasStages({ stages }) {
    return stages.some(({ id }) => id !== run_tree/* defaultName */.Z2);
}
function onlyNamed(tree, names) {
    if (names.length === 0)
        return tree;
    return { stages: names.flatMap((name) => findStage(tree, name) ?? []) };
}
async function retryFailedAttempt({ result, stages, attempt, log }, { inputs, deps, logs }, signal) {
    const { run, tree, document, end } = result;
    const hasEnded = run.status === "completed" || stages.length > 0;
    if (end !== "reached" || !hasEnded || wasCancelled(result))
        return false;
    const verdict = (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, document);
    if (verdict.holds || verdict.isNull || verdict.problem !== undefined)
        return false;
    const { when, maxRetries } = inputs.retryPolicy;
    if (when !== undefined && !(0,core_condition/* evaluateCondition */.F9)(when, document).holds)
        return false;
    const failed = failedStages(onlyNamed(tree, stages));
    if (failed.length === 0)
        return false;
    const { runner, runs, stepState } = deps;
    const readRun = createRunReader(runs, run.id);
    const before = await readRun(signal);
    stepState.setSnapshot(reopenedSnapshot(result));
    if (before.run.status !== "completed" && run.status === "completed")
        return true;
    const names = hasStages(before.tree) ? failed.map(({ name }) => name) : [];
    const { phase } = stepState;
    if (phase.at === "following" && !phase.isOwn)
        stepState.setPhase({ ...phase, stages: [...new Set([...(phase.stages ?? []), ...names])] });
    const { accepted, rejected } = await retryStages(before, names, { ...deps, readRun }, signal);
    for (const { stage, rejection } of rejected)
        runner.write([
            { type: "warning", text: `Stage ${(0,lib_text/* oneLine */.TN)(stage)} was not retried. ${rejection.message}` },
        ]);
    if (accepted.length === 0) {
        stepState.setSnapshot(result);
        return false;
    }
    const next = Math.max(...failed.map((stage) => stage.attempt)) + 1;
    log(`Retrying ${(0,lib_text/* listed */.KE)(accepted.map(lib_text/* oneLine */.TN))}: attempt ${next} (retry ${attempt} of ${maxRetries}).`);
    logs.reset();
    return true;
}

;// CONCATENATED MODULE: ./build/app/wait-for-run.js






async function waitForRun(run, { isDone, ...options }, { poll, clock, observers }, signal) {
    const { deadline, queueDeadline = () => Number.POSITIVE_INFINITY } = options;
    const notify = async (response, isLast = false) => {
        const update = createUpdate(response, { raw: run.raw, isDone, isLast }, clock);
        for (const observer of observers)
            await observer.update(update, signal);
        return update;
    };
    const isQueuedTooLong = () => clock.now() >= queueDeadline();
    const hasPending = () => observers.some((observer) => observer.hasPending?.() === true);
    let update;
    let pollError;
    try {
        const nextDeadline = () => Math.min(deadline, queueDeadline());
        for await (const response of pollLoop(poll, { ...options, nextDeadline }, clock, signal)) {
            update =
                response.run.status === "completed"
                    ? await waitForFinalRecords(response, { poll, notify, hasPending, clock, deadline }, signal)
                    : await notify(response);
            if (update.endsWait)
                return { ...update, end: "reached" };
            if (isQueuedTooLong())
                return { ...update, end: "queued-too-long" };
        }
    }
    catch (error) {
        const isTimeout = clock.now() >= deadline || (update !== undefined && isQueuedTooLong());
        if (signal.aborted || !isTimeout || !(0,build_errors/* isTransient */.dg)(error))
            throw error;
        if (update !== undefined && clock.now() < deadline)
            return { ...update, end: "queued-too-long" };
        pollError = error;
    }
    return update === undefined ? { end: "unpolled", error: pollError } : { ...update, end: "timed-out" };
}
function createUpdate({ run, tree, serviceTime, timelineUnavailable, savesRequests }, { raw, isDone, isLast }, clock) {
    const document = documentOf(run, tree, raw);
    const isCompleted = run.status === "completed";
    const snapshot = {
        run,
        tree,
        document,
        at: serviceTime ?? clock.now(),
        timelineUnavailable,
        savesRequests,
    };
    return {
        ...snapshot,
        serviceTime,
        endsWait: isCompleted || isDone(document),
        isFinal: isLast || (isCompleted && !isMissingRecords(snapshot)),
    };
}
const maxOutageMs = 5 * 60_000;
const responseTimeoutMs = 30_000;
const lastResponseTimeoutMs = 3_000;
async function* pollLoop(poll, { pollIntervalMs, deadline, nextDeadline = () => deadline, onRetryAfter, remainingRunMs }, clock, signal) {
    let delayMs = pollIntervalMs;
    for (;;) {
        const remainingMs = deadline - clock.now();
        const isLast = remainingMs <= 0;
        const retryForMs = Math.min(maxOutageMs, Math.max(0, nextDeadline() - clock.now()));
        const timeoutMs = isLast ? lastResponseTimeoutMs : Math.min(responseTimeoutMs, remainingMs);
        const response = await poll({ retryForMs, timeoutMs, deadline, alwaysReadTimeline: isLast, ignoreRetryAfter: isLast }, signal).catch((error) => {
            const isCutOff = !isLast && clock.now() >= deadline && (0,build_errors/* isTransient */.dg)(error);
            if (signal.aborted || !isCutOff)
                throw error;
        });
        if (response === undefined)
            continue;
        yield response;
        const untilDeadlineMs = nextDeadline() - clock.now();
        if (response.run.status === "completed" || isLast)
            return;
        const { throttling } = response;
        delayMs = (0,poll_interval/* nextPollDelayMs */.Gc)(delayMs, { pollIntervalMs, throttling, remainingMs: remainingRunMs?.() });
        const requestedMs = Math.min(response.retryAfterMs ?? 0, retry/* maxRetryAfterMs */.vB);
        if (requestedMs > delayMs)
            onRetryAfter?.(Math.min(requestedMs, untilDeadlineMs));
        await clock.sleep(Math.max(0, Math.min(Math.max(delayMs, requestedMs), untilDeadlineMs)), signal);
    }
}
const finalPollDelaysMs = [1_000, 2_000, 4_000];
const recentlyFinishedMs = 60_000;
const finalResponseTimeoutMs = 10_000;
function isMissingRecords(snapshot) {
    return isRecentlyFinished(snapshot) && (0,run_tree/* isRunning */.W_)(snapshot.tree);
}
async function waitForFinalRecords(finalResponse, { poll, notify, hasPending, clock, deadline }, signal) {
    let lastResponse = finalResponse;
    let update = await notify(finalResponse);
    for (const delayMs of finalPollDelaysMs) {
        if (!isMissingRecords(update) && !(isRecentlyFinished(update) && hasPending()))
            return update;
        await clock.sleep(delayMs, signal);
        const options = { retryForMs: 0, timeoutMs: finalResponseTimeoutMs, deadline, alwaysReadTimeline: true };
        const response = await poll(options, signal).catch((0,build_errors/* ignoreError */.FZ)("the last successful response is used"));
        signal.throwIfAborted();
        if (response?.run.status !== "completed")
            continue;
        lastResponse = response;
        update = await notify(response);
    }
    return isMissingRecords(update) ? await notify(lastResponse, true) : update;
}
function isRecentlyFinished(snapshot) {
    return (msSinceFinished(snapshot) ?? recentlyFinishedMs) < recentlyFinishedMs;
}

;// CONCATENATED MODULE: ./build/app/wait-for-attempts.js










async function waitThroughAttempts(run, context, signal) {
    const { tracking, progressLog, stages } = context;
    const { inputs, deps } = tracking;
    const { maxRetries } = inputs.retryPolicy;
    const { queueTimeoutMs } = inputs;
    const queueLimit = queueTimeoutMs === undefined
        ? undefined
        : createQueueLimit({ timeoutMs: queueTimeoutMs, stages }, deps.clock);
    const isStopped = createStopCheck(inputs.stopWhen, deps.runner);
    let isDone = isStopped;
    const readsTimeline = !(0,core_condition/* isCompletionCondition */.Ou)(inputs.stopWhen) || queueLimit !== undefined;
    const cancellation = createCancellationObserver();
    let current = run;
    let beforeRetry;
    for (let retries = 0;; retries += 1) {
        const options = {
            isDone,
            readsTimeline,
            stages,
            observers: [cancellation],
            isLastAttempt: retries >= maxRetries,
            ...(retries === 0 && { queueLimit }),
        };
        const result = await waitForAttempt(current, options, context, signal);
        if (result.end === "unpolled")
            return result;
        if (retries >= maxRetries || cancellation.isCancelling())
            return { ...result, beforeRetry };
        const retry = { result, stages, attempt: retries + 1, log: progressLog.write };
        if (!(await retryFailedAttempt(retry, tracking, signal)))
            return { ...result, beforeRetry };
        beforeRetry ??= result;
        current = { ...run, staleResult: staleResultOf(result) };
        isDone = exceptStale(isStopped, result.document, deps.clock);
    }
}
function exceptStale(isDone, before, clock) {
    const staleUntil = clock.now() + wait_for_attempts_maxStaleMs;
    const attempts = (document) => JSON.stringify(document.stages.map(({ attempt }) => attempt));
    return (document) => {
        const isStale = clock.now() < staleUntil && attempts(document) === attempts(before);
        return !isStale && isDone(document);
    };
}
function createCancellationObserver() {
    let isCancelling = false;
    return {
        update: ({ run }) => {
            isCancelling ||= run.status === "canceling";
        },
        isCancelling: () => isCancelling,
    };
}
async function waitForAttempt(run, { isDone, readsTimeline, stages = [], queueLimit, observers = [], isLastAttempt = false }, { tracking, progressLog, deadline }, signal) {
    const { inputs, deps } = tracking;
    const { clock } = deps;
    const pollRun = deps.runs.createPoller(run.id);
    const pollCurrent = ignoreUnstartedStages(stages, ignoreStaleResult(run, pollRun, clock), clock);
    const pollWithProgress = (options, pollSignal) => pollCurrent({
        ...options,
        alwaysReadTimeline: options.alwaysReadTimeline === true || readsTimeline,
        readQueuedTimeline: progressLog.isIdle(),
        onRetry: progressLog.onPollError,
        ...(isLastAttempt && {
            onCompleted: ({ run: completed, serviceTime: at = clock.now(), savesRequests }) => tracking.findings.prefetch({ run: completed, at, savesRequests }, signal),
        }),
    }, pollSignal);
    const all = [
        ...(isLastAttempt ? [createClosingObserver(tracking)] : []),
        ...observers,
        ...observersOf(tracking, progressLog),
        ...(queueLimit === undefined ? [] : [queueLimit]),
    ];
    const { pollIntervalMs } = inputs;
    const queueDeadline = queueLimit?.deadline;
    const onRetryAfter = (delayMs) => progressLog.write((0,retry/* retryAfterText */.ci)(delayMs));
    return await waitForRun(run, {
        isDone,
        pollIntervalMs,
        deadline,
        queueDeadline,
        onRetryAfter,
        remainingRunMs: progressLog.remainingMs,
    }, { poll: pollWithProgress, clock, observers: all }, signal);
}
function observersOf({ inputs, deps, reports }, progressLog) {
    const writeOutputs = (0,app_outputs/* createSnapshotOutputWriter */.Bf)(deps.outputs, inputs.mapOutputs, deps.clock);
    return [
        { update: (update) => deps.stepState.setSnapshot(update) },
        { update: ({ document }) => writeOutputs(document) },
        progressLog,
        { update: (update) => void (!update.endsWait && reports.update(update)) },
    ];
}
function createStopCheck(stopWhen, runner) {
    let hasWarned = false;
    return (document) => {
        const { holds, problem } = (0,core_condition/* evaluateCondition */.F9)(stopWhen, document);
        if (problem !== undefined && !hasWarned) {
            hasWarned = true;
            runner.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
        }
        return holds;
    };
}
const wait_for_attempts_maxStaleMs = 30_000;
function ignoreStaleResult({ staleResult }, poll, clock) {
    if (staleResult === undefined)
        return poll;
    const staleUntil = clock.now() + wait_for_attempts_maxStaleMs;
    let hasCaughtUp = false;
    return async (options, signal) => {
        const response = await poll(options, signal);
        const { status, result, finishedAt } = response.run;
        const isUnchanged = status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
        hasCaughtUp ||= !isUnchanged || hasFailedAgain(response, staleResult) || clock.now() >= staleUntil;
        if (hasCaughtUp)
            return response;
        return { ...response, run: reopenedRun(response.run), tree: run_tree/* emptyTree */["in"] };
    };
}
function hasFailedAgain({ tree }, { attempt }) {
    return ((0,run_tree/* highestAttempt */.cJ)(tree) > attempt &&
        tree.stages.every(({ status }) => status === "completed") &&
        failedStages(tree).length > 0);
}
function createQueueLimit({ timeoutMs, stages }, clock) {
    let queuedMs = 0;
    let since = clock.now();
    let state = "queued";
    return {
        update: (snapshot) => {
            const now = clock.now();
            if (state === "queued")
                queuedMs += now - since;
            since = now;
            if (state !== "left")
                state = queueStateOf(snapshot, stages);
        },
        deadline: () => (state === "queued" ? since + timeoutMs - queuedMs : Number.POSITIVE_INFINITY),
    };
}
function queueStateOf({ run, tree: wholeTree }, names) {
    const tree = { ...wholeTree, ...onlyNamed(wholeTree, names) };
    if (run.status === "completed" || hasRunJob(tree))
        return "left";
    if (tree.stages.length === 0 && tree.checks.length === 0)
        return run.status === "notStarted" || run.status === "postponed" ? "queued" : "left";
    const isJobWaiting = stagesWithoutChecks(tree).some(({ status, jobs }) => status === "inProgress" && jobs.some((job) => job.status === "pending"));
    return (0,run_tree/* pendingChecks */.dc)(tree).length > 0 && !isJobWaiting ? "waiting for a check" : "queued";
}
function hasRunJob({ stages }) {
    return stages.some(({ jobs }) => jobs.some(({ status, result, startedAt }) => status === "inProgress" || (status === "completed" && result !== "skipped" && startedAt !== null)));
}
function stagesWithoutChecks(tree) {
    const withChecks = new Set((0,run_tree/* pendingChecks */.dc)(tree).map(({ stage }) => stage));
    return tree.stages.filter(({ name }) => !withChecks.has(name));
}

;// CONCATENATED MODULE: ./build/app/track-run.js
















async function trackRun(run, context, signal) {
    const { inputs, deps } = context;
    const deadline = deps.clock.now() + (inputs.timeoutMs ?? Number.POSITIVE_INFINITY);
    const tracking = await createTrackingContext(run, context, deadline);
    context.onTracking(tracking);
    signal.throwIfAborted();
    const reportsOpened = tracking.reports.open(run);
    writeInitialSummaryFile(run, tracking);
    const progressLog = createProgressLog({ logs: tracking.logs, deadline }, deps);
    const heartbeatEnd = new AbortController();
    const heartbeat = progressLog.runHeartbeat(heartbeatEnd.signal);
    heartbeat.catch((0,build_errors/* ignoreError */.FZ)("it is thrown where the heartbeat is awaited"));
    try {
        const pollContext = { tracking, progressLog, deadline };
        const started = await startRequestedStages(run, pollContext, signal);
        if (started.kind === "timed-out")
            return await finishAfterTimeout({ run, ...started.result }, tracking, signal);
        if (started.kind === "blocked")
            return await finishStep(started.result, neverSuccessful(tracking), signal);
        if (!inputs.wait) {
            if (await reportEndedRun(run, tracking, signal))
                return "left";
            await reportUnpolledRun(run, tracking, signal);
            await (0,abort/* raceAbort */.Mu)(reportsOpened, signal);
            return "left";
        }
        const judged = withStageConditions(tracking, started.stages);
        const attempts = { ...pollContext, tracking: judged, stages: started.stages };
        const result = await waitThroughAttempts(run, attempts, signal);
        if (result.end === "unpolled")
            return await finishAfterTimeout({ run, ...result }, judged, signal);
        return await finishStep(result, judged, signal);
    }
    finally {
        heartbeatEnd.abort();
        await heartbeat;
    }
}
async function reportEndedRun(run, tracking, signal) {
    const { inputs, deps } = tracking;
    if (!run.isExternal || (inputs.checkRun === undefined && inputs.commitStatus === undefined))
        return false;
    const poll = deps.runs.createPoller(run.id);
    const response = await poll({ retryForMs: 10_000, alwaysReadTimeline: true }, signal).catch((0,build_errors/* ignoreError */.FZ)("the check stays open for the step that waits for the run"));
    signal.throwIfAborted();
    if (response?.run.status !== "completed")
        return false;
    const { tree } = response;
    const document = documentOf(response.run, tree, run.raw);
    const isSuccess = (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, document).holds;
    const kind = isSuccess ? "succeeded" : response.run.result === "canceled" ? "canceled" : "failed";
    const snapshot = { run: response.run, tree, at: response.serviceTime ?? deps.clock.now() };
    const text = judgedResultText(response.run, isSuccess);
    if (inputs.mapOutputs.length > 0)
        (0,app_outputs/* setAllOutputs */.u8)(document, tracking);
    await publishSummary(snapshot, { verdict: { kind, text } }, tracking, signal);
    return true;
}
async function startRequestedStages(run, context, signal) {
    const { inputs } = context.tracking;
    const names = inputs.target.kind === "start" ? [] : inputs.target.stagesToStart;
    if (names.length === 0)
        return { kind: "started", stages: [] };
    const waitUntil = (isDone) => waitForAttempt(run, { isDone, readsTimeline: true }, context, signal);
    const options = { names, waitsForOthers: inputs.wait, waitUntil, log: context.progressLog.write };
    return await startStages(run, options, context.tracking, signal);
}
function neverSuccessful(tracking) {
    return { ...tracking, inputs: { ...tracking.inputs, successWhen: () => false } };
}
function withStageConditions(tracking, stages) {
    if (stages.length === 0)
        return tracking;
    const { inputs } = tracking;
    const { haveEnded, haveSucceeded } = stageConditions(stages);
    const stopWhen = (0,core_condition/* isDefaultCondition */.zK)(inputs.stopWhen) ? haveEnded : inputs.stopWhen;
    const successWhen = (0,core_condition/* isDefaultCondition */.zK)(inputs.successWhen) ? haveSucceeded : inputs.successWhen;
    return { ...tracking, inputs: { ...inputs, stopWhen, successWhen } };
}
async function reportUnpolledRun(run, tracking, signal) {
    const { inputs, deps } = tracking;
    if (inputs.mapOutputs.length > 0)
        await writeMappedOutputs(run, tracking, signal);
    logSkippedDownload(inputs, deps.runner);
    summarizeUnpolledRun(run, notWaitedFor(run), tracking);
}
async function writeMappedOutputs(run, tracking, signal) {
    const { deps, inputs } = tracking;
    try {
        (0,app_outputs/* setAllOutputs */.u8)(await fetchRunDocument(run, deps, signal), tracking);
    }
    catch (error) {
        signal.throwIfAborted();
        deps.runner.write([
            { type: "warning", text: `map-outputs: the run could not be read. ${(0,build_errors/* reasonOf */.A3)(error)}` },
        ]);
        for (const { name } of inputs.mapOutputs)
            deps.outputs.set({ [name]: "" });
    }
}
async function fetchRunDocument({ id, raw }, { runs }, signal) {
    const { run, tree } = await runs.createPoller(id)({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
    return documentOf(run, tree, raw);
}
async function createTrackingContext(run, { inputs, deps, workflow }, deadline) {
    const reporters = await workflow.commitReporters(inputs, {
        isExternal: run.isExternal,
        readSource: (signal) => deps.runs.getSource({
            runId: run.id,
            startResponse: run.isExternal ? undefined : run.raw,
            retryForMs: 0,
            timeoutMs: 5_000,
        }, signal),
    });
    const reports = createCommitReports(reporters, { project: inputs.projectRef.project, trigger: workflow.trigger }, {
        onClosed: () => (0,step_state/* saveReportsClosed */.FP)(deps.runner),
        onPending: (pendingReport) => savePendingReport(deps.runner, pendingReport),
    });
    const logs = createTaskLogs({ mode: inputs.logs, runId: run.id, runUrl: run.url, deadline }, deps);
    const findings = createFindingsReader(inputs, deps);
    return { inputs, deps, logs, reports, findings, trigger: workflow.trigger };
}

;// CONCATENATED MODULE: ./build/app/interrupted-step.js











async function handleInterruption(failure, { context, tracking }, timeoutMs) {
    if (context === undefined)
        return "No run was started.";
    const { inputs, deps } = context;
    const { stepState } = deps;
    const { phase } = stepState;
    const isLeftRunning = phase.at === "following" && !(0,step_state/* isCancelledWithStep */.k8)(phase, inputs.cancelOnAbort);
    const isPostStepActive = failure === build_errors/* shutdownRequested */.zX;
    return await (0,abort/* withTimeout */.wj)(timeoutMs, deps.clock, async (timeoutSignal) => {
        const { message, found } = await cancelOnSignal({ ...deps, cancelOnAbort: inputs.cancelOnAbort, isPostStepActive }, timeoutSignal).catch((error) => ({
            message: `The state of the run is unknown (${(0,build_errors/* reasonOf */.A3)(error)}).`,
        }));
        const isStillRunning = isLeftRunning || stepState.phase.at === "following";
        if (found !== undefined)
            reportFoundRun(found, context);
        const text = message.replace(`: ${stepState.snapshot?.run.url ?? stepState.run?.url}`, ".");
        const cancelOutcome = { text, isStillRunning };
        const verdict = failure instanceof build_errors/* StepCancelledError */.YH
            ? { kind: "canceled", text: "the step was cancelled", cancelOutcome }
            : { kind: "error", text: "the action failed (internal)", cancelOutcome };
        await reportInterruptedRun(verdict, { context, tracking }, timeoutSignal);
        return message;
    });
}
async function reportInterruptedRun(verdict, step, signal) {
    if (step.context === undefined)
        return;
    const { runner, stepState } = step.context.deps;
    const { run, snapshot } = stepState;
    if (run === undefined)
        return;
    try {
        const tracking = step.tracking() ?? (await trackKnownRun(run, step.context));
        if (snapshot === undefined)
            return await publishUnpolledSummary(run, verdict, tracking, signal);
        if (stepState.isFinalized)
            return;
        (0,app_outputs/* setAllOutputs */.u8)(snapshot.document, tracking);
        await annotate(snapshot, tracking);
        await publishSummary(snapshot, { verdict }, tracking, signal).catch((0,build_errors/* ignoreError */.FZ)("no time is left, and the post step closes the check run"));
    }
    catch (error) {
        const text = `Summary, check run or status may be incomplete: ${(0,build_errors/* reasonOf */.A3)(error)}`;
        runner.write([{ type: "warning", text }]);
    }
}
async function trackKnownRun(run, context) {
    const tracking = await createTrackingContext(run, context, context.deps.clock.now());
    context.onTracking(tracking);
    return tracking;
}
function reportFoundRun(found, { deps: { runner, clock, stepState } }) {
    runner.write([(0,run_lines/* runLine */.u_)("Started", found)]);
    const { id, name, url, ref, commit } = found;
    const details = { pipelineName: null, source: { ref, commit }, requestedBy: null, raw: null };
    stepState.setRun({ id, name, url, ...details, isExternal: false });
    const run = factsOf(found);
    const tree = (0,build_run_tree/* buildRunTree */.u0)(new Map());
    stepState.setSnapshot({ run, tree, document: documentOf(run, tree, null), at: clock.now() });
}
function factsOf({ id, name, url, status, pipelineId, ref, commit, queuedAt, tags }) {
    return {
        id,
        name,
        url,
        status,
        result: null,
        unknownResult: undefined,
        pipeline: { id: pipelineId, name: null, folder: null },
        source: { ref, commit },
        repository: undefined,
        prSourceSha: undefined,
        createdAt: queuedAt === null ? null : new Date(queuedAt).toISOString(),
        startedAt: null,
        finishedAt: null,
        isPipelinePaused: false,
        requestedBy: null,
        tags,
        problems: [],
        raw: null,
    };
}

;// CONCATENATED MODULE: ./build/app/cancel-interrupted-run.js


const postStepRequestOptions = { retryForMs: 40_000, timeoutMs: 8_000 };
async function cancelInterruptedRun(phase, context, signal) {
    const deps = { ...context, retryOptions: postStepRequestOptions };
    if (phase.at === "starting")
        return await cancelPendingStart(phase, deps, signal);
    const { runId, stages, duplicateSearch } = phase;
    const run = await deps.runs.get(runId, postStepRequestOptions, signal);
    if (stages !== undefined && run.status !== "completed") {
        await (0,cancel_run/* cancelStages */.AN)({ runId, stages }, { ...deps, request: postStepRequestOptions }, signal);
        const { subject, was } = (0,cancel_run/* stagesAsSubject */.eN)(stages);
        const text = `${subject} of ${run.name} ${was} cancelled because this step was interrupted: ${run.url}`;
        deps.runner.write([{ type: "text", text }]);
        return;
    }
    await cancelInPostStep(run, { cancelled: "was cancelled because this step was interrupted" }, deps, signal);
    if (duplicateSearch !== undefined)
        await cancelDuplicatesInPostStep(duplicateSearch, runId, deps, signal);
}
const interruptedStart = { cancelled: "was being started when this step was interrupted, and was cancelled" };
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
                await cancelInPostStep(run, interruptedStart, deps, signal);
            cancelledIds.add(run.id);
        }
        if (cancelledIds.size >= search.attempts - 1)
            return;
    }
    if (doubtful.length > 0)
        deps.runner.write([(0,cancel_run/* doubtfulDuplicates */._X)(doubtful)]);
}
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
                await cancelInPostStep(run, interruptedStart, deps, signal);
            cancelledIds.add(run.id);
        }
        if (cancelledIds.size === phase.attempts || (matches.length > 0 && exact.length === 0))
            break;
    }
    if (cancelledIds.size > 0)
        return;
    const list = matches.map(({ candidate }) => candidate.url).join(", ");
    const prefix = "This step was interrupted while it started a run";
    runner.write([
        matches.length === 0
            ? { type: "text", text: `${prefix}; no run was found.` }
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
    const text = result.kind === "completed" ? "had completed before this step was interrupted" : words.cancelled;
    deps.runner.write([{ type: "text", text: `${name} ${text}: ${url}` }]);
}

// EXTERNAL MODULE: ./build/app/context.js + 1 modules
var context = __webpack_require__(6999);
;// CONCATENATED MODULE: ./build/app/post-step.js







const postStepTimeoutMs = 60_000;
async function runPostStep(environment) {
    const phase = (0,step_state/* restorePhase */.i_)(environment.runner);
    if (phase.at === "settled")
        return;
    const cleanUp = new AbortController();
    const mainShutdown = environment.requestMainShutdown(cleanUp.signal);
    if (phase.at === "idle")
        return await mainShutdown;
    mainShutdown.catch((0,build_errors/* ignoreError */.FZ)("the process does not wait for the main step"));
    await cleanUpAfterMain(phase, environment);
    cleanUp.abort();
}
async function cleanUpAfterMain(phase, environment) {
    const { runner, clock } = environment;
    const warnAbout = (consequence) => (error) => {
        runner.write([
            { type: "warning", text: `This step was interrupted, and ${consequence}: ${(0,build_errors/* reasonOf */.A3)(error)}` },
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
        await closing.catch(warnAbout(`its check run or status may still show it as running (${address})`));
    }).catch(warnAbout("the clean-up failed"));
}
function mayCancel(phase, cancelOnAbort) {
    if (phase.at === "left")
        return false;
    if (phase.at === "starting")
        return cancelOnAbort ?? true;
    return (0,step_state/* isCancelledWithStep */.k8)(phase, cancelOnAbort);
}
async function closePendingReports(reporters, runId, { runs, runner }, signal) {
    if (reporters.length === 0)
        return;
    const allIndexes = [...reporters.keys()];
    const pendingReport = restorePendingReport(runner) ?? {
        report: await interruptionReport(runId, runs, signal),
        reporters: allIndexes,
    };
    const pending = reporters.filter((_, index) => pendingReport.reporters.includes(index));
    await Promise.all(pending.map((reporter) => reporter.close(pendingReport.report, signal)));
}
async function interruptionReport(runId, runs, signal) {
    const { name, url } = await runs.get(runId, { retryForMs: 10_000 }, signal);
    const text = `${name}: the step that followed it was interrupted`;
    return {
        kind: "canceled",
        title: text,
        summary: () => escapeMarkdown(text),
        annotations: [],
        runUrl: url,
        runId,
        description: text,
    };
}

;// CONCATENATED MODULE: ./build/app/preview.js


async function preview({ pipelineId, pipelineName, body, source }, { inputs, deps }, signal) {
    const { runner, outputs, pipelines } = deps;
    const { organization, project } = inputs.projectRef;
    const pipeline = pipelineName ?? "pipeline";
    runner.write([(0,run_lines/* headerLine */.iH)({ organization: organization.name, project, pipeline, pipelineId, ...source })]);
    outputs.set({ "final-yaml": await pipelines.preview(pipelineId, body, signal) });
    runner.write([
        { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
    ]);
    const details = { project, pipeline: pipelineName ?? `pipeline ${pipelineId}`, source };
    if (inputs.summary)
        deps.runner.addSummary(() => previewSummary(details));
}

// EXTERNAL MODULE: ./build/core/rerun-tag.js
var rerun_tag = __webpack_require__(1656);
;// CONCATENATED MODULE: ./build/app/find-earlier-run.js




const find_earlier_run_maxAttempts = 100;
async function findEarlierRun(search, deps, signal) {
    const fingerprint = await (0,find_started_run/* withDefaultRef */.FN)(search.fingerprint, deps.pipelines, signal);
    const { pipelineId } = fingerprint;
    for (const attempt of earlierAttempts(search.tagParts.attempt)) {
        const tag = (0,rerun_tag/* rerunTag */.fE)({ ...search.tagParts, attempt });
        const { runs, callerId } = await deps.runLists.listTagged(pipelineId, tag, signal);
        const candidates = runs.map(({ candidate }) => candidate).filter(({ tags }) => tags.includes(tag));
        const judge = (candidate) => (0,run_matching/* weakest */.hB)([(0,run_matching/* matchIdentity */.oD)(candidate, callerId), (0,run_matching/* matchRequest */.pd)(candidate, fingerprint)]);
        const matches = await judgeRuns(candidates, { pipelineId, judge }, deps, signal);
        const ignored = candidates.filter(({ id }) => !matches.some(({ candidate }) => candidate.id === id));
        warnOfIgnored(ignored, deps);
        const [match, second] = matches;
        if (match === undefined)
            continue;
        const { id } = match.candidate;
        const isCertain = match.match === "exact" && second === undefined;
        if (isCertain)
            return runs.find(({ candidate }) => candidate.id === id)?.run;
        throw ambiguousEarlierRun(matches);
    }
    await warnOfOtherRequests(search, deps, signal);
    return undefined;
}
async function judgeRuns(candidates, { pipelineId, judge }, deps, signal) {
    const matches = (0,find_started_run/* filterMatches */.wX)(candidates, judge);
    const detailed = matches.map(async ({ candidate, match }) => match === "exact" ? candidate : await (0,find_started_run/* withDetails */.FE)(candidate, pipelineId, deps, signal));
    return (0,find_started_run/* filterMatches */.wX)(await Promise.all(detailed), judge);
}
function warnOfIgnored(runs, { runner }) {
    if (runs.length === 0)
        return;
    const text = `These runs were ignored, since they differ from this step's request, although they have the tag of an earlier attempt:\n${(0,find_started_run/* describeRuns */._N)(runs)}`;
    runner.write([{ type: "warning", text }]);
}
function earlierAttempts(current) {
    return Array.from({ length: Math.min(current - 1, find_earlier_run_maxAttempts) }, (_, index) => current - 1 - index);
}
async function warnOfOtherRequests({ fingerprint, tagParts }, deps, signal) {
    const list = await deps.runLists
        .listRecent(fingerprint.pipelineId, { retryForMs: 10_000 }, signal)
        .catch((0,build_errors/* ignoreError */.FZ)("the list is only used for a warning"));
    signal.throwIfAborted();
    const stems = earlierAttempts(tagParts.attempt).map((attempt) => (0,rerun_tag/* rerunTagStem */.Yw)({ ...tagParts, attempt }));
    const isOfStep = (tag) => stems.some((stem) => tag.startsWith(stem) && !tag.slice(stem.length).includes(":")) &&
        !tag.endsWith(`:${tagParts.requestHash}`);
    warnOfIgnored(list?.candidates.filter(({ tags }) => tags.some(isOfStep)) ?? [], deps);
}
function ambiguousEarlierRun(matches) {
    const runs = matches.map(({ candidate }) => candidate);
    const isSingle = runs.length === 1;
    const reason = isSingle
        ? "It is unknown whether an earlier attempt of this step started this run, since Azure DevOps returned too little about it"
        : "An earlier attempt started several runs that all fit this step";
    return new build_errors/* ActionError */.lZ("start-unknown", `${reason}:\n${(0,find_started_run/* describeRuns */._N)(runs)}`, {
        hint: isSingle
            ? "Follow it with `run-id`, or start a new run with `on-rerun: new`."
            : "Set `rerun-key` to a different value in each step that starts this pipeline, and follow one of these runs with `run-id`.",
    });
}

;// CONCATENATED MODULE: ./build/app/retry-run.js










async function resumeEarlierRun(search, inputs, deps, signal) {
    const { projectRef } = inputs;
    const log = (type, text) => deps.runner.write([{ type, text }]);
    const run = await findEarlierRun(search, deps, signal);
    if (run === undefined) {
        log("text", "No run of an earlier attempt of this step was found. Starting a new one.");
        return undefined;
    }
    (0,run_target/* checkProject */.s)(projectRef, run.project);
    (0,app_outputs/* receiveRun */.V3)(externalRun(run), deps);
    const hasNotSucceeded = run.status === "completed" && run.result !== "succeeded";
    if (hasNotSucceeded && inputs.onRerun === "retry-failed") {
        const outcome = await requestRetry({ runId: run.id, isOwn: true }, inputs, deps, signal);
        if (outcome.kind === "rejected") {
            log("warning", `${run.name} of an earlier attempt cannot be retried. ${outcome.reason} Starting a new run.`);
            deps.outputs.set(app_outputs/* emptyRunOutputs */.N$);
            deps.stepState.setRun(undefined);
            return undefined;
        }
        if (outcome.kind === "retried") {
            for (const { stage, rejection } of outcome.rejected) {
                log("warning", `Stage ${stage} was not retried. ${rejection.message}`);
            }
            const adopted = await adoptRun(run, { projectRef, verb: "Retrying what failed in", isOwn: true }, deps, signal);
            return { ...adopted, staleResult: outcome.before };
        }
    }
    return await adoptRun(run, { projectRef, verb: "Following", origin: "from an earlier attempt", isOwn: false }, deps, signal);
}
async function retryFollowedRun(run, inputs, deps, signal) {
    const { runner } = deps;
    const outcome = await requestRetry({ runId: run.id, isOwn: false }, inputs, deps, signal);
    if (outcome.kind === "unnecessary")
        return run;
    if (outcome.kind === "rejected") {
        runner.write([{ type: "warning", text: `${run.name} cannot be retried. ${outcome.reason}` }]);
        return run;
    }
    const warnings = outcome.rejected.map(({ stage, rejection }) => ({
        type: "warning",
        text: `Stage ${stage} was not retried. ${rejection.message}`,
    }));
    runner.write([...warnings, { type: "text", text: `Retrying what failed in ${run.name}.` }]);
    return { ...run, staleResult: outcome.before };
}
async function requestRetry({ runId, isOwn }, inputs, deps, signal) {
    const { runs, stepState } = deps;
    const readRun = createRunReader(runs, runId);
    const before = await valueOrRejection(() => readRun(signal), signal);
    if (before instanceof build_errors/* ActionError */.lZ)
        return { kind: "rejected", reason: before.message };
    if (hasNothingToRetry(before, inputs))
        return { kind: "unnecessary" };
    const { phase } = stepState;
    const stages = failedStageNames(before.tree);
    const end = staleResultOf(before);
    stepState.setPhase({ at: "following", runId, isOwn, ...(!isOwn && { stages }) });
    const { rejected, accepted } = await retryStages(before, stages, { ...deps, readRun }, signal);
    const forbidden = rejected.find(({ rejection }) => rejection.code === "forbidden");
    if (isOwn && forbidden !== undefined)
        throw forbidden.rejection;
    const [first] = rejected;
    if (first === undefined)
        return { kind: "retried", before: end, rejected };
    const current = await valueOrRejection(() => readRun(signal), signal);
    if (accepted.length > 0 || hasChanged(before, current)) {
        return { kind: "retried", before: end, rejected: stillFailed(rejected, current) };
    }
    stepState.setPhase(phase);
    return { kind: "rejected", reason: first.rejection.message };
}
function hasNothingToRetry({ run, tree }, { successWhen }) {
    if (run.status !== "completed")
        return true;
    return (run.result === "partiallySucceeded" && (0,core_condition/* evaluateCondition */.F9)(successWhen, documentOf(run, tree, null)).holds);
}
function hasChanged(before, current) {
    if (current instanceof build_errors/* ActionError */.lZ)
        return false;
    return current.run.status !== "completed" || current.run.finishedAt !== before.run.finishedAt;
}
function stillFailed(rejected, current) {
    if (current instanceof build_errors/* ActionError */.lZ)
        return rejected;
    const failed = failedStageNames(current.tree);
    return rejected.filter(({ stage }) => failed.includes(stage));
}
async function valueOrRejection(work, signal) {
    try {
        return await work();
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof build_errors/* ActionError */.lZ && (error.code === "rejected" || error.code === "not-found"))
            return error;
        throw error;
    }
}
function failedStageNames(tree) {
    const stages = hasStages(tree) ? tree.stages : [];
    return stages.filter(retry_run_hasFailed).map(({ name }) => name);
}
function retry_run_hasFailed({ result, jobs }) {
    if (result === "skipped" || result === "manual")
        return false;
    return (result === "failed" ||
        result === "canceled" ||
        result === "abandoned" ||
        jobs.some((job) => job.result === "failed"));
}

;// CONCATENATED MODULE: ./build/app/loaded-later.js









/***/ }),

/***/ 8311:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E6: () => (/* binding */ reportTarget),
/* harmony export */   UO: () => (/* binding */ sourceOrigin),
/* harmony export */   cU: () => (/* binding */ notBuilt)
/* harmony export */ });
/* harmony import */ var _default_ref_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5138);

const mergeRef = /^refs\/pull\/\d+\/merge$/;
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
        const isOwnMerge = trigger.ref === ref && trigger.sha.toLowerCase() === commit.toLowerCase();
        if (isOwnMerge && trigger.pullRequest !== undefined)
            return { kind: "commit", sha: expected };
        return { kind: "merged-head", mergeCommit: commit, expected };
    }
    return { kind: "none", reason: notBuilt(prSourceSha ?? commit ?? "another commit", expected) };
}
function notBuilt(built, expected) {
    return `the run built ${built.slice(0, 12)}, not ${expected.slice(0, 12)}, which this workflow runs for`;
}


/***/ })

};
;