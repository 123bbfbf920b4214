import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 770:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

module.exports = __nccwpck_require__(218);


/***/ }),

/***/ 218:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var net = __nccwpck_require__(9278);
var tls = __nccwpck_require__(4756);
var http = __nccwpck_require__(8611);
var https = __nccwpck_require__(5692);
var events = __nccwpck_require__(4434);
var assert = __nccwpck_require__(2613);
var util = __nccwpck_require__(9023);


exports.httpOverHttp = httpOverHttp;
exports.httpsOverHttp = httpsOverHttp;
exports.httpOverHttps = httpOverHttps;
exports.httpsOverHttps = httpsOverHttps;


function httpOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  return agent;
}

function httpsOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}

function httpOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  return agent;
}

function httpsOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}


function TunnelingAgent(options) {
  var self = this;
  self.options = options || {};
  self.proxyOptions = self.options.proxy || {};
  self.maxSockets = self.options.maxSockets || http.Agent.defaultMaxSockets;
  self.requests = [];
  self.sockets = [];

  self.on('free', function onFree(socket, host, port, localAddress) {
    var options = toOptions(host, port, localAddress);
    for (var i = 0, len = self.requests.length; i < len; ++i) {
      var pending = self.requests[i];
      if (pending.host === options.host && pending.port === options.port) {
        // Detect the request to connect same origin server,
        // reuse the connection.
        self.requests.splice(i, 1);
        pending.request.onSocket(socket);
        return;
      }
    }
    socket.destroy();
    self.removeSocket(socket);
  });
}
util.inherits(TunnelingAgent, events.EventEmitter);

TunnelingAgent.prototype.addRequest = function addRequest(req, host, port, localAddress) {
  var self = this;
  var options = mergeOptions({request: req}, self.options, toOptions(host, port, localAddress));

  if (self.sockets.length >= this.maxSockets) {
    // We are over limit so we'll add it to the queue.
    self.requests.push(options);
    return;
  }

  // If we are under maxSockets create a new one.
  self.createSocket(options, function(socket) {
    socket.on('free', onFree);
    socket.on('close', onCloseOrRemove);
    socket.on('agentRemove', onCloseOrRemove);
    req.onSocket(socket);

    function onFree() {
      self.emit('free', socket, options);
    }

    function onCloseOrRemove(err) {
      self.removeSocket(socket);
      socket.removeListener('free', onFree);
      socket.removeListener('close', onCloseOrRemove);
      socket.removeListener('agentRemove', onCloseOrRemove);
    }
  });
};

TunnelingAgent.prototype.createSocket = function createSocket(options, cb) {
  var self = this;
  var placeholder = {};
  self.sockets.push(placeholder);

  var connectOptions = mergeOptions({}, self.proxyOptions, {
    method: 'CONNECT',
    path: options.host + ':' + options.port,
    agent: false,
    headers: {
      host: options.host + ':' + options.port
    }
  });
  if (options.localAddress) {
    connectOptions.localAddress = options.localAddress;
  }
  if (connectOptions.proxyAuth) {
    connectOptions.headers = connectOptions.headers || {};
    connectOptions.headers['Proxy-Authorization'] = 'Basic ' +
        new Buffer(connectOptions.proxyAuth).toString('base64');
  }

  debug('making CONNECT request');
  var connectReq = self.request(connectOptions);
  connectReq.useChunkedEncodingByDefault = false; // for v0.6
  connectReq.once('response', onResponse); // for v0.6
  connectReq.once('upgrade', onUpgrade);   // for v0.6
  connectReq.once('connect', onConnect);   // for v0.7 or later
  connectReq.once('error', onError);
  connectReq.end();

  function onResponse(res) {
    // Very hacky. This is necessary to avoid http-parser leaks.
    res.upgrade = true;
  }

  function onUpgrade(res, socket, head) {
    // Hacky.
    process.nextTick(function() {
      onConnect(res, socket, head);
    });
  }

  function onConnect(res, socket, head) {
    connectReq.removeAllListeners();
    socket.removeAllListeners();

    if (res.statusCode !== 200) {
      debug('tunneling socket could not be established, statusCode=%d',
        res.statusCode);
      socket.destroy();
      var error = new Error('tunneling socket could not be established, ' +
        'statusCode=' + res.statusCode);
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    if (head.length > 0) {
      debug('got illegal response body from proxy');
      socket.destroy();
      var error = new Error('got illegal response body from proxy');
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    debug('tunneling connection has established');
    self.sockets[self.sockets.indexOf(placeholder)] = socket;
    return cb(socket);
  }

  function onError(cause) {
    connectReq.removeAllListeners();

    debug('tunneling socket could not be established, cause=%s\n',
          cause.message, cause.stack);
    var error = new Error('tunneling socket could not be established, ' +
                          'cause=' + cause.message);
    error.code = 'ECONNRESET';
    options.request.emit('error', error);
    self.removeSocket(placeholder);
  }
};

TunnelingAgent.prototype.removeSocket = function removeSocket(socket) {
  var pos = this.sockets.indexOf(socket)
  if (pos === -1) {
    return;
  }
  this.sockets.splice(pos, 1);

  var pending = this.requests.shift();
  if (pending) {
    // If we have pending requests and a socket gets closed a new one
    // needs to be created to take over in the pool for the one that closed.
    this.createSocket(pending, function(socket) {
      pending.request.onSocket(socket);
    });
  }
};

function createSecureSocket(options, cb) {
  var self = this;
  TunnelingAgent.prototype.createSocket.call(self, options, function(socket) {
    var hostHeader = options.request.getHeader('host');
    var tlsOptions = mergeOptions({}, self.options, {
      socket: socket,
      servername: hostHeader ? hostHeader.replace(/:.*$/, '') : options.host
    });

    // 0 is dummy port for v0.6
    var secureSocket = tls.connect(0, tlsOptions);
    self.sockets[self.sockets.indexOf(socket)] = secureSocket;
    cb(secureSocket);
  });
}


function toOptions(host, port, localAddress) {
  if (typeof host === 'string') { // since v0.10
    return {
      host: host,
      port: port,
      localAddress: localAddress
    };
  }
  return host; // for v0.11 or later
}

function mergeOptions(target) {
  for (var i = 1, len = arguments.length; i < len; ++i) {
    var overrides = arguments[i];
    if (typeof overrides === 'object') {
      var keys = Object.keys(overrides);
      for (var j = 0, keyLen = keys.length; j < keyLen; ++j) {
        var k = keys[j];
        if (overrides[k] !== undefined) {
          target[k] = overrides[k];
        }
      }
    }
  }
  return target;
}


var debug;
if (process.env.NODE_DEBUG && /\btunnel\b/.test(process.env.NODE_DEBUG)) {
  debug = function() {
    var args = Array.prototype.slice.call(arguments);
    if (typeof args[0] === 'string') {
      args[0] = 'TUNNEL: ' + args[0];
    } else {
      args.unshift('TUNNEL:');
    }
    console.error.apply(console, args);
  }
} else {
  debug = function() {};
}
exports.debug = debug; // for test


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 6466:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 3106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ }),

/***/ 6324:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   HJ: () => (/* binding */ twinsOf),
/* harmony export */   II: () => (/* binding */ oursAmong),
/* harmony export */   Sj: () => (/* binding */ cancelTwins),
/* harmony export */   eu: () => (/* binding */ alikeIn),
/* harmony export */   kW: () => (/* binding */ candidatesOf)
/* harmony export */ });
/* harmony import */ var _core_evidence_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3017);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9473);


/** One look into the service's list. Milliseconds. */
const lookPatienceMs = 60_000;
/** Runs that are, or may be, what this start brought about. */
async function candidatesOf(sought, { pipelines, clock, patience = { patienceMs: lookPatienceMs }, }, signal) {
    const { pipelineId, startedAt } = sought;
    const [recent, evidence] = await Promise.all([
        pipelines.recent(pipelineId, patience, signal),
        withRef(sought, pipelines, signal),
    ]);
    const since = sinceBy(recent, clock.now() - startedAt, startedAt);
    if (!recent.isWhole && recent.candidates.every(({ queuedAt }) => queuedAt >= since))
        throw tooMany(pipelines, pipelineId);
    const moment = { since, me: recent.me };
    return alikeIn(recent.candidates, { evidence, moment });
}
function alikeIn(candidates, yardstick) {
    return candidates.flatMap((candidate) => {
        const likeness = (0,_core_evidence_js__WEBPACK_IMPORTED_MODULE_0__/* .likenessOf */ .mg)(candidate, yardstick.evidence, yardstick.moment);
        return likeness === "other" ? [] : [{ candidate, likeness, yardstick }];
    });
}
/** What the pipeline builds by itself is worth a request only now that it tells runs apart. */
async function withRef({ pipelineId, evidence }, pipelines, signal) {
    if (evidence.ref !== undefined)
        return evidence;
    const built = await pipelines.repository(pipelineId, signal).catch(() => undefined);
    signal.throwIfAborted();
    return { ...evidence, ref: built?.defaultRef };
}
/** The runs of so many requests. None where a doubt remains: any of them may be another's. */
function oursAmong(alike, asks) {
    const isCertain = alike.length <= asks && alike.every(({ likeness }) => likeness === "ours");
    return isCertain ? alike.map(({ candidate }) => candidate) : [];
}
/** When the start went out, by the service's clock, which need not be this machine's. Its `Date` has whole seconds. */
function sinceBy({ serviceTime }, elapsedMs, startedAt) {
    return (serviceTime === undefined ? startedAt : serviceTime - elapsedMs) - 1_000;
}
/** What could be ours may be beyond what the service lists at once. */
function tooMany(pipelines, pipelineId) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ("start-unknown", "More runs were started since then than the service lists at once.", {
        hint: `Look at ${pipelines.pipelineAddress(pipelineId)} before running this step again.`,
    });
}
/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
async function cancelTwins(asked, runId, means, signal) {
    await means.clock.sleep(1_000, signal);
    for (const twin of await twinsOf(asked, runId, means, signal))
        await cancelTwin(twin, means, signal);
}
/** The other runs of a start that had to be asked again, as far as the list shows them. */
async function twinsOf(asked, runId, means, signal) {
    const alike = await candidatesOf(asked, means, signal).catch(() => []);
    signal.throwIfAborted();
    return alike
        .filter(({ candidate, likeness }) => likeness === "ours" && candidate.id !== runId)
        .map(({ candidate }) => candidate);
}
async function cancelTwin({ id, name, url, status }, { pipelines, host }, signal) {
    const said = `An earlier request had started ${name} after all`;
    if (status === "completed")
        return host.write([{ type: "warning", text: `${said}; it is over: ${url}` }]);
    try {
        await pipelines.cancel(id, { patienceMs: 30_000 }, signal);
        host.write([{ type: "text", text: `${said}; it was cancelled: ${url}` }]);
    }
    catch (error) {
        signal.throwIfAborted();
        const why = (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .reasonOf */ .A3)(error);
        host.write([{ type: "warning", text: `${said}, which could not be cancelled (${why}): ${url}` }]);
    }
}


/***/ }),

/***/ 3223:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   n: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9473);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6694);
/* harmony import */ var _render_markdown_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(5120);
/* harmony import */ var _candidates_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(6324);
/* harmony import */ var _owed_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(7265);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(8213);
/* harmony import */ var _within_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(2177);







const atMostMs = 60_000;
/** Within that minute an answer that never comes must not be the only one that was asked for. */
const patience = { patienceMs: 40_000, timeoutMs: 8_000 };
/**
 * The post step: cancels the run where the main step was cut off before it could. Says what happened, and never fails
 * the job: an unclean end has its own colour already.
 */
async function cleanUp(outside) {
    const { host, clock } = outside;
    const phase = (0,_state_js__WEBPACK_IMPORTED_MODULE_4__/* .recallPhase */ .RV)(host);
    if (phase.at === "settled")
        return;
    const isCalledOff = outside.callOff();
    // What it starts in this very moment nobody but itself knows of.
    if (phase.at === "idle")
        return await isCalledOff;
    const failed = (what) => (error) => {
        host.write([{ type: "warning", text: `This step was cut off, and ${what}: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .reasonOf */ .A3)(error)}` }]);
    };
    await (0,_within_js__WEBPACK_IMPORTED_MODULE_5__/* .within */ .ux)(atMostMs, clock, async (limit) => {
        const inputs = await (0,_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .readInputs */ .K)(outside.input);
        const { pipelines } = outside.connect(inputs);
        const where = phase.at === "starting"
            ? pipelines.pipelineAddress(phase.pipelineId)
            : pipelines.webAddress(phase.runId);
        if (mayCancel(phase, inputs.cancelOnAbort)) {
            const stopping = stop(phase, { pipelines, clock, host }, limit);
            await stopping.catch(failed(`its run could not be cancelled (${where})`));
        }
        if (phase.at === "starting" || (0,_state_js__WEBPACK_IMPORTED_MODULE_4__/* .haveSignsEnded */ .NG)(host))
            return;
        const posts = outside.workflow.signposts(inputs, { isOthers: true, isLast: true });
        const ending = takeDown(await posts, phase.runId, { pipelines, host }, limit);
        await ending.catch(failed(`its check run or status may still say that it goes on (${where})`));
    }).catch(failed("nothing could be done about it"));
}
function mayCancel(phase, cancelOnAbort) {
    if (phase.at === "left")
        return false;
    return cancelOnAbort ?? (phase.at === "starting" || phase.isOurs);
}
async function stop(phase, means, signal) {
    if (phase.at === "starting")
        return await stopStart(phase, means, signal);
    const { runId, twins } = phase;
    await stopRun(runId, means, signal);
    if (twins !== undefined)
        await stopTwins(twins, runId, means, signal);
}
async function stopRun(runId, { pipelines, host }, signal) {
    const { status, name, url } = await pipelines.build(runId, patience, signal);
    const isOver = status === "completed";
    if (!isOver && status !== "canceling")
        await pipelines.cancel(runId, patience, signal);
    const text = isOver
        ? `${name} was over when this step was cut off: ${url}`
        : `${name} was cancelled, since this step was cut off: ${url}`;
    host.write([{ type: "text", text }]);
}
/** They were about to be looked for, and the list may lag behind the start of one. */
async function stopTwins(twins, runId, means, signal) {
    const stopped = new Set();
    for (const pauseMs of [0, 1_000, 2_000]) {
        await means.clock.sleep(pauseMs, signal);
        for (const twin of await (0,_candidates_js__WEBPACK_IMPORTED_MODULE_3__/* .twinsOf */ .HJ)(twins, runId, { ...means, patience }, signal)) {
            if (!stopped.has(twin.id))
                await stopOrphan(twin, means, signal);
            stopped.add(twin.id);
        }
        if (stopped.size >= twins.asks - 1)
            return;
    }
}
/**
 * The service's list may lag behind a start that was cut off a moment ago: it is looked at more than once. In a
 * container nobody tells the main step that it is over, and it may ask for its start again for as long as it lives.
 */
async function stopStart(phase, means, signal) {
    const { host, clock } = means;
    const stopped = new Set();
    let alike = [];
    for (const pauseMs of [0, 1_000, 2_000, 6_000, 11_000, 20_000]) {
        await clock.sleep(pauseMs, signal);
        alike = await (0,_candidates_js__WEBPACK_IMPORTED_MODULE_3__/* .candidatesOf */ .kW)(phase, { ...means, patience }, signal);
        const ours = (0,_candidates_js__WEBPACK_IMPORTED_MODULE_3__/* .oursAmong */ .II)(alike, phase.asks);
        for (const run of ours) {
            if (!stopped.has(run.id))
                await stopOrphan(run, means, signal);
            stopped.add(run.id);
        }
        if (stopped.size === phase.asks || (alike.length > 0 && ours.length === 0))
            break;
    }
    if (stopped.size > 0)
        return;
    const list = alike.map(({ candidate }) => candidate.url).join(", ");
    const begun = "This step was cut off while it started a run";
    host.write([
        alike.length === 0
            ? { type: "text", text: `${begun}; none has shown up.` }
            : { type: "warning", text: `${begun}, which may be one of these; none was cancelled: ${list}` },
    ]);
}
async function stopOrphan({ id, name, url, status }, { pipelines, host }, signal) {
    const isOver = status === "completed";
    if (!isOver)
        await pipelines.cancel(id, patience, signal);
    const text = isOver
        ? `${name} was over when this step, which had started it, was cut off: ${url}`
        : `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
    host.write([{ type: "text", text }]);
}
/** A check run that nobody ends would stay open for ever. */
async function takeDown(posts, runId, { pipelines, host }, limit) {
    if (posts.length === 0)
        return;
    const all = [...posts.keys()];
    const owed = (0,_owed_js__WEBPACK_IMPORTED_MODULE_6__/* .recallOwed */ .T)(host) ?? { report: await cutOff(runId, pipelines, limit), posts: all };
    const open = posts.filter((_, place) => owed.posts.includes(place));
    await Promise.all(open.map((post) => post.end(owed.report, limit)));
}
/** What there is to say of a run whose step had no last word. */
async function cutOff(runId, pipelines, signal) {
    const { name, url } = await pipelines.build(runId, { patienceMs: 10_000 }, signal);
    const text = `${name}: the step that followed it was cut off`;
    return {
        kind: "canceled",
        title: text,
        summary: () => (0,_render_markdown_js__WEBPACK_IMPORTED_MODULE_2__/* .escapeMarkdown */ .FV)(text),
        annotations: [],
        runUrl: url,
        runId,
        description: text,
    };
}


/***/ }),

/***/ 1953:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  q: () => (/* binding */ launch)
});

// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9473);
// EXTERNAL MODULE: ./build/inputs/fields.js + 5 modules
var fields = __nccwpck_require__(7688);
// EXTERNAL MODULE: ./build/inputs.js + 1 modules
var build_inputs = __nccwpck_require__(6694);
// EXTERNAL MODULE: ./build/app/candidates.js
var candidates = __nccwpck_require__(6324);
// EXTERNAL MODULE: ./build/app/outputs.js
var app_outputs = __nccwpck_require__(5802);
;// CONCATENATED MODULE: ./build/app/abort.js



const tries = 2;
/** Whoever has seconds left does not rest because the service would have it so. */
const patience = { patienceMs: 5_000, isUrgent: true };
/** What a post step takes to cancel a run, as a rule. */
const postStepMs = 1_500;
/**
 * What can still be done between the signal and the runner's patience: cancels the run, and answers with what became
 * of it, as a sentence. What fails here is left to the post step.
 */
async function abort(aborting, signal) {
    const { phase } = aborting.course;
    if (phase.at === "starting")
        return await abortStart(phase, aborting, signal);
    if (phase.at === "following")
        return await abortRun(phase, aborting, signal);
    return "No run was started.";
}
async function abortRun(phase, aborting, signal) {
    const { course, pipelines } = aborting;
    const { runId, isOurs, twins } = phase;
    const { url = pipelines.webAddress(runId), status = "inProgress" } = course.sight?.run ?? {};
    if (status !== "completed" && !(aborting.cancelOnAbort ?? isOurs)) {
        course.enter({ at: "left", runId });
        return `The run goes on: ${url}`;
    }
    const [end, areTwinsOver] = await Promise.all([
        endOf({ id: runId, url, status }, aborting, signal),
        twins === undefined ? true : abortTwins(twins, runId, aborting, signal),
    ]);
    if (end.isOver && areTwinsOver)
        course.enter({ at: "left", runId });
    return end.said;
}
/** Answers whether all of them were found and are over: else the post step looks again. */
async function abortTwins(twins, runId, aborting, signal) {
    const found = await (0,candidates/* twinsOf */.HJ)(twins, runId, { ...aborting, patience }, signal).catch(() => []);
    const ends = await Promise.all(found.map((twin) => endOf(twin, aborting, signal)));
    return found.length === twins.asks - 1 && ends.every(({ isOver }) => isOver);
}
/** The answer to the start never came: the runs that show up are the ones to cancel. */
async function abortStart(phase, aborting, signal) {
    const { course, cancelOnAbort = true, outputs, pipelines } = aborting;
    const open = `Whether a run was started is not known yet: ${pipelines.pipelineAddress(phase.pipelineId)}`;
    if (!cancelOnAbort)
        return open;
    const means = { pipelines, clock: aborting.clock, patience };
    const alike = await (0,candidates/* candidatesOf */.kW)(phase, means, signal).catch(() => []);
    const ours = (0,candidates/* oursAmong */.II)(alike, phase.asks);
    const [first] = ours;
    if (first === undefined)
        return open;
    outputs.tell((0,app_outputs/* startOutputs */.HK)(first));
    const ends = await Promise.all(ours.map((run) => endOf(run, aborting, signal)));
    // As long as one is missing the post step has to look again.
    if (ours.length === phase.asks) {
        const isOver = ends.every((end) => end.isOver);
        if (isOver)
            course.enter({ at: "left", runId: first.id });
        else if (ours.length === 1)
            course.enter({ at: "following", runId: first.id, isOurs: true });
    }
    return ends.map(({ said }) => said).join(" ");
}
async function endOf({ id, url, status }, aborting, signal) {
    if (status === "completed")
        return { isOver: true, said: `The run was over already: ${url}` };
    if (aborting.isSecond === true && (await isStopped(id, aborting, signal)))
        return { isOver: true, said: `The run was cancelled by the post step: ${url}` };
    const outcome = await cancelTwice(aborting, id, signal);
    if (outcome === "cancelled")
        return { isOver: true, said: `The run was cancelled too: ${url}` };
    if (outcome === "over")
        return { isOver: true, said: `The run was over already: ${url}` };
    return { isOver: false, said: `The run could not be cancelled ${outcome.why}: ${url}` };
}
/** Gives the post step a moment to cancel the run, and looks whether it has. */
async function isStopped(runId, { pipelines, clock }, signal) {
    await clock.sleep(postStepMs, signal).catch(() => undefined);
    const run = await glance(runId, pipelines, signal);
    return run?.status === "canceling" || run?.status === "completed";
}
async function glance(runId, pipelines, signal) {
    return await pipelines.build(runId, { patienceMs: 0, timeoutMs: 1_000 }, signal).catch(() => undefined);
}
async function cancelTwice({ pipelines }, runId, signal) {
    for (let attempt = 1;; attempt += 1) {
        try {
            await pipelines.cancel(runId, { timeoutMs: 2_800, patienceMs: 0 }, signal);
            return "cancelled";
        }
        catch (error) {
            const isRefused = error instanceof errors/* ActionError */.lZ;
            // Refused is also what has ended in the meantime.
            if (isRefused && (await glance(runId, pipelines, signal))?.status === "completed")
                return "over";
            if (attempt < tries && !signal.aborted)
                continue;
            return { why: isRefused ? `(${(0,errors/* reasonOf */.A3)(error)})` : `yet (${(0,errors/* reasonOf */.A3)(error)})` };
        }
    }
}

// EXTERNAL MODULE: ./build/app/state.js
var state = __nccwpck_require__(8213);
;// CONCATENATED MODULE: ./build/app/course.js

function createCourse(host) {
    let phase = { at: "idle" };
    let sight;
    let isTold = false;
    return {
        get phase() {
            return phase;
        },
        get sight() {
            return sight;
        },
        enter: (next) => {
            phase = next;
            (0,state/* rememberPhase */.No)(host, next);
        },
        see: (seen) => {
            sight = seen;
        },
        get isEndTold() {
            return isTold;
        },
        claimEnd: () => {
            const isFirst = !isTold;
            isTold = true;
            return isFirst;
        },
    };
}

// EXTERNAL MODULE: ./build/core/evidence.js
var core_evidence = __nccwpck_require__(3017);
;// CONCATENATED MODULE: ./build/core/rerun-tag.js

/**
 * The tag by which a later attempt of the same workflow run knows this step's run again. What a tag may not hold, or
 * would end it in a list, is replaced; a number made of the whole key keeps two such keys apart.
 */
function rerunTag(workflowRunId, key) {
    const safe = key.replaceAll(/[^\w./-]/g, "_").slice(0, 120);
    const suffix = safe === key ? "" : `:${numberOf(key).toString(36)}`;
    return `${core_evidence/* tagPrefix */.B3}${workflowRunId}:${safe}${suffix}`;
}
/** FNV-1a over the UTF-16 units. */
function numberOf(text) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
    }
    return hash;
}

// EXTERNAL MODULE: ./build/core/document.js
var core_document = __nccwpck_require__(8889);
// EXTERNAL MODULE: ./build/core/tree.js + 2 modules
var tree = __nccwpck_require__(8556);
// EXTERNAL MODULE: ./build/render/bookends.js
var bookends = __nccwpck_require__(930);
// EXTERNAL MODULE: ./build/core/project.js
var core_project = __nccwpck_require__(2591);
;// CONCATENATED MODULE: ./build/app/check-project.js


/** Where `project` and `url` name the project each in its way, what is read anyway says whether they mean the same. */
function checkProject({ place: { statedProject } }, project) {
    if (statedProject === undefined || project === undefined || (0,core_project/* canMean */.G)(statedProject, project))
        return;
    const theirs = [project.name, project.id].filter((name) => name !== null).join(", ");
    throw new errors/* ActionError */.lZ("bad-input", `project: ${statedProject} contradicts the input \`url\`, whose project is ${theirs}.`, { hint: "Correct `project`, or take it out: `url` says it already." });
}

;// CONCATENATED MODULE: ./build/app/attach.js






/** Takes a run that somebody else started: it is only cancelled when the inputs say so in so many words. */
async function attach({ runId, pipelineId }, setting, signal) {
    const run = await setting.means.pipelines.build(runId, { patienceMs: 60_000 }, signal);
    checkProject(setting.inputs, run.project);
    const { id } = run.pipeline;
    if (pipelineId !== undefined && id !== null && id !== pipelineId) {
        throw new errors/* ActionError */.lZ("bad-input", `pipeline-id: run ${runId} is one of pipeline ${id}, not of ${pipelineId}.`, {
            hint: "Correct `run-id` or `pipeline-id`.",
        });
    }
    return await take(run, { setting, verb: "Following", isOurs: false }, signal);
}
/** Says, wherever it matters, which run the step is about from now on. */
async function take(run, { setting: { inputs, means, course }, verb, isOurs }, signal) {
    const { host, outputs, pipelines } = means;
    const { id, url, source, pipeline } = run;
    course.enter({ at: "following", runId: id, isOurs });
    outputs.tell((0,app_outputs/* startOutputs */.HK)({ ...run, commit: source.commit }));
    // A retry has just changed the rest.
    if (!isOurs)
        outputs.tell((0,app_outputs/* lookOutputs */.mi)((0,core_document/* documentOf */.l)(run, (0,tree/* treeOf */.g)(new Map()), null)));
    host.write([
        (0,bookends/* headLine */.jR)({
            organization: inputs.place.organization.name,
            project: inputs.place.project,
            pipeline: pipeline.name ?? "pipeline",
            pipelineId: pipeline.id,
            ...source,
        }),
        (0,bookends/* runLine */.u_)(verb, run),
    ]);
    // Conditions and mappings may ask for it; nothing else does.
    const answer = pipeline.id === null ? undefined : await pipelines.run(pipeline.id, id, signal).catch(() => undefined);
    signal.throwIfAborted();
    const { name, requestedBy } = run;
    const what = { pipelineName: pipeline.name, source, requestedBy };
    return { id, name, url, ...what, raw: answer?.raw ?? null, isOthers: true };
}

// EXTERNAL MODULE: ./build/core/at.js
var at = __nccwpck_require__(2169);
;// CONCATENATED MODULE: ./build/core/default-ref.js
/**
 * Events whose GITHUB_REF and GITHUB_SHA are what the workflow runs for. Under all others (and those GitHub invents
 * tomorrow) they are the default branch, which has nothing to do with the comment, review target or run that came.
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const telling = new Set([
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
/** Whether the workflow has a ref worth handing on: only then is it worth asking what the pipeline builds. */
function canGuess(trigger) {
    const hasRef = trigger.ref.startsWith("refs/") && !/^0+$/.test(trigger.sha);
    return hasRef && telling.has(trigger.event) && trigger.deleted !== true;
}
/** What to build when the workflow does not say. `repo` is undefined while nobody asked what the pipeline builds. */
function default_ref_defaultRef(trigger, repo) {
    if (trigger.repository === "" || (repo !== undefined && !isSame(trigger, repo))) {
        return { kind: "pipeline-default" };
    }
    if (!canGuess(trigger)) {
        const why = `the ref of a workflow under ${trigger.event || "no event"} does not say what triggered it`;
        return {
            kind: "pipeline-default",
            notice: `Building the pipeline's default branch: ${why}. Set the input \`ref\` to build another.`,
        };
    }
    if (repo === undefined)
        return { kind: "pipeline-default" };
    return { kind: "own", ...ownRef(trigger) };
}
function ownRef(trigger) {
    const own = { ref: trigger.ref, commit: commitOf(trigger.sha) };
    const pull = pullRequestEvents.test(trigger.event) ? trigger.pullRequest : undefined;
    // A merged one has no merge ref any more: GitHub names the branch and the commit that it was merged into.
    if (pull === undefined || (pull.merged === true && trigger.ref === `refs/heads/${pull.baseRef}`))
        return own;
    if (sameName(pull.headRepository, trigger.repository)) {
        return { ref: `refs/heads/${pull.headRef}`, commit: commitOf(pull.headSha) };
    }
    // The fork's branch does not exist here, and GITHUB_SHA is on the merge ref only if GITHUB_REF says so.
    const ref = `refs/pull/${pull.number}/merge`;
    return { ref, commit: trigger.ref === ref ? own.commit : undefined };
}
function isSame(trigger, repo) {
    if (repo.kind === "other" || !sameName(repo.fullName, trigger.repository))
        return false;
    const server = URL.parse(trigger.serverUrl)?.host ?? "github.com";
    if (repo.host !== undefined)
        return repo.host.toLowerCase() === server;
    // Unsaid, a GitHub repository is on github.com, and one of GitHub Enterprise anywhere but there.
    return (repo.kind === "github") === (server === "github.com");
}
function sameName(a, b) {
    return a?.toLowerCase() === b.toLowerCase();
}
function commitOf(sha) {
    return /^(?!0+$)[0-9a-f]{40,64}$/i.test(sha) ? sha : undefined;
}

// EXTERNAL MODULE: ./build/core/merge.js
var merge = __nccwpck_require__(4194);
;// CONCATENATED MODULE: ./build/core/request.js

/**
 * The body of the start: what was not asked for is absent, so that the pipeline's own defaults hold.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
function requestBody(wanted) {
    const { ref, commit, parameters, stagesToSkip = [], resources = {}, requestBody: rest = {} } = wanted;
    const self = {
        ...(ref !== undefined && { refName: ref }),
        ...(commit !== undefined && { version: commit }),
    };
    const own = isEmpty(self) ? {} : { repositories: { self } };
    const merged = (0,merge/* deepMerge */.$)(own, resources);
    const variables = { ...valuesOf(wanted.variables, false), ...valuesOf(wanted.secretVariables, true) };
    const body = {
        ...(stagesToSkip.length > 0 && { stagesToSkip }),
        ...(!isEmpty(merged) && { resources: merged }),
        ...(parameters !== undefined && { templateParameters: parameters }),
        ...(!isEmpty(variables) && { variables }),
    };
    return withTextVersions((0,merge/* deepMerge */.$)(body, rest));
}
/** A resource's version is a text, even where it looks like a number: 20240101.1. */
function withTextVersions(body) {
    const { resources } = body;
    if (!(0,merge/* isJsonObject */.O)(resources))
        return body;
    const kinds = mapped(resources, (aliases) => mapped(aliases, textVersion));
    return { ...body, resources: kinds };
}
function textVersion(resource) {
    if (!(0,merge/* isJsonObject */.O)(resource) || typeof resource["version"] !== "number")
        return resource;
    return { ...resource, version: String(resource["version"]) };
}
function mapped(value, change) {
    if (!(0,merge/* isJsonObject */.O)(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
}
function valuesOf(variables = {}, isSecret) {
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value, isSecret }]));
}
function isEmpty(object) {
    return Object.keys(object).length === 0;
}

;// CONCATENATED MODULE: ./build/app/start-errors.js

/** A run may have started, and nobody can tell which. */
function undecided({ pipelineId }, error, { pipelines, alike = [], cause = error }) {
    const list = alike.map(({ name, url }) => `${name}: ${url}`).join("\n");
    const why = alike.length > 0 ? `It may be one of these:\n${list}` : "Looking for it failed too.";
    return new errors/* ActionError */.lZ("start-unknown", `Whether a run has started is unknown (${error.message}). ${why}`, {
        hint: `Look at ${pipelines.pipelineAddress(pipelineId)} before running this step again.`,
        cause,
    });
}
/** Every request was lost, and none has left a run. */
function unreachable({ pipelineId }, error, { means: { pipelines }, asks }) {
    return new errors/* ActionError */.lZ("unreachable", `The run could not be started in ${asks} tries: ${error.message}.`, {
        hint: `Check that Azure DevOps is reachable from this runner. No run was found at ${pipelines.pipelineAddress(pipelineId)}.`,
        cause: error,
    });
}
/** The service wants more rest than a step can give it. */
function busy(error) {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
    const demand = seconds === 0 ? "" : `; the service wants another ${seconds} s of rest`;
    return new errors/* ActionError */.lZ("busy", `The run could not be started: ${error.message}${demand}.`, {
        hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
        cause: error,
    });
}
/** A refusal, after a request whose answer was lost: its run may yet show up. */
function leftOpen({ pipelineId }, { code, message, hint, cause }, { pipelines }) {
    const doubt = `An earlier request may have started a run all the same: look at ${pipelines.pipelineAddress(pipelineId)}.`;
    return new errors/* ActionError */.lZ(code, message, { hint: [hint, doubt].filter(Boolean).join("\n"), cause });
}

// EXTERNAL MODULE: ./build/app/within.js
var within = __nccwpck_require__(2177);
;// CONCATENATED MODULE: ./build/app/start.js





/** After an open answer the service's list is looked at this long after it, since it may lag. */
const looksAfterMs = [1_000, 3_000, 9_000];
const asksAtMost = 3;
/** How long the service may have its rest, in all. */
const restAtMostMs = 5 * 60_000;
/** How long after the signal a request that is on its way may still be answered. */
const graceMs = 2_500;
/**
 * Starts a run exactly once. A definite refusal is thrown; an answer that leaves it open is never followed by a second
 * request before the service's list has been looked at for a run that can only be ours. Once the signal has come
 * nothing is asked for any more; only a request that is on its way has a moment for its answer.
 */
async function startOnce(start, means, signal) {
    const { clock } = means;
    const asking = createAsking(means);
    const once = (run) => ({ run, startedAt: asking.startedAt, asks: asking.asks });
    for (let count = 1;; count += 1) {
        const outcome = await askUntilHeard(start, { means, asking }, signal).catch(async (error) => {
            if (!(error instanceof errors/* ActionError */.lZ))
                throw error;
            asking.rest();
            if (asking.asks === 0)
                throw error;
            // Refused now, and yet an earlier request may have been heard.
            return { kind: "started", run: await foundAfterAll(start, { means, asking, error }, signal) };
        });
        if (outcome.kind === "started")
            return once(outcome.run);
        const { error } = outcome;
        if (error.unsent) {
            asking.rest();
        }
        else {
            asking.leaveOpen();
            say(means, `The answer to the start was lost (${error.message}). Looking for the run before asking again.`);
            const found = await lookFor(start, { means, asking, error }, signal);
            if (found !== undefined)
                return once(await adopted(start, found, means, signal));
        }
        if (count === asksAtMost)
            throw unreachable(start, error, { means, asks: asksAtMost });
        if (error.unsent)
            await clock.sleep(1_000 * 2 ** (count - 1), signal);
        say(means, `No run has started (${error.message}). Asking again.`);
    }
}
function createAsking({ clock, onAsk, onRest }) {
    let startedAt = 0;
    let asks = 0;
    const count = () => {
        asks += 1;
    };
    return {
        get startedAt() {
            return startedAt;
        },
        get asks() {
            return asks;
        },
        begin: () => {
            // What was refused for certain leaves nothing behind: only from an open request on can a run be ours.
            if (asks === 0)
                startedAt = clock.now();
            onAsk?.(startedAt, asks + 1);
        },
        rest: () => {
            if (asks === 0)
                onRest?.();
        },
        leaveOpen: count,
        settle: count,
    };
}
/** One start; being throttled is a definite no, and the same start is asked for again once the service has had its rest. */
async function askUntilHeard(start, { means, asking }, signal) {
    const { clock } = means;
    let refusedAt;
    for (let refusals = 0;; refusals += 1) {
        try {
            const run = await askOnce(start, { means, asking }, signal);
            asking.settle();
            return { kind: "started", run };
        }
        catch (error) {
            if (!(error instanceof errors/* PassingError */.aB))
                throw error;
            if (!error.throttled)
                return { kind: "open", error };
            asking.rest();
            refusedAt ??= clock.now();
            // A rest of no time, or one that is over already, is none.
            const pause = error.retryAfterMs || Math.min(1_000 * 2 ** refusals, 30_000);
            if (clock.now() + pause - refusedAt > restAtMostMs)
                throw busy(error);
            say(means, `Azure DevOps is throttling this identity. Starting again in ${Math.ceil(pause / 1_000)} s.`);
            await clock.sleep(pause, signal);
        }
    }
}
function askOnce({ pipelineId, body }, { means: { pipelines, clock }, asking }, signal) {
    return (0,within/* withGrace */.pj)({ ms: graceMs, clock, signal }, (late) => {
        const onSend = () => {
            asking.begin();
            return late;
        };
        return pipelines.start(pipelineId, { body, onSend }, signal);
    });
}
/** Looks for the run of a start whose answer was lost. Throws where it could be any of several. */
async function lookFor(start, { means, asking, error }, signal) {
    const { clock, pipelines } = means;
    const lostAt = clock.now();
    const wishMs = Math.min(error.retryAfterMs ?? 0, restAtMostMs);
    for (const after of looksAfterMs) {
        await clock.sleep(Math.max(0, lostAt + Math.max(after, wishMs) - clock.now()), signal);
        const isLast = after === looksAfterMs.at(-1);
        const found = await (0,candidates/* candidatesOf */.kW)(soughtBy(start, asking), means, signal).catch((cause) => {
            if (cause instanceof errors/* ActionError */.lZ)
                throw undecided(start, error, { pipelines, cause });
            throw cause;
        });
        const alike = isLast ? await clarified(start, found, means, signal) : found;
        const ours = (0,candidates/* oursAmong */.II)(alike, asking.asks);
        if (ours.length > 0)
            return ours[0];
        // One that lacks nothing but certainty may get it at the next look.
        if (alike.length === 0 || (alike.length === 1 && !isLast))
            continue;
        throw undecided(start, error, { pipelines, alike: alike.map(({ candidate }) => candidate) });
    }
    return undefined;
}
/** The list may say less of a run than the run itself: a lone doubt is worth asking. */
async function clarified(start, alike, { pipelines }, signal) {
    const [only, another] = alike;
    if (only === undefined || another !== undefined || only.likeness === "ours")
        return alike;
    const run = await pipelines.run(start.pipelineId, only.candidate.id, signal).catch(() => undefined);
    signal.throwIfAborted();
    return run === undefined ? alike : (0,candidates/* alikeIn */.eu)([(0,core_evidence/* enriched */.Z8)(only.candidate, run.raw)], only.yardstick);
}
/** The run of an earlier request, which shows up after a later one was refused. */
async function foundAfterAll(start, { means, asking, error }, signal) {
    const { clock } = means;
    const refusedAt = clock.now();
    for (const after of looksAfterMs) {
        await clock.sleep(Math.max(0, refusedAt + after - clock.now()), signal);
        const alike = await (0,candidates/* candidatesOf */.kW)(soughtBy(start, asking), means, signal).catch(() => []);
        signal.throwIfAborted();
        const [found] = (0,candidates/* oursAmong */.II)(alike, asking.asks);
        if (found !== undefined)
            return await adopted(start, found, means, signal);
    }
    throw leftOpen(start, error, means);
}
function soughtBy({ pipelineId, evidence }, { startedAt }) {
    return { pipelineId, evidence, startedAt };
}
async function adopted(start, { id, name, url, ref, commit }, means, signal) {
    say(means, `Found it: the request had started ${name}.`);
    const plain = { id, name, url, pipelineName: null, ref, commit, raw: null };
    return await means.pipelines.run(start.pipelineId, id, signal).catch(() => plain);
}
function say({ host }, text) {
    host.write([{ type: "text", text }]);
}

;// CONCATENATED MODULE: ./build/app/begin.js









/** Finds the pipeline and decides what it builds: no request where both are given. */
async function prepare(inputs, pipeline, { means, trigger }, signal) {
    const { pipelines, host } = means;
    const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
    let pipelineName = pipeline.by === "name" ? pipeline.name : null;
    let { ref, commit } = inputs;
    let defaultRef;
    if (ref === undefined && !choosesSource(inputs)) {
        const cause = await trigger();
        const built = canGuess(cause) ? await pipelines.repository(pipelineId, signal) : undefined;
        checkProject(inputs, built?.project);
        const chosen = default_ref_defaultRef(cause, built?.repository);
        pipelineName ??= built?.name ?? null;
        defaultRef = built?.defaultRef;
        if (chosen.kind === "own") {
            ref = chosen.ref;
            commit ??= chosen.commit;
        }
        else if (chosen.notice !== undefined) {
            host.write([{ type: "notice", text: chosen.notice }]);
        }
    }
    const source = { ref: ref ?? null, commit: commit ?? null };
    return { pipelineId, pipelineName, defaultRef, source, body: requestBody({ ...inputs, ref, commit }) };
}
/** Whether `resources` or `request-body` say what is to be built: then nothing is guessed. */
function choosesSource({ resources, requestBody }) {
    const selves = [(0,at.at)(resources, "repositories"), (0,at.at)(requestBody, "resources", "repositories")];
    return selves.some(({ self }) => self !== undefined);
}
/** Starts the run, and says so wherever it matters before anything else can happen. */
async function begin(prepared, { inputs, means, course }, signal) {
    const { host, outputs, pipelines } = means;
    const { pipelineId, body, defaultRef, tag = null } = prepared;
    const evidence = (0,core_evidence/* evidenceOf */.X1)({ pipelineId, body, tag, defaultRef });
    const onAsk = (startedAt, asks) => course.enter({ at: "starting", pipelineId, startedAt, asks, evidence });
    const onRest = () => course.enter({ at: "idle" });
    const { run, startedAt, asks } = await startOnce({ pipelineId, body, evidence }, { ...means, onAsk, onRest }, signal);
    const following = { at: "following", runId: run.id, isOurs: true };
    const twins = asks > 1 ? { pipelineId, startedAt, asks, evidence } : undefined;
    course.enter({ ...following, ...(twins && { twins }) });
    const url = run.url ?? pipelines.webAddress(run.id);
    const { ref, commit } = run;
    const pipelineName = run.pipelineName ?? prepared.pipelineName;
    outputs.tell((0,app_outputs/* startOutputs */.HK)({ ...run, url }));
    host.write([
        (0,bookends/* headLine */.jR)({
            organization: inputs.place.organization.name,
            project: inputs.place.project,
            pipeline: pipelineName ?? "pipeline",
            pipelineId,
            ref,
            commit,
        }),
        (0,bookends/* runLine */.u_)("Started", { name: run.name, url }),
    ]);
    if (twins !== undefined) {
        await (0,candidates/* cancelTwins */.Sj)(twins, run.id, means, signal);
        course.enter(following);
    }
    const what = { pipelineName, source: { ref, commit }, requestedBy: null };
    return { id: run.id, name: run.name, url, ...what, raw: run.raw, isOthers: false };
}

// EXTERNAL MODULE: ./build/core/expression.js + 1 modules
var expression = __nccwpck_require__(5442);
;// CONCATENATED MODULE: ./build/app/rerun.js







/**
 * Finds the run that an earlier attempt of this step started, and goes on with it: follows it if it is under way or
 * has succeeded, and retries what failed if that is wanted. Answers nothing where a new run is needed, having said why.
 */
async function resume({ pipelineId, tag }, setting, signal) {
    const { means, inputs } = setting;
    const runs = await means.pipelines.tagged(pipelineId, tag, signal);
    // The filter of an older server may pass over tags.
    const run = runs.find(({ tags }) => tags.includes(tag));
    const say = (type, text) => means.host.write([{ type, text }]);
    if (run === undefined) {
        say("text", "No earlier attempt of this step has left a run. Starting a new one.");
        return undefined;
    }
    checkProject(inputs, run.project);
    // Whatever becomes of the retry: it is about this run.
    means.outputs.tell((0,app_outputs/* startOutputs */.HK)({ ...run, commit: run.source.commit }));
    const hasEndedBadly = run.status === "completed" && run.result !== "succeeded";
    if (hasEndedBadly && inputs.onRerun === "retry-failed") {
        const outcome = await retried(run.id, setting, signal);
        if (outcome.kind === "refused") {
            say("warning", `${run.name} of an earlier attempt cannot be retried. ${outcome.why} Starting a new run.`);
            means.outputs.tell(app_outputs/* noRun */.jC);
            return undefined;
        }
        if (outcome.kind === "retried") {
            for (const { stage, refusal } of outcome.refused) {
                say("warning", `Stage ${stage} was not retried. ${refusal.message}`);
            }
            const taken = await take(run, { setting, verb: "Retrying what failed in", isOurs: true }, signal);
            return { ...taken, retriedAfter: outcome.before };
        }
    }
    return await take(run, { setting, verb: "Following, from an earlier attempt,", isOurs: false }, signal);
}
/** Asks for each failed stage again. Refused is only what the service refuses altogether. */
async function retried(runId, setting, signal) {
    const { means, inputs, course } = setting;
    const { pipelines } = means;
    const see = pipelines.looker(runId);
    const look = () => see({ patienceMs: 60_000, thorough: true }, signal);
    const before = await orRefusal(look, signal);
    if (before instanceof errors/* ActionError */.lZ)
        return { kind: "refused", why: before.message };
    if (isFineAsItIs(before, inputs))
        return { kind: "needless" };
    // From the first request on there may be something to cancel.
    course.enter({ at: "following", runId, isOurs: true });
    const { refused, isAny } = await retryFailed(before, pipelines, signal);
    const [first] = refused;
    if (first === undefined)
        return { kind: "retried", before: before.run, refused };
    const now = await orRefusal(look, signal);
    if (isAny || hasMovedOn(before, now)) {
        return { kind: "retried", before: before.run, refused: stillFailed(refused, now) };
    }
    course.enter({ at: "idle" });
    return { kind: "refused", why: first.refusal.message };
}
/** Under way again by now; or partially successful where that will do: nothing has failed in such a run. */
function isFineAsItIs({ run, records }, { successWhen }) {
    if (run.status !== "completed")
        return true;
    return (run.result === "partiallySucceeded" && (0,expression/* judge */.S4)(successWhen, (0,core_document/* documentOf */.l)(run, (0,tree/* treeOf */.g)(records), null)).holds);
}
async function retryFailed({ run, records }, pipelines, signal) {
    const stages = failedStages(records);
    const refused = [];
    for (const stage of stages) {
        const refusal = await orRefusal(() => pipelines.retryStage(run.id, stage, signal), signal);
        if (refusal !== undefined)
            refused.push({ stage, refusal });
    }
    const isUnknown = refused.length === stages.length && refused.every(({ refusal }) => refusal.code === "not-found");
    if (!isUnknown)
        return { refused, isAny: refused.length < stages.length };
    // Without stages, or on a server that has no address for them, the run is retried as a whole.
    const refusal = await orRefusal(() => pipelines.retryRun(run.id, signal), signal);
    return refusal === undefined
        ? { refused: [], isAny: true }
        : { refused: [{ stage: run.name, refusal }], isAny: false };
}
/** An answer may have been lost, or somebody else been quicker: the service refuses what is under way already. */
function hasMovedOn(before, now) {
    if (now instanceof errors/* ActionError */.lZ)
        return false;
    return now.run.status !== "completed" || now.run.finishedAt !== before.run.finishedAt;
}
function stillFailed(refused, now) {
    if (now instanceof errors/* ActionError */.lZ)
        return refused;
    const failed = failedStages(now.records);
    return refused.filter(({ stage }) => failed.includes(stage));
}
/** What the service refuses, as a value. Whatever else goes wrong ends the step: a new run would do all of it again. */
async function orRefusal(work, signal) {
    try {
        return await work();
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof errors/* ActionError */.lZ && (error.code === "rejected" || error.code === "not-found"))
            return error;
        throw error;
    }
}
/** None for a classic run: its one stage is none that the service would know. */
function failedStages(records) {
    const hasStages = [...records.values()].some(({ type }) => type === "Stage");
    const stages = hasStages ? (0,tree/* treeOf */.g)(records).stages : [];
    return stages.filter(hasFailed).map(({ name }) => name);
}
function hasFailed({ result, jobs }) {
    return (result === "failed" ||
        result === "canceled" ||
        result === "abandoned" ||
        jobs.some((job) => job.result === "failed"));
}

;// CONCATENATED MODULE: ./build/app/play.js






/** The use case from end to end: gets hold of a run, follows it, and ends as it ended. */
async function play(playing, signal) {
    const { host, signIn } = playing.means;
    await signIn.authorization(signal);
    if (signIn.description !== undefined)
        host.write([{ type: "text", text: signIn.description }]);
    const held = await hold(playing, signal);
    if (held === undefined)
        return "succeeded";
    // The wait does not wait for them.
    const tagged = putTags(held, playing.means, signal);
    tagged.catch(() => undefined);
    // What is only needed from here on is loaded from here on: the start comes first.
    const { accompany } = await Promise.all(/* import() */[__nccwpck_require__.e(335), __nccwpck_require__.e(712)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7712));
    const verdict = await accompany(held.run, playing, signal);
    await tagged;
    return verdict;
}
/** The run that the step is about: started, found again, or somebody else's. None after a preview. */
async function hold(playing, signal) {
    const { target, tags = [] } = playing.inputs;
    if (target.kind === "start")
        return await start(target.pipeline, playing, signal);
    return { run: await attach(target, playing, signal), tags };
}
async function start(pipeline, playing, signal) {
    const { inputs, means, course, workflow } = playing;
    const tag = inputs.onRerun === "new" ? null : rerunTag(workflow.runId, inputs.rerunKey ?? workflow.stepKey);
    const prepared = await prepare(inputs, pipeline, { means, trigger: workflow.trigger }, signal);
    const { pipelineId } = prepared;
    if (inputs.preview) {
        const { preview } = await Promise.all(/* import() */[__nccwpck_require__.e(335), __nccwpck_require__.e(568)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8568));
        await preview(prepared, playing, signal);
        return undefined;
    }
    if (tag !== null && workflow.attempt > 1) {
        const earlier = await resume({ pipelineId, tag }, playing, signal);
        if (earlier !== undefined)
            return { run: earlier, tags: [] };
    }
    const run = await begin({ ...prepared, tag }, { inputs, means, course }, signal);
    signal.throwIfAborted();
    return { run, tags: [...(inputs.tags ?? []), ...(tag === null ? [] : [tag])] };
}
async function putTags({ run, tags }, { pipelines, host }, signal) {
    if (tags.length === 0)
        return;
    try {
        await pipelines.tag(run.id, tags, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        const isRecalled = tags.some((tag) => tag.startsWith(core_evidence/* tagPrefix */.B3));
        const loss = isRecalled ? " A re-run of this job will not find this run." : "";
        host.write([{ type: "warning", text: `The run bears no tags. ${(0,errors/* reasonOf */.A3)(error)}${loss}` }]);
    }
}

// EXTERNAL MODULE: ./build/inputs/where.js
var where = __nccwpck_require__(4639);
;// CONCATENATED MODULE: ./build/app/bug-report.js


/** What may be a mistake of the action's own, and not of whoever set it up. */
const reportable = ["unexpected-response", "start-unknown", "internal"];
/** Their defaults are GitHub's to evaluate, so they are always given. */
const givenByGitHub = ["rerun-key", "github-token"];
/** What somebody who looks into an error asks first, folded: no value of an input, no name and no address is in it. */
function bugReport(code, { surroundings, input, inputs }) {
    const facts = [
        ["error-code", code],
        ...surroundings,
        ...(inputs === undefined ? [] : factsOf(inputs)),
        ["inputs", namesOfGiven(input).join(", ")],
    ];
    return [
        { type: "group", title: "For a report of this error" },
        ...facts.map(([name, value]) => ({ type: "text", text: `${name}: ${value}` })),
        { type: "end-group" },
    ];
}
function factsOf({ place, apiVersion, way }) {
    const service = (0,where/* isService */.kd)(place.organization) ? "Services" : "Server";
    return [
        ["Azure DevOps", `${service}, api-version ${apiVersion}`],
        ["sign-in", way.kind],
    ];
}
function namesOfGiven(input) {
    const rows = Object.values(fields/* fields */.OA);
    return rows.flatMap(({ name, fallback = "" }) => {
        const given = input(name).trim();
        return given === "" || given === fallback || givenByGitHub.includes(name) ? [] : [name];
    });
}

;// CONCATENATED MODULE: ./build/app/report.js


/** One failure is one error; its causes are for whoever debugs, and its circumstances for whoever reports it. */
function report(error, { host, outputs, aboutRun, circumstances }) {
    const known = error instanceof errors/* ActionError */.lZ ? error : undefined;
    const code = known?.code ?? "internal";
    outputs.tell({ "error-code": code });
    const parts = known === undefined ? [unexpected(error)] : [known.message, known.hint];
    const text = [...parts, aboutRun].filter(Boolean).join("\n");
    host.write([
        ...(reportable.includes(code) ? bugReport(code, circumstances()) : []),
        ...stacksOf(error).map((stack) => ({ type: "debug", text: stack })),
        { type: "error", text },
    ]);
}
function unexpected(error) {
    return `The action itself failed: ${(0,errors/* reasonOf */.A3)(error)}\nRun the job again with debug logging, and report what it says, with "For a report of this error" above.`;
}
function stacksOf(error) {
    if (!(error instanceof Error))
        return [String(error)];
    const own = error.stack ?? error.message;
    return error.cause === undefined ? [own] : [own, ...stacksOf(error.cause)];
}

;// CONCATENATED MODULE: ./build/app/launch.js









/** From the first signal to the last word. The runner kills ten seconds after it. */
const abortAtMostMs = 5_800;
/** Runs the action and answers with its exit code. The only place that catches. */
async function launch(outside) {
    const { host, clock, signal, workflow } = outside;
    const course = createCourse(host);
    const abortedAt = momentOf(signal, clock);
    const outputs = (0,app_outputs/* createOutputs */.lk)(host);
    let cast;
    let scene;
    const circumstances = () => ({ ...outside, surroundings: outside.surroundings(), inputs: cast?.inputs });
    try {
        for (const name of fields/* secretInputs */._y)
            host.mask(outside.input(name));
        const inputs = await (0,build_inputs/* readInputs */.K)(outside.input);
        for (const secret of Object.values(inputs.secretVariables ?? {}))
            host.mask(secret);
        const means = { host, clock, outputs, ...outside.connect(inputs) };
        cast = { inputs, means };
        const onScene = (entered) => {
            scene = entered;
        };
        const verdict = await play({ inputs, means, course, workflow, onScene }, signal);
        settle(course, scene);
        return verdict === "failed" ? 1 : 0;
    }
    catch (error) {
        if (signal.aborted) {
            const becameOfRun = cast === undefined
                ? "No run was started."
                : await interrupted({ ...cast, course, scene, isSecond: signal.reason === errors/* calledOff */.RM }, leftMs(clock, abortedAt()));
            const cancelled = new errors/* ActionError */.lZ("canceled", `The job was cancelled. ${becameOfRun}`);
            report(cancelled, { host, outputs, circumstances });
        }
        else {
            const aboutRun = leftAlone(error, course, cast?.means);
            await ended(error, { course, scene }, signal);
            report(error, { host, outputs, aboutRun, circumstances });
        }
        return 1;
    }
}
/** What can be done before the runner kills: the run first, then what tells of it. */
async function interrupted({ inputs, means, course, scene, isSecond }, ms) {
    const { phase } = course;
    const isLeftAlone = phase.at === "following" && !(inputs.cancelOnAbort ?? phase.isOurs);
    return await (0,within/* within */.ux)(ms, means.clock, async (limit) => {
        const becameOfRun = await abort({ ...means, course, cancelOnAbort: inputs.cancelOnAbort, isSecond }, limit).catch((error) => `What became of the run is not known (${(0,errors/* reasonOf */.A3)(error)}).`);
        const goesOn = isLeftAlone || course.phase.at === "following";
        // The summary has the address already.
        const fate = { text: becameOfRun.replace(`: ${course.sight?.run.url}`, "."), goesOn };
        await leaveWord({ kind: "canceled", text: "the job was cancelled", fate }, { course, scene }, limit);
        return becameOfRun;
    });
}
/** When the signal came, once it has. */
function momentOf(signal, clock) {
    let moment;
    signal.addEventListener("abort", () => {
        moment = clock.now();
    });
    return () => moment;
}
function leftMs(clock, abortedAt = clock.now()) {
    return Math.max(0, abortAtMostMs - (clock.now() - abortedAt));
}
/** Whoever reads only the error should know where the run is, and whether it goes on. */
function leftAlone(error, { phase, sight }, means) {
    if (phase.at !== "following" || means === undefined)
        return undefined;
    const url = sight?.run.url ?? means.pipelines.webAddress(phase.runId);
    // The same run has an address with the project's name and one with its GUID.
    const isNamed = error instanceof Error && [url, `buildId=${phase.runId}`].some((known) => error.message.includes(known));
    if (isNamed)
        return undefined;
    return sight?.run.status === "completed" ? `The run is over: ${url}` : `The run was left alone: ${url}`;
}
/** An end of the action's own, however bad: the run is left alone. */
async function ended(error, { course, scene }, signal) {
    const { phase } = course;
    if (phase.at === "following")
        course.enter({ at: "left", runId: phase.runId });
    // What ended as planned has said all this itself.
    if (!(error instanceof errors/* ActionError */.lZ && error.code === "timeout")) {
        const text = error instanceof errors/* ActionError */.lZ ? error.code : "internal";
        await leaveWord({ kind: "error", text: `the action gave up (${text})` }, { course, scene }, signal);
    }
    settle(course, scene);
}
/** Nothing is left for the post step, unless a sign has not had its last word. */
function settle(course, scene) {
    const { phase } = course;
    const isOwed = scene?.signs.areOwed() === true && "runId" in phase;
    course.enter(isOwed ? { at: "left", runId: phase.runId } : { at: "settled" });
}
/** Outputs, summary and signs of a run whose end the step did not see. Without a scene there is nobody to tell. */
async function leaveWord(verdict, { course, scene }, signal) {
    if (scene === undefined)
        return;
    try {
        const { lastWords } = await Promise.all(/* import() */[__nccwpck_require__.e(335), __nccwpck_require__.e(858)]).then(__nccwpck_require__.bind(__nccwpck_require__, 4858));
        await lastWords(verdict, { sight: course.sight, scene }, signal);
    }
    catch (error) {
        scene.means.host.write([
            { type: "warning", text: `Not all could be told of the run: ${(0,errors/* reasonOf */.A3)(error)}` },
        ]);
    }
}


/***/ }),

/***/ 5802:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   FY: () => (/* binding */ tellAll),
/* harmony export */   HK: () => (/* binding */ startOutputs),
/* harmony export */   UG: () => (/* binding */ createLookTeller),
/* harmony export */   jC: () => (/* binding */ noRun),
/* harmony export */   lk: () => (/* binding */ createOutputs),
/* harmony export */   mi: () => (/* binding */ lookOutputs)
/* harmony export */ });
/* harmony import */ var _core_values_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8882);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9473);


function createOutputs(host) {
    const written = new Map();
    return {
        tell: (values) => {
            const texts = Object.entries(values).map(([name, value]) => [name, (0,_core_values_js__WEBPACK_IMPORTED_MODULE_0__/* .outputText */ .jO)(value)]);
            const news = texts.filter(([name, text]) => written.get(name) !== text);
            for (const [name, text] of news) {
                written.set(name, text);
                host.output(name, text);
            }
            return news.length > 0;
        },
    };
}
function startOutputs({ id, name, url, commit, }) {
    return { "run-id": id, "run-name": name, "run-url": url, ...(commit !== null && { commit }) };
}
/** Takes back what was told of a run that the step is not about after all. */
const noRun = { "run-id": "", "run-name": "", "run-url": "", commit: "" };
/** What changes from look to look, and is small. */
function lookOutputs(document) {
    return {
        "run-id": document.id,
        "run-name": document.name,
        "run-url": document.url,
        status: document.status,
        result: document.result,
        commit: document.source.commit,
        "queue-seconds": document.queueSeconds,
        "run-seconds": document.runSeconds,
    };
}
const firstPauseMs = 30_000;
const longestPauseMs = 10 * 60_000;
/**
 * Tells what a look has shown, at every look: a step that is killed leaves it behind. What can be large is told at the
 * first look and then ever more seldom, since each time adds to the job's file.
 */
function createLookTeller(outputs, mapOutputs, clock) {
    let dueAt = clock.now();
    let pauseMs = firstPauseMs;
    return (document) => {
        outputs.tell(lookOutputs(document));
        if (clock.now() < dueAt)
            return;
        const { values } = mapped(mapOutputs, document);
        if (!outputs.tell({ ...largeOutputs(document), ...values }))
            return;
        dueAt = clock.now() + pauseMs;
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    };
}
/** Tells all that can be had of a run by now, and warns of each mapped output that cannot. */
function tellAll(document, { inputs, means: { outputs, host } }) {
    const { values, problems } = mapped(inputs.mapOutputs, document);
    const blanks = Object.fromEntries(problems.map(({ name }) => [name, ""]));
    outputs.tell({ ...lookOutputs(document), ...largeOutputs(document), ...values, ...blanks });
    host.write(problems.map(({ name, why }) => ({
        type: "warning",
        text: `map-outputs: ${name} could not be evaluated: ${why}`,
    })));
}
function largeOutputs(document) {
    return { stages: document.stages, run: document };
}
function mapped(mapOutputs, document) {
    const values = [];
    const problems = [];
    for (const { name, valueIn } of mapOutputs) {
        try {
            values.push([name, valueIn(document)]);
        }
        catch (error) {
            problems.push({ name, why: (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .reasonOf */ .A3)(error) });
        }
    }
    return { values: Object.fromEntries(values), problems };
}


/***/ }),

/***/ 7265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ recallOwed),
/* harmony export */   V: () => (/* binding */ rememberOwed)
/* harmony export */ });
const key = "owed";
/** The step's state travels in the environment. */
const summaryBytes = 4_000;
/** Hidden here: the post step does not know all that was masked. */
function rememberOwed(host, { report, posts }) {
    const kept = {
        ...report,
        title: host.hide(report.title),
        summary: host.hide(report.summary(summaryBytes)),
        description: host.hide(report.description),
        annotations: [],
    };
    host.remember(key, JSON.stringify({ report: kept, posts }));
}
/** Only this action writes its state, so what cannot be read is a state of no use. */
function recallOwed(host) {
    try {
        const { report, posts } = JSON.parse(host.recall(key));
        return { report: { ...report, summary: () => report.summary }, posts };
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 8213:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   NG: () => (/* binding */ haveSignsEnded),
/* harmony export */   No: () => (/* binding */ rememberPhase),
/* harmony export */   RV: () => (/* binding */ recallPhase),
/* harmony export */   kP: () => (/* binding */ rememberSignsEnded)
/* harmony export */ });
const key = "phase";
function rememberPhase(host, phase) {
    host.remember(key, JSON.stringify(phase));
}
/** Only this action writes its state, so what cannot be read is a state of no use. */
function recallPhase(host) {
    try {
        return JSON.parse(host.recall(key));
    }
    catch {
        return { at: "idle" };
    }
}
const signsKey = "signs";
/** Check run and status have had their last word: the post step has none to add. */
function rememberSignsEnded(host) {
    host.remember(signsKey, "ended");
}
function haveSignsEnded(host) {
    return host.recall(signsKey) === "ended";
}


/***/ }),

/***/ 2177:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   TG: () => (/* binding */ until),
/* harmony export */   pj: () => (/* binding */ withGrace),
/* harmony export */   ux: () => (/* binding */ within)
/* harmony export */ });
/** Gives work so much time, and no timer a reason to outlive it. Milliseconds. */
async function within(ms, clock, work) {
    const limit = new AbortController();
    const done = new AbortController();
    clock.sleep(ms, done.signal).then(() => limit.abort(new Error(`${Math.round(ms / 1_000)} s were not enough`)), () => undefined);
    try {
        return await work(limit.signal);
    }
    finally {
        done.abort();
    }
}
/** Work that a deadline ends, if there is one. */
async function until(deadline, clock, work, signal) {
    const leftMs = deadline - clock.now();
    if (!Number.isFinite(leftMs))
        return await work(signal);
    return await within(leftMs, clock, (limit) => work(AbortSignal.any([signal, limit])));
}
/** Work that a signal ends only some time later: what is under way then may still come to its end. */
async function withGrace({ ms, clock, signal }, work) {
    const late = new AbortController();
    const done = new AbortController();
    const giveUp = () => {
        clock.sleep(ms, done.signal).then(() => late.abort(signal.reason), () => undefined);
    };
    if (signal.aborted)
        giveUp();
    else
        signal.addEventListener("abort", giveUp, { once: true });
    try {
        return await work(late.signal);
    }
    finally {
        signal.removeEventListener("abort", giveUp);
        done.abort();
    }
}


/***/ }),

/***/ 2169:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   at: () => (/* binding */ at)
/* harmony export */ });
/** The fields of what lies inside a value that may be anything: none where there is no such object. */
function at(value, ...path) {
    const [name, ...rest] = path;
    if (typeof value !== "object" || value === null || Array.isArray(value))
        return {};
    const fields = value;
    return name === undefined ? fields : at(fields[name], ...rest);
}


/***/ }),

/***/ 8889:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ documentOf)
/* harmony export */ });
/* harmony import */ var _at_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2169);
/* harmony import */ var _nodes_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(535);
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(3669);



/** What expressions see. `rawRun` is the answer of Run Pipeline or Get Run, as it came. */
function documentOf(run, tree, rawRun) {
    const self = (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(rawRun, "resources", "repositories", "self");
    return {
        id: run.id,
        name: run.name,
        status: run.status,
        result: run.result,
        url: run.url,
        pipeline: { id: run.pipeline.id, name: run.pipeline.name, folder: run.pipeline.folder },
        // Of a run that is still queued the build may not say what the start's answer said.
        source: {
            ref: run.source.ref ?? textIn(self["refName"]),
            commit: run.source.commit ?? textIn(self["version"]),
        },
        createdAt: run.createdAt,
        startedAt: run.startedAt,
        finishedAt: run.finishedAt,
        queueSeconds: seconds(run.createdAt, run.startedAt),
        runSeconds: seconds(run.startedAt, run.finishedAt),
        stages: tree.stages.map(documentStage),
        waitingFor: run.status === "completed" ? [] : (0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .openWaits */ .DZ)(tree).map(waiting),
        ...(0,_nodes_js__WEBPACK_IMPORTED_MODULE_1__/* .countsOf */ .mQ)(tree.stages),
        raw: { run: rawRun ?? null, build: run.raw ?? null },
    };
}
function documentStage(stage) {
    const { name, status, result, attempt, startedAt, finishedAt } = stage;
    const displayName = stage.displayName ?? name;
    return {
        name,
        displayName,
        status,
        result,
        attempt,
        startedAt,
        finishedAt,
        jobs: stage.jobs.map(documentJob),
    };
}
function documentJob(job) {
    const { name, status, result, attempt, startedAt, finishedAt, worker } = job;
    return {
        name,
        displayName: job.displayName ?? name,
        status,
        result,
        attempt,
        startedAt,
        finishedAt,
        worker,
    };
}
function waiting({ kind, id, stage }) {
    return { kind, id, stage };
}
function textIn(value) {
    return typeof value === "string" ? value : null;
}
function seconds(from, to) {
    const ms = (0,_time_js__WEBPACK_IMPORTED_MODULE_2__/* .betweenMs */ .pn)(from, to);
    return ms === undefined ? null : Math.floor(ms / 1_000);
}


/***/ }),

/***/ 1420:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   S5: () => (/* binding */ durationText),
/* harmony export */   Yi: () => (/* binding */ clockText),
/* harmony export */   ZE: () => (/* binding */ roughText)
/* harmony export */ });
/** A length of time for people: `53 s`, `2 min 27 s`, `1 h 04 min`, `2 d 03 h`. */
function durationText(ms) {
    const seconds = Math.round(Math.max(0, ms) / 1_000);
    if (seconds < 60)
        return `${seconds} s`;
    if (seconds < 3_600)
        return pair(Math.floor(seconds / 60), "min", seconds % 60, "s");
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1_440)
        return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
    const hours = Math.floor(minutes / 60);
    return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}
function pair(big, bigUnit, small, smallUnit) {
    if (small === 0)
        return `${big} ${bigUnit}`;
    const digits = smallUnit === "s" ? String(small) : String(small).padStart(2, "0");
    return `${big} ${bigUnit} ${digits} ${smallUnit}`;
}
/** A guess for people: what is only estimated is not told to the second. */
function roughText(ms) {
    if (ms < 45_000)
        return "less than a minute";
    return durationText(Math.round(ms / 60_000) * 60_000);
}
/** A moment of the wait, counted from its start: `0:14`, `12:05`, `1:02:03`. */
function clockText(ms) {
    const total = Math.floor(Math.max(0, ms) / 1_000);
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(total / 3_600);
    const minutes = Math.floor(total / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}


/***/ }),

/***/ 3017:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B3: () => (/* binding */ tagPrefix),
/* harmony export */   X1: () => (/* binding */ evidenceOf),
/* harmony export */   Z8: () => (/* binding */ enriched),
/* harmony export */   mg: () => (/* binding */ likenessOf)
/* harmony export */ });
/* harmony import */ var _at_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2169);

/** All tags that this action puts on runs to know them again begin like this. */
const tagPrefix = "run-azure-pipeline:";
/** Of these no run is one that a request like ours has started. */
const reasonsOfOthers = new Set([
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
/** Reads from a request's body what a run started by it would show. */
function evidenceOf({ pipelineId, body, tag, defaultRef }) {
    const self = (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(body, "resources", "repositories", "self");
    const variables = Object.entries((0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(body, "variables")).map(([name, value]) => [name, (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(value)]);
    const isSecret = ([, value]) => value["isSecret"] === true;
    return {
        pipelineId,
        ref: typeof self["refName"] === "string" ? self["refName"] : defaultRef,
        commit: typeof self["version"] === "string" ? self["version"] : null,
        parameters: (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(body, "templateParameters"),
        variables: Object.fromEntries(variables.filter((entry) => !isSecret(entry)).map(([name, value]) => [name, String(value["value"])])),
        secrets: variables.filter(isSecret).map(([name]) => name),
        tag,
    };
}
/** A candidate of the service's list, with what the answer of Get Run says beyond that. */
function enriched(candidate, rawRun) {
    const { templateParameters, variables } = (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(rawRun);
    const values = Object.entries((0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(variables)).map(([name, value]) => [name, (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(value)["value"]]);
    return {
        ...candidate,
        parameters: templateParameters === undefined ? candidate.parameters : (0,_at_js__WEBPACK_IMPORTED_MODULE_0__.at)(templateParameters),
        variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
    };
}
/** Whether a run is the one that was asked for. `perhaps`: nothing speaks against it, but it may be another's. */
function likenessOf(candidate, evidence, { since, me }) {
    const isAnothers = (candidate.pipelineId !== null && candidate.pipelineId !== evidence.pipelineId) ||
        candidate.queuedAt < since ||
        (me !== undefined && candidate.people.length > 0 && !candidate.people.includes(me)) ||
        reasonsOfOthers.has(candidate.reason ?? "") ||
        candidate.tags.some((tag) => tag.startsWith(tagPrefix) && tag !== evidence.tag);
    if (isAnothers)
        return "other";
    const traits = [
        sameRef(evidence.ref, candidate.ref),
        sameCommit(evidence.commit?.toLowerCase() ?? null, candidate.commit?.toLowerCase() ?? null),
        agreement(evidence.parameters, candidate.parameters),
        agreement(evidence.variables, withoutOwn(candidate.variables, evidence.secrets)),
    ];
    if (traits.includes("other"))
        return "other";
    return traits.includes("perhaps") ? "perhaps" : "ours";
}
/** A body that its author wrote may name a branch or a tag as people do: the service makes a full ref of it. */
function sameRef(asked, there) {
    if (asked === undefined)
        return "perhaps";
    const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${asked}` === there);
    return isSame ? "ours" : sameText(asked, there);
}
/** What was not asked for may be anything; what is not told may be what was asked for. */
function sameText(asked, there) {
    if (asked === null || asked === there)
        return "ours";
    return there === null ? "perhaps" : "other";
}
/** The service shows the whole hash where a part of it was asked for. */
function sameCommit(asked, there) {
    const isPart = asked !== null && asked.length >= 7 && there?.startsWith(asked);
    return isPart ? "ours" : sameText(asked, there);
}
/** What was asked for must be there, and alike. What is there beside it may be a default, or another's wish. */
function agreement(asked, there) {
    const names = Object.keys(asked);
    if (there === undefined)
        return names.length === 0 ? "ours" : "perhaps";
    // Names are the same in upper and lower case to the service.
    const values = new Map(Object.entries(there).map(([name, value]) => [name.toLowerCase(), value]));
    const traits = names.map((name) => {
        const key = name.toLowerCase();
        return values.has(key) ? sameValue(asked[name], values.get(key)) : "other";
    });
    if (traits.includes("other"))
        return "other";
    return values.size > names.length || traits.includes("perhaps") ? "perhaps" : "ours";
}
/** Variables that the service adds by itself, and secrets, whose values it never shows. */
function withoutOwn(variables, secrets) {
    if (variables === undefined)
        return undefined;
    const hidden = secrets.map((name) => name.toLowerCase());
    const own = Object.entries(variables).filter(([name]) => !/^(system|build)\./i.test(name) && !hidden.includes(name.toLowerCase()));
    return Object.fromEntries(own);
}
/**
 * A parameter travels as text and may come back as what the text says, and a boolean as `True`. What a text in YAML says
 * only the service knows.
 */
function sameValue(asked, there) {
    const [mine, theirs] = [meant(asked), meant(there)];
    if (JSON.stringify(sorted(mine)) === JSON.stringify(sorted(theirs)))
        return "ours";
    if (isScalar(asked) && isScalar(there) && trimmed(String(asked)) === trimmed(String(there)))
        return "ours";
    return (typeof mine === "string") === (typeof theirs === "string") ? "other" : "perhaps";
}
function meant(value) {
    return typeof value === "string" ? parsedOr(value) : value;
}
function isScalar(value) {
    return typeof value !== "object" || value === null;
}
/** Ends of lines, and what surrounds a text, need not survive the way there and back. */
function trimmed(text) {
    return text.replaceAll("\r\n", "\n").trim();
}
function parsedOr(text) {
    if (/^(true|false)$/i.test(text))
        return text.toLowerCase() === "true";
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
}
function sorted(value) {
    if (Array.isArray(value))
        return value.map(sorted);
    if (typeof value !== "object" || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => [k, sorted(v)]));
}


/***/ }),

/***/ 5442:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  wE: () => (/* binding */ compile),
  uP: () => (/* binding */ isDefault),
  S4: () => (/* binding */ judge)
});

// UNUSED EXPORTS: isTrue

;// CONCATENATED MODULE: ./build/core/expression-syntax.js
// `az --query` takes `text` in backticks for a string, and so do its users.
const options = { enable_legacy_literals: true };
/** The syntax tree of an expression that can be evaluated, or an Error with a sentence that says where it cannot. */
function parse(expression, library) {
    checkQuotes(expression);
    const syntax = tried(() => library.compile(expression, options));
    if (syntax instanceof Error)
        throw new Error(parseProblem(expression, library));
    check(syntax, library);
    return syntax;
}
/** The library takes a string that is not closed for one that is a letter shorter. */
function checkQuotes(expression) {
    for (let start = 0; start < expression.length; start += 1) {
        const quote = expression[start] ?? "";
        if (!`'"\``.includes(quote))
            continue;
        let end = start + 1;
        while (end < expression.length && expression[end] !== quote)
            end += expression[end] === "\\" ? 2 : 1;
        if (end >= expression.length)
            throw new Error(`the ${quote} at column ${start + 1} is never closed`);
        start = end;
    }
}
/** The library does not say where: the first beginning that fails for anything but its end shows it. */
function parseProblem(expression, library) {
    const starts = tokenStarts(expression, library);
    const next = [...starts.slice(1), expression.length];
    const found = starts.findIndex((_, index) => {
        const beginning = tried(() => library.compile(expression.slice(0, next[index]), options));
        return beginning instanceof Error && !/\bEOF\b/.test(beginning.message);
    });
    const start = starts[found];
    if (start === undefined)
        return "the expression ends too early";
    const token = expression.slice(start, next[found]).trim();
    return `unexpected ${shortened(token)} at column ${start + 1}${hintFor(token)}`;
}
function hintFor(token) {
    if (/^-?\d/.test(token))
        return `; a number stands in backticks: \`${token}\``;
    return token.startsWith("=") ? "; to compare, write ==" : "";
}
/** Where the tokens of the expression start, up to the first character that cannot start one. */
function tokenStarts(expression, { tokenize }) {
    for (let length = expression.length; length > 0; length -= 1) {
        const tokens = tried(() => tokenize(expression.slice(0, length), options));
        if (tokens instanceof Error)
            continue;
        const starts = tokens.filter(({ type }) => type !== "EOF").map(({ start }) => start);
        return length === expression.length ? starts : [...starts, length];
    }
    return expression.trim() === "" ? [] : [0];
}
/** What the parser lets pass and would only be noticed, or not even that, in the middle of a wait. */
function check(part, library, variables = []) {
    if (Array.isArray(part))
        for (const child of part)
            check(child, library, variables);
    if (!isSyntax(part) || part.type === "Literal")
        return;
    if (part.type === "Binding")
        throw new Error("= does not compare; write ==");
    if (part.type === "LetExpression") {
        let bound = variables;
        for (const { variable, reference } of part.bindings) {
            check(reference, library, variables);
            bound = [...bound, variable];
        }
        check(part.expression, library, bound);
        return;
    }
    if (part.type === "Variable" && !variables.includes(part.name))
        throw new Error(`unknown variable: $${part.name}`);
    for (const child of Object.values(part))
        check(child, library, variables);
    if (part.type === "Function")
        checkCall(part, library);
}
function isSyntax(part) {
    return typeof part === "object" && part !== null && "type" in part;
}
/** Whether the function exists and takes that many arguments shows when it is called, with whatever. */
function checkCall(call, { TreeInterpreter }) {
    const answer = tried(() => TreeInterpreter.search(call, null));
    if (answer instanceof Error && /^(unknown function|invalid arity)/i.test(answer.message)) {
        throw new Error(answer.message);
    }
}
/** What the work answers, or the Error that it threw. */
function tried(work) {
    try {
        return work();
    }
    catch (error) {
        return error instanceof Error ? error : new Error(String(error));
    }
}
function shortened(text) {
    return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

;// CONCATENATED MODULE: ./build/core/expression.js

/**
 * Makes an expression ready: the language of `az --query`. Rejects with a sentence that names the column.
 * The defaults of `stop-when` and `success-when` do without the library, which takes a while to load.
 */
async function compile(expression) {
    const plain = plainForms.find(([form]) => form.test(expression));
    if (plain !== undefined)
        return plain[1];
    const library = await __nccwpck_require__.e(/* import() */ 22).then(__nccwpck_require__.bind(__nccwpck_require__, 4022));
    const syntax = parse(expression, library);
    return (document) => evaluate(syntax, document, library);
}
const plainForms = [
    [/^\s*status\s*==\s*'completed'\s*$/, (document) => field(document, "status") === "completed"],
    [
        /^\s*result\s*==\s*'succeeded'\s*\|\|\s*status\s*!=\s*'completed'\s*$/,
        (document) => field(document, "result") === "succeeded" || field(document, "status") !== "completed",
    ],
];
/** Whether an expression is one of the defaults, which ask for nothing that only the timeline knows. */
function isDefault(expression) {
    return plainForms.some(([, plain]) => plain === expression);
}
function field(document, name) {
    return document?.[name];
}
/** True by JMESPath's rules: everything but `false`, `null` and blank strings, lists and objects. */
function isTrue(value) {
    if (value === null || value === undefined || value === false || value === "")
        return false;
    return typeof value !== "object" || Object.keys(value).length > 0;
}
/** Whether a condition holds. One that cannot be evaluated does not, and says why: it must not end a wait. */
function judge(condition, document) {
    const value = tried(() => condition(document));
    if (value instanceof Error)
        return { holds: false, problem: value.message };
    return { holds: isTrue(value), problem: undefined };
}
function evaluate(syntax, document, { TreeInterpreter }) {
    const value = tried(() => TreeInterpreter.search(syntax, document));
    if (value instanceof Error)
        throw value;
    // Names such as `constructor` reach what every object inherits.
    return typeof value === "function" ? null : value;
}


/***/ }),

/***/ 2442:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $A: () => (/* binding */ createTail),
/* harmony export */   AD: () => (/* binding */ createLineSplitter)
/* harmony export */ });
/* unused harmony export longestLine */
/** A longer line is handed on in pieces, so that no line can fill the memory. Characters. */
const longestLine = 64 * 1024;
const bom = 0xfeff;
/**
 * Cuts text that comes in chunks into lines at CR, LF and CRLF: the same lines wherever the chunks end.
 * Each page of a log begins with a BOM, which is dropped.
 */
function createLineSplitter() {
    let rest = "";
    return {
        push(text) {
            const whole = rest + text;
            const cut = endOfLines(whole);
            const lines = cut === 0 ? [] : linesIn(whole.slice(0, cut));
            rest = whole.slice(cut);
            // A last CR may be half of a CRLF: it is no part of the line, and not yet its end.
            while (rest.length - (rest.endsWith("\r") ? 1 : 0) > longestLine) {
                const [piece = ""] = pieces(rest);
                lines.push(withoutBom(piece));
                rest = rest.slice(piece.length);
            }
            return lines;
        },
        end() {
            const last = rest;
            rest = "";
            return last === "" || last === "\uFEFF" ? [] : linesIn(last.endsWith("\r") ? last : `${last}\n`);
        },
    };
}
/** Behind the last line that has certainly ended. */
function endOfLines(text) {
    const known = text.endsWith("\r") ? text.slice(0, -1) : text;
    const end = known.lastIndexOf("\n") + 1;
    return end + known.slice(end).lastIndexOf("\r") + 1;
}
/** Of a text that ends with the end of a line. */
function linesIn(text) {
    const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
    lines.pop();
    const plain = lines.every((line) => line.length <= longestLine && line.charCodeAt(0) !== bom);
    return plain ? lines : lines.flatMap((line) => pieces(line).map(withoutBom));
}
function withoutBom(line) {
    return line.charCodeAt(0) === bom ? line.slice(1) : line;
}
function pieces(line) {
    const cut = [];
    let rest = line;
    while (rest.length > longestLine) {
        const inPair = /[\uD800-\uDBFF]/.test(rest.charAt(longestLine - 1));
        const end = inPair ? longestLine - 1 : longestLine;
        cut.push(rest.slice(0, end));
        rest = rest.slice(end);
    }
    return [...cut, rest];
}
/** Keeps the last lines of a log that comes in batches, each cut at 4 KiB; `total` counts on from an earlier reading. */
function createTail(most, total = 0) {
    let kept = [];
    let count = total;
    return {
        push: (lines) => {
            count += lines.length;
            kept = [...kept, ...lines.slice(-most).map(shortened)].slice(-most);
        },
        get lines() {
            return kept;
        },
        get total() {
            return count;
        },
    };
}
function shortened(line) {
    return line.length <= 4096 ? line : `${line.slice(0, 4095).toWellFormed()}…`;
}


/***/ }),

/***/ 9729:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ isLoopback),
/* harmony export */   W: () => (/* binding */ isPlainLoopback)
/* harmony export */ });
/** Whether a host name, as `URL` writes it, is this machine: only there may anything travel in the clear. */
function isLoopback(hostname) {
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
/** Whether an address is `http:` and on this machine, where nobody listens in. */
function isPlainLoopback({ protocol, hostname }) {
    return protocol === "http:" && isLoopback(hostname);
}


/***/ }),

/***/ 4194:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ deepMerge),
/* harmony export */   O: () => (/* binding */ isJsonObject)
/* harmony export */ });
/**
 * The target with the source laid over it: objects merge, lists and scalars replace. Neither is changed.
 * Only own names count, and `__proto__` is a name like any other.
 */
function deepMerge(target, source) {
    const merged = new Map(Object.entries(target));
    for (const [name, value] of Object.entries(source)) {
        const there = merged.get(name);
        merged.set(name, isJsonObject(there) && isJsonObject(value) ? deepMerge(there, value) : value);
    }
    // Defines own properties, where an assignment to `__proto__` would set a prototype.
    return Object.fromEntries(merged);
}
function isJsonObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}


/***/ }),

/***/ 535:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   DZ: () => (/* binding */ openWaits),
/* harmony export */   SU: () => (/* binding */ hasBegun),
/* harmony export */   XM: () => (/* binding */ pathOf),
/* harmony export */   _Y: () => (/* binding */ strayWaits),
/* harmony export */   a9: () => (/* binding */ jobTitle),
/* harmony export */   jX: () => (/* binding */ attemptKey),
/* harmony export */   mQ: () => (/* binding */ countsOf),
/* harmony export */   p1: () => (/* binding */ unnamed),
/* harmony export */   ui: () => (/* binding */ isUnfinished)
/* harmony export */ });
/** Nobody named it, so nobody is told this name. */
const unnamed = "__default";
/** A job always needs some name where its stage has none either. */
function jobTitle(job) {
    return job.displayName ?? "Job";
}
/** `Staging › Smoke tests › Run curl`: without what has no name. */
function pathOf(stage, job, task) {
    const named = [stage, job, task].map((node) => node?.displayName).filter((name) => name !== undefined);
    return named.length === 0 && job !== undefined ? "Job" : named.join(" › ");
}
/** Did its work at some time; a skipped one never does, whatever times it carries. */
function hasBegun(node) {
    if (node.status === "inProgress")
        return true;
    return node.status === "completed" && node.result !== "skipped" && node.startedAt !== null;
}
/** Something in it has begun and has not ended. */
function isUnfinished({ stages }) {
    const isGoing = ({ status }) => status === "inProgress";
    return stages.some((stage) => isGoing(stage) || stage.jobs.some((job) => isGoing(job) || job.tasks.some(isGoing)));
}
/** Those of no stage that there is. */
function strayWaits({ stages, waits }) {
    const placed = new Set(stages.flatMap((stage) => stage.waits));
    return waits.filter((wait) => !placed.has(wait));
}
/** Of all of them together. */
function countsOf(nodes) {
    const sum = (key) => nodes.reduce((total, node) => total + node[key], 0);
    return { errors: sum("errors"), warnings: sum("warnings") };
}
/** One attempt of a node, among all of its run. */
function attemptKey({ id, attempt }) {
    return `${id}#${attempt}`;
}
/** Still open: what the run waits for now. */
function openWaits(tree) {
    const over = new Set(tree.stages.filter((stage) => stage.status === "completed").map((stage) => stage.name));
    return tree.waits.filter((wait) => wait.status === "inProgress" && !(wait.stage && over.has(wait.stage)));
}


/***/ }),

/***/ 8775:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ orAborted)
/* harmony export */ });
/** Waits for what cannot be called off, and rejects with the signal's reason as soon as it is aborted. */
async function orAborted(work, signal) {
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

/***/ 3147:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ moreSlowed),
/* harmony export */   w: () => (/* binding */ nextPauseMs)
/* harmony export */ });
/** However slow the service gets, a run is looked at this often. Milliseconds. */
const longestPauseMs = { "held-back": 60_000, refused: 5 * 60_000 };
/**
 * The pause before the next look. It doubles for as long as the service slows us down, since its limit is shared by all
 * who use the same identity, and creeps back to what was asked for once it does not.
 */
function nextPauseMs(lastMs, { askedMs, slowed }) {
    const calmer = lastMs * 0.8;
    const wanted = slowed === undefined ? calmer : Math.min(lastMs * 2, longestPauseMs[slowed]);
    return Math.round(Math.max(wanted, calmer, askedMs));
}
/** The worse of two. */
function moreSlowed(a, b) {
    return a === "refused" ? a : (b ?? a);
}


/***/ }),

/***/ 8920:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ keyAndCertificates)
/* harmony export */ });
/**
 * Finds the one private key and the certificates in PEM text, in whatever order and however its line ends and its
 * indentation fared on the way through a secret. Throws a sentence's rest where they are not there; nothing is decrypted
 * or otherwise understood here, and no part of the text is quoted.
 */
function keyAndCertificates(pem) {
    const blocks = blocksOf(unwrapped(pem));
    const keys = blocks.filter(({ label }) => /PRIVATE KEY$/.test(label));
    const certificates = blocks.filter(({ label }) => /CERTIFICATE$/.test(label));
    if (keys.some(({ isEncrypted }) => isEncrypted)) {
        throw new Error("holds an encrypted private key; decrypt it before storing it: openssl pkey -in encrypted.pem -out plain.pem");
    }
    const [key, other] = distinct(keys);
    if (other)
        throw new Error("holds more than one private key; leave only that of the application's certificate");
    if (!key)
        throw new Error("holds no private key; add the private key's PEM block to the certificate's");
    if (certificates.length === 0) {
        throw new Error("holds no certificate; add the certificate's PEM block to the private key's");
    }
    return { key: written(key), certificates: certificates.map(written) };
}
/** PEM may have been packed once more into base64, to get it through a one-line field. */
function unwrapped(text) {
    return text.includes("-----BEGIN") ? text : (decoded(text.replaceAll(/\s/g, "")) ?? text);
}
function blocksOf(text) {
    // A secret that went through JSON has its line ends written out; PEM itself has no backslash.
    const plain = text.replaceAll(/\\r|\\n/g, "\n");
    return [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(([, label = "", inner = ""]) => ({
        label,
        body: inner.replaceAll(/\s/g, ""),
        isEncrypted: label.startsWith("ENCRYPTED") || inner.includes("ENCRYPTED"),
    }));
}
/** PKCS#8 ends in what PKCS#1 says of an RSA key: one key may be there in both. */
function distinct(keys) {
    return keys.filter((key, index) => !keys.some((other, at) => at !== index && holds(other, key, at < index)));
}
function holds(other, key, isEarlier) {
    const [outer, inner] = [decoded(other.body), decoded(key.body)];
    if (outer === undefined || inner === undefined)
        return false;
    return outer === inner ? isEarlier : outer.endsWith(inner);
}
function decoded(base64) {
    try {
        return atob(base64);
    }
    catch {
        return undefined;
    }
}
function written({ label, body }) {
    const lines = body.match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}


/***/ }),

/***/ 2591:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ canMean),
/* harmony export */   W: () => (/* binding */ isGuid)
/* harmony export */ });
function isGuid(text) {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
/** Whether a name or GUID can mean this project: what the service does not say contradicts nothing. */
function canMean(asked, { id, name }) {
    const theirs = isGuid(asked) ? id : name;
    return theirs === null || theirs.toLowerCase() === asked.toLowerCase();
}


/***/ }),

/***/ 5336:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ mergeRecords),
/* harmony export */   _: () => (/* binding */ versionKey)
/* harmony export */ });
/** A run's records after one more answer: all of them, or those that changed since the last. */
function mergeRecords(known, changes) {
    if (changes.length === 0)
        return known;
    const next = new Map(known);
    for (const change of changes)
        next.set(change.id, change);
    // A retry gives a node a new record; the old one leaves the service's timeline but not its changes.
    const latest = new Map();
    for (const record of changes)
        if (record.attempt > 1)
            latest.set(versionKey(record), record.attempt);
    if (latest.size === 0)
        return next;
    for (const [id, record] of next) {
        if (record.attempt < (latest.get(versionKey(record)) ?? 0))
            next.delete(id);
    }
    return next;
}
/** The same for all attempts of a node. */
function versionKey(record) {
    return `${record.type} ${record.identifier ?? record.id}`;
}


/***/ }),

/***/ 5375:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ retryAfterMs)
/* harmony export */ });
/**
 * `Retry-After` in seconds or as a date, which goes by the clock of whoever answered; what is neither is no wish.
 * Milliseconds from when the answer came.
 */
function retryAfterMs(headers, now) {
    const value = headers["retry-after"];
    if (value === undefined)
        return undefined;
    if (/^\s*\d+(\.\d+)?\s*$/.test(value))
        return Math.round(Number(value) * 1_000);
    const [until, answered] = [Date.parse(value), Date.parse(headers["date"] ?? "")];
    return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(answered) ? now : answered));
}


/***/ }),

/***/ 8963:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Fe: () => (/* binding */ authChoices),
/* harmony export */   KU: () => (/* binding */ resourceOf),
/* harmony export */   Lr: () => (/* binding */ entraTokenUrl),
/* harmony export */   M: () => (/* binding */ signInWay),
/* harmony export */   Xw: () => (/* binding */ formProblems),
/* harmony export */   lm: () => (/* binding */ azureDevOps),
/* harmony export */   vS: () => (/* binding */ azureDevOpsScope)
/* harmony export */ });
/* harmony import */ var _loopback_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9729);

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
/** The application id of Azure DevOps itself, in every tenant. */
const azureDevOps = "499b84ac-1321-427f-aa17-267ca6975798";
const azureDevOpsScope = `${azureDevOps}/.default`;
const legacyTokenUrl = "https://app.vssps.visualstudio.com/oauth2/token";
/** Which way the inputs mean, or every mistake in them, each naming its input. */
function signInWay(inputs) {
    const chosen = inputs.auth === "auto" ? wayGiven(inputs) : { kind: inputs.auth };
    const problems = ["problem" in chosen ? chosen.problem : undefined, ...formProblems(inputs)];
    if ("kind" in chosen) {
        problems.push(...missing(chosen.kind, inputs));
        if (inputs.redirectUri !== undefined && chosen.kind !== "azure-devops-oauth") {
            problems.push("redirect-uri: only goes with `auth: azure-devops-oauth`; remove it, or name that way");
        }
        if (chosen.kind === "device-code" && inputs.tokenUrl !== undefined && !/\/token$/.test(inputs.tokenUrl)) {
            problems.push("token-url: has to end in `/token` for `auth: device-code`, which asks at `/devicecode` beside it");
        }
    }
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0 || !("kind" in chosen))
        return { problems: found };
    return { way: wayOf(chosen.kind, inputs) };
}
const credentials = [
    { kind: "token", input: "token", key: "token" },
    { kind: "client-secret", input: "client-secret", key: "clientSecret" },
    { kind: "client-certificate", input: "client-certificate", key: "clientCertificate" },
    { kind: "refresh-token", input: "refresh-token", key: "refreshToken" },
];
function wayGiven(inputs) {
    const given = credentials.filter(({ key }) => inputs[key] !== undefined);
    const [first, ...others] = given;
    if (others.length > 0) {
        const names = given.map(({ input }) => `\`${input}\``).join(" and ");
        // Two ways want both a client secret and a refresh token, so this pair is never guessed.
        return {
            problem: `auth: ${names} were given together; name the way that is meant, or remove the others`,
        };
    }
    const ids = identifying(inputs);
    if (first?.kind === "token" && ids.length > 0) {
        return {
            problem: `auth: \`token\` was given together with ${ids.map((id) => `\`${id}\``).join(" and ")}, which a token does not need; name the way that is meant, or remove the others`,
        };
    }
    if (first)
        return { kind: first.kind };
    if (ids.length > 0)
        return { kind: "github-oidc" };
    return {
        problem: "auth: nothing to sign in with was given; give `tenant-id` and `client-id` to sign in with GitHub's own identity, or a `token`",
    };
}
function identifying(inputs) {
    const ids = { "tenant-id": inputs.tenantId, "client-id": inputs.clientId, "token-url": inputs.tokenUrl };
    return Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
/** What each way cannot do without. A token address of its own stands in for the tenant. */
function missing(kind, inputs) {
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
    const how = inputs.auth === "auto" ? `to sign in by \`${kind}\`, as the other inputs say` : `by \`auth: ${kind}\``;
    return Object.entries(needs[kind]).flatMap(([name, value]) => value === undefined ? [`${name}: is needed ${how}`] : []);
}
/** What is wrong with the inputs one by one, whichever way they are for. */
function formProblems(inputs) {
    const found = [
        inputs.token === undefined ? undefined : tokenProblem(inputs.token),
        inputs.tenantId === undefined || /^[a-z0-9][a-z0-9.-]*$/i.test(inputs.tenantId)
            ? undefined
            : `tenant-id: expected the tenant's GUID or domain name, got "${inputs.tenantId}"`,
        inputs.tokenUrl === undefined ? undefined : tokenUrlProblem(inputs.tokenUrl),
    ];
    return found.filter((problem) => problem !== undefined);
}
// Never quotes the value: it is the secret itself.
function tokenProblem(token) {
    if (/^(?:bearer|basic)\s/i.test(token))
        return "token: give the token alone, without the word in front of it";
    if (/\s/.test(token.trim()))
        return "token: has white space in the middle; store it again, as one line";
    return undefined;
}
function tokenUrlProblem(raw) {
    const url = URL.parse(raw);
    if (!url)
        return `token-url: expected an address such as https://login.microsoftonline.us/{tenant-id}/oauth2/v2.0/token, got "${raw}"`;
    if (url.username !== "" || url.password !== "")
        return "token-url: must not hold a user name or a password";
    if (url.protocol === "https:" || (0,_loopback_js__WEBPACK_IMPORTED_MODULE_0__/* .isPlainLoopback */ .W)(url))
        return undefined;
    return `token-url: has to be https, or a secret would travel in the clear (http is for this machine only), got "${raw}"`;
}
/** The address where an Entra ID tenant hands out tokens. */
function entraTokenUrl(tenantId, authority = "https://login.microsoftonline.com") {
    return `${authority.replace(/\/+$/, "")}/${tenantId}/oauth2/v2.0/token`;
}
/** The resource of a scope, for those that ask by resource: `X/.default` is of `X`. */
function resourceOf(scope) {
    const [first = scope] = scope.split(/\s+/);
    return first.replace(/\/\.default$/, "");
}
function wayOf(kind, inputs) {
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

/***/ 5341:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ sourcePath)
/* harmony export */ });
/**
 * The path in the sources of what a tool printed: an agent prints where they are on its own machine, and what stands
 * behind its folder of sources is ours. `undefined` for what lies elsewhere, and for what cannot be a path.
 */
function sourcePath(path) {
    const slashed = path.replaceAll("\\", "/");
    const inside = /^(?:[a-z]:)?\/(?:.*\/)?(?:_work|work|a)\/\d+\/s\/(.+)$/i.exec(slashed)?.[1] ?? slashed;
    const relative = inside.replace(/^(?:\.\/+)+/, "");
    const isElsewhere = relative.startsWith("/") || /(^|\/)\.\.(\/|$)|:|\p{Cc}/u.test(relative);
    return isElsewhere || relative.trim() === "" ? undefined : relative;
}


/***/ }),

/***/ 6067:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $Q: () => (/* binding */ clip),
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   aH: () => (/* binding */ quotedName),
/* harmony export */   g$: () => (/* binding */ printable),
/* harmony export */   hS: () => (/* binding */ counted),
/* harmony export */   l2: () => (/* binding */ capitalized)
/* harmony export */ });
// Controls, and what turns the direction of writing or hides between letters: in a name they only ever deceive.
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/gu;
// Colours, and what a terminal takes for a title or a link.
const escapeSequence = /\u001B(?:\[[0-9:;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?)/g;
/** Somebody else's text as one line: no breaks, no controls, no half characters. */
function oneLine(text) {
    return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}
/** Somebody else's text with its lines and tabs as they are: no controls, no half characters. */
function printable(text) {
    return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}
/** Dropped whole: without its escape a colour would be left behind as letters. */
function unescaped(text) {
    return text.toWellFormed().replaceAll(escapeSequence, "");
}
/** Somebody else's name within a sentence. */
function quotedName(name) {
    return JSON.stringify(oneLine(name));
}
/** At most so many characters, ended between words where there is a gap near the end. */
function clip(text, most) {
    if (text.length <= most)
        return text;
    const head = text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "");
    const gap = head.lastIndexOf(" ");
    return `${(gap > most * 0.7 ? head.slice(0, gap) : head).trimEnd()}…`;
}
/** As the beginning of a sentence. */
function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
/** `1 error`, `2 errors`. */
function counted(count, noun) {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
/** `a`, `a and b`, `a, b and 3 more`. */
function listed(items, most = 3) {
    const shown = items.length > most + 1 ? items.slice(0, most) : items;
    const rest = items.length - shown.length;
    const all = rest > 0 ? [...shown, `${rest} more`] : shown;
    return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}


/***/ }),

/***/ 3669:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   nR: () => (/* binding */ timeOf),
/* harmony export */   pn: () => (/* binding */ betweenMs),
/* harmony export */   xI: () => (/* binding */ lengthMs)
/* harmony export */ });
/** Milliseconds since 1970, or `undefined` for what is not a moment (null, nonsense, the service's year 1). */
function timeOf(iso) {
    if (iso === null || iso === undefined)
        return undefined;
    const ms = Date.parse(iso);
    return ms > 0 ? ms : undefined;
}
/** How long it took, by the service's own clock. */
function lengthMs({ startedAt, finishedAt }) {
    return betweenMs(startedAt, finishedAt);
}
/** Never negative: two clocks of the service may disagree by a little. */
function betweenMs(from, to) {
    const start = timeOf(from);
    const end = timeOf(to);
    return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}


/***/ }),

/***/ 149:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ld: () => (/* binding */ timingsOf),
/* harmony export */   p$: () => (/* binding */ waitedBetween),
/* harmony export */   wf: () => (/* binding */ shortWaitMs)
/* harmony export */ });
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3669);

/** Nobody waits for a check that answers within this: not worth a word. */
const shortWaitMs = 5_000;
function timingsOf(run, tree) {
    return {
        queueMs: (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .betweenMs */ .pn)(run.createdAt, run.startedAt),
        runMs: (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .betweenMs */ .pn)(run.startedAt, run.finishedAt),
        queueWaits: waitedBetween(tree.waits, (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.createdAt), (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.startedAt)),
        runWaits: waitedBetween(tree.waits, (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.startedAt), (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(run.finishedAt)),
    };
}
/** Of stages that wait at the same time, each moment counts once. */
function waitedBetween(waits, from = 0, to = Number.MAX_SAFE_INTEGER) {
    return [...Map.groupBy(waits, (wait) => wait.kind)]
        .map(([kind, same]) => ({ kind, ms: covered(same, from, to) }))
        .filter(({ ms }) => ms >= shortWaitMs);
}
function covered(waits, from, to) {
    const spans = waits
        .map((wait) => [(0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(wait.startedAt), (0,_time_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOf */ .nR)(wait.finishedAt)])
        .flatMap(([start, end]) => (start === undefined || end === undefined ? [] : [[start, end]]))
        .sort(([a], [b]) => a - b);
    let total = 0;
    let reached = from;
    for (const [start, end] of spans) {
        const stop = Math.min(end, to);
        total += Math.max(0, stop - Math.max(start, reached));
        reached = Math.max(reached, stop);
    }
    return total;
}


/***/ }),

/***/ 8556:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  g: () => (/* binding */ treeOf)
});

// EXTERNAL MODULE: ./build/core/nodes.js
var core_nodes = __nccwpck_require__(535);
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __nccwpck_require__(6067);
;// CONCATENATED MODULE: ./build/core/grow.js


// Records into nodes, one function a kind.
function taskNode(record) {
    const { errors, warnings } = record;
    return {
        ...facts(record),
        name: record.refName ?? record.name,
        displayName: shown(record.name),
        errors,
        warnings,
    };
}
function jobNode({ job, phase, prefix, tasks, isFirst, siblings }) {
    // A YAML job's own issues are told once, with the first job that it became, unless that one says the same.
    const said = new Set(siblings.flatMap((sibling) => sibling.issues.map((issue) => issue.message)));
    const shared = isFirst && phase !== job ? phase.issues.filter((issue) => !said.has(issue.message)) : [];
    const own = { ...job, issues: [...job.issues, ...shared] };
    return {
        ...facts(own),
        name: jobName(job, prefix) ?? jobName(phase, prefix) ?? job.name,
        displayName: shown(job.name) ?? shown(phase.name),
        ...counts(own, tasks),
        worker: job.worker,
        tasks,
    };
}
/** A YAML job that became none: skipped, refused, or not there yet. */
function standInJob(phase, prefix) {
    return {
        ...facts(phase),
        // Its jobs will have ids of their own: were this one told as started, each would start twice.
        status: phase.status === "completed" ? "completed" : "pending",
        name: jobName(phase, prefix) ?? phase.name,
        displayName: shown(phase.name),
        ...counts(phase, []),
        worker: null,
        tasks: [],
    };
}
/** The job of tasks whose job is missing, as far as the tasks tell. */
function adoptedJob(tasks, eldest) {
    const id = eldest.parentId ?? "orphans";
    return { ...summed(id, tasks), displayName: undefined, worker: eldest.worker, tasks };
}
function stageNode(stage, jobs, waits) {
    const displayName = titleOf(stage);
    return { ...facts(stage), name: stageName(stage), displayName, ...counts(stage, jobs), waits, jobs };
}
/** A stage always has an identifier, which does where its name is blank. */
function titleOf(stage) {
    return stage.name === core_nodes/* unnamed */.p1 ? undefined : (shown(stage.name) ?? shown(stageName(stage)));
}
function stageName({ identifier, refName, name }) {
    return identifier ?? refName ?? name;
}
/** The stage of jobs that have none: classic builds, and servers from before stages. */
function adoptedStage(jobs) {
    return { ...summed(core_nodes/* unnamed */.p1, jobs), displayName: undefined, waits: [], jobs };
}
const kinds = {
    "Checkpoint.Approval": "approval",
    "Checkpoint.Authorization": "authorization",
};
function waitOf(record, home) {
    const { id, status, result, startedAt, finishedAt, attempt, issues } = record;
    const kind = kinds[record.type] ?? "check";
    const stage = home === undefined ? null : stageName(home);
    const stageTitle = home === undefined ? undefined : titleOf(home);
    return { kind, id, stage, stageTitle, status, result, startedAt, finishedAt, attempt, issues };
}
/** What nobody named, or with nothing that could be seen, is not shown to people. */
function shown(name) {
    return name === core_nodes/* unnamed */.p1 || (0,core_text/* oneLine */.TN)(name) === "" ? undefined : name;
}
function facts(record) {
    const { id, status, result, startedAt, finishedAt, attempt, logId, issues } = record;
    return { id, status, result, startedAt, finishedAt, attempt, logId, issues };
}
/** `Compile` for `Build.Compile.__default`, `Compile.linux` for `Build.Compile.linux`. */
function jobName({ identifier, refName }, prefix) {
    const whole = identifier ?? refName ?? undefined;
    const inStage = whole?.startsWith(`${prefix}.`) ? whole.slice(prefix.length + 1) : whole;
    const name = inStage?.endsWith(`.${core_nodes/* unnamed */.p1}`) ? inStage.slice(0, -core_nodes/* unnamed */.p1.length - 1) : inStage;
    return identifier === null && name === core_nodes/* unnamed */.p1 ? undefined : name;
}
function counts(record, parts) {
    const of = (severity) => record.issues.filter((issue) => issue.severity === severity).length;
    const { errors, warnings } = (0,core_nodes/* countsOf */.mQ)(parts);
    return { errors: of("error") + errors, warnings: of("warning") + warnings };
}
const worst = [
    "failed",
    "canceled",
    "abandoned",
    "succeededWithIssues",
    "succeeded",
];
function summed(id, parts) {
    const status = statusOf(parts);
    const starts = parts.map((part) => part.startedAt).filter((at) => at !== null);
    const ends = parts.map((part) => part.finishedAt).filter((at) => at !== null);
    const result = worst.find((word) => parts.some((part) => part.result === word)) ?? "skipped";
    return {
        id,
        name: core_nodes/* unnamed */.p1,
        status,
        result: status === "completed" ? result : null,
        startedAt: starts.sort()[0] ?? null,
        finishedAt: status === "completed" ? (ends.sort().at(-1) ?? null) : null,
        attempt: Math.max(1, ...parts.map((part) => part.attempt)),
        logId: null,
        issues: [],
        ...(0,core_nodes/* countsOf */.mQ)(parts),
    };
}
function statusOf(parts) {
    if (parts.every((part) => part.status === "completed"))
        return "completed";
    return parts.every((part) => part.status === "pending") ? "pending" : "inProgress";
}

// EXTERNAL MODULE: ./build/core/records.js
var core_records = __nccwpck_require__(5336);
;// CONCATENATED MODULE: ./build/core/lineage.js

const retried = new Set(["Stage", "Phase", "Job"]);
function lineageOf(records) {
    const latest = latestAttempts(records);
    const isReplaced = (record) => retried.has(record.type) && record.attempt < (latest.get((0,core_records/* versionKey */._)(record)) ?? 0);
    const byType = Map.groupBy(records.values(), (record) => record.type);
    const nearest = (record, isIt) => {
        let ancestor = records.get(record.parentId ?? "");
        // Real trees are five deep. A longer chain is a circle.
        for (let hop = 0; hop < 12 && ancestor !== undefined; hop += 1) {
            if (isIt(ancestor))
                return ancestor;
            ancestor = records.get(ancestor.parentId ?? "");
        }
        return undefined;
    };
    // What hangs below a replaced record belongs to the earlier attempt, and goes with it.
    const isPast = (record) => latest.size > 0 && (isReplaced(record) || nearest(record, isReplaced) !== undefined);
    return {
        ofType: (type) => (byType.get(type) ?? []).filter((record) => !isPast(record)),
        above: (record, type) => nearest(record, (ancestor) => ancestor.type === type),
    };
}
/** Polls that ask only for what changed leave earlier attempts lying about. */
function latestAttempts(records) {
    const latest = new Map();
    for (const record of records.values()) {
        if (record.attempt < 2)
            continue;
        const key = (0,core_records/* versionKey */._)(record);
        if (record.attempt > (latest.get(key) ?? 0))
            latest.set(key, record.attempt);
    }
    return latest;
}
/** By the service's own order; checkpoints and old servers have none, so then by time, name, id. */
function inOrder(a, b) {
    return ((a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) ||
        compare(a.startedAt ?? "~", b.startedAt ?? "~") ||
        compare(a.name, b.name) ||
        compare(a.id, b.id));
}
function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

;// CONCATENATED MODULE: ./build/core/tree.js



/** Never throws: records without a parent are adopted, circles and unknown types are left out. */
function treeOf(records) {
    const lineage = lineageOf(records);
    const stages = lineage.ofType("Stage").sort(inOrder);
    const homeOf = homes(lineage, stages);
    const tasksOf = Map.groupBy(tasksIn(lineage), (task) => lineage.above(task, "Job")?.id);
    const grown = new Map();
    for (const [home, units] of Map.groupBy(unitsIn(lineage), (unit) => homeOf(unit.head))) {
        const prefix = home ? stageName(home) : core_nodes/* unnamed */.p1;
        grown.set(home, units.sort((a, b) => inOrder(a.head, b.head)).flatMap((unit) => jobsOf(unit, prefix)));
    }
    for (const [home, jobs] of adopted(tasksOf.get(undefined) ?? [], homeOf)) {
        grown.set(home, [...(grown.get(home) ?? []), ...jobs]);
    }
    function jobsOf({ head, jobs }, prefix) {
        if (jobs.length === 0)
            return [standInJob(head, prefix)];
        return jobs.map((job, index) => {
            const tasks = (tasksOf.get(job.id) ?? []).sort(inOrder).map(taskNode);
            return jobNode({ job, phase: head, prefix, tasks, isFirst: index === 0, siblings: jobs });
        });
    }
    const waits = waitsIn(records, lineage);
    const nodes = stages.map((stage) => {
        const own = waits.filter((wait) => wait.stage === stageName(stage));
        return stageNode(stage, grown.get(stage) ?? [], own);
    });
    const homeless = grown.get(undefined);
    return { stages: homeless ? [...nodes, adoptedStage(homeless)] : nodes, waits };
}
function unitsIn(lineage) {
    const phases = new Set(lineage.ofType("Phase"));
    const byPhase = Map.groupBy(lineage.ofType("Job"), (job) => {
        const phase = lineage.above(job, "Phase");
        return phase !== undefined && phases.has(phase) ? phase : undefined;
    });
    return [
        ...[...phases].map((phase) => ({ head: phase, jobs: (byPhase.get(phase) ?? []).sort(inOrder) })),
        ...(byPhase.get(undefined) ?? []).map((job) => ({ head: job, jobs: [job] })),
    ];
}
/** What a check does in its own tasks is no work of the run. */
function tasksIn(lineage) {
    return lineage.ofType("Task").filter((task) => lineage.above(task, "Checkpoint") === undefined);
}
/** The stage of a record. One that lost its stage goes where its identifier points, or to the only stage there is. */
function homes(lineage, stages) {
    const byName = new Map(stages.map((stage) => [stageName(stage), stage]));
    return (record) => {
        const above = lineage.above(record, "Stage");
        if (above !== undefined && byName.get(stageName(above)) === above)
            return above;
        const named = byName.get(record.identifier?.split(".")[0] ?? "");
        return named ?? byName.get(core_nodes/* unnamed */.p1) ?? (stages.length === 1 ? stages[0] : undefined);
    };
}
/** Tasks whose job is not among the records: a job without a name for each that is missing. */
function adopted(tasks, homeOf) {
    const families = [...Map.groupBy(tasks, (task) => task.parentId ?? "").values()];
    const jobs = families.flatMap((family) => {
        const [eldest] = family;
        return eldest
            ? [{ home: homeOf(eldest), job: adoptedJob(family.sort(inOrder).map(taskNode), eldest) }]
            : [];
    });
    const byHome = [...Map.groupBy(jobs, ({ home }) => home)];
    return new Map(byHome.map(([home, members]) => [home, members.map(({ job }) => job)]));
}
function waitsIn(records, lineage) {
    const types = new Set(Array.from(records.values(), (record) => record.type));
    return [...types]
        .filter((type) => type.startsWith("Checkpoint."))
        .flatMap((type) => lineage.ofType(type))
        .sort(inOrder)
        .map((record) => waitOf(record, lineage.above(record, "Stage")));
}


/***/ }),

/***/ 8882:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   UO: () => (/* binding */ outputsOfArtifact),
/* harmony export */   jO: () => (/* binding */ outputText),
/* harmony export */   tq: () => (/* binding */ checkOutputName)
/* harmony export */ });
/* unused harmony export reservedOutputs */
/** What the action itself writes. Public. GitHub tells names of outputs apart without regard to case. */
const reservedOutputs = [
    "run-id",
    "run-name",
    "run-url",
    "status",
    "result",
    "commit",
    "queue-seconds",
    "run-seconds",
    "stages",
    "run",
    "final-yaml",
    "error-code",
];
/** Throws where an output of this name could not be written, or would hide one of the action's own. */
function checkOutputName(name) {
    if (name.trim() === "")
        throw new Error("the name of an output is blank");
    const shown = JSON.stringify(name);
    // `=` and `<` would end the name in the runner's file of outputs.
    if (/[\p{Cc}\u2028\u2029=<]/u.test(name) || name !== name.trim()) {
        throw new Error(`${shown} cannot be the name of an output`);
    }
    if (reservedOutputs.includes(name.toLowerCase())) {
        throw new Error(`${shown} is an output of the action itself; choose another name`);
    }
}
/** Strings as they are, nothing as blank, anything else as JSON. */
function outputText(value) {
    if (typeof value === "string")
        return value;
    if (value === null || value === undefined)
        return "";
    return JSON.stringify(value) ?? "";
}
/** Reads the one file of an outputs artifact: a JSON object, or `.env` as Node's `util.parseEnv` reads it. */
function outputsOfArtifact(fileName, text, parseEnv) {
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
    const value = parsed(fileName, content);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`expected one JSON object in ${JSON.stringify(fileName)}`);
    }
    return Object.entries(value);
}
function parsed(fileName, content) {
    try {
        return parseJson(content, asWritten);
    }
    catch (error) {
        // The parser's own words quote the text, which may hold what nobody should read.
        if (!(error instanceof SyntaxError))
            throw error;
        throw new Error(`${JSON.stringify(fileName)} is not valid JSON`);
    }
}
// Both are part of JavaScript since Node 22 and not yet of TypeScript's libraries.
const parseJson = JSON.parse;
const { rawJSON } = JSON;
/** A version such as 1.10 and a number of twenty digits stay what they are. */
function asWritten(_name, value, { source }) {
    return typeof value === "number" && source !== undefined && String(value) !== source
        ? rawJSON(source)
        : value;
}


/***/ }),

/***/ 9473:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ reasonOf),
/* harmony export */   RM: () => (/* binding */ calledOff),
/* harmony export */   aB: () => (/* binding */ PassingError),
/* harmony export */   bg: () => (/* binding */ mayPass),
/* harmony export */   lZ: () => (/* binding */ ActionError)
/* harmony export */ });
/* unused harmony export errorCodes */
/** Why the action could not do its job. Public: each has a section in docs/troubleshooting.md. */
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
]));
/** The action could not do its job. A run that failed is a verdict, never one of these. */
class ActionError extends Error {
    name = "ActionError";
    code;
    hint;
    constructor(code, message, details = {}) {
        super(message, { cause: details.cause });
        this.code = code;
        this.hint = details.hint;
    }
}
/** What went wrong, in the words of whatever was thrown. */
function reasonOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/** Why the signal came to a main step in a container: its post step has begun, and sees to the run. */
const calledOff = new Error("the post step has begun");
/** Something that may be gone the next time: a lost connection, a time-out, a gateway's 503. */
class PassingError extends Error {
    name = "PassingError";
    retryAfterMs;
    throttled;
    unsent;
    hint;
    constructor(message, details = {}) {
        super(message, { cause: details.cause });
        this.retryAfterMs = details.retryAfterMs;
        this.throttled = details.throttled ?? false;
        this.unsent = details.unsent ?? false;
        this.hint = details.hint;
    }
}
/** Whether it may be gone the next time: a refused token, or a mistake of our own, is no matter of time. */
function mayPass(error) {
    if (error instanceof ActionError)
        return error.code === "unreachable" || error.code === "busy";
    return error instanceof PassingError;
}


/***/ }),

/***/ 6694:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  K: () => (/* binding */ readInputs)
});

// EXTERNAL MODULE: ./build/core/expression.js + 1 modules
var core_expression = __nccwpck_require__(5442);
// EXTERNAL MODULE: ./build/core/sign-in-way.js
var sign_in_way = __nccwpck_require__(8963);
// EXTERNAL MODULE: ./build/core/values.js
var values = __nccwpck_require__(8882);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9473);
// EXTERNAL MODULE: ./build/inputs/fields.js + 5 modules
var fields = __nccwpck_require__(7688);
// EXTERNAL MODULE: ./build/core/project.js
var core_project = __nccwpck_require__(2591);
// EXTERNAL MODULE: ./build/inputs/where.js
var where = __nccwpck_require__(4639);
;// CONCATENATED MODULE: ./build/inputs/target.js


/** Puts together where and what, from the inputs or from a pasted address; mistakes go to `problems`. */
function targetOf(given, problems) {
    const known = problems.length;
    problems.push(...contradictions(given));
    const organization = given.url?.organization ?? given.organization;
    const project = given.url?.project ?? given.project;
    const runId = given.url?.runId ?? given.runId;
    const pipelineId = given.pipelineId ?? given.url?.pipelineId;
    const mistaken = (name) => problems.some((problem) => problem.startsWith(`${name}:`));
    if (!organization && !mistaken("organization") && !mistaken("url"))
        problems.push("organization: is missing");
    if (!project && !mistaken("project") && !mistaken("url"))
        problems.push("project: is missing");
    if (project === "." || project === "..")
        problems.push(`project: "${project}" is no project's name`);
    const target = runId === undefined ? startOf(given, pipelineId) : { kind: "follow", runId, pipelineId };
    if (runId !== undefined)
        problems.push(...onlyForStarts(given));
    if (target?.kind === "start" && target.pipeline.by === "name" && target.pipeline.name === "")
        problems.push(`pipeline-name: "${given.pipelineName}" is a folder; the pipeline's name is missing`);
    const named = ["pipeline-id", "pipeline-name", "run-id", "url"].some(mistaken);
    if (target === undefined && !named) {
        problems.push("pipeline-id: is missing; give it, or `pipeline-name`, `url` or `run-id`");
    }
    if (problems.length > known || !organization || !project || !target)
        return undefined;
    const statedProject = given.project !== undefined && (0,core_project/* isGuid */.W)(given.project) !== (0,core_project/* isGuid */.W)(project) ? given.project : undefined;
    return { place: { organization, project, statedProject }, target };
}
function startOf({ pipelineName }, pipelineId) {
    if (pipelineId !== undefined)
        return { kind: "start", pipeline: { by: "id", id: pipelineId } };
    if (pipelineName === undefined)
        return undefined;
    const cut = pipelineName.lastIndexOf("\\");
    const folder = cut < 0 ? undefined : `\\${pipelineName.slice(0, cut).replace(/^\\+|\\+$/g, "")}`;
    return { kind: "start", pipeline: { by: "name", folder, name: pipelineName.slice(cut + 1) } };
}
function contradictions({ url, ...given }) {
    const found = [];
    if (given.pipelineName !== undefined && (given.pipelineId ?? url?.pipelineId) !== undefined) {
        found.push(`pipeline-name: give either it or \`${given.pipelineId === undefined ? "url" : "pipeline-id"}\``);
    }
    if (url === undefined)
        return found;
    const differs = (name, mine, theirs) => {
        if (mine !== undefined && theirs !== undefined && mine !== theirs) {
            found.push(`${name}: ${mine} contradicts the input \`url\`, which says ${theirs}`);
        }
    };
    if (given.organization !== undefined && !(0,where/* sameOrganization */.Gw)(given.organization, url.organization)) {
        differs("organization", given.organization.base, url.organization.base);
    }
    if (!sameProject(given.project, url.project))
        differs("project", given.project, url.project);
    differs("pipeline-id", given.pipelineId, url.pipelineId);
    differs("run-id", given.runId, url.runId);
    if (given.runId !== undefined && url.runId === undefined) {
        found.push("run-id: contradicts the input `url`, which is the address of a pipeline, not of a run");
    }
    return found;
}
/** A name and a GUID may be the same project; only the service could tell. */
function sameProject(a, b) {
    return a === undefined || (0,core_project/* isGuid */.W)(a) !== (0,core_project/* isGuid */.W)(b) || a.toLowerCase() === b.toLowerCase();
}
function onlyForStarts(given) {
    const inputs = {
        "pipeline-name": given.pipelineName,
        ref: given.ref,
        commit: given.commit,
        parameters: given.parameters,
        variables: given.variables,
        "secret-variables": given.secretVariables,
        "stages-to-skip": given.stagesToSkip,
        resources: given.resources,
        "request-body": given.requestBody,
        preview: given.preview || undefined,
        "on-rerun": given.onRerun === "new" ? undefined : given.onRerun,
    };
    return Object.entries(inputs).flatMap(([name, value]) => value === undefined
        ? []
        : [`${name}: only makes sense for a run that is started, and this step follows one`]);
}

;// CONCATENATED MODULE: ./build/inputs.js






/** Reads every input before complaining, so that one run of the workflow shows every mistake. */
async function readInputs(get) {
    const problems = [];
    const values = await (0,fields/* readValues */.N$)(get, problems);
    const where = targetOf(values, problems);
    const way = wayIn(values, problems);
    checkTogether(values, problems);
    const mapOutputs = await compiled(values.mapOutputs ?? {}, problems);
    if (problems.length > 0 || where === undefined || way === undefined)
        throw mistakes(problems);
    // Every field with a default is there, or its problem was.
    return { ...values, ...where, way, mapOutputs };
}
function wayIn({ auth, ...values }, problems) {
    // Which way was meant is unknown while `auth` is misspelt, and so is what it needs.
    const choice = auth === undefined ? { problems: (0,sign_in_way/* formProblems */.Xw)(values) } : (0,sign_in_way/* signInWay */.M)({ ...values, auth });
    if ("way" in choice)
        return choice.way;
    problems.push(...unnamed(choice.problems, problems));
    return undefined;
}
/** What could not be read is not missing besides. */
function unnamed(more, known) {
    const nameIn = (problem) => problem.split(":")[0] ?? "";
    const named = new Set(known.map(nameIn));
    return more.filter((problem) => !named.has(nameIn(problem)));
}
function checkTogether(values, problems) {
    // Names are the same in upper and lower case to the service.
    const open = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
    for (const name of Object.keys(values.secretVariables ?? {})) {
        if (open.has(name.toLowerCase())) {
            problems.push(`secret-variables: "${name}" is among \`variables\` too`);
        }
    }
    if (values.wait === false) {
        const idle = {
            "outputs-artifact": values.outputsArtifact,
            "download-artifacts": values.downloadArtifacts,
        };
        for (const [name, value] of Object.entries(idle)) {
            if (value !== undefined)
                problems.push(`${name}: needs \`wait: true\`, since artifacts come when the run is completed`);
        }
    }
}
async function compiled(mapping, problems) {
    const outputs = [];
    const taken = new Set();
    for (const [name, expression] of Object.entries(mapping)) {
        try {
            (0,values/* checkOutputName */.tq)(name);
            if (taken.has(name.toLowerCase()))
                throw new Error("GitHub takes names in upper and lower case for one");
            taken.add(name.toLowerCase());
            outputs.push({ name, valueIn: await (0,core_expression/* compile */.wE)(expression) });
        }
        catch (error) {
            problems.push(`map-outputs: ${name}: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    return outputs;
}
function mistakes(problems) {
    return new errors/* ActionError */.lZ("bad-input", problems.join("\n"), { hint: "Correct the step's `with:` block." });
}


/***/ }),

/***/ 7688:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  OA: () => (/* binding */ fields),
  N$: () => (/* binding */ readValues),
  _y: () => (/* binding */ secretInputs)
});

// EXTERNAL MODULE: ./build/core/expression.js + 1 modules
var expression = __nccwpck_require__(5442);
// EXTERNAL MODULE: ./build/core/sign-in-way.js
var sign_in_way = __nccwpck_require__(8963);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9473);
;// CONCATENATED MODULE: ./build/inputs/duration.js
const units = { h: 3_600_000, m: 60_000, s: 1_000 };
/** Reads `10`, `10s`, `45m`, `2h`, `1h30m`: seconds, or numbers with units from large to small. Milliseconds. */
function durationMs(raw) {
    if (/^\d+$/.test(raw))
        return finite(Number(raw) * units.s, raw);
    const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(raw);
    if (!match || raw === "")
        throw new Error(`expected a duration such as 90s, 45m or 1h30m, got "${raw}"`);
    const [, h = "0", m = "0", s = "0"] = match;
    return finite(Number(h) * units.h + Number(m) * units.m + Number(s) * units.s, raw);
}
function finite(ms, raw) {
    if (ms > Number.MAX_SAFE_INTEGER)
        throw new Error(`the duration ${raw} is too long`);
    return ms;
}

;// CONCATENATED MODULE: ./build/inputs/yaml.js
const deepest = 100;
/** Aliases may not blow a document up beyond this many characters and nodes. */
const largest = 1024 * 1024;
// The library's own sentences quote the source, and the source may be a secret.
const sentences = {
    BAD_ALIAS: "a value that starts with * or & has to be quoted",
    BAD_DQ_ESCAPE: "unknown escape in double quotes; write \\\\ for a backslash, or use single quotes",
    BAD_INDENT: "the indentation does not fit, or a bracket is not closed",
    BAD_SCALAR_START: "a value that starts with @, ` or % has to be quoted",
    BLOCK_AS_IMPLICIT_KEY: "a value with a colon and a space in it has to be quoted, and names have to be indented alike",
    MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
    MULTIPLE_DOCS: "expected one document, got several",
    MULTILINE_IMPLICIT_KEY: "a name and its colon have to be on one line",
    RESOURCE_EXHAUSTION: "the document is nested too deeply",
    TAB_AS_INDENT: "tabs cannot indent, spaces can",
};
/** Reads YAML 1.2, and so JSON. `undefined` for a document with nothing in it. No message quotes a value. */
async function readTree(text) {
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
    const [mistake] = document.errors;
    if (mistake !== undefined)
        throw syntaxError(mistake, lines);
    const { contents } = document;
    if (contents === null || (yaml.isScalar(contents) && isNothing(contents)))
        return undefined;
    return treeOf(contents, { yaml, lines, anchored: anchorsOf(yaml, document), spent: 0 }, 0);
}
function isNothing({ source, type, tag }) {
    return type === "PLAIN" && tag === undefined && ["", "~", "null"].includes(source);
}
function treeOf(node, reading, depth) {
    const { yaml, lines, anchored } = reading;
    reading.spent += 1;
    if (depth > deepest)
        throw new Error(`the document is nested more than ${deepest} levels deep`);
    if (node === null)
        return { kind: "scalar", text: "", plain: true };
    checkTag(node, lines);
    if (yaml.isAlias(node)) {
        const target = anchored.get(node);
        if (target === undefined)
            throw at(node, lines, "a value that starts with * has to be quoted");
        return treeOf(target, reading, depth + 1);
    }
    if (yaml.isMap(node)) {
        return { kind: "map", entries: entriesOf(node.items, reading, depth) };
    }
    if (yaml.isSeq(node)) {
        const items = node.items;
        return { kind: "list", items: items.map((item) => treeOf(item, reading, depth + 1)) };
    }
    return scalarOf(node, reading);
}
function scalarOf({ source, type, tag }, reading) {
    reading.spent += source.length;
    if (reading.spent > largest)
        throw new Error("the document grows too large by its aliases");
    return { kind: "scalar", text: source, plain: type === "PLAIN" && tag === undefined };
}
function entriesOf(pairs, reading, depth) {
    const entries = new Map();
    for (const { key, value } of pairs) {
        const name = treeOf(key, reading, depth + 1);
        if (name.kind !== "scalar")
            throw at(key, reading.lines, `expected a name, got a ${wordOf(name)}`);
        if (name.plain && name.text === "")
            throw at(key, reading.lines, "a name is missing before the colon");
        if (entries.has(name.text))
            throw at(key, reading.lines, `the key "${name.text}" appears twice`);
        entries.set(name.text, treeOf(value, reading, depth + 1));
    }
    return entries;
}
/** For people. */
function wordOf({ kind }) {
    return { scalar: "text", list: "list", map: "mapping" }[kind];
}
function checkTag(node, lines) {
    if (node.tag === undefined || node.tag === "!")
        return;
    if (/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag))
        return;
    throw at(node, lines, "a value that starts with ! has to be quoted");
}
/** Each alias with the node that it stands for: the last one before it that bears the anchor. */
function anchorsOf(yaml, document) {
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
    return new Error(`${sentences[code] ?? "this is not valid YAML"} (line ${line}, column ${col})`);
}
function at(node, lines, message) {
    return new Error(`${message} (line ${lines.linePos(node.range[0]).line})`);
}

;// CONCATENATED MODULE: ./build/inputs/mapping.js

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Reads YAML 1.2, and so JSON: `1.10`, `yes`, `0x1F` and `True` stay what they are, a blank value is "". */
async function readMapping(text) {
    return [...(await entriesIn(text))].map(([name, tree]) => [name, nodeOf(tree)]);
}
/**
 * Reads a mapping whose values are numbers, booleans, nulls, strings, lists and mappings, for a JSON body.
 * A number that JavaScript would write otherwise (`1.10`, twenty digits) is a string: the service reads either.
 */
async function readJsonMapping(text) {
    const entries = [...(await entriesIn(text))].map(([name, tree]) => [name, jsonOf(tree)]);
    return Object.fromEntries(entries);
}
/** Reads a YAML list, or names one a line or with commas between them. Blank ones do not count. */
async function readList(text) {
    const items = isYamlList(text) ? await itemsIn(text) : plainItems(text);
    return items.map((item) => item.trim()).filter((item) => item !== "");
}
async function entriesIn(text) {
    if (text.trim() === "")
        return new Map();
    const tree = await readTree(text);
    if (tree === undefined)
        return new Map();
    if (tree.kind !== "map")
        throw new Error(`expected a mapping (name: value), got ${withArticle(tree)}`);
    return tree.entries;
}
function nodeOf(tree) {
    if (tree.kind === "scalar")
        return { kind: "scalar", text: tree.text };
    return { kind: tree.kind, json: jsonTextOf(tree) };
}
/** Numbers keep every digit that was written, which a detour over JavaScript's numbers would not. */
function jsonTextOf(tree) {
    if (tree.kind === "list")
        return `[${tree.items.map(jsonTextOf).join(",")}]`;
    if (tree.kind === "map") {
        const entries = [...tree.entries].map(([name, value]) => `${JSON.stringify(name)}:${jsonTextOf(value)}`);
        return `{${entries.join(",")}}`;
    }
    if (tree.plain && jsonNumber.test(tree.text))
        return tree.text;
    return JSON.stringify(jsonOf(tree));
}
function jsonOf(tree) {
    if (tree.kind === "list")
        return tree.items.map(jsonOf);
    if (tree.kind === "map") {
        return Object.fromEntries([...tree.entries].map(([name, value]) => [name, jsonOf(value)]));
    }
    const { text, plain } = tree;
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
/** Whether the first line that says something opens a YAML list, or a mapping where a list is wanted. */
function isYamlList(text) {
    const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*(#|---\s*$|$)/.test(line));
    return first !== undefined && /^\s*([[{]|-(\s|$))/.test(first);
}
async function itemsIn(text) {
    const tree = await readTree(text);
    if (tree === undefined)
        return [];
    if (tree.kind !== "list")
        throw new Error(`expected a list, got ${withArticle(tree)}`);
    return tree.items.map((item, index) => {
        if (item.kind === "scalar")
            return item.text;
        throw new Error(`expected a list of names, but item ${index + 1} is a ${wordOf(item)}`);
    });
}
function plainItems(text) {
    const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
    if (lines.length > 0 && lines.every((line) => /^\s*[\w.-]+:(\s|$)/.test(line))) {
        throw new Error("expected a list, got a mapping");
    }
    return lines.flatMap((line) => line.split(","));
}
function withArticle(tree) {
    return tree.kind === "scalar" ? "text; put a space behind the colon" : `a ${wordOf(tree)}`;
}

// EXTERNAL MODULE: ./build/core/merge.js
var merge = __nccwpck_require__(4194);
;// CONCATENATED MODULE: ./build/inputs/mappings.js


/** Template parameters: a scalar as it was written, a list or a mapping as JSON text. */
async function parameterMapping(raw) {
    const mapping = await readMapping(raw);
    return Object.fromEntries(mapping.map(([name, node]) => [name, node.kind === "scalar" ? node.text : node.json]));
}
/** Variables are texts: one with a list or a mapping for a value cannot be meant. */
function variableMapping(raw) {
    return scalarsOnly(raw, "a variable takes one text; to hand over more, use `parameters`");
}
/** Output names to expressions. */
function textMapping(raw) {
    return scalarsOnly(raw, "expected an expression");
}
const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];
/** What the request's `resources` take: of each kind that is known, a mapping of aliases to mappings. */
async function resourcesMapping(raw) {
    const resources = await readJsonMapping(raw);
    for (const kind of resourceKinds) {
        const aliases = resources[kind];
        if (aliases === undefined)
            continue;
        if (!(0,merge/* isJsonObject */.O)(aliases))
            throw new Error(`"${kind}" takes a mapping of aliases, as in ${example(kind)}`);
        const [odd] = Object.entries(aliases).find(([, resource]) => !(0,merge/* isJsonObject */.O)(resource)) ?? [];
        if (odd !== undefined)
            throw new Error(`"${odd}" in "${kind}" takes a mapping, as in ${example(kind)}`);
    }
    return resources;
}
function example(kind) {
    return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}
/** The request's own fields. A preview is no start: the answer would name no run. */
async function bodyMapping(raw) {
    const body = await readJsonMapping(raw);
    // The service passes over the case of names.
    const preview = Object.entries(body).find(([name, value]) => /^previewRun$/i.test(name) && isMeant(value));
    if (preview !== undefined) {
        throw new Error(`"${preview[0]}" starts no run; take it out and use the input \`preview\``);
    }
    return body;
}
/** Whether anything but some spelling of false was written. */
function isMeant(value) {
    return !/^(false|null|0|)$/i.test(String(value).trim());
}
async function scalarsOnly(raw, why) {
    const mapping = await readMapping(raw);
    return Object.fromEntries(mapping.map(([name, node]) => {
        if (node.kind === "scalar")
            return [name, node.text];
        throw new Error(`"${name}" has a ${node.kind === "list" ? "list" : "mapping"} for its value; ${why}`);
    }));
}

// EXTERNAL MODULE: ./build/core/pem.js
var pem = __nccwpck_require__(8920);
;// CONCATENATED MODULE: ./build/inputs/scalars.js

/** `true` or `false` in any case; `yes`, `1` and the like are questions, not answers. */
function flag(raw) {
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
/** A parser that takes exactly these words. */
function oneOf(...words) {
    return (raw) => {
        const found = words.find((word) => word === raw);
        if (found === undefined)
            throw new Error(`expected ${words.slice(0, -1).join(", ")} or ${words.at(-1)}, got "${raw}"`);
        return found;
    };
}
/** A name or a path, on one line. */
function singleLine(raw) {
    if (/[\r\n\0]/.test(raw))
        throw new Error("expected one line of text");
    return raw;
}
/** `main` means the branch; `refs/…` stands as it is. */
function fullRef(raw) {
    // What ends where its name should begin is a variable that was blank.
    if (/\s|\/$|^refs\/[^/]*$/.test(raw)) {
        throw new Error(`expected a branch, a tag or a full ref, got "${raw}"`);
    }
    return raw.startsWith("refs/") ? raw : `refs/heads/${raw}`;
}
/** Of a commit, whole or its first seven digits and more. */
function commitHash(raw) {
    if (!/^[0-9a-f]{7,64}$/i.test(raw)) {
        throw new Error(`expected a commit's hash (7 to 64 hexadecimal digits), got "${raw}"; a branch goes into \`ref\``);
    }
    return raw;
}
function apiVersion(raw) {
    if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(raw))
        throw new Error(`expected a version such as 7.1, got "${raw}"`);
    return raw;
}
/** PEM text with a private key and a certificate in it, as it was given. */
function certificate(raw) {
    (0,pem/* keyAndCertificates */.d)(raw);
    return raw;
}

// EXTERNAL MODULE: ./build/inputs/where.js
var where = __nccwpck_require__(4639);
;// CONCATENATED MODULE: ./build/inputs/fields.js








/** One row per input of action.yml, in its order. */
const fields = {
    organization: optional("organization", where/* organizationOf */.d1),
    project: optional("project", singleLine),
    pipelineId: optional("pipeline-id", positiveInteger),
    pipelineName: optional("pipeline-name", singleLine),
    url: optional("url", where/* pastedAddress */.O_),
    runId: optional("run-id", positiveInteger),
    ref: optional("ref", fullRef),
    commit: optional("commit", commitHash),
    parameters: yaml("parameters", parameterMapping),
    variables: yaml("variables", variableMapping),
    secretVariables: yaml("secret-variables", variableMapping),
    stagesToSkip: optional("stages-to-skip", readList),
    resources: yaml("resources", resourcesMapping),
    requestBody: yaml("request-body", bodyMapping),
    tags: optional("tags", readList),
    preview: defaulted("preview", flag, "false"),
    auth: defaulted("auth", oneOf(...sign_in_way/* authChoices */.Fe), "auto"),
    token: secret("token", fields_text),
    tenantId: optional("tenant-id", singleLine),
    clientId: optional("client-id", singleLine),
    clientSecret: secret("client-secret", fields_text),
    clientCertificate: secret("client-certificate", certificate),
    refreshToken: secret("refresh-token", fields_text),
    redirectUri: optional("redirect-uri", singleLine),
    tokenUrl: optional("token-url", singleLine),
    scope: defaulted("scope", singleLine, sign_in_way/* azureDevOpsScope */.vS),
    wait: defaulted("wait", flag, "true"),
    pollIntervalMs: defaulted("poll-interval", atLeastOneSecond, "10s"),
    timeoutMs: optional("timeout", atLeastOneSecond),
    onTimeout: defaulted("on-timeout", oneOf("fail", "cancel", "leave"), "fail"),
    stopWhen: defaulted("stop-when", expression/* compile */.wE, "status == 'completed'"),
    successWhen: defaulted("success-when", expression/* compile */.wE, "result == 'succeeded' || status != 'completed'"),
    cancelOnAbort: optional("cancel-on-abort", flag),
    onRerun: defaulted("on-rerun", oneOf("new", "attach", "retry-failed"), "new"),
    rerunKey: optional("rerun-key", singleLine),
    logs: defaulted("logs", oneOf("failed", "all", "none"), "failed"),
    summary: defaulted("summary", flag, "true"),
    checkRun: optional("check-run", singleLine),
    commitStatus: optional("commit-status", singleLine),
    githubToken: secret("github-token", singleLine),
    mapOutputs: yaml("map-outputs", textMapping),
    outputsArtifact: optional("outputs-artifact", singleLine),
    downloadArtifacts: optional("download-artifacts", readList),
    artifactsPath: defaulted("artifacts-path", singleLine, "artifacts"),
    apiVersion: defaulted("api-version", apiVersion, "7.1"),
};
/** The names of inputs whose whole value is a secret. */
const secretInputs = Object.values(fields)
    .filter(({ isSecret }) => isSecret)
    .map(({ name }) => name);
/** Reads every input and collects every mistake, each with its input's name in front. */
async function readValues(get, problems) {
    const entries = [];
    for (const [key, field] of Object.entries(fields)) {
        const given = get(field.name);
        const raw = (field.indented && given.trim() !== "" ? given.trimEnd() : given.trim()) || field.fallback;
        if (raw === undefined)
            continue;
        try {
            entries.push([key, await field.parse(raw)]);
        }
        catch (error) {
            problems.push(`${field.name}: ${(0,errors/* reasonOf */.A3)(error)}`);
        }
    }
    return Object.fromEntries(entries);
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
function fields_text(raw) {
    return raw;
}
function atLeastOneSecond(raw) {
    const ms = durationMs(raw);
    if (ms < 1_000)
        throw new Error(`must be at least 1s, got "${raw}"`);
    return ms;
}


/***/ }),

/***/ 4639:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Gw: () => (/* binding */ sameOrganization),
/* harmony export */   O_: () => (/* binding */ pastedAddress),
/* harmony export */   d1: () => (/* binding */ organizationOf),
/* harmony export */   kd: () => (/* binding */ isService)
/* harmony export */ });
/* harmony import */ var _core_loopback_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9729);

/** Reads a name (`contoso`) or an address (`https://server/tfs/DefaultCollection`). */
function organizationOf(raw) {
    if (!raw.includes("://")) {
        if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
            throw new Error(`expected a name such as contoso or an address with https://, got "${raw}"`);
        }
        return { base: `https://dev.azure.com/${encodeURIComponent(raw)}`, name: raw };
    }
    const url = safeUrl(raw);
    const segments = url.pathname.split("/").filter((segment) => segment !== "");
    if (isHosted(url) && segments.length !== 1) {
        throw new Error(`expected https://dev.azure.com/NAME and nothing behind it, got "${raw}"`);
    }
    if (isOldHost(url) && !isCollection(segments)) {
        throw new Error(`expected https://NAME.visualstudio.com and nothing behind it, got "${raw}"`);
    }
    return organizationAt(url, segments);
}
/** Reads `…/_build?definitionId=42` or `…/_build/results?buildId=345`, as pasted from the browser. */
function pastedAddress(raw) {
    const url = safeUrl(raw);
    const segments = url.pathname.split("/").filter((segment) => segment !== "");
    const mark = segments.findIndex((segment) => segment.toLowerCase() === "_build");
    const project = segments[mark - 1];
    const pipelineId = queryNumber(url, "definitionId");
    const runId = queryNumber(url, "buildId");
    const before = segments.slice(0, Math.max(0, mark - 1));
    const isMisplaced = isHosted(url) ? mark !== 2 : isOldHost(url) && !isCollection(before);
    if (mark < 1 || project === undefined || isMisplaced) {
        throw new Error("expected an address with ORGANIZATION/PROJECT/_build in it");
    }
    if (pipelineId === undefined && runId === undefined) {
        throw new Error("expected the address of a pipeline (definitionId=…) or of a run (buildId=…)");
    }
    return {
        organization: organizationAt(url, before),
        project: decoded(project),
        pipelineId,
        runId,
    };
}
/** Azure DevOps Services, and not a server of one's own. */
function isService({ base }) {
    const url = new URL(base);
    return isHosted(url) || isOldHost(url);
}
/** Whether two addresses mean the same organization: `contoso.visualstudio.com` is `dev.azure.com/contoso`. */
function sameOrganization(a, b) {
    return identityOf(a) === identityOf(b);
}
function safeUrl(raw) {
    const url = URL.parse(raw);
    if (url === null)
        throw new Error(`expected an address that starts with https://, got "${raw}"`);
    if (url.username !== "" || url.password !== "") {
        throw new Error("the address holds a user name or password; take it out and use the input `token`");
    }
    if (url.protocol !== "https:" && !(0,_core_loopback_js__WEBPACK_IMPORTED_MODULE_0__/* .isPlainLoopback */ .W)(url)) {
        throw new Error(`the address must start with https://, so that no token travels in the clear; got "${raw}"`);
    }
    return url;
}
function organizationAt(url, path) {
    const base = [url.origin, ...path].join("/");
    const [tenant = ""] = url.hostname.split(".");
    const name = isOldHost(url) ? tenant : decoded(path.at(-1) ?? url.host);
    return { base, name };
}
function isHosted(url) {
    return url.hostname === "dev.azure.com";
}
function isOldHost(url) {
    return url.hostname.endsWith(".visualstudio.com");
}
/** What may stand behind an organization's old host: nothing, or the one collection that it has. */
function isCollection(segments) {
    return segments.length === 0 || /^DefaultCollection$/i.test(segments.join("/"));
}
function identityOf(organization) {
    const { base, name } = organization;
    return (isService(organization) ? `hosted ${name}` : base).toLowerCase();
}
function queryNumber(url, name) {
    for (const [key, value] of url.searchParams) {
        if (key.toLowerCase() === name.toLowerCase() && /^[1-9]\d{0,15}$/.test(value))
            return Number(value);
    }
    return undefined;
}
function decoded(segment) {
    try {
        return decodeURIComponent(segment);
    }
    catch {
        return segment;
    }
}


/***/ }),

/***/ 9479:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _app_clean_up_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3223);
/* harmony import */ var _app_launch_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1953);
/* harmony import */ var _wiring_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8304);



// Red until there is a verdict: a process that ends by itself is never green.
process.exitCode = 1;
const world = (0,_wiring_js__WEBPACK_IMPORTED_MODULE_2__/* .outside */ .q)(process);
if (world.isPost) {
    await (0,_app_clean_up_js__WEBPACK_IMPORTED_MODULE_0__/* .cleanUp */ .n)(world);
    process.exitCode = 0;
}
else {
    process.exitCode = await (0,_app_launch_js__WEBPACK_IMPORTED_MODULE_1__/* .launch */ .q)(world);
}
world.close();
// Behind the last line: whatever is still under way has nobody left to wait for it.
process.stdout.write("", () => process.exit());

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 9987:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ annotationLines),
/* harmony export */   y: () => (/* binding */ coded)
/* harmony export */ });
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6067);

/** GitHub cuts a message at 4,096. */
const longest = 4_000;
/**
 * The run's own issues as annotations, first causes first, and a line that counts the rest.
 * `fileOf` answers with the path in this repository of a path in the sources that were built, where it has one.
 */
function annotationLines({ errors, warnings, moreErrors, moreWarnings }, fileOf) {
    const rest = [
        moreErrors > 0 ? (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(moreErrors, "more error") : "",
        moreWarnings > 0 ? (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(moreWarnings, "more warning") : "",
    ].filter(Boolean);
    return [
        ...errors.map((cause) => annotation("error", cause, fileOf)),
        ...warnings.map((cause) => annotation("warning", cause, fileOf)),
        ...(rest.length > 0 ? [{ type: "text", text: `And ${rest.join(" and ")} in the run.` }] : []),
    ];
}
/** With the code that a compiler gave it, which is what people search for. */
function coded(text, issue) {
    return issue?.code && text !== "" && !text.includes(issue.code) ? `${issue.code}: ${text}` : text;
}
function annotation(type, { path, message, issue }, fileOf) {
    const file = issue?.file === undefined ? undefined : fileOf(issue.file);
    const text = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((message ?? "").trim(), longest);
    const title = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .clip */ .$Q)((0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(path), 200);
    // A line in a file that is not here would be a line of another file.
    const place = file === undefined ? {} : { file, line: issue?.line, column: issue?.column };
    return {
        type,
        text: coded(text, issue),
        title,
        ...place,
    };
}


/***/ }),

/***/ 930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Aq: () => (/* binding */ timesText),
/* harmony export */   Ax: () => (/* binding */ shortCommit),
/* harmony export */   EL: () => (/* binding */ outcomeText),
/* harmony export */   Z4: () => (/* binding */ endText),
/* harmony export */   jR: () => (/* binding */ headLine),
/* harmony export */   kY: () => (/* binding */ failureText),
/* harmony export */   m3: () => (/* binding */ shortRef),
/* harmony export */   oh: () => (/* binding */ failureMessage),
/* harmony export */   u_: () => (/* binding */ runLine)
/* harmony export */ });
/* harmony import */ var _core_duration_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(1420);
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6067);
/* harmony import */ var _core_timings_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(149);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9987);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8712);





/** `contoso / web · deploy (42) · main at 4f2c1e9` */
function headLine({ organization, project, pipeline, pipelineId, ref, commit }) {
    const id = pipelineId === null ? "" : ` (${pipelineId})`;
    const source = sourceText(ref, commit);
    const parts = [`${organization} / ${project}`, `${pipeline}${id}`, ...(source ? [source] : [])];
    return { type: "text", text: parts.map(_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN).join(" · ") };
}
/** `main at 4f2c1e9`; blank while neither is known. */
function sourceText(ref, commit) {
    return [shortRef(ref), shortCommit(commit)].filter(Boolean).join(" at ");
}
/** `main` for `refs/heads/main`; blank while unknown. */
function shortRef(ref) {
    return (0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(ref?.replace(/^refs\/(?:heads|tags)\//, "") ?? "");
}
function shortCommit(commit) {
    return (0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(commit?.slice(0, 7) ?? "");
}
/** `Started 20261122.3: https://…`, or what else was done with it: `Following`, `Retrying`. */
function runLine(verb, run) {
    return { type: "text", text: `${verb} ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(run.name)}: ${run.url}` };
}
/** `✔ 20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval). https://…` */
function endText(run, tree) {
    const mark = run.result === null ? "■" : _words_js__WEBPACK_IMPORTED_MODULE_0__/* .runMarks */ .Mh[run.result];
    return `${mark} ${outcomeText(run, tree)}. ${run.url}`;
}
/** The same, where mark and address have their own places. */
function outcomeText(run, tree) {
    const times = timesText(run, tree);
    return `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .runSentence */ .nm)(run)}${times && `: ${times}`}`;
}
/** `waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval)`; what is not known is left out. */
function timesText(run, tree) {
    const { queueMs, runMs, queueWaits, runWaits } = (0,_core_timings_js__WEBPACK_IMPORTED_MODULE_2__/* .timingsOf */ .Ld)(run, tree);
    const queue = queueMs === undefined ? [] : [`waited ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(queueMs)}${waitsText(queueWaits)}`];
    const ran = runMs === undefined ? [] : [`ran ${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(runMs)}${waitsText(runWaits)}`];
    return [...queue, ...ran].join(", ");
}
function waitsText(waits) {
    const parts = waits.map(({ kind, ms }) => `${(0,_core_duration_js__WEBPACK_IMPORTED_MODULE_3__/* .durationText */ .S5)(ms)} of it for ${_words_js__WEBPACK_IMPORTED_MODULE_0__/* .waitedWords */ .iV[kind]}`);
    return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
/** The one error of a run that did not end as it should: result, first causes, address. */
function failureMessage(run, causes) {
    return `${failureText(run, causes)} ${run.url}`;
}
/** The same, where the address has its own place. */
function failureText(run, causes) {
    const [first, ...others] = causes;
    if (run.result === "succeeded" || run.result === null) {
        // What went wrong in a run that goes on is why a gate stays shut.
        const cause = first === undefined || run.result !== null ? "" : ` ${causeText(first)}`;
        return `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .runSentence */ .nm)(run)}, and success-when does not hold.${cause}`;
    }
    if (first === undefined)
        return `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .runSentence */ .nm)(run)}.`;
    const place = first.path === "" ? "" : `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .placeWord */ .eS)(run)} ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first.path)}`;
    const elsewhere = otherPlaces(first, others);
    const also = elsewhere.length > 0 ? ` Also failed: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .listed */ .KE)(elsewhere)}.` : "";
    return `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .runSentence */ .nm)(run)}${place}${messageText(first)}${also}`;
}
/** `Staging › Smoke tests › Run curl: the health check failed.` */
function causeText(cause) {
    const text = `${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause.path)}${messageText(cause)}`.replace(/^: /, "");
    return cause.message === undefined ? `Failed: ${text}` : text;
}
function messageText({ message, issue }) {
    const text = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .clip */ .$Q)((0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)((0,_annotations_js__WEBPACK_IMPORTED_MODULE_4__/* .coded */ .y)(message ?? "", issue)), 300);
    if (text === "")
        return ".";
    return /[.!?…]$/.test(text) ? `: ${text}` : `: ${text}.`;
}
/** Other tasks that failed by themselves: a job's echo of its task is no other place. */
function otherPlaces(first, others) {
    const placeOf = ({ jobId, taskId }) => `${jobId}/${taskId}`;
    const failed = others.filter((cause) => !cause.isConsequence && placeOf(cause) !== placeOf(first));
    return [...new Map(failed.map((cause) => [placeOf(cause), (0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause.path)])).values()];
}


/***/ }),

/***/ 5120:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   FV: () => (/* binding */ escapeMarkdown),
/* harmony export */   SS: () => (/* binding */ codeSpan),
/* harmony export */   jD: () => (/* binding */ tableRow),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   zW: () => (/* binding */ fencedBlock)
/* harmony export */ });
/* unused harmony export safeUrl */
/* harmony import */ var _core_loopback_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9729);
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6067);


/**
 * Other people's text in our Markdown.
 *
 * Backslashes stop what Markdown's own parser does; what GitHub does to the finished page (mentions, references,
 * emoji names, bare addresses) looks at the text as it reads, so there the word itself is broken by a space
 * of no width, as an entity: it shows in a review.
 */
const gap = "&#8203;";
// What would mean something to GitHub: @name, #12, GH-12, :name:, x://, www., and a commit's hash.
const meaningful = new RegExp([
    String.raw `@(?=[\p{L}\p{N}_-])`,
    String.raw `#(?=\d)`,
    String.raw `(?<![a-z\d])GH-(?=\d)`,
    String.raw `:(?=//|[\w+-]+:)`,
    String.raw `www(?=\.)`,
    String.raw `(?<![a-z\d])(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{3}(?=[\da-f]{4,37}(?![a-z\d]))`,
].join("|"), "giu");
// What opens something anywhere in a line. An underscore within a word does not.
const markup = /[\\`*[\]<>|~$]|&(?=#?\w+;)|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu;
// And what does at its beginning: headings, lists, rules, underlines.
const opening = /^(?:[-+=#]|\d{1,9}[.)](?=\s|$))/;
/** One line of text that shows as it is: no markup, no link, no mention, no HTML, no end of a table's cell. */
function escapeMarkdown(text) {
    const line = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(text);
    let done = 0;
    let escaped = "";
    for (const { 0: word, index } of line.matchAll(meaningful)) {
        escaped += `${withoutMarkup(line.slice(done, index + word.length))}${gap}`;
        done = index + word.length;
    }
    escaped += withoutMarkup(line.slice(done));
    return escaped.replace(opening, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}
function withoutMarkup(text) {
    return text.replaceAll(markup, String.raw `\$&`);
}
/** Text in a fixed width, where nothing but a backtick means anything. Not for tables: a `|` ends their cells even here. */
function codeSpan(text) {
    const line = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(text);
    if (line === "")
        return "";
    const fence = "`".repeat(longestRun(line) + 1);
    const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
    return `${fence}${pad}${line}${pad}${fence}`;
}
/** Lines as they are. The fence is longer than any within; controls and colours are dropped. */
function fencedBlock(lines, language = "text") {
    const clean = lines.flatMap((line) => line.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).map(_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$);
    const fence = "`".repeat(Math.max(3, longestRun(clean.join("\n")) + 1));
    return `${fence}${language}\n${clean.map((line) => `${line}\n`).join("")}${fence}`;
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
    const place = `${parsed.pathname}${parsed.search}${parsed.hash}`;
    if (parsed.protocol !== "https:" && !(0,_core_loopback_js__WEBPACK_IMPORTED_MODULE_1__/* .isPlainLoopback */ .W)(parsed))
        return undefined;
    if (parsed.username !== "" || parsed.password !== "")
        return undefined;
    return parsed.origin + place.replaceAll(/[()<>[\]\\`|"'{}^*~;\s]/g, percent);
}
function percent(char) {
    return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
function longestRun(text) {
    return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}


/***/ }),

/***/ 8712:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   D6: () => (/* binding */ resultText),
/* harmony export */   Kr: () => (/* binding */ passedWords),
/* harmony export */   Mh: () => (/* binding */ runMarks),
/* harmony export */   Z8: () => (/* binding */ marks),
/* harmony export */   eS: () => (/* binding */ placeWord),
/* harmony export */   iV: () => (/* binding */ waitedWords),
/* harmony export */   jJ: () => (/* binding */ waitWords),
/* harmony export */   nm: () => (/* binding */ runSentence)
/* harmony export */ });
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6067);

/** Before an end of a stage, a job or a task. */
const marks = {
    succeeded: "✔",
    succeededWithIssues: "⚠",
    failed: "✘",
    canceled: "⊘",
    skipped: "⏭",
    abandoned: "⊘",
};
const runWords = {
    succeeded: "succeeded",
    partiallySucceeded: "partially succeeded",
    failed: "failed",
    canceled: "was canceled",
};
const runMarks = {
    succeeded: "✔",
    partiallySucceeded: "⚠",
    failed: "✘",
    canceled: "⊘",
};
/** Completes "waits for …". */
const waitWords = {
    approval: "approval",
    authorization: "permission to use a resource",
    check: "a check",
};
/** Completes "▶ Staging, … 1 min 21 s". */
const passedWords = {
    approval: "approved after",
    authorization: "permitted after",
    check: "checks passed after",
};
/** Completes "waited 1 min 21 s for …". */
const waitedWords = {
    approval: "approval",
    authorization: "permission",
    check: "checks",
};
const statusWords = {
    notStarted: "is still in the queue",
    postponed: "is postponed",
    inProgress: "is still running",
    canceling: "is being canceled",
    completed: "ended without a result",
};
/** `20261122.3 failed`, `20261122.3 is still running`. */
function runSentence(run) {
    return `${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(run.name)} ${resultText(run) ?? statusWords[run.status]}`;
}
/** A run fails in a place; otherwise something is amiss there. */
function placeWord({ result }) {
    return result === "partiallySucceeded" ? ", with errors in" : " in";
}
/** `failed`, also for a word that only the service knows; `undefined` while there is no result. */
function resultText({ result, strangeResult }) {
    if (strangeResult !== undefined)
        return `ended as "${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(strangeResult)}", taken as failed`;
    return result === null ? undefined : runWords[result];
}


/***/ }),

/***/ 5865:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ claimsOf)
/* harmony export */ });
/** The claims of a signed JWT, unverified, or undefined where the text is none. */
function claimsOf(text) {
    const parts = text.split(".");
    if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part)))
        return undefined;
    const [header = "", payload = ""] = parts;
    const head = jsonOf(header);
    if (head === undefined || !("alg" in head || "typ" in head))
        return undefined;
    return jsonOf(payload) ?? {};
}
function jsonOf(part) {
    try {
        const value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
        return typeof value === "object" && value !== null && !Array.isArray(value)
            ? value
            : undefined;
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 8304:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  q: () => (/* binding */ outside)
});

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
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
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
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
// EXTERNAL MODULE: external "http"
var external_http_ = __nccwpck_require__(8611);
var external_http_namespaceObject = /*#__PURE__*/__nccwpck_require__.t(external_http_, 2);
// EXTERNAL MODULE: external "https"
var external_https_ = __nccwpck_require__(5692);
var external_https_namespaceObject = /*#__PURE__*/__nccwpck_require__.t(external_https_, 2);
;// CONCATENATED MODULE: ./node_modules/@actions/http-client/lib/proxy.js
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
// EXTERNAL MODULE: ./node_modules/tunnel/index.js
var tunnel = __nccwpck_require__(770);
// EXTERNAL MODULE: ./stand-ins/undici/index.js
var undici = __nccwpck_require__(9926);
;// CONCATENATED MODULE: ./node_modules/@actions/http-client/lib/index.js
/* eslint-disable @typescript-eslint/no-explicit-any */
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};





var HttpCodes;
(function (HttpCodes) {
    HttpCodes[HttpCodes["OK"] = 200] = "OK";
    HttpCodes[HttpCodes["MultipleChoices"] = 300] = "MultipleChoices";
    HttpCodes[HttpCodes["MovedPermanently"] = 301] = "MovedPermanently";
    HttpCodes[HttpCodes["ResourceMoved"] = 302] = "ResourceMoved";
    HttpCodes[HttpCodes["SeeOther"] = 303] = "SeeOther";
    HttpCodes[HttpCodes["NotModified"] = 304] = "NotModified";
    HttpCodes[HttpCodes["UseProxy"] = 305] = "UseProxy";
    HttpCodes[HttpCodes["SwitchProxy"] = 306] = "SwitchProxy";
    HttpCodes[HttpCodes["TemporaryRedirect"] = 307] = "TemporaryRedirect";
    HttpCodes[HttpCodes["PermanentRedirect"] = 308] = "PermanentRedirect";
    HttpCodes[HttpCodes["BadRequest"] = 400] = "BadRequest";
    HttpCodes[HttpCodes["Unauthorized"] = 401] = "Unauthorized";
    HttpCodes[HttpCodes["PaymentRequired"] = 402] = "PaymentRequired";
    HttpCodes[HttpCodes["Forbidden"] = 403] = "Forbidden";
    HttpCodes[HttpCodes["NotFound"] = 404] = "NotFound";
    HttpCodes[HttpCodes["MethodNotAllowed"] = 405] = "MethodNotAllowed";
    HttpCodes[HttpCodes["NotAcceptable"] = 406] = "NotAcceptable";
    HttpCodes[HttpCodes["ProxyAuthenticationRequired"] = 407] = "ProxyAuthenticationRequired";
    HttpCodes[HttpCodes["RequestTimeout"] = 408] = "RequestTimeout";
    HttpCodes[HttpCodes["Conflict"] = 409] = "Conflict";
    HttpCodes[HttpCodes["Gone"] = 410] = "Gone";
    HttpCodes[HttpCodes["TooManyRequests"] = 429] = "TooManyRequests";
    HttpCodes[HttpCodes["InternalServerError"] = 500] = "InternalServerError";
    HttpCodes[HttpCodes["NotImplemented"] = 501] = "NotImplemented";
    HttpCodes[HttpCodes["BadGateway"] = 502] = "BadGateway";
    HttpCodes[HttpCodes["ServiceUnavailable"] = 503] = "ServiceUnavailable";
    HttpCodes[HttpCodes["GatewayTimeout"] = 504] = "GatewayTimeout";
})(HttpCodes || (HttpCodes = {}));
var Headers;
(function (Headers) {
    Headers["Accept"] = "accept";
    Headers["ContentType"] = "content-type";
})(Headers || (Headers = {}));
var MediaTypes;
(function (MediaTypes) {
    MediaTypes["ApplicationJson"] = "application/json";
})(MediaTypes || (MediaTypes = {}));
/**
 * Returns the proxy URL, depending upon the supplied url and proxy environment variables.
 * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
 */
function lib_getProxyUrl(serverUrl) {
    const proxyUrl = getProxyUrl(new URL(serverUrl));
    return proxyUrl ? proxyUrl.href : '';
}
const HttpRedirectCodes = [
    HttpCodes.MovedPermanently,
    HttpCodes.ResourceMoved,
    HttpCodes.SeeOther,
    HttpCodes.TemporaryRedirect,
    HttpCodes.PermanentRedirect
];
const HttpResponseRetryCodes = [
    HttpCodes.BadGateway,
    HttpCodes.ServiceUnavailable,
    HttpCodes.GatewayTimeout
];
const RetryableHttpVerbs = ['OPTIONS', 'GET', 'DELETE', 'HEAD'];
const ExponentialBackoffCeiling = 10;
const ExponentialBackoffTimeSlice = 5;
class HttpClientError extends Error {
    constructor(message, statusCode) {
        super(message);
        this.name = 'HttpClientError';
        this.statusCode = statusCode;
        Object.setPrototypeOf(this, HttpClientError.prototype);
    }
}
class HttpClientResponse {
    constructor(message) {
        this.message = message;
    }
    readBody() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                let output = Buffer.alloc(0);
                this.message.on('data', (chunk) => {
                    output = Buffer.concat([output, chunk]);
                });
                this.message.on('end', () => {
                    resolve(output.toString());
                });
            }));
        });
    }
    readBodyBuffer() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                const chunks = [];
                this.message.on('data', (chunk) => {
                    chunks.push(chunk);
                });
                this.message.on('end', () => {
                    resolve(Buffer.concat(chunks));
                });
            }));
        });
    }
}
function isHttps(requestUrl) {
    const parsedUrl = new URL(requestUrl);
    return parsedUrl.protocol === 'https:';
}
class lib_HttpClient {
    constructor(userAgent, handlers, requestOptions) {
        this._ignoreSslError = false;
        this._allowRedirects = true;
        this._allowRedirectDowngrade = false;
        this._maxRedirects = 50;
        this._allowRetries = false;
        this._maxRetries = 1;
        this._keepAlive = false;
        this._disposed = false;
        this.userAgent = this._getUserAgentWithOrchestrationId(userAgent);
        this.handlers = handlers || [];
        this.requestOptions = requestOptions;
        if (requestOptions) {
            if (requestOptions.ignoreSslError != null) {
                this._ignoreSslError = requestOptions.ignoreSslError;
            }
            this._socketTimeout = requestOptions.socketTimeout;
            if (requestOptions.allowRedirects != null) {
                this._allowRedirects = requestOptions.allowRedirects;
            }
            if (requestOptions.allowRedirectDowngrade != null) {
                this._allowRedirectDowngrade = requestOptions.allowRedirectDowngrade;
            }
            if (requestOptions.maxRedirects != null) {
                this._maxRedirects = Math.max(requestOptions.maxRedirects, 0);
            }
            if (requestOptions.keepAlive != null) {
                this._keepAlive = requestOptions.keepAlive;
            }
            if (requestOptions.allowRetries != null) {
                this._allowRetries = requestOptions.allowRetries;
            }
            if (requestOptions.maxRetries != null) {
                this._maxRetries = requestOptions.maxRetries;
            }
        }
    }
    options(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('OPTIONS', requestUrl, null, additionalHeaders || {});
        });
    }
    get(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('GET', requestUrl, null, additionalHeaders || {});
        });
    }
    del(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('DELETE', requestUrl, null, additionalHeaders || {});
        });
    }
    post(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('POST', requestUrl, data, additionalHeaders || {});
        });
    }
    patch(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PATCH', requestUrl, data, additionalHeaders || {});
        });
    }
    put(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PUT', requestUrl, data, additionalHeaders || {});
        });
    }
    head(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('HEAD', requestUrl, null, additionalHeaders || {});
        });
    }
    sendStream(verb, requestUrl, stream, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request(verb, requestUrl, stream, additionalHeaders);
        });
    }
    /**
     * Gets a typed object from an endpoint
     * Be aware that not found returns a null.  Other errors (4xx, 5xx) reject the promise
     */
    getJson(requestUrl_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, additionalHeaders = {}) {
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            const res = yield this.get(requestUrl, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    postJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.post(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    putJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.put(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    patchJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.patch(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    /**
     * Makes a raw http request.
     * All other methods such as get, post, patch, and request ultimately call this.
     * Prefer get, del, post and patch
     */
    request(verb, requestUrl, data, headers) {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._disposed) {
                throw new Error('Client has already been disposed.');
            }
            const parsedUrl = new URL(requestUrl);
            let info = this._prepareRequest(verb, parsedUrl, headers);
            // Only perform retries on reads since writes may not be idempotent.
            const maxTries = this._allowRetries && RetryableHttpVerbs.includes(verb)
                ? this._maxRetries + 1
                : 1;
            let numTries = 0;
            let response;
            do {
                response = yield this.requestRaw(info, data);
                // Check if it's an authentication challenge
                if (response &&
                    response.message &&
                    response.message.statusCode === HttpCodes.Unauthorized) {
                    let authenticationHandler;
                    for (const handler of this.handlers) {
                        if (handler.canHandleAuthentication(response)) {
                            authenticationHandler = handler;
                            break;
                        }
                    }
                    if (authenticationHandler) {
                        return authenticationHandler.handleAuthentication(this, info, data);
                    }
                    else {
                        // We have received an unauthorized response but have no handlers to handle it.
                        // Let the response return to the caller.
                        return response;
                    }
                }
                let redirectsRemaining = this._maxRedirects;
                while (response.message.statusCode &&
                    HttpRedirectCodes.includes(response.message.statusCode) &&
                    this._allowRedirects &&
                    redirectsRemaining > 0) {
                    const redirectUrl = response.message.headers['location'];
                    if (!redirectUrl) {
                        // if there's no location to redirect to, we won't
                        break;
                    }
                    const parsedRedirectUrl = new URL(redirectUrl);
                    if (parsedUrl.protocol === 'https:' &&
                        parsedUrl.protocol !== parsedRedirectUrl.protocol &&
                        !this._allowRedirectDowngrade) {
                        throw new Error('Redirect from HTTPS to HTTP protocol. This downgrade is not allowed for security reasons. If you want to allow this behavior, set the allowRedirectDowngrade option to true.');
                    }
                    // we need to finish reading the response before reassigning response
                    // which will leak the open socket.
                    yield response.readBody();
                    // strip authorization header if redirected to a different hostname
                    if (parsedRedirectUrl.hostname !== parsedUrl.hostname) {
                        for (const header in headers) {
                            // header names are case insensitive
                            if (header.toLowerCase() === 'authorization') {
                                delete headers[header];
                            }
                        }
                    }
                    // let's make the request with the new redirectUrl
                    info = this._prepareRequest(verb, parsedRedirectUrl, headers);
                    response = yield this.requestRaw(info, data);
                    redirectsRemaining--;
                }
                if (!response.message.statusCode ||
                    !HttpResponseRetryCodes.includes(response.message.statusCode)) {
                    // If not a retry code, return immediately instead of retrying
                    return response;
                }
                numTries += 1;
                if (numTries < maxTries) {
                    yield response.readBody();
                    yield this._performExponentialBackoff(numTries);
                }
            } while (numTries < maxTries);
            return response;
        });
    }
    /**
     * Needs to be called if keepAlive is set to true in request options.
     */
    dispose() {
        if (this._agent) {
            this._agent.destroy();
        }
        this._disposed = true;
    }
    /**
     * Raw request.
     * @param info
     * @param data
     */
    requestRaw(info, data) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => {
                function callbackForResult(err, res) {
                    if (err) {
                        reject(err);
                    }
                    else if (!res) {
                        // If `err` is not passed, then `res` must be passed.
                        reject(new Error('Unknown error'));
                    }
                    else {
                        resolve(res);
                    }
                }
                this.requestRawWithCallback(info, data, callbackForResult);
            });
        });
    }
    /**
     * Raw request with callback.
     * @param info
     * @param data
     * @param onResult
     */
    requestRawWithCallback(info, data, onResult) {
        if (typeof data === 'string') {
            if (!info.options.headers) {
                info.options.headers = {};
            }
            info.options.headers['Content-Length'] = Buffer.byteLength(data, 'utf8');
        }
        let callbackCalled = false;
        function handleResult(err, res) {
            if (!callbackCalled) {
                callbackCalled = true;
                onResult(err, res);
            }
        }
        const req = info.httpModule.request(info.options, (msg) => {
            const res = new HttpClientResponse(msg);
            handleResult(undefined, res);
        });
        let socket;
        req.on('socket', sock => {
            socket = sock;
        });
        // If we ever get disconnected, we want the socket to timeout eventually
        req.setTimeout(this._socketTimeout || 3 * 60000, () => {
            if (socket) {
                socket.end();
            }
            handleResult(new Error(`Request timeout: ${info.options.path}`));
        });
        req.on('error', function (err) {
            // err has statusCode property
            // res should have headers
            handleResult(err);
        });
        if (data && typeof data === 'string') {
            req.write(data, 'utf8');
        }
        if (data && typeof data !== 'string') {
            data.on('close', function () {
                req.end();
            });
            data.pipe(req);
        }
        else {
            req.end();
        }
    }
    /**
     * Gets an http agent. This function is useful when you need an http agent that handles
     * routing through a proxy server - depending upon the url and proxy environment variables.
     * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
     */
    getAgent(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        return this._getAgent(parsedUrl);
    }
    getAgentDispatcher(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        const proxyUrl = getProxyUrl(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (!useProxy) {
            return;
        }
        return this._getProxyAgentDispatcher(parsedUrl, proxyUrl);
    }
    _prepareRequest(method, requestUrl, headers) {
        const info = {};
        info.parsedUrl = requestUrl;
        const usingSsl = info.parsedUrl.protocol === 'https:';
        info.httpModule = usingSsl ? external_https_namespaceObject : external_http_namespaceObject;
        const defaultPort = usingSsl ? 443 : 80;
        info.options = {};
        info.options.host = info.parsedUrl.hostname;
        info.options.port = info.parsedUrl.port
            ? parseInt(info.parsedUrl.port)
            : defaultPort;
        info.options.path =
            (info.parsedUrl.pathname || '') + (info.parsedUrl.search || '');
        info.options.method = method;
        info.options.headers = this._mergeHeaders(headers);
        if (this.userAgent != null) {
            info.options.headers['user-agent'] = this.userAgent;
        }
        info.options.agent = this._getAgent(info.parsedUrl);
        // gives handlers an opportunity to participate
        if (this.handlers) {
            for (const handler of this.handlers) {
                handler.prepareRequest(info.options);
            }
        }
        return info;
    }
    _mergeHeaders(headers) {
        if (this.requestOptions && this.requestOptions.headers) {
            return Object.assign({}, lowercaseKeys(this.requestOptions.headers), lowercaseKeys(headers || {}));
        }
        return lowercaseKeys(headers || {});
    }
    /**
     * Gets an existing header value or returns a default.
     * Handles converting number header values to strings since HTTP headers must be strings.
     * Note: This returns string | string[] since some headers can have multiple values.
     * For headers that must always be a single string (like Content-Type), use the
     * specialized _getExistingOrDefaultContentTypeHeader method instead.
     */
    _getExistingOrDefaultHeader(additionalHeaders, header, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[header];
            if (headerValue) {
                clientHeader =
                    typeof headerValue === 'number' ? headerValue.toString() : headerValue;
            }
        }
        const additionalValue = additionalHeaders[header];
        if (additionalValue !== undefined) {
            return typeof additionalValue === 'number'
                ? additionalValue.toString()
                : additionalValue;
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    /**
     * Specialized version of _getExistingOrDefaultHeader for Content-Type header.
     * Always returns a single string (not an array) since Content-Type should be a single value.
     * Converts arrays to comma-separated strings and numbers to strings to ensure type safety.
     * This was split from _getExistingOrDefaultHeader to provide stricter typing for callers
     * that assign the result to places expecting a string (e.g., additionalHeaders[Headers.ContentType]).
     */
    _getExistingOrDefaultContentTypeHeader(additionalHeaders, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[Headers.ContentType];
            if (headerValue) {
                if (typeof headerValue === 'number') {
                    clientHeader = String(headerValue);
                }
                else if (Array.isArray(headerValue)) {
                    clientHeader = headerValue.join(', ');
                }
                else {
                    clientHeader = headerValue;
                }
            }
        }
        const additionalValue = additionalHeaders[Headers.ContentType];
        // Return the first non-undefined value, converting numbers or arrays to strings if necessary
        if (additionalValue !== undefined) {
            if (typeof additionalValue === 'number') {
                return String(additionalValue);
            }
            else if (Array.isArray(additionalValue)) {
                return additionalValue.join(', ');
            }
            else {
                return additionalValue;
            }
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    _getAgent(parsedUrl) {
        let agent;
        const proxyUrl = getProxyUrl(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (this._keepAlive && useProxy) {
            agent = this._proxyAgent;
        }
        if (!useProxy) {
            agent = this._agent;
        }
        // if agent is already assigned use that agent.
        if (agent) {
            return agent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        let maxSockets = 100;
        if (this.requestOptions) {
            maxSockets = this.requestOptions.maxSockets || external_http_.globalAgent.maxSockets;
        }
        // This is `useProxy` again, but we need to check `proxyURl` directly for TypeScripts's flow analysis.
        if (proxyUrl && proxyUrl.hostname) {
            const agentOptions = {
                maxSockets,
                keepAlive: this._keepAlive,
                proxy: Object.assign(Object.assign({}, ((proxyUrl.username || proxyUrl.password) && {
                    proxyAuth: `${proxyUrl.username}:${proxyUrl.password}`
                })), { host: proxyUrl.hostname, port: proxyUrl.port })
            };
            let tunnelAgent;
            const overHttps = proxyUrl.protocol === 'https:';
            if (usingSsl) {
                tunnelAgent = overHttps ? tunnel.httpsOverHttps : tunnel.httpsOverHttp;
            }
            else {
                tunnelAgent = overHttps ? tunnel.httpOverHttps : tunnel.httpOverHttp;
            }
            agent = tunnelAgent(agentOptions);
            this._proxyAgent = agent;
        }
        // if tunneling agent isn't assigned create a new agent
        if (!agent) {
            const options = { keepAlive: this._keepAlive, maxSockets };
            agent = usingSsl ? new external_https_.Agent(options) : new external_http_.Agent(options);
            this._agent = agent;
        }
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            agent.options = Object.assign(agent.options || {}, {
                rejectUnauthorized: false
            });
        }
        return agent;
    }
    _getProxyAgentDispatcher(parsedUrl, proxyUrl) {
        let proxyAgent;
        if (this._keepAlive) {
            proxyAgent = this._proxyAgentDispatcher;
        }
        // if agent is already assigned use that agent.
        if (proxyAgent) {
            return proxyAgent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        proxyAgent = new undici.ProxyAgent(Object.assign({ uri: proxyUrl.href, pipelining: !this._keepAlive ? 0 : 1 }, ((proxyUrl.username || proxyUrl.password) && {
            token: `Basic ${Buffer.from(`${proxyUrl.username}:${proxyUrl.password}`).toString('base64')}`
        })));
        this._proxyAgentDispatcher = proxyAgent;
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            proxyAgent.options = Object.assign(proxyAgent.options.requestTls || {}, {
                rejectUnauthorized: false
            });
        }
        return proxyAgent;
    }
    _getUserAgentWithOrchestrationId(userAgent) {
        const baseUserAgent = userAgent || 'actions/http-client';
        const orchId = process.env['ACTIONS_ORCHESTRATION_ID'];
        if (orchId) {
            // Sanitize the orchestration ID to ensure it contains only valid characters
            // Valid characters: 0-9, a-z, _, -, .
            const sanitizedId = orchId.replace(/[^a-z0-9_.-]/gi, '_');
            return `${baseUserAgent} actions_orchestration_id/${sanitizedId}`;
        }
        return baseUserAgent;
    }
    _performExponentialBackoff(retryNumber) {
        return __awaiter(this, void 0, void 0, function* () {
            retryNumber = Math.min(ExponentialBackoffCeiling, retryNumber);
            const ms = ExponentialBackoffTimeSlice * Math.pow(2, retryNumber);
            return new Promise(resolve => setTimeout(() => resolve(), ms));
        });
    }
    _processResponse(res, options) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => __awaiter(this, void 0, void 0, function* () {
                const statusCode = res.message.statusCode || 0;
                const response = {
                    statusCode,
                    result: null,
                    headers: {}
                };
                // not found leads to null obj returned
                if (statusCode === HttpCodes.NotFound) {
                    resolve(response);
                }
                // get the result from the body
                function dateTimeDeserializer(key, value) {
                    if (typeof value === 'string') {
                        const a = new Date(value);
                        if (!isNaN(a.valueOf())) {
                            return a;
                        }
                    }
                    return value;
                }
                let obj;
                let contents;
                try {
                    contents = yield res.readBody();
                    if (contents && contents.length > 0) {
                        if (options && options.deserializeDates) {
                            obj = JSON.parse(contents, dateTimeDeserializer);
                        }
                        else {
                            obj = JSON.parse(contents);
                        }
                        response.result = obj;
                    }
                    response.headers = res.message.headers;
                }
                catch (err) {
                    // Invalid resource (contents not json);  leaving result obj null
                }
                // note that 3xx redirects are handled by the http layer.
                if (statusCode > 299) {
                    let msg;
                    // if exception/error in body, attempt to get better error
                    if (obj && obj.message) {
                        msg = obj.message;
                    }
                    else if (contents && contents.length > 0) {
                        // it may be the case that the exception is in the body message as string
                        msg = contents;
                    }
                    else {
                        msg = `Failed request: (${statusCode})`;
                    }
                    const err = new HttpClientError(msg, statusCode);
                    err.result = response.result;
                    reject(err);
                }
                else {
                    resolve(response);
                }
            }));
        });
    }
}
const lowercaseKeys = (obj) => Object.keys(obj).reduce((c, k) => ((c[k.toLowerCase()] = obj[k]), c), {});
//# sourceMappingURL=index.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/http-client/lib/auth.js
var auth_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};
class BasicCredentialHandler {
    constructor(username, password) {
        this.username = username;
        this.password = password;
    }
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return auth_awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
class auth_BearerCredentialHandler {
    constructor(token) {
        this.token = token;
    }
    // currently implements pre-authorization
    // TODO: support preAuth = false where it hooks on 401
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Bearer ${this.token}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return auth_awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
class PersonalAccessTokenCredentialHandler {
    constructor(token) {
        this.token = token;
    }
    // currently implements pre-authorization
    // TODO: support preAuth = false where it hooks on 401
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Basic ${Buffer.from(`PAT:${this.token}`).toString('base64')}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return auth_awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
//# sourceMappingURL=auth.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/oidc-utils.js
var oidc_utils_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
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
        return oidc_utils_awaiter(this, void 0, void 0, function* () {
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
        return oidc_utils_awaiter(this, void 0, void 0, function* () {
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
const summary = _summary;
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
;// CONCATENATED MODULE: external "string_decoder"
const external_string_decoder_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");
// EXTERNAL MODULE: external "events"
var external_events_ = __nccwpck_require__(4434);
;// CONCATENATED MODULE: external "child_process"
const external_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");
// EXTERNAL MODULE: external "assert"
var external_assert_ = __nccwpck_require__(2613);
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io-util.js
var io_util_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { chmod, copyFile, lstat, mkdir, open: io_util_open, readdir, rename, rm, rmdir, stat, symlink, unlink } = external_fs_.promises;
// export const {open} = 'fs'
const IS_WINDOWS = process.platform === 'win32';
/**
 * Custom implementation of readlink to ensure Windows junctions
 * maintain trailing backslash for backward compatibility with Node.js < 24
 *
 * In Node.js 20, Windows junctions (directory symlinks) always returned paths
 * with trailing backslashes. Node.js 24 removed this behavior, which breaks
 * code that relied on this format for path operations.
 *
 * This implementation restores the Node 20 behavior by adding a trailing
 * backslash to all junction results on Windows.
 */
function readlink(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        const result = yield fs.promises.readlink(fsPath);
        // On Windows, restore Node 20 behavior: add trailing backslash to all results
        // since junctions on Windows are always directory links
        if (IS_WINDOWS && !result.endsWith('\\')) {
            return `${result}\\`;
        }
        return result;
    });
}
// See https://github.com/nodejs/node/blob/d0153aee367422d0858105abec186da4dff0a0c5/deps/uv/include/uv/win.h#L691
const UV_FS_O_EXLOCK = 0x10000000;
const READONLY = external_fs_.constants.O_RDONLY;
function exists(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        try {
            yield stat(fsPath);
        }
        catch (err) {
            if (err.code === 'ENOENT') {
                return false;
            }
            throw err;
        }
        return true;
    });
}
function isDirectory(fsPath_1) {
    return io_util_awaiter(this, arguments, void 0, function* (fsPath, useStat = false) {
        const stats = useStat ? yield stat(fsPath) : yield lstat(fsPath);
        return stats.isDirectory();
    });
}
/**
 * On OSX/Linux, true if path starts with '/'. On Windows, true for paths like:
 * \, \hello, \\hello\share, C:, and C:\hello (and corresponding alternate separator cases).
 */
function isRooted(p) {
    p = normalizeSeparators(p);
    if (!p) {
        throw new Error('isRooted() parameter "p" cannot be empty');
    }
    if (IS_WINDOWS) {
        return (p.startsWith('\\') || /^[A-Z]:/i.test(p) // e.g. \ or \hello or \\hello
        ); // e.g. C: or C:\hello
    }
    return p.startsWith('/');
}
/**
 * Best effort attempt to determine whether a file exists and is executable.
 * @param filePath    file path to check
 * @param extensions  additional file extensions to try
 * @return if file exists and is executable, returns the file path. otherwise empty string.
 */
function tryGetExecutablePath(filePath, extensions) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        let stats = undefined;
        try {
            // test file exists
            stats = yield stat(filePath);
        }
        catch (err) {
            if (err.code !== 'ENOENT') {
                // eslint-disable-next-line no-console
                console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
            }
        }
        if (stats && stats.isFile()) {
            if (IS_WINDOWS) {
                // on Windows, test for valid extension
                const upperExt = external_path_namespaceObject.extname(filePath).toUpperCase();
                if (extensions.some(validExt => validExt.toUpperCase() === upperExt)) {
                    return filePath;
                }
            }
            else {
                if (isUnixExecutable(stats)) {
                    return filePath;
                }
            }
        }
        // try each extension
        const originalFilePath = filePath;
        for (const extension of extensions) {
            filePath = originalFilePath + extension;
            stats = undefined;
            try {
                stats = yield stat(filePath);
            }
            catch (err) {
                if (err.code !== 'ENOENT') {
                    // eslint-disable-next-line no-console
                    console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
                }
            }
            if (stats && stats.isFile()) {
                if (IS_WINDOWS) {
                    // preserve the case of the actual file (since an extension was appended)
                    try {
                        const directory = external_path_namespaceObject.dirname(filePath);
                        const upperName = external_path_namespaceObject.basename(filePath).toUpperCase();
                        for (const actualName of yield readdir(directory)) {
                            if (upperName === actualName.toUpperCase()) {
                                filePath = external_path_namespaceObject.join(directory, actualName);
                                break;
                            }
                        }
                    }
                    catch (err) {
                        // eslint-disable-next-line no-console
                        console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
                    }
                    return filePath;
                }
                else {
                    if (isUnixExecutable(stats)) {
                        return filePath;
                    }
                }
            }
        }
        return '';
    });
}
function normalizeSeparators(p) {
    p = p || '';
    if (IS_WINDOWS) {
        // convert slashes on Windows
        p = p.replace(/\//g, '\\');
        // remove redundant slashes
        return p.replace(/\\\\+/g, '\\');
    }
    // remove redundant slashes
    return p.replace(/\/\/+/g, '/');
}
// on Mac/Linux, test the execute bit
//     R   W  X  R  W X R W X
//   256 128 64 32 16 8 4 2 1
function isUnixExecutable(stats) {
    return ((stats.mode & 1) > 0 ||
        ((stats.mode & 8) > 0 &&
            process.getgid !== undefined &&
            stats.gid === process.getgid()) ||
        ((stats.mode & 64) > 0 &&
            process.getuid !== undefined &&
            stats.uid === process.getuid()));
}
// Get the path of cmd.exe in windows
function getCmdPath() {
    var _a;
    return (_a = process.env['COMSPEC']) !== null && _a !== void 0 ? _a : `cmd.exe`;
}
//# sourceMappingURL=io-util.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io.js
var io_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};



/**
 * Copies a file or folder.
 * Based off of shelljs - https://github.com/shelljs/shelljs/blob/9237f66c52e5daa40458f94f9565e18e8132f5a6/src/cp.js
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See CopyOptions.
 */
function cp(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        const { force, recursive, copySourceDirectory } = readCopyOptions(options);
        const destStat = (yield ioUtil.exists(dest)) ? yield ioUtil.stat(dest) : null;
        // Dest is an existing file, but not forcing
        if (destStat && destStat.isFile() && !force) {
            return;
        }
        // If dest is an existing directory, should copy inside.
        const newDest = destStat && destStat.isDirectory() && copySourceDirectory
            ? path.join(dest, path.basename(source))
            : dest;
        if (!(yield ioUtil.exists(source))) {
            throw new Error(`no such file or directory: ${source}`);
        }
        const sourceStat = yield ioUtil.stat(source);
        if (sourceStat.isDirectory()) {
            if (!recursive) {
                throw new Error(`Failed to copy. ${source} is a directory, but tried to copy without recursive flag.`);
            }
            else {
                yield cpDirRecursive(source, newDest, 0, force);
            }
        }
        else {
            if (path.relative(source, newDest) === '') {
                // a file cannot be copied to itself
                throw new Error(`'${newDest}' and '${source}' are the same file`);
            }
            yield io_copyFile(source, newDest, force);
        }
    });
}
/**
 * Moves a path.
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See MoveOptions.
 */
function mv(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        if (yield ioUtil.exists(dest)) {
            let destExists = true;
            if (yield ioUtil.isDirectory(dest)) {
                // If dest is directory copy src into dest
                dest = path.join(dest, path.basename(source));
                destExists = yield ioUtil.exists(dest);
            }
            if (destExists) {
                if (options.force == null || options.force) {
                    yield rmRF(dest);
                }
                else {
                    throw new Error('Destination already exists');
                }
            }
        }
        yield mkdirP(path.dirname(dest));
        yield ioUtil.rename(source, dest);
    });
}
/**
 * Remove a path recursively with force
 *
 * @param inputPath path to remove
 */
function rmRF(inputPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (ioUtil.IS_WINDOWS) {
            // Check for invalid characters
            // https://docs.microsoft.com/en-us/windows/win32/fileio/naming-a-file
            if (/[*"<>|]/.test(inputPath)) {
                throw new Error('File path must not contain `*`, `"`, `<`, `>` or `|` on Windows');
            }
        }
        try {
            // note if path does not exist, error is silent
            yield ioUtil.rm(inputPath, {
                force: true,
                maxRetries: 3,
                recursive: true,
                retryDelay: 300
            });
        }
        catch (err) {
            throw new Error(`File was unable to be removed ${err}`);
        }
    });
}
/**
 * Make a directory.  Creates the full path with folders in between
 * Will throw if it fails
 *
 * @param   fsPath        path to create
 * @returns Promise<void>
 */
function mkdirP(fsPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        ok(fsPath, 'a path argument must be provided');
        yield ioUtil.mkdir(fsPath, { recursive: true });
    });
}
/**
 * Returns path of a tool had the tool actually been invoked.  Resolves via paths.
 * If you check and the tool does not exist, it will throw.
 *
 * @param     tool              name of the tool
 * @param     check             whether to check if tool exists
 * @returns   Promise<string>   path to tool
 */
function which(tool, check) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // recursive when check=true
        if (check) {
            const result = yield which(tool, false);
            if (!result) {
                if (IS_WINDOWS) {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
                }
                else {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
                }
            }
            return result;
        }
        const matches = yield findInPath(tool);
        if (matches && matches.length > 0) {
            return matches[0];
        }
        return '';
    });
}
/**
 * Returns a list of all occurrences of the given tool on the system path.
 *
 * @returns   Promise<string[]>  the paths of the tool
 */
function findInPath(tool) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // build the list of extensions to try
        const extensions = [];
        if (IS_WINDOWS && process.env['PATHEXT']) {
            for (const extension of process.env['PATHEXT'].split(external_path_namespaceObject.delimiter)) {
                if (extension) {
                    extensions.push(extension);
                }
            }
        }
        // if it's rooted, return it if exists. otherwise return empty.
        if (isRooted(tool)) {
            const filePath = yield tryGetExecutablePath(tool, extensions);
            if (filePath) {
                return [filePath];
            }
            return [];
        }
        // if any path separators, return empty
        if (tool.includes(external_path_namespaceObject.sep)) {
            return [];
        }
        // build the list of directories
        //
        // Note, technically "where" checks the current directory on Windows. From a toolkit perspective,
        // it feels like we should not do this. Checking the current directory seems like more of a use
        // case of a shell, and the which() function exposed by the toolkit should strive for consistency
        // across platforms.
        const directories = [];
        if (process.env.PATH) {
            for (const p of process.env.PATH.split(external_path_namespaceObject.delimiter)) {
                if (p) {
                    directories.push(p);
                }
            }
        }
        // find all matches
        const matches = [];
        for (const directory of directories) {
            const filePath = yield tryGetExecutablePath(external_path_namespaceObject.join(directory, tool), extensions);
            if (filePath) {
                matches.push(filePath);
            }
        }
        return matches;
    });
}
function readCopyOptions(options) {
    const force = options.force == null ? true : options.force;
    const recursive = Boolean(options.recursive);
    const copySourceDirectory = options.copySourceDirectory == null
        ? true
        : Boolean(options.copySourceDirectory);
    return { force, recursive, copySourceDirectory };
}
function cpDirRecursive(sourceDir, destDir, currentDepth, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        // Ensure there is not a run away recursive copy
        if (currentDepth >= 255)
            return;
        currentDepth++;
        yield mkdirP(destDir);
        const files = yield ioUtil.readdir(sourceDir);
        for (const fileName of files) {
            const srcFile = `${sourceDir}/${fileName}`;
            const destFile = `${destDir}/${fileName}`;
            const srcFileStat = yield ioUtil.lstat(srcFile);
            if (srcFileStat.isDirectory()) {
                // Recurse
                yield cpDirRecursive(srcFile, destFile, currentDepth, force);
            }
            else {
                yield io_copyFile(srcFile, destFile, force);
            }
        }
        // Change the mode for the newly created directory
        yield ioUtil.chmod(destDir, (yield ioUtil.stat(sourceDir)).mode);
    });
}
// Buffered file copy
function io_copyFile(srcFile, destFile, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        if ((yield ioUtil.lstat(srcFile)).isSymbolicLink()) {
            // unlink/re-link it
            try {
                yield ioUtil.lstat(destFile);
                yield ioUtil.unlink(destFile);
            }
            catch (e) {
                // Try to override file permission
                if (e.code === 'EPERM') {
                    yield ioUtil.chmod(destFile, '0666');
                    yield ioUtil.unlink(destFile);
                }
                // other errors = it doesn't exist, no work to do
            }
            // Copy over symlink
            const symlinkFull = yield ioUtil.readlink(srcFile);
            yield ioUtil.symlink(symlinkFull, destFile, ioUtil.IS_WINDOWS ? 'junction' : null);
        }
        else if (!(yield ioUtil.exists(destFile)) || force) {
            yield ioUtil.copyFile(srcFile, destFile);
        }
    });
}
//# sourceMappingURL=io.js.map
;// CONCATENATED MODULE: external "timers"
const external_timers_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/toolrunner.js
var toolrunner_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};







/* eslint-disable @typescript-eslint/unbound-method */
const toolrunner_IS_WINDOWS = process.platform === 'win32';
/*
 * Class for running command line tools. Handles quoting and arg parsing in a platform agnostic way.
 */
class ToolRunner extends external_events_.EventEmitter {
    constructor(toolPath, args, options) {
        super();
        if (!toolPath) {
            throw new Error("Parameter 'toolPath' cannot be null or empty.");
        }
        this.toolPath = toolPath;
        this.args = args || [];
        this.options = options || {};
    }
    _debug(message) {
        if (this.options.listeners && this.options.listeners.debug) {
            this.options.listeners.debug(message);
        }
    }
    _getCommandString(options, noPrefix) {
        const toolPath = this._getSpawnFileName();
        const args = this._getSpawnArgs(options);
        let cmd = noPrefix ? '' : '[command]'; // omit prefix when piped to a second tool
        if (toolrunner_IS_WINDOWS) {
            // Windows + cmd file
            if (this._isCmdFile()) {
                cmd += toolPath;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows + verbatim
            else if (options.windowsVerbatimArguments) {
                cmd += `"${toolPath}"`;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows (regular)
            else {
                cmd += this._windowsQuoteCmdArg(toolPath);
                for (const a of args) {
                    cmd += ` ${this._windowsQuoteCmdArg(a)}`;
                }
            }
        }
        else {
            // OSX/Linux - this can likely be improved with some form of quoting.
            // creating processes on Unix is fundamentally different than Windows.
            // on Unix, execvp() takes an arg array.
            cmd += toolPath;
            for (const a of args) {
                cmd += ` ${a}`;
            }
        }
        return cmd;
    }
    _processLineBuffer(data, strBuffer, onLine) {
        try {
            let s = strBuffer + data.toString();
            let n = s.indexOf(external_os_.EOL);
            while (n > -1) {
                const line = s.substring(0, n);
                onLine(line);
                // the rest of the string ...
                s = s.substring(n + external_os_.EOL.length);
                n = s.indexOf(external_os_.EOL);
            }
            return s;
        }
        catch (err) {
            // streaming lines to console is best effort.  Don't fail a build.
            this._debug(`error processing line. Failed with error ${err}`);
            return '';
        }
    }
    _getSpawnFileName() {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                return process.env['COMSPEC'] || 'cmd.exe';
            }
        }
        return this.toolPath;
    }
    _getSpawnArgs(options) {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
                for (const a of this.args) {
                    argline += ' ';
                    argline += options.windowsVerbatimArguments
                        ? a
                        : this._windowsQuoteCmdArg(a);
                }
                argline += '"';
                return [argline];
            }
        }
        return this.args;
    }
    _endsWith(str, end) {
        return str.endsWith(end);
    }
    _isCmdFile() {
        const upperToolPath = this.toolPath.toUpperCase();
        return (this._endsWith(upperToolPath, '.CMD') ||
            this._endsWith(upperToolPath, '.BAT'));
    }
    _windowsQuoteCmdArg(arg) {
        // for .exe, apply the normal quoting rules that libuv applies
        if (!this._isCmdFile()) {
            return this._uvQuoteCmdArg(arg);
        }
        // otherwise apply quoting rules specific to the cmd.exe command line parser.
        // the libuv rules are generic and are not designed specifically for cmd.exe
        // command line parser.
        //
        // for a detailed description of the cmd.exe command line parser, refer to
        // http://stackoverflow.com/questions/4094699/how-does-the-windows-command-interpreter-cmd-exe-parse-scripts/7970912#7970912
        // need quotes for empty arg
        if (!arg) {
            return '""';
        }
        // determine whether the arg needs to be quoted
        const cmdSpecialChars = [
            ' ',
            '\t',
            '&',
            '(',
            ')',
            '[',
            ']',
            '{',
            '}',
            '^',
            '=',
            ';',
            '!',
            "'",
            '+',
            ',',
            '`',
            '~',
            '|',
            '<',
            '>',
            '"'
        ];
        let needsQuotes = false;
        for (const char of arg) {
            if (cmdSpecialChars.some(x => x === char)) {
                needsQuotes = true;
                break;
            }
        }
        // short-circuit if quotes not needed
        if (!needsQuotes) {
            return arg;
        }
        // the following quoting rules are very similar to the rules that by libuv applies.
        //
        // 1) wrap the string in quotes
        //
        // 2) double-up quotes - i.e. " => ""
        //
        //    this is different from the libuv quoting rules. libuv replaces " with \", which unfortunately
        //    doesn't work well with a cmd.exe command line.
        //
        //    note, replacing " with "" also works well if the arg is passed to a downstream .NET console app.
        //    for example, the command line:
        //          foo.exe "myarg:""my val"""
        //    is parsed by a .NET console app into an arg array:
        //          [ "myarg:\"my val\"" ]
        //    which is the same end result when applying libuv quoting rules. although the actual
        //    command line from libuv quoting rules would look like:
        //          foo.exe "myarg:\"my val\""
        //
        // 3) double-up slashes that precede a quote,
        //    e.g.  hello \world    => "hello \world"
        //          hello\"world    => "hello\\""world"
        //          hello\\"world   => "hello\\\\""world"
        //          hello world\    => "hello world\\"
        //
        //    technically this is not required for a cmd.exe command line, or the batch argument parser.
        //    the reasons for including this as a .cmd quoting rule are:
        //
        //    a) this is optimized for the scenario where the argument is passed from the .cmd file to an
        //       external program. many programs (e.g. .NET console apps) rely on the slash-doubling rule.
        //
        //    b) it's what we've been doing previously (by deferring to node default behavior) and we
        //       haven't heard any complaints about that aspect.
        //
        // note, a weakness of the quoting rules chosen here, is that % is not escaped. in fact, % cannot be
        // escaped when used on the command line directly - even though within a .cmd file % can be escaped
        // by using %%.
        //
        // the saving grace is, on the command line, %var% is left as-is if var is not defined. this contrasts
        // the line parsing rules within a .cmd file, where if var is not defined it is replaced with nothing.
        //
        // one option that was explored was replacing % with ^% - i.e. %var% => ^%var^%. this hack would
        // often work, since it is unlikely that var^ would exist, and the ^ character is removed when the
        // variable is used. the problem, however, is that ^ is not removed when %* is used to pass the args
        // to an external program.
        //
        // an unexplored potential solution for the % escaping problem, is to create a wrapper .cmd file.
        // % can be escaped within a .cmd file.
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\'; // double the slash
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '"'; // double the quote
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _uvQuoteCmdArg(arg) {
        // Tool runner wraps child_process.spawn() and needs to apply the same quoting as
        // Node in certain cases where the undocumented spawn option windowsVerbatimArguments
        // is used.
        //
        // Since this function is a port of quote_cmd_arg from Node 4.x (technically, lib UV,
        // see https://github.com/nodejs/node/blob/v4.x/deps/uv/src/win/process.c for details),
        // pasting copyright notice from Node within this function:
        //
        //      Copyright Joyent, Inc. and other Node contributors. All rights reserved.
        //
        //      Permission is hereby granted, free of charge, to any person obtaining a copy
        //      of this software and associated documentation files (the "Software"), to
        //      deal in the Software without restriction, including without limitation the
        //      rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
        //      sell copies of the Software, and to permit persons to whom the Software is
        //      furnished to do so, subject to the following conditions:
        //
        //      The above copyright notice and this permission notice shall be included in
        //      all copies or substantial portions of the Software.
        //
        //      THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
        //      IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        //      FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        //      AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        //      LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING
        //      FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
        //      IN THE SOFTWARE.
        if (!arg) {
            // Need double quotation for empty argument
            return '""';
        }
        if (!arg.includes(' ') && !arg.includes('\t') && !arg.includes('"')) {
            // No quotation needed
            return arg;
        }
        if (!arg.includes('"') && !arg.includes('\\')) {
            // No embedded double quotes or backslashes, so I can just wrap
            // quote marks around the whole thing.
            return `"${arg}"`;
        }
        // Expected input/output:
        //   input : hello"world
        //   output: "hello\"world"
        //   input : hello""world
        //   output: "hello\"\"world"
        //   input : hello\world
        //   output: hello\world
        //   input : hello\\world
        //   output: hello\\world
        //   input : hello\"world
        //   output: "hello\\\"world"
        //   input : hello\\"world
        //   output: "hello\\\\\"world"
        //   input : hello world\
        //   output: "hello world\\" - note the comment in libuv actually reads "hello world\"
        //                             but it appears the comment is wrong, it should be "hello world\\"
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\';
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '\\';
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _cloneExecOptions(options) {
        options = options || {};
        const result = {
            cwd: options.cwd || process.cwd(),
            env: options.env || process.env,
            silent: options.silent || false,
            windowsVerbatimArguments: options.windowsVerbatimArguments || false,
            failOnStdErr: options.failOnStdErr || false,
            ignoreReturnCode: options.ignoreReturnCode || false,
            delay: options.delay || 10000
        };
        result.outStream = options.outStream || process.stdout;
        result.errStream = options.errStream || process.stderr;
        return result;
    }
    _getSpawnOptions(options, toolPath) {
        options = options || {};
        const result = {};
        result.cwd = options.cwd;
        result.env = options.env;
        result['windowsVerbatimArguments'] =
            options.windowsVerbatimArguments || this._isCmdFile();
        if (options.windowsVerbatimArguments) {
            result.argv0 = `"${toolPath}"`;
        }
        return result;
    }
    /**
     * Exec a tool.
     * Output will be streamed to the live console.
     * Returns promise with return code
     *
     * @param     tool     path to tool to exec
     * @param     options  optional exec options.  See ExecOptions
     * @returns   number
     */
    exec() {
        return toolrunner_awaiter(this, void 0, void 0, function* () {
            // root the tool path if it is unrooted and contains relative pathing
            if (!isRooted(this.toolPath) &&
                (this.toolPath.includes('/') ||
                    (toolrunner_IS_WINDOWS && this.toolPath.includes('\\')))) {
                // prefer options.cwd if it is specified, however options.cwd may also need to be rooted
                this.toolPath = external_path_namespaceObject.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
            }
            // if the tool is only a file name, then resolve it from the PATH
            // otherwise verify it exists (add extension on Windows if necessary)
            this.toolPath = yield which(this.toolPath, true);
            return new Promise((resolve, reject) => toolrunner_awaiter(this, void 0, void 0, function* () {
                this._debug(`exec tool: ${this.toolPath}`);
                this._debug('arguments:');
                for (const arg of this.args) {
                    this._debug(`   ${arg}`);
                }
                const optionsNonNull = this._cloneExecOptions(this.options);
                if (!optionsNonNull.silent && optionsNonNull.outStream) {
                    optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + external_os_.EOL);
                }
                const state = new ExecState(optionsNonNull, this.toolPath);
                state.on('debug', (message) => {
                    this._debug(message);
                });
                if (this.options.cwd && !(yield exists(this.options.cwd))) {
                    return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`));
                }
                const fileName = this._getSpawnFileName();
                const cp = external_child_process_namespaceObject.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
                let stdbuffer = '';
                if (cp.stdout) {
                    cp.stdout.on('data', (data) => {
                        if (this.options.listeners && this.options.listeners.stdout) {
                            this.options.listeners.stdout(data);
                        }
                        if (!optionsNonNull.silent && optionsNonNull.outStream) {
                            optionsNonNull.outStream.write(data);
                        }
                        stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.stdline) {
                                this.options.listeners.stdline(line);
                            }
                        });
                    });
                }
                let errbuffer = '';
                if (cp.stderr) {
                    cp.stderr.on('data', (data) => {
                        state.processStderr = true;
                        if (this.options.listeners && this.options.listeners.stderr) {
                            this.options.listeners.stderr(data);
                        }
                        if (!optionsNonNull.silent &&
                            optionsNonNull.errStream &&
                            optionsNonNull.outStream) {
                            const s = optionsNonNull.failOnStdErr
                                ? optionsNonNull.errStream
                                : optionsNonNull.outStream;
                            s.write(data);
                        }
                        errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.errline) {
                                this.options.listeners.errline(line);
                            }
                        });
                    });
                }
                cp.on('error', (err) => {
                    state.processError = err.message;
                    state.processExited = true;
                    state.processClosed = true;
                    state.CheckComplete();
                });
                cp.on('exit', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    this._debug(`Exit code ${code} received from tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                cp.on('close', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    state.processClosed = true;
                    this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                state.on('done', (error, exitCode) => {
                    if (stdbuffer.length > 0) {
                        this.emit('stdline', stdbuffer);
                    }
                    if (errbuffer.length > 0) {
                        this.emit('errline', errbuffer);
                    }
                    cp.removeAllListeners();
                    if (error) {
                        reject(error);
                    }
                    else {
                        resolve(exitCode);
                    }
                });
                if (this.options.input) {
                    if (!cp.stdin) {
                        throw new Error('child process missing stdin');
                    }
                    cp.stdin.end(this.options.input);
                }
            }));
        });
    }
}
/**
 * Convert an arg string to an array of args. Handles escaping
 *
 * @param    argString   string of arguments
 * @returns  string[]    array of arguments
 */
function argStringToArray(argString) {
    const args = [];
    let inQuotes = false;
    let escaped = false;
    let arg = '';
    function append(c) {
        // we only escape double quotes.
        if (escaped && c !== '"') {
            arg += '\\';
        }
        arg += c;
        escaped = false;
    }
    for (let i = 0; i < argString.length; i++) {
        const c = argString.charAt(i);
        if (c === '"') {
            if (!escaped) {
                inQuotes = !inQuotes;
            }
            else {
                append(c);
            }
            continue;
        }
        if (c === '\\' && escaped) {
            append(c);
            continue;
        }
        if (c === '\\' && inQuotes) {
            escaped = true;
            continue;
        }
        if (c === ' ' && !inQuotes) {
            if (arg.length > 0) {
                args.push(arg);
                arg = '';
            }
            continue;
        }
        append(c);
    }
    if (arg.length > 0) {
        args.push(arg.trim());
    }
    return args;
}
class ExecState extends external_events_.EventEmitter {
    constructor(options, toolPath) {
        super();
        this.processClosed = false; // tracks whether the process has exited and stdio is closed
        this.processError = '';
        this.processExitCode = 0;
        this.processExited = false; // tracks whether the process has exited
        this.processStderr = false; // tracks whether stderr was written to
        this.delay = 10000; // 10 seconds
        this.done = false;
        this.timeout = null;
        if (!toolPath) {
            throw new Error('toolPath must not be empty');
        }
        this.options = options;
        this.toolPath = toolPath;
        if (options.delay) {
            this.delay = options.delay;
        }
    }
    CheckComplete() {
        if (this.done) {
            return;
        }
        if (this.processClosed) {
            this._setResult();
        }
        else if (this.processExited) {
            this.timeout = (0,external_timers_namespaceObject.setTimeout)(ExecState.HandleTimeout, this.delay, this);
        }
    }
    _debug(message) {
        this.emit('debug', message);
    }
    _setResult() {
        // determine whether there is an error
        let error;
        if (this.processExited) {
            if (this.processError) {
                error = new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
            }
            else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) {
                error = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
            }
            else if (this.processStderr && this.options.failOnStdErr) {
                error = new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
            }
        }
        // clear the timeout
        if (this.timeout) {
            clearTimeout(this.timeout);
            this.timeout = null;
        }
        this.done = true;
        this.emit('done', error, this.processExitCode);
    }
    static HandleTimeout(state) {
        if (state.done) {
            return;
        }
        if (!state.processClosed && state.processExited) {
            const message = `The STDIO streams did not close within ${state.delay / 1000} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
            state._debug(message);
        }
        state._setResult();
    }
}
//# sourceMappingURL=toolrunner.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/exec.js
var exec_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


/**
 * Exec a command.
 * Output will be streamed to the live console.
 * Returns promise with return code
 *
 * @param     commandLine        command to execute (can include additional args). Must be correctly escaped.
 * @param     args               optional arguments for tool. Escaping is handled by the lib.
 * @param     options            optional exec options.  See ExecOptions
 * @returns   Promise<number>    exit code
 */
function exec_exec(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        const commandArgs = tr.argStringToArray(commandLine);
        if (commandArgs.length === 0) {
            throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
        }
        // Path to tool to execute should be first arg
        const toolPath = commandArgs[0];
        args = commandArgs.slice(1).concat(args || []);
        const runner = new tr.ToolRunner(toolPath, args, options);
        return runner.exec();
    });
}
/**
 * Exec a command and get the output.
 * Output will be streamed to the live console.
 * Returns promise with the exit code and collected stdout and stderr
 *
 * @param     commandLine           command to execute (can include additional args). Must be correctly escaped.
 * @param     args                  optional arguments for tool. Escaping is handled by the lib.
 * @param     options               optional exec options.  See ExecOptions
 * @returns   Promise<ExecOutput>   exit code, stdout, and stderr
 */
function getExecOutput(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        var _a, _b;
        let stdout = '';
        let stderr = '';
        //Using string decoder covers the case where a mult-byte character is split
        const stdoutDecoder = new StringDecoder('utf8');
        const stderrDecoder = new StringDecoder('utf8');
        const originalStdoutListener = (_a = options === null || options === void 0 ? void 0 : options.listeners) === null || _a === void 0 ? void 0 : _a.stdout;
        const originalStdErrListener = (_b = options === null || options === void 0 ? void 0 : options.listeners) === null || _b === void 0 ? void 0 : _b.stderr;
        const stdErrListener = (data) => {
            stderr += stderrDecoder.write(data);
            if (originalStdErrListener) {
                originalStdErrListener(data);
            }
        };
        const stdOutListener = (data) => {
            stdout += stdoutDecoder.write(data);
            if (originalStdoutListener) {
                originalStdoutListener(data);
            }
        };
        const listeners = Object.assign(Object.assign({}, options === null || options === void 0 ? void 0 : options.listeners), { stdout: stdOutListener, stderr: stdErrListener });
        const exitCode = yield exec_exec(commandLine, args, Object.assign(Object.assign({}, options), { listeners }));
        //flush any remaining characters
        stdout += stdoutDecoder.end();
        stderr += stderrDecoder.end();
        return {
            exitCode,
            stdout,
            stderr
        };
    });
}
//# sourceMappingURL=exec.js.map
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
// EXTERNAL MODULE: ./build/core/text.js
var core_text = __nccwpck_require__(6067);
// EXTERNAL MODULE: ./build/errors.js
var errors = __nccwpck_require__(9473);
;// CONCATENATED MODULE: ./build/azure/decode.js


function fieldsOf(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function listOf(value) {
    return Array.isArray(value) ? value : [];
}
function textOf(value) {
    return typeof value === "string" && value !== "" ? value : null;
}
function numberOf(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : null;
}
/** A date, or null for none: the service writes "never" as the year 1. */
function dateOf(value) {
    if (typeof value !== "string" || value.startsWith("0001-") || Number.isNaN(Date.parse(value)))
        return null;
    return value;
}
const statuses = new Map([
    ["none", "notStarted"],
    ["notstarted", "notStarted"],
    ["postponed", "postponed"],
    ["inprogress", "inProgress"],
    ["cancelling", "canceling"],
    ["completed", "completed"],
]);
const results = new Map([
    ["succeeded", "succeeded"],
    ["partiallysucceeded", "partiallySucceeded"],
    ["failed", "failed"],
    ["canceled", "canceled"],
]);
/**
 * A build, in our words: an unknown status counts as still running, an unknown result as failed.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
function decodeBuild(answer, fallbackUrl) {
    const build = fieldsOf(answer);
    const id = numberOf(build["id"]);
    const word = textOf(build["status"]);
    if (id === null || word === null)
        throw new errors/* PassingError */.aB("the answer was not a run: it lacks id or status");
    const status = statuses.get(word.toLowerCase()) ?? "inProgress";
    const definition = fieldsOf(build["definition"]);
    const done = status === "completed";
    return {
        id,
        name: textOf(build["buildNumber"]) ?? String(id),
        status,
        ...decodeResult(done ? (textOf(build["result"]) ?? "none") : null),
        url: webAddress(build) ?? fallbackUrl(id),
        pipeline: {
            id: numberOf(definition["id"]),
            name: textOf(definition["name"]),
            folder: textOf(definition["path"]),
        },
        source: { ref: textOf(build["sourceBranch"]), commit: textOf(build["sourceVersion"]) },
        project: decodeProject(build["project"]),
        createdAt: dateOf(build["queueTime"]),
        startedAt: dateOf(build["startTime"]),
        finishedAt: done ? dateOf(build["finishTime"]) : null,
        requestedBy: textOf(fieldsOf(build["requestedFor"])["displayName"]),
        tags: listOf(build["tags"]).filter((tag) => typeof tag === "string"),
        problems: listOf(build["validationResults"]).flatMap(decodeProblem),
        raw: answer,
    };
}
function decodeProject(value) {
    const { id, name } = fieldsOf(value);
    return value === undefined ? undefined : { id: textOf(id), name: textOf(name) };
}
/** Warnings are no reason. */
function decodeProblem(value) {
    const { result, message } = fieldsOf(value);
    const text = textOf(message);
    return text === null || (0,core_text/* oneLine */.TN)(text) === "" || textOf(result)?.toLowerCase() !== "error" ? [] : [text];
}
function decodeResult(word) {
    if (word === null)
        return { result: null, strangeResult: undefined };
    const known = results.get(word.toLowerCase());
    return { result: known ?? "failed", strangeResult: known === undefined ? word : undefined };
}
/** Where a person looks at the run. Anything but a web address is no link. */
function webAddress(answer) {
    const href = textOf(fieldsOf(fieldsOf(answer["_links"])["web"])["href"]);
    const url = href === null ? null : URL.parse(href);
    return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

;// CONCATENATED MODULE: ./build/azure/approvals.js

/**
 * The names of those who are asked for an approval.
 * https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/get
 */
async function readApprovers(send, approvalId, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/pipelines/approvals/${encodeURIComponent(approvalId)}`,
        query: { $expand: "steps" },
        decode: (answer) => listOf(fieldsOf(answer)["steps"]).flatMap((step) => textOf(fieldsOf(fieldsOf(step)["assignedApprover"])["displayName"]) ?? []),
        doing: "Reading who may approve",
        timeoutMs: 3_000,
        signal,
    });
    return value;
}

;// CONCATENATED MODULE: ./build/azure/artifacts.js


/** https://learn.microsoft.com/rest/api/azure/devops/build/artifacts/list */
async function listArtifacts(send, { runId, ...patience }, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/artifacts`,
        decode: (answer) => listOf(fieldsOf(answer)["value"]).flatMap((entry) => decodeArtifact(fieldsOf(entry))),
        doing: "Listing the run's artifacts",
        ...patience,
        signal,
    });
    return value;
}
const kinds = {
    container: "container",
    pipelineartifact: "pipeline",
};
function decodeArtifact(artifact) {
    const name = textOf(artifact["name"]);
    if (name === null)
        return [];
    const resource = fieldsOf(artifact["resource"]);
    // The service writes the size as text.
    const size = Number(textOf(fieldsOf(resource["properties"])["artifactsize"]) ?? Number.NaN);
    return [
        {
            name,
            kind: kinds[(textOf(resource["type"]) ?? "").toLowerCase()] ?? "other",
            size: Number.isSafeInteger(size) && size >= 0 ? size : undefined,
            downloadUrl: textOf(resource["downloadUrl"]) ?? undefined,
        },
    ];
}
/**
 * An address that needs no token, for a short while; `undefined` where the service has none to give.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/artifacts/get
 */
async function readSignedUrl(send, { pipelineId, runId, name, ...patience }, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/pipelines/${pipelineId}/runs/${runId}/artifacts`,
        query: { artifactName: name, $expand: "signedContent" },
        decode: (answer) => textOf(fieldsOf(fieldsOf(answer)["signedContent"])["url"]) ?? undefined,
        doing: `Asking for artifact ${(0,core_text/* quotedName */.aH)(name)}`,
        ...patience,
        signal,
    });
    return value;
}

;// CONCATENATED MODULE: ./build/azure/builds.js


/** https://learn.microsoft.com/rest/api/azure/devops/build/builds/get */
async function readBuild(send, { runId, webAddress, outlastsOutage = false, ...patience }, signal) {
    const answer = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}`,
        doing: "Looking at the run",
        ...patience,
        outlastsOutage,
        signal,
        decode: (value) => theRun(runId, decodeBuild(value, webAddress)),
    });
    const { value: run, retryAfterMs, slowed } = answer;
    return { run, retryAfterMs, slowed, serviceTime: serviceTime(answer) };
}
function theRun(runId, run) {
    if (run.id !== runId)
        throw new errors/* PassingError */.aB(`the answer was about run ${run.id}, not about ${runId}`);
    return run;
}
/**
 * Asks for the run to be cancelled; it ends some time later.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
async function cancelBuild(send, { runId, ...patience }, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}`,
        body: { status: "cancelling" },
        decode: () => undefined,
        doing: "Cancelling the run",
        ...patience,
        // The runner kills whoever rests first.
        isUrgent: true,
        signal,
    });
}
/** So many runs are queued in the half minute of a lost start by nobody who has a quota. */
const mostRecent = 200;
/**
 * The newest runs of one pipeline.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
async function listRecent(send, { pipelineId, webAddress, ...patience }, signal) {
    const { value, headers } = await send({
        method: "GET",
        path: "_apis/build/builds",
        // Without an order of its own the list is by finish time, and what is running may be on no first page.
        query: { definitions: pipelineId, queryOrder: "queueTimeDescending", $top: mostRecent },
        decode: (answer) => listOf(fieldsOf(answer)["value"]).flatMap((entry) => decodeCandidate(entry, webAddress)),
        doing: "Looking for the run",
        ...patience,
        signal,
    });
    return {
        candidates: value,
        serviceTime: serviceTime({ headers }),
        me: headers["x-vss-userdata"]?.split(":")[0]?.toLowerCase() || undefined,
        isWhole: value.length < mostRecent && headers["x-ms-continuationtoken"] === undefined,
    };
}
/** Runs of one pipeline that bear a tag, the newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/list */
async function listTagged(send, { pipelineId, tag, webAddress }, signal) {
    const { value } = await send({
        method: "GET",
        path: "_apis/build/builds",
        query: { definitions: pipelineId, tagFilters: tag, queryOrder: "queueTimeDescending", $top: 50 },
        decode: (answer) => listOf(fieldsOf(answer)["value"]).map((entry) => decodeBuild(entry, webAddress)),
        doing: "Looking for the earlier attempt's run",
        patienceMs: 60_000,
        signal,
    });
    return value;
}
function serviceTime({ headers }) {
    const date = Date.parse(headers["date"] ?? "");
    return Number.isNaN(date) ? undefined : date;
}
function decodeCandidate(answer, webAddress) {
    const build = fieldsOf(answer);
    const run = decodeBuild(answer, webAddress);
    const people = [build["requestedFor"], build["requestedBy"]].map((person) => textOf(fieldsOf(person)["id"]));
    const parameters = build["templateParameters"];
    return [
        {
            id: run.id,
            name: run.name,
            url: run.url,
            status: run.status,
            // A run without a time may be the newest of all.
            queuedAt: run.createdAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.createdAt),
            people: people.flatMap((id) => (id === null ? [] : [id.toLowerCase()])),
            pipelineId: run.pipeline.id,
            ref: run.source.ref,
            commit: run.source.commit,
            parameters: parameters === undefined || parameters === null ? undefined : fieldsOf(parameters),
            variables: variablesIn(textOf(build["parameters"])),
            tags: run.tags,
            reason: textOf(build["reason"])?.toLowerCase(),
        },
    ];
}
/** Queue-time variables travel as JSON in a text; without one there are none, or the list does not show them. */
function variablesIn(text) {
    if (text === null)
        return undefined;
    try {
        return fieldsOf(JSON.parse(text));
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/core/retry-after.js
var retry_after = __nccwpck_require__(5375);
;// CONCATENATED MODULE: ./build/azure/envelope.js
/** Reads the error envelope, or what stands in for one: `{"Message"}`, plain text, the header. */
function envelopeOf({ headers, body }) {
    const json = objectIn(body);
    const typeKey = textIn(json["typeKey"]);
    const message = textIn(json["message"]) || textIn(json["Message"]) || plainText(body, headers) || headerText(headers);
    return { typeKey, message: [message, ...validationResults(json)].join("\n").slice(0, 4_000) };
}
/** The Build area keeps its reasons apart from its message. */
function validationResults(json) {
    const properties = json["customProperties"];
    const results = isObject(properties) ? properties["ValidationResults"] : undefined;
    const list = isObject(results) ? results["$values"] : results;
    if (!Array.isArray(list))
        return [];
    return list
        .map((entry) => (isObject(entry) ? textIn(entry["message"]) : ""))
        .filter((text) => text !== "");
}
function plainText(body, headers) {
    const isText = /^text\/plain/i.test(headers["content-type"] ?? "");
    if (isText)
        return body.replace(/^\uFEFF/, "").slice(0, 1_000);
    // Of a page only the one sentence that bears a number of the service's own.
    return /\b(?:TF|VS)\d{5,}: [^<\r\n]{1,500}/.exec(body)?.[0].trim() ?? "";
}
/** The message again, URL-encoded; the only one in answers without a body. */
function headerText(headers) {
    const encoded = headers["x-tfs-serviceerror"] ?? "";
    try {
        return decodeURIComponent(encoded.replaceAll("+", " "));
    }
    catch {
        return encoded;
    }
}
function objectIn(body) {
    try {
        const value = JSON.parse(body.replace(/^\uFEFF/, ""));
        return isObject(value) ? value : {};
    }
    catch {
        return {};
    }
}
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function textIn(value) {
    return typeof value === "string" ? value : "";
}

;// CONCATENATED MODULE: ./build/azure/hints.js
/** By the service's words, where they say more than the code. They may be localised: then the code's hint holds. */
const byWords = [
    [/Unexpected parameter/, "Declare the parameter in the pipeline's YAML, or take it out of `parameters`."],
    [
        /parameter value .* is not a valid|A value for the .* parameter/,
        "Correct `parameters`: the pipeline's YAML lists what it takes.",
    ],
    [
        /can't set the following variables/,
        "Mark the variables as settable at queue time in the pipeline's editor, or take them out of `variables`.",
    ],
    [
        /Unable to resolve the reference|latest source version|No commit found/,
        "Check `ref` and `commit`: they must exist in the repository that the pipeline builds.",
    ],
    [/disabled|paused/i, "Enable the pipeline in Azure DevOps: Edit, then Settings."],
    [
        /VS403463/,
        "Let the conditional access policy admit this runner's address, or use a self-hosted runner inside it.",
    ],
    [/has expired/, "Renew the token and store it again."],
    [
        /TF400813|TF401444/,
        "Add the identity (an application or managed identity by its name, under Organization settings, Users) to the organization, with at least the access level Stakeholder.",
    ],
];
const byCode = {
    unauthorized: "Check that the token is present, unexpired and issued for this organization (a personal access token with the scope Build (read & execute), or one of the organization's own Entra ID tenant), and that its owner is a user of the organization.",
    forbidden: "Grant the identity the permissions View builds, Queue builds, Edit queue build configuration and Stop builds on this pipeline.",
    rejected: "Correct what the service names.",
    unreachable: "Bring the collection back online, then run the workflow again.",
};
/** One imperative sentence: what the workflow's author can do about a refusal. */
function hintFor(code, { call, answer, envelope }) {
    const { typeKey, message } = envelope;
    if (code === "forbidden")
        return permissionHint(message) ?? byCode.forbidden;
    if (code === "not-found")
        return missingHint(call, typeKey, message);
    const hint = byWords.find(([pattern]) => pattern.test(message))?.[1] ?? byCode[code];
    const tenant = code === "unauthorized" ? tenantHint(answer.headers) : undefined;
    return tenant === undefined ? hint : `${hint} ${tenant}`;
}
/** Whose tokens the organization takes, where it says so. */
function tenantHint(headers) {
    const tenant = headers["x-vss-resourcetenant"]?.trim();
    if (!tenant)
        return undefined;
    return /^[0-]+$/.test(tenant)
        ? "The organization is connected to no tenant, so it takes no tokens of Entra ID but those of its users."
        : `The organization's tenant is ${tenant}.`;
}
/** TF215106 names the permission that is missing. */
function permissionHint(message) {
    const named = /needs (.+?) permissions? /.exec(message)?.[1];
    return named === undefined
        ? undefined
        : `Grant the identity the permission "${named}" on this pipeline (Manage security).`;
}
const goneArtifactHint = "Check whether the artifact can still be downloaded in Azure DevOps: it may have been deleted or have expired.";
function missingHint(call, typeKey, message) {
    if (/^Project/.test(typeKey) || /TF200016|VS800075/.test(message)) {
        return "Check `organization` and `project`, and that the identity of the token may see the project.";
    }
    if (/^Artifact/.test(typeKey) || (/\/artifacts$/.test(call.path) && !/^(Build|Pipeline)/.test(typeKey)))
        return goneArtifactHint;
    if (/^(Pipeline|Definition)/.test(typeKey) || /pipelines\/|definitions/.test(call.path)) {
        return "Check `pipeline-id`: it is the number behind definitionId= in the pipeline's address.";
    }
    if (/^Build/.test(typeKey))
        return "Check the run's id: the run may have been deleted, or belong to another project.";
    return "Check `organization` and `project`: there is nothing at this address.";
}

;// CONCATENATED MODULE: ./build/azure/status.js
/** Passing by their nature, unless the envelope names a refusal. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Whether a status may pass by itself. */
function isPassing(status) {
    return passing.has(status) || status > 504;
}
/**
 * Throttling has its own status, and has come as 403 too: by its typeKey, by its number, which is in no language, or by
 * its words. A 5xx may bear that number for other reasons, and would then leave open what was done.
 */
function isThrottled({ status }, { typeKey, message }) {
    if (status === 429 || typeKey === "RequestBlockedException")
        return true;
    return ((status < 500 && /\bTF400733\b/.test(message)) || /Request was blocked due to exceeding/.test(message));
}

;// CONCATENATED MODULE: ./build/azure/refusals.js




/** By the envelope's typeKey, which is never localised. First match wins. */
const byKey = [
    [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
    [/AccessDenied|Permission|Forbidden/, "forbidden"],
    [/NotFound|DoesNotExist/, "not-found"],
    [
        /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
        "rejected",
    ],
];
/** Of these a 5xx may be sure that nothing was done, since they are of this field; any other 5xx leaves it open. */
const certain = /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;
/** A refusal in the service's own words. */
class Refusal extends errors/* ActionError */.lZ {
    /** By which the service tells refusals apart, whatever its language. */
    typeKey;
    constructor(code, message, { typeKey, hint }) {
        super(code, message, { hint });
        this.typeKey = typeKey;
    }
}
/** What a definite refusal becomes, in the service's own words; `undefined` for what may pass. */
function refusalOf(call, answer) {
    const envelope = envelopeOf(answer);
    const code = isOffline(answer, envelope) ? offlineCode(call) : codeOf(answer, envelope);
    if (code === undefined)
        return undefined;
    return new Refusal(code, `${call.doing} was refused${quoted(answer, envelope)}`, {
        typeKey: envelope.typeKey,
        hint: hintFor(code, { call, answer, envelope }),
    });
}
/** A bad token is often answered by the page where a person would sign in. */
function signInPage(call, answer) {
    const envelope = envelopeOf({ ...answer, body: "" });
    return new errors/* ActionError */.lZ("unauthorized", `${call.doing} was answered with a sign-in page (${answer.status}).`, {
        hint: hintFor("unauthorized", { call, answer, envelope }),
    });
}
/** A collection that is switched off says so, and will say so again; only a wait has the time to see it return. */
function isOffline({ headers }, { message }) {
    return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}
function offlineCode({ outlastsOutage }) {
    return outlastsOutage ? undefined : "unreachable";
}
function codeOf({ status }, envelope) {
    if (isThrottled({ status }, envelope))
        return undefined;
    const { typeKey, message } = envelope;
    if (status === 401 || /VS403463/.test(message))
        return "unauthorized";
    const named = byKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? byNumber(message);
    if (status >= 500)
        return certain.test(typeKey) ? named : undefined;
    if (isPassing(status))
        return undefined;
    if (named !== undefined)
        return named;
    if (status === 403)
        return "forbidden";
    if (status === 404)
        return "not-found";
    return "rejected";
}
/** A project that the caller cannot see comes as 400. The numbers are in no language. */
function byNumber(message) {
    return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}
function quoted({ status, headers }, { message }) {
    const activity = headers["activityid"] ?? headers["x-vss-e2eid"];
    const trail = activity === undefined ? "" : ` (activity ${activity})`;
    return message === "" ? ` with status ${status}.${trail}` : `: ${message.trim()}${trail}`;
}

;// CONCATENATED MODULE: ./build/azure/answers.js






/**
 * Judges an answer: success is 2xx and JSON (or no body at all), nothing else.
 * https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api
 */
function judged(call, answer, now) {
    const { status, headers, body } = answer;
    const restMs = (0,retry_after/* retryAfterMs */.V)(headers, now);
    if (status === 203 || (status >= 300 && status < 400))
        throw signInPage(call, answer);
    if (status >= 200 && status < 300) {
        if (isHtml(answer))
            throw signInPage(call, answer);
        const value = call.decode(body === "" ? undefined : parsed(body));
        return {
            value,
            text: body,
            headers,
            retryAfterMs: restMs,
            slowed: isHeldBack(headers) ? "held-back" : undefined,
        };
    }
    throw failureOf(call, answer, restMs);
}
function failureOf(call, answer, restMs) {
    const refusal = refusalOf(call, answer);
    if (refusal !== undefined)
        return refusal;
    const { status, headers } = answer;
    const envelope = envelopeOf(answer);
    const { message } = envelope;
    const throttled = isThrottled(answer, envelope);
    const what = throttled ? `too many requests (${status})` : `the service answered ${status}`;
    const words = message === "" ? what : `${what}: ${message.trim()}`;
    // A token of another tenant is not refused but throttled, from the first call on.
    const drained = throttled && headers["x-ratelimit-remaining"] === "0";
    const hint = drained
        ? ["Wait, or check the tenant:", anotherTenant, tenantHint(headers)].filter(Boolean).join(" ")
        : undefined;
    return new errors/* PassingError */.aB(words, { retryAfterMs: restMs, throttled, hint });
}
const anotherTenant = "a token of another tenant than the organization's is answered like this from its first request on.";
/** Before it refuses, the service delays, and says by how many seconds. Milliseconds do not count. */
function isHeldBack(headers) {
    return Number(headers["x-ratelimit-delay"] ?? "0") >= 0.5;
}
function isHtml({ headers, body }) {
    return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
}
function parsed(body) {
    try {
        return JSON.parse(body.replace(/^\uFEFF/, ""));
    }
    catch (cause) {
        throw new errors/* PassingError */.aB("the answer was not whole, or not JSON", { cause });
    }
}

;// CONCATENATED MODULE: ./build/azure/deadline.js
/** Of one answer, where the call says nothing else. Milliseconds. */
const usualAnswerMs = 30_000;
/** What is asked at the very deadline may still be answered. Milliseconds. */
const lastAnswerMs = 3_000;
/** How long one answer may take. Milliseconds. */
function answerMs({ timeoutMs = usualAnswerMs, ...call }, now) {
    return Math.min(timeoutMs, leftMs(call, now));
}
/** How long a token may be in coming: as long as the answers that it is for. Milliseconds. */
function tokenMs({ timeoutMs = usualAnswerMs, patienceMs = 0, ...call }, now) {
    return Math.min(patienceMs + timeoutMs, leftMs(call, now));
}
function leftMs({ deadline = Number.POSITIVE_INFINITY }, now) {
    return Math.max(deadline - now, lastAnswerMs);
}

;// CONCATENATED MODULE: ./build/azure/renewing.js


/**
 * After a 401 the token is fetched anew, once, where it can be; the call is then asked once more. One that was never
 * any good, whatever was asked with it, would be no better the second time.
 */
function renewing(door) {
    let wasGood = false;
    return (send) => async (call) => {
        try {
            const answer = await send(call);
            wasGood = true;
            return answer;
        }
        catch (error) {
            const isSpent = wasGood && error instanceof errors/* ActionError */.lZ && error.code === "unauthorized";
            if (!isSpent || !(await inTime(call, door, (limit) => door.signIn.renew(limit))))
                throw error;
            return await send(call);
        }
    };
}
/** The value of the Authorization header, within the time that the call has. */
function authorizationFor(call, door) {
    return inTime(call, door, (limit) => door.signIn.authorization(limit));
}
/** A token that is long in coming is as late as an answer would be: a wait has its deadline whatever is missing. */
async function inTime(call, { clock }, fetchToken) {
    const { signal } = call;
    const late = AbortSignal.timeout(Math.ceil(tokenMs(call, clock.now())));
    try {
        return await fetchToken(AbortSignal.any([signal, late]));
    }
    catch (error) {
        if (signal.aborted || !late.aborted || error instanceof errors/* ActionError */.lZ)
            throw error;
        throw new errors/* PassingError */.aB("no token came in time", { unsent: true, cause: error });
    }
}

;// CONCATENATED MODULE: ./build/azure/rests.js

/** A longer rest only a wait may have, between two of its looks: nobody else remembers more of it. Milliseconds. */
const longestRestMs = 5 * 60_000;
function createRests(clock) {
    const ends = new Map();
    async function noted(url, asked) {
        const answer = await asked;
        const now = clock.now();
        const end = now + Math.min((0,retry_after/* retryAfterMs */.V)(answer.headers, now) ?? 0, longestRestMs);
        const { host } = new URL(url);
        ends.set(host, Math.max(ends.get(host) ?? 0, end));
        return answer;
    }
    return {
        noting: ({ ask, open }) => ({
            ask: (request) => noted(request.url, ask(request)),
            open: (request) => noted(request.url, open(request)),
        }),
        sitOut: async (url, { signal, isUrgent = false, deadline = Number.POSITIVE_INFINITY, onRest }) => {
            const end = Math.min(ends.get(new URL(url).host) ?? 0, deadline);
            const restMs = end - clock.now();
            if (restMs <= 0 || isUrgent)
                return;
            onRest?.(restMs);
            await clock.sleep(restMs, signal);
        },
    };
}
/** Asks once the host has had its rest. */
function resting(send, rests, url) {
    return async (call) => {
        await rests.sitOut(url, call);
        return await send(call);
    };
}

;// CONCATENATED MODULE: ./build/core/backoff.js
/** Doubles from one second to thirty, then takes between half of that and all of it. Milliseconds. */
function backoffMs(attempt, random) {
    const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
    return Math.round((ceiling * (1 + random)) / 2);
}

;// CONCATENATED MODULE: ./build/azure/retry.js


/** Asks again what failed in passing, for as long as the call's patience lasts. */
function retrying(send, { clock, random }) {
    return async (call) => {
        const { patienceMs = 0, deadline = Number.POSITIVE_INFINITY, signal } = call;
        const start = clock.now();
        const end = Math.min(start + patienceMs, deadline);
        let refused = false;
        for (let attempt = 1;; attempt += 1) {
            try {
                const answer = await send(call);
                return refused ? { ...answer, slowed: "refused" } : answer;
            }
            catch (error) {
                if (!(error instanceof errors/* PassingError */.aB) || patienceMs === 0)
                    throw error;
                refused ||= error.throttled;
                const left = end - clock.now();
                const wish = error.retryAfterMs ?? 0;
                if (left <= 0)
                    throw exhausted(call.doing, error, patienceMs);
                // Only a wait for a run has the time for a rest that long.
                if (wish > left && !call.outlastsOutage)
                    throw restless(call.doing, error, wish);
                call.onTrouble?.(error.message, clock.now() - start);
                const pause = Math.max(wish, backoffMs(attempt, random()));
                // The last question is asked at the very end of the patience, whatever the server would rather have.
                await clock.sleep(Math.min(pause, left), signal);
            }
        }
    };
}
/** What a passing failure becomes when it did not pass. */
function exhausted(doing, error, spentMs) {
    const spent = spentMs < 1_000 ? "" : ` for ${timeText(spentMs)}`;
    return lasting(error, `${doing} got no good answer${spent}: ${error.message}.`);
}
/** What a passing failure becomes whose rest is longer than anybody waits for. */
function restless(doing, error, wishMs) {
    const wish = `the service wants to be left alone for ${timeText(wishMs)}`;
    return lasting(error, `${doing} got no good answer: ${error.message}; ${wish}.`);
}
function timeText(ms) {
    return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}
function lasting(error, message) {
    const code = error.throttled ? "busy" : "unreachable";
    const hint = error.hint ??
        (error.throttled
            ? "Start fewer steps at once, or raise poll-interval: the limit is per identity."
            : "Check that Azure DevOps is up (https://status.dev.azure.com) and reachable from this runner.");
    return new errors/* ActionError */.lZ(code, message, { hint, cause: error });
}

;// CONCATENATED MODULE: ./build/azure/versions.js

/**
 * An older server refuses 7.1 and names its own maximum: from then on that is what is asked for, whoever asks. What it
 * knows as a preview only it wants to be asked for as one.
 */
function steppingDown(asked) {
    let maximum;
    const lesser = (version) => maximum !== undefined && Number.parseFloat(version) > Number(maximum) ? maximum : version;
    const versionOf = ({ version }) => version === undefined ? lesser(asked) : version.replace(/^\d+\.\d+/, lesser);
    return (send) => async (call) => {
        for (let version = versionOf(call);;) {
            try {
                return await send({ ...call, version });
            }
            catch (error) {
                maximum = maximumIn(error) ?? maximum;
                const next = wantsPreview(error, version) ? `${version}-preview` : versionOf(call);
                if (next === version || Number.parseFloat(next) > Number.parseFloat(version))
                    throw error;
                version = next;
            }
        }
    };
}
/** `The requested version "6.0" of the resource is under preview. The -preview flag must be supplied …` */
function wantsPreview(error, version) {
    return isRefused(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}
/** `… is out of range for this server. The latest REST API version this server supports is 7.0.` The lesser is the server's. */
function maximumIn(error) {
    if (!isRefused(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/))
        return undefined;
    const named = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
    return named.sort((a, b) => Number(a) - Number(b))[0];
}
/** By its key, in whatever language; by its words where a gateway has lost the key. */
function isRefused(error, key, words) {
    return error instanceof Refusal && (key.test(error.typeKey) || words.test(error.message));
}

;// CONCATENATED MODULE: ./build/azure/connect.js






function serviceAt(place, means) {
    const rests = createRests(means.clock);
    const [renew, stepDown] = [renewing(means), steppingDown(place.apiVersion)];
    return {
        ...means,
        place,
        transport: rests.noting(means.transport),
        understood: (send) => renew(stepDown(send)),
        rests,
    };
}
/** One organization's API, with sign-in, version, patience and rest seen to. */
function connected(service) {
    const plain = (call) => askOnce(call, service);
    return resting(retrying(service.understood(plain), service), service.rests, service.place.base);
}
/** Test results live on a host of their own, except where the organization is a server's collection. */
function resultsOf(service) {
    const { place } = service;
    const { hostname, pathname } = new URL(place.base);
    const old = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
    if (hostname !== "dev.azure.com" && old === undefined)
        return service;
    const base = `https://vstmr.dev.azure.com${old === undefined ? pathname : `/${old}`}`;
    return { ...service, place: { ...place, base } };
}
async function askOnce(call, service) {
    const { place, transport, clock } = service;
    const { method, body, signal } = call;
    const authorization = await authorizationFor(call, service);
    signal.throwIfAborted();
    const answer = await transport.ask({
        method,
        url: addressOf(call, place),
        headers: {
            accept: "application/json",
            // Turns the redirect to a sign-in page into a plain 401.
            "x-tfs-fedauthredirect": "Suppress",
            authorization,
            ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        timeoutMs: answerMs(call, clock.now()),
        signal: call.onSend?.() ?? signal,
    });
    return judged(call, answer, clock.now());
}
function addressOf({ path, query, version }, place) {
    const pairs = Object.entries({ ...query, "api-version": version ?? place.apiVersion }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
    return `${place.base}/${encodeURIComponent(place.project)}/${path}?${pairs.join("&")}`;
}

;// CONCATENATED MODULE: ./build/core/nearest.js
/** The one whose name is most like what was asked for; without a folder in it, folders only break ties. */
function nearestTo({ folder, name }, all) {
    const distances = all.map((one) => {
        const byName = distanceOf(name, one.name);
        return folder === undefined
            ? { one, far: byName, tie: one.folder.length }
            : { one, far: byName + distanceOf(folder, one.folder), tie: byName };
    });
    return distances.toSorted((a, b) => a.far - b.far || a.tie - b.tie)[0]?.one;
}
/** Levenshtein's distance, whatever the case: how many letters to change, add or take away. */
function distanceOf(asked, found) {
    const [a, b] = [asked.toLowerCase(), found.toLowerCase()];
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (const [i, letter] of [...a].entries()) {
        const next = [i + 1];
        for (let j = 1; j <= b.length; j += 1) {
            const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
            next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}

;// CONCATENATED MODULE: ./build/azure/definitions.js



const patienceMs = 60_000;
/** A list of a name that goes on beyond these has no end that anybody would wait for. */
const pagesOfAName = 100;
/** Of all pipelines, a thousand a page: enough to name the nearest among them. */
const pagesOfAll = 10;
/** What repository a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
async function readRepository(send, pipelineId, signal) {
    const path = `_apis/build/definitions/${pipelineId}`;
    const decode = (value) => {
        const definition = fieldsOf(value);
        const { repository } = definition;
        return {
            name: textOf(definition["name"]),
            repository: decodeRepository(repository),
            defaultRef: fullRef(textOf(fieldsOf(repository)["defaultBranch"])),
            project: decodeProject(definition["project"]),
        };
    };
    return (await send({ method: "GET", path, decode, doing: "Reading the pipeline", patienceMs, signal }))
        .value;
}
/** The service writes it both ways: `refs/heads/main`, and `main` alone. */
function fullRef(branch) {
    return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}
function decodeRepository(value) {
    const repository = fieldsOf(value);
    const properties = fieldsOf(repository["properties"]);
    const kinds = { github: "github", githubenterprise: "github-enterprise" };
    const type = (textOf(repository["type"]) ?? "").toLowerCase();
    const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
    const url = textOf(repository["url"]) ?? textOf(properties["cloneUrl"]);
    const path = url === null ? null : URL.parse(url);
    const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
    const fullName = names
        .map((name) => textOf(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
        .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
    return { kind, fullName, host: path?.host };
}
/** The id of the one pipeline that bears a name. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/list */
async function findPipeline(send, { folder, name }, signal) {
    const query = folder === undefined ? { name } : { name, path: folder };
    const { found, isWhole } = await listPipelines(send, { query, pagesAtMost: pagesOfAName }, signal);
    // What was not read may bear the name too.
    if (!isWhole)
        throw endless();
    const same = found.filter(
    // The service reads `*` in a name as a wildcard and passes over case.
    (pipeline) => pipeline.name === name && (folder === undefined || sameFolder(pipeline.folder, folder)));
    const [only, another] = same;
    if (only === undefined)
        throw await noSuchPipeline(send, { folder, name }, signal);
    if (another !== undefined)
        throw severalPipelines(name, same);
    return only.id;
}
/** Pipelines, each once. Only a header says that there is another page. */
async function listPipelines(send, { query, pagesAtMost }, signal) {
    const found = new Map();
    let continuationToken;
    for (let page = 1; page <= pagesAtMost; page += 1) {
        const { value, headers } = await send({
            method: "GET",
            path: "_apis/build/definitions",
            // Without an order, the service refuses the token as ambiguous (github/gh-gei, issue 1220).
            query: { ...query, queryOrder: "definitionNameAscending", continuationToken },
            decode: decodeList,
            doing: "Looking for the pipeline",
            patienceMs,
            signal,
        });
        for (const pipeline of value)
            found.set(pipeline.id, pipeline);
        continuationToken = headers["x-ms-continuationtoken"] || undefined;
        if (continuationToken === undefined)
            break;
    }
    return { found: [...found.values()], isWhole: continuationToken === undefined };
}
function decodeList(answer) {
    return listOf(fieldsOf(answer)["value"]).flatMap((entry) => {
        const definition = fieldsOf(entry);
        const [id, name] = [numberOf(definition["id"]), textOf(definition["name"])];
        return id === null || name === null ? [] : [{ id, name, folder: textOf(definition["path"]) ?? "\\" }];
    });
}
async function noSuchPipeline(send, asked, signal) {
    const listing = { query: { $top: 1_000 }, pagesAtMost: pagesOfAll };
    const best = nearestTo(asked, (await listPipelines(send, listing, signal)).found);
    const hint = best === undefined
        ? "Check `project`: it has no pipeline that this identity may see."
        : `Check \`pipeline-name\`: the nearest is ${shown(best)} (${best.id}).`;
    const { folder, name } = asked;
    const what = folder === undefined ? name : shown({ folder, name });
    return new errors/* ActionError */.lZ("not-found", `No pipeline is called ${what}.`, { hint });
}
function severalPipelines(name, same) {
    const list = same.map((pipeline) => `${shown(pipeline)} (${pipeline.id})`).join(", ");
    return new errors/* ActionError */.lZ("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
        hint: "Use `pipeline-id`, or the name with its folder.",
    });
}
function endless() {
    return new errors/* ActionError */.lZ("unexpected-response", "The list of the pipelines of this name had no end.", {
        hint: "Use `pipeline-id`, which needs no list.",
    });
}
function shown({ folder, name }) {
    return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}
function sameFolder(a, b) {
    const plain = (folder) => folder.replace(/^\\+|\\+$/g, "").toLowerCase();
    return plain(a) === plain(b);
}

// EXTERNAL MODULE: ./build/core/loopback.js
var loopback = __nccwpck_require__(9729);
;// CONCATENATED MODULE: ./build/azure/hosts.js

/** Where the service itself answers: only there a token may travel. */
function isOwnHost(url, base) {
    const home = new URL(base);
    if (url.origin === home.origin || isSameOnLoopback(url, home))
        return true;
    const tenant = tenantOf(home);
    if (tenant === undefined || url.protocol !== "https:" || url.port !== "")
        return false;
    const host = url.hostname;
    return (host === "dev.azure.com" ||
        host.endsWith(".dev.azure.com") ||
        host === `${tenant}.visualstudio.com` ||
        host.endsWith(".artifacts.visualstudio.com"));
}
/** This machine has several names, and a server that is reached by one may call itself by another. */
function isSameOnLoopback(url, home) {
    const isHere = (0,loopback/* isLoopback */.U)(url.hostname) && (0,loopback/* isLoopback */.U)(home.hostname);
    return isHere && url.protocol === home.protocol && url.port === home.port;
}
/** A download may come from anywhere, but not in the clear; on this machine, where the organization is too, it may. */
function isSafe(url, base) {
    return url.protocol === "https:" || ((0,loopback/* isPlainLoopback */.W)(url) && (0,loopback/* isLoopback */.U)(new URL(base).hostname));
}
/** The organization's name, where it is one of Azure DevOps Services. */
function tenantOf({ hostname, pathname, port }) {
    if (port !== "")
        return undefined;
    if (hostname === "dev.azure.com")
        return pathname.split("/")[1]?.toLowerCase();
    return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}

;// CONCATENATED MODULE: ./build/azure/stream.js





/** Longest silence of a log or an artifact. Milliseconds. */
const silenceMs = 30_000;
/** Of a refusal only the beginning is read. Bytes. */
const refusalLimit = 64 * 1024;
/** Opens by the rules that hold for any other question: the sign-in is renewed, the version lowered. */
function opening({ understood }, open) {
    const send = understood(async (call) => {
        const stream = await open(call);
        return { value: call.decode(stream), text: "", headers: stream.headers, retryAfterMs: undefined };
    });
    return async (call) => {
        const whole = { ...call, method: "GET", timeoutMs: silenceMs };
        return (await send({ ...whole, decode: (stream) => stream })).value;
    };
}
/** Opens texts: the logs. */
function createOpen(service) {
    return opening(service, async (call) => {
        const stream = await service.transport.open({
            method: "GET",
            url: addressOf(call, service.place),
            headers: {
                // Text alone: a list that the service weighs its own way could bring JSON, which it sends whole where it does not
                // answer 500 (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/385).
                accept: "text/plain",
                "x-tfs-fedauthredirect": "Suppress",
                authorization: await authorizationFor(call, service),
            },
            timeoutMs: silenceMs,
            signal: call.signal,
        });
        return isGood(stream) ? stream : await refuse(call, stream, service.clock.now());
    });
}
/** Whether an answer can be what was asked for, and not the page where a person would sign in. */
function isGood({ status, headers }) {
    return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}
/** Throws what an answer that is not good means, by the same rules as for any other call. */
async function refuse(call, stream, now) {
    const { status, headers } = stream;
    const answer = { status, headers, body: await beginningOf(stream) };
    judged({ ...call, decode: () => undefined }, answer, now);
    throw signInPage(call, answer);
}
async function beginningOf({ chunks }) {
    const parts = [];
    let size = 0;
    try {
        for await (const chunk of chunks) {
            parts.push(chunk);
            size += chunk.length;
            if (size > refusalLimit)
                break;
        }
    }
    catch (error) {
        // The status says enough.
        if (!(error instanceof errors/* PassingError */.aB || error instanceof errors/* ActionError */.lZ))
            throw error;
    }
    return Buffer.concat(parts).toString("utf8");
}

;// CONCATENATED MODULE: ./build/azure/follow.js








const mostRedirects = 5;
/** Opens a download. Redirects are followed, without the token; an address in the clear, or a page to sign in, is not. */
async function follow(service, start, signal) {
    const { base } = service.place;
    const url = safeUrl(start, base);
    let hop = { ...start, url, withToken: start.trusted && isOwnHost(url, base) };
    for (let count = 0; count <= mostRedirects; count += 1) {
        const stream = await opened(service, hop, signal);
        const target = isRedirect(stream) ? stream.headers["location"] : undefined;
        if (target === undefined || isSignIn(target))
            return await checked(service, { hop, stream }, signal);
        await follow_close(stream);
        hop = { ...hop, url: safeUrl({ ...start, address: target }, base, hop.url), withToken: false };
    }
    throw new errors/* ActionError */.lZ("unexpected-response", `${doing(start)} led through more than ${mostRedirects} redirects.`);
}
async function opened(service, hop, signal) {
    const { href } = hop.url;
    await service.rests.sitOut(href, { signal, onRest: hop.onRest });
    return await service.transport.open({
        method: "GET",
        url: href,
        headers: {
            accept: "application/zip, application/octet-stream, */*",
            ...(hop.withToken && {
                "x-tfs-fedauthredirect": "Suppress",
                authorization: await authorizationFor(callOf(hop, signal), service),
            }),
        },
        timeoutMs: silenceMs,
        signal,
    });
}
async function checked({ clock }, { hop, stream }, signal) {
    if (isGood(stream))
        return stream;
    const { status, headers } = stream;
    const now = clock.now();
    if (hop.withToken || isRedirect(stream))
        return await refuse(callOf(hop, signal), stream, now);
    await follow_close(stream);
    // Only the host: what stands behind it is as good as a token.
    const what = `${hop.url.host} answered ${status}`;
    if (isPassing(status))
        throw new errors/* PassingError */.aB(what, { retryAfterMs: (0,retry_after/* retryAfterMs */.V)(headers, now) });
    throw new errors/* ActionError */.lZ("unexpected-response", `${doing(hop)} failed: ${what}.`, {
        hint: goneArtifactHint,
    });
}
function callOf(hop, signal) {
    const { pathname: path } = hop.url;
    return { method: "GET", path, doing: doing(hop), decode: () => undefined, timeoutMs: silenceMs, signal };
}
function safeUrl(start, base, from) {
    const url = URL.parse(start.address, from?.href);
    if (url !== null && isSafe(url, base))
        return url;
    const where = url === null ? "an address that cannot be read" : `${url.protocol}//${url.host}`;
    throw new errors/* ActionError */.lZ("unexpected-response", `${doing(start)} led to ${where}, which is not safe.`, {
        hint: "Check what stands between this runner and Azure DevOps: a download has to come over https.",
    });
}
function isRedirect({ status }) {
    return status >= 300 && status < 400 && status !== 304;
}
function isSignIn(location) {
    return /\/_signin\b|^https:\/\/(login\.microsoftonline\.com|login\.live\.com)\//i.test(location);
}
/** Gives the connection up. Reading has to begin for it to end. */
async function follow_close({ chunks }) {
    try {
        for await (const _ of chunks)
            break;
    }
    catch {
        // It is over either way.
    }
}
function doing({ name }) {
    return `Downloading artifact ${(0,core_text/* quotedName */.aH)(name)}`;
}

;// CONCATENATED MODULE: ./build/azure/download.js








/** How often a download that breaks off is begun again, at most. */
const mostTries = 5;
/** The run is over, and no `timeout` bounds what comes after it: a longer rest is not waited for. Milliseconds. */
const longestWaitMs = 60_000;
/** There is another address. */
const signedPatienceMs = 8_000;
/**
 * Downloads an artifact as a zip into a sink. After a failure in passing the sink is called again, with everything
 * from the beginning. The service's token goes to the organization's own hosts, and never behind a redirect.
 */
async function downloadArtifact(downloading, wanted, { sink, onWait }, signal) {
    const { clock, random } = downloading.service;
    const what = doing(wanted.artifact);
    const onRest = (restMs) => onWait?.(restMs, "the service asked for a rest");
    const start = clock.now();
    for (let attempt = 1;; attempt += 1) {
        try {
            const { chunks } = await openArtifact(downloading, { wanted, onRest }, signal);
            return await sink(chunks);
        }
        catch (error) {
            if (!(error instanceof errors/* PassingError */.aB))
                throw error;
            const wishMs = error.retryAfterMs ?? 0;
            if (attempt >= mostTries)
                throw exhausted(what, error, Math.max(clock.now() - start, 1_000));
            if (wishMs > longestWaitMs)
                throw restless(what, error, wishMs);
            const waitMs = Math.max(wishMs, backoffMs(attempt, random()));
            onWait?.(waitMs, error.message);
            await clock.sleep(waitMs, signal);
        }
    }
}
async function openArtifact(downloading, { wanted, onRest }, signal) {
    const [best, other] = await waysTo(downloading, wanted, signal);
    if (best === undefined)
        throw nothingIn(wanted);
    const open = (way) => openWay(downloading.service, way, { name: wanted.artifact.name, onRest }, signal);
    return await open(best).catch(async (error) => {
        if (other === undefined || !isRefusal(error))
            throw error;
        return await open(other).catch((second) => {
            throw isRefusal(second) ? error : second;
        });
    });
}
/** What is the service's own understands the sign-in and the version like any other question. */
async function openWay(service, way, start, signal) {
    if (way.by === "signature") {
        return await follow(service, { ...start, address: way.address, trusted: false }, signal);
    }
    const [path, query] = way.by === "api" ? [way.path, way.query] : ["", {}];
    const open = opening(service, (call) => {
        const address = way.by === "api" ? addressOf(call, service.place) : way.address;
        return follow(service, { ...start, address, trusted: true }, signal);
    });
    return await open({ path, query, doing: doing(start), signal });
}
/** The best way first. What the listing names is as the server calls itself, which not every runner can reach. */
async function waysTo(downloading, wanted, signal) {
    const { kind, name, downloadUrl } = wanted.artifact;
    const listed = downloadUrl === undefined ? [] : [{ by: "listing", address: downloadUrl }];
    if (kind === "other")
        return [];
    if (kind === "container") {
        const path = `_apis/build/builds/${wanted.runId}/artifacts`;
        return [{ by: "api", path, query: { artifactName: name, $format: "zip" } }, ...listed];
    }
    const signed = await signedUrl(downloading, wanted, signal);
    return signed === undefined ? listed : [{ by: "signature", address: signed }];
}
function nothingIn({ artifact: { name } }) {
    return new errors/* ActionError */.lZ("not-found", `Artifact ${(0,core_text/* quotedName */.aH)(name)} has nothing to download.`, {
        hint: "Publish it with the task PublishPipelineArtifact@1, or take it out of the list.",
    });
}
/** Preferred: it takes no token to the storage. An older server has none, and then there is the other address. */
async function signedUrl({ send }, { artifact: { name, downloadUrl }, pipelineId, runId }, signal) {
    if (pipelineId === null)
        return undefined;
    try {
        return await readSignedUrl(send, { pipelineId, runId, name, patienceMs: signedPatienceMs }, signal);
    }
    catch (error) {
        if (isRefusal(error) && downloadUrl !== undefined)
            return undefined;
        throw error;
    }
}
/** Of the address, and not of whoever asks: another address may do. */
function isRefusal(error) {
    return error instanceof errors/* ActionError */.lZ && error.code !== "unauthorized";
}

;// CONCATENATED MODULE: ./build/azure/history.js

/**
 * How long the last successful runs of a pipeline took, from start to end, in milliseconds.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
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
        decode: (answer) => listOf(fieldsOf(answer)["value"]).flatMap(durationOf),
        doing: "Reading the pipeline's past runs",
        timeoutMs: 10_000,
        signal,
    });
    return value;
}
function durationOf(answer) {
    const build = fieldsOf(answer);
    const [start, end] = [dateOf(build["startTime"]), dateOf(build["finishTime"])];
    return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}
/** How many lines each log has. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-logs */
async function readLogSizes(send, runId, signal) {
    const { value } = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/logs`,
        decode: (answer) => new Map(listOf(fieldsOf(answer)["value"]).flatMap((entry) => {
            const { id, lineCount } = fieldsOf(entry);
            return typeof id === "number" && typeof lineCount === "number" ? [[id, lineCount]] : [];
        })),
        doing: "Reading the run's list of logs",
        timeoutMs: 10_000,
        signal,
    });
    return value;
}

;// CONCATENATED MODULE: external "node:string_decoder"
const external_node_string_decoder_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");
// EXTERNAL MODULE: ./build/core/log-lines.js
var log_lines = __nccwpck_require__(2442);
;// CONCATENATED MODULE: ./build/azure/logs.js






/** How long a log that breaks off again and again without a new line is asked for. Milliseconds. */
const usualPatienceMs = 60_000;
/** Lines of JSON come all at once. Bytes. */
const jsonLimit = 64 * 1024 * 1024;
/**
 * The lines of a log, in batches as they come. A connection that breaks is made again, and what had come is passed
 * over: whether the service counts `startLine` from 0 or from 1 is not documented.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-log
 */
async function* logLines({ open, clock, random, rests, place }, { runId, logId, known = 0, patienceMs: firstPatienceMs = usualPatienceMs }, signal) {
    const doing = `Reading log ${logId} of the run`;
    const call = { path: `_apis/build/builds/${runId}/logs/${logId}`, doing, signal };
    await rests.sitOut(place.base, { signal });
    let delivered = known;
    let lastNews = clock.now();
    for (let attempt = 1;; attempt += 1) {
        try {
            let seen = 0;
            for await (const lines of linesOf(await open(call))) {
                const fresh = seen >= delivered ? lines : lines.slice(delivered - seen);
                seen += lines.length;
                if (fresh.length === 0)
                    continue;
                delivered = seen;
                lastNews = clock.now();
                attempt = 0;
                yield fresh;
            }
            return;
        }
        catch (error) {
            if (!(error instanceof errors/* PassingError */.aB))
                throw error;
            // What has begun is worth more patience than what may come later as well.
            const patienceMs = delivered > known ? usualPatienceMs : firstPatienceMs;
            const left = lastNews + patienceMs - clock.now();
            if (left <= 0)
                throw exhausted(doing, error, patienceMs);
            const pause = Math.max(error.retryAfterMs ?? 0, backoffMs(Math.max(attempt, 1), random()));
            await clock.sleep(Math.min(pause, left), signal);
        }
    }
}
async function* linesOf(stream) {
    const splitter = (0,log_lines/* createLineSplitter */.AD)();
    if (/\bjson\b/i.test(stream.headers["content-type"] ?? "")) {
        yield splitter.push(await textOfJson(stream));
    }
    else {
        const decoder = new external_node_string_decoder_namespaceObject.StringDecoder("utf8");
        for await (const chunk of stream.chunks)
            yield splitter.push(decoder.write(chunk));
        yield splitter.push(decoder.end());
    }
    yield splitter.end();
}
/** A server that passes over Accept sends `{"count": 2, "value": ["line", …]}`. */
async function textOfJson({ chunks }) {
    const parts = [];
    let size = 0;
    for await (const chunk of chunks) {
        size += chunk.length;
        if (size > jsonLimit)
            throw new errors/* ActionError */.lZ("unexpected-response", "A log came as JSON and larger than 64 MiB.");
        parts.push(chunk);
    }
    try {
        const answer = JSON.parse(Buffer.concat(parts)
            .toString("utf8")
            .replace(/^\uFEFF/, ""));
        const lines = listOf(fieldsOf(answer)["value"]).filter((line) => typeof line === "string");
        return lines.map((line) => `${line}\n`).join("");
    }
    catch (cause) {
        throw new errors/* PassingError */.aB("the log was not whole, or not JSON", { cause });
    }
}

// EXTERNAL MODULE: ./build/core/pace.js
var pace = __nccwpck_require__(3147);
// EXTERNAL MODULE: ./build/core/records.js
var core_records = __nccwpck_require__(5336);
;// CONCATENATED MODULE: ./build/azure/timeline.js


const states = new Map([
    ["pending", "pending"],
    ["inprogress", "inProgress"],
    ["completed", "completed"],
]);
const timeline_results = new Map([
    ["succeeded", "succeeded"],
    ["succeededwithissues", "succeededWithIssues"],
    ["failed", "failed"],
    ["canceled", "canceled"],
    ["skipped", "skipped"],
    ["abandoned", "abandoned"],
]);
/** Records with an id; what the service invents beside them is passed over. */
function decodeRecords(answer) {
    return listOf(fieldsOf(answer)["records"]).flatMap((entry) => {
        const record = fieldsOf(entry);
        const id = textOf(record["id"]);
        return id === null ? [] : [decodeRecord(id, record)];
    });
}
function decodeRecord(id, record) {
    const status = states.get((textOf(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
    return {
        id,
        parentId: textOf(record["parentId"]),
        type: textOf(record["type"]) ?? "",
        name: textOf(record["name"]) ?? "",
        refName: textOf(record["refName"]),
        identifier: textOf(record["identifier"]),
        status,
        result: status === "completed" ? resultOf(record["result"]) : null,
        startedAt: dateOf(record["startTime"]),
        finishedAt: dateOf(record["finishTime"]),
        order: numberOf(record["order"]),
        attempt: numberOf(record["attempt"]) ?? 1,
        worker: textOf(record["workerName"]),
        logId: numberOf(fieldsOf(record["log"])["id"]),
        errors: numberOf(record["errorCount"]) ?? 0,
        warnings: numberOf(record["warningCount"]) ?? 0,
        issues: listOf(record["issues"]).flatMap(decodeIssue),
    };
}
/** A word that is not known counts as failed; none at all, as the service leaves it on some skipped parents, as skipped. */
function resultOf(value) {
    const word = textOf(value);
    return word === null ? "skipped" : (timeline_results.get(word.toLowerCase()) ?? "failed");
}
function decodeIssue(value) {
    const issue = fieldsOf(value);
    const message = textOf(issue["message"]);
    // What nobody can see tells nobody anything.
    if (message === null || (0,core_text/* oneLine */.TN)(message) === "")
        return [];
    const data = fieldsOf(issue["data"]);
    const severity = textOf(issue["type"])?.toLowerCase() === "warning" ? "warning" : "error";
    return [
        {
            severity,
            message,
            logLine: countOf(data["logFileLineNumber"]),
            file: textOf(data["sourcepath"]) ?? undefined,
            line: countOf(data["linenumber"]),
            column: countOf(data["columnnumber"]),
            code: textOf(data["code"]) ?? undefined,
        },
    ];
}
/** The service writes these numbers as text. */
function countOf(value) {
    const number = Number(value);
    return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

;// CONCATENATED MODULE: ./build/azure/looker.js






/** A full look comes after this many that asked for changes only, in case one was lost on the way. */
const fullLookEvery = 30;
/** Looks at one run again and again: one request while it is queued, two while it can change. */
function createLooker(send, runId, webAddress) {
    const timeline = createTimeline(send, runId);
    return async ({ thorough = false, ...patience }, signal) => {
        const seen = await readBuild(send, { runId, webAddress, outlastsOutage: true, ...patience }, signal);
        const { status } = seen.run;
        const idle = status === "notStarted" || status === "postponed";
        if (idle && !thorough)
            return { ...seen, records: timeline.records() };
        const wish = await timeline.refresh({ ...patience, whole: status === "completed" }, signal);
        return {
            ...seen,
            records: timeline.records(),
            // What the first answer wished for has been granted before the second question.
            retryAfterMs: wish.retryAfterMs,
            slowed: (0,pace/* moreSlowed */.M)(seen.slowed, wish.slowed),
            untold: wish.untold,
        };
    };
}
/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
function createTimeline(send, runId) {
    let records = new Map();
    let cursor;
    let lastText = "";
    let sinceFull = 0;
    async function refresh({ whole, ...options }, signal) {
        const full = whole || cursor === undefined || sinceFull >= fullLookEvery;
        try {
            const answer = await send({
                method: "GET",
                path: `_apis/build/builds/${runId}/timeline`,
                query: { changeId: full ? undefined : cursor },
                decode: decodeTimeline,
                doing: "Looking at the run's timeline",
                ...options,
                // The story's last page is worth some patience; any other is told at the next look.
                patienceMs: whole ? 10_000 : 0,
                signal,
            });
            sinceFull = full ? 0 : sinceFull + 1;
            // A server that passes over changeId sends everything each time: the same text is the same story.
            if (answer.text === lastText || answer.text === "")
                return answer;
            lastText = answer.text;
            const { changes, changeId } = answer.value;
            records = (0,core_records/* mergeRecords */.P)(full && changes.length > 0 ? new Map() : records, changes);
            // Of a timeline without records everything is still to come, whatever was changed last.
            cursor = full && changes.length === 0 ? undefined : (changeId ?? undefined);
            return answer;
        }
        catch (error) {
            return withoutTimeline(error);
        }
    }
    return { refresh, records: () => records };
}
function decodeTimeline(answer) {
    return { changes: decodeRecords(answer), changeId: numberOf(fieldsOf(answer)["changeId"]) };
}
/** The run's verdict does not hang on its timeline: without one the story is shorter, not over. */
function withoutTimeline(error) {
    if (error instanceof errors/* PassingError */.aB) {
        const untold = { why: error.message, isRefused: false };
        return { retryAfterMs: error.retryAfterMs, slowed: error.throttled ? "refused" : undefined, untold };
    }
    if (error instanceof errors/* ActionError */.lZ && error.code !== "unauthorized") {
        const isRefused = error.code === "forbidden" || error.code === "rejected";
        return { retryAfterMs: undefined, untold: { why: error.message, isRefused } };
    }
    throw error;
}

;// CONCATENATED MODULE: ./build/azure/retries.js
/**
 * Runs a stage's failed jobs again, as its next attempt under the same run.
 * https://learn.microsoft.com/rest/api/azure/devops/build/stages/update
 */
async function retryStage(send, { runId, stage }, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
        body: { state: "retry", forceRetryAllJobs: false },
        decode: () => undefined,
        doing: "Retrying the stage",
        // One that is under way already is refused, so that asking again does no harm.
        patienceMs: 30_000,
        signal,
    });
}
/**
 * Runs the failed jobs of a run again.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
async function retryRun(send, runId, signal) {
    await send({
        method: "PATCH",
        path: `_apis/build/builds/${runId}`,
        query: { retry: "true" },
        body: {},
        decode: () => undefined,
        doing: "Retrying the run",
        patienceMs: 30_000,
        signal,
    });
}

;// CONCATENATED MODULE: ./build/azure/runs.js


/**
 * Starts a run. Never retried here: a lost answer may hide a run that did start.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
async function startRun(send, pipelineId, { body, onSend }, signal) {
    const path = `_apis/pipelines/${pipelineId}/runs`;
    const { value } = await send({
        method: "POST",
        path,
        body,
        decode: decodeRun,
        doing: "Starting the run",
        ...(onSend !== undefined && { onSend }),
        signal,
    });
    return value;
}
/**
 * Validates without starting anything, and answers with the expanded YAML.
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/preview/preview
 */
async function previewRun(send, pipelineId, body, signal) {
    const { value } = await send({
        method: "POST",
        path: `_apis/pipelines/${pipelineId}/preview`,
        body: { ...body, previewRun: true },
        decode: (answer) => fieldsOf(answer)["finalYaml"],
        doing: "Validating the pipeline",
        patienceMs: 60_000,
        signal,
    });
    if (typeof value !== "string") {
        throw new errors/* ActionError */.lZ("unexpected-response", "The answer to the preview held no expanded YAML.", {
            hint: "Check that the pipeline is a YAML pipeline: classic ones have no preview.",
        });
    }
    return value;
}
/** https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/get */
async function readRun(send, { pipelineId, runId }, signal) {
    const path = `_apis/pipelines/${pipelineId}/runs/${runId}`;
    const { value } = await send({
        method: "GET",
        path,
        decode: decodeRun,
        doing: "Reading the run",
        patienceMs: 10_000,
        signal,
    });
    return value;
}
/** The fields that the action relies on, checked where they enter. */
function decodeRun(answer) {
    const run = fieldsOf(answer);
    const id = numberOf(run["id"]);
    if (id === -1 || (id === null && typeof run["finalYaml"] === "string"))
        throw onlyValidated();
    // An answer that names no run says nothing about whether there is one.
    if (id === null || id < 1)
        throw new errors/* PassingError */.aB("the answer was not a run: it lacks an id");
    const repositories = fieldsOf(fieldsOf(run["resources"])["repositories"]);
    const self = fieldsOf(repositories["self"]);
    return {
        id,
        name: textOf(run["name"]) ?? String(id),
        url: webAddress(run),
        pipelineName: textOf(fieldsOf(run["pipeline"])["name"]),
        commit: textOf(self["version"]),
        ref: textOf(self["refName"]),
        raw: withoutSecrets(answer),
    };
}
/** The answer to a preview, by which the service says for certain that there is no run. */
function onlyValidated() {
    return new errors/* ActionError */.lZ("unexpected-response", "Nothing was started: the service has only validated the pipeline.", { hint: "Take `previewRun` out of the request, or use the input `preview` if that is what is wanted." });
}
function withoutSecrets(answer) {
    const run = fieldsOf(answer);
    if (run["variables"] === undefined)
        return answer;
    const variables = Object.entries(fieldsOf(run["variables"])).map(([name, value]) => [
        name,
        fieldsOf(value)["isSecret"] === true ? { isSecret: true } : value,
    ]);
    return { ...run, variables: Object.fromEntries(variables) };
}
/** Puts tags on a run. https://learn.microsoft.com/rest/api/azure/devops/build/tags/add-build-tags */
async function tagRun(send, { runId, tags }, signal) {
    await send({
        method: "POST",
        path: `_apis/build/builds/${runId}/tags`,
        body: tags,
        decode: () => undefined,
        doing: "Tagging the run",
        patienceMs: 30_000,
        signal,
    });
}

;// CONCATENATED MODULE: ./build/azure/tests.js


const mostNames = 20;
/** A run that has just ended may not be known yet where the results are kept. */
const youngPausesMs = [1_000, 3_000];
/** How many tests passed and failed, and which failed. `undefined` where there are none, or the token may not read them. */
async function readTests(reading, signal) {
    const { send, runId } = reading;
    const counts = await readCounts(reading, signal);
    if (counts.passed + counts.failed + counts.skipped === 0)
        return undefined;
    const failedNames = counts.failed === 0 ? [] : await readFailedNames(send, runId, signal).catch(() => orNone(signal));
    return { ...counts, failedNames };
}
async function readCounts(reading, signal) {
    for (const pauseMs of reading.isYoung ? youngPausesMs : []) {
        try {
            return await askForCounts(reading, signal);
        }
        catch (error) {
            if (!isTooYoung(error))
                throw error;
        }
        await reading.clock.sleep(pauseMs, signal);
    }
    return await askForCounts(reading, signal);
}
/**
 * A server from before results had a host of their own knows only the older address.
 * https://learn.microsoft.com/rest/api/azure/devops/testresults/resultsummarybybuild/query
 */
async function askForCounts({ send, sendToResults, runId }, signal) {
    const call = {
        method: "GET",
        path: "_apis/testresults/resultsummarybybuild",
        query: { buildId: runId },
        version: "7.1-preview.1",
        decode: decodeCounts,
        doing: "Reading the run's test results",
        timeoutMs: 5_000,
        signal,
    };
    try {
        return (await sendToResults(call)).value;
    }
    catch (error) {
        if (!(error instanceof errors/* ActionError */.lZ) || error.code !== "not-found" || isTooYoung(error))
            throw error;
        const older = { ...call, path: "_apis/test/ResultSummaryByBuild", version: "7.1-preview" };
        return (await send(older)).value;
    }
}
/** `400 Build 345 cannot be found.` comes of a run, and 404 of an address, that is not known. */
function isTooYoung(error) {
    if (!(error instanceof errors/* ActionError */.lZ))
        return false;
    return error.code === "rejected" || /\bBuild \d+ cannot be found/.test(error.message);
}
function decodeCounts(answer) {
    const analysis = fieldsOf(fieldsOf(answer)["aggregatedResultsAnalysis"]);
    const outcomes = fieldsOf(analysis["resultsByOutcome"]);
    const countOf = (outcome) => numberOf(fieldsOf(outcomes[outcome])["count"]) ?? 0;
    const [passed, failed] = [countOf("Passed"), countOf("Failed")];
    const total = numberOf(analysis["totalTests"]) ?? passed + failed;
    return { passed, failed, skipped: Math.max(0, total - passed - failed) };
}
/** https://learn.microsoft.com/rest/api/azure/devops/test/runs/list and …/test/results/list */
async function readFailedNames(send, runId, signal) {
    const read = (path, query) => send({
        method: "GET",
        path,
        query,
        decode: (answer) => listOf(fieldsOf(answer)["value"]).map(fieldsOf),
        doing: "Reading the names of failed tests",
        timeoutMs: 5_000,
        signal,
    });
    const names = [];
    const { value: runs } = await read("_apis/test/runs", { buildUri: `vstfs:///Build/Build/${runId}` });
    for (const run of runs) {
        const id = numberOf(run["id"]);
        if (id === null || names.length >= mostNames)
            continue;
        const { value } = await read(`_apis/test/runs/${id}/results`, { outcomes: "Failed", $top: mostNames });
        names.push(...value.flatMap((result) => textOf(result["testCaseTitle"]) ?? textOf(result["automatedTestName"]) ?? []));
    }
    return names.slice(0, mostNames);
}
/** The counts are worth telling whatever became of the names. */
function orNone(signal) {
    signal.throwIfAborted();
    return [];
}

;// CONCATENATED MODULE: ./build/azure/client.js













/** One project of Azure DevOps, as the use cases see it. */
function azurePipelines(place, means) {
    const service = serviceAt(place, means);
    const send = connected(service);
    const sendToResults = connected(resultsOf(service));
    const open = createOpen(service);
    const site = `${place.base}/${encodeURIComponent(place.project)}/_build`;
    const webAddress = (runId) => `${site}/results?buildId=${runId}`;
    const pipelines = {
        webAddress,
        pipelineAddress: (pipelineId) => `${site}?definitionId=${pipelineId}`,
        find: (pipeline, signal) => findPipeline(send, pipeline, signal),
        repository: (pipelineId, signal) => readRepository(send, pipelineId, signal),
        start: (pipelineId, request, signal) => startRun(send, pipelineId, request, signal),
        preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
        recent: (pipelineId, options, signal) => listRecent(send, { pipelineId, webAddress, ...options }, signal),
        run: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
        looker: (runId) => createLooker(send, runId, webAddress),
        build: async (runId, options, signal) => (await readBuild(send, { runId, webAddress, ...options }, signal)).run,
        cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
        tag: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
        tagged: (pipelineId, tag, signal) => listTagged(send, { pipelineId, tag, webAddress }, signal),
        retryStage: (runId, stage, signal) => retryStage(send, { runId, stage }, signal),
        retryRun: (runId, signal) => retryRun(send, runId, signal),
        logLines: (log, signal) => logLines({ open, ...service }, log, signal),
        logSizes: (runId, signal) => readLogSizes(send, runId, signal),
        artifacts: (runId, options, signal) => listArtifacts(send, { runId, ...options }, signal),
        tests: (run, signal) => readTests({ ...means, ...run, send, sendToResults }, signal),
        approvers: (approvalId, signal) => readApprovers(send, approvalId, signal),
        pastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
    };
    return {
        pipelines,
        download: (wanted, taking, signal) => downloadArtifact({ service, send }, wanted, taking, signal),
    };
}

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
var external_node_http_namespaceObject_0 = /*#__PURE__*/__nccwpck_require__.t(external_node_http_namespaceObject, 2);
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
var external_node_https_namespaceObject_0 = /*#__PURE__*/__nccwpck_require__.t(external_node_https_namespaceObject, 2);
;// CONCATENATED MODULE: ./build/azure/connection-fault.js

/** Codes of Node for a certificate that is not trusted. Asking again cannot help. */
const untrusted = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;
const authorityHint = "Set NODE_EXTRA_CA_CERTS, in the runner's or the job's environment, to a file with the authority's certificate.";
const certificates = {
    CERT_HAS_EXPIRED: [
        "The server's certificate had expired",
        "Renew the server's certificate, or check this machine's clock.",
    ],
    ERR_TLS_CERT_ALTNAME_INVALID: [
        "The server's certificate was made for another host name",
        "Write the address with the name that the certificate bears, and check what else may answer at this one.",
    ],
};
const sentences = {
    ECONNREFUSED: "the connection was refused",
    ECONNRESET: "the connection was lost",
    EPIPE: "the connection was lost",
    ENOTFOUND: "the host name was not found",
    EAI_AGAIN: "the host name could not be looked up",
    ETIMEDOUT: "the connection timed out",
    EHOSTUNREACH: "there was no route to the host",
    ENETUNREACH: "there was no route to the network",
};
/** What a failure below HTTP means: passing, unless a certificate or a proxy refuses for good. */
function connectionFault(error, { connected, proxy }) {
    if (error instanceof errors/* PassingError */.aB || error instanceof errors/* ActionError */.lZ)
        return error;
    const { code = "", message = String(error) } = error;
    const tunnel = /^tunneling socket could not be established, (?:statusCode=(\d+)|cause=(.*))$/s.exec(message);
    if (tunnel)
        return proxyFault(error, proxy ?? "", tunnel);
    if (untrusted.test(code)) {
        const [words, hint] = certificates[code] ?? ["The server's certificate was not trusted", authorityHint];
        return new errors/* ActionError */.lZ("unreachable", `${words} (${code}).`, { hint, cause: error });
    }
    if (isNoTls(code, message)) {
        return new errors/* PassingError */.aB("what answered did not speak TLS, or none that is spoken here", {
            hint: "Check the address and its port: it may be one for http, or something in between may answer.",
            cause: error,
            unsent: !connected,
        });
    }
    const sentence = sentences[code] ?? (message === "" ? "the connection failed" : message);
    const shown = code === "" || sentence.includes(code) ? sentence : `${sentence} (${code})`;
    return new errors/* PassingError */.aB(shown, { cause: error, unsent: !connected });
}
/** OpenSSL's own words name source files and lines. */
function isNoTls(code, message) {
    return (/^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED_PROTOCOL|HTTP)/.test(code) ||
        /:SSL routines:/.test(message));
}
/** The package tells a proxy's refusal by its words alone, and calls each a lost connection. Nothing was sent. */
function proxyFault(cause, proxy, [, status, why = ""]) {
    if (status === "407") {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} wanted a user name and password (407).`, {
            hint: "Put them into https_proxy, as in http://user:password@proxy:8080.",
            cause,
        });
    }
    if (status !== undefined && /^4(?!08|29)/.test(status)) {
        return new errors/* ActionError */.lZ("unreachable", `The proxy ${proxy} refused the way to this host (${status}).`, {
            hint: "Ask whoever runs the proxy to let this runner through, or list the host in no_proxy if it can be reached without.",
            cause,
        });
    }
    const [, code = ""] = /\b(E[A-Z_]{4,})\b/.exec(why) ?? [];
    const sentence = sentences[code] === undefined ? why : `${sentences[code]} (${code})`;
    const words = status === undefined
        ? `the proxy ${proxy} could not be used: ${sentence}`
        : `the proxy ${proxy} answered ${status}`;
    const hint = "Check the address in https_proxy, and that the proxy is up.";
    return new errors/* PassingError */.aB(words, { cause, unsent: true, hint });
}

;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");
;// CONCATENATED MODULE: ./build/azure/routes.js






/** Connections that are kept where there is no proxy; behind one, a tunnel for each request. */
function createRoutes() {
    const direct = {
        "http:": new external_node_http_namespaceObject.Agent({ keepAlive: true }),
        "https:": new external_node_https_namespaceObject.Agent({ keepAlive: true }),
    };
    return {
        /** `signal` ends a tunnel that is not open yet. Throws where the environment names a proxy that is none. */
        of(request, signal) {
            const url = new URL(request.url);
            const isTls = url.protocol === "https:";
            if (request.thumbprint !== undefined && isTls)
                return { agent: pinned(request.thumbprint), proxy: undefined };
            const proxy = request.direct ? undefined : proxyFor(url);
            if (proxy !== undefined)
                return { agent: tunnelTo(request.url, signal), proxy: proxy.host };
            return { agent: direct[isTls ? "https:" : "http:"], proxy };
        },
        close() {
            for (const agent of Object.values(direct))
                agent.destroy();
        },
    };
}
/** The package's tunnel, fresh for each request: it keeps none open anyway, and one that is stuck is nobody else's. */
function tunnelTo(address, signal) {
    const agent = new lib_HttpClient().getAgent(address);
    // The request for the tunnel is made with these. It has no time limit of its own, and would outlive whoever waits.
    Object.assign(agent.proxyOptions, { signal });
    return agent;
}
/** Connections to a server that shows this very certificate: it is looked at before anything is sent. */
function pinned(thumbprint) {
    const wanted = thumbprint.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
    const createConnection = (options, callback) => {
        const socket = (0,external_node_tls_namespaceObject.connect)({ ...options, rejectUnauthorized: false });
        socket.once("error", (error) => callback?.(error, socket));
        socket.once("secureConnect", () => {
            if (socket.getPeerCertificate().fingerprint?.replaceAll(":", "") === wanted)
                callback?.(null, socket);
            else
                socket.destroy(foreignCertificate());
        });
        return undefined;
    };
    return Object.assign(new external_node_https_namespaceObject.Agent(), { createConnection });
}
function foreignCertificate() {
    return new errors/* ActionError */.lZ("unreachable", "The server showed another certificate than the one that it is known by.", {
        hint: "Check what listens there, and IDENTITY_SERVER_THUMBPRINT in the runner's environment.",
    });
}
function proxyFor(url) {
    const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
    const given = process.env[name] || process.env[name.toUpperCase()];
    if (!given || checkBypass(url) || isStarred(url))
        return undefined;
    const proxy = URL.parse(lib_getProxyUrl(url.href));
    if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "")
        return proxy;
    // The package would go around it without a word. The value may hold a password: it is not shown.
    throw new errors/* ActionError */.lZ("unreachable", `${name} did not hold the address of a proxy, so nothing was sent.`, {
        hint: `Write it as http://proxy:8080 in the runner's environment, with special characters of a password percent-encoded; or list ${url.hostname} in no_proxy.`,
    });
}
/** `*.example.com` in no_proxy means what `.example.com` does; the package knows only the latter. */
function isStarred({ hostname, host }) {
    const list = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
    return list.split(",").some((entry) => {
        const [star, ending] = [entry.trim().slice(0, 2), entry.trim().slice(1).toLowerCase()];
        return star === "*." && (hostname.endsWith(ending) || host.endsWith(ending));
    });
}

;// CONCATENATED MODULE: ./build/azure/transport.js





const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";
/** An answer that is read whole may not be larger: 64 MiB. The largest timelines seen take 3. */
const wholeBodyLimit = 64 * 1024 * 1024;
/**
 * Proxies are those of `@actions/http-client`. The reading is ours: its own reader never settles when a connection
 * dies in the middle of a body.
 */
function createTransport() {
    const routes = createRoutes();
    const open = (request) => openStream(named(request), routes);
    return {
        open,
        ask: (request) => askWhole(request, open),
        close: routes.close,
    };
}
async function askWhole(request, open) {
    // One deadline for the whole answer: a body that drips is as late as one that never comes.
    const deadline = new AbortController();
    const late = new errors/* PassingError */.aB(`no whole answer within ${seconds(request.timeoutMs)}`);
    const timer = setTimeout(() => deadline.abort(late), request.timeoutMs);
    try {
        const signal = AbortSignal.any([request.signal, deadline.signal]);
        const { status, headers, chunks } = await open({ ...request, signal });
        const parts = [];
        let size = 0;
        for await (const chunk of chunks) {
            size += chunk.length;
            if (size > wholeBodyLimit)
                throw tooLarge(request);
            parts.push(chunk);
        }
        return { status, headers, body: Buffer.concat(parts).toString("utf8") };
    }
    finally {
        clearTimeout(timer);
    }
}
/** Whoever runs a server should see who asks, whichever package has put the request together. */
function named(request) {
    return { ...request, headers: { ...request.headers, "user-agent": userAgent } };
}
function openStream(request, routes) {
    const { signal, timeoutMs } = request;
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const left = new AbortController();
        const { agent, proxy } = routes.of(request, left.signal);
        const outgoing = sent(request, agent);
        let connected = false;
        whenConnected(outgoing, () => {
            connected = true;
        });
        const giveUp = (reason) => {
            clearTimeout(silence);
            signal.removeEventListener("abort", leave);
            const isLate = reason instanceof errors/* PassingError */.aB && !connected;
            // A request that still waits for its tunnel tells nobody that it was destroyed.
            reject(isLate ? unconnected(reason, { timeoutMs, proxy }) : reason);
            outgoing.destroy();
            left.abort();
        };
        const leave = () => giveUp(signal.reason);
        const silence = setTimeout(() => giveUp(silent(timeoutMs)), timeoutMs);
        signal.addEventListener("abort", leave, { once: true });
        outgoing.on("response", (incoming) => {
            clearTimeout(silence);
            const { statusCode: status = 0 } = incoming;
            const chunks = chunksOf(incoming, { signal, timeoutMs });
            resolve({ status, headers: flat(incoming.headers), chunks });
        });
        outgoing.on("close", () => signal.removeEventListener("abort", leave));
        outgoing.on("error", (error) => {
            reject(connectionFault(error, { connected, proxy }));
            giveUp(error);
        });
    });
}
function sent({ method, url, headers, body }, agent) {
    const { request } = url.startsWith("https:") ? external_node_https_namespaceObject_0 : external_node_http_namespaceObject_0;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    return request(url, { method, agent, headers: { ...headers, ...length } }).end(body);
}
/** With TLS the request travels only once the handshake is done, also within a tunnel. */
function whenConnected(outgoing, act) {
    const isTls = outgoing.protocol === "https:";
    outgoing.on("socket", (socket) => {
        if (outgoing.reusedSocket || (!isTls && !socket.connecting))
            return act();
        socket.once(isTls ? "secureConnect" : "connect", act);
    });
}
async function* chunksOf(incoming, { signal, timeoutMs }) {
    const listen = () => setTimeout(() => incoming.destroy(silent(timeoutMs)), timeoutMs);
    let silence = listen();
    try {
        for await (const chunk of incoming) {
            // Time that the reader takes for itself is no silence of the server's.
            clearTimeout(silence);
            yield chunk;
            silence = listen();
        }
        if (!incoming.complete)
            throw new Error("the connection closed before the answer was whole");
    }
    catch (error) {
        throw signal.aborted ? signal.reason : connectionFault(error, { connected: true });
    }
    finally {
        clearTimeout(silence);
        // Whoever stops reading early has no use for the rest of the connection.
        if (!incoming.complete)
            incoming.destroy();
    }
}
function flat(headers) {
    const entries = Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]);
    return Object.fromEntries(entries);
}
function silent(timeoutMs) {
    return new errors/* PassingError */.aB(`no byte for ${seconds(timeoutMs)}`);
}
/** Nothing was sent, so whoever asked may ask again without a look at what became of it. */
function unconnected(cause, { timeoutMs, proxy }) {
    const time = `within ${seconds(timeoutMs)}`;
    return proxy === undefined
        ? new errors/* PassingError */.aB(`no connection ${time}`, { unsent: true, cause })
        : new errors/* PassingError */.aB(`no way through the proxy ${proxy} ${time}`, {
            unsent: true,
            hint: "Check that the proxy of https_proxy is well, and may reach this host.",
            cause,
        });
}
function tooLarge({ method, url }) {
    const { pathname } = new URL(url);
    return new errors/* ActionError */.lZ("unexpected-response", `The answer to ${method} ${pathname} was larger than 64 MiB.`, {
        hint: "Check that the address is that of Azure DevOps and not of something in between.",
    });
}
/** What a deadline left of a limit is no round number. */
function seconds(ms) {
    return `${Math.round(ms / 100) / 10} s`;
}

;// CONCATENATED MODULE: ./build/github/clock.js
/** Node's timers hold 31 bits of milliseconds: 24 days. */
const longestTimerMs = 2 ** 31 - 1;
/** Milliseconds since 1970 as of the process's start, and steady from there: the wall clock may be set on the way. */
function now() {
    return performance.timeOrigin + performance.now();
}
/** Time that only goes forward. A sleep is never over before its time, as one of Node's own timers may be. */
const clock = {
    now,
    sleep: (ms, signal) => {
        if (signal.aborted)
            return Promise.reject(signal.reason);
        const until = now() + ms;
        return new Promise((resolve, reject) => {
            let timer = begin();
            signal.addEventListener("abort", stop, { once: true });
            function begin() {
                return setTimeout(finish, Math.min(Math.ceil(until - now()), longestTimerMs));
            }
            function finish() {
                if (now() < until) {
                    timer = begin();
                    return;
                }
                signal.removeEventListener("abort", stop);
                resolve();
            }
            function stop() {
                clearTimeout(timer);
                reject(signal.reason);
            }
        });
    },
};

// EXTERNAL MODULE: ./build/core/source-path.js
var source_path = __nccwpck_require__(5341);
;// CONCATENATED MODULE: ./build/github/harmless.js
/**
 * Makes text from elsewhere harmless in the job's log.
 *
 * The runner reads commands from whatever a step prints: `::name::` at the start of a line, after any white space,
 * and `##[name]` anywhere in it; CR, LF and both together end a line. It compares by culture, so characters that are
 * not seen count as not there. Hence: nothing invisible stays, and neither marker does.
 */
const trouble = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u;
/** What most lines are made of: none of these can be in the way, and looking for anything else is quick. */
const uncommon = /[^\t -~\u2500-\u257f]/;
const colour = /\u001b\[[0-9;]{0,20}m/g;
const unseen = /[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu;
const harmless_reset = "\u001b[0m";
/** The lines of a text, none of which is a command. Tabs and colours stay. */
function harmlessLines(text) {
    const isCommon = !uncommon.test(text) && !text.includes("##[") && !text.includes("::");
    if (isCommon || !trouble.test(text))
        return [text];
    return text.split(/\r\n|\r|\n/).map(harmlessLine);
}
/** The same, in one line. */
function harmlessText(text) {
    return harmlessLines(text).join(" ");
}
function harmlessLine(line) {
    const seen = withoutStrayEscapes(line.replace(unseen, ""));
    // Colours are not seen either: a marker that they part, or hide, is a marker.
    const bare = seen.replace(colour, "");
    const isPlain = !bare.includes("##[") && !/^\s*::/.test(bare);
    const text = isPlain ? seen : bare.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
    return text.includes("\u001b") && !text.endsWith(harmless_reset) ? text + harmless_reset : text;
}
function withoutStrayEscapes(line) {
    if (!line.includes("\u001b"))
        return line;
    const colours = line.match(colour) ?? [];
    return line
        .split(colour)
        .map((part, index) => part.replaceAll("\u001b", "") + (colours[index] ?? ""))
        .join("");
}

;// CONCATENATED MODULE: ./build/github/secrets.js
/** Shorter ones would tear holes into numbers and words; the runner's masks hold for them alone. */
const shortest = 6;
/**
 * Secrets that nothing may say again. The runner masks its log; outputs, the summary and what is sent to GitHub are
 * not its log, and the service may say back whatever it was told.
 */
function createSecrets() {
    let known = [];
    return {
        add: (secret) => {
            const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
            const forms = lines.filter(({ length }) => length >= shortest).flatMap((line) => [line, inJson(line)]);
            // One that is part of another would leave the rest of it behind.
            known = [...new Set([...known, ...forms])].sort((a, b) => b.length - a.length);
        },
        hide: (text) => {
            let shown = text;
            for (const secret of known)
                if (shown.includes(secret))
                    shown = shown.replaceAll(secret, "***");
            return shown;
        },
    };
}
/** Outputs such as `run` are JSON before they get here. */
function inJson(text) {
    return JSON.stringify(text).slice(1, -1);
}

;// CONCATENATED MODULE: ./build/github/host.js







/** The job that runs this step: its log, outputs, state, summary and masks. */
function actionsHost({ stdout, workspace, identityToken }) {
    const masked = new Set();
    const secrets = createSecrets();
    let warned = 0;
    const write = (lines) => {
        const all = [...lines];
        warned += all.filter(({ type }) => type === "warning").length;
        writeLines(all, { stdout, hide: secrets.hide });
    };
    return {
        write,
        flush: () => drained(stdout),
        mask: (secret) => {
            if (secret.trim() === "" || masked.has(secret))
                return;
            masked.add(secret);
            secrets.add(secret);
            core_setSecret(secret);
        },
        hide: secrets.hide,
        output: (name, value) => setOutput(name, secrets.hide(value)),
        remember: (name, value) => saveState(name, value),
        recall: (name) => getState(name),
        summarize: async (markdownWithin) => {
            try {
                await addToSummary((bytes) => secrets.hide(markdownWithin(bytes)));
            }
            catch (error) {
                // The toolkit would add to the next one what it could not write.
                summary.emptyBuffer();
                write([{ type: "warning", text: `The job summary could not be written: ${(0,errors/* reasonOf */.A3)(error)}` }]);
            }
        },
        warnings: () => warned,
        repositoryPath: (path) => repositoryPath(path, workspace),
        identityToken,
    };
}
/** GitHub drops a step's summary of more than 1 MiB, whole. A little is left for whoever adds to it. */
const mostSummary = 1_000 * 1_024;
async function addToSummary(markdownWithin) {
    const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
    const used = (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.size ?? 0;
    const markdown = markdownWithin(Math.max(0, mostSummary - used));
    if (markdown === "" || used + Buffer.byteLength(markdown) > mostSummary)
        throw new Error("it is full");
    // What another wrote before need not end with its line.
    await summary.addRaw(used === 0 ? markdown : `\n\n${markdown}`).write();
}
/** The one place where text reaches the log: all of it is made harmless here. */
function writeLines(lines, { stdout, hide }) {
    // One write for many lines: a long log is relayed at the pace of its bytes, not of its lines.
    let texts = "";
    const put = () => {
        if (texts !== "")
            stdout.write(hide(texts));
        texts = "";
    };
    for (const line of lines) {
        if (line.type === "text") {
            for (const text of harmlessLines(line.text))
                texts += `${text}\n`;
            continue;
        }
        put();
        writeCommand(line, hide);
    }
    put();
}
function writeCommand(line, hide) {
    switch (line.type) {
        case "debug":
            // The runner would hide it anyway; so nothing that reads this step's output can find a stack trace either.
            if (isDebug())
                core_debug(hide(line.text));
            return;
        case "group":
            startGroup(hide(harmlessText(line.title)));
            return;
        case "end-group":
            endGroup();
            return;
        default:
            annotate(line, hide);
    }
}
function annotate({ type, text, title, file, line, column }, hide) {
    const issue = { error: error, warning: warning, notice: notice }[type];
    issue(hide(harmlessLines(text).join("\n")), {
        ...(title !== undefined && { title: hide(harmlessText(title)) }),
        ...(file !== undefined && { file }),
        ...(line !== undefined && { startLine: line }),
        ...(column !== undefined && { startColumn: column }),
    });
}
function repositoryPath(path, workspace) {
    const relative = (0,source_path/* sourcePath */.Z)(path);
    if (workspace === "" || relative === undefined)
        return undefined;
    return (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, relative)) ? relative : undefined;
}
/** Pipes are asynchronous on Windows: without this a long log would pile up in memory. */
async function drained(stdout) {
    if (!stdout.writableNeedDrain)
        return;
    await new Promise((resolve) => stdout.once("drain", resolve));
}

;// CONCATENATED MODULE: ./build/github/identity.js


/**
 * Fetches OIDC tokens of this job, each a fresh one: they live for five minutes. Asks once: PassingError where asking
 * again may help.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
function jobIdentity({ env, transport, clock, mask, trigger }) {
    let isGranted = false;
    return async (audience, signal) => {
        const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
        if (!url || !bearer)
            throw notGranted(await trigger());
        const token = await askForToken({ url, bearer, audience, transport, clock, signal });
        if (token === undefined)
            throw isGranted ? noLonger() : notGranted(await trigger());
        mask(token);
        isGranted = true;
        return token;
    };
}
/** Answers nothing where the job may not have one. */
async function askForToken(question) {
    const { status, headers, body } = await answerTo(question);
    if (status === 401 || status === 403)
        return undefined;
    const token = status === 200 ? tokenIn(body) : undefined;
    if (token !== undefined)
        return token;
    throw new errors/* PassingError */.aB(`GitHub's token service answered ${status} and no token`, {
        retryAfterMs: (0,retry_after/* retryAfterMs */.V)(headers, question.clock.now()),
        throttled: status === 429,
        hint: troubled,
    });
}
async function answerTo({ url, bearer, audience, transport, signal }) {
    try {
        return await transport.ask({
            method: "GET",
            url: `${url}&audience=${encodeURIComponent(audience)}`,
            headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
            timeoutMs: 30_000,
            signal,
        });
    }
    catch (error) {
        if (!(error instanceof errors/* PassingError */.aB))
            throw error;
        const hint = error.hint ?? troubled;
        throw new errors/* PassingError */.aB(`GitHub's token service: ${error.message}`, { hint, cause: error });
    }
}
const troubled = "Run the job again; https://www.githubstatus.com tells whether GitHub is in trouble.";
function tokenIn(body) {
    try {
        const answer = JSON.parse(body);
        const value = typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
        return typeof value === "string" && value !== "" ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function notGranted(trigger) {
    const what = "This job may not have an identity token of GitHub's";
    if (isOfFork(trigger)) {
        return new errors/* ActionError */.lZ("unauthorized", `${what}: it runs for a pull request from a fork.`, {
            hint: "Start the pipeline from a workflow on `workflow_run`, or once the change is on a branch of this repository.",
        });
    }
    return new errors/* ActionError */.lZ("unauthorized", `${what}.`, {
        hint: "Add `permissions: id-token: write` to the job (and `contents: read`, if it checks out). In a reusable workflow " +
            "the caller has to grant it too; a pull request from a fork cannot have one. If another way to sign in was meant, " +
            "check that its input (`client-secret`, say) is not blank.",
    });
}
function isOfFork({ event, repository, pullRequest }) {
    const head = pullRequest?.headRepository;
    return event !== "pull_request_target" && pullRequest !== undefined && head !== repository;
}
function noLonger() {
    return new errors/* ActionError */.lZ("unauthorized", "GitHub gives this job no further identity tokens.", {
        hint: "Sign in another way where a run takes longer than six hours: that is how long GitHub lets a job ask for them.",
    });
}

;// CONCATENATED MODULE: ./build/github/signals.js


/** Aborted by the first signal with which the runner cancels a job; later ones change nothing. */
function interruption(target) {
    const controller = new AbortController();
    // SIGBREAK is what becomes of the runner's second signal on Windows.
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"]) {
        target.on(name, () => controller.abort(new Error(`received ${name}`)));
    }
    return controller;
}
/** How often a main step looks for a note. Milliseconds. */
const glanceMs = 100;
/** Whoever lives has taken a note by then, and ends by its own within the rest. */
const takenMs = 400;
const endedMs = 6_000;
/**
 * In a container the runner's signals reach only the client outside: the post step runs while the main step still lives,
 * and calls it off by a note. The main step takes it away as soon as it sees it, and puts it back when it is done.
 */
function notes(path) {
    let isTaken = false;
    return {
        /** For the main step. */
        watch(controller) {
            const glance = setInterval(() => {
                if (!(0,external_node_fs_.existsSync)(path))
                    return;
                clearInterval(glance);
                (0,external_node_fs_.rmSync)(path, { force: true });
                isTaken = true;
                controller.abort(errors/* calledOff */.RM);
            }, glanceMs);
            glance.unref();
        },
        /** For the main step, at its very end. */
        answer() {
            if (isTaken)
                put(path);
        },
        /** For the post step: resolves once a main step that still lived has seen to what it had begun, or none does. */
        async leave(clock) {
            if (!put(path))
                return;
            // Whoever cleans up is not cancelled: it would leave behind what it is there for.
            const { signal } = new AbortController();
            await clock.sleep(takenMs, signal);
            for (let waited = takenMs; waited < endedMs && !(0,external_node_fs_.existsSync)(path); waited += glanceMs) {
                await clock.sleep(glanceMs, signal);
            }
        },
    };
}
/** Where that fails the folder is gone, and so is whoever would look. */
function put(path) {
    try {
        (0,external_node_fs_.writeFileSync)(path, "");
        return true;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./build/github/surroundings.js


/** What this step runs on, fact by fact, without a request. Nothing in it names a person, a host or a place. */
function surroundings({ env, entry, node, system }) {
    const { RUNNER_OS: os = "?", RUNNER_ARCH: arch = "?", RUNNER_ENVIRONMENT: whose = "?" } = env;
    const has = (...names) => names.some((name) => env[name] || env[name.toUpperCase()]) ? "yes" : "no";
    return [
        ["action", `${versionBeside(entry)}, ${sourceOf(env)}`],
        ["runner", `${whose}, ${os} ${arch} (${system}), Node ${node}`],
        ["event", env["GITHUB_EVENT_NAME"] ?? "?"],
        ["github.com", env["GITHUB_SERVER_URL"] === "https://github.com" ? "yes" : "no"],
        ["proxy", has("https_proxy", "http_proxy")],
        ["NODE_EXTRA_CA_CERTS", has("NODE_EXTRA_CA_CERTS")],
    ];
}
function versionBeside(entry) {
    try {
        const { version } = JSON.parse((0,external_node_fs_.readFileSync)((0,external_node_path_.join)((0,external_node_path_.dirname)(entry), "../package.json"), "utf8"));
        return String(version);
    }
    catch {
        return "?";
    }
}
/** What stands behind `uses:`; an action of the workflow's own checkout has neither. */
function sourceOf({ GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref }) {
    return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}

// EXTERNAL MODULE: ./build/core/or-aborted.js
var or_aborted = __nccwpck_require__(8775);
;// CONCATENATED MODULE: ./build/sign-in/flight.js

/**
 * However many ask at once, `work` is under way once. It runs under the signal of the first to ask; should that
 * one give up, the next in line starts it anew. Whoever joins leaves as soon as his own signal is aborted.
 */
function singleFlight(work) {
    let current;
    const depart = (signal) => {
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
                return depart(signal);
            try {
                return await (0,or_aborted/* orAborted */.H)(joined.done, signal);
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

;// CONCATENATED MODULE: ./build/sign-in/patience.js


const firstPatienceMs = 60_000;
const laterPatienceMs = 300_000;
const untroubled = {
    refused: false,
    lost: false,
    refusal: undefined,
    failures: 0,
    failingSince: undefined,
    tryAgainAt: 0,
};
function nothingYet() {
    return { present: undefined, renewAt: 0, ...untroubled };
}
/** Whether the present token will do for now. */
function lives({ present, refused }, now) {
    return present !== undefined && !refused && now < present.expiresAt;
}
/**
 * Fetches until there is a token. While the present one still lives, a failure is no hurry: it is kept, and so is what
 * went wrong. What may pass is tried again by a later call; a definite no is not.
 */
async function fetchPatiently(fetch, state, surroundings, signal) {
    const { clock, random } = surroundings;
    for (;;) {
        const askedAt = clock.now();
        try {
            return keep(state, await fetch(signal), clock.now());
        }
        catch (error) {
            const now = clock.now();
            if (!(error instanceof errors/* PassingError */.aB))
                return patience_refuse(error, state, surroundings, signal);
            state.failures += 1;
            state.failingSince ??= askedAt;
            // One that passes at once is not worth a line.
            if (state.failures === 2)
                tell(error, state, surroundings);
            const waitMs = Math.max(backoffMs(state.failures, random()), error.retryAfterMs ?? 0);
            state.tryAgainAt = now + waitMs;
            if (lives(state, now))
                return;
            const leftMs = deadlineOf(state, now) - now;
            if (leftMs <= 0 || (error.retryAfterMs ?? 0) > leftMs)
                throw giveUp(error, state, now);
            // The last question is asked at the very end of the patience.
            await clock.sleep(Math.min(waitMs, leftMs), signal);
        }
    }
}
function patience_refuse(error, state, surroundings, signal) {
    state.lost = !signal.aborted;
    if (signal.aborted || !lives(state, surroundings.clock.now()))
        throw error;
    state.refusal = error;
    tell(error, state, surroundings);
}
/** A wait that ends for want of a token should not come out of the blue. */
function tell(error, state, { clock, host }) {
    if (!state.present)
        return;
    const [why] = (0,errors/* reasonOf */.A3)(error).split("\n");
    const rest = lives(state, clock.now())
        ? `The present token is good for ${lifeText(state.present.expiresAt - clock.now())}.`
        : "Trying again.";
    const text = `The sign-in could not be renewed: ${why?.replace(/\.$/, "")}. ${rest}`;
    host.write([{ type: "text", text }]);
}
/** A span of time, for people. */
function lifeText(ms) {
    const seconds = Math.max(Math.round(ms / 1_000), 0);
    return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
function keep(state, granted, now) {
    const lifeMs = Math.max(granted.expiresAt - now, 0);
    const renewAt = granted.expiresAt - Math.min(lifeMs / 10, 300_000);
    Object.assign(state, { present: granted, renewAt, ...untroubled });
}
/** One minute for the first token. Later as long as the present one lives, or five minutes. */
function deadlineOf({ present, refused, failingSince }, now) {
    const since = failingSince ?? now;
    if (!present)
        return since + firstPatienceMs;
    return Math.max(refused ? 0 : present.expiresAt, since + laterPatienceMs);
}
function giveUp(error, state, now) {
    const { failures, failingSince = now } = state;
    Object.assign(state, { lost: true, failures: 0, failingSince: undefined });
    const seconds = Math.round((now - failingSince) / 1_000);
    const tried = failures === 1 ? "" : ` (tried ${failures} times in ${seconds} s)`;
    const { retryAfterMs: wishMs } = error;
    const wish = wishMs ? `, and wants to be left alone for ${lifeText(wishMs)}` : "";
    const said = `${error.message.replace(/\.$/, "")}${wish}`;
    const hint = error.throttled
        ? "Run the workflow again later, and sign in with fewer jobs at once: the limit is on the application, or on this runner's address."
        : "Check that this runner may reach the token endpoint, and run the workflow again later.";
    return new errors/* ActionError */.lZ(error.throttled ? "busy" : "unreachable", `No token could be fetched: ${said}${tried}.`, {
        hint: error.hint ?? hint,
        cause: error,
    });
}

;// CONCATENATED MODULE: ./build/sign-in/renewing.js



/**
 * A sign-in over `fetch`: fetches at the first call, renews before the end, and bears with what passes. Nobody waits for
 * a renewal while the present token is good: it goes on by itself.
 */
function renewing_renewing(fetch, who, outside) {
    const { clock } = outside;
    const state = nothingYet();
    const unhurried = new AbortController().signal;
    const refresh = singleFlight((signal) => fetchPatiently(fetch, state, outside, signal));
    return {
        get description() {
            return describe(who, state.present, clock.now());
        },
        present: () => state.present,
        authorization: async (signal) => {
            signal.throwIfAborted();
            if (!lives(state, clock.now()))
                await refreshUnlessOver(state, () => refresh(signal));
            // Whoever asks after the present token has died meets what went wrong here.
            else if (isDue(state, clock.now()))
                refresh(unhurried).catch(() => undefined);
            if (!state.present)
                throw new errors/* ActionError */.lZ("internal", "The sign-in ended without a token.");
            return `Bearer ${state.present.token}`;
        },
        renew: async (signal) => {
            const before = state.present;
            if (!before || before.final || state.lost)
                return false;
            state.refused = true;
            await refresh(signal);
            // Some answer from a cache: the same token again is none.
            return state.present !== undefined && state.present.token !== before.token;
        },
    };
}
async function refreshUnlessOver({ present, refusal }, refresh) {
    if (refusal)
        throw refusal;
    if (!present?.final)
        return await refresh();
    throw new errors/* ActionError */.lZ("unauthorized", "The sign-in expired, and it cannot be renewed without somebody at a browser.", {
        hint: "For runs that take longer, sign in as an application (`github-oidc`), or with a `refresh-token`.",
    });
}
/** Whether the present token should be replaced, and nothing speaks against trying. */
function isDue({ present, renewAt, tryAgainAt, refusal }, now) {
    return !present?.final && refusal === undefined && now >= renewAt && now >= tryAgainAt;
}
function describe(who, present, now) {
    if (!present)
        return `Signing in ${who}.`;
    const life = lifeText(present.expiresAt - now);
    return `Signed in ${who}; good for ${life}, ${present.final ? "not renewable" : "renewed by itself"}.`;
}

// EXTERNAL MODULE: ./build/core/sign-in-way.js
var sign_in_way = __nccwpck_require__(8963);
// EXTERNAL MODULE: ./build/sign-in/jwt.js
var jwt = __nccwpck_require__(5865);
;// CONCATENATED MODULE: ./build/sign-in/token.js



/** Signs in with a token as it was given: a JWT as Bearer, a personal access token as Basic. Cannot be renewed. */
function tokenSignIn(token, clock, host) {
    host.mask(token);
    const claims = (0,jwt/* claimsOf */.d)(token);
    if (claims)
        return bearerSignIn(token, claims, clock);
    const encoded = Buffer.from(`:${token}`).toString("base64");
    host.mask(encoded);
    return { description: undefined, authorization: async () => `Basic ${encoded}`, renew: async () => false };
}
function bearerSignIn(token, claims, clock) {
    const expiresAt = typeof claims["exp"] === "number" ? claims["exp"] * 1_000 : Number.POSITIVE_INFINITY;
    return {
        description: token_describe(expiresAt, clock.now()),
        renew: async () => false,
        authorization: async () => {
            refuseForeign(claims["aud"]);
            return `Bearer ${token}`;
        },
    };
}
function token_describe(expiresAt, now) {
    const minutes = Math.floor((expiresAt - now) / 60_000);
    if (!Number.isFinite(minutes) || minutes < 0)
        return undefined;
    return `Signed in with the access token that was given; it is good for ${minutes} min and cannot be renewed.`;
}
// Tokens that are fetched for these by mistake again and again, and that Azure DevOps refuses without a word.
const foreign = new Map([
    ["https://management.azure.com", "Azure Resource Manager"],
    ["https://management.core.windows.net", "Azure Resource Manager"],
    ["https://graph.microsoft.com", "Microsoft Graph"],
    ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
    ["api://AzureADTokenExchange", "the exchange with Entra ID"],
]);
function refuseForeign(audience) {
    const purpose = typeof audience === "string" ? foreign.get(audience.replace(/\/$/, "")) : undefined;
    if (purpose === undefined)
        return;
    throw new errors/* ActionError */.lZ("unauthorized", `The access token in \`token\` was issued for ${purpose}, not for Azure DevOps.`, {
        hint: `Ask for one with the resource ${sign_in_way/* azureDevOps */.lm}.`,
    });
}

;// CONCATENATED MODULE: ./build/sign-in/index.js


/**
 * The sign-in that the inputs mean. Their secrets are masked at once; nothing is fetched before the first call of
 * `authorization`, and what a way needs to be loaded is loaded then.
 */
function sign_in_signIn(way, outside) {
    for (const secret of secretsOf(way))
        outside.host.mask(secret);
    const keep = () => undefined;
    if (way.kind === "token")
        return { ...tokenSignIn(way.token, outside.clock, outside.host), keep };
    let fetch;
    const fetchLazily = async (signal) => {
        fetch ??= Promise.all(/* import() */[__nccwpck_require__.e(235), __nccwpck_require__.e(866)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8866)).then(({ fetcherFor }) => fetcherFor(way, outside));
        return (await fetch)(signal);
    };
    const signedIn = renewing_renewing(fetchLazily, whoOf(way), outside);
    if (way.kind !== "device-code")
        return withKeep(signedIn, keep);
    return withKeep(signedIn, () => {
        const present = signedIn.present();
        return present && JSON.stringify({ token: present.token, expiresAt: present.expiresAt });
    });
}
/** The sign-in of the main step, from what `keep` handed over. Undefined where there is nothing of use in it. */
function resumeSignIn(kept, outside) {
    const { token, expiresAt } = JSON.parse(kept);
    if (typeof token !== "string" || typeof expiresAt !== "number")
        return undefined;
    outside.host.mask(token);
    const granted = { token, expiresAt, final: true };
    return renewing_renewing(async () => granted, "as the user who entered the device code", {
        ...outside,
        random: () => 0,
    });
}
// Not a spread: the description is a getter, and changes once there is a token.
function withKeep(signedIn, keep) {
    return {
        get description() {
            return signedIn.description;
        },
        authorization: (signal) => signedIn.authorization(signal),
        renew: (signal) => signedIn.renew(signal),
        keep,
    };
}
function secretsOf(way) {
    switch (way.kind) {
        case "client-secret":
            return [way.secret];
        case "client-certificate":
            return [way.pem];
        case "refresh-token":
            return way.secret === undefined ? [way.refreshToken] : [way.refreshToken, way.secret];
        case "azure-devops-oauth":
            return [way.secret, way.refreshToken];
        default:
            return [];
    }
}
function whoOf(way) {
    const who = {
        "client-secret": "with its client secret",
        "client-certificate": "with its certificate",
        "github-oidc": "with GitHub's own identity",
        "refresh-token": "as the user of the refresh token",
        "managed-identity": "as the managed identity of this machine",
        "azure-cli": "as the Azure CLI is signed in",
        "device-code": "as the user who entered the device code",
        "azure-devops-oauth": "as the user of the legacy Azure DevOps application",
    };
    const isApplication = way.kind === "client-secret" || way.kind === "client-certificate" || way.kind === "github-oidc";
    return isApplication ? `as the application ${way.application.clientId} ${who[way.kind]}` : who[way.kind];
}

;// CONCATENATED MODULE: ./build/wiring.js













/** The real things behind the ports. */
function outside({ env, stdout }) {
    // Packages warn of what is theirs to change (the tunnel through a proxy, say), in the log of people who cannot.
    process.noDeprecation = true;
    const transport = createTransport();
    const mask = (secret) => host.mask(secret);
    const identityToken = jobIdentity({ env, transport, clock: clock, mask, trigger: triggerOf(env) });
    const host = actionsHost({ stdout, workspace: env["GITHUB_WORKSPACE"] ?? "", identityToken });
    const step = course(host, env);
    return {
        ...step,
        host,
        clock: clock,
        // White space in front is part of a YAML mapping: the inputs are trimmed where they are read.
        input: (name) => getInput(name, { trimWhitespace: false }),
        connect: (inputs) => connectionFor(inputs, { env, transport, host }),
        surroundings: () => surroundings({ env, entry: process.argv[1] ?? "", node: process.version, system: (0,external_node_os_.release)() }),
        workflow: workflowOf({ env, transport, host }),
        close: () => {
            transport.close();
            step.close();
        },
    };
}
/** Main step or post step, and how the one hears of the other. */
function course(host, env) {
    const kept = host.recall("main");
    const isPost = kept !== "";
    const path = isPost ? kept : (0,external_node_path_.join)(env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(), `run-azure-pipeline-${(0,external_node_crypto_.randomUUID)()}`);
    const note = notes(path);
    const cancelled = interruption(process);
    if (!isPost) {
        host.remember("main", path);
        note.watch(cancelled);
    }
    const { signal } = cancelled;
    return { isPost, signal, callOff: () => note.leave(clock), close: note.answer };
}
function connectionFor(inputs, { env, transport, host }) {
    const { organization, project } = inputs.place;
    const place = { base: organization.base, project, apiVersion: inputs.apiVersion };
    const random = Math.random;
    const kept = host.recall(keptToken);
    const resumed = kept === "" ? undefined : resumeSignIn(kept, { clock: clock, host });
    const signIn = resumed ?? keeping(sign_in_signIn(inputs.way, { transport, clock: clock, host, env, random }), host);
    const means = { transport, signIn, clock: clock, random };
    const { pipelines, download } = azurePipelines(place, means);
    return { pipelines, signIn, store: storeOf(download, env) };
}
/** Unpacking is seldom asked for, and takes a while to load. */
function storeOf(download, env) {
    const open = async () => {
        const { artifactStore } = await __nccwpck_require__.e(/* import() */ 673).then(__nccwpck_require__.bind(__nccwpck_require__, 1673));
        return artifactStore({
            download,
            workspace: env["GITHUB_WORKSPACE"] || process.cwd(),
            temporary: env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
            windows: process.platform === "win32",
        });
    };
    return {
        save: async (wanted, how, signal) => (await open()).save(wanted, how, signal),
        outputs: async (wanted, how, signal) => (await open()).outputs(wanted, how, signal),
    };
}
const keptToken = "token";
/** Nobody is there in the post step to enter another device code: that token, and no other, is kept for it. */
function keeping(signIn, host) {
    let kept;
    return {
        get description() {
            return signIn.description;
        },
        authorization: async (signal) => {
            const authorization = await signIn.authorization(signal);
            const token = signIn.keep();
            if (token !== undefined && token !== kept)
                host.remember(keptToken, token);
            kept = token;
            return authorization;
        },
        renew: (signal) => signIn.renew(signal),
    };
}
function workflowOf({ env, transport, host }) {
    const trigger = triggerOf(env);
    return {
        runId: env["GITHUB_RUN_ID"] ?? "",
        attempt: Number(env["GITHUB_RUN_ATTEMPT"] ?? "1") || 1,
        stepKey: `${env["GITHUB_JOB"] ?? ""}//${env["GITHUB_ACTION"] ?? ""}`,
        trigger,
        signposts: async (inputs, { isOthers: follow, isLast = false }) => {
            if (inputs.checkRun === undefined && inputs.commitStatus === undefined)
                return [];
            const { signposts } = await Promise.all(/* import() */[__nccwpck_require__.e(934), __nccwpck_require__.e(265)]).then(__nccwpck_require__.bind(__nccwpck_require__, 2265));
            const warn = (text) => host.write([{ type: "warning", text }]);
            const { GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: apiUrl = "https://api.github.com" } = env;
            const { hide } = host;
            const access = { token: inputs.githubToken ?? "", apiUrl, transport, hide };
            const stay = { follow, isLast, leaves: !inputs.wait };
            return signposts(inputs, { ...access, ...stay, repository, clock: clock, warn, trigger: await trigger() });
        },
    };
}
/** Seldom needed, and takes a while to load. */
function triggerOf(env) {
    return async () => {
        const { readTrigger } = await Promise.all(/* import() */[__nccwpck_require__.e(934), __nccwpck_require__.e(830)]).then(__nccwpck_require__.bind(__nccwpck_require__, 6830));
        return readTrigger(env, (path) => (0,external_node_fs_.readFileSync)(path, "utf8"));
    };
}


/***/ }),

/***/ 9926:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.r(__webpack_exports__);
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   ProxyAgent: () => (/* binding */ ProxyAgent),
/* harmony export */   fetch: () => (/* binding */ fetch)
/* harmony export */ });
// The platform's own fetch. Calls to GitHub are handed the action's transport instead (src/github/octokit.ts).
const fetch = globalThis.fetch;

/** Built by @actions/github while it loads behind a proxy, and never used: our transport sees to proxies. */
class ProxyAgent {}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(9479);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
