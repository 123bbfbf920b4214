"use strict";
exports.id = 69;
exports.ids = [69];
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


/***/ })

};
;