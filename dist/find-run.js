export const id = 755;
export const ids = [755];
export const modules = {

/***/ 9755:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  findOrStartRun: () => (/* binding */ findOrStartRun)
});

// EXTERNAL MODULE: ./build/core/default-ref.js
var default_ref = __webpack_require__(3963);
// EXTERNAL MODULE: ./build/core/run-matching.js
var run_matching = __webpack_require__(5275);
// EXTERNAL MODULE: ./build/core/start-request.js
var start_request = __webpack_require__(4254);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
// EXTERNAL MODULE: ./build/render/markdown.js
var markdown = __webpack_require__(5120);
// EXTERNAL MODULE: ./build/app/attach-run.js
var attach_run = __webpack_require__(4311);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __webpack_require__(5802);
// EXTERNAL MODULE: ./build/core/build-run-tree.js + 1 modules
var build_run_tree = __webpack_require__(1598);
// EXTERNAL MODULE: ./build/core/condition.js + 1 modules
var condition = __webpack_require__(4217);
// EXTERNAL MODULE: ./build/core/poll-interval.js
var poll_interval = __webpack_require__(559);
// EXTERNAL MODULE: ./build/core/run-document.js
var run_document = __webpack_require__(233);
// EXTERNAL MODULE: ./build/core/run-search.js
var run_search = __webpack_require__(4120);
// EXTERNAL MODULE: ./build/app/progress-log.js + 1 modules
var progress_log = __webpack_require__(2139);
;// CONCATENATED MODULE: ./build/app/search-run.js










/** The service has no filter by commit: so many of the newest runs are searched, or as many as are no older. */
const maxRuns = 1_000;
const maxAgeMs = 30 * 24 * 3_600_000;
/** While waiting for a run to appear, only what is new is of interest. */
const maxRunsWhileWaiting = 200;
/** What the list doesn't say is read of so many runs: a search must not cost a request for each run of the pipeline. */
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
    return new errors/* ActionError */.lZ("bad-input", `${name}: is needed by \`find-run: ${name}\`, since ${reason} which ${name} it is about.`, {
        hint: `Set \`${name}\`.`,
    });
}
function inferRef(trigger, { repository }) {
    const inferred = (0,default_ref/* defaultRef */.F1)(trigger, repository);
    if (inferred.kind === "inferred")
        return inferred.ref;
    const name = repository.fullName === undefined ? "another repository" : `the repository ${repository.fullName}`;
    throw new errors/* ActionError */.lZ("bad-input", `ref: is needed by \`find-run: ref\`, since the pipeline builds ${name}, not this one.`, { hint: "Set `ref`." });
}
/** Looks at the list until a run appears in it, or `find-timeout` has passed. */
async function searchUntilFound(search, searchContext, signal) {
    const { inputs, deps } = searchContext.context;
    const { clock, runner, runLists } = deps;
    const { pipelineId, query, target } = search;
    const { timeoutMs } = target.search;
    const startedAt = clock.now();
    const deadline = startedAt + timeoutMs;
    const heartbeat = (0,progress_log/* createHeartbeatTimer */.uS)(startedAt);
    const selectRun = createSelection(search, searchContext);
    let delayMs = inputs.pollIntervalMs;
    let isTruncated;
    let hasLogged = false;
    for (;;) {
        const remainingMs = deadline - clock.now();
        const result = await runLists.search({
            pipelineId,
            // It would hide a pull request's runs, which build a merge of the commit.
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
/** Reads details of few runs, and of each once. What isn't read any more is `undefined`. */
function createDetailReader(read) {
    const known = new Map();
    return async (listed, signal) => {
        const { id } = listed.run;
        if (!known.has(id) && known.size < maxDetailedRuns)
            known.set(id, await read(listed, signal));
        return known.get(id);
    };
}
/** Picks the newest run that fits. */
function createSelection(search, { context, fingerprint }) {
    const { query, target } = search;
    const isQueried = createQueryCheck(search, context);
    const readDetails = createDetailReader((listed, signal) => withStartDetails(listed, search.pipelineId, context, signal));
    const isRerun = context.workflow.attempt > 1 && context.inputs.onRerun !== "retry-failed";
    /** Why a run of the query is not followed. */
    async function objectionTo(listed, signal) {
        const { run } = listed;
        const { when } = target.search;
        if (when !== undefined && !(0,condition/* evaluateCondition */.F9)(when, (0,run_document/* documentOf */.l)(run, (0,build_run_tree/* buildRunTree */.u)(new Map()), null)).holds)
            return "find-when is false";
        if (fingerprint === undefined)
            return undefined;
        if (!(await isSameRequest(listed, fingerprint, readDetails, signal)))
            return "its parameters or variables are not those that are asked for";
        if (isRerun && run.status === "completed" && !(await isSuccess(listed, context, signal)))
            return "it failed, and this is a re-run";
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
/** Completes what the list doesn't say of a run: from the run itself, and from GitHub about a merge commit. */
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
        // Only a pull request of this very repository is the event's.
        if (!(await buildsEventRepository(known, signal)))
            return false;
        if (match === "yes")
            return true;
        const head = await mergedHead(known, signal);
        return head !== undefined && query.commit?.toLowerCase() === head.toLowerCase();
    };
}
async function isSameRequest(listed, fingerprint, readDetails, signal) {
    // Ref and commit have been compared by the query.
    const wanted = { ...fingerprint, ref: listed.candidate.ref, commit: null };
    const match = (0,run_matching/* matchRequest */.pd)(listed.candidate, wanted);
    if (match !== "possible")
        return match === "exact";
    const detailed = await readDetails(listed, signal);
    return detailed !== undefined && (0,run_matching/* matchRequest */.pd)(detailed, wanted) === "exact";
}
/** What Get Run says beyond the list; `undefined` where it can't be read. */
async function withStartDetails({ candidate }, pipelineId, { deps: { runs } }, signal) {
    const details = await runs
        .getStarted(pipelineId, candidate.id, signal)
        .catch((0,errors/* ignoreError */.FZ)("a run that can't be compared is not reused"));
    signal.throwIfAborted();
    return details && (0,run_matching/* withRunDetails */.uq)(candidate, details.raw);
}
/** A condition may ask for stages, which the list doesn't show. */
async function isSuccess({ run }, { inputs, deps: { runs } }, signal) {
    const poll = runs.createPoller(run.id);
    const response = await poll({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
    return (0,condition/* evaluateCondition */.F9)(inputs.successWhen, (0,run_document/* documentOf */.l)(response.run, (0,build_run_tree/* buildRunTree */.u)(response.records), null))
        .holds;
}
/** `builds commit 4f2c…`, `is of refs/heads/main`. */
function queryText({ query: { commit, ref } }) {
    const parts = [
        ...(commit === undefined ? [] : [`builds commit ${commit}`]),
        ...(ref === undefined ? [] : [`is of ${ref}`]),
    ];
    return parts.join(" and ");
}

// EXTERNAL MODULE: ./build/app/start-run.js + 2 modules
var start_run = __webpack_require__(8767);
;// CONCATENATED MODULE: ./build/app/find-run.js











/**
 * Follows the newest run of a commit or a ref, or does what `if-not-found` says. Returns `undefined` if the step succeeds
 * without a run.
 */
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
        (0,attach_run/* checkProject */.sh)(context.inputs.projectRef, run.project);
        writeFoundNotes(outcome.listed, search, context);
        const origin = trigger.reason === undefined ? undefined : `queued by ${(0,lib_text/* oneLine */.TN)(trigger.reason)}`;
        const { projectRef } = context.inputs;
        return await (0,attach_run/* adoptRun */.kG)(run, { projectRef, verb: "Found", origin, isOwn: false }, deps, signal);
    }
    // A pipeline that doesn't exist, or can't be read, has an empty list too.
    if (outcome.result.runs.length === 0)
        await search.readPipeline(signal);
    if (ifNotFound === "start") {
        deps.runner.write([{ type: "text", text: `${notFoundText(search, outcome)} Starting one.` }]);
        return await startSearchedRun(search, context, signal);
    }
    if (ifNotFound === "fail")
        throw notFoundError(search, outcome);
    await reportNoRun(`${notFoundText(search, outcome)} The step succeeds without a run.`, search, context, signal);
    return undefined;
}
/** `if-not-found: succeed`. */
async function reportNoRun(text, { pipelineId }, { inputs, deps, workflow }, signal) {
    const { runner, outputs, pipelines } = deps;
    const mapped = Object.fromEntries(inputs.mapOutputs.map(({ name }) => [name, ""]));
    outputs.set({ ...app_outputs/* emptyRunOutputs */.N$, status: "", result: "", ...mapped });
    runner.write([{ type: "notice", text }]);
    const summary = (0,markdown/* escapeMarkdown */.FV)(text);
    if (inputs.summary)
        await runner.addSummary(() => `${summary}\n`);
    const reporters = await workflow.commitReporters(inputs, { isExternal: false, readSource: undefined });
    const report = {
        kind: "skipped",
        title: "There is no run",
        summary: () => summary,
        annotations: [],
        runUrl: pipelines.url(pipelineId),
        runId: undefined,
        description: text,
    };
    await Promise.all(reporters.map((reporter) => reporter.close(report, signal)));
}
/** Instead of starting a run, only one with the same parameters and variables is good enough. */
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
        throw new errors/* ActionError */.lZ("bad-input", `ref: is needed to start a run, since the event ${trigger.event} does not say which ref has the commit ${query.commit}.`, { hint: "Set `ref`, or `if-not-found: fail`." });
    const source = startSource(inputs, target, query, trigger);
    const plan = await (0,start_run/* resolveStartRequest */.Y)({ ...inputs, ...source }, { by: "id", id: pipelineId }, { deps, trigger: async () => trigger }, signal);
    return await (0,start_run/* startRun */.A)({ ...plan, tag: null }, inputs, deps, signal);
}
/** Exactly what was searched for. A fork's head is built as the merge commit that GitHub made of it. */
function startSource(inputs, { search }, { ref, commit }, { pullRequest, repository }) {
    if (search.by === "ref" || inputs.commit !== undefined || inputs.ref !== undefined)
        return { ref, commit };
    const isFork = pullRequest !== undefined && pullRequest.headRepository?.toLowerCase() !== repository.toLowerCase();
    return { ref, commit: isFork ? undefined : commit };
}
function writeFoundNotes({ run }, { target, trigger, query }, { deps: { runner } }) {
    const commit = (0,default_ref/* eventCommit */.ef)(trigger);
    const isEventRef = query.ref !== undefined && query.ref === trigger.ref;
    if (target.search.by !== "ref" || !isEventRef || commit === undefined || run.source.commit === null)
        return;
    if (run.source.commit.toLowerCase() === commit.toLowerCase())
        return;
    const text = `${(0,lib_text/* oneLine */.TN)(run.name)} builds commit ${run.source.commit}, not the event's commit ${commit}.`;
    runner.write([{ type: "notice", text }]);
}
function notFoundText(search, { waitedMs, passedOver, result }) {
    const waited = waitedMs === 0 ? "" : ` after ${(0,time/* durationText */.S5)(waitedMs)}`;
    const suitable = passedOver.size === 0 ? "" : " that is suitable";
    const sentences = [
        `No run of pipeline ${search.pipelineId}${suitable} ${queryText(search)}${waited}.`,
        ...result.runs.flatMap(({ run }) => {
            const objection = passedOver.get(run.id);
            return objection === undefined ? [] : [`${(0,lib_text/* oneLine */.TN)(run.name)} does not count: ${objection}.`];
        }),
        ...(result.isTruncated
            ? ["Only the newest 1,000 runs, and those of the last 30 days, were searched."]
            : []),
    ];
    return sentences.slice(0, 6).join(" ");
}
const maxListedRuns = 5;
function notFoundError(search, outcome) {
    const { runs } = outcome.result;
    const list = runs
        .slice(0, maxListedRuns)
        .map(({ run, trigger }) => {
        const { commit, ref } = run.source;
        const facts = [commit ?? "unknown commit", ref ?? "unknown ref", trigger.reason ?? "unknown reason"];
        return `${run.name}: ${facts.join(", ")}, ${run.result ?? run.status}: ${run.url}`;
    })
        .map(lib_text/* oneLine */.TN);
    const existing = runs.length === 0 ? "The pipeline has no runs." : `The newest runs of the pipeline:\n${list.join("\n")}`;
    return new errors/* ActionError */.lZ("not-found", `${notFoundText(search, outcome)}\n${existing}`, {
        hint: "Raise `find-timeout` if the run is queued later, or see `if-not-found`.",
    });
}


/***/ }),

/***/ 2139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  uS: () => (/* binding */ createHeartbeatTimer),
  e0: () => (/* binding */ createProgressLog)
});

// UNUSED EXPORTS: createHeartbeatLog

// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(4923);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(2372);
;// CONCATENATED MODULE: ./build/core/run-events.js


const emptyEmittedState = { status: undefined, marks: new Map(), stageId: undefined };
/**
 * The events since the previous poll, in the order in which they happened.
 *
 * A mark never decreases, so a response that is older than the previous one adds nothing, and events that began and
 * ended between two polls are reported too. `isLast`: no further poll follows.
 */
function diffSnapshots(seen, run, tree, isLast) {
    const marks = new Map(seen.marks);
    const emitted = [];
    const emit = (key, mark, event) => {
        if ((marks.get(key) ?? 0) >= mark)
            return;
        marks.set(key, mark);
        emitted.push(event);
    };
    for (const check of (0,run_tree/* pipelineChecks */.gy)(tree))
        emitCheck(emit, check, undefined);
    for (const stage of tree.stages)
        emitStage(emit, stage, isLast);
    const { events, stageId } = markStageChanges(sortByTime(emitted), seen.stageId);
    const status = nextStatus(seen.status, run.status);
    if (status !== seen.status) {
        const isEnd = status === "completed";
        const at = (0,time/* parseTime */.pe)(isEnd ? run.finishedAt : run.startedAt);
        events.splice(isEnd ? events.length : 0, 0, { type: "run-status", at, run, status });
    }
    return { seen: { status, marks, stageId }, events };
}
/** A run never returns to the queue; once completed, it can only be restarted by a retry. */
function nextStatus(previous, current) {
    const isQueued = current === "notStarted" || current === "postponed";
    const hasLeftQueue = previous !== undefined && previous !== "notStarted" && previous !== "postponed";
    return isQueued && hasLeftQueue ? previous : current;
}
function emitStage(emit, stage, isLast) {
    const key = (0,run_tree/* attemptKey */.jX)(stage);
    if (stage.result === "manual") {
        // It can still be started until the run ends.
        if (isLast)
            emit(`${key}?`, 1, { type: "stage-not-started", at: undefined, stage });
        return;
    }
    for (const check of stage.checks)
        emitCheck(emit, check, stage);
    const started = startedJobs(stage);
    if (started.length > 0) {
        emit(key, 1, { type: "stage-started", at: earliest(started.map((job) => job.startedAt)), stage });
    }
    emitIssues(emit, stage, { at: (0,time/* parseTime */.pe)(stage.finishedAt), stage, job: undefined, task: undefined });
    const isCompleted = stage.status === "completed";
    // The jobs of a skipped stage don't get a line each; a stage may still be skipped until its first job begins.
    if (started.length > 0 || (isCompleted && stage.result !== "skipped")) {
        for (const job of stage.jobs)
            emitJob(emit, job, stage);
    }
    // A stage ends after its jobs, even if the service reports its end one poll too early.
    if (!isCompleted || !(isLast || stage.jobs.every((job) => job.status === "completed")))
        return;
    const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
    if (stage.result === "skipped" && started.length === 0)
        emit(key, 2, { type: "stage-skipped", at, stage });
    else
        emit(key, 2, { type: "stage-finished", at, stage, durationMs: (0,time/* spanDurationMs */.Fy)(stage) });
}
/**
 * The service reports stages as running while they wait for an approval, so a stage starts with its first job.
 * Jobs that a retry kept from an earlier attempt don't start it again.
 */
function startedJobs(stage) {
    const isCompleted = stage.status === "completed";
    const isCarriedOver = (job) => job.status === "completed" && job.attempt < stage.attempt && !isCompleted;
    return stage.jobs.filter((job) => (0,run_tree/* hasStarted */.gd)(job) && !isCarriedOver(job));
}
function emitJob(emit, job, stage) {
    const key = (0,run_tree/* attemptKey */.jX)(job);
    const isStarted = (0,run_tree/* hasStarted */.gd)(job);
    const end = (0,time/* parseTime */.pe)(job.finishedAt);
    if (isStarted)
        emit(key, 1, { type: "job-started", at: (0,time/* parseTime */.pe)(job.startedAt), stage, job });
    for (const task of job.tasks) {
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
        emit(key, 2, { type: "job-skipped", at: end, stage, job });
    else
        emit(key, 2, { type: "job-finished", at: end, stage, job, durationMs: (0,time/* spanDurationMs */.Fy)(job) });
}
function emitCheck(emit, check, stage) {
    const isCompleted = check.status === "completed" || stage?.status === "completed";
    // Completed before the run waited for it.
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
/** Sorts by time. Events without a time, or with the same time, keep their order. */
function sortByTime(events) {
    let last = 0;
    const timed = events.map((event) => {
        last = event.at ?? last;
        return { event, at: last };
    });
    return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
/** Events of parallel stages are interleaved: marks those whose stage differs from that of the event before. */
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

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(8414);
// EXTERNAL MODULE: ./build/render/run-log.js
var run_log = __webpack_require__(6891);
// EXTERNAL MODULE: ./build/render/status-text.js
var status_text = __webpack_require__(2919);
;// CONCATENATED MODULE: ./build/app/progress-log.js







/** Tells a run in the job's log, from looks that may have missed anything in between. */
function createProgressLog({ logs, deadline }, deps) {
    const { runner, clock } = deps;
    const startedAt = clock.now();
    const heartbeat = createHeartbeatLog({ startedAt, deadline, isPaused: logs.isGroupOpen }, deps);
    const writeEvents = createEventWriter({ logs, deadline, onWrite: heartbeat.reset }, deps);
    let seen = emptyEmittedState;
    let waitStartMs;
    let isUnavailabilityLogged = false;
    /** What only this look did not see the next may show: it is said once that has lasted, or nothing more comes. */
    function logTimelineUnavailable({ timelineUnavailable, isFinal }) {
        if (timelineUnavailable === undefined || isUnavailabilityLogged)
            return;
        if (!timelineUnavailable.isPermanent && !isFinal && !heartbeat.isIdle())
            return;
        isUnavailabilityLogged = true;
        runner.write([
            {
                type: timelineUnavailable.isPermanent ? "warning" : "text",
                text: (0,status_text/* timelineUnavailableText */.dF)(timelineUnavailable),
            },
        ]);
    }
    return {
        isIdle: heartbeat.isIdle,
        hasPending: logs.hasPending,
        remainingMs: heartbeat.remainingMs,
        onPollError: heartbeat.onPollError,
        runHeartbeat: heartbeat.runHeartbeat,
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
/** Tells one event after the other. */
function createEventWriter({ logs, deadline, onWrite }, { runner, clock, approvals }) {
    async function approversOf(event, signal) {
        if (event.type !== "check-started" || event.check.kind !== "approval")
            return [];
        if (event.check.status === "completed")
            return [];
        const fetchApprovers = (timeoutSignal) => approvals.getApprovers(event.check.id, timeoutSignal);
        return await (0,abort/* withDeadline */.NE)(deadline, clock, fetchApprovers, signal).catch((0,errors/* ignoreError */.FZ)("the line does without names", []));
    }
    const writtenWaits = new Set();
    /** Two checks of one stage that read the same are one line. */
    function isRepeatedWait(event, context) {
        if (event.type !== "check-started")
            return false;
        const text = JSON.stringify([
            event.check.attempt,
            (0,run_log/* renderEvent */.N1)({ ...event, at: undefined }, { ...context, elapsedMs: 0 }),
        ]);
        if (writtenWaits.has(text))
            return true;
        writtenWaits.add(text);
        return false;
    }
    return async (events, context, signal) => {
        for (const event of events) {
            const eventContext = { ...context, approvers: await approversOf(event, signal) };
            const lines = isRepeatedWait(event, eventContext) ? [] : (0,run_log/* renderEvent */.N1)(event, eventContext);
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
                : (0,status_text/* outageLine */.o5)({ reason: outage.why, sinceMs: now - outage.since }, context),
        ]);
        timer.beat(now);
    }
    const isIdle = () => wasWrittenBetweenPolls || timer.isDue(clock.now());
    return {
        reset: () => timer.reset(clock.now()),
        setLastResponse: (response, tree) => {
            last = { run: response.run, serviceTime: response.serviceTime, tree, at: clock.now() };
            waitStartMs ??= response.serviceTime;
            outage = undefined;
        },
        writeIfDue: async (signal) => {
            if (!isIdle())
                return;
            wasWrittenBetweenPolls = false;
            const pipelineId = last?.run.pipeline.id ?? null;
            const fetchDurations = (timeoutSignal) => pipelineId === null ? Promise.resolve([]) : pipelines.getPastDurations(pipelineId, timeoutSignal);
            // Not worth a request before somebody has waited for a while, and not worth a second one.
            pastMs ??= await (0,abort/* withDeadline */.NE)(deadline, clock, fetchDurations, signal).catch((0,errors/* ignoreError */.FZ)("the line does without an estimate", []));
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
        return (0,run_log/* timestampedLine */.KQ)("  no look was answered yet; still waiting", context);
    const { run, tree, at, serviceTime = at } = last;
    if (run.status === "completed")
        return (0,run_log/* timestampedLine */.KQ)("  over; still reading what it left behind", context);
    const serviceNow = serviceTime + now - at;
    const runningMs = serviceNow - ((0,time/* parseTime */.pe)(run.startedAt) ?? serviceNow);
    return (0,status_text/* heartbeatLine */.JY)((0,progress/* progressOf */.jA)(tree, run, pastMs, runningMs), { ...context, runUrl: run.url });
}
const heartbeatDelaysMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);
/** A look that comes at the usual interval tells more than a beat in between. */
const toleranceMs = 10_000;
/** Says when silence has lasted long enough: after 1, 2, 4 and then every 5 minutes in which nothing was told. */
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
        /** Something was told. */
        reset: (time) => {
            idleSince = time;
            beats = 0;
        },
    };
}
/** Beats whenever one is overdue, until the signal ends it. */
async function runHeartbeatTimer(timer, { clock, writeStatus }, signal) {
    const msUntilOverdue = () => timer.dueAt() + toleranceMs - clock.now();
    while (!signal.aborted) {
        // A beat that is held back is tried again a second later.
        await clock
            .sleep(Math.max(msUntilOverdue(), 1_000), signal)
            .catch((0,errors/* ignoreError */.FZ)("the loop ends by itself"));
        if (!signal.aborted && msUntilOverdue() <= 0)
            writeStatus();
    }
}


/***/ }),

/***/ 5120:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FV: () => (/* binding */ escapeMarkdown),
/* harmony export */   H8: () => (/* binding */ foldedList),
/* harmony export */   SS: () => (/* binding */ codeSpan),
/* harmony export */   jD: () => (/* binding */ tableRow),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   zW: () => (/* binding */ fencedBlock)
/* harmony export */ });
/* unused harmony export safeUrl */
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);
/* harmony import */ var _lib_url_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(421);


/**
 * Other people's text in our Markdown.
 *
 * Backslashes stop what Markdown's own parser does. What GitHub does to the finished page (mentions, references, emoji
 * names, bare addresses, hashes) looks at the text as it reads. It leaves code alone, so whatever people copy (an
 * address, a GUID, a hash) becomes a code span; in other words a zero-width space breaks the reference, written as an
 * entity so that it shows in a review.
 */
const zeroWidthSpace = "&#8203;";
/** What people copy: URLs, e-mail addresses, GUIDs, and what can be a commit's hash. */
const copiedText = new RegExp([
    String.raw `(?<![a-z\d])(?:[a-z][a-z\d+.-]{0,30}://|www\.)[^\s<>"\x60|\\]+`,
    String.raw `(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}`,
    String.raw `(?<![a-z\d])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![a-z\d])`,
    String.raw `(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{7,40}(?![a-z\d])`,
].join("|"), "gi");
/** What else would mean something to GitHub: @name, #12, GH-12, :name:, x://, www. */
const githubReferences = new RegExp([
    String.raw `@(?=[\p{L}\p{N}_-])`,
    String.raw `#(?=\d)`,
    String.raw `(?<![a-z\d])GH-(?=\d)`,
    String.raw `:(?=//|[\w+-]+:)`,
    String.raw `www(?=\.)`,
    String.raw `(?<![a-z\d])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{3}(?=[\da-f]{4,37}(?![a-z\d]))`,
].join("|"), "giu");
// What opens something anywhere in a line. An underscore within a word does not.
const inlineMarkup = /[\\`*[\]<>|~$]|&(?=#?\w+;)|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu;
// And what does at its beginning: headings, lists, rules, underlines.
const blockMarkup = /^(?:[-+=#]|\d{1,9}[.)](?=\s|$))/;
/** One line of text that shows as it is: no markup, no link, no mention, no HTML, no end of a table's cell. */
function escapeMarkdown(text) {
    const line = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(text);
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
/** A full stop or a closing bracket behind an address belongs to the sentence. */
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
/** Text in a fixed width, where nothing but a backtick means anything. Not for tables: a `|` ends their cells even here. */
function codeSpan(text) {
    const line = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(text);
    if (line === "")
        return "";
    const fence = "`".repeat(longestBacktickRun(line) + 1);
    const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return `${fence}${pad}${line}${pad}${fence}`;
}
/** Lines as they are. The fence is longer than any within; controls and colours are dropped. */
function fencedBlock(lines, language = "text") {
    const clean = lines.flatMap((line) => line.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).map(_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$);
    const fence = "`".repeat(Math.max(3, longestBacktickRun(clean.join("\n")) + 1));
    return `${fence}${language}\n${clean.map((line) => `${line}\n`).join("")}${fence}`;
}
/** A list of items that are Markdown already: so many in the open, the others folded. `title` is plain text. */
function foldedList(items, openCount, title) {
    const [open, folded] = [items.slice(0, openCount), items.slice(openCount)].map((part) => part.join("\n"));
    if (!folded)
        return open ?? "";
    return [open, `<details><summary>${title}</summary>`, folded, "</details>"].join("\n\n");
}
/** A row of cells that are Markdown already. */
function tableRow(cells) {
    return `| ${cells.join(" | ")} |`;
}
/** A link where the address is one to trust a click with, else the text alone. `text` is escaped here. */
function link(text, url) {
    const label = escapeMarkdown(text) || "no name";
    const address = safeUrl(url);
    return address === undefined ? label : `[${label}](${address})`;
}
/** `https:`, or `http:` on this machine; encoded so that nothing in it ends a link or a cell. */
function safeUrl(url) {
    if (url === undefined || !URL.canParse(url))
        return undefined;
    const parsed = new URL(url);
    const pathAndQuery = `${parsed.pathname}${parsed.search}${parsed.hash}`;
    if (parsed.protocol !== "https:" && !(0,_lib_url_js__WEBPACK_IMPORTED_MODULE_1__/* .isHttpLoopback */ .M)(parsed))
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


/***/ }),

/***/ 6891:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KQ: () => (/* binding */ timestampedLine),
/* harmony export */   N1: () => (/* binding */ renderEvent),
/* harmony export */   WN: () => (/* binding */ countsText)
/* harmony export */ });
/* harmony import */ var _core_issue_locations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(564);
/* harmony import */ var _core_progress_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4923);
/* harmony import */ var _core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2372);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4869);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1527);
/* harmony import */ var _labels_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5542);






/** What an event looks like in the log: a line, or none where another line tells it. */
function renderEvent(event, context) {
    const text = eventText(event, context);
    return text === undefined ? [] : [timestampedLine(text, context, event.at)];
}
function eventText(event, context) {
    switch (event.type) {
        case "run-status":
            if (event.status === "notStarted")
                return event.run.isPipelinePaused
                    ? yellow("⏸ In the queue: the pipeline is paused, so none of its runs starts")
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
        // Issues become annotations, tasks become logs.
        case "issue":
        case "task-finished":
            return undefined;
    }
}
/** `' 2:41  '` and the text. `at` is a moment of the service's clock. */
function timestampedLine(text, { elapsedMs, waitStartMs }, at) {
    const eventMs = at === undefined || waitStartMs === undefined ? elapsedMs : at - waitStartMs;
    const clock = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .clockText */ .Yi)(Math.min(Math.max(0, eventMs), elapsedMs));
    return { type: "text", text: `${clock.padStart(5)}  ${text}` };
}
/** A job that nobody named, alone in a stage that somebody did, is told by the stage's lines. */
function jobLineText({ stage }, text) {
    if (isUnnamed(stage))
        return text;
    return representsJob(stage) ? undefined : `  ${text}`;
}
function representsJob({ jobs }) {
    return jobs.length === 1 && jobs.every(isUnnamed);
}
function jobName({ stage, job, isStageSwitch }) {
    const name = isStageSwitch === true && !isUnnamed(stage) ? (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__/* .nodePath */ .Ie)(stage, job) : (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__/* .jobTitle */ .a9)(job);
    return `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name)}${attemptText(job)}`;
}
function nodeTitle(node) {
    return `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(node.displayName ?? node.name)}${attemptText(node)}`;
}
function attemptText({ attempt }) {
    return attempt > 1 ? ` (attempt ${attempt})` : "";
}
function workerText({ worker }) {
    return worker === null ? "" : ` · ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(worker)}`;
}
function isUnnamed(node) {
    return node.displayName === undefined;
}
/** Counts are told once: with the job, not again with its stage. */
function finishText(name, { stage, job, durationMs }, countedNode) {
    const { result } = job ?? stage;
    const took = durationMs === undefined ? "" : (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(durationMs);
    const isCanceled = result === "canceled" || result === "abandoned";
    const ending = isCanceled ? `${result}${took && ` after ${took}`}` : took;
    // One error is what a failure is made of.
    const hidesCounts = countedNode === undefined ||
        (result === "failed" && countedNode.errors <= 1 && countedNode.warnings === 0);
    const counts = hidesCounts ? "" : countsText(countedNode);
    const text = `${result === null ? "■" : _labels_js__WEBPACK_IMPORTED_MODULE_2__/* .resultSymbols */ .FQ[result]} ${[name, ending].filter(Boolean).join(" ")}${counts && `, ${counts}`}`;
    if (result === "failed")
        return red(text);
    return isCanceled || result === "succeededWithIssues" ? yellow(text) : text;
}
/** `1 error, 2 warnings`; nothing where there are none. */
function countsText({ errors, warnings }) {
    const parts = [
        errors > 0 ? (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .counted */ .hS)(errors, "error") : "",
        warnings > 0 ? (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .counted */ .hS)(warnings, "warning") : "",
    ];
    return parts.filter(Boolean).join(", ");
}
function completedChecksText(stage) {
    const completed = (0,_core_progress_js__WEBPACK_IMPORTED_MODULE_5__/* .waitTimesBetween */ .OR)(stage.checks).map(({ kind, ms }) => `${_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .completedCheckLabels */ .zp[kind]} ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(ms)}`);
    return completed.length === 0 ? "" : `, ${completed.join(", ")}`;
}
function checkText(check, stage, context) {
    const subject = stage === undefined || isUnnamed(stage) ? "The run" : nodeTitle(stage);
    if (check.status === "completed") {
        const isShort = ((0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .spanDurationMs */ .Fy)(check) ?? 0) < _core_progress_js__WEBPACK_IMPORTED_MODULE_5__/* .minReportedWaitMs */ .PX;
        return isShort ? undefined : yellow(`⏸ ${subject} waited for ${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .checkLabel */ .v8)(check)}`);
    }
    const { approvers = [] } = context;
    const approverText = approvers.length > 0 ? ` by ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .listed */ .KE)(approvers.map(_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN))}` : "";
    const action = _labels_js__WEBPACK_IMPORTED_MODULE_2__/* .checkActions */ .mZ[check.kind];
    const instruction = action === undefined ? `See ${context.runUrl}` : `${action} at ${context.runUrl}`;
    const text = `⏸ ${subject} waits for ${(0,_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .checkLabel */ .v8)(check)}${approverText}${olderThanWaitText(check, context)}.`;
    return `${yellow(text)} ${instruction}`;
}
/** A wait that began well before the step came to it has no time of its own in the log. */
function olderThanWaitText({ startedAt }, { waitStartMs }) {
    const start = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .parseTime */ .pe)(startedAt);
    const ageMs = start === undefined || waitStartMs === undefined ? 0 : waitStartMs - start;
    return ageMs < 60_000 ? "" : `, for ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(ageMs)} already`;
}
/** What was given is told with the start of its stage; what was refused, here. */
function rejectedCheckText(check, stage) {
    if (check.result !== "failed")
        return undefined;
    const took = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .spanDurationMs */ .Fy)(check);
    const after = took === undefined ? "" : ` after ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(took)}`;
    const prefix = stage === undefined || isUnnamed(stage) ? "" : `${nodeTitle(stage)}: `;
    return red(`✘ ${prefix}${_core_issue_locations_js__WEBPACK_IMPORTED_MODULE_0__/* .failedCheckTexts */ .Oy[check.kind]}${after}`);
}
/** Colour for what has to be found when scrolling, and for nothing else. Host and viewer pass SGR codes. */
const red = (text) => `\u001B[31m${text}\u001B[0m`;
const yellow = (text) => `\u001B[33m${text}\u001B[0m`;


/***/ }),

/***/ 2919:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $I: () => (/* binding */ activityText),
/* harmony export */   JY: () => (/* binding */ heartbeatLine),
/* harmony export */   QT: () => (/* binding */ isStillRunning),
/* harmony export */   dF: () => (/* binding */ timelineUnavailableText),
/* harmony export */   iP: () => (/* binding */ unfinishedRunText),
/* harmony export */   nt: () => (/* binding */ verdictText),
/* harmony export */   o5: () => (/* binding */ outageLine),
/* harmony export */   w5: () => (/* binding */ unpolledRunText)
/* harmony export */ });
/* harmony import */ var _core_progress_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4923);
/* harmony import */ var _core_run_tree_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2372);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4869);
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1527);
/* harmony import */ var _labels_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5542);
/* harmony import */ var _run_log_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6891);
/* harmony import */ var _run_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8182);







/** Where things stand when nothing has changed for a while. */
function heartbeatLine(progress, context) {
    const { waitStartMs, elapsedMs } = context;
    const nowMs = waitStartMs === undefined ? undefined : waitStartMs + elapsedMs;
    const activity = progressText(progress, nowMs);
    const parts = [`still ${activity}`, doneText(progress), remainingText(progress)].filter(Boolean);
    return (0,_run_log_js__WEBPACK_IMPORTED_MODULE_2__/* .timestampedLine */ .KQ)(`  ${parts.join(" · ")}`, context);
}
/** While the service is not heard of. */
function outageLine({ reason, sinceMs }, context) {
    const text = `  no good answer for ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(sinceMs)} (${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(reason)}); still trying`;
    return (0,_run_log_js__WEBPACK_IMPORTED_MODULE_2__/* .timestampedLine */ .KQ)(text, context);
}
/** While, or where for good, a run is seen without what is in it. */
function timelineUnavailableText({ reason }) {
    const sentence = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(reason);
    return `Stages and jobs are not told in full: ${sentence}${/[.!?…]$/.test(sentence) ? "" : "."}`;
}
/** For the end of a wait that came too soon: `waiting for approval of Staging`, `running Compile and Lint`. */
function activityText(run, tree) {
    return progressText((0,_core_progress_js__WEBPACK_IMPORTED_MODULE_5__/* .progressOf */ .jA)(tree, run, [], 0));
}
/** Whether the run is still under way for all that is known: what it waits for can then be given. */
function isStillRunning({ run, verdict: { kind, cancelOutcome }, }) {
    return run.status !== "completed" && (cancelOutcome?.isStillRunning ?? kind !== "error");
}
/**
 * What became of a run that has not come to its end, and how it stood: `The run was left running. Still running Compile.` Blank for
 * one that has, or where the verdict says it.
 */
function unfinishedRunText(report) {
    const { run, tree, verdict } = report;
    const text = run.status === "completed" ? "" : activityText(run, tree);
    if (text === "" || text === verdict.text)
        return "";
    const status = isStillRunning(report) ? `Still ${text}.` : `It was ${text} when it was last seen.`;
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
                `waiting for ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)([...new Set(checks.map((check) => pendingCheckText(check) + age(check.startedAt)))])}`,
            ]
            : []),
        ...(running.length > 0
            ? [`running ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(running.map((entry) => jobLabel(entry, running) + age(entry.job.startedAt)))}`]
            : []),
    ];
    if (parts.length > 0)
        return parts.join("; ");
    if (queuedFor !== undefined)
        return queueTexts[queuedFor];
    if (awaitingAgent.length > 0)
        return `waiting for an agent for ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .listed */ .KE)(awaitingAgent.map((entry) => jobLabel(entry, awaitingAgent)))}`;
    return "under way";
}
/** A job's name is enough while all the jobs are of one stage. */
function jobLabel({ stage, job }, jobs) {
    const isSingleStage = jobs.every((other) => other.stage === stage);
    return (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(isSingleStage ? (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_6__/* .jobTitle */ .a9)(job) : (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_6__/* .nodePath */ .Ie)(stage, job));
}
function pendingCheckText(check) {
    const { kind, stageTitle } = check;
    const label = (0,_labels_js__WEBPACK_IMPORTED_MODULE_1__/* .checkLabel */ .v8)(check);
    if (stageTitle === undefined)
        return label;
    const isInside = kind === "authorization" || kind === "manual-validation" || kind === "delay";
    return `${label}${isInside ? " in" : " of"} ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(stageTitle)}`;
}
function ageText(startedAt, nowMs) {
    const startMs = (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .parseTime */ .pe)(startedAt);
    return startMs === undefined || nowMs === undefined || nowMs < startMs
        ? ""
        : ` (${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(nowMs - startMs)})`;
}
function doneText({ jobsDone, jobsKnown }) {
    return jobsKnown < 2 ? "" : `${jobsDone} of ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(jobsKnown, "job")} done`;
}
function remainingText({ remainingMs, typicalMs, queuedFor }) {
    if (remainingMs === undefined || typicalMs === undefined)
        return "";
    const usual = `usually ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .approximateDurationText */ .WX)(typicalMs)}`;
    if (queuedFor !== undefined)
        return usual;
    return remainingMs > 0
        ? `${usual}, about ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .approximateDurationText */ .WX)(remainingMs)} left`
        : `longer than the usual ${(0,_lib_time_js__WEBPACK_IMPORTED_MODULE_4__/* .durationText */ .S5)(typicalMs)}`;
}
/** The one sentence or two that a commit status has room for, told from where they matter most: which run, how, why. */
function verdictText(report) {
    const { run, tree, verdict, causes } = report;
    const { kind, text } = verdict;
    if (run.status !== "completed")
        return `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(run.name)}: ${text}. ${unfinishedRunText(report)}`.trim();
    if (kind === "succeeded")
        return (0,_run_text_js__WEBPACK_IMPORTED_MODULE_3__/* .outcomeText */ .EL)(run, tree);
    const isRunFailure = kind === "failed" || run.result === "canceled";
    return isRunFailure ? (0,_run_text_js__WEBPACK_IMPORTED_MODULE_3__/* .failureText */ .kY)(run, causes) : `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(run.name)}: ${text}.`;
}
/** The same of a run that no look has shown. */
function unpolledRunText(name, { text, cancelOutcome }) {
    return [`${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name)}: ${text}.`, cancelOutcome?.text].filter(Boolean).join(" ");
}


/***/ })

};
