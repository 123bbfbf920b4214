"use strict";
exports.id = 85;
exports.ids = [85];
exports.modules = {

/***/ 8311:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E6: () => (/* binding */ reportTarget),
/* harmony export */   UO: () => (/* binding */ sourceOrigin),
/* harmony export */   cU: () => (/* binding */ notBuilt)
/* harmony export */ });
/* harmony import */ var _default_ref_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5138);

const mergeRef = /^refs\/pull\/\d+\/merge$/;
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
        const isOwnMerge = trigger.ref === ref && trigger.sha.toLowerCase() === commit.toLowerCase();
        if (isOwnMerge && trigger.pullRequest !== undefined)
            return { kind: "commit", sha: expected };
        return { kind: "merged-head", mergeCommit: commit, expected };
    }
    return { kind: "none", reason: notBuilt(prSourceSha ?? commit ?? "another commit", expected) };
}
function notBuilt(built, expected) {
    return `the run built ${built.slice(0, 12)}, not ${expected.slice(0, 12)}, which this workflow runs for`;
}


/***/ }),

/***/ 1085:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createCommitReporters: () => (/* binding */ createCommitReporters),
  readMergedHead: () => (/* reexport */ readMergedHead)
});

// EXTERNAL MODULE: ./build/core/report-commit.js
var report_commit = __webpack_require__(8311);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9984);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(6777);
// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
// EXTERNAL MODULE: ./build/core/source-location.js
var source_location = __webpack_require__(7456);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
// EXTERNAL MODULE: ./build/lib/to-fetch.js
var to_fetch = __webpack_require__(5103);
;// CONCATENATED MODULE: ./build/github/octokit.js




class TokenMissingError extends Error {
}
const silentLog = { debug() { }, info() { }, warn() { }, error() { } };
async function createOctokit(access, remainingMs) {
    const { token, apiUrl } = access;
    if (token === "")
        throw new TokenMissingError("the input `github-token` is blank");
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    return getOctokit(token, {
        baseUrl: apiUrl.replace(/\/+$/, ""),
        log: silentLog,
        request: { fetch: createFetch(access, remainingMs), log: silentLog },
    });
}
function createFetch({ transport, redact = (text) => text }, remainingMs) {
    return (0,to_fetch/* toFetch */.q)(async ({ body, ...request }) => {
        const timeoutMs = remainingMs();
        if (timeoutMs <= 0)
            throw new Error("there was no time left");
        const redacted = body === undefined ? {} : { body: redact(body) };
        const response = await transport.send({ ...request, ...redacted, timeoutMs });
        if (response.status >= 300 && response.status < 400)
            throw new Error(`it answered with a redirect (${response.status})`);
        return response;
    });
}
const errorResponseShape = dist/* object */.Ikc({
    status: dist/* number */.aig(),
    response: dist/* object */.Ikc({
        headers: dist/* record */.g1P(dist/* string */.YjP(), dist/* unknown */.L5J()),
        data: dist/* fallback */.NpB(dist/* object */.Ikc({ message: dist/* string */.YjP() }), { message: "" }),
    }),
});
function describeFailure(error) {
    const parsed = dist/* safeParse */.xLC(errorResponseShape, error);
    if (!parsed.success)
        return describeMissingResponse(error);
    const { status, response } = parsed.output;
    const message = shortText(response.data.message);
    const throttled = status === 429 || (status === 403 && isRateLimited(response.headers, message));
    return {
        text: `GitHub answered ${status}${message && `: ${message}`}`,
        status,
        isPermanent: status < 500 && status !== 408 && !throttled,
        retryAfterMs: throttled ? rateLimitDelayMs(response.headers) : undefined,
        misconfiguration: throttled ? undefined : misconfigurationOf(status, message),
    };
}
function misconfigurationOf(status, message) {
    if (status === 401)
        return "token";
    if (status === 403 && /via a GitHub App|by personal access token/i.test(message))
        return "personal-token";
    return status === 403 || status === 404 ? "permissions" : undefined;
}
function describeMissingResponse(error) {
    if (error instanceof TokenMissingError) {
        return {
            text: error.message,
            status: undefined,
            isPermanent: true,
            retryAfterMs: undefined,
            misconfiguration: "token",
        };
    }
    const text = dist/* isValiError */.F1$(error)
        ? "GitHub's response was invalid"
        : `GitHub could not be reached: ${shortText((0,errors/* reasonOf */.A3)(error))}`;
    return { text, status: undefined, isPermanent: false, retryAfterMs: undefined };
}
function isRateLimited(headers, message) {
    return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(message);
}
function rateLimitDelayMs(headers) {
    const seconds = Number(headers["retry-after"]);
    if (seconds >= 0)
        return seconds * 1000;
    const resetMs = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
    return headers["x-ratelimit-remaining"] === "0" && resetMs >= 0 ? resetMs : 60_000;
}
function shortText(text) {
    return (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(text), 200).replace(/\.$/, "");
}
function parseRepository(repository) {
    const [owner = "", repo = ""] = repository.split("/");
    return { owner, repo };
}

;// CONCATENATED MODULE: ./build/github/report-queue.js


class NotReportedError extends Error {
}
class CommitUnknownError extends Error {
}
function supersededText(label, newerRunId) {
    return `The ${label} was not written: the newer run ${newerRunId} has reported on this commit under the same name.`;
}
const reportTimeoutMs = 10_000;
const retryDelayMs = 1_000;
const maxRetryDelayMs = 5_000;
function createReportQueue(target, options) {
    const slot = (options.limiter ?? createUpdateLimiter(options.clock)).register();
    const abandonment = new AbortController();
    const sender = createSender(target, options, abandonment.signal);
    let queue = Promise.resolve();
    let lastContentKey;
    function enqueue(report, phase) {
        lastContentKey = target.contentKey(report);
        slot.markUsed();
        const deadline = phase === "close" ? options.clock.now() + reportTimeoutMs : undefined;
        queue = queue.then(async () => {
            if (!(await sender.send(report, phase, deadline)))
                lastContentKey = undefined;
        });
        return queue;
    }
    return {
        async open(report) {
            await enqueue(report, "open");
        },
        async update(report) {
            const isDue = slot.isDue() && sender.isReady() && target.contentKey(report) !== lastContentKey;
            if (isDue)
                void enqueue(report, "update");
        },
        async close(report, signal) {
            const abandon = () => abandonment.abort(signal?.reason);
            if (signal?.aborted)
                abandon();
            signal?.addEventListener("abort", abandon, { once: true });
            await enqueue(report, "close");
            signal?.removeEventListener("abort", abandon);
            return sender.isSettled();
        },
    };
}
function createSender(target, options, signal) {
    const { clock } = options;
    let notBefore = 0;
    let isClosed = false;
    let isSettled = false;
    let deadline;
    const remainingMs = () => {
        deadline ??= clock.now() + reportTimeoutMs;
        return deadline - clock.now();
    };
    const hasTimeFor = ({ retryAfterMs = 0 }) => Math.max(retryAfterMs, retryDelayMs) < remainingMs();
    const attempt = createAttempt(target, options, { remainingMs, signal });
    return {
        isReady: () => !isClosed && clock.now() >= notBefore,
        isSettled: () => isSettled,
        async send(report, phase, phaseDeadline) {
            if (isClosed)
                return false;
            const isFinal = phase === "close";
            deadline = phaseDeadline;
            const failure = await (0,retry/* retry */.L5)(() => attempt(report, isFinal), {
                retryResult: (result) => result?.isPermanent === false && !signal.aborted && hasTimeFor(result) ? result : undefined,
                maxAttempts: isFinal ? 2 : 1,
                maxRetryAfterMs: maxRetryDelayMs,
                delayMs: () => retryDelayMs,
                clock,
                signal,
            }).catch(() => cancelledFailure);
            isClosed = isFinal || failure?.isPermanent === true;
            isSettled = isClosed && failure?.isPermanent !== false;
            if (failure === undefined)
                return true;
            notBefore = clock.now() + (failure.retryAfterMs ?? 0);
            if (isClosed || options.reportsStartOnly === true) {
                options.warn(warningText(target, failure, isFinal && !isSettled && options.isLastAttempt !== true));
            }
            return false;
        },
    };
}
function createAttempt(target, options, { remainingMs, signal }) {
    let octokit;
    return async (report, isFinal) => {
        try {
            octokit ??= createOctokit(options, remainingMs);
            const isBad = isFinal && report.kind !== "succeeded" && report.kind !== "running";
            const commit = await options.resolveCommit(await octokit, { acceptsUnverified: isBad, signal });
            await target.write(await octokit, report, { commit, isFinal, signal });
            return undefined;
        }
        catch (error) {
            if (error instanceof NotReportedError)
                return notReported(error);
            if (error instanceof CommitUnknownError && !signal.aborted)
                return commitUnknown(error);
            return signal.aborted ? cancelledFailure : describeFailure(error);
        }
    };
}
function notReported({ message }) {
    return { text: message, status: undefined, isPermanent: true, retryAfterMs: undefined, isIntended: true };
}
function commitUnknown({ message }) {
    return { text: message, status: undefined, isPermanent: false, retryAfterMs: undefined };
}
const cancelledFailure = {
    text: "the job was cancelled in the meantime",
    status: undefined,
    isPermanent: false,
    retryAfterMs: undefined,
};
function warningText({ label, permission }, { text, misconfiguration, isIntended }, willRetry) {
    if (isIntended === true)
        return text;
    const advice = {
        token: " Set `github-token` to a valid token, or remove it to use the job's own.",
        "personal-token": ` The personal access token in \`github-token\` cannot do this: remove it, and give the job \`permissions: ${permission}\`.`,
        permissions: ` The token needs \`permissions: ${permission}\`, which a pull request from a fork does not get.`,
    };
    const explanation = misconfiguration === undefined ? "" : advice[misconfiguration];
    const consequence = willRetry ? "The post step tries once more." : "The step continues without it.";
    return `The ${label} could not be written: ${text}.${explanation} ${consequence}`;
}
const updateIntervalMs = 30_000;
function createUpdateLimiter(clock) {
    let slotCount = 0;
    let lastUse;
    return {
        register() {
            slotCount += 1;
            const slotId = slotCount;
            return {
                isDue() {
                    if (lastUse === undefined)
                        return true;
                    const intervals = lastUse.usedBy === slotId ? slotCount : 1;
                    return clock.now() - lastUse.at >= intervals * updateIntervalMs;
                },
                markUsed() {
                    lastUse = { at: clock.now(), usedBy: slotId };
                },
            };
        },
    };
}

;// CONCATENATED MODULE: ./build/github/check-run.js





const titleLimit = 255;
const summaryLimit = 65_535;
const conclusions = {
    succeeded: "success",
    failed: "failure",
    canceled: "cancelled",
    "timed-out": "timed_out",
    error: "failure",
    skipped: "skipped",
};
function createCheckRunReporter(options) {
    const writeReport = createReportWriter(options);
    return createReportQueue({
        label: `check run "${options.name}"`,
        permission: "checks: write",
        contentKey: ({ kind, title, summary }) => JSON.stringify([kind, title, summary(summaryLimit)]),
        write: (octokit, report, { commit, isFinal, signal }) => writeReport(octokit, isFinal ? report : { ...report, annotations: [] }, { commit, signal }),
    }, options);
}
function createReportWriter(options) {
    const writeCheckRun = createCheckRunWriter(options);
    let batchesWritten = 0;
    let acceptsAnnotations = true;
    return async function writeReport(octokit, report, place) {
        const batches = annotationBatches(report.annotations);
        do {
            const batch = acceptsAnnotations ? batches[batchesWritten] : undefined;
            try {
                await writeCheckRun(octokit, checkRunBody(report, batch), place);
                if (batch)
                    batchesWritten += 1;
            }
            catch (error) {
                if (batch === undefined || !isUnprocessable(error))
                    throw error;
                acceptsAnnotations = false;
                await writeCheckRun(octokit, checkRunBody(report, undefined), place);
            }
        } while (acceptsAnnotations && batchesWritten < batches.length);
    };
}
function createCheckRunWriter({ name, repository, isExternalRun, isLastAttempt = false }) {
    const ownerAndRepo = parseRepository(repository);
    let id;
    let mayExist = isExternalRun;
    let mayBeClosed = isLastAttempt;
    return async function writeCheckRun(octokit, body, { commit, signal }) {
        const request = { request: { signal } };
        if (id === undefined && mayExist) {
            const query = {
                ...ownerAndRepo,
                ref: commit,
                check_name: name,
                filter: "all",
                per_page: 100,
                ...request,
            };
            const { data } = await octokit.rest.checks.listForRef(query);
            id = findExistingId(data, body.external_id, mayBeClosed);
            const newer = id === undefined ? newerRunIn(data, body.external_id) : undefined;
            if (newer !== undefined)
                throw new NotReportedError(supersededText(`check run "${name}"`, newer));
        }
        if (id !== undefined) {
            await octokit.rest.checks.update({ ...ownerAndRepo, check_run_id: id, ...body, ...request });
            return;
        }
        mayExist = true;
        mayBeClosed = true;
        const { data } = await octokit.rest.checks.create({
            ...ownerAndRepo,
            name,
            head_sha: commit,
            ...body,
            ...request,
        });
        id = dist/* parse */.qgA(createResponseShape, data).id;
    };
}
function checkRunBody(report, annotations) {
    const { kind, runId, runUrl, startedAt } = report;
    const title = (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(report.title), titleLimit) || `Run ${runId ?? ""}`;
    const state = kind === "running"
        ? { status: "in_progress" }
        : { status: "completed", conclusion: conclusions[kind] };
    return {
        ...state,
        details_url: runUrl,
        ...(runId !== undefined && { external_id: String(runId) }),
        ...(startedAt !== undefined && { started_at: startedAt }),
        output: {
            title,
            summary: truncateBytes(report.summary(summaryLimit), summaryLimit) || title,
            ...(annotations !== undefined && { annotations }),
        },
    };
}
const createResponseShape = dist/* object */.Ikc({ id: dist/* number */.aig() });
const listResponseShape = dist/* object */.Ikc({
    check_runs: dist/* array */.YOg(dist/* object */.Ikc({ id: dist/* number */.aig(), status: dist/* string */.YjP(), external_id: dist/* nullish */.cl6(dist/* string */.YjP()) })),
});
function findExistingId(response, externalId, mayBeClosed) {
    const ids = dist/* parse */.qgA(listResponseShape, response)
        .check_runs.filter((check) => check.external_id === externalId && (mayBeClosed || check.status !== "completed"))
        .map(({ id }) => id);
    return ids.length === 0 ? undefined : Math.max(...ids);
}
function newerRunIn(response, externalId) {
    const ids = dist/* parse */.qgA(listResponseShape, response)
        .check_runs.map((check) => Number(check.external_id))
        .filter((id) => Number.isSafeInteger(id) && id > Number(externalId));
    return ids.length === 0 ? undefined : Math.max(...ids);
}
function isUnprocessable(error) {
    return error instanceof Error && "status" in error && error.status === 422;
}
const annotationsPerRequest = 50;
const annotationMessageLimit = 64 * 1024;
const annotationTitleLimit = 255;
const annotationLevels = { error: "failure", warning: "warning", notice: "notice" };
function annotationBatches(annotations) {
    const located = annotations.flatMap((annotation) => {
        const path = (0,source_location/* sourcePath */.Z3)(annotation.file ?? "");
        return path === undefined ? [] : [toCheckAnnotation(annotation, path)];
    });
    const batches = [];
    for (let start = 0; start < located.length; start += annotationsPerRequest) {
        batches.push(located.slice(start, start + annotationsPerRequest));
    }
    return batches;
}
function toCheckAnnotation({ type, text, title, line, column }, path) {
    const shortTitle = (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(title ?? ""), annotationTitleLimit);
    const message = truncateBytes((0,lib_text/* printable */.g$)(text), annotationMessageLimit);
    const startLine = isPosition(line) ? line : 1;
    return {
        path,
        start_line: startLine,
        end_line: startLine,
        ...(isPosition(line) && isPosition(column) && { start_column: column, end_column: column }),
        annotation_level: annotationLevels[type],
        message: message.trim() === "" ? shortTitle || path : message,
        ...(shortTitle !== "" && { title: shortTitle }),
    };
}
function isPosition(value) {
    return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
const ellipsis = "…";
function truncateBytes(text, limit) {
    const wellFormed = text.toWellFormed();
    const bytes = Buffer.from(wellFormed);
    if (bytes.length <= limit)
        return wellFormed;
    const suffix = `\n\n${ellipsis}`;
    let length = limit - Buffer.byteLength(suffix);
    while (((bytes[length] ?? 0) & 0xc0) === 0x80)
        length -= 1;
    const truncated = bytes.subarray(0, length).toString("utf8");
    const lastLineBreak = truncated.lastIndexOf("\n");
    return (lastLineBreak > 0 ? truncated.slice(0, lastLineBreak) : truncated) + suffix;
}

;// CONCATENATED MODULE: ./build/github/commit-status.js





const descriptionLimit = 140;
const maxListMs = 3_000;
const states = {
    running: "pending",
    succeeded: "success",
    failed: "failure",
    canceled: "failure",
    "timed-out": "failure",
    error: "error",
    skipped: "success",
};
function createCommitStatusReporter(options) {
    const { name, repository, isExternalRun = false } = options;
    const ownerAndRepo = parseRepository(repository);
    async function newerRun(octokit, { commit, runId, signal, }) {
        if (runId === undefined)
            return undefined;
        const request = { signal: AbortSignal.any([signal, AbortSignal.timeout(maxListMs)]) };
        const query = { ...ownerAndRepo, ref: commit, per_page: 100, request };
        const response = await octokit.rest.repos
            .listCommitStatusesForRef(query)
            .catch((0,errors/* ignoreError */.FZ)("a missing result is worse than one that may be outdated"));
        return response === undefined ? undefined : commit_status_newerRunIn(response.data, name, runId);
    }
    return createReportQueue({
        label: `commit status "${name}"`,
        permission: "statuses: write",
        contentKey: ({ kind, description, runUrl }) => JSON.stringify([kind, description, runUrl]),
        async write(octokit, { kind, description, runUrl, runId }, { commit, isFinal, signal }) {
            const newer = isFinal || isExternalRun ? await newerRun(octokit, { commit, runId, signal }) : undefined;
            if (newer !== undefined)
                throw new NotReportedError(supersededText(`commit status "${name}"`, newer));
            await octokit.rest.repos.createCommitStatus({
                ...ownerAndRepo,
                sha: commit,
                context: name,
                state: states[kind],
                target_url: runUrl,
                description: statusDescription(description),
                request: { signal },
            });
        },
    }, options);
}
const statusListShape = dist/* array */.YOg(dist/* object */.Ikc({ context: dist/* string */.YjP(), target_url: dist/* fallback */.NpB(dist/* nullish */.cl6(dist/* string */.YjP()), null) }));
function commit_status_newerRunIn(response, context, runId) {
    const parsed = dist/* safeParse */.xLC(statusListShape, response);
    const ids = (parsed.success ? parsed.output : [])
        .filter((status) => status.context === context)
        .map(({ target_url }) => Number(/[?&]buildId=(\d+)/i.exec(target_url ?? "")?.[1]))
        .filter((id) => id > runId);
    return ids.length === 0 ? undefined : Math.max(...ids);
}
function statusDescription(text) {
    return (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)(text.replaceAll(/[\u{10000}-\u{10ffff}]\ufe0f?/gu, "")), descriptionLimit);
}

;// CONCATENATED MODULE: ./build/github/commits.js


const timeoutMs = 10_000;
const commitShape = dist/* object */.Ikc({ parents: dist/* array */.YOg(dist/* object */.Ikc({ sha: dist/* string */.YjP() })) });
async function secondParent(octokit, { repository, mergeCommit }, signal) {
    const query = { ...parseRepository(repository), ref: mergeCommit, request: { signal } };
    const { data } = await octokit.rest.repos.getCommit(query);
    return dist/* parse */.qgA(commitShape, data).parents[1]?.sha;
}
async function readMergedHead({ repository, mergeCommit }, { warn, ...access }, signal) {
    try {
        const octokit = await createOctokit(access, () => timeoutMs);
        return await secondParent(octokit, { repository, mergeCommit }, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        const { text, misconfiguration } = describeFailure(error);
        const hint = misconfiguration === "permissions" ? " It needs `permissions: contents: read`." : "";
        warn(`The parents of the merge commit ${mergeCommit} could not be read. ${text}.${hint}`);
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/github/commit-reporters.js









function createCommitReporters(inputs, { isExternalRun, trigger, readSource, ...options }) {
    const warnings = new Set();
    const common = {
        ...options,
        isExternalRun,
        warn: (text) => {
            if (!warnings.has(text))
                options.warn(text);
            warnings.add(text);
        },
        resolveCommit: createCommitResolver(inputs, { ...options, trigger, readSource }),
        limiter: createUpdateLimiter(options.clock),
    };
    return [
        ...(inputs.checkRun === undefined ? [] : [createCheckRunReporter({ ...common, name: inputs.checkRun })]),
        ...(inputs.commitStatus === undefined
            ? []
            : [createCommitStatusReporter({ ...common, name: inputs.commitStatus })]),
    ];
}
const sourceRetryMs = 2_000;
const maxSourceReads = 4;
function createCommitResolver({ checkCommit }, { trigger, readSource, repository, clock, }) {
    let verified;
    const notReported = (reason) => notReportedError(reason, checkCommit);
    const resolveRead = async (octokit, read, signal) => {
        const target = await (0,retry/* retry */.L5)(async () => (0,report_commit/* reportTarget */.E6)(checkCommit, trigger, await read()), {
            retryResult: ({ kind }) => (kind === "unknown" ? {} : undefined),
            maxAttempts: maxSourceReads,
            delayMs: () => sourceRetryMs,
            clock,
            signal,
        });
        if (target.kind === "commit")
            return target.sha;
        if (target.kind === "none")
            throw notReported(target.reason);
        if (target.kind === "unknown")
            throw notReported("it is unknown which commit the run builds");
        const { mergeCommit } = target;
        const head = await commit_reporters_readMergedHead(octokit, { repository, mergeCommit, notReported }, signal);
        const { expected } = target;
        if (expected !== undefined && head !== expected)
            throw notReported((0,report_commit/* notBuilt */.cU)(head, expected));
        return head;
    };
    return async (octokit, { acceptsUnverified, signal }) => {
        if (checkCommit?.kind === "hash")
            return checkCommit.sha;
        if (readSource === undefined)
            return eventSha(trigger);
        if (verified !== undefined)
            return verified;
        const read = () => readSource(signal).catch((error) => {
            signal.throwIfAborted();
            throw new CommitUnknownError(`the commit of the run could not be read (${(0,errors/* reasonOf */.A3)(error)})`);
        });
        try {
            verified = await resolveRead(octokit, read, signal);
            return verified;
        }
        catch (error) {
            if (error instanceof CommitUnknownError && acceptsUnverified)
                return eventSha(trigger);
            throw error;
        }
    };
}
function eventSha({ pullRequest, workflowRunHeadSha, sha }) {
    return pullRequest?.headSha ?? workflowRunHeadSha ?? sha;
}
function notReportedError(reason, checkCommit) {
    const values = checkCommit === undefined ? "`run` (the commit that was built) or to a hash" : "a hash";
    return new NotReportedError(`No check run or commit status was written: ${reason}. Set \`check-commit\` to ${values}.`);
}
async function commit_reporters_readMergedHead(octokit, { repository, mergeCommit, notReported }, signal) {
    try {
        const head = await secondParent(octokit, { repository, mergeCommit }, signal);
        if (head !== undefined)
            return head;
    }
    catch (error) {
        const { text, isPermanent, misconfiguration } = describeFailure(error);
        if (!isPermanent)
            throw error;
        const permission = misconfiguration === "permissions" ? "; it needs `permissions: contents: read`" : "";
        throw notReported(`the parents of the merge commit ${mergeCommit} could not be read (${text}${permission})`);
    }
    throw notReported(`the run built ${mergeCommit}, which is not a merge commit`);
}


/***/ }),

/***/ 5103:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ toFetch)
/* harmony export */ });
const neverAborted = new AbortController().signal;
function toFetch(send) {
    return async (url, { method, headers, body, signal = neverAborted }) => {
        const response = await send({ method, url, headers, signal, ...(body && { body: body.toString() }) });
        const { status } = response;
        const hasBody = status !== 204 && status !== 205;
        return new Response(hasBody ? response.body : null, { status, headers: response.headers });
    };
}


/***/ })

};
;