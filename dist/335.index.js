export const id = 335;
export const ids = [335];
export const modules = {

/***/ 1069:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ exitCodeIn),
/* harmony export */   y: () => (/* binding */ isEcho)
/* harmony export */ });
const echoes = [
    /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
    /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
    /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
    /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
    /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];
/** Says that something failed, not why: what tasks add after the real error. */
function isEcho(message) {
    return echoes.some((echo) => echo.test(message.trim()));
}
/** The number in `Bash exited with code '22'.` */
function exitCodeIn(message) {
    const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
    return code === undefined ? undefined : Number(code);
}


/***/ }),

/***/ 3163:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ artifactsUrl),
/* harmony export */   g: () => (/* binding */ logUrl)
/* harmony export */ });
/** The page of a job or task in the run's log viewer. `runUrl` is the run's own address. */
function logUrl(runUrl, jobId, taskId, line) {
    const task = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
    const place = line === undefined ? "" : `&l=${line}`;
    return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${task}${place}`;
}
/** The page that lists a run's artifacts. */
function artifactsUrl(runUrl) {
    return `${withQuery(runUrl)}view=artifacts`;
}
function withQuery(url) {
    return `${url}${url.includes("?") ? "&" : "?"}`;
}


/***/ }),

/***/ 4923:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ progressOf)
/* harmony export */ });
/* unused harmony export medianOf */
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(535);

/** `pastDurationsMs` and `ranMs` count from a run's start, without its time in the queue. */
function progressOf(tree, run, pastDurationsMs, ranMs) {
    const jobs = tree.stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job })));
    const counted = jobs.filter(({ job }) => job.result !== "skipped");
    const running = jobs.filter(({ job }) => job.status === "inProgress");
    const waits = (0,_nodes_js__WEBPACK_IMPORTED_MODULE_0__/* .openWaits */ .DZ)(tree);
    const waiting = new Set(waits.map((wait) => wait.stage));
    const typicalMs = medianOf(pastDurationsMs);
    const isQueued = run.status === "notStarted" || run.status === "postponed";
    const spentMs = isQueued ? 0 : ranMs;
    return {
        isQueued,
        running,
        agentless: jobs.filter(({ job, stage }) => job.status === "pending" && stage.status === "inProgress" && !waiting.has(stage.name)),
        waits,
        jobsDone: counted.filter(({ job }) => job.status === "completed").length,
        jobsKnown: counted.length,
        typicalMs,
        leftMs: typicalMs === undefined || (waits.length > 0 && running.length === 0)
            ? undefined
            : Math.max(0, typicalMs - spentMs),
    };
}
function medianOf(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const upper = sorted[sorted.length >> 1];
    const lower = sorted[(sorted.length - 1) >> 1];
    return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}


/***/ }),

/***/ 685:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ sizeText)
/* harmony export */ });
const units = ["kB", "MB", "GB", "TB"];
/** `88 kB`, `4.2 MB`: thousands, as Azure's own page has it. */
function sizeText(bytes) {
    if (bytes < 1_000)
        return `${bytes} B`;
    let size = bytes / 1_000;
    let unit = 0;
    // 999.6 kB would read as 1000 kB.
    while (size >= 999.5 && unit < units.length - 1) {
        size /= 1_000;
        unit += 1;
    }
    return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${units[unit]}`;
}


/***/ }),

/***/ 3919:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ refusedWords),
/* harmony export */   x: () => (/* binding */ spotsIn)
/* harmony export */ });
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(535);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6067);


/** What became of a wait that ended badly. */
const refusedWords = {
    approval: "approval was not given",
    authorization: "permission was not given",
    check: "a check did not pass",
};
/** Every place of a run, in its order. */
function spotsIn(tree) {
    return [...tree.stages.flatMap(inStage), ...(0,_nodes_js__WEBPACK_IMPORTED_MODULE_0__/* .strayWaits */ ._Y)(tree).map((wait) => waitSpot(wait, undefined))];
}
function inStage(stage) {
    const isFailed = (node) => node.result === "failed";
    const isEchoed = stage.jobs.some(isFailed) || stage.waits.some(isFailed);
    return [
        ...stage.waits.map((wait) => waitSpot(wait, stage)),
        ...stage.jobs.flatMap((job) => [
            ...job.tasks.map((task) => ({ stage, job, task, node: task, isEchoed: false })),
            { stage, job, task: undefined, node: job, isEchoed: job.tasks.some(isFailed) },
        ]),
        { stage, job: undefined, task: undefined, node: stage, isEchoed },
    ];
}
function waitSpot(wait, stage) {
    return {
        stage,
        job: undefined,
        task: undefined,
        node: { ...wait, logId: null },
        isEchoed: false,
        fallback: `${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .capitalized */ .l2)(refusedWords[wait.kind])}.`,
    };
}


/***/ }),

/***/ 5754:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  WN: () => (/* binding */ countsText),
  Dx: () => (/* binding */ linesOf),
  Mu: () => (/* binding */ timedLine)
});

// EXTERNAL MODULE: ./build/core/duration.js
var duration = __webpack_require__(1420);
// EXTERNAL MODULE: ./build/core/nodes.js
var nodes = __webpack_require__(535);
// EXTERNAL MODULE: ./build/core/spots.js
var spots = __webpack_require__(3919);
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __webpack_require__(6067);
// EXTERNAL MODULE: ./build/core/time.js
var time = __webpack_require__(3669);
// EXTERNAL MODULE: ./build/core/timings.js
var timings = __webpack_require__(149);
;// CONCATENATED MODULE: ./build/render/paint.js
/** Colour for what has to be found when scrolling, and for nothing else. Host and viewer pass SGR codes. */
const red = (text) => `\u001B[31m${text}\u001B[0m`;
const yellow = (text) => `\u001B[33m${text}\u001B[0m`;

// EXTERNAL MODULE: ./build/render/words.js
var words = __webpack_require__(8712);
;// CONCATENATED MODULE: ./build/render/lines.js








/** What an event looks like in the log: a line, or none where another line tells it. */
function linesOf(event, context) {
    const text = textOf(event, context);
    return text === undefined ? [] : [timedLine(text, context, event.at)];
}
function textOf(event, context) {
    switch (event.type) {
        case "run-status":
            if (event.status === "notStarted")
                return "In the queue, waiting for an agent";
            if (event.status === "canceling")
                return yellow("⊘ The run is being canceled");
            return event.status === "postponed" ? yellow("⏸ The run is postponed") : undefined;
        case "stage-started":
            return isHidden(event.stage) ? undefined : `▶ ${titleOf(event.stage)}${passedText(event.stage)}`;
        case "stage-finished":
            return isHidden(event.stage)
                ? undefined
                : finishText(titleOf(event.stage), event, speaksForItsJob(event.stage) ? event.stage : undefined);
        case "stage-skipped":
            return isHidden(event.stage) ? "⏭ All jobs skipped" : `⏭ ${titleOf(event.stage)} skipped`;
        case "job-started":
            return jobText(event, `▶ ${jobName(event)}${workerText(event.job)}`);
        case "job-finished":
            return jobText(event, finishText(jobName(event), event, event.job));
        case "job-skipped":
            return jobText(event, `⏭ ${jobName(event)} skipped`);
        case "wait-started":
            return waitText(event.wait, event.stage, context);
        case "wait-ended":
            return refusalText(event.wait, event.stage);
        // Issues become annotations, tasks become logs.
        case "issue":
        case "task-finished":
            return undefined;
    }
}
/** `' 2:41  '` and the text. `at` is a moment of the service's clock. */
function timedLine(text, { elapsedMs, zeroMs }, at) {
    const happened = at === undefined || zeroMs === undefined ? elapsedMs : at - zeroMs;
    const clock = (0,duration/* clockText */.Yi)(Math.min(Math.max(0, happened), elapsedMs));
    return { type: "text", text: `${clock.padStart(5)}  ${text}` };
}
/** A job that nobody named, alone in a stage that somebody did, is told by the stage's lines. */
function jobText({ stage }, text) {
    if (isHidden(stage))
        return text;
    return speaksForItsJob(stage) ? undefined : `  ${text}`;
}
function speaksForItsJob({ jobs }) {
    return jobs.length === 1 && jobs.every(isHidden);
}
function jobName({ stage, job, isElsewhere }) {
    const name = isElsewhere === true && !isHidden(stage) ? (0,nodes/* pathOf */.XM)(stage, job) : (0,nodes/* jobTitle */.a9)(job);
    return `${(0,core_text/* oneLine */.TN)(name)}${attemptText(job)}`;
}
function titleOf(node) {
    return `${(0,core_text/* oneLine */.TN)(node.displayName ?? node.name)}${attemptText(node)}`;
}
function attemptText({ attempt }) {
    return attempt > 1 ? ` (attempt ${attempt})` : "";
}
function workerText({ worker }) {
    return worker === null ? "" : ` · ${(0,core_text/* oneLine */.TN)(worker)}`;
}
function isHidden(node) {
    return node.displayName === undefined;
}
/** Counts are told once: with the job, not again with its stage. */
function finishText(name, { stage, job, durationMs }, counter) {
    const { result } = job ?? stage;
    const took = durationMs === undefined ? "" : (0,duration/* durationText */.S5)(durationMs);
    const isStopped = result === "canceled" || result === "abandoned";
    const end = isStopped ? `${result}${took && ` after ${took}`}` : took;
    // One error is what a failure is made of.
    const isPlain = counter === undefined || (result === "failed" && counter.errors <= 1 && counter.warnings === 0);
    const counts = isPlain ? "" : countsText(counter);
    const text = `${result === null ? "■" : words/* marks */.Z8[result]} ${[name, end].filter(Boolean).join(" ")}${counts && `, ${counts}`}`;
    if (result === "failed")
        return red(text);
    return isStopped || result === "succeededWithIssues" ? yellow(text) : text;
}
/** `1 error, 2 warnings`; nothing where there are none. */
function countsText({ errors, warnings }) {
    const parts = [
        errors > 0 ? (0,core_text/* counted */.hS)(errors, "error") : "",
        warnings > 0 ? (0,core_text/* counted */.hS)(warnings, "warning") : "",
    ];
    return parts.filter(Boolean).join(", ");
}
function passedText(stage) {
    const passed = (0,timings/* waitedBetween */.p$)(stage.waits).map(({ kind, ms }) => `${words/* passedWords */.Kr[kind]} ${(0,duration/* durationText */.S5)(ms)}`);
    return passed.length === 0 ? "" : `, ${passed.join(", ")}`;
}
function waitText(wait, stage, context) {
    const who = stage === undefined || isHidden(stage) ? "The run" : titleOf(stage);
    if (wait.status === "completed") {
        const isShort = ((0,time/* lengthMs */.xI)(wait) ?? 0) < timings/* shortWaitMs */.wf;
        return isShort ? undefined : yellow(`⏸ ${who} waited for ${words/* waitWords */.jJ[wait.kind]}`);
    }
    const { approvers = [] } = context;
    const by = approvers.length > 0 ? ` by ${(0,core_text/* listed */.KE)(approvers.map(core_text/* oneLine */.TN))}` : "";
    const where = wait.kind === "check" ? `See ${context.runUrl}` : `Give it at ${context.runUrl}`;
    return `${yellow(`⏸ ${who} waits for ${words/* waitWords */.jJ[wait.kind]}${by}.`)} ${where}`;
}
/** What was given is told with the start of its stage; what was refused, here. */
function refusalText(wait, stage) {
    if (wait.result !== "failed")
        return undefined;
    const took = (0,time/* lengthMs */.xI)(wait);
    const after = took === undefined ? "" : ` after ${(0,duration/* durationText */.S5)(took)}`;
    const of = stage === undefined || isHidden(stage) ? "" : `${titleOf(stage)}: `;
    return red(`✘ ${of}${spots/* refusedWords */.E[wait.kind]}${after}`);
}


/***/ }),

/***/ 8633:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Eo: () => (/* binding */ goesOn),
/* harmony export */   JY: () => (/* binding */ heartbeatLine),
/* harmony export */   o5: () => (/* binding */ outageLine),
/* harmony export */   rQ: () => (/* binding */ waitingText),
/* harmony export */   w$: () => (/* binding */ untoldText),
/* harmony export */   yd: () => (/* binding */ standingText)
/* harmony export */ });
/* harmony import */ var _core_duration_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1420);
/* harmony import */ var _core_nodes_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(535);
/* harmony import */ var _core_progress_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4923);
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6067);
/* harmony import */ var _core_time_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(3669);
/* harmony import */ var _lines_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5754);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8712);







/** Where things stand when nothing has changed for a while. */
function heartbeatLine(progress, context) {
    const { zeroMs, elapsedMs } = context;
    const nowMs = zeroMs === undefined ? undefined : zeroMs + elapsedMs;
    const standing = standingOf(progress, nowMs);
    const parts = [`still ${standing}`, doneText(progress), leftText(progress)].filter(Boolean);
    return (0,_lines_js__WEBPACK_IMPORTED_MODULE_0__/* .timedLine */ .Mu)(`  ${parts.join(" · ")}`, context);
}
/** While the service is not heard of. */
function outageLine({ why, sinceMs }, context) {
    const text = `  no good answer for ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .durationText */ .S5)(sinceMs)} (${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(why)}); still trying`;
    return (0,_lines_js__WEBPACK_IMPORTED_MODULE_0__/* .timedLine */ .Mu)(text, context);
}
/** While, or where for good, a run is seen without what is in it. */
function untoldText({ why }) {
    const reason = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(why);
    return `Stages and jobs are not told in full: ${reason}${/[.!?…]$/.test(reason) ? "" : "."}`;
}
/** For the end of a wait that came too soon: `waiting for approval of Staging`, `running Compile and Lint`. */
function waitingText(run, tree) {
    return standingOf((0,_core_progress_js__WEBPACK_IMPORTED_MODULE_4__/* .progressOf */ .j)(tree, run, [], 0));
}
/** Whether the run is still under way for all that is known: what it waits for can then be given. */
function goesOn({ run, verdict: { kind, fate } }) {
    return run.status !== "completed" && (fate?.goesOn ?? kind !== "error");
}
/**
 * What became of a run that has not come to its end, and how it stood: `It goes on. Still running Compile.` Blank for
 * one that has, or where the verdict says it.
 */
function standingText(report) {
    const { run, tree, verdict } = report;
    const text = run.status === "completed" ? "" : waitingText(run, tree);
    if (text === "" || text === verdict.text)
        return "";
    const stood = goesOn(report) ? `Still ${text}.` : `It was ${text} when it was last seen.`;
    return [verdict.fate?.text, stood].filter(Boolean).join(" ");
}
function standingOf({ waits, running, agentless, isQueued }, nowMs) {
    const age = (startedAt) => ageText(startedAt, nowMs);
    const parts = [
        ...(waits.length > 0
            ? [`waiting for ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .listed */ .KE)(waits.map((wait) => waitName(wait) + age(wait.startedAt)))}`]
            : []),
        ...(running.length > 0
            ? [`running ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .listed */ .KE)(running.map((each) => nameOf(each, running) + age(each.job.startedAt)))}`]
            : []),
    ];
    if (parts.length > 0)
        return parts.join("; ");
    if (isQueued)
        return "in the queue, waiting for an agent";
    if (agentless.length > 0)
        return `waiting for an agent for ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .listed */ .KE)(agentless.map((each) => nameOf(each, agentless)))}`;
    return "under way";
}
/** A job's name is enough while all the jobs are of one stage. */
function nameOf({ stage, job }, all) {
    const isAlone = all.every((other) => other.stage === stage);
    return (0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(isAlone ? (0,_core_nodes_js__WEBPACK_IMPORTED_MODULE_5__/* .jobTitle */ .a9)(job) : (0,_core_nodes_js__WEBPACK_IMPORTED_MODULE_5__/* .pathOf */ .XM)(stage, job));
}
function waitName({ kind, stageTitle }) {
    const word = _words_js__WEBPACK_IMPORTED_MODULE_1__/* .waitWords */ .jJ[kind];
    if (stageTitle === undefined)
        return word;
    return `${word}${kind === "authorization" ? " in" : " of"} ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(stageTitle)}`;
}
function ageText(startedAt, nowMs) {
    const start = (0,_core_time_js__WEBPACK_IMPORTED_MODULE_6__/* .timeOf */ .nR)(startedAt);
    return start === undefined || nowMs === undefined || nowMs < start
        ? ""
        : ` (${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .durationText */ .S5)(nowMs - start)})`;
}
function doneText({ jobsDone, jobsKnown }) {
    return jobsKnown < 2 ? "" : `${jobsDone} of ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .counted */ .hS)(jobsKnown, "job")} done`;
}
function leftText({ leftMs, typicalMs, isQueued }) {
    if (leftMs === undefined || typicalMs === undefined)
        return "";
    if (isQueued)
        return `then about ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .roughText */ .ZE)(typicalMs)}`;
    return leftMs > 0 ? `about ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .roughText */ .ZE)(leftMs)} left` : `longer than the usual ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .durationText */ .S5)(typicalMs)}`;
}


/***/ }),

/***/ 7335:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  tq: () => (/* binding */ previewSummary),
  YG: () => (/* binding */ summaryOf),
  $W: () => (/* binding */ unseenSummary)
});

// EXTERNAL MODULE: ./build/core/nodes.js
var nodes = __webpack_require__(535);
// EXTERNAL MODULE: ./build/core/size.js
var size = __webpack_require__(685);
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __webpack_require__(6067);
// EXTERNAL MODULE: ./build/render/bookends.js
var bookends = __webpack_require__(930);
// EXTERNAL MODULE: ./build/core/time.js
var time = __webpack_require__(3669);
// EXTERNAL MODULE: ./build/core/timings.js
var timings = __webpack_require__(149);
;// CONCATENATED MODULE: ./build/render/emoji.js
const pictures = {
    succeeded: "✅",
    succeededWithIssues: "⚠️",
    failed: "❌",
    canceled: "🚫",
    skipped: "⏭️",
    abandoned: "🚫",
};
/** For Markdown and charts; the log has plainer marks. */
function emoji(result) {
    return result === null ? "⏳" : pictures[result];
}

// EXTERNAL MODULE: ./build/render/words.js
var words = __webpack_require__(8712);
;// CONCATENATED MODULE: ./build/render/chart.js






/** Beyond so many bars a stage is one. Mermaid gives up at 50,000 characters. */
const mostBars = 200;
/** A Gantt chart in Mermaid's oldest words. Blank where nothing has run for any time. */
function chartOf(run, tree, { isRolledUp = false, at, isLost = false } = {}) {
    const now = { at: run.status === "completed" ? undefined : at, mark: isLost ? "❔" : emoji(null) };
    const whole = tree.stages.map((stage) => sectionOf(stage, now)).filter(({ bars }) => bars.length > 0);
    const count = whole.reduce((sum, { bars }) => sum + bars.length, 0);
    const isLong = isRolledUp || count > mostBars;
    const sections = isLong
        ? [{ title: undefined, bars: tree.stages.flatMap((stage) => stageBar(stage, now)).slice(0, mostBars) }]
        : whole;
    const bars = sections.flatMap((section) => section.bars);
    if (bars.length === 0)
        return "";
    const first = Math.min(...bars.map((bar) => bar.from));
    const zero = Math.min((0,time/* timeOf */.nR)(run.createdAt) ?? first, first);
    const end = Math.max(...bars.map((bar) => bar.to));
    return [
        "```mermaid",
        ...roomFor(sections),
        "gantt",
        "  dateFormat YYYY-MM-DD HH:mm:ss",
        `  axisFormat ${axisFor(end - zero)}`,
        // Of so short a time Mermaid would draw each second several times.
        ...(end - zero < 10_000 ? ["  tickInterval 1second"] : []),
        "  todayMarker off",
        ...sections.flatMap(({ title, bars: own }) => [
            ...(title === undefined ? [] : [`  section ${title}`]),
            ...own.map((bar) => `    ${bar.label} :${bar.tag}, ${localText(bar.from - zero)}, ${localText(bar.to - zero)}`),
        ]),
        "```",
    ].join("\n");
}
/** Mermaid leaves room for the shortest of titles, and draws longer ones across the bars. */
function roomFor(sections) {
    const longest = Math.max(...sections.map(({ title = "" }) => title.length));
    return longest <= 9 ? [] : [`%%{init: {"gantt": {"leftPadding": ${longest * 6 + 25}}}}%%`];
}
function sectionOf(stage, now) {
    const approvals = stage.waits.flatMap((wait) => {
        return bar({ label: `⏸️ ${(0,core_text/* capitalized */.l2)(words/* waitedWords */.iV[wait.kind])}`, tag: "active" }, wait, now).filter(({ from, to }) => to - from >= timings/* shortWaitMs */.wf);
    });
    const jobs = stage.jobs.filter((job) => job.result !== "skipped");
    const title = stage.displayName === undefined ? undefined : chartName(stage.displayName, 36);
    return {
        title,
        bars: [...approvals, ...jobs.flatMap((job) => bar(look((0,nodes/* jobTitle */.a9)(job), job, now), job, now))],
    };
}
function stageBar(stage, now) {
    return stage.result === "skipped" ? [] : bar(look(stage.displayName ?? "Jobs", stage, now), stage, now);
}
const tags = { failed: "crit", canceled: "active", abandoned: "active" };
function look(name, { result, status }, now) {
    // A red cross on a red bar cannot be seen.
    const mark = result === "failed" ? "✘" : result === null ? now.mark : emoji(result);
    return {
        label: `${mark} ${chartName(name)}`,
        tag: status === "inProgress" ? "active" : ((result && tags[result]) ?? "done"),
    };
}
function bar(style, { status, startedAt, finishedAt }, now) {
    const from = (0,time/* timeOf */.nR)(startedAt);
    const to = status === "inProgress" ? now.at : (0,time/* timeOf */.nR)(finishedAt);
    // A bar of no width is not drawn.
    return from === undefined || to === undefined ? [] : [{ ...style, from, to: Math.max(to, from + 1_000) }];
}
/** Mermaid ends a name at a colon, takes %% for itself, and chokes on a row that begins with one of its words or with none. */
function chartName(name, most = 60) {
    const safe = (0,core_text/* oneLine */.TN)(name).replaceAll(":", "∶").replaceAll(/%{2,}/g, "%").replaceAll("`", "ˋ");
    return (0,core_text/* clip */.$Q)(safe, most) || "·";
}
/** Given and drawn in the same local form: an epoch would be shifted by the reader's time zone. */
function localText(ms) {
    return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1_000) * 1_000)
        .toISOString()
        .slice(0, 19)
        .replace("T", " ");
}
function axisFor(ms) {
    if (ms < 3_600_000)
        return "%M:%S";
    return ms < 86_400_000 ? "%H:%M" : "%d %H:%M";
}

// EXTERNAL MODULE: ./build/core/echo.js
var echo = __webpack_require__(1069);
// EXTERNAL MODULE: ./build/core/links.js
var links = __webpack_require__(3163);
// EXTERNAL MODULE: ./build/render/annotations.js
var annotations = __webpack_require__(9987);
// EXTERNAL MODULE: ./build/render/markdown.js
var markdown = __webpack_require__(5120);
;// CONCATENATED MODULE: ./build/render/failures.js





/** "What went wrong": one block a place, the first cause first. Empty where nothing did. */
function failuresOf({ run, causes, excerpts }, { failures, lines }) {
    const own = causes.filter((cause) => !cause.isConsequence);
    const places = [...Map.groupBy(own.length > 0 ? own : causes, placeOf)];
    if (places.length === 0)
        return [];
    const shown = places.slice(0, failures).map(([place, found], index) => {
        const excerpt = excerpts.find((one) => placeOf(one) === place);
        const log = excerpt === undefined || lines === 0 ? "" : excerptOf(excerpt, lines, index < 3);
        return [titleOf(found, run.url, places.length > 1), messagesOf(found), log].filter(Boolean).join("\n\n");
    });
    const rest = places.length - shown.length;
    return ["### What went wrong", ...shown, ...(rest > 0 ? [`And in ${(0,core_text/* counted */.hS)(rest, "more place")}.`] : [])];
}
function placeOf({ jobId, taskId }) {
    return `${jobId ?? ""}/${taskId ?? ""}`;
}
/** `**Smoke tests › Run curl** · exit code 22 · [line 41 of its log](…)`. The heading has the stage of an only one. */
function titleOf(found, runUrl, isOneOfMany) {
    const [first] = found;
    if (first === undefined)
        return "";
    const inStage = [first.job, first.task].filter((name) => name !== undefined).join(" › ");
    const name = (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(isOneOfMany || inStage === "" ? first.path : inStage), 200) || "The run";
    const code = found.map((cause) => (0,echo/* exitCodeIn */.J)(cause.message ?? "")).find((number) => number !== undefined);
    const line = found.find((cause) => cause.logLine !== undefined)?.logLine;
    const url = first.jobId === undefined ? undefined : (0,links/* logUrl */.g)(runUrl, first.jobId, first.taskId, line);
    const log = url === undefined ? "" : (0,markdown/* link */.nf)(line === undefined ? "its log" : `line ${line} of its log`, url);
    return [`**${(0,markdown/* escapeMarkdown */.FV)(name)}**`, code === undefined ? "" : `exit code ${code}`, log]
        .filter(Boolean)
        .join(" · ");
}
const mostMessages = 5;
function messagesOf(found) {
    // The exit code stands in the title already.
    const said = found.filter(({ message }) => message && !((0,echo/* isEcho */.y)(message) && (0,echo/* exitCodeIn */.J)(message) !== undefined));
    const items = said.slice(0, mostMessages).map(({ message, issue }) => {
        const text = (0,markdown/* escapeMarkdown */.FV)((0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)((0,annotations/* coded */.y)(message ?? "", issue)), 500));
        const place = issue?.file === undefined ? "" : (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(issue.file), 200) + (issue.line ? `:${issue.line}` : "");
        return `- ${place && `${(0,markdown/* codeSpan */.SS)(place)} `}${text}`;
    });
    const rest = said.length - items.length;
    return [...items, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}
const widest = 1_000;
function excerptOf({ lines, totalLines }, most, isOpen) {
    const last = lines.slice(-most).map((line) => (0,core_text/* clip */.$Q)((0,core_text/* printable */.g$)(line), widest));
    if (last.length === 0)
        return "";
    const all = last.length >= totalLines;
    const title = all ? `all ${(0,core_text/* counted */.hS)(totalLines, "line")}` : `the last ${last.length} of ${totalLines} lines`;
    return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${(0,markdown/* fencedBlock */.zW)(last)}\n\n</details>`;
}

// EXTERNAL MODULE: ./build/render/standing.js
var standing = __webpack_require__(8633);
// EXTERNAL MODULE: ./build/core/duration.js
var duration = __webpack_require__(1420);
// EXTERNAL MODULE: ./build/render/lines.js + 1 modules
var lines = __webpack_require__(5754);
;// CONCATENATED MODULE: ./build/render/table.js











/** Stages and jobs. Jobs that simply succeeded are counted instead of listed where there are too many. */
function tableOf(report, { rows, mostRows }) {
    const { run, tree, at } = report;
    const isUnderWay = (0,standing/* goesOn */.Eo)(report);
    const now = run.status === "completed" ? undefined : at;
    const open = new Map((0,nodes/* openWaits */.DZ)(tree).map((wait) => [wait.stage, words/* waitWords */.jJ[wait.kind]]));
    const build = (isWhole) => tree.stages.flatMap((stage) => stageRows(stage, { runUrl: run.url, isWhole, now, isUnderWay, waitsFor: open.get(stage.name) }));
    const all = rows === "all" ? build(true) : build(false);
    const body = all.length > mostRows && rows === "all" ? build(false) : all;
    if (body.length === 0 || mostRows === 0)
        return "";
    const rest = body.length - mostRows;
    const shown = rest > 0 ? [...body.slice(0, mostRows), (0,markdown/* tableRow */.jD)(["", `and ${rest} more`, "", "", ""])] : body;
    return ["| | Stage | Job | Took | |", "|:-:|---|---|--:|---|", ...shown].join("\n");
}
function stageRows(stage, look) {
    const isHidden = stage.displayName === undefined;
    const isSkipped = stage.result === "skipped";
    const isItsJob = !isHidden && stage.jobs.length === 1 && stage.jobs.every((job) => job.displayName === undefined);
    const listed = isSkipped || isItsJob ? [] : stage.jobs.filter((job) => look.isWhole || !isPlain(job));
    const rolled = isSkipped || isItsJob ? 0 : stage.jobs.length - listed.length;
    const own = [notesOf(stage, look, isItsJob), ...waitNotes(stage, look)].filter(Boolean).join(", ");
    const name = `**${(0,markdown/* escapeMarkdown */.FV)(title(stage.displayName ?? "")) || "no name"}**`;
    const rest = rolled > 0 ? `${(0,core_text/* counted */.hS)(rolled, "job")} succeeded` : "";
    const isInOne = !isHidden && listed.length === 0;
    return [
        ...(isHidden
            ? []
            : [(0,markdown/* tableRow */.jD)([picture(stage, look), name, isInOne ? rest : "", tookText(stage, look), own])]),
        ...listed.map((job) => jobRow(job, look)),
        ...(rest !== "" && !isInOne ? [(0,markdown/* tableRow */.jD)(["✅", "", rest, "", ""])] : []),
    ];
}
function isPlain(job) {
    return job.result === "succeeded";
}
function jobRow(job, look) {
    const isCut = job.result === "failed" || job.result === "canceled" || job.result === "abandoned";
    const task = job.tasks.find(({ result }) => result !== null && result === job.result);
    const url = isCut ? (0,links/* logUrl */.g)(look.runUrl, job.id, task?.id) : undefined;
    return (0,markdown/* tableRow */.jD)([
        picture(job, look),
        "",
        (0,markdown/* link */.nf)(title((0,nodes/* jobTitle */.a9)(job)), url),
        tookText(job, look),
        notesOf(job, look, true),
    ]);
}
function notesOf(node, look, isCounted) {
    const notes = [
        isLost(node, look) ? "its end was not seen" : "",
        node.attempt > 1 ? `attempt ${node.attempt}` : "",
        node.result === "skipped" || node.result === "canceled" || node.result === "abandoned" ? node.result : "",
        isCounted ? (0,lines/* countsText */.WN)(node) : "",
    ];
    return notes.filter(Boolean).join(", ");
}
function waitNotes(stage, { waitsFor, isUnderWay }) {
    const over = (0,timings/* waitedBetween */.p$)(stage.waits).map(({ kind, ms }) => `waited ${(0,duration/* durationText */.S5)(ms)} for ${words/* waitedWords */.iV[kind]}`);
    return waitsFor === undefined ? over : [...over, `${isUnderWay ? "waits" : "waited"} for ${waitsFor}`];
}
function picture(node, look) {
    if (isLost(node, look))
        return "❔";
    return node.status === "pending" ? "◻️" : emoji(node.result);
}
function isLost({ status }, { isUnderWay }) {
    return status === "inProgress" && !isUnderWay;
}
function tookText(node, look) {
    const { now } = look;
    if (isLost(node, look))
        return "";
    const start = node.status === "inProgress" ? (0,time/* timeOf */.nR)(node.startedAt) : undefined;
    if (start !== undefined && now !== undefined)
        return `${(0,duration/* durationText */.S5)(now - start)} so far`;
    const took = node.result === "skipped" ? undefined : (0,time/* lengthMs */.xI)(node);
    return took === undefined ? "" : (0,duration/* durationText */.S5)(took);
}
function title(name) {
    return (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(name), 150);
}

;// CONCATENATED MODULE: ./build/render/summary.js










const whole = { chart: "jobs", lines: 20, failures: 30, rows: "all", mostRows: 400, names: 100 };
/** Each says less than the one before; what helps least with a failure goes first. */
const plans = [
    whole,
    { ...whole, chart: "stages" },
    { ...whole, chart: "stages", lines: 12 },
    { ...whole, chart: "stages", lines: 12, rows: "notable", names: 30 },
    { chart: "none", lines: 10, failures: 20, rows: "notable", mostRows: 200, names: 20 },
    { chart: "none", lines: 10, failures: 10, rows: "notable", mostRows: 50, names: 10 },
    { chart: "none", lines: 5, failures: 3, rows: "notable", mostRows: 20, names: 0 },
    { chart: "none", lines: 0, failures: 1, rows: "notable", mostRows: 0, names: 0 },
];
/**
 * The story of a run in Markdown. Where it would not fit it says less, and never stops in the middle.
 * GitHub drops a step summary of more than 1 MiB, and takes far less for a check.
 */
function summaryOf(report, limitBytes = 1_000_000) {
    const encoder = new TextEncoder();
    const isFit = (text) => encoder.encode(text).length <= limitBytes;
    for (const plan of plans) {
        const text = summaryBy(plan, report);
        if (isFit(text))
            return text;
    }
    const heading = `${headingOf(report)}\n`;
    return isFit(heading) ? heading : "";
}
/** Of a run that is left to itself before anybody has looked at it. */
function unseenSummary({ project, pipeline, run, isStarted }) {
    const what = [project, pipeline].filter((part) => part !== undefined).join(" › ");
    const verdict = isStarted ? "started, and left to itself" : "left to itself";
    return `## ${verdictMarks.running} ${summary_short(what)}: ${verdict}\n\n${factsOf(run)}\n`;
}
/** Of a request that was only validated. */
function previewSummary({ project, pipeline, source, }) {
    const from = sourceOf(source);
    const heading = `## ✅ ${summary_short(`${project} › ${pipeline}`)}: valid, nothing was started`;
    return `${[heading, from].filter(Boolean).join("\n\n")}\n`;
}
function summaryBy(plan, report) {
    const { run, tree, at } = report;
    const drawing = { at, isLost: !(0,standing/* goesOn */.Eo)(report), isRolledUp: plan.chart === "stages" };
    const chart = plan.chart === "none" ? "" : chartOf(run, tree, drawing);
    const tests = testsOf(report.tests, plan.names);
    // Failed tests are what went wrong.
    const isBad = (report.tests?.failed ?? 0) > 0;
    const parts = [
        headingOf(report),
        factsOf(run, (0,bookends/* timesText */.Aq)(run, tree)),
        standingOf(report),
        report.untold === undefined ? "" : summary_short((0,standing/* untoldText */.w$)(report.untold), 500),
        ...failuresOf(report, plan),
        isBad ? tests : "",
        tableOf(report, plan),
        chart,
        isBad ? "" : tests,
        artifactsOf(report.artifacts, plan.names),
    ];
    return `${parts.filter(Boolean).join("\n\n")}\n`;
}
const verdictMarks = {
    succeeded: "✅",
    failed: "❌",
    "timed-out": "⏱️",
    canceled: "🚫",
    running: "⏳",
    error: "❗",
};
function headingOf({ run, verdict, project, pipeline, causes }) {
    const [first] = causes;
    const own = causes.filter(({ isConsequence }) => !isConsequence);
    const inside = [first?.stage, first?.job].filter((name) => name !== undefined).join(" › ");
    const more = new Set(own.map(({ stage, job }) => JSON.stringify([stage, job]))).size - 1;
    const also = more > 0 ? ` and ${more} more` : "";
    const place = verdict.kind === "failed" && inside ? `${(0,words/* placeWord */.eS)(run)} *${summary_short(inside)}*${also}` : "";
    return `## ${verdictMarks[verdict.kind]} ${summary_short(`${project} › ${pipeline}`)}: ${summary_short(verdict.text, 300)}${place}`;
}
function factsOf(run, times = "") {
    const facts = [
        `**${(0,markdown/* link */.nf)((0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(run.name), 150), run.url)}**`,
        sourceOf(run.source),
        times,
        run.requestedBy === null ? "" : `started by ${summary_short(run.requestedBy)}`,
    ];
    return facts.filter(Boolean).join(" · ");
}
function sourceOf({ ref, commit }) {
    return [(0,core_text/* clip */.$Q)((0,bookends/* shortRef */.m3)(ref), 150), (0,bookends/* shortCommit */.Ax)(commit)].filter(Boolean).map(markdown/* codeSpan */.SS).join(" at ");
}
/** What a run that goes on is waiting for, and where to give it. Blank where the heading says it. */
function standingOf(report) {
    const text = (0,standing/* standingText */.yd)(report);
    if (text === "")
        return "";
    const isWanted = (0,standing/* goesOn */.Eo)(report) && (0,nodes/* openWaits */.DZ)(report.tree).length > 0;
    const where = isWanted ? ` ${(0,markdown/* link */.nf)("Give it in Azure DevOps", report.run.url)}.` : "";
    return `${summary_short(text, 500)}${where}`;
}
function testsOf(tests, most) {
    if (tests === undefined || tests.passed + tests.failed + tests.skipped === 0)
        return "";
    const { passed, failed, skipped, failedNames } = tests;
    const counts = [
        passed > 0 ? `${passed} passed` : "",
        failed > 0 ? `${failed} failed` : "",
        skipped > 0 ? `${skipped} skipped` : "",
    ];
    const names = failedNames.slice(0, most).map((name) => (0,markdown/* codeSpan */.SS)((0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(name), 200)));
    const rest = failed - names.length;
    const list = rest > 0 && names.length > 0 ? [...names, `${rest} more`] : names;
    return `**Tests** ${counts.filter(Boolean).join(", ")}${list.length > 0 ? `: ${list.join(", ")}` : ""}`;
}
function artifactsOf(artifacts = [], most) {
    if (artifacts.length === 0)
        return "";
    if (most === 0)
        return `**Artifacts** ${artifacts.length}`;
    const shown = artifacts.slice(0, most).map(({ name, bytes, url }) => {
        return `${(0,markdown/* link */.nf)((0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(name), 150), url)}${bytes === undefined ? "" : ` ${(0,size/* sizeText */.l)(bytes)}`}`;
    });
    const rest = artifacts.length - shown.length;
    return `**Artifacts** ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
function summary_short(text, most = 150) {
    return (0,markdown/* escapeMarkdown */.FV)((0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(text), most));
}


/***/ })

};
