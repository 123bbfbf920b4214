export const id = 568;
export const ids = [568];
export const modules = {

/***/ 8568:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   preview: () => (/* binding */ preview)
/* harmony export */ });
/* harmony import */ var _render_run_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8182);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6695);


/** Validates a request without starting anything. A module of its own: whoever starts a run has no use for it. */
async function preview({ pipelineId, pipelineName, body, source }, { inputs, deps }, signal) {
    const { runner, outputs, pipelines } = deps;
    const { organization, project } = inputs.projectRef;
    const pipeline = pipelineName ?? "pipeline";
    runner.write([(0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_0__/* .headerLine */ .iH)({ organization: organization.name, project, pipeline, pipelineId, ...source })]);
    outputs.set({ "final-yaml": await pipelines.preview(pipelineId, body, signal) });
    runner.write([
        { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
    ]);
    const details = { project, pipeline: pipelineName ?? `pipeline ${pipelineId}`, source };
    if (inputs.summary)
        await deps.runner.addSummary(() => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .previewSummary */ .tq)(details));
}


/***/ })

};
