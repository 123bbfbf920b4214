export const id = 695;
export const ids = [695];
export const modules = {

/***/ 382:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ withPlace),
/* harmony export */   z: () => (/* binding */ failureSections)
/* harmony export */ });
/* harmony import */ var _core_failures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31);
/* harmony import */ var _core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2372);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4869);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9987);
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5120);





/** "What went wrong": one block a place, the first cause first. Empty where nothing did. */
function failureSections({ run, causes, excerpts }, { failures, lines }) {
    const locations = [...Map.groupBy((0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .primaryCauses */ ["do"])(causes), locationKey)];
    if (locations.length === 0)
        return [];
    const shown = locations.slice(0, failures).map(([location, causesHere], index) => {
        const logs = excerptsFor(location, locations, excerpts).map((excerpt) => lines === 0
            ? ""
            : [
                locationKey(excerpt) === location ? "" : excerptHeading(excerpt, run.url),
                excerptBlock(excerpt, lines, index < 3),
            ]
                .filter(Boolean)
                .join("\n\n"));
        return [failureTitle(causesHere, run.url, locations.length > 1), messageList(causesHere), ...logs]
            .filter(Boolean)
            .join("\n\n");
    });
    const hiddenCount = locations.length - shown.length;
    return [
        "### What went wrong",
        ...shown,
        ...(hiddenCount > 0 ? [`And in ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .counted */ .hS)(hiddenCount, "more place")}.`] : []),
    ];
}
function locationKey({ jobId, taskId }) {
    return `${jobId ?? ""}/${taskId ?? ""}`;
}
/** The log of the place itself; else those of the tasks of its job that are no places of their own, or the job's. */
function excerptsFor(location, locations, excerpts) {
    const own = excerpts.filter((excerpt) => locationKey(excerpt) === location);
    if (own.length > 0)
        return own;
    const jobPrefix = location.slice(0, location.indexOf("/") + 1);
    const elsewhere = new Set(locations.map(([key]) => key));
    return excerpts.filter((excerpt) => {
        const key = locationKey(excerpt);
        const isInJob = jobPrefix !== "/" && key.startsWith(jobPrefix) && !elsewhere.has(key);
        return isInJob && (location === jobPrefix || key === jobPrefix);
    });
}
/** `**Smoke tests › Run curl** · exit code 22 · [line 41 of its log](…)`. The heading has the stage of an only one. */
function failureTitle(causesHere, runUrl, isOneOfMany) {
    const [first] = causesHere;
    if (first === undefined)
        return "";
    const jobAndTask = [first.job, first.task].filter((name) => name !== undefined).join(" › ");
    const name = (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(isOneOfMany || jobAndTask === "" ? first.path : jobAndTask), 200) || "The run";
    const code = causesHere
        .map((cause) => (0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodeIn */ .JD)(cause.message ?? ""))
        .find((number) => number !== undefined);
    const line = causesHere.find((cause) => cause.logLine !== undefined)?.logLine;
    const url = first.jobId === undefined ? undefined : (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__/* .logUrl */ .gO)(runUrl, first.jobId, first.taskId, line);
    const log = url === undefined ? "" : (0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .link */ .nf)(line === undefined ? "its log" : `line ${line} of its log`, url);
    return [`**${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .escapeMarkdown */ .FV)(name)}**`, code === undefined ? "" : `exit code ${code}`, log]
        .filter(Boolean)
        .join(" · ");
}
const maxMessages = 5;
function messageList(causesHere) {
    // The exit code stands in the title already.
    const withMessage = causesHere.filter(({ message }) => message && !((0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .isGenericMessage */ .NY)(message) && (0,_core_failures_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodeIn */ .JD)(message) !== undefined));
    const items = withMessage.slice(0, maxMessages).map(({ message, issue }) => {
        const text = (0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .escapeMarkdown */ .FV)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)((0,_annotations_js__WEBPACK_IMPORTED_MODULE_2__/* .withIssueCode */ .D)(message ?? "", issue)), 500));
        const location = issue?.file === undefined ? "" : (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(issue.file), 200) + (issue.line ? `:${issue.line}` : "");
        return `- ${location && `${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .codeSpan */ .SS)(location)} `}${text}`;
    });
    const hiddenCount = withMessage.length - items.length;
    return [...items, ...(hiddenCount > 0 ? [`- and ${hiddenCount} more`] : [])].join("\n");
}
const maxLineLength = 1_000;
function excerptHeading({ jobId, taskId, task }, runUrl) {
    const name = taskId === undefined ? "the job" : (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(task ?? ""), 200);
    return `Log of ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .link */ .nf)(name, (0,_core_run_tree_js__WEBPACK_IMPORTED_MODULE_4__/* .logUrl */ .gO)(runUrl, jobId, taskId))}:`;
}
function excerptBlock({ lines, totalLines }, maxLines, isOpen) {
    const shownLines = lines.slice(-maxLines).map((line) => (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(line), maxLineLength));
    if (shownLines.length === 0)
        return "";
    const isComplete = shownLines.length >= totalLines;
    const title = isComplete
        ? `all ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .counted */ .hS)(totalLines, "line")}`
        : `the last ${shownLines.length} of ${totalLines} lines`;
    return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .fencedBlock */ .zW)(shownLines)}\n\n</details>`;
}
/** GitHub's log does not show the title of an annotation, so the text says the place too. */
function withPlace(entry) {
    if (entry.type === "group" || !("title" in entry) || !entry.title)
        return entry;
    return { ...entry, text: [entry.title, entry.text].filter(Boolean).join(": ") };
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


/***/ }),

/***/ 6695:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  tq: () => (/* binding */ previewSummary),
  Br: () => (/* binding */ renderSummary),
  p8: () => (/* binding */ unpolledRunSummary)
});

// EXTERNAL MODULE: ./build/core/failures.js
var failures = __webpack_require__(31);
// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(2372);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(4869);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(1527);
// EXTERNAL MODULE: ./build/render/markdown.js
var markdown = __webpack_require__(5120);
// EXTERNAL MODULE: ./build/render/run-text.js
var run_text = __webpack_require__(8182);
;// CONCATENATED MODULE: ./build/render/baseline.js



/** So many commits are named. */
const maxCommits = 10;
/** So many of them in the open. */
const maxOpenCommits = 3;
/** What changed since the last run of the same ref that succeeded: `limit` commits at most. Empty where it isn't known. */
function changesSection(baseline, { source: { ref } }, limit) {
    if (baseline === undefined)
        return "";
    const { lastSuccess, isSameCommit, commits } = baseline;
    const run = (0,markdown/* link */.nf)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(lastSuccess.name), 150), lastSuccess.url);
    const branch = (0,markdown/* codeSpan */.SS)((0,lib_text/* clip */.$Q)((0,run_text/* shortRef */.m3)(ref), 150));
    if (isSameCommit)
        return `**Changes** none since ${run}, the last run of ${branch} that succeeded: it built the same commit.`;
    if (commits === undefined || commits.first.length === 0)
        return `The last run of ${branch} that succeeded is ${run}.`;
    const { first, hasMore } = commits;
    const shown = first.slice(0, Math.min(limit, maxCommits)).map(commitItem);
    const hiddenCount = first.length - shown.length;
    const more = hiddenCount > 0 && shown.length > 0 ? [`- and ${hiddenCount} more`] : [];
    const count = `${hasMore ? "at least " : ""}${(0,lib_text/* counted */.hS)(first.length, "commit")}`;
    return [
        `**Changes** ${count} since ${run}, the last run of ${branch} that succeeded`,
        (0,markdown/* foldedList */.H8)([...shown, ...more], maxOpenCommits, (0,lib_text/* counted */.hS)(first.length - maxOpenCommits, "more commit")),
    ]
        .filter(Boolean)
        .join("\n\n");
}
function commitItem({ hash, title, author, url }) {
    const by = author === undefined ? "" : ` (${(0,markdown/* escapeMarkdown */.FV)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(author), 100))})`;
    return `- ${(0,markdown/* link */.nf)(hash.slice(0, 7), url)} ${(0,markdown/* escapeMarkdown */.FV)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(title), 150))}${by}`;
}

// EXTERNAL MODULE: ./build/render/failures.js
var render_failures = __webpack_require__(382);
// EXTERNAL MODULE: ./build/render/labels.js
var labels = __webpack_require__(5542);
// EXTERNAL MODULE: ./build/render/status-text.js
var status_text = __webpack_require__(2919);
// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(4923);
// EXTERNAL MODULE: ./build/render/run-log.js
var run_log = __webpack_require__(6891);
;// CONCATENATED MODULE: ./build/render/summary-table.js








/** Stages and jobs. Jobs that simply succeeded are counted instead of listed where there are too many. */
function summaryTable(report, { rows, maxRows }) {
    const { run, tree, at } = report;
    const isInProgress = (0,status_text/* isStillRunning */.QT)(report);
    const now = run.status === "completed" ? undefined : at;
    const pendingByStage = new Map((0,run_tree/* pendingChecks */.dc)(tree).map((check) => [check.stage, (0,labels/* checkLabel */.v8)(check)]));
    const buildRows = (includeSucceeded) => tree.stages.flatMap((stage) => stageRows(stage, {
        runUrl: run.url,
        includeSucceeded,
        now,
        isInProgress,
        pendingCheckLabel: pendingByStage.get(stage.name),
    }));
    const all = rows === "all" ? buildRows(true) : buildRows(false);
    const body = all.length > maxRows && rows === "all" ? buildRows(false) : all;
    if (body.length === 0 || maxRows === 0)
        return "";
    const hiddenCount = body.length - maxRows;
    const shown = hiddenCount > 0 ? [...body.slice(0, maxRows), (0,markdown/* tableRow */.jD)([`and ${hiddenCount} more`, "", ""])] : body;
    return ["| Stage / job | Duration | Notes |", "|---|--:|---|", ...shown].join("\n");
}
function stageRows(stage, context) {
    const isUnnamed = stage.displayName === undefined;
    const isSkipped = (0,run_tree/* isNotRun */.NF)(stage);
    const representsJob = !isUnnamed && stage.jobs.length === 1 && stage.jobs.every((job) => job.displayName === undefined);
    const listedJobs = isSkipped || representsJob
        ? []
        : stage.jobs.filter((job) => context.includeSucceeded || !isSuccessful(job));
    const hiddenJobCount = isSkipped || representsJob ? 0 : stage.jobs.length - listedJobs.length;
    const notes = [notesOf(stage, context, representsJob), ...checkNotes(stage, context)]
        .filter(Boolean)
        .join(", ");
    const name = `**${(0,markdown/* escapeMarkdown */.FV)(cellText(stage.displayName ?? "")) || "no name"}**`;
    const hiddenText = hiddenJobCount > 0 ? `${(0,lib_text/* counted */.hS)(hiddenJobCount, "job")} succeeded` : "";
    const isSingleRow = !isUnnamed && listedJobs.length === 0;
    const [onlyJob] = stage.jobs;
    const label = representsJob && onlyJob !== undefined
        ? (0,markdown/* link */.nf)(cellText(stage.displayName ?? ""), jobLogUrl(onlyJob, context))
        : undefined;
    return [
        ...(isUnnamed
            ? []
            : [
                (0,markdown/* tableRow */.jD)([
                    `${statusEmoji(stage, context)} ${label === undefined ? name : `**${label}**`}`,
                    durationCell(stage, context),
                    [notes, isSingleRow ? hiddenText : ""].filter(Boolean).join(", "),
                ]),
            ]),
        ...listedJobs.map((job) => jobRow(job, context, isUnnamed)),
        ...(hiddenText !== "" && !isSingleRow
            ? [(0,markdown/* tableRow */.jD)([`${isUnnamed ? "" : indent}✅ ${hiddenText}`, "", ""])]
            : []),
    ];
}
/** An em space: jobs stand below their stage. */
const indent = "&emsp;";
function isSuccessful(job) {
    return job.result === "succeeded";
}
function jobRow(job, context, isUnnamedStage) {
    return (0,markdown/* tableRow */.jD)([
        `${isUnnamedStage ? "" : indent}${statusEmoji(job, context)} ${(0,markdown/* link */.nf)(cellText((0,run_tree/* jobTitle */.a9)(job)), jobLogUrl(job, context))}`,
        durationCell(job, context),
        notesOf(job, context, true),
    ]);
}
/** The log of a job, at the task that ended it badly; `undefined` where there is none. */
function jobLogUrl(job, { runUrl }) {
    const isUnsuccessful = job.result === "failed" || job.result === "canceled" || job.result === "abandoned";
    const hasLog = job.logId !== null || job.tasks.some(({ logId }) => logId !== null);
    if (!isUnsuccessful && !hasLog)
        return undefined;
    const task = isUnsuccessful ? job.tasks.find(({ result }) => result === job.result) : undefined;
    return (0,run_tree/* logUrl */.gO)(runUrl, job.id, task?.id);
}
function notesOf(node, context, includeCounts) {
    const notes = [
        isEndUnknown(node, context) ? "its end was not seen" : "",
        node.attempt > 1 ? `attempt ${node.attempt}` : "",
        node.result === "skipped" || node.result === "canceled" || node.result === "abandoned" ? node.result : "",
        node.result === "manual" ? "not started (manual)" : "",
        includeCounts ? (0,run_log/* countsText */.WN)(node) : "",
    ];
    return notes.filter(Boolean).join(", ");
}
function checkNotes(stage, { pendingCheckLabel, isInProgress }) {
    const completed = (0,progress/* waitTimesBetween */.OR)(stage.checks).map(({ kind, ms }) => `waited ${(0,time/* durationText */.S5)(ms)} for ${labels/* waitTimeLabels */.O3[kind]}`);
    return pendingCheckLabel === undefined
        ? completed
        : [...completed, `${isInProgress ? "waits" : "waited"} for ${pendingCheckLabel}`];
}
function statusEmoji(node, context) {
    if (isEndUnknown(node, context))
        return "❔";
    return node.status === "pending" ? "◻️" : (0,labels/* emoji */.Zg)(node.result);
}
function isEndUnknown({ status }, { isInProgress }) {
    return status === "inProgress" && !isInProgress;
}
function durationCell(node, context) {
    const { now } = context;
    if (isEndUnknown(node, context))
        return "";
    const start = node.status === "inProgress" ? (0,time/* parseTime */.pe)(node.startedAt) : undefined;
    if (start !== undefined && now !== undefined)
        return `${(0,time/* durationText */.S5)(now - start)} so far`;
    const elapsedMs = (0,run_tree/* isNotRun */.NF)(node) ? undefined : (0,time/* spanDurationMs */.Fy)(node);
    return elapsedMs === undefined ? "" : (0,time/* durationText */.S5)(elapsedMs);
}
function cellText(name) {
    return (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 150);
}

// EXTERNAL MODULE: ./build/render/tests.js
var render_tests = __webpack_require__(9156);
;// CONCATENATED MODULE: ./build/render/timeline-chart.js





/** A longer title would leave no room for the bars on a page of 390 pixels. */
const maxTitleLength = 20;
/** Beyond so many bars a stage is one. Mermaid gives up at 50,000 characters. */
const maxBars = 200;
/** A Gantt chart in Mermaid's oldest words. Blank where nothing has run for any time. */
function ganttChart(run, tree, { stagesOnly = false, at, isEndUnknown = false } = {}) {
    const lastPoll = {
        at: run.status === "completed" ? undefined : at,
        runningSymbol: isEndUnknown ? "❔" : (0,labels/* emoji */.Zg)(null),
    };
    const jobSections = tree.stages
        .map((stage) => stageSection(stage, lastPoll))
        .filter(({ bars }) => bars.length > 0);
    const count = jobSections.reduce((sum, { bars }) => sum + bars.length, 0);
    const usesStageBars = stagesOnly || count > maxBars;
    const sections = usesStageBars
        ? [
            {
                title: undefined,
                bars: tree.stages.flatMap((stage) => stageBars(stage, lastPoll)).slice(0, maxBars),
            },
        ]
        : jobSections;
    const bars = sections.flatMap((section) => section.bars);
    if (bars.length === 0)
        return "";
    const first = Math.min(...bars.map((bar) => bar.from));
    const start = Math.min((0,time/* parseTime */.pe)(run.createdAt) ?? first, first);
    const end = Math.max(...bars.map((bar) => bar.to));
    return [
        "```mermaid",
        chartConfig(sections),
        "gantt",
        "  dateFormat YYYY-MM-DD HH:mm:ss",
        `  axisFormat ${axisFormat(end - start)}`,
        `  tickInterval ${tickInterval(end - start)}`,
        "  todayMarker off",
        ...sections.flatMap(({ title, bars: sectionBars }) => [
            ...(title === undefined ? [] : [`  section ${title}`]),
            ...sectionBars.map((bar) => `    ${bar.label} :${bar.tag}, ${mermaidTime(bar.from - start)}, ${mermaidTime(bar.to - start)}`),
        ]),
        "```",
    ].join("\n");
}
/**
 * Mermaid paints bands behind sections, in which a green bar looks like a warning. It leaves room for short titles only,
 * and more on the right than a narrow page has.
 */
function chartConfig(sections) {
    const longestTitle = Math.max(...sections.map(({ title = "" }) => title.length));
    const bands = Object.fromEntries(["sectionBkgColor", "sectionBkgColor2", "altSectionBkgColor"].map((name) => [name, "transparent"]));
    const config = {
        themeVariables: bands,
        gantt: { ...(longestTitle > 9 && { leftPadding: longestTitle * 6 + 25 }), rightPadding: 25 },
    };
    return `%%{init: ${JSON.stringify(config)}}%%`;
}
const tickSeconds = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
];
/** At most five labels on the axis, which also fit a narrow page. */
function tickInterval(durationMs) {
    const seconds = tickSeconds.find((interval) => durationMs / 1_000 / interval <= 4.5);
    if (seconds === undefined)
        return `${Math.ceil(durationMs / 86_400_000 / 4.5)}day`;
    if (seconds >= 3_600)
        return `${seconds / 3_600}hour`;
    return seconds >= 60 ? `${seconds / 60}minute` : `${seconds}second`;
}
function stageSection(stage, lastPoll) {
    const checkBars = stage.checks.flatMap((check) => {
        return barsFor({ label: `⏸️ ${(0,lib_text/* capitalized */.l2)(labels/* waitTimeLabels */.O3[check.kind])}`, tag: "active" }, check, lastPoll).filter(({ from, to }) => to - from >= progress/* minReportedWaitMs */.PX);
    });
    const jobs = stage.jobs.filter((job) => !(0,run_tree/* isNotRun */.NF)(job));
    const title = stage.displayName === undefined ? undefined : mermaidText(stage.displayName, maxTitleLength);
    return {
        title,
        bars: [
            ...checkBars,
            ...jobs.flatMap((job) => barsFor(barAppearance((0,run_tree/* jobTitle */.a9)(job), job, lastPoll), job, lastPoll)),
        ],
    };
}
function stageBars(stage, lastPoll) {
    return (0,run_tree/* isNotRun */.NF)(stage)
        ? []
        : barsFor(barAppearance(stage.displayName ?? "Jobs", stage, lastPoll), stage, lastPoll);
}
const barTags = {
    failed: "crit",
    canceled: "active",
    abandoned: "active",
};
function barAppearance(name, { result, status }, lastPoll) {
    // A red cross on a red bar cannot be seen.
    const symbol = result === "failed" ? "✘" : result === null ? lastPoll.runningSymbol : (0,labels/* emoji */.Zg)(result);
    return {
        label: `${symbol} ${mermaidText(name)}`,
        tag: status === "inProgress" ? "active" : ((result && barTags[result]) ?? "done"),
    };
}
function barsFor(appearance, { status, startedAt, finishedAt }, lastPoll) {
    const from = (0,time/* parseTime */.pe)(startedAt);
    const to = status === "inProgress" ? lastPoll.at : (0,time/* parseTime */.pe)(finishedAt);
    // A bar of no width is not drawn.
    return from === undefined || to === undefined
        ? []
        : [{ ...appearance, from, to: Math.max(to, from + 1_000) }];
}
/** Mermaid ends a name at a colon, takes %% for itself, and chokes on a row that begins with one of its words or with none. */
function mermaidText(name, maxLength = 60) {
    const escaped = (0,lib_text/* oneLine */.TN)(name).replaceAll(":", "∶").replaceAll(/%{2,}/g, "%").replaceAll("`", "ˋ");
    return (0,lib_text/* clip */.$Q)(escaped, maxLength) || "·";
}
/** Given and drawn in the same local form: an epoch would be shifted by the reader's time zone. */
function mermaidTime(ms) {
    return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1_000) * 1_000)
        .toISOString()
        .slice(0, 19)
        .replace("T", " ");
}
function axisFormat(ms) {
    if (ms < 3_600_000)
        return "%M:%S";
    return ms < 86_400_000 ? "%H:%M" : "%d %H:%M";
}

;// CONCATENATED MODULE: ./build/render/summary.js













const fullDetail = {
    chart: "jobs",
    lines: 20,
    failures: 30,
    rows: "all",
    maxRows: 400,
    names: 100,
};
/** Each says less than the one before; what helps least with a failure goes first. */
const detailLevels = [
    fullDetail,
    { ...fullDetail, chart: "stages" },
    { ...fullDetail, chart: "stages", lines: 12 },
    { ...fullDetail, chart: "stages", lines: 12, rows: "notable", names: 30 },
    { chart: "none", lines: 10, failures: 20, rows: "notable", maxRows: 200, names: 20 },
    { chart: "none", lines: 10, failures: 10, rows: "notable", maxRows: 50, names: 10 },
    { chart: "none", lines: 5, failures: 3, rows: "notable", maxRows: 20, names: 0 },
    { chart: "none", lines: 0, failures: 1, rows: "notable", maxRows: 0, names: 0 },
];
/**
 * The story of a run in Markdown. Where it would not fit it says less, and never stops in the middle.
 * GitHub drops a step summary of more than 1 MiB, and takes far less for a check.
 */
function renderSummary(report, limitBytes = 1_000_000) {
    const encoder = new TextEncoder();
    const fits = (text) => encoder.encode(text).length <= limitBytes;
    for (const level of detailLevels) {
        const text = renderAtLevel(level, report);
        if (fits(text))
            return text;
    }
    const heading = `${summaryHeading(report)}\n`;
    return fits(heading) ? heading : "";
}
/** Of a run that is left to itself before anybody has looked at it. */
function unpolledRunSummary({ project, pipeline, run, isStarted }) {
    const title = [project, pipeline].filter((part) => part !== undefined).join(" › ");
    const verdict = isStarted ? "started, and left to itself" : "left to itself";
    return `## ${verdictEmoji.running} ${inlineText(title)}: ${verdict}\n\n${runDetailsLine(run)}\n`;
}
/** Of a request that was only validated. */
function previewSummary({ project, pipeline, source, }) {
    const sourceText = sourceMarkdown(source);
    const heading = `## ✅ ${inlineText(`${project} › ${pipeline}`)}: valid, nothing was started`;
    return `${[heading, sourceText].filter(Boolean).join("\n\n")}\n`;
}
function renderAtLevel(level, report) {
    const { run, tree, at } = report;
    const chartOptions = { at, isEndUnknown: !(0,status_text/* isStillRunning */.QT)(report), stagesOnly: level.chart === "stages" };
    const chart = level.chart === "none" ? "" : ganttChart(run, tree, chartOptions);
    const tests = (0,render_tests/* testsSection */.F)(report.tests, level.names);
    // Failed tests are what went wrong.
    const hasFailedTests = (report.tests?.failed ?? 0) > 0;
    const parts = [
        summaryHeading(report),
        runDetailsLine(run, [(0,run_text/* timingText */._s)(run, tree), usualText(report.baseline)].filter(Boolean).join(", ")),
        statusSection(report),
        report.timelineUnavailable === undefined
            ? ""
            : inlineText((0,status_text/* timelineUnavailableText */.dF)(report.timelineUnavailable), 500),
        ...(0,render_failures/* failureSections */.z)(report, level),
        hasFailedTests ? tests : "",
        changesSection(report.baseline, run, level.names),
        ...overview(report, [summaryTable(report, level), chart]),
        hasFailedTests ? "" : tests,
        artifactsSection(report.artifacts, level.names),
    ];
    return `${parts.filter(Boolean).join("\n\n")}\n`;
}
/** What runs that pass take. */
function usualText({ typicalMs } = {}) {
    return typicalMs === undefined ? "" : `usually ${(0,time/* approximateDurationText */.WX)(typicalMs)}`;
}
/** Table and chart; of a run without anything to look at they are folded. */
function overview({ tree, verdict }, sections) {
    const content = sections.filter(Boolean);
    const { errors, warnings } = (0,run_tree/* sumCounts */.DN)(tree.stages);
    if (verdict.kind !== "succeeded" || errors + warnings > 0 || content.length === 0)
        return content;
    const jobCount = tree.stages.reduce((sum, { jobs }) => sum + jobs.length, 0);
    const title = `${(0,lib_text/* counted */.hS)(tree.stages.length, "stage")}, ${(0,lib_text/* counted */.hS)(jobCount, "job")}`;
    return [`<details><summary>${title}</summary>`, ...content, "</details>"];
}
const verdictEmoji = {
    succeeded: "✅",
    failed: "❌",
    "timed-out": "⏱️",
    canceled: "🚫",
    running: "⏳",
    error: "❗",
};
function summaryHeading({ run, verdict, project, pipeline, causes }) {
    const [first] = causes;
    const stageAndJob = [first?.stage, first?.job].filter((name) => name !== undefined).join(" › ");
    const otherCount = new Set((0,failures/* primaryCauses */["do"])(causes).map(({ stage, job }) => JSON.stringify([stage, job]))).size - 1;
    const othersText = otherCount > 0 ? ` and ${otherCount} more` : "";
    // A run that the service ended is canceled, in a place that says why.
    const hasPlace = verdict.kind === "failed" || (verdict.kind === "canceled" && run.result === "canceled");
    const location = hasPlace && stageAndJob ? `${(0,labels/* locationPrefix */.Kx)(run)} *${inlineText(stageAndJob)}*${othersText}` : "";
    return `## ${verdictEmoji[verdict.kind]} ${inlineText(`${project} › ${pipeline}`)}: ${inlineText(verdict.text, 300)}${location}`;
}
function runDetailsLine(run, timing = "") {
    const details = [
        `**${(0,markdown/* link */.nf)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(run.name), 150), run.url)}**`,
        sourceMarkdown(run.source),
        timing,
        run.requestedBy === null ? "" : `started by ${inlineText(run.requestedBy)}`,
    ];
    return details.filter(Boolean).join(" · ");
}
function sourceMarkdown({ ref, commit }) {
    return [(0,lib_text/* clip */.$Q)((0,run_text/* shortRef */.m3)(ref), 150), (0,run_text/* shortCommit */.Ax)(commit)].filter(Boolean).map(markdown/* codeSpan */.SS).join(" at ");
}
/** What a run that goes on is waiting for, and where to give it. Blank where the heading says it. */
function statusSection(report) {
    const text = (0,status_text/* unfinishedRunText */.iP)(report);
    if (text === "")
        return "";
    const pending = (0,status_text/* isStillRunning */.QT)(report) ? (0,run_tree/* pendingChecks */.dc)(report.tree) : [];
    const action = pending.map(({ kind }) => labels/* checkActions */.mZ[kind]).find((text) => text !== undefined);
    const actionLink = action === undefined ? "" : ` ${(0,markdown/* link */.nf)(`${action} in Azure DevOps`, report.run.url)}.`;
    return `${inlineText(text, 500)}${actionLink}`;
}
function artifactsSection(artifacts = [], limit) {
    if (artifacts.length === 0)
        return "";
    if (limit === 0)
        return `**Artifacts** ${artifacts.length}`;
    const shown = artifacts.slice(0, limit).map(({ name, bytes, url }) => {
        return `${(0,markdown/* link */.nf)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(name), 150), url)}${bytes === undefined ? "" : ` ${(0,lib_text/* sizeText */.lP)(bytes)}`}`;
    });
    const hiddenCount = artifacts.length - shown.length;
    return `**Artifacts** ${shown.join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}
function inlineText(text, maxLength = 150) {
    return (0,markdown/* escapeMarkdown */.FV)((0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(text), maxLength));
}


/***/ }),

/***/ 9156:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ testsSection),
/* harmony export */   n: () => (/* binding */ testAnnotations)
/* harmony export */ });
/* harmony import */ var _core_source_location_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(141);
/* harmony import */ var _lib_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4869);
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5120);



/** So many failed tests are listed in the open, the others are folded. */
const maxOpenTests = 10;
/** How many tests passed and failed, and which failed: `limit` of them at most. Empty without tests. */
function testsSection(tests, limit) {
    if (tests === undefined || tests.passed + tests.failed + tests.skipped + tests.others.length === 0)
        return "";
    const { passed, failed, skipped, others, failures } = tests;
    const counts = [
        passed > 0 ? `${passed} passed` : "",
        failed > 0 ? `${failed} failed${noveltyText(tests)}` : "",
        skipped > 0 ? `${skipped} skipped` : "",
        ...others.map(({ outcome, count }) => `${count} ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .escapeMarkdown */ .FV)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(outcome), 150))}`),
    ];
    const listed = failures.slice(0, limit).map(testItem);
    const hiddenCount = failed - listed.length;
    const isFolded = listed.length > maxOpenTests;
    const items = hiddenCount > 0 && listed.length > 0 ? [...listed, `- and ${hiddenCount} more`] : listed;
    return [
        `**Tests** ${counts.filter(Boolean).join(", ")}`,
        isFolded
            ? (0,_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .foldedList */ .H8)(items, maxOpenTests, (0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .counted */ .hS)(failed - maxOpenTests, "more failed test"))
            : items.join("\n"),
    ]
        .filter(Boolean)
        .join("\n\n");
}
/** ` (2 new, 5 known)`; blank where the service doesn't say. */
function noveltyText({ failed, newFailures }) {
    if (newFailures === undefined)
        return "";
    const fresh = Math.min(newFailures, failed);
    const parts = [fresh > 0 ? `${fresh} new` : "", failed > fresh ? `${failed - fresh} known` : ""];
    return ` (${parts.filter(Boolean).join(", ")})`;
}
function testItem({ name, message, location }) {
    const reason = message === undefined ? "" : (0,_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .escapeMarkdown */ .FV)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(message), 200));
    const place = location === undefined ? "" : (0,_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .codeSpan */ .SS)(placeText(location));
    return `- ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .codeSpan */ .SS)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name), 200))}${reason && `: ${reason}`}${place && ` (${place})`}`;
}
const maxMessageLength = 1_000;
/** Each failed test as an annotation, on its line where `toRepositoryPath` knows the file. */
function testAnnotations({ failures, type }, toRepositoryPath) {
    return failures.map(({ name, message, location }) => {
        const path = location === undefined ? undefined : (0,_core_source_location_js__WEBPACK_IMPORTED_MODULE_0__/* .framePath */ .pe)(location);
        const file = path === undefined ? undefined : toRepositoryPath(path);
        const place = location === undefined ? "" : ` (${placeText(location)})`;
        const reason = message === undefined ? "" : `: ${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)(message.trim(), maxMessageLength)}`;
        return {
            type,
            text: `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name), 200)}${place}${reason}`,
            title: "Failed test",
            ...(file !== undefined && { file, line: location?.line }),
        };
    });
}
/** `src/health.ts:12`, without the folders of the agent. */
function placeText({ file, line }) {
    return `${(0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_lib_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)((0,_core_source_location_js__WEBPACK_IMPORTED_MODULE_0__/* .sourcePath */ .Z3)(file) ?? file), 200)}:${line}`;
}


/***/ })

};
