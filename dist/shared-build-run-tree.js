"use strict";
exports.id = 780;
exports.ids = [780];
exports.modules = {

/***/ 9636:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u0: () => (/* binding */ buildRunTree),
/* harmony export */   y4: () => (/* binding */ taskNode),
/* harmony export */   ye: () => (/* binding */ implicitStage)
/* harmony export */ });
/* harmony import */ var _check_nodes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9343);
/* harmony import */ var _records_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1721);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1795);



function buildRunTree(records) {
    const recordIndex = (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .indexRecords */ .zu)(records);
    const stages = recordIndex.ofType("Stage").sort(_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB);
    const stageOf = createStageLookup(recordIndex, stages);
    const tasksOf = Map.groupBy(tasksIn(recordIndex), (task) => recordIndex.findAncestor(task, "Job")?.id);
    const foreignIssues = issuesOfOtherRecords(records, recordIndex, stageOf);
    const jobsByStage = new Map();
    for (const [stage, groups] of Map.groupBy(jobGroups(recordIndex), (group) => stageOf(group.phase))) {
        const prefix = stage ? (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(stage) : _run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2;
        jobsByStage.set(stage, groups.sort((a, b) => (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB)(a.phase, b.phase)).flatMap((group) => jobsOf(group, prefix)));
    }
    for (const [stage, jobs] of inferredJobs(tasksOf.get(undefined) ?? [], stageOf)) {
        jobsByStage.set(stage, [...(jobsByStage.get(stage) ?? []), ...jobs]);
    }
    function jobsOf({ phase, jobs }, prefix) {
        if (jobs.length === 0)
            return [placeholderJob(phase, prefix)];
        return jobs.map((job, index) => {
            const jobTasks = (tasksOf.get(job.id) ?? []).sort(_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB);
            const tasks = jobTasks.map((task) => taskNode(task, (0,_check_nodes_js__WEBPACK_IMPORTED_MODULE_0__/* .waitOf */ .p)(task, job, stageOf(phase))));
            const issues = [...job.issues, ...(foreignIssues.get(job.id) ?? [])];
            return jobNode({ job: { ...job, issues }, phase, prefix, tasks, isFirst: index === 0, siblings: jobs });
        });
    }
    const checks = (0,_check_nodes_js__WEBPACK_IMPORTED_MODULE_0__/* .checksIn */ .J)(records, recordIndex);
    const nodes = stages.map((stage) => {
        const ownChecks = checks.filter((check) => check.stage === (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(stage));
        const issues = [...stage.issues, ...(foreignIssues.get(stage.id) ?? [])];
        return stageNode({ ...stage, issues }, jobsByStage.get(stage) ?? [], ownChecks);
    });
    const jobsWithoutStage = jobsByStage.get(undefined);
    return {
        stages: jobsWithoutStage ? [...nodes, implicitStage(jobsWithoutStage)] : nodes,
        checks,
        issues: foreignIssues.get(undefined) ?? [],
    };
}
const treeTypes = new Set(["Stage", "Phase", "Job", "Task"]);
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
        ...[...phases].map((phase) => ({ phase: phase, jobs: (byPhase.get(phase) ?? []).sort(_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB) })),
        ...(byPhase.get(undefined) ?? []).map((job) => ({ phase: job, jobs: [job] })),
    ];
}
function tasksIn(recordIndex) {
    return recordIndex
        .ofType("Task")
        .filter((task) => recordIndex.findAncestor(task, "Checkpoint") === undefined);
}
function createStageLookup(recordIndex, stages) {
    const byName = new Map(stages.map((stage) => [(0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(stage), stage]));
    return (record) => {
        const ancestor = recordIndex.findAncestor(record, "Stage");
        if (ancestor !== undefined && byName.get((0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(ancestor)) === ancestor)
            return ancestor;
        const named = byName.get(record.identifier?.split(".")[0] ?? "");
        return named ?? byName.get(_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2) ?? (stages.length === 1 ? stages[0] : undefined);
    };
}
function inferredJobs(tasks, stageOf) {
    const taskGroups = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
    const jobs = taskGroups.flatMap((group) => {
        const [firstTask] = group;
        return firstTask
            ? [
                {
                    stage: stageOf(firstTask),
                    job: inferredJob(group.sort(_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB).map((task) => taskNode(task)), firstTask),
                },
            ]
            : [];
    });
    const byStage = [...Map.groupBy(jobs, ({ stage }) => stage)];
    return new Map(byStage.map(([stage, entries]) => [stage, entries.map(({ job }) => job)]));
}
function taskNode(record, wait) {
    const node = {
        id: record.id,
        name: record.refName ?? record.name,
        displayName: (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .visibleName */ .ko)(record.name),
        status: record.status,
        result: record.result,
        startedAt: record.startedAt,
        finishedAt: record.finishedAt,
        attempt: record.attempt,
        logId: record.logId,
        issues: record.issues,
        errors: record.errors,
        warnings: record.warnings,
    };
    return wait === undefined ? node : { ...node, wait };
}
function jobNode({ job, phase, prefix, tasks, isFirst, siblings }) {
    const ownMessages = new Set(siblings.flatMap((sibling) => sibling.issues.map((issue) => issue.message)));
    const phaseIssues = isFirst && phase !== job ? phase.issues.filter((issue) => !ownMessages.has(issue.message)) : [];
    const record = { ...job, issues: [...job.issues, ...phaseIssues] };
    return {
        ...recordFields(record),
        name: jobName(job, prefix) ?? jobName(phase, prefix) ?? job.name,
        displayName: (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .visibleName */ .ko)(job.name) ?? (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .visibleName */ .ko)(phase.name),
        ...issueCounts(record, tasks),
        worker: job.worker,
        tasks,
    };
}
function placeholderJob(phase, prefix) {
    return {
        ...recordFields(phase),
        status: phase.status === "completed" ? "completed" : "pending",
        name: jobName(phase, prefix) ?? phase.name,
        displayName: (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .visibleName */ .ko)(phase.name),
        ...issueCounts(phase, []),
        worker: null,
        tasks: [],
    };
}
function inferredJob(tasks, firstTask) {
    const id = firstTask.parentId ?? "no-parent";
    return { ...aggregateNode(id, tasks), displayName: undefined, worker: firstTask.worker, tasks };
}
function stageNode(stage, jobs, checks) {
    const displayName = (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageDisplayName */ .Es)(stage);
    return {
        ...recordFields(stage),
        name: (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(stage),
        displayName,
        ...issueCounts(stage, jobs),
        checks,
        jobs,
    };
}
function implicitStage(jobs) {
    return { ...aggregateNode(_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2, jobs), displayName: undefined, checks: [], jobs };
}
function recordFields(record) {
    const { id, status, result, startedAt, finishedAt, attempt, logId, issues } = record;
    return { id, status, result, startedAt, finishedAt, attempt, logId, issues };
}
function jobName({ identifier, refName }, prefix) {
    const fullName = identifier ?? refName ?? undefined;
    const inStage = fullName?.startsWith(`${prefix}.`) ? fullName.slice(prefix.length + 1) : fullName;
    const name = inStage?.endsWith(`.${_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2}`) ? inStage.slice(0, -_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2.length - 1) : inStage;
    return identifier === null && name === _run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2 ? undefined : name;
}
function issueCounts(record, children) {
    const countOf = (severity) => record.issues.filter((issue) => issue.severity === severity).length;
    const { errors, warnings } = (0,_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .sumCounts */ .DN)(children);
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
        name: _run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .defaultName */ .Z2,
        status,
        result: status === "completed" ? result : null,
        startedAt: starts.sort()[0] ?? null,
        finishedAt: status === "completed" ? (ends.sort().at(-1) ?? null) : null,
        attempt: Math.max(1, ...children.map((child) => child.attempt)),
        logId: null,
        issues: [],
        ...(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .sumCounts */ .DN)(children),
    };
}
function aggregateStatus(children) {
    if (children.every((child) => child.status === "completed"))
        return "completed";
    return children.every((child) => child.status === "pending") ? "pending" : "inProgress";
}


/***/ }),

/***/ 9343:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ checksIn),
/* harmony export */   p: () => (/* binding */ waitOf)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7240);
/* harmony import */ var _records_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1721);


function checksIn(records, recordIndex) {
    const types = new Set(Array.from(records.values(), (record) => record.type));
    return [...types]
        .filter((type) => type.startsWith("Checkpoint."))
        .flatMap((type) => recordIndex.ofType(type))
        .sort(_records_js__WEBPACK_IMPORTED_MODULE_1__/* .compareRecords */ .aB)
        .map((record) => checkNode(record, recordIndex.findAncestor(record, "Stage")));
}
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
    return checkOf(task, { kind, name: (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .visibleName */ .ko)(task.name) ?? null, stage });
}
const checkKinds = {
    "Checkpoint.Approval": "approval",
    "Checkpoint.Authorization": "authorization",
};
function checkNode(record, stageRecord) {
    const kind = checkKinds[record.type] ?? "check";
    const name = record.name === record.type || (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(record.name) === "" ? null : record.name;
    return checkOf(record, { kind, name, stage: stageRecord });
}
function checkOf(record, { kind, name, stage: stageRecord }) {
    const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
    const stage = stageRecord === undefined ? null : (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageName */ .CT)(stageRecord);
    const stageTitle = stageRecord === undefined ? undefined : (0,_records_js__WEBPACK_IMPORTED_MODULE_1__/* .stageDisplayName */ .Es)(stageRecord);
    return { kind, id, name, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}


/***/ }),

/***/ 7653:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AD: () => (/* binding */ createLineSplitter),
/* harmony export */   LL: () => (/* binding */ createTailBuffer),
/* harmony export */   Ze: () => (/* binding */ skipLines)
/* harmony export */ });
/* unused harmony export maxLineLength */
const maxLineLength = 64 * 1024;
const bom = 0xfeff;
const lineFeed = "\n".charCodeAt(0);
const maxSecretLength = 16 * 1024;
function createLineSplitter(redact = (text) => text) {
    let remainder = "";
    return {
        push(text) {
            const buffered = remainder + text;
            const completeLength = lastLineEnd(buffered);
            let lines = completeLength === 0 ? "" : normalized(redact(buffered.slice(0, completeLength)));
            remainder = buffered.slice(completeLength);
            while (remainder.length - (remainder.endsWith("\r") ? 1 : 0) > maxLineLength + maxSecretLength) {
                remainder = redact(remainder);
                const [chunk = ""] = chunks(remainder);
                lines += `${withoutBom(chunk)}\n`;
                remainder = remainder.slice(chunk.length);
            }
            return countedLines(lines);
        },
        end() {
            const last = remainder;
            remainder = "";
            const isEmpty = last === "" || last === "\uFEFF";
            return countedLines(isEmpty ? "" : normalized(redact(last.endsWith("\r") ? last : `${last}\n`)));
        },
    };
}
function lastLineEnd(text) {
    const known = text.endsWith("\r") ? text.slice(0, -1) : text;
    const end = known.lastIndexOf("\n") + 1;
    return end + known.slice(end).lastIndexOf("\r") + 1;
}
function normalized(text) {
    if (!hasLoneReturn(text) && !text.includes("\uFEFF") && !hasLongLine(text))
        return text;
    const lines = text.split(/\r\n|\r|\n/).slice(0, -1);
    return lines
        .flatMap(chunks)
        .map((line) => `${withoutBom(line)}\n`)
        .join("");
}
function hasLoneReturn(text) {
    let at = text.indexOf("\r");
    while (at >= 0 && text.charCodeAt(at + 1) === lineFeed)
        at = text.indexOf("\r", at + 1);
    return at >= 0;
}
function hasLongLine(lines) {
    let start = 0;
    while (lines.length - start > maxLineLength) {
        const end = lines.lastIndexOf("\n", start + maxLineLength);
        if (end < start)
            return true;
        start = end + 1;
    }
    return false;
}
function countedLines(text) {
    let count = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1))
        count += 1;
    return { text, count };
}
function skipLines({ text, count }, skipped) {
    if (skipped >= count)
        return { text: "", count: 0 };
    let start = 0;
    for (let index = 0; index < skipped; index += 1)
        start = text.indexOf("\n", start) + 1;
    return { text: text.slice(start), count: count - skipped };
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
function createTailBuffer(maxLines, total = 0) {
    let newTotal = total;
    let batches = [];
    return {
        push: (lines) => {
            newTotal += lines.count;
            batches = lastBatches([...batches, lines], maxLines);
        },
        get lines() {
            return batches
                .flatMap(({ text }) => lastLines(text, maxLines))
                .slice(-maxLines)
                .map(truncate);
        },
        get total() {
            return newTotal;
        },
    };
}
function lastBatches(batches, maxLines) {
    let count = 0;
    const first = batches.findLastIndex((lines) => {
        count += lines.count;
        return count >= maxLines;
    });
    return batches.slice(Math.max(0, first));
}
function lastLines(text, limit) {
    return text.split(/\r?\n/).slice(0, -1).slice(-limit);
}
function truncate(line) {
    return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}


/***/ }),

/***/ 6566:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GS: () => (/* binding */ worseThrottling),
/* harmony export */   Gc: () => (/* binding */ nextPollDelayMs),
/* harmony export */   Th: () => (/* binding */ nextTimelineGap),
/* harmony export */   xP: () => (/* binding */ savesRequests)
/* harmony export */ });
const maxGrowth = { delayed: 2, blocked: 4 };
const maxDelayMs = 5 * 60_000;
function nextPollDelayMs(previousMs, { pollIntervalMs, throttling, remainingMs = Number.POSITIVE_INFINITY }) {
    const longestMs = throttling === undefined ? pollIntervalMs : Math.min(pollIntervalMs * maxGrowth[throttling], maxDelayMs);
    const grownMs = throttling === undefined ? previousMs * 0.8 : Math.min(previousMs * 1.5, longestMs);
    const untilEndMs = Math.max(remainingMs, 0);
    return Math.round(Math.max(Math.min(grownMs, untilEndMs), pollIntervalMs));
}
const maxTimelineGap = 24;
function nextTimelineGap(previous, throttling) {
    return throttling === undefined ? Math.max(1, previous * 0.95) : Math.min(previous * 8, maxTimelineGap);
}
function savesRequests(timelineGap) {
    return timelineGap >= 2;
}
function worseThrottling(a, b) {
    return a === "blocked" ? a : (b ?? a);
}


/***/ }),

/***/ 9948:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ld: () => (/* binding */ timingsOf),
/* harmony export */   OR: () => (/* binding */ waitTimesBetween),
/* harmony export */   PX: () => (/* binding */ minReportedWaitMs),
/* harmony export */   jA: () => (/* binding */ progressOf),
/* harmony export */   ux: () => (/* binding */ medianOf)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4374);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1795);


function progressOf(tree, run, pastDurationsMs, runningMs) {
    const jobs = tree.stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job })));
    const counted = jobs.filter(({ stage, job }) => !(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .isNotRun */ .NF)(job) && !(0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .isNotRun */ .NF)(stage));
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
const minReportedWaitMs = 5_000;
function timingsOf(run, tree) {
    return {
        queueMs: (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .msBetween */ .z4)(run.createdAt, run.startedAt),
        runMs: (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .msBetween */ .z4)(run.startedAt, run.finishedAt),
        queueWaitTimes: waitTimesBetween((0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .allChecks */ .fZ)(tree), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.createdAt), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.startedAt)),
        runWaitTimes: waitTimesBetween((0,_run_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .allChecks */ .fZ)(tree), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.startedAt), (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.finishedAt)),
    };
}
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

/***/ 1721:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CT: () => (/* binding */ stageName),
/* harmony export */   Es: () => (/* binding */ stageDisplayName),
/* harmony export */   PI: () => (/* binding */ mergeRecords),
/* harmony export */   aB: () => (/* binding */ compareRecords),
/* harmony export */   ko: () => (/* binding */ visibleName),
/* harmony export */   zu: () => (/* binding */ indexRecords)
/* harmony export */ });
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7240);
/* harmony import */ var _run_tree_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1795);


function mergeRecords(records, changes, { isComplete = false } = {}) {
    const previous = new Map();
    const latest = latestAttempts(changes);
    let hasOtherIds = isComplete && deleteMissing(records, changes);
    for (const change of changes) {
        const known = records.get(change.id);
        if (isReplaced(change, latest) || (known !== undefined && isSameRecord(known, change)))
            continue;
        if (known === undefined)
            hasOtherIds = true;
        else if (!previous.has(change.id))
            previous.set(change.id, known);
        records.set(change.id, change);
    }
    const hasRetries = latest.size > 0 && deleteWhere(records, (record) => isReplaced(record, latest));
    return { previous, hasOtherIds: hasRetries || hasOtherIds };
}
function deleteMissing(records, all) {
    if (all.length === 0)
        return false;
    const ids = new Set(all.map(({ id }) => id));
    return deleteWhere(records, ({ id }) => !ids.has(id));
}
function isReplaced(record, latest) {
    return latest.size > 0 && record.attempt < (latest.get(nodeKey(record)) ?? 0);
}
function deleteWhere(records, isSuperfluous) {
    const before = records.size;
    for (const [id, record] of records)
        if (isSuperfluous(record))
            records.delete(id);
    return records.size < before;
}
function isSameRecord(a, b) {
    return hasSameFields(a, b, ["issues"]) && hasSameIssues(a.issues, b.issues);
}
function hasSameIssues(a, b) {
    return a.length === b.length && a.every((issue, index) => hasSameFields(issue, b[index]));
}
function hasSameFields(a, b, except = []) {
    if (b === undefined)
        return false;
    for (const key in a)
        if (a[key] !== b[key] && !except.includes(key))
            return false;
    return true;
}
function nodeKey(record) {
    return `${record.type} ${record.identifier ?? record.id}`;
}
const retriedTypes = new Set(["Stage", "Phase", "Job"]);
function indexRecords(records) {
    const latest = latestAttempts(records.values());
    const isSuperseded = (record) => retriedTypes.has(record.type) && record.attempt < (latest.get(nodeKey(record)) ?? 0);
    const byType = Map.groupBy(records.values(), (record) => record.type);
    const nearestAncestor = (record, matches) => {
        let ancestor = records.get(record.parentId ?? "");
        for (let depth = 0; depth < 12 && ancestor !== undefined; depth += 1) {
            if (matches(ancestor))
                return ancestor;
            ancestor = records.get(ancestor.parentId ?? "");
        }
        return undefined;
    };
    const isFromEarlierAttempt = (record) => latest.size > 0 && (isSuperseded(record) || nearestAncestor(record, isSuperseded) !== undefined);
    return {
        ofType: (type) => (byType.get(type) ?? []).filter((record) => !isFromEarlierAttempt(record)),
        isFromEarlierAttempt,
        findAncestor: (record, type) => nearestAncestor(record, (ancestor) => ancestor.type === type),
    };
}
function latestAttempts(records) {
    const latest = new Map();
    for (const record of records) {
        if (record.attempt < 2)
            continue;
        const key = nodeKey(record);
        if (record.attempt > (latest.get(key) ?? 0))
            latest.set(key, record.attempt);
    }
    return latest;
}
function compareRecords(a, b) {
    return ((a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
        compareText(a.startedAt ?? "~", b.startedAt ?? "~") ||
        compareText(a.name, b.name) ||
        compareText(a.id, b.id));
}
function compareText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
function stageDisplayName(stage) {
    return stage.name === _run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .defaultName */ .Z2 ? undefined : (visibleName(stage.name) ?? visibleName(stageName(stage)));
}
function stageName({ identifier, refName, name }) {
    return identifier ?? refName ?? name;
}
function visibleName(name) {
    return name === _run_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .defaultName */ .Z2 || (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(name) === "" ? undefined : name;
}


/***/ }),

/***/ 5151:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MK: () => (/* binding */ matchQuery),
/* harmony export */   hD: () => (/* binding */ isOfOtherCommit),
/* harmony export */   lF: () => (/* binding */ compareAge),
/* harmony export */   lS: () => (/* binding */ queueTime)
/* harmony export */ });
/* harmony import */ var _lib_time_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4374);
/* harmony import */ var _default_ref_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5138);


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
function isOfOtherCommit(listed, ref, trigger) {
    const { commit } = listed.run.source;
    const wanted = (0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .eventCommit */ .ef)(trigger);
    if (commit === null || wanted === undefined || !(0,_default_ref_js__WEBPACK_IMPORTED_MODULE_0__/* .isEventRef */ .CE)(ref, trigger))
        return false;
    if (commit.toLowerCase() === trigger.sha.toLowerCase())
        return false;
    const query = { commit: wanted, ref: undefined, pullRequest: trigger.pullRequest?.number };
    return matchQuery(listed, query) !== "yes";
}
function compareAge(a, b) {
    return queueTime(b) - queueTime(a) || b.run.id - a.run.id;
}
function queueTime({ run }) {
    return (0,_lib_time_js__WEBPACK_IMPORTED_MODULE_1__/* .parseTime */ .pe)(run.createdAt) ?? Number.MAX_SAFE_INTEGER;
}


/***/ }),

/***/ 1795:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DN: () => (/* binding */ sumCounts),
/* harmony export */   Ie: () => (/* binding */ nodePath),
/* harmony export */   N6: () => (/* binding */ artifactsUrl),
/* harmony export */   NF: () => (/* binding */ isNotRun),
/* harmony export */   W_: () => (/* binding */ isRunning),
/* harmony export */   Z2: () => (/* binding */ defaultName),
/* harmony export */   a9: () => (/* binding */ jobTitle),
/* harmony export */   cJ: () => (/* binding */ highestAttempt),
/* harmony export */   dc: () => (/* binding */ pendingChecks),
/* harmony export */   fZ: () => (/* binding */ allChecks),
/* harmony export */   gO: () => (/* binding */ logUrl),
/* harmony export */   gd: () => (/* binding */ hasStarted),
/* harmony export */   gy: () => (/* binding */ pipelineChecks),
/* harmony export */   "in": () => (/* binding */ emptyTree),
/* harmony export */   jX: () => (/* binding */ attemptKey)
/* harmony export */ });
const emptyTree = { stages: [], checks: [], issues: [] };
const defaultName = "__default";
function jobTitle(job) {
    return job.displayName ?? "Job";
}
function nodePath(stage, job, task) {
    const names = [stage, job, task].map((node) => node?.displayName).filter((name) => name !== undefined);
    return names.length === 0 && job !== undefined ? "Job" : names.join(" › ");
}
function hasStarted(node) {
    if (node.status === "inProgress")
        return true;
    return node.status === "completed" && !isNotRun(node) && node.startedAt !== null;
}
function isNotRun({ result }) {
    return result === "skipped" || result === "manual";
}
function isRunning({ stages }) {
    const isInProgress = ({ status }) => status === "inProgress";
    return stages.some((stage) => isInProgress(stage) || stage.jobs.some((job) => isInProgress(job) || job.tasks.some(isInProgress)));
}
function pipelineChecks({ stages, checks }) {
    const inStages = new Set(stages.flatMap((stage) => stage.checks));
    return checks.filter((check) => !inStages.has(check));
}
function sumCounts(nodes) {
    const sum = (key) => nodes.reduce((total, node) => total + node[key], 0);
    return { errors: sum("errors"), warnings: sum("warnings") };
}
function highestAttempt({ stages }) {
    return Math.max(1, ...stages.map(({ attempt }) => attempt));
}
function attemptKey({ id, attempt }) {
    return `${id}#${attempt}`;
}
function allChecks({ stages, checks }) {
    return [...checks, ...stages.flatMap(taskChecks)];
}
function taskChecks({ jobs }) {
    return jobs.flatMap(({ tasks }) => tasks.flatMap(({ wait }) => wait ?? []));
}
function pendingChecks(tree) {
    const completedStages = new Set(tree.stages.filter((stage) => stage.status === "completed").map((stage) => stage.name));
    return allChecks(tree).filter((check) => check.status === "inProgress" && !(check.stage && completedStages.has(check.stage)));
}
function logUrl(runUrl, jobId, taskId, line) {
    const taskQuery = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
    const lineQuery = line === undefined ? "" : `&l=${line}`;
    return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${taskQuery}${lineQuery}`;
}
function artifactsUrl(runUrl) {
    return `${withQuery(runUrl)}view=artifacts`;
}
function withQuery(url) {
    return `${url}${url.includes("?") ? "&" : "?"}`;
}


/***/ })

};
;