"use strict";
exports.id = 730;
exports.ids = [730];
exports.modules = {

/***/ 9730:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createRunResources: () => (/* binding */ createRunResources)
});

// EXTERNAL MODULE: ./build/azure-devops/api-client.js + 2 modules
var api_client = __webpack_require__(7188);
// EXTERNAL MODULE: ./build/lib/json.js
var lib_json = __webpack_require__(9897);
// EXTERNAL MODULE: ./build/azure-devops/decode.js
var decode = __webpack_require__(725);
;// CONCATENATED MODULE: ./build/azure-devops/approvals.js


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
    const initiated = open.filter(({ initiatedOn }) => (0,decode/* asDate */.D5)(initiatedOn) !== null);
    const asked = isInSequence && initiated.length > 0 ? initiated : open;
    return asked.flatMap(({ assignedApprover }) => (0,lib_json/* asString */.oJ)((0,lib_json/* asObject */.eB)(assignedApprover)["displayName"]) ?? []);
}
const openStepStates = new Set(["undefined", "uninitiated", "pending", "deferred"]);

// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9984);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(6777);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
;// CONCATENATED MODULE: ./build/azure-devops/artifacts.js


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
var lib_url = __webpack_require__(6158);
// EXTERNAL MODULE: ./build/azure-devops/api-errors.js
var api_errors = __webpack_require__(9427);
// EXTERNAL MODULE: ./build/azure-devops/auth-policy.js
var auth_policy = __webpack_require__(7952);
// EXTERNAL MODULE: ./build/azure-devops/error-body.js
var error_body = __webpack_require__(170);
// EXTERNAL MODULE: ./build/azure-devops/hints.js + 2 modules
var hints = __webpack_require__(3151);
// EXTERNAL MODULE: ./build/azure-devops/response-error.js
var response_error = __webpack_require__(4431);
;// CONCATENATED MODULE: ./build/azure-devops/streaming.js




const idleTimeoutMs = 30_000;
const maxErrorBodyBytes = 64 * 1024;
function createOpenStream({ authAndVersionPolicy }, open) {
    const send = authAndVersionPolicy(async (request) => {
        const stream = await open(request);
        return {
            value: await request.decode(stream),
            text: "",
            headers: stream.headers,
            retryAfterMs: undefined,
        };
    });
    return async (request) => {
        const fullRequest = { ...request, method: "GET", timeoutMs: idleTimeoutMs };
        return (await send({ ...fullRequest, decode: (stream) => stream })).value;
    };
}
function createOpenTextStream(client) {
    return createOpenStream(client, async (request) => {
        const stream = await client.transport.stream({
            method: "GET",
            url: (0,api_client/* requestUrl */.Fl)(request, client.endpoint),
            headers: {
                accept: "text/plain",
                "x-tfs-fedauthredirect": "Suppress",
                authorization: await (0,auth_policy/* authorizationFor */.r)(request, client),
            },
            timeoutMs: idleTimeoutMs,
            signal: request.signal,
        });
        return isSuccess(stream) ? stream : await throwResponseError(request, stream, client);
    });
}
function isSuccess({ status, headers }) {
    return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}
async function throwResponseError(request, stream, client) {
    const { status, headers } = stream;
    const response = { status, headers, body: await readPrefix(stream) };
    throw (0,response_error.responseError)(request, response, client);
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
        if (!(error instanceof errors/* TransientError */.N_ || error instanceof errors/* ActionError */.lZ))
            throw error;
    }
    return Buffer.concat(parts).toString("utf8");
}

;// CONCATENATED MODULE: ./build/azure-devops/download-redirects.js










const maxRedirects = 5;
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
                authorization: await (0,auth_policy/* authorizationFor */.r)(apiRequestFor(hop, signal), client),
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
    if (status >= 400 && status < 500 && /\bhtml\b/i.test(headers["content-type"] ?? ""))
        throw (0,response_error/* gatewayError */.L)({ status, body: withoutQueryValues(await readPrefix(stream), hop.url) }, (0,retry/* retryAfterMs */.Vs)(headers, now));
    await closeStream(stream);
    const summary = `${hop.url.host} answered ${status}`;
    if ((0,error_body/* isTransientStatus */.Dm)(status))
        throw new errors/* TransientError */.N_(summary, { retryAfterMs: (0,retry/* retryAfterMs */.Vs)(headers, now) });
    throw new errors/* ActionError */.lZ("unexpected-response", `${downloadOperation(hop)} failed: ${summary}.`, {
        hint: hints/* goneArtifactHint */.py,
    });
}
function withoutQueryValues(page, { search, searchParams }) {
    const encoded = search.split(/[?&]/).map((parameter) => parameter.slice(parameter.indexOf("=") + 1));
    return [...encoded, ...searchParams.values()]
        .filter(({ length }) => length >= lib_text/* minSecretLength */.jE)
        .reduce((text, value) => text.replaceAll(value, "***"), page);
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
    return url !== null && (0,api_errors/* isSignInUrl */.WE)(url);
}
async function closeStream({ chunks }) {
    try {
        for await (const _ of chunks)
            break;
    }
    catch {
    }
}
function downloadOperation({ name }) {
    return `Downloading artifact ${(0,lib_text/* quotedName */.aH)(name)}`;
}
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
function isSameOnLoopback(url, organizationUrl) {
    const areLoopback = (0,lib_url/* isLoopback */.U)(url.hostname) && (0,lib_url/* isLoopback */.U)(organizationUrl.hostname);
    return areLoopback && url.protocol === organizationUrl.protocol && url.port === organizationUrl.port;
}
function isSafeUrl(url, baseUrl) {
    return url.protocol === "https:" || ((0,lib_url/* isHttpLoopback */.M)(url) && (0,lib_url/* isLoopback */.U)(new URL(baseUrl).hostname));
}
function organizationName({ hostname, pathname, port }) {
    if (port !== "")
        return undefined;
    if (hostname === "dev.azure.com")
        return pathname.split("/")[1]?.toLowerCase();
    return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}

// EXTERNAL MODULE: ./build/azure-devops/retry-policy.js
var retry_policy = __webpack_require__(9348);
;// CONCATENATED MODULE: ./build/azure-devops/artifact-download.js








const maxAttempts = 5;
const maxDelayMs = 60_000;
const signedUrlRetryForMs = 8_000;
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
        maxAttempts,
        maxRetryAfterMs: maxDelayMs,
        onRetry: (error, waitMs) => onWait?.(waitMs, error.message),
        toFinalError: (error, { elapsedMs, tooLongMs }) => tooLongMs === undefined
            ? (0,retry_policy/* retriesExhausted */.eq)({ operation }, error, Math.max(elapsedMs, 1_000))
            : (0,retry_policy/* retryAfterTooLong */.BN)(operation, error, tooLongMs),
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
async function openSource(client, source, options, signal) {
    if (source.by === "signature") {
        return await followRedirects(client, { ...options, address: source.address, trusted: false }, signal);
    }
    const [path, query] = source.by === "api" ? [source.path, source.query] : ["", {}];
    const open = createOpenStream(client, (request) => {
        const address = source.by === "api" ? (0,api_client/* requestUrl */.Fl)(request, client.endpoint) : source.address;
        return followRedirects(client, { ...options, address, trusted: true }, signal);
    });
    return await open({ path, query, operation: downloadOperation(options), signal });
}
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
function isSourceUnavailable(error) {
    if (error instanceof errors/* TransientError */.N_)
        return error.fromGateway;
    return error instanceof errors/* ActionError */.lZ && error.code !== "unauthorized";
}

// EXTERNAL MODULE: ./build/core/build-run-tree.js
var build_run_tree = __webpack_require__(9636);
// EXTERNAL MODULE: ./build/core/progress.js
var progress = __webpack_require__(9948);
// EXTERNAL MODULE: ./build/lib/time.js
var time = __webpack_require__(4374);
// EXTERNAL MODULE: ./build/core/poll-interval.js
var poll_interval = __webpack_require__(6566);
// EXTERNAL MODULE: ./build/core/check-nodes.js
var check_nodes = __webpack_require__(9343);
// EXTERNAL MODULE: ./build/core/records.js
var core_records = __webpack_require__(1721);
// EXTERNAL MODULE: ./build/core/run-tree.js
var run_tree = __webpack_require__(1795);
;// CONCATENATED MODULE: ./build/core/update-run-tree.js




function createRunTimeline() {
    const records = new Map();
    let tree = run_tree/* emptyTree */["in"];
    let places = placeNodes(tree, records);
    return {
        tree: () => tree,
        merge: (changes, options) => {
            const { previous, hasOtherIds } = (0,core_records/* mergeRecords */.PI)(records, changes, options);
            if (previous.size === 0 && !hasOtherIds)
                return;
            const updated = hasOtherIds ? undefined : updateTree({ tree, places, records, previous });
            if (updated === undefined) {
                tree = (0,build_run_tree/* buildRunTree */.u0)(records);
                places = placeNodes(tree, records);
            }
            else {
                tree = updated;
            }
        },
    };
}
function placeNodes(tree, records) {
    const places = new Map();
    const taskIndexes = new Map();
    for (const [stageAt, stage] of tree.stages.entries()) {
        places.set(stage.id, { stageAt });
        for (const [jobAt, job] of stage.jobs.entries()) {
            const place = { stageAt, jobAt };
            places.set(job.id, place);
            job.tasks.forEach(({ id }, index) => {
                places.set(id, place);
                taskIndexes.set(id, index);
            });
        }
    }
    return { places, taskIndexes, sortedByStart: sortedByStart(records) };
}
const parentTypes = new Map([
    ["Phase", "Stage"],
    ["Job", "Phase"],
    ["Task", "Job"],
]);
function sortedByStart(records) {
    const siblingsByParent = new Map();
    const stageNames = new Set();
    const sensitive = new Set();
    for (const record of records.values()) {
        const { id, type, parentId, order } = record;
        const parentType = parentTypes.get(type);
        if (parentType === undefined && type !== "Stage")
            continue;
        const parent = records.get(parentId ?? "");
        if (parent?.type.startsWith("Checkpoint"))
            continue;
        if (parent?.type !== parentType || (type === "Stage" && stageNames.has((0,core_records/* stageName */.CT)(record))))
            return undefined;
        if (type === "Stage")
            stageNames.add((0,core_records/* stageName */.CT)(record));
        const parentKey = parent?.id ?? "";
        const siblings = siblingsByParent.get(parentKey) ?? new Map();
        siblingsByParent.set(parentKey, siblings);
        const sibling = siblings.get(order);
        if (order === null || sibling !== undefined)
            sensitive.add(id).add(sibling ?? id);
        siblings.set(order, id);
    }
    return sensitive;
}
function updateTree({ tree, places, records, previous }) {
    const draft = createDraft(tree, records);
    for (const [id, before] of previous) {
        const record = records.get(id);
        if (record === undefined || !isUpdate(before, record, places))
            return undefined;
        const place = places.places.get(id);
        const isUpdated = place === undefined
            ? isShownNowhere(before, record)
            : draft.update(record, { ...place, taskAt: places.taskIndexes.get(id) });
        if (!isUpdated)
            return undefined;
    }
    return draft.finish();
}
const structuralFields = [
    "type",
    "parentId",
    "name",
    "refName",
    "identifier",
    "order",
    "attempt",
    "taskName",
];
function isUpdate(previous, record, { sortedByStart }) {
    const mayMove = sortedByStart === undefined || sortedByStart.has(record.id);
    if (mayMove && previous.startedAt !== record.startedAt)
        return false;
    if (!structuralFields.every((field) => previous[field] === record[field]))
        return false;
    return (record.type === "Task" ||
        (previous.issues.length === 0 &&
            record.issues.length === 0 &&
            (previous.worker === null) === (record.worker === null)));
}
function createDraft(tree, records) {
    const stages = new Map();
    const jobs = new Map();
    const editStage = (at) => {
        const known = stages.get(at);
        const stage = tree.stages[at];
        if (known !== undefined || stage === undefined)
            return known;
        const draft = { ...stage, jobs: [...stage.jobs] };
        stages.set(at, draft);
        return draft;
    };
    const editJob = (stage, at) => {
        const job = stage.jobs[at];
        if (job === undefined || records.get(job.id)?.type !== "Job")
            return undefined;
        const draft = jobs.get(job) ?? { ...job, tasks: [...job.tasks] };
        jobs.set(draft, draft);
        stage.jobs[at] = draft;
        return draft;
    };
    const update = (record, place) => {
        const stage = editStage(place.stageAt);
        if (stage === undefined)
            return false;
        if (place.jobAt === undefined)
            return assignProgress(stage, record);
        const job = editJob(stage, place.jobAt);
        const task = job?.tasks[place.taskAt ?? -1];
        if (job === undefined)
            return false;
        if (place.taskAt === undefined)
            return assignProgress(Object.assign(job, { worker: record.worker }), record);
        const jobRecord = records.get(job.id);
        if (task === undefined || jobRecord === undefined)
            return false;
        const replacement = (0,build_run_tree/* taskNode */.y4)(record, (0,check_nodes/* waitOf */.p)(record, jobRecord, records.get(stage.id)));
        job.tasks[place.taskAt] = replacement;
        for (const node of [job, stage]) {
            node.errors += replacement.errors - task.errors;
            node.warnings += replacement.warnings - task.warnings;
        }
        return true;
    };
    const finish = () => {
        if (stages.size === 0)
            return tree;
        const edited = tree.stages.map((stage, at) => stages.get(at) ?? stage);
        return {
            ...tree,
            stages: edited.map((stage) => (records.has(stage.id) ? stage : (0,build_run_tree/* implicitStage */.ye)(stage.jobs))),
        };
    };
    return { update, finish };
}
function isShownNowhere(previous, { type, issues }) {
    return (type === "Phase" || type === "Task") && issues.length === 0 && previous.issues.length === 0;
}
function assignProgress(node, record) {
    const { status, result, startedAt, finishedAt, logId } = record;
    Object.assign(node, { status, result, startedAt, finishedAt, logId });
    return true;
}

;// CONCATENATED MODULE: ./build/azure-devops/builds.js



async function readBuild(send, { runId, runUrl, isOwnRun, toleratesOutage = false, ...retryOptions }, signal) {
    const response = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}`,
        operation: "Polling the run",
        ...retryOptions,
        toleratesOutage,
        signal,
        decode: async (value) => {
            const run = ensureRunId(runId, (0,decode/* decodeBuild */.zr)(value, runUrl));
            if ((await isOwnRun?.(run, signal)) === false)
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
async function cancelBuild(send, { runId, ...retryOptions }, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}`,
        body: { status: "cancelling" },
        decode: () => undefined,
        operation: "Cancelling the run",
        ...retryOptions,
        ignoreRetryAfter: true,
        signal,
    });
}
const recentRunsLimit = 200;
async function listRecentRuns(send, { pipelineId, runUrl, ...retryOptions }, signal) {
    const { value, headers } = await send({
        method: "GET",
        path: "_apis/build/builds",
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
async function listTaggedRuns(send, { pipelineId, tag, runUrl }, signal) {
    const { value, headers } = await send({
        method: "GET",
        path: "_apis/build/builds",
        query: { definitions: pipelineId, tagFilters: tag, queryOrder: "queueTimeDescending", $top: 50 },
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((entry) => ({
            candidate: decodeCandidate(entry, runUrl),
            run: (0,decode/* decodeBuild */.zr)(entry, runUrl),
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
    const run = (0,decode/* decodeBuild */.zr)(json, runUrl);
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
function parseVariables(text) {
    const json = text === null ? undefined : (0,lib_json/* parseJson */.qF)(text);
    return json === undefined ? undefined : (0,lib_json/* asObject */.eB)(json);
}
async function updateStage(send, { runId, stage, state, ...options }, signal) {
    const operations = { retry: "Retrying", run: "Starting", cancel: "Cancelling" };
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
        body: { state, ...(state === "retry" && { forceRetryAllJobs: false }) },
        ...(state === "run" && { minVersion: "7.2-preview" }),
        decode: () => undefined,
        operation: `${operations[state]} the stage ${stage}`,
        ...options,
        signal,
    });
}
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
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).flatMap(durationOf),
        operation: "Reading the pipeline's past runs",
        timeoutMs: 10_000,
        signal,
    });
    return value;
}
function durationOf(json) {
    const build = (0,lib_json/* asObject */.eB)(json);
    const [start, end] = [(0,decode/* asDate */.D5)(build["startTime"]), (0,decode/* asDate */.D5)(build["finishTime"])];
    return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}

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
function decodeRecords(json) {
    const records = [];
    for (const entry of (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["records"])) {
        const record = (0,lib_json/* asObject */.eB)(entry);
        const id = (0,lib_json/* asString */.oJ)(record["id"]);
        if (id !== null)
            records.push(decodeRecord(id, record));
    }
    return records;
}
const noIssues = [];
function decodeRecord(id, record) {
    const state = recordStates.get(((0,lib_json/* asString */.oJ)(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
    const { status, result } = decodeOutcome(state, (0,lib_json/* asString */.oJ)(record["result"]));
    const issues = (0,lib_json/* asArray */._j)(record["issues"]);
    return {
        id,
        parentId: (0,lib_json/* asString */.oJ)(record["parentId"]),
        type: (0,lib_json/* asString */.oJ)(record["type"]) ?? "",
        name: (0,lib_json/* asString */.oJ)(record["name"]) ?? "",
        refName: (0,lib_json/* asString */.oJ)(record["refName"]),
        identifier: (0,lib_json/* asString */.oJ)(record["identifier"]),
        status,
        result,
        startedAt: (0,decode/* asDate */.D5)(record["startTime"]),
        finishedAt: (0,decode/* asDate */.D5)(record["finishTime"]),
        order: (0,lib_json/* asNumber */.i)(record["order"]),
        attempt: (0,lib_json/* asNumber */.i)(record["attempt"]) ?? 1,
        worker: (0,lib_json/* asString */.oJ)(record["workerName"]),
        logId: (0,lib_json/* asId */.gR)((0,lib_json/* asObject */.eB)(record["log"])["id"]),
        taskName: decodeTaskName((0,lib_json/* asObject */.eB)(record["task"])),
        errors: (0,lib_json/* asNumber */.i)(record["errorCount"]) ?? 0,
        warnings: (0,lib_json/* asNumber */.i)(record["warningCount"]) ?? 0,
        issues: issues.length === 0 ? noIssues : issues.flatMap(decodeIssue),
    };
}
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
function asPositiveInteger(value) {
    const number = Number(value);
    return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
const pollsPerFullTimeline = 30;
function createRunPoller(send, runId, runUrl, isOwnRun) {
    const timeline = createTimelineCache(send, runId);
    let gap = 1;
    let pollsSinceTimeline = 0;
    return async ({ alwaysReadTimeline = false, readQueuedTimeline = false, onCompleted, ...retryOptions }, signal) => {
        const buildResponse = await readBuild(send, { runId, runUrl, isOwnRun, toleratesOutage: true, ...retryOptions }, signal);
        const { status } = buildResponse.run;
        const isQueued = status === "notStarted" || status === "postponed";
        gap = (0,poll_interval/* nextTimelineGap */.Th)(gap, buildResponse.throttling);
        pollsSinceTimeline += 1;
        const isFinal = status === "completed";
        const isDue = isFinal || ((!isQueued || readQueuedTimeline) && pollsSinceTimeline >= gap);
        const polled = { ...buildResponse, savesRequests: (0,poll_interval/* savesRequests */.xP)(gap) };
        if (!isDue && !alwaysReadTimeline)
            return { ...polled, tree: timeline.tree() };
        pollsSinceTimeline = 0;
        const ignoreRetryAfter = retryOptions.ignoreRetryAfter === true || (isFinal && buildResponse.throttling === "delayed");
        const refreshing = timeline.refresh({ ...retryOptions, ignoreRetryAfter, isFinal }, signal);
        if (isFinal)
            onCompleted?.(polled);
        const refreshed = await refreshing;
        if (refreshed.throttling !== undefined)
            gap = (0,poll_interval/* nextTimelineGap */.Th)(gap, refreshed.throttling);
        return {
            ...polled,
            tree: timeline.tree(),
            savesRequests: (0,poll_interval/* savesRequests */.xP)(gap),
            retryAfterMs: refreshed.retryAfterMs,
            throttling: (0,poll_interval/* worseThrottling */.GS)(buildResponse.throttling, refreshed.throttling),
            timelineUnavailable: refreshed.timelineUnavailable,
        };
    };
}
function createTimelineCache(send, runId) {
    const timeline = createRunTimeline();
    let cursor;
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
                retryForMs: isFinal ? 10_000 : 0,
                ...(isFinal && { retryThrottledForMs: 60_000 }),
                signal,
            });
            pollsSinceFull = isFull ? 0 : pollsSinceFull + 1;
            if (response.text === "")
                return response;
            const { changes, changeId } = response.value;
            timeline.merge(changes, { isComplete: isFull });
            cursor = isFull && changes.length === 0 ? undefined : (changeId ?? undefined);
            return response;
        }
        catch (error) {
            return handleTimelineError(error);
        }
    }
    return { refresh, tree: timeline.tree };
}
function decodeTimeline(json) {
    return { changes: decodeRecords(json), changeId: (0,lib_json/* asNumber */.i)((0,lib_json/* asObject */.eB)(json)["changeId"]) };
}
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

;// CONCATENATED MODULE: ./build/azure-devops/baseline.js







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
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((entry) => (0,decode/* decodeBuild */.zr)(entry, runUrl)),
        operation: "Reading the last run that succeeded",
        ...options,
        signal,
    });
    const successes = value.filter((other) => other.id < run.id &&
        other.result === "succeeded" &&
        other.pipeline.id === pipeline.id &&
        other.source.ref === source.ref);
    const [last] = successes;
    if (last === undefined)
        return undefined;
    const isSameCommit = source.commit !== null && last.source.commit === source.commit;
    const [commits, tree] = await Promise.all([
        isSameCommit
            ? undefined
            : readCommits(send, { from: last.id, to: run.id, ...options }, signal).catch((0,errors/* ignoreError */.FZ)("the last run that succeeded is shown without the commits since")),
        readRunTree(send, { runId: last.id, ...options }, signal).catch((0,errors/* ignoreError */.FZ)("the durations of stages are not compared")),
    ]);
    return {
        lastSuccess: last,
        isSameCommit,
        commits,
        typicalMs: (0,progress/* medianOf */.ux)(successes.flatMap(baseline_durationOf)),
        tree,
    };
}
async function readRunTree(send, { runId, ...options }, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/timeline`,
        decode: decodeRecords,
        operation: "Reading the stages of the last run that succeeded",
        ...options,
        signal,
    });
    return (0,build_run_tree/* buildRunTree */.u0)(new Map(value.map((record) => [record.id, record])));
}
function baseline_durationOf({ startedAt, finishedAt }) {
    const [start, end] = [(0,time/* parseTime */.pe)(startedAt), (0,time/* parseTime */.pe)(finishedAt)];
    return start === undefined || end === undefined ? [] : [Math.max(0, end - start)];
}
const maxCommits = 50;
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

// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
// EXTERNAL MODULE: ./build/core/line-splitter.js
var line_splitter = __webpack_require__(7653);
;// CONCATENATED MODULE: ./build/azure-devops/logs.js






const defaultRetryForMs = 60_000;
const maxJsonLogBytes = 64 * 1024 * 1024;
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
                const newLines = received >= delivered ? lines : (0,line_splitter/* skipLines */.Ze)(lines, delivered - received);
                received += lines.count;
                if (newLines.count > 0)
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
            const retryForMs = delivered > linesRead ? defaultRetryForMs : firstLineRetryForMs;
            const newLines = await (0,retry/* retry */.L5)(readNewLines, {
                retryError: errors/* asTransient */.tA,
                deadline: clock.now() + retryForMs,
                clampRetryAfter: true,
                toFinalError: (error) => (0,retry_policy/* retriesExhausted */.eq)({ operation }, error, retryForMs),
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

// EXTERNAL MODULE: ./build/core/model.js
var model = __webpack_require__(9842);
// EXTERNAL MODULE: ./build/azure-devops/pipelines.js
var pipelines = __webpack_require__(6148);
;// CONCATENATED MODULE: ./build/azure-devops/run-check.js



function createRunCheck(send, { project, pipelineId }) {
    let expectedPipeline = pipelineId ?? null;
    let requestedProjectId;
    return async (run, signal) => {
        expectedPipeline ??= run.pipeline.id;
        if (run.pipeline.id !== null && run.pipeline.id !== expectedPipeline)
            return false;
        if (run.project === undefined || (0,model/* matchesProject */.l)(project, run.project))
            return true;
        const { id } = run.project;
        if (id === null || expectedPipeline === null)
            return false;
        if (requestedProjectId === undefined)
            requestedProjectId = await readProjectId(send, expectedPipeline, signal);
        return requestedProjectId?.toLowerCase() === id.toLowerCase();
    };
}
async function readProjectId(send, pipelineId, signal) {
    const sendOnce = (request) => send({ ...request, retryForMs: 0, timeoutMs: 10_000 });
    try {
        return (await (0,pipelines/* readPipeline */.l)(sendOnce, pipelineId, signal)).project?.id ?? null;
    }
    catch (error) {
        if (error instanceof errors/* ActionError */.lZ)
            return null;
        throw error;
    }
}

// EXTERNAL MODULE: ./build/core/run-search.js
var run_search = __webpack_require__(5151);
;// CONCATENATED MODULE: ./build/azure-devops/run-list.js





const runsPerPage = 200;
async function searchRuns({ send, runUrl, now }, { pipelineId, ref, maxRuns, maxAgeMs, ...options }, signal) {
    const listed = new Map();
    let continuationToken;
    for (;;) {
        const { value, headers, retryAfterMs, throttling } = await send({
            method: "GET",
            path: "_apis/build/builds",
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
function decodeList(json, runUrl) {
    const { value } = (0,lib_json/* asObject */.eB)(json);
    if (!Array.isArray(value))
        throw new errors/* TransientError */.N_("the response was not a list of runs");
    return value
        .filter((entry) => (0,lib_json/* asObject */.eB)(entry)["deleted"] !== true)
        .map((entry) => ({
        run: (0,decode/* decodeBuild */.zr)(entry, runUrl),
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


function decodeStartedSource(json) {
    const self = (0,lib_json/* asObject */.eB)(json, "resources", "repositories", "self");
    const { fullName, ...repository } = (0,lib_json/* asObject */.eB)(self["repository"]);
    const commit = (0,lib_json/* asString */.oJ)(self["version"]);
    if (commit === null || (0,lib_json/* asString */.oJ)(repository["type"]) === null)
        return undefined;
    const decoded = (0,decode/* decodeRepository */.ZP)({ ...repository, properties: { fullName } });
    return { ref: (0,lib_json/* asString */.oJ)(self["refName"]), commit, prSourceSha: undefined, repository: decoded };
}
async function readRunSource(send, { runId, startResponse, ...retryOptions }, signal) {
    const request = send({
        method: "GET",
        path: `_apis/build/builds/${runId}`,
        decode: (json) => (0,decode/* decodeSource */.E4)((0,lib_json/* asObject */.eB)(json)),
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

// EXTERNAL MODULE: ./build/core/source-location.js
var source_location = __webpack_require__(7456);
;// CONCATENATED MODULE: ./build/azure-devops/test-results.js




const maxFailures = 50;
const retryDelaysMs = [1_000, 3_000];
const requestLimitMs = 5_000;
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
async function requestCounts({ send, sendToResults, clock, runId }, signal) {
    const request = {
        method: "GET",
        path: "_apis/testresults/resultsummarybybuild",
        query: { buildId: runId },
        version: "7.1-preview.1",
        decode: decodeCounts,
        operation: "Reading the run's test results",
        timeoutMs: requestLimitMs,
        retryForMs: requestLimitMs,
        deadline: clock.now() + requestLimitMs,
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
function isRunNotFound(error) {
    if (!(error instanceof errors/* ActionError */.lZ))
        return false;
    return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}
const outcomeLabels = { timeout: "timed out", none: "other" };
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
async function readFailures(counts, send, runId, signal) {
    const read = (path, query) => send({
        method: "GET",
        path,
        query,
        decode: (json) => (0,lib_json/* asArray */._j)((0,lib_json/* asObject */.eB)(json)["value"]).map((run) => (0,lib_json/* asObject */.eB)(run)),
        operation: "Reading the failed tests",
        timeoutMs: requestLimitMs,
        retryForMs: requestLimitMs,
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

;// CONCATENATED MODULE: ./build/azure-devops/run-resources.js













function createRunResources({ client, send, runUrl }) {
    const { clock, endpoint } = client;
    const sendToResults = (0,api_client/* withPolicies */.b8)((0,api_client/* testResultsClient */.QO)(client));
    const openStream = createOpenTextStream(client);
    return {
        getPastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
        runs: {
            get: async (runId, options, signal) => (await readBuild(send, { runId, runUrl, ...options }, signal)).run,
            getSource: (query, signal) => readRunSource(send, query, signal),
            createPoller: (runId, pipelineId) => createRunPoller(send, runId, runUrl, createRunCheck(send, { project: endpoint.project, pipelineId })),
            cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
            retry: (runId, signal) => retryRun(send, runId, signal),
        },
        runLists: {
            listRecent: (pipelineId, options, signal) => listRecentRuns(send, { pipelineId, runUrl, ...options }, signal),
            listTagged: (pipelineId, tag, signal) => listTaggedRuns(send, { pipelineId, tag, runUrl }, signal),
            getBaseline: (run, options, signal) => readBaseline(send, { run, runUrl, ...options }, signal),
            search: (query, signal) => searchRuns({ send, runUrl, now: clock.now }, query, signal),
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
            getCounts: (query, signal) => readTests({ clock, ...query, send, sendToResults }, signal),
        },
        approvals: { getApprovers: (approvalId, signal) => readApprovers(send, approvalId, signal) },
        download: (ref, options, signal) => downloadArtifact({ client, send }, ref, options, signal),
    };
}


/***/ })

};
;