export const id = 655;
export const ids = [655];
export const modules = {

/***/ 8655:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   reportFoundRun: () => (/* binding */ reportFoundRun),
/* harmony export */   reportInterruptedRun: () => (/* binding */ reportInterruptedRun)
/* harmony export */ });
/* harmony import */ var _core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1598);
/* harmony import */ var _core_run_document_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(233);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _render_run_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8182);
/* harmony import */ var _annotate_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2470);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5802);
/* harmony import */ var _step_summary_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1225);
/* harmony import */ var _track_run_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(5633);








/** Writes outputs and summary, and closes check run and status, for a run whose end the step did not see. */
async function reportInterruptedRun(verdict, { snapshot, tracking }, signal) {
    if (snapshot === undefined)
        return await tracking.reports.closeUnpolled(verdict, signal);
    // An error that follows the final report adds nothing to it.
    if (tracking.deps.stepState.isFinalized)
        return;
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_5__/* .setAllOutputs */ .u8)(snapshot.document, tracking);
    await (0,_annotate_js__WEBPACK_IMPORTED_MODULE_4__/* .annotate */ .f)(snapshot, tracking);
    await (0,_step_summary_js__WEBPACK_IMPORTED_MODULE_6__/* .publishSummary */ .Iv)(snapshot, { verdict }, tracking, signal).catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ignoreError */ .FZ)("the time is up, and the post step closes the check run"));
}
/** Writes the log line of a run that was found only as the step was cut off, and prepares its outputs and summary. */
async function reportFoundRun(found, context) {
    const { runner, clock, stepState } = context.deps;
    runner.write([(0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_3__/* .runLine */ .u_)("Started", found)]);
    const { id, name, url, ref, commit } = found;
    const details = { pipelineName: null, source: { ref, commit }, requestedBy: null, raw: null };
    const tracked = { id, name, url, ...details, isExternal: false };
    const run = factsOf(found);
    const tree = (0,_core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .buildRunTree */ .u)(new Map());
    stepState.setSnapshot({ run, tree, document: (0,_core_run_document_js__WEBPACK_IMPORTED_MODULE_1__/* .documentOf */ .l)(run, tree, null), at: clock.now() });
    context.onTracking(await (0,_track_run_js__WEBPACK_IMPORTED_MODULE_7__/* .createTrackingContext */ .T)(tracked, context, clock.now()));
}
/** As the list of runs has it. */
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


/***/ })

};
