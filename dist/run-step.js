export const id = 296;
export const ids = [296];
export const modules = {

/***/ 4311:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i9: () => (/* binding */ attachToRun),
/* harmony export */   kG: () => (/* binding */ adoptRun),
/* harmony export */   sh: () => (/* binding */ checkProject)
/* harmony export */ });
/* harmony import */ var _core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1598);
/* harmony import */ var _core_model_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1295);
/* harmony import */ var _core_run_document_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(233);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _render_run_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8182);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5802);






/** Follows a run that another started, provided that it is the one that the inputs describe. */
async function attachToRun({ runId, expected, projectRef }, deps, signal) {
    const run = await deps.runs.get(runId, { retryForMs: 60_000 }, signal);
    checkProject(projectRef, run.project);
    checkExpectedRun(run, expected);
    return await adoptRun(run, { projectRef, verb: "Following", isOwn: false }, deps, signal);
}
/** What the run does not say is taken for a difference: its id may come from outside. */
function checkExpectedRun(run, { pipeline, ref, commit }) {
    const { source } = run;
    const differences = [
        pipeline && pipelineDifference(run.pipeline, pipeline),
        ref === undefined || source.ref === ref ? undefined : { name: "ref", actual: source.ref, stated: ref },
        commit === undefined || source.commit?.toLowerCase().startsWith(commit.toLowerCase())
            ? undefined
            : { name: "commit", actual: source.commit, stated: commit },
    ].filter((difference) => difference !== undefined);
    const [first] = differences;
    if (first === undefined)
        return;
    const problems = differences.map(({ name, actual, stated }) => actual === null
        ? `${name}: run ${run.id} cannot be compared with ${stated}, since the service does not say what it has.`
        : `${name}: run ${run.id} has ${actual}, not ${stated}.`);
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("bad-input", problems.join("\n"), {
        hint: `Correct \`run-id\` or \`${first.name}\`.`,
    });
}
function pipelineDifference(actual, choice) {
    if (choice.by === "id") {
        if (actual.id === choice.id)
            return undefined;
        return { name: "pipeline-id", actual: actual.id?.toString() ?? null, stated: String(choice.id) };
    }
    const { name, folder } = choice;
    if (actual.name === name && (folder === undefined || isSameFolder(actual.folder, folder)))
        return undefined;
    const display = (pipelineFolder, pipelineName) => folder === undefined ? pipelineName : `${pipelineFolder?.replace(/\\$/, "") ?? ""}\\${pipelineName}`;
    return {
        name: "pipeline-name",
        actual: actual.name === null ? null : display(actual.folder, actual.name),
        stated: display(folder ?? null, name),
    };
}
function isSameFolder(actual, expected) {
    const normalize = (folder) => folder.split("\\").filter(Boolean).join("\\").toLowerCase();
    return actual !== null && normalize(actual) === normalize(expected);
}
/** Saves and reports which run the step follows from now on. */
async function adoptRun(run, { projectRef, verb, origin, isOwn }, { runner, outputs, runs, stepState, jobRuns }, signal) {
    const { id, url, source, pipeline } = run;
    stepState.setPhase({ at: "following", runId: id, isOwn });
    jobRuns.addReceived(id);
    outputs.set((0,_outputs_js__WEBPACK_IMPORTED_MODULE_4__/* .startOutputs */ .HK)({ ...run, commit: source.commit }));
    // A retry has just changed the rest.
    if (!isOwn)
        outputs.set((0,_outputs_js__WEBPACK_IMPORTED_MODULE_4__/* .snapshotOutputs */ .bH)((0,_core_run_document_js__WEBPACK_IMPORTED_MODULE_1__/* .documentOf */ .l)(run, (0,_core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .buildRunTree */ .u)(new Map()), null)));
    runner.write([
        (0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_3__/* .headerLine */ .iH)({
            organization: projectRef.organization.name,
            project: projectRef.project,
            pipeline: pipeline.name ?? "pipeline",
            pipelineId: pipeline.id,
            ...source,
        }),
        (0,_render_run_text_js__WEBPACK_IMPORTED_MODULE_3__/* .runLine */ .u_)(verb, run, origin),
    ]);
    // Only conditions and mappings use it.
    const response = pipeline.id === null
        ? undefined
        : await runs.getStarted(pipeline.id, id, signal).catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ignoreError */ .FZ)("conditions then see no `raw.run`"));
    signal.throwIfAborted();
    const { name, requestedBy } = run;
    const details = { pipelineName: pipeline.name, source, requestedBy };
    return { id, name, url, ...details, raw: response?.raw ?? null, isExternal: true };
}
/** If one of `project` and `url` has the project's name and the other its GUID, a response says whether they agree. */
function checkProject({ statedProject }, project) {
    if (statedProject === undefined || project === undefined || (0,_core_model_js__WEBPACK_IMPORTED_MODULE_5__/* .matchesProject */ .l)(statedProject, project))
        return;
    const actual = [project.name, project.id].filter((name) => name !== null).join(", ");
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("bad-input", `project: ${statedProject} contradicts the input \`url\`, whose project is ${actual}.`, { hint: "Correct `project`, or take it out: `url` says it already." });
}


/***/ }),

/***/ 3596:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AN: () => (/* binding */ cancelStages),
/* harmony export */   BH: () => (/* binding */ tryGetRun),
/* harmony export */   Ir: () => (/* binding */ findDuplicates),
/* harmony export */   PT: () => (/* binding */ cancelDuplicates),
/* harmony export */   Su: () => (/* binding */ cancelRun),
/* harmony export */   _X: () => (/* binding */ doubtfulDuplicates),
/* harmony export */   eN: () => (/* binding */ stagesAsSubject),
/* harmony export */   pj: () => (/* binding */ cancelAsConfigured)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);
/* harmony import */ var _lib_retry_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1374);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4869);
/* harmony import */ var _find_started_run_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(885);




/** Asks Azure DevOps to cancel a run. What goes wrong is a result, not an exception. */
async function cancelRun(runId, { request, maxAttempts = 1 }, { runs, clock }, signal) {
    const cancel = async () => {
        try {
            await runs.cancel(runId, request, signal);
            return { kind: "cancelled" };
        }
        catch (error) {
            // The service also refuses to cancel a run that has ended.
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
/**
 * Cancels a run that shows up late, after the start had to be asked for again. What cannot be cancelled, or may be
 * somebody else's, is a warning: the step goes on with its run.
 */
async function cancelDuplicates(search, runId, deps, signal) {
    await deps.clock.sleep(1_000, signal);
    const { certain, doubtful } = await findDuplicates(search, runId, deps, signal);
    signal.throwIfAborted();
    for (const duplicate of certain)
        await cancelDuplicate(duplicate, deps, signal);
    if (doubtful.length > 0)
        deps.runner.write([doubtfulDuplicates(doubtful)]);
}
/** The other runs of a start that had to be asked for again, as far as the list shows them. */
async function findDuplicates(search, runId, deps, signal) {
    const found = await (0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .findCandidates */ .eE)(search, deps, signal).catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ignoreError */ .FZ)("a duplicate that cannot be searched for must not end the step"));
    const others = (found?.matches ?? []).filter(({ candidate }) => candidate.id !== runId);
    const certain = (0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .exactMatches */ .Nk)(others, search.attempts - 1);
    return { certain, doubtful: certain.length > 0 ? [] : others.map(({ candidate }) => candidate) };
}
function doubtfulDuplicates(runs) {
    const text = `An earlier request may have started one of these runs too. None was cancelled, since they may be somebody else's:\n${(0,_find_started_run_js__WEBPACK_IMPORTED_MODULE_2__/* .describeRuns */ ._N)(runs)}`;
    return { type: "warning", text };
}
async function cancelDuplicate({ id, name, url, status }, deps, signal) {
    const { runner } = deps;
    const message = `An earlier request had started ${name} after all`;
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
/** For `on-timeout: cancel` and `on-stop: cancel`: asks for the cancellation, and doesn't wait for it to finish. */
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
/** Cancels stages that this step started or retried in a run that it did not start. Rejects if one can't be cancelled. */
async function cancelStages({ runId, stages }, { stages: api, request }, signal) {
    const cancel = (stage) => api.update(runId, { stage, state: "cancel" }, request, signal);
    const results = await Promise.allSettled(stages.map(cancel));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined)
        throw failed.reason;
}
/** `Stage Deploy` with `was`, or `Stages Deploy and Smoke` with `were`. */
function stagesAsSubject(stages) {
    const isSingle = stages.length === 1;
    return { subject: `${isSingle ? "Stage" : "Stages"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .listed */ .KE)(stages)}`, was: isSingle ? "was" : "were" };
}


/***/ }),

/***/ 4565:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  z: () => (/* binding */ readMaskedInputs)
});

// EXTERNAL MODULE: ./build/inputs/fields.js + 2 modules
var fields = __webpack_require__(8010);
// EXTERNAL MODULE: ./build/core/condition.js + 1 modules
var core_condition = __webpack_require__(4217);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __webpack_require__(2696);
// EXTERNAL MODULE: ./build/core/expression.js
var core_expression = __webpack_require__(8406);
// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __webpack_require__(9508);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/core/model.js
var model = __webpack_require__(1295);
// EXTERNAL MODULE: ./build/inputs/organization-url.js
var organization_url = __webpack_require__(5257);
;// CONCATENATED MODULE: ./build/inputs/run-target.js


const defaultFindTimeoutMs = 5 * 60_000;
/** Reads project and target from the separate inputs or from a pasted URL; mistakes are added to `problems`. */
function resolveTarget(given, problems) {
    const problemCount = problems.length;
    const hasProblem = (...names) => problems.some((problem) => names.some((name) => problem.startsWith(`${name}:`)));
    problems.push(...conflictingInputs(given));
    const organization = given.url?.organization ?? given.organization;
    const project = given.url?.project ?? given.project;
    if (!organization && !hasProblem("organization", "url"))
        problems.push("organization: is missing");
    if (!project && !hasProblem("project", "url"))
        problems.push("project: is missing");
    if (project === "." || project === "..")
        problems.push(`project: "${project}" is not a project name`);
    const pipeline = pipelineChoice(given);
    if (pipeline?.by === "name" && pipeline.name === "")
        problems.push(`pipeline-name: "${given.pipelineName}" is a folder; the pipeline's name is missing`);
    const target = targetOf(given, pipeline);
    if (target === undefined && !hasProblem("pipeline-id", "pipeline-name", "run-id", "url"))
        problems.push(missingPipeline(given));
    problems.push(...misplacedInputs(given, hasProblem("find-run")));
    if (problems.length > problemCount || !organization || !project || !target)
        return undefined;
    const statedProject = given.project !== undefined && (0,model/* isGuid */.W)(given.project) !== (0,model/* isGuid */.W)(project) ? given.project : undefined;
    return { projectRef: { organization, project, statedProject }, target };
}
function pipelineChoice({ url, pipelineName, ...given }) {
    const id = given.pipelineId ?? url?.pipelineId;
    if (id !== undefined)
        return { by: "id", id };
    if (pipelineName === undefined)
        return undefined;
    const path = pipelineName.replaceAll("/", "\\");
    const separator = path.lastIndexOf("\\");
    const folder = separator < 0 ? undefined : `\\${path.slice(0, separator).replace(/^\\+|\\+$/g, "")}`;
    return { by: "name", folder, name: path.slice(separator + 1) };
}
function runIdOf({ url, runId }) {
    return url?.runId ?? runId;
}
function targetOf(given, pipeline) {
    const { ref, commit, stagesToStart = [] } = given;
    const runId = runIdOf(given);
    if (runId !== undefined)
        return { kind: "follow", runId, expected: { pipeline, ref, commit }, stagesToStart };
    if (pipeline === undefined)
        return undefined;
    if (given.findRun === undefined)
        return { kind: "start", pipeline };
    const ifNotFound = given.ifNotFound ?? "fail";
    const timeoutMs = given.findTimeoutMs ?? (ifNotFound === "start" ? 0 : defaultFindTimeoutMs);
    const search = { by: given.findRun, ref, commit, when: given.findWhen, timeoutMs, ifNotFound };
    return { kind: "find", pipeline, search, stagesToStart };
}
function missingPipeline({ findRun }) {
    return findRun === undefined
        ? "pipeline-id: is missing; set it, or `pipeline-name`, `url` or `run-id`"
        : "find-run: needs `pipeline-id`, `pipeline-name` or the `url` of a pipeline";
}
function conflictingInputs({ url, ...given }) {
    const conflicts = [];
    if (given.pipelineName !== undefined && (given.pipelineId ?? url?.pipelineId) !== undefined) {
        conflicts.push(`pipeline-name: set either it or \`${given.pipelineId === undefined ? "url" : "pipeline-id"}\``);
    }
    if (url === undefined)
        return conflicts;
    const compare = (name, inputValue, urlValue) => {
        if (inputValue !== undefined && urlValue !== undefined && inputValue !== urlValue) {
            conflicts.push(`${name}: ${inputValue} contradicts the input \`url\`, which says ${urlValue}`);
        }
    };
    if (given.organization !== undefined && !(0,organization_url/* isSameOrganization */.Ce)(given.organization, url.organization)) {
        compare("organization", given.organization.base, url.organization.base);
    }
    if (!isSameProject(given.project, url.project))
        compare("project", given.project, url.project);
    compare("pipeline-id", given.pipelineId, url.pipelineId);
    compare("run-id", given.runId, url.runId);
    return conflicts;
}
/** A name and a GUID may be the same project; only the service can tell. */
function isSameProject(a, b) {
    return a === undefined || (0,model/* isGuid */.W)(a) !== (0,model/* isGuid */.W)(b) || a.toLowerCase() === b.toLowerCase();
}
/** Inputs that do not apply to what the step is about. `isFindRunInvalid`: whether to search is not known. */
function misplacedInputs(given, isFindRunInvalid) {
    const stagesToStart = given.stagesToStart?.length ? given.stagesToStart : undefined;
    if (runIdOf(given) !== undefined) {
        return [
            ...rejectEach({ ...startInputs(given), "on-rerun": given.onRerun === "attach" ? given.onRerun : undefined }, "applies only to starting a run, and this step follows one"),
            ...rejectEach({ "find-run": given.findRun, ...findInputs(given) }, `cannot be combined with ${given.url?.runId === undefined ? "`run-id`" : "the `url` of a run"}, which says which run to follow`),
        ];
    }
    if (given.findRun !== undefined)
        return misplacedInSearch(given);
    if (isFindRunInvalid)
        return [];
    return [
        ...rejectEach(findInputs(given), "applies only with `find-run`"),
        ...rejectEach({ "stages-to-start": stagesToStart }, "applies only to a run that exists: set `run-id`, the `url` of a run, or `find-run`"),
    ];
}
function misplacedInSearch(given) {
    const { preview, ...otherStartInputs } = startInputs(given);
    const { findRun, commit } = given;
    return [
        ...rejectEach({ preview }, "cannot be combined with `find-run`"),
        ...(given.ifNotFound === "start"
            ? []
            : rejectEach(otherStartInputs, "applies only to starting a run, and this step searches for one; remove it, or set `if-not-found: start`")),
        ...(findRun === "commit" && commit !== undefined && !isWholeHash(commit)
            ? [`commit: \`find-run: commit\` needs the whole hash (40 digits), got "${commit}"`]
            : []),
    ];
}
function isWholeHash(commit) {
    return commit.length === 40 || commit.length === 64;
}
/** Inputs that make sense only for a run that is started. */
function startInputs(given) {
    return {
        parameters: given.parameters,
        variables: given.variables,
        "secret-variables": given.secretVariables,
        "stages-to-skip": given.stagesToSkip,
        resources: given.resources,
        "request-body": given.requestBody,
        preview: given.preview || undefined,
    };
}
function findInputs(given) {
    return {
        "find-when": given.findWhen,
        "find-timeout": given.findTimeoutMs,
        "if-not-found": given.ifNotFound === "fail" ? undefined : given.ifNotFound,
    };
}
function rejectEach(inputs, reason) {
    return Object.entries(inputs).flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${reason}`]);
}

;// CONCATENATED MODULE: ./build/inputs/inputs.js







/** Reads every input before it throws, so that one run of the workflow shows every mistake. */
async function readInputs(get) {
    const problems = [];
    const warnings = [];
    const values = await (0,fields/* readValues */.N$)(get, { problems, warnings });
    const resolved = resolveTarget(values, problems);
    const credentialConfig = parseCredentials(values, problems);
    if (credentialConfig?.kind === "azure-devops-oauth") {
        warnings.push("auth: `azure-devops-oauth` is deprecated, and Microsoft removes it in 2026; sign in with Microsoft Entra ID instead (`github-oidc`, say)");
    }
    checkCombinations(values, problems);
    const mapOutputs = await compileMappedOutputs(values.mapOutputs ?? {}, problems);
    if (problems.length > 0 || resolved === undefined || credentialConfig === undefined)
        throw inputError(problems);
    // Every field with a default is set, or there was a problem.
    const { findRun, findWhen, findTimeoutMs, ifNotFound, stagesToStart, retries, retryWhen, ...others } = values;
    const retryPolicy = { maxRetries: retries, when: retryWhen };
    return { ...others, ...resolved, credentialConfig, retryPolicy, mapOutputs, warnings };
}
function parseCredentials({ auth, ...values }, problems) {
    // With an invalid `auth` it is not known what else is needed.
    const result = auth === undefined
        ? { problems: (0,credentials/* validateSignInInputs */.Ke)(values) }
        : (0,credentials/* parseCredentialConfig */.lR)({ ...values, auth });
    if ("config" in result)
        return result.config;
    problems.push(...problemsOfOtherInputs(result.problems, problems));
    return undefined;
}
/** Drops problems about inputs that could not be read: they are not missing as well. */
function problemsOfOtherInputs(problems, knownProblems) {
    const inputName = (problem) => problem.split(":")[0] ?? "";
    const knownNames = new Set(knownProblems.map(inputName));
    return problems.filter((problem) => !knownNames.has(inputName(problem)));
}
function checkCombinations(values, problems) {
    // The service ignores the case of names.
    const variableNames = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
    for (const name of Object.keys(values.secretVariables ?? {})) {
        if (variableNames.has(name.toLowerCase())) {
            problems.push(`secret-variables: "${name}" is also in \`variables\``);
        }
    }
    const hasDefaultStopWhen = values.stopWhen === undefined || (0,core_condition/* isDefaultCondition */.zK)(values.stopWhen);
    // An invalid `stop-when` is one of the user's own.
    if (values.onStop === "cancel" && hasDefaultStopWhen && !hasProblem(problems, "stop-when"))
        problems.push("on-stop: `cancel` needs a `stop-when` that ends the wait before the run is completed");
    if (values.wait === false)
        problems.push(...inputsAboutTheWait(values));
}
/** Inputs that need a wait: with `wait: false` the step returns before they could apply. */
function inputsAboutTheWait(values) {
    const unlessDefault = (condition) => condition === undefined || (0,core_condition/* isDefaultCondition */.zK)(condition) ? undefined : condition;
    const inputs = {
        "stop-when": unlessDefault(values.stopWhen),
        "success-when": unlessDefault(values.successWhen),
        "on-stop": values.onStop === "leave" ? undefined : values.onStop,
        "queue-timeout": values.queueTimeoutMs,
        retries: values.retries === 0 ? undefined : values.retries,
        "retry-when": values.retryWhen,
        "outputs-artifact": values.outputsArtifact,
        "download-artifacts": values.downloadArtifacts,
    };
    return Object.entries(inputs).flatMap(([name, value]) => value === undefined ? [] : [`${name}: needs \`wait: true\`, since the step does not wait for the run`]);
}
function hasProblem(problems, name) {
    return problems.some((problem) => problem.startsWith(`${name}:`));
}
async function compileMappedOutputs(mapping, problems) {
    const outputs = [];
    const usedNames = new Set();
    for (const [name, expression] of Object.entries(mapping)) {
        try {
            (0,output_values/* checkOutputName */.tq)(name);
            if (usedNames.has(name.toLowerCase()))
                throw new Error("GitHub ignores the case of output names, and this one is used twice");
            usedNames.add(name.toLowerCase());
            outputs.push({ name, evaluate: await (0,core_expression/* compile */.w)(expression) });
        }
        catch (error) {
            problems.push(`map-outputs: ${name}: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    return outputs;
}
function inputError(problems) {
    return new errors/* ActionError */.lZ("bad-input", problems.join("\n"), { hint: "Correct the step's `with:` block." });
}

;// CONCATENATED MODULE: ./build/app/context.js


/** Reads the inputs, and masks the secrets among them first. Main and post step mask the same. */
async function readMaskedInputs({ runner, input }) {
    for (const name of fields/* secretInputs */._y)
        runner.mask(input(name));
    const inputs = await readInputs(input);
    for (const secret of Object.values(inputs.secretVariables ?? {}))
        runner.mask(secret);
    return inputs;
}


/***/ }),

/***/ 885:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FE: () => (/* binding */ withDetails),
/* harmony export */   FN: () => (/* binding */ withDefaultRef),
/* harmony export */   Nk: () => (/* binding */ exactMatches),
/* harmony export */   _N: () => (/* binding */ describeRuns),
/* harmony export */   eE: () => (/* binding */ findCandidates),
/* harmony export */   wX: () => (/* binding */ filterMatches)
/* harmony export */ });
/* harmony import */ var _core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5275);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9473);


/** For one read of the service's list. Milliseconds. */
const searchRetryMs = 60_000;
/** Runs that are, or may be, what this start has started. */
async function findCandidates(search, { pipelines, runLists, clock, jobRuns, retryOptions = { retryForMs: searchRetryMs } }, signal) {
    const { pipelineId, startedAt } = search;
    const [recent, fingerprint] = await Promise.all([
        runLists.listRecent(pipelineId, retryOptions, signal),
        withDefaultRef(search.fingerprint, pipelines, signal),
    ]);
    const window = matchWindow(recent, { startedAt, listedAt: clock.now() }, jobRuns.receivedIds());
    const { candidates, isComplete } = recent;
    if (!isComplete && !candidates.some((candidate) => (0,_core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__/* .isBeforeStart */ .Im)(candidate, window)))
        throw tooManyRuns(pipelines, pipelineId);
    const judge = (candidate) => (0,_core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__/* .matchStart */ .OV)(candidate, fingerprint, window);
    return { matches: filterMatches(candidates, judge), judge };
}
function filterMatches(candidates, judge) {
    return candidates.flatMap((candidate) => {
        const match = judge(candidate);
        return match === "none" ? [] : [{ candidate, match }];
    });
}
/** One run a line, for a message. */
function describeRuns(runs) {
    return runs.map(({ name, url }) => `${name}: ${url}`).join("\n");
}
/** The default branch tells runs apart where no ref was requested. It is only read when a run is searched for. */
async function withDefaultRef(fingerprint, pipelines, signal) {
    if (fingerprint.ref !== undefined)
        return fingerprint;
    const definition = await pipelines
        .get(fingerprint.pipelineId, signal)
        .catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ignoreError */ .FZ)("an unknown default branch is a doubt, which the search reports"));
    signal.throwIfAborted();
    return { ...fingerprint, ref: definition?.defaultRef };
}
/** The runs of at most so many requests. None if a doubt remains: any of them may be somebody else's. */
function exactMatches(matches, requests) {
    const isCertain = matches.length <= requests && matches.every(({ match }) => match === "exact");
    return isCertain ? matches.map(({ candidate }) => candidate) : [];
}
/** A candidate with what only Get Run says about it, if the list says too little. */
async function withDetails(candidate, pipelineId, { runs }, signal) {
    const run = await runs
        .getStarted(pipelineId, candidate.id, signal)
        .catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ignoreError */ .FZ)("what the list says is judged then"));
    signal.throwIfAborted();
    return run === undefined ? candidate : (0,_core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__/* .withRunDetails */ .uq)(candidate, run.raw);
}
/** Both clocks count: either may be wrong. The service's `Date` has whole seconds. */
function matchWindow({ serviceTime, callerId }, { startedAt, listedAt }, receivedIds) {
    const runnerClock = { startedAt, listedAt, toleranceMs: 100 };
    const serviceClock = serviceTime !== undefined && {
        startedAt: serviceTime - (listedAt - startedAt),
        listedAt: serviceTime,
        toleranceMs: 1_000,
    };
    return { clocks: serviceClock ? [runnerClock, serviceClock] : [runnerClock], callerId, receivedIds };
}
/** Our run may be further down than the list goes. */
function tooManyRuns(pipelines, pipelineId) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ("start-unknown", "More runs were started since then than Azure DevOps lists at once.", { hint: `Look at ${pipelines.url(pipelineId)} before you run this step again.` });
}


/***/ }),

/***/ 5802:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bf: () => (/* binding */ createSnapshotOutputWriter),
/* harmony export */   HK: () => (/* binding */ startOutputs),
/* harmony export */   N$: () => (/* binding */ emptyRunOutputs),
/* harmony export */   bH: () => (/* binding */ snapshotOutputs),
/* harmony export */   lk: () => (/* binding */ createOutputs),
/* harmony export */   u8: () => (/* binding */ setAllOutputs)
/* harmony export */ });
/* harmony import */ var _core_output_values_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9508);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9473);


function createOutputs(runner) {
    const written = new Map();
    return {
        set: (values) => {
            const texts = Object.entries(values).map(([name, value]) => [name, (0,_core_output_values_js__WEBPACK_IMPORTED_MODULE_0__/* .outputText */ .jO)(value)]);
            const changed = texts.filter(([name, text]) => written.get(name) !== text);
            for (const [name, text] of changed) {
                written.set(name, text);
                runner.setOutput(name, text);
            }
            return changed.length > 0;
        },
    };
}
function startOutputs({ id, name, url, commit, }) {
    return { "run-id": id, "run-name": name, "run-url": url, ...(commit !== null && { commit }) };
}
/** Clears the outputs about a run that the step does not follow after all. */
const emptyRunOutputs = { "run-id": "", "run-name": "", "run-url": "", commit: "" };
/** Outputs that may change with each poll and are small. */
function snapshotOutputs(document) {
    return {
        "run-id": document.id,
        "run-name": document.name,
        "run-url": document.url,
        status: document.status,
        result: document.result,
        commit: document.source.commit,
        attempt: document.attempt,
        "queue-seconds": document.queueSeconds,
        "run-seconds": document.runSeconds,
    };
}
const firstLargeOutputDelayMs = 30_000;
const maxLargeOutputDelayMs = 10 * 60_000;
/**
 * Writes the outputs at every poll, so that a step that is killed leaves them behind. Large ones are written at the first
 * poll and then less and less often, since each write adds to the job's file.
 */
function createSnapshotOutputWriter(outputs, mapOutputs, clock) {
    let dueAt = clock.now();
    let delayMs = firstLargeOutputDelayMs;
    return (document) => {
        outputs.set(snapshotOutputs(document));
        if (clock.now() < dueAt)
            return;
        const { values } = evaluateMappedOutputs(mapOutputs, document);
        if (!outputs.set({ ...largeOutputs(document), ...values }))
            return;
        dueAt = clock.now() + delayMs;
        delayMs = Math.min(2 * delayMs, maxLargeOutputDelayMs);
    };
}
/** Writes every output of the run's present state, and warns about each mapped output that can't be evaluated. */
function setAllOutputs(document, { inputs, deps: { outputs, runner }, }) {
    const { values, problems } = evaluateMappedOutputs(inputs.mapOutputs, document);
    const emptyValues = Object.fromEntries(problems.map(({ name }) => [name, ""]));
    outputs.set({ ...snapshotOutputs(document), ...largeOutputs(document), ...values, ...emptyValues });
    runner.write(problems.map(({ name, reason }) => ({
        type: "warning",
        text: `map-outputs: ${name} could not be evaluated: ${reason}`,
    })));
}
function largeOutputs(document) {
    return { stages: document.stages, run: document };
}
function evaluateMappedOutputs(mapOutputs, document) {
    const values = [];
    const problems = [];
    for (const { name, evaluate } of mapOutputs) {
        try {
            values.push([name, evaluate(document)]);
        }
        catch (error) {
            problems.push({ name, reason: (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .reasonOf */ .A3)(error) });
        }
    }
    return { values: Object.fromEntries(values), problems };
}


/***/ }),

/***/ 6772:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BC: () => (/* binding */ retryFailedAttempt),
/* harmony export */   bs: () => (/* binding */ hasStageRecords),
/* harmony export */   oR: () => (/* binding */ onlyNamed),
/* harmony export */   pN: () => (/* binding */ failedStages),
/* harmony export */   qJ: () => (/* binding */ retryStages)
/* harmony export */ });
/* harmony import */ var _core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1598);
/* harmony import */ var _core_condition_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4217);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4869);
/* harmony import */ var _stage_requests_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1669);





/** Asks for each of these stages again. Rejects only with what is no refusal: an outage, a token that is refused. */
async function retryStages({ run, records }, stages, deps, signal) {
    const before = { run, tree: (0,_core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .buildRunTree */ .u)(records) };
    const rejected = [];
    for (const stage of stages) {
        const update = { stage, state: "retry" };
        const rejection = await (0,_stage_requests_js__WEBPACK_IMPORTED_MODULE_4__/* .requestStage */ .mu)(run.id, update, { ...deps, before }, signal);
        if (rejection !== undefined)
            rejected.push({ stage, rejection });
    }
    const isUnsupported = rejected.length === stages.length && rejected.every(({ rejection }) => rejection.code === "not-found");
    if (!isUnsupported)
        return { accepted: stages.filter((stage) => !rejected.some((item) => item.stage === stage)), rejected };
    // Without stages, or on a server that has no address for them, the run is retried as a whole.
    const rejection = await refusalOf(() => deps.runs.retry(run.id, signal), signal);
    // An earlier request whose answer was lost may have been carried out.
    const isRetried = rejection === undefined || (await deps.readRun(signal)).run.status !== "completed";
    return isRetried
        ? { accepted: [run.name], rejected: [] }
        : { accepted: [], rejected: [{ stage: run.name, rejection }] };
}
/** What the service refuses, as a value. */
async function refusalOf(work, signal) {
    try {
        await work();
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ && (0,_stage_requests_js__WEBPACK_IMPORTED_MODULE_4__/* .isRefusal */ .vu)(error))
            return error;
        throw error;
    }
}
/** Whether the timeline has stages that the service knows: a classic run has none. */
function hasStageRecords(records) {
    return [...records.values()].some(({ type }) => type === "Stage");
}
/**
 * Stages that failed by themselves. A job that the service ended with an issue of its own (time limit, lost agent, no
 * machine) has failed too; one that somebody cancelled has not.
 */
function failedStages({ stages }) {
    return stages.filter(({ result, issues, jobs }) => {
        if (result === "canceled")
            return hasOwnError(issues) || jobs.some(hasJobFailed);
        return result === "failed" || result === "abandoned";
    });
}
function hasJobFailed({ result, issues }) {
    return result === "failed" || result === "abandoned" || (result === "canceled" && hasOwnError(issues));
}
function hasOwnError(issues) {
    return issues.some(({ severity }) => severity === "error");
}
/** Those of the stages that are named; all without names. */
function onlyNamed(tree, names) {
    if (names.length === 0)
        return tree;
    return { stages: names.flatMap((name) => (0,_stage_requests_js__WEBPACK_IMPORTED_MODULE_4__/* .findStage */ .U9)(tree, name) ?? []) };
}
/** Retries the failed stages of a run that would fail the step, as `retries` says. Returns whether any was. */
async function retryFailedAttempt({ result, stages, attempt }, { inputs, deps, logs }, signal) {
    const { run, tree, document, end } = result;
    const hasEnded = run.status === "completed" || stages.length > 0;
    if (end !== "reached" || !hasEnded)
        return false;
    const verdict = (0,_core_condition_js__WEBPACK_IMPORTED_MODULE_1__/* .evaluateCondition */ .F9)(inputs.successWhen, document);
    if (verdict.holds || verdict.isNull || verdict.problem !== undefined)
        return false;
    const { when, maxRetries } = inputs.retryPolicy;
    if (when !== undefined && !(0,_core_condition_js__WEBPACK_IMPORTED_MODULE_1__/* .evaluateCondition */ .F9)(when, document).holds)
        return false;
    const failed = failedStages(onlyNamed(tree, stages));
    if (failed.length === 0)
        return false;
    const { runner, runs, stepState } = deps;
    const readRun = (0,_stage_requests_js__WEBPACK_IMPORTED_MODULE_4__/* .createRunReader */ .PL)(runs, run.id);
    const before = await readRun(signal);
    // From the request on there may be something to cancel.
    stepState.setSnapshot((0,_stage_requests_js__WEBPACK_IMPORTED_MODULE_4__/* .reopenedSnapshot */ .JK)(result));
    // Somebody else was quicker.
    if (before.run.status !== "completed" && run.status === "completed")
        return true;
    const names = hasStageRecords(before.records) ? failed.map(({ name }) => name) : [];
    const { phase } = stepState;
    if (phase.at === "following" && !phase.isOwn)
        stepState.setPhase({ ...phase, stages: [...new Set([...(phase.stages ?? []), ...names])] });
    const { accepted, rejected } = await retryStages(before, names, { ...deps, readRun }, signal);
    for (const { stage, rejection } of rejected)
        runner.write([
            { type: "warning", text: `Stage ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(stage)} was not retried. ${rejection.message}` },
        ]);
    if (accepted.length === 0) {
        stepState.setSnapshot(result);
        return false;
    }
    const next = Math.max(...failed.map((stage) => stage.attempt)) + 1;
    const text = `Retrying ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_3__/* .listed */ .KE)(accepted.map(_lib_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN))}: attempt ${next} (retry ${attempt} of ${maxRetries}).`;
    runner.write([{ type: "text", text }]);
    logs.reset();
    return true;
}


/***/ }),

/***/ 1669:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JK: () => (/* binding */ reopenedSnapshot),
/* harmony export */   PL: () => (/* binding */ createRunReader),
/* harmony export */   U9: () => (/* binding */ findStage),
/* harmony export */   mu: () => (/* binding */ requestStage),
/* harmony export */   vu: () => (/* binding */ isRefusal)
/* harmony export */ });
/* harmony import */ var _core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1598);
/* harmony import */ var _core_run_document_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(233);
/* harmony import */ var _core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8352);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _lib_retry_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1374);





const maxAttempts = 3;
const delayMs = 1_000;
/** Reads a run with its whole timeline, each time it is called. */
function createRunReader(runs, runId) {
    const pollRun = runs.createPoller(runId);
    return (signal) => pollRun({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
}
/** The last snapshot once the run goes on: what cancels and reports the run must not take it for completed. */
function reopenedSnapshot({ run, tree, document, ...snapshot }) {
    const reopened = (0,_core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_3__/* .reopenedRun */ .Q)(run);
    return { ...snapshot, run: reopened, tree, document: (0,_core_run_document_js__WEBPACK_IMPORTED_MODULE_1__/* .documentOf */ .l)(reopened, tree, document.raw.run) };
}
/**
 * Starts or retries a stage exactly once. After an answer that leaves open whether the service has done it, the timeline
 * is read: a stage whose state or attempt has changed is not asked for again. Returns a refusal, or `undefined`.
 */
async function requestStage(runId, update, { stages, clock, readRun, before }, signal) {
    const hasChanged = async () => {
        const { run, records } = await readRun(signal);
        // The service may show the run in progress before its timeline does.
        if (before.run.status === "completed" && run.status !== "completed")
            return true;
        const [previous, current] = [before.tree, (0,_core_build_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .buildRunTree */ .u)(records)].map((tree) => findStage(tree, update.stage));
        return current !== undefined && stateOf(previous) !== stateOf(current);
    };
    const send = () => stages.update(runId, update, {}, signal);
    let openAnswers = 0;
    const attempt = async () => {
        try {
            await (0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .retry */ .L5)(send, {
                retryError: (error) => (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .TransientError */ .N_ && error.throttled ? error : undefined),
                deadline: clock.now() + _lib_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .maxRetryAfterMs */ .vB,
                clock,
                signal,
            });
            return undefined;
        }
        catch (error) {
            signal.throwIfAborted();
            if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ) {
                // What is under way already is refused, perhaps by our own earlier request.
                if (openAnswers > 0 && (await hasChanged()))
                    return undefined;
                if (isRefusal(error))
                    return error;
            }
            if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .TransientError */ .N_) || error.throttled)
                throw error;
            openAnswers += 1;
            await clock.sleep(Math.max(delayMs, Math.min(error.retryAfterMs ?? 0, _lib_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .maxRetryAfterMs */ .vB)), signal);
            if (await hasChanged())
                return undefined;
            // An old server without this address answers as a gateway does.
            if (openAnswers === maxAttempts && error.fromGateway && update.state === "retry")
                return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("not-found", `${error.message}.`);
            throw error;
        }
    };
    return await (0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .retry */ .L5)(attempt, {
        retryError: (error) => (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .TransientError */ .N_ && !error.throttled ? {} : undefined),
        maxAttempts,
        delayMs: () => 0,
        clock,
        signal,
    }).catch((error) => {
        throw error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .TransientError */ .N_ ? stageRequestFailed(update, error) : error;
    });
}
/** The identifiers that the service ignores the case of. */
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
    return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ(error.throttled ? "busy" : "unreachable", `Stage ${stage} could not be ${verb}: ${error.message}.`, { hint: error.hint ?? "Check that Azure DevOps is reachable from this runner.", cause: error });
}


/***/ }),

/***/ 8767:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Y: () => (/* binding */ resolveStartRequest),
  A: () => (/* binding */ startRun)
});

// EXTERNAL MODULE: ./build/core/default-ref.js
var default_ref = __webpack_require__(3963);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __webpack_require__(5275);
// EXTERNAL MODULE: ./build/core/start-request.js
var start_request = __webpack_require__(4254);
// EXTERNAL MODULE: ./build/lib/json.js
var json = __webpack_require__(292);
// EXTERNAL MODULE: ./build/render/run-text.js
var run_text = __webpack_require__(8182);
// EXTERNAL MODULE: ./build/app/attach-run.js
var attach_run = __webpack_require__(4311);
// EXTERNAL MODULE: ./build/app/cancel-run.js
var cancel_run = __webpack_require__(3596);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __webpack_require__(5802);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(8414);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(1374);
// EXTERNAL MODULE: ./build/app/find-started-run.js
var find_started_run = __webpack_require__(885);
;// CONCATENATED MODULE: ./build/app/start-errors.js


/** A run may have been started, but it is not certain which one. */
function ambiguousStart({ pipelineId }, error, { pipelines, matches = [], cause = error }) {
    const reason = matches.length > 0 ? `It may be one of these:\n${(0,find_started_run/* describeRuns */._N)(matches)}` : "Searching for it failed too.";
    return new errors/* ActionError */.lZ("start-unknown", `Whether a run has started is unknown (${error.message}). ${reason}`, { hint: `Look at ${pipelines.url(pipelineId)} before you run this step again.`, cause });
}
/** The answer to every request was lost, and no run has shown up. */
function startFailed({ pipelineId }, error, { deps: { pipelines }, attempts }) {
    const hint = error.fromGateway ? error.hint : "Check that Azure DevOps is reachable from this runner.";
    return new errors/* ActionError */.lZ(error.fromGateway ? "unexpected-response" : "unreachable", `The run could not be started in ${attempts} tries: ${error.message}.`, { hint: `${hint} No run was found at ${pipelines.url(pipelineId)}.`, cause: error });
}
/** The service throttles for longer than the step waits. */
function throttledStart(error) {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
    const retryText = seconds === 0 ? "" : `; the service asked to retry after another ${seconds} s`;
    return new errors/* ActionError */.lZ("busy", `The run could not be started: ${error.message}${retryText}.`, {
        hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
        cause: error,
    });
}
/** A refusal that follows a request whose answer was lost: its run may still show up. */
function unresolvedStart({ pipelineId }, { code, message, hint, cause }, { pipelines }) {
    const warning = `An earlier request may have started a run all the same. Look at ${pipelines.url(pipelineId)}.`;
    return new errors/* ActionError */.lZ(code, message, { hint: [hint, warning].filter(Boolean).join("\n"), cause });
}

;// CONCATENATED MODULE: ./build/app/start-once.js





/** When the service's list is read after an answer that leaves it open whether a run was started: the list may lag. */
const searchDelaysMs = [1_000, 3_000, 9_000];
const maxAttempts = 3;
/** How long after the signal the answer to a request that was sent before is waited for. */
const abortGraceMs = 2_500;
/**
 * Starts a run exactly once. A definite refusal is thrown. After an answer that leaves it open whether a run was started,
 * the service's list is searched for a run that can only be ours before the request is repeated. After the signal nothing
 * is requested any more; only the answer to a request that was already sent is waited for, for a moment.
 */
async function startOnce(start, deps, signal) {
    const { clock } = deps;
    const startAttempts = createStartAttempts(deps);
    const toResult = (run) => ({
        run,
        startedAt: startAttempts.startedAt,
        attempts: startAttempts.attempts,
    });
    const attemptStart = async () => {
        const outcome = await requestStart(start, { deps, startAttempts }, signal).catch(async (error) => {
            if (!(error instanceof errors/* ActionError */.lZ))
                throw error;
            startAttempts.markNotStarted();
            if (startAttempts.attempts === 0)
                throw error;
            // This request was refused, but an earlier one may have started a run.
            return {
                kind: "started",
                run: await recheckAfterRejection(start, { deps, startAttempts, error }, signal),
            };
        });
        if (outcome.kind === "started")
            return toResult(outcome.run);
        const { error } = outcome;
        if (error.unsent) {
            startAttempts.markNotStarted();
            throw error;
        }
        startAttempts.markUnanswered();
        logAttempt(deps, `The answer to the start was lost (${error.message}). Looking for the run before asking again.`);
        const found = await findStartedRun(start, { deps, startAttempts, error }, signal);
        if (found === undefined)
            throw error;
        return toResult(await fetchFoundRun(start, found, deps, signal));
    };
    return await (0,retry/* retry */.L5)(attemptStart, {
        // The search for the run has waited as long as the service asked.
        retryError: (error) => (error instanceof errors/* TransientError */.N_ ? { error, retryAfterMs: 0 } : undefined),
        maxAttempts,
        delayMs: (attempt, { error }) => (error.unsent ? (0,retry/* backoffMs */.jo)(attempt) : 0),
        onRetry: ({ error }) => logAttempt(deps, `No run has started (${error.message}). Asking again.`),
        toFinalError: ({ error }, { attempts }) => startFailed(start, error, { deps, attempts }),
        clock,
        signal,
    });
}
function createStartAttempts({ clock, onAttempt, onBackoff }) {
    let startedAt = 0;
    let attempts = 0;
    const increment = () => {
        attempts += 1;
    };
    return {
        get startedAt() {
            return startedAt;
        },
        get attempts() {
            return attempts;
        },
        markSent: () => {
            // A request that was definitely refused started nothing: a run can only be ours from the first open request on.
            if (attempts === 0)
                startedAt = clock.now();
            onAttempt?.(startedAt, attempts + 1);
        },
        markNotStarted: () => {
            if (attempts === 0)
                onBackoff?.();
        },
        markUnanswered: increment,
        markStarted: increment,
    };
}
/** Sends one start. While the service throttles nothing is started, and the request is repeated after `Retry-After`. */
async function requestStart(start, { deps, startAttempts }, signal) {
    const { clock } = deps;
    const send = async () => {
        try {
            const run = await sendStartRequest(start, { deps, startAttempts }, signal);
            startAttempts.markStarted();
            return { kind: "started", run };
        }
        catch (error) {
            if (!(error instanceof errors/* TransientError */.N_))
                throw error;
            if (!error.throttled)
                return { kind: "unanswered", error };
            startAttempts.markNotStarted();
            throw error;
        }
    };
    return await (0,retry/* retry */.L5)(send, {
        retryError: errors/* asTransient */.tA,
        deadline: clock.now() + retry/* maxRetryAfterMs */.vB,
        onRetry: (_error, waitMs) => logAttempt(deps, `Azure DevOps is throttling this identity. Starting again in ${Math.ceil(waitMs / 1_000)} s.`),
        toFinalError: throttledStart,
        clock,
        signal,
    });
}
function sendStartRequest({ pipelineId, body }, { deps: { runs, clock }, startAttempts }, signal) {
    return (0,abort/* withGracePeriod */.ip)({ graceMs: abortGraceMs, clock, signal }, (graceSignal) => {
        const onSend = () => {
            startAttempts.markSent();
            return graceSignal;
        };
        return runs.start(pipelineId, { body, onSend }, signal);
    });
}
/** Searches for the run of a start whose answer was lost. Throws if it could be any of several, or somebody else's. */
async function findStartedRun(start, { deps, startAttempts, error }, signal) {
    const { clock, pipelines } = deps;
    const lostAt = clock.now();
    const minDelayMs = Math.min(error.retryAfterMs ?? 0, retry/* maxRetryAfterMs */.vB);
    for (const delayMs of searchDelaysMs) {
        await clock.sleep(Math.max(0, lostAt + Math.max(delayMs, minDelayMs) - clock.now()), signal);
        const isLast = delayMs === searchDelaysMs.at(-1);
        const found = await (0,find_started_run/* findCandidates */.eE)(startSearch(start, startAttempts), deps, signal).catch((cause) => {
            if (cause instanceof errors/* ActionError */.lZ)
                throw ambiguousStart(start, error, { pipelines, cause });
            throw cause;
        });
        const matches = isLast ? await enrichWithRun(start, found, deps, signal) : found.matches;
        const exact = (0,find_started_run/* exactMatches */.Nk)(matches, startAttempts.attempts);
        if (exact.length > 0)
            return exact[0];
        // A single doubtful run may become certain at the next read.
        if (matches.length === 0 || (matches.length === 1 && !isLast))
            continue;
        throw ambiguousStart(start, error, { pipelines, matches: matches.map(({ candidate }) => candidate) });
    }
    return undefined;
}
/** The list may say less about a run than Get Run does: that is asked about a single doubtful run. */
async function enrichWithRun(start, { matches, judge }, deps, signal) {
    const [single, second] = matches;
    if (single === undefined || second !== undefined || single.match === "exact")
        return matches;
    return (0,find_started_run/* filterMatches */.wX)([await (0,find_started_run/* withDetails */.FE)(single.candidate, start.pipelineId, deps, signal)], judge);
}
/** The run of an earlier request may show up after a later one was refused. */
async function recheckAfterRejection(start, { deps, startAttempts, error }, signal) {
    const { clock } = deps;
    const rejectedAt = clock.now();
    for (const delayMs of searchDelaysMs) {
        await clock.sleep(Math.max(0, rejectedAt + delayMs - clock.now()), signal);
        const search = await (0,find_started_run/* findCandidates */.eE)(startSearch(start, startAttempts), deps, signal).catch((0,errors/* ignoreError */.FZ)("the refusal is reported, and that a run may exist all the same"));
        signal.throwIfAborted();
        const [found] = (0,find_started_run/* exactMatches */.Nk)(search?.matches ?? [], startAttempts.attempts);
        if (found !== undefined)
            return await fetchFoundRun(start, found, deps, signal);
    }
    throw unresolvedStart(start, error, deps);
}
function startSearch({ pipelineId, fingerprint }, { startedAt }) {
    return { pipelineId, fingerprint, startedAt };
}
async function fetchFoundRun(start, { id, name, url, ref, commit }, deps, signal) {
    logAttempt(deps, `Found it: the request had started ${name}.`);
    const fallback = { id, name, url, pipelineName: null, ref, commit, raw: null };
    return ((await deps.runs
        .getStarted(start.pipelineId, id, signal)
        .catch((0,errors/* ignoreError */.FZ)("the list already says what is needed"))) ?? fallback);
}
function logAttempt({ runner }, text) {
    runner.write([{ type: "text", text }]);
}

;// CONCATENATED MODULE: ./build/app/start-run.js









/** Finds the pipeline and decides what it builds: no request if both are given. */
async function resolveStartRequest(inputs, pipeline, { deps, trigger }, signal) {
    const { pipelines, runner } = deps;
    const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
    let pipelineName = pipeline.by === "name" ? pipeline.name : null;
    let { ref, commit } = inputs;
    let defaultRef;
    if (ref === undefined && !setsSelfRepository(inputs)) {
        const workflowTrigger = await trigger();
        const definition = (0,default_ref/* hasInferableRef */.sM)(workflowTrigger) ? await pipelines.get(pipelineId, signal) : undefined;
        (0,attach_run/* checkProject */.sh)(inputs.projectRef, definition?.project);
        const inferred = (0,default_ref/* defaultRef */.F1)(workflowTrigger, definition?.repository, definition?.defaultRef);
        pipelineName ??= definition?.name ?? null;
        defaultRef = definition?.defaultRef;
        if (inferred.kind === "inferred") {
            ref = inferred.ref;
            commit ??= inferred.commit;
        }
        else if (inferred.notice !== undefined) {
            runner.write([{ type: "notice", text: inferred.notice }]);
        }
    }
    const source = { ref: ref ?? null, commit: commit ?? null };
    return { pipelineId, pipelineName, defaultRef, source, body: (0,start_request/* requestBody */.I)({ ...inputs, ref, commit }) };
}
/** Whether `resources` or `request-body` say what to build: then nothing is inferred. */
function setsSelfRepository({ resources, requestBody }) {
    const repositories = [
        (0,json/* asObject */.eB)(resources, "repositories"),
        (0,json/* asObject */.eB)(requestBody, "resources", "repositories"),
    ];
    return repositories.some(({ self }) => self !== undefined);
}
/** Starts the run, and saves and reports its id before anything else. */
async function startRun(plan, { projectRef }, deps, signal) {
    const { runner, outputs, runs, stepState } = deps;
    const { pipelineId, body, defaultRef, tag = null } = plan;
    const fingerprint = (0,run_matching/* fingerprintOf */.ax)({ pipelineId, body, tag, defaultRef });
    const onAttempt = (startedAt, attempts) => stepState.setPhase({ at: "starting", pipelineId, startedAt, attempts, fingerprint });
    const onBackoff = () => stepState.setPhase({ at: "idle" });
    const { run, startedAt, attempts } = await startOnce({ pipelineId, body, fingerprint }, { ...deps, onAttempt, onBackoff }, signal);
    const trackingPhase = { at: "following", runId: run.id, isOwn: true };
    const duplicateSearch = attempts > 1 ? { pipelineId, startedAt, attempts, fingerprint } : undefined;
    stepState.setPhase({ ...trackingPhase, ...(duplicateSearch && { duplicateSearch }) });
    // Only now: to the post step a run that is received before the phase is saved would be another step's.
    deps.jobRuns.addReceived(run.id);
    const url = run.url ?? runs.url(run.id);
    const { ref, commit } = run;
    const pipelineName = run.pipelineName ?? plan.pipelineName;
    outputs.set((0,app_outputs/* startOutputs */.HK)({ ...run, url }));
    runner.write([
        (0,run_text/* headerLine */.iH)({
            organization: projectRef.organization.name,
            project: projectRef.project,
            pipeline: pipelineName ?? "pipeline",
            pipelineId,
            ref,
            commit,
        }),
        (0,run_text/* runLine */.u_)("Started", { name: run.name, url }),
    ]);
    if (duplicateSearch !== undefined) {
        await (0,cancel_run/* cancelDuplicates */.PT)(duplicateSearch, run.id, deps, signal);
        stepState.setPhase(trackingPhase);
    }
    const details = { pipelineName, source: { ref, commit }, requestedBy: null };
    return { id: run.id, name: run.name, url, ...details, raw: run.raw, isExternal: false };
}


/***/ }),

/***/ 7908:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FP: () => (/* binding */ saveReportsClosed),
/* harmony export */   Kk: () => (/* binding */ areReportsClosed),
/* harmony export */   QN: () => (/* binding */ withFingerprints),
/* harmony export */   _U: () => (/* binding */ createStepState),
/* harmony export */   dN: () => (/* binding */ ownsRunOrStages),
/* harmony export */   i_: () => (/* binding */ restorePhase)
/* harmony export */ });
/* unused harmony export savePhase */
/* harmony import */ var _core_rerun_tag_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(237);
/* harmony import */ var _core_run_matching_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5275);
/* harmony import */ var _core_start_request_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4254);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(292);




/** Whether there is something that is cancelled with the step, unless `cancel-on-abort` says otherwise. */
function ownsRunOrStages({ isOwn, stages }) {
    return isOwn || stages !== undefined;
}
const phaseKey = "phase";
function savePhase(runner, phase) {
    runner.saveState(phaseKey, JSON.stringify(toSavedPhase(phase)));
}
function toSavedPhase(phase) {
    if (phase.at === "starting")
        return { ...phase, ...toSavedStart(phase) };
    if (phase.at !== "following")
        return phase;
    const { duplicateSearch, ...rest } = phase;
    return duplicateSearch === undefined ? rest : { ...rest, duplicateSearch: toSavedStart(duplicateSearch) };
}
function toSavedStart({ pipelineId, startedAt, attempts, fingerprint }) {
    const { ref, commit, tag } = fingerprint;
    const saved = { ref, commit, tag, hash: (0,_core_rerun_tag_js__WEBPACK_IMPORTED_MODULE_0__/* .fingerprintHash */ .jS)(fingerprint) };
    return { pipelineId, startedAt, attempts, fingerprint: saved };
}
/** The saved phase; `idle` if it is not one that this action could have written: the environment may hold anything. */
function restorePhase(runner) {
    return decodePhase((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .parseJson */ .qF)(runner.getState(phaseKey))) ?? { at: "idle" };
}
function decodePhase(json) {
    const fields = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asObject */ .eB)(json);
    const { at, isOwn, stages, duplicateSearch } = fields;
    if (at === "settled")
        return { at };
    if (at === "starting") {
        const start = decodeStart(json);
        return start && { at, ...start };
    }
    const runId = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asId */ .gR)(fields["runId"]);
    if (runId === null)
        return undefined;
    if (at === "left")
        return { at, runId };
    if (at !== "following" || typeof isOwn !== "boolean")
        return undefined;
    if (stages !== undefined && !isTextList(stages))
        return undefined;
    const search = duplicateSearch === undefined ? undefined : decodeStart(duplicateSearch);
    return { at, runId, isOwn, ...(stages && { stages }), ...(search && { duplicateSearch: search }) };
}
function decodeStart(json) {
    const fields = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asObject */ .eB)(json);
    const { startedAt } = fields;
    const [pipelineId, attempts] = [(0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asId */ .gR)(fields["pipelineId"]), (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asId */ .gR)(fields["attempts"])];
    const { ref, commit, tag, hash } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_3__/* .asObject */ .eB)(json, "fingerprint");
    const isValid = pipelineId !== null &&
        attempts !== null &&
        typeof startedAt === "number" &&
        typeof hash === "string" &&
        (ref === undefined || isTextOrNull(ref)) &&
        isTextOrNull(commit) &&
        isTextOrNull(tag);
    return isValid ? { pipelineId, startedAt, attempts, fingerprint: { ref, commit, tag, hash } } : undefined;
}
function isTextList(value) {
    return Array.isArray(value) && value.every((item) => typeof item === "string");
}
function isTextOrNull(value) {
    return value === null || typeof value === "string";
}
/** The phase with what the inputs say about parameters and variables. */
function withFingerprints(phase, inputs) {
    if (phase.at === "starting")
        return { ...phase, ...restoreStart(phase, inputs) };
    const { duplicateSearch, ...following } = phase;
    if (duplicateSearch === undefined)
        return following;
    return { ...following, duplicateSearch: restoreStart(duplicateSearch, inputs) };
}
function restoreStart(saved, inputs) {
    const { pipelineId, startedAt, attempts, fingerprint } = saved;
    const { ref, commit, tag, hash } = fingerprint;
    const body = (0,_core_start_request_js__WEBPACK_IMPORTED_MODULE_2__/* .requestBody */ .I)({ ...inputs, ref: ref ?? undefined, commit: commit ?? undefined });
    const fromInputs = { ...(0,_core_run_matching_js__WEBPACK_IMPORTED_MODULE_1__/* .fingerprintOf */ .ax)({ pipelineId, body, tag }), ref, commit };
    const isPartial = (0,_core_rerun_tag_js__WEBPACK_IMPORTED_MODULE_0__/* .fingerprintHash */ .jS)(fromInputs) !== hash;
    return { pipelineId, startedAt, attempts, fingerprint: { ...fromInputs, isPartial } };
}
const reportsClosedKey = "reports";
/** Check run and status have been closed: the post step has nothing to add. */
function saveReportsClosed(runner) {
    runner.saveState(reportsClosedKey, "closed");
}
function areReportsClosed(runner) {
    return runner.getState(reportsClosedKey) === "closed";
}
function createStepState(runner) {
    let phase = { at: "idle" };
    let snapshot;
    let finalized = false;
    return {
        get phase() {
            return phase;
        },
        get snapshot() {
            return snapshot;
        },
        setPhase: (next) => {
            phase = next;
            savePhase(runner, next);
        },
        setSnapshot: (next) => {
            snapshot = next;
        },
        get isFinalized() {
            return finalized;
        },
        tryFinalize: () => {
            const isFirst = !finalized;
            finalized = true;
            return isFirst;
        },
    };
}


/***/ }),

/***/ 8845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ui: () => (/* binding */ tokenRequestTimeoutMs),
/* harmony export */   W0: () => (/* binding */ isJsonWebToken),
/* harmony export */   dG: () => (/* binding */ decodeJwtClaims),
/* harmony export */   nx: () => (/* binding */ validHeaderValue)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(292);


/** The time limit of one request for a token. Milliseconds. */
const tokenRequestTimeoutMs = 30_000;
/** The access token, checked to be a valid header value. `issuerName` begins a sentence. */
function validHeaderValue(token, issuerName) {
    if (/^[\x21-\x7e]+$/.test(token))
        return token;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("unexpected-response", `${issuerName} returned an access token with characters that are invalid in an HTTP header.`, { hint: "Check that the response comes from the token endpoint, and not from something in between." });
}
/**
 * Whether a text has the form of a signed (three parts) or encrypted (five parts) JSON Web Token. The second of five, the
 * encrypted key, may be empty.
 */
function isJsonWebToken(text) {
    const parts = text.split(".");
    const [header = ""] = parts;
    const isWellFormed = (part, index) => /^[\w-]+$/.test(part) || (parts.length === 5 && index === 1 && part === "");
    return [3, 5].includes(parts.length) && parts.every(isWellFormed) && decodeJwtPart(header) !== undefined;
}
/** The claims of a signed JWT, not verified; `undefined` if they cannot be read. */
function decodeJwtClaims(text) {
    const parts = text.split(".");
    if (parts.length !== 3 || !isJsonWebToken(text))
        return undefined;
    return decodeJwtPart(parts[1] ?? "") ?? {};
}
function decodeJwtPart(part) {
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJsonObject */ .dw)(Buffer.from(part, "base64url").toString("utf8"));
}


/***/ }),

/***/ 1598:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  u: () => (/* binding */ buildRunTree)
});

// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
// EXTERNAL MODULE: ./build/core/records.js
var core_records = __webpack_require__(5336);
;// CONCATENATED MODULE: ./build/core/check-nodes.js


function checksIn(records, recordIndex) {
    const types = new Set(Array.from(records.values(), (record) => record.type));
    return [...types]
        .filter((type) => type.startsWith("Checkpoint."))
        .flatMap((type) => recordIndex.ofType(type))
        .sort(core_records/* compareRecords */.aB)
        .map((record) => checkNode(record, recordIndex.findAncestor(record, "Stage")));
}
/** What the tasks of an agentless job wait for; a service that calls back is a check. */
const waitKinds = {
    manualvalidation: "manual-validation",
    manualintervention: "manual-validation",
    delay: "delay",
    invokerestapi: "check",
    azurefunction: "check",
    azuremonitor: "check",
    publishtoazureservicebus: "check",
};
function waitOf(task, job, stage) {
    const isAgentless = task.worker === null && job.worker === null;
    const kind = isAgentless ? waitKinds[task.taskName?.toLowerCase() ?? ""] : undefined;
    if (kind === undefined || task.result === "skipped")
        return undefined;
    return checkOf(task, { kind, name: (0,core_records/* visibleName */.ko)(task.name) ?? null, stage });
}
const checkKinds = {
    "Checkpoint.Approval": "approval",
    "Checkpoint.Authorization": "authorization",
};
function checkNode(record, stageRecord) {
    const kind = checkKinds[record.type] ?? "check";
    // A check without a name is called after its type.
    const name = record.name === record.type || (0,lib_text/* oneLine */.TN)(record.name) === "" ? null : record.name;
    return checkOf(record, { kind, name, stage: stageRecord });
}
function checkOf(record, { kind, name, stage: stageRecord }) {
    const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
    const stage = stageRecord === undefined ? null : (0,core_records/* stageName */.CT)(stageRecord);
    const stageTitle = stageRecord === undefined ? undefined : (0,core_records/* stageDisplayName */.Es)(stageRecord);
    return { kind, id, name, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}

// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(2372);
;// CONCATENATED MODULE: ./build/core/build-run-tree.js



/** Never throws: records without a parent get one; cycles and records of unknown types are left out. */
function buildRunTree(records) {
    const recordIndex = (0,core_records/* indexRecords */.zu)(records);
    const stages = recordIndex.ofType("Stage").sort(core_records/* compareRecords */.aB);
    const stageOf = createStageLookup(recordIndex, stages);
    const tasksOf = Map.groupBy(tasksIn(recordIndex), (task) => recordIndex.findAncestor(task, "Job")?.id);
    const foreignIssues = issuesOfOtherRecords(records, recordIndex, stageOf);
    const jobsByStage = new Map();
    for (const [stage, groups] of Map.groupBy(jobGroups(recordIndex), (group) => stageOf(group.phase))) {
        const prefix = stage ? (0,core_records/* stageName */.CT)(stage) : run_tree/* defaultName */.Z2;
        jobsByStage.set(stage, groups.sort((a, b) => (0,core_records/* compareRecords */.aB)(a.phase, b.phase)).flatMap((group) => jobsOf(group, prefix)));
    }
    for (const [stage, jobs] of inferredJobs(tasksOf.get(undefined) ?? [], stageOf)) {
        jobsByStage.set(stage, [...(jobsByStage.get(stage) ?? []), ...jobs]);
    }
    function jobsOf({ phase, jobs }, prefix) {
        if (jobs.length === 0)
            return [placeholderJob(phase, prefix)];
        return jobs.map((job, index) => {
            const jobTasks = (tasksOf.get(job.id) ?? []).sort(core_records/* compareRecords */.aB);
            const tasks = jobTasks.map((task) => taskNode(task, waitOf(task, job, stageOf(phase))));
            const issues = [...job.issues, ...(foreignIssues.get(job.id) ?? [])];
            return jobNode({ job: { ...job, issues }, phase, prefix, tasks, isFirst: index === 0, siblings: jobs });
        });
    }
    const checks = checksIn(records, recordIndex);
    const nodes = stages.map((stage) => {
        const ownChecks = checks.filter((check) => check.stage === (0,core_records/* stageName */.CT)(stage));
        const issues = [...stage.issues, ...(foreignIssues.get(stage.id) ?? [])];
        return stageNode({ ...stage, issues }, jobsByStage.get(stage) ?? [], ownChecks);
    });
    const orphans = jobsByStage.get(undefined);
    return {
        stages: orphans ? [...nodes, implicitStage(orphans)] : nodes,
        checks,
        issues: foreignIssues.get(undefined) ?? [],
    };
}
const treeTypes = new Set(["Stage", "Phase", "Job", "Task"]);
/**
 * The issues of records that are not nodes of the tree (unknown types, checkpoints, a check's own tasks), keyed by the id
 * of the job or stage that they are in; `undefined` is the run itself.
 */
function issuesOfOtherRecords(records, recordIndex, stageOf) {
    const found = new Map();
    for (const record of records.values()) {
        if (record.issues.length === 0)
            continue;
        const isCheckTask = record.type === "Task" && recordIndex.findAncestor(record, "Checkpoint") !== undefined;
        const isNode = treeTypes.has(record.type) || record.type.startsWith("Checkpoint.");
        if ((isNode && !isCheckTask) || recordIndex.isFromEarlierAttempt(record))
            continue;
        const job = isCheckTask ? undefined : recordIndex.findAncestor(record, "Job");
        const owner = job ?? recordIndex.findAncestor(record, "Stage") ?? (record.parentId && stageOf(record));
        const key = owner ? owner.id : undefined;
        const { messages, issues } = found.get(key) ?? {
            messages: new Set(owner ? owner.issues.map(({ message }) => message) : []),
            issues: [],
        };
        found.set(key, { messages, issues });
        const others = record.issues.filter(({ message }) => !messages.has(message));
        issues.push(...others);
        for (const { message } of others)
            messages.add(message);
    }
    return new Map([...found].map(([key, { issues }]) => [key, issues]));
}
function jobGroups(recordIndex) {
    const phases = new Set(recordIndex.ofType("Phase"));
    const byPhase = Map.groupBy(recordIndex.ofType("Job"), (job) => {
        const phase = recordIndex.findAncestor(job, "Phase");
        return phase !== undefined && phases.has(phase) ? phase : undefined;
    });
    return [
        ...[...phases].map((phase) => ({ phase: phase, jobs: (byPhase.get(phase) ?? []).sort(core_records/* compareRecords */.aB) })),
        ...(byPhase.get(undefined) ?? []).map((job) => ({ phase: job, jobs: [job] })),
    ];
}
/** A check's own tasks are not part of the run's work. */
function tasksIn(recordIndex) {
    return recordIndex
        .ofType("Task")
        .filter((task) => recordIndex.findAncestor(task, "Checkpoint") === undefined);
}
/** The stage of a record. If its parents don't lead to one, its identifier decides, or it belongs to the only stage. */
function createStageLookup(recordIndex, stages) {
    const byName = new Map(stages.map((stage) => [(0,core_records/* stageName */.CT)(stage), stage]));
    return (record) => {
        const ancestor = recordIndex.findAncestor(record, "Stage");
        if (ancestor !== undefined && byName.get((0,core_records/* stageName */.CT)(ancestor)) === ancestor)
            return ancestor;
        const named = byName.get(record.identifier?.split(".")[0] ?? "");
        return named ?? byName.get(run_tree/* defaultName */.Z2) ?? (stages.length === 1 ? stages[0] : undefined);
    };
}
/** Tasks whose job is not among the records: they get an unnamed job for each missing one. */
function inferredJobs(tasks, stageOf) {
    const taskGroups = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
    const jobs = taskGroups.flatMap((group) => {
        const [firstTask] = group;
        return firstTask
            ? [
                {
                    stage: stageOf(firstTask),
                    job: inferredJob(group.sort(core_records/* compareRecords */.aB).map((task) => taskNode(task)), firstTask),
                },
            ]
            : [];
    });
    const byStage = [...Map.groupBy(jobs, ({ stage }) => stage)];
    return new Map(byStage.map(([stage, entries]) => [stage, entries.map(({ job }) => job)]));
}
// Conversion of records to nodes, one function for each kind.
function taskNode(record, wait) {
    const { errors, warnings } = record;
    return {
        ...(wait && { wait }),
        ...recordFields(record),
        name: record.refName ?? record.name,
        displayName: (0,core_records/* visibleName */.ko)(record.name),
        errors,
        warnings,
    };
}
function jobNode({ job, phase, prefix, tasks, isFirst, siblings }) {
    // A YAML job's own issues are shown once, with the first of its jobs, unless that one has the same issues.
    const ownMessages = new Set(siblings.flatMap((sibling) => sibling.issues.map((issue) => issue.message)));
    const phaseIssues = isFirst && phase !== job ? phase.issues.filter((issue) => !ownMessages.has(issue.message)) : [];
    const record = { ...job, issues: [...job.issues, ...phaseIssues] };
    return {
        ...recordFields(record),
        name: jobName(job, prefix) ?? jobName(phase, prefix) ?? job.name,
        displayName: (0,core_records/* visibleName */.ko)(job.name) ?? (0,core_records/* visibleName */.ko)(phase.name),
        ...issueCounts(record, tasks),
        worker: job.worker,
        tasks,
    };
}
/** A YAML job for which there is no job record: skipped, refused, or not created yet. */
function placeholderJob(phase, prefix) {
    return {
        ...recordFields(phase),
        // Its jobs will have ids of their own: if this one were logged as started, each of them would be logged twice.
        status: phase.status === "completed" ? "completed" : "pending",
        name: jobName(phase, prefix) ?? phase.name,
        displayName: (0,core_records/* visibleName */.ko)(phase.name),
        ...issueCounts(phase, []),
        worker: null,
        tasks: [],
    };
}
/** A job whose record is missing, reconstructed from its tasks. */
function inferredJob(tasks, firstTask) {
    const id = firstTask.parentId ?? "orphans";
    return { ...aggregateNode(id, tasks), displayName: undefined, worker: firstTask.worker, tasks };
}
function stageNode(stage, jobs, checks) {
    const displayName = (0,core_records/* stageDisplayName */.Es)(stage);
    return {
        ...recordFields(stage),
        name: (0,core_records/* stageName */.CT)(stage),
        displayName,
        ...issueCounts(stage, jobs),
        checks,
        jobs,
    };
}
/** The stage of jobs that have none: classic builds, and servers from before stages. */
function implicitStage(jobs) {
    return { ...aggregateNode(run_tree/* defaultName */.Z2, jobs), displayName: undefined, checks: [], jobs };
}
function recordFields(record) {
    const { id, status, result, startedAt, finishedAt, attempt, logId, issues } = record;
    return { id, status, result, startedAt, finishedAt, attempt, logId, issues };
}
/** `Compile` for `Build.Compile.__default`, `Compile.linux` for `Build.Compile.linux`. */
function jobName({ identifier, refName }, prefix) {
    const fullName = identifier ?? refName ?? undefined;
    const inStage = fullName?.startsWith(`${prefix}.`) ? fullName.slice(prefix.length + 1) : fullName;
    const name = inStage?.endsWith(`.${run_tree/* defaultName */.Z2}`) ? inStage.slice(0, -run_tree/* defaultName */.Z2.length - 1) : inStage;
    return identifier === null && name === run_tree/* defaultName */.Z2 ? undefined : name;
}
function issueCounts(record, children) {
    const countOf = (severity) => record.issues.filter((issue) => issue.severity === severity).length;
    const { errors, warnings } = (0,run_tree/* sumCounts */.DN)(children);
    return { errors: countOf("error") + errors, warnings: countOf("warning") + warnings };
}
const resultsBySeverity = [
    "failed",
    "canceled",
    "abandoned",
    "succeededWithIssues",
    "succeeded",
];
function aggregateNode(id, children) {
    const status = aggregateStatus(children);
    const starts = children.map((child) => child.startedAt).filter((at) => at !== null);
    const ends = children.map((child) => child.finishedAt).filter((at) => at !== null);
    const result = resultsBySeverity.find((value) => children.some((child) => child.result === value)) ?? "skipped";
    return {
        id,
        name: run_tree/* defaultName */.Z2,
        status,
        result: status === "completed" ? result : null,
        startedAt: starts.sort()[0] ?? null,
        finishedAt: status === "completed" ? (ends.sort().at(-1) ?? null) : null,
        attempt: Math.max(1, ...children.map((child) => child.attempt)),
        logId: null,
        issues: [],
        ...(0,run_tree/* sumCounts */.DN)(children),
    };
}
function aggregateStatus(children) {
    if (children.every((child) => child.status === "completed"))
        return "completed";
    return children.every((child) => child.status === "pending") ? "pending" : "inProgress";
}


/***/ }),

/***/ 4217:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  vs: () => (/* binding */ compileCondition),
  Gd: () => (/* binding */ defaultStopWhen),
  nB: () => (/* binding */ defaultSuccessWhen),
  F9: () => (/* binding */ evaluateCondition),
  Ou: () => (/* binding */ isCompletionCondition),
  zK: () => (/* binding */ isDefaultCondition)
});

// UNUSED EXPORTS: documentFields

;// CONCATENATED MODULE: ./build/core/condition-words.js
const runResults = ["succeeded", "partiallySucceeded", "failed", "canceled"];
const runStatuses = ["notStarted", "postponed", "inProgress", "canceling", "completed"];
const nodeResults = [
    "succeeded",
    "succeededWithIssues",
    "failed",
    "canceled",
    "skipped",
    "abandoned",
    "manual",
];
const nodeStatuses = ["pending", "inProgress", "completed"];
const runWords = new Map([
    ["result", runResults],
    ["status", runStatuses],
]);
/** Of the items of a list: of stages and jobs, or of what the service's own response holds. */
const itemWords = new Map([
    ["result", [...new Set([...nodeResults, ...runResults])]],
    ["status", [...new Set([...nodeStatuses, ...runStatuses])]],
]);
/**
 * A comparison of `result` or `status` with a word that it never holds is the same for every run: `!=` would be true of a
 * failed one. Throws for the run's own; a list may hold items of another kind, so there it is a warning.
 */
function checkComparedWords(operands, { isRun, warn }) {
    const field = operands.find((operand) => operand.type === "Field" && runWords.has(operand.name));
    if (field?.type !== "Field")
        return;
    const known = (isRun ? runWords : itemWords).get(field.name) ?? [];
    for (const word of operands.flatMap(textsIn)) {
        if (known.includes(word))
            continue;
        const text = `${field.name} is never '${word}'; it is ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
        if (isRun)
            throw new Error(text);
        warn(text);
    }
}
function textsIn(node) {
    if (node.type === "Literal")
        return typeof node.value === "string" ? [node.value] : [];
    return node.type === "MultiSelectList" ? node.children.flatMap(textsIn) : [];
}

// EXTERNAL MODULE: ./build/core/expression.js
var core_expression = __webpack_require__(8406);
;// CONCATENATED MODULE: ./build/core/condition.js


/** Default of `stop-when`. */
const defaultStopWhen = "status == 'completed'";
/** Default of `success-when`: a wait that `stop-when` ends fails if a stage has failed. */
const defaultSuccessWhen = "result == 'succeeded' || status != 'completed' && length(stages[?result == 'failed' || result == 'canceled' || result == 'abandoned']) == `0`";
/** Fields of the run document. */
const documentFields = [
    ...["id", "name", "status", "result", "attempt", "url", "pipeline", "source"],
    ...["createdAt", "startedAt", "finishedAt", "queueSeconds", "runSeconds"],
    ...["stages", "waitingFor", "causes", "errors", "warnings", "raw"],
];
/** Fields that the list of builds does not show. */
const fieldsUnknownInList = [
    ...["stages", "waitingFor", "causes", "errors", "warnings", "attempt", "raw.run"],
];
/** Fields of what the lists of the run document hold. */
const itemFields = [
    ...["name", "displayName", "status", "result", "attempt", "startedAt", "finishedAt", "jobs", "worker"],
    ...["kind", "id", "stage", "job", "task", "message"],
];
const booleanFunctions = ["contains", "starts_with", "ends_with"];
/**
 * Compiles an expression that must yield true or false. An expression of another form, or one that names a field that the
 * document does not have, is rejected: it would be true or false of every run.
 */
async function compileCondition(expression, { document = "run", warn }) {
    const builtIn = builtInConditions.get(withoutSpaces(expression));
    if (builtIn !== undefined && document === "run")
        return builtIn;
    const parsed = await (0,core_expression/* parseExpression */.Y)(expression);
    checkYieldsBoolean(parsed.syntaxTree);
    createFieldCheck(parsed, { document, warn }).check(parsed.syntaxTree, []);
    return parsed.evaluate;
}
/** Whether a condition is true. A condition that is null or cannot be evaluated counts as false: it must not end a wait. */
function evaluateCondition(condition, document) {
    try {
        const value = condition(document);
        const isNull = value === null || value === undefined;
        const problem = isNull || typeof value === "boolean" ? undefined : "it yields neither true nor false";
        return { holds: value === true, problem, isNull };
    }
    catch (error) {
        return { holds: false, problem: error instanceof Error ? error.message : String(error), isNull: false };
    }
}
/** Whether an expression is a default, apart from white space. */
function isDefaultCondition(expression) {
    return [...builtInConditions.values()].includes(expression);
}
/** Whether an expression reads no field that comes from the timeline. */
function isCompletionCondition(expression) {
    return expression === isCompleted;
}
const isCompleted = (document) => getField(document, "status") === "completed";
const hasNoFailure = (document) => getField(document, "result") === "succeeded" || (!isCompleted(document) && !hasFailedStage(document));
/** The defaults are evaluated without the JMESPath library, which takes a while to load. */
const builtInConditions = new Map([
    [withoutSpaces(defaultStopWhen), isCompleted],
    [withoutSpaces(defaultSuccessWhen), hasNoFailure],
]);
/** Keeps the spaces inside strings. */
function withoutSpaces(expression) {
    return expression.replaceAll(/('[^']*')|\s+/g, (_, text) => text ?? "");
}
function hasFailedStage(document) {
    const stages = getField(document, "stages");
    const failures = ["failed", "canceled", "abandoned"];
    return Array.isArray(stages) && stages.some((stage) => failures.includes(getField(stage, "result")));
}
function getField(value, name) {
    return value?.[name];
}
/** Throws unless the outermost operator yields true or false. */
function checkYieldsBoolean(node) {
    switch (node.type) {
        case "Comparator":
        case "NotExpression":
            return;
        case "AndExpression":
        case "OrExpression":
            checkYieldsBoolean(node.left);
            checkYieldsBoolean(node.right);
            return;
        case "Pipe":
            checkYieldsBoolean(node.right);
            return;
        case "LetExpression":
            checkYieldsBoolean(node.expression);
            return;
        case "Ternary":
            checkYieldsBoolean(node.trueExpr);
            checkYieldsBoolean(node.falseExpr);
            return;
        case "Function":
            if (booleanFunctions.includes(node.name))
                return;
            throw new Error(`must yield true or false; compare what ${node.name}() yields, as in ${exampleOf(node)}`);
        case "Literal":
            if (typeof node.value === "boolean")
                return;
            throw new Error(`must yield true or false; ${JSON.stringify(node.value)} is neither`);
        default:
            throw new Error(yieldsList(node)
                ? "must yield true or false; a list is neither, so count it, as in length(LIST) > `0`"
                : `must yield true or false; compare the value, as in ${exampleOf(node)}`);
    }
}
function exampleOf(node) {
    if (node.type === "Function" && node.name === "length")
        return "length(LIST) > `0`";
    if (node.type === "Field" && ["errors", "warnings"].includes(node.name))
        return `${node.name} == \`0\``;
    if (node.type === "Field" && node.name === "result")
        return "result == 'succeeded'";
    return "VALUE == 'text' or VALUE > `0`";
}
function yieldsList({ type }) {
    return ["Projection", "FilterProjection", "ValueProjection", "Flatten", "MultiSelectList"].includes(type);
}
/** Checks the names of fields. `check` returns the path that the node yields. */
function createFieldCheck({ quotedNames }, { document, warn }) {
    const isUnavailable = (name) => document === "list" && fieldsUnknownInList.includes(name);
    const availableFields = documentFields.filter((name) => !isUnavailable(name));
    /** Fields in places where a string literal is expected. */
    const textOperands = new Set();
    function checkField(node, path) {
        const { name } = node;
        const isQuoted = quotedNames.has(name);
        if (path === undefined) {
            if (isQuoted && textOperands.has(node) && !itemFields.includes(name))
                warn(`"${name}" in double quotes is the name of a field; write text in single quotes: '${name}'`);
            return undefined;
        }
        const fullPath = [...path, name];
        if (isUnavailable(fullPath.join(".")))
            throw new Error(`${fullPath.join(".")} is not known while a run is searched for; the condition can use ${availableFields.join(", ")}`);
        if (path.length > 0 || documentFields.includes(name))
            return fullPath;
        if (isQuoted)
            throw new Error(`"${name}" in double quotes is the name of a field, and the run document has no such field; write text in single quotes: '${name}'`);
        // Not a field either, hence null, as intended.
        if (name === "null")
            return undefined;
        const hint = ["true", "false"].includes(name)
            ? `; write ${name} in backticks: \`${name}\``
            : textOperands.has(node)
                ? `; write text in single quotes: '${name}'`
                : "";
        throw new Error(`the run document has no field ${name}; it has ${availableFields.join(", ")}${hint}`);
    }
    function checkWords(operands, path) {
        if (path === undefined || path.length === 0)
            checkComparedWords(operands, { isRun: path !== undefined, warn });
    }
    function check(node, path) {
        switch (node.type) {
            case "Field":
                return checkField(node, path);
            case "Identity":
            case "Current":
                return path;
            case "Root":
                return [];
            case "Subexpression":
            case "IndexExpression":
            case "Pipe":
                return check(node.right, check(node.left, path));
            case "Projection":
            case "ValueProjection":
                check(node.left, path);
                check(node.right, undefined);
                return undefined;
            case "FilterProjection":
                check(node.left, path);
                check(node.condition, undefined);
                check(node.right, undefined);
                return undefined;
            case "ExpressionReference":
                check(node.child, undefined);
                return undefined;
            case "Comparator":
                checkComparedTypes(node);
                addTextOperands([node.left, node.right], textOperands);
                checkWords([node.left, node.right], path);
                break;
            case "Function":
                addTextOperands(node.children, textOperands);
                if (node.name === "contains" && node.children[0]?.type === "MultiSelectList")
                    checkWords(node.children, path);
                break;
            case "Literal":
                return undefined;
        }
        for (const child of childrenOf(node))
            check(child, path);
        return undefined;
    }
    return { check };
}
function childrenOf(node) {
    return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).flatMap((child) => isNode(child) ? [child.type === "KeyValuePair" ? child.value : child] : []));
}
function isNode(value) {
    return typeof value === "object" && value !== null && "type" in value;
}
/** In a comparison or call without a string literal, a field may have been meant as one. */
function addTextOperands(operands, found) {
    if (operands.some(({ type }) => type === "Literal"))
        return;
    for (const operand of operands) {
        if (operand.type === "Field")
            found.add(operand);
        if (operand.type === "MultiSelectList")
            for (const item of operand.children)
                if (item.type === "Field")
                    found.add(item);
    }
}
/** A list never equals a single value: `!=` would be true of every run, and the other operators of none. */
function checkComparedTypes({ left, right }) {
    for (const [a, b] of [
        [left, right],
        [right, left],
    ]) {
        if (!yieldsList(a) || b.type !== "Literal" || typeof b.value === "object")
            continue;
        const value = typeof b.value === "string" ? `'${b.value}'` : `\`${b.value}\``;
        const advice = typeof b.value === "number"
            ? `count it, as in length(LIST) > ${value}`
            : `take an entry: LIST | [0] == ${value}`;
        throw new Error(`compares a list with ${value}, which are never equal; ${advice}`);
    }
}


/***/ }),

/***/ 2696:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $q: () => (/* binding */ scopeResource),
/* harmony export */   Fe: () => (/* binding */ authChoices),
/* harmony export */   Ke: () => (/* binding */ validateSignInInputs),
/* harmony export */   Lr: () => (/* binding */ entraTokenUrl),
/* harmony export */   lR: () => (/* binding */ parseCredentialConfig),
/* harmony export */   vB: () => (/* binding */ azureDevOpsAppId),
/* harmony export */   vS: () => (/* binding */ azureDevOpsScope)
/* harmony export */ });
/* harmony import */ var _lib_url_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(421);

const authChoices = [
    "auto",
    "token",
    "client-secret",
    "client-certificate",
    "github-oidc",
    "refresh-token",
    "managed-identity",
    "azure-cli",
    "device-code",
    "azure-devops-oauth",
];
/** The application id of Azure DevOps itself, in every tenant. */
const azureDevOpsAppId = "499b84ac-1321-427f-aa17-267ca6975798";
const azureDevOpsScope = `${azureDevOpsAppId}/.default`;
const legacyTokenUrl = "https://app.vssps.visualstudio.com/oauth2/token";
/** The credential that the inputs describe, or all mistakes in them, each naming its input. */
function parseCredentialConfig(inputs) {
    const selected = inputs.auth === "auto" ? detectCredentialKind(inputs) : { kind: inputs.auth };
    const problems = ["problem" in selected ? selected.problem : undefined, ...validateSignInInputs(inputs)];
    if ("kind" in selected) {
        problems.push(...missingInputs(selected.kind, inputs));
        if (inputs.redirectUri !== undefined && selected.kind !== "azure-devops-oauth") {
            problems.push("redirect-uri: can only be used with `auth: azure-devops-oauth`; set that, or remove it");
        }
        if (selected.kind === "device-code" &&
            inputs.tokenUrl !== undefined &&
            !/\/token$/.test(inputs.tokenUrl)) {
            problems.push("token-url: must end in `/token` for `auth: device-code`, which requests the code from `/devicecode` instead");
        }
    }
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0 || !("kind" in selected))
        return { problems: found };
    return { config: createCredentialConfig(selected.kind, inputs) };
}
const credentialInputs = [
    { kind: "token", input: "token", key: "token" },
    { kind: "client-secret", input: "client-secret", key: "clientSecret" },
    { kind: "client-certificate", input: "client-certificate", key: "clientCertificate" },
    { kind: "refresh-token", input: "refresh-token", key: "refreshToken" },
];
function detectCredentialKind(inputs) {
    const given = credentialInputs.filter(({ key }) => inputs[key] !== undefined);
    const [first, ...others] = given;
    if (others.length > 0) {
        const names = given.map(({ input }) => `\`${input}\``).join(" and ");
        // Two credential kinds need both a client secret and a refresh token, so this pair is ambiguous.
        return {
            problem: `auth: ${names} were given together; set \`auth\` to one of the kinds, or remove the others`,
        };
    }
    const ids = givenIdentifiers(inputs);
    if (first?.kind === "token" && ids.length > 0) {
        return {
            problem: `auth: \`token\` was given together with ${ids.map((id) => `\`${id}\``).join(" and ")}, which a token does not need; set \`auth\`, or remove the others`,
        };
    }
    if (first)
        return { kind: first.kind };
    if (ids.length > 0)
        return { kind: "github-oidc" };
    return {
        problem: "auth: no credential was given; set `tenant-id` and `client-id` to sign in with GitHub's own identity, or set `token`",
    };
}
function givenIdentifiers(inputs) {
    const ids = { "tenant-id": inputs.tenantId, "client-id": inputs.clientId, "token-url": inputs.tokenUrl };
    return Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
/** Inputs that each credential kind needs. A `token-url` replaces the tenant. */
function missingInputs(kind, inputs) {
    const tenant = { "tenant-id": inputs.tenantId ?? inputs.tokenUrl, "client-id": inputs.clientId };
    const needs = {
        token: { token: inputs.token },
        "client-secret": { ...tenant, "client-secret": inputs.clientSecret },
        "client-certificate": { ...tenant, "client-certificate": inputs.clientCertificate },
        "github-oidc": tenant,
        "refresh-token": { ...tenant, "refresh-token": inputs.refreshToken },
        "managed-identity": {},
        "azure-cli": {},
        "device-code": tenant,
        "azure-devops-oauth": {
            "client-secret": inputs.clientSecret,
            "refresh-token": inputs.refreshToken,
            "redirect-uri": inputs.redirectUri,
        },
    };
    const how = inputs.auth === "auto" ? `for \`${kind}\`, which the other inputs imply` : `for \`auth: ${kind}\``;
    return Object.entries(needs[kind]).flatMap(([name, value]) => value === undefined ? [`${name}: is required ${how}`] : []);
}
/** Mistakes in single inputs, regardless of the credential kind. */
function validateSignInInputs(inputs) {
    const found = [
        inputs.token === undefined ? undefined : tokenProblem(inputs.token),
        inputs.tenantId === undefined || /^[a-z0-9][a-z0-9.-]*$/i.test(inputs.tenantId)
            ? undefined
            : `tenant-id: expected the tenant's GUID or domain name, got "${inputs.tenantId}"`,
        inputs.tokenUrl === undefined ? undefined : tokenUrlProblem(inputs.tokenUrl),
    ];
    return found.filter((problem) => problem !== undefined);
}
// The messages don't quote the value, since it is a secret.
function tokenProblem(token) {
    if (/^\s*(gh[a-z]_|github_pat_)/.test(token)) {
        return "token: this is a GitHub token; Azure DevOps needs a token of its own (a personal access token, or an access token of Microsoft Entra ID)";
    }
    if (/^(?:bearer|basic)\s/i.test(token))
        return "token: set only the token, without `Bearer` or `Basic`";
    if (/\s/.test(token.trim()))
        return "token: contains white space; store it again, as one line";
    return undefined;
}
function tokenUrlProblem(raw) {
    const url = URL.parse(raw);
    if (!url)
        return `token-url: expected a URL such as https://login.microsoftonline.us/{tenant-id}/oauth2/v2.0/token, got "${raw}"`;
    if (url.username !== "" || url.password !== "")
        return "token-url: must not contain a user name or password";
    if (url.protocol === "https:" || (0,_lib_url_js__WEBPACK_IMPORTED_MODULE_0__/* .isHttpLoopback */ .M)(url))
        return undefined;
    return `token-url: must be https, to protect the secret (http is allowed for this machine only), got "${raw}"`;
}
/** The token endpoint of an Entra ID tenant. */
function entraTokenUrl(tenantId, authority = "https://login.microsoftonline.com") {
    return `${authority.replace(/\/+$/, "")}/${tenantId}/oauth2/v2.0/token`;
}
/** The resource of a scope, for endpoints that take a resource: `X` for `X/.default`. */
function scopeResource(scope) {
    const [first = scope] = scope.split(/\s+/);
    return first.replace(/\/\.default$/, "");
}
function createCredentialConfig(kind, inputs) {
    const { tenantId, clientId, clientSecret: secret = "", refreshToken = "" } = inputs;
    const scope = inputs.scope ?? azureDevOpsScope;
    const tokenUrl = inputs.tokenUrl ?? entraTokenUrl(tenantId ?? "");
    const application = { clientId: clientId ?? "", tokenUrl, scope };
    switch (kind) {
        case "token":
            return { kind, token: inputs.token?.trim() ?? "" };
        case "client-secret":
            return { kind, application, secret };
        case "client-certificate":
            return { kind, application, pem: inputs.clientCertificate ?? "" };
        case "github-oidc":
            return { kind, application };
        case "refresh-token":
            return { kind, application, refreshToken, secret: inputs.clientSecret };
        case "managed-identity":
            return { kind, scope, clientId, tenantId, tokenUrl: inputs.tokenUrl };
        case "azure-cli":
            return { kind, scope, tenantId };
        case "device-code":
            return { kind, application, deviceCodeUrl: tokenUrl.replace(/\/token$/, "/devicecode") };
        case "azure-devops-oauth":
            return {
                kind,
                tokenUrl: inputs.tokenUrl ?? legacyTokenUrl,
                secret,
                refreshToken,
                redirectUri: inputs.redirectUri ?? "",
            };
    }
}


/***/ }),

/***/ 3963:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F1: () => (/* binding */ defaultRef),
/* harmony export */   ef: () => (/* binding */ eventCommit),
/* harmony export */   sM: () => (/* binding */ hasInferableRef),
/* harmony export */   ve: () => (/* binding */ isSameRepository)
/* harmony export */ });
/**
 * Events whose GITHUB_REF and GITHUB_SHA are what the workflow runs for. Under all other events, including future ones, they are
 * the default branch, which has nothing to do with the comment, review target or run that triggered the workflow.
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const eventsWithOwnRef = new Set([
    "create",
    "deployment",
    "deployment_status",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "workflow_dispatch",
]);
const pullRequestEvents = /^pull_request(_review|_review_comment)?$/;
/** Whether the workflow's event has a ref to build. Only then must the pipeline's repository be read. */
function hasInferableRef(trigger) {
    const hasRef = trigger.ref.startsWith("refs/") && !/^0+$/.test(trigger.sha);
    return hasRef && eventsWithOwnRef.has(trigger.event) && trigger.deleted !== true;
}
/**
 * What to build if the workflow does not say. `repo` is undefined if the pipeline has not been read; `defaultBranch` is that of
 * the pipeline.
 */
function defaultRef(trigger, repo, defaultBranch) {
    if (trigger.repository === "")
        return { kind: "pipeline-default" };
    if (repo !== undefined && !isSameRepository(trigger, repo)) {
        // A check on a pull request would be misleading if it silently built something else.
        return pullRequestEvents.test(trigger.event)
            ? { kind: "pipeline-default", notice: otherRepositoryNotice(trigger, repo, defaultBranch) }
            : { kind: "pipeline-default" };
    }
    if (!hasInferableRef(trigger)) {
        const why = `the ref of a workflow under ${trigger.event || "no event"} does not say what triggered it`;
        return {
            kind: "pipeline-default",
            notice: `Building the pipeline's default branch: ${why}. Set the input \`ref\` to build another.`,
        };
    }
    if (repo === undefined)
        return { kind: "pipeline-default" };
    return { kind: "inferred", ...inferredRef(trigger) };
}
function otherRepositoryNotice(trigger, { fullName }, defaultBranch) {
    const built = fullName === undefined ? "another repository" : `the repository ${fullName}`;
    const branch = defaultBranch?.replace(/^refs\/heads\//, "") ?? "its default branch";
    return (`The pipeline builds ${built} (${branch}), not ${trigger.repository}, so it does not build this pull request. ` +
        "If the repository was renamed, select it again in the pipeline's settings; else set the input `ref`.");
}
function inferredRef(trigger) {
    const workflowRef = { ref: trigger.ref, commit: validSha(trigger.sha) };
    const pullRequest = pullRequestEvents.test(trigger.event) ? trigger.pullRequest : undefined;
    // A merged pull request has no merge ref: GitHub names the branch and the commit that it was merged into.
    if (pullRequest === undefined ||
        (pullRequest.merged === true && trigger.ref === `refs/heads/${pullRequest.baseRef}`))
        return workflowRef;
    if (equalsIgnoringCase(pullRequest.headRepository, trigger.repository)) {
        return { ref: `refs/heads/${pullRequest.headRef}`, commit: validSha(pullRequest.headSha) };
    }
    // The fork's branch does not exist here, and GITHUB_SHA is on the merge ref only if GITHUB_REF says so.
    const ref = `refs/pull/${pullRequest.number}/merge`;
    return { ref, commit: trigger.ref === ref ? workflowRef.commit : undefined };
}
/**
 * The commit of the workflow's event: the head of a pull request under its events, `head_sha` under workflow_run, else
 * GITHUB_SHA; `undefined` where that has nothing to do with what triggered the workflow.
 */
function eventCommit(trigger) {
    const { pullRequest, workflowRunHeadSha } = trigger;
    if (pullRequest !== undefined)
        return validSha(pullRequest.headSha);
    if (workflowRunHeadSha !== undefined)
        return validSha(workflowRunHeadSha);
    return hasInferableRef(trigger) ? validSha(trigger.sha) : undefined;
}
/** Whether the pipeline builds the repository that the workflow runs in. */
function isSameRepository(trigger, repo) {
    if (repo.kind === "other" || !equalsIgnoringCase(repo.fullName, trigger.repository))
        return false;
    const server = URL.parse(trigger.serverUrl)?.host ?? "github.com";
    if (repo.host !== undefined)
        return repo.host.toLowerCase() === server;
    // Without a host, a GitHub repository is on github.com, and one of GitHub Enterprise is anywhere else.
    return (repo.kind === "github") === (server === "github.com");
}
function equalsIgnoringCase(a, b) {
    return a?.toLowerCase() === b.toLowerCase();
}
function validSha(sha) {
    return /^(?!0+$)[0-9a-f]{40,64}$/i.test(sha) ? sha : undefined;
}


/***/ }),

/***/ 8406:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ parseExpression),
/* harmony export */   w: () => (/* binding */ compile)
/* harmony export */ });
/** Compiles an expression in the language of `az --query`. The Error of one that is invalid names the column. */
async function compile(expression) {
    return (await parseExpression(expression)).evaluate;
}
async function parseExpression(expression) {
    // Loaded only when it is needed, since loading takes a while.
    const library = await __webpack_require__.e(/* import() */ 22).then(__webpack_require__.bind(__webpack_require__, 4022));
    const syntaxTree = parse(expression, library);
    const quotedNames = library
        .tokenize(expression, parserOptions)
        .flatMap(({ type, value }) => (type === "QuotedIdentifier" ? [String(value)] : []));
    return {
        syntaxTree,
        quotedNames: new Set(quotedNames),
        evaluate: (document) => evaluate(syntaxTree, document, library),
    };
}
function evaluate(syntaxTree, document, { TreeInterpreter }) {
    const value = resultOrError(() => TreeInterpreter.search(syntaxTree, document));
    if (value instanceof Error)
        throw value;
    // Names such as `constructor` would read inherited properties.
    return typeof value === "function" ? null : value;
}
// `az --query` accepts an unquoted string in backticks, so its users write it that way.
const parserOptions = { enable_legacy_literals: true };
/** Throws an Error that says where an expression is invalid. */
function parse(expression, library) {
    checkQuotes(expression);
    const syntaxTree = resultOrError(() => library.compile(expression, parserOptions));
    if (syntaxTree instanceof Error)
        throw new Error(syntaxErrorMessage(expression, library));
    validate(syntaxTree, library);
    return syntaxTree;
}
/** The library accepts an unterminated string, and drops its last character. */
function checkQuotes(expression) {
    for (let start = 0; start < expression.length; start += 1) {
        const quote = expression[start] ?? "";
        if (!`'"\``.includes(quote))
            continue;
        let end = start + 1;
        while (end < expression.length && expression[end] !== quote)
            end += expression[end] === "\\" ? 2 : 1;
        if (end >= expression.length)
            throw new Error(`the ${quote} at column ${start + 1} is never closed`);
        start = end;
    }
}
/** The library does not say where the mistake is: it is at the end of the shortest prefix that fails for a reason other than being cut off. */
function syntaxErrorMessage(expression, library) {
    const starts = tokenStarts(expression, library);
    const tokenEnds = [...starts.slice(1), expression.length];
    const failedToken = starts.findIndex((_, index) => {
        const result = resultOrError(() => library.compile(expression.slice(0, tokenEnds[index]), parserOptions));
        return result instanceof Error && !/\bEOF\b/.test(result.message);
    });
    const start = starts[failedToken];
    if (start === undefined)
        return "the expression ends too early";
    const token = expression.slice(start, tokenEnds[failedToken]).trim();
    return `unexpected ${truncate(token)} at column ${start + 1}${hintFor(token)}`;
}
function hintFor(token) {
    if (/^-?\d/.test(token))
        return `; write a number in backticks: \`${token}\``;
    return token.startsWith("=") ? "; to compare, write ==" : "";
}
/** The offsets at which tokens start, up to the first character that cannot start a token. */
function tokenStarts(expression, { tokenize }) {
    for (let length = expression.length; length > 0; length -= 1) {
        const tokens = resultOrError(() => tokenize(expression.slice(0, length), parserOptions));
        if (tokens instanceof Error)
            continue;
        const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
        return length === expression.length ? starts : [...starts, length];
    }
    return expression.trim() === "" ? [] : [0];
}
/** Rejects mistakes that the parser accepts, and that would show up only during the wait, or never. */
function validate(node, library, variables = []) {
    if (Array.isArray(node))
        for (const child of node)
            validate(child, library, variables);
    if (!isSyntaxTree(node) || node.type === "Literal")
        return;
    if (node.type === "Binding")
        throw new Error("= does not compare; write ==");
    if (node.type === "LetExpression") {
        let bound = variables;
        for (const { variable, reference } of node.bindings) {
            validate(reference, library, variables);
            bound = [...bound, variable];
        }
        validate(node.expression, library, bound);
        return;
    }
    if (node.type === "Variable" && !variables.includes(node.name))
        throw new Error(`unknown variable: $${node.name}`);
    for (const child of Object.values(node))
        validate(child, library, variables);
    if (node.type === "Function")
        validateCall(node, library);
}
function isSyntaxTree(node) {
    return typeof node === "object" && node !== null && "type" in node;
}
/** Calls a function with dummy arguments, to see whether it exists and takes that many. */
function validateCall(call, { TreeInterpreter }) {
    const result = resultOrError(() => TreeInterpreter.search(call, null));
    if (result instanceof Error && /^(unknown function|invalid arity)/i.test(result.message)) {
        throw new Error(result.message);
    }
}
/** The result of a function, or the Error that it threw. */
function resultOrError(work) {
    try {
        return work();
    }
    catch (error) {
        return error instanceof Error ? error : new Error(String(error));
    }
}
function truncate(text) {
    return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}


/***/ }),

/***/ 31:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CS: () => (/* binding */ ranks),
/* harmony export */   FQ: () => (/* binding */ rootCauses),
/* harmony export */   J6: () => (/* binding */ duplicatesTaskMessage),
/* harmony export */   JD: () => (/* binding */ exitCodeIn),
/* harmony export */   MC: () => (/* binding */ causesIn),
/* harmony export */   NY: () => (/* binding */ isGenericMessage),
/* harmony export */   VT: () => (/* binding */ problemCause),
/* harmony export */   dM: () => (/* binding */ distinct),
/* harmony export */   "do": () => (/* binding */ primaryCauses),
/* harmony export */   sS: () => (/* binding */ sortByRank),
/* harmony export */   wf: () => (/* binding */ issuesOf),
/* harmony export */   zT: () => (/* binding */ isExplained)
/* harmony export */ });
/* harmony import */ var _issue_locations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(564);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2372);


/**
 * The reasons for the result of a run, first causes first. Failures under `continueOnError` are reasons only if nothing
 * else failed.
 */
function rootCauses(tree, { result = null, problems = [] } = {}) {
    if (result === "succeeded")
        return [];
    const found = causesIn((0,_issue_locations_js__WEBPACK_IMPORTED_MODULE_0__/* .issueLocations */ .E5)(tree), result);
    return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}
/** The causes that are not consequences of others; all of them if there are no such causes. */
function primaryCauses(causes) {
    const primary = causes.filter(({ isConsequence }) => !isConsequence);
    return primary.length > 0 ? primary : causes;
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
/** The innermost places that failed, for runs without any message. */
function silentFailures(locations) {
    return locations
        .filter(({ node, hasFailedChild, tolerance }) => (0,_issue_locations_js__WEBPACK_IMPORTED_MODULE_0__/* .hasFailed */ .WN)(node) && !hasFailedChild && tolerance === "none")
        .map((location) => causeOf(location, undefined, false));
}
function isExplained(causes) {
    return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}
/** Why the run could not start at all. */
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
/** The explanation that a place gives: its errors, else its warnings, else only that it failed. */
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
    const isSilent = (0,_issue_locations_js__WEBPACK_IMPORTED_MODULE_0__/* .hasFailed */ .WN)(node) && !location.hasFailedChild && !location.hasIssueBelow;
    const rank = location.fallbackMessage === undefined ? ranks.weak : ranks.message;
    return isSilent ? [rankedCause(location, undefined, rank)] : [];
}
/** `Received request to deprovision: …`, `The agent is shutting down`. */
const interruptionMessage = /deprovision|shut(?:ting)? ?down|evict|preempt|reclaim|reboot|restart|terminat|lost|no longer|taken away/i;
/** A machine that was taken away may leave only a warning. The warnings of a canceled job explain nothing. */
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
    // A job that was ended from outside has the reason itself, whatever its tasks did after that.
    if (hasExplainedChild && !isCanceled && !wasInterrupted)
        return ranks.failedChild;
    // "Bash exited with code '1'" is a cause only if there is no better message.
    const isGeneric = isGenericMessage(issue.message) && !siblings.every((other) => isGenericMessage(other.message));
    return isGeneric ? ranks.genericMessage : ranks.message;
}
const abortedCheckMessage = /^check aborted\b/i;
/** The message of a task or check that was ended from outside is never the reason. */
function isCancelEcho(message, { task, check }) {
    if (check !== undefined)
        return abortedCheckMessage.test(message);
    return task !== undefined && _issue_locations_js__WEBPACK_IMPORTED_MODULE_0__/* .cancelMessage */ .Wz.test(message.trim());
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
        job: job && (stage?.displayName === undefined ? (0,_run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .jobTitle */ .a9)(job) : job.displayName),
        task: task?.displayName,
        message: issue?.message ?? fallbackMessage,
        issue,
        path: (0,_run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .nodePath */ .Ie)(stage, job, task),
        jobId: job?.id,
        taskId: task?.id,
        logId: node.logId,
        logLine: issue?.logLine,
        isConsequence,
    };
}
/** Whether a job only repeats a message of one of its tasks. */
function duplicatesTaskMessage(found) {
    const keyOf = ({ jobId, message }) => JSON.stringify([jobId, message]);
    const taskKeys = new Set(found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)));
    return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}
/** Compilers repeat a message for each project that includes the file, and jobs repeat the messages of their tasks. */
function distinct(found, all = found) {
    const causes = new Map();
    const isDuplicate = duplicatesTaskMessage(all);
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
const genericMessages = [
    /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
    /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
    /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
    /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
    /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];
/** Whether a message says only that something failed, not why: tasks add one after the real error. */
function isGenericMessage(message) {
    return genericMessages.some((pattern) => pattern.test(message.trim()));
}
/** The number in `Bash exited with code '22'.` */
function exitCodeIn(message) {
    const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
    return code === undefined ? undefined : Number(code);
}


/***/ }),

/***/ 564:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E5: () => (/* binding */ issueLocations),
/* harmony export */   Oy: () => (/* binding */ failedCheckTexts),
/* harmony export */   WN: () => (/* binding */ hasFailed),
/* harmony export */   Wz: () => (/* binding */ cancelMessage),
/* harmony export */   hb: () => (/* binding */ wasCutOff)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1527);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2372);



const cancelMessage = /^(?:error: )?(?:the |a )?(?:operation|task) (?:was|has been|will be) cancell?ed\b|^(?:System\.)?(?:Threading\.Tasks\.)?(?:Operation|Task)Cancell?edException/i;
/** A stage, job or check that was abandoned never got the resources it needed, or lost them. */
function hasFailed({ result, isTask }) {
    return result === "failed" || (result === "abandoned" && !isTask);
}
/** Describes a wait (approval, check) that failed. */
const failedCheckTexts = {
    approval: "approval was not given",
    authorization: "permission was not given",
    check: "a check did not pass",
    "manual-validation": "manual validation was rejected",
    delay: "a delay was ended",
    manual: "it was not started",
};
/** Every place of a run, in its order. */
function issueLocations(tree) {
    return [
        ...tree.stages.flatMap(stageLocations),
        ...(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .pipelineChecks */ .gy)(tree).map((check) => checkLocation(check, undefined)),
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
        ...stage.jobs.flatMap(({ tasks }) => tasks).flatMap(({ issues }) => issues),
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
    const interrupted = job.status === "completed" ? job.tasks.filter(wasCutOff) : [];
    const issuesBelow = job.tasks.flatMap(({ issues }) => issues);
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
    const taskLocations = job.tasks.map((task) => ({
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
/** With `continueOnError`, a job or stage can contain failed tasks without failing itself. */
function isTolerated({ result }) {
    return result === "succeededWithIssues" || result === "succeeded";
}
/** A task that succeeded in the end (for example on a retry) keeps its errors. */
function taskTolerance({ result }, isInTolerated) {
    if (result === "succeeded" || result === "skipped")
        return "harmless";
    return isInTolerated || result === "succeededWithIssues" ? "let-pass" : "none";
}
/** Still running, or not started, when its job ended. */
function wasCutOff({ status, result }) {
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
    return (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_2__/* .parseTime */ .pe)(at) ?? Number.MAX_SAFE_INTEGER;
}
function checkLocation(check, stage) {
    return {
        ...emptyLocation,
        stage,
        check,
        node: { ...check, logId: null, isTask: false },
        at: timeOf(check.finishedAt),
        counts: { errors: 0, warnings: 0 },
        fallbackMessage: `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .capitalized */ .l2)(failedCheckTexts[check.kind])}.`,
    };
}


/***/ }),

/***/ 1295:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ isGuid),
/* harmony export */   l: () => (/* binding */ matchesProject)
/* harmony export */ });
function isGuid(text) {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
/** Whether a name or GUID can mean this project. Missing values match everything. */
function matchesProject(nameOrId, { id, name }) {
    const actual = isGuid(nameOrId) ? id : name;
    return actual === null || actual.toLowerCase() === nameOrId.toLowerCase();
}


/***/ }),

/***/ 9508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ip: () => (/* binding */ parseArtifactOutputs),
/* harmony export */   jO: () => (/* binding */ outputText),
/* harmony export */   tq: () => (/* binding */ checkOutputName)
/* harmony export */ });
/* unused harmony export reservedOutputs */
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);

/** The outputs that the action itself writes. Public. GitHub ignores the case of the names. */
const reservedOutputs = [
    "run-id",
    "run-name",
    "run-url",
    "status",
    "result",
    "commit",
    "queue-seconds",
    "run-seconds",
    "attempt",
    "stages",
    "run",
    "summary-file",
    "final-yaml",
    "error-code",
];
/** Throws if an output of this name could not be written, or would replace one of the action's own. */
function checkOutputName(name) {
    if (name.trim() === "")
        throw new Error("the name of an output is blank");
    const quoted = JSON.stringify(name);
    // `=` and `<` would end the name in the runner's file of outputs.
    if (/[\p{Cc}\u2028\u2029=<]/u.test(name) || name !== name.trim()) {
        throw new Error(`${quoted} cannot be the name of an output`);
    }
    if (reservedOutputs.includes(name.toLowerCase())) {
        throw new Error(`${quoted} is an output of the action itself; choose another name`);
    }
}
/** Strings as they are, nothing as blank, anything else as JSON. */
function outputText(value) {
    if (typeof value === "string")
        return value;
    if (value === null || value === undefined)
        return "";
    return JSON.stringify(value) ?? "";
}
/** Reads the one file of an outputs artifact: a JSON object, or `.env` as Node's `util.parseEnv` reads it. */
function parseArtifactOutputs(fileName, text, parseEnv) {
    const content = text.replace(/^\uFEFF/, "");
    const entries = isJson(fileName, content)
        ? jsonEntries(fileName, content)
        : Object.entries(parseEnv(content));
    return entries.map(([name, value]) => [name, outputText(value)]);
}
function isJson(fileName, content) {
    if (/\.json$/i.test(fileName))
        return true;
    return !/\.env$/i.test(fileName) && content.trimStart().startsWith("{");
}
function jsonEntries(fileName, content) {
    const value = parseJsonFile(fileName, content);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`expected one JSON object in ${JSON.stringify(fileName)}`);
    }
    return Object.entries(value);
}
function parseJsonFile(fileName, content) {
    try {
        return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJsonWithSource */ .pr)(content, preserveNumbers);
    }
    catch (error) {
        // The parser's message quotes the text, which may contain secrets.
        if (!(error instanceof SyntaxError))
            throw error;
        throw new Error(`${JSON.stringify(fileName)} is not valid JSON`);
    }
}
// Part of JavaScript since Node 22 and not yet of TypeScript's library.
const { rawJSON } = JSON;
/** Keeps a version such as 1.10 and a number of twenty digits as they are. */
function preserveNumbers(_name, value, { source }) {
    return typeof value === "number" && source !== undefined && String(value) !== source
        ? rawJSON(source)
        : value;
}


/***/ }),

/***/ 559:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GS: () => (/* binding */ worseThrottling),
/* harmony export */   Gc: () => (/* binding */ nextPollDelayMs),
/* harmony export */   Th: () => (/* binding */ nextTimelineGap)
/* harmony export */ });
/** How far a poll interval may grow: users notice late polls, while extra polls only cost the service requests. */
const maxGrowth = { delayed: 2, blocked: 4 };
/** The longest poll interval under throttling. Milliseconds. */
const maxDelayMs = 5 * 60_000;
/**
 * The delay before the next poll. It grows while the service throttles the identity, whose limit all waits share, and
 * shrinks again afterwards, or when the run is expected to end. A `Retry-After` is added.
 */
function nextPollDelayMs(previousMs, { pollIntervalMs, throttling, remainingMs = Number.POSITIVE_INFINITY }) {
    const longestMs = throttling === undefined ? pollIntervalMs : Math.min(pollIntervalMs * maxGrowth[throttling], maxDelayMs);
    const grownMs = throttling === undefined ? previousMs * 0.8 : Math.min(previousMs * 1.5, longestMs);
    // A poll at the expected end sees it at once; one that is overdue may end at any moment.
    const untilEndMs = Math.max(remainingMs, 0);
    return Math.round(Math.max(Math.min(grownMs, untilEndMs), pollIntervalMs));
}
/** Under throttling, the timeline is read at least once in this many polls. */
const maxTimelineGap = 24;
/** The timeline is read once in this many polls: its requests are saved first, then those for the run. */
function nextTimelineGap(previous, throttling) {
    return throttling === undefined ? Math.max(1, previous * 0.95) : Math.min(previous * 2, maxTimelineGap);
}
/** The more severe of two levels. */
function worseThrottling(a, b) {
    return a === "blocked" ? a : (b ?? a);
}


/***/ }),

/***/ 4923:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ld: () => (/* binding */ timingsOf),
/* harmony export */   OR: () => (/* binding */ waitTimesBetween),
/* harmony export */   PX: () => (/* binding */ minReportedWaitMs),
/* harmony export */   jA: () => (/* binding */ progressOf),
/* harmony export */   ux: () => (/* binding */ medianOf)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1527);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2372);


/** `pastDurationsMs` and `ranMs` count from a run's start, without its time in the queue. */
function progressOf(tree, run, pastDurationsMs, runningMs) {
    const jobs = tree.stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job })));
    const counted = jobs.filter(({ stage, job }) => !(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .isNotRun */ .NF)(job) && !(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .isNotRun */ .NF)(stage));
    // A job that only waits for a person or a time does not run.
    const isWaiting = ({ job }) => job.tasks.some(({ wait, status }) => wait !== undefined && status === "inProgress");
    const running = jobs.filter((entry) => entry.job.status === "inProgress" && !isWaiting(entry));
    const checks = (0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .pendingChecks */ .dc)(tree);
    const stagesWithPendingChecks = new Set(checks.map((check) => check.stage));
    const typicalMs = medianOf(pastDurationsMs);
    const queuedFor = queueReason(run);
    const spentMs = queuedFor !== undefined ? 0 : runningMs;
    return {
        queuedFor,
        running,
        awaitingAgent: jobs.filter(({ job, stage }) => job.status === "pending" && stage.status === "inProgress" && !stagesWithPendingChecks.has(stage.name)),
        checks,
        jobsDone: counted.filter(({ job }) => job.status === "completed").length,
        jobsKnown: counted.length,
        typicalMs,
        remainingMs: typicalMs === undefined || (checks.length > 0 && running.length === 0)
            ? undefined
            : Math.max(0, typicalMs - spentMs),
    };
}
function queueReason({ status, isPipelinePaused }) {
    if (status === "postponed")
        return "postponed";
    if (status === "notStarted")
        return isPipelinePaused ? "paused" : "agent";
    return undefined;
}
function medianOf(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const upper = sorted[sorted.length >> 1];
    const lower = sorted[(sorted.length - 1) >> 1];
    return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
/** Waits for checks that are shorter than this are not mentioned. */
const minReportedWaitMs = 5_000;
function timingsOf(run, tree) {
    return {
        queueMs: (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .msBetween */ .z4)(run.createdAt, run.startedAt),
        runMs: (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .msBetween */ .z4)(run.startedAt, run.finishedAt),
        queueWaitTimes: waitTimesBetween((0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .allChecks */ .fZ)(tree), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.createdAt), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.startedAt)),
        runWaitTimes: waitTimesBetween((0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .allChecks */ .fZ)(tree), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.startedAt), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.finishedAt)),
    };
}
/** Counts overlapping waits of several stages once. */
function waitTimesBetween(checks, from = 0, to = Number.MAX_SAFE_INTEGER) {
    return [...Map.groupBy(checks, (check) => check.kind)]
        .map(([kind, group]) => ({ kind, ms: mergedDurationMs(group, from, to) }))
        .filter(({ ms }) => ms >= minReportedWaitMs);
}
function mergedDurationMs(checks, from, to) {
    const spans = checks
        .map((check) => [(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(check.startedAt), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(check.finishedAt)])
        .flatMap(([start, end]) => (start === undefined || end === undefined ? [] : [[start, end]]))
        .sort(([a], [b]) => a - b);
    let total = 0;
    let coveredUntil = from;
    for (const [start, end] of spans) {
        const stop = Math.min(end, to);
        total += Math.max(0, stop - Math.max(start, coveredUntil));
        coveredUntil = Math.max(coveredUntil, stop);
    }
    return total;
}


/***/ }),

/***/ 5336:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CT: () => (/* binding */ stageName),
/* harmony export */   Es: () => (/* binding */ stageDisplayName),
/* harmony export */   PI: () => (/* binding */ mergeRecords),
/* harmony export */   aB: () => (/* binding */ compareRecords),
/* harmony export */   ko: () => (/* binding */ visibleName),
/* harmony export */   zu: () => (/* binding */ indexRecords)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2372);


/** A run's records after one more response, which has all records or those that changed since the previous one. */
function mergeRecords(known, changes) {
    if (changes.length === 0)
        return known;
    const next = new Map(known);
    for (const change of changes)
        next.set(change.id, change);
    // A retry gives a node a new record; the old one leaves the service's timeline but not its changes.
    const latest = new Map();
    for (const record of changes)
        if (record.attempt > 1)
            latest.set(nodeKey(record), record.attempt);
    if (latest.size === 0)
        return next;
    for (const [id, record] of next) {
        if (record.attempt < (latest.get(nodeKey(record)) ?? 0))
            next.delete(id);
    }
    return next;
}
/** A key that all attempts of a node share. */
function nodeKey(record) {
    return `${record.type} ${record.identifier ?? record.id}`;
}
const retriedTypes = new Set(["Stage", "Phase", "Job"]);
function indexRecords(records) {
    const latest = latestAttempts(records);
    const isSuperseded = (record) => retriedTypes.has(record.type) && record.attempt < (latest.get(nodeKey(record)) ?? 0);
    const byType = Map.groupBy(records.values(), (record) => record.type);
    const nearestAncestor = (record, matches) => {
        let ancestor = records.get(record.parentId ?? "");
        // Real trees are five levels deep. A longer chain is a cycle.
        for (let depth = 0; depth < 12 && ancestor !== undefined; depth += 1) {
            if (matches(ancestor))
                return ancestor;
            ancestor = records.get(ancestor.parentId ?? "");
        }
        return undefined;
    };
    // Everything below a replaced record belongs to the earlier attempt, and is dropped with it.
    const isFromEarlierAttempt = (record) => latest.size > 0 && (isSuperseded(record) || nearestAncestor(record, isSuperseded) !== undefined);
    return {
        ofType: (type) => (byType.get(type) ?? []).filter((record) => !isFromEarlierAttempt(record)),
        isFromEarlierAttempt,
        findAncestor: (record, type) => nearestAncestor(record, (ancestor) => ancestor.type === type),
    };
}
/** Records of earlier attempts stay in the map if polls request only the changes. */
function latestAttempts(records) {
    const latest = new Map();
    for (const record of records.values()) {
        if (record.attempt < 2)
            continue;
        const key = nodeKey(record);
        if (record.attempt > (latest.get(key) ?? 0))
            latest.set(key, record.attempt);
    }
    return latest;
}
/** By the service's order; checkpoints and old servers have none, so then by time, name and id. */
function compareRecords(a, b) {
    return ((a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
        compareText(a.startedAt ?? "~", b.startedAt ?? "~") ||
        compareText(a.name, b.name) ||
        compareText(a.id, b.id));
}
function compareText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
/** A stage always has an identifier, which is used if its name is blank. */
function stageDisplayName(stage) {
    return stage.name === _run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .defaultName */ .Z2 ? undefined : (visibleName(stage.name) ?? visibleName(stageName(stage)));
}
function stageName({ identifier, refName, name }) {
    return identifier ?? refName ?? name;
}
/** Default names, and names without a visible character, are not shown. */
function visibleName(name) {
    return name === _run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .defaultName */ .Z2 || (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name) === "" ? undefined : name;
}


/***/ }),

/***/ 237:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Yw: () => (/* binding */ rerunTagStem),
/* harmony export */   fE: () => (/* binding */ rerunTag),
/* harmony export */   jS: () => (/* binding */ fingerprintHash),
/* harmony export */   k0: () => (/* binding */ requestHash)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);
/* harmony import */ var _run_matching_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5275);


/** Compares fingerprints without keeping their values. */
function fingerprintHash({ parameters, variables, secretNames }) {
    return hashOf([parameters, variables, secretNames.toSorted()]);
}
/** The tag by which a later attempt of the same workflow run finds the run that this step started. */
function rerunTag(parts) {
    return `${rerunTagStem(parts)}${parts.requestHash}`;
}
/**
 * The tag up to the hash of the request. Characters that a tag must not contain, or that would end it in a list, are
 * replaced; a hash of the whole key distinguishes keys that differ only in such characters.
 */
function rerunTagStem({ workflowRunId, attempt, key }) {
    const safe = key.replaceAll(/[^\w./-]/g, "_").slice(0, 120);
    const suffix = safe === key ? "" : `:${fnv1a(key).toString(36)}`;
    return `${_run_matching_js__WEBPACK_IMPORTED_MODULE_1__/* .tagPrefix */ .B3}${workflowRunId}:${attempt}:${safe}${suffix}:`;
}
/** Distinguishes requests: a hash of pipeline and body, with only the names of secret variables. */
function requestHash({ pipelineId, body }) {
    const variables = Object.entries((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(body, "variables")).map(([name, value]) => {
        const isSecret = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(value)["isSecret"] === true;
        return [name, isSecret ? { isSecret } : value];
    });
    return hashOf([pipelineId, { ...body, variables: Object.fromEntries(variables) }]);
}
function hashOf(value) {
    const text = JSON.stringify((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .sortKeys */ .di)(value));
    return `${fnv1a(text).toString(36)}${fnv1a(`${text} `, 0x9e3779b9).toString(36)}`;
}
/** FNV-1a over the UTF-16 units. */
function fnv1a(text, seed = 0x811c9dc5) {
    let hash = seed;
    for (let index = 0; index < text.length; index += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
    return hash;
}


/***/ }),

/***/ 233:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ documentOf)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1527);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(31);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2372);




/** The document that expressions see. `rawRun` is the response of Run Pipeline or Get Run, unchanged. */
function documentOf(run, tree, rawRun) {
    const self = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(rawRun, "resources", "repositories", "self");
    return {
        id: run.id,
        name: run.name,
        status: run.status,
        result: run.result,
        attempt: Math.max(1, ...tree.stages.map(({ attempt }) => attempt)),
        url: run.url,
        pipeline: { id: run.pipeline.id, name: run.pipeline.name, folder: run.pipeline.folder },
        // The build of a queued run may lack values that the response to the start has.
        source: {
            ref: run.source.ref ?? stringOrNull(self["refName"]),
            commit: run.source.commit ?? stringOrNull(self["version"]),
        },
        createdAt: run.createdAt,
        startedAt: run.startedAt,
        finishedAt: run.finishedAt,
        queueSeconds: elapsedSeconds(run.createdAt, run.startedAt),
        runSeconds: elapsedSeconds(run.startedAt, run.finishedAt),
        stages: tree.stages.map(documentStage),
        waitingFor: run.status === "completed" ? [] : waitingFor(tree),
        causes: (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .primaryCauses */ ["do"])((0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .rootCauses */ .FQ)(tree, run)).map(documentCause),
        ...(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .sumCounts */ .DN)(tree.stages),
        raw: { run: rawRun ?? null, build: run.raw ?? null },
    };
}
function documentStage(stage) {
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
}
function documentJob(job) {
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
}
function waitingFor(tree) {
    const manualStages = tree.stages.filter((stage) => stage.result === "manual");
    return [
        ...(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .pendingChecks */ .dc)(tree).map(({ kind, id, stage, name }) => ({ kind, id, stage, name })),
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
    const ms = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .msBetween */ .z4)(from, to);
    return ms === undefined ? null : Math.floor(ms / 1_000);
}


/***/ }),

/***/ 5275:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B3: () => (/* binding */ tagPrefix),
/* harmony export */   Im: () => (/* binding */ isBeforeStart),
/* harmony export */   OV: () => (/* binding */ matchStart),
/* harmony export */   ax: () => (/* binding */ fingerprintOf),
/* harmony export */   hB: () => (/* binding */ weakest),
/* harmony export */   oD: () => (/* binding */ matchIdentity),
/* harmony export */   pd: () => (/* binding */ matchRequest),
/* harmony export */   uq: () => (/* binding */ withRunDetails)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);

/** The prefix of the tags by which this action recognises its runs. */
const tagPrefix = "run-azure-pipeline:";
/** Reasons that a run started by Run Pipeline never has. */
const nonManualReasons = new Set([
    "batchedci",
    "buildcompletion",
    "checkinshelveset",
    "individualci",
    "pullrequest",
    "resourcetrigger",
    "schedule",
    "scheduleforced",
    "validateshelveset",
]);
/** Reads from a request's body the properties that its run will have. */
function fingerprintOf({ pipelineId, body, tag, defaultRef }) {
    const self = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(body, "resources", "repositories", "self");
    const variables = Object.entries((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(body, "variables")).map(([name, value]) => [name, (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(value)]);
    const isSecret = ([, value]) => value["isSecret"] === true;
    return {
        pipelineId,
        ref: typeof self["refName"] === "string" ? self["refName"] : defaultRef,
        commit: typeof self["version"] === "string" ? self["version"] : null,
        parameters: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(body, "templateParameters"),
        variables: Object.fromEntries(variables.filter((entry) => !isSecret(entry)).map(([name, value]) => [name, String(value["value"])])),
        secretNames: variables.filter(isSecret).map(([name]) => name),
        tag,
    };
}
/** A candidate from the list of runs, completed by the response of Get Run. */
function withRunDetails(candidate, rawRun) {
    const { templateParameters, variables } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(rawRun);
    const values = Object.entries((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(variables)).map(([name, value]) => [name, (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(value)["value"]]);
    return {
        ...candidate,
        parameters: templateParameters === undefined ? candidate.parameters : (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(templateParameters),
        variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
    };
}
/** Whether a run was started by a request whose response was lost. */
function matchStart(candidate, fingerprint, { clocks, callerId, receivedIds }) {
    const isOtherStep = receivedIds.has(candidate.id) ||
        candidate.tags.some((tag) => tag.startsWith(tagPrefix) && tag !== fingerprint.tag);
    if (isOtherStep)
        return "none";
    return weakest([
        matchIdentity(candidate, callerId),
        compareQueueTime(candidate.queuedAt, clocks),
        matchRequest(candidate, fingerprint),
    ]);
}
/** Whether a run was started by this identity, through the API or by hand. */
function matchIdentity({ requesterIds, reason = "" }, callerId) {
    if (nonManualReasons.has(reason))
        return "none";
    if (callerId === undefined || requesterIds.length === 0)
        return "possible";
    return requesterIds.includes(callerId) ? "exact" : "none";
}
/** Whether a run shows what was requested: pipeline, ref, commit, parameters and variables. Secrets are not compared. */
function matchRequest(candidate, fingerprint) {
    return weakest([
        fingerprint.isPartial === true ? "possible" : "exact",
        candidate.pipelineId === null
            ? "possible"
            : candidate.pipelineId === fingerprint.pipelineId
                ? "exact"
                : "none",
        compareRef(fingerprint.ref, candidate.ref),
        compareCommit(fingerprint.commit?.toLowerCase() ?? null, candidate.commit?.toLowerCase() ?? null),
        compareNamedValues(fingerprint.parameters, candidate.parameters),
        compareNamedValues(fingerprint.variables, comparableVariables(candidate.variables, fingerprint)),
    ]);
}
function weakest(matches) {
    if (matches.includes("none"))
        return "none";
    return matches.includes("possible") ? "possible" : "exact";
}
/** A run that was queued up to this long before the request may still be its run, since clocks differ. Milliseconds. */
const doubtBeforeMs = 5 * 60_000;
/** The same with only one clock, which may be wrong by hours. */
const doubtBeforeWithOneClockMs = 24 * 3_600_000;
/** A time in whole seconds may be a second too early. */
function compareQueueTime(queuedAt, clocks) {
    if (queuedAt === null)
        return "possible";
    const isSingle = clocks.length < 2;
    const doubtMs = isSingle ? doubtBeforeWithOneClockMs : doubtBeforeMs;
    const resolutionMs = queuedAt % 1_000 === 0 ? 999 : 0;
    const isAfter = ({ startedAt, toleranceMs }) => queuedAt + resolutionMs >= startedAt - toleranceMs;
    if (clocks.every(({ startedAt }) => queuedAt < startedAt - doubtMs))
        return "none";
    const isInFuture = clocks.every(({ listedAt }) => queuedAt > listedAt + doubtBeforeMs);
    return clocks.every(isAfter) && !isSingle && !isInFuture ? "exact" : "possible";
}
/** Whether a list that goes back to this run covers the time of a start, by every clock. */
function isBeforeStart({ queuedAt }, { clocks }) {
    return queuedAt !== null && compareQueueTime(queuedAt, clocks) === "none";
}
/** `request-body` may contain the short name of a branch or tag, which the service expands to a full ref. */
function compareRef(requested, actual) {
    // A run of any branch would match, so a match is not evidence.
    if (requested === undefined || requested === null)
        return "possible";
    const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${requested}` === actual);
    return isSame ? "exact" : compareText(requested, actual);
}
/** A value that was not requested matches anything; a value that the service omits is unknown. */
function compareText(requested, actual) {
    if (requested === null || requested === actual)
        return "exact";
    return actual === null ? "possible" : "none";
}
/** The service returns the full hash if an abbreviated one was requested. */
function compareCommit(requested, actual) {
    const isPrefix = requested !== null && requested.length >= 7 && actual?.startsWith(requested);
    return isPrefix ? "exact" : compareText(requested, actual);
}
/** Requested values must be present and equal. Further values may be defaults, or come from another request. */
function compareNamedValues(requested, actual) {
    const names = Object.keys(requested);
    if (actual === undefined)
        return names.length === 0 ? "exact" : "possible";
    // Names are case-insensitive in the service.
    const values = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
    const matches = names.map((name) => {
        const key = name.toLowerCase();
        return values.has(key) ? compareValue(requested[name], values.get(key)) : "none";
    });
    return weakest([...matches, values.size > names.length ? "possible" : "exact"]);
}
/** Without variables that the service adds by itself, and without secrets. */
function comparableVariables(actual, { variables, secretNames }) {
    if (actual === undefined)
        return undefined;
    const lowerCase = (names) => new Set(names.map((name) => name.toLowerCase()));
    const [requested, secret] = [lowerCase(Object.keys(variables)), lowerCase(secretNames)];
    const isAdded = (name) => /^(system|build)\./.test(name) && !requested.has(name);
    const comparable = Object.entries(actual).filter(([name]) => !isAdded(name.toLowerCase()) && !secret.has(name.toLowerCase()));
    return Object.fromEntries(comparable);
}
/**
 * A parameter is sent as text, and may be returned as the value that the text denotes, and a boolean as `True`. Only the
 * service knows what a YAML text denotes.
 */
function compareValue(requested, actual) {
    const [requestedValue, actualValue] = [normalizeValue(requested), normalizeValue(actual)];
    const isSameText = isScalar(requested) &&
        isScalar(actual) &&
        normalizeText(String(requested)) === normalizeText(String(actual));
    if (isSameText)
        return "exact";
    if (JSON.stringify((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .sortKeys */ .di)(requestedValue)) === JSON.stringify((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .sortKeys */ .di)(actualValue))) {
        // 1.10 and 1.1 are the same number, but different versions.
        const areTexts = typeof requested === "string" && typeof actual === "string";
        return areTexts && typeof requestedValue === "number" ? "possible" : "exact";
    }
    return (typeof requestedValue === "string") === (typeof actualValue === "string") ? "none" : "possible";
}
function normalizeValue(value) {
    return typeof value === "string" ? parseScalar(value) : value;
}
function isScalar(value) {
    return typeof value !== "object" || value === null;
}
/** The service may change line ends and surrounding white space. */
function normalizeText(text) {
    return text.replaceAll("\r\n", "\n").trim();
}
function parseScalar(text) {
    if (/^(true|false)$/i.test(text))
        return text.toLowerCase() === "true";
    const value = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJson */ .qF)(text);
    return value === undefined ? text : value;
}


/***/ }),

/***/ 4120:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MK: () => (/* binding */ matchQuery),
/* harmony export */   lF: () => (/* binding */ compareAge),
/* harmony export */   lS: () => (/* binding */ queueTime)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1527);

/**
 * Whether a run is one of those that the query describes. A pull request's run counts only under events of that pull
 * request: it tests a merge with some base, and may use the pull request's own YAML.
 */
function matchQuery({ run, trigger }, { commit, ref, pullRequest }) {
    const { source } = run;
    if (ref !== undefined && source.ref !== ref)
        return "no";
    if (commit === undefined)
        return "yes";
    const isWanted = (hash) => hash?.toLowerCase().startsWith(commit.toLowerCase());
    if (isWanted(source.commit) || isWanted(trigger.ciSourceSha))
        return "yes";
    if (pullRequest !== undefined && trigger.prNumber === String(pullRequest))
        return isWanted(run.prSourceSha) ? "yes" : "no";
    if (source.commit === null)
        return "unknown";
    const isMerge = trigger.prNumber === undefined && source.ref === `refs/pull/${pullRequest}/merge`;
    return isMerge ? "merge" : "no";
}
/** Newest first. A run without a queue time may be the newest; ids ascend. */
function compareAge(a, b) {
    return queueTime(b) - queueTime(a) || b.run.id - a.run.id;
}
/** Milliseconds since 1970. */
function queueTime({ run }) {
    return (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_0__/* .parseTime */ .pe)(run.createdAt) ?? Number.MAX_SAFE_INTEGER;
}


/***/ }),

/***/ 8352:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ msSinceFinished),
/* harmony export */   Q: () => (/* binding */ reopenedRun)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1527);

/** How long ago a run finished; `undefined` if unknown. */
function msSinceFinished({ run, at }) {
    const end = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_0__/* .parseTime */ .pe)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}
/** A run that goes on after a retry or the start of a stage: the end that was seen is not its last. */
function reopenedRun(run) {
    return { ...run, status: "inProgress", result: null, finishedAt: null };
}


/***/ }),

/***/ 2372:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DN: () => (/* binding */ sumCounts),
/* harmony export */   Ie: () => (/* binding */ nodePath),
/* harmony export */   N6: () => (/* binding */ artifactsUrl),
/* harmony export */   NF: () => (/* binding */ isNotRun),
/* harmony export */   W_: () => (/* binding */ isRunning),
/* harmony export */   Z2: () => (/* binding */ defaultName),
/* harmony export */   a9: () => (/* binding */ jobTitle),
/* harmony export */   dc: () => (/* binding */ pendingChecks),
/* harmony export */   fZ: () => (/* binding */ allChecks),
/* harmony export */   gO: () => (/* binding */ logUrl),
/* harmony export */   gd: () => (/* binding */ hasStarted),
/* harmony export */   gy: () => (/* binding */ pipelineChecks),
/* harmony export */   jX: () => (/* binding */ attemptKey)
/* harmony export */ });
/** The name of what was not named in the YAML; it is not shown. */
const defaultName = "__default";
/** The name shown for a job if neither it nor its stage has one. */
function jobTitle(job) {
    return job.displayName ?? "Job";
}
/** `Staging › Smoke tests › Run curl`, without unnamed nodes. */
function nodePath(stage, job, task) {
    const names = [stage, job, task].map((node) => node?.displayName).filter((name) => name !== undefined);
    return names.length === 0 && job !== undefined ? "Job" : names.join(" › ");
}
/** Whether it ran at some time; a skipped or manual one did not, even if it has times. */
function hasStarted(node) {
    if (node.status === "inProgress")
        return true;
    return node.status === "completed" && !isNotRun(node) && node.startedAt !== null;
}
/** Whether it ended without having run: skipped, or manual and not started. */
function isNotRun({ result }) {
    return result === "skipped" || result === "manual";
}
/** Whether something in it is running. */
function isRunning({ stages }) {
    const isInProgress = ({ status }) => status === "inProgress";
    return stages.some((stage) => isInProgress(stage) || stage.jobs.some((job) => isInProgress(job) || job.tasks.some(isInProgress)));
}
/** The issues whose stage does not exist. */
function pipelineChecks({ stages, checks }) {
    const inStages = new Set(stages.flatMap((stage) => stage.checks));
    return checks.filter((check) => !inStages.has(check));
}
/** The total of all of them. */
function sumCounts(nodes) {
    const sum = (key) => nodes.reduce((total, node) => total + node[key], 0);
    return { errors: sum("errors"), warnings: sum("warnings") };
}
/** A key for one attempt of a node, unique in its run. */
function attemptKey({ id, attempt }) {
    return `${id}#${attempt}`;
}
/** Every wait of a stage or a run: its checks, and the tasks that wait. */
function allChecks({ stages, checks }) {
    return [...checks, ...stages.flatMap(taskChecks)];
}
function taskChecks({ jobs }) {
    return jobs.flatMap(({ tasks }) => tasks.flatMap(({ wait }) => wait ?? []));
}
/** Whether the run waits for it now. */
function pendingChecks(tree) {
    const completedStages = new Set(tree.stages.filter((stage) => stage.status === "completed").map((stage) => stage.name));
    return allChecks(tree).filter((check) => check.status === "inProgress" && !(check.stage && completedStages.has(check.stage)));
}
/** The URL of a job or task in the run's log viewer. `runUrl` is the URL of the run. */
function logUrl(runUrl, jobId, taskId, line) {
    const taskQuery = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
    const lineQuery = line === undefined ? "" : `&l=${line}`;
    return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${taskQuery}${lineQuery}`;
}
/** The URL of the page that lists a run's artifacts. */
function artifactsUrl(runUrl) {
    return `${withQuery(runUrl)}view=artifacts`;
}
function withQuery(url) {
    return `${url}${url.includes("?") ? "&" : "?"}`;
}


/***/ }),

/***/ 141:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z3: () => (/* binding */ sourcePath),
/* harmony export */   _c: () => (/* binding */ firstOwnFrame),
/* harmony export */   pe: () => (/* binding */ framePath)
/* harmony export */ });
/** The groups are the file and the line. */
const framePatterns = [
    // .NET: `at Web.Tests.Health() in /src/Health.cs:line 12`
    /\bin (.+?):line (\d+)/,
    // Python: `File "tests/test_health.py", line 12, in test`
    /\bFile "([^"]+)", line (\d+)/,
    // Node and Java: `at check (src/health.ts:12:5)`, `at Health.check(Health.java:12)`
    /\bat .*\(([^()\s]+?):(\d+)(?::\d+)?\)/,
    /\bat (?:async )?([^()\s]+?):(\d+)(?::\d+)?$/,
    // Rust: `thread 'health' panicked at src/lib.rs:12:5:`
    /\bpanicked at (?:'.*', )?([^\s:']+):(\d+)/,
    // Perl: `at t/health.t line 12.`
    /\bat (\S+\.\w+) line (\d+)/,
    // pytest, Go, Ruby, PHP, C++: `tests/test_health.py:12: AssertionError`
    /^\s*((?:[a-z]:)?[^\s:()]+\.\w+):(\d+)(?::|\s|$)/i,
    // C++ on Windows: `tests\health.cpp(12): error: …`
    /^\s*((?:[a-z]:)?[^\s:()]+\.\w+)\((\d+)\)(?::|$)/i,
    // Dart: `test/health_test.dart 12:5  main.<fn>`
    /^\s*(\S+\.dart) (\d+):\d+/,
];
/** Files of libraries, of package managers and of the language itself. */
const foreignFile = new RegExp([
    "node_modules|hostedtoolcache",
    "^(?:node|dart|package):",
    String.raw `^internal[\\/]|^/rustc/|/usr/(?:local/)?(?:lib|go)/|[\\/]lib[\\/]python`,
    String.raw `[\\/](?:(?:site|dist)-packages|gems|\.cargo|\.pub-cache)[\\/]`,
    String.raw `(?:^|[\\/])vendor[\\/]`,
].join("|"));
/** Deterministic .NET builds call the root of every repository `/_/`, that of a library's own too. */
const deterministicRoot = /^\/_\d*\//;
/** Methods of .NET's and of the JVM's libraries, whose files are called like anybody's. */
const libraryMethod = new RegExp([
    String.raw `^\s*at (?:[\w.@-]+/)?(?:`,
    "System|Microsoft|Xunit|NUnit|FluentAssertions|AwesomeAssertions|Shouldly|Moq|NSubstitute|",
    "javax?|jdk|sun|kotlin|scala|groovy|",
    String.raw `org\.(?:junit|hamcrest|assertj|mockito|testng|opentest4j|gradle|apache|springframework|scalatest)`,
    String.raw `)\.`,
].join(""));
/** The first line of a stack trace that is in a file of the tested project and not of a library. */
function firstOwnFrame(stackTrace) {
    for (const text of stackTrace.slice(0, 50_000).split("\n", 500)) {
        const line = text.slice(0, 1_000).trimEnd();
        const match = framePatterns.map((pattern) => pattern.exec(line)).find((found) => found !== null);
        const [, path = "", number] = match ?? [];
        const file = path.replace(/^file:\/\//, "");
        const isNameShared = deterministicRoot.test(file) || bareFile.test(file);
        const isForeign = foreignFile.test(file) || (isNameShared && libraryMethod.test(line));
        if (file !== "" && !isForeign)
            return { file, line: Number(number) };
    }
    return undefined;
}
/** Frames of the JVM and of Go's tests name a file without its folder. */
const bareFile = /^[^\\/]+\.(?:java|kts?|scala|groovy|clj|go)$/;
/** The path in the sources of the file in a stack trace; `undefined` where the trace doesn't say it. */
function framePath({ file }) {
    return bareFile.test(file) ? undefined : sourcePath(file);
}
/**
 * The path relative to the repository for a path that a tool printed: tools print absolute paths on the agent, which begin
 * with its sources folder. `undefined` for files elsewhere, and for texts that cannot be a path.
 */
function sourcePath(path) {
    const slashed = path.replaceAll("\\", "/");
    const inside = /^(?:[a-z]:)?\/(?:.*\/)?(?:_work|__w|work|a)\/\d+\/s\/(.+)$/is.exec(slashed)?.[1] ??
        slashed.replace(deterministicRoot, "");
    const relative = inside.replace(/^(?:\.\/+)+/, "");
    const isElsewhere = relative.startsWith("/") || /(^|\/)\.\.(\/|$)|:|\p{Cc}/u.test(relative);
    return isElsewhere || relative.trim() === "" ? undefined : relative;
}


/***/ }),

/***/ 4254:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ requestBody)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(292);

/**
 * The body of the request that starts a run. Inputs that are not set are omitted, so that the pipeline's defaults apply.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
function requestBody(inputs) {
    const { ref, commit, parameters, stagesToSkip = [], resources = {}, requestBody: overrides = {} } = inputs;
    const self = {
        ...(ref !== undefined && { refName: ref }),
        ...(commit !== undefined && { version: commit }),
    };
    const selfRepository = isEmpty(self) ? {} : { repositories: { self } };
    const merged = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .deepMerge */ .$N)(selfRepository, resources);
    const variables = {
        ...variableValues(inputs.variables, false),
        ...variableValues(inputs.secretVariables, true),
    };
    const body = {
        ...(stagesToSkip.length > 0 && { stagesToSkip }),
        ...(!isEmpty(merged) && { resources: merged }),
        ...(parameters !== undefined && { templateParameters: parameters }),
        ...(!isEmpty(variables) && { variables }),
    };
    return withStringVersions((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .deepMerge */ .$N)(body, overrides));
}
/** A resource's version is a string, even if it looks like a number: 20240101.1. */
function withStringVersions(body) {
    const { resources } = body;
    if (!(0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(resources))
        return body;
    const kinds = mapValues(resources, (aliases) => mapValues(aliases, resourceVersionAsString));
    return { ...body, resources: kinds };
}
function resourceVersionAsString(resource) {
    if (!(0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(resource) || typeof resource["version"] !== "number")
        return resource;
    return { ...resource, version: String(resource["version"]) };
}
function mapValues(value, transform) {
    if (!(0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, transform(item)]));
}
function variableValues(variables = {}, isSecret) {
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value, isSecret }]));
}
function isEmpty(object) {
    return Object.keys(object).length === 0;
}


/***/ }),

/***/ 9473:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ reasonOf),
/* harmony export */   FZ: () => (/* binding */ ignoreError),
/* harmony export */   N_: () => (/* binding */ TransientError),
/* harmony export */   Rn: () => (/* binding */ RunnerError),
/* harmony export */   YH: () => (/* binding */ StepCancelledError),
/* harmony export */   by: () => (/* binding */ ResponseTooLargeError),
/* harmony export */   dg: () => (/* binding */ isTransient),
/* harmony export */   lZ: () => (/* binding */ ActionError),
/* harmony export */   tA: () => (/* binding */ asTransient),
/* harmony export */   zX: () => (/* binding */ shutdownRequested)
/* harmony export */ });
/* unused harmony export errorCodes */
/** Why the action could not do its job. Part of the public interface: docs/troubleshooting.md has a section for each. */
const errorCodes = (/* unused pure expression or super */ null && ([
    "bad-input",
    "unauthorized",
    "forbidden",
    "not-found",
    "rejected",
    "unreachable",
    "busy",
    "unexpected-response",
    "start-unknown",
    "timeout",
    "canceled",
    "internal",
    "unsupported-runner",
]));
/** The action could not do its job. A failed run is a verdict, not an error. */
class ActionError extends Error {
    name = "ActionError";
    code;
    hint;
    constructor(code, message, options = {}) {
        super(message, { cause: options.cause });
        this.code = code;
        this.hint = options.hint;
    }
}
/** A response that was too large to read, so its content is unknown. */
class ResponseTooLargeError extends ActionError {
    name = "ResponseTooLargeError";
}
/** The runner failed (full disk, missing command file, closed log), so the step can't continue. */
class RunnerError extends ActionError {
    name = "RunnerError";
    constructor(message, cause) {
        super("internal", message, { hint: "Check the runner's disk and its `RUNNER_TEMP` folder.", cause });
    }
}
/** Abort reason: the job or the step was cancelled, or reached its time limit. */
class StepCancelledError extends Error {
    name = "StepCancelledError";
}
/** The message of anything that was thrown. */
function reasonOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/** Aborts a main step in a container, which receives no signal. The post step has started and cancels the run. */
const shutdownRequested = new StepCancelledError("the post step has begun");
/** An error that may disappear with a retry: a lost connection, a timeout, a gateway's 503. */
class TransientError extends Error {
    name = "TransientError";
    retryAfterMs;
    throttled;
    unsent;
    fromGateway;
    hint;
    constructor(message, options = {}) {
        super(message, { cause: options.cause });
        this.retryAfterMs = options.retryAfterMs;
        this.throttled = options.throttled ?? false;
        this.unsent = options.unsent ?? false;
        this.fromGateway = options.fromGateway ?? false;
        this.hint = options.hint;
    }
}
/** The error if it is transient, else `undefined`: decides retries in `retry`. */
function asTransient(error) {
    return error instanceof TransientError ? error : undefined;
}
/** Whether a retry may succeed. A rejected token or a bug of the action is permanent. */
function isTransient(error) {
    if (!(error instanceof ActionError))
        return error instanceof TransientError;
    // A gateway's page is an error of the action where no retry was left.
    return error.code === "unreachable" || error.code === "busy" || error.cause instanceof TransientError;
}
function ignoreError(_reason, fallback) {
    return () => fallback;
}


/***/ }),

/***/ 6039:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   NE: () => (/* binding */ describeEnvironment),
/* harmony export */   Tm: () => (/* binding */ runAttempt),
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* unused harmony export headCommit */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(292);



/** What this step runs on, fact by fact, without a request. Nothing in it names a person, a host or a place. */
function describeEnvironment({ env, entryPath, nodeVersion, osRelease, }) {
    const { RUNNER_OS: os = "?", RUNNER_ARCH: arch = "?", RUNNER_ENVIRONMENT: hosting = "?" } = env;
    const isSet = (...names) => names.some((name) => env[name] || env[name.toUpperCase()]) ? "yes" : "no";
    return [
        ["action", `${actionVersion(entryPath)}, ${actionSource(env)}`],
        ["runner", `${hosting}, ${os} ${arch} (${osRelease}), Node ${nodeVersion}`],
        ["event", env["GITHUB_EVENT_NAME"] ?? "?"],
        ["github.com", env["GITHUB_SERVER_URL"] === "https://github.com" ? "yes" : "no"],
        ["proxy", isSet("https_proxy", "http_proxy")],
        ["NODE_EXTRA_CA_CERTS", isSet("NODE_EXTRA_CA_CERTS")],
    ];
}
/** Above 1 in a re-run. */
function runAttempt({ GITHUB_RUN_ATTEMPT: attempt }) {
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asId */ .gR)(Number(attempt)) ?? 1;
}
function actionVersion(entryPath) {
    try {
        const text = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(entryPath), "../package.json"), "utf8");
        return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(text))["version"]) ?? "?";
    }
    catch {
        return "?";
    }
}
/** What stands behind `uses:`; an action of the workflow's own checkout has neither. */
function actionSource({ GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, }) {
    return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}
/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
function readTrigger(env, readFile) {
    const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
    const { deleted } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload);
    return {
        event: env["GITHUB_EVENT_NAME"] ?? "",
        repository: env["GITHUB_REPOSITORY"] ?? "",
        serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
        ref: env["GITHUB_REF"] ?? "",
        sha: env["GITHUB_SHA"] ?? "",
        defaultBranch: nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload, "repository")["default_branch"]),
        deleted: typeof deleted === "boolean" ? deleted : undefined,
        pullRequest: readPullRequest(payload),
        workflowRunHeadSha: nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload, "workflow_run")["head_sha"]),
    };
}
/** A pull request that lacks a part counts as absent: the workflow's own ref still applies. */
function readPullRequest(payload) {
    const { number, merged_at: mergedAt } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload, "pull_request");
    const head = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload, "pull_request", "head");
    const headRef = nonEmptyText(head["ref"]);
    const headSha = nonEmptyText(head["sha"]);
    const baseRef = nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(payload, "pull_request", "base")["ref"]);
    if (typeof number !== "number" || headRef === undefined || headSha === undefined || baseRef === undefined)
        return undefined;
    const headRepository = nonEmptyText((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(head, "repo")["full_name"]);
    const merged = nonEmptyText(mergedAt) !== undefined;
    return { number, headRef, headSha, headRepository, baseRef, merged };
}
function nonEmptyText(value) {
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asString */ .oJ)(value) ?? undefined;
}
/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
function headCommit(trigger) {
    return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
}
function readPayload(path, readFile) {
    if (!path)
        return undefined;
    try {
        return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(readFile(path));
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 4307:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ProxyAgent: () => (/* binding */ ProxyAgent),
/* harmony export */   fetch: () => (/* binding */ fetch)
/* harmony export */ });
// What the bundle has in place of undici (`paths` in tsconfig.json): docs/decisions/0002-undici-stays-out.md.
/** Node's own. Calls to GitHub do not use it: Octokit is given the action's transport. */
const fetch = globalThis.fetch;
/** @actions/github creates one while it loads behind a proxy, and nothing uses it: the transport has its own proxy agents. */
class ProxyAgent {
}


/***/ }),

/***/ 8010:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  MA: () => (/* binding */ givenInputNames),
  N$: () => (/* binding */ readValues),
  _y: () => (/* binding */ secretInputs)
});

// UNUSED EXPORTS: fields

// EXTERNAL MODULE: ./build/core/condition.js + 1 modules
var condition = __webpack_require__(4217);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __webpack_require__(2696);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/json.js
var json = __webpack_require__(292);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
;// CONCATENATED MODULE: ./build/inputs/yaml.js

const maxDepth = 100;
/** Limit of characters and nodes after aliases are resolved. */
const maxSize = 1024 * 1024;
// The library's own messages quote the source, which may be a secret.
const errorMessages = {
    BAD_ALIAS: "a value that starts with * or & must be quoted",
    BAD_DQ_ESCAPE: "unknown escape in double quotes; write \\\\ for a backslash, or use single quotes",
    BAD_INDENT: "the indentation is wrong, or a bracket is not closed",
    BAD_SCALAR_START: "a value that starts with @, ` or % must be quoted",
    BLOCK_AS_IMPLICIT_KEY: "a value that contains a colon and a space must be quoted, and names must have the same indentation",
    MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
    MULTIPLE_DOCS: "expected one document, got several",
    MULTILINE_IMPLICIT_KEY: "a name and its colon must be on one line",
    RESOURCE_EXHAUSTION: "the document is nested too deeply",
    TAB_AS_INDENT: "indent with spaces, not with tabs",
};
/** Reads YAML 1.2, which includes JSON. `undefined` for an empty document. No error message quotes a value. */
async function parseYaml(text) {
    const mapping = parseSimpleMapping(text) ?? parseJsonMapping(text);
    if (mapping !== undefined)
        return mapping;
    const yaml = await __webpack_require__.e(/* import() */ 815).then(__webpack_require__.t.bind(__webpack_require__, 8815, 19));
    const lines = new yaml.LineCounter();
    const document = yaml.parseDocument(text, {
        schema: "failsafe",
        resolveKnownTags: false,
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: "error",
        lineCounter: lines,
    });
    const [error] = document.errors;
    if (error !== undefined)
        throw syntaxError(error, lines);
    const { contents } = document;
    if (contents === null || (yaml.isScalar(contents) && isEmptyScalar(contents)))
        return undefined;
    return toNode(contents, { yaml, text, lines, aliasTargets: resolveAliases(yaml, document), size: 0 }, 0);
}
/** A name and a plain scalar without any character that YAML gives a meaning to. */
const simpleLine = /^([A-Za-z_][\w.-]*): +([A-Za-z0-9_][\w./@+-]*(?: [\w./@+-]+)*) *$/;
/** Reads lines of `name: value` without the YAML library, which takes a while to load. */
function parseSimpleMapping(text) {
    const entries = new Map();
    for (const line of text.split(/\r?\n/)) {
        if (line === "")
            continue;
        const [, name, value] = simpleLine.exec(line) ?? [];
        if (name === undefined || value === undefined || entries.has(name))
            return undefined;
        entries.set(name, { kind: "scalar", text: value, plain: true, cutOff: false });
    }
    return entries.size === 0 ? undefined : { kind: "map", entries };
}
/** Reads a JSON object, numbers as they are written; `undefined` where the YAML library has to read it or reject it. */
function parseJsonMapping(text) {
    if (!/^\s*\{/.test(text))
        return undefined;
    let nameCount = 0;
    try {
        const node = (0,json/* parseJsonWithSource */.pr)(text, (_name, value, { source }) => {
            if (source !== undefined && typeof value === "string")
                return scalarNode(value, false);
            if (source !== undefined)
                return scalarNode(source, true);
            if (Array.isArray(value))
                return { kind: "list", items: value };
            const entries = new Map(Object.entries(value));
            nameCount += entries.size;
            return { kind: "map", entries };
        });
        // JSON.parse keeps the last of two equal names, which are a mistake.
        const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)];
        const writtenNames = strings.filter(([, colon]) => colon !== undefined).length;
        return writtenNames === nameCount && depthOf(node) <= maxDepth ? node : undefined;
    }
    catch {
        return undefined;
    }
}
function scalarNode(text, plain) {
    return { kind: "scalar", text, plain, cutOff: false };
}
function depthOf(node) {
    if (node.kind === "scalar")
        return 0;
    const children = node.kind === "list" ? node.items : [...node.entries.values()];
    return 1 + children.reduce((depth, child) => Math.max(depth, depthOf(child)), 0);
}
function isEmptyScalar({ source, type, tag }) {
    return type === "PLAIN" && tag === undefined && ["", "~", "null"].includes(source);
}
function toNode(node, context, depth) {
    const { yaml, lines, aliasTargets } = context;
    context.size += 1;
    if (depth > maxDepth)
        throw new Error(`the document is nested more than ${maxDepth} levels deep`);
    if (node === null)
        return { kind: "scalar", text: "", plain: true, cutOff: false };
    checkTag(node, lines);
    if (yaml.isAlias(node)) {
        const target = aliasTargets.get(node);
        if (target === undefined)
            throw errorAt(node, lines, "a value that starts with * must be quoted");
        return toNode(target, context, depth + 1);
    }
    if (yaml.isMap(node)) {
        return { kind: "map", entries: toEntries(node.items, context, depth) };
    }
    if (yaml.isSeq(node)) {
        const items = node.items;
        return { kind: "list", items: items.map((item) => toNode(item, context, depth + 1)) };
    }
    return toScalar(node, context);
}
function toScalar({ source, type, tag, range }, context) {
    context.size += source.length;
    if (context.size > maxSize)
        throw new Error("the document is too large after its aliases are resolved");
    const isPlain = type === "PLAIN";
    const cutOff = isPlain && isFollowedByHash(context.text, range[1]);
    return { kind: "scalar", text: source, plain: isPlain && tag === undefined, cutOff };
}
/** A comment that begins without a space is more likely a part of the value. */
function isFollowedByHash(text, valueEnd) {
    let index = valueEnd;
    while (text[index] === " " || text[index] === "\t")
        index += 1;
    return text[index] === "#" && /\S/.test(text[index + 1] ?? "");
}
/** Whether a value, or one inside it, is cut off. */
function isCutOff(node) {
    if (node.kind === "scalar")
        return node.cutOff;
    const children = node.kind === "list" ? node.items : [...node.entries.values()];
    return children.some(isCutOff);
}
function toEntries(pairs, context, depth) {
    const entries = new Map();
    for (const { key, value } of pairs) {
        const name = toNode(key, context, depth + 1);
        if (name.kind !== "scalar")
            throw errorAt(key, context.lines, `expected a name, got a ${nodeKind(name)}`);
        if (name.plain && name.text === "")
            throw errorAt(key, context.lines, "a name is missing before the colon");
        if (entries.has(name.text))
            throw errorAt(key, context.lines, `the key "${name.text}" appears twice`);
        entries.set(name.text, toNode(value, context, depth + 1));
    }
    return entries;
}
/** For messages. */
function nodeKind({ kind }) {
    return { scalar: "text", list: "list", map: "mapping" }[kind];
}
function checkTag(node, lines) {
    if (node.tag === undefined || node.tag === "!")
        return;
    if (/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag))
        return;
    throw errorAt(node, lines, "a value that starts with ! must be quoted");
}
/** Each alias with its node: the last one before it that has the anchor. */
function resolveAliases(yaml, document) {
    const anchors = new Map();
    const targets = new Map();
    yaml.visit(document, {
        Alias(_, alias) {
            const target = anchors.get(alias.source);
            if (target !== undefined)
                targets.set(alias, target);
        },
        Value(_, node) {
            if (node.anchor !== undefined)
                anchors.set(node.anchor, node);
        },
    });
    return targets;
}
function syntaxError({ code, pos }, lines) {
    const { line, col } = lines.linePos(pos[0]);
    return new Error(`${errorMessages[code] ?? "this is not valid YAML"} (line ${line}, column ${col})`);
}
function errorAt(node, lines, message) {
    return new Error(`${message} (line ${lines.linePos(node.range[0]).line})`);
}

;// CONCATENATED MODULE: ./build/inputs/mappings.js



/** Template parameters: a scalar as it was written, a list or a mapping as JSON text. */
async function parameterMapping(raw, warn) {
    const mapping = await readMapping(raw, warn);
    return Object.fromEntries(mapping.map(([name, value]) => [name, value.kind === "scalar" ? value.text : value.json]));
}
const scalarExpected = "a variable takes one text; to pass a list or a mapping, use `parameters`";
/** Variables are texts: a list or a mapping as a value is a mistake. */
function variableMapping(raw, warn) {
    return scalarsOnly(raw, scalarExpected, warn);
}
/** Like `variableMapping`, but a value that is cut off is an error: part of a secret would be sent. */
async function secretVariableMapping(raw, warn) {
    const reject = (text) => {
        throw new Error(text);
    };
    const variables = await scalarsOnly(raw, scalarExpected, reject);
    const ordinary = Object.entries(variables).flatMap(([name, value]) => value.trim() !== "" && (0,lib_text/* isOrdinaryText */.o1)(value) ? [JSON.stringify(name)] : []);
    if (ordinary.length > 0)
        warn(`${ordinary.join(", ")} ${ordinary.length === 1 ? "has a value" : "have values"} of fewer than ${lib_text/* minSecretLength */.jE} characters or a common word, ` +
            "so it is masked only in the log, and GitHub drops every job output that contains it; pass it in `variables` if it is not a secret");
    return variables;
}
/** Output names to expressions. */
function textMapping(raw, warn) {
    return scalarsOnly(raw, "expected an expression", warn);
}
const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];
/** The request's `resources`: each known kind is a mapping of aliases to mappings. */
async function resourcesMapping(raw, warn) {
    const resources = await readJsonMapping(raw, warn);
    for (const kind of resourceKinds) {
        const aliases = resources[kind];
        if (aliases === undefined)
            continue;
        if (!(0,json/* isJsonObject */.OW)(aliases))
            throw new Error(`"${kind}" takes a mapping of aliases, as in ${example(kind)}`);
        const [invalidAlias] = Object.entries(aliases).find(([, resource]) => !(0,json/* isJsonObject */.OW)(resource)) ?? [];
        if (invalidAlias !== undefined)
            throw new Error(`"${invalidAlias}" in "${kind}" takes a mapping, as in ${example(kind)}`);
    }
    return resources;
}
function example(kind) {
    return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}
/** Fields of the request body. A preview is rejected: the response would name no run. */
async function bodyMapping(raw, warn) {
    const body = await readJsonMapping(raw, warn);
    // The service ignores the case of names.
    const preview = Object.entries(body).find(([name, value]) => /^previewRun$/i.test(name) && isEnabled(value));
    if (preview !== undefined) {
        throw new Error(`"${preview[0]}" starts no run; remove it and use the input \`preview\``);
    }
    return body;
}
/** Anything but a spelling of false. */
function isEnabled(value) {
    return !/^(false|null|0|)$/i.test(String(value).trim());
}
async function scalarsOnly(raw, advice, warn) {
    const mapping = await readMapping(raw, warn);
    return Object.fromEntries(mapping.map(([name, value]) => {
        if (value.kind === "scalar")
            return [name, value.text];
        throw new Error(`"${name}" has a ${value.kind === "list" ? "list" : "mapping"} as its value; ${advice}`);
    }));
}
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Reads YAML 1.2, which includes JSON: `1.10`, `yes`, `0x1F` and `True` stay unchanged, a blank value is "". */
async function readMapping(text, warn) {
    return [...(await parseEntries(text, warn))].map(([name, node]) => [name, toMappingValue(node)]);
}
/**
 * Reads a mapping whose values are numbers, booleans, nulls, strings, lists and mappings, for a JSON body.
 * A number that JavaScript would write differently (`1.10`, twenty digits) becomes a string: the service reads either.
 */
async function readJsonMapping(text, warn) {
    const entries = [...(await parseEntries(text, warn))].map(([name, node]) => [name, toJsonValue(node)]);
    return Object.fromEntries(entries);
}
/** Reads a YAML list, or items separated by line breaks or commas. Blank items are dropped. */
async function readList(text, warn) {
    if (isQuotedJson(text))
        throw new Error(jsonInQuotes);
    const items = isYamlList(text) ? await parseYamlItems(text, warn) : splitItems(text);
    return items.map((item) => item.trim()).filter((item) => item !== "");
}
async function parseEntries(text, warn) {
    if (text.trim() === "")
        return new Map();
    const node = await parseYaml(text).catch((error) => {
        throw isQuotedJson(text) ? new Error(jsonInQuotes) : error;
    });
    if (node === undefined)
        return new Map();
    if (node.kind !== "map") {
        if (isQuotedJson(text))
            throw new Error(jsonInQuotes);
        throw new Error(`expected a mapping (name: value), got ${describeNode(node)}`);
    }
    for (const [name, value] of node.entries)
        if (isCutOff(value))
            warn(cutOffText(JSON.stringify(name)));
    return node.entries;
}
const jsonInQuotes = "JSON must not be wrapped in quotes; remove the quotes around it";
function isQuotedJson(text) {
    const trimmed = text.trim();
    return /^(['"])\s*[[{]/.test(trimmed) && /[\]}]\s*['"]$/.test(trimmed);
}
function cutOffText(subject) {
    return `${subject} is cut off at " #", which begins a comment in YAML; quote the value, or write it with toJSON() if it comes from an expression`;
}
function toMappingValue(node) {
    if (node.kind === "scalar")
        return { kind: "scalar", text: node.text };
    return { kind: node.kind, json: toJsonText(node) };
}
/** Numbers keep every digit, which JavaScript's numbers would not. */
function toJsonText(node) {
    if (node.kind === "list")
        return `[${node.items.map(toJsonText).join(",")}]`;
    if (node.kind === "map") {
        const entries = [...node.entries].map(([name, value]) => `${JSON.stringify(name)}:${toJsonText(value)}`);
        return `{${entries.join(",")}}`;
    }
    if (node.plain && jsonNumber.test(node.text))
        return node.text;
    return JSON.stringify(toJsonValue(node));
}
function toJsonValue(node) {
    if (node.kind === "list")
        return node.items.map(toJsonValue);
    if (node.kind === "map") {
        return Object.fromEntries([...node.entries].map(([name, value]) => [name, toJsonValue(value)]));
    }
    const { text, plain } = node;
    if (!plain)
        return text;
    if (/^(true|True|TRUE)$/.test(text))
        return true;
    if (/^(false|False|FALSE)$/.test(text))
        return false;
    if (/^(|~|null|Null|NULL)$/.test(text))
        return null;
    return jsonNumber.test(text) && String(Number(text)) === text ? Number(text) : text;
}
/** Whether the first line with content begins a YAML list, or a mapping where a list is expected. */
function isYamlList(text) {
    const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*(#|---\s*$|$)/.test(line));
    return first !== undefined && /^\s*([[{]|-(\s|$))/.test(first);
}
async function parseYamlItems(text, warn) {
    const node = await parseYaml(text);
    if (node === undefined)
        return [];
    if (node.kind !== "list")
        throw new Error(`expected a list, got ${describeNode(node)}`);
    return node.items.map((item, index) => {
        if (isCutOff(item))
            warn(cutOffText(`item ${index + 1}`));
        if (item.kind === "scalar")
            return item.text;
        throw new Error(`expected a list of names, but item ${index + 1} is a ${nodeKind(item)}`);
    });
}
function splitItems(text) {
    const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
    if (lines.length > 0 && lines.every((line) => /^\s*[\w.-]+:(\s|$)/.test(line))) {
        throw new Error("expected a list, got a mapping");
    }
    return lines.flatMap((line) => line.split(","));
}
function describeNode(node) {
    return node.kind === "scalar" ? "text; put a space after the colon" : `a ${nodeKind(node)}`;
}

// EXTERNAL MODULE: ./build/inputs/organization-url.js
var organization_url = __webpack_require__(5257);
// EXTERNAL MODULE: ./build/inputs/parsers.js
var parsers = __webpack_require__(5272);
;// CONCATENATED MODULE: ./build/inputs/fields.js






/** One row per input of action.yml, in its order. */
const fields = {
    organization: optional("organization", organization_url/* parseOrganization */.H4),
    project: optional("project", organization_url/* projectName */.j1),
    pipelineId: optional("pipeline-id", parsers/* positiveInteger */.Cq),
    pipelineName: optional("pipeline-name", parsers/* singleLine */.pF),
    url: optional("url", organization_url/* parsePastedUrl */.Ue),
    runId: optional("run-id", parsers/* positiveInteger */.Cq),
    findRun: optional("find-run", (0,parsers/* oneOf */.yL)("commit", "ref")),
    findWhen: optional("find-when", (raw, warn) => (0,condition/* compileCondition */.vs)(raw, { document: "list", warn })),
    findTimeoutMs: optional("find-timeout", parsers/* parseDurationMs */.yi),
    ifNotFound: defaulted("if-not-found", (0,parsers/* oneOf */.yL)("fail", "start", "succeed"), "fail"),
    ref: optional("ref", parsers/* fullRef */.vv),
    commit: optional("commit", parsers/* commitHash */.ui),
    parameters: yaml("parameters", parameterMapping),
    variables: yaml("variables", variableMapping),
    secretVariables: yaml("secret-variables", secretVariableMapping),
    stagesToSkip: optional("stages-to-skip", readList),
    stagesToStart: optional("stages-to-start", readList),
    resources: yaml("resources", resourcesMapping),
    requestBody: yaml("request-body", bodyMapping),
    tags: optional("tags", readList),
    preview: defaulted("preview", parsers/* boolean */.zM, "false"),
    auth: defaulted("auth", (0,parsers/* oneOf */.yL)(...credentials/* authChoices */.Fe), "auto"),
    token: secret("token", unchanged),
    tenantId: optional("tenant-id", parsers/* singleLine */.pF),
    clientId: optional("client-id", parsers/* singleLine */.pF),
    clientSecret: secret("client-secret", unchanged),
    clientCertificate: secret("client-certificate", parsers/* certificate */.OK),
    refreshToken: secret("refresh-token", unchanged),
    redirectUri: optional("redirect-uri", parsers/* singleLine */.pF),
    tokenUrl: optional("token-url", parsers/* singleLine */.pF),
    scope: defaulted("scope", parsers/* singleLine */.pF, credentials/* azureDevOpsScope */.vS),
    wait: defaulted("wait", parsers/* boolean */.zM, "true"),
    pollIntervalMs: defaulted("poll-interval", atLeastOneSecond, "10s"),
    timeoutMs: optional("timeout", atLeastOneSecond),
    queueTimeoutMs: optional("queue-timeout", atLeastOneSecond),
    onTimeout: defaulted("on-timeout", (0,parsers/* oneOf */.yL)("fail", "cancel", "leave"), "fail"),
    stopWhen: defaulted("stop-when", fields_condition, condition/* defaultStopWhen */.Gd),
    onStop: defaulted("on-stop", (0,parsers/* oneOf */.yL)("leave", "cancel"), "leave"),
    successWhen: defaulted("success-when", fields_condition, condition/* defaultSuccessWhen */.nB),
    retries: defaulted("retries", parsers/* retryCount */.cv, "0"),
    retryWhen: optional("retry-when", fields_condition),
    cancelOnAbort: optional("cancel-on-abort", parsers/* boolean */.zM),
    onRerun: defaulted("on-rerun", (0,parsers/* oneOf */.yL)("new", "attach", "retry-failed"), "new"),
    rerunKey: optional("rerun-key", parsers/* singleLine */.pF),
    logs: defaulted("logs", (0,parsers/* oneOf */.yL)("failed", "all", "none"), "failed"),
    summary: defaulted("summary", parsers/* boolean */.zM, "true"),
    checkRun: optional("check-run", parsers/* singleLine */.pF),
    commitStatus: optional("commit-status", parsers/* singleLine */.pF),
    checkCommit: optional("check-commit", parsers/* checkCommit */.su),
    githubToken: secret("github-token", parsers/* singleLine */.pF),
    mapOutputs: yaml("map-outputs", textMapping),
    outputsArtifact: optional("outputs-artifact", parsers/* singleLine */.pF),
    downloadArtifacts: optional("download-artifacts", readList),
    artifactsPath: defaulted("artifacts-path", parsers/* singleLine */.pF, "artifacts"),
    apiVersion: defaulted("api-version", parsers/* apiVersion */.XV, "7.1"),
};
/** Names of the inputs whose whole value is a secret. */
const secretInputs = Object.values(fields)
    .filter(({ isSecret }) => isSecret)
    .map(({ name }) => name);
/** Reads every input and collects every mistake. */
async function readValues(get, { problems, warnings }) {
    const entries = [];
    for (const [key, field] of Object.entries(fields)) {
        const given = get(field.name);
        const raw = (field.indented && given.trim() !== "" ? given.trimEnd() : given.trim()) || field.fallback;
        if (raw === undefined)
            continue;
        try {
            const warn = (text) => void warnings.push(`${field.name}: ${text}`);
            entries.push([key, await field.parse(raw, warn)]);
        }
        catch (error) {
            problems.push(`${field.name}: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    return Object.fromEntries(entries);
}
/** Their defaults are GitHub's to evaluate, so they always have a value. */
const alwaysSetInputs = ["rerun-key", "github-token"];
/** The names of the inputs that the user set to something else than the default. */
function givenInputNames(get) {
    return Object.values(fields).flatMap(({ name, fallback = "" }) => {
        const value = get(name).trim();
        return value === "" || value === fallback || alwaysSetInputs.includes(name) ? [] : [name];
    });
}
function optional(name, parse) {
    return { name, parse };
}
function secret(name, parse) {
    return { name, parse, isSecret: true };
}
function yaml(name, parse) {
    return { name, parse, indented: true };
}
function defaulted(name, parse, fallback) {
    return { name, parse, fallback };
}
function fields_condition(raw, warn) {
    return (0,condition/* compileCondition */.vs)(raw, { warn });
}
function unchanged(raw) {
    return raw;
}
function atLeastOneSecond(raw) {
    const ms = (0,parsers/* parseDurationMs */.yi)(raw);
    if (ms < 1_000)
        throw new Error(`must be at least 1s, got "${raw}"`);
    return ms;
}


/***/ }),

/***/ 5257:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ce: () => (/* binding */ isSameOrganization),
/* harmony export */   H4: () => (/* binding */ parseOrganization),
/* harmony export */   Ue: () => (/* binding */ parsePastedUrl),
/* harmony export */   j1: () => (/* binding */ projectName),
/* harmony export */   u2: () => (/* binding */ actsAsServices),
/* harmony export */   xo: () => (/* binding */ isAzureDevOpsServices)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);
/* harmony import */ var _lib_url_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(421);
/* harmony import */ var _parsers_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5272);



/** Reads a name (`contoso`) or a URL (`https://server/tfs/DefaultCollection`). */
function parseOrganization(raw) {
    if (!raw.includes("://")) {
        if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
            throw new Error(`expected a name such as contoso or a URL with https://, got "${raw}"`);
        }
        return { base: `https://dev.azure.com/${encodeURIComponent(raw)}`, name: raw };
    }
    const url = safeUrl(raw);
    const segments = url.pathname.split("/").filter((segment) => segment !== "");
    if (isDevAzureHost(url) && segments.length !== 1) {
        throw new Error(`expected https://dev.azure.com/NAME with no path after it, got "${raw}"`);
    }
    if (isLegacyHost(url) && !isCollection(segments)) {
        throw new Error(`expected https://NAME.visualstudio.com with no path after it, got "${raw}"`);
    }
    return organizationFromUrl(url, segments);
}
/** Reads the URL of a pipeline, a run, the pipeline editor or a project, as copied from the browser. */
function parsePastedUrl(raw) {
    const url = safeUrl(raw);
    const segments = url.pathname.split("/").filter((segment) => segment !== "");
    const [organizationPath, project] = splitProject(url, segments);
    return {
        organization: organizationFromUrl(url, organizationPath),
        project: decodeSegment(project),
        pipelineId: queryId(url, ["definitionId", "pipelineId", ...editorParameters(url)]),
        runId: queryId(url, ["buildId"]),
    };
}
/** The path up to the project, and the project: it stands before the first segment of a page (`_build`, `_apps`). */
function splitProject(url, segments) {
    const pageIndex = segments.findIndex((segment) => segment.startsWith("_"));
    const path = pageIndex < 0 ? segments : segments.slice(0, pageIndex);
    const project = path.at(-1);
    const organizationPath = path.slice(0, -1);
    const isMisplaced = isDevAzureHost(url)
        ? organizationPath.length !== 1
        : isLegacyHost(url)
            ? !isCollection(organizationPath) || isCollection(path)
            : organizationPath.length === 0;
    if (project === undefined || isMisplaced) {
        throw new Error("expected the URL of a pipeline, a run or a project, with ORGANIZATION/PROJECT in it");
    }
    return [organizationPath, project];
}
/** The older classic editor calls the pipeline just `id`. */
function editorParameters(url) {
    return url.searchParams.get("_a") === "edit-build-definition" ? ["id"] : [];
}
/** Azure DevOps Services, not a self-hosted Azure DevOps Server. */
function isAzureDevOpsServices({ base }) {
    const url = new URL(base);
    return isDevAzureHost(url) || isLegacyHost(url);
}
/** Azure DevOps Services, or a stand-in for it on this machine. */
function actsAsServices(organization) {
    return isAzureDevOpsServices(organization) || (0,_lib_url_js__WEBPACK_IMPORTED_MODULE_2__/* .isHttpLoopback */ .M)(new URL(organization.base));
}
/** Whether two URLs mean the same organization: `contoso.visualstudio.com` is `dev.azure.com/contoso`. */
function isSameOrganization(a, b) {
    return organizationKey(a) === organizationKey(b);
}
function safeUrl(raw) {
    const url = URL.parse(raw);
    if (url === null)
        throw new Error(`expected a URL that starts with https://, got "${raw}"`);
    if (url.username !== "" || url.password !== "") {
        throw new Error("the URL contains a user name or password; remove it and use the input `token`");
    }
    if (url.protocol !== "https:" && !(0,_lib_url_js__WEBPACK_IMPORTED_MODULE_2__/* .isHttpLoopback */ .M)(url)) {
        throw new Error(`the URL must start with https://, so that no token is sent unencrypted; got "${raw}"`);
    }
    return url;
}
function organizationFromUrl(url, path) {
    const base = [url.origin, ...path].join("/");
    const [accountName = ""] = url.hostname.split(".");
    const name = isLegacyHost(url) ? accountName : decodeSegment(path.at(-1) ?? url.host);
    return { base, name };
}
function isDevAzureHost(url) {
    return url.hostname === "dev.azure.com";
}
function isLegacyHost(url) {
    return url.hostname.endsWith(".visualstudio.com");
}
/** What may follow an organization's old host name: nothing, or its only collection. */
function isCollection(segments) {
    return segments.length === 0 || /^DefaultCollection$/i.test(segments.join("/"));
}
function organizationKey(organization) {
    const { base, name } = organization;
    return (isAzureDevOpsServices(organization) ? `hosted ${name}` : base).toLowerCase();
}
function queryId(url, names) {
    const wanted = names.map((name) => name.toLowerCase());
    for (const [name, value] of url.searchParams) {
        if (!wanted.includes(name.toLowerCase()))
            continue;
        try {
            return (0,_parsers_js__WEBPACK_IMPORTED_MODULE_1__/* .positiveInteger */ .Cq)(value);
        }
        catch (error) {
            throw new Error(`${name}: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(error)}`);
        }
    }
    return undefined;
}
/** Reads a project's name or GUID; a name copied from the address bar is percent-encoded. */
function projectName(raw) {
    return decodeSegment((0,_parsers_js__WEBPACK_IMPORTED_MODULE_1__/* .singleLine */ .pF)(raw));
}
function decodeSegment(segment) {
    try {
        return decodeURIComponent(segment);
    }
    catch {
        return segment;
    }
}


/***/ }),

/***/ 5272:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cq: () => (/* binding */ positiveInteger),
/* harmony export */   OK: () => (/* binding */ certificate),
/* harmony export */   XV: () => (/* binding */ apiVersion),
/* harmony export */   cv: () => (/* binding */ retryCount),
/* harmony export */   pF: () => (/* binding */ singleLine),
/* harmony export */   su: () => (/* binding */ checkCommit),
/* harmony export */   ui: () => (/* binding */ commitHash),
/* harmony export */   vv: () => (/* binding */ fullRef),
/* harmony export */   yL: () => (/* binding */ oneOf),
/* harmony export */   yi: () => (/* binding */ parseDurationMs),
/* harmony export */   zM: () => (/* binding */ boolean)
/* harmony export */ });
/* harmony import */ var _lib_pem_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7694);

/** `true` or `false` in any case; `yes`, `1` and the like are rejected. */
function boolean(raw) {
    const word = raw.toLowerCase();
    if (word !== "true" && word !== "false")
        throw new Error(`expected true or false, got "${raw}"`);
    return word === "true";
}
function positiveInteger(raw) {
    if (!/^[1-9]\d{0,15}$/.test(raw) || !Number.isSafeInteger(Number(raw))) {
        throw new Error(`expected a number such as 42, got "${raw}"`);
    }
    return Number(raw);
}
/** A parser that accepts exactly these words. */
function oneOf(...choices) {
    return (raw) => {
        const match = choices.find((choice) => choice === raw);
        if (match === undefined)
            throw new Error(`expected ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}, got "${raw}"`);
        return match;
    };
}
/** A name or a path, on one line. */
function singleLine(raw) {
    if (/[\r\n\0]/.test(raw))
        throw new Error("expected one line of text");
    return raw;
}
/** `main` is a branch; `refs/…` is left unchanged. */
function fullRef(raw) {
    // A ref without a name comes from a variable that was blank.
    if (/\s|\/$|^refs\/[^/]*$/.test(raw)) {
        throw new Error(`expected a branch, a tag or a full ref, got "${raw}"`);
    }
    return raw.startsWith("refs/") ? raw : `refs/heads/${raw}`;
}
/** The hash of a commit: whole, or at least its first seven digits. */
function commitHash(raw) {
    if (!/^[0-9a-f]{7,64}$/i.test(raw)) {
        throw new Error(`expected a commit's hash (7 to 64 hexadecimal digits), got "${raw}"; a branch goes in \`ref\``);
    }
    return raw;
}
/** The commit that check run and commit status are put on. */
/** `run` (the commit that the run built) or a whole hash, which is what GitHub takes. */
function checkCommit(raw) {
    if (raw === "run")
        return { kind: "run" };
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(raw)) {
        throw new Error(`expected \`run\` or the whole hash of a commit (40 digits), got "${raw}"`);
    }
    return { kind: "hash", sha: raw.toLowerCase() };
}
/** A small number: each retry takes as long as the stages that failed. */
function retryCount(raw) {
    if (!/^\d{1,3}$/.test(raw))
        throw new Error(`expected a number such as 2, got "${raw}"`);
    return Number(raw);
}
/** GitHub passes an unquoted `7.0` as `7`. */
function apiVersion(raw) {
    if (/^\d+$/.test(raw))
        return `${raw}.0`;
    if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(raw))
        throw new Error(`expected a version such as 7.1, got "${raw}"`);
    return raw;
}
/** Checks PEM text with a private key and a certificate, and returns it unchanged. */
function certificate(raw) {
    (0,_lib_pem_js__WEBPACK_IMPORTED_MODULE_0__/* .parsePem */ .o)(raw);
    return raw;
}
const units = { h: 3_600_000, m: 60_000, s: 1_000 };
/** Milliseconds of `10`, `10s`, `45m`, `2h`, `1h30m`: seconds, or numbers with units from large to small. */
function parseDurationMs(raw) {
    if (/^\d+$/.test(raw))
        return checkDuration(Number(raw) * units.s, raw);
    const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(raw);
    if (!match || raw === "")
        throw new Error(`expected a duration such as 90s, 45m or 1h30m, got "${raw}"`);
    const [, h = "0", m = "0", s = "0"] = match;
    return checkDuration(Number(h) * units.h + Number(m) * units.m + Number(s) * units.s, raw);
}
function checkDuration(ms, raw) {
    if (ms > Number.MAX_SAFE_INTEGER)
        throw new Error(`the duration ${raw} is too long`);
    return ms;
}


/***/ }),

/***/ 8414:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mu: () => (/* binding */ raceAbort),
/* harmony export */   NE: () => (/* binding */ withDeadline),
/* harmony export */   ip: () => (/* binding */ withGracePeriod),
/* harmony export */   wj: () => (/* binding */ withTimeout)
/* harmony export */ });
/** Runs work with a time limit. The timer does not outlive the work. Milliseconds. */
async function withTimeout(timeoutMs, clock, work) {
    const timeoutController = new AbortController();
    const done = new AbortController();
    clock.sleep(timeoutMs, done.signal).then(() => timeoutController.abort(new Error(`${Math.round(timeoutMs / 1_000)} s were not enough`)), () => undefined);
    try {
        return await work(timeoutController.signal);
    }
    finally {
        done.abort();
    }
}
/** Runs work until a deadline, if there is one. */
async function withDeadline(deadline, clock, work, signal) {
    const remainingMs = deadline - clock.now();
    if (!Number.isFinite(remainingMs))
        return await work(signal);
    return await withTimeout(remainingMs, clock, (timeoutSignal) => work(AbortSignal.any([signal, timeoutSignal])));
}
/** Runs work that ends only some time after the signal is aborted, so that current requests can complete. */
async function withGracePeriod({ graceMs, clock, signal, }, work) {
    const late = new AbortController();
    const done = new AbortController();
    const startGracePeriod = () => {
        clock.sleep(graceMs, done.signal).then(() => late.abort(signal.reason), () => undefined);
    };
    if (signal.aborted)
        startGracePeriod();
    else
        signal.addEventListener("abort", startGracePeriod, { once: true });
    try {
        return await work(late.signal);
    }
    finally {
        signal.removeEventListener("abort", startGracePeriod);
        done.abort();
    }
}
/** Waits for a promise that cannot be cancelled, and rejects with the signal's reason as soon as it is aborted. */
async function raceAbort(work, signal) {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
        return await Promise.race([work, aborted.promise]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}


/***/ }),

/***/ 292:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ deepMerge),
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   _j: () => (/* binding */ asArray),
/* harmony export */   di: () => (/* binding */ sortKeys),
/* harmony export */   dw: () => (/* binding */ parseJsonObject),
/* harmony export */   eB: () => (/* binding */ asObject),
/* harmony export */   gR: () => (/* binding */ asId),
/* harmony export */   i: () => (/* binding */ asNumber),
/* harmony export */   oJ: () => (/* binding */ asString),
/* harmony export */   pr: () => (/* binding */ parseJsonWithSource),
/* harmony export */   qF: () => (/* binding */ parseJson)
/* harmony export */ });
/**
 * Merges the source into a copy of the target: objects are merged, lists and scalars replaced.
 * Only own properties count, and `__proto__` is an ordinary name.
 */
function deepMerge(target, source) {
    const merged = new Map(Object.entries(target));
    for (const [name, value] of Object.entries(source)) {
        const existing = merged.get(name);
        merged.set(name, isJsonObject(existing) && isJsonObject(value) ? deepMerge(existing, value) : value);
    }
    // Defines own properties; an assignment to `__proto__` would set the prototype.
    return Object.fromEntries(merged);
}
function isJsonObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** The fields of a value, or of the value at a path inside it; no fields if it is not an object. */
function asObject(value, ...path) {
    const [name, ...rest] = path;
    if (!isFields(value))
        return {};
    return name === undefined ? value : asObject(value[name], ...rest);
}
function isFields(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function asArray(value) {
    return Array.isArray(value) ? value : [];
}
function asString(value) {
    return typeof value === "string" && value !== "" ? value : null;
}
function asNumber(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : null;
}
/** An id, or null: a fraction, or a number that JavaScript cannot represent exactly, may be another object's id. */
function asId(value) {
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}
/** The value of a JSON text, which may begin with a byte order mark; `undefined` if it is not JSON. */
function parseJson(text) {
    try {
        return JSON.parse(text.replace(/^\uFEFF/, ""));
    }
    catch {
        return undefined;
    }
}
/** The fields of a JSON text; `undefined` if it is not an object. */
function parseJsonObject(text) {
    const value = parseJson(text);
    return isFields(value) ? value : undefined;
}
/** `JSON.parse` with the source text of each value: part of JavaScript since Node 22, and missing in TypeScript's library. */
const parseJsonWithSource = JSON.parse;
/** Sorts the names of objects, at every depth: equal values then have the same text. */
function sortKeys(value) {
    if (Array.isArray(value))
        return value.map(sortKeys);
    if (typeof value !== "object" || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => [k, sortKeys(v)]));
}


/***/ }),

/***/ 4470:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AD: () => (/* binding */ createLineSplitter),
/* harmony export */   LL: () => (/* binding */ createTailBuffer)
/* harmony export */ });
/* unused harmony export maxLineLength */
/** Longer lines are split, so that no line can fill the memory. Characters. */
const maxLineLength = 64 * 1024;
const bom = 0xfeff;
/** A long line is split only once this much more of it has arrived, so that no secret is split. */
const maxSecretLength = 16 * 1024;
/**
 * Splits text that arrives in chunks into lines at CR, LF and CRLF, regardless of where the chunks end.
 * Each page of a log begins with a BOM, which is dropped. `redact` is applied before a long line is split.
 */
function createLineSplitter(redact = (text) => text) {
    let remainder = "";
    return {
        push(text) {
            const buffered = remainder + text;
            const completeLength = lastLineEnd(buffered);
            const lines = completeLength === 0 ? [] : splitLines(redact(buffered.slice(0, completeLength)));
            remainder = buffered.slice(completeLength);
            // A CR at the end of a chunk may be half of a CRLF: it is not part of the line, but does not end it yet.
            while (remainder.length - (remainder.endsWith("\r") ? 1 : 0) > maxLineLength + maxSecretLength) {
                remainder = redact(remainder);
                const [chunk = ""] = chunks(remainder);
                lines.push(withoutBom(chunk));
                remainder = remainder.slice(chunk.length);
            }
            return lines;
        },
        end() {
            const last = remainder;
            remainder = "";
            return last === "" || last === "\uFEFF"
                ? []
                : splitLines(redact(last.endsWith("\r") ? last : `${last}\n`));
        },
    };
}
/** The offset after the last line that has certainly ended. */
function lastLineEnd(text) {
    const known = text.endsWith("\r") ? text.slice(0, -1) : text;
    const end = known.lastIndexOf("\n") + 1;
    return end + known.slice(end).lastIndexOf("\r") + 1;
}
/** The lines of a text that ends with a line end. */
function splitLines(text) {
    const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
    lines.pop();
    const isPlain = lines.every((line) => line.length <= maxLineLength && line.charCodeAt(0) !== bom);
    return isPlain ? lines : lines.flatMap((line) => chunks(line).map(withoutBom));
}
function withoutBom(line) {
    return line.charCodeAt(0) === bom ? line.slice(1) : line;
}
function chunks(line) {
    const parts = [];
    let remainder = line;
    while (remainder.length > maxLineLength) {
        const inPair = /[\uD800-\uDBFF]/.test(remainder.charAt(maxLineLength - 1));
        const end = inPair ? maxLineLength - 1 : maxLineLength;
        parts.push(remainder.slice(0, end));
        remainder = remainder.slice(end);
    }
    return [...parts, remainder];
}
/** Keeps the last lines of a log that arrives in batches, each truncated to 4 KiB. `total` continues an earlier count. */
function createTailBuffer(maxLines, total = 0) {
    let lastLines = [];
    let count = total;
    return {
        push: (lines) => {
            count += lines.length;
            lastLines = [...lastLines, ...lines.slice(-maxLines).map(truncate)].slice(-maxLines);
        },
        get lines() {
            return lastLines;
        },
        get total() {
            return count;
        },
    };
}
function truncate(line) {
    return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}


/***/ }),

/***/ 7694:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ parsePem)
/* harmony export */ });
/**
 * Finds the private key and the certificates in PEM text, in any order, even if storing it as a secret changed its line
 * ends and indentation. Throws an Error whose message completes a sentence if they are missing. Nothing is decrypted or
 * parsed further, and no part of the text is quoted.
 */
function parsePem(pem) {
    const blocks = pemBlocks(unwrapBase64(pem));
    const keys = blocks.filter(({ label }) => /PRIVATE KEY$/.test(label));
    const certificates = blocks.filter(({ label }) => /CERTIFICATE$/.test(label));
    if (keys.some(({ isEncrypted }) => isEncrypted)) {
        throw new Error("contains an encrypted private key; decrypt it before storing it: openssl pkey -in encrypted.pem -out plain.pem");
    }
    const [key, other] = distinctKeys(keys);
    if (other)
        throw new Error("contains more than one private key; keep only that of the application's certificate");
    if (!key)
        throw new Error("contains no private key; add the private key's PEM block to the certificate's");
    if (certificates.length === 0) {
        throw new Error("contains no certificate; add the certificate's PEM block to the private key's");
    }
    return { key: formatBlock(key), certificates: certificates.map(formatBlock) };
}
/** PEM may be base64-encoded once more, to fit into a one-line field. */
function unwrapBase64(text) {
    return text.includes("-----BEGIN") ? text : (decodeBase64(text.replaceAll(/\s/g, "")) ?? text);
}
function pemBlocks(text) {
    // JSON escapes the line ends of a secret; PEM itself contains no backslash.
    const plain = text.replaceAll(/\\r|\\n/g, "\n");
    return [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(([, label = "", inner = ""]) => ({
        label,
        body: inner.replaceAll(/\s/g, ""),
        isEncrypted: label.startsWith("ENCRYPTED") || inner.includes("ENCRYPTED"),
    }));
}
/** PKCS#8 ends with the PKCS#1 form of an RSA key: the text may contain one key in both forms. */
function distinctKeys(keys) {
    return keys.filter((key, index) => !keys.some((other, otherIndex) => otherIndex !== index && containsKey(other, key, otherIndex < index)));
}
function containsKey(other, key, isEarlier) {
    const [outer, inner] = [decodeBase64(other.body), decodeBase64(key.body)];
    if (outer === undefined || inner === undefined)
        return false;
    return outer === inner ? isEarlier : outer.endsWith(inner);
}
function decodeBase64(base64) {
    try {
        return atob(base64);
    }
    catch {
        return undefined;
    }
}
function formatBlock({ label, body }) {
    const lines = body.match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}


/***/ }),

/***/ 1374:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L5: () => (/* binding */ retry),
/* harmony export */   Vs: () => (/* binding */ retryAfterMs),
/* harmony export */   ci: () => (/* binding */ retryAfterText),
/* harmony export */   jo: () => (/* binding */ backoffMs),
/* harmony export */   vB: () => (/* binding */ maxRetryAfterMs)
/* harmony export */ });
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1527);

/** Repeats work until it succeeds, fails permanently, or no attempt is left. An abort ends it at once with the signal's reason. */
async function retry(work, options) {
    const { retryError, retryResult, clock, signal, random } = options;
    const { delayMs: delayAfter = (attempt) => backoffMs(attempt, random?.()) } = options;
    const { maxAttempts = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY } = options;
    const { maxRetryAfterMs = Number.POSITIVE_INFINITY, clampRetryAfter = false } = options;
    const startedAt = clock.now();
    for (let attempt = 1;; attempt += 1) {
        const outcome = await settle(work);
        const failure = outcome.isError ? retryError?.(outcome.error) : retryResult?.(outcome.result);
        if (failure === undefined)
            return unwrap(outcome);
        const now = clock.now();
        const retryAfterMs = failure.retryAfterMs ?? 0;
        const remainingMs = deadline - now;
        const delayMs = attempt < maxAttempts && remainingMs > 0 ? delayAfter(attempt, failure) : undefined;
        const isTooLong = retryAfterMs > maxRetryAfterMs || (retryAfterMs > remainingMs && !clampRetryAfter);
        if (delayMs === undefined || isTooLong) {
            const end = { attempts: attempt, elapsedMs: now - startedAt };
            const tooLongMs = delayMs === undefined ? undefined : retryAfterMs;
            if (outcome.isError && options.toFinalError !== undefined)
                throw options.toFinalError(failure, { ...end, tooLongMs });
            return unwrap(outcome);
        }
        const waitMs = Math.min(Math.max(retryAfterMs, delayMs), remainingMs);
        options.onRetry?.(failure, waitMs);
        await clock.sleep(waitMs, signal);
    }
}
async function settle(work) {
    try {
        return { isError: false, result: await work() };
    }
    catch (error) {
        return { isError: true, error };
    }
}
function unwrap(outcome) {
    if (outcome.isError)
        throw outcome.error;
    return outcome.result;
}
/** Doubles from one second to thirty, of which a random part between half and all is used. Milliseconds. */
function backoffMs(attempt, random = 1) {
    const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
    return Math.round((ceiling * (1 + random)) / 2);
}
/** The longest Retry-After that is obeyed. Milliseconds. */
const maxRetryAfterMs = 5 * 60_000;
/** For the log, where a server's Retry-After makes the next request wait. */
function retryAfterText(delayMs) {
    return `The service asked for a pause: the next request is sent in ${(0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .durationText */ .S5)(delayMs)}.`;
}
/**
 * `Retry-After` in seconds or as a date, which is relative to the server's own `Date`; `undefined` if it is neither.
 * Milliseconds from the arrival of the response.
 */
function retryAfterMs(headers, now) {
    const value = headers["retry-after"];
    if (value === undefined)
        return undefined;
    if (/^\s*\d+(\.\d+)?\s*$/.test(value))
        return Math.round(Number(value) * 1_000);
    const [retryAt, respondedAt] = [Date.parse(value), Date.parse(headers["date"] ?? "")];
    return Number.isNaN(retryAt)
        ? undefined
        : Math.max(0, retryAt - (Number.isNaN(respondedAt) ? now : respondedAt));
}


/***/ }),

/***/ 4869:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $Q: () => (/* binding */ clip),
/* harmony export */   CM: () => (/* binding */ withoutTerminalControl),
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   Y7: () => (/* binding */ nearMatches),
/* harmony export */   aH: () => (/* binding */ quotedName),
/* harmony export */   g$: () => (/* binding */ printable),
/* harmony export */   hS: () => (/* binding */ counted),
/* harmony export */   jE: () => (/* binding */ minSecretLength),
/* harmony export */   l2: () => (/* binding */ capitalized),
/* harmony export */   lP: () => (/* binding */ sizeText),
/* harmony export */   o1: () => (/* binding */ isOrdinaryText)
/* harmony export */ });
// Control characters, and characters that change the text direction or are invisible: in a name they can only deceive.
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/gu;
/**
 * Terminal control sequences in 7-bit and 8-bit form: strings (title, link, device control) up to their terminator, CSI
 * sequences (cursor, colour), and short ones (charset, reset). A truncated one ends with the last character that can
 * belong to it. No alternative can start inside another, so the time is linear.
 */
const terminalSequence = new RegExp([
    String.raw `(?:\u001B[\]P_^X]|[\u009D\u0090\u009F\u009E\u0098])(?:[^\u0007\u001B\u0080-\u009F\r\n]*(?:\u0007|\u001B\\|\u009C)|[\d;]*)`,
    String.raw `(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?`,
    String.raw `\u001B[ -/]*[0-~]?`,
    String.raw `[\u0080-\u009F]`,
].join("|"), "g");
/** A colour that the log viewer renders. Tools do not print longer ones. */
const colourSequence = /^\u001B\[[0-9;]{0,20}m$/;
/** Removes terminal control sequences completely. */
function withoutTerminalControl(text, { keepColours = false } = {}) {
    return text.replaceAll(terminalSequence, (sequence) => keepColours && colourSequence.test(sequence) ? sequence : "");
}
/** Untrusted text as one line, without line breaks, control characters and unpaired surrogates. */
function oneLine(text) {
    return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}
/** Untrusted text without control characters and unpaired surrogates; line breaks and tabs are kept. */
function printable(text) {
    return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}
function unescaped(text) {
    return withoutTerminalControl(text.toWellFormed());
}
/** An untrusted name for use in a sentence. */
function quotedName(name) {
    return JSON.stringify(oneLine(name));
}
/** Truncates text to a number of characters, between words if there is a space near the end. */
function clip(text, maxLength) {
    if (text.length <= maxLength)
        return text;
    const head = text
        .slice(0, maxLength - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "");
    const lastSpace = head.lastIndexOf(" ");
    return `${(lastSpace > maxLength * 0.7 ? head.slice(0, lastSpace) : head).trimEnd()}…`;
}
/** Capitalizes the first letter. */
function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
/** `1 error`, `2 errors`. */
function counted(count, noun) {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
/** `a`, `a and b`, `a, b and 3 more`. */
function listed(items, limit = 3) {
    const shown = items.length > limit + 1 ? items.slice(0, limit) : items;
    const hiddenCount = items.length - shown.length;
    const all = hiddenCount > 0 ? [...shown, `${hiddenCount} more`] : shown;
    return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
/**
 * Up to three items whose names are similar to the query, the most similar first: a few letters differ, or one contains
 * the other. If the query has no folder, folders only break ties.
 */
function nearMatches({ folder, name }, items) {
    const near = items.flatMap((item) => {
        const byName = nameDistance(name, item.name);
        if (byName === undefined)
            return [];
        const byFolder = folder === undefined ? 0 : editDistance(folder, item.folder);
        return [{ item, distance: byName + byFolder, tieBreaker: item.folder.length }];
    });
    return near
        .toSorted((a, b) => a.distance - b.distance || a.tieBreaker - b.tieBreaker)
        .slice(0, 3)
        .map(({ item }) => item);
}
/** The distance between two names; `undefined` if they are not similar. */
function nameDistance(query, candidate) {
    const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
    const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
    const difference = longer.length - shorter.length;
    if (shorter.length >= 3 && longer.includes(shorter))
        return difference;
    const limit = Math.max(1, Math.floor(a.length / 3));
    // The distance is at least the difference in length.
    if (difference > limit)
        return undefined;
    const distance = editDistance(a, b);
    return distance <= limit && distance < shorter.length ? distance : undefined;
}
/** The case-insensitive Levenshtein distance. */
function editDistance(query, candidate) {
    const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (const [i, letter] of [...a].entries()) {
        const next = [i + 1];
        for (let j = 1; j <= b.length; j += 1) {
            const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
            next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}
const sizeUnits = ["kB", "MB", "GB", "TB"];
/** `88 kB`, `4.2 MB`: decimal units, as on the pages of Azure DevOps. */
function sizeText(bytes) {
    if (bytes < 1_000)
        return `${bytes} B`;
    let size = bytes / 1_000;
    let unit = 0;
    // 999.6 kB would read as 1000 kB.
    while (size >= 999.5 && unit < sizeUnits.length - 1) {
        size /= 1_000;
        unit += 1;
    }
    return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${sizeUnits[unit]}`;
}
const minSecretLength = 6;
/** Words that are often passed as values, and that are part of many other texts. */
const commonWords = new Set([
    ...["default", "develop", "development", "disabled", "enabled", "latest", "master", "preview"],
    ...["production", "release", "staging", "succeeded", "failed", "canceled", "completed"],
]);
/**
 * Whether a secret is too short or too common to be replaced in outputs, summary and check: that would damage numbers and
 * words. Only the runner's mask, which applies to the log, covers it.
 */
function isOrdinaryText(secret) {
    const text = secret.trim();
    return text.length < minSecretLength || commonWords.has(text.toLowerCase());
}


/***/ }),

/***/ 1527:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fy: () => (/* binding */ spanDurationMs),
/* harmony export */   S5: () => (/* binding */ durationText),
/* harmony export */   WX: () => (/* binding */ approximateDurationText),
/* harmony export */   Yi: () => (/* binding */ clockText),
/* harmony export */   pe: () => (/* binding */ parseTime),
/* harmony export */   z4: () => (/* binding */ msBetween)
/* harmony export */ });
/** Milliseconds since 1970, or `undefined` for anything that is not a valid time (null, nonsense, the service's year 1). */
function parseTime(iso) {
    if (iso === null || iso === undefined)
        return undefined;
    const ms = Date.parse(iso);
    return ms > 0 ? ms : undefined;
}
/** The duration between two times of the service. */
function spanDurationMs({ startedAt, finishedAt }) {
    return msBetween(startedAt, finishedAt);
}
/** Never negative: clocks within the service may differ slightly. */
function msBetween(from, to) {
    const start = parseTime(from);
    const end = parseTime(to);
    return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}
/** Formats a duration: `53 s`, `2 min 27 s`, `1 h 04 min`, `2 d 03 h`. */
function durationText(ms) {
    const seconds = Math.round(Math.max(0, ms) / 1_000);
    if (seconds < 60)
        return `${seconds} s`;
    if (seconds < 3_600)
        return twoUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1_440)
        return twoUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
    const hours = Math.floor(minutes / 60);
    return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}
function twoUnits(big, bigUnit, small, smallUnit) {
    if (small === 0)
        return `${big} ${bigUnit}`;
    const digits = smallUnit === "s" ? String(small) : String(small).padStart(2, "0");
    return `${big} ${bigUnit} ${digits} ${smallUnit}`;
}
/** Formats an estimated duration, which is not exact to the second. */
function approximateDurationText(ms) {
    if (ms < 45_000)
        return "less than a minute";
    return durationText(Math.round(ms / 60_000) * 60_000);
}
/** Formats the time since the start of the wait: `0:14`, `12:05`, `1:02:03`. */
function clockText(ms) {
    const total = Math.floor(Math.max(0, ms) / 1_000);
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(total / 3_600);
    const minutes = Math.floor(total / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}


/***/ }),

/***/ 421:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ isHttpLoopback),
/* harmony export */   U: () => (/* binding */ isLoopback)
/* harmony export */ });
/** Whether a host name, as `URL` writes it, is this machine. Only there is unencrypted traffic allowed. */
function isLoopback(hostname) {
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
/** Whether a URL is `http:` and on this machine, where unencrypted traffic is safe. */
function isHttpLoopback({ protocol, hostname }) {
    return protocol === "http:" && isLoopback(hostname);
}


/***/ }),

/***/ 9987:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ withIssueCode),
/* harmony export */   b: () => (/* binding */ annotationLines)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);

/** GitHub cuts a message at 4,096. */
const maxMessageLength = 4_000;
/**
 * The run's own issues as annotations, first causes first, and a line that counts the rest.
 * `fileOf` answers with the path in this repository of a path in the sources that were built, where it has one.
 */
function annotationLines({ errors, warnings, moreErrors, moreWarnings }, toRepositoryPath) {
    const remaining = [
        moreErrors > 0 ? (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(moreErrors, "more error") : "",
        moreWarnings > 0 ? (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(moreWarnings, "more warning") : "",
    ].filter(Boolean);
    return [
        ...errors.map((cause) => annotation("error", cause, toRepositoryPath)),
        ...warnings.map((cause) => annotation("warning", cause, toRepositoryPath)),
        ...(remaining.length > 0
            ? [{ type: "text", text: `And ${remaining.join(" and ")} in the run.` }]
            : []),
    ];
}
/** With the code that a compiler gave it, which is what people search for. */
function withIssueCode(text, issue) {
    return issue?.code && text !== "" && !text.includes(issue.code) ? `${issue.code}: ${text}` : text;
}
function annotation(type, { path, message, issue }, toRepositoryPath) {
    const file = issue?.file === undefined ? undefined : toRepositoryPath(issue.file);
    const text = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((message ?? "").trim(), maxMessageLength);
    const title = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(path), 200);
    // A line in a file that is not here would be a line of another file.
    const location = file === undefined ? {} : { file, line: issue?.line, column: issue?.column };
    return {
        type,
        text: withIssueCode(text, issue),
        title,
        ...location,
    };
}


/***/ }),

/***/ 5542:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D6: () => (/* binding */ resultText),
/* harmony export */   FQ: () => (/* binding */ resultSymbols),
/* harmony export */   Kx: () => (/* binding */ locationPrefix),
/* harmony export */   O3: () => (/* binding */ waitTimeLabels),
/* harmony export */   Zg: () => (/* binding */ emoji),
/* harmony export */   mZ: () => (/* binding */ checkActions),
/* harmony export */   nm: () => (/* binding */ runSentence),
/* harmony export */   v8: () => (/* binding */ checkLabel),
/* harmony export */   zp: () => (/* binding */ completedCheckLabels)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);

/** Before an end of a stage, a job or a task. */
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
    canceled: "was canceled",
};
/** Completes "waits for …". */
const checkKindLabels = {
    approval: "approval",
    authorization: "permission to use a resource",
    check: "a check",
    "manual-validation": "manual validation",
    delay: "a delay",
    manual: "a manual start",
};
/** The same of one check, with its name where it has one that says more than its kind. */
function checkLabel({ kind, name }) {
    const label = checkKindLabels[kind];
    if (name === null || kind === "approval" || kind === "authorization")
        return label;
    if (kind === "check")
        return `the check ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name)}`;
    const isSameWord = name.replaceAll(/\W/g, "").toLowerCase() === kind.replaceAll("-", "");
    return isSameWord ? label : `${label} (${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name)})`;
}
/** What a person can do about a wait, to be followed by "at" and where; `undefined` where nothing can be done. */
const checkActions = {
    approval: "Give it",
    authorization: "Give it",
    check: undefined,
    "manual-validation": "Resume or reject it",
    delay: undefined,
    manual: "Start it",
};
/** Completes "▶ Staging, … 1 min 21 s". */
const completedCheckLabels = {
    approval: "approved after",
    authorization: "permitted after",
    check: "checks passed after",
    "manual-validation": "validated after",
    delay: "delayed by",
    manual: "started after",
};
/** Completes "waited 1 min 21 s for …". */
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
/** `20261122.3 failed`, `20261122.3 is still running`. */
function runSentence(run) {
    return `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(run.name)} ${resultText(run) ?? runStatusLabels[run.status]}`;
}
/** A run fails in a place; otherwise something is amiss there. */
function locationPrefix({ result }) {
    return result === "partiallySucceeded" ? ", with errors in" : " in";
}
/** `failed`, also for a word that only the service knows; `undefined` while there is no result. */
function resultText({ result, unknownResult }) {
    if (unknownResult !== undefined)
        return `ended as "${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(unknownResult)}", taken as failed`;
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
/** For Markdown and charts; the log has plainer marks. */
function emoji(result) {
    return result === null ? "⏳" : resultEmoji[result];
}


/***/ }),

/***/ 8182:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ax: () => (/* binding */ shortCommit),
/* harmony export */   BP: () => (/* binding */ errorLine),
/* harmony export */   CR: () => (/* binding */ successLine),
/* harmony export */   EL: () => (/* binding */ outcomeText),
/* harmony export */   Pu: () => (/* binding */ failureLine),
/* harmony export */   _s: () => (/* binding */ timingText),
/* harmony export */   iH: () => (/* binding */ headerLine),
/* harmony export */   kY: () => (/* binding */ failureText),
/* harmony export */   m3: () => (/* binding */ shortRef),
/* harmony export */   oh: () => (/* binding */ failureMessage),
/* harmony export */   s6: () => (/* binding */ leftLine),
/* harmony export */   u_: () => (/* binding */ runLine)
/* harmony export */ });
/* harmony import */ var _core_progress_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4923);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1527);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9987);
/* harmony import */ var _labels_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5542);





/** `contoso / web · deploy (42) · main at 4f2c1e9` */
function headerLine({ organization, project, pipeline, pipelineId, ref, commit, }) {
    const id = pipelineId === null ? "" : ` (${pipelineId})`;
    const refAndCommit = sourceText(ref, commit);
    const parts = [`${organization} / ${project}`, `${pipeline}${id}`, ...(refAndCommit ? [refAndCommit] : [])];
    return { type: "text", text: parts.map(_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN).join(" · ") };
}
/** `main at 4f2c1e9`; blank while neither is known. */
function sourceText(ref, commit) {
    return [shortRef(ref), shortCommit(commit)].filter(Boolean).join(" at ");
}
/** `main` for `refs/heads/main`; blank while unknown. */
function shortRef(ref) {
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(ref?.replace(/^refs\/(?:heads|tags)\//, "") ?? "");
}
function shortCommit(commit) {
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(commit?.slice(0, 7) ?? "");
}
/** `Started 20261122.3: https://…`, or what else was done with it: `Found 20261122.3 (queued by schedule): https://…` */
function runLine(verb, run, origin) {
    const suffix = origin === undefined ? "" : ` (${origin})`;
    return { type: "text", text: `${verb} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(run.name)}${suffix}: ${run.url}` };
}
/**
 * The last line of a step that succeeds: `✔ 20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for
 * approval). https://…` `stages`: what it waited for instead of the run.
 */
function successLine(run, tree, stages = []) {
    if (stages.length > 0 && run.result !== "succeeded")
        return `✔ ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(stages.map(_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN))} succeeded. ${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}. ${run.url}`;
    const timing = timingText(run, tree);
    const acceptance = run.result === "succeeded" ? "" : ", which success-when accepts";
    return `✔ ${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}${acceptance}${timing && `: ${timing}`}. ${run.url}`;
}
/** How a run ended and how long it took, where mark and address have their own places. */
function outcomeText(run, tree) {
    const timing = timingText(run, tree);
    return `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}${timing && `: ${timing}`}`;
}
/** `waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval)`; what is not known is left out. */
function timingText(run, tree) {
    const { queueMs, runMs, queueWaitTimes, runWaitTimes } = (0,_core_progress_js__WEBPACK_IMPORTED_MODULE_3__/* .timingsOf */ .Ld)(run, tree);
    const queue = queueMs === undefined ? [] : [`waited ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(queueMs)}${waitTimesText(queueWaitTimes)}`];
    const ran = runMs === undefined ? [] : [`ran ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(runMs)}${waitTimesText(runWaitTimes)}`];
    return [...queue, ...ran].join(", ");
}
function waitTimesText(waitTimes) {
    const parts = waitTimes.map(({ kind, ms }) => `${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(ms)} of it for ${_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .waitTimeLabels */ .O3[kind]}`);
    return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
/** The one error of a run that did not end as it should: result, first causes, address. */
function failureMessage(run, causes) {
    return `${failureText(run, causes)} ${run.url}`;
}
/** The same, where the address has its own place. */
function failureText(run, causes) {
    const [first, ...others] = causes;
    if (run.result === "succeeded" || run.result === null) {
        // What went wrong in a run that goes on is why a gate stays shut.
        const cause = first === undefined || run.result !== null ? "" : ` ${causeText(first)}`;
        return `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}, and success-when does not hold.${cause}`;
    }
    if (first === undefined)
        return `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}.`;
    const location = first.path === "" ? "" : `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .locationPrefix */ .Kx)(run)} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(first.path)}`;
    const otherNames = otherLocations(first, others);
    const alsoFailed = otherNames.length > 0 ? ` Also failed: ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(otherNames)}.` : "";
    return `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}${location}${messageText(first)}${alsoFailed}`;
}
/** `Staging › Smoke tests › Run curl: the health check failed.` */
function causeText(cause) {
    const text = `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(cause.path)}${messageText(cause)}`.replace(/^: /, "");
    return cause.message === undefined ? `Failed: ${text}` : text;
}
function messageText({ message, issue }) {
    const text = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)((0,_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .withIssueCode */ .D)(message ?? "", issue)), 300);
    if (text === "")
        return ".";
    return /[.!?…]$/.test(text) ? `: ${text}` : `: ${text}.`;
}
/** Other tasks that failed by themselves: a job's echo of its task is no other place. */
function otherLocations(first, others) {
    const locationKey = ({ jobId, taskId }) => `${jobId}/${taskId}`;
    const failed = others.filter((cause) => !cause.isConsequence && locationKey(cause) !== locationKey(first));
    return [...new Map(failed.map((cause) => [locationKey(cause), (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(cause.path)])).values()];
}
/** The last line of a step that fails, below the excerpts: `✘ 20261122.3 failed in Staging › Smoke tests. https://…` */
function failureLine(run, causes) {
    const [first] = causes;
    const place = [first?.stage, first?.job].filter((name) => name !== undefined).join(" › ");
    const isRejected = run.result === null || run.result === "succeeded";
    const location = place === "" || isRejected ? "" : `${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .locationPrefix */ .Kx)(run)} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(place)}`;
    const rejection = isRejected ? ", and success-when does not hold" : "";
    return `✘ ${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .runSentence */ .nm)(run)}${location}${rejection}. ${run.url}`;
}
/** The last line of a step whose action could not do its job, or that was cancelled. */
function errorLine(message, isCanceled) {
    return `${isCanceled ? "⊘" : "✘"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(message), 1_000)}`;
}
/** The last line of a step that leaves the run running after its timeout. */
function leftLine({ name, url }, elapsed) {
    return `■ ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name)} was left running after ${elapsed}. ${url}`;
}


/***/ }),

/***/ 9850:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runStep: () => (/* binding */ runStep)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(8414);
// EXTERNAL MODULE: ./build/app/cancel-run.js
var cancel_run = __webpack_require__(3596);
// EXTERNAL MODULE: ./build/app/find-started-run.js
var find_started_run = __webpack_require__(885);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __webpack_require__(5802);
// EXTERNAL MODULE: ./build/app/step-state.js
var step_state = __webpack_require__(7908);
;// CONCATENATED MODULE: ./build/app/cancel-on-signal.js





/** With seconds left, neither a rest that the service asks for nor a slow answer is waited for. */
const signalRequestOptions = { retryForMs: 5_000, ignoreRetryAfter: true };
const signalCancelOptions = {
    request: { timeoutMs: 2_800, retryForMs: 0 },
    maxAttempts: 2,
};
/** What a post step usually needs to cancel a run. */
const postStepCancelMs = 1_500;
/**
 * Cancels the run between the signal and the end of the process, and answers with what became of it. What fails here is
 * left to the post step.
 */
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
    const { url = runs.url(runId), status = "inProgress" } = stepState.snapshot?.run ?? {};
    if (status !== "completed" && !(context.cancelOnAbort ?? (0,step_state/* ownsRunOrStages */.dN)(phase))) {
        stepState.setPhase({ at: "left", runId });
        return `The run goes on: ${url}`;
    }
    if (stages !== undefined) {
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
/** Answers whether all of them were found and are over: otherwise the post step searches again. */
async function cancelDuplicatesOnSignal(search, runId, context, signal) {
    const deps = { ...context, retryOptions: signalRequestOptions };
    const { certain } = await (0,cancel_run/* findDuplicates */.Ir)(search, runId, deps, signal);
    const outcomes = await Promise.all(certain.map((duplicate) => cancelAndDescribe(duplicate, context, signal)));
    return certain.length === search.attempts - 1 && outcomes.every(({ isOver }) => isOver);
}
/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function cancelPendingStartOnSignal(phase, context, signal) {
    const { stepState, cancelOnAbort = true, outputs, pipelines } = context;
    const message = `It is not known yet whether a run was started: ${pipelines.url(phase.pipelineId)}`;
    if (!cancelOnAbort)
        return { message };
    const deps = { ...context, retryOptions: signalRequestOptions };
    const found = await (0,find_started_run/* findCandidates */.eE)(phase, deps, signal).catch((0,errors/* ignoreError */.FZ)("the post step searches again"));
    const exact = (0,find_started_run/* exactMatches */.Nk)(found?.matches ?? [], phase.attempts);
    const [first] = exact;
    if (first === undefined)
        return { message };
    outputs.set((0,app_outputs/* startOutputs */.HK)(first));
    const outcomes = await Promise.all(exact.map((run) => cancelAndDescribe(run, context, signal)));
    // As long as one is missing the post step has to search again.
    if (exact.length === phase.attempts) {
        const isOver = outcomes.every((outcome) => outcome.isOver);
        if (isOver)
            stepState.setPhase({ at: "left", runId: first.id });
        else if (exact.length === 1)
            stepState.setPhase({ at: "following", runId: first.id, isOwn: true });
    }
    return { message: outcomes.map((outcome) => outcome.message).join(" "), found: first };
}
async function cancelAndDescribe({ id, url, status }, context, signal) {
    const ended = { isOver: true, message: `The run was over already: ${url}` };
    if (status === "completed")
        return ended;
    if (context.isPostStepActive === true && (await isCancelledByPostStep(id, context, signal)))
        return { isOver: true, message: `The run was cancelled by the post step: ${url}` };
    const result = await (0,cancel_run/* cancelRun */.Su)(id, signalCancelOptions, context, signal);
    if (result.kind === "cancelled")
        return { isOver: true, message: `The run was cancelled too: ${url}` };
    if (result.kind === "completed")
        return ended;
    const yet = result.error instanceof errors/* ActionError */.lZ ? "" : " yet";
    const message = `The run could not be cancelled${yet} (${(0,errors/* reasonOf */.A3)(result.error)}): ${url}`;
    return { isOver: false, message };
}
/** Gives the post step a moment to cancel the run, and checks whether it has. */
async function isCancelledByPostStep(runId, { runs, clock }, signal) {
    await clock.sleep(postStepCancelMs, signal).catch((0,errors/* ignoreError */.FZ)("without time left, it is checked at once"));
    const run = await (0,cancel_run/* tryGetRun */.BH)(runId, runs, signal);
    return run?.status === "canceling" || run?.status === "completed";
}
/** Cancels stages after the signal, and says what became of them. */
async function cancelStagesOnSignal(target, deps, signal) {
    const { subject, was } = (0,cancel_run/* stagesAsSubject */.eN)(target.stages);
    try {
        await (0,cancel_run/* cancelStages */.AN)(target, deps, signal);
        return { isOver: true, message: `${subject} of the run ${was} cancelled too: ${target.url}` };
    }
    catch (error) {
        const yet = error instanceof errors/* ActionError */.lZ ? "" : " yet";
        const message = `${subject} of the run could not be cancelled${yet} (${(0,errors/* reasonOf */.A3)(error)}): ${target.url}`;
        return { isOver: false, message };
    }
}

// EXTERNAL MODULE: ./build/app/context.js + 2 modules
var app_context = __webpack_require__(4565);
// EXTERNAL MODULE: ./build/inputs/fields.js + 2 modules
var fields = __webpack_require__(8010);
// EXTERNAL MODULE: ./build/inputs/organization-url.js
var organization_url = __webpack_require__(5257);
// EXTERNAL MODULE: ./build/render/run-text.js
var run_text = __webpack_require__(8182);
;// CONCATENATED MODULE: ./build/app/report-error.js




/**
 * One failure is one error; its causes are for whoever debugs, and its circumstances for whoever reports it. Once there is
 * a run, the last line says it again, below the excerpts.
 */
function reportError(error, { runner, outputs, runNote, logs, bugReportContext }) {
    const actionError = error instanceof errors/* ActionError */.lZ ? error : undefined;
    const code = actionError?.code ?? "internal";
    outputs.set({ "error-code": code });
    const isReportable = reportableCodes.includes(code) && !(error instanceof errors/* RunnerError */.Rn);
    const parts = actionError === undefined ? [internalErrorMessage(error)] : [actionError.message, actionError.hint];
    const text = [...parts, runNote].filter(Boolean).join("\n");
    runner.write([
        ...(isReportable ? bugReport(code, bugReportContext()) : []),
        ...stackTraces(error).map((stack) => ({ type: "debug", text: stack })),
        { type: "error", text },
    ]);
    if (logs === undefined)
        return;
    logs.writeExcerpts();
    const message = [parts[0], runNote].filter(Boolean).join(" ");
    runner.write([{ type: "text", text: (0,run_text/* errorLine */.BP)(message, code === "canceled") }]);
}
function internalErrorMessage(error) {
    return `The action itself failed: ${(0,errors/* reasonOf */.A3)(error)}\nRun the job again with debug logging, and report what it says, with "For a report of this error" above.`;
}
function stackTraces(error) {
    if (!(error instanceof Error))
        return [String(error)];
    const own = error.stack ?? error.message;
    return error.cause === undefined ? [own] : [own, ...stackTraces(error.cause)];
}
/** What may be a mistake of the action's own, and not of whoever set it up. */
const reportableCodes = ["unexpected-response", "start-unknown", "internal"];
/** What somebody who looks into an error asks first, folded: no value of an input, no name and no address is in it. */
function bugReport(code, { environmentFields, input, inputs }) {
    const reportFields = [
        ["error-code", code],
        ...environmentFields,
        ...(inputs === undefined ? [] : inputFields(inputs)),
        ["inputs", (0,fields/* givenInputNames */.MA)(input).join(", ")],
    ];
    return [
        { type: "group", title: "For a report of this error" },
        ...reportFields.map(([name, value]) => ({ type: "text", text: `${name}: ${value}` })),
        { type: "end-group" },
    ];
}
function inputFields({ projectRef, apiVersion, credentialConfig }) {
    const service = (0,organization_url/* isAzureDevOpsServices */.xo)(projectRef.organization) ? "Services" : "Server";
    return [
        ["Azure DevOps", `${service}, api-version ${apiVersion}`],
        ["sign-in", credentialConfig.kind],
    ];
}

// EXTERNAL MODULE: ./build/core/rerun-tag.js
var rerun_tag = __webpack_require__(237);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __webpack_require__(5275);
// EXTERNAL MODULE: ./build/app/attach-run.js
var attach_run = __webpack_require__(4311);
// EXTERNAL MODULE: ./build/core/build-run-tree.js + 1 modules
var build_run_tree = __webpack_require__(1598);
// EXTERNAL MODULE: ./build/core/condition.js + 1 modules
var condition = __webpack_require__(4217);
// EXTERNAL MODULE: ./build/core/run-document.js
var run_document = __webpack_require__(233);
;// CONCATENATED MODULE: ./build/app/find-earlier-run.js




/** GitHub lets a workflow run have 50 re-runs. */
const maxAttempts = 100;
/**
 * The run that the newest earlier attempt of this step started. A tag is no proof, since any pipeline can add one to its
 * run: identity, pipeline, ref, commit and request must agree too.
 */
async function findEarlierRun(search, deps, signal) {
    const fingerprint = await (0,find_started_run/* withDefaultRef */.FN)(search.fingerprint, deps.pipelines, signal);
    const { pipelineId } = fingerprint;
    for (const attempt of earlierAttempts(search.tagParts.attempt)) {
        const tag = (0,rerun_tag/* rerunTag */.fE)({ ...search.tagParts, attempt });
        const { runs, callerId } = await deps.runLists.listTagged(pipelineId, tag, signal);
        // An older server may ignore the filter.
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
    const text = `Ignored, since they differ from what this step asks for, though they have the tag of an earlier attempt of it:\n${(0,find_started_run/* describeRuns */._N)(runs)}`;
    runner.write([{ type: "warning", text }]);
}
/** The newest first. */
function earlierAttempts(current) {
    return Array.from({ length: Math.min(current - 1, maxAttempts) }, (_, index) => current - 1 - index);
}
/** An earlier attempt may have asked for something else: with other parameters, say. Its tag then has another hash. */
async function warnOfOtherRequests({ fingerprint, tagParts }, deps, signal) {
    const list = await deps.runLists
        .listRecent(fingerprint.pipelineId, { retryForMs: 10_000 }, signal)
        .catch((0,errors/* ignoreError */.FZ)("the list only serves a warning"));
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
        ? "Whether this run is the one that an earlier attempt of this step started is unknown, since Azure DevOps does not say enough about it"
        : "An earlier attempt started several runs that all fit this step";
    return new errors/* ActionError */.lZ("start-unknown", `${reason}:\n${(0,find_started_run/* describeRuns */._N)(runs)}`, {
        hint: isSingle
            ? "Follow it with `run-id`, or start a new run with `on-rerun: new`."
            : "Set `rerun-key` to a different value in each step that starts this pipeline, and follow one of these runs with `run-id`.",
    });
}

// EXTERNAL MODULE: ./build/app/retry-stages.js
var retry_stages = __webpack_require__(6772);
// EXTERNAL MODULE: ./build/app/stage-requests.js
var stage_requests = __webpack_require__(1669);
;// CONCATENATED MODULE: ./build/app/retry-run.js









/**
 * Finds the run that an earlier attempt of this step started: follows it if it is running or has succeeded, and retries
 * what failed with `retry-failed`. Answers nothing if a new run is needed, and says why in the log.
 */
async function resumeEarlierRun(search, inputs, deps, signal) {
    if (search.tagParts.attempt <= 1)
        return undefined;
    const { projectRef } = inputs;
    const log = (type, text) => deps.runner.write([{ type, text }]);
    const run = await findEarlierRun(search, deps, signal);
    if (run === undefined) {
        log("text", "No earlier attempt of this step has left a run. Starting a new one.");
        return undefined;
    }
    (0,attach_run/* checkProject */.sh)(projectRef, run.project);
    // Whatever becomes of the retry: the step is about this run.
    deps.outputs.set((0,app_outputs/* startOutputs */.HK)({ ...run, commit: run.source.commit }));
    const hasNotSucceeded = run.status === "completed" && run.result !== "succeeded";
    if (hasNotSucceeded && inputs.onRerun === "retry-failed") {
        const outcome = await requestRetry({ runId: run.id, isOwn: true }, inputs, deps, signal);
        if (outcome.kind === "rejected") {
            log("warning", `${run.name} of an earlier attempt cannot be retried. ${outcome.reason} Starting a new run.`);
            deps.outputs.set(app_outputs/* emptyRunOutputs */.N$);
            return undefined;
        }
        if (outcome.kind === "retried") {
            for (const { stage, rejection } of outcome.rejected) {
                log("warning", `Stage ${stage} was not retried. ${rejection.message}`);
            }
            const adopted = await (0,attach_run/* adoptRun */.kG)(run, { projectRef, verb: "Retrying what failed in", isOwn: true }, deps, signal);
            return { ...adopted, staleResult: outcome.before };
        }
    }
    return await (0,attach_run/* adoptRun */.kG)(run, { projectRef, verb: "Following", origin: "from an earlier attempt", isOwn: false }, deps, signal);
}
/** `on-rerun: retry-failed` of a run that the step only follows. A run that can't be retried is followed as it is. */
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
/** Asks for each failed stage again. Rejected is only what the service refuses altogether. */
async function requestRetry({ runId, isOwn }, inputs, deps, signal) {
    const { runs, stepState } = deps;
    const readRun = (0,stage_requests/* createRunReader */.PL)(runs, runId);
    const before = await valueOrRejection(() => readRun(signal), signal);
    if (before instanceof errors/* ActionError */.lZ)
        return { kind: "rejected", reason: before.message };
    if (hasNothingToRetry(before, inputs))
        return { kind: "unnecessary" };
    const { phase } = stepState;
    const stages = failedStageNames(before.records);
    // From the first request on there may be something to cancel.
    stepState.setPhase({ at: "following", runId, isOwn, ...(!isOwn && { stages }) });
    const { rejected, accepted } = await (0,retry_stages/* retryStages */.qJ)(before, stages, { ...deps, readRun }, signal);
    const forbidden = rejected.find(({ rejection }) => rejection.code === "forbidden");
    // A missing permission is no reason to do all of it again in a new run.
    if (isOwn && forbidden !== undefined)
        throw forbidden.rejection;
    const [first] = rejected;
    if (first === undefined)
        return { kind: "retried", before: before.run, rejected };
    const current = await valueOrRejection(() => readRun(signal), signal);
    if (accepted.length > 0 || hasChanged(before, current)) {
        return { kind: "retried", before: before.run, rejected: stillFailed(rejected, current) };
    }
    stepState.setPhase(phase);
    return { kind: "rejected", reason: first.rejection.message };
}
/** Under way again by now; or partially successful where that will do: nothing has failed in such a run. */
function hasNothingToRetry({ run, records }, { successWhen }) {
    if (run.status !== "completed")
        return true;
    return (run.result === "partiallySucceeded" &&
        (0,condition/* evaluateCondition */.F9)(successWhen, (0,run_document/* documentOf */.l)(run, (0,build_run_tree/* buildRunTree */.u)(records), null)).holds);
}
/** Somebody else may have been quicker: the service refuses to retry what is under way. */
function hasChanged(before, current) {
    if (current instanceof errors/* ActionError */.lZ)
        return false;
    return current.run.status !== "completed" || current.run.finishedAt !== before.run.finishedAt;
}
function stillFailed(rejected, current) {
    if (current instanceof errors/* ActionError */.lZ)
        return rejected;
    const failed = failedStageNames(current.records);
    return rejected.filter(({ stage }) => failed.includes(stage));
}
/** What the service refuses, as a value. Whatever else goes wrong ends the step: a new run would do all of it again. */
async function valueOrRejection(work, signal) {
    try {
        return await work();
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof errors/* ActionError */.lZ && (error.code === "rejected" || error.code === "not-found"))
            return error;
        throw error;
    }
}
/** Cancelled ones too, since a re-run is asked for by a person. None of a classic run: the service knows no stages of it. */
function failedStageNames(records) {
    const stages = (0,retry_stages/* hasStageRecords */.bs)(records) ? (0,build_run_tree/* buildRunTree */.u)(records).stages : [];
    return stages.filter(hasFailed).map(({ name }) => name);
}
function hasFailed({ result, jobs }) {
    if (result === "skipped" || result === "manual")
        return false;
    return (result === "failed" ||
        result === "canceled" ||
        result === "abandoned" ||
        jobs.some((job) => job.result === "failed"));
}

// EXTERNAL MODULE: ./build/app/start-run.js + 2 modules
var start_run = __webpack_require__(8767);
;// CONCATENATED MODULE: ./build/app/run-action.js






/** The use case from end to end: starts or finds a run, waits for it, and ends as it ended. */
async function runAction(context, signal) {
    const { runner, signIn } = context.deps;
    await signIn.authorization(signal);
    if (signIn.description !== undefined)
        runner.write([{ type: "text", text: signIn.description }]);
    const obtained = await obtainRun(context, signal);
    if (obtained === undefined)
        return "succeeded";
    // The wait does not need them.
    const tagging = addTags(obtained, context.deps, signal);
    tagging.catch((0,errors/* ignoreError */.FZ)("it is awaited at the end"));
    // Loaded only now, so that the start is not delayed.
    const { trackRun } = await Promise.all(/* import() */[__webpack_require__.e(695), __webpack_require__.e(633)]).then(__webpack_require__.bind(__webpack_require__, 5633));
    const outcome = await trackRun(obtained.run, context, signal);
    await tagging;
    return outcome;
}
/** The run of this step: started by it or an earlier attempt, or followed. None after a preview. */
async function obtainRun(context, signal) {
    const { target, tags = [] } = context.inputs;
    if (target.kind === "start")
        return await startOrRetry(target.pipeline, context, signal);
    if (target.kind === "find") {
        const { findOrStartRun } = await __webpack_require__.e(/* import() */ 755).then(__webpack_require__.bind(__webpack_require__, 9755));
        const run = await findOrStartRun(target, context, signal);
        return run && { run: await retryOnRerun(run, context, signal), tags };
    }
    const run = await (0,attach_run/* attachToRun */.i9)({ ...target, projectRef: context.inputs.projectRef }, context.deps, signal);
    return { run: await retryOnRerun(run, context, signal), tags };
}
/** `on-rerun: retry-failed` with a run that this step does not start. */
async function retryOnRerun(run, context, signal) {
    const { inputs, deps } = context;
    const isRetryWanted = inputs.onRerun === "retry-failed" && context.workflow.attempt > 1;
    return isRetryWanted && run.isExternal ? await retryFollowedRun(run, inputs, deps, signal) : run;
}
async function startOrRetry(pipeline, context, signal) {
    const { inputs, deps, workflow } = context;
    const plan = await (0,start_run/* resolveStartRequest */.Y)(inputs, pipeline, { deps, trigger: workflow.trigger }, signal);
    if (inputs.preview) {
        const { preview } = await Promise.all(/* import() */[__webpack_require__.e(695), __webpack_require__.e(568)]).then(__webpack_require__.bind(__webpack_require__, 8568));
        await preview(plan, context, signal);
        return undefined;
    }
    const { runId: workflowRunId, attempt } = workflow;
    const key = inputs.rerunKey ?? workflow.stepKey;
    const tagParts = { workflowRunId, attempt, key, requestHash: (0,rerun_tag/* requestHash */.k0)(plan) };
    const tag = inputs.onRerun === "new" ? null : (0,rerun_tag/* rerunTag */.fE)(tagParts);
    if (tag !== null) {
        if (workflowRunId === "")
            throw new errors/* RunnerError */.Rn("The runner did not set GITHUB_RUN_ID, which `on-rerun` needs.");
        const fingerprint = (0,run_matching/* fingerprintOf */.ax)({ ...plan, tag });
        const earlierRun = await resumeEarlierRun({ fingerprint, tagParts }, inputs, deps, signal);
        if (earlierRun !== undefined)
            return { run: earlierRun, tags: [] };
    }
    const run = await (0,start_run/* startRun */.A)({ ...plan, tag }, inputs, deps, signal);
    signal.throwIfAborted();
    return { run, tags: [...(inputs.tags ?? []), ...(tag === null ? [] : [tag])] };
}
async function addTags({ run, tags }, { runs, runner }, signal) {
    if (tags.length === 0)
        return;
    try {
        await runs.addTags(run.id, tags, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        const hasRerunTag = tags.some((tag) => tag.startsWith(run_matching/* tagPrefix */.B3));
        const consequence = hasRerunTag ? " A re-run of this job will not find this run." : "";
        runner.write([{ type: "warning", text: `The run bears no tags. ${(0,errors/* reasonOf */.A3)(error)}${consequence}` }]);
    }
}

;// CONCATENATED MODULE: ./build/app/main-step.js








/** From the signal to the last line: the runner kills the process ten seconds after it. Milliseconds. */
const maxCancelMs = 5_800;
/** Runs the action and returns its exit code. The only place that catches errors. */
async function runMainStep(environment) {
    const { runner, clock, signal, workflow } = environment;
    const stepState = (0,step_state/* createStepState */._U)(runner);
    const abortedAt = firstAbortTime(signal, clock);
    const outputs = (0,app_outputs/* createOutputs */.lk)(runner);
    let context;
    let tracking;
    let isFinished = false;
    const bugReportContext = () => ({
        ...environment,
        environmentFields: environment.environmentFields(),
        inputs: context?.inputs,
    });
    const report = (error, runNote) => reportError(error, { runner, outputs, runNote, logs: tracking?.logs, bugReportContext });
    try {
        // Overwrites what the job's environment may hold under these names.
        stepState.setPhase({ at: "idle" });
        environment.saveLifecycle();
        const inputs = await (0,app_context/* readMaskedInputs */.z)(environment);
        runner.checkFiles(inputs.summary);
        runner.write(inputs.warnings.map((text) => ({ type: "warning", text })));
        const deps = { runner, clock, outputs, stepState, ...environment.connect(inputs) };
        const onTracking = (started) => {
            tracking = started;
        };
        context = { inputs, deps, workflow, onTracking };
        const outcome = await runAction(context, signal);
        isFinished = true;
        const failure = runner.failure();
        if (outcome === "failed")
            runner.ignoreFailures();
        else if (failure !== undefined)
            throw failure;
        markSettled(stepState, tracking);
        return outcome === "failed" ? 1 : 0;
    }
    catch (error) {
        runner.ignoreFailures();
        const failure = signal.aborted ? signal.reason : error;
        if (signal.aborted || (failure instanceof errors/* RunnerError */.Rn && !isFinished)) {
            const isPostStepActive = failure === errors/* shutdownRequested */.zX;
            const runNote = context === undefined
                ? "No run was started."
                : await handleCutOff({ failure, context, tracking: () => tracking, isPostStepActive }, remainingCancelMs(clock, abortedAt()));
            if (failure instanceof errors/* StepCancelledError */.YH) {
                const cancelled = new errors/* ActionError */.lZ("canceled", `The step was cancelled. ${runNote}`);
                report(cancelled);
            }
            else {
                report(failure, runNote);
            }
        }
        else {
            const runNote = describeUnfinishedRun(error, stepState, context?.deps);
            await handleError(error, { stepState, tracking }, signal);
            report(error, runNote);
        }
        return 1;
    }
}
/** What can be done before the runner kills the process: first cancel the run, then report on it. */
async function handleCutOff({ failure, context, tracking, isPostStepActive }, timeoutMs) {
    const { inputs, deps } = context;
    const { stepState } = deps;
    const { phase } = stepState;
    const isLeftRunning = phase.at === "following" && !(inputs.cancelOnAbort ?? (0,step_state/* ownsRunOrStages */.dN)(phase));
    return await (0,abort/* withTimeout */.wj)(timeoutMs, deps.clock, async (timeoutSignal) => {
        const { message: cancelMessage, found } = await cancelOnSignal({ ...deps, cancelOnAbort: inputs.cancelOnAbort, isPostStepActive }, timeoutSignal).catch((error) => ({
            message: `What became of the run is not known (${(0,errors/* reasonOf */.A3)(error)}).`,
        }));
        const isStillRunning = isLeftRunning || stepState.phase.at === "following";
        if (found !== undefined)
            await trackFoundRun(found, context);
        // The summary already has the URL.
        const cancelOutcome = {
            text: cancelMessage.replace(`: ${stepState.snapshot?.run.url}`, "."),
            isStillRunning,
        };
        const verdict = failure instanceof errors/* StepCancelledError */.YH
            ? { kind: "canceled", text: "the step was cancelled", cancelOutcome }
            : { kind: "error", text: "the action gave up (internal)", cancelOutcome };
        await writeFinalReport(verdict, { stepState, tracking: tracking() }, timeoutSignal);
        return cancelMessage;
    });
}
/** A run that was found only as the step was cut off is in no log or summary yet. */
async function trackFoundRun(found, context) {
    const { reportFoundRun } = await Promise.all(/* import() */[__webpack_require__.e(695), __webpack_require__.e(633), __webpack_require__.e(655)]).then(__webpack_require__.bind(__webpack_require__, 8655));
    await reportFoundRun(found, context).catch((0,errors/* ignoreError */.FZ)("the error names the run, and the time is short"));
}
/** When the signal came, if it has. */
function firstAbortTime(signal, clock) {
    let abortedAt;
    signal.addEventListener("abort", () => {
        abortedAt = clock.now();
    });
    return () => abortedAt;
}
function remainingCancelMs(clock, abortedAt = clock.now()) {
    return Math.max(0, maxCancelMs - (clock.now() - abortedAt));
}
/** The error says where the run is, and whether it is still running, unless its own text does. */
function describeUnfinishedRun(error, { phase, snapshot }, deps) {
    if (phase.at !== "following" || deps === undefined)
        return undefined;
    const url = snapshot?.run.url ?? deps.runs.url(phase.runId);
    // The URL of a run may have the project's name or its GUID.
    const isMentioned = error instanceof Error &&
        [url, `buildId=${phase.runId}`].some((reference) => error.message.includes(reference));
    if (isMentioned)
        return undefined;
    return snapshot?.run.status === "completed" ? `The run has ended: ${url}` : `The run goes on: ${url}`;
}
/** The action could not do its job: the run is not touched. */
async function handleError(error, { stepState, tracking }, signal) {
    const { phase } = stepState;
    if (phase.at === "following")
        stepState.setPhase({ at: "left", runId: phase.runId });
    // After a timeout all this is already written.
    if (!(error instanceof errors/* ActionError */.lZ && error.code === "timeout")) {
        const text = error instanceof errors/* ActionError */.lZ ? error.code : "internal";
        await writeFinalReport({ kind: "error", text: `the action gave up (${text})` }, { stepState, tracking }, signal);
    }
    markSettled(stepState, tracking);
}
/** Nothing is left for the post step, unless a check run or status could not be closed. */
function markSettled(stepState, tracking) {
    const { phase } = stepState;
    const hasPendingReport = tracking?.reports.hasPending() === true && "runId" in phase;
    stepState.setPhase(hasPendingReport ? { at: "left", runId: phase.runId } : { at: "settled" });
}
/** Writes outputs and summary, and closes check run and status, for a run whose end the step did not see. */
async function writeFinalReport(verdict, { stepState, tracking }, signal) {
    if (tracking === undefined)
        return;
    try {
        const { reportInterruptedRun } = await Promise.all(/* import() */[__webpack_require__.e(695), __webpack_require__.e(633), __webpack_require__.e(655)]).then(__webpack_require__.bind(__webpack_require__, 8655));
        await reportInterruptedRun(verdict, { snapshot: stepState.snapshot, tracking }, signal);
    }
    catch (error) {
        tracking.deps.runner.write([
            { type: "warning", text: `Summary, check run or status may be incomplete: ${(0,errors/* reasonOf */.A3)(error)}` },
        ]);
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 12 modules
var core = __webpack_require__(143);
// EXTERNAL MODULE: ./build/lib/json.js
var lib_json = __webpack_require__(292);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __webpack_require__(2696);
// EXTERNAL MODULE: ./build/auth/access-token.js
var access_token = __webpack_require__(8845);
;// CONCATENATED MODULE: ./build/auth/credentials/static-token.js



/** Signs in with the given token: a JWT or JWE as Bearer, a personal access token as Basic. It cannot be renewed. */
function tokenSignIn(token, clock, runner) {
    runner.mask(token);
    if ((0,access_token/* isJsonWebToken */.W0)(token))
        return bearerSignIn(token, clock);
    const encoded = Buffer.from(`:${token}`).toString("base64");
    runner.mask(encoded);
    return {
        description: undefined,
        authorization: async () => `Basic ${encoded}`,
        refresh: async () => false,
    };
}
/** The claims only improve messages: Azure DevOps encrypts its tokens, so they often cannot be read. */
function bearerSignIn(token, clock) {
    const claims = (0,access_token/* decodeJwtClaims */.dG)(token) ?? {};
    const expiresAt = typeof claims["exp"] === "number" ? claims["exp"] * 1_000 : Number.POSITIVE_INFINITY;
    return {
        description: describe(expiresAt, clock.now()),
        refresh: async () => false,
        authorization: async () => {
            rejectWrongAudience(claims["aud"]);
            return `Bearer ${token}`;
        },
    };
}
/** The hint for a token that Azure DevOps rejects; `undefined` for an access token. */
function rejectedTokenHint(token, { isServices }) {
    if ((0,access_token/* isJsonWebToken */.W0)(token))
        return undefined;
    const hints = [
        isEncodedForBasic(token)
            ? "The token is base64 of `user:TOKEN`: store the personal access token itself."
            : undefined,
        isServices
            ? "Personal access tokens for all accessible organizations (global tokens) stop working on 2026-12-01: create one for this organization."
            : undefined,
    ];
    return hints.filter((hint) => hint !== undefined).join(" ") || undefined;
}
/** Whether a token is base64 of `:TOKEN` or `user:TOKEN`, as in a Basic authorization header. */
function isEncodedForBasic(token) {
    if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(token))
        return false;
    const text = Buffer.from(token, "base64").toString("latin1");
    return /^[\x20-\x39\x3b-\x7e]*:[\x21-\x7e]{8,}$/.test(text);
}
function describe(expiresAt, now) {
    const minutes = Math.floor((expiresAt - now) / 60_000);
    if (!Number.isFinite(minutes) || minutes < 0)
        return undefined;
    return `Signed in with the given access token, valid for ${minutes} min; it cannot be renewed.`;
}
// Tokens are often requested for these by mistake, and Azure DevOps rejects them without a reason.
const wrongAudiences = new Map([
    ["https://management.azure.com", "Azure Resource Manager"],
    ["https://management.core.windows.net", "Azure Resource Manager"],
    ["https://graph.microsoft.com", "Microsoft Graph"],
    ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
    ["api://AzureADTokenExchange", "the exchange with Entra ID"],
]);
function rejectWrongAudience(audience) {
    const purpose = typeof audience === "string" ? wrongAudiences.get(audience.replace(/\/$/, "")) : undefined;
    if (purpose === undefined)
        return;
    throw new errors/* ActionError */.lZ("unauthorized", `The access token in \`token\` was issued for ${purpose}, not for Azure DevOps.`, {
        hint: `Request one for the resource ${credentials/* azureDevOpsAppId */.vB}.`,
    });
}

// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(1374);
;// CONCATENATED MODULE: ./build/auth/token-cache.js



const firstTokenRetryForMs = 60_000;
const refreshRetryForMs = 300_000;
const noFailures = {
    isRejected: false,
    lastFetchFailed: false,
    permanentError: undefined,
    failures: 0,
    failingSince: undefined,
    retryAt: 0,
};
function createTokenState() {
    return { current: undefined, renewAt: 0, ...noFailures };
}
/** Whether the current token can be used. */
function isTokenValid({ current, isRejected }, now) {
    return current !== undefined && !isRejected && now < current.expiresAt;
}
/**
 * A sign-in that fetches a token at the first call, renews it before it expires, and retries transient errors. While the current
 * token is valid, it is renewed in the background.
 */
function createTokenCache(fetchToken, credentialDescription, deps) {
    const { clock } = deps;
    const state = createTokenState();
    const neverAborted = new AbortController().signal;
    const refresh = singleFlight((signal) => fetchWithRetry(fetchToken, state, deps, signal));
    return {
        get description() {
            return describeSignIn(credentialDescription, state.current, clock.now());
        },
        currentToken: () => state.current,
        authorization: async (signal) => {
            signal.throwIfAborted();
            if (!isTokenValid(state, clock.now()))
                await refreshOrThrow(state, () => refresh(signal));
            else if (shouldRefresh(state, clock.now()))
                refresh(neverAborted).catch((0,errors/* ignoreError */.FZ)("the first caller after the token has expired gets it"));
            if (!state.current)
                throw new errors/* ActionError */.lZ("internal", "The sign-in ended without a token.");
            return `Bearer ${state.current.token}`;
        },
        refresh: async (signal) => {
            const previous = state.current;
            if (!previous || previous.nonRefreshable || state.lastFetchFailed)
                return false;
            state.isRejected = true;
            await refresh(signal);
            // Some endpoints answer from a cache: the same token again is not a new one.
            return state.current !== undefined && state.current.token !== previous.token;
        },
    };
}
async function refreshOrThrow({ current, permanentError }, refresh) {
    if (permanentError)
        throw permanentError;
    if (!current?.nonRefreshable)
        return await refresh();
    throw new errors/* ActionError */.lZ("unauthorized", "The sign-in expired, and it cannot be renewed without a user.", {
        hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
    });
}
/** Whether the current token is due for renewal and an attempt is allowed. */
function shouldRefresh({ current, renewAt, retryAt, permanentError }, now) {
    return !current?.nonRefreshable && permanentError === undefined && now >= renewAt && now >= retryAt;
}
function describeSignIn(credentialDescription, current, now) {
    if (!current)
        return `Signing in ${credentialDescription}.`;
    const validity = lifetimeText(current.expiresAt - now);
    return `Signed in ${credentialDescription}; valid for ${validity}, ${current.nonRefreshable ? "not renewable" : "renewed automatically"}.`;
}
/**
 * Fetches until there is a token. While the current token is valid, a failure does not throw: a transient one is retried by a
 * later call, a permanent one is kept until the token has expired.
 */
async function fetchWithRetry(fetchToken, state, deps, signal) {
    const { clock } = deps;
    const requestedAt = clock.now();
    try {
        const token = await (0,retry/* retry */.L5)(() => fetchToken(signal), {
            retryError: (error) => {
                const transient = (0,errors/* asTransient */.tA)(error);
                if (transient !== undefined)
                    recordFailure(transient, state, { ...deps, requestedAt });
                return isTokenValid(state, clock.now()) ? undefined : transient;
            },
            deadline: retryDeadline(state, requestedAt),
            delayMs: () => state.retryAt - clock.now(),
            toFinalError: (error) => failAfterRetries(error, state, clock.now()),
            clock,
            signal,
        });
        storeToken(state, token, clock.now());
    }
    catch (error) {
        if (!(error instanceof errors/* TransientError */.N_))
            handlePermanentError(error, state, deps, signal);
    }
}
function recordFailure(error, state, { requestedAt, ...deps }) {
    state.failures += 1;
    state.failingSince ??= requestedAt;
    state.retryAt =
        deps.clock.now() + Math.max((0,retry/* backoffMs */.jo)(state.failures, deps.random()), error.retryAfterMs ?? 0);
    // A single failure is not worth a line in the log.
    if (state.failures === 2)
        logRefreshFailure(error, state, deps);
}
function handlePermanentError(error, state, deps, signal) {
    state.lastFetchFailed = !signal.aborted;
    if (signal.aborted || !isTokenValid(state, deps.clock.now()))
        throw error;
    state.permanentError = error;
    logRefreshFailure(error, state, deps);
}
/** Logs that the token may expire without a new one. */
function logRefreshFailure(error, state, { clock, runner }) {
    if (!state.current)
        return;
    const [reason] = (0,errors/* reasonOf */.A3)(error).split("\n");
    const validity = isTokenValid(state, clock.now())
        ? `The current token is valid for ${lifetimeText(state.current.expiresAt - clock.now())}.`
        : "Retrying.";
    const text = `The access token could not be renewed: ${reason?.replace(/\.$/, "")}. ${validity}`;
    runner.write([{ type: "text", text }]);
}
/** A duration for messages. */
function lifetimeText(ms) {
    const seconds = Math.max(Math.round(ms / 1_000), 0);
    return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
function storeToken(state, token, now) {
    const lifetimeMs = Math.max(token.expiresAt - now, 0);
    const renewAt = token.expiresAt - Math.min(lifetimeMs / 10, 300_000);
    Object.assign(state, { current: token, renewAt, ...noFailures });
}
/** One minute for the first token; later until the current one expires, and at least five minutes. */
function retryDeadline({ current, isRejected, failingSince }, now) {
    const since = failingSince ?? now;
    if (!current)
        return since + firstTokenRetryForMs;
    return Math.max(isRejected ? 0 : current.expiresAt, since + refreshRetryForMs);
}
function failAfterRetries(error, state, now) {
    const { failures, failingSince = now } = state;
    Object.assign(state, { lastFetchFailed: true, failures: 0, failingSince: undefined });
    const seconds = Math.round((now - failingSince) / 1_000);
    const attempts = failures === 1 ? "" : ` (tried ${failures} times in ${seconds} s)`;
    const { retryAfterMs: requestedDelayMs } = error;
    const requestedDelay = requestedDelayMs
        ? `; it requested a delay of ${lifetimeText(requestedDelayMs)}`
        : "";
    const reason = `${error.message.replace(/\.$/, "")}${requestedDelay}`;
    const hint = error.throttled
        ? "Run the workflow again later, and sign in with fewer jobs at once: the limit applies to the application, or to this runner's IP address."
        : "Check that this runner can reach the token endpoint, and run the workflow again later.";
    return new errors/* ActionError */.lZ(error.throttled ? "busy" : "unreachable", `No access token could be requested: ${reason}${attempts}.`, {
        hint: error.hint ?? hint,
        cause: error,
    });
}
/**
 * Runs `work` once for all concurrent callers, with the signal of the first; if that one is aborted, the next caller starts it
 * again. Each caller stops waiting as soon as its own signal is aborted.
 */
function singleFlight(work) {
    let current;
    const start = (signal) => {
        const flight = {
            signal,
            done: work(signal).finally(() => {
                if (current === flight)
                    current = undefined;
            }),
        };
        current = flight;
        return flight.done;
    };
    return async (signal) => {
        for (;;) {
            const joined = current;
            if (!joined)
                return start(signal);
            try {
                return await (0,abort/* raceAbort */.Mu)(joined.done, signal);
            }
            catch (error) {
                signal.throwIfAborted();
                if (!joined.signal.aborted)
                    throw error;
                if (current === joined)
                    current = undefined;
            }
        }
    };
}

;// CONCATENATED MODULE: ./build/auth/index.js



/**
 * The sign-in for the inputs. Their secrets are masked at once; nothing is fetched or loaded before the first call of
 * `authorization`.
 */
function createSignIn(config, deps) {
    for (const secret of secretsOf(config))
        deps.runner.mask(secret);
    const tokenToPersist = () => undefined;
    if (config.kind === "token")
        return { ...tokenSignIn(config.token, deps.clock, deps.runner), tokenToPersist };
    let tokenSource;
    const fetchToken = async (signal) => {
        tokenSource ??= Promise.all(/* import() */[__webpack_require__.e(235), __webpack_require__.e(74)]).then(__webpack_require__.bind(__webpack_require__, 4074)).then(({ createTokenSource }) => createTokenSource(config, deps));
        return (await tokenSource)(signal);
    };
    const tokenCache = createTokenCache(fetchToken, describeCredential(config), deps);
    if (config.kind !== "device-code")
        return withTokenToPersist(tokenCache, tokenToPersist);
    return withTokenToPersist(tokenCache, () => {
        const current = tokenCache.currentToken();
        return current && JSON.stringify({ token: current.token, expiresAt: current.expiresAt });
    });
}
/** An additional hint for a credential that Azure DevOps rejects. */
function rejectionHint(config, context) {
    return config.kind === "token" ? rejectedTokenHint(config.token, context) : undefined;
}
/** The sign-in of the main step, from the saved state; undefined if the state is not usable. */
function restoreSignIn(persisted, deps) {
    const { token, expiresAt } = (0,lib_json/* asObject */.eB)((0,lib_json/* parseJson */.qF)(persisted));
    if (typeof token !== "string" || typeof expiresAt !== "number")
        return undefined;
    deps.runner.mask(token);
    const accessToken = { token, expiresAt, nonRefreshable: true };
    return createTokenCache(async () => accessToken, "as the user who entered the device code", {
        ...deps,
        random: () => 0,
    });
}
// Not a spread: the description is a getter, and changes once there is a token.
function withTokenToPersist(tokenCache, tokenToPersist) {
    return {
        get description() {
            return tokenCache.description;
        },
        authorization: (signal) => tokenCache.authorization(signal),
        refresh: (signal) => tokenCache.refresh(signal),
        tokenToPersist,
    };
}
function secretsOf(config) {
    switch (config.kind) {
        case "client-secret":
            return [config.secret];
        case "client-certificate":
            return [config.pem];
        case "refresh-token":
            return config.secret === undefined ? [config.refreshToken] : [config.refreshToken, config.secret];
        case "azure-devops-oauth":
            return [config.secret, config.refreshToken];
        default:
            return [];
    }
}
function describeCredential(config) {
    const descriptions = {
        "client-secret": "with its client secret",
        "client-certificate": "with its certificate",
        "github-oidc": "with GitHub's own identity",
        "refresh-token": "as the user of the refresh token",
        "managed-identity": "as the managed identity of this machine",
        "azure-cli": "with the identity of the Azure CLI",
        "device-code": "as the user who entered the device code",
        "azure-devops-oauth": "as the user of the legacy Azure DevOps application",
    };
    const isApplication = config.kind === "client-secret" || config.kind === "client-certificate" || config.kind === "github-oidc";
    return isApplication
        ? `as the application ${config.application.clientId} ${descriptions[config.kind]}`
        : descriptions[config.kind];
}

// EXTERNAL MODULE: ./build/core/model.js
var model = __webpack_require__(1295);
;// CONCATENATED MODULE: ./build/azure-devops/api-request.js
/** The default time limit of one response. Milliseconds. */
const defaultTimeoutMs = 30_000;
/** The time limit of a request that is sent at the deadline. Milliseconds. */
const minTimeoutMs = 3_000;
/** The time limit of one response. Milliseconds. */
function responseTimeoutMs({ timeoutMs = defaultTimeoutMs, ...request }, now) {
    return Math.min(timeoutMs, remainingMs(request, now));
}
/** The time limit for fetching a token: the same as for the request and its retries. Milliseconds. */
function tokenTimeoutMs({ timeoutMs = defaultTimeoutMs, retryForMs = 0, ...request }, now) {
    return Math.min(retryForMs + timeoutMs, remainingMs(request, now));
}
function remainingMs({ deadline = Number.POSITIVE_INFINITY }, now) {
    return Math.max(deadline - now, minTimeoutMs);
}

;// CONCATENATED MODULE: ./build/azure-devops/auth-policy.js


/**
 * After a 401 the token is renewed once, if possible, and the request is sent again. A credential that has never been
 * accepted is not renewed, since a new token would not be accepted either.
 */
function authPolicy(deps) {
    let hasSucceeded = false;
    return (send) => async (request) => {
        try {
            const response = await send(request);
            hasSucceeded = true;
            return response;
        }
        catch (error) {
            const isExpired = hasSucceeded && error instanceof errors/* ActionError */.lZ && error.code === "unauthorized";
            if (!isExpired || !(await withTokenTimeout(request, deps, (signal) => deps.signIn.refresh(signal))))
                throw error;
            return await send(request);
        }
    };
}
/** The value of the Authorization header, within the time limit of the request. */
function authorizationFor(request, deps) {
    return withTokenTimeout(request, deps, (signal) => deps.signIn.authorization(signal));
}
/** Fetching a token counts towards the time limit of the request, so that the deadline of a wait always holds. */
async function withTokenTimeout(request, { clock }, fetchToken) {
    const { signal } = request;
    const timeoutSignal = AbortSignal.timeout(Math.ceil(tokenTimeoutMs(request, clock.now())));
    try {
        return await fetchToken(AbortSignal.any([signal, timeoutSignal]));
    }
    catch (error) {
        if (signal.aborted || !timeoutSignal.aborted || error instanceof errors/* ActionError */.lZ)
            throw error;
        throw new errors/* TransientError */.N_("fetching a token timed out", { unsent: true, cause: error });
    }
}

// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
;// CONCATENATED MODULE: ./build/azure-devops/error-body.js

/** The maximum length of a message or page. Characters. */
const maxPageLength = 64 * 1024;
/** Reads the error envelope, or its alternatives: `{"Message"}`, plain text, a header. */
function parseErrorBody({ headers, body }) {
    const json = (0,lib_json/* asObject */.eB)((0,lib_json/* parseJson */.qF)(body));
    const message = (0,lib_json/* asString */.oJ)(json["message"]) ??
        (0,lib_json/* asString */.oJ)(json["Message"]) ??
        (plainTextMessage(body, headers) || headerMessage(headers));
    return {
        typeKey: (0,lib_json/* asString */.oJ)(json["typeKey"]) ?? "",
        message: [message, ...validationMessages(json)].join("\n").slice(0, 4_000),
        isFromService: hasServiceHeader(headers) || isEnvelope(json) || hasOwnWords(body),
    };
}
/** The service's own headers: https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits names some. */
function hasServiceHeader(headers) {
    return Object.keys(headers).some((name) => /^(activityid$|x-tfs-|x-vss-)/.test(name));
}
const envelopeFields = new Set([
    "$id",
    "customProperties",
    "errorCode",
    "eventId",
    "helpLink",
    "innerException",
    "message",
    "Message",
    "MessageDetail",
    "stackTrace",
    "typeKey",
    "typeName",
]);
/** What gateways write instead of a reason. */
const reasonPhrase = /^(?:bad request|unauthorized|forbidden|access denied|not found|method not allowed|not acceptable|gone|(?:payload|request entity) too large|misdirected request|request header fields too large|missing authentication token|no route matched with those values)[.!]?$/i;
/** The JSON of gateways has a message too, but also fields that the service does not use, or a message without a reason. */
function isEnvelope(json) {
    if ((0,lib_json/* asString */.oJ)(json["typeKey"]) !== null)
        return true;
    const message = (0,lib_json/* asString */.oJ)(json["message"]) ?? (0,lib_json/* asString */.oJ)(json["Message"]);
    const hasReason = message !== null && !reasonPhrase.test(message.trim());
    return hasReason && Object.keys(json).every((name) => envelopeFields.has(name));
}
/** Texts that only Azure DevOps sends: its error numbers, and messages of its web framework. */
function hasOwnWords(body) {
    return /\b(?:TF|VS)\d{5,}: |does not implement IController|\bThe resource cannot be found\b|^[^<]{0,200}\bREST API version\b|Azure DevOps (?:Services|Server) \|/.test(body.slice(0, maxPageLength));
}
/** In the Build area, the reasons are separate from the message. */
function validationMessages(json) {
    const results = (0,lib_json/* asObject */.eB)(json, "customProperties")["ValidationResults"];
    return (0,lib_json/* asArray */._j)(Array.isArray(results) ? results : (0,lib_json/* asObject */.eB)(results)["$values"]).flatMap((entry) => (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(entry)["message"]) ?? []);
}
function plainTextMessage(body, headers) {
    const isText = /^text\/plain/i.test(headers["content-type"] ?? "");
    if (isText)
        return body.replace(/^\uFEFF/, "").slice(0, 1_000);
    const page = body.slice(0, maxPageLength);
    // From a page, only the sentence that is specific to the service.
    return (/\b(?:TF|VS)\d{5,}: [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
        /\bThe controller for path [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
        "");
}
/** The first visible text of a page, as one line. */
function firstWords(body) {
    return body
        .slice(0, 8 * 1024)
        .replaceAll(/<(?:script|style)\b[^<>]*>[^<]*/gi, " ")
        .replaceAll(/<[^<>]*>/g, " ")
        .replaceAll(/&nbsp;|\s+/g, " ")
        .trim()
        .slice(0, 1_000);
}
/** The URL-encoded message, which is the only one in responses without a body. */
function headerMessage(headers) {
    const encoded = headers["x-tfs-serviceerror"] ?? "";
    try {
        return decodeURIComponent(encoded.replaceAll("+", " "));
    }
    catch {
        return encoded;
    }
}
/** Transient unless the envelope has a known refusal. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Whether a later request may succeed. */
function isTransientStatus(status) {
    return transientStatuses.has(status) || status > 504;
}
/**
 * Throttling has status 429, and sometimes 403: it is recognised by its typeKey, its error number or its message. A 5xx with
 * that number is inconclusive, since the request may have been executed.
 */
function isThrottled({ status }, { typeKey, message }) {
    if (status === 429 || typeKey === "RequestBlockedException")
        return true;
    return ((status < 500 && /\bTF400733\b/.test(message)) || /Request was blocked due to exceeding/.test(message));
}
/** Whether a refusal was not sent by the service, and so is not conclusive. */
function isFromGateway({ status }, errorBody) {
    // The response to a bad token is often a 401 without a body: https://learn.microsoft.com/azure/devops/integrate/get-started/rest/basics
    const isRefusal = status < 500 && status !== 401 && !isTransientStatus(status);
    return isRefusal && !isThrottled({ status }, errorBody) && !errorBody.isFromService;
}

;// CONCATENATED MODULE: ./build/azure-devops/hints.js


/** The hint for a refusal, as one imperative sentence. */
function hintFor(code, context) {
    const hint = firstHint(rulesByCode[code] ?? [], context);
    if (code !== "unauthorized")
        return hint;
    const hints = [hint, context.credentialHint, tenantHint(context.response.headers)];
    return hints.filter((part) => part !== undefined).join(" ");
}
function firstHint(rules, context) {
    for (const rule of rules) {
        const hint = rule(context);
        if (hint !== undefined)
            return hint;
    }
    return undefined;
}
/** A fixed hint for messages that match a pattern. */
function forMessage(pattern, hint) {
    return ({ errorBody }) => (pattern.test(errorBody.message) ? hint : undefined);
}
const conditionalAccessHint = forMessage(/VS403463/, "Let the conditional access policy admit this runner's IP address, or use a self-hosted runner that it admits.");
const addUserHint = forMessage(/TF400813|TF401444/, "Add the identity (an application or managed identity by its name, under Organization settings, Users) to the organization, with the access level Basic.");
const rulesByCode = {
    unauthorized: [
        conditionalAccessHint,
        forMessage(/has expired/, "Renew the token and store it again."),
        addUserHint,
        () => "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
    ],
    forbidden: [conditionalAccessHint, addUserHint, namedPermissionHint, operationPermissionHint],
    "not-found": [projectHint, artifactHint, organizationHint, pipelineHint, runHint, addressHint],
    rejected: [
        resourceHint,
        stageHint,
        refHint,
        commitHint,
        repositoryHint,
        positionHint,
        parameterHint,
        variableHint,
        disabledPipelineHint,
        () => "Correct the problem that the service reported.",
    ],
    unreachable: [() => "Bring the collection back online, then run the workflow again."],
};
/** The tenant whose tokens the organization accepts, if the response has it. */
function tenantHint(headers) {
    const tenant = headers["x-vss-resourcetenant"]?.trim();
    if (!tenant)
        return undefined;
    return /^[0-]+$/.test(tenant)
        ? "The organization is not connected to a tenant: it accepts only Entra ID tokens of its own users."
        : `The organization's tenant is ${tenant}.`;
}
/** The inputs of a list that were set, as a phrase: `` `a` and `b` ``. */
function given(names, { givenInputs }) {
    const found = names.filter((name) => givenInputs.has(name)).map((name) => `\`${name}\``);
    return found.length === 0 ? undefined : (0,lib_text/* listed */.KE)(found, found.length);
}
/** The input that sets the organization, project, pipeline or run: its own input, or `url`. */
function inputFor(name, context) {
    return given([name], context) ?? given(["url"], context);
}
// Permissions
/** Messages such as TF215106 name the permission, and mostly the object that it is missing on. */
function namedPermissionHint({ errorBody }) {
    const message = (0,lib_text/* oneLine */.TN)(errorBody.message).slice(0, 1_000);
    const [, resource, listedPermission] = /needs the following permission\(s\) on the resource (.{1,300}?) to perform this action: ([^.]{1,200})/.exec(message) ?? [];
    if (listedPermission !== undefined)
        return `Grant the identity the permission "${listedPermission.trim()}"${placeOf(resource)}.`;
    const [, permission, rest = ""] = /\bneeds ([^.]{1,120}?) permissions?\b(.*)/.exec(message) ?? [];
    if (permission === undefined)
        return undefined;
    const object = /^ (?:for|on) (.{1,200}?)(?: in team project | to perform |\. |\.?$)/.exec(rest)?.[1];
    return `Grant the identity the permission "${permission.replaceAll('"', "")}"${placeOf(object)} (Security, or Manage security).`;
}
/** An internal identifier says nothing to a person. */
function placeOf(object) {
    return object === undefined || /vstfs:|\$PROJECT/i.test(object) ? "" : ` on ${object}`;
}
/** The hint for a refusal without a reason, by the request. */
function operationPermissionHint(context) {
    const permission = permissionFor(context.request);
    const scope = context.givenInputs.has("token")
        ? ", and a personal access token the scope Build (read & execute)"
        : "";
    return permission === undefined
        ? "Ask an administrator of the project for the permission in the service's message."
        : `Grant the identity the permission ${permission}${scope}.`;
}
function permissionFor({ method, path, body }) {
    if (/^_apis\/pipelines\/\d+\/(runs|preview)$/.test(path) && method === "POST") {
        const { templateParameters, variables } = (0,lib_json/* asObject */.eB)(body);
        return templateParameters === undefined && variables === undefined
            ? "Queue builds"
            : "Queue builds, and Edit queue build configuration for its parameters and variables";
    }
    if (method === "PATCH" && (0,lib_json/* asObject */.eB)(body)["status"] === "cancelling")
        return "Stop builds";
    if (method === "GET" && /^_apis\/build\/definitions\b/.test(path))
        return "View build pipeline";
    return method === "GET" && /^_apis\/build\/builds\b/.test(path) ? "View builds" : undefined;
}
// Missing objects
function projectHint(context) {
    const { typeKey, message } = context.errorBody;
    if (!/^Project/.test(typeKey) && !/\b(TF200016|VS800075)\b/.test(message))
        return undefined;
    const inputs = given(["organization", "project"], context) ?? given(["url"], context);
    return `Check ${inputs ?? "the project's name"}, and that the identity of the token can see the project.`;
}
const goneArtifactHint = "Check whether the artifact can still be downloaded in Azure DevOps: it may have expired, or been deleted.";
function artifactHint({ request, errorBody: { typeKey } }) {
    const isAboutArtifact = /^Artifact/.test(typeKey) || (/\/artifacts$/.test(request.path) && !/^(Build|Pipeline)/.test(typeKey));
    return isAboutArtifact ? goneArtifactHint : undefined;
}
/** The hint for a URL that does not exist in the service: the response of its web framework has no typeKey. */
function organizationHint(context) {
    const { typeKey, message } = context.errorBody;
    if (typeKey !== "" && !/does not implement IController/.test(message))
        return undefined;
    const path = /The controller for path '\/([^'/]{1,200})/.exec(message)?.[1];
    const name = path === undefined ? "" : `: Azure DevOps found nothing named ${(0,lib_text/* oneLine */.TN)(path)}`;
    return `Check ${inputFor("organization", context) ?? "the organization's URL"}${name}.`;
}
function pipelineHint(context) {
    const { errorBody, request } = context;
    if (!/^(Pipeline|Definition)/.test(errorBody.typeKey) && !/pipelines\/|definitions/.test(request.path))
        return undefined;
    const input = given(["pipeline-id"], context) ?? given(["url"], context);
    return input === undefined
        ? "Check in Azure DevOps whether the pipeline still exists, and whether the identity can see it."
        : `Check ${input}: the pipeline's id follows definitionId= in its URL.`;
}
function runHint(context) {
    if (!/^Build/.test(context.errorBody.typeKey))
        return undefined;
    const input = inputFor("run-id", context);
    return input === undefined
        ? "Look for the run in Azure DevOps: it may have been deleted."
        : `Check ${input}: the run may have been deleted, or belong to another project.`;
}
function addressHint(context) {
    const inputs = given(["organization", "project"], context) ?? given(["url"], context);
    return `Check ${inputs ?? "the organization's URL"}: this URL does not exist.`;
}
// Rejected requests
const resourceNouns = "service connection|service endpoint|endpoint|environment|variable group|secure file|agent pool|pool|queue|repository";
/** The hint for a resource that the pipeline is not authorized to use, or that does not exist. */
function resourceHint({ errorBody }) {
    const message = (0,lib_text/* oneLine */.TN)(errorBody.message).slice(0, 1_000);
    if (!/could not (be )?f(ou|i)nd|does not exist|has been disabled|not (been )?authorized/i.test(message))
        return undefined;
    const [, noun] = new RegExp(`\\b(${resourceNouns})\\b`, "i").exec(message) ?? [];
    if (noun === undefined || /Verify the reference exists/.test(message))
        return undefined;
    const name = new RegExp(`\\b${noun} (?:with (?:name|id) )?['"]?([^'",]{1,100}?)['"]?(?: (?:which|that|could|does|has|is|was)\\b|[,'"]|[.:](?: |$)|$)`, "i").exec(message)?.[1];
    const object = [noun.toLowerCase(), name].filter(Boolean).join(" ");
    return `Check the ${object}: it must exist, be enabled, and be authorized for this pipeline (Permit, on the run's page).`;
}
function stageHint(context) {
    const [, stage] = /'([^'\r\n]{1,200})' is not a valid stage to skip/i.exec(context.errorBody.message) ?? [];
    if (stage === undefined)
        return undefined;
    const input = given(["stages-to-skip"], context) ?? given(["request-body"], context);
    return input === undefined
        ? "Correct the stage's name."
        : `Set ${input} to the stage's identifier, which is the name after \`- stage:\` in the pipeline's YAML, not its display name.`;
}
/** A reference that could not be resolved, from the service's message. */
function unresolvedRef(message) {
    const [, kind, name] = /<(Branch|Tag): ([^>\r\n]{1,300})>/.exec(message) ?? [];
    const versionRef = name && `refs/${kind === "Tag" ? "tags" : "heads"}/${name}`;
    const ref = versionRef ??
        /Unable to resolve the reference '([^'\r\n]{1,300})'/.exec(message)?.[1] ??
        /\busing ref (\S{1,300}?)[.,;]?(?:\s|$)/.exec(message)?.[1] ??
        /\bNo commit found for SHA: (refs\/[^\s"]{1,300})/.exec(message)?.[1];
    const commit = /\b(?:SHA:?|commit:?|version) ['"]?([0-9a-f]{7,64})\b/i.exec(message)?.[1];
    const repository = /(?:source version for|in the) repository (\S{1,200}?)\.?(?:\s|$)/.exec(message)?.[1];
    const isUnresolved = ref !== undefined ||
        /\bTF401175\b|Unable to resolve the reference|latest source version|No commit found/.test(message);
    return isUnresolved ? { ref, commit, repository } : undefined;
}
function selfRepository({ body }) {
    const { refName, version } = (0,lib_json/* asObject */.eB)(body, "resources", "repositories", "self");
    return { ref: refName, commit: version };
}
/** The hint for the branch, tag or pull request that this step requested. */
function refHint(context) {
    const unresolved = unresolvedRef(context.errorBody.message);
    const { ref } = selfRepository(context.request);
    if (unresolved?.ref === undefined || typeof ref !== "string")
        return undefined;
    if (fullRefName(unresolved.ref) !== fullRefName(ref))
        return undefined;
    const { repository } = unresolved;
    const place = repository === undefined ? "the repository that the pipeline builds" : repository;
    if (context.givenInputs.has("ref"))
        return refInputHint(ref, place);
    const input = given(["resources", "request-body"], context);
    return input === undefined
        ? `Check that ${ref} exists in ${place}.`
        : `Check ${input}: ${ref} must exist in ${place}.`;
}
function fullRefName(ref) {
    return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}
/** The hint for a short name, which was used as a branch but may have been meant as something else. */
function refInputHint(ref, place) {
    const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (name === undefined)
        return `Check \`ref\`: ${ref} must exist in ${place}.`;
    const taken = `\`ref\` was read as the branch ${ref}, which must exist in ${place}`;
    const pullRequest = /^(?:pull\/)?(\d+)\/(?:merge|head)$/.exec(name)?.[1];
    if (pullRequest !== undefined)
        return `Write refs/pull/${pullRequest}/merge for a pull request: ${taken}.`;
    if (/^[0-9a-f]{7,64}$/i.test(name))
        return `Use \`commit\` for a commit's hash: ${taken}.`;
    const prefix = /^(?:refs\/)?(heads|tags|pull)\/./.exec(name)?.[0];
    if (prefix !== undefined)
        return `Write ${fullPrefix(name)} with its complete prefix: ${taken}.`;
    if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(name))
        return `Put the ref in quotes, since an unquoted 1.10 arrives as 1.1, or write refs/tags/${name} for a tag: ${taken}.`;
    const remote = /^(?:remotes\/)?(?:origin|upstream)\/(.+)$/.exec(name)?.[1];
    if (remote !== undefined)
        return `Write the branch without the remote's name, ${remote}: ${taken}.`;
    if (/^v?\d+\.\d/i.test(name))
        return `Write refs/tags/${name} for a tag: ${taken}.`;
    return `Check \`ref\`: it was read as the branch ${ref}, which must exist in ${place} (correct the YAML if that is a template's repository); write refs/tags/${name} for a tag, refs/pull/N/merge for a pull request.`;
}
function fullPrefix(name) {
    return name.startsWith("refs/") ? name : `refs/${name}`;
}
function commitHint(context) {
    const unresolved = unresolvedRef(context.errorBody.message);
    const { commit } = selfRepository(context.request);
    if (unresolved?.commit === undefined || unresolved.commit !== commit)
        return undefined;
    const input = given(["commit"], context) ?? given(["resources", "request-body"], context);
    return input === undefined
        ? `Check that ${commit} exists in the repository that the pipeline builds.`
        : `Check ${input}: ${commit} must be a commit of the repository and branch that the pipeline builds.`;
}
/** The hint for a reference in the pipeline's YAML, for example to templates. */
function repositoryHint({ errorBody }) {
    const unresolved = unresolvedRef(errorBody.message);
    if (unresolved === undefined)
        return undefined;
    const ref = unresolved.ref ?? "the branch, tag or commit in the service's message";
    const { repository } = unresolved;
    return repository === undefined
        ? `Check that ${ref} exists: the pipeline's YAML may name it under resources.`
        : `Check that ${ref} exists in repository ${repository}, and that the pipeline's service connection can read it.`;
}
/** The hint for a file, line and column of YAML. */
function positionHint({ errorBody }) {
    const [, file, line] = /^\s*([^\s(][^\r\n(]{0,300})\(Line: (\d{1,9}), Col: \d{1,9}\)/m.exec(errorBody.message) ?? [];
    return file === undefined ? undefined : `Correct ${(0,lib_text/* oneLine */.TN)(file).replace(/[\s:]+$/, "")} at line ${line}.`;
}
/** The hint for template parameters: an input is mentioned if the parameter came from it. */
function parameterHint(context) {
    const { message } = context.errorBody;
    const [, unexpected] = /Unexpected parameter '([^'\r\n]{1,200})'/.exec(message) ?? [];
    const [, invalid] = /[Tt]he '([^'\r\n]{1,200})' parameter value .{0,500} is not a valid/.exec(message) ?? [];
    const [, missing] = /A value for the '([^'\r\n]{1,200})' parameter/.exec(message) ?? [];
    const input = (name) => hasName((0,lib_json/* asObject */.eB)(context.request.body, "templateParameters"), name)
        ? given(["parameters", "request-body"], context)
        : undefined;
    if (unexpected !== undefined) {
        const source = input(unexpected) ?? "the template that passes it";
        return `Declare the parameter ${unexpected} in the pipeline's YAML, or remove it from ${source}.`;
    }
    if (invalid !== undefined) {
        const source = input(invalid);
        return source === undefined
            ? `Correct the default of the parameter ${invalid} in the pipeline's YAML.`
            : `Correct ${invalid} in ${source}: the pipeline's YAML lists the allowed values.`;
    }
    if (missing === undefined)
        return undefined;
    const target = given(["parameters"], context) ?? "this step's inputs";
    return `Set ${missing} in ${target}, or give it a default in the pipeline's YAML.`;
}
function variableHint(context) {
    const [, names] = /can't set the following variables \(([^)\r\n]{1,1000})\)/.exec(context.errorBody.message) ?? [];
    if (names === undefined)
        return undefined;
    const variables = (0,lib_json/* asObject */.eB)(context.request.body, "variables");
    const isSecret = names.split(",").map((name) => (0,lib_json/* asObject */.eB)(variables, name.trim())["isSecret"] === true);
    const inputs = given([
        ...(isSecret.includes(false) ? ["variables"] : []),
        ...(isSecret.includes(true) ? ["secret-variables"] : []),
        "request-body",
    ], context);
    const alternative = inputs === undefined ? "" : `, or remove them from ${inputs}`;
    return `Mark the variables as settable at queue time in the pipeline's editor${alternative}.`;
}
/** Names are case-insensitive in the service. */
function hasName(fields, name) {
    return Object.keys(fields).some((field) => field.toLowerCase() === name.toLowerCase());
}
function disabledPipelineHint({ errorBody: { typeKey, message } }) {
    const isDisabled = /^DefinitionDisabled/.test(typeKey) ||
        /\b(pipeline|definition)\b[^.\r\n]{0,200}\b(disabled|paused)\b/i.test(message);
    return isDisabled ? "Enable the pipeline in Azure DevOps: Edit, then Settings." : undefined;
}

;// CONCATENATED MODULE: ./build/azure-devops/api-errors.js



/** Error codes by the body's typeKey, which is never localised. The first match wins. */
const codesByTypeKey = [
    [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
    [/AccessDenied|Permission|Forbidden/, "forbidden"],
    [/NotFound|DoesNotExist/, "not-found"],
    [
        /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
        "rejected",
    ],
];
/** With one of these typeKeys, even a 5xx means that nothing was done; any other 5xx is inconclusive. */
const definitiveTypeKeys = /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;
/** A refusal with the service's message. */
class ApiError extends errors/* ActionError */.lZ {
    /** The service's key of the error, which does not depend on its language. */
    typeKey;
    constructor(code, message, { typeKey, hint }) {
        super(code, message, { hint });
        this.typeKey = typeKey;
    }
}
/** The error for a permanent refusal, with the service's message; `undefined` if a later request may succeed. */
function apiErrorFrom(request, response, { givenInputs, credentialHint }) {
    const errorBody = parseErrorBody(response);
    const code = isOffline(response, errorBody) ? offlineCode(request) : errorCodeFor(response, errorBody);
    if (code === undefined)
        return undefined;
    return new ApiError(code, `${request.operation} was refused${quotedMessage(response, errorBody)}`, {
        typeKey: errorBody.typeKey,
        hint: hintFor(code, { request, response, errorBody, givenInputs, credentialHint }),
    });
}
/** The response to a bad token is often a sign-in page, or a redirect to one. */
function signInPageError(request, response, { givenInputs, credentialHint, baseUrl }) {
    const { status, headers } = response;
    const target = headers["location"] === undefined ? null : URL.parse(headers["location"], baseUrl);
    const { host } = new URL(baseUrl);
    const isElsewhere = target !== null && target.host !== host;
    const page = isElsewhere ? `a redirect to ${target.host}` : "a sign-in page";
    const errorBody = parseErrorBody({ ...response, body: "" });
    const input = ["organization", "url"].find((name) => givenInputs.has(name));
    return new errors/* ActionError */.lZ("unauthorized", `${request.operation} was answered with ${page} (${status}).`, {
        hint: isElsewhere && !isSignInUrl(target)
            ? `Check ${input === undefined ? "the organization's URL" : `\`${input}\``}, and whether something answers instead of ${host}: Azure DevOps redirects to sign-in pages only.`
            : hintFor("unauthorized", { request, response, errorBody, givenInputs, credentialHint }),
    });
}
/** Whether a redirect leads to a sign-in page. */
function isSignInUrl({ protocol, host, pathname }) {
    if (/\/_signin\b/i.test(pathname))
        return true;
    return protocol === "https:" && (host === "login.microsoftonline.com" || host === "login.live.com");
}
/** A collection that is offline has an error of its own, and stays offline for longer than a step waits before its start. */
function isOffline({ headers }, { message }) {
    return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}
function offlineCode({ toleratesOutage }) {
    return toleratesOutage ? undefined : "unreachable";
}
function errorCodeFor({ status }, errorBody) {
    if (isThrottled({ status }, errorBody))
        return undefined;
    const { typeKey, message } = errorBody;
    if (isFromGateway({ status }, errorBody))
        return undefined;
    // The page of conditional access rejects the identity; its JSON with 403 is a missing permission.
    if (status === 403 && !(typeKey === "" && /VS403463/.test(message)))
        return "forbidden";
    if (status === 401 || /VS403463/.test(message))
        return "unauthorized";
    const mappedCode = codesByTypeKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? codeByErrorNumber(message);
    if (status >= 500)
        return definitiveTypeKeys.test(typeKey) ? mappedCode : undefined;
    if (isTransientStatus(status))
        return undefined;
    if (mappedCode !== undefined)
        return mappedCode;
    return status === 404 ? "not-found" : "rejected";
}
/** The response for a project that the caller cannot see is a 400. Error numbers are not localised. */
function codeByErrorNumber(message) {
    return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}
function quotedMessage({ status, headers }, { message }) {
    const activityId = headers["activityid"] ?? headers["x-vss-e2eid"];
    const activityText = activityId === undefined ? "" : ` (activity ${activityId})`;
    return message === "" ? ` with status ${status}.${activityText}` : `: ${message.trim()}${activityText}`;
}

;// CONCATENATED MODULE: ./build/azure-devops/responses.js







/**
 * Decodes a response. Success is 2xx with JSON or without a body.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
function decodeResponse(request, rawResponse, { clock, endpoint, redact }) {
    const isSuccess = rawResponse.status >= 200 && rawResponse.status < 300;
    const response = isSuccess ? rawResponse : redactError(rawResponse, redact);
    const { status, headers, body } = response;
    const requestedDelayMs = (0,retry/* retryAfterMs */.Vs)(headers, clock.now());
    if (status === 203 || (status >= 300 && status < 400))
        throw signInPageError(request, response, endpoint);
    if (status >= 200 && status < 300) {
        if (isHtml(response))
            throw signInPageError(request, response, endpoint);
        const json = body === "" ? undefined : parseBody(body);
        const value = request.decode(redact(body) === body ? json : redactJson(json, redact));
        return {
            value,
            text: body,
            headers,
            retryAfterMs: requestedDelayMs,
            throttling: isDelayed(headers) ? "delayed" : undefined,
        };
    }
    throw apiErrorFrom(request, response, endpoint) ?? transientError(response, requestedDelayMs);
}
function transientError(response, requestedDelayMs) {
    const { status, headers, body } = response;
    const errorBody = parseErrorBody(response);
    const { message } = errorBody;
    const throttled = isThrottled(response, errorBody);
    if (isFromGateway(response, errorBody))
        return gatewayError({ status, body }, requestedDelayMs);
    const summary = throttled ? `too many requests (${status})` : `the service answered ${status}`;
    const text = message === "" ? summary : `${summary}: ${message.trim()}`;
    // A token of another tenant is throttled from the first request on, instead of being rejected.
    const isQuotaExhausted = throttled && headers["x-ratelimit-remaining"] === "0";
    const hint = isQuotaExhausted
        ? ["Wait, or check the tenant:", otherTenantHint, tenantHint(headers)].filter(Boolean).join(" ")
        : undefined;
    return new errors/* TransientError */.N_(text, { retryAfterMs: requestedDelayMs, throttled, hint });
}
/** A 4xx that Azure DevOps did not send: whatever blocked the response may have forwarded the request. */
function gatewayError({ status, body }, requestedDelayMs) {
    const words = (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(firstWords(body)), 200);
    const quote = words === "" ? "" : `: ${JSON.stringify(words)}`;
    return new errors/* TransientError */.N_(`not Azure DevOps but a gateway or proxy answered ${status}${quote}`, {
        retryAfterMs: requestedDelayMs,
        fromGateway: true,
        hint: "Check for a proxy, firewall or front door between this runner and Azure DevOps, and whether the organization's URL is correct.",
    });
}
const otherTenantHint = "a token of another tenant than the organization's gets this response from its first request on.";
/** Before the service refuses requests, it delays responses, and reports the delay in seconds. Milliseconds do not count. */
function isDelayed(headers) {
    return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}
function isHtml({ headers, body }) {
    return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}
function parseBody(body) {
    const json = (0,lib_json/* parseJson */.qF)(body);
    if (json === undefined)
        throw new errors/* TransientError */.N_("the response was truncated, or not JSON");
    return json;
}
/** Fields that are only displayed: their texts may be cut, escaped or joined later. */
const displayedFields = new Set([
    "automatedTestName",
    "buildNumber",
    "comment",
    "description",
    "displayName",
    "errorMessage",
    "instructions",
    "message",
    "resultCode",
    "stackTrace",
    "testCaseTitle",
    "title",
]);
/**
 * Replaces secrets in the displayed texts of a response before they are changed: after a text has been cut or escaped, a
 * secret in it can no longer be found. Returns the same value if there is none.
 */
function redactJson(value, redact) {
    if (Array.isArray(value))
        return value.map((entry) => redactJson(entry, redact));
    if (typeof value !== "object" || value === null)
        return value;
    // Only records of a timeline have a parent; their names are displayed, their identifiers are not changed.
    const isRecord = "parentId" in value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => {
        const isDisplayed = displayedFields.has(key) || (isRecord && key === "name");
        return [key, isDisplayed && typeof entry === "string" ? redact(entry) : redactJson(entry, redact)];
    }));
}
/** Errors are only displayed, so secrets are replaced in the whole body and in the header that repeats the message. */
function redactError(response, redact) {
    const headers = Object.entries(response.headers).map(([name, value]) => [name, redact(value)]);
    return { ...response, body: redact(response.body), headers: Object.fromEntries(headers) };
}

;// CONCATENATED MODULE: ./build/azure-devops/retry-policy.js


/** Retries transient failures for as long as the request allows. */
function retryPolicy(send, { clock, random, onRetryAfter }) {
    return async (request) => {
        const { retryForMs = 0, deadline = Number.POSITIVE_INFINITY, toleratesOutage = false, signal } = request;
        if (retryForMs === 0)
            return await send(request);
        const startedAt = clock.now();
        const retryUntil = Math.min(startedAt + retryForMs, deadline);
        let wasThrottled = false;
        const response = await (0,retry/* retry */.L5)(() => send(request), {
            retryError: (error) => {
                const transient = (0,errors/* asTransient */.tA)(error);
                wasThrottled ||= transient?.throttled === true;
                return transient;
            },
            deadline: retryUntil,
            // Only a wait for a run has time for a longer delay; it sends its last request at the deadline.
            clampRetryAfter: toleratesOutage,
            onRetry: (error, waitMs) => {
                request.onRetry?.(error.message, clock.now() - startedAt);
                if (error.retryAfterMs)
                    onRetryAfter?.(waitMs);
            },
            toFinalError: (error, { tooLongMs }) => tooLongMs === undefined
                ? retriesExhausted(request, error, retryForMs)
                : retryAfterTooLong(request.operation, error, tooLongMs),
            clock,
            random,
            signal,
        });
        return wasThrottled ? { ...response, throttling: "blocked" } : response;
    };
}
/** The error for transient failures after the last retry. */
function retriesExhausted({ operation, toleratesOutage = false }, error, elapsedMs) {
    const elapsed = elapsedMs < 1_000 ? "" : ` for ${timeText(elapsedMs)}`;
    // During a wait there were successful responses before, so a gateway's page is an outage.
    const code = error.fromGateway && !toleratesOutage ? "unexpected-response" : permanentCode(error);
    return permanentError(code, error, `${operation} failed${elapsed}: ${error.message}.`);
}
/** The error for a Retry-After that is longer than the time limit of the request. */
function retryAfterTooLong(operation, error, requestedDelayMs) {
    const requestedDelay = `the service requested a delay of ${timeText(requestedDelayMs)}`;
    const message = `${operation} failed: ${error.message}; ${requestedDelay}.`;
    return permanentError(permanentCode(error), error, message);
}
function timeText(ms) {
    return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}
function permanentCode(error) {
    return error.throttled ? "busy" : "unreachable";
}
function permanentError(code, error, message) {
    const hint = error.hint ??
        (error.throttled
            ? "Start fewer steps at the same time: the limit is per identity."
            : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.");
    return new errors/* ActionError */.lZ(code, message, { hint, cause: error });
}
/** Logs the delays that are longer than a poll interval. */
function createRetryAfterLog(pollIntervalMs, write) {
    return (delayMs) => {
        if (delayMs > pollIntervalMs)
            write((0,retry/* retryAfterText */.ci)(delayMs));
    };
}
function createRetryAfterRegistry(clock) {
    const retryAtByHost = new Map();
    async function recordRetryAfter(url, pendingResponse) {
        const response = await pendingResponse;
        const now = clock.now();
        const retryAt = now + Math.min((0,retry/* retryAfterMs */.Vs)(response.headers, now) ?? 0, retry/* maxRetryAfterMs */.vB);
        const { host } = new URL(url);
        retryAtByHost.set(host, Math.max(retryAtByHost.get(host) ?? 0, retryAt));
        return response;
    }
    return {
        trackResponses: ({ send, stream }) => ({
            send: (request) => recordRetryAfter(request.url, send(request)),
            stream: (request) => recordRetryAfter(request.url, stream(request)),
        }),
        waitForRetryAfter: async (url, { signal, ignoreRetryAfter = false, isOptional = false, deadline = Number.POSITIVE_INFINITY, onDelay }) => {
            const retryAt = retryAtByHost.get(new URL(url).host) ?? 0;
            const delayMs = Math.min(retryAt, deadline) - clock.now();
            if (delayMs <= 0 || ignoreRetryAfter)
                return;
            if (isOptional && retryAt > deadline)
                throw new errors/* TransientError */.N_("the service asked for a longer delay than the answer is worth");
            onDelay?.(delayMs);
            await clock.sleep(delayMs, signal);
        },
    };
}
/** Sends a request once the delay that the host requested has passed. */
function retryAfterPolicy(send, retryAfterRegistry, { url, onDelay }) {
    return async (request) => {
        await retryAfterRegistry.waitForRetryAfter(url, { ...request, onDelay });
        return await send(request);
    };
}

;// CONCATENATED MODULE: ./build/azure-devops/version-policy.js


/**
 * An older server rejects 7.1 and names its own maximum version, which all later requests use. Resources that are in preview
 * on that server need a preview version.
 */
function versionPolicy(apiVersion) {
    let maxVersion;
    const clampVersion = (version) => maxVersion !== undefined && Number.parseFloat(version) > Number(maxVersion) ? maxVersion : version;
    const versionFor = ({ version, isVersionFixed }) => {
        if (version === undefined)
            return clampVersion(apiVersion);
        return isVersionFixed === true ? version : version.replace(/^\d+\.\d+/, clampVersion);
    };
    return (send) => async (request) => {
        for (let version = versionFor(request);;) {
            try {
                return await send({ ...request, version });
            }
            catch (error) {
                maxVersion = maxSupportedVersion(error) ?? maxVersion;
                if (request.isVersionFixed === true)
                    throw fixedVersionError(error, request);
                const next = requiresPreview(error, version) ? `${version}-preview` : versionFor(request);
                if (next === version || Number.parseFloat(next) > Number.parseFloat(version))
                    throw error;
                version = next;
            }
        }
    };
}
/** An older server may support neither the version nor the URL. */
function fixedVersionError(error, { operation, version = "" }) {
    if (maxSupportedVersion(error) === undefined)
        return error;
    return new errors/* ActionError */.lZ("rejected", `${operation} needs version ${version} of the REST API. ${error instanceof Error ? error.message : ""}`, { cause: error });
}
/** `The requested version "6.0" of the resource is under preview. The -preview flag must be supplied …` */
function requiresPreview(error, version) {
    return matchesApiError(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}
/** `… is out of range for this server. The latest REST API version this server supports is 7.0.` The lesser is the server's. */
function maxSupportedVersion(error) {
    if (!matchesApiError(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/))
        return undefined;
    const versions = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
    return versions.sort((a, b) => Number(a) - Number(b))[0];
}
/** Recognised by its key in any language, or by its message if a gateway removed the key. */
function matchesApiError(error, typeKeyPattern, messagePattern) {
    return (error instanceof ApiError && (typeKeyPattern.test(error.typeKey) || messagePattern.test(error.message)));
}

;// CONCATENATED MODULE: ./build/azure-devops/api-client.js





function createApiClient(endpoint, deps) {
    const retryAfterRegistry = createRetryAfterRegistry(deps.clock);
    const [withAuth, withVersion] = [authPolicy(deps), versionPolicy(endpoint.apiVersion)];
    return {
        ...deps,
        endpoint,
        transport: retryAfterRegistry.trackResponses(deps.transport),
        authAndVersionPolicy: (send) => withAuth(withVersion(send)),
        retryAfterRegistry,
    };
}
/** Sends requests to an organization's API, with sign-in, version, retries and Retry-After. */
function withPolicies(client) {
    const sendPlain = (request) => sendOnce(request, client);
    return retryAfterPolicy(retryPolicy(client.authAndVersionPolicy(sendPlain), client), client.retryAfterRegistry, { url: client.endpoint.baseUrl, onDelay: client.onRetryAfter });
}
/** Test results have a host of their own, except for a collection of a server. */
function testResultsClient(client) {
    const { endpoint } = client;
    const { hostname, pathname } = new URL(endpoint.baseUrl);
    const legacyOrganization = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
    if (hostname !== "dev.azure.com" && legacyOrganization === undefined)
        return client;
    const baseUrl = `https://vstmr.dev.azure.com${legacyOrganization === undefined ? pathname : `/${legacyOrganization}`}`;
    return { ...client, endpoint: { ...endpoint, baseUrl } };
}
async function sendOnce(request, client) {
    const { endpoint, transport, clock } = client;
    const { method, body, signal } = request;
    const authorization = await authorizationFor(request, client);
    signal.throwIfAborted();
    const response = await transport.send({
        method,
        url: requestUrl(request, endpoint),
        headers: {
            accept: "application/json",
            // Changes the redirect to a sign-in page into a 401.
            "x-tfs-fedauthredirect": "Suppress",
            authorization,
            ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        timeoutMs: responseTimeoutMs(request, clock.now()),
        signal: request.onSend?.() ?? signal,
    });
    return decodeResponse(request, response, client);
}
function requestUrl({ path, query, version }, endpoint) {
    const pairs = Object.entries({ ...query, "api-version": version ?? endpoint.apiVersion }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
    return `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/${path}?${pairs.join("&")}`;
}

;// CONCATENATED MODULE: ./build/azure-devops/decode.js



/** A date, or null if there is none: the service represents "never" as the year 1. */
function asDate(value) {
    if (typeof value !== "string" || value.startsWith("0001-") || Number.isNaN(Date.parse(value)))
        return null;
    return value;
}
const runStatuses = new Map([
    ["none", "notStarted"],
    ["notstarted", "notStarted"],
    ["postponed", "postponed"],
    ["inprogress", "inProgress"],
    ["cancelling", "canceling"],
    ["completed", "completed"],
    // The service has abandoned the run, so it has ended.
    ["abandoned", "completed"],
]);
const runResults = new Map([
    ["succeeded", "succeeded"],
    ["partiallysucceeded", "partiallySucceeded"],
    ["failed", "failed"],
    ["canceled", "canceled"],
]);
/**
 * Decodes a build. An unknown status counts as still running, an unknown result as failed.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
function decodeBuild(json, fallbackUrl) {
    const build = (0,lib_json/* asObject */.eB)(json);
    const id = (0,lib_json/* asId */.gR)(build["id"]);
    const rawStatus = (0,lib_json/* asString */.oJ)(build["status"]);
    if (id === null || rawStatus === null)
        throw new errors/* TransientError */.N_("the response was not a run: it had no id or status");
    const status = runStatuses.get(rawStatus.toLowerCase()) ?? "inProgress";
    const definition = (0,lib_json/* asObject */.eB)(build["definition"]);
    const isCompleted = status === "completed";
    const { ref, commit, repository, prSourceSha } = decodeSource(build);
    return {
        id,
        name: (0,lib_json/* asString */.oJ)(build["buildNumber"]) ?? String(id),
        status,
        ...decodeResult(isCompleted ? ((0,lib_json/* asString */.oJ)(build["result"]) ?? resultWithoutWord(rawStatus)) : null),
        url: webUrl(build) ?? fallbackUrl(id),
        pipeline: {
            id: (0,lib_json/* asId */.gR)(definition["id"]),
            name: (0,lib_json/* asString */.oJ)(definition["name"]),
            folder: (0,lib_json/* asString */.oJ)(definition["path"]),
        },
        source: { ref, commit },
        repository: build["repository"] === undefined ? undefined : repository,
        prSourceSha,
        project: decodeProject(build["project"]),
        createdAt: asDate(build["queueTime"]),
        startedAt: asDate(build["startTime"]),
        finishedAt: isCompleted ? asDate(build["finishTime"]) : null,
        requestedBy: (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(build["requestedFor"])["displayName"]),
        isPipelinePaused: (0,lib_json/* asString */.oJ)(definition["queueStatus"])?.toLowerCase() === "paused",
        tags: (0,lib_json/* asArray */._j)(build["tags"]).filter((tag) => typeof tag === "string"),
        problems: (0,lib_json/* asArray */._j)(build["validationResults"]).flatMap(decodeProblem),
        raw: json,
    };
}
/** Which commit of which repository a build is of. */
function decodeSource(build) {
    return {
        ref: (0,lib_json/* asString */.oJ)(build["sourceBranch"]),
        commit: (0,lib_json/* asString */.oJ)(build["sourceVersion"]),
        prSourceSha: (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(build["triggerInfo"])["pr.sourceSha"])?.toLowerCase(),
        repository: decodeRepository(build["repository"]),
    };
}
function decodeRepository(value) {
    const repository = (0,lib_json/* asObject */.eB)(value);
    const properties = (0,lib_json/* asObject */.eB)(repository["properties"]);
    const kinds = { github: "github", githubenterprise: "github-enterprise" };
    const type = ((0,lib_json/* asString */.oJ)(repository["type"]) ?? "").toLowerCase();
    const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
    const url = (0,lib_json/* asString */.oJ)(repository["url"]) ?? (0,lib_json/* asString */.oJ)(properties["cloneUrl"]);
    const path = url === null ? null : URL.parse(url);
    const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
    const fullName = names
        .map((name) => (0,lib_json/* asString */.oJ)(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
        .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
    return { kind, fullName, host: path?.host };
}
function decodeProject(value) {
    const { id, name } = (0,lib_json/* asObject */.eB)(value);
    return value === undefined ? undefined : { id: (0,lib_json/* asString */.oJ)(id), name: (0,lib_json/* asString */.oJ)(name) };
}
/** Warnings are not reasons. */
function decodeProblem(value) {
    const { result, message } = (0,lib_json/* asObject */.eB)(value);
    const text = (0,lib_json/* asString */.oJ)(message);
    return text === null || (0,lib_text/* oneLine */.TN)(text) === "" || (0,lib_json/* asString */.oJ)(result)?.toLowerCase() !== "error" ? [] : [text];
}
/** The result of a run that has ended without one. */
function resultWithoutWord(rawStatus) {
    return rawStatus.toLowerCase() === "abandoned" ? "failed" : "none";
}
function decodeResult(rawResult) {
    if (rawResult === null)
        return { result: null, unknownResult: undefined };
    const known = runResults.get(rawResult.toLowerCase());
    return { result: known ?? "failed", unknownResult: known === undefined ? rawResult : undefined };
}
/** The page of the run. Values that are not a web URL are ignored. */
function webUrl(json) {
    const href = (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(json, "_links", "web")["href"]);
    const url = href === null ? null : URL.parse(href);
    return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

;// CONCATENATED MODULE: ./build/azure-devops/approvals.js


/**
 * The names of those who can approve now: in a sequence, those whose turn it is.
 * https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/get
 */
async function readApprovers(send, approvalId, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/pipelines/approvals/${encodeURIComponent(approvalId)}`,
        query: { $expand: "steps" },
        decode: (json) => decodeApprovers((0,lib_json/* asObject */.eB)(json)),
        operation: "Reading the approvers",
        timeoutMs: 3_000,
        signal,
    });
    return value;
}
function decodeApprovers({ steps, executionOrder }) {
    const open = (0,lib_json/* asArray */._j)(steps)
        .map((step) => (0,lib_json/* asObject */.eB)(step))
        .filter(({ status }) => openStepStates.has((0,lib_json/* asString */.oJ)(status)?.toLowerCase() ?? "pending"));
    const isInSequence = (0,lib_json/* asString */.oJ)(executionOrder)?.toLowerCase() === "insequence";
    const initiated = open.filter(({ initiatedOn }) => asDate(initiatedOn) !== null);
    const asked = isInSequence && initiated.length > 0 ? initiated : open;
    return asked.flatMap(({ assignedApprover }) => (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(assignedApprover)["displayName"]) ?? []);
}
const openStepStates = new Set(["undefined", "uninitiated", "pending", "deferred"]);

;// CONCATENATED MODULE: ./build/azure-devops/artifacts.js


/** https://learn.microsoft.com/rest/api/azure/devops/build/artifacts/list */
async function listArtifacts(send, { runId, ...retryOptions }, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/artifacts`,
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).flatMap((entry) => decodeArtifact((0,lib_json/* asObject */.eB)(entry))),
        operation: "Listing the run's artifacts",
        ...retryOptions,
        signal,
    });
    return value;
}
const artifactKinds = {
    container: "container",
    pipelineartifact: "pipeline",
};
function decodeArtifact(artifact) {
    const name = (0,lib_json/* asString */.oJ)(artifact["name"]);
    if (name === null)
        return [];
    const resource = (0,lib_json/* asObject */.eB)(artifact["resource"]);
    // The size is a string in the response.
    const size = Number((0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(resource["properties"])["artifactsize"]) ?? Number.NaN);
    return [
        {
            name,
            kind: artifactKinds[((0,lib_json/* asString */.oJ)(resource["type"]) ?? "").toLowerCase()] ?? "other",
            size: Number.isSafeInteger(size) && size >= 0 ? size : undefined,
            downloadUrl: (0,lib_json/* asString */.oJ)(resource["downloadUrl"]) ?? undefined,
        },
    ];
}
/**
 * A URL that needs no token and expires soon; `undefined` if the service has none.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/artifacts/get
 */
async function readSignedUrl(send, { pipelineId, runId, name, ...retryOptions }, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/pipelines/${pipelineId}/runs/${runId}/artifacts`,
        query: { artifactName: name, $expand: "signedContent" },
        decode: (json) => (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(json, "signedContent")["url"]) ?? undefined,
        operation: `Requesting the download URL of artifact ${(0,lib_text/* quotedName */.aH)(name)}`,
        ...retryOptions,
        signal,
    });
    return value;
}

// EXTERNAL MODULE: ./build/lib/url.js
var lib_url = __webpack_require__(421);
;// CONCATENATED MODULE: ./build/azure-devops/streaming.js





/** The longest time without data of a log or artifact. Milliseconds. */
const idleTimeoutMs = 30_000;
/** The maximum size that is read of a refusal. Bytes. */
const maxErrorBodyBytes = 64 * 1024;
/** Opens a stream with the policies of other requests: the sign-in is renewed, the version lowered. */
function createOpenStream({ authAndVersionPolicy }, open) {
    const send = authAndVersionPolicy(async (request) => {
        const stream = await open(request);
        return { value: request.decode(stream), text: "", headers: stream.headers, retryAfterMs: undefined };
    });
    return async (request) => {
        const fullRequest = { ...request, method: "GET", timeoutMs: idleTimeoutMs };
        return (await send({ ...fullRequest, decode: (stream) => stream })).value;
    };
}
/** Opens a log. */
function createOpenTextStream(client) {
    return createOpenStream(client, async (request) => {
        const stream = await client.transport.stream({
            method: "GET",
            url: requestUrl(request, client.endpoint),
            headers: {
                // Only text is accepted: with several types the service may send JSON, which it does not stream, or answer 500
                // (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/385).
                accept: "text/plain",
                "x-tfs-fedauthredirect": "Suppress",
                authorization: await authorizationFor(request, client),
            },
            timeoutMs: idleTimeoutMs,
            signal: request.signal,
        });
        return isSuccess(stream) ? stream : await throwResponseError(request, stream, client);
    });
}
/** Whether a response can be the requested content, and is not a sign-in page. */
function isSuccess({ status, headers }) {
    return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}
/** Throws the error for an unsuccessful response, by the same rules as for other requests. */
async function throwResponseError(request, stream, client) {
    const { status, headers } = stream;
    const response = { status, headers, body: await readPrefix(stream) };
    decodeResponse({ ...request, decode: () => undefined }, response, client);
    throw signInPageError(request, response, client.endpoint);
}
async function readPrefix({ chunks }) {
    const parts = [];
    let size = 0;
    try {
        for await (const chunk of chunks) {
            parts.push(chunk);
            size += chunk.length;
            if (size > maxErrorBodyBytes)
                break;
        }
    }
    catch (error) {
        // The status is sufficient.
        if (!(error instanceof errors/* TransientError */.N_ || error instanceof errors/* ActionError */.lZ))
            throw error;
    }
    return Buffer.concat(parts).toString("utf8");
}

;// CONCATENATED MODULE: ./build/azure-devops/download-redirects.js










const maxRedirects = 5;
/** Opens a download. Redirects are followed without the token, except to unencrypted URLs and to sign-in pages. */
async function followRedirects(client, request, signal) {
    const { baseUrl } = client.endpoint;
    const url = parseSafeUrl(request, baseUrl);
    let hop = { ...request, url, withToken: request.trusted && isOwnHost(url, baseUrl) };
    for (let count = 0; count <= maxRedirects; count += 1) {
        const stream = await openHop(client, hop, signal);
        const redirectTarget = isRedirect(stream) ? stream.headers["location"] : undefined;
        if (redirectTarget === undefined || isSignInRedirect(redirectTarget, hop.url))
            return await checkResponse(client, { hop, stream }, signal);
        await closeStream(stream);
        hop = {
            ...hop,
            url: parseSafeUrl({ ...request, address: redirectTarget }, baseUrl, hop.url),
            withToken: false,
        };
    }
    throw new errors/* ActionError */.lZ("unexpected-response", `${downloadOperation(request)} was redirected more than ${maxRedirects} times.`);
}
async function openHop(client, hop, signal) {
    const { href } = hop.url;
    await client.retryAfterRegistry.waitForRetryAfter(href, { signal, onDelay: hop.onDelay });
    return await client.transport.stream({
        method: "GET",
        url: href,
        headers: {
            accept: "application/zip, application/octet-stream, */*",
            ...(hop.withToken && {
                "x-tfs-fedauthredirect": "Suppress",
                authorization: await authorizationFor(apiRequestFor(hop, signal), client),
            }),
        },
        timeoutMs: idleTimeoutMs,
        signal,
    });
}
async function checkResponse(client, { hop, stream }, signal) {
    if (isSuccess(stream))
        return stream;
    const { status, headers } = stream;
    const now = client.clock.now();
    if (hop.withToken || isRedirect(stream))
        return await throwResponseError(apiRequestFor(hop, signal), stream, client);
    // The storage sends its errors as XML or JSON; an HTML page is from a gateway.
    if (status >= 400 && status < 500 && /\bhtml\b/i.test(headers["content-type"] ?? ""))
        throw gatewayError({ status, body: await readPrefix(stream) }, (0,retry/* retryAfterMs */.Vs)(headers, now));
    await closeStream(stream);
    // Only the host is shown, since the rest of a signed URL is a secret.
    const summary = `${hop.url.host} answered ${status}`;
    if (isTransientStatus(status))
        throw new errors/* TransientError */.N_(summary, { retryAfterMs: (0,retry/* retryAfterMs */.Vs)(headers, now) });
    throw new errors/* ActionError */.lZ("unexpected-response", `${downloadOperation(hop)} failed: ${summary}.`, {
        hint: goneArtifactHint,
    });
}
function apiRequestFor(hop, signal) {
    const { pathname: path } = hop.url;
    return {
        method: "GET",
        path,
        operation: downloadOperation(hop),
        decode: () => undefined,
        timeoutMs: idleTimeoutMs,
        signal,
    };
}
function parseSafeUrl(request, baseUrl, previousUrl) {
    const url = URL.parse(request.address, previousUrl?.href);
    if (url !== null && isSafeUrl(url, baseUrl))
        return url;
    const shownUrl = url === null ? "an invalid URL" : `${url.protocol}//${url.host}`;
    throw new errors/* ActionError */.lZ("unexpected-response", `${downloadOperation(request)} led to ${shownUrl}, which is not safe.`, {
        hint: "Check for a proxy between this runner and Azure DevOps: downloads must use https.",
    });
}
function isRedirect({ status }) {
    return status >= 300 && status < 400 && status !== 304;
}
function isSignInRedirect(location, from) {
    const url = URL.parse(location, from.href);
    return url !== null && isSignInUrl(url);
}
/** Closes the connection. It ends only once reading has begun. */
async function closeStream({ chunks }) {
    try {
        for await (const _ of chunks)
            break;
    }
    catch {
        // The connection is closed in either case.
    }
}
function downloadOperation({ name }) {
    return `Downloading artifact ${(0,lib_text/* quotedName */.aH)(name)}`;
}
/** Whether a host belongs to the service: the token is sent only to such hosts. */
function isOwnHost(url, baseUrl) {
    const organizationUrl = new URL(baseUrl);
    if (url.origin === organizationUrl.origin || isSameOnLoopback(url, organizationUrl))
        return true;
    const organization = organizationName(organizationUrl);
    if (organization === undefined || url.protocol !== "https:" || url.port !== "")
        return false;
    const host = url.hostname;
    return (host === "dev.azure.com" ||
        host.endsWith(".dev.azure.com") ||
        host === `${organization}.visualstudio.com` ||
        host.endsWith(".artifacts.visualstudio.com"));
}
/** This machine has several names, and a server may use another one than the caller. */
function isSameOnLoopback(url, organizationUrl) {
    const areLoopback = (0,lib_url/* isLoopback */.U)(url.hostname) && (0,lib_url/* isLoopback */.U)(organizationUrl.hostname);
    return areLoopback && url.protocol === organizationUrl.protocol && url.port === organizationUrl.port;
}
/** Downloads may come from any host over https; http is allowed only if the organization and the host are on this machine. */
function isSafeUrl(url, baseUrl) {
    return url.protocol === "https:" || ((0,lib_url/* isHttpLoopback */.M)(url) && (0,lib_url/* isLoopback */.U)(new URL(baseUrl).hostname));
}
/** The organization's name, if it is in Azure DevOps Services. */
function organizationName({ hostname, pathname, port }) {
    if (port !== "")
        return undefined;
    if (hostname === "dev.azure.com")
        return pathname.split("/")[1]?.toLowerCase();
    return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}

;// CONCATENATED MODULE: ./build/azure-devops/artifact-download.js








/** The maximum number of attempts of a download. */
const artifact_download_maxAttempts = 5;
/** The longest delay that is waited for: `timeout` does not apply after the end of the run. Milliseconds. */
const maxDelayMs = 60_000;
/** Short, since there is another URL. */
const signedUrlRetryForMs = 8_000;
/**
 * Downloads an artifact as a zip into a sink. After a transient failure, the sink is called again with the archive from its
 * beginning. The service's token is sent only to the organization's own hosts, and never to the target of a redirect.
 */
async function downloadArtifact(deps, ref, { sink, onWait }, signal) {
    const { clock, random } = deps.client;
    const operation = downloadOperation(ref.artifact);
    const onDelay = (delayMs) => onWait?.(delayMs, "the service requested a delay");
    const download = async () => {
        const { chunks } = await openArtifact(deps, { ref, onDelay }, signal);
        await sink(chunks);
    };
    await (0,retry/* retry */.L5)(download, {
        retryError: errors/* asTransient */.tA,
        maxAttempts: artifact_download_maxAttempts,
        maxRetryAfterMs: maxDelayMs,
        onRetry: (error, waitMs) => onWait?.(waitMs, error.message),
        toFinalError: (error, { elapsedMs, tooLongMs }) => tooLongMs === undefined
            ? retriesExhausted({ operation }, error, Math.max(elapsedMs, 1_000))
            : retryAfterTooLong(operation, error, tooLongMs),
        clock,
        random,
        signal,
    });
}
async function openArtifact(deps, { ref, onDelay }, signal) {
    const [preferred, alternative] = await downloadSources(deps, ref, signal);
    if (preferred === undefined)
        throw missingContent(ref);
    const open = (source) => openSource(deps.client, source, { name: ref.artifact.name, onDelay }, signal);
    return await open(preferred).catch(async (error) => {
        if (alternative === undefined || !isSourceUnavailable(error))
            throw error;
        return await open(alternative).catch((secondError) => {
            throw isSourceUnavailable(secondError) ? error : secondError;
        });
    });
}
/** Sources of the service itself use the sign-in and the API version, like other requests. */
async function openSource(client, source, options, signal) {
    if (source.by === "signature") {
        return await followRedirects(client, { ...options, address: source.address, trusted: false }, signal);
    }
    const [path, query] = source.by === "api" ? [source.path, source.query] : ["", {}];
    const open = createOpenStream(client, (request) => {
        const address = source.by === "api" ? requestUrl(request, client.endpoint) : source.address;
        return followRedirects(client, { ...options, address, trusted: true }, signal);
    });
    return await open({ path, query, operation: downloadOperation(options), signal });
}
/** The best source first. The list has the server's own host name, which not every runner can reach. */
async function downloadSources(deps, ref, signal) {
    const { kind, name, downloadUrl } = ref.artifact;
    const listed = downloadUrl === undefined ? [] : [{ by: "listing", address: downloadUrl }];
    if (kind === "other")
        return [];
    if (kind === "container") {
        const path = `_apis/build/builds/${ref.runId}/artifacts`;
        return [{ by: "api", path, query: { artifactName: name, $format: "zip" } }, ...listed];
    }
    const signedUrl = await tryReadSignedUrl(deps, ref, signal);
    return signedUrl === undefined ? listed : [{ by: "signature", address: signedUrl }];
}
function missingContent({ artifact: { name } }) {
    return new errors/* ActionError */.lZ("not-found", `Artifact ${(0,lib_text/* quotedName */.aH)(name)} had no content to download.`, {
        hint: "Publish it with the task PublishPipelineArtifact@1, or remove it from the list.",
    });
}
/** The preferred source, since no token is sent to the storage. Older servers have no signed URLs, so the other URL is used. */
async function tryReadSignedUrl({ send }, { artifact: { name, downloadUrl }, pipelineId, runId }, signal) {
    if (pipelineId === null)
        return undefined;
    try {
        return await readSignedUrl(send, { pipelineId, runId, name, retryForMs: signedUrlRetryForMs }, signal);
    }
    catch (error) {
        if (isSourceUnavailable(error) && downloadUrl !== undefined)
            return undefined;
        throw error;
    }
}
/** Whether the failure depends on the URL and not on the identity, so that another URL may work. */
function isSourceUnavailable(error) {
    if (error instanceof errors/* TransientError */.N_)
        return error.fromGateway;
    return error instanceof errors/* ActionError */.lZ && error.code !== "unauthorized";
}

// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(4923);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
;// CONCATENATED MODULE: ./build/azure-devops/baseline.js





/**
 * The last runs of the same pipeline and ref that succeeded before a run, and the commits since the last of them;
 * `undefined` where there is none.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
async function readBaseline(send, { run, runUrl, ...options }, signal) {
    const { pipeline, source } = run;
    if (pipeline.id === null || source.ref === null)
        return undefined;
    const { value } = await send({
        method: "GET",
        path: "_apis/build/builds",
        query: {
            definitions: pipeline.id,
            branchName: source.ref,
            statusFilter: "completed",
            resultFilter: "succeeded",
            queryOrder: "finishTimeDescending",
            maxTime: run.finishedAt ?? undefined,
            $top: 10,
        },
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((entry) => decodeBuild(entry, runUrl)),
        operation: "Reading the last run that succeeded",
        ...options,
        signal,
    });
    // A server may ignore filters.
    const successes = value.filter((other) => other.id < run.id &&
        other.result === "succeeded" &&
        other.pipeline.id === pipeline.id &&
        other.source.ref === source.ref);
    const [last] = successes;
    if (last === undefined)
        return undefined;
    const isSameCommit = source.commit !== null && last.source.commit === source.commit;
    const commits = isSameCommit
        ? undefined
        : await readCommits(send, { from: last.id, to: run.id, ...options }, signal).catch((0,errors/* ignoreError */.FZ)("the last run that succeeded is worth telling without the commits since"));
    return { lastSuccess: last, isSameCommit, commits, typicalMs: (0,progress/* medianOf */.ux)(successes.flatMap(durationOf)) };
}
function durationOf({ startedAt, finishedAt }) {
    const [start, end] = [(0,time/* parseTime */.pe)(startedAt), (0,time/* parseTime */.pe)(finishedAt)];
    return start === undefined || end === undefined ? [] : [Math.max(0, end - start)];
}
const maxCommits = 50;
/** The newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-changes-between-builds */
async function readCommits(send, { from, to, ...options }, signal) {
    const { value } = await send({
        method: "GET",
        path: "_apis/build/changes",
        query: { fromBuildId: from, toBuildId: to, $top: maxCommits },
        version: "7.1-preview.2",
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]),
        operation: "Reading the commits since the last run that succeeded",
        ...options,
        signal,
    });
    return { first: value.flatMap(decodeCommit), hasMore: value.length >= maxCommits };
}
function decodeCommit(json) {
    const { id, message, author, displayUri } = (0,lib_json/* asObject */.eB)(json);
    const hash = (0,lib_json/* asString */.oJ)(id);
    if (hash === null)
        return [];
    return [
        {
            hash,
            title: ((0,lib_json/* asString */.oJ)(message) ?? "").trim().split(/\r?\n/, 1)[0] ?? "",
            author: (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(author)["displayName"]) ?? undefined,
            url: (0,lib_json/* asString */.oJ)(displayUri) ?? undefined,
        },
    ];
}

;// CONCATENATED MODULE: ./build/azure-devops/builds.js



/** https://learn.microsoft.com/rest/api/azure/devops/build/builds/get */
async function readBuild(send, { runId, runUrl, isOwnRun, toleratesOutage = false, ...retryOptions }, signal) {
    const response = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}`,
        operation: "Polling the run",
        ...retryOptions,
        toleratesOutage,
        signal,
        decode: (value) => {
            const run = ensureRunId(runId, decodeBuild(value, runUrl));
            if (isOwnRun?.(run) === false)
                throw new errors/* TransientError */.N_(`the response was about run ${runId} of another project or pipeline`);
            return run;
        },
    });
    const { value: run, retryAfterMs, throttling } = response;
    return { run, retryAfterMs, throttling, serviceTime: dateHeaderMs(response) };
}
function ensureRunId(runId, run) {
    if (run.id !== runId)
        throw new errors/* TransientError */.N_(`the response was about run ${run.id}, not about ${runId}`);
    return run;
}
/**
 * Requests that the run be cancelled; it ends some time later.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
async function cancelBuild(send, { runId, ...retryOptions }, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}`,
        body: { status: "cancelling" },
        decode: () => undefined,
        operation: "Cancelling the run",
        ...retryOptions,
        // The runner would kill the process during a delay.
        ignoreRetryAfter: true,
        signal,
    });
}
/** More runs than could be queued within the half minute of a lost start. */
const recentRunsLimit = 200;
/**
 * The newest runs of one pipeline.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
async function listRecentRuns(send, { pipelineId, runUrl, ...retryOptions }, signal) {
    const { value, headers } = await send({
        method: "GET",
        path: "_apis/build/builds",
        // By default the list is sorted by finish time, and running runs may not be on the first page.
        query: { definitions: pipelineId, queryOrder: "queueTimeDescending", $top: recentRunsLimit },
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((entry) => decodeCandidate(entry, runUrl)),
        operation: "Searching for the run",
        ...retryOptions,
        signal,
    });
    return {
        candidates: value,
        serviceTime: dateHeaderMs({ headers }),
        callerId: callerIdIn(headers),
        isComplete: value.length < recentRunsLimit && headers["x-ms-continuationtoken"] === undefined,
    };
}
function callerIdIn(headers) {
    return headers["x-vss-userdata"]?.split(":")[0]?.toLowerCase() || undefined;
}
/** Runs of one pipeline that have a tag, the newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/list */
async function listTaggedRuns(send, { pipelineId, tag, runUrl }, signal) {
    const { value, headers } = await send({
        method: "GET",
        path: "_apis/build/builds",
        query: { definitions: pipelineId, tagFilters: tag, queryOrder: "queueTimeDescending", $top: 50 },
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((entry) => ({
            candidate: decodeCandidate(entry, runUrl),
            run: decodeBuild(entry, runUrl),
        })),
        operation: "Searching for the earlier attempt's run",
        retryForMs: 60_000,
        signal,
    });
    return { runs: value, callerId: callerIdIn(headers) };
}
function dateHeaderMs({ headers }) {
    const date = Date.parse(headers["date"] ?? "");
    return Number.isNaN(date) ? undefined : date;
}
function decodeCandidate(json, runUrl) {
    const build = (0,lib_json/* asObject */.eB)(json);
    const run = decodeBuild(json, runUrl);
    const requesterIds = [build["requestedFor"], build["requestedBy"]].map((person) => (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(person)["id"]));
    const parameters = build["templateParameters"];
    return {
        id: run.id,
        name: run.name,
        url: run.url,
        status: run.status,
        queuedAt: run.createdAt === null ? null : Date.parse(run.createdAt),
        requesterIds: requesterIds.flatMap((id) => (id === null ? [] : [id.toLowerCase()])),
        pipelineId: run.pipeline.id,
        ref: run.source.ref,
        commit: run.source.commit,
        parameters: parameters === undefined || parameters === null ? undefined : (0,lib_json/* asObject */.eB)(parameters),
        variables: parseVariables((0,lib_json/* asString */.oJ)(build["parameters"])),
        tags: run.tags,
        reason: (0,lib_json/* asString */.oJ)(build["reason"])?.toLowerCase(),
    };
}
/** Queue-time variables are JSON in a string; without one there are none, or the list does not contain them. */
function parseVariables(text) {
    const json = text === null ? undefined : (0,lib_json/* parseJson */.qF)(text);
    return json === undefined ? undefined : (0,lib_json/* asObject */.eB)(json);
}
/**
 * Starts a manual stage, retries the failed jobs of a stage as its next attempt, or cancels a stage. Not retried here, since
 * a request without a response may have been executed. Starting a manual stage needs 7.2-preview.
 * https://learn.microsoft.com/rest/api/azure/devops/build/stages/update
 */
async function updateStage(send, { runId, stage, state, ...options }, signal) {
    const operations = { retry: "Retrying", run: "Starting", cancel: "Cancelling" };
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
        body: { state, ...(state === "retry" && { forceRetryAllJobs: false }) },
        ...(state === "run" && { version: "7.2-preview", isVersionFixed: true }),
        decode: () => undefined,
        operation: `${operations[state]} the stage ${stage}`,
        ...options,
        signal,
    });
}
/**
 * Runs the failed jobs of a run again.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
async function retryRun(send, runId, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}`,
        query: { retry: "true" },
        body: {},
        decode: () => undefined,
        operation: "Retrying the run",
        retryForMs: 30_000,
        signal,
    });
}
/**
 * How long the last successful runs of a pipeline took, from start to end, in milliseconds.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
async function readPastDurations(send, pipelineId, signal) {
    const { value } = await send({
        method: "GET",
        path: "_apis/build/builds",
        query: {
            definitions: pipelineId,
            statusFilter: "completed",
            resultFilter: "succeeded",
            queryOrder: "finishTimeDescending",
            $top: 10,
        },
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).flatMap(builds_durationOf),
        operation: "Reading the pipeline's past runs",
        timeoutMs: 10_000,
        signal,
    });
    return value;
}
function builds_durationOf(json) {
    const build = (0,lib_json/* asObject */.eB)(json);
    const [start, end] = [asDate(build["startTime"]), asDate(build["finishTime"])];
    return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}

// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
// EXTERNAL MODULE: ./build/lib/line-splitter.js
var line_splitter = __webpack_require__(4470);
;// CONCATENATED MODULE: ./build/azure-devops/logs.js






/** How long a log is retried that repeatedly breaks off without a new line. Milliseconds. */
const defaultRetryForMs = 60_000;
/** JSON is read completely before it is parsed. Bytes. */
const maxJsonLogBytes = 64 * 1024 * 1024;
/**
 * The lines of a log, in batches as they arrive. A broken connection is opened again, and the lines that had arrived are
 * skipped: whether the service counts `startLine` from 0 or from 1 is not documented.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-log
 */
async function* logLines({ openStream, clock, random, retryAfterRegistry, endpoint, redact, onRetryAfter }, { runId, logId, linesRead = 0, retryForMs: firstLineRetryForMs = defaultRetryForMs }, signal) {
    const operation = `Reading log ${logId} of the run`;
    const request = { path: `_apis/build/builds/${runId}/logs/${logId}`, operation, signal };
    await retryAfterRegistry.waitForRetryAfter(endpoint.baseUrl, { signal, onDelay: onRetryAfter });
    let delivered = linesRead;
    let received = 0;
    let batches;
    const readNewLines = async () => {
        try {
            if (batches === undefined) {
                received = 0;
                batches = decodeLines(await openStream(request), redact);
            }
            for (;;) {
                const { value: lines } = await batches.next();
                if (lines === undefined)
                    return undefined;
                const newLines = received >= delivered ? lines : lines.slice(delivered - received);
                received += lines.length;
                if (newLines.length > 0)
                    return newLines;
            }
        }
        catch (error) {
            batches = undefined;
            throw error;
        }
    };
    try {
        for (;;) {
            // A log that has begun gets more attempts than one that can also be read later.
            const retryForMs = delivered > linesRead ? defaultRetryForMs : firstLineRetryForMs;
            const newLines = await (0,retry/* retry */.L5)(readNewLines, {
                retryError: errors/* asTransient */.tA,
                deadline: clock.now() + retryForMs,
                clampRetryAfter: true,
                toFinalError: (error) => retriesExhausted({ operation }, error, retryForMs),
                clock,
                random,
                signal,
            });
            if (newLines === undefined)
                return;
            delivered = received;
            yield newLines;
        }
    }
    finally {
        await batches?.return();
    }
}
async function* decodeLines(stream, redact) {
    const splitter = (0,line_splitter/* createLineSplitter */.AD)(redact);
    if (/\bjson\b/i.test(stream.headers["content-type"] ?? "")) {
        yield splitter.push(await readJsonLines(stream));
    }
    else {
        const decoder = new external_node_string_decoder_.StringDecoder("utf8");
        for await (const chunk of stream.chunks)
            yield splitter.push(decoder.write(chunk));
        yield splitter.push(decoder.end());
    }
    yield splitter.end();
}
/** A server that ignores `Accept` sends `{"count": 2, "value": ["line", …]}`. */
async function readJsonLines({ chunks }) {
    const parts = [];
    let size = 0;
    for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxJsonLogBytes)
            throw new errors/* ActionError */.lZ("unexpected-response", "A log in JSON was larger than 64 MiB.");
        parts.push(chunk);
    }
    const json = (0,lib_json/* parseJson */.qF)(Buffer.concat(parts).toString("utf8"));
    if (json === undefined)
        throw new errors/* TransientError */.N_("the log was truncated, or not JSON");
    const lines = (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).filter((line) => typeof line === "string");
    return lines.map((line) => `${line}\n`).join("");
}
/** The number of lines of each log. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-logs */
async function readLogSizes(send, runId, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/logs`,
        decode: (json) => new Map((0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).flatMap((entry) => {
            const { id, lineCount } = (0,lib_json/* asObject */.eB)(entry);
            return typeof id === "number" && typeof lineCount === "number" ? [[id, lineCount]] : [];
        })),
        operation: "Reading the run's list of logs",
        timeoutMs: 10_000,
        signal,
    });
    return value;
}

;// CONCATENATED MODULE: ./build/azure-devops/pipelines.js




const retryForMs = 60_000;
/** A page has a thousand pipelines: a longer list is endless. */
const maxPages = 100;
/** The repository that a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
async function readPipeline(send, pipelineId, signal) {
    const path = `_apis/build/definitions/${pipelineId}`;
    const decode = (value) => {
        const definition = (0,lib_json/* asObject */.eB)(value);
        const { repository } = definition;
        return {
            name: (0,lib_json/* asString */.oJ)(definition["name"]),
            repository: decodeRepository(repository),
            defaultRef: fullRef((0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(repository)["defaultBranch"])),
            project: decodeProject(definition["project"]),
        };
    };
    return (await send({ method: "GET", path, decode, operation: "Reading the pipeline", retryForMs, signal }))
        .value;
}
/** The service uses both forms: `refs/heads/main` and `main`. */
function fullRef(branch) {
    return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}
/**
 * The id of the only pipeline with a name. The service's filters miss some names and folders, so the whole list is read if a
 * filter finds nothing.
 * https://learn.microsoft.com/rest/api/azure/devops/build/definitions/list
 */
async function findPipeline(send, { folder, name }, signal) {
    const isMatch = (pipeline) => 
    // In the service, `*` in a name is a wildcard, and case is ignored.
    pipeline.name === name && (folder === undefined || isSameFolder(pipeline.folder, folder));
    const filtered = await listPipelines(send, folder === undefined ? { name } : { name, path: folder }, signal);
    let matches = filtered.filter(isMatch);
    if (matches.length === 0) {
        const all = await listPipelines(send, { $top: 1_000 }, signal);
        matches = all.filter(isMatch);
        if (matches.length === 0)
            throw pipelineNotFound({ folder, name }, all);
    }
    const [only, another] = matches;
    if (only === undefined || another !== undefined)
        throw ambiguousPipelineName(name, matches);
    return only.id;
}
/** All pipelines of a list, without duplicates. Only a header shows that there is another page. */
async function listPipelines(send, query, signal) {
    const pipelines = new Map();
    let continuationToken;
    for (let page = 1; page <= maxPages; page += 1) {
        const { value, headers } = await send({
            method: "GET",
            path: "_apis/build/definitions",
            // Without an order, the service refuses the token as ambiguous (github/gh-gei, issue 1220).
            query: { ...query, queryOrder: "definitionNameAscending", continuationToken },
            decode: decodePipelines,
            operation: "Searching for the pipeline",
            retryForMs,
            signal,
        });
        for (const pipeline of value)
            pipelines.set(pipeline.id, pipeline);
        continuationToken = headers["x-ms-continuationtoken"] || undefined;
        if (continuationToken === undefined)
            return [...pipelines.values()];
    }
    // A pipeline that could not be read may have the same name.
    throw tooManyPages();
}
function decodePipelines(json) {
    return (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).flatMap((entry) => {
        const definition = (0,lib_json/* asObject */.eB)(entry);
        const [id, name] = [(0,lib_json/* asId */.gR)(definition["id"]), (0,lib_json/* asString */.oJ)(definition["name"])];
        return id === null || name === null ? [] : [{ id, name, folder: (0,lib_json/* asString */.oJ)(definition["path"]) ?? "\\" }];
    });
}
function pipelineNotFound(requested, all) {
    const near = (0,lib_text/* nearMatches */.Y7)(requested, all).map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`);
    const hint = all.length === 0
        ? "Check that the identity can see the project's pipelines: it sees none."
        : near.length === 0
            ? `Check \`pipeline-name\`, and that the identity can see the pipeline: none of the ${all.length} that it sees has a similar name.`
            : `Check \`pipeline-name\`: ${near.length === 1 ? "a similar name is" : "similar names are"} ${(0,lib_text/* listed */.KE)(near)}.`;
    const { folder, name } = requested;
    const displayName = folder === undefined ? name : pipelinePath({ folder, name });
    return new errors/* ActionError */.lZ("not-found", `No pipeline is called ${displayName}.`, { hint });
}
function ambiguousPipelineName(name, matches) {
    const list = matches.map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`).join(", ");
    return new errors/* ActionError */.lZ("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
        hint: "Use `pipeline-id`, or the name with its folder.",
    });
}
function tooManyPages() {
    return new errors/* ActionError */.lZ("unexpected-response", "The list of pipelines was endless.", {
        hint: "Use `pipeline-id`, which needs no list.",
    });
}
function pipelinePath({ folder, name }) {
    return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}
function isSameFolder(a, b) {
    const normalize = (folder) => folder.split("\\").filter(Boolean).join("\\").toLowerCase();
    return normalize(a) === normalize(b);
}

// EXTERNAL MODULE: ./build/core/run-search.js
var run_search = __webpack_require__(4120);
;// CONCATENATED MODULE: ./build/azure-devops/run-list.js





const runsPerPage = 200;
/**
 * The newest runs of one pipeline, no matter who started them; no further page is read after `maxRuns`, or a run that is older
 * than `maxAgeMs`. Throws if a page can't be read, so that a run that isn't in the result does not exist.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
async function searchRuns({ send, runUrl, now }, { pipelineId, ref, maxRuns, maxAgeMs, ...options }, signal) {
    const listed = new Map();
    let continuationToken;
    for (;;) {
        const { value, headers, retryAfterMs, throttling } = await send({
            method: "GET",
            path: "_apis/build/builds",
            // By default the list is sorted by finish time, and running runs may be on a late page.
            query: {
                definitions: pipelineId,
                branchName: ref,
                queryOrder: "queueTimeDescending",
                $top: Math.min(runsPerPage, maxRuns),
                continuationToken,
            },
            decode: (json) => decodeList(json, runUrl),
            operation: "Searching for the run",
            ...options,
            signal,
        });
        const countBefore = listed.size;
        for (const item of value)
            listed.set(item.run.id, item);
        continuationToken = headers["x-ms-continuationtoken"] || undefined;
        const oldest = (dateHeaderMs({ headers }) ?? now()) - maxAgeMs;
        const isPastAge = value.some((item) => (0,run_search/* queueTime */.lS)(item) < oldest);
        if (continuationToken === undefined || isPastAge || listed.size >= maxRuns) {
            // A server may ignore filters, and return runs of other pipelines.
            const runs = [...listed.values()].filter(({ run }) => run.pipeline.id === pipelineId).sort(run_search/* compareAge */.lF);
            return { runs, isTruncated: continuationToken !== undefined, retryAfterMs, throttling };
        }
        if (listed.size === countBefore)
            throw endlessList();
    }
}
function endlessList() {
    return new errors/* ActionError */.lZ("unexpected-response", "The list of the pipeline's runs repeated itself.", {
        hint: "Run the step again, or set `run-id`, which needs no list.",
    });
}
/** Anything but a list is inconclusive. */
function decodeList(json, runUrl) {
    const { value } = (0,lib_json/* asObject */.eB)(json);
    if (!Array.isArray(value))
        throw new errors/* TransientError */.N_("the response was not a list of runs");
    return value
        .filter((entry) => (0,lib_json/* asObject */.eB)(entry)["deleted"] !== true)
        .map((entry) => ({
        run: decodeBuild(entry, runUrl),
        candidate: decodeCandidate(entry, runUrl),
        trigger: decodeTrigger(entry),
    }));
}
function decodeTrigger(entry) {
    const { reason, triggerInfo } = (0,lib_json/* asObject */.eB)(entry);
    const fields = (0,lib_json/* asObject */.eB)(triggerInfo);
    const hash = (name) => (0,lib_json/* asString */.oJ)(fields[name])?.toLowerCase();
    const prNumber = fields["pr.number"];
    return {
        reason: (0,lib_json/* asString */.oJ)(reason) ?? undefined,
        ciSourceSha: hash("ci.sourceSha"),
        prNumber: typeof prNumber === "number" ? String(prNumber) : ((0,lib_json/* asString */.oJ)(prNumber) ?? undefined),
    };
}

;// CONCATENATED MODULE: ./build/azure-devops/run-source.js


/** What a started run builds, from the response of Run Pipeline; `undefined` if the response is incomplete. */
function decodeStartedSource(json) {
    const self = (0,lib_json/* asObject */.eB)(json, "resources", "repositories", "self");
    const { fullName, ...repository } = (0,lib_json/* asObject */.eB)(self["repository"]);
    const commit = (0,lib_json/* asString */.oJ)(self["version"]);
    if (commit === null || (0,lib_json/* asString */.oJ)(repository["type"]) === null)
        return undefined;
    const decoded = decodeRepository({ ...repository, properties: { fullName } });
    return { ref: (0,lib_json/* asString */.oJ)(self["refName"]), commit, prSourceSha: undefined, repository: decoded };
}
/**
 * The repository and commit that a run builds, for a check on that commit.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
async function readRunSource(send, { runId, startResponse, ...retryOptions }, signal) {
    const request = send({
        method: "GET",
        path: `_apis/build/builds/${runId}`,
        decode: (json) => decodeSource((0,lib_json/* asObject */.eB)(json)),
        operation: "Reading the commit of the run",
        ...retryOptions,
        signal,
    });
    return await request.then(({ value }) => value, (error) => {
        const started = decodeStartedSource(startResponse);
        if (signal.aborted || started === undefined)
            throw error;
        return started;
    });
}

;// CONCATENATED MODULE: ./build/azure-devops/runs.js



/**
 * Starts a run. Not retried here, since a run may have been started even if the response was lost.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
async function startRun(send, pipelineId, { body, onSend }, signal) {
    const path = `_apis/pipelines/${pipelineId}/runs`;
    try {
        const { value } = await send({
            method: "POST",
            path,
            body,
            decode: (json) => ensurePipeline(pipelineId, decodeRun(json)),
            operation: "Starting the run",
            ...(onSend !== undefined && { onSend }),
            signal,
        });
        return value;
    }
    catch (error) {
        // A response that was too large to read may be that of a started run.
        throw error instanceof errors/* ResponseTooLargeError */.by
            ? new errors/* TransientError */.N_("the response was too large", { cause: error })
            : error;
    }
}
function ensurePipeline(pipelineId, run) {
    const actual = (0,lib_json/* asId */.gR)((0,lib_json/* asObject */.eB)(run.raw, "pipeline")["id"]);
    if (actual !== null && actual !== pipelineId)
        throw new errors/* TransientError */.N_(`the response was about pipeline ${actual}, not about ${pipelineId}`);
    return run;
}
function ensureRun(runId, run) {
    if (run.id !== runId)
        throw new errors/* TransientError */.N_(`the answer was about run ${run.id}, not about ${runId}`);
    return run;
}
/**
 * Validates the pipeline without starting a run, and returns the expanded YAML.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/preview/preview
 */
async function previewRun(send, pipelineId, body, signal) {
    const { value } = await send({
        method: "POST",
        path: `_apis/pipelines/${pipelineId}/preview`,
        body: { ...body, previewRun: true },
        decode: (json) => (0,lib_json/* asObject */.eB)(json)["finalYaml"],
        operation: "Validating the pipeline",
        retryForMs: 60_000,
        signal,
    });
    if (typeof value !== "string") {
        throw new errors/* ActionError */.lZ("unexpected-response", "The response to the preview contained no expanded YAML.", {
            hint: "Check that the pipeline is a YAML pipeline: classic pipelines have no preview.",
        });
    }
    return value;
}
/** https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/get */
async function readRun(send, { pipelineId, runId }, signal) {
    const path = `_apis/pipelines/${pipelineId}/runs/${runId}`;
    const { value } = await send({
        method: "GET",
        path,
        decode: (json) => ensureRun(runId, ensurePipeline(pipelineId, decodeRun(json))),
        operation: "Reading the run",
        retryForMs: 10_000,
        signal,
    });
    return value;
}
/** Decodes and validates the fields that the action relies on. */
function decodeRun(json) {
    const run = (0,lib_json/* asObject */.eB)(json);
    const id = (0,lib_json/* asId */.gR)(run["id"]);
    if (run["id"] === -1 || (id === null && typeof run["finalYaml"] === "string"))
        throw onlyValidated();
    // A response without an id does not show whether a run exists.
    if (id === null)
        throw new errors/* TransientError */.N_("the response was not a run: it had no id");
    const repositories = (0,lib_json/* asObject */.eB)(run, "resources", "repositories");
    const self = (0,lib_json/* asObject */.eB)(repositories["self"]);
    return {
        id,
        name: (0,lib_json/* asString */.oJ)(run["name"]) ?? String(id),
        url: webUrl(run),
        pipelineName: (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(run["pipeline"])["name"]),
        commit: (0,lib_json/* asString */.oJ)(self["version"]),
        ref: (0,lib_json/* asString */.oJ)(self["refName"]),
        raw: withoutSecrets(json),
    };
}
/** The error for a preview's response, which means that no run was started. */
function onlyValidated() {
    return new errors/* ActionError */.lZ("unexpected-response", "Nothing was started: the service has only validated the pipeline.", {
        hint: "Remove `previewRun` from the request, or use the input `preview` if you want to validate only.",
    });
}
function withoutSecrets(json) {
    const run = (0,lib_json/* asObject */.eB)(json);
    if (run["variables"] === undefined)
        return json;
    const variables = Object.entries((0,lib_json/* asObject */.eB)(run["variables"])).map(([name, value]) => [
        name,
        (0,lib_json/* asObject */.eB)(value)["isSecret"] === true ? { isSecret: true } : value,
    ]);
    return { ...run, variables: Object.fromEntries(variables) };
}
/** Puts tags on a run. https://learn.microsoft.com/rest/api/azure/devops/build/tags/add-build-tags */
async function tagRun(send, { runId, tags }, signal) {
    await send({
        method: "POST",
        path: `_apis/build/builds/${runId}/tags`,
        body: tags,
        decode: () => undefined,
        operation: "Tagging the run",
        retryForMs: 30_000,
        signal,
    });
}

// EXTERNAL MODULE: ./build/core/source-location.js
var source_location = __webpack_require__(141);
;// CONCATENATED MODULE: ./build/azure-devops/test-results.js




/** As many as one request to GitHub takes annotations. */
const maxFailures = 50;
/** A run that has just ended may not be known to the test service yet. */
const retryDelaysMs = [1_000, 3_000];
/** The numbers of passed and failed tests, and the failed tests. `undefined` if there are none, or the token must not read them. */
async function readTests(options, signal) {
    const { send, runId } = options;
    const counts = await readCounts(options, signal);
    const { passed, failed, skipped, others } = counts;
    if (passed + failed + skipped + others.length === 0)
        return undefined;
    if (failed === 0)
        return { ...counts, failures: [] };
    try {
        return await readFailures(counts, send, runId, signal);
    }
    catch {
        // The counts are shown even if the names could not be read.
        signal.throwIfAborted();
        return { ...counts, failures: [] };
    }
}
async function readCounts(options, signal) {
    const { clock, hasJustFinished } = options;
    return await (0,retry/* retry */.L5)(() => requestCounts(options, signal), {
        retryError: (error) => (hasJustFinished && isRunNotFound(error) ? {} : undefined),
        delayMs: (attempt) => retryDelaysMs[attempt - 1],
        clock,
        signal,
    });
}
/**
 * Servers from before the separate host for results have only the older URL.
 * https://learn.microsoft.com/rest/api/azure/devops/testresults/resultsummarybybuild/query
 */
async function requestCounts({ send, sendToResults, clock, runId }, signal) {
    const request = {
        method: "GET",
        path: "_apis/testresults/resultsummarybybuild",
        query: { buildId: runId },
        version: "7.1-preview.1",
        decode: decodeCounts,
        operation: "Reading the run's test results",
        timeoutMs: 5_000,
        // A long Retry-After is not waited for.
        deadline: clock.now() + 5_000,
        isOptional: true,
        signal,
    };
    try {
        return (await sendToResults(request)).value;
    }
    catch (error) {
        if (!(error instanceof errors/* ActionError */.lZ) || error.code !== "not-found" || isRunNotFound(error))
            throw error;
        const legacyRequest = { ...request, path: "_apis/test/ResultSummaryByBuild", version: "7.1-preview" };
        return (await send(legacyRequest)).value;
    }
}
/** `400 Build 345 cannot be found.` means an unknown run, and 404 an unknown URL. */
function isRunNotFound(error) {
    if (!(error instanceof errors/* ActionError */.lZ))
        return false;
    return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}
const outcomeLabels = { timeout: "timed out", none: "other" };
/** `NotApplicable` in words. */
function outcomeLabel(outcome) {
    const words = outcome.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
    return outcomeLabels[words] ?? words;
}
function decodeCounts(json) {
    const analysis = (0,lib_json/* asObject */.eB)(json, "aggregatedResultsAnalysis");
    const counts = new Map();
    for (const [outcome, value] of Object.entries((0,lib_json/* asObject */.eB)(analysis["resultsByOutcome"]))) {
        const count = (0,lib_json/* asNumber */.i)((0,lib_json/* asObject */.eB)(value)["count"]) ?? 0;
        const label = outcomeLabel(outcome);
        if (count > 0)
            counts.set(label, (counts.get(label) ?? 0) + count);
    }
    const named = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const unnamed = ((0,lib_json/* asNumber */.i)(analysis["totalTests"]) ?? named) - named;
    if (unnamed > 0)
        counts.set("other", (counts.get("other") ?? 0) + unnamed);
    const take = (label) => {
        const count = counts.get(label) ?? 0;
        counts.delete(label);
        return count;
    };
    const newFailures = (0,lib_json/* asObject */.eB)(json, "testFailures", "newFailures")["count"];
    return {
        passed: take("passed"),
        failed: take("failed"),
        skipped: take("not executed"),
        others: [...counts].map(([outcome, count]) => ({ outcome, count })),
        newFailures: (0,lib_json/* asNumber */.i)(newFailures) ?? undefined,
    };
}
/** https://learn.microsoft.com/rest/api/azure/devops/test/runs/list and …/test/results/list */
async function readFailures(counts, send, runId, signal) {
    const read = (path, query) => send({
        method: "GET",
        path,
        query,
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((run) => (0,lib_json/* asObject */.eB)(run)),
        operation: "Reading the failed tests",
        timeoutMs: 5_000,
        signal,
    });
    const { value } = await read("_apis/test/runs", {
        buildUri: `vstfs:///Build/Build/${runId}`,
        includeRunDetails: "true",
    });
    const { latest, superseded } = latestAttempts(value);
    const failures = new Map();
    for (const run of latest) {
        const id = (0,lib_json/* asId */.gR)(run["id"]);
        if (id === null || failures.size >= maxFailures)
            continue;
        const results = await read(`_apis/test/runs/${id}/results`, { outcomes: "Failed", $top: maxFailures });
        for (const result of results.value) {
            const failure = decodeFailure(result);
            if (failure !== undefined)
                failures.set(JSON.stringify(failure), failure);
        }
    }
    const sumOf = (key) => superseded.reduce((sum, run) => sum + ((0,lib_json/* asNumber */.i)(run[key]) ?? 0), 0);
    return {
        ...counts,
        passed: Math.max(0, counts.passed - sumOf("passedTests")),
        failed: Math.max(0, counts.failed - sumOf("unanalyzedTests")),
        failures: [...failures.values()].slice(0, maxFailures),
    };
}
/** The list contains the results of all attempts: those of the last attempt of a stage or job replace the others. */
function latestAttempts(runs) {
    const attemptOf = (run) => {
        const reference = (0,lib_json/* asObject */.eB)(run["pipelineReference"]);
        const attempts = ["stageReference", "phaseReference", "jobReference"].map((key) => (0,lib_json/* asNumber */.i)((0,lib_json/* asObject */.eB)(reference[key])["attempt"]) ?? 0);
        return attempts.reduce((key, attempt) => key * 1_000 + attempt, 0);
    };
    const keyOf = (run) => {
        const reference = (0,lib_json/* asObject */.eB)(run["pipelineReference"]);
        const stage = (0,lib_json/* asObject */.eB)(reference["stageReference"])["stageName"];
        const phase = (0,lib_json/* asObject */.eB)(reference["phaseReference"])["phaseName"];
        return JSON.stringify([run["name"], stage, phase, (0,lib_json/* asObject */.eB)(reference["jobReference"])["jobName"]]);
    };
    const newest = new Map();
    for (const run of runs)
        newest.set(keyOf(run), Math.max(attemptOf(run), newest.get(keyOf(run)) ?? 0));
    const isLatest = (run) => attemptOf(run) === newest.get(keyOf(run));
    return { latest: runs.filter(isLatest), superseded: runs.filter((run) => !isLatest(run)) };
}
function decodeFailure(result) {
    const name = (0,lib_json/* asString */.oJ)(result["testCaseTitle"]) ?? (0,lib_json/* asString */.oJ)(result["automatedTestName"]);
    if (name === null)
        return undefined;
    const stackTrace = (0,lib_json/* asString */.oJ)(result["stackTrace"]);
    return {
        name,
        message: (0,lib_json/* asString */.oJ)(result["errorMessage"]) ?? undefined,
        location: stackTrace === null ? undefined : (0,source_location/* firstOwnFrame */._c)(stackTrace),
    };
}

// EXTERNAL MODULE: ./build/core/poll-interval.js
var poll_interval = __webpack_require__(559);
// EXTERNAL MODULE: ./build/core/records.js
var core_records = __webpack_require__(5336);
;// CONCATENATED MODULE: ./build/azure-devops/timeline.js







const recordStates = new Map([
    ["pending", "pending"],
    ["inprogress", "inProgress"],
    ["completed", "completed"],
]);
const recordResults = new Map([
    ["succeeded", "succeeded"],
    ["succeededwithissues", "succeededWithIssues"],
    ["failed", "failed"],
    ["canceled", "canceled"],
    ["skipped", "skipped"],
    ["abandoned", "abandoned"],
    ["manuallyqueued", "manual"],
    ["dependentonmanualqueue", "manual"],
]);
/** Records with an id; other entries are ignored. */
function decodeRecords(json) {
    return (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["records"]).flatMap((entry) => {
        const record = (0,lib_json/* asObject */.eB)(entry);
        const id = (0,lib_json/* asString */.oJ)(record["id"]);
        return id === null ? [] : [decodeRecord(id, record)];
    });
}
function decodeRecord(id, record) {
    const status = recordStates.get(((0,lib_json/* asString */.oJ)(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
    return {
        id,
        parentId: (0,lib_json/* asString */.oJ)(record["parentId"]),
        type: (0,lib_json/* asString */.oJ)(record["type"]) ?? "",
        name: (0,lib_json/* asString */.oJ)(record["name"]) ?? "",
        refName: (0,lib_json/* asString */.oJ)(record["refName"]),
        identifier: (0,lib_json/* asString */.oJ)(record["identifier"]),
        ...decodeOutcome(status, (0,lib_json/* asString */.oJ)(record["result"])),
        startedAt: asDate(record["startTime"]),
        finishedAt: asDate(record["finishTime"]),
        order: (0,lib_json/* asNumber */.i)(record["order"]),
        attempt: (0,lib_json/* asNumber */.i)(record["attempt"]) ?? 1,
        worker: (0,lib_json/* asString */.oJ)(record["workerName"]),
        logId: (0,lib_json/* asId */.gR)((0,lib_json/* asObject */.eB)(record["log"])["id"]),
        taskName: decodeTaskName((0,lib_json/* asObject */.eB)(record["task"])),
        errors: (0,lib_json/* asNumber */.i)(record["errorCount"]) ?? 0,
        warnings: (0,lib_json/* asNumber */.i)(record["warningCount"]) ?? 0,
        issues: (0,lib_json/* asArray */._j)(record["issues"]).flatMap(decodeIssue),
    };
}
/**
 * An unknown result counts as failed; a missing one, as on some skipped parents, counts as skipped. A manual stage keeps its
 * result until it is started, even if its state changes before.
 */
function decodeOutcome(status, rawResult) {
    const known = recordResults.get((rawResult ?? "").toLowerCase());
    if (known === "manual" && status === "pending")
        return { status: "completed", result: known };
    if (status !== "completed")
        return { status, result: null };
    return { status, result: rawResult === null ? "skipped" : (known ?? "failed") };
}
const taskNamesById = new Map([
    ["2003ad3a-104a-451a-9238-60474ab294e6", "ManualValidation"],
    ["bcb64569-d51a-4af0-9c01-ea5d05b3b622", "ManualIntervention"],
    ["28782b92-5e8e-4458-9751-a71cd1492bae", "Delay"],
    ["9c3e8943-130d-4c78-ac63-8af81df62dfb", "InvokeRESTAPI"],
]);
function decodeTaskName({ id, name }) {
    return (0,lib_json/* asString */.oJ)(name) ?? taskNamesById.get((0,lib_json/* asString */.oJ)(id)?.toLowerCase() ?? "") ?? null;
}
function decodeIssue(value) {
    const issue = (0,lib_json/* asObject */.eB)(value);
    const message = (0,lib_json/* asString */.oJ)(issue["message"]);
    // Invisible messages are ignored.
    if (message === null || (0,lib_text/* oneLine */.TN)(message) === "")
        return [];
    const data = (0,lib_json/* asObject */.eB)(issue["data"]);
    const severity = (0,lib_json/* asString */.oJ)(issue["type"])?.toLowerCase() === "warning" ? "warning" : "error";
    return [
        {
            severity,
            message,
            logLine: asPositiveInteger(data["logFileLineNumber"]),
            file: (0,lib_json/* asString */.oJ)(data["sourcepath"]) ?? undefined,
            line: asPositiveInteger(data["linenumber"]),
            column: asPositiveInteger(data["columnnumber"]),
            code: (0,lib_json/* asString */.oJ)(data["code"]) ?? undefined,
        },
    ];
}
/** These numbers are strings in the response. */
function asPositiveInteger(value) {
    const number = Number(value);
    return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
/** After this many polls for changes only, the whole timeline is read, in case a change was lost. */
const pollsPerFullTimeline = 30;
/** Polls one run: one request while it is queued, two while it can change. */
function createRunPoller(send, runId, runUrl, isOwnRun) {
    const timeline = createTimelineCache(send, runId);
    let gap = 1;
    let pollsSinceTimeline = 0;
    return async ({ alwaysReadTimeline = false, onCompleted, ...retryOptions }, signal) => {
        const buildResponse = await readBuild(send, { runId, runUrl, isOwnRun, toleratesOutage: true, ...retryOptions }, signal);
        const { status } = buildResponse.run;
        const isQueued = status === "notStarted" || status === "postponed";
        gap = (0,poll_interval/* nextTimelineGap */.Th)(gap, buildResponse.throttling);
        pollsSinceTimeline += 1;
        const isDue = !isQueued && (status === "completed" || pollsSinceTimeline >= gap);
        if (!isDue && !alwaysReadTimeline)
            return { ...buildResponse, records: timeline.records() };
        pollsSinceTimeline = 0;
        const isFinal = status === "completed";
        // At the end of a run that many steps wait for, each Retry-After of a delayed response would delay the step.
        const ignoreRetryAfter = retryOptions.ignoreRetryAfter === true || (isFinal && buildResponse.throttling === "delayed");
        const refreshing = timeline.refresh({ ...retryOptions, ignoreRetryAfter, isFinal }, signal);
        if (isFinal)
            onCompleted?.(buildResponse);
        const refreshed = await refreshing;
        if (refreshed.throttling !== undefined)
            gap = (0,poll_interval/* nextTimelineGap */.Th)(gap, refreshed.throttling);
        return {
            ...buildResponse,
            records: timeline.records(),
            // The Retry-After of the first response was obeyed before the second request.
            retryAfterMs: refreshed.retryAfterMs,
            throttling: (0,poll_interval/* worseThrottling */.GS)(buildResponse.throttling, refreshed.throttling),
            timelineUnavailable: refreshed.timelineUnavailable,
        };
    };
}
/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
function createTimelineCache(send, runId) {
    let records = new Map();
    let cursor;
    let lastBody = "";
    let pollsSinceFull = 0;
    async function refresh({ isFinal, ...options }, signal) {
        const isFull = isFinal || cursor === undefined || pollsSinceFull >= pollsPerFullTimeline;
        try {
            const response = await send({
                method: "GET",
                path: `_apis/build/builds/${runId}/timeline`,
                query: { changeId: isFull ? undefined : cursor },
                decode: decodeTimeline,
                operation: "Reading the run's timeline",
                ...options,
                // The last read of the timeline is retried; any other is repeated by the next poll.
                retryForMs: isFinal ? 10_000 : 0,
                signal,
            });
            pollsSinceFull = isFull ? 0 : pollsSinceFull + 1;
            // A server that ignores changeId sends everything each time: an equal text means no changes.
            if (response.text === lastBody || response.text === "")
                return response;
            lastBody = response.text;
            const { changes, changeId } = response.value;
            records = (0,core_records/* mergeRecords */.PI)(isFull && changes.length > 0 ? new Map() : records, changes);
            // As long as the timeline has no records, all changes are still to come.
            cursor = isFull && changes.length === 0 ? undefined : (changeId ?? undefined);
            return response;
        }
        catch (error) {
            return handleTimelineError(error);
        }
    }
    return { refresh, records: () => records };
}
function decodeTimeline(json) {
    return { changes: decodeRecords(json), changeId: (0,lib_json/* asNumber */.i)((0,lib_json/* asObject */.eB)(json)["changeId"]) };
}
/** The result of the run does not depend on its timeline: without one, only the log has fewer events. */
function handleTimelineError(error) {
    if (error instanceof errors/* TransientError */.N_) {
        const timelineUnavailable = { reason: error.message, isPermanent: false };
        return {
            retryAfterMs: error.retryAfterMs,
            throttling: error.throttled ? "blocked" : undefined,
            timelineUnavailable,
        };
    }
    if (error instanceof errors/* ActionError */.lZ && error.code !== "unauthorized") {
        const isPermanent = error.code === "forbidden" || error.code === "rejected";
        return { retryAfterMs: undefined, timelineUnavailable: { reason: error.message, isPermanent } };
    }
    throw error;
}

;// CONCATENATED MODULE: ./build/azure-devops/client.js















/** One project of Azure DevOps. */
function createAzureDevOpsClient(endpoint, deps) {
    const client = createApiClient(endpoint, deps);
    const send = withPolicies(client);
    const sendToResults = withPolicies(testResultsClient(client));
    const openStream = createOpenTextStream(client);
    const buildsUrl = `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/_build`;
    const runUrl = (runId) => `${buildsUrl}/results?buildId=${runId}`;
    /** The ids of pipelines by the ids of their runs. */
    const startedRuns = new Map();
    return {
        pipelines: {
            url: (pipelineId) => `${buildsUrl}?definitionId=${pipelineId}`,
            find: (pipeline, signal) => findPipeline(send, pipeline, signal),
            get: (pipelineId, signal) => readPipeline(send, pipelineId, signal),
            preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
            getPastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
        },
        runs: {
            url: runUrl,
            start: async (pipelineId, request, signal) => {
                const run = await startRun(send, pipelineId, request, signal);
                startedRuns.set(run.id, pipelineId);
                return run;
            },
            get: async (runId, options, signal) => (await readBuild(send, { runId, runUrl, ...options }, signal)).run,
            getStarted: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
            getSource: (query, signal) => readRunSource(send, query, signal),
            createPoller: (runId) => createRunPoller(send, runId, runUrl, createRunCheck(endpoint.project, startedRuns.get(runId))),
            cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
            retry: (runId, signal) => retryRun(send, runId, signal),
            addTags: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
        },
        runLists: {
            listRecent: (pipelineId, options, signal) => listRecentRuns(send, { pipelineId, runUrl, ...options }, signal),
            listTagged: (pipelineId, tag, signal) => listTaggedRuns(send, { pipelineId, tag, runUrl }, signal),
            getBaseline: (run, options, signal) => readBaseline(send, { run, runUrl, ...options }, signal),
            search: (query, signal) => searchRuns({ send, runUrl, now: deps.clock.now }, query, signal),
        },
        stages: {
            update: (runId, update, options, signal) => updateStage(send, { runId, ...update, ...options }, signal),
        },
        logs: {
            readLines: (log, signal) => logLines({ openStream, ...client }, log, signal),
            getLineCounts: (runId, signal) => readLogSizes(send, runId, signal),
        },
        artifacts: { list: (runId, options, signal) => listArtifacts(send, { runId, ...options }, signal) },
        testResults: {
            getCounts: (query, signal) => readTests({ ...deps, ...query, send, sendToResults }, signal),
        },
        approvals: { getApprovers: (approvalId, signal) => readApprovers(send, approvalId, signal) },
        download: (ref, options, signal) => downloadArtifact({ client, send }, ref, options, signal),
    };
}
/** If the pipeline is not known yet, the first response determines it for all later ones. */
function createRunCheck(project, pipelineId) {
    let expectedPipeline = pipelineId ?? null;
    return (run) => {
        expectedPipeline ??= run.pipeline.id;
        const isOwnPipeline = run.pipeline.id === null || run.pipeline.id === expectedPipeline;
        return isOwnPipeline && (run.project === undefined || (0,model/* matchesProject */.l)(project, run.project));
    };
}

;// CONCATENATED MODULE: ./build/github/clock.js
/** Node's timers hold 31 bits of milliseconds: 24 days. */
const maxTimerMs = 2 ** 31 - 1;
/** Milliseconds since 1970 as of the process's start, and steady from there: the wall clock may be set on the way. */
function now() {
    return performance.timeOrigin + performance.now();
}
/** Time that only goes forward. A sleep is never over before its time, as one of Node's own timers may be. */
const clock = {
    now,
    sleep: (ms, signal) => {
        if (signal.aborted)
            return Promise.reject(signal.reason);
        const wakeAt = now() + ms;
        return new Promise((resolve, reject) => {
            let timer = startTimer();
            signal.addEventListener("abort", onAbort, { once: true });
            function startTimer() {
                return setTimeout(finish, Math.min(Math.ceil(wakeAt - now()), maxTimerMs));
            }
            function finish() {
                if (now() < wakeAt) {
                    timer = startTimer();
                    return;
                }
                signal.removeEventListener("abort", onAbort);
                resolve();
            }
            function onAbort() {
                clearTimeout(timer);
                reject(signal.reason);
            }
        });
    },
};

// EXTERNAL MODULE: ./build/github/environment.js
var environment = __webpack_require__(6039);
;// CONCATENATED MODULE: ./build/github/job-runs.js


/**
 * Keeps the ids of received runs in a file of the job, since each step is a process of its own. The folder is the job's
 * `RUNNER_TEMP`, which the runner empties before each job; without one nothing is shared.
 */
function createJobRuns(folder, { baseUrl, stepId, isPostStep }) {
    const path = folder === undefined || folder === "" ? undefined : (0,external_node_path_.join)(folder, "run-azure-pipeline-runs");
    return {
        receivedIds: () => new Set(path === undefined ? [] : readLines(path).flatMap(idIn(baseUrl, isPostStep ? stepId : undefined))),
        addReceived: (runId) => {
            if (path !== undefined)
                appendLine(path, `${runId} ${stepId} ${baseUrl}\n`);
        },
    };
}
function readLines(path) {
    try {
        return (0,external_node_fs_.readFileSync)(path, "utf8").split("\n");
    }
    catch {
        // No step has received a run yet.
        return [];
    }
}
function idIn(baseUrl, ownStepId) {
    return (line) => {
        const [, id, stepId, url] = /^(\d{1,16}) (\S+) (.*)$/.exec(line) ?? [];
        return id !== undefined && url === baseUrl && stepId !== ownStepId ? [Number(id)] : [];
    };
}
/** What cannot be kept only leaves the other evidence for whose run it is. */
function appendLine(path, line) {
    try {
        (0,external_node_fs_.appendFileSync)(path, line);
    }
    catch {
        // A full disk is reported where it matters: by the outputs.
    }
}

;// CONCATENATED MODULE: ./build/github/oidc.js



/**
 * Fetches OIDC tokens of this job, each a fresh one: they live for five minutes. Asks once: PassingError where asking
 * again may help.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
function createIdTokenSource({ env, transport, clock, mask, trigger }) {
    let hasReceivedToken = false;
    return async (audience, signal) => {
        const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
        if (!url || !bearer)
            throw tokenNotGranted(await trigger());
        const token = await requestIdToken({ url, bearer, audience, transport, clock, signal });
        if (token === undefined)
            throw hasReceivedToken ? tokenNoLongerGranted() : tokenNotGranted(await trigger());
        mask(token);
        hasReceivedToken = true;
        return token;
    };
}
/** Answers nothing where the job may not have one. */
async function requestIdToken(request) {
    const { status, headers, body } = await sendRequest(request);
    if (status === 401 || status === 403)
        return undefined;
    const token = status === 200 ? (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)((0,lib_json/* parseJson */.qF)(body))["value"]) : null;
    if (token !== null)
        return token;
    throw new errors/* TransientError */.N_(`GitHub's token service answered ${status} and no token`, {
        retryAfterMs: (0,retry/* retryAfterMs */.Vs)(headers, request.clock.now()),
        throttled: status === 429,
        hint: githubStatusHint,
    });
}
async function sendRequest({ url, bearer, audience, transport, signal, }) {
    try {
        return await transport.send({
            method: "GET",
            url: `${url}&audience=${encodeURIComponent(audience)}`,
            headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
            timeoutMs: 30_000,
            signal,
        });
    }
    catch (error) {
        if (!(error instanceof errors/* TransientError */.N_))
            throw error;
        const hint = error.hint ?? githubStatusHint;
        throw new errors/* TransientError */.N_(`GitHub's token service: ${error.message}`, { hint, cause: error });
    }
}
const githubStatusHint = "Run the job again; https://www.githubstatus.com tells whether GitHub is in trouble.";
function tokenNotGranted(trigger) {
    const message = "This job may not have an identity token of GitHub's";
    if (isFromFork(trigger)) {
        return new errors/* ActionError */.lZ("unauthorized", `${message}: it runs for a pull request from a fork.`, {
            hint: "Start the pipeline from a workflow on `workflow_run`, or once the change is on a branch of this repository.",
        });
    }
    return new errors/* ActionError */.lZ("unauthorized", `${message}.`, {
        hint: "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
            "the caller has to grant it too; a pull request from a fork cannot have one. If another way to sign in was meant, " +
            "check that its input (`client-secret`, say) is not blank.",
    });
}
function isFromFork({ event, repository, pullRequest }) {
    const head = pullRequest?.headRepository;
    return event !== "pull_request_target" && pullRequest !== undefined && head !== repository;
}
function tokenNoLongerGranted() {
    return new errors/* ActionError */.lZ("unauthorized", "GitHub gives this job no further identity tokens.", {
        hint: "Sign in another way where a run takes longer than six hours: that is how long GitHub lets a job ask for them.",
    });
}

;// CONCATENATED MODULE: ./build/github/sanitize-log.js

/**
 * Makes text from elsewhere harmless in the job's log.
 *
 * The runner reads commands from whatever a step prints: `::name::` at the start of a line, after any white space,
 * and `##[name]` anywhere in it; CR, LF and both together end a line. It compares by culture, so characters that are
 * not seen count as not there. Hence: nothing invisible stays, and neither marker does.
 */
const unsafePattern = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u;
/** What most lines are made of: none of these can be in the way, and looking for anything else is quick. */
const uncommonCharacter = /[^\t -~\u2500-\u257f]/;
const colour = /\u001b\[[0-9;]{0,20}m/g;
const invisibleCharacters = /[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu;
const sanitize_log_reset = "\u001b[0m";
/** The lines of a text, none of which is a command. Tabs and colours stay. */
function sanitizeLines(text) {
    const isCommon = !uncommonCharacter.test(text) && !text.includes("##[") && !text.includes("::");
    if (isCommon || !unsafePattern.test(text))
        return [text];
    return text.split(/\r\n|\r|\n/).map(sanitizeLine);
}
/** The same, in one line. */
function sanitizeText(text) {
    return sanitizeLines(text).join(" ");
}
function sanitizeLine(line) {
    const visible = (0,lib_text/* withoutTerminalControl */.CM)(line, { keepColours: true }).replace(invisibleCharacters, "");
    // Colours are not seen either: a marker that they part, or hide, is a marker.
    const withoutColours = visible.replace(colour, "");
    const isPlain = !withoutColours.includes("##[") && !/^\s*::/.test(withoutColours);
    const text = isPlain ? visible : withoutColours.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
    return text.includes("\u001b") && !text.endsWith(sanitize_log_reset) ? text + sanitize_log_reset : text;
}
/**
 * Secrets that must not appear again. The runner masks only its log; outputs, the summary and what is sent to GitHub are
 * not its log, and the service may repeat whatever it was told. Responses are redacted as they come in, before anything
 * is cut or escaped; what goes out is redacted once more, in every form that we write.
 */
function createRedactor() {
    let secretLines = [];
    let literalForms = [];
    let parts = [];
    return {
        add: (secret) => {
            const lines = secret
                .split(/[\r\n]+/)
                .map((line) => line.trim())
                .filter((line) => !(0,lib_text/* isOrdinaryText */.o1)(line));
            secretLines = longestFirst([...secretLines, ...lines]);
            literalForms = longestFirst([...literalForms, ...lines.flatMap(formsOf)]);
            parts = secretLines.flatMap(partsOf).map(createPart);
        },
        /** Replaces each secret as it is, as JSON (in JSON), URL-encoded, and in Basic authentication. */
        redact: (text) => redactLiterals(text, literalForms),
        /** The same for Markdown and what is sent to GitHub, where escapes may stand between any two characters. */
        redactRendered: (text) => {
            if (parts.length === 0)
                return text;
            const unescaped = withoutEscapes(text);
            return parts
                .filter(({ word }) => unescaped.includes(word))
                .reduce((redacted, { pattern }) => redacted.replaceAll(pattern(), "***"), redactLiterals(text, literalForms));
        },
    };
}
/** A secret that is part of another would leave the rest of it behind. */
function longestFirst(texts) {
    return [...new Set(texts)].sort((a, b) => b.length - a.length);
}
function redactLiterals(text, forms) {
    let redacted = text;
    for (const form of forms)
        if (redacted.includes(form))
            redacted = redacted.replaceAll(form, "***");
    return redacted;
}
function formsOf(line) {
    const json = jsonEscaped(line);
    const url = encodeURIComponent(line.toWellFormed());
    const basic = Buffer.from(`:${line}`).toString("base64").replace(/=+$/, "");
    return [line, json, jsonEscaped(json), url, url.replaceAll("%20", "+"), basic];
}
function jsonEscaped(text) {
    return JSON.stringify(text).slice(1, -1);
}
const maxPatternLength = 100;
/** A long secret is found by its parts. */
function partsOf(line) {
    const count = Math.ceil(line.length / maxPatternLength);
    const length = Math.ceil(line.length / count);
    return Array.from({ length: count }, (_, index) => line.slice(index * length, (index + 1) * length));
}
function createPart(part) {
    const [word = ""] = longestFirst(part.match(/[A-Za-z0-9]+/g) ?? []);
    let pattern;
    return {
        word,
        pattern: () => {
            pattern ??= new RegExp(renderedPattern(part), "g");
            return pattern;
        },
    };
}
/** The text without what `renderedPattern` allows between letters and digits, or in their place. */
function withoutEscapes(text) {
    return text
        .replaceAll(/&#8203;|\u200B|[\\`]/g, "")
        .replaceAll(/%(?:3\d|[46][1-9A-F]|[57][0-9A])/g, (code) => decodeURIComponent(code));
}
const htmlEntities = {
    "&": "&amp;|&#38;",
    "<": "&lt;|&#60;",
    ">": "&gt;|&#62;",
    '"': "&quot;|&#34;",
    "'": "&#39;|&apos;",
};
/**
 * Each character with the escapes that Markdown, HTML, JSON and URLs put before it or in its place. An escape before the
 * first one stays: half of it may belong to what comes before.
 */
function renderedPattern(part) {
    return Array.from(part.replaceAll(/\s+/g, " "), (character) => {
        if (character === " ")
            return String.raw `(?:\s|\\{1,4}[nrt]|%20|&nbsp;){1,20}`;
        const forms = [escapeRegExp(character), htmlEntities[character], percentEncoded(character)];
        return `(?:${forms.filter(Boolean).join("|")})`;
    }).join(String.raw `(?:&#8203;|\u200B|\\{0,2}\x60)?\\{0,4}`);
}
function escapeRegExp(character) {
    return character.replace(/[\\^$.*+?()[\]{}|]/, String.raw `\$&`);
}
function percentEncoded(character) {
    return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

;// CONCATENATED MODULE: ./build/github/runner.js








/** The job that runs this step: its log, outputs, state, summary and masks. */
function createRunner({ stdout, stderr, workspace, temporaryFolder, getIdToken, onLogClosed, }) {
    // Two uses of the action may run at the same time on one machine.
    const summaryFile = (0,external_node_path_.join)(temporaryFolder, `run-azure-pipeline-${(0,external_node_crypto_.randomUUID)()}.md`);
    let hasWarnedOfSummaryFile = false;
    const masked = new Set();
    const redactor = createRedactor();
    const counts = new Map();
    let failure;
    let areFailuresIgnored = false;
    let isLogClosed = false;
    stdout.on("error", (error) => {
        isLogClosed = true;
        failure ??= new errors/* RunnerError */.Rn(`The log could not be written: ${(0,errors/* reasonOf */.A3)(error)}.`, error);
        onLogClosed(failure);
    });
    const writeFile = (variable, writeCommand) => {
        try {
            checkFile(variable);
            writeCommand();
        }
        catch (error) {
            const text = `${commandFiles[variable]} could not be written to the runner's file ${variable}: ${(0,errors/* reasonOf */.A3)(error)}.`;
            failure ??= new errors/* RunnerError */.Rn(text, error);
            if (!areFailuresIgnored)
                throw failure;
        }
    };
    const write = (entries) => {
        const allEntries = [...entries];
        for (const { type } of allEntries)
            counts.set(type, (counts.get(type) ?? 0) + 1);
        writeEntries(allEntries, { stdout, redact: redactor.redact });
        const errors = isLogClosed ? allEntries.filter(({ type }) => type === "error") : [];
        for (const error of errors)
            stderr.write(`${redactor.redact(sanitizeText(textOf(error)))}\n`);
    };
    return {
        write,
        flush: () => (isLogClosed ? Promise.resolve() : waitForDrain(stdout)),
        mask: (secret) => {
            if (secret.trim() === "" || masked.has(secret))
                return;
            masked.add(secret);
            redactor.add(secret);
            core/* setSecret */.Pq(secret);
        },
        redact: redactor.redact,
        redactRendered: redactor.redactRendered,
        setOutput: (name, value) => writeFile("GITHUB_OUTPUT", () => core/* setOutput */.uH(name, redactor.redact(value))),
        saveState: (name, value) => writeFile("GITHUB_STATE", () => {
            if (Buffer.byteLength(value) > maxStateBytes)
                throw new Error(`${name} is too large`);
            core/* saveState */.LZ(name, value);
        }),
        checkFiles: (needsSummary) => {
            const all = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];
            for (const variable of needsSummary ? all : all.slice(0, 2))
                writeFile(variable, () => undefined);
        },
        failure: () => failure,
        ignoreFailures: () => {
            areFailuresIgnored = true;
        },
        getState: (name) => core/* getState */.Gu(name),
        addSummary: async (renderMarkdown) => {
            try {
                await addToSummary((limitBytes) => redactor.redactRendered(renderMarkdown(limitBytes)));
            }
            catch (error) {
                // The toolkit would add to the next one what it could not write.
                core/* summary */.z.emptyBuffer();
                if (!(error instanceof SummaryFullError))
                    failure ??= new errors/* RunnerError */.Rn(`The job summary could not be written: ${(0,errors/* reasonOf */.A3)(error)}.`, error);
                write([{ type: "warning", text: `The job summary could not be written: ${(0,errors/* reasonOf */.A3)(error)}` }]);
            }
        },
        writeSummaryFile: (renderMarkdown) => {
            try {
                (0,external_node_fs_.writeFileSync)(summaryFile, redactor.redactRendered(renderMarkdown(commentLimitBytes)));
                return summaryFile;
            }
            catch (error) {
                if (!hasWarnedOfSummaryFile) {
                    write([{ type: "warning", text: `summary-file could not be written: ${(0,errors/* reasonOf */.A3)(error)}` }]);
                }
                hasWarnedOfSummaryFile = true;
                return undefined;
            }
        },
        annotationCount: (type) => counts.get(type) ?? 0,
        repositoryPath: (path) => repositoryPath(path, workspace),
        getIdToken,
    };
}
/** The longest comment that GitHub takes has as many characters. */
const commentLimitBytes = 65_536;
const commandFiles = {
    GITHUB_OUTPUT: "An output",
    GITHUB_STATE: "The state for the post step",
    GITHUB_STEP_SUMMARY: "The job summary",
};
/** Linux hands a process no variable of 128 KiB or more: the post step could not be started. */
const maxStateBytes = 100_000;
function checkFile(variable) {
    const path = process.env[variable] ?? "";
    if (path === "")
        throw new Error("the variable is not set");
    (0,external_node_fs_.accessSync)(path, external_node_fs_.constants.W_OK);
}
class SummaryFullError extends Error {
}
/** GitHub drops a step's summary of more than 1 MiB, whole. A little is left for others. */
const summaryLimitBytes = 1_000 * 1_024;
async function addToSummary(renderMarkdown) {
    const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
    const usedBytes = (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.size ?? 0;
    const markdown = renderMarkdown(Math.max(0, summaryLimitBytes - usedBytes));
    if (markdown === "" || usedBytes + Buffer.byteLength(markdown) > summaryLimitBytes)
        throw new SummaryFullError("it is full");
    // What another wrote before need not end with its line.
    await core/* summary */.z.addRaw(usedBytes === 0 ? markdown : `\n\n${markdown}`).write();
}
function textOf(entry) {
    return "text" in entry ? entry.text : "";
}
/** The one place where text reaches the log: all of it is made harmless here. */
function writeEntries(entries, { stdout, redact }) {
    // One write for many lines: a long log is relayed at the pace of its bytes, not of its lines.
    let pending = "";
    const writePending = () => {
        if (pending !== "")
            stdout.write(redact(pending));
        pending = "";
    };
    for (const entry of entries) {
        if (entry.type === "text") {
            for (const text of sanitizeLines(entry.text))
                pending += `${text}\n`;
            continue;
        }
        writePending();
        writeCommand(entry, redact);
    }
    writePending();
}
function writeCommand(entry, redact) {
    switch (entry.type) {
        case "debug":
            // The runner would hide it anyway; so nothing that reads this step's output can find a stack trace either.
            if (core/* isDebug */._o())
                core/* debug */.Yz(redact(entry.text));
            return;
        case "group":
            core/* startGroup */.Oh(redact(sanitizeText(entry.title)));
            return;
        case "end-group":
            core/* endGroup */.N4();
            return;
        default:
            annotate(entry, redact);
    }
}
function annotate({ type, text, title, file, line, column }, redact) {
    const issueCommand = { error: core/* error */.z3, warning: core/* warning */.$e, notice: core/* notice */.lm }[type];
    // Only the log renders colours: on the page they would be letters.
    issueCommand(redact(sanitizeLines((0,lib_text/* withoutTerminalControl */.CM)(text)).join("\n")), {
        ...(title !== undefined && { title: redact(sanitizeText((0,lib_text/* withoutTerminalControl */.CM)(title))) }),
        ...(file !== undefined && { file }),
        ...(line !== undefined && { startLine: line }),
        ...(column !== undefined && { startColumn: column }),
    });
}
function repositoryPath(path, workspace) {
    const relative = (0,source_location/* sourcePath */.Z3)(path);
    if (workspace === "" || relative === undefined)
        return undefined;
    return (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, relative)) ? relative : undefined;
}
/** Pipes are asynchronous on Windows: without this a long log would pile up in memory. */
async function waitForDrain(stdout) {
    if (!stdout.writableNeedDrain)
        return;
    await new Promise((resolve) => {
        for (const event of ["drain", "error", "close"])
            stdout.once(event, () => resolve());
    });
}

;// CONCATENATED MODULE: ./build/github/signals.js




/** Aborted by the first signal with which the runner cancels a step; later ones change nothing. */
function abortOnSignals(target) {
    const controller = new AbortController();
    // On Windows the runner's second signal arrives as SIGBREAK.
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"]) {
        target.on(name, () => controller.abort(new errors/* StepCancelledError */.YH(`received ${name}`)));
    }
    return controller;
}
/** How often a main step checks for the shutdown file: most of what an idle wait costs. Milliseconds. */
const requestPollMs = 1_000;
/** A main step that still runs has removed the file by then, and ends within `shutdownTimeoutMs`. */
const acknowledgeTimeoutMs = requestPollMs + 300;
/** How often the post step checks whether the main step has ended. Milliseconds. */
const confirmationPollMs = 100;
const shutdownTimeoutMs = 6_000;
const fileName = /^run-azure-pipeline-[0-9a-f-]{36}$/;
/** The path of a step's shutdown file. */
function shutdownFilePath(folder, id) {
    return (0,external_node_path_.join)(folder || (0,external_node_os_.tmpdir)(), `run-azure-pipeline-${id}`);
}
/** Whether a saved path is one of ours: the environment of the post step may hold anything. */
function isShutdownFilePath(path, folder) {
    return fileName.test((0,external_node_path_.basename)(path)) && (0,external_node_path_.resolve)((0,external_node_path_.dirname)(path)) === (0,external_node_path_.resolve)(folder || (0,external_node_os_.tmpdir)());
}
/**
 * In a container the runner's signals reach only the client outside. The post step runs while the main step still does,
 * and asks it to stop by writing a file. The main step removes the file at once, and writes it again when it is done.
 */
function createShutdownRequest(path) {
    let isAcknowledged = false;
    return {
        /** For the main step. */
        watch(controller) {
            const timer = setInterval(() => {
                if (!(0,external_node_fs_.existsSync)(path))
                    return;
                clearInterval(timer);
                (0,external_node_fs_.rmSync)(path, { force: true });
                isAcknowledged = true;
                controller.abort(errors/* shutdownRequested */.zX);
            }, requestPollMs);
            timer.unref();
        },
        /** For the main step, at its very end. */
        confirmShutdown() {
            if (isAcknowledged)
                writeRequestFile(path);
        },
        /** For the post step: resolves once a main step that still lived has seen to what it had begun, or none does. */
        async requestShutdown(clock) {
            if (!writeRequestFile(path))
                return;
            // A clean-up must not be cancelled.
            const { signal } = new AbortController();
            await clock.sleep(acknowledgeTimeoutMs, signal);
            for (let waitedMs = acknowledgeTimeoutMs; waitedMs < shutdownTimeoutMs && !(0,external_node_fs_.existsSync)(path); waitedMs += confirmationPollMs) {
                await clock.sleep(confirmationPollMs, signal);
            }
        },
    };
}
/** If that fails, the folder is gone, and the main step with it. */
function writeRequestFile(path) {
    try {
        (0,external_node_fs_.writeFileSync)(path, "");
        return true;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./build/http/report-silence.js

/** Within five seconds people should see that something is wrong. Milliseconds. */
const silenceMs = 4_000;
/**
 * The same transport, which says once for each host that its first good answer is late. Afterwards it is silent: a wait
 * reports its own outages. A 5xx is no good answer.
 */
function reportSilence({ send, stream }, deps) {
    const hosts = new Map();
    const track = async (url, request) => {
        const { host } = new URL(url);
        const watch = hosts.get(host) ?? watchHost(host, deps);
        hosts.set(host, watch);
        try {
            const response = await request();
            watch.handleAnswer(response);
            return response;
        }
        catch (error) {
            watch.handleError(error);
            throw error;
        }
    };
    return {
        send: (request) => track(request.url, () => send(request)),
        stream: (request) => track(request.url, () => stream(request)),
        close: () => {
            for (const { close } of hosts.values())
                close();
        },
    };
}
function watchHost(host, { clock, onSilence }) {
    const done = new AbortController();
    let reason;
    clock.sleep(silenceMs, done.signal).then(() => onSilence(`No good answer from ${host} yet${reason === undefined ? "" : ` (${reason})`}. Trying on.`), () => undefined);
    return {
        handleAnswer: ({ status }) => {
            if (status < 500)
                done.abort();
            else
                reason = `it answered ${status}`;
        },
        handleError: (error) => {
            reason = (0,errors/* reasonOf */.A3)(error);
        },
        close: () => done.abort(),
    };
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
var external_node_http_namespaceObject = /*#__PURE__*/__webpack_require__.t(external_node_http_, 2);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
var external_node_https_namespaceObject = /*#__PURE__*/__webpack_require__.t(external_node_https_, 2);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/index.js
var lib = __webpack_require__(2779);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var lib_proxy = __webpack_require__(9783);
;// CONCATENATED MODULE: ./build/http/agents.js






/** Connections that are kept where there is no proxy; behind one, a tunnel for each request. */
function createAgents() {
    const directAgents = {
        "http:": new external_node_http_.Agent({ keepAlive: true }),
        "https:": new external_node_https_.Agent({ keepAlive: true }),
    };
    return {
        /** `signal` ends a tunnel that is not open yet. Throws where the environment names a proxy that is none. */
        routeFor(request, signal) {
            const url = new URL(request.url);
            const isTls = url.protocol === "https:";
            if (request.thumbprint !== undefined && isTls)
                return { agent: pinnedAgent(request.thumbprint), proxy: undefined };
            const proxy = request.direct ? undefined : proxyFor(url);
            if (proxy !== undefined)
                return { agent: tunnelAgent(request.url, signal), proxy: proxy.host };
            return { agent: directAgents[isTls ? "https:" : "http:"], proxy };
        },
        close() {
            for (const agent of Object.values(directAgents))
                agent.destroy();
        },
    };
}
/** The package's tunnel, fresh for each request: it keeps none open anyway, and one that is stuck is nobody else's. */
function tunnelAgent(url, signal) {
    const agent = new lib/* HttpClient */.Qq().getAgent(url);
    // The request for the tunnel is made with these. It has no time limit of its own, and would outlive whoever waits.
    Object.assign(agent.proxyOptions, { signal });
    return agent;
}
/** Connections to a server that shows this very certificate: it is looked at before anything is sent. */
function pinnedAgent(thumbprint) {
    const expectedFingerprint = thumbprint.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
    const createConnection = (options, callback) => {
        const socket = (0,external_node_tls_.connect)({ ...options, rejectUnauthorized: false });
        socket.once("error", (error) => callback?.(error, socket));
        socket.once("secureConnect", () => {
            if (socket.getPeerCertificate().fingerprint?.replaceAll(":", "") === expectedFingerprint)
                callback?.(null, socket);
            else
                socket.destroy(unexpectedCertificate());
        });
        return undefined;
    };
    return Object.assign(new external_node_https_.Agent(), { createConnection });
}
function unexpectedCertificate() {
    return new errors/* ActionError */.lZ("unreachable", "The server showed another certificate than the one that it is known by.", {
        hint: "Check what listens there, and IDENTITY_SERVER_THUMBPRINT in the runner's environment.",
    });
}
function proxyFor(url) {
    const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
    const proxyValue = process.env[name] || process.env[name.toUpperCase()];
    if (!proxyValue || (0,lib_proxy/* checkBypass */.H)(url) || matchesNoProxyWildcard(url))
        return undefined;
    const proxy = URL.parse((0,lib/* getProxyUrl */.s_)(url.href));
    if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "")
        return proxy;
    // The package would go around it without a word. The value may hold a password: it is not shown.
    throw new errors/* ActionError */.lZ("unreachable", `${name} did not hold the address of a proxy, so nothing was sent.`, {
        hint: `Write it as http://proxy:8080 in the runner's environment, with special characters of a password percent-encoded; or list ${url.hostname} in no_proxy.`,
    });
}
/** `*.example.com` in no_proxy means what `.example.com` does; the package knows only the latter. */
function matchesNoProxyWildcard({ hostname, host }) {
    const list = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
    return list.split(",").some((entry) => {
        const [prefix, suffix] = [entry.trim().slice(0, 2), entry.trim().slice(1).toLowerCase()];
        return prefix === "*." && (hostname.endsWith(suffix) || host.endsWith(suffix));
    });
}

;// CONCATENATED MODULE: ./build/http/network-errors.js

/** Codes of Node for a certificate that is not trusted. Asking again cannot help. */
const untrustedCertificateCodes = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;
const certificateAuthorityHint = "Set NODE_EXTRA_CA_CERTS, in the runner's or the job's environment, to a file with the authority's certificate.";
const certificateErrors = {
    CERT_HAS_EXPIRED: [
        "The server's certificate had expired",
        "Renew the server's certificate, or check this machine's clock.",
    ],
    ERR_TLS_CERT_ALTNAME_INVALID: [
        "The server's certificate was made for another host name",
        "Write the address with the name that the certificate bears, and check what else may answer at this one.",
    ],
};
const messagesByCode = {
    ECONNREFUSED: "the connection was refused",
    ECONNRESET: "the connection was lost",
    EPIPE: "the connection was lost",
    ENOTFOUND: "the host name was not found",
    EAI_AGAIN: "the host name could not be looked up",
    ETIMEDOUT: "the connection timed out",
    EHOSTUNREACH: "there was no route to the host",
    ENETUNREACH: "there was no route to the network",
};
/** What a failure below HTTP means: passing, unless a certificate or a proxy refuses for good. */
function networkError(error, { connected, proxy }) {
    if (error instanceof errors/* TransientError */.N_ || error instanceof errors/* ActionError */.lZ)
        return error;
    const { code = "", message = String(error) } = error;
    const tunnelError = /^tunneling socket could not be established, (?:statusCode=(\d+)|cause=(.*))$/s.exec(message);
    if (tunnelError)
        return proxyError(error, proxy ?? "", tunnelError);
    if (untrustedCertificateCodes.test(code)) {
        const [summary, hint] = certificateErrors[code] ?? [
            "The server's certificate was not trusted",
            certificateAuthorityHint,
        ];
        return new errors/* ActionError */.lZ("unreachable", `${summary} (${code}).`, { hint, cause: error });
    }
    if (isTlsProtocolError(code, message)) {
        return new errors/* TransientError */.N_("what answered did not speak TLS, or none that is spoken here", {
            hint: "Check the address and its port: it may be one for http, or something in between may answer.",
            cause: error,
            unsent: !connected,
        });
    }
    const text = messagesByCode[code] ?? (message === "" ? "the connection failed" : message);
    const textWithCode = code === "" || text.includes(code) ? text : `${text} (${code})`;
    return new errors/* TransientError */.N_(textWithCode, { cause: error, unsent: !connected });
}
/** OpenSSL's own words name source files and lines. */
function isTlsProtocolError(code, message) {
    return (/^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED_PROTOCOL|HTTP)/.test(code) ||
        /:SSL routines:/.test(message));
}
/** The package tells a proxy's refusal by its words alone, and calls each a lost connection. Nothing was sent. */
function proxyError(cause, proxy, [, status, detail = ""]) {
    if (status === "407") {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} wanted a user name and password (407).`, {
            hint: "Put them into https_proxy, as in http://user:password@proxy:8080.",
            cause,
        });
    }
    if (status !== undefined && /^4(?!08|29)/.test(status)) {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} refused the way to this host (${status}).`, {
            hint: "Ask whoever runs the proxy to let this runner through, or list the host in no_proxy if it can be reached without.",
            cause,
        });
    }
    const [, code = ""] = /\b(E[A-Z_]{4,})\b/.exec(detail) ?? [];
    const detailText = messagesByCode[code] === undefined ? detail : `${messagesByCode[code]} (${code})`;
    const message = status === undefined
        ? `the proxy ${proxy} could not be used: ${detailText}`
        : `the proxy ${proxy} answered ${status}`;
    const hint = "Check the address in https_proxy, and that the proxy is up.";
    return new errors/* TransientError */.N_(message, { cause, unsent: true, hint });
}

;// CONCATENATED MODULE: ./build/http/transport.js





const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";
/** An answer that is read whole may not be larger: 64 MiB. The largest timelines seen take 3. */
const maxBodyBytes = 64 * 1024 * 1024;
/**
 * Proxies are those of `@actions/http-client`. The reading is ours: its own reader never settles when a connection
 * dies in the middle of a body.
 */
function createTransport() {
    const agents = createAgents();
    const stream = (request) => openStream(withUserAgent(request), agents);
    return {
        stream,
        send: (request) => fetchResponse(request, stream),
        close: agents.close,
    };
}
async function fetchResponse(request, open) {
    // One deadline for the whole answer: a body that drips is as late as one that never comes.
    const timeoutController = new AbortController();
    const timeoutError = new errors/* TransientError */.N_(`no whole answer within ${secondsText(request.timeoutMs)}`);
    const timer = setTimeout(() => timeoutController.abort(timeoutError), request.timeoutMs);
    try {
        const signal = AbortSignal.any([request.signal, timeoutController.signal]);
        const { status, headers, chunks } = await open({ ...request, signal });
        const parts = [];
        let size = 0;
        for await (const chunk of chunks) {
            size += chunk.length;
            if (size > maxBodyBytes)
                throw bodyTooLarge(request);
            parts.push(chunk);
        }
        return { status, headers, body: Buffer.concat(parts).toString("utf8") };
    }
    finally {
        clearTimeout(timer);
    }
}
/** Whoever runs a server should see who asks, whichever package has put the request together. */
function withUserAgent(request) {
    return { ...request, headers: { ...request.headers, "user-agent": userAgent } };
}
function openStream(request, agents) {
    const { signal, timeoutMs } = request;
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const tunnelController = new AbortController();
        const { agent, proxy } = agents.routeFor(request, tunnelController.signal);
        const outgoing = startRequest(request, agent);
        let connected = false;
        onConnect(outgoing, () => {
            connected = true;
        });
        const fail = (reason) => {
            clearTimeout(idleTimer);
            signal.removeEventListener("abort", onAbort);
            const isConnectTimeout = reason instanceof errors/* TransientError */.N_ && !connected;
            // A request that still waits for its tunnel tells nobody that it was destroyed.
            reject(isConnectTimeout ? connectTimeoutError(reason, { timeoutMs, proxy }) : reason);
            outgoing.destroy();
            tunnelController.abort();
        };
        const onAbort = () => fail(signal.reason);
        const idleTimer = setTimeout(() => fail(idleTimeoutError(timeoutMs)), timeoutMs);
        signal.addEventListener("abort", onAbort, { once: true });
        outgoing.on("response", (incoming) => {
            clearTimeout(idleTimer);
            const { statusCode: status = 0 } = incoming;
            if (status < 200)
                return fail(protocolChanged());
            const chunks = readChunks(incoming, { signal, timeoutMs });
            resolve({ status, headers: flattenHeaders(incoming.headers), chunks });
        });
        // Without a listener Node closes the connection, and nobody hears of it.
        outgoing.on("upgrade", (_, socket) => {
            socket.destroy();
            fail(protocolChanged());
        });
        outgoing.on("close", () => {
            clearTimeout(idleTimer);
            signal.removeEventListener("abort", onAbort);
            // Does nothing once there has been a response or an error.
            reject(new errors/* TransientError */.N_("the connection closed without an answer", { unsent: !connected }));
        });
        outgoing.on("error", (error) => {
            reject(networkError(error, { connected, proxy }));
            fail(error);
        });
    });
}
function startRequest({ method, url, headers, body }, agent) {
    const { request } = url.startsWith("https:") ? external_node_https_namespaceObject : external_node_http_namespaceObject;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    return request(url, { method, agent, headers: { ...headers, ...length } }).end(body);
}
/** With TLS the request travels only once the handshake is done, also within a tunnel. */
function onConnect(outgoing, callback) {
    const isTls = outgoing.protocol === "https:";
    outgoing.on("socket", (socket) => {
        if (outgoing.reusedSocket || (!isTls && !socket.connecting))
            return callback();
        socket.once(isTls ? "secureConnect" : "connect", callback);
    });
}
async function* readChunks(incoming, { signal, timeoutMs }) {
    const startIdleTimer = () => setTimeout(() => incoming.destroy(idleTimeoutError(timeoutMs)), timeoutMs);
    let idleTimer = startIdleTimer();
    try {
        for await (const chunk of incoming) {
            // Time that the reader takes for itself is no silence of the server's.
            clearTimeout(idleTimer);
            yield chunk;
            idleTimer = startIdleTimer();
        }
        if (!incoming.complete)
            throw new Error("the connection closed before the answer was whole");
    }
    catch (error) {
        throw signal.aborted ? signal.reason : networkError(error, { connected: true });
    }
    finally {
        clearTimeout(idleTimer);
        // Whoever stops reading early has no use for the rest of the connection.
        if (!incoming.complete)
            incoming.destroy();
    }
}
function flattenHeaders(headers) {
    const entries = Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]);
    return Object.fromEntries(entries);
}
function protocolChanged() {
    return new errors/* TransientError */.N_("the server changed the protocol (101) instead of answering");
}
function idleTimeoutError(timeoutMs) {
    return new errors/* TransientError */.N_(`no byte for ${secondsText(timeoutMs)}`);
}
/** Nothing was sent, so whoever asked may ask again without a look at what became of it. */
function connectTimeoutError(cause, { timeoutMs, proxy }) {
    const time = `within ${secondsText(timeoutMs)}`;
    return proxy === undefined
        ? new errors/* TransientError */.N_(`no connection ${time}`, { unsent: true, cause })
        : new errors/* TransientError */.N_(`no way through the proxy ${proxy} ${time}`, {
            unsent: true,
            hint: "Check that the proxy of https_proxy is well, and may reach this host.",
            cause,
        });
}
function bodyTooLarge({ method, url }) {
    const { pathname } = new URL(url);
    return new errors/* ResponseTooLargeError */.by("unexpected-response", `The answer to ${method} ${pathname} was larger than 64 MiB.`, {
        hint: "Check that the address is that of Azure DevOps and not of something in between.",
    });
}
/** What a deadline left of a limit is no round number. */
function secondsText(ms) {
    return `${Math.round(ms / 100) / 10} s`;
}

;// CONCATENATED MODULE: ./build/wiring.js


















/** Creates the adapters behind the ports. */
function createEnvironment(step, { env, stdout, stderr }) {
    // Hides deprecation warnings of packages, on which users cannot act.
    process.noDeprecation = true;
    const httpTransport = createTransport();
    const transport = reportSilence(httpTransport, {
        clock: clock,
        onSilence: (text) => runner.write([{ type: "text", text }]),
    });
    // Leading white space is part of a YAML mapping, so each input is trimmed by its parser.
    const input = (name) => (0,core/* getInput */.V4)(name, { trimWhitespace: false });
    const mask = (secret) => runner.mask(secret);
    const getIdToken = createIdTokenSource({ env, transport, clock: clock, mask, trigger: createTriggerReader(env) });
    const cancellation = abortOnSignals(process);
    // An uncaught exception must not end the process without an error in the log.
    process.on("uncaughtException", (error) => cancellation.abort(error));
    const runner = createRunner({
        temporaryFolder: env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
        stdout,
        stderr,
        workspace: env["GITHUB_WORKSPACE"] ?? "",
        getIdToken,
        onLogClosed: (error) => cancellation.abort(error),
    });
    const lifecycle = createStepLifecycle(step, { runner, env, cancellation });
    return {
        ...lifecycle,
        runner,
        clock: clock,
        input,
        connect: (inputs) => createConnection(inputs, { step, stepId: lifecycle.stepId, givenInputs: (0,fields/* givenInputNames */.MA)(input) }, { env, transport, runner }),
        environmentFields: () => (0,environment/* describeEnvironment */.NE)({
            env,
            entryPath: process.argv[1] ?? "",
            nodeVersion: process.version,
            osRelease: (0,external_node_os_.release)(),
        }),
        workflow: createWorkflowContext({ env, transport: httpTransport, runner }),
        close: () => {
            transport.close();
            httpTransport.close();
            lifecycle.close();
        },
    };
}
/** How the post step stops a main step that still runs. */
function createStepLifecycle(step, { runner, env, cancellation }) {
    const folder = env["RUNNER_TEMP"];
    const path = step === "post" ? runner.getState("main") : shutdownFilePath(folder, (0,external_node_crypto_.randomUUID)());
    const shutdownRequest = createShutdownRequest(path);
    if (step === "main")
        shutdownRequest.watch(cancellation);
    return {
        stepId: (0,external_node_path_.basename)(path) || "unknown",
        signal: cancellation.signal,
        saveLifecycle: () => runner.saveState("main", path),
        requestMainShutdown: async () => {
            if (isShutdownFilePath(path, folder))
                await shutdownRequest.requestShutdown(clock);
        },
        close: shutdownRequest.confirmShutdown,
    };
}
function createConnection(inputs, { step, stepId, givenInputs }, { env, transport, runner }) {
    const { organization, project } = inputs.projectRef;
    const endpoint = {
        baseUrl: organization.base,
        project,
        apiVersion: inputs.apiVersion,
        givenInputs: new Set(givenInputs),
        credentialHint: rejectionHint(inputs.credentialConfig, { isServices: (0,organization_url/* actsAsServices */.u2)(organization) }),
    };
    const random = Math.random;
    const savedToken = step === "post" ? runner.getState(tokenStateKey) : "";
    const restored = savedToken === "" ? undefined : restoreSignIn(savedToken, { clock: clock, runner });
    const signIn = restored ??
        persistToken(createSignIn(inputs.credentialConfig, { transport, clock: clock, runner, env, random }), runner);
    const onRetryAfter = createRetryAfterLog(inputs.pollIntervalMs, (text) => runner.write([{ type: "text", text }]));
    const deps = { transport, signIn, clock: clock, random, redact: runner.redact, onRetryAfter };
    const { download, ...azureDevOps } = createAzureDevOpsClient(endpoint, deps);
    const jobRuns = createJobRuns(env["RUNNER_TEMP"], {
        baseUrl: organization.base,
        stepId,
        isPostStep: step === "post",
    });
    return { ...azureDevOps, signIn, jobRuns, store: createArtifactStore(download, env) };
}
/** Loads the store only when an artifact is downloaded. */
function createArtifactStore(download, env) {
    const loadStore = async () => {
        const { createDiskArtifactStore } = await __webpack_require__.e(/* import() */ 479).then(__webpack_require__.bind(__webpack_require__, 5479));
        return createDiskArtifactStore({
            download,
            workspace: env["GITHUB_WORKSPACE"] || process.cwd(),
            tempFolder: env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
            windows: process.platform === "win32",
        });
    };
    return {
        save: async (ref, options, signal) => (await loadStore()).save(ref, options, signal),
        readOutputs: async (ref, options, signal) => (await loadStore()).readOutputs(ref, options, signal),
    };
}
const tokenStateKey = "token";
/** Saves a device code's token for the post step, which can't sign in again. No other token is saved. */
function persistToken(signIn, runner) {
    let savedToken;
    return {
        get description() {
            return signIn.description;
        },
        authorization: async (signal) => {
            const authorization = await signIn.authorization(signal);
            const token = signIn.tokenToPersist();
            if (token !== undefined && token !== savedToken)
                runner.saveState(tokenStateKey, token);
            savedToken = token;
            return authorization;
        },
        refresh: (signal) => signIn.refresh(signal),
    };
}
function createWorkflowContext({ env, transport, runner }) {
    const trigger = createTriggerReader(env);
    const { GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: apiUrl = "https://api.github.com" } = env;
    const warn = (text) => runner.write([{ type: "warning", text }]);
    const gitHubAccess = ({ githubToken = "" }) => ({
        token: githubToken,
        apiUrl,
        transport,
        redact: runner.redactRendered,
    });
    return {
        runId: env["GITHUB_RUN_ID"] ?? "",
        attempt: (0,environment/* runAttempt */.Tm)(env),
        stepKey: `${env["GITHUB_JOB"] ?? ""}//${env["GITHUB_ACTION"] ?? ""}`,
        trigger,
        commitReporters: async (inputs, { isExternal: isExternalRun, isLast: isLastAttempt = false, readSource }) => {
            if (inputs.checkRun === undefined && inputs.commitStatus === undefined)
                return [];
            const { createCommitReporters } = await Promise.all(/* import() */[__webpack_require__.e(934), __webpack_require__.e(833)]).then(__webpack_require__.bind(__webpack_require__, 4833));
            const lifetime = { isExternalRun, isLastAttempt, reportsStartOnly: !inputs.wait };
            return createCommitReporters(inputs, {
                ...gitHubAccess(inputs),
                ...lifetime,
                readSource,
                repository,
                clock: clock,
                warn,
                trigger: await trigger(),
            });
        },
        mergedHead: async (inputs, mergeCommit, signal) => {
            const { readMergedHead } = await Promise.all(/* import() */[__webpack_require__.e(934), __webpack_require__.e(628)]).then(__webpack_require__.bind(__webpack_require__, 2628));
            return await readMergedHead({ repository, mergeCommit }, { ...gitHubAccess(inputs), warn }, signal);
        },
    };
}
/** Loads the reader of the event only when it is needed. */
function createTriggerReader(env) {
    return async () => {
        const { readTrigger } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 6039));
        return readTrigger(env, (path) => (0,external_node_fs_.readFileSync)(path, "utf8"));
    };
}

;// CONCATENATED MODULE: ./build/run-step.js


/** How long open handles may keep the process alive after the step has ended, in milliseconds. */
const exitTimeoutMs = 500;
/** Runs the main or the post step and sets the exit code of the process. */
async function runStep(step) {
    // Failed until there is a verdict, so that a process that ends early never passes.
    process.exitCode = 1;
    const environment = createEnvironment(step, process);
    if (step === "post") {
        const { runPostStep } = await Promise.all(/* import() */[__webpack_require__.e(695), __webpack_require__.e(941)]).then(__webpack_require__.bind(__webpack_require__, 5941));
        await runPostStep(environment);
        process.exitCode = 0;
    }
    else {
        process.exitCode = await runMainStep(environment);
    }
    environment.close();
    // The process ends by itself, since `process.exit` can deadlock (nodejs/node#54918). This is the last resort.
    setTimeout(() => process.exit(), exitTimeoutMs).unref();
}


/***/ })

};
