export const id = 840;
export const ids = [840];
export const modules = {

/***/ 8748:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Vs: () => (/* binding */ retryAfterMs),
/* harmony export */   fi: () => (/* binding */ askNamed),
/* harmony export */   o_: () => (/* binding */ jsonOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);

/** Asks, and names the host in what goes wrong below HTTP: the transport does not know whom it matters to. */
async function askNamed(transport, request) {
    try {
        return await transport.ask(request);
    }
    catch (error) {
        const { host } = new URL(request.url);
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .PassingError */ .aB) {
            const { retryAfterMs, throttled, hint } = error;
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .PassingError */ .aB(`${host}: ${error.message}`, { retryAfterMs, throttled, hint, cause: error });
        }
        if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ))
            throw error;
        const { code, hint } = error;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ(code, `The request for a token from ${host} failed. ${error.message}`, {
            hint,
            cause: error,
        });
    }
}
/** A body that is a JSON object, or undefined. */
function jsonOf(body) {
    try {
        const value = JSON.parse(body.replace(/^\uFEFF/, ""));
        return typeof value === "object" && value !== null && !Array.isArray(value)
            ? value
            : undefined;
    }
    catch {
        return undefined;
    }
}
/** `Retry-After` in seconds or as a date. */
function retryAfterMs(headers, now) {
    const raw = headers["retry-after"]?.trim();
    if (raw === undefined || raw === "")
        return undefined;
    const seconds = Number(raw);
    const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(raw) - now;
    return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}


/***/ }),

/***/ 5843:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ requestMs)
/* harmony export */ });
/** How long one request for a token may take. */
const requestMs = 30_000;


/***/ }),

/***/ 1089:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ expiryOf)
/* harmony export */ });
const hourMs = 3_600_000;
/**
 * When a token stops being good, by our clock, from what came with it: `expires_in` in seconds or `expires_on`
 * in seconds since 1970, as numbers or as text. With both, the earlier: a cached token may come with its first
 * `expires_in`. A moment that is over already says more of our clock than of the token. With neither, an hour.
 */
function expiryOf(body, askedAt) {
    const seconds = numberOf(body["expires_in"]);
    const moment = momentOf(body["expires_on"] ?? body["expiresOn"]);
    const ends = [
        ...(seconds === undefined || seconds < 0 ? [] : [askedAt + seconds * 1_000]),
        ...(moment === undefined || moment <= askedAt ? [] : [moment]),
    ];
    return ends.length === 0 ? askedAt + hourMs : Math.min(...ends);
}
function numberOf(value) {
    if (typeof value !== "number" && (typeof value !== "string" || value.trim() === ""))
        return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
}
/** Epoch seconds, or a date in words as old App Service hosts and old Azure CLIs write it. */
function momentOf(value) {
    const seconds = numberOf(value);
    if (seconds !== undefined)
        return seconds * 1_000;
    const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
}


/***/ }),

/***/ 1840:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  managedIdentity: () => (/* binding */ managedIdentity)
});

// EXTERNAL MODULE: ./build/core/sign-in-way.js
var sign_in_way = __webpack_require__(8963);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/sign-in/answer.js
var sign_in_answer = __webpack_require__(8748);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/sign-in/azure-arc.js



/** Where the Arc agent may leave its proofs. Anything else that an answer points at is not read. */
const tokenFolders = {
    linux: "/var/opt/azcmagent/tokens",
    win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\AzureConnectedMachineAgent\\Tokens`,
};
const largestProof = 4_096;
// https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
/** Arc answers first with the name of a file that only members of its group can read: its text is the password. */
async function answerArc(source, challenge, ask, folder = tokenFolders[process.platform]) {
    const path = /^Basic realm=(.+)$/i
        .exec(challenge.headers["www-authenticate"] ?? "")?.[1]
        ?.replaceAll('"', "")
        .trim();
    if (path === undefined)
        throw strange("asked for a proof without naming its file");
    const proof = await proofIn(path, folder);
    return ask({ ...source, headers: { ...source.headers, Authorization: `Basic ${proof}` } });
}
async function proofIn(path, folder) {
    try {
        const real = await (0,promises_.realpath)(path);
        if (folder === undefined || (0,external_node_path_.dirname)(real) !== (await (0,promises_.realpath)(folder)) || (0,external_node_path_.extname)(real) !== ".key") {
            throw strange("named a file that is not one of the agent's");
        }
        if ((await (0,promises_.stat)(real)).size > largestProof)
            throw strange("named a file that is too large");
        return await (0,promises_.readFile)(real, "utf8");
    }
    catch (error) {
        if (error instanceof errors/* ActionError */.lZ)
            throw error;
        throw new errors/* ActionError */.lZ("unauthorized", "The proof that the Azure Arc agent asked for could not be read.", {
            hint: "Add the runner's user to the group `himds` (on Windows: `Hybrid agent extension applications`).",
            cause: error,
        });
    }
}
function strange(fault) {
    return new errors/* ActionError */.lZ("unauthorized", `The Azure Arc agent ${fault}.`, {
        hint: "Check that what listens at IDENTITY_ENDPOINT is the Azure Arc agent.",
    });
}

// EXTERNAL MODULE: ./build/sign-in/granted.js
var granted = __webpack_require__(5843);
;// CONCATENATED MODULE: ./build/sign-in/identity-source.js


const metadata = { Metadata: "true" };
const arcEndpoint = "http://127.0.0.1:40342/metadata/identity/oauth2/token";
// An address that leads nowhere outside Azure: nobody should wait long for it.
const machineMs = 5_000;
/** Told apart by their environment, in the order of Microsoft's own libraries. */
function identitySource(wanted, env) {
    const endpoint = env["IDENTITY_ENDPOINT"];
    const header = env["IDENTITY_HEADER"];
    if (endpoint && header && env["IDENTITY_SERVER_THUMBPRINT"])
        throw serviceFabric();
    if (endpoint && header)
        return appService(wanted, endpoint, header);
    if (env["MSI_ENDPOINT"] && !endpoint)
        return cloudShell(wanted, env["MSI_ENDPOINT"]);
    if (env["IMDS_ENDPOINT"] || endpoint)
        return arc(wanted, endpoint ?? arcEndpoint);
    return machine(wanted, env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254");
}
function appService({ resource, clientId }, endpoint, header) {
    return {
        kind: "app-service",
        name: "App Service",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2019-08-01", resource, client_id: clientId }),
        headers: { "X-IDENTITY-HEADER": header },
        timeoutMs: granted/* requestMs */.s,
    };
}
function cloudShell({ resource, clientId }, endpoint) {
    if (clientId !== undefined)
        throw onlyItsOwn("Cloud Shell");
    return {
        kind: "cloud-shell",
        name: "Cloud Shell",
        method: "POST",
        url: endpoint,
        headers: { ...metadata, "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ resource }).toString(),
        timeoutMs: granted/* requestMs */.s,
    };
}
function arc({ resource, clientId }, endpoint) {
    if (clientId !== undefined)
        throw onlyItsOwn("Azure Arc");
    return {
        kind: "arc",
        name: "Azure Arc",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2019-11-01", resource }),
        headers: metadata,
        timeoutMs: granted/* requestMs */.s,
    };
}
function machine({ resource, clientId }, host) {
    const endpoint = `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token`;
    return {
        kind: "machine",
        name: "virtual machine",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2018-02-01", resource, client_id: clientId }),
        headers: metadata,
        timeoutMs: machineMs,
    };
}
function withQuery(endpoint, query) {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(query))
        if (value !== undefined)
            url.searchParams.set(name, value);
    return url.href;
}
function onlyItsOwn(where) {
    return new errors/* ActionError */.lZ("bad-input", `client-id: ${where} knows only the machine's own identity.`, {
        hint: "Leave `client-id` blank.",
    });
}
function serviceFabric() {
    return new errors/* ActionError */.lZ("unauthorized", "Managed identities of Service Fabric are not supported.", {
        hint: "Sign in by `github-oidc` or by `client-certificate`.",
    });
}

// EXTERNAL MODULE: ./build/sign-in/lifetime.js
var lifetime = __webpack_require__(1089);
;// CONCATENATED MODULE: ./build/sign-in/managed-identity.js






/** The identity that Azure gave to this machine, container or pod. */
function managedIdentity(way, outside) {
    if (outside.env["AZURE_FEDERATED_TOKEN_FILE"]) {
        let fetch;
        return async (signal) => {
            fetch ??= Promise.all(/* import() */[__webpack_require__.e(235), __webpack_require__.e(382)]).then(__webpack_require__.bind(__webpack_require__, 7382)).then((module) => module.workloadIdentity(way, outside));
            return (await fetch)(signal);
        };
    }
    const source = identitySource({ resource: (0,sign_in_way/* resourceOf */.KU)(way.scope), clientId: way.clientId }, outside.env);
    return (signal) => ask(source, outside, signal);
}
async function ask(source, outside, signal) {
    const askedAt = outside.clock.now();
    const answer = await askSource(source, outside, signal);
    if (source.kind !== "arc" || answer.status !== 401)
        return grantedBy(source, answer, { outside, askedAt });
    const proven = await answerArc(source, answer, (again) => askSource(again, outside, signal));
    return grantedBy(source, proven, { outside, askedAt });
}
// Past every proxy: these addresses exist on this machine only.
async function askSource(source, outside, signal) {
    const { method, url, headers, timeoutMs } = source;
    const body = source.body === undefined ? {} : { body: source.body };
    try {
        return await (0,sign_in_answer/* askNamed */.fi)(outside.transport, {
            method,
            url,
            headers,
            ...body,
            direct: true,
            timeoutMs,
            signal,
        });
    }
    catch (error) {
        if (!(error instanceof errors/* PassingError */.aB))
            throw error;
        throw new errors/* PassingError */.aB(error.message, { hint: nobodyThere, cause: error });
    }
}
const nobodyThere = "Use a runner on a machine in Azure that has a managed identity; runners hosted by GitHub have none, and sign in by `github-oidc`.";
// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
const passing = new Set([404, 408, 410, 429]);
function grantedBy(source, answer, { outside, askedAt }) {
    const { status } = answer;
    const json = (0,sign_in_answer/* jsonOf */.o_)(answer.body);
    const token = json?.["access_token"];
    if (status === 200 && json && typeof token === "string" && token !== "") {
        outside.host.mask(token);
        return { token, expiresAt: (0,lifetime/* expiryOf */.p)(json, askedAt) };
    }
    const words = wordsOf(json);
    const what = `The managed identity endpoint (${source.name}) answered ${status}${words === "" ? "" : `: ${words}`}`;
    if (status >= 500 || passing.has(status)) {
        const waitMs = (0,sign_in_answer/* retryAfterMs */.Vs)(answer.headers, outside.clock.now());
        throw new errors/* PassingError */.aB(what, {
            retryAfterMs: waitMs,
            throttled: status === 429,
            hint: status === 404 ? nobodyThere : undefined,
        });
    }
    throw new errors/* ActionError */.lZ("unauthorized", `${what}.`, {
        hint: /identity not found/i.test(words)
            ? "Assign an identity to this machine, and give `client-id` if it has several."
            : "Check the identity of this machine and `client-id`, which is only for a user-assigned one.",
    });
}
/** Each host has its own form of saying no. */
function wordsOf(json) {
    const nested = json?.["error"];
    const inner = typeof nested === "object" && nested !== null ? nested : {};
    const words = [nested, inner["code"], json?.["error_description"], inner["message"], json?.["message"]];
    return words
        .filter((word) => typeof word === "string" && word !== "")
        .join(": ")
        .replaceAll(/\s+/g, " ")
        .replace(/\.$/, "")
        .slice(0, 500);
}


/***/ })

};
