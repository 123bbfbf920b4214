export const id = 265;
export const ids = [265,830];
export const modules = {

/***/ 6830:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ headCommit),
/* harmony export */   readTrigger: () => (/* binding */ readTrigger)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7934);

/** Anything that has another shape than GitHub's counts as absent: the workflow's own ref still stands. */
const absent = (schema) => valibot__WEBPACK_IMPORTED_MODULE_0__/* .fallback */ .NpB(valibot__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lqM(schema), undefined);
const text = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .nonEmpty */ .hq());
const payloadShape = valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
    deleted: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()),
    repository: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ default_branch: absent(text) })),
    pull_request: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({
        number: valibot__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(),
        head: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ ref: text, sha: text, repo: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ full_name: text })) }),
        base: valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ ref: text }),
        merged_at: absent(text),
    })),
    workflow_run: absent(valibot__WEBPACK_IMPORTED_MODULE_0__/* .object */ .Ikc({ event: text, head_sha: text })),
});
/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
function readTrigger(env, readFile) {
    const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
    const pull = payload?.pull_request;
    const earlier = payload?.workflow_run;
    return {
        event: env["GITHUB_EVENT_NAME"] ?? "",
        repository: env["GITHUB_REPOSITORY"] ?? "",
        serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
        ref: env["GITHUB_REF"] ?? "",
        sha: env["GITHUB_SHA"] ?? "",
        defaultBranch: payload?.repository?.default_branch,
        deleted: payload?.deleted,
        pullRequest: pull && {
            number: pull.number,
            headRef: pull.head.ref,
            headSha: pull.head.sha,
            headRepository: pull.head.repo?.full_name,
            baseRef: pull.base.ref,
            merged: pull.merged_at !== undefined,
        },
        earlierHeadSha: earlier?.event === "pull_request" ? earlier.head_sha : undefined,
    };
}
/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
function headCommit(trigger) {
    return trigger.pullRequest?.headSha ?? trigger.earlierHeadSha ?? trigger.sha;
}
function readPayload(path, readFile) {
    if (!path)
        return undefined;
    try {
        const parsed = valibot__WEBPACK_IMPORTED_MODULE_0__/* .safeParse */ .xLC(payloadShape, JSON.parse(readFile(path)));
        return parsed.success ? parsed.output : undefined;
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 2265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  signposts: () => (/* binding */ signposts)
});

// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __webpack_require__(6067);
// EXTERNAL MODULE: ./build/core/source-path.js
var source_path = __webpack_require__(5341);
;// CONCATENATED MODULE: ./build/github/fitting.js
const ellipsis = "…";
/** Cut to a number of bytes of UTF-8, at the end of a line where there is one. */
function fitBytes(text, limit) {
    const wellFormed = text.toWellFormed();
    const bytes = Buffer.from(wellFormed);
    if (bytes.length <= limit)
        return wellFormed;
    const end = `\n\n${ellipsis}`;
    let length = limit - Buffer.byteLength(end);
    // A byte 10xxxxxx goes on with a character that began before.
    while (((bytes[length] ?? 0) & 0xc0) === 0x80)
        length -= 1;
    const fitting = bytes.subarray(0, length).toString("utf8");
    const lines = fitting.lastIndexOf("\n");
    return (lines > 0 ? fitting.slice(0, lines) : fitting) + end;
}

;// CONCATENATED MODULE: ./build/github/check-annotations.js



const perRequest = 50;
const messageLimit = 64 * 1024;
const titleLimit = 255;
const levels = { error: "failure", warning: "warning", notice: "notice" };
/** As many as GitHub takes in one request. Those without a place in the repository are left to the summary. */
function annotationBatches(annotations) {
    const placed = annotations.flatMap((annotation) => {
        const path = (0,source_path/* sourcePath */.Z)(annotation.file ?? "");
        return path === undefined ? [] : [checkAnnotation(annotation, path)];
    });
    const batches = [];
    for (let start = 0; start < placed.length; start += perRequest) {
        batches.push(placed.slice(start, start + perRequest));
    }
    return batches;
}
function checkAnnotation({ type, text, title, line, column }, path) {
    const heading = (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(title ?? ""), titleLimit);
    const message = fitBytes((0,core_text/* printable */.g$)(text), messageLimit);
    const row = isPosition(line) ? line : 1;
    return {
        path,
        start_line: row,
        end_line: row,
        ...(isPosition(line) && isPosition(column) && { start_column: column, end_column: column }),
        annotation_level: levels[type],
        message: message.trim() === "" ? heading || path : message,
        ...(heading !== "" && { title: heading }),
    };
}
function isPosition(value) {
    return value !== undefined && Number.isSafeInteger(value) && value > 0;
}

;// CONCATENATED MODULE: ./build/github/place.js
/** `contoso/web` as Octokit wants it. */
function placeOf(repository) {
    const [owner = "", repo = ""] = repository.split("/");
    return { owner, repo };
}

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
;// CONCATENATED MODULE: ./build/github/octokit.js



/** There is nothing to ask GitHub with. */
class TokenMissing extends Error {
}
const silent = { debug() { }, info() { }, warn() { }, error() { } };
/**
 * Octokit over our own transport, so that proxies, certificates and time limits are those of everything else.
 * `leftMs` is asked before each request how long it may take.
 */
async function connect({ token, apiUrl, transport, hide }, leftMs) {
    if (token === "")
        throw new TokenMissing("the input `github-token` is blank");
    // Loaded only when a check or a status is asked for: most steps never pay for it.
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    return getOctokit(token, {
        baseUrl: apiUrl.replace(/\/+$/, ""),
        log: silent,
        request: { fetch: fetchOver(transport, leftMs, hide), log: silent },
    });
}
function fetchOver(transport, leftMs, hide = (text) => text) {
    return async (url, { method, headers, body, signal }) => {
        const timeoutMs = leftMs();
        if (timeoutMs <= 0)
            throw new Error("there was no time left");
        const asked = { method, url, headers, timeoutMs, signal };
        const answer = await transport.ask(body === undefined ? asked : { ...asked, body: hide(body) });
        // A token does not follow a redirect, and Octokit would take one for success.
        if (answer.status >= 300 && answer.status < 400)
            throw new Error(`it answered with a redirect (${answer.status})`);
        const hasBody = answer.status !== 204 && answer.status !== 205;
        return new Response(hasBody ? answer.body : null, { status: answer.status, headers: answer.headers });
    };
}
const refusalShape = dist/* object */.Ikc({
    status: dist/* number */.aig(),
    response: dist/* object */.Ikc({
        headers: dist/* record */.g1P(dist/* string */.YjP(), dist/* unknown */.L5J()),
        data: dist/* fallback */.NpB(dist/* object */.Ikc({ message: dist/* string */.YjP() }), { message: "" }),
    }),
});
function faultOf(error) {
    const refusal = dist/* safeParse */.xLC(refusalShape, error);
    if (!refusal.success)
        return lost(error);
    const { status, response } = refusal.output;
    const said = brief(response.data.message);
    const throttled = status === 429 || (status === 403 && isThrottling(response.headers, said));
    return {
        text: `GitHub answered ${status}${said && `: ${said}`}`,
        status,
        lasting: status < 500 && status !== 408 && !throttled,
        retryAfterMs: throttled ? retryAfterMs(response.headers) : undefined,
        blame: throttled ? undefined : blameFor(status),
    };
}
/** What a token lacks is answered 403, or 404 where it may not even see the repository. */
function blameFor(status) {
    if (status === 401)
        return "token";
    return status === 403 || status === 404 ? "permissions" : undefined;
}
/** No answer, or one that cannot be GitHub's. */
function lost(error) {
    if (error instanceof TokenMissing) {
        return { text: error.message, status: undefined, lasting: true, retryAfterMs: undefined, blame: "token" };
    }
    const text = dist/* isValiError */.F1$(error)
        ? "GitHub's answer was not understood"
        : `GitHub was not reached: ${brief((0,errors/* reasonOf */.A3)(error))}`;
    return { text, status: undefined, lasting: false, retryAfterMs: undefined };
}
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
function isThrottling(headers, said) {
    return headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers || /rate limit/i.test(said);
}
function retryAfterMs(headers) {
    const seconds = Number(headers["retry-after"]);
    if (seconds >= 0)
        return seconds * 1000;
    // By GitHub's own clock, not by this machine's.
    const reset = Number(headers["x-ratelimit-reset"]) * 1000 - Date.parse(String(headers["date"]));
    // Told to wait and not how long, GitHub asks for a minute.
    return headers["x-ratelimit-remaining"] === "0" && reset >= 0 ? reset : 60_000;
}
function brief(words) {
    return (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(words), 200).replace(/\.$/, "");
}

;// CONCATENATED MODULE: ./build/github/pace.js
const pauseMs = 30_000;
function createPace(clock) {
    let members = 0;
    let last;
    return {
        join() {
            members += 1;
            const me = members;
            return {
                isDue() {
                    if (last === undefined)
                        return true;
                    // Whoever was last lets the others go first.
                    const pauses = last.by === me ? members : 1;
                    return clock.now() - last.at >= pauses * pauseMs;
                },
                taken() {
                    last = { at: clock.now(), by: me };
                },
            };
        },
    };
}

;// CONCATENATED MODULE: ./build/github/signpost.js


/** Of one moment, from its first request on, however many it takes. */
const momentAtMostMs = 10_000;
const retryPauseMs = 1_000;
const longestRetryPauseMs = 5_000;
function signpostOf(sign, options) {
    const turn = (options.pace ?? createPace(options.clock)).join();
    const givenUp = new AbortController();
    const sender = createSender(sign, options, givenUp.signal);
    let queue = Promise.resolve();
    let shown;
    function enqueue(report, moment) {
        shown = sign.shows(report);
        turn.taken();
        // A step waits for the end from here on, and so for what is still under way before it.
        const until = moment === "end" ? options.clock.now() + momentAtMostMs : undefined;
        queue = queue.then(async () => {
            if (!(await sender.send(report, moment, until)))
                shown = undefined;
        });
        return queue;
    }
    return {
        async begin(report) {
            await enqueue(report, "begin");
        },
        async update(report) {
            const isDue = turn.isDue() && sender.isReady() && sign.shows(report) !== shown;
            if (isDue)
                void enqueue(report, "update");
        },
        async end(report, signal) {
            const giveUp = () => givenUp.abort(signal?.reason);
            if (signal?.aborted)
                giveUp();
            signal?.addEventListener("abort", giveUp, { once: true });
            await enqueue(report, "end");
            signal?.removeEventListener("abort", giveUp);
            return sender.isSettled();
        },
    };
}
/** Says what it is given, once or (the last words) twice, and of all that goes wrong tells the first thing only. */
function createSender(sign, options, signal) {
    const { clock } = options;
    let notBefore = 0;
    let isOver = false;
    let isSettled = false;
    let deadline;
    const leftMs = () => {
        deadline ??= clock.now() + momentAtMostMs;
        return deadline - clock.now();
    };
    const attempt = createAttempt(sign, options, { leftMs, signal });
    return {
        isReady: () => !isOver && clock.now() >= notBefore,
        /** Whether the last word was said, or none ever will be. */
        isSettled: () => isSettled,
        /** Answers whether it was said. */
        async send(report, moment, until) {
            if (isOver)
                return false;
            const last = moment === "end";
            deadline = until;
            let fault = await attempt(report, last);
            if (fault && last && (await pauseBeforeRetry(fault, clock, { leftMs, signal }))) {
                fault = await attempt(report, true);
            }
            isOver = last || fault?.lasting === true;
            isSettled = isOver && fault?.lasting !== false;
            if (fault === undefined)
                return true;
            notBefore = clock.now() + (fault.retryAfterMs ?? 0);
            // What got lost in passing is made good by the next update, where there is one.
            if (isOver || options.leaves === true) {
                options.warn(warningOf(sign, fault, last && !isSettled && options.isLast !== true));
            }
            return false;
        },
    };
}
/** Writes a report once, and answers with what went wrong. */
function createAttempt(sign, options, { leftMs, signal }) {
    let octokit;
    return async (report, last) => {
        try {
            octokit ??= connect(options, leftMs);
            await sign.write(await octokit, report, { last, signal });
            return undefined;
        }
        catch (error) {
            return signal.aborted ? cutShort : faultOf(error);
        }
    };
}
/** The reason of the signal tells people nothing. */
const cutShort = {
    text: "the job was cancelled meanwhile",
    status: undefined,
    lasting: false,
    retryAfterMs: undefined,
};
/** Pauses where the last words are worth saying once more, and answers whether they are. */
async function pauseBeforeRetry(fault, clock, { leftMs, signal }) {
    const pauseMs = fault.retryAfterMs ?? retryPauseMs;
    const isTooLong = pauseMs > longestRetryPauseMs || pauseMs >= leftMs();
    if (fault.lasting || isTooLong || signal.aborted)
        return false;
    return clock.sleep(pauseMs, signal).then(() => true, () => false);
}
function warningOf({ subject, permission }, { text, blame }, comesAgain) {
    const advice = {
        token: " Give `github-token` a token that is valid, or leave it out for the job's own.",
        permissions: ` The token needs \`permissions: ${permission}\`, which a pull request from a fork does not get.`,
    };
    const why = blame === undefined ? "" : advice[blame];
    const next = comesAgain ? "It is tried once more when the job ends." : "The step goes on without it.";
    return `The ${subject} could not be written: ${text}.${why} ${next}`;
}

;// CONCATENATED MODULE: ./build/github/checks.js






const checks_titleLimit = 255;
const summaryLimit = 65_535;
const conclusions = {
    succeeded: "success",
    failed: "failure",
    canceled: "cancelled",
    "timed-out": "timed_out",
    error: "failure",
};
/** A check run on the commit, from the start of the run to its end. */
function checkRun(options) {
    const post = createPost(options);
    return signpostOf({
        subject: `check run "${options.name}"`,
        permission: "checks: write",
        shows: ({ kind, title, summary }) => JSON.stringify([kind, title, summary(summaryLimit)]),
        write: (octokit, report, { last, signal }) => post(octokit, report, last ? report.annotations : [], signal),
    }, options);
}
/** Writes a report, with its annotations fifty at a time, each time with the verdict. */
function createPost(options) {
    const write = createWriter(options);
    // What was written before a retry is not written twice.
    let written = 0;
    let annotated = true;
    return async function post(octokit, report, annotations, signal) {
        const batches = annotationBatches(annotations);
        do {
            const batch = annotated ? batches[written] : undefined;
            try {
                await write(octokit, bodyOf(report, batch), signal);
                if (batch)
                    written += 1;
            }
            catch (error) {
                // Better the verdict alone than nothing.
                if (batch === undefined || !isUnprocessable(error))
                    throw error;
                annotated = false;
                await write(octokit, bodyOf(report, undefined), signal);
            }
        } while (annotated && written < batches.length);
    };
}
/** Creates the check run, or writes over the one that is there. */
function createWriter({ name, repository, commit, follow, isLast = false }) {
    const place = placeOf(repository);
    let id;
    let mayExist = follow;
    // Of a last word that was said before perhaps only the answer was lost.
    let isLost = isLast;
    return async function write(octokit, body, signal) {
        const request = { request: { signal } };
        if (id === undefined && mayExist) {
            const list = {
                ...place,
                ref: commit,
                check_name: name,
                filter: "all",
                per_page: 100,
                ...request,
            };
            id = earlierOf((await octokit.rest.checks.listForRef(list)).data, body.external_id, isLost);
        }
        if (id !== undefined) {
            await octokit.rest.checks.update({ ...place, check_run_id: id, ...body, ...request });
            return;
        }
        // Should the answer get lost, the check run may be there all the same.
        mayExist = true;
        isLost = true;
        const { data } = await octokit.rest.checks.create({
            ...place,
            name,
            head_sha: commit,
            ...body,
            ...request,
        });
        id = dist/* parse */.qgA(createdShape, data).id;
    };
}
// https://docs.github.com/rest/checks/runs#update-a-check-run
function bodyOf(report, annotations) {
    const { kind, runId, runUrl, startedAt } = report;
    const title = (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(report.title), checks_titleLimit) || `Run ${runId}`;
    const state = kind === "running"
        ? { status: "in_progress" }
        : { status: "completed", conclusion: conclusions[kind] };
    return {
        ...state,
        details_url: runUrl,
        external_id: String(runId),
        ...(startedAt !== undefined && { started_at: startedAt }),
        output: {
            title,
            summary: fitBytes(report.summary(summaryLimit), summaryLimit) || title,
            ...(annotations !== undefined && { annotations }),
        },
    };
}
const createdShape = dist/* object */.Ikc({ id: dist/* number */.aig() });
const listShape = dist/* object */.Ikc({
    check_runs: dist/* array */.YOg(dist/* object */.Ikc({ id: dist/* number */.aig(), status: dist/* string */.YjP(), external_id: dist/* nullish */.cl6(dist/* string */.YjP()) })),
});
/** The newest one that names the run and is open; one that our own lost request made may be closed already. */
function earlierOf(answer, externalId, mayBeClosed) {
    const ids = dist/* parse */.qgA(listShape, answer)
        .check_runs.filter((check) => check.external_id === externalId && (mayBeClosed || check.status !== "completed"))
        .map(({ id }) => id);
    return ids.length === 0 ? undefined : Math.max(...ids);
}
function isUnprocessable(error) {
    return error instanceof Error && "status" in error && error.status === 422;
}

// EXTERNAL MODULE: ./build/github/event.js
var github_event = __webpack_require__(6830);
;// CONCATENATED MODULE: ./build/github/statuses.js



const descriptionLimit = 140;
const states = {
    running: "pending",
    succeeded: "success",
    failed: "failure",
    canceled: "failure",
    "timed-out": "failure",
    error: "error",
};
/** A status on the commit. GitHub keeps the newest of a context, so a later step closes it by writing its own. */
function commitStatus(options) {
    const { name, repository, commit } = options;
    return signpostOf({
        subject: `commit status "${name}"`,
        permission: "statuses: write",
        shows: ({ kind, description, runUrl }) => JSON.stringify([kind, description, runUrl]),
        // https://docs.github.com/rest/commits/statuses#create-a-commit-status
        async write(octokit, { kind, description, runUrl }, { signal }) {
            await octokit.rest.repos.createCommitStatus({
                ...placeOf(repository),
                sha: commit,
                context: name,
                state: states[kind],
                target_url: runUrl,
                description: descriptionOf(description),
                request: { signal },
            });
        },
    }, options);
}
/** GitHub refuses characters of four bytes here ("description doesn't accept 4-byte Unicode"). */
function descriptionOf(text) {
    return (0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(text.replaceAll(/[\u{10000}-\u{10ffff}]\ufe0f?/gu, "")), descriptionLimit);
}

;// CONCATENATED MODULE: ./build/github/signposts.js




/** The signs that a workflow wants on its commit. They share one pace. */
function signposts(wanted, { follow, trigger, ...options }) {
    const common = { ...options, commit: (0,github_event/* headCommit */.Q)(trigger), pace: createPace(options.clock) };
    return [
        ...(wanted.checkRun === undefined ? [] : [checkRun({ ...common, name: wanted.checkRun, follow })]),
        ...(wanted.commitStatus === undefined ? [] : [commitStatus({ ...common, name: wanted.commitStatus })]),
    ];
}


/***/ })

};
