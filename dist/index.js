/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
/******/ 	var __webpack_modules__ = ({

/***/ 6999:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  z: () => (/* binding */ readMaskedInputs)
});

// EXTERNAL MODULE: ./build/inputs/fields.js + 2 modules
var fields = __nccwpck_require__(6584);
// EXTERNAL MODULE: ./build/core/condition.js
var core_condition = __nccwpck_require__(9226);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __nccwpck_require__(8309);
// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __nccwpck_require__(8917);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9984);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __nccwpck_require__(7240);
// EXTERNAL MODULE: ./build/inputs/run-target.js
var run_target = __nccwpck_require__(5216);
;// CONCATENATED MODULE: ./build/inputs/inputs.js







async function readInputs(get) {
    const problems = [];
    const warnings = [];
    const values = await (0,fields/* readValues */.N$)(get, { problems, warnings });
    const resolved = (0,run_target/* resolveTarget */.u)(values, problems);
    const credentialConfig = parseCredentials(values, problems);
    if (credentialConfig?.kind === "azure-devops-oauth") {
        warnings.push("auth: `azure-devops-oauth` is deprecated, and Microsoft removes it in 2026; sign in with Microsoft Entra ID instead (for example `github-oidc`)");
    }
    checkCombinations(values, problems);
    const mapOutputs = await compileMappedOutputs(values.mapOutputs ?? {}, problems);
    if (problems.length > 0 || resolved === undefined || credentialConfig === undefined)
        throw inputError(problems);
    const { findRun, findWhen, findTimeoutMs, ifNotFound, stagesToStart, retries, retryWhen, ...others } = values;
    const retryPolicy = { maxRetries: retries, when: retryWhen };
    if (retries === 0 && retryWhen !== undefined)
        warnings.push("retry-when: it has no effect, since `retries` is 0.");
    return { ...others, ...resolved, credentialConfig, retryPolicy, mapOutputs, warnings };
}
function parseCredentials({ auth, ...values }, problems) {
    const result = auth === undefined
        ? { problems: (0,credentials/* validateSignInInputs */.Ke)(values) }
        : (0,credentials/* parseCredentialConfig */.lR)({ ...values, auth });
    if ("config" in result)
        return result.config;
    problems.push(...problemsOfOtherInputs(result.problems, problems));
    return undefined;
}
function problemsOfOtherInputs(problems, knownProblems) {
    const inputName = (problem) => problem.split(":")[0] ?? "";
    const knownNames = new Set(knownProblems.map(inputName));
    return problems.filter((problem) => !knownNames.has(inputName(problem)));
}
function checkCombinations(values, problems) {
    const variableNames = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
    for (const name of Object.keys(values.secretVariables ?? {})) {
        if (variableNames.has(name.toLowerCase())) {
            problems.push(`secret-variables: "${name}" is also in \`variables\``);
        }
    }
    const hasDefaultStopWhen = values.stopWhen === undefined || (0,core_condition/* isDefaultCondition */.zK)(values.stopWhen);
    if (values.onStop === "cancel" && hasDefaultStopWhen && !hasProblem(problems, "stop-when"))
        problems.push("on-stop: `cancel` needs a `stop-when` that ends the wait before the run is completed");
    if (values.wait === false)
        problems.push(...inputsAboutTheWait(values));
}
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
    if (Object.keys(mapping).length === 0)
        return [];
    const { compile } = await Promise.all(/* import() */[__nccwpck_require__.e(22), __nccwpck_require__.e(856)]).then(__nccwpck_require__.bind(__nccwpck_require__, 1856));
    const outputs = [];
    const usedNames = new Set();
    for (const [name, expression] of Object.entries(mapping)) {
        try {
            (0,output_values/* checkOutputName */.tq)(name);
            if (usedNames.has(name.toLowerCase()))
                throw new Error("GitHub ignores the case of output names, and this one is used twice");
            usedNames.add(name.toLowerCase());
            outputs.push({ name, evaluate: await compile(expression) });
        }
        catch (error) {
            problems.push(`map-outputs: ${name}: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    return outputs;
}
const maxProblemLength = 1_000;
function inputError(problems) {
    const message = problems.map((problem) => (0,lib_text/* clip */.$Q)(problem, maxProblemLength)).join("\n");
    return new errors/* ActionError */.lZ("bad-input", message, { hint: "Correct the step's `with:` block." });
}

;// CONCATENATED MODULE: ./build/app/context.js


async function readMaskedInputs({ runner, input }) {
    for (const name of fields/* secretInputs */._y)
        runner.mask(input(name));
    const inputs = await readInputs(input);
    for (const secret of Object.values(inputs.secretVariables ?? {}))
        runner.mask(secret);
    return inputs;
}


/***/ }),

/***/ 4648:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   FE: () => (/* binding */ withDetails),
/* harmony export */   FN: () => (/* binding */ withDefaultRef),
/* harmony export */   Nk: () => (/* binding */ exactMatches),
/* harmony export */   _N: () => (/* binding */ describeRuns),
/* harmony export */   eE: () => (/* binding */ findCandidates),
/* harmony export */   wX: () => (/* binding */ filterMatches)
/* harmony export */ });
/* harmony import */ var _core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8408);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9984);


const searchRetryMs = 60_000;
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
function describeRuns(runs) {
    return runs.map(({ name, url }) => `${name}: ${url}`).join("\n");
}
async function withDefaultRef(fingerprint, pipelines, signal) {
    if (fingerprint.ref !== undefined)
        return fingerprint;
    const definition = await pipelines
        .get(fingerprint.pipelineId, signal)
        .catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ignoreError */ .FZ)("with an unknown default branch, runs are only possible matches, which the search reports"));
    signal.throwIfAborted();
    return { ...fingerprint, ref: definition?.defaultRef };
}
function exactMatches(matches, requests) {
    const isCertain = matches.length <= requests && matches.every(({ match }) => match === "exact");
    return isCertain ? matches.map(({ candidate }) => candidate) : [];
}
async function withDetails(candidate, pipelineId, { runs }, signal) {
    const run = await runs
        .getStarted(pipelineId, candidate.id, signal)
        .catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ignoreError */ .FZ)("what the list says is judged then"));
    signal.throwIfAborted();
    return run === undefined ? candidate : (0,_core_run_matching_js__WEBPACK_IMPORTED_MODULE_0__/* .withRunDetails */ .uq)(candidate, run.raw);
}
function matchWindow({ serviceTime, callerId }, { startedAt, listedAt }, receivedIds) {
    const runnerClock = { startedAt, listedAt, toleranceMs: 100 };
    const serviceClock = serviceTime !== undefined && {
        startedAt: serviceTime - (listedAt - startedAt),
        listedAt: serviceTime,
        toleranceMs: 1_000,
    };
    return { clocks: serviceClock ? [runnerClock, serviceClock] : [runnerClock], callerId, receivedIds };
}
function tooManyRuns(pipelines, pipelineId) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ("start-unknown", "More runs were started since then than Azure DevOps lists at once.", { hint: `Check ${pipelines.url(pipelineId)} before you run this step again.` });
}


/***/ }),

/***/ 4741:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Bf: () => (/* binding */ createSnapshotOutputWriter),
/* harmony export */   HK: () => (/* binding */ startOutputs),
/* harmony export */   N$: () => (/* binding */ emptyRunOutputs),
/* harmony export */   V3: () => (/* binding */ receiveRun),
/* harmony export */   bH: () => (/* binding */ snapshotOutputs),
/* harmony export */   lk: () => (/* binding */ createOutputs),
/* harmony export */   u8: () => (/* binding */ setAllOutputs)
/* harmony export */ });
/* harmony import */ var _core_output_values_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8917);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9984);


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
function receiveRun(run, { outputs, stepState }) {
    stepState.setRun(run);
    outputs.set(startOutputs({ ...run, commit: run.source.commit }));
}
const emptyRunOutputs = { "run-id": "", "run-name": "", "run-url": "", commit: "" };
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

/***/ 5735:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Y: () => (/* binding */ resolveStartRequest),
  A: () => (/* binding */ startRun)
});

// EXTERNAL MODULE: ./build/core/default-ref.js
var default_ref = __nccwpck_require__(5138);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __nccwpck_require__(8408);
// EXTERNAL MODULE: ./build/core/start-request.js
var start_request = __nccwpck_require__(3319);
// EXTERNAL MODULE: ./build/inputs/run-target.js
var run_target = __nccwpck_require__(5216);
// EXTERNAL MODULE: ./build/lib/json.js
var json = __nccwpck_require__(9897);
// EXTERNAL MODULE: ./build/render/run-lines.js
var run_lines = __nccwpck_require__(7183);
// EXTERNAL MODULE: ./build/app/outputs.js
var outputs = __nccwpck_require__(4741);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9984);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __nccwpck_require__(2857);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __nccwpck_require__(6777);
// EXTERNAL MODULE: ./build/app/find-started-run.js
var find_started_run = __nccwpck_require__(4648);
;// CONCATENATED MODULE: ./build/app/start-errors.js


function ambiguousStart({ pipelineId }, error, { pipelines, matches = [], cause = error }) {
    const reason = matches.length > 0
        ? `It may be one of these:\n${(0,find_started_run/* describeRuns */._N)(matches)}`
        : "The search for it also failed.";
    return new errors/* ActionError */.lZ("start-unknown", `It is unknown whether a run was started (${error.message}). ${reason}`, { hint: `Check ${pipelines.url(pipelineId)} before you run this step again.`, cause });
}
function startFailed({ pipelineId }, error, { pipelines, attempts, wasSent }) {
    const search = wasSent ? ` No run was found at ${pipelines.url(pipelineId)}.` : "";
    return new errors/* ActionError */.lZ(error.fromGateway ? "unexpected-response" : "unreachable", `The run could not be started in ${attempts} attempts: ${error.message}.`, { hint: `${(0,errors/* hintFor */.JR)(error)}${search}`, cause: error });
}
function throttledStart(error) {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
    const retryText = seconds === 0 ? "" : `; the service requested a further delay of ${seconds} s`;
    return new errors/* ActionError */.lZ("busy", `The run could not be started: ${error.message}${retryText}.`, {
        hint: error.hint ?? "Start fewer runs at the same time: the limit is per identity and five minutes.",
        cause: error,
    });
}
function unresolvedStart({ pipelineId }, { code, message, hint, cause }, { pipelines }) {
    const warning = `An earlier request may still have started a run. Check ${pipelines.url(pipelineId)}.`;
    return new errors/* ActionError */.lZ(code, message, { hint: [hint, warning].filter(Boolean).join("\n"), cause });
}

;// CONCATENATED MODULE: ./build/app/start-once.js





const searchDelaysMs = [1_000, 3_000, 9_000];
const maxAttempts = 3;
const abortGraceMs = 2_500;
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
        logAttempt(deps, `The response to the start was lost (${error.message}). Searching for the run before retrying.`);
        const found = await findStartedRun(start, { deps, startAttempts, error }, signal);
        if (found === undefined)
            throw error;
        return toResult(await fetchFoundRun(start, found, deps, signal));
    };
    return await (0,retry/* retry */.L5)(attemptStart, {
        retryError: (error) => (error instanceof errors/* TransientError */.N_ ? { error, retryAfterMs: 0 } : undefined),
        maxAttempts,
        delayMs: (attempt, { error }) => (error.unsent ? (0,retry/* backoffMs */.jo)(attempt) : 0),
        onRetry: ({ error: { unsent, message } }) => logAttempt(deps, `${unsent ? "The start was not sent" : "No run was found"} (${message}). Retrying the start.`),
        toFinalError: ({ error }, { attempts }) => startFailed(start, error, { ...deps, attempts, wasSent: startAttempts.attempts > 0 }),
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
        onRetry: (_error, waitMs) => logAttempt(deps, `Azure DevOps is throttling this identity. Retrying the start in ${Math.ceil(waitMs / 1_000)} s.`),
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
        if (matches.length === 0 || (matches.length === 1 && !isLast))
            continue;
        throw ambiguousStart(start, error, { pipelines, matches: matches.map(({ candidate }) => candidate) });
    }
    return undefined;
}
async function enrichWithRun(start, { matches, judge }, deps, signal) {
    const [single, second] = matches;
    if (single === undefined || second !== undefined || single.match === "exact")
        return matches;
    return (0,find_started_run/* filterMatches */.wX)([await (0,find_started_run/* withDetails */.FE)(single.candidate, start.pipelineId, deps, signal)], judge);
}
async function recheckAfterRejection(start, { deps, startAttempts, error }, signal) {
    const { clock } = deps;
    const rejectedAt = clock.now();
    for (const delayMs of searchDelaysMs) {
        await clock.sleep(Math.max(0, rejectedAt + delayMs - clock.now()), signal);
        const search = await (0,find_started_run/* findCandidates */.eE)(startSearch(start, startAttempts), deps, signal).catch((0,errors/* ignoreError */.FZ)("the refusal is reported, with a note that a run may exist"));
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
    logAttempt(deps, `Found it: the request started ${name}.`);
    const fallback = { id, name, url, pipelineName: null, ref, commit, raw: null };
    return ((await deps.runs
        .getStarted(start.pipelineId, id, signal)
        .catch((0,errors/* ignoreError */.FZ)("the data from the list is sufficient"))) ?? fallback);
}
function logAttempt({ runner }, text) {
    runner.write([{ type: "text", text }]);
}

;// CONCATENATED MODULE: ./build/app/start-run.js








async function resolveStartRequest(inputs, pipeline, { deps, trigger }, signal) {
    const { pipelines, runner } = deps;
    const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
    let pipelineName = pipeline.by === "name" ? pipeline.name : null;
    let { ref, commit } = inputs;
    let defaultRef;
    if (ref === undefined && !setsSelfRepository(inputs)) {
        const workflowTrigger = await trigger();
        const definition = (0,default_ref/* hasInferableRef */.sM)(workflowTrigger) ? await pipelines.get(pipelineId, signal) : undefined;
        (0,run_target/* checkProject */.s)(inputs.projectRef, definition?.project);
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
function setsSelfRepository({ resources, requestBody }) {
    const repositories = [
        (0,json/* asObject */.eB)(resources, "repositories"),
        (0,json/* asObject */.eB)(requestBody, "resources", "repositories"),
    ];
    return repositories.some(({ self }) => self !== undefined);
}
async function startRun(plan, { projectRef }, deps, signal) {
    const { runner, runs, stepState } = deps;
    const { pipelineId, body, defaultRef, tag = null } = plan;
    const fingerprint = (0,run_matching/* fingerprintOf */.ax)({ pipelineId, body, tag, defaultRef });
    const onAttempt = (startedAt, attempts) => stepState.setPhase({ at: "starting", pipelineId, startedAt, attempts, fingerprint });
    const onBackoff = () => stepState.setPhase({ at: "idle" });
    const { run, startedAt, attempts } = await startOnce({ pipelineId, body, fingerprint }, { ...deps, onAttempt, onBackoff }, signal);
    const trackingPhase = { at: "following", runId: run.id, isOwn: true };
    const duplicateSearch = attempts > 1 ? { pipelineId, startedAt, attempts, fingerprint } : undefined;
    stepState.setPhase({ ...trackingPhase, ...(duplicateSearch && { duplicateSearch }) });
    deps.jobRuns.addReceived(run.id);
    const { id, name, url = runs.url(id), ref, commit, raw } = run;
    const pipelineName = run.pipelineName ?? plan.pipelineName;
    const source = { ref, commit };
    const tracked = { id, name, url, pipelineName, source, requestedBy: null, raw, isExternal: false };
    (0,outputs/* receiveRun */.V3)(tracked, deps);
    runner.write([
        (0,run_lines/* headerLine */.iH)({
            organization: projectRef.organization.name,
            project: projectRef.project,
            pipeline: pipelineName ?? "pipeline",
            pipelineId,
            ...source,
        }),
        (0,run_lines/* startedLine */.sx)(tracked, body),
    ]);
    if (duplicateSearch !== undefined) {
        const { cancelDuplicates } = await __nccwpck_require__.e(/* import() */ 69).then(__nccwpck_require__.bind(__nccwpck_require__, 8069));
        await cancelDuplicates(duplicateSearch, id, deps, signal);
        stepState.setPhase(trackingPhase);
    }
    return tracked;
}


/***/ }),

/***/ 9233:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   FP: () => (/* binding */ saveReportsClosed),
/* harmony export */   Kk: () => (/* binding */ areReportsClosed),
/* harmony export */   QN: () => (/* binding */ withFingerprints),
/* harmony export */   _U: () => (/* binding */ createStepState),
/* harmony export */   i_: () => (/* binding */ restorePhase),
/* harmony export */   k8: () => (/* binding */ isCancelledWithStep)
/* harmony export */ });
/* unused harmony export savePhase */
/* harmony import */ var _core_rerun_tag_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1656);
/* harmony import */ var _core_run_matching_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8408);
/* harmony import */ var _core_start_request_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(3319);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9897);




function isCancelledWithStep({ isOwn, stages }, cancelOnAbort) {
    if (stages?.length === 0)
        return false;
    return cancelOnAbort ?? (isOwn || stages !== undefined);
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
function saveReportsClosed(runner) {
    runner.saveState(reportsClosedKey, "closed");
}
function areReportsClosed(runner) {
    return runner.getState(reportsClosedKey) === "closed";
}
function createStepState(runner) {
    let phase = { at: "idle" };
    let run;
    let snapshot;
    let finalized = false;
    return {
        get phase() {
            return phase;
        },
        get run() {
            return run;
        },
        get snapshot() {
            return snapshot;
        },
        setPhase: (next) => {
            phase = next;
            savePhase(runner, next);
        },
        setRun: (next) => {
            run = next;
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

/***/ 6774:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ui: () => (/* binding */ tokenRequestTimeoutMs),
/* harmony export */   W0: () => (/* binding */ isJsonWebToken),
/* harmony export */   dG: () => (/* binding */ decodeJwtClaims),
/* harmony export */   nx: () => (/* binding */ validHeaderValue)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9897);


const tokenRequestTimeoutMs = 30_000;
function validHeaderValue(token, issuerName) {
    if (/^[\x21-\x7e]+$/.test(token))
        return token;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("unexpected-response", `${issuerName} returned an access token with characters that are invalid in an HTTP header.`, { hint: "Check whether a proxy or gateway responds instead of the token endpoint." });
}
function isJsonWebToken(text) {
    const parts = text.split(".");
    const [header = ""] = parts;
    const isWellFormed = (part, index) => /^[\w-]+$/.test(part) || (parts.length === 5 && index === 1 && part === "");
    return [3, 5].includes(parts.length) && parts.every(isWellFormed) && decodeJwtPart(header) !== undefined;
}
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

/***/ 7188:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  yS: () => (/* binding */ createApiClient),
  Fl: () => (/* binding */ requestUrl),
  QO: () => (/* binding */ testResultsClient),
  b8: () => (/* binding */ withPolicies)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9984);
// EXTERNAL MODULE: ./build/azure-devops/api-request.js
var api_request = __nccwpck_require__(7247);
// EXTERNAL MODULE: ./build/azure-devops/auth-policy.js
var auth_policy = __nccwpck_require__(7952);
// EXTERNAL MODULE: ./build/lib/json.js
var lib_json = __nccwpck_require__(9897);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __nccwpck_require__(6777);
;// CONCATENATED MODULE: ./build/azure-devops/responses.js



function isSuccessful(response) {
    const { status } = response;
    return status >= 200 && status < 300 && status !== 203 && !isHtml(response);
}
async function decodeResponse(request, { headers, body }, { clock, redact }) {
    const json = body === "" ? undefined : parseBody(body);
    return {
        value: await request.decode(redact(body) === body ? json : redactJson(json, redact)),
        text: body,
        headers,
        retryAfterMs: (0,retry/* retryAfterMs */.Vs)(headers, clock.now()),
        throttling: isDelayed(headers) ? "delayed" : undefined,
    };
}
function isDelayed(headers) {
    return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}
function isHtml({ headers, body }) {
    return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}
function parseBody(body) {
    const json = (0,lib_json/* parseJson */.qF)(body);
    if (json === undefined)
        throw new errors/* TransientError */.N_("the response was truncated, not JSON, or nested too deeply");
    return json;
}
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
function redactJson(value, redact) {
    if (Array.isArray(value))
        return value.map((entry) => redactJson(entry, redact));
    if (typeof value !== "object" || value === null)
        return value;
    const isRecord = "parentId" in value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => {
        const isDisplayed = displayedFields.has(key) || (isRecord && key === "name");
        return [key, isDisplayed && typeof entry === "string" ? redact(entry) : redactJson(entry, redact)];
    }));
}

// EXTERNAL MODULE: ./build/azure-devops/retry-policy.js
var retry_policy = __nccwpck_require__(9348);
;// CONCATENATED MODULE: ./build/azure-devops/version-policy.js


function versionPolicy(apiVersion) {
    let maxVersion;
    const clampVersion = (version) => maxVersion !== undefined && Number.parseFloat(version) > Number(maxVersion) ? maxVersion : version;
    const versionFor = ({ version, minVersion }) => {
        if (minVersion !== undefined)
            return Number.parseFloat(apiVersion) < Number.parseFloat(minVersion) ? minVersion : apiVersion;
        return version === undefined ? clampVersion(apiVersion) : version.replace(/^\d+\.\d+/, clampVersion);
    };
    return (send) => async (request) => {
        for (let version = versionFor(request);;) {
            try {
                return await send({ ...request, version });
            }
            catch (error) {
                maxVersion = maxSupportedVersion(error) ?? maxVersion;
                const next = requiresPreview(error, version) ? `${version}-preview` : versionFor(request);
                if (next === version || Number.parseFloat(next) > Number.parseFloat(version))
                    throw minVersionError(error, request);
                version = next;
            }
        }
    };
}
function minVersionError(error, { operation, minVersion }) {
    if (minVersion === undefined || maxSupportedVersion(error) === undefined)
        return error;
    return new errors/* ActionError */.lZ("rejected", `${operation} needs version ${minVersion} of the REST API. ${error instanceof Error ? error.message : ""}`, { cause: error });
}
function requiresPreview(error, version) {
    return matchesApiError(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}
function maxSupportedVersion(error) {
    if (!matchesApiError(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/))
        return undefined;
    const versions = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
    return versions.sort((a, b) => Number(a) - Number(b))[0];
}
function matchesApiError(error, typeKeyPattern, messagePattern) {
    return (error instanceof api_request/* ApiError */.hD && (typeKeyPattern.test(error.typeKey) || messagePattern.test(error.message)));
}

;// CONCATENATED MODULE: ./build/azure-devops/api-client.js






function createApiClient(endpoint, deps) {
    const retryAfterRegistry = (0,retry_policy/* createRetryAfterRegistry */.KP)(deps.clock);
    const [withAuth, withVersion] = [(0,auth_policy/* authPolicy */.v)(deps), versionPolicy(endpoint.apiVersion)];
    return {
        ...deps,
        endpoint,
        transport: retryAfterRegistry.trackResponses(deps.transport),
        authAndVersionPolicy: (send) => withAuth(withVersion(send)),
        retryAfterRegistry,
    };
}
function withPolicies(client) {
    const sendPlain = (request) => sendOnce(request, client);
    return (0,retry_policy/* retryAfterPolicy */.ZZ)((0,retry_policy/* retryPolicy */.Jb)(client.authAndVersionPolicy(sendPlain), client), client.retryAfterRegistry, { url: client.endpoint.baseUrl, onDelay: client.onRetryAfter });
}
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
    const authorization = await (0,auth_policy/* authorizationFor */.r)(request, client);
    signal.throwIfAborted();
    const sending = transport.send({
        method,
        url: requestUrl(request, endpoint),
        headers: {
            accept: "application/json",
            "x-tfs-fedauthredirect": "Suppress",
            authorization,
            ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        timeoutMs: (0,api_request/* responseTimeoutMs */.h)(request, clock.now()),
        signal: request.onSend?.() ?? signal,
    });
    const response = await sending.catch((error) => {
        throw error instanceof errors/* ResponseTooLargeError */.by && request.toleratesOutage
            ? new errors/* TransientError */.N_("the response was too large", { cause: error })
            : error;
    });
    if (isSuccessful(response))
        return await decodeResponse(request, response, client);
    const { responseError } = await __nccwpck_require__.e(/* import() */ 431).then(__nccwpck_require__.bind(__nccwpck_require__, 4431));
    throw responseError(request, response, client);
}
function requestUrl({ path, query, version }, endpoint) {
    const pairs = Object.entries({ ...query, "api-version": version ?? endpoint.apiVersion }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
    return `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/${path}?${pairs.join("&")}`;
}


/***/ }),

/***/ 7247:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ responseTimeoutMs),
/* harmony export */   hD: () => (/* binding */ ApiError),
/* harmony export */   p2: () => (/* binding */ tokenTimeoutMs)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);

const defaultTimeoutMs = 30_000;
const minTimeoutMs = 3_000;
function responseTimeoutMs({ timeoutMs = defaultTimeoutMs, ...request }, now) {
    return Math.min(timeoutMs, remainingMs(request, now));
}
function tokenTimeoutMs({ timeoutMs = defaultTimeoutMs, retryForMs = 0, ...request }, now) {
    return Math.min(retryForMs + timeoutMs, remainingMs(request, now));
}
function remainingMs({ deadline = Number.POSITIVE_INFINITY }, now) {
    return Math.max(deadline - now, minTimeoutMs);
}
class ApiError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ {
    typeKey;
    constructor(code, message, { typeKey, hint }) {
        super(code, message, { hint });
        this.typeKey = typeKey;
    }
}


/***/ }),

/***/ 7952:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ authorizationFor),
/* harmony export */   v: () => (/* binding */ authPolicy)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _api_request_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7247);


function authPolicy(deps) {
    let hasSucceeded = false;
    return (send) => async (request) => {
        try {
            const response = await send(request);
            hasSucceeded = true;
            return response;
        }
        catch (error) {
            const isExpired = hasSucceeded && error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ && error.code === "unauthorized";
            if (!isExpired || !(await withTokenTimeout(request, deps, (signal) => deps.signIn.refresh(signal))))
                throw error;
            return await send(request);
        }
    };
}
function authorizationFor(request, deps) {
    return withTokenTimeout(request, deps, (signal) => deps.signIn.authorization(signal));
}
async function withTokenTimeout(request, { clock }, fetchToken) {
    const { signal } = request;
    const timeoutSignal = AbortSignal.timeout(Math.ceil((0,_api_request_js__WEBPACK_IMPORTED_MODULE_1__/* .tokenTimeoutMs */ .p2)(request, clock.now())));
    try {
        return await fetchToken(AbortSignal.any([signal, timeoutSignal]));
    }
    catch (error) {
        if (signal.aborted || !timeoutSignal.aborted || error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ)
            throw error;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_("fetching a token timed out", { unsent: true, cause: error });
    }
}


/***/ }),

/***/ 725:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   D5: () => (/* binding */ asDate),
/* harmony export */   E4: () => (/* binding */ decodeSource),
/* harmony export */   EH: () => (/* binding */ decodeProject),
/* harmony export */   ZP: () => (/* binding */ decodeRepository),
/* harmony export */   qP: () => (/* binding */ webUrl),
/* harmony export */   zr: () => (/* binding */ decodeBuild)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9897);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(7240);



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
    ["abandoned", "completed"],
]);
const runResults = new Map([
    ["succeeded", "succeeded"],
    ["partiallysucceeded", "partiallySucceeded"],
    ["failed", "failed"],
    ["canceled", "canceled"],
]);
function decodeBuild(json, fallbackUrl) {
    const build = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(json);
    const id = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asId */ .gR)(build["id"]);
    const rawStatus = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(build["status"]);
    if (id === null || rawStatus === null)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_("the response was not a run: it had no id or status");
    const status = runStatuses.get(rawStatus.toLowerCase()) ?? "inProgress";
    const definition = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(build["definition"]);
    const isCompleted = status === "completed";
    const { ref, commit, repository, prSourceSha } = decodeSource(build);
    return {
        id,
        name: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(build["buildNumber"]) ?? String(id),
        status,
        ...decodeResult(isCompleted ? ((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(build["result"]) ?? resultWithoutWord(rawStatus)) : null),
        url: webUrl(build) ?? fallbackUrl(id),
        pipeline: {
            id: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asId */ .gR)(definition["id"]),
            name: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["name"]),
            folder: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["path"]),
        },
        source: { ref, commit },
        repository: build["repository"] === undefined ? undefined : repository,
        prSourceSha,
        project: decodeProject(build["project"]),
        createdAt: asDate(build["queueTime"]),
        startedAt: asDate(build["startTime"]),
        finishedAt: isCompleted ? asDate(build["finishTime"]) : null,
        requestedBy: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(build["requestedFor"])["displayName"]),
        isPipelinePaused: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["queueStatus"])?.toLowerCase() === "paused",
        tags: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asArray */ ._j)(build["tags"]).filter((tag) => typeof tag === "string"),
        problems: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asArray */ ._j)(build["validationResults"]).flatMap(decodeProblem),
        raw: json,
    };
}
function decodeSource(build) {
    return {
        ref: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(build["sourceBranch"]),
        commit: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(build["sourceVersion"]),
        prSourceSha: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(build["triggerInfo"])["pr.sourceSha"])?.toLowerCase(),
        repository: decodeRepository(build["repository"]),
    };
}
function decodeRepository(value) {
    const repository = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value);
    const properties = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(repository["properties"]);
    const kinds = { github: "github", githubenterprise: "github-enterprise" };
    const type = ((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(repository["type"]) ?? "").toLowerCase();
    const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
    const url = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(repository["url"]) ?? (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(properties["cloneUrl"]);
    const path = url === null ? null : URL.parse(url);
    const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
    const fullName = names
        .map((name) => (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
        .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
    return { kind, fullName, name: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(repository["name"]) ?? undefined, host: path?.host };
}
function decodeProject(value) {
    const { id, name } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value);
    return value === undefined ? undefined : { id: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(id), name: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(name) };
}
function decodeProblem(value) {
    const { result, message } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value);
    const text = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(message);
    return text === null || (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_2__/* .oneLine */ .TN)(text) === "" || (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(result)?.toLowerCase() !== "error" ? [] : [text];
}
function resultWithoutWord(rawStatus) {
    return rawStatus.toLowerCase() === "abandoned" ? "failed" : "none";
}
function decodeResult(rawResult) {
    if (rawResult === null)
        return { result: null, unknownResult: undefined };
    const known = runResults.get(rawResult.toLowerCase());
    return { result: known ?? "failed", unknownResult: known === undefined ? rawResult : undefined };
}
function webUrl(json) {
    const href = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(json, "_links", "web")["href"]);
    const url = href === null ? null : URL.parse(href);
    return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}


/***/ }),

/***/ 6148:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ findPipeline),
/* harmony export */   l: () => (/* binding */ readPipeline)
/* harmony export */ });
/* harmony import */ var _core_pipeline_folder_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(5846);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9897);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(7240);
/* harmony import */ var _decode_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(725);





const retryForMs = 60_000;
const maxPages = 100;
async function readPipeline(send, pipelineId, signal) {
    const path = `_apis/build/definitions/${pipelineId}`;
    const decode = (value) => {
        const definition = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value);
        const { repository } = definition;
        const id = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asId */ .gR)(definition["id"]);
        if (id !== null && id !== pipelineId)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_(`the response was about pipeline ${id}, not about ${pipelineId}`);
        return {
            name: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["name"]),
            repository: (0,_decode_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeRepository */ .ZP)(repository),
            defaultRef: fullRef((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(repository)["defaultBranch"])),
            project: (0,_decode_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeProject */ .EH)(definition["project"]),
        };
    };
    return (await send({ method: "GET", path, decode, operation: "Reading the pipeline", retryForMs, signal }))
        .value;
}
function fullRef(branch) {
    return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}
async function findPipeline(send, { folder, name }, signal) {
    const isMatch = (pipeline) => pipeline.name === name && (folder === undefined || (0,_core_pipeline_folder_js__WEBPACK_IMPORTED_MODULE_4__/* .isSameFolder */ .F)(pipeline.folder, folder));
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
async function listPipelines(send, query, signal) {
    const pipelines = new Map();
    let continuationToken;
    for (let page = 1; page <= maxPages; page += 1) {
        const { value, headers } = await send({
            method: "GET",
            path: "_apis/build/definitions",
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
    throw tooManyPages();
}
function decodePipelines(json) {
    return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asArray */ ._j)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(json)["value"]).flatMap((entry) => {
        const definition = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(entry);
        const [id, name] = [(0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asId */ .gR)(definition["id"]), (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["name"])];
        return id === null || name === null ? [] : [{ id, name, folder: (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asString */ .oJ)(definition["path"]) ?? "\\" }];
    });
}
function pipelineNotFound(requested, all) {
    const near = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_2__/* .nearMatches */ .Y7)(requested, all).map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`);
    const hint = all.length === 0
        ? "Check that the identity can see the project's pipelines: it sees none."
        : near.length === 0
            ? `Check \`pipeline-name\`, and that the identity can see the pipeline: none of the ${all.length} that it sees has a similar name.`
            : `Check \`pipeline-name\`: ${near.length === 1 ? "a similar name is" : "similar names are"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_2__/* .listed */ .KE)(near)}.`;
    const { folder, name } = requested;
    const displayName = folder === undefined ? name : pipelinePath({ folder, name });
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("not-found", `No pipeline is called ${displayName}.`, { hint });
}
function ambiguousPipelineName(name, matches) {
    const list = matches.map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`).join(", ");
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
        hint: "Use `pipeline-id`, or the name with its folder.",
    });
}
function tooManyPages() {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("unexpected-response", "The list of pipelines was endless.", {
        hint: "Use `pipeline-id`, which needs no list.",
    });
}
function pipelinePath({ folder, name }) {
    return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}


/***/ }),

/***/ 9348:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BN: () => (/* binding */ retryAfterTooLong),
/* harmony export */   Dz: () => (/* binding */ createRetryAfterLog),
/* harmony export */   Jb: () => (/* binding */ retryPolicy),
/* harmony export */   KP: () => (/* binding */ createRetryAfterRegistry),
/* harmony export */   ZZ: () => (/* binding */ retryAfterPolicy),
/* harmony export */   eq: () => (/* binding */ retriesExhausted)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _lib_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6777);


function retryPolicy(send, { clock, random, onRetryAfter }) {
    return async (request) => {
        const { retryForMs = 0, deadline = Number.POSITIVE_INFINITY, toleratesOutage = false, signal } = request;
        if (retryForMs === 0)
            return await send(request);
        const { retryThrottledForMs = retryForMs } = request;
        const startedAt = clock.now();
        let wasThrottled = false;
        const response = await (0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .retry */ .L5)(() => send(request), {
            retryError: (error) => {
                const transient = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .asTransient */ .tA)(error);
                wasThrottled ||= transient?.throttled === true;
                return transient;
            },
            deadline: Math.min(startedAt + Math.max(retryForMs, retryThrottledForMs), deadline),
            delayMs: (attempt, { throttled }) => {
                const remainingMs = startedAt + (throttled ? retryThrottledForMs : retryForMs) - clock.now();
                return remainingMs > 0 ? Math.min((0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .backoffMs */ .jo)(attempt, random()), remainingMs) : undefined;
            },
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
            signal,
        });
        return wasThrottled ? { ...response, throttling: "blocked" } : response;
    };
}
function retriesExhausted({ operation, toleratesOutage = false }, error, elapsedMs) {
    const elapsed = elapsedMs < 1_000 ? "" : ` for ${timeText(elapsedMs)}`;
    const code = error.fromGateway && !toleratesOutage ? "unexpected-response" : permanentCode(error);
    return permanentError(code, error, `${operation} failed${elapsed}: ${error.message}.`);
}
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
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ(code, message, { hint: (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .hintFor */ .JR)(error), cause: error });
}
function createRetryAfterLog(pollIntervalMs, write) {
    return (delayMs) => {
        if (delayMs > pollIntervalMs)
            write((0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .retryAfterText */ .ci)(delayMs));
    };
}
function createRetryAfterRegistry(clock) {
    const retryAtByHost = new Map();
    async function recordRetryAfter(url, pendingResponse) {
        const response = await pendingResponse;
        const now = clock.now();
        const retryAt = now + Math.min((0,_lib_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .retryAfterMs */ .Vs)(response.headers, now) ?? 0, _lib_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .maxRetryAfterMs */ .vB);
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
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransientError */ .N_("the service requested a longer delay than this request may take");
            onDelay?.(delayMs);
            await clock.sleep(delayMs, signal);
        },
    };
}
function retryAfterPolicy(send, retryAfterRegistry, { url, onDelay }) {
    return async (request) => {
        await retryAfterRegistry.waitForRetryAfter(url, { ...request, onDelay });
        return await send(request);
    };
}


/***/ }),

/***/ 9226:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F9: () => (/* binding */ evaluateCondition),
/* harmony export */   Gd: () => (/* binding */ defaultStopWhen),
/* harmony export */   Ou: () => (/* binding */ isCompletionCondition),
/* harmony export */   nB: () => (/* binding */ defaultSuccessWhen),
/* harmony export */   vs: () => (/* binding */ compileCondition),
/* harmony export */   zK: () => (/* binding */ isDefaultCondition)
/* harmony export */ });
const defaultStopWhen = "status == 'completed'";
const defaultSuccessWhen = "result == 'succeeded' || status != 'completed' && length(stages[?result == 'failed' || result == 'canceled' || result == 'abandoned']) == `0`";
async function compileCondition(expression, options) {
    const builtIn = builtInConditions.get(withoutSpaces(expression));
    if (builtIn !== undefined && options.document !== "list")
        return builtIn;
    const { compileOwnCondition } = await Promise.all(/* import() */[__nccwpck_require__.e(22), __nccwpck_require__.e(856)]).then(__nccwpck_require__.bind(__nccwpck_require__, 1856));
    return await compileOwnCondition(expression, options);
}
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
function isDefaultCondition(expression) {
    return [...builtInConditions.values()].includes(expression);
}
function isCompletionCondition(expression) {
    return expression === isCompleted;
}
const isCompleted = (document) => getField(document, "status") === "completed";
const hasNoFailure = (document) => getField(document, "result") === "succeeded" || (!isCompleted(document) && !hasFailedStage(document));
const builtInConditions = new Map([
    [withoutSpaces(defaultStopWhen), isCompleted],
    [withoutSpaces(defaultSuccessWhen), hasNoFailure],
]);
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


/***/ }),

/***/ 8309:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $q: () => (/* binding */ scopeResource),
/* harmony export */   Fe: () => (/* binding */ authChoices),
/* harmony export */   Ke: () => (/* binding */ validateSignInInputs),
/* harmony export */   Lr: () => (/* binding */ entraTokenUrl),
/* harmony export */   lR: () => (/* binding */ parseCredentialConfig),
/* harmony export */   vB: () => (/* binding */ azureDevOpsAppId),
/* harmony export */   vS: () => (/* binding */ azureDevOpsScope)
/* harmony export */ });
/* harmony import */ var _lib_url_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6158);

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
const azureDevOpsAppId = "499b84ac-1321-427f-aa17-267ca6975798";
const azureDevOpsScope = `${azureDevOpsAppId}/.default`;
const legacyTokenUrl = "https://app.vssps.visualstudio.com/oauth2/token";
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
        problem: "auth: no credential was given; set `tenant-id` and `client-id` to sign in with OIDC, or set `token`",
    };
}
function givenIdentifiers(inputs) {
    const ids = { "tenant-id": inputs.tenantId, "client-id": inputs.clientId, "token-url": inputs.tokenUrl };
    return Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
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
function entraTokenUrl(tenantId, authority = "https://login.microsoftonline.com") {
    return `${authority.replace(/\/+$/, "")}/${tenantId}/oauth2/v2.0/token`;
}
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

/***/ 5138:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CE: () => (/* binding */ isEventRef),
/* harmony export */   F1: () => (/* binding */ defaultRef),
/* harmony export */   ef: () => (/* binding */ eventCommit),
/* harmony export */   sM: () => (/* binding */ hasInferableRef),
/* harmony export */   ve: () => (/* binding */ isSameRepository)
/* harmony export */ });
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
function hasInferableRef(trigger) {
    const hasRef = trigger.ref.startsWith("refs/") && !/^0+$/.test(trigger.sha);
    return hasRef && eventsWithOwnRef.has(trigger.event) && trigger.deleted !== true;
}
function defaultRef(trigger, repo, defaultBranch) {
    if (trigger.repository === "")
        return { kind: "pipeline-default" };
    if (repo !== undefined && !isSameRepository(trigger, repo)) {
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
function otherRepositoryNotice(trigger, { fullName, name }, defaultBranch) {
    const builtName = fullName ?? name;
    const built = builtName === undefined ? "another repository" : `the repository ${builtName}`;
    const branch = defaultBranch?.replace(/^refs\/heads\//, "") ?? "its default branch";
    return (`The pipeline builds ${built} (${branch}), not ${trigger.repository}, so it does not build this pull request. ` +
        "If the repository was renamed, select it again in the pipeline's settings; else set the input `ref`.");
}
function inferredRef(trigger) {
    const workflowRef = { ref: trigger.ref, commit: validSha(trigger.sha) };
    const pullRequest = pullRequestEvents.test(trigger.event) ? trigger.pullRequest : undefined;
    if (pullRequest === undefined ||
        (pullRequest.merged === true && trigger.ref === `refs/heads/${pullRequest.baseRef}`))
        return workflowRef;
    if (equalsIgnoringCase(pullRequest.headRepository, trigger.repository)) {
        return { ref: `refs/heads/${pullRequest.headRef}`, commit: validSha(pullRequest.headSha) };
    }
    const ref = `refs/pull/${pullRequest.number}/merge`;
    return { ref, commit: trigger.ref === ref ? workflowRef.commit : undefined };
}
function eventCommit(trigger) {
    const { pullRequest, workflowRunHeadSha } = trigger;
    if (pullRequest !== undefined)
        return validSha(pullRequest.headSha);
    if (workflowRunHeadSha !== undefined)
        return validSha(workflowRunHeadSha);
    return hasInferableRef(trigger) ? validSha(trigger.sha) : undefined;
}
function isEventRef(ref, trigger) {
    return ref === trigger.ref || (hasInferableRef(trigger) && ref === inferredRef(trigger).ref);
}
function isSameRepository(trigger, repo) {
    if (repo.kind === "other" || !equalsIgnoringCase(repo.fullName, trigger.repository))
        return false;
    const server = URL.parse(trigger.serverUrl)?.host ?? "github.com";
    if (repo.host !== undefined)
        return repo.host.toLowerCase() === server;
    return (repo.kind === "github") === (server === "github.com");
}
function equalsIgnoringCase(a, b) {
    return a?.toLowerCase() === b.toLowerCase();
}
function validSha(sha) {
    return /^(?!0+$)[0-9a-f]{40,64}$/i.test(sha) ? sha : undefined;
}


/***/ }),

/***/ 9842:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ isGuid),
/* harmony export */   l: () => (/* binding */ matchesProject)
/* harmony export */ });
function isGuid(text) {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
function matchesProject(nameOrId, { id, name }) {
    const actual = isGuid(nameOrId) ? id : name;
    return actual === null || actual.toLowerCase() === nameOrId.toLowerCase();
}


/***/ }),

/***/ 8917:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ip: () => (/* binding */ parseArtifactOutputs),
/* harmony export */   jO: () => (/* binding */ outputText),
/* harmony export */   ss: () => (/* binding */ namesInOtherCase),
/* harmony export */   tq: () => (/* binding */ checkOutputName)
/* harmony export */ });
/* unused harmony export reservedOutputs */
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9897);

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
function checkOutputName(name) {
    if (name.trim() === "")
        throw new Error("the name of an output is blank");
    const quoted = JSON.stringify(name);
    if (/[\p{Cc}\u2028\u2029=<]/u.test(name) || name !== name.trim()) {
        throw new Error(`${quoted} cannot be the name of an output`);
    }
    if (reservedOutputs.includes(name.toLowerCase())) {
        throw new Error(`${quoted} is an output of the action itself; choose another name`);
    }
}
function namesInOtherCase(names) {
    const seen = new Set();
    return names.filter((name) => {
        const key = name.toLowerCase();
        const isKnown = seen.has(key);
        seen.add(key);
        return isKnown;
    });
}
function outputText(value) {
    if (typeof value === "string")
        return value;
    if (value === null || value === undefined)
        return "";
    return JSON.stringify(value) ?? "";
}
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
    if ((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isNestedTooDeeply */ .h4)(content))
        throw new Error(`${JSON.stringify(fileName)} is nested too deeply`);
    try {
        return (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJsonWithSource */ .pr)(content, preserveNumbers);
    }
    catch (error) {
        if (!(error instanceof SyntaxError))
            throw error;
        throw new Error(`${JSON.stringify(fileName)} is not valid JSON`);
    }
}
const { rawJSON } = JSON;
function preserveNumbers(_name, value, { source }) {
    return typeof value === "number" && source !== undefined && String(value) !== source
        ? rawJSON(source)
        : value;
}


/***/ }),

/***/ 5846:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ isSameFolder)
/* harmony export */ });
function isSameFolder(one, other) {
    return normalized(one) === normalized(other);
}
function normalized(folder) {
    return folder.split("\\").filter(Boolean).join("\\").toLowerCase();
}


/***/ }),

/***/ 1656:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Yw: () => (/* binding */ rerunTagStem),
/* harmony export */   fE: () => (/* binding */ rerunTag),
/* harmony export */   jS: () => (/* binding */ fingerprintHash),
/* harmony export */   k0: () => (/* binding */ requestHash)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9897);
/* harmony import */ var _run_matching_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8408);


function fingerprintHash({ parameters, variables, secretNames }) {
    return hashOf([parameters, variables, secretNames.toSorted()]);
}
function rerunTag(parts) {
    return `${rerunTagStem(parts)}${parts.requestHash}`;
}
function rerunTagStem({ workflowRunId, attempt, key }) {
    const safe = key.replaceAll(/[^\w./-]/g, "_").slice(0, 120);
    const suffix = safe === key ? "" : `:${fnv1a(key).toString(36)}`;
    return `${_run_matching_js__WEBPACK_IMPORTED_MODULE_1__/* .tagPrefix */ .B3}${workflowRunId}:${attempt}:${safe}${suffix}:`;
}
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
function fnv1a(text, seed = 0x811c9dc5) {
    let hash = seed;
    for (let index = 0; index < text.length; index += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
    return hash;
}


/***/ }),

/***/ 8408:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B3: () => (/* binding */ tagPrefix),
/* harmony export */   Im: () => (/* binding */ isBeforeStart),
/* harmony export */   OV: () => (/* binding */ matchStart),
/* harmony export */   ax: () => (/* binding */ fingerprintOf),
/* harmony export */   hB: () => (/* binding */ weakest),
/* harmony export */   oD: () => (/* binding */ matchIdentity),
/* harmony export */   pd: () => (/* binding */ matchRequest),
/* harmony export */   uq: () => (/* binding */ withRunDetails)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9897);

const tagPrefix = "run-azure-pipeline:";
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
function withRunDetails(candidate, rawRun) {
    const { templateParameters, variables } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(rawRun);
    const values = Object.entries((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(variables)).map(([name, value]) => [name, (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(value)["value"]]);
    return {
        ...candidate,
        parameters: templateParameters === undefined ? candidate.parameters : (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(templateParameters),
        variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
    };
}
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
function matchIdentity({ requesterIds, reason = "" }, callerId) {
    if (nonManualReasons.has(reason))
        return "none";
    if (callerId === undefined || requesterIds.length === 0)
        return "possible";
    return requesterIds.includes(callerId) ? "exact" : "none";
}
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
const doubtBeforeMs = 5 * 60_000;
const doubtBeforeWithOneClockMs = 24 * 3_600_000;
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
function isBeforeStart({ queuedAt }, { clocks }) {
    return queuedAt !== null && compareQueueTime(queuedAt, clocks) === "none";
}
function compareRef(requested, actual) {
    if (requested === undefined || requested === null)
        return "possible";
    const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${requested}` === actual);
    return isSame ? "exact" : compareText(requested, actual);
}
function compareText(requested, actual) {
    if (requested === null || requested === actual)
        return "exact";
    return actual === null ? "possible" : "none";
}
function compareCommit(requested, actual) {
    const isPrefix = requested !== null && requested.length >= 7 && actual?.startsWith(requested);
    return isPrefix ? "exact" : compareText(requested, actual);
}
function compareNamedValues(requested, actual) {
    const names = Object.keys(requested);
    if (actual === undefined)
        return names.length === 0 ? "exact" : "possible";
    const values = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
    const matches = names.map((name) => {
        const key = name.toLowerCase();
        return values.has(key) ? compareValue(requested[name], values.get(key)) : "none";
    });
    return weakest([...matches, values.size > names.length ? "possible" : "exact"]);
}
function comparableVariables(actual, { variables, secretNames }) {
    if (actual === undefined)
        return undefined;
    const lowerCase = (names) => new Set(names.map((name) => name.toLowerCase()));
    const [requested, secret] = [lowerCase(Object.keys(variables)), lowerCase(secretNames)];
    const isAdded = (name) => /^(system|build)\./.test(name) && !requested.has(name);
    const comparable = Object.entries(actual).filter(([name]) => !isAdded(name.toLowerCase()) && !secret.has(name.toLowerCase()));
    return Object.fromEntries(comparable);
}
function compareValue(requested, actual) {
    const [requestedValue, actualValue] = [normalizeValue(requested), normalizeValue(actual)];
    const isSameText = isScalar(requested) &&
        isScalar(actual) &&
        normalizeText(String(requested)) === normalizeText(String(actual));
    if (isSameText)
        return "exact";
    if (JSON.stringify((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .sortKeys */ .di)(requestedValue)) === JSON.stringify((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .sortKeys */ .di)(actualValue))) {
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

/***/ 7456:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Z3: () => (/* binding */ sourcePath),
/* harmony export */   _c: () => (/* binding */ firstOwnFrame),
/* harmony export */   pe: () => (/* binding */ framePath)
/* harmony export */ });
const framePatterns = [
    /\bin (.+?):line (\d+)/,
    /\bFile "([^"]+)", line (\d+)/,
    /\bat .*\(([^()\s]+?):(\d+)(?::\d+)?\)/,
    /\bat (?:async )?([^()\s]+?):(\d+)(?::\d+)?$/,
    /\bpanicked at (?:'.*', )?([^\s:']+):(\d+)/,
    /\bat (\S+\.\w+) line (\d+)/,
    /^\s*((?:[a-z]:)?[^\s:()]+\.\w+):(\d+)(?::|\s|$)/i,
    /^\s*((?:[a-z]:)?[^\s:()]+\.\w+)\((\d+)\)(?::|$)/i,
    /^\s*(\S+\.dart) (\d+):\d+/,
];
const foreignFile = new RegExp([
    "node_modules|hostedtoolcache",
    "^(?:node|dart|package):",
    String.raw `^internal[\\/]|^/rustc/|/usr/(?:local/)?(?:lib|go)/|[\\/]lib[\\/]python`,
    String.raw `[\\/](?:(?:site|dist)-packages|gems|\.cargo|\.pub-cache)[\\/]`,
    String.raw `(?:^|[\\/])vendor[\\/]`,
].join("|"));
const deterministicRoot = /^\/_\d*\//;
const libraryMethod = new RegExp([
    String.raw `^\s*at (?:[\w.@-]+/)?(?:`,
    "System|Microsoft|Xunit|NUnit|FluentAssertions|AwesomeAssertions|Shouldly|Moq|NSubstitute|",
    "javax?|jdk|sun|kotlin|scala|groovy|",
    String.raw `org\.(?:junit|hamcrest|assertj|mockito|testng|opentest4j|gradle|apache|springframework|scalatest)`,
    String.raw `)\.`,
].join(""));
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
const bareFile = /^[^\\/]+\.(?:java|kts?|scala|groovy|clj|go)$/;
function framePath({ file }) {
    return bareFile.test(file) ? undefined : sourcePath(file);
}
function sourcePath(path) {
    const slashed = path.replaceAll("\\", "/");
    const inside = /^(?:[a-z]:)?\/(?:.*\/)?(?:_work|__w|work|a)\/\d+\/s\/(.+)$/is.exec(slashed)?.[1] ??
        slashed.replace(deterministicRoot, "");
    const relative = inside.replace(/^(?:\.\/+)+/, "");
    const isElsewhere = relative.startsWith("/") || /(^|\/)\.\.(\/|$)|:|\p{Cc}/u.test(relative);
    return isElsewhere || relative.trim() === "" ? undefined : relative;
}


/***/ }),

/***/ 3319:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ requestBody)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9897);

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

/***/ 9984:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ reasonOf),
/* harmony export */   FZ: () => (/* binding */ ignoreError),
/* harmony export */   JR: () => (/* binding */ hintFor),
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
class ResponseTooLargeError extends ActionError {
    name = "ResponseTooLargeError";
}
class RunnerError extends ActionError {
    name = "RunnerError";
    constructor(message, cause) {
        super("internal", message, { hint: "Check the runner's disk and its `RUNNER_TEMP` folder.", cause });
    }
}
class StepCancelledError extends Error {
    name = "StepCancelledError";
}
function reasonOf(error) {
    return error instanceof Error ? error.message : String(error);
}
const shutdownRequested = new StepCancelledError("the post step has begun");
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
function asTransient(error) {
    return error instanceof TransientError ? error : undefined;
}
function hintFor({ hint, throttled }) {
    if (hint !== undefined)
        return hint;
    return throttled
        ? "Start fewer steps at the same time: the limit is per identity."
        : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.";
}
function isTransient(error) {
    if (!(error instanceof ActionError))
        return error instanceof TransientError;
    return error.code === "unreachable" || error.code === "busy" || error.cause instanceof TransientError;
}
function ignoreError(_reason, fallback) {
    return () => fallback;
}


/***/ }),

/***/ 5790:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   NE: () => (/* binding */ describeEnvironment),
/* harmony export */   Tm: () => (/* binding */ runAttempt),
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* unused harmony export headCommit */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9897);



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
function actionSource({ GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, }) {
    return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}
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

/***/ 8626:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ refuseNode),
/* harmony export */   f: () => (/* binding */ isSupportedNode)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);

const minMajor = 24;
function isSupportedNode(version) {
    return Number.parseInt(version, 10) >= minMajor;
}
function refuseNode(target) {
    const { env, stdout, versions } = target;
    target.exitCode = 1;
    try {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(env["GITHUB_OUTPUT"] ?? "", "error-code=unsupported-runner\n");
    }
    catch {
    }
    const text = `This action needs Node ${minMajor}, but the runner started it with Node ${versions.node}. Nothing was started.`;
    const hint = "Use a current runner for Linux x64 or ARM64, macOS or Windows.";
    stdout.write(`::error::${text}%0A${hint}\n`);
}


/***/ }),

/***/ 9725:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Qq: () => (/* binding */ HttpClient),
/* harmony export */   hd: () => (/* binding */ fetch),
/* harmony export */   kT: () => (/* binding */ ProxyAgent)
/* harmony export */ });
/* unused harmony export BearerCredentialHandler */
const fetch = globalThis.fetch;
class ProxyAgent {
}
class HttpClient {
    getAgent() {
        return undefined;
    }
    getAgentDispatcher() {
        return undefined;
    }
}
class BearerCredentialHandler {
}


/***/ }),

/***/ 6584:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  MA: () => (/* binding */ givenInputNames),
  N$: () => (/* binding */ readValues),
  _y: () => (/* binding */ secretInputs)
});

// UNUSED EXPORTS: fields

// EXTERNAL MODULE: ./build/core/condition.js
var condition = __nccwpck_require__(9226);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __nccwpck_require__(8309);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9984);
// EXTERNAL MODULE: ./build/lib/json.js
var json = __nccwpck_require__(9897);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __nccwpck_require__(7240);
;// CONCATENATED MODULE: ./build/inputs/yaml.js

const maxDepth = 100;
const maxSize = 1024 * 1024;
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
async function parseYaml(text) {
    const mapping = parseSimpleMapping(text) ?? parseJsonMapping(text);
    if (mapping !== undefined)
        return mapping;
    const yaml = await __nccwpck_require__.e(/* import() */ 815).then(__nccwpck_require__.t.bind(__nccwpck_require__, 8815, 19));
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
const simpleScalar = String.raw `[A-Za-z0-9_][\w./@+-]*(?: [\w./@+-]+)*|'[ -&(-~]*'|"[ !#-[\]-~]*"`;
const simpleItems = new RegExp(String.raw `(?:${simpleScalar})(?= *[,\]])`, "g");
const simpleLine = new RegExp(String.raw `^([A-Za-z_][\w.-]*): +(${simpleScalar}|\[ *(?:(?:${simpleScalar}) *(?:, *(?:${simpleScalar}) *)*)?\]) *$`);
function parseSimpleMapping(text) {
    const entries = new Map();
    for (const line of text.split(/\r?\n/)) {
        if (line === "")
            continue;
        const [, name, value] = simpleLine.exec(line) ?? [];
        if (name === undefined || value === undefined || entries.has(name))
            return undefined;
        entries.set(name, simpleNode(value));
    }
    return entries.size === 0 ? undefined : { kind: "map", entries };
}
function simpleNode(value) {
    if (value.startsWith("["))
        return { kind: "list", items: (value.match(simpleItems) ?? []).map((item) => simpleNode(item)) };
    const isQuoted = /^['"]/.test(value);
    return scalarNode(isQuoted ? value.slice(1, -1) : value, !isQuoted);
}
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
function isFollowedByHash(text, valueEnd) {
    let index = valueEnd;
    while (text[index] === " " || text[index] === "\t")
        index += 1;
    return text[index] === "#" && /\S/.test(text[index + 1] ?? "");
}
function cutOffPaths(name, node) {
    if (node.kind === "scalar")
        return node.cutOff ? [name] : [];
    return node.kind === "list"
        ? node.items.flatMap((item, index) => cutOffPaths(`${name}[${index}]`, item))
        : [...node.entries].flatMap(([key, value]) => cutOffPaths(`${name}.${key}`, value));
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



async function parameterMapping(raw, warn) {
    const mapping = await readMapping(raw, warn);
    return Object.fromEntries(mapping.map(([name, value]) => [name, value.kind === "scalar" ? value.text : value.json]));
}
const scalarExpected = "a variable must be a single text; to pass a list or a mapping, use `parameters`";
function variableMapping(raw, warn) {
    return scalarsOnly(raw, scalarExpected, warn);
}
async function secretVariableMapping(raw, warn) {
    const reject = (text) => {
        throw new Error(text);
    };
    const variables = await scalarsOnly(raw, scalarExpected, reject);
    warnAboutOrdinaryTexts(variables, warn);
    return variables;
}
function warnAboutOrdinaryTexts(variables, warn) {
    const namesWhere = (isFound) => Object.entries(variables).flatMap(([name, value]) => isFound(value.split(/[\r\n]/).filter((line) => line.trim() !== "")) ? [JSON.stringify(name)] : []);
    const report = (names, [one, several], advice) => {
        if (names.length === 0)
            return;
        warn(`${names.join(", ")} ${names.length === 1 ? `has ${one}` : `have ${several}`} of fewer than ${lib_text/* minSecretLength */.jE} characters or a common word: ` +
            `such a text is masked only in the log, and GitHub drops every job output that contains it; ${advice}`);
    };
    const withShortValue = namesWhere((lines) => lines.length === 1 && lines.some(lib_text/* isOrdinaryText */.o1));
    const withShortLine = namesWhere((lines) => lines.length > 1 && lines.some(lib_text/* isOrdinaryText */.o1));
    report(withShortValue, ["a value", "values"], "pass it in `variables` if it is not a secret");
    report(withShortLine, ["a line", "lines"], "write JSON on a single line");
}
function textMapping(raw, warn) {
    return scalarsOnly(raw, "expected an expression", warn);
}
const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];
async function resourcesMapping(raw, warn) {
    const resources = await readJsonMapping(raw, warn);
    for (const kind of resourceKinds) {
        const aliases = resources[kind];
        if (aliases === undefined)
            continue;
        if (!(0,json/* isJsonObject */.OW)(aliases))
            throw new Error(`"${kind}" must be a mapping of aliases, as in ${example(kind)}`);
        const [invalidAlias] = Object.entries(aliases).find(([, resource]) => !(0,json/* isJsonObject */.OW)(resource)) ?? [];
        if (invalidAlias !== undefined)
            throw new Error(`"${invalidAlias}" in "${kind}" must be a mapping, as in ${example(kind)}`);
    }
    return resources;
}
function example(kind) {
    return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}
async function bodyMapping(raw, warn) {
    const body = await readJsonMapping(raw, warn);
    const preview = Object.entries(body).find(([name, value]) => /^previewRun$/i.test(name) && isEnabled(value));
    if (preview !== undefined) {
        throw new Error(`"${preview[0]}" starts no run; remove it and use the input \`preview\``);
    }
    return body;
}
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
async function readMapping(text, warn) {
    return [...(await parseEntries(text, warn))].map(([name, node]) => [name, toMappingValue(node)]);
}
async function readJsonMapping(text, warn) {
    const entries = [...(await parseEntries(text, warn))].map(([name, node]) => [name, toJsonValue(node)]);
    return Object.fromEntries(entries);
}
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
    const paths = [...node.entries].flatMap(([name, value]) => cutOffPaths(name, value));
    if (paths.length > 0)
        warn(cutOffText(paths.map((path) => JSON.stringify(path))));
    return node.entries;
}
const jsonInQuotes = "JSON must not be wrapped in quotes; remove the quotes around it";
function isQuotedJson(text) {
    const trimmed = text.trim();
    return /^(['"])\s*[[{]/.test(trimmed) && /[\]}]\s*['"]$/.test(trimmed);
}
function cutOffText(subjects) {
    const [are, value] = subjects.length === 1 ? ["is", "the value"] : ["are", "the values"];
    return `${subjects.join(", ")} ${are} cut off at " #", which begins a comment in YAML; quote ${value}, or write toJSON() for text that comes from an expression`;
}
function toMappingValue(node) {
    if (node.kind === "scalar")
        return { kind: "scalar", text: node.text };
    return { kind: node.kind, json: toJsonText(node) };
}
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
    const paths = node.items.flatMap((item, index) => cutOffPaths(`item ${index + 1}`, item));
    if (paths.length > 0)
        warn(cutOffText(paths));
    return node.items.map((item, index) => {
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
var organization_url = __nccwpck_require__(242);
// EXTERNAL MODULE: ./build/inputs/parsers.js
var parsers = __nccwpck_require__(1389);
;// CONCATENATED MODULE: ./build/inputs/fields.js






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
const secretInputs = Object.values(fields)
    .filter(({ isSecret }) => isSecret)
    .map(({ name }) => name);
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
const alwaysSetInputs = ["rerun-key", "github-token"];
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

/***/ 242:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ce: () => (/* binding */ isSameOrganization),
/* harmony export */   H4: () => (/* binding */ parseOrganization),
/* harmony export */   Ue: () => (/* binding */ parsePastedUrl),
/* harmony export */   j1: () => (/* binding */ projectName),
/* harmony export */   u2: () => (/* binding */ actsAsServices),
/* harmony export */   xo: () => (/* binding */ isAzureDevOpsServices)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _lib_url_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6158);
/* harmony import */ var _parsers_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1389);



function parseOrganization(raw) {
    if (!raw.includes("://")) {
        if (!/^[a-z\d][\w.-]*$/i.test(raw) && !/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
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
function editorParameters(url) {
    return url.searchParams.get("_a") === "edit-build-definition" ? ["id"] : [];
}
function isAzureDevOpsServices({ base }) {
    const url = new URL(base);
    return isDevAzureHost(url) || isLegacyHost(url);
}
function actsAsServices(organization) {
    return isAzureDevOpsServices(organization) || (0,_lib_url_js__WEBPACK_IMPORTED_MODULE_2__/* .isHttpLoopback */ .M)(new URL(organization.base));
}
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

/***/ 1389:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
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
/* harmony import */ var _lib_pem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2773);

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
function oneOf(...choices) {
    return (raw) => {
        const match = choices.find((choice) => choice === raw);
        if (match === undefined)
            throw new Error(`expected ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}, got "${raw}"`);
        return match;
    };
}
function singleLine(raw) {
    if (/[\r\n\0]/.test(raw))
        throw new Error("expected one line of text");
    return raw;
}
function fullRef(raw) {
    if (/\s|\/$|^refs\/[^/]*$/.test(raw)) {
        throw new Error(`expected a branch, a tag or a full ref, got "${raw}"`);
    }
    return raw.startsWith("refs/") ? raw : `refs/heads/${raw}`;
}
function commitHash(raw) {
    if (!/^[0-9a-f]{7,64}$/i.test(raw)) {
        throw new Error(`expected a commit's hash (7 to 64 hexadecimal digits), got "${raw}"; a branch goes in \`ref\``);
    }
    return raw;
}
function checkCommit(raw) {
    if (raw === "run")
        return { kind: "run" };
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(raw)) {
        throw new Error(`expected \`run\` or the full hash of a commit (40 digits), got "${raw}"`);
    }
    return { kind: "hash", sha: raw.toLowerCase() };
}
function retryCount(raw) {
    if (!/^\d{1,3}$/.test(raw))
        throw new Error(`expected a number such as 2, got "${raw}"`);
    return Number(raw);
}
function apiVersion(raw) {
    if (/^\d+$/.test(raw))
        return `${raw}.0`;
    if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(raw))
        throw new Error(`expected a version such as 7.1, got "${raw}"`);
    return raw;
}
function certificate(raw) {
    (0,_lib_pem_js__WEBPACK_IMPORTED_MODULE_0__/* .parsePem */ .o)(raw);
    return raw;
}
const units = { h: 3_600_000, m: 60_000, s: 1_000 };
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

/***/ 5216:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ checkProject),
/* harmony export */   u: () => (/* binding */ resolveTarget)
/* harmony export */ });
/* harmony import */ var _core_model_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9842);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9984);
/* harmony import */ var _organization_url_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(242);



const defaultFindTimeoutMs = 5 * 60_000;
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
    const statedProject = given.project !== undefined && (0,_core_model_js__WEBPACK_IMPORTED_MODULE_2__/* .isGuid */ .W)(given.project) !== (0,_core_model_js__WEBPACK_IMPORTED_MODULE_2__/* .isGuid */ .W)(project) ? given.project : undefined;
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
    if (runId !== undefined) {
        const expected = { pipeline, ref, commit, inputNames: inputNamesOf(given) };
        return { kind: "follow", runId, expected, stagesToStart };
    }
    if (pipeline === undefined)
        return undefined;
    if (given.findRun === undefined)
        return { kind: "start", pipeline };
    const ifNotFound = given.ifNotFound ?? "fail";
    const timeoutMs = given.findTimeoutMs ?? (ifNotFound === "start" ? 0 : defaultFindTimeoutMs);
    const search = { by: given.findRun, ref, commit, when: given.findWhen, timeoutMs, ifNotFound };
    return { kind: "find", pipeline, search, stagesToStart };
}
function inputNamesOf({ runId, pipelineId, pipelineName }) {
    return {
        run: runId === undefined ? "url" : "run-id",
        pipeline: pipelineName !== undefined ? "pipeline-name" : pipelineId === undefined ? "url" : "pipeline-id",
    };
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
            conflicts.push(`${name}: ${inputValue} contradicts the input \`url\`, which contains ${urlValue}`);
        }
    };
    if (given.organization !== undefined && !(0,_organization_url_js__WEBPACK_IMPORTED_MODULE_1__/* .isSameOrganization */ .Ce)(given.organization, url.organization)) {
        compare("organization", given.organization.base, url.organization.base);
    }
    if (!isSameProject(given.project, url.project))
        compare("project", given.project, url.project);
    compare("pipeline-id", given.pipelineId, url.pipelineId);
    compare("run-id", given.runId, url.runId);
    return conflicts;
}
function isSameProject(a, b) {
    return a === undefined || (0,_core_model_js__WEBPACK_IMPORTED_MODULE_2__/* .isGuid */ .W)(a) !== (0,_core_model_js__WEBPACK_IMPORTED_MODULE_2__/* .isGuid */ .W)(b) || a.toLowerCase() === b.toLowerCase();
}
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
            ? [`commit: \`find-run: commit\` needs the full hash (40 digits), got "${commit}"`]
            : []),
    ];
}
function isWholeHash(commit) {
    return commit.length === 40 || commit.length === 64;
}
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
function checkProject({ statedProject }, project) {
    if (statedProject === undefined || project === undefined || (0,_core_model_js__WEBPACK_IMPORTED_MODULE_2__/* .matchesProject */ .l)(statedProject, project))
        return;
    const actual = [project.name, project.id].filter((name) => name !== null).join(", ");
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("bad-input", `project: ${statedProject} contradicts the input \`url\`, whose project is ${actual}.`, { hint: "Correct `project`, or remove it, since `url` contains the project." });
}


/***/ }),

/***/ 2857:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Mu: () => (/* binding */ raceAbort),
/* harmony export */   NE: () => (/* binding */ withDeadline),
/* harmony export */   ip: () => (/* binding */ withGracePeriod),
/* harmony export */   wj: () => (/* binding */ withTimeout)
/* harmony export */ });
async function withTimeout(timeoutMs, clock, work) {
    const timeoutController = new AbortController();
    const done = new AbortController();
    clock.sleep(timeoutMs, done.signal).then(() => timeoutController.abort(new Error(`timed out after ${Math.round(timeoutMs / 1_000)} s`)), () => undefined);
    try {
        return await work(timeoutController.signal);
    }
    finally {
        done.abort();
    }
}
async function withDeadline(deadline, clock, work, signal) {
    const remainingMs = deadline - clock.now();
    if (!Number.isFinite(remainingMs))
        return await work(signal);
    return await withTimeout(remainingMs, clock, (timeoutSignal) => work(AbortSignal.any([signal, timeoutSignal])));
}
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

/***/ 9897:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ deepMerge),
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   _j: () => (/* binding */ asArray),
/* harmony export */   di: () => (/* binding */ sortKeys),
/* harmony export */   dw: () => (/* binding */ parseJsonObject),
/* harmony export */   eB: () => (/* binding */ asObject),
/* harmony export */   gR: () => (/* binding */ asId),
/* harmony export */   h4: () => (/* binding */ isNestedTooDeeply),
/* harmony export */   i: () => (/* binding */ asNumber),
/* harmony export */   oJ: () => (/* binding */ asString),
/* harmony export */   pr: () => (/* binding */ parseJsonWithSource),
/* harmony export */   qF: () => (/* binding */ parseJson)
/* harmony export */ });
function deepMerge(target, source) {
    const merged = new Map(Object.entries(target));
    for (const [name, value] of Object.entries(source)) {
        const existing = merged.get(name);
        merged.set(name, isJsonObject(existing) && isJsonObject(value) ? deepMerge(existing, value) : value);
    }
    return Object.fromEntries(merged);
}
function isJsonObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function asObject(value, ...path) {
    let fields = fieldsOf(value);
    for (const name of path)
        fields = fieldsOf(fields[name]);
    return fields;
}
const noFields = Object.freeze({});
function fieldsOf(value) {
    return isFields(value) ? value : noFields;
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
function asId(value) {
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}
const maxDepth = 500;
const [quote, backslash] = [0x22, 0x5c];
function isNestedTooDeeply(text) {
    let depth = 0;
    for (let index = 0; index < text.length; index += 1) {
        const character = text.charCodeAt(index);
        if (character === quote) {
            index = endOfString(text, index);
            if (index < 0)
                return false;
        }
        else if (character === 0x7b || character === 0x5b) {
            depth += 1;
            if (depth > maxDepth)
                return true;
        }
        else if (character === 0x7d || character === 0x5d) {
            depth -= 1;
        }
    }
    return false;
}
function endOfString(text, start) {
    let end = start;
    for (;;) {
        end = text.indexOf('"', end + 1);
        let firstBackslash = end;
        while (text.charCodeAt(firstBackslash - 1) === backslash)
            firstBackslash -= 1;
        if ((end - firstBackslash) % 2 === 0)
            return end;
    }
}
function parseJson(text) {
    if (isNestedTooDeeply(text))
        return undefined;
    try {
        return JSON.parse(text.replace(/^\uFEFF/, ""));
    }
    catch {
        return undefined;
    }
}
function parseJsonObject(text) {
    const value = parseJson(text);
    return isFields(value) ? value : undefined;
}
const parseJsonWithSource = JSON.parse;
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

/***/ 2773:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ parsePem)
/* harmony export */ });
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
function unwrapBase64(text) {
    return text.includes("-----BEGIN") ? text : (decodeBase64(text.replaceAll(/\s/g, "")) ?? text);
}
function pemBlocks(text) {
    const plain = text.replaceAll(/\\r|\\n/g, "\n");
    return [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(([, label = "", inner = ""]) => ({
        label,
        body: inner.replaceAll(/\s/g, ""),
        isEncrypted: label.startsWith("ENCRYPTED") || inner.includes("ENCRYPTED"),
    }));
}
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

/***/ 6777:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L5: () => (/* binding */ retry),
/* harmony export */   Vs: () => (/* binding */ retryAfterMs),
/* harmony export */   ci: () => (/* binding */ retryAfterText),
/* harmony export */   jo: () => (/* binding */ backoffMs),
/* harmony export */   vB: () => (/* binding */ maxRetryAfterMs)
/* harmony export */ });
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4374);

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
function backoffMs(attempt, random = 1) {
    const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
    return Math.round((ceiling * (1 + random)) / 2);
}
const maxRetryAfterMs = 5 * 60_000;
function retryAfterText(delayMs) {
    return `The service requested a delay: the next request is sent in ${(0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .durationText */ .S5)(delayMs)}.`;
}
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

/***/ 7240:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $Q: () => (/* binding */ clip),
/* harmony export */   CM: () => (/* binding */ withoutTerminalControl),
/* harmony export */   Cb: () => (/* binding */ firstWords),
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
const invisible = /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/g;
const terminalSequence = new RegExp([
    String.raw `(?:\u001B[\]P_^X]|[\u009D\u0090\u009F\u009E\u0098])(?:[^\u0007\u001B\u0080-\u009F\r\n]*(?:\u0007|\u001B\\|\u009C)|[\d;]*)`,
    String.raw `(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?`,
    String.raw `\u001B[ -/]*[0-~]?`,
    String.raw `[\u0080-\u009F]`,
].join("|"), "g");
const colourSequence = /^\u001B\[[0-9;]{0,20}m$/;
function withoutTerminalControl(text, { keepColours = false } = {}) {
    return text.replaceAll(terminalSequence, (sequence) => keepColours && colourSequence.test(sequence) ? sequence : "");
}
function oneLine(text) {
    return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}
function printable(text) {
    return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}
function unescaped(text) {
    return withoutTerminalControl(text.toWellFormed());
}
function quotedName(name) {
    return JSON.stringify(oneLine(name));
}
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
function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
function counted(count, noun) {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
function listed(items, limit = 3) {
    const shown = items.length > limit + 1 ? items.slice(0, limit) : items;
    const hiddenCount = items.length - shown.length;
    const all = hiddenCount > 0 ? [...shown, `${hiddenCount} more`] : shown;
    return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
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
function nameDistance(query, candidate) {
    const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
    const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
    const difference = longer.length - shorter.length;
    if (shorter.length >= 3 && longer.includes(shorter))
        return difference;
    const limit = Math.max(1, Math.floor(a.length / 3));
    if (difference > limit)
        return undefined;
    const distance = editDistance(a, b);
    return distance <= limit && distance < shorter.length ? distance : undefined;
}
function editDistance(query, candidate) {
    const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
    let beforeLast = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
        const row = [i];
        for (let j = 1; j <= b.length; j += 1) {
            const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            const swap = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : change;
            row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
        }
        [beforeLast, last] = [last, row];
    }
    return last.at(-1) ?? 0;
}
const sizeUnits = ["kB", "MB", "GB", "TB"];
function sizeText(bytes) {
    if (bytes < 1_000)
        return `${bytes} B`;
    let size = bytes / 1_000;
    let unit = 0;
    while (size >= 999.5 && unit < sizeUnits.length - 1) {
        size /= 1_000;
        unit += 1;
    }
    return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${sizeUnits[unit]}`;
}
const minSecretLength = 6;
const commonWords = new Set([
    ...["default", "develop", "development", "disabled", "enabled", "latest", "master", "preview"],
    ...["production", "release", "staging", "succeeded", "failed", "canceled", "completed"],
]);
function isOrdinaryText(secret) {
    const text = secret.trim();
    return text.length < minSecretLength || commonWords.has(text.toLowerCase());
}
function firstWords(body) {
    return body
        .slice(0, 8 * 1024)
        .replaceAll(/<(?:script|style)\b[^<>]*>[^<]*/gi, " ")
        .replaceAll(/<[^<>]*>/g, " ")
        .replaceAll(/&nbsp;|\s+/g, " ")
        .trim()
        .slice(0, 1_000);
}


/***/ }),

/***/ 4374:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $P: () => (/* binding */ wholeSeconds),
/* harmony export */   Fy: () => (/* binding */ spanDurationMs),
/* harmony export */   S5: () => (/* binding */ durationText),
/* harmony export */   WX: () => (/* binding */ approximateDurationText),
/* harmony export */   Yi: () => (/* binding */ clockText),
/* harmony export */   pe: () => (/* binding */ parseTime),
/* harmony export */   z4: () => (/* binding */ msBetween)
/* harmony export */ });
function parseTime(iso) {
    if (iso === null || iso === undefined)
        return undefined;
    const ms = Date.parse(iso);
    return ms > 0 ? ms : undefined;
}
function spanDurationMs({ startedAt, finishedAt }) {
    return msBetween(startedAt, finishedAt);
}
function msBetween(from, to) {
    const start = parseTime(from);
    const end = parseTime(to);
    return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}
function wholeSeconds(ms) {
    return Math.round(Math.max(0, ms) / 1_000);
}
function durationText(ms) {
    const seconds = wholeSeconds(ms);
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
function approximateDurationText(ms) {
    return durationText(ms < 60_000 ? Math.max(ms, 1_000) : Math.round(ms / 60_000) * 60_000);
}
function clockText(ms) {
    const total = Math.floor(Math.max(0, ms) / 1_000);
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(total / 3_600);
    const minutes = Math.floor(total / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}


/***/ }),

/***/ 6158:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ isHttpLoopback),
/* harmony export */   U: () => (/* binding */ isLoopback)
/* harmony export */ });
function isLoopback(hostname) {
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
function isHttpLoopback({ protocol, hostname }) {
    return protocol === "http:" && isLoopback(hostname);
}


/***/ }),

/***/ 7666:
/***/ ((module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__nccwpck_require__.r(__webpack_exports__);
/* harmony import */ var _github_node_version_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8626);
/* harmony import */ var _run_step_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5208);


const step = /[\\/]post\.m?js$/.test(process.argv[1] ?? "") ? "post" : "main";
if ((0,_github_node_version_js__WEBPACK_IMPORTED_MODULE_0__/* .isSupportedNode */ .f)(process.versions.node))
    await (0,_run_step_js__WEBPACK_IMPORTED_MODULE_1__/* .runStep */ .e)(step);
else if (step === "main")
    (0,_github_node_version_js__WEBPACK_IMPORTED_MODULE_0__/* .refuseNode */ .R)(process);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 7183:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ax: () => (/* binding */ shortCommit),
/* harmony export */   BP: () => (/* binding */ errorLine),
/* harmony export */   iH: () => (/* binding */ headerLine),
/* harmony export */   m3: () => (/* binding */ shortRef),
/* harmony export */   s6: () => (/* binding */ leftLine),
/* harmony export */   sx: () => (/* binding */ startedLine),
/* harmony export */   u_: () => (/* binding */ runLine)
/* harmony export */ });
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9897);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7240);


function headerLine({ organization, project, pipeline, pipelineId, ref, commit, }) {
    const id = pipelineId === null ? "" : ` (${pipelineId})`;
    const refAndCommit = sourceText(ref, commit);
    const parts = [`${organization} / ${project}`, `${pipeline}${id}`, ...(refAndCommit ? [refAndCommit] : [])];
    return { type: "text", text: parts.map(_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN).join(" · ") };
}
function sourceText(ref, commit) {
    return [shortRef(ref), shortCommit(commit)].filter(Boolean).join(" at ");
}
function shortRef(ref) {
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(ref?.replace(/^refs\/(?:heads|tags)\//, "") ?? "");
}
function shortCommit(commit) {
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(commit?.slice(0, 7) ?? "");
}
function runLine(verb, run, origin) {
    const suffix = origin === undefined ? "" : ` (${origin})`;
    return { type: "text", text: `${verb} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(run.name)}${suffix}: ${run.url}` };
}
function errorLine(message, isCanceled) {
    return `${isCanceled ? "⊘" : "✘"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(message), 1_000)}`;
}
function leftLine({ name, url }, elapsed) {
    return `■ ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name)} was left running after ${elapsed}. ${url}`;
}
function startedLine(run, body) {
    const given = [
        namesText("parameters", body["templateParameters"]),
        namesText("variables", body["variables"]),
    ].filter(Boolean);
    const details = given.length === 0 ? "" : ` (${given.join("; ")})`;
    return { type: "text", text: `Started ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(run.name)}${details}: ${run.url}` };
}
function namesText(kind, mapping) {
    const names = Object.keys((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_0__/* .asObject */ .eB)(mapping)).map((name) => (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name), 60));
    const shown = names.slice(0, maxNames);
    const hiddenCount = names.length - shown.length;
    if (names.length === 0)
        return "";
    return `${kind}: ${shown.join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}
const maxNames = 10;


/***/ }),

/***/ 5208:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ runStep)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9984);
// EXTERNAL MODULE: ./build/app/context.js + 1 modules
var app_context = __nccwpck_require__(6999);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __nccwpck_require__(4741);
// EXTERNAL MODULE: ./build/inputs/fields.js + 2 modules
var fields = __nccwpck_require__(6584);
// EXTERNAL MODULE: ./build/inputs/organization-url.js
var organization_url = __nccwpck_require__(242);
// EXTERNAL MODULE: ./build/render/run-lines.js
var run_lines = __nccwpck_require__(7183);
;// CONCATENATED MODULE: ./build/app/report-error.js




function reportError(error, { runner, outputs, runNote, logs, bugReportContext }) {
    const actionError = error instanceof errors/* ActionError */.lZ ? error : undefined;
    const code = actionError?.code ?? "internal";
    outputs.set({ "error-code": code });
    const isReportable = reportableCodes.includes(code) && !isRunnerProblem(error);
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
    runner.write([{ type: "text", text: (0,run_lines/* errorLine */.BP)(message, code === "canceled") }]);
}
function isRunnerProblem(error) {
    if (!(error instanceof Error))
        return false;
    const { code, cause } = error;
    return error instanceof errors/* RunnerError */.Rn || code === "ENOSPC" || code === "EDQUOT" || isRunnerProblem(cause);
}
function internalErrorMessage(error) {
    return `The action itself failed: ${(0,errors/* reasonOf */.A3)(error)}\nRun the job again with debug logging, and report its output, with "Details for a bug report" above.`;
}
function stackTraces(error) {
    if (!(error instanceof Error))
        return [String(error)];
    const own = error.stack ?? error.message;
    return error.cause === undefined ? [own] : [own, ...stackTraces(error.cause)];
}
const reportableCodes = ["unexpected-response", "start-unknown", "internal"];
function bugReport(code, { environmentFields, input, inputs }) {
    const reportFields = [
        ["error-code", code],
        ...environmentFields,
        ...(inputs === undefined ? [] : inputFields(inputs)),
        ["inputs", (0,fields/* givenInputNames */.MA)(input).join(", ")],
    ];
    return [
        { type: "group", title: "Details for a bug report" },
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
var rerun_tag = __nccwpck_require__(1656);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __nccwpck_require__(8408);
// EXTERNAL MODULE: ./build/app/start-run.js + 2 modules
var start_run = __nccwpck_require__(5735);
;// CONCATENATED MODULE: ./build/app/run-action.js




async function runAction(context, signal) {
    const { runner, signIn } = context.deps;
    await signIn.authorization(signal);
    if (signIn.description !== undefined)
        runner.write([{ type: "text", text: signIn.description }]);
    const obtained = await obtainRun(context, signal);
    if (obtained === undefined)
        return "succeeded";
    const tagging = addTags(obtained, context.deps, signal);
    tagging.catch((0,errors/* ignoreError */.FZ)("it is awaited at the end"));
    const { trackRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
    const outcome = await trackRun(obtained.run, context, signal);
    await tagging;
    return outcome;
}
async function obtainRun(context, signal) {
    const { target, tags = [] } = context.inputs;
    if (target.kind === "start")
        return await startOrRetry(target.pipeline, context, signal);
    if (target.kind === "find") {
        const { findOrStartRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
        const run = await findOrStartRun(target, context, signal);
        return run && { run: await retryOnRerun(run, context, signal), tags };
    }
    const { attachToRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
    const run = await attachToRun({ ...target, projectRef: context.inputs.projectRef }, context.deps, signal);
    return { run: await retryOnRerun(run, context, signal), tags };
}
async function retryOnRerun(run, context, signal) {
    const { inputs, deps } = context;
    const isRetryWanted = inputs.onRerun === "retry-failed" && context.workflow.attempt > 1;
    if (!isRetryWanted || !run.isExternal)
        return run;
    const { retryFollowedRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
    return await retryFollowedRun(run, inputs, deps, signal);
}
async function startOrRetry(pipeline, context, signal) {
    const { inputs, deps, workflow } = context;
    const plan = await (0,start_run/* resolveStartRequest */.Y)(inputs, pipeline, { deps, trigger: workflow.trigger }, signal);
    if (inputs.preview) {
        const { preview } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
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
        if (attempt > 1) {
            const { resumeEarlierRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
            const fingerprint = (0,run_matching/* fingerprintOf */.ax)({ ...plan, tag });
            const earlierRun = await resumeEarlierRun({ fingerprint, tagParts }, inputs, deps, signal);
            if (earlierRun !== undefined)
                return { run: earlierRun, tags: [] };
        }
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
        runner.write([{ type: "warning", text: `The run was not tagged. ${(0,errors/* reasonOf */.A3)(error)}${consequence}` }]);
    }
}

// EXTERNAL MODULE: ./build/app/step-state.js
var step_state = __nccwpck_require__(9233);
;// CONCATENATED MODULE: ./build/app/main-step.js






const maxCancelMs = 5_800;
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
        const isInterrupted = signal.aborted || (failure instanceof errors/* RunnerError */.Rn && !isFinished);
        const step = { context, tracking: () => tracking };
        let runNote;
        if (isInterrupted) {
            const { handleInterruption } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
            runNote = await handleInterruption(failure, step, remainingCancelMs(clock, abortedAt()));
        }
        else {
            runNote = await handleError(failure, { ...step, stepState }, signal);
        }
        if (failure instanceof errors/* StepCancelledError */.YH)
            report(new errors/* ActionError */.lZ("canceled", `The step was cancelled. ${runNote}`));
        else
            report(failure, runNote);
        return 1;
    }
}
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
async function handleError(error, { stepState, context, tracking }, signal) {
    const runNote = describeUnfinishedRun(error, stepState, context?.deps);
    const { phase } = stepState;
    if (phase.at === "following")
        stepState.setPhase({ at: "left", runId: phase.runId });
    const code = error instanceof errors/* ActionError */.lZ ? error.code : "internal";
    if (code !== "timeout" && stepState.run !== undefined) {
        const { reportInterruptedRun } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
        const text = `the action failed (${code})`;
        const verdict = { kind: "error", text, reason: (0,errors/* reasonOf */.A3)(error) };
        await reportInterruptedRun(verdict, { context, tracking }, signal);
    }
    markSettled(stepState, tracking());
    return runNote;
}
function describeUnfinishedRun(error, { phase, snapshot, run }, deps) {
    if (phase.at !== "following" || deps === undefined)
        return undefined;
    const url = snapshot?.run.url ?? run?.url ?? deps.runs.url(phase.runId);
    const isMentioned = error instanceof Error &&
        [url, `buildId=${phase.runId}`].some((reference) => error.message.includes(reference));
    if (isMentioned)
        return undefined;
    if (snapshot?.run.status === "completed")
        return `The run has ended: ${url}`;
    const isFound = !(error instanceof errors/* ActionError */.lZ && error.code === "not-found");
    return `${isFound ? "The run continues" : "The run was not cancelled"}: ${url}`;
}
function markSettled(stepState, tracking) {
    const { phase } = stepState;
    const hasPendingReport = tracking?.reports.hasPending() === true && "runId" in phase;
    stepState.setPhase(hasPendingReport ? { at: "left", runId: phase.runId } : { at: "settled" });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = require("crypto");
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = require("path");
// EXTERNAL MODULE: ./build/http/unused-clients.js
var unused_clients = __nccwpck_require__(9725);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/oidc-utils.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};



class oidc_utils_OidcClient {
    static createHttpClient(allowRetry = true, maxRetry = 10) {
        const requestOptions = {
            allowRetries: allowRetry,
            maxRetries: maxRetry
        };
        return new HttpClient('actions/oidc-client', [new BearerCredentialHandler(oidc_utils_OidcClient.getRequestToken())], requestOptions);
    }
    static getRequestToken() {
        const token = process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
        if (!token) {
            throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable');
        }
        return token;
    }
    static getIDTokenUrl() {
        const runtimeUrl = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'];
        if (!runtimeUrl) {
            throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable');
        }
        return runtimeUrl;
    }
    static getCall(id_token_url) {
        return __awaiter(this, void 0, void 0, function* () {
            var _a;
            const httpclient = oidc_utils_OidcClient.createHttpClient();
            const res = yield httpclient
                .getJson(id_token_url)
                .catch(error => {
                throw new Error(`Failed to get ID Token. \n 
        Error Code : ${error.statusCode}\n 
        Error Message: ${error.message}`);
            });
            const id_token = (_a = res.result) === null || _a === void 0 ? void 0 : _a.value;
            if (!id_token) {
                throw new Error('Response json body do not have ID Token field');
            }
            return id_token;
        });
    }
    static getIDToken(audience) {
        return __awaiter(this, void 0, void 0, function* () {
            try {
                // New ID Token is requested from action service
                let id_token_url = oidc_utils_OidcClient.getIDTokenUrl();
                if (audience) {
                    const encodedAudience = encodeURIComponent(audience);
                    id_token_url = `${id_token_url}&audience=${encodedAudience}`;
                }
                debug(`ID token url is ${id_token_url}`);
                const id_token = yield oidc_utils_OidcClient.getCall(id_token_url);
                setSecret(id_token);
                return id_token;
            }
            catch (error) {
                throw new Error(`Error message: ${error.message}`);
            }
        });
    }
}
//# sourceMappingURL=oidc-utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/summary.js
var summary_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { access, appendFile, writeFile } = external_fs_.promises;
const SUMMARY_ENV_VAR = 'GITHUB_STEP_SUMMARY';
const SUMMARY_DOCS_URL = 'https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-job-summary';
class Summary {
    constructor() {
        this._buffer = '';
    }
    /**
     * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
     * Also checks r/w permissions.
     *
     * @returns step summary file path
     */
    filePath() {
        return summary_awaiter(this, void 0, void 0, function* () {
            if (this._filePath) {
                return this._filePath;
            }
            const pathFromEnv = process.env[SUMMARY_ENV_VAR];
            if (!pathFromEnv) {
                throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
            }
            try {
                yield access(pathFromEnv, external_fs_.constants.R_OK | external_fs_.constants.W_OK);
            }
            catch (_a) {
                throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
            }
            this._filePath = pathFromEnv;
            return this._filePath;
        });
    }
    /**
     * Wraps content in an HTML tag, adding any HTML attributes
     *
     * @param {string} tag HTML tag to wrap
     * @param {string | null} content content within the tag
     * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
     *
     * @returns {string} content wrapped in HTML element
     */
    wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('');
        if (!content) {
            return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
    }
    /**
     * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
     *
     * @param {SummaryWriteOptions} [options] (optional) options for write operation
     *
     * @returns {Promise<Summary>} summary instance
     */
    write(options) {
        return summary_awaiter(this, void 0, void 0, function* () {
            const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
            const filePath = yield this.filePath();
            const writeFunc = overwrite ? writeFile : appendFile;
            yield writeFunc(filePath, this._buffer, { encoding: 'utf8' });
            return this.emptyBuffer();
        });
    }
    /**
     * Clears the summary buffer and wipes the summary file
     *
     * @returns {Summary} summary instance
     */
    clear() {
        return summary_awaiter(this, void 0, void 0, function* () {
            return this.emptyBuffer().write({ overwrite: true });
        });
    }
    /**
     * Returns the current summary buffer as a string
     *
     * @returns {string} string of summary buffer
     */
    stringify() {
        return this._buffer;
    }
    /**
     * If the summary buffer is empty
     *
     * @returns {boolen} true if the buffer is empty
     */
    isEmptyBuffer() {
        return this._buffer.length === 0;
    }
    /**
     * Resets the summary buffer without writing to summary file
     *
     * @returns {Summary} summary instance
     */
    emptyBuffer() {
        this._buffer = '';
        return this;
    }
    /**
     * Adds raw text to the summary buffer
     *
     * @param {string} text content to add
     * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
     *
     * @returns {Summary} summary instance
     */
    addRaw(text, addEOL = false) {
        this._buffer += text;
        return addEOL ? this.addEOL() : this;
    }
    /**
     * Adds the operating system-specific end-of-line marker to the buffer
     *
     * @returns {Summary} summary instance
     */
    addEOL() {
        return this.addRaw(external_os_.EOL);
    }
    /**
     * Adds an HTML codeblock to the summary buffer
     *
     * @param {string} code content to render within fenced code block
     * @param {string} lang (optional) language to syntax highlight code
     *
     * @returns {Summary} summary instance
     */
    addCodeBlock(code, lang) {
        const attrs = Object.assign({}, (lang && { lang }));
        const element = this.wrap('pre', this.wrap('code', code), attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML list to the summary buffer
     *
     * @param {string[]} items list of items to render
     * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
     *
     * @returns {Summary} summary instance
     */
    addList(items, ordered = false) {
        const tag = ordered ? 'ol' : 'ul';
        const listItems = items.map(item => this.wrap('li', item)).join('');
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML table to the summary buffer
     *
     * @param {SummaryTableCell[]} rows table rows
     *
     * @returns {Summary} summary instance
     */
    addTable(rows) {
        const tableBody = rows
            .map(row => {
            const cells = row
                .map(cell => {
                if (typeof cell === 'string') {
                    return this.wrap('td', cell);
                }
                const { header, data, colspan, rowspan } = cell;
                const tag = header ? 'th' : 'td';
                const attrs = Object.assign(Object.assign({}, (colspan && { colspan })), (rowspan && { rowspan }));
                return this.wrap(tag, data, attrs);
            })
                .join('');
            return this.wrap('tr', cells);
        })
            .join('');
        const element = this.wrap('table', tableBody);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds a collapsable HTML details element to the summary buffer
     *
     * @param {string} label text for the closed state
     * @param {string} content collapsable content
     *
     * @returns {Summary} summary instance
     */
    addDetails(label, content) {
        const element = this.wrap('details', this.wrap('summary', label) + content);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML image tag to the summary buffer
     *
     * @param {string} src path to the image you to embed
     * @param {string} alt text description of the image
     * @param {SummaryImageOptions} options (optional) addition image attributes
     *
     * @returns {Summary} summary instance
     */
    addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, (width && { width })), (height && { height }));
        const element = this.wrap('img', null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML section heading element
     *
     * @param {string} text heading text
     * @param {number | string} [level=1] (optional) the heading level, default: 1
     *
     * @returns {Summary} summary instance
     */
    addHeading(text, level) {
        const tag = `h${level}`;
        const allowedTag = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].includes(tag)
            ? tag
            : 'h1';
        const element = this.wrap(allowedTag, text);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML thematic break (<hr>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addSeparator() {
        const element = this.wrap('hr', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML line break (<br>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addBreak() {
        const element = this.wrap('br', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML blockquote to the summary buffer
     *
     * @param {string} text quote text
     * @param {string} cite (optional) citation url
     *
     * @returns {Summary} summary instance
     */
    addQuote(text, cite) {
        const attrs = Object.assign({}, (cite && { cite }));
        const element = this.wrap('blockquote', text, attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML anchor tag to the summary buffer
     *
     * @param {string} text link text/content
     * @param {string} href hyperlink
     *
     * @returns {Summary} summary instance
     */
    addLink(text, href) {
        const element = this.wrap('a', text, { href });
        return this.addRaw(element).addEOL();
    }
}
const _summary = new Summary();
/**
 * @deprecated use `core.summary`
 */
const markdownSummary = (/* unused pure expression or super */ null && (_summary));
const summary = (/* unused pure expression or super */ null && (_summary));
//# sourceMappingURL=summary.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/path-utils.js

/**
 * toPosixPath converts the given path to the posix form. On Windows, \\ will be
 * replaced with /.
 *
 * @param pth. Path to transform.
 * @return string Posix path.
 */
function toPosixPath(pth) {
    return pth.replace(/[\\]/g, '/');
}
/**
 * toWin32Path converts the given path to the win32 form. On Linux, / will be
 * replaced with \\.
 *
 * @param pth. Path to transform.
 * @return string Win32 path.
 */
function toWin32Path(pth) {
    return pth.replace(/[/]/g, '\\');
}
/**
 * toPlatformPath converts the given path to a platform-specific path. It does
 * this by replacing instances of / and \ with the platform-specific path
 * separator.
 *
 * @param pth The path to platformize.
 * @return string The platform-specific path.
 */
function toPlatformPath(pth) {
    return pth.replace(/[/\\]/g, path.sep);
}
//# sourceMappingURL=path-utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/platform.js
var platform_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const getWindowsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout: version } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Version"', undefined, {
        silent: true
    });
    const { stdout: name } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Caption"', undefined, {
        silent: true
    });
    return {
        name: name.trim(),
        version: version.trim()
    };
});
const getMacOsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    var _a, _b, _c, _d;
    const { stdout } = yield exec.getExecOutput('sw_vers', undefined, {
        silent: true
    });
    const version = (_b = (_a = stdout.match(/ProductVersion:\s*(.+)/)) === null || _a === void 0 ? void 0 : _a[1]) !== null && _b !== void 0 ? _b : '';
    const name = (_d = (_c = stdout.match(/ProductName:\s*(.+)/)) === null || _c === void 0 ? void 0 : _c[1]) !== null && _d !== void 0 ? _d : '';
    return {
        name,
        version
    };
});
const getLinuxInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout } = yield exec.getExecOutput('lsb_release', ['-i', '-r', '-s'], {
        silent: true
    });
    const [name, version] = stdout.trim().split('\n');
    return {
        name,
        version
    };
});
const platform = external_os_.platform();
const arch = external_os_.arch();
const isWindows = platform === 'win32';
const isMacOS = platform === 'darwin';
const isLinux = platform === 'linux';
function getDetails() {
    return platform_awaiter(this, void 0, void 0, function* () {
        return Object.assign(Object.assign({}, (yield (isWindows
            ? getWindowsInfo()
            : isMacOS
                ? getMacOsInfo()
                : getLinuxInfo()))), { platform,
            arch,
            isWindows,
            isMacOS,
            isLinux });
    });
}
//# sourceMappingURL=platform.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/core.js
var core_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function core_setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function core_debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function warning(message, properties = {}) {
    command_issueCommand('warning', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    command_issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + os.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    command_issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    command_issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return core_awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return file_command_issueFileCommand('STATE', file_command_prepareKeyValueMessage(name, value));
    }
    command_issueCommand('save-state', { name }, utils_toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return core_awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map
// EXTERNAL MODULE: ./build/lib/json.js
var lib_json = __nccwpck_require__(9897);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __nccwpck_require__(8309);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __nccwpck_require__(4374);
// EXTERNAL MODULE: ./build/auth/access-token.js
var access_token = __nccwpck_require__(6774);
;// CONCATENATED MODULE: ./build/auth/credentials/static-token.js




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
function rejectedTokenHint(token, { isServices }) {
    if ((0,access_token/* isJsonWebToken */.W0)(token))
        return undefined;
    const hints = [
        isEncodedForBasic(token)
            ? "The token is base64 of `user:TOKEN`: store the personal access token itself."
            : undefined,
        isServices
            ? "Personal access tokens for all accessible organizations (global tokens) work only until 2026-12-01: create one for this organization."
            : undefined,
    ];
    return hints.filter((hint) => hint !== undefined).join(" ") || undefined;
}
function isEncodedForBasic(token) {
    if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(token))
        return false;
    const text = Buffer.from(token, "base64").toString("latin1");
    return /^[\x20-\x39\x3b-\x7e]*:[\x21-\x7e]{8,}$/.test(text);
}
function describe(expiresAt, now) {
    const lifetimeMs = expiresAt - now;
    if (!Number.isFinite(lifetimeMs) || lifetimeMs < 0)
        return undefined;
    return `Signed in with the given access token; valid for ${(0,time/* approximateDurationText */.WX)(lifetimeMs)}, not renewable.`;
}
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

// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __nccwpck_require__(2857);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __nccwpck_require__(6777);
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
function isTokenValid({ current, isRejected }, now) {
    return current !== undefined && !isRejected && now < current.expiresAt;
}
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
function shouldRefresh({ current, renewAt, retryAt, permanentError }, now) {
    return !current?.nonRefreshable && permanentError === undefined && now >= renewAt && now >= retryAt;
}
function describeSignIn(credentialDescription, current, now) {
    if (!current)
        return `Signing in ${credentialDescription}.`;
    const validity = (0,time/* approximateDurationText */.WX)(current.expiresAt - now);
    return `Signed in ${credentialDescription}; valid for ${validity}, ${current.nonRefreshable ? "not renewable" : "renewed automatically"}.`;
}
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
function logRefreshFailure(error, state, { clock, runner }) {
    if (!state.current)
        return;
    const [reason] = (0,errors/* reasonOf */.A3)(error).split("\n");
    const validity = isTokenValid(state, clock.now())
        ? `The current token is valid for ${(0,time/* approximateDurationText */.WX)(state.current.expiresAt - clock.now())}.`
        : "Retrying.";
    const text = `The access token could not be renewed: ${reason?.replace(/\.$/, "")}. ${validity}`;
    runner.write([{ type: "text", text }]);
}
function storeToken(state, token, now) {
    const lifetimeMs = Math.max(token.expiresAt - now, 0);
    const renewAt = token.expiresAt - Math.min(lifetimeMs / 10, 300_000);
    Object.assign(state, { current: token, renewAt, ...noFailures });
}
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
        ? `; it requested a delay of ${(0,time/* approximateDurationText */.WX)(requestedDelayMs)}`
        : "";
    const reason = `${error.message.replace(/\.$/, "")}${requestedDelay}`;
    const hint = error.throttled
        ? "Run the workflow again later, and sign in with fewer jobs at once: the limit applies to the application, or to this runner's IP address."
        : "Check that this runner can reach the token endpoint, and run the workflow again later.";
    const code = error.throttled ? "busy" : error.fromGateway ? "unexpected-response" : "unreachable";
    return new errors/* ActionError */.lZ(code, `No access token could be requested: ${reason}${attempts}.`, {
        hint: error.hint ?? hint,
        cause: error,
    });
}
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



function createSignIn(config, deps) {
    for (const secret of secretsOf(config))
        deps.runner.mask(secret);
    const tokenToPersist = () => undefined;
    if (config.kind === "token")
        return { ...tokenSignIn(config.token, deps.clock, deps.runner), tokenToPersist };
    let tokenSource;
    const fetchToken = async (signal) => {
        tokenSource ??= Promise.all(/* import() */[__nccwpck_require__.e(235), __nccwpck_require__.e(696)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9696)).then(({ createTokenSource }) => createTokenSource(config, deps));
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
function rejectionHint(config, context) {
    return config.kind === "token" ? rejectedTokenHint(config.token, context) : undefined;
}
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
        "github-oidc": "with GitHub's OIDC token",
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

// EXTERNAL MODULE: ./build/azure-devops/api-client.js + 2 modules
var api_client = __nccwpck_require__(7188);
// EXTERNAL MODULE: ./build/azure-devops/pipelines.js
var pipelines = __nccwpck_require__(6148);
// EXTERNAL MODULE: ./build/azure-devops/decode.js
var decode = __nccwpck_require__(725);
;// CONCATENATED MODULE: ./build/azure-devops/runs.js



async function startRun(send, pipelineId, { body, onSend }, signal) {
    const path = `_apis/pipelines/${pipelineId}/runs`;
    try {
        const { value } = await send({
            method: "POST",
            path,
            body,
            minVersion: minVersionOf(body),
            decode: (json) => ensurePipeline(pipelineId, decodeRun(json)),
            operation: "Starting the run",
            ...(onSend !== undefined && { onSend }),
            signal,
        });
        return value;
    }
    catch (error) {
        throw error instanceof errors/* ResponseTooLargeError */.by
            ? new errors/* TransientError */.N_("the response was too large", { cause: error })
            : error;
    }
}
function minVersionOf(body) {
    const resources = Object.values((0,lib_json/* asObject */.eB)(body, "resources", "pipelines"));
    return resources.some((resource) => (0,lib_json/* asObject */.eB)(resource)["runId"] !== undefined) ? "7.2-preview" : undefined;
}
function ensurePipeline(pipelineId, run) {
    const actual = (0,lib_json/* asId */.gR)((0,lib_json/* asObject */.eB)(run.raw, "pipeline")["id"]);
    if (actual !== null && actual !== pipelineId)
        throw new errors/* TransientError */.N_(`the response was about pipeline ${actual}, not about ${pipelineId}`);
    return run;
}
function ensureRun(runId, run) {
    if (run.id !== runId)
        throw new errors/* TransientError */.N_(`the response was about run ${run.id}, not about ${runId}`);
    return run;
}
async function previewRun(send, pipelineId, body, signal) {
    const { value } = await send({
        method: "POST",
        path: `_apis/pipelines/${pipelineId}/preview`,
        body: { ...body, previewRun: true },
        minVersion: minVersionOf(body),
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
function decodeRun(json) {
    const run = (0,lib_json/* asObject */.eB)(json);
    const id = (0,lib_json/* asId */.gR)(run["id"]);
    if (run["id"] === -1 || (id === null && typeof run["finalYaml"] === "string"))
        throw onlyValidated();
    if (id === null)
        throw new errors/* TransientError */.N_("the response was not a run: it had no id");
    const repositories = (0,lib_json/* asObject */.eB)(run, "resources", "repositories");
    const self = (0,lib_json/* asObject */.eB)(repositories["self"]);
    return {
        id,
        name: (0,lib_json/* asString */.oJ)(run["name"]) ?? String(id),
        url: (0,decode/* webUrl */.qP)(run),
        pipelineName: (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(run["pipeline"])["name"]),
        commit: (0,lib_json/* asString */.oJ)(self["version"]),
        ref: (0,lib_json/* asString */.oJ)(self["refName"]),
        raw: withoutSecrets(json),
    };
}
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

;// CONCATENATED MODULE: ./build/azure-devops/client.js



function createAzureDevOpsClient(endpoint, deps) {
    const client = (0,api_client/* createApiClient */.yS)(endpoint, deps);
    const send = (0,api_client/* withPolicies */.b8)(client);
    const buildsUrl = `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/_build`;
    const runUrl = (runId) => `${buildsUrl}/results?buildId=${runId}`;
    let resources;
    const load = () => {
        resources ??= Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(431), __nccwpck_require__.e(730)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9730)).then(({ createRunResources }) => createRunResources({ client, send, runUrl }));
        return resources;
    };
    const startedRuns = new Map();
    return {
        pipelines: {
            url: (pipelineId) => `${buildsUrl}?definitionId=${pipelineId}`,
            find: (pipeline, signal) => (0,pipelines/* findPipeline */.G)(send, pipeline, signal),
            get: (pipelineId, signal) => (0,pipelines/* readPipeline */.l)(send, pipelineId, signal),
            preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
            getPastDurations: async (...args) => await (await load()).getPastDurations(...args),
        },
        runs: {
            url: runUrl,
            start: async (pipelineId, request, signal) => {
                const run = await startRun(send, pipelineId, request, signal);
                startedRuns.set(run.id, pipelineId);
                return run;
            },
            getStarted: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
            addTags: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
            get: async (...args) => await (await load()).runs.get(...args),
            getSource: async (...args) => await (await load()).runs.getSource(...args),
            createPoller: (runId) => {
                let poll;
                return async (...args) => {
                    poll ??= (await load()).runs.createPoller(runId, startedRuns.get(runId));
                    return await poll(...args);
                };
            },
            cancel: async (...args) => await (await load()).runs.cancel(...args),
            retry: async (...args) => await (await load()).runs.retry(...args),
        },
        runLists: {
            listRecent: async (...args) => await (await load()).runLists.listRecent(...args),
            listTagged: async (...args) => await (await load()).runLists.listTagged(...args),
            getBaseline: async (...args) => await (await load()).runLists.getBaseline(...args),
            search: async (...args) => await (await load()).runLists.search(...args),
        },
        stages: { update: async (...args) => await (await load()).stages.update(...args) },
        logs: {
            async *readLines(...args) {
                yield* (await load()).logs.readLines(...args);
            },
            getLineCounts: async (...args) => await (await load()).logs.getLineCounts(...args),
        },
        artifacts: { list: async (...args) => await (await load()).artifacts.list(...args) },
        testResults: { getCounts: async (...args) => await (await load()).testResults.getCounts(...args) },
        approvals: { getApprovers: async (...args) => await (await load()).approvals.getApprovers(...args) },
        download: async (...args) => await (await load()).download(...args),
    };
}

// EXTERNAL MODULE: ./build/azure-devops/retry-policy.js
var retry_policy = __nccwpck_require__(9348);
;// CONCATENATED MODULE: ./build/github/clock.js
const maxTimerMs = 2 ** 31 - 1;
const epoch = Date.now() - monotonicMs();
function now() {
    return epoch + monotonicMs();
}
function monotonicMs() {
    return Number(process.hrtime.bigint()) / 1_000_000;
}
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
                const remainingMs = Math.max(0, Math.ceil(wakeAt - now()));
                return setTimeout(finish, Math.min(remainingMs, maxTimerMs));
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
var environment = __nccwpck_require__(5790);
;// CONCATENATED MODULE: ./build/github/job-runs.js


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
        return [];
    }
}
function idIn(baseUrl, ownStepId) {
    return (line) => {
        const [, id, stepId, url] = /^(\d{1,16}) (\S+) (.*)$/.exec(line) ?? [];
        return id !== undefined && url === baseUrl && stepId !== ownStepId ? [Number(id)] : [];
    };
}
function appendLine(path, line) {
    try {
        (0,external_node_fs_.appendFileSync)(path, line);
    }
    catch {
    }
}

;// CONCATENATED MODULE: ./build/github/oidc.js



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
async function requestIdToken(request) {
    const { status, headers, body } = await sendRequest(request);
    if (status === 401 || status === 403)
        return undefined;
    const token = status === 200 ? (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)((0,lib_json/* parseJson */.qF)(body))["value"]) : null;
    if (token !== null)
        return token;
    throw new errors/* TransientError */.N_(`GitHub's token service answered ${status} without a token`, {
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
const githubStatusHint = "Run the job again; https://www.githubstatus.com shows whether GitHub has an outage.";
function tokenNotGranted(trigger) {
    const message = "This job has no access to GitHub's identity tokens";
    if (isFromFork(trigger)) {
        return new errors/* ActionError */.lZ("unauthorized", `${message}: it runs for a pull request from a fork.`, {
            hint: "Start the pipeline from a workflow on `workflow_run`, or once the change is on a branch of this repository.",
        });
    }
    return new errors/* ActionError */.lZ("unauthorized", `${message}.`, {
        hint: "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
            "the caller must grant it too; a pull request from a fork cannot have one. If another credential was intended, " +
            "check that its input (for example `client-secret`) is not blank.",
    });
}
function isFromFork({ event, repository, pullRequest }) {
    const head = pullRequest?.headRepository;
    return event !== "pull_request_target" && pullRequest !== undefined && head !== repository;
}
function tokenNoLongerGranted() {
    return new errors/* ActionError */.lZ("unauthorized", "GitHub gives this job no further identity tokens.", {
        hint: "Use another credential for runs of more than six hours, after which GitHub issues no further tokens to a job.",
    });
}

// EXTERNAL MODULE: ./build/core/source-location.js
var source_location = __nccwpck_require__(7456);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __nccwpck_require__(7240);
;// CONCATENATED MODULE: ./build/github/sanitize-log.js

function isUnsafe(text) {
    return /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u.test(text);
}
const uncommonCharacter = /[^\t -~\u2500-\u257f]/;
const colour = /\u001b\[[0-9;]{0,20}m/g;
const sanitize_log_reset = "\u001b[0m";
function isPlain(text) {
    const hasColours = text.includes("\u001b");
    const visible = hasColours ? text.replaceAll(colour, "") : text;
    if (visible.includes("##[") || visible.includes("::") || hasUnsafeCharacter(visible))
        return false;
    return !hasColours || areColoursReset(text);
}
function isAscii(text) {
    return Buffer.byteLength(text) === text.length;
}
function hasUnsafeCharacter(lines) {
    if (isAscii(lines))
        return /[\0-\x08\v\f\x0e\x0f]/.test(lines) || /[\x10-\x1f]/.test(lines) || lines.includes("\x7f");
    const others = lines.replaceAll(/[\t\r\n -~]+/g, " ");
    return /\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/u.test(others);
}
function areColoursReset(lines) {
    let start = lines.indexOf("\u001b");
    while (start >= 0) {
        const end = lines.indexOf("\n", start);
        if (!lines.endsWith(sanitize_log_reset, lines.charAt(end - 1) === "\r" ? end - 1 : end))
            return false;
        start = lines.indexOf("\u001b", end);
    }
    return true;
}
function withoutInvisibleCharacters(text) {
    return text.replaceAll(/[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu, "");
}
function sanitizeLines(text) {
    const isCommon = !uncommonCharacter.test(text) && !text.includes("##[") && !text.includes("::");
    if (isCommon || !isUnsafe(text))
        return [text];
    return text.split(/\r\n|\r|\n/).map(sanitizeLine);
}
function sanitizeText(text) {
    return sanitizeLines(text).join(" ");
}
function sanitizeLine(line) {
    const visible = withoutInvisibleCharacters((0,lib_text/* withoutTerminalControl */.CM)(line, { keepColours: true }));
    const withoutColours = visible.replace(colour, "");
    const isPlain = !withoutColours.includes("##[") && !/^\s*::/.test(withoutColours);
    const text = isPlain ? visible : withoutColours.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
    return text.includes("\u001b") && !text.endsWith(sanitize_log_reset) ? text + sanitize_log_reset : text;
}
function createRedactor() {
    let secretLines = [];
    let literalForms;
    let parts;
    const redact = (text) => {
        literalForms ??= longestFirst(secretLines.flatMap(formsOf));
        return redactLiterals(text, literalForms);
    };
    return {
        add: (secret) => {
            const lines = secret
                .split(/[\r\n]+/)
                .map((line) => line.trim())
                .filter((line) => !(0,lib_text/* isOrdinaryText */.o1)(line));
            secretLines = longestFirst([...secretLines, ...lines]);
            literalForms = undefined;
            parts = undefined;
        },
        redact,
        redactRendered: (text) => {
            parts ??= secretLines.flatMap(partsOf).map(createPart);
            if (parts.length === 0)
                return text;
            const unescaped = withoutEscapes(text);
            return parts
                .filter(({ word }) => unescaped.includes(word))
                .reduce((redacted, { pattern }) => redacted.replaceAll(pattern(), "***"), redact(text));
        },
    };
}
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
    const form = new URLSearchParams({ "": line.toWellFormed() }).toString().slice(1);
    const basic = Buffer.from(`:${line}`).toString("base64").replace(/=+$/, "");
    return [line, json, jsonEscaped(json), url, url.replaceAll("%20", "+"), form, basic];
}
function jsonEscaped(text) {
    return JSON.stringify(text).slice(1, -1);
}
const maxPatternLength = 100;
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








function createRunner({ stdout, stderr, workspace, temporaryFolder, getIdToken, onLogClosed, }) {
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
            core_setSecret(secret);
        },
        redact: redactor.redact,
        redactRendered: redactor.redactRendered,
        setOutput: (name, value) => writeFile("GITHUB_OUTPUT", () => setOutput(name, redactor.redact(value))),
        saveState: (name, value) => writeFile("GITHUB_STATE", () => {
            if (Buffer.byteLength(value) > maxStateBytes)
                throw new Error(`${name} is too large`);
            saveState(name, value);
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
        getState: (name) => getState(name),
        addSummary: (renderMarkdown) => {
            try {
                addToSummary((limitBytes) => redactor.redactRendered(renderMarkdown(limitBytes)));
            }
            catch (error) {
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
const commentLimitBytes = 65_536;
const commandFiles = {
    GITHUB_OUTPUT: "An output",
    GITHUB_STATE: "The state for the post step",
    GITHUB_STEP_SUMMARY: "The job summary",
};
const maxStateBytes = 100_000;
function checkFile(variable) {
    const path = process.env[variable] ?? "";
    if (path === "")
        throw new Error("the variable is not set");
    (0,external_node_fs_.accessSync)(path, external_node_fs_.constants.W_OK);
}
class SummaryFullError extends Error {
}
const summaryLimitBytes = 1_000 * 1_024;
function addToSummary(renderMarkdown) {
    const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
    if (path === "")
        throw new Error("GITHUB_STEP_SUMMARY is not set");
    const usedBytes = (0,external_node_fs_.statSync)(path).size;
    const markdown = renderMarkdown(Math.max(0, summaryLimitBytes - usedBytes));
    if (markdown === "" || usedBytes + Buffer.byteLength(markdown) > summaryLimitBytes)
        throw new SummaryFullError("it is full");
    (0,external_node_fs_.appendFileSync)(path, usedBytes === 0 ? markdown : `\n\n${markdown}`);
}
function textOf(entry) {
    return "text" in entry ? entry.text : "";
}
function writeEntries(entries, { stdout, redact }) {
    let pending = "";
    const writePending = () => {
        if (pending !== "")
            stdout.write(redact(pending));
        pending = "";
    };
    const addText = (entryText) => {
        for (const text of sanitizeLines(entryText))
            pending += `${text}\n`;
    };
    for (const entry of entries) {
        if (entry.type === "text") {
            addText(entry.text);
        }
        else if (entry.type === "lines") {
            const plain = encodePlainLines(entry, redact);
            if (plain === undefined)
                for (const line of linesOf(entry))
                    addText(`${entry.prefix}${line}`);
            else {
                writePending();
                stdout.write(plain.text, plain.encoding);
            }
        }
        else {
            writePending();
            writeCommand(entry, redact);
        }
    }
    writePending();
}
function encodePlainLines({ text, lineStart, prefix }, redact) {
    if (!isPlain(text))
        return undefined;
    const encoding = isAscii(text) ? "latin1" : "utf8";
    const encodedPrefix = Buffer.from(prefix).toString(encoding);
    const prefixed = `\n${redact(text)}`.replaceAll(lineStart, `\n${encodedPrefix}`);
    return prefixed.includes("\r") ? undefined : { text: prefixed.slice(1, -encodedPrefix.length), encoding };
}
function linesOf({ text, lineStart }) {
    return `\n${text}`.replaceAll(lineStart, "\n").slice(1, -1).split("\n");
}
function writeCommand(entry, redact) {
    switch (entry.type) {
        case "debug":
            if (isDebug())
                core_debug(redact(entry.text));
            return;
        case "group":
            startGroup(redact(sanitizeText(entry.title)));
            return;
        case "end-group":
            endGroup();
            return;
        default:
            annotate(entry, redact);
    }
}
function annotate({ type, text, title, file, line, column }, redact) {
    const issueCommand = { error: error, warning: warning, notice: notice }[type];
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
async function waitForDrain(stdout) {
    if (!stdout.writableNeedDrain)
        return;
    const events = ["drain", "error", "close"];
    await new Promise((resolve) => {
        const onEvent = () => {
            for (const event of events)
                stdout.off(event, onEvent);
            resolve();
        };
        for (const event of events)
            stdout.on(event, onEvent);
    });
}

;// CONCATENATED MODULE: ./build/github/signals.js




function abortOnSignals(target) {
    const controller = new AbortController();
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"]) {
        target.on(name, () => controller.abort(new errors/* StepCancelledError */.YH(`received ${name}`)));
    }
    return controller;
}
const requestPollMs = 1_000;
const acknowledgeTimeoutMs = requestPollMs + 300;
const confirmationPollMs = 100;
const shutdownTimeoutMs = 6_000;
const fileName = /^run-azure-pipeline-[0-9a-f-]{36}$/;
function shutdownFilePath(folder, id) {
    return (0,external_node_path_.join)(folder || (0,external_node_os_.tmpdir)(), `run-azure-pipeline-${id}`);
}
function isShutdownFilePath(path, folder) {
    return fileName.test((0,external_node_path_.basename)(path)) && (0,external_node_path_.resolve)((0,external_node_path_.dirname)(path)) === (0,external_node_path_.resolve)(folder || (0,external_node_os_.tmpdir)());
}
function createShutdownRequest(path) {
    let isAcknowledged = false;
    return {
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
        confirmShutdown() {
            if (isAcknowledged)
                writeRequestFile(path);
        },
        async requestShutdown(clock, signal) {
            if (!writeRequestFile(path))
                return;
            await clock.sleep(acknowledgeTimeoutMs, signal);
            for (let waitedMs = acknowledgeTimeoutMs; waitedMs < shutdownTimeoutMs && !(0,external_node_fs_.existsSync)(path); waitedMs += confirmationPollMs) {
                await clock.sleep(confirmationPollMs, signal);
            }
        },
    };
}
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

const silenceMs = 4_000;
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
    clock.sleep(silenceMs, done.signal).then(() => onSilence(`No successful response from ${host} yet${reason === undefined ? "" : ` (${reason})`}. Still trying.`), () => undefined);
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

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = require("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = require("node:https");
;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = require("node:tls");
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var lib_proxy = __nccwpck_require__(9783);
;// CONCATENATED MODULE: ./build/http/agents.js





function createAgents() {
    const directAgents = {
        "http:": new external_node_http_namespaceObject.Agent({ keepAlive: true }),
        "https:": new external_node_https_namespaceObject.Agent({ keepAlive: true }),
    };
    return {
        async routeFor(request, signal) {
            const url = new URL(request.url);
            const isTls = url.protocol === "https:";
            if (request.thumbprint !== undefined && isTls)
                return { agent: pinnedAgent(request.thumbprint), proxy: undefined };
            const proxy = request.direct ? undefined : proxyFor(url);
            if (proxy === undefined)
                return { agent: directAgents[isTls ? "https:" : "http:"], proxy };
            const { createTunnelAgent } = await __nccwpck_require__.e(/* import() */ 895).then(__nccwpck_require__.bind(__nccwpck_require__, 4895));
            return { agent: createTunnelAgent(request.url, signal), proxy: proxy.host };
        },
        close() {
            for (const agent of Object.values(directAgents))
                agent.destroy();
        },
    };
}
function pinnedAgent(thumbprint) {
    const expectedFingerprint = thumbprint.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
    const createConnection = (options, callback) => {
        const socket = (0,external_node_tls_namespaceObject.connect)({ ...options, rejectUnauthorized: false });
        socket.once("error", (error) => callback?.(error, socket));
        socket.once("secureConnect", () => {
            if (socket.getPeerCertificate().fingerprint?.replaceAll(":", "") === expectedFingerprint)
                callback?.(null, socket);
            else
                socket.destroy(unexpectedCertificate());
        });
        return undefined;
    };
    return Object.assign(new external_node_https_namespaceObject.Agent(), { createConnection });
}
function unexpectedCertificate() {
    return new errors/* ActionError */.lZ("unreachable", "The server's certificate was not the expected one.", {
        hint: "Check which server answers, and IDENTITY_SERVER_THUMBPRINT in the runner's environment.",
    });
}
function proxyFor(url) {
    const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
    const proxyValue = process.env[name] || process.env[name.toUpperCase()];
    if (!proxyValue || (0,lib_proxy/* checkBypass */.H)(url) || matchesNoProxyWildcard(url))
        return undefined;
    const proxy = URL.parse((0,lib_proxy/* getProxyUrl */.s)(url)?.href ?? "");
    if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "")
        return proxy;
    throw new errors/* ActionError */.lZ("unreachable", `${name} did not contain the URL of a proxy, so nothing was sent.`, {
        hint: `Write it as http://proxy:8080 in the runner's environment, with special characters of a password percent-encoded; or list ${url.hostname} in no_proxy.`,
    });
}
function matchesNoProxyWildcard({ hostname, host }) {
    const list = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
    return list.split(",").some((entry) => {
        const [prefix, suffix] = [entry.trim().slice(0, 2), entry.trim().slice(1).toLowerCase()];
        return prefix === "*." && (hostname.endsWith(suffix) || host.endsWith(suffix));
    });
}

;// CONCATENATED MODULE: ./build/http/network-errors.js

const untrustedCertificateCodes = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;
const certificateAuthorityHint = "Set NODE_EXTRA_CA_CERTS, in the runner's or the job's environment, to a file with the authority's certificate.";
const certificateErrors = {
    CERT_HAS_EXPIRED: [
        "The server's certificate had expired",
        "Renew the server's certificate, or check this machine's clock.",
    ],
    ERR_TLS_CERT_ALTNAME_INVALID: [
        "The server's certificate was made for another host name",
        "Use the host name in the certificate, and check whether another server answers at this one.",
    ],
};
const messagesByCode = {
    ECONNREFUSED: "the connection was refused",
    ECONNRESET: "the connection was lost",
    EPIPE: "the connection was lost",
    ENOTFOUND: "the host name was not found",
    EAI_AGAIN: "the host name could not be resolved",
    ETIMEDOUT: "the connection timed out",
    EHOSTUNREACH: "there was no route to the host",
    ENETUNREACH: "there was no route to the network",
};
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
        return new errors/* TransientError */.N_("the server did not use TLS, or no common version of it", {
            hint: "Check the URL and its port: it may be a port for http, or a proxy or gateway may respond.",
            cause: error,
            unsent: !connected,
        });
    }
    const text = messagesByCode[code] ?? (message === "" ? "the connection failed" : message);
    const textWithCode = code === "" || text.includes(code) ? text : `${text} (${code})`;
    return new errors/* TransientError */.N_(textWithCode, { cause: error, unsent: !connected });
}
function isTlsProtocolError(code, message) {
    return (/^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED_PROTOCOL|HTTP)/.test(code) ||
        /:SSL routines:/.test(message));
}
function proxyError(cause, proxy, [, status, detail = ""]) {
    if (status === "407") {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} required a user name and password (407).`, {
            hint: "Add them to https_proxy, as in http://user:password@proxy:8080.",
            cause,
        });
    }
    if (status !== undefined && /^4(?!08|29)/.test(status)) {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} refused to connect to this host (${status}).`, {
            hint: "Ask the proxy's administrator to allow this runner, or list the host in no_proxy if it can be reached directly.",
            cause,
        });
    }
    const [, code = ""] = /\b(E[A-Z_]{4,})\b/.exec(detail) ?? [];
    const detailText = messagesByCode[code] === undefined ? detail : `${messagesByCode[code]} (${code})`;
    const message = status === undefined
        ? `the proxy ${proxy} could not be used: ${detailText}`
        : `the proxy ${proxy} answered ${status}`;
    const hint = "Check the URL in https_proxy, and that the proxy is running.";
    return new errors/* TransientError */.N_(message, { cause, unsent: true, hint });
}

;// CONCATENATED MODULE: ./build/http/transport.js





const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";
const maxBodyBytes = 64 * 1024 * 1024;
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
    const timeoutController = new AbortController();
    const timeoutError = new errors/* TransientError */.N_(`no complete response within ${secondsText(request.timeoutMs)}`);
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
function withUserAgent(request) {
    return { ...request, headers: { ...request.headers, "user-agent": userAgent } };
}
async function openStream(request, agents) {
    const { signal, timeoutMs } = request;
    const tunnelController = new AbortController();
    const { agent, proxy } = await agents.routeFor(request, tunnelController.signal);
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
        const outgoing = startRequest(request, agent);
        let connected = false;
        onConnect(outgoing, () => {
            connected = true;
        });
        const fail = (reason) => {
            clearTimeout(idleTimer);
            signal.removeEventListener("abort", onAbort);
            const isConnectTimeout = reason instanceof errors/* TransientError */.N_ && !connected;
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
        outgoing.on("upgrade", (_, socket) => {
            socket.destroy();
            fail(protocolChanged());
        });
        outgoing.on("close", () => {
            clearTimeout(idleTimer);
            signal.removeEventListener("abort", onAbort);
            reject(new errors/* TransientError */.N_("the connection closed without a response", { unsent: !connected }));
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
            clearTimeout(idleTimer);
            yield chunk;
            idleTimer = startIdleTimer();
        }
        if (!incoming.complete)
            throw new Error("the connection closed before the response was complete");
    }
    catch (error) {
        throw signal.aborted ? signal.reason : networkError(error, { connected: true });
    }
    finally {
        clearTimeout(idleTimer);
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
    return new errors/* TransientError */.N_("the server changed the protocol (101) instead of responding");
}
function idleTimeoutError(timeoutMs) {
    return new errors/* TransientError */.N_(`no data for ${secondsText(timeoutMs)}`);
}
function connectTimeoutError(cause, { timeoutMs, proxy }) {
    const time = `within ${secondsText(timeoutMs)}`;
    return proxy === undefined
        ? new errors/* TransientError */.N_(`no connection ${time}`, { unsent: true, cause })
        : new errors/* TransientError */.N_(`no connection through the proxy ${proxy} ${time}`, {
            unsent: true,
            hint: "Check that the proxy of https_proxy works, and can reach this host.",
            cause,
        });
}
function bodyTooLarge({ method, url }) {
    const { pathname } = new URL(url);
    return new errors/* ResponseTooLargeError */.by("unexpected-response", `The response to ${method} ${pathname} was larger than 64 MiB.`, {
        hint: "Check that the URL is that of Azure DevOps, and not that of a proxy or gateway.",
    });
}
function secondsText(ms) {
    return `${Math.round(ms / 100) / 10} s`;
}

;// CONCATENATED MODULE: ./build/wiring.js


















function createEnvironment(step, target) {
    const { env, stdout } = target;
    process.noDeprecation = true;
    const httpTransport = createTransport();
    const transport = reportSilence(httpTransport, {
        clock: clock,
        onSilence: (text) => runner.write([{ type: "text", text }]),
    });
    const input = (name) => getInput(name, { trimWhitespace: false });
    const mask = (secret) => runner.mask(secret);
    const getIdToken = createIdTokenSource({ env, transport, clock: clock, mask, trigger: createTriggerReader(env) });
    const cancellation = abortOnSignals(process);
    process.on("uncaughtException", (error) => cancellation.abort(error));
    const runner = createRunner({
        temporaryFolder: env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
        stdout,
        stderr: { write: (text) => target.stderr.write(text) },
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
        requestMainShutdown: async (signal) => {
            if (isShutdownFilePath(path, folder))
                await shutdownRequest.requestShutdown(clock, signal);
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
    const onRetryAfter = (0,retry_policy/* createRetryAfterLog */.Dz)(inputs.pollIntervalMs, (text) => runner.write([{ type: "text", text }]));
    const deps = { transport, signIn, clock: clock, random, redact: runner.redact, onRetryAfter };
    const { download, ...azureDevOps } = createAzureDevOpsClient(endpoint, deps);
    const jobRuns = createJobRuns(env["RUNNER_TEMP"], {
        baseUrl: organization.base,
        stepId,
        isPostStep: step === "post",
    });
    return { ...azureDevOps, signIn, jobRuns, store: createArtifactStore(download, env) };
}
function createArtifactStore(download, env) {
    const loadStore = async () => {
        const { createDiskArtifactStore } = await __nccwpck_require__.e(/* import() */ 512).then(__nccwpck_require__.bind(__nccwpck_require__, 6512));
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
            const { createCommitReporters } = await Promise.all(/* import() */[__nccwpck_require__.e(934), __nccwpck_require__.e(85)]).then(__nccwpck_require__.bind(__nccwpck_require__, 1085));
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
            const { readMergedHead } = await Promise.all(/* import() */[__nccwpck_require__.e(934), __nccwpck_require__.e(85)]).then(__nccwpck_require__.bind(__nccwpck_require__, 1085));
            return await readMergedHead({ repository, mergeCommit }, { ...gitHubAccess(inputs), warn }, signal);
        },
    };
}
function createTriggerReader(env) {
    return async () => {
        const { readTrigger } = await Promise.resolve(/* import() */).then(__nccwpck_require__.bind(__nccwpck_require__, 5790));
        return readTrigger(env, (path) => (0,external_node_fs_.readFileSync)(path, "utf8"));
    };
}

;// CONCATENATED MODULE: ./build/run-step.js


const exitTimeoutMs = 500;
async function runStep(step) {
    process.exitCode = 1;
    const environment = createEnvironment(step, process);
    if (step === "post") {
        const { runPostStep } = await Promise.all(/* import() */[__nccwpck_require__.e(780), __nccwpck_require__.e(162)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7162));
        await runPostStep(environment);
        process.exitCode = 0;
    }
    else {
        process.exitCode = await runMainStep(environment);
    }
    environment.close();
    setTimeout(() => process.exit(), exitTimeoutMs).unref();
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = require("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = require("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = require("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = require("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = require("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = require("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = require("net");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = require("node:child_process");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = require("node:crypto");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = require("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = require("node:fs/promises");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = require("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = require("node:path");

/***/ }),

/***/ 6466:
/***/ ((module) => {

module.exports = require("node:stream/promises");

/***/ }),

/***/ 6193:
/***/ ((module) => {

module.exports = require("node:string_decoder");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = require("node:util");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = require("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = require("os");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = require("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = require("stream");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = require("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = require("util");

/***/ }),

/***/ 3106:
/***/ ((module) => {

module.exports = require("zlib");

/***/ }),

/***/ 9783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ checkBypass),
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map

/***/ })

/******/ 	});
/************************************************************************/
/******/ 	// The module cache
/******/ 	var __webpack_module_cache__ = {};
/******/ 	
/******/ 	// The require function
/******/ 	function __nccwpck_require__(moduleId) {
/******/ 		// Check if module is in cache
/******/ 		var cachedModule = __webpack_module_cache__[moduleId];
/******/ 		if (cachedModule !== undefined) {
/******/ 			return cachedModule.exports;
/******/ 		}
/******/ 		// Create a new module (and put it into the cache)
/******/ 		var module = __webpack_module_cache__[moduleId] = {
/******/ 			// no module.id needed
/******/ 			// no module.loaded needed
/******/ 			exports: {}
/******/ 		};
/******/ 	
/******/ 		// Execute the module function
/******/ 		var threw = true;
/******/ 		try {
/******/ 			__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 			threw = false;
/******/ 		} finally {
/******/ 			if(threw) delete __webpack_module_cache__[moduleId];
/******/ 		}
/******/ 	
/******/ 		// Return the exports of the module
/******/ 		return module.exports;
/******/ 	}
/******/ 	
/******/ 	// expose the modules object (__webpack_modules__)
/******/ 	__nccwpck_require__.m = __webpack_modules__;
/******/ 	
/************************************************************************/
/******/ 	/* webpack/runtime/asset-relocator-loader */
/******/ 	if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = __dirname + "/";
/******/ 	
/******/ 	/* webpack/runtime/async module */
/******/ 	(() => {
/******/ 		var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 		var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 		var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 		var resolveQueue = (queue) => {
/******/ 			if(queue && queue.d < 1) {
/******/ 				queue.d = 1;
/******/ 				queue.forEach((fn) => (fn.r--));
/******/ 				queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 			}
/******/ 		}
/******/ 		var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 			if(dep !== null && typeof dep === "object") {
/******/ 				if(dep[webpackQueues]) return dep;
/******/ 				if(dep.then) {
/******/ 					var queue = [];
/******/ 					queue.d = 0;
/******/ 					dep.then((r) => {
/******/ 						obj[webpackExports] = r;
/******/ 						resolveQueue(queue);
/******/ 					}, (e) => {
/******/ 						obj[webpackError] = e;
/******/ 						resolveQueue(queue);
/******/ 					});
/******/ 					var obj = {};
/******/ 					obj[webpackQueues] = (fn) => (fn(queue));
/******/ 					return obj;
/******/ 				}
/******/ 			}
/******/ 			var ret = {};
/******/ 			ret[webpackQueues] = x => {};
/******/ 			ret[webpackExports] = dep;
/******/ 			return ret;
/******/ 		}));
/******/ 		__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 			var queue;
/******/ 			hasAwait && ((queue = []).d = -1);
/******/ 			var depQueues = new Set();
/******/ 			var exports = module.exports;
/******/ 			var currentDeps;
/******/ 			var outerResolve;
/******/ 			var reject;
/******/ 			var promise = new Promise((resolve, rej) => {
/******/ 				reject = rej;
/******/ 				outerResolve = resolve;
/******/ 			});
/******/ 			promise[webpackExports] = exports;
/******/ 			promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 			module.exports = promise;
/******/ 			body((deps) => {
/******/ 				currentDeps = wrapDeps(deps);
/******/ 				var fn;
/******/ 				var getResult = () => (currentDeps.map((d) => {
/******/ 					if(d[webpackError]) throw d[webpackError];
/******/ 					return d[webpackExports];
/******/ 				}))
/******/ 				var promise = new Promise((resolve) => {
/******/ 					fn = () => (resolve(getResult));
/******/ 					fn.r = 0;
/******/ 					var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 					currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 				});
/******/ 				return fn.r ? promise : getResult();
/******/ 			}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 			queue && queue.d < 0 && (queue.d = 0);
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/compat get default export */
/******/ 	(() => {
/******/ 		// getDefaultExport function for compatibility with non-harmony modules
/******/ 		__nccwpck_require__.n = (module) => {
/******/ 			var getter = module && module.__esModule ?
/******/ 				() => (module['default']) :
/******/ 				() => (module);
/******/ 			__nccwpck_require__.d(getter, { a: getter });
/******/ 			return getter;
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/create fake namespace object */
/******/ 	(() => {
/******/ 		var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 		var leafPrototypes;
/******/ 		// create a fake namespace object
/******/ 		// mode & 1: value is a module id, require it
/******/ 		// mode & 2: merge all properties of value into the ns
/******/ 		// mode & 4: return value when already ns object
/******/ 		// mode & 16: return value when it's Promise-like
/******/ 		// mode & 8|1: behave like require
/******/ 		__nccwpck_require__.t = function(value, mode) {
/******/ 			if(mode & 1) value = this(value);
/******/ 			if(mode & 8) return value;
/******/ 			if(typeof value === 'object' && value) {
/******/ 				if((mode & 4) && value.__esModule) return value;
/******/ 				if((mode & 16) && typeof value.then === 'function') return value;
/******/ 			}
/******/ 			var ns = Object.create(null);
/******/ 			__nccwpck_require__.r(ns);
/******/ 			var def = {};
/******/ 			leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 			for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 				Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 			}
/******/ 			def['default'] = () => (value);
/******/ 			__nccwpck_require__.d(ns, def);
/******/ 			return ns;
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/define property getters */
/******/ 	(() => {
/******/ 		// define getter functions for harmony exports
/******/ 		__nccwpck_require__.d = (exports, definition) => {
/******/ 			for(var key in definition) {
/******/ 				if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 					Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 				}
/******/ 			}
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/ensure chunk */
/******/ 	(() => {
/******/ 		__nccwpck_require__.f = {};
/******/ 		// This file contains only the entry chunk.
/******/ 		// The chunk loading function for additional chunks
/******/ 		__nccwpck_require__.e = (chunkId) => {
/******/ 			return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 				__nccwpck_require__.f[key](chunkId, promises);
/******/ 				return promises;
/******/ 			}, []));
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/get javascript chunk filename */
/******/ 	(() => {
/******/ 		// This function allow to reference async chunks
/******/ 		__nccwpck_require__.u = (chunkId) => {
/******/ 			// return url for filenames based on template
/******/ 			return {"22":"jmespath.js","69":"cancel-run.js","85":"commit-reporters.js","162":"loaded-later.js","235":"oauth4webapi.js","413":"octokit.js","431":"response-error.js","512":"store.js","663":"yauzl.js","696":"create-token-source.js","730":"run-resources.js","780":"shared-build-run-tree.js","815":"yaml.js","856":"own-condition.js","895":"tunnel-agent.js","934":"valibot.js"}[chunkId];
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/hasOwnProperty shorthand */
/******/ 	(() => {
/******/ 		__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/make namespace object */
/******/ 	(() => {
/******/ 		// define __esModule on exports
/******/ 		__nccwpck_require__.r = (exports) => {
/******/ 			if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 				Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 			}
/******/ 			Object.defineProperty(exports, '__esModule', { value: true });
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/require chunk loading */
/******/ 	(() => {
/******/ 		// no baseURI
/******/ 		
/******/ 		// object to store loaded chunks
/******/ 		// "1" means "loaded", otherwise not loaded yet
/******/ 		var installedChunks = {
/******/ 			792: 1
/******/ 		};
/******/ 		
/******/ 		// no on chunks loaded
/******/ 		
/******/ 		var installChunk = (chunk) => {
/******/ 			var moreModules = chunk.modules, chunkIds = chunk.ids, runtime = chunk.runtime;
/******/ 			for(var moduleId in moreModules) {
/******/ 				if(__nccwpck_require__.o(moreModules, moduleId)) {
/******/ 					__nccwpck_require__.m[moduleId] = moreModules[moduleId];
/******/ 				}
/******/ 			}
/******/ 			if(runtime) runtime(__nccwpck_require__);
/******/ 			for(var i = 0; i < chunkIds.length; i++)
/******/ 				installedChunks[chunkIds[i]] = 1;
/******/ 		
/******/ 		};
/******/ 		
/******/ 		// require() chunk loading for javascript
/******/ 		__nccwpck_require__.f.require = (chunkId, promises) => {
/******/ 			// "1" is the signal for "already loaded"
/******/ 			if(!installedChunks[chunkId]) {
/******/ 				if(true) { // all chunks have JS
/******/ 					installChunk(require("./" + __nccwpck_require__.u(chunkId)));
/******/ 				} else installedChunks[chunkId] = 1;
/******/ 			}
/******/ 		};
/******/ 		
/******/ 		// no external install chunk
/******/ 		
/******/ 		// no HMR
/******/ 		
/******/ 		// no HMR manifest
/******/ 	})();
/******/ 	
/************************************************************************/
/******/ 	
/******/ 	// startup
/******/ 	// Load entry module and return exports
/******/ 	// This entry module used 'module' so it can't be inlined
/******/ 	var __webpack_exports__ = __nccwpck_require__(7666);
/******/ 	module.exports = __webpack_exports__;
/******/ 	
/******/ })()
;