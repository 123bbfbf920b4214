export const id = 568;
export const ids = [568];
export const modules = {

/***/ 8568:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   preview: () => (/* binding */ preview)
/* harmony export */ });
/* harmony import */ var _render_bookends_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(930);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7335);


/** Validates a request without starting anything. A module of its own: whoever starts a run has no use for it. */
async function preview({ pipelineId, pipelineName, body, source }, { inputs, means }, signal) {
    const { host, outputs, pipelines } = means;
    const { organization, project } = inputs.place;
    const pipeline = pipelineName ?? "pipeline";
    host.write([(0,_render_bookends_js__WEBPACK_IMPORTED_MODULE_0__/* .headLine */ .jR)({ organization: organization.name, project, pipeline, pipelineId, ...source })]);
    outputs.tell({ "final-yaml": await pipelines.preview(pipelineId, body, signal) });
    host.write([
        { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
    ]);
    const what = { project, pipeline: pipelineName ?? `pipeline ${pipelineId}`, source };
    if (inputs.summary)
        await means.host.summarize(() => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .previewSummary */ .tq)(what));
}


/***/ })

};
