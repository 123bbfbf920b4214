export const id = 633;
export const ids = [633];
export const modules = {

/***/ 2470:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ annotate),
/* harmony export */   y: () => (/* binding */ annotateTests)
/* harmony export */ });
/* harmony import */ var _core_annotations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3208);
/* harmony import */ var _core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2454);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9987);
/* harmony import */ var _render_failures_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(382);
/* harmony import */ var _render_tests_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9156);





/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const maxAnnotations = 10;
/** The run's own issues as annotations of the step, which has given warnings of its own. */
async function annotate({ run, tree }, context, { isSuccess = false, reservedWarnings = 0 } = {}) {
    const { runner } = context.deps;
    const warnings = remaining("warning", context, reservedWarnings);
    const limits = { errors: remaining("error", context, 1), warnings, isSuccess };
    const lines = (0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_2__/* .annotationLines */ .b)((0,_core_annotations_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run, limits), await pathReader(run, context));
    runner.write(lines.map(_render_failures_js__WEBPACK_IMPORTED_MODULE_3__/* .withPlace */ .q));
}
/** Failed tests as annotations, as many as the step has left. */
async function annotateTests(tests, run, context, { isSuccess, reservedErrors }) {
    if (tests === undefined || tests.failures.length === 0)
        return;
    const type = isSuccess ? "warning" : "error";
    const failures = tests.failures.slice(0, remaining(type, context, isSuccess ? 0 : reservedErrors));
    context.deps.runner.write((0,_render_tests_js__WEBPACK_IMPORTED_MODULE_4__/* .testAnnotations */ .n)({ failures, type }, await pathReader(run, context)));
}
function remaining(type, { deps: { runner } }, reserved) {
    return Math.max(0, maxAnnotations - runner.annotationCount(type) - reserved);
}
/** A line in a file of another commit or repository would be a line of another file. */
async function pathReader(run, { deps: { runner }, trigger }) {
    const isEventCommit = (0,_core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__/* .sourceOrigin */ .UO)(await trigger(), run) === "event-commit";
    return (path) => (isEventCommit ? runner.repositoryPath(path) : undefined);
}


/***/ }),

/***/ 3538:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bt: () => (/* binding */ createCommitReports),
/* harmony export */   H5: () => (/* binding */ savePendingReport),
/* harmony export */   SN: () => (/* binding */ restorePendingReport)
/* harmony export */ });
/* harmony import */ var _core_annotations_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3208);
/* harmony import */ var _core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2454);
/* harmony import */ var _lib_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(292);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9987);
/* harmony import */ var _render_status_text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2919);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6695);
/* harmony import */ var _render_tests_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9156);







/** Calls back with the last word before it is sent, and with how far that has come. */
function createCommitReports(reporters, { project, trigger }, { onClosed, onPending }) {
    let trackedRun;
    let isPending = false;
    const closeAll = async (report, signal) => {
        if (reporters.length === 0)
            return;
        // A sign that says that the run goes on is no last word.
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
            await closeAll(finalReport(report, (0,_core_report_commit_js__WEBPACK_IMPORTED_MODULE_1__/* .sourceOrigin */ .UO)(await trigger(), report.run)), signal);
        },
        closeUnpolled: async (verdict, signal) => {
            if (trackedRun !== undefined)
                await closeAll(unpolledReport(trackedRun, verdict.kind, (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .unpolledRunText */ .w5)(trackedRun.name, verdict)), signal);
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
    const text = (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .activityText */ .$I)(run, tree);
    const verdict = { kind: "running", text };
    const pipeline = run.pipeline.name ?? "pipeline";
    return toCommitReport({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}
function finalReport(report, origin) {
    // A run that is left to itself is not decided: whoever follows it next closes its signs.
    const annotations = report.verdict.kind === "running" || origin === "elsewhere" ? [] : fileAnnotations(report);
    return { ...toCommitReport(report, (0,_render_status_text_js__WEBPACK_IMPORTED_MODULE_4__/* .verdictText */ .nt)(report)), annotations };
}
function toCommitReport(report, text) {
    const { run, verdict } = report;
    return {
        kind: verdict.kind,
        title: text,
        summary: (limitBytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_5__/* .renderSummary */ .Br)(report, limitBytes),
        annotations: [],
        runUrl: run.url,
        runId: run.id,
        startedAt: run.startedAt ?? undefined,
        description: text,
    };
}
/** They hang on a commit, not on this job's workspace, which often holds no checkout at all. */
function fileAnnotations({ run, tree, verdict, tests }) {
    const noLimits = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
    const isSuccess = verdict.kind === "succeeded";
    const issues = (0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .annotationLines */ .b)((0,_core_annotations_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run, { ...noLimits, isSuccess }), (path) => path);
    const failures = tests?.failures ?? [];
    const type = isSuccess ? "warning" : "error";
    return [...issues.filter(isAnnotation), ...(0,_render_tests_js__WEBPACK_IMPORTED_MODULE_6__/* .testAnnotations */ .n)({ failures, type }, (path) => path)];
}
function isAnnotation(line) {
    return line.type === "error" || line.type === "warning";
}
const pendingReportKey = "pendingReport";
/** The step's state travels in the environment. */
const maxSummaryBytes = 4_000;
const maxTitleLength = 1_000;
/** Hidden here: the post step does not know all that was masked. */
function savePendingReport(runner, { report, reporters }) {
    const redactedReport = {
        ...report,
        title: runner.redactRendered(report.title).slice(0, maxTitleLength),
        summary: runner.redactRendered(report.summary(maxSummaryBytes)),
        description: runner.redactRendered(report.description).slice(0, maxTitleLength),
        annotations: [],
    };
    runner.saveState(pendingReportKey, JSON.stringify({ report: redactedReport, reporters }));
}
/** What another program has written, or nothing at all, is no report. */
function restorePendingReport(runner) {
    const { report, reporters } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(runner.getState(pendingReportKey)));
    const { summary } = (0,_lib_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(report);
    if (typeof summary !== "string" || !Array.isArray(reporters))
        return undefined;
    return { report: { ...report, summary: () => summary }, reporters };
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

/***/ 1280:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cz: () => (/* binding */ createClosingObserver),
/* harmony export */   _I: () => (/* binding */ noFindings),
/* harmony export */   mQ: () => (/* binding */ createFindingsReader)
/* harmony export */ });
/* harmony import */ var _core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8352);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);
/* harmony import */ var _lib_abort_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8414);



const noFindings = { tests: undefined, artifacts: undefined, baseline: undefined };
function createFindingsReader({ summary, checkRun }, deps) {
    const isReported = summary || checkRun !== undefined;
    let hasPrefetched = false;
    let findings;
    const request = (snapshot, signal) => {
        findings ??= fetchFindings(snapshot, deps, signal);
        findings.catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ignoreError */ .FZ)("it is thrown where they are awaited"));
        return findings;
    };
    return {
        prefetch: (snapshot, signal) => {
            if (isReported && !hasPrefetched)
                void request(snapshot, signal);
            hasPrefetched = true;
        },
        discard: () => {
            findings = undefined;
        },
        read: async (snapshot, signal) => {
            if (!isReported || snapshot.run.status !== "completed")
                return noFindings;
            return await request(snapshot, signal);
        },
    };
}
/** They are worth no retry: a step that needs the artifacts requests them again. */
const optionalCall = { retryForMs: 0, timeoutMs: 5_000, isOptional: true };
/** Test results become available a little after the run's end. */
const recentMs = 30_000;
async function fetchFindings(snapshot, { testResults, artifacts: artifactLists, runLists, clock }, signal) {
    const { run } = snapshot;
    const hasJustFinished = ((0,_core_run_snapshot_js__WEBPACK_IMPORTED_MODULE_1__/* .msSinceFinished */ .L)(snapshot) ?? recentMs) < recentMs;
    const orUndefined = () => {
        signal.throwIfAborted();
        return undefined;
    };
    // A long Retry-After is not worth waiting for.
    const options = { ...optionalCall, deadline: clock.now() + optionalCall.timeoutMs };
    const fetchBaseline = async () => run.result === "failed" || run.result === "partiallySucceeded"
        ? await (0,_lib_abort_js__WEBPACK_IMPORTED_MODULE_2__/* .withDeadline */ .NE)(options.deadline, clock, (end) => runLists.getBaseline(run, options, end), signal)
        : undefined;
    const [tests, artifacts, baseline] = await Promise.all([
        testResults.getCounts({ runId: run.id, hasJustFinished }, signal).catch(orUndefined),
        artifactLists.list(run.id, options, signal).catch(orUndefined),
        fetchBaseline().catch(orUndefined),
    ]);
    return { tests, artifacts, baseline };
}
/** Sends at once what is requested only at the end: the last records are read, and the last logs shown, meanwhile. */
function createClosingObserver({ logs, findings }) {
    return {
        update: (update, signal) => {
            if (!update.isFinal)
                return findings.discard();
            void findings.read(update, signal).catch((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ignoreError */ .FZ)("it is thrown where they are awaited"));
            logs.onLastRecords(signal);
        },
    };
}


/***/ }),

/***/ 1225:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Iv: () => (/* binding */ publishSummary),
/* harmony export */   _z: () => (/* binding */ writeInitialSummaryFile),
/* harmony export */   s6: () => (/* binding */ summarizeUnpolledRun)
/* harmony export */ });
/* harmony import */ var _core_failures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31);
/* harmony import */ var _core_run_tree_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2372);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6695);
/* harmony import */ var _run_findings_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1280);




/** Writes the job's summary and brings check run and commit status to their end. */
async function publishSummary(snapshot, { verdict, findings = _run_findings_js__WEBPACK_IMPORTED_MODULE_2__/* .noFindings */ ._I }, { inputs, deps, logs, reports }, signal) {
    if (!deps.stepState.tryFinalize())
        return;
    const report = createReport(snapshot, { verdict, findings }, { inputs, logs });
    if (inputs.summary)
        await deps.runner.addSummary((bytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .renderSummary */ .Br)(report, bytes));
    writeSummaryFile((bytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .renderSummary */ .Br)(report, bytes), deps);
    await reports.close(report, signal);
}
/** Writes the summary of a run that the step does not wait for: there is little to tell. */
async function summarizeUnpolledRun(run, { inputs, deps }) {
    const markdown = unpolledRunMarkdown(run, inputs);
    writeSummaryFile(() => markdown, deps);
    if (inputs.summary)
        await deps.runner.addSummary(() => markdown);
}
/** Writes what is known of a run before its first poll, so that `summary-file` exists however the step ends. */
function writeInitialSummaryFile(run, { inputs, deps }) {
    writeSummaryFile(() => unpolledRunMarkdown(run, inputs), deps);
}
function writeSummaryFile(renderMarkdown, { runner, outputs }) {
    const path = runner.writeSummaryFile(renderMarkdown);
    if (path !== undefined)
        outputs.set({ "summary-file": path });
}
function unpolledRunMarkdown(run, { projectRef, target }) {
    const pipeline = run.pipelineName ?? pipelineLabel(target);
    return (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .unpolledRunSummary */ .p8)({ project: projectRef.project, pipeline, run, isStarted: !run.isExternal });
}
/** What the inputs call the pipeline. */
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
        causes: (0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .rootCauses */ .FQ)(tree, run),
        excerpts: logs.excerpts(),
        tests: findings.tests,
        baseline: verdict.kind === "succeeded" ? undefined : findings.baseline,
        artifacts: findings.artifacts?.map(({ name, size }) => ({
            name,
            bytes: size,
            url: (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_3__/* .artifactsUrl */ .N6)(run.url),
        })),
    };
}


/***/ }),

/***/ 5633:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  T: () => (/* binding */ createTrackingContext),
  trackRun: () => (/* binding */ trackRun)
});

// EXTERNAL MODULE: ./build/core/build-run-tree.js + 1 modules
var build_run_tree = __webpack_require__(1598);
// EXTERNAL MODULE: ./build/core/condition.js + 1 modules
var core_condition = __webpack_require__(4217);
// EXTERNAL MODULE: ./build/core/run-document.js
var run_document = __webpack_require__(233);
// EXTERNAL MODULE: ./build/errors.js
var build_errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/lib/abort.js
var abort = __webpack_require__(8414);
// EXTERNAL MODULE: ./build/render/labels.js
var labels = __webpack_require__(5542);
// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __webpack_require__(9508);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
;// CONCATENATED MODULE: ./build/app/artifacts.js




/** Progress is logged each time that so much more has come, or after so long. */
const progressBytes = 100 * 1024 * 1024;
const progressMs = 30_000;
const minLoggedWaitMs = 5_000;
/**
 * Fetches the artifacts that the step asked for: their values as outputs, their files into folders. One that can't be
 * had doesn't stop the others; the error names each.
 */
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
/** The code is the first one's. */
function combineErrors(first, errors) {
    const hints = new Set(errors.flatMap(({ hint }) => hint ?? []));
    return new build_errors/* ActionError */.lZ(first.code, errors.map(({ message }) => message).join("\n"), {
        hint: [...hints].join("\n"),
        cause: first,
    });
}
/** Says why nothing is fetched of a run that goes on, to those who asked for something. */
function logSkippedDownload(inputs, runner) {
    if (!requestsArtifacts(inputs))
        return;
    const text = "No artifacts were fetched: they are fetched only once the run is completed.";
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
    for (const [name] of entries) {
        try {
            (0,output_values/* checkOutputName */.tq)(name);
        }
        catch (error) {
            throw new build_errors/* ActionError */.lZ("bad-input", `outputs-artifact: ${(0,build_errors/* reasonOf */.A3)(error)}`);
        }
    }
    // GitHub takes names in upper and lower case for one.
    const mappedNames = new Set(inputs.mapOutputs.map(({ name }) => name.toLowerCase()));
    const isMapped = ([name]) => mappedNames.has(name.toLowerCase());
    const clashes = entries.filter(isMapped).map(([name]) => (0,lib_text/* oneLine */.TN)(name));
    if (clashes.length > 0) {
        const text = `outputs-artifact: ${clashes.join(", ")} was not set, since \`map-outputs\` sets an output of that name.`;
        runner.write([{ type: "warning", text }]);
    }
    outputs.set(Object.fromEntries(entries.filter((entry) => !isMapped(entry))));
}
/** What nobody asked for by name, and can't be downloaded, is no failure. */
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
    const text = `${folder} already held files: those that the artifact does not have are still there.`;
    runner.write([{ type: "warning", text }]);
}
/** Logs how far a large or slow download has come. */
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
/** Says what a download waits for, unless it is over in a moment. */
function createWaitLogger({ name }, runner) {
    return (waitMs, reason) => {
        if (waitMs < minLoggedWaitMs)
            return;
        const text = `Retrying artifact ${(0,lib_text/* quotedName */.aH)(name)} in ${(0,time/* durationText */.S5)(waitMs)}: ${(0,lib_text/* oneLine */.TN)(reason)}.`;
        runner.write([{ type: "text", text }]);
    };
}
/** The artifacts that a list of names means; `*` means all of them. Each once. */
function selectArtifacts(requested, available) {
    const names = new Set(requested);
    const found = available.filter(({ name }) => names.has("*") || names.has(name));
    const missing = [...names].filter((name) => name !== "*" && !available.some((artifact) => artifact.name === name));
    return { found, missing };
}
/** What is missing, and what there is instead. */
function missingArtifactsMessage(missing, available) {
    const what = `The run has no artifact ${missing.map(lib_text/* quotedName */.aH).join(" or ")}`;
    if (available.length === 0)
        return `${what}; it has none at all.`;
    const names = available.map(({ name }) => (0,lib_text/* quotedName */.aH)(name));
    return `${what}; it has ${(0,lib_text/* listed */.KE)(names, 20)}.`;
}

// EXTERNAL MODULE: ./build/app/commit-report.js
var commit_report = __webpack_require__(3538);
// EXTERNAL MODULE: ./build/core/failures.js
var failures = __webpack_require__(31);
// EXTERNAL MODULE: ./build/render/run-text.js
var run_text = __webpack_require__(8182);
// EXTERNAL MODULE: ./build/render/status-text.js
var status_text = __webpack_require__(2919);
// EXTERNAL MODULE: ./build/app/annotate.js
var annotate = __webpack_require__(2470);
// EXTERNAL MODULE: ./build/app/cancel-run.js
var cancel_run = __webpack_require__(3596);
// EXTERNAL MODULE: ./build/app/outputs.js
var outputs = __webpack_require__(5802);
// EXTERNAL MODULE: ./build/app/step-summary.js
var step_summary = __webpack_require__(1225);
;// CONCATENATED MODULE: ./build/app/finish-step.js












/** Decides how the step ends, downloads what was asked for, and reports both in summary, check and log. */
async function finishStep(result, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run, tree, document } = result;
    const isCompleted = run.status === "completed";
    // Requested at once, and awaited only where it is needed.
    const pendingFindings = tracking.findings.read(result, signal);
    pendingFindings.catch((0,build_errors/* ignoreError */.FZ)("it is thrown where they are awaited"));
    const condition = (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, document);
    const isSuccess = condition.holds;
    const isTimeout = result.end !== "reached" && !isCompleted;
    if (isCompleted || !(isSuccess || isTimeout))
        await logs.finish({ run, tree, isSuccess }, signal);
    if (!isCompleted)
        logSkippedDownload(inputs, deps.runner);
    (0,outputs/* setAllOutputs */.u8)(document, tracking);
    if (isTimeout)
        return await finishAfterTimeout(result, tracking, signal);
    const cancelOutcome = isCompleted || inputs.onStop === "leave" ? undefined : await cancelAfterStop(run, tracking, signal);
    const findings = await pendingFindings;
    const actionError = (isCompleted
        ? await downloadRequestedArtifacts({ result, isSuccess, findings }, tracking, signal)
        : undefined) ?? conditionError(condition, run);
    const conditionText = isSuccess ? "reached what was waited for" : "did not reach what was waited for";
    const { beforeRetry } = result;
    const attemptText = beforeRetry === undefined ? "" : ` on attempt ${document.attempt}`;
    const outcomeText = `${(0,labels/* resultText */.D6)(run) ?? conditionText}${attemptText}`;
    const text = actionError === undefined ? outcomeText : `${outcomeText}, and the action gave up (${actionError.code})`;
    const kind = actionError !== undefined
        ? "error"
        : isSuccess
            ? "succeeded"
            : run.result === "canceled"
                ? "canceled"
                : "failed";
    if (isSuccess && beforeRetry !== undefined)
        warnAboutRetry(beforeRetry, document.attempt, deps.runner);
    await (0,step_summary/* publishSummary */.Iv)(result, { verdict: { kind, text, cancelOutcome }, findings }, tracking, signal);
    await (0,annotate/* annotate */.f)(result, tracking, { isSuccess });
    signal.throwIfAborted();
    const failure = [
        (0,run_text/* failureMessage */.oh)(run, (0,failures/* rootCauses */.FQ)(tree, run)),
        ...(run.result === "partiallySucceeded" && (0,core_condition/* isDefaultCondition */.zK)(inputs.successWhen)
            ? [acceptanceHint]
            : []),
    ].join("\n");
    const annotateFailedTests = (reservedErrors) => (0,annotate/* annotateTests */.y)(findings.tests, run, tracking, { isSuccess, reservedErrors });
    if (actionError !== undefined) {
        await annotateFailedTests(1);
        throw isSuccess ? actionError : finish_step_combineErrors(failure, actionError);
    }
    if (isSuccess) {
        await annotateFailedTests(0);
        logs.writeExcerpts();
        deps.runner.write([{ type: "text", text: (0,run_text/* successLine */.CR)(run, tree, awaitedStages(inputs)) }]);
        return "succeeded";
    }
    deps.runner.write([{ type: "error", text: failure }]);
    // Behind the verdict: GitHub shows the first ten errors of a step.
    await annotateFailedTests(0);
    logs.writeExcerpts();
    deps.runner.write([{ type: "text", text: (0,run_text/* failureLine */.Pu)(run, (0,failures/* rootCauses */.FQ)(tree, run)) }]);
    return "failed";
}
/** The stages that the wait was about, where the default conditions decide; empty for the run. */
function awaitedStages({ target, successWhen }) {
    return target.kind === "start" || !(0,core_condition/* isDefaultCondition */.zK)(successWhen) ? [] : target.stagesToStart;
}
const acceptanceHint = "To accept such a run, set `success-when: contains(['succeeded', 'partiallySucceeded'], result)`.";
/** A run that passed on a retry is flaky: the warning stays. */
function warnAboutRetry({ run, tree }, attempt, runner) {
    const first = (0,run_text/* failureText */.kY)(run, (0,failures/* rootCauses */.FQ)(tree, run));
    runner.write([{ type: "warning", text: `Passed only on attempt ${attempt}. Before the retry: ${first}` }]);
}
/** `on-stop: cancel` of a run that is still going. The verdict doesn't depend on it. */
async function cancelAfterStop({ id }, tracking, signal) {
    const outcome = await (0,cancel_run/* cancelAsConfigured */.pj)(id, "on-stop", tracking, signal);
    tracking.deps.runner.write([{ type: outcome.isStillRunning ? "warning" : "text", text: outcome.text }]);
    return outcome;
}
/** Without a value, `success-when` says nothing about the run. */
function conditionError({ problem, isNull }, run) {
    if (problem === undefined && !isNull)
        return undefined;
    const reason = problem ?? "it has no value for this run";
    return new build_errors/* ActionError */.lZ("bad-input", `success-when could not be evaluated: ${reason}. ${run.url}`, {
        hint: "Correct `success-when`: it must yield true or false for the output `run`.",
    });
}
/** A run that failed, and an error of the action's own: one error, with the code of the latter. */
function finish_step_combineErrors(failure, actionError) {
    const { code, hint } = actionError;
    return new build_errors/* ActionError */.lZ(code, `${failure}\n${actionError.message}`, { hint, cause: actionError });
}
/** Artifacts: what goes wrong with them is told after everything else has been. */
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
/** Ends a wait that took too long, as `on-timeout` says, and says what the run was still waiting for. */
async function finishAfterTimeout(lastState, tracking, signal) {
    const { inputs, deps, logs } = tracking;
    const { run } = lastState;
    const isQueued = lastState.end === "queued-too-long";
    const elapsed = (0,time/* durationText */.S5)((isQueued ? inputs.queueTimeoutMs : inputs.timeoutMs) ?? 0);
    const activity = "tree" in lastState ? `still ${(0,status_text/* activityText */.$I)(lastState.run, lastState.tree)}` : "no poll was answered";
    const statusText = isQueued
        ? `Nothing of ${run.name} has run after ${elapsed} in the queue: ${activity}.`
        : `${run.name} was not completed after ${elapsed}: ${activity}.`;
    const publish = async (verdict) => {
        if ("tree" in lastState)
            await (0,step_summary/* publishSummary */.Iv)(lastState, { verdict }, tracking, signal);
        else
            await tracking.reports.closeUnpolled(verdict, signal);
        signal.throwIfAborted();
    };
    if (inputs.onTimeout === "leave") {
        await publish({ kind: "running", text: `left running after ${elapsed}` });
        if ("tree" in lastState)
            await (0,annotate/* annotate */.f)(lastState, tracking, { isSuccess: true, reservedWarnings: 1 });
        deps.runner.write([
            { type: "warning", text: `${statusText} The run was left running (on-timeout: leave). ${run.url}` },
        ]);
        logs.writeExcerpts();
        deps.runner.write([{ type: "text", text: (0,run_text/* leftLine */.s6)(run, elapsed) }]);
        return "left";
    }
    const cancelOutcome = inputs.onTimeout === "cancel"
        ? await (0,cancel_run/* cancelAsConfigured */.pj)(run.id, "on-timeout", tracking, signal)
        : { text: "The run was left running.", isStillRunning: true };
    const verdictText = isQueued ? `not run after ${elapsed} in the queue` : `timed out after ${elapsed}`;
    await publish({ kind: "timed-out", text: verdictText, cancelOutcome });
    if ("tree" in lastState)
        await (0,annotate/* annotate */.f)(lastState, tracking);
    throw new build_errors/* ActionError */.lZ("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, {
        hint: `Raise \`${isQueued ? "queue-timeout" : "timeout"}\`, or check what the run is waiting for.`,
    });
}

// EXTERNAL MODULE: ./build/app/progress-log.js + 1 modules
var progress_log = __webpack_require__(2139);
// EXTERNAL MODULE: ./build/app/run-findings.js
var run_findings = __webpack_require__(1280);
// EXTERNAL MODULE: ./build/core/run-snapshot.js
var run_snapshot = __webpack_require__(8352);
// EXTERNAL MODULE: ./build/app/retry-stages.js
var retry_stages = __webpack_require__(6772);
// EXTERNAL MODULE: ./build/app/stage-requests.js
var stage_requests = __webpack_require__(1669);
;// CONCATENATED MODULE: ./build/app/start-stages.js






/**
 * Starts manual stages once the other stages of the run have ended. A manual stage has no dependencies of its own, so
 * that nothing but this wait keeps a failed build from being deployed. Rejects where the service refuses a stage.
 */
async function startStages(run, { names, waitsForOthers, waitUntil }, tracking, signal) {
    const first = await waitUntil(({ stages }) => stages.length > 0);
    if (first === undefined || first.end !== "reached")
        return { kind: "timed-out", result: first };
    const stages = knownStages(first, names);
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
        if (next === undefined || next.end !== "reached")
            return { kind: "timed-out", result: next };
        result = next;
    }
    const unsuccessful = others(result).filter(isUnsuccessful);
    if (unsuccessful.length > 0) {
        const list = (0,lib_text/* listed */.KE)(unsuccessful.map(({ name }) => (0,lib_text/* oneLine */.TN)(name)));
        const text = `No stage was started, since ${list} did not succeed.`;
        tracking.deps.runner.write([{ type: "text", text }]);
        return { kind: "blocked", result };
    }
    await requestStages(run, knownStages(result, names), { tracking, before: result }, signal);
    return { kind: "started", stages: stages.map(({ name }) => name) };
}
function isUnsuccessful(stage) {
    return stage.result === "canceled" || (0,retry_stages/* failedStages */.pN)({ stages: [stage] }).length > 0;
}
async function requestStages(run, stages, { tracking: { deps }, before }, signal) {
    const { runs, runner, stepState } = deps;
    const readRun = (0,stage_requests/* createRunReader */.PL)(runs, run.id);
    const { phase } = stepState;
    const isOwn = phase.at === "following" && phase.isOwn;
    const requested = phase.at === "following" ? [...(phase.stages ?? [])] : [];
    let hasStarted = false;
    for (const { name: stage } of stages.filter((candidate) => !hasBegun(candidate))) {
        requested.push(stage);
        // From the request on there may be something to cancel.
        stepState.setPhase({ at: "following", runId: run.id, isOwn, ...(!isOwn && { stages: [...requested] }) });
        stepState.setSnapshot((0,stage_requests/* reopenedSnapshot */.JK)(before));
        const update = { stage, state: "run" };
        const refusal = await (0,stage_requests/* requestStage */.mu)(run.id, update, { ...deps, readRun, before }, signal);
        if (refusal !== undefined) {
            if (!hasStarted)
                stepState.setSnapshot(before);
            throw refused(stage, refusal, run);
        }
        hasStarted = true;
        runner.write([{ type: "text", text: `Started stage ${(0,lib_text/* oneLine */.TN)(stage)} of ${(0,lib_text/* oneLine */.TN)(run.name)}.` }]);
    }
}
function refused(stage, { code, message, hint }, { name, url }) {
    return new build_errors/* ActionError */.lZ(code === "forbidden" ? code : "rejected", `Stage ${stage} of ${name} was not started. ${message} ${url}`, { hint: hint ?? "Check that it is a manual stage (`trigger: manual`) whose dependencies have run." });
}
function cannotStartYet({ run }, others) {
    const running = others.filter(({ status }) => status !== "completed").map(({ name }) => (0,lib_text/* oneLine */.TN)(name));
    return new build_errors/* ActionError */.lZ("rejected", `No stage of ${run.name} was started, since ${(0,lib_text/* listed */.KE)(running)} has not ended yet. ${run.url}`, { hint: "Set `wait: true`, so that the step waits for the other stages." });
}
/** The named stages as the run has them. Throws before anything is started if one does not exist. */
function knownStages({ run, tree }, names) {
    const unknown = names.filter((name) => (0,stage_requests/* findStage */.U9)(tree, name) === undefined);
    if (unknown.length > 0) {
        const existing = tree.stages.map(({ name }) => (0,lib_text/* oneLine */.TN)(name));
        const byDisplayName = tree.stages.find(({ displayName }) => displayName === unknown[0]);
        throw new build_errors/* ActionError */.lZ("not-found", `stages-to-start: ${run.name} has no stage ${(0,lib_text/* listed */.KE)(unknown)}. Its stages: ${existing.join(", ") || "none"}. ${run.url}`, {
            hint: byDisplayName === undefined
                ? "Use the stages' identifiers."
                : `Use the stage's identifier, ${byDisplayName.name}, instead of its display name.`,
        });
    }
    return [...new Set(names.flatMap((name) => (0,stage_requests/* findStage */.U9)(tree, name) ?? []))];
}
function hasBegun({ status, result }) {
    return status === "inProgress" || (status === "completed" && result !== "manual");
}
/** The default conditions of a step that has started stages: they have all ended; they have all succeeded. */
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
/** How long the service may take to show that a stage has started. */
const maxStaleMs = 30_000;
/** Right after the start of a stage the service may still show the run as completed without it. */
function ignoreUnstartedStages(names, poll, clock) {
    if (names.length === 0)
        return poll;
    const staleUntil = clock.now() + maxStaleMs;
    return async (options, signal) => {
        const response = await poll({ ...options, alwaysReadTimeline: true }, signal);
        if (response.run.status !== "completed" || clock.now() >= staleUntil)
            return response;
        const tree = (0,build_run_tree/* buildRunTree */.u)(response.records);
        const areBegun = names.every((name) => {
            const stage = (0,stage_requests/* findStage */.U9)(tree, name);
            return stage !== undefined && hasBegun(stage);
        });
        if (areBegun)
            return response;
        return { ...response, run: (0,run_snapshot/* reopenedRun */.Q)(response.run) };
    };
}

// EXTERNAL MODULE: ./build/app/step-state.js
var step_state = __webpack_require__(7908);
// EXTERNAL MODULE: ./build/core/issue-locations.js
var issue_locations = __webpack_require__(564);
;// CONCATENATED MODULE: ./build/core/failure-logs.js


/**
 * The logs that show why a run did not succeed: those of its failed tasks, of the tasks that its causes name, and of the
 * tasks that were running when their job was ended from outside. A job's own log replaces the logs that its tasks lack.
 */
function failureLogs(tree, run) {
    const causes = (0,failures/* rootCauses */.FQ)(tree, run).filter(({ isConsequence }) => !isConsequence);
    const causesByJob = Map.groupBy(causes, ({ jobId }) => jobId);
    const blamedIn = ({ id }) => new Set(causesByJob.get(id)?.map(({ taskId }) => taskId));
    return tree.stages.flatMap((stage) => stage.jobs.flatMap((job) => sourcesIn(job, blamedIn(job)).map((task) => ({ stage, job, task }))));
}
/** In both parameters, `undefined` means the job itself. */
function sourcesIn(job, blamed) {
    const isJobBlamed = blamed.has(undefined);
    const tasks = job.tasks.filter((task) => task.result === "failed" ||
        blamed.has(task.id) ||
        (isJobBlamed && (0,issue_locations/* wasCutOff */.hb)(task) && task.startedAt !== null));
    const needsJobLog = tasks.length === 0 ? isJobBlamed : tasks.some(({ logId }) => logId === null);
    return needsJobLog && job.logId !== null ? [...tasks, undefined] : tasks;
}

// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(2372);
;// CONCATENATED MODULE: ./build/render/task-log.js


const colours = {
    error: "31",
    warning: "33",
    section: "32",
    command: "36",
    debug: "35",
    group: "1",
};
const letterT = "T".charCodeAt(0);
const letterZ = "Z".charCodeAt(0);
const bom = 0xfeff;
const hash = "#".charCodeAt(0);
const bracket = "[".charCodeAt(0);
/**
 * A line of one of Azure's logs as we relay it: without its timestamp, its markers turned into colours.
 * A million of them take well under two seconds, so no expression is tried on a line that cannot match.
 */
function formatLogLine(raw) {
    const text = stripTimestamp(raw);
    const first = text.charCodeAt(0);
    const line = first === hash || first === bracket ? colourMarker(text) : text;
    // It begins with a blank, so that problem matchers of earlier steps, such as the one of tsc, do not match it.
    // A colour that a line leaves on would run on into the next.
    return line.includes("\u001B") ? ` │ ${line}\u001B[0m` : ` │ ${line}`;
}
/** The text alone: no byte order mark, no timestamp, no carriage return. */
function stripTimestamp(raw) {
    const start = raw.charCodeAt(0) === bom ? 1 : 0;
    const text = raw.slice(start + timestampLength(raw, start));
    return text.includes("\r") ? withoutTrailingReturns(text).replaceAll("\r", " ") : text;
}
/** A regular expression would take quadratic time for many of them in the middle. */
function withoutTrailingReturns(text) {
    let end = text.length;
    while (text[end - 1] === "\r")
        end -= 1;
    return text.slice(0, end);
}
/** `2026-08-12T07:56:51.3267511Z `: seven digits of a second from an agent, fewer from elsewhere. */
function timestampLength(raw, start) {
    if (raw.charCodeAt(start + 10) !== letterT)
        return 0;
    const end = raw.charCodeAt(start + 27) === letterZ ? start + 27 : raw.indexOf("Z", start + 19);
    if (end < 0 || end > start + 30)
        return 0;
    const timestamp = raw.slice(start, end + 1);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(timestamp))
        return 0;
    return timestamp.length + (raw.charCodeAt(end + 1) === 32 ? 1 : 0);
}
const startMarker = "##[section]Starting:";
const finishMarker = "##[section]Finishing:";
const tableBorder = /^={20,}$/;
/**
 * Lines of a log, as they came, without what the agent puts around every task's: that it starts and ends, and the
 * table of its name and version in between. The first line need not be the log's first.
 */
function withoutTaskHeader(lines) {
    const textAt = (index) => stripTimestamp(lines.at(index) ?? "");
    const hasHeader = textAt(0).startsWith(startMarker);
    const isTableEnd = (line, index) => index > 1 && index < 16 && tableBorder.test(stripTimestamp(line));
    const tableEnd = hasHeader && tableBorder.test(textAt(1)) ? lines.findIndex(isTableEnd) : -1;
    const firstLine = tableEnd >= 0 ? tableEnd + 1 : hasHeader ? 1 : 0;
    return lines.slice(firstLine, textAt(-1).startsWith(finishMarker) ? -1 : undefined);
}
/** A plain line without its marker: what is left where there are no colours. */
function withoutMarker(text) {
    return splitMarker(text).rest;
}
function colourMarker(text) {
    const { marker, rest } = splitMarker(text);
    const colour = colours[marker ?? ""];
    return colour === undefined ? rest : `\u001B[${colour}m${rest}`;
}
function splitMarker(text) {
    const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
    const marker = match?.[1]?.toLowerCase();
    // Without its ## only `[command]` is a marker: tools print `[error]` as their own words.
    if (!match || !marker || (text.charCodeAt(0) === bracket && marker !== "command"))
        return { rest: text };
    const rest = text.slice(match[0].length);
    return { marker, rest: marker === "group" ? `▸ ${rest}` : rest };
}
/** The end of a log in one flat group: GitHub does not nest them. */
function excerptLines({ path, result, lines, totalLines, isContinuation = false, url, }) {
    const shown = withoutTaskHeader(lines);
    // What the agent put around them is none of the task's lines.
    const total = totalLines - (lines.length - shown.length);
    const continuation = isContinuation ? "what came later, " : "";
    const range = shown.length >= total
        ? `all ${(0,lib_text/* counted */.hS)(total, "line")}, also at ${url}`
        : `the last ${shown.length} of ${(0,lib_text/* counted */.hS)(total, "line")}, all at ${url}`;
    return [
        { type: "group", title: `${logSymbol(result)} ${(0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200)}: ${continuation}${range}` },
        ...shown.map((line) => ({ type: "text", text: formatLogLine(line) })),
        { type: "end-group" },
    ];
}
/** Above a log that is shown from its first line on. */
function logTitle({ path, result, isContinuation, url }) {
    return `${logSymbol(result)} ${(0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(path), 200)}${isContinuation ? ", what came later" : ""}: ${url}`;
}
function logSymbol(result) {
    return result === null ? "■" : labels/* resultSymbols */.FQ[result];
}

;// CONCATENATED MODULE: ./build/app/log-excerpts.js

/** So many lines of a log are kept for the summary. */
const maxExcerptLines = 20;
/** Keeps the ends of logs: of so many failed tasks at most, and of as many that did not quite succeed. */
function createExcerpts(maxTasks) {
    const excerpts = new Map();
    return {
        /** `lines`: what has come since the last time, or its end. */
        add: ({ key, result, jobId, taskId, task }, lines, totalLines) => {
            const previous = excerpts.get(key);
            const hasFailed = result === "failed";
            const isFull = () => [...excerpts.values()].filter((kept) => kept.hasFailed === hasFailed).length >= maxTasks;
            if (result === "succeeded" || (previous === undefined && isFull()))
                return;
            const all = [...(previous?.excerpt.lines ?? []), ...lastPlainLines(lines)].slice(-maxExcerptLines);
            const frameLines = lines.length - withoutTaskHeader(lines).length;
            const excerpt = { jobId, taskId, task, lines: all, totalLines: totalLines - frameLines };
            excerpts.set(key, { excerpt, hasFailed });
        },
        all: () => [...excerpts.values()].map(({ excerpt }) => excerpt),
        clear: () => excerpts.clear(),
    };
}
/** Copied: a line that was cut out of what came would keep all of that in memory. */
function lastPlainLines(lines) {
    const plain = withoutTaskHeader(lines).map((line) => withoutMarker(stripTimestamp(line)));
    return plain.length === 0 ? [] : plain.slice(-maxExcerptLines).join("\n").split("\n");
}

// EXTERNAL MODULE: ./build/lib/line-splitter.js
var line_splitter = __webpack_require__(4470);
;// CONCATENATED MODULE: ./build/app/stream-log.js



/** Shows logs, one at a time, each in a group; none where there is nothing (more) to show. */
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
            runner.write(lines.map((line) => ({ type: "text", text: formatLogLine(line) })));
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







/** Where nobody says which logs have grown, so many are read again to see. */
const maxRereads = 10;
/** After the run's end: for one log, and for all of them. */
const finalRetryForMs = 15_000;
const finalTimeoutMs = 60_000;
/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
function createTaskLogs(options, deps) {
    const { mode, runId, runUrl } = options;
    const { runner, clock } = deps;
    const tails = [];
    const logs = createShownLogs({ ...options, onTail: (entries) => tails.push(...entries) }, deps);
    const log = (text) => runner.write([{ type: "text", text }]);
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
                log(`Not all logs could be read: ${(0,lib_text/* oneLine */.TN)((0,build_errors/* reasonOf */.A3)(error))}`);
            });
            const missing = missingLogs(logs, sources);
            if (missing.length > 0)
                log(`No log came of ${(0,lib_text/* listed */.KE)(missing)}.`);
            const hiddenCount = mode === "failed" ? requested.size - maxFailedLogs : 0;
            if (hiddenCount > 0)
                tails.push({ type: "text", text: `${(0,lib_text/* counted */.hS)(hiddenCount, "more log")}, only at ${runUrl}` });
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
/** Where there is no log although one would be shown, and none of the job either. */
function missingLogs({ pending }, sources) {
    const hasJobLog = (id) => sources.some(({ job, task }) => job.id === id && task === undefined);
    const refs = [...pending.values()].filter(({ logId, result, jobId, key }) => logId === null &&
        !hasJobLog(jobId) &&
        (result === "failed" || sources.some(({ task }) => task !== undefined && (0,run_tree/* attemptKey */.jX)(task) === key)));
    return refs.map(({ path }) => (0,lib_text/* oneLine */.TN)(path));
}
/** So many logs are shown of a failed run. Nobody reads more, and each costs a request. */
const maxFailedLogs = 50;
/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
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
    const streamLog = createLogStream({ isFull, tailLines, runId, runUrl, onGroup, onTail }, deps);
    async function show(logRef, { previous, retryForMs = 0 }, signal) {
        const { key, logId } = logRef;
        // Until it has been shown it is to be shown, also if the time is up in the middle of it.
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
            runner.write([{ type: "text", text }]);
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
        /** One more, and how many there have been. */
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

// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(1374);
// EXTERNAL MODULE: ./build/core/poll-interval.js
var poll_interval = __webpack_require__(559);
;// CONCATENATED MODULE: ./build/app/wait-for-run.js







/**
 * Polls a run until `isDone` holds, the run is completed or the deadline has passed. Returns its last known state;
 * `undefined` where no poll was answered before the deadline.
 */
async function waitForRun(run, { isDone, ...options }, { poll, clock, observers }, signal) {
    const { deadline, queueDeadline = () => Number.POSITIVE_INFINITY } = options;
    const treeFor = memoizedTree();
    const notify = async (response, isLast = false) => {
        const update = createUpdate(response, { raw: run.raw, tree: treeFor(response.records), isDone, isLast }, clock);
        for (const observer of observers)
            await observer.update(update, signal);
        return update;
    };
    const isQueuedTooLong = () => clock.now() >= queueDeadline();
    const hasPending = () => observers.some((observer) => observer.hasPending?.() === true);
    let update;
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
        // A request that failed at the deadline is a timeout.
        const isTimeout = clock.now() >= deadline || (update !== undefined && isQueuedTooLong());
        if (signal.aborted || !isTimeout || !(0,build_errors/* isTransient */.dg)(error))
            throw error;
        if (clock.now() < deadline)
            return update && { ...update, end: "queued-too-long" };
    }
    return update && { ...update, end: "timed-out" };
}
function createUpdate({ run, serviceTime, timelineUnavailable }, { raw, tree, isDone, isLast }, clock) {
    const document = (0,run_document/* documentOf */.l)(run, tree, raw);
    const isCompleted = run.status === "completed";
    const snapshot = { run, tree, document, at: serviceTime ?? clock.now(), timelineUnavailable };
    return {
        ...snapshot,
        serviceTime,
        endsWait: isCompleted || isDone(document),
        isFinal: isLast || (isCompleted && !isMissingRecords(snapshot)),
    };
}
/** Building a tree takes time in proportion to the number of records: unchanged ones are not built again. */
function memoizedTree() {
    let last;
    return (records) => {
        if (last?.records !== records)
            last = { records, tree: (0,build_run_tree/* buildRunTree */.u)(records) };
        return last.tree;
    };
}
/** Without one good response for so long, the wait fails and the run is left running. */
const maxOutageMs = 5 * 60_000;
const responseTimeoutMs = 30_000;
/** The poll at the deadline only has to show what the run was still waiting for. */
const lastResponseTimeoutMs = 3_000;
/**
 * Yields the response of each poll, the first one at once. Ends after the poll that shows the run completed, or the one
 * at the deadline, whichever comes first. Polls never overlap.
 */
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
        // A poll that the deadline cut off is followed by the last one.
        if (response === undefined)
            continue;
        yield response;
        const untilDeadlineMs = nextDeadline() - clock.now();
        if (response.run.status === "completed" || isLast)
            return;
        const { throttling } = response;
        delayMs = (0,poll_interval/* nextPollDelayMs */.Gc)(delayMs, { pollIntervalMs, throttling, remainingMs: remainingRunMs?.() });
        // Retry-After lengthens the delay; only the deadline shortens it.
        const requestedMs = Math.min(response.retryAfterMs ?? 0, retry/* maxRetryAfterMs */.vB);
        if (requestedMs > delayMs)
            onRetryAfter?.(Math.min(requestedMs, untilDeadlineMs));
        await clock.sleep(Math.max(0, Math.min(Math.max(delayMs, requestedMs), untilDeadlineMs)), signal);
    }
}
/** The service stores a run, its records and its logs separately: how long to wait for the rest at the run's end. */
const finalPollDelaysMs = [1_000, 2_000, 4_000];
/** Nothing more comes of a run that finished longer ago. */
const recentlyFinishedMs = 60_000;
const finalResponseTimeoutMs = 10_000;
/** Whether records that started in a run that is over may still get their ends. */
function isMissingRecords(snapshot) {
    return isRecentlyFinished(snapshot) && (0,run_tree/* isRunning */.W_)(snapshot.tree);
}
/** Polls a completed run again while its last records, or logs that are to be shown, have not arrived. */
async function waitForFinalRecords(finalResponse, { poll, notify, hasPending, clock, deadline }, signal) {
    let lastResponse = finalResponse;
    let update = await notify(finalResponse);
    for (const delayMs of finalPollDelaysMs) {
        if (!isMissingRecords(update) && !(isRecentlyFinished(update) && hasPending()))
            return update;
        await clock.sleep(delayMs, signal);
        const options = { retryForMs: 0, timeoutMs: finalResponseTimeoutMs, deadline, alwaysReadTimeline: true };
        const response = await poll(options, signal).catch((0,build_errors/* ignoreError */.FZ)("the last good response counts"));
        signal.throwIfAborted();
        if (response?.run.status !== "completed")
            continue;
        lastResponse = response;
        update = await notify(response);
    }
    return isMissingRecords(update) ? await notify(lastResponse, true) : update;
}
function isRecentlyFinished(snapshot) {
    return ((0,run_snapshot/* msSinceFinished */.L)(snapshot) ?? recentlyFinishedMs) < recentlyFinishedMs;
}

;// CONCATENATED MODULE: ./build/app/wait-for-attempts.js









/** Waits for the end of the run, and again after each retry that `retries` allows. */
async function waitThroughAttempts(run, context, signal) {
    const { tracking, stages } = context;
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
        if (result === undefined || retries >= maxRetries || cancellation.isCancelling())
            return result && { ...result, beforeRetry };
        const retry = { result, stages, attempt: retries + 1 };
        if (!(await (0,retry_stages/* retryFailedAttempt */.BC)(retry, tracking, signal)))
            return { ...result, beforeRetry };
        beforeRetry ??= result;
        current = { ...run, staleResult: result.run };
        isDone = exceptStale(isStopped, result.document, deps.clock);
    }
}
/** Right after a retry the timeline may still show the stages as they were, in a run that goes on. */
function exceptStale(isDone, before, clock) {
    const staleUntil = clock.now() + wait_for_attempts_maxStaleMs;
    const attempts = (document) => JSON.stringify(document.stages.map(({ attempt }) => attempt));
    return (document) => {
        const isStale = clock.now() < staleUntil && attempts(document) === attempts(before);
        return !isStale && isDone(document);
    };
}
/** A run that somebody cancelled is not retried. */
function createCancellationObserver() {
    let isCancelling = false;
    return {
        update: ({ run }) => {
            isCancelling ||= run.status === "canceling";
        },
        isCancelling: () => isCancelling,
    };
}
/** Waits for one attempt of the run, which the log, the outputs and the check run follow. */
async function waitForAttempt(run, { isDone, readsTimeline, stages = [], queueLimit, observers = [], isLastAttempt = false }, { tracking, progressLog, deadline }, signal) {
    const { inputs, deps } = tracking;
    const { clock } = deps;
    const pollRun = deps.runs.createPoller(run.id);
    const pollCurrent = ignoreUnstartedStages(stages, ignoreStaleResult(run, pollRun, clock), clock);
    // A queued run's timeline says what it waits for: worth a request when the log has been idle, or for a condition.
    const pollWithProgress = (options, pollSignal) => pollCurrent({
        ...options,
        alwaysReadTimeline: options.alwaysReadTimeline === true || readsTimeline || progressLog.isIdle(),
        onRetry: progressLog.onPollError,
        ...(isLastAttempt && {
            onCompleted: ({ run: completed, serviceTime: at = clock.now() }) => tracking.findings.prefetch({ run: completed, at }, signal),
        }),
    }, pollSignal);
    const all = [
        ...(isLastAttempt ? [(0,run_findings/* createClosingObserver */.Cz)(tracking)] : []),
        ...observers,
        ...observersOf(tracking, progressLog),
        ...(queueLimit === undefined ? [] : [queueLimit]),
    ];
    const { pollIntervalMs } = inputs;
    const queueDeadline = queueLimit?.deadline;
    const onRetryAfter = (delayMs) => deps.runner.write([{ type: "text", text: (0,retry/* retryAfterText */.ci)(delayMs) }]);
    return await waitForRun(run, {
        isDone,
        pollIntervalMs,
        deadline,
        queueDeadline,
        onRetryAfter,
        remainingRunMs: progressLog.remainingMs,
    }, { poll: pollWithProgress, clock, observers: all }, signal);
}
/** In this order: the state that a cancellation needs first, the log before what is only shown elsewhere. */
function observersOf({ inputs, deps, reports }, progressLog) {
    const writeOutputs = (0,outputs/* createSnapshotOutputWriter */.Bf)(deps.outputs, inputs.mapOutputs, deps.clock);
    return [
        { update: (update) => deps.stepState.setSnapshot(update) },
        { update: ({ document }) => writeOutputs(document) },
        progressLog,
        { update: (update) => void (!update.endsWait && reports.update(update)) },
    ];
}
/** Warns once if the condition cannot be evaluated, which counts as false. */
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
/** How long the service may take to show a retry. */
const wait_for_attempts_maxStaleMs = 30_000;
/** Right after a retry the service may still show the end before it: the run counts as under way then. */
function ignoreStaleResult({ staleResult }, poll, clock) {
    if (staleResult === undefined)
        return poll;
    const staleUntil = clock.now() + wait_for_attempts_maxStaleMs;
    let hasCaughtUp = false;
    return async (options, signal) => {
        const response = await poll(options, signal);
        const { status, result, finishedAt } = response.run;
        const isStale = status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
        hasCaughtUp ||= !isStale || clock.now() >= staleUntil;
        if (hasCaughtUp)
            return response;
        return { ...response, run: (0,run_snapshot/* reopenedRun */.Q)(response.run), records: new Map() };
    };
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
    const tree = { ...wholeTree, ...(0,retry_stages/* onlyNamed */.oR)(wholeTree, names) };
    if (run.status === "completed" || hasRunJob(tree))
        return "left";
    // Without a timeline only the run itself says whether it has started.
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

















/** Waits for a run and reports it. A module of its own, since it is loaded only once there is a run. */
async function trackRun(run, context, signal) {
    const { inputs, deps } = context;
    const deadline = deps.clock.now() + (inputs.timeoutMs ?? Number.POSITIVE_INFINITY);
    const tracking = await createTrackingContext(run, context, deadline);
    context.onTracking(tracking);
    signal.throwIfAborted();
    // Only a step that ends here waits for GitHub.
    const reportsOpened = tracking.reports.open(run);
    (0,step_summary/* writeInitialSummaryFile */._z)(run, tracking);
    const progressLog = (0,progress_log/* createProgressLog */.e0)({ logs: tracking.logs, deadline }, deps);
    const heartbeatEnd = new AbortController();
    const heartbeat = progressLog.runHeartbeat(heartbeatEnd.signal);
    heartbeat.catch((0,build_errors/* ignoreError */.FZ)("it is thrown where the heartbeat is awaited"));
    try {
        const pollContext = { tracking, progressLog, deadline };
        const started = await startRequestedStages(run, pollContext, signal);
        if (started.kind === "timed-out")
            return await finishAfterTimeout(started.result ?? { run, end: "timed-out" }, tracking, signal);
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
        if (result === undefined)
            return await finishAfterTimeout({ run, end: "timed-out" }, judged, signal);
        return await finishStep(result, judged, signal);
    }
    finally {
        heartbeatEnd.abort();
        await heartbeat;
    }
}
/** With `wait: false` a followed run that has ended closes its check at once. Returns whether it did. */
async function reportEndedRun(run, tracking, signal) {
    const { inputs, deps } = tracking;
    if (!run.isExternal || (inputs.checkRun === undefined && inputs.commitStatus === undefined))
        return false;
    const poll = deps.runs.createPoller(run.id);
    const response = await poll({ retryForMs: 10_000, alwaysReadTimeline: true }, signal).catch((0,build_errors/* ignoreError */.FZ)("the check stays open for the step that waits for the run"));
    signal.throwIfAborted();
    if (response?.run.status !== "completed")
        return false;
    const tree = (0,build_run_tree/* buildRunTree */.u)(response.records);
    const document = (0,run_document/* documentOf */.l)(response.run, tree, run.raw);
    const kind = (0,core_condition/* evaluateCondition */.F9)(inputs.successWhen, document).holds
        ? "succeeded"
        : response.run.result === "canceled"
            ? "canceled"
            : "failed";
    const snapshot = { run: response.run, tree, at: response.serviceTime ?? deps.clock.now() };
    const text = (0,labels/* resultText */.D6)(response.run) ?? kind;
    if (inputs.mapOutputs.length > 0)
        (0,outputs/* setAllOutputs */.u8)(document, tracking);
    await (0,step_summary/* publishSummary */.Iv)(snapshot, { verdict: { kind, text } }, tracking, signal);
    return true;
}
/** `stages-to-start`, if it is set. */
async function startRequestedStages(run, context, signal) {
    const { inputs } = context.tracking;
    const names = inputs.target.kind === "start" ? [] : inputs.target.stagesToStart;
    if (names.length === 0)
        return { kind: "started", stages: [] };
    const waitUntil = (isDone) => waitForAttempt(run, { isDone, readsTimeline: true }, context, signal);
    const options = { names, waitsForOthers: inputs.wait, waitUntil };
    return await startStages(run, options, context.tracking, signal);
}
/** A stage that starts by itself did not succeed: no condition can make that a success. */
function neverSuccessful(tracking) {
    return { ...tracking, inputs: { ...tracking.inputs, successWhen: () => false } };
}
/** With `stages-to-start`, the default conditions are about these stages. */
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
    await (0,step_summary/* summarizeUnpolledRun */.s6)(run, tracking);
}
/** The step's work is done once the run is started: a poll that fails costs the outputs, not the step. */
async function writeMappedOutputs(run, tracking, signal) {
    const { deps, inputs } = tracking;
    try {
        (0,outputs/* setAllOutputs */.u8)(await fetchRunDocument(run, deps, signal), tracking);
    }
    catch (error) {
        signal.throwIfAborted();
        deps.runner.write([{ type: "warning", text: `map-outputs: nothing could be read. ${(0,build_errors/* reasonOf */.A3)(error)}` }]);
        for (const { name } of inputs.mapOutputs)
            deps.outputs.set({ [name]: "" });
    }
}
async function fetchRunDocument({ id, raw }, { runs }, signal) {
    // What a queued run waits for is in its timeline.
    const { run, records } = await runs.createPoller(id)({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
    return (0,run_document/* documentOf */.l)(run, (0,build_run_tree/* buildRunTree */.u)(records), raw);
}
/** What a tracked run needs: its logs, check run and status. */
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
    const reports = (0,commit_report/* createCommitReports */.Bt)(reporters, { project: inputs.projectRef.project, trigger: workflow.trigger }, {
        onClosed: () => (0,step_state/* saveReportsClosed */.FP)(deps.runner),
        onPending: (pendingReport) => (0,commit_report/* savePendingReport */.H5)(deps.runner, pendingReport),
    });
    const logs = createTaskLogs({ mode: inputs.logs, runId: run.id, runUrl: run.url, deadline }, deps);
    const findings = (0,run_findings/* createFindingsReader */.mQ)(inputs, deps);
    return { inputs, deps, logs, reports, findings, trigger: workflow.trigger };
}


/***/ }),

/***/ 3208:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ annotationsOf)
/* harmony export */ });
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31);
/* harmony import */ var _issue_locations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(564);


/** The issues of a run, first causes first. Errors that did not make the run fail become warnings. */
function annotationsOf(tree, { result = null, problems = [] }, { isSuccess = false, ...limits }) {
    const locations = (0,_issue_locations_js__WEBPACK_IMPORTED_MODULE_1__/* .issueLocations */ .E5)(tree);
    const isBlamed = ({ tolerance }) => !isSuccess && (tolerance === "none" || (tolerance === "let-pass" && result === "partiallySucceeded"));
    const blamed = locations.filter(isBlamed);
    const tolerated = locations.filter((location) => !isBlamed(location));
    const errors = firstPerNodeFirst((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(blamed.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "error"))));
    const toleratedErrors = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(tolerated.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "error")));
    const warnings = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .sortByRank */ .sS)(locations.flatMap((location) => (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .issuesOf */ .wf)(location, "warning")));
    const needsProblems = !isSuccess && !(0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .isExplained */ .zT)((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .causesIn */ .MC)(locations, result));
    const shownErrors = [...(needsProblems ? problems.map(_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .problemCause */ .VT) : []), ...(0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .distinct */ .dM)(errors)];
    const shownWarnings = (0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .distinct */ .dM)([...toleratedErrors, ...warnings]);
    const errorCount = countOf(blamed, "errors") - duplicateCount(errors);
    const warningCount = countOf(tolerated, "errors") +
        countOf(locations, "warnings") -
        duplicateCount(toleratedErrors) -
        duplicateCount(warnings);
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
    return found.filter((0,_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .duplicatesTaskMessage */ .J6)(found)).length;
}
/** Puts the first error of each root failure first, since ten errors of one task would hide those of other tasks. */
function firstPerNodeFirst(found) {
    const seenNodes = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const nodeKey = JSON.stringify([path, jobId, taskId]);
        if (rank > _failures_js__WEBPACK_IMPORTED_MODULE_0__/* .ranks */ .CS.genericMessage || seenNodes.has(nodeKey))
            return false;
        seenNodes.add(nodeKey);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (entry) => (isFirst(entry) ? "first" : "other"));
    return [...first, ...other];
}
/** An agent counts all issues, but lists only the first ten of them. */
function overflow(count, found, limit) {
    return found <= limit ? Math.max(0, count - found) : Math.max(count, found) - limit;
}


/***/ }),

/***/ 2454:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E6: () => (/* binding */ reportTarget),
/* harmony export */   UO: () => (/* binding */ sourceOrigin),
/* harmony export */   cU: () => (/* binding */ notBuilt)
/* harmony export */ });
/* harmony import */ var _default_ref_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3963);

const mergeRef = /^refs\/pull\/\d+\/merge$/;
/** Results are reported on a commit that was built: `source` decides whether the event's commit is one. */
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
/**
 * Whose files a run names: those of the event's commit, those of another commit of this repository, or those of another
 * repository. A hash only matches itself, so a mirror of this repository has the files of its commit too. What the service
 * doesn't say contradicts nothing.
 */
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
        // The merge commit of this event.
        const isOwnMerge = trigger.ref === ref && trigger.sha.toLowerCase() === commit.toLowerCase();
        if (isOwnMerge && trigger.pullRequest !== undefined)
            return { kind: "commit", sha: expected };
        return { kind: "merged-head", mergeCommit: commit, expected };
    }
    return { kind: "none", reason: notBuilt(prSourceSha ?? commit ?? "another commit", expected) };
}
/** Why nothing is reported: the run built another commit than the one that the event is about. */
function notBuilt(built, expected) {
    return `the run built ${built.slice(0, 12)}, not ${expected.slice(0, 12)}, which this workflow runs for`;
}


/***/ })

};
