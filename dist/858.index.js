export const id = 858;
export const ids = [858];
export const modules = {

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


/***/ })

};
