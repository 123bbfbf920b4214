export const id = 712;
export const ids = [712];
export const modules = {

/***/ 7712:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  accompany: () => (/* binding */ accompany)
});

// EXTERNAL MODULE: ./build/core/document.js
var core_document = __webpack_require__(8889);
// EXTERNAL MODULE: ./build/core/or-aborted.js
var or_aborted = __webpack_require__(8775);
// EXTERNAL MODULE: ./build/core/tree.js + 2 modules
var tree = __webpack_require__(8556);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __webpack_require__(6067);
;// CONCATENATED MODULE: ./build/core/artifact-choice.js

/** The artifacts that a list of names means; `*` means all of them. Each once. */
function chooseArtifacts(wanted, available) {
    const names = new Set(wanted);
    const found = available.filter(({ name }) => names.has("*") || names.has(name));
    const missing = [...names].filter((name) => name !== "*" && !available.some((artifact) => artifact.name === name));
    return { found, missing };
}
/** What is missing, and what there is instead. */
function missingArtifacts(missing, available) {
    const what = `The run has no artifact ${missing.map(core_text/* quotedName */.aH).join(" or ")}`;
    if (available.length === 0)
        return `${what}; it has none at all.`;
    const names = available.map(({ name }) => (0,core_text/* quotedName */.aH)(name));
    return `${what}; it has ${(0,core_text/* listed */.KE)(names, 20)}.`;
}

// EXTERNAL MODULE: ./build/core/duration.js
var duration = __webpack_require__(1420);
// EXTERNAL MODULE: ./build/core/size.js
var size = __webpack_require__(685);
// EXTERNAL MODULE: ./build/core/values.js
var values = __webpack_require__(8882);
;// CONCATENATED MODULE: ./build/app/artifacts.js






/** Each time this much more has come, it is said. */
const progressBytes = 100 * 1024 * 1024;
const worthALineMs = 5_000;
/** Brings back the artifacts that the step asked for: their values as outputs, their files into folders. */
async function fetchArtifacts(fetching, means, signal) {
    const { inputs, available, isGood } = fetching;
    const named = [
        ...(inputs.outputsArtifact === undefined ? [] : [inputs.outputsArtifact]),
        ...(inputs.downloadArtifacts ?? []),
    ];
    if (inputs.outputsArtifact !== undefined)
        await fetchOutputs(fetching, means, signal);
    if (inputs.downloadArtifacts !== undefined)
        await fetchFiles(fetching, inputs.downloadArtifacts, means, signal);
    // What exists is of use whatever else is missing.
    const { missing } = chooseArtifacts(named, available);
    if (missing.length === 0)
        return;
    const text = missingArtifacts(missing, available);
    if (!isGood)
        return means.host.write([{ type: "warning", text }]);
    throw new errors/* ActionError */.lZ("not-found", text, {
        hint: "Correct `outputs-artifact` or `download-artifacts`, or publish the artifact.",
    });
}
/** Says why nothing is fetched of a run that goes on, to those who asked for something. */
function tellUnfetched(inputs, host) {
    if (!wantsArtifacts(inputs))
        return;
    const text = "No artifacts were fetched: they are fetched only once the run is completed.";
    host.write([{ type: "text", text }]);
}
function wantsArtifacts({ outputsArtifact, downloadArtifacts }) {
    return outputsArtifact !== undefined || downloadArtifacts !== undefined;
}
async function fetchOutputs({ inputs, run, available, store }, { outputs, host }, signal) {
    const artifact = available.find(({ name }) => name === inputs.outputsArtifact);
    if (artifact === undefined)
        return;
    const wanted = { artifact, runId: run.id, pipelineId: run.pipeline.id };
    const entries = await store.outputs(wanted, { onWait: waitTeller(artifact, host) }, signal);
    for (const [name] of entries) {
        try {
            (0,values/* checkOutputName */.tq)(name);
        }
        catch (error) {
            throw new errors/* ActionError */.lZ("bad-input", `outputs-artifact: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    outputs.tell(Object.fromEntries(entries));
}
async function fetchFiles({ inputs, run, available, store }, wanted, { host }, signal) {
    // What nobody asked for by name, and cannot be downloaded, is no failure.
    const choice = chooseArtifacts(wanted, available.filter(({ name, kind }) => kind !== "other" || wanted.includes(name)));
    if (choice.found.length === 0 && wanted.includes("*"))
        host.write([{ type: "text", text: "The run has no artifacts to download." }]);
    for (const artifact of choice.found) {
        const name = (0,core_text/* oneLine */.TN)(artifact.name);
        let told = 0;
        const onProgress = (bytes) => {
            if (bytes - told < progressBytes)
                return;
            told = bytes;
            const of = artifact.size === undefined ? "" : ` of ${(0,size/* sizeText */.l)(artifact.size)}`;
            host.write([{ type: "text", text: `Downloading ${name}: ${(0,size/* sizeText */.l)(bytes)}${of}` }]);
        };
        const how = { into: inputs.artifactsPath, onProgress, onWait: waitTeller(artifact, host) };
        const { files, bytes } = await store.save({ artifact, runId: run.id, pipelineId: run.pipeline.id }, how, signal);
        const count = `${files} ${files === 1 ? "file" : "files"}, ${(0,size/* sizeText */.l)(bytes)}`;
        host.write([
            {
                type: "text",
                text: `Downloaded ${name} to ${inputs.artifactsPath}/${name}: ${count}`,
            },
        ]);
    }
}
/** Says what a download waits for, unless it is over in a moment. */
function waitTeller({ name }, host) {
    return (waitMs, why) => {
        if (waitMs < worthALineMs)
            return;
        const text = `Asking for artifact ${(0,core_text/* quotedName */.aH)(name)} in ${(0,duration/* durationText */.S5)(waitMs)}: ${(0,core_text/* oneLine */.TN)(why)}.`;
        host.write([{ type: "text", text }]);
    };
}

// EXTERNAL MODULE: ./build/core/causes.js
var causes = __webpack_require__(792);
// EXTERNAL MODULE: ./build/core/expression.js + 1 modules
var expression = __webpack_require__(5442);
// EXTERNAL MODULE: ./build/render/bookends.js
var bookends = __webpack_require__(930);
// EXTERNAL MODULE: ./build/render/words.js
var render_words = __webpack_require__(8712);
// EXTERNAL MODULE: ./build/app/annotate.js
var annotate = __webpack_require__(2470);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __webpack_require__(5802);
// EXTERNAL MODULE: ./build/app/summarize.js
var summarize = __webpack_require__(3009);
// EXTERNAL MODULE: ./build/render/standing.js
var render_standing = __webpack_require__(8633);
;// CONCATENATED MODULE: ./build/app/timed-out.js





/** Ends a wait that took too long, as `on-timeout` says, with what was still waited for. */
async function timedOut(late, scene, signal) {
    const { inputs, means } = scene;
    const { run } = late;
    const spent = (0,duration/* durationText */.S5)(inputs.timeoutMs ?? 0);
    const doing = "tree" in late ? `still ${(0,render_standing/* waitingText */.rQ)(late.run, late.tree)}` : "no look at it was answered";
    const standing = `${run.name} was not done after ${spent}: ${doing}.`;
    const tell = async (verdict) => {
        if ("tree" in late)
            await (0,summarize/* summarize */.eh)(late, { verdict }, scene, signal);
        else
            await scene.signs.endUnseen(verdict, signal);
        signal.throwIfAborted();
    };
    if (inputs.onTimeout === "leave") {
        await tell({ kind: "running", text: `left alone after ${spent}` });
        if ("tree" in late)
            (0,annotate/* annotate */.f)(late, means.host, 1);
        means.host.write([
            { type: "warning", text: `${standing} It was left alone, as on-timeout says. ${run.url}` },
        ]);
        return "left";
    }
    const fate = inputs.onTimeout === "cancel"
        ? await cancelled(run.id, scene, signal)
        : { text: "It goes on.", goesOn: true };
    await tell({ kind: "timed-out", text: `timed out after ${spent}`, fate });
    if ("tree" in late)
        (0,annotate/* annotate */.f)(late, means.host);
    throw new errors/* ActionError */.lZ("timeout", `${standing} ${fate.text} ${run.url}`, {
        hint: "Raise `timeout`, or see to what the run waits for.",
    });
}
async function cancelled(runId, { means }, signal) {
    try {
        await means.pipelines.cancel(runId, { patienceMs: 60_000 }, signal);
        return { text: "It was cancelled, as on-timeout says.", goesOn: false };
    }
    catch (error) {
        signal.throwIfAborted();
        // Refused is also what has ended in the meantime.
        const now = await means.pipelines.build(runId, { patienceMs: 0 }, signal).catch(() => undefined);
        signal.throwIfAborted();
        if (now?.status === "completed")
            return { text: "It was over when it was to be cancelled.", goesOn: false };
        return { text: `It could not be cancelled (${(0,errors/* reasonOf */.A3)(error)}), so it goes on.`, goesOn: true };
    }
}

;// CONCATENATED MODULE: ./build/app/conclude.js










/** Decides how the step ends, brings back what was asked for, and says it in summary, signs and log. */
async function conclude(followed, scene, signal) {
    const { inputs, means, logs } = scene;
    const { run, tree, document } = followed;
    const isOver = run.status === "completed";
    // Asked for at once, and waited for only where it is told.
    const finding = (0,summarize/* findingsOf */.WX)(followed, scene, signal);
    finding.catch(() => undefined);
    if (isOver)
        await logs.finish(tree, signal);
    else
        tellUnfetched(inputs, means.host);
    (0,app_outputs/* tellAll */.FY)(document, scene);
    if (followed.end === "timed-out" && !isOver)
        return await timedOut(followed, scene, signal);
    const { holds: isGood, problem } = (0,expression/* judge */.S4)(inputs.successWhen, document);
    if (problem !== undefined) {
        means.host.write([{ type: "warning", text: `success-when could not be evaluated: ${problem}` }]);
    }
    const findings = await finding;
    const fault = isOver ? await brought({ followed, isGood, findings }, scene, signal) : undefined;
    const standing = isGood ? "reached what was waited for" : "did not reach what was waited for";
    const words = (0,render_words/* resultText */.D6)(run) ?? standing;
    const text = fault === undefined ? words : `${words}, and the action gave up (${fault.code})`;
    const kind = fault !== undefined ? "error" : isGood ? "succeeded" : run.result === "canceled" ? "canceled" : "failed";
    await (0,summarize/* summarize */.eh)(followed, { verdict: { kind, text }, findings }, scene, signal);
    (0,annotate/* annotate */.f)(followed, means.host);
    signal.throwIfAborted();
    const failure = (0,bookends/* failureMessage */.oh)(run, (0,causes/* firstCauses */.p)(tree, run.problems));
    if (fault !== undefined)
        throw isGood ? fault : both(failure, fault);
    if (isGood) {
        means.host.write([{ type: "text", text: (0,bookends/* endText */.Z4)(run, tree) }]);
        return "succeeded";
    }
    means.host.write([{ type: "error", text: failure }]);
    return "failed";
}
/** A run that failed, and artifacts that could not be had: one error, whose code is the action's own fault. */
function both(failure, fault) {
    const { code, hint } = fault;
    return new errors/* ActionError */.lZ(code, `${failure}\n${fault.message}`, { hint, cause: fault });
}
/** Artifacts: what goes wrong with them is told after everything else has been. */
async function brought({ followed, isGood, findings }, scene, signal) {
    const { inputs, means } = scene;
    if (!wantsArtifacts(inputs))
        return undefined;
    const { run } = followed;
    try {
        const available = findings.artifacts ?? (await means.pipelines.artifacts(run.id, { patienceMs: 60_000 }, signal));
        await fetchArtifacts({ inputs, run, available, store: means.store, isGood }, means, signal);
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof errors/* ActionError */.lZ)
            return error;
        throw error;
    }
}

// EXTERNAL MODULE: ./build/app/settle.js
var settle = __webpack_require__(1073);
// EXTERNAL MODULE: ./build/core/pace.js
var pace = __webpack_require__(3147);
;// CONCATENATED MODULE: ./build/app/watch.js


/** Without one good answer for so long, the run is given up and left alone. */
const outageAtMostMs = 5 * 60_000;
const answerAtMostMs = 30_000;
/** The look at the deadline is there to say what was still waited for, not to wait some more. */
const lastAnswerAtMostMs = 3_000;
/**
 * Yields what each look saw, the first one at once. Ends after the look that saw the run completed, or the one made
 * at the deadline, whichever comes first. One look at a time, never a pile.
 */
async function* watch(look, { intervalMs, deadline }, clock, signal) {
    let pauseMs = intervalMs;
    for (;;) {
        const before = deadline - clock.now();
        const isLast = before <= 0;
        const patienceMs = Math.min(outageAtMostMs, Math.max(0, before));
        const timeoutMs = isLast ? lastAnswerAtMostMs : Math.min(answerAtMostMs, before);
        const seen = await look({ patienceMs, timeoutMs, thorough: isLast, isUrgent: isLast }, signal).catch((error) => {
            const isCut = !isLast && clock.now() >= deadline && (0,errors/* mayPass */.bg)(error);
            if (signal.aborted || !isCut)
                throw error;
        });
        // What the deadline cut off is not the last look.
        if (seen === undefined)
            continue;
        yield seen;
        const left = deadline - clock.now();
        if (seen.run.status === "completed" || isLast)
            return;
        pauseMs = (0,pace/* nextPauseMs */.w)(pauseMs, { askedMs: intervalMs, slowed: seen.slowed });
        // The server's wish lengthens the pause; the deadline alone cuts it.
        await clock.sleep(Math.max(0, Math.min(Math.max(pauseMs, seen.retryAfterMs ?? 0), left)), signal);
    }
}

;// CONCATENATED MODULE: ./build/app/follow.js







/**
 * Follows a run and tells its story, until `stop-when` holds, the run is completed, or the time is up.
 * Answers nothing where the time was up before any look was answered.
 */
async function follow(following, company, signal) {
    const { means, story, signs } = company;
    const { clock } = means;
    const deadline = clock.now() + (following.timeoutMs ?? Number.POSITIVE_INFINITY);
    const look = eyesFor({ ...following, deadline }, company);
    const see = seeing(following, company, signal);
    const stops = stopping(following.stopWhen, means);
    let hasIdled = false;
    let seen;
    try {
        for await (const next of watch(look, { ...following, deadline }, clock, signal)) {
            const isOver = next.run.status === "completed";
            seen = isOver
                ? await (0,settle/* settle */.G9)(next, { look, see, clock, awaitsLogs: story.awaitsLogs }, signal)
                : await see(next);
            if (stops(seen) || isOver)
                return { ...seen, end: "reached" };
            signs.update(seen);
            if (hasIdled || next.run.status !== "inProgress")
                continue;
            hasIdled = true;
            company.whileIdle(seen);
        }
    }
    catch (error) {
        // When the time is up anyway, that is what happened.
        if (signal.aborted || clock.now() < deadline || !(0,errors/* mayPass */.bg)(error))
            throw error;
    }
    return seen && { ...seen, end: "timed-out" };
}
/** Takes in what a look shows, and tells of it wherever it matters. */
function seeing({ run: { raw }, mapOutputs }, { means: { outputs, clock }, course, story }, signal) {
    const grown = cachedTree();
    const tellLook = (0,app_outputs/* createLookTeller */.UG)(outputs, mapOutputs, clock);
    return async (look, isLast = false) => {
        const { run, records, serviceTime, untold } = look;
        const tree = grown(records);
        const at = serviceTime ?? clock.now();
        const sight = { run, tree, document: (0,core_document/* documentOf */.l)(run, tree, raw), at, untold };
        course.see(sight);
        tellLook(sight.document);
        const isEnd = isLast || (run.status === "completed" && !(0,settle/* isLagging */.mq)(sight));
        await story.tell(look, { tree, isLast: isEnd }, signal);
        return sight;
    };
}
/** Says once, and then no more, that the condition cannot be evaluated. */
function stopping(stopWhen, { host }) {
    let isTold = false;
    return ({ document }) => {
        const { holds, problem } = (0,expression/* judge */.S4)(stopWhen, document);
        if (problem !== undefined && !isTold) {
            isTold = true;
            host.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
        }
        return holds;
    };
}
/** A queued run's timeline may say what it waits for: worth a request when there has been nothing to tell. */
function eyesFor({ run, stopWhen, deadline }, { means, story }) {
    const look = sinceRetry(run, means.pipelines.looker(run.id), means.clock);
    // What a condition asks for may stand in the timeline of a run that is still queued.
    const isThorough = (0,expression/* isDefault */.uP)(stopWhen) ? story.isQuiet : () => true;
    const onTrouble = story.trouble;
    return (options, signal) => look({ ...options, deadline, thorough: options.thorough === true || isThorough(), onTrouble }, signal);
}
/** How long the service may take to notice a retry. */
const staleAtMostMs = 30_000;
/** Right after a retry the service may still show the end that came before it. */
function sinceRetry({ retriedAfter }, look, clock) {
    if (retriedAfter === undefined)
        return look;
    const patientUntil = clock.now() + staleAtMostMs;
    let hasCaughtUp = false;
    return async (options, signal) => {
        const seen = await look(options, signal);
        const { status, result, finishedAt } = seen.run;
        const isOldEnd = status === "completed" && result === retriedAfter.result && finishedAt === retriedAfter.finishedAt;
        hasCaughtUp ||= !isOldEnd || clock.now() >= patientUntil;
        if (hasCaughtUp)
            return seen;
        const run = { ...seen.run, status: "inProgress", result: null, finishedAt: null };
        return { ...seen, run, records: new Map() };
    };
}
/** Growing a tree takes as long as there are records: only what has changed is worth it. */
function cachedTree() {
    let last;
    return (records) => {
        if (last?.records !== records)
            last = { records, tree: (0,tree/* treeOf */.g)(records) };
        return last.tree;
    };
}

// EXTERNAL MODULE: ./build/app/owed.js
var app_owed = __webpack_require__(7265);
// EXTERNAL MODULE: ./build/render/annotations.js
var annotations = __webpack_require__(9987);
;// CONCATENATED MODULE: ./build/render/sign-text.js



/** The one sentence or two that a commit status has room for, told from where they matter most: which run, how, why. */
function verdictText(report) {
    const { run, tree, verdict, causes } = report;
    const { kind, text } = verdict;
    if (run.status !== "completed")
        return `${(0,core_text/* oneLine */.TN)(run.name)}: ${text}. ${(0,render_standing/* standingText */.yd)(report)}`.trim();
    if (kind === "succeeded")
        return (0,bookends/* outcomeText */.EL)(run, tree);
    const isItsOwn = kind === "failed" || run.result === "canceled";
    return isItsOwn ? (0,bookends/* failureText */.kY)(run, causes) : `${(0,core_text/* oneLine */.TN)(run.name)}: ${text}.`;
}
/** The same of a run that no look has shown. */
function unseenText(name, { text, fate }) {
    return [`${(0,core_text/* oneLine */.TN)(name)}: ${text}.`, fate?.text].filter(Boolean).join(" ");
}

// EXTERNAL MODULE: ./build/render/summary.js + 4 modules
var summary = __webpack_require__(7335);
;// CONCATENATED MODULE: ./build/app/signs.js





/** Calls back with the last word before it is sent, and with how far that has come. */
function createSigns(posts, project, { onEnded, onOwed }) {
    let begun;
    let isOwed = false;
    const endAll = async (report, signal) => {
        if (posts.length === 0)
            return;
        // A sign that says that the run goes on is no last word.
        const isLast = report.kind !== "running";
        if (isLast)
            onOwed({ report, posts: [...posts.keys()] });
        const settled = await Promise.all(posts.map((post) => post.end(report, signal)));
        const open = settled.flatMap((isSettled, place) => (isSettled ? [] : [place]));
        isOwed = isLast && open.length > 0;
        if (isOwed)
            onOwed({ report, posts: open });
        else if (isLast || signal?.aborted !== true)
            onEnded();
    };
    return {
        begin: async (run) => {
            begun = run;
            const text = `${run.name} is ${run.isOthers ? "followed" : "started"}`;
            const first = unseen(run, "running", text);
            await Promise.all(posts.map((post) => post.begin(first)));
        },
        update: (sight) => {
            if (posts.length === 0)
                return;
            const news = underWay(sight, project);
            for (const post of posts)
                void post.update(news);
        },
        end: async (report, signal) => {
            if (posts.length > 0)
                await endAll(atEnd(report), signal);
        },
        endUnseen: async (verdict, signal) => {
            if (begun !== undefined)
                await endAll(unseen(begun, verdict.kind, unseenText(begun.name, verdict)), signal);
        },
        areOwed: () => isOwed,
    };
}
function unseen({ id, url }, kind, text) {
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
function underWay({ run, tree, at }, project) {
    const text = (0,render_standing/* waitingText */.rQ)(run, tree);
    const verdict = { kind: "running", text };
    const pipeline = run.pipeline.name ?? "pipeline";
    return seen({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}
function atEnd(report) {
    // A run that is left to itself is not decided: whoever follows it next closes its signs.
    const annotations = report.verdict.kind === "running" ? [] : onFiles(report);
    return { ...seen(report, verdictText(report)), annotations };
}
function seen(report, text) {
    const { run, verdict } = report;
    return {
        kind: verdict.kind,
        title: text,
        summary: (limitBytes) => (0,summary/* summaryOf */.YG)(report, limitBytes),
        annotations: [],
        runUrl: run.url,
        runId: run.id,
        startedAt: run.startedAt ?? undefined,
        description: text,
    };
}
/** They hang on a commit, not on this job's workspace, which often holds no checkout at all. */
function onFiles({ run, tree }) {
    const everything = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
    const all = (0,causes/* annotationsOf */.I)(tree, run.problems, everything);
    return (0,annotations/* annotationLines */.b)(all, (path) => path).filter(isAnnotation);
}
function isAnnotation(line) {
    return line.type === "error" || line.type === "warning";
}

// EXTERNAL MODULE: ./build/app/state.js
var state = __webpack_require__(8213);
// EXTERNAL MODULE: ./build/core/nodes.js
var nodes = __webpack_require__(535);
// EXTERNAL MODULE: ./build/core/time.js
var time = __webpack_require__(3669);
;// CONCATENATED MODULE: ./build/core/advance.js


const nothingSeen = { status: undefined, marks: new Map(), stageId: undefined };
/**
 * What happened between the last look and this one, in the order in which it happened.
 *
 * A mark only ever rises, so an answer that is older than the last one adds nothing,
 * and what came and went between two looks is told all the same. `isLast`: nothing more is to come.
 */
function advance(seen, run, tree, isLast) {
    const marks = new Map(seen.marks);
    const told = [];
    const tell = (key, mark, event) => {
        if ((marks.get(key) ?? 0) >= mark)
            return;
        marks.set(key, mark);
        told.push(event);
    };
    for (const wait of (0,nodes/* strayWaits */._Y)(tree))
        tellWait(tell, wait, undefined);
    for (const stage of tree.stages)
        tellStage(tell, stage, isLast);
    const { events, stageId } = placed(inTime(told), seen.stageId);
    const status = nextStatus(seen.status, run.status);
    if (status !== seen.status) {
        const isEnd = status === "completed";
        const at = (0,time/* timeOf */.nR)(isEnd ? run.finishedAt : run.startedAt);
        events.splice(isEnd ? events.length : 0, 0, { type: "run-status", at, run, status });
    }
    return { seen: { status, marks, stageId }, events };
}
/** A run never goes back to the queue; from its end it can only be started again, by a retry. */
function nextStatus(before, now) {
    const isQueued = now === "notStarted" || now === "postponed";
    const hasLeft = before !== undefined && before !== "notStarted" && before !== "postponed";
    return isQueued && hasLeft ? before : now;
}
function tellStage(tell, stage, isLast) {
    const key = (0,nodes/* attemptKey */.jX)(stage);
    for (const wait of stage.waits)
        tellWait(tell, wait, stage);
    const begun = begunJobs(stage);
    if (begun.length > 0) {
        tell(key, 1, { type: "stage-started", at: earliest(begun.map((job) => job.startedAt)), stage });
    }
    tellIssues(tell, stage, { at: (0,time/* timeOf */.nR)(stage.finishedAt), stage, job: undefined, task: undefined });
    const isOver = stage.status === "completed";
    // The jobs of a skipped stage are not worth a line each; until one has begun, it may still be skipped.
    if (begun.length > 0 || (isOver && stage.result !== "skipped")) {
        for (const job of stage.jobs)
            tellJob(tell, job, stage);
    }
    // A stage ends after its jobs, even when the service says so a look too early.
    if (!isOver || !(isLast || stage.jobs.every((job) => job.status === "completed")))
        return;
    const at = latest([stage.finishedAt, ...stage.jobs.map((job) => job.finishedAt)]);
    if (stage.result === "skipped" && begun.length === 0)
        tell(key, 2, { type: "stage-skipped", at, stage });
    else
        tell(key, 2, { type: "stage-finished", at, stage, durationMs: (0,time/* lengthMs */.xI)(stage) });
}
/**
 * Stages are said to run while they wait for an approval, so a stage starts with its first job.
 * Jobs that a retry kept from an earlier attempt do not start it again.
 */
function begunJobs(stage) {
    const isOver = stage.status === "completed";
    const isKept = (job) => job.status === "completed" && job.attempt < stage.attempt && !isOver;
    return stage.jobs.filter((job) => (0,nodes/* hasBegun */.SU)(job) && !isKept(job));
}
function tellJob(tell, job, stage) {
    const key = (0,nodes/* attemptKey */.jX)(job);
    const begun = (0,nodes/* hasBegun */.SU)(job);
    const end = (0,time/* timeOf */.nR)(job.finishedAt);
    if (begun)
        tell(key, 1, { type: "job-started", at: (0,time/* timeOf */.nR)(job.startedAt), stage, job });
    for (const task of job.tasks) {
        const taskKey = `${key}/${(0,nodes/* attemptKey */.jX)(task)}`;
        const at = notAfter((0,time/* timeOf */.nR)(task.finishedAt), end);
        tellIssues(tell, task, { at, stage, job, task }, taskKey);
        if (task.status === "completed" && task.result !== "skipped") {
            tell(taskKey, 2, { type: "task-finished", at, stage, job, task });
        }
    }
    tellIssues(tell, job, { at: end, stage, job, task: undefined });
    if (job.status !== "completed")
        return;
    if (job.result === "skipped")
        tell(key, 2, { type: "job-skipped", at: end, stage, job });
    else
        tell(key, 2, { type: "job-finished", at: end, stage, job, durationMs: (0,time/* lengthMs */.xI)(job) });
}
function tellWait(tell, wait, stage) {
    const isOver = wait.status === "completed" || stage?.status === "completed";
    // Decided before anybody waited.
    if (wait.status === "pending" || (isOver && wait.startedAt === null))
        return;
    const key = `wait ${wait.id}#${wait.attempt}`;
    tell(key, 1, { type: "wait-started", at: (0,time/* timeOf */.nR)(wait.startedAt), wait, stage });
    if (isOver)
        tell(key, 2, { type: "wait-ended", at: (0,time/* timeOf */.nR)(wait.finishedAt), wait, stage });
}
function tellIssues(tell, node, { at, stage, job, task }, key = (0,nodes/* attemptKey */.jX)(node)) {
    node.issues.forEach((issue, index) => {
        tell(`${key}!`, index + 1, { type: "issue", at, issue, stage, ...(job && { job }), task });
    });
}
/** By time; what has none stays behind what it was told after, and so does what happened in the same moment. */
function inTime(events) {
    let last = 0;
    const timed = events.map((event) => {
        last = event.at ?? last;
        return { event, at: last };
    });
    return timed.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
/** Stages that run side by side are told mixed: marks where the story turns from one to another. */
function placed(events, before) {
    let stageId = before;
    const placedEvents = events.map((event) => {
        if (!("stage" in event) || event.type === "issue" || event.type === "task-finished")
            return event;
        const isElsewhere = stageId !== event.stage?.id;
        stageId = event.stage?.id;
        return isElsewhere && "job" in event ? { ...event, isElsewhere } : event;
    });
    return { events: placedEvents, stageId };
}
function earliest(times) {
    const known = times.map(time/* timeOf */.nR).filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
}
function latest(times) {
    const known = times.map(time/* timeOf */.nR).filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
}
function notAfter(time, end) {
    return time !== undefined && end !== undefined ? Math.min(time, end) : (time ?? end);
}

// EXTERNAL MODULE: ./build/render/lines.js + 1 modules
var render_lines = __webpack_require__(5754);
// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(4923);
;// CONCATENATED MODULE: ./build/app/heartbeat.js
const pausesMs = [1, 2, 4, 5].map((minutes) => minutes * 60_000);
/** A look that comes at the usual interval tells more than a beat in between. */
const slackMs = 10_000;
/** Says when silence has lasted long enough: after 1, 2, 4 and then every 5 minutes in which nothing was told. */
function createHeartbeat(now) {
    let quietSince = now;
    let beats = 0;
    const dueAt = () => quietSince + (pausesMs[Math.min(beats, pausesMs.length - 1)] ?? 0);
    return {
        dueAt,
        isDue: (at) => at >= dueAt(),
        beat: (at) => {
            quietSince = at;
            beats += 1;
        },
        /** Something was told. */
        reset: (at) => {
            quietSince = at;
            beats = 0;
        },
    };
}
/** Beats whenever one is overdue, until the signal ends it. */
async function keepBeating(heartbeat, { clock, beat }, signal) {
    const untilOverdue = () => heartbeat.dueAt() + slackMs - clock.now();
    while (!signal.aborted) {
        // A beat that is held back is tried again a second later.
        await clock.sleep(Math.max(untilOverdue(), 1_000), signal).catch(() => undefined);
        if (!signal.aborted && untilOverdue() <= 0)
            beat();
    }
}

// EXTERNAL MODULE: ./build/app/within.js
var within = __webpack_require__(2177);
;// CONCATENATED MODULE: ./build/app/silence.js






function createSilence({ zero, deadline, isHeld }, { host, clock, pipelines }) {
    const heartbeat = createHeartbeat(zero);
    let zeroMs;
    let last;
    let outage;
    let pastMs;
    let isToldBetweenLooks = false;
    function beat() {
        const now = clock.now();
        const context = { elapsedMs: now - zero, zeroMs };
        host.write([
            outage === undefined
                ? standing(last, { ...context, pastMs, now })
                : (0,render_standing/* outageLine */.o5)({ why: outage.why, sinceMs: now - outage.since }, context),
        ]);
        heartbeat.beat(now);
    }
    const isLong = () => isToldBetweenLooks || heartbeat.isDue(clock.now());
    return {
        end: () => heartbeat.reset(clock.now()),
        see: (look, tree) => {
            last = { ...look, tree, at: clock.now() };
            zeroMs ??= look.serviceTime;
            outage = undefined;
        },
        tell: async (signal) => {
            if (!isLong())
                return;
            isToldBetweenLooks = false;
            const pipelineId = last?.run.pipeline.id ?? null;
            const ask = (limit) => pipelineId === null ? Promise.resolve([]) : pipelines.pastDurations(pipelineId, limit);
            // Not worth a request before somebody has waited for a while, and not worth a second one.
            pastMs ??= await (0,within/* until */.TG)(deadline, clock, ask, signal).catch(() => []);
            if (heartbeat.isDue(clock.now()))
                beat();
        },
        trouble: (why, sinceMs) => {
            outage = { why, since: clock.now() - sinceMs };
            if (heartbeat.isDue(clock.now()))
                beat();
        },
        isLong,
        keepTelling: (signal) => {
            const beatUnlessHeld = () => {
                if (isHeld())
                    return;
                isToldBetweenLooks = true;
                beat();
            };
            return keepBeating(heartbeat, { clock, beat: beatUnlessHeld }, signal);
        },
    };
}
function standing(last, { pastMs = [], now, ...context }) {
    if (last === undefined)
        return (0,render_lines/* timedLine */.Mu)("  no look was answered yet; still waiting", context);
    const { run, tree, at, serviceTime = at } = last;
    if (run.status === "completed")
        return (0,render_lines/* timedLine */.Mu)("  over; still reading what it left behind", context);
    const nowThere = serviceTime + now - at;
    const ranMs = nowThere - ((0,time/* timeOf */.nR)(run.startedAt) ?? nowThere);
    return (0,render_standing/* heartbeatLine */.JY)((0,progress/* progressOf */.j)(tree, run, pastMs, ranMs), { ...context, runUrl: run.url });
}

;// CONCATENATED MODULE: ./build/app/story.js





/** Tells a run in the job's log, from looks that may have missed anything in between. */
function createStory({ logs, timeoutMs }, means) {
    const { host, clock } = means;
    const zero = clock.now();
    const deadline = zero + (timeoutMs ?? Number.POSITIVE_INFINITY);
    const silence = createSilence({ zero, deadline, isHeld: logs.isShowing }, means);
    const tellEvents = createTeller({ logs, deadline, onLine: silence.end }, means);
    let seen = nothingSeen;
    let zeroMs;
    let isUntoldSaid = false;
    /** What only this look did not see the next may show: it is said once that has lasted, or nothing more comes. */
    function sayUntold({ untold }, isLast) {
        if (untold === undefined || isUntoldSaid)
            return;
        if (!untold.isRefused && !isLast && !silence.isLong())
            return;
        isUntoldSaid = true;
        host.write([{ type: untold.isRefused ? "warning" : "text", text: (0,render_standing/* untoldText */.w$)(untold) }]);
    }
    return {
        isQuiet: silence.isLong,
        awaitsLogs: logs.areAwaited,
        trouble: silence.trouble,
        keepTelling: silence.keepTelling,
        tell: async (look, { tree, isLast }, signal) => {
            const { run, serviceTime } = look;
            zeroMs ??= serviceTime;
            silence.see(look, tree);
            const step = advance(seen, run, tree, isLast);
            seen = step.seen;
            await tellEvents(step.events, { elapsedMs: clock.now() - zero, zeroMs, runUrl: run.url }, signal);
            await logs.catchUp(tree, signal);
            sayUntold(look, isLast);
            if (run.status !== "completed")
                await silence.tell(signal);
        },
    };
}
/** Tells one event after the other. */
function createTeller({ logs, deadline, onLine }, { host, clock, pipelines }) {
    async function approversOf(event, signal) {
        if (event.type !== "wait-started" || event.wait.kind !== "approval")
            return [];
        if (event.wait.status === "completed")
            return [];
        const ask = (limit) => pipelines.approvers(event.wait.id, limit);
        return await (0,within/* until */.TG)(deadline, clock, ask, signal).catch(() => []);
    }
    return async (events, context, signal) => {
        for (const event of events) {
            const lines = (0,render_lines/* linesOf */.Dx)(event, { ...context, approvers: await approversOf(event, signal) });
            host.write(lines);
            if (lines.length > 0)
                onLine();
            if (event.type === "task-finished")
                await logs.onFinished(event, signal);
        }
    };
}

;// CONCATENATED MODULE: ./build/render/azure-log.js
const colours = {
    error: "31",
    warning: "33",
    section: "32",
    command: "36",
    debug: "35",
    group: "1",
};
const dateMark = "T".charCodeAt(0);
const zone = "Z".charCodeAt(0);
const bom = 0xfeff;
const hash = "#".charCodeAt(0);
const bracket = "[".charCodeAt(0);
/**
 * A line of one of Azure's logs as we relay it: without its timestamp, its markers turned into colours.
 * A million of them take well under two seconds, so no expression is tried on a line that cannot match.
 */
function logLineOf(raw) {
    const text = plainOf(raw);
    const first = text.charCodeAt(0);
    const line = first === hash || first === bracket ? coloured(text) : text;
    // A colour that a line leaves on would run on into the next.
    return line.includes("\u001B") ? `│ ${line}\u001B[0m` : `│ ${line}`;
}
/** The text alone: no byte order mark, no timestamp, no carriage return. */
function plainOf(raw) {
    const start = raw.charCodeAt(0) === bom ? 1 : 0;
    const text = raw.slice(start + stampLength(raw, start));
    return text.includes("\r") ? text.replace(/\r+$/, "").replaceAll("\r", " ") : text;
}
/** `2026-08-12T07:56:51.3267511Z `: seven digits of a second from an agent, fewer from elsewhere. */
function stampLength(raw, start) {
    if (raw.charCodeAt(start + 10) !== dateMark)
        return 0;
    const end = raw.charCodeAt(start + 27) === zone ? start + 27 : raw.indexOf("Z", start + 19);
    if (end < 0 || end > start + 30)
        return 0;
    const stamp = raw.slice(start, end + 1);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(stamp))
        return 0;
    return stamp.length + (raw.charCodeAt(end + 1) === 32 ? 1 : 0);
}
const starting = "##[section]Starting:";
const finishing = "##[section]Finishing:";
const rule = /^={20,}$/;
/**
 * Lines of a log, as they came, without what the agent puts around every task's: that it starts and ends, and the
 * table of its name and version in between. The first line need not be the log's first.
 */
function withoutFrame(lines) {
    const textAt = (index) => plainOf(lines.at(index) ?? "");
    const isFramed = textAt(0).startsWith(starting);
    const isTablesEnd = (line, index) => index > 1 && index < 16 && rule.test(plainOf(line));
    const table = isFramed && rule.test(textAt(1)) ? lines.findIndex(isTablesEnd) : -1;
    const from = table >= 0 ? table + 1 : isFramed ? 1 : 0;
    return lines.slice(from, textAt(-1).startsWith(finishing) ? -1 : undefined);
}
/** A plain line without its marker: what is left where there are no colours. */
function unmarked(text) {
    return partsOf(text).rest;
}
function coloured(text) {
    const { word, rest } = partsOf(text);
    const colour = colours[word ?? ""];
    return colour === undefined ? rest : `\u001B[${colour}m${rest}`;
}
function partsOf(text) {
    const match = /^(?:##)?\[(error|warning|section|command|debug|group|endgroup)\]/i.exec(text);
    const word = match?.[1]?.toLowerCase();
    // Without its ## only `[command]` is a marker: tools print `[error]` as their own words.
    if (!match || !word || (text.charCodeAt(0) === bracket && word !== "command"))
        return { rest: text };
    const rest = text.slice(match[0].length);
    return { word, rest: word === "group" ? `▸ ${rest}` : rest };
}

;// CONCATENATED MODULE: ./build/app/excerpts.js

/** So many lines of a log are kept for the summary. */
const mostLines = 20;
/** Keeps the ends of failed tasks' logs, of so many tasks at most. */
function createExcerpts(mostTasks) {
    const kept = new Map();
    return {
        /** `lines`: what has come since the last time, or its end. */
        keep: ({ key, result, jobId, taskId }, lines, totalLines) => {
            const before = kept.get(key);
            if (result !== "failed" || (before === undefined && kept.size >= mostTasks))
                return;
            const all = [...(before?.lines ?? []), ...plainEnd(lines)].slice(-mostLines);
            const framed = lines.length - withoutFrame(lines).length;
            kept.set(key, { jobId, taskId, lines: all, totalLines: totalLines - framed });
        },
        all: () => [...kept.values()],
    };
}
/** Copied: a line that was cut out of what came would keep all of that in memory. */
function plainEnd(lines) {
    const plain = withoutFrame(lines).map((line) => unmarked(plainOf(line)));
    return plain.length === 0 ? [] : plain.slice(-mostLines).join("\n").split("\n");
}

// EXTERNAL MODULE: ./build/core/links.js
var links = __webpack_require__(3163);
// EXTERNAL MODULE: ./build/core/log-lines.js
var log_lines = __webpack_require__(2442);
;// CONCATENATED MODULE: ./build/render/excerpt.js



/** The end of a failed task's log in one flat group: GitHub does not nest them. */
function excerptLines({ path, lines, totalLines, isMore = false, url }) {
    const shown = withoutFrame(lines);
    // What the agent put around them is none of the task's lines.
    const total = totalLines - (lines.length - shown.length);
    const later = isMore ? "what came later, " : "";
    const extent = shown.length >= total
        ? `all ${(0,core_text/* counted */.hS)(total, "line")}, also at ${url}`
        : `the last ${shown.length} of ${(0,core_text/* counted */.hS)(total, "line")}, all at ${url}`;
    return [
        { type: "group", title: `✘ ${(0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(path), 200)}: ${later}${extent}` },
        ...shown.map((line) => ({ type: "text", text: logLineOf(line) })),
        { type: "end-group" },
    ];
}
/** Above a log that is shown from its first line on. */
function logTitle({ path, result, isMore, url }) {
    const mark = result === null ? "■" : render_words/* marks */.Z8[result];
    return `${mark} ${(0,core_text/* clip */.$Q)((0,core_text/* oneLine */.TN)(path), 200)}${isMore ? ", what came later" : ""}: ${url}`;
}

;// CONCATENATED MODULE: ./build/app/relay.js




/** Shows logs, one at a time, each in a group; none where there is nothing (more) to show. */
function createRelay({ isWhole, tailLines, runId, runUrl, onGroup }, { host, pipelines }) {
    const relay = isWhole ? relayWhole : relayEnd;
    return async (subject, { logId, shown, patienceMs }, signal) => {
        const tail = (0,log_lines/* createTail */.$A)(tailLines, shown);
        const batches = pipelines.logLines({ runId, logId, known: tail.total, patienceMs }, signal);
        await relay({ subject, batches, tail, shown, runUrl, onGroup }, host);
        return tail;
    };
}
async function relayWhole({ subject: { path, jobId, taskId, result }, batches, tail, shown, runUrl, onGroup }, host) {
    const url = (0,links/* logUrl */.g)(runUrl, jobId, taskId);
    const title = logTitle({ path, result, isMore: shown !== undefined, url });
    let isOpen = false;
    try {
        for await (const lines of batches) {
            tail.push(lines);
            if (!isOpen) {
                host.write([{ type: "group", title }]);
                onGroup(true);
            }
            isOpen = true;
            host.write(lines.map((line) => ({ type: "text", text: logLineOf(line) })));
            await host.flush();
        }
    }
    finally {
        if (isOpen) {
            host.write([{ type: "end-group" }]);
            onGroup(false);
        }
    }
}
async function relayEnd({ subject: { path, jobId, taskId, errorLine }, batches, tail, shown, runUrl }, host) {
    for await (const lines of batches)
        tail.push(lines);
    const { lines, total: totalLines } = tail;
    if (totalLines === shown)
        return;
    const url = (0,links/* logUrl */.g)(runUrl, jobId, taskId, errorLine ?? Math.max(1, totalLines));
    host.write(excerptLines({ path, lines, totalLines, isMore: shown !== undefined, url }));
}

;// CONCATENATED MODULE: ./build/app/shown-logs.js





/** So many failed tasks' logs are shown. Nobody reads more, and each costs a request. */
const mostFailed = 50;
/** Of a failed task's log, this many lines are shown. */
const tailLines = 60;
/** While the run goes on, a log that cannot be read now is tried again at the next looks, so often at most. */
const triesAtMost = 3;
function createShownLogs({ mode, runId, runUrl, timeoutMs }, means) {
    const { host, clock } = means;
    const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
    const pending = new Map();
    const shown = new Map();
    const excerpts = createExcerpts(mostFailed);
    const tries = createTries();
    let isShowing = false;
    const onGroup = (isOpen) => {
        isShowing = isOpen;
    };
    const relay = createRelay({ isWhole: mode === "all", tailLines, runId, runUrl, onGroup }, means);
    async function show(subject, { before, patienceMs = 0 }, signal) {
        const { key, logId } = subject;
        // Until it has been shown it is to be shown, also if the time is up in the middle of it.
        if (before === undefined)
            pending.set(key, subject);
        const end = patienceMs > 0 ? Number.POSITIVE_INFINITY : deadline;
        if (end <= clock.now() || logId === null)
            return;
        try {
            const reading = { logId, shown: before?.total, patienceMs };
            const { lines, total } = await (0,within/* until */.TG)(end, clock, (limit) => relay(subject, reading, limit), signal);
            shown.set(key, { subject, total });
            excerpts.keep(subject, lines, total);
            pending.delete(key);
        }
        catch (error) {
            signal.throwIfAborted();
            const mayComeYet = tries.count(key) < triesAtMost && (0,errors/* mayPass */.bg)(error);
            if (patienceMs === 0 && (mayComeYet || clock.now() >= deadline))
                return;
            pending.delete(key);
            const text = `The log of ${(0,core_text/* oneLine */.TN)(subject.path)} could not be read: ${(0,core_text/* oneLine */.TN)((0,errors/* reasonOf */.A3)(error))}`;
            host.write([{ type: "text", text }]);
        }
    }
    return { show, pending, shown, excerpts: excerpts.all, isShowing: () => isShowing };
}
function createTries() {
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

;// CONCATENATED MODULE: ./build/app/subject.js

function subjectOf({ stage, job, task }) {
    return {
        key: (0,nodes/* attemptKey */.jX)(task),
        path: (0,nodes/* pathOf */.XM)(stage, job, task),
        jobId: job.id,
        taskId: task.id,
        result: task.result,
        logId: task.logId,
        errorLine: errorLineOf(task),
    };
}
function errorLineOf({ issues }) {
    return issues.find(({ severity, logLine }) => severity === "error" && logLine !== undefined)?.logLine;
}

;// CONCATENATED MODULE: ./build/app/task-logs.js






/** Where nobody says which logs have grown, so many are read again to see. */
const mostReread = 10;
/** After the run's end: for one log, and for all of them. */
const endPatienceMs = 15_000;
const endAtMostMs = 60_000;
/** Relays the logs of tasks into the job's log: each in one flat group, never a whole log in memory. */
function createTaskLogs(logged, means) {
    const { mode, runId, runUrl } = logged;
    const { host, pipelines, clock } = means;
    const logs = createShownLogs(logged, means);
    const say = (text) => host.write([{ type: "text", text }]);
    let wanted = 0;
    return {
        onFinished: async (event, signal) => {
            if (mode === "none" || (mode === "failed" && event.task.result !== "failed"))
                return;
            wanted += 1;
            if (mode === "failed" && wanted > mostFailed)
                return;
            await logs.show(subjectOf(event), {}, signal);
        },
        catchUp: (tree, signal) => catchUp(tree, { logs }, signal),
        areAwaited: () => [...logs.pending.values()].some(({ logId }) => logId === null),
        finish: async (tree, signal) => {
            const read = async (limit) => {
                const either = AbortSignal.any([signal, limit]);
                await catchUp(tree, { logs, patienceMs: endPatienceMs }, either);
                if (logs.shown.size > 0)
                    await showGrown(await sizesOrNone(pipelines, runId, either), logs, either);
            };
            await (0,within/* within */.ux)(endAtMostMs, clock, read).catch((error) => {
                signal.throwIfAborted();
                say(`Not all logs could be read: ${(0,core_text/* oneLine */.TN)((0,errors/* reasonOf */.A3)(error))}`);
            });
            const silent = silentIn(logs);
            if (silent.length > 0)
                say(`No log came of ${(0,core_text/* listed */.KE)(silent)}.`);
            const more = mode === "failed" ? wanted - mostFailed : 0;
            if (more > 0)
                say(`${(0,core_text/* counted */.hS)(more, "more task")} failed, whose logs are only at ${runUrl}`);
        },
        excerpts: logs.excerpts,
        isShowing: logs.isShowing,
    };
}
async function catchUp(tree, { logs, patienceMs = 0 }, signal) {
    if (logs.pending.size === 0)
        return;
    for (const stage of tree.stages) {
        for (const job of stage.jobs) {
            for (const task of job.tasks) {
                if (task.logId === null || !logs.pending.has((0,nodes/* attemptKey */.jX)(task)))
                    continue;
                await logs.show(subjectOf({ stage, job, task }), { patienceMs }, signal);
            }
        }
    }
}
async function sizesOrNone(pipelines, runId, signal) {
    const sizes = await pipelines.logSizes(runId, signal).catch(() => undefined);
    signal.throwIfAborted();
    return sizes;
}
async function showGrown(sizes, logs, signal) {
    const all = [...logs.shown.values()];
    const grown = sizes === undefined
        ? all.filter(({ subject }) => subject.result === "failed").slice(0, mostReread)
        : all.filter(({ subject, total }) => (sizes.get(subject.logId ?? -1) ?? 0) > total);
    for (const before of grown)
        await logs.show(before.subject, { before, patienceMs: endPatienceMs }, signal);
}
/** Failed tasks of which there is no log. */
function silentIn({ pending }) {
    const silent = [...pending.values()].filter(({ logId, result }) => logId === null && result === "failed");
    return silent.map(({ path }) => (0,core_text/* oneLine */.TN)(path));
}

;// CONCATENATED MODULE: ./build/app/accompany.js















/** What comes once there is a run: its story, its end, and what is told of it. A module of its own, loaded only then. */
async function accompany(run, playing, signal) {
    const { inputs, means, course } = playing;
    const scene = await sceneOf(run, playing);
    playing.onScene(scene);
    signal.throwIfAborted();
    // The run does not wait for GitHub; only a step that ends here has to.
    const signsBegun = scene.signs.begin(run);
    if (!inputs.wait) {
        if (inputs.mapOutputs.length > 0)
            await mapNow(run, scene, signal);
        tellUnfetched(inputs, means.host);
        await (0,summarize/* summarizeUnseen */.cO)(run, scene);
        await (0,or_aborted/* orAborted */.H)(signsBegun, signal);
        return "left";
    }
    const { stopWhen, mapOutputs, pollIntervalMs: intervalMs, timeoutMs } = inputs;
    const story = createStory({ logs: scene.logs, timeoutMs }, means);
    const over = new AbortController();
    const telling = story.keepTelling(over.signal);
    telling.catch(() => undefined);
    const whileIdle = (sight) => (0,summarize/* rehearse */.Km)(sight, scene);
    const company = { means, course, story, signs: scene.signs, whileIdle };
    try {
        const followed = await follow({ run, stopWhen, mapOutputs, intervalMs, timeoutMs }, company, signal);
        if (followed === undefined)
            return await timedOut({ run }, scene, signal);
        return await conclude(followed, scene, signal);
    }
    finally {
        over.abort();
        await telling;
    }
}
/** The step's work is done once the run is started: a look that fails costs the outputs, not the step. */
async function mapNow(run, scene, signal) {
    const { means, inputs } = scene;
    try {
        (0,app_outputs/* tellAll */.FY)(await documentNow(run, means, signal), scene);
    }
    catch (error) {
        signal.throwIfAborted();
        means.host.write([{ type: "warning", text: `map-outputs: nothing could be read. ${(0,errors/* reasonOf */.A3)(error)}` }]);
        for (const { name } of inputs.mapOutputs)
            means.outputs.tell({ [name]: "" });
    }
}
async function documentNow({ id, raw }, { pipelines }, signal) {
    // What a queued run waits for stands in its timeline.
    const { run, records } = await pipelines.looker(id)({ patienceMs: 60_000, thorough: true }, signal);
    return (0,core_document/* documentOf */.l)(run, (0,tree/* treeOf */.g)(records), raw);
}
async function sceneOf(run, { inputs, means, course, workflow }) {
    const posts = await workflow.signposts(inputs, run);
    const signs = createSigns(posts, inputs.place.project, {
        onEnded: () => (0,state/* rememberSignsEnded */.kP)(means.host),
        onOwed: (owed) => (0,app_owed/* rememberOwed */.V)(means.host, owed),
    });
    const logs = createTaskLogs({ mode: inputs.logs, runId: run.id, runUrl: run.url, timeoutMs: inputs.timeoutMs }, means);
    return { inputs, means, course, logs, signs };
}


/***/ }),

/***/ 2470:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ annotate)
/* harmony export */ });
/* harmony import */ var _core_causes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(792);
/* harmony import */ var _render_annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9987);


/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const shownAtMost = 10;
/** The run's own issues as annotations of the step, which has given warnings of its own, and may have more to give. */
function annotate({ run, tree }, host, warningsToCome = 0) {
    const warnings = Math.max(0, shownAtMost - host.warnings() - warningsToCome);
    const most = { errors: shownAtMost - 1, warnings };
    host.write((0,_render_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .annotationLines */ .b)((0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .annotationsOf */ .I)(tree, run.problems, most), (path) => host.repositoryPath(path)));
}


/***/ }),

/***/ 1073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G9: () => (/* binding */ settle),
/* harmony export */   mq: () => (/* binding */ isLagging),
/* harmony export */   w4: () => (/* binding */ overForMs)
/* harmony export */ });
/* harmony import */ var _core_nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _core_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3669);


/** The service keeps a run, its records and its logs apart: how long what is missing at the run's end is waited for. */
const pausesMs = [1_000, 2_000, 4_000];
/** Of a run that has been over for longer nothing more comes. */
const freshMs = 60_000;
const answerAtMostMs = 10_000;
/** How long a run has been over; `undefined` where nobody can tell. */
function overForMs({ run, at }) {
    const end = (0,_core_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.finishedAt);
    return end === undefined ? undefined : at - end;
}
/** Whether the ends of what has begun in a run that is over may still come. */
function isLagging(sight) {
    return isFresh(sight) && (0,_core_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .isUnfinished */ .ui)(sight.tree);
}
/** Sees the end of a run, and looks again while its last records, or logs that are wanted, have not come. */
async function settle(end, { look, see, awaitsLogs, clock }, signal) {
    let last = end;
    let sight = await see(end);
    for (const pauseMs of pausesMs) {
        if (!isLagging(sight) && !(isFresh(sight) && awaitsLogs()))
            return sight;
        await clock.sleep(pauseMs, signal);
        const options = { patienceMs: 0, timeoutMs: answerAtMostMs, thorough: true };
        const next = await look(options, signal).catch(() => undefined);
        signal.throwIfAborted();
        if (next?.run.status !== "completed")
            continue;
        last = next;
        sight = await see(next);
    }
    return isLagging(sight) ? await see(last, true) : sight;
}
function isFresh(sight) {
    return (overForMs(sight) ?? freshMs) < freshMs;
}


/***/ }),

/***/ 3009:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Km: () => (/* binding */ rehearse),
/* harmony export */   WX: () => (/* binding */ findingsOf),
/* harmony export */   cO: () => (/* binding */ summarizeUnseen),
/* harmony export */   eh: () => (/* binding */ summarize)
/* harmony export */ });
/* harmony import */ var _core_causes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(792);
/* harmony import */ var _core_links_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3163);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7335);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1073);




const nothing = { tests: undefined, artifacts: undefined };
/** What is nice to tell is not worth a wait: whoever asked for artifacts asks again. */
const decoration = { patienceMs: 0, timeoutMs: 5_000 };
/** Test results are made known a little after the run's end. */
const youngMs = 30_000;
/** Looks for tests and artifacts, if anybody will be told of them. */
async function findingsOf(sight, { inputs, means }, signal) {
    const { run } = sight;
    const isTold = inputs.summary || inputs.checkRun !== undefined;
    if (run.status !== "completed" || !isTold)
        return nothing;
    const isYoung = ((0,_settle_js__WEBPACK_IMPORTED_MODULE_2__/* .overForMs */ .w4)(sight) ?? youngMs) < youngMs;
    const orNothing = () => {
        signal.throwIfAborted();
        return undefined;
    };
    const [tests, artifacts] = await Promise.all([
        means.pipelines.tests({ runId: run.id, isYoung }, signal).catch(orNothing),
        means.pipelines.artifacts(run.id, decoration, signal).catch(orNothing),
    ]);
    return { tests, artifacts };
}
/** Writes the job's summary and brings check run and commit status to their end. */
async function summarize(sight, { verdict, findings = nothing }, { inputs, means, course, logs, signs }, signal) {
    if (!course.claimEnd())
        return;
    const report = reportOf(sight, { verdict, findings }, { inputs, logs });
    if (inputs.summary)
        await means.host.summarize((bytes) => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .summaryOf */ .YG)(report, bytes));
    await signs.end(report, signal);
}
/** Writes the summary of a run that the step does not wait for: there is little to tell. */
async function summarizeUnseen(run, { inputs, means }) {
    if (!inputs.summary)
        return;
    const pipeline = run.pipelineName ?? labelOf(inputs.target);
    const unseen = { project: inputs.place.project, pipeline, run, isStarted: !run.isOthers };
    await means.host.summarize(() => (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .unseenSummary */ .$W)(unseen));
}
/** What the inputs call the pipeline. */
function labelOf(target) {
    if (target.kind === "follow")
        return undefined;
    return target.pipeline.by === "name" ? target.pipeline.name : `pipeline ${target.pipeline.id}`;
}
/**
 * Renders a summary for nobody, while there is nothing else to do: the engine compiles what the end of the run will need
 * at once. Of a small run only, so that the rehearsal never costs what it saves.
 */
function rehearse(sight, scene) {
    const jobs = sight.tree.stages.reduce((count, stage) => count + stage.jobs.length, 0);
    if (jobs === 0 || jobs > 50)
        return;
    const tests = { passed: 1, failed: 0, skipped: 0, failedNames: [] };
    const verdict = { kind: "succeeded", text: "rehearsed" };
    (0,_render_summary_js__WEBPACK_IMPORTED_MODULE_1__/* .summaryOf */ .YG)(reportOf(sight, { verdict, findings: { tests, artifacts: [] } }, scene));
}
function reportOf({ run, tree, at, untold }, { verdict, findings }, { inputs, logs }) {
    return {
        run,
        tree,
        verdict,
        at,
        untold,
        project: inputs.place.project,
        pipeline: run.pipeline.name ?? "pipeline",
        causes: (0,_core_causes_js__WEBPACK_IMPORTED_MODULE_0__/* .firstCauses */ .p)(tree, run.problems),
        excerpts: logs.excerpts(),
        tests: findings.tests,
        artifacts: findings.artifacts?.map(({ name, size }) => ({
            name,
            bytes: size,
            url: (0,_core_links_js__WEBPACK_IMPORTED_MODULE_3__/* .artifactsUrl */ .N)(run.url),
        })),
    };
}


/***/ }),

/***/ 792:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ annotationsOf),
/* harmony export */   p: () => (/* binding */ firstCauses)
/* harmony export */ });
/* harmony import */ var _echo_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1069);
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(535);
/* harmony import */ var _spots_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3919);
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3669);




/** What explains the end of the run, first causes first: echoes, then what was only canceled, come last. */
function firstCauses(tree, problems = []) {
    const found = distinct(ranked(tree, "error").filter(({ rank }) => rank !== ranks.harmless));
    return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}
function isExplained(causes) {
    return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}
/** Why the run as a whole could not be run. */
function problemCause(message) {
    const nowhere = { stage: undefined, job: undefined, task: undefined, path: "" };
    const issue = { severity: "error", message, logLine: undefined, file: undefined };
    return {
        ...nowhere,
        message,
        issue: { ...issue, line: undefined, column: undefined, code: undefined },
        jobId: undefined,
        taskId: undefined,
        logId: null,
        logLine: undefined,
        isConsequence: false,
    };
}
/** What there is to tell of each place, first causes first. */
function annotationsOf(tree, problems, most) {
    const failures = ranked(tree, "error");
    const cautions = ranked(tree, "warning");
    const told = distinct(spread(failures)).filter((cause) => cause.issue !== undefined);
    const errors = isExplained(firstCauses(tree)) ? told : [...problems.map(problemCause), ...told];
    const warnings = distinct(cautions);
    const all = (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .countsOf */ .mQ)(tree.stages);
    const repeated = (found) => found.filter(repeatsItsTask(found)).length;
    return {
        errors: errors.slice(0, most.errors),
        warnings: warnings.slice(0, most.warnings),
        moreErrors: beyond(all.errors - repeated(failures), errors.length, most.errors),
        moreWarnings: beyond(all.warnings - repeated(cautions), warnings.length, most.warnings),
    };
}
/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function spread(found) {
    const places = new Set();
    const isFirst = ({ rank, cause: { jobId, taskId, path } }) => {
        const place = JSON.stringify([path, jobId, taskId]);
        if (rank > ranks.exitCode || places.has(place))
            return false;
        places.add(place);
        return true;
    };
    const { first = [], other = [] } = Object.groupBy(found, (one) => (isFirst(one) ? "first" : "other"));
    return [...first, ...other];
}
/** An agent counts on when it stops to list, so the count may exceed the list. */
function beyond(count, found, most) {
    return found <= most ? Math.max(0, count - found) : Math.max(count, found) - most;
}
const ranks = { failed: 0, exitCode: 1, echo: 2, withIssues: 3, harmless: 4, canceled: 5 };
function ranked(tree, severity) {
    return (0,_spots_js__WEBPACK_IMPORTED_MODULE_0__/* .spotsIn */ .x)(tree)
        .flatMap((spot) => {
        const issues = spot.node.issues.filter((issue) => issue.severity === severity);
        const isMute = severity === "error" && issues.length === 0 && !spot.isEchoed && hasFailed(spot.node);
        return (isMute ? [undefined] : issues).map((issue) => {
            const rank = rankOf(spot, issue, issues);
            const at = (0,_time_js__WEBPACK_IMPORTED_MODULE_2__/* .timeOf */ .nR)(spot.node.finishedAt) ?? Number.MAX_SAFE_INTEGER;
            return { rank, at, cause: causeOf(spot, issue, rank === ranks.echo || rank === ranks.canceled) };
        });
    })
        .sort((a, b) => a.rank - b.rank || a.at - b.at);
}
function rankOf({ node, isEchoed }, issue, among) {
    if (node.result === "canceled" || node.result === "abandoned")
        return ranks.canceled;
    if (node.result === "succeededWithIssues")
        return ranks.withIssues;
    if (!hasFailed(node))
        return ranks.harmless;
    if (isEchoed)
        return ranks.echo;
    // "Bash exited with code '1'" is the cause only where nothing better is said.
    const isLesser = issue !== undefined && (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isEcho */ .y)(issue.message) && !among.every((other) => (0,_echo_js__WEBPACK_IMPORTED_MODULE_3__/* .isEcho */ .y)(other.message));
    return isLesser ? ranks.exitCode : ranks.failed;
}
function hasFailed(node) {
    return node.result === "failed";
}
function causeOf(spot, issue, isConsequence) {
    const { stage, job, task, node, fallback } = spot;
    return {
        stage: stage?.displayName,
        job: job && (stage?.displayName === undefined ? (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .jobTitle */ .a9)(job) : job.displayName),
        task: task?.displayName,
        message: issue?.message ?? fallback,
        issue,
        path: (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .pathOf */ .XM)(stage, job, task),
        jobId: job?.id,
        taskId: task?.id,
        logId: node.logId,
        logLine: issue?.logLine,
        isConsequence,
    };
}
/** A job repeats what one of its tasks has said already. */
function repeatsItsTask(found) {
    const keyOf = ({ jobId, message }) => JSON.stringify([jobId, message]);
    const inTasks = new Set(found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)));
    return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && inTasks.has(keyOf(cause));
}
/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found) {
    const said = new Map();
    const isRepeated = repeatsItsTask(found);
    for (const one of found) {
        if (isRepeated(one))
            continue;
        const { cause } = one;
        const { jobId, taskId, message, issue } = cause;
        const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
        if (!said.has(key))
            said.set(key, cause);
    }
    return [...said.values()];
}


/***/ })

};
