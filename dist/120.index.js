export const id = 120;
export const ids = [120];
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

/***/ 5120:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   azureCli: () => (/* binding */ azureCli),
/* harmony export */   commandFor: () => (/* binding */ commandFor)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var _core_sign_in_way_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8963);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9473);
/* harmony import */ var _answer_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8748);
/* harmony import */ var _entra_hints_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(571);
/* harmony import */ var _lifetime_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1089);
/* harmony import */ var _refusal_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7068);







// Its first call on a cold machine takes many seconds.
const timeLimitMs = 60_000;
/** The Azure CLI, signed in by an earlier step of the job (`azure/login`). */
function azureCli({ scope, tenantId }, outside) {
    const command = commandFor(process.platform, argumentsFor((0,_core_sign_in_way_js__WEBPACK_IMPORTED_MODULE_1__/* .resourceOf */ .KU)(scope), tenantId), outside.env);
    return async (signal) => {
        const askedAt = outside.clock.now();
        const ended = await run(command, outside.env, signal);
        signal.throwIfAborted();
        if (ended.failure)
            throw faultOf(ended);
        return grantedIn(ended.stdout, askedAt, outside);
    };
}
function argumentsFor(resource, tenantId) {
    // On Windows they pass through cmd.exe, which has no safe way to quote.
    if (!/^[\w.:/-]+$/.test(resource)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("bad-input", "scope: holds characters that cannot be handed to the Azure CLI.", {
            hint: "Leave `scope` blank.",
        });
    }
    const tenant = tenantId === undefined ? [] : ["--tenant", tenantId];
    return ["account", "get-access-token", "--resource", resource, ...tenant, "--output", "json"];
}
/** How to run `az`: on Windows it is a batch file, which only cmd.exe can start. */
function commandFor(platform, args, env) {
    if (platform !== "win32")
        return { file: "az", args, verbatim: false };
    const file = env["ComSpec"] ?? env["COMSPEC"] ?? "cmd.exe";
    return { file, args: ["/d", "/s", "/c", `"az.cmd ${args.join(" ")}"`], verbatim: true };
}
function run({ file, args, verbatim }, env, signal) {
    const options = {
        env: { ...env },
        signal,
        timeout: timeLimitMs,
        windowsVerbatimArguments: verbatim,
        windowsHide: true,
        maxBuffer: 1024 * 1024,
    };
    return new Promise((resolve) => {
        (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.execFile)(file, [...args], options, (failure, stdout, stderr) => resolve({ failure, stdout, stderr }));
    });
}
function grantedIn(stdout, askedAt, { host }) {
    const json = (0,_answer_js__WEBPACK_IMPORTED_MODULE_3__/* .jsonOf */ .o_)(stdout.trim());
    const token = json?.["accessToken"];
    if (!json || typeof token !== "string" || token === "") {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("unauthorized", "The Azure CLI answered without an access token.", {
            hint: "Update the Azure CLI on this runner.",
        });
    }
    host.mask(token);
    return { token, expiresAt: (0,_lifetime_js__WEBPACK_IMPORTED_MODULE_6__/* .expiryOf */ .p)(json, askedAt) };
}
function faultOf({ failure, stderr }) {
    if (failure?.code === "ENOENT" || failure?.code === 9009 || /'az\.cmd' is not recognized/.test(stderr)) {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("unauthorized", "The Azure CLI was not found on this runner.", {
            hint: "Install it (the command `az`), or sign in by `github-oidc`, which needs no program.",
        });
    }
    if (failure?.killed)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .PassingError */ .aB(`the Azure CLI gave no answer within ${timeLimitMs / 1_000} s`);
    const words = (0,_refusal_js__WEBPACK_IMPORTED_MODULE_5__/* .sentenceOf */ .$N)(stderr.replaceAll(/^(?:ERROR|WARNING): /gm, "")).slice(0, 600);
    if (/Max retries exceeded|Connection (?:aborted|reset|error)|timed? ?out/i.test(stderr)) {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .PassingError */ .aB(`the Azure CLI got no connection: ${words}`);
    }
    return new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionError */ .lZ("unauthorized", `The Azure CLI handed out no token: ${words || String(failure?.code)}`, {
        hint: hintFor(stderr),
    });
}
function hintFor(stderr) {
    if (/az login|azure\/login|No subscription found/i.test(stderr) && (0,_refusal_js__WEBPACK_IMPORTED_MODULE_5__/* .codesIn */ .Od)(stderr).length === 0) {
        return "Put a step with azure/login before this one in the same job (with `allow-no-subscriptions: true` where there are none).";
    }
    for (const code of (0,_refusal_js__WEBPACK_IMPORTED_MODULE_5__/* .codesIn */ .Od)(stderr)) {
        if (code === 700024) {
            return "Sign in by `github-oidc`: what azure/login got from GitHub is good for minutes, so the Azure CLI cannot renew a token later in the job.";
        }
        const hint = (0,_entra_hints_js__WEBPACK_IMPORTED_MODULE_4__/* .hintForCode */ .o)(code);
        if (hint !== undefined)
            return hint;
    }
    return "Try `az account get-access-token` in a step before this one, and see what it says.";
}


/***/ }),

/***/ 571:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ hintForCode)
/* harmony export */ });
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const hints = [
    [
        [7000215],
        "Store the secret's *value* in `client-secret`, not its id, and check that it belongs to this `client-id`.",
    ],
    [
        [7000222],
        "Create a new secret for the application and store it, or move to `github-oidc`, which has none that expires.",
    ],
    [
        [70021, 700211, 700212, 700213, 7002138],
        "Give the application a federated credential whose issuer, subject and audience are exactly those of the token; a new one takes a minute or two to be known.",
    ],
    [[700024], "Check this machine's clock: the assertion was too old, or not yet valid, when it arrived."],
    [
        [700027, 700030, 5000224],
        "Upload this very certificate to the application, under *Certificates & secrets*, and check `client-id`.",
    ],
    [
        [700016],
        "Check `client-id` and `tenant-id`: this tenant knows no such application, or has not consented to it.",
    ],
    [[7000112, 7000114], "Ask the tenant's administrator to enable the application again."],
    [
        [90002, 900023, 90013],
        "Check `tenant-id`: it has to be the GUID or a domain of the tenant that Azure DevOps is connected to.",
    ],
    [[70011, 1002012], "Leave `scope` blank, or end it in `/.default`."],
    [[500011, 650052], "Check `tenant-id`: that tenant has no Azure DevOps, so it cannot issue tokens for it."],
    [
        [700081, 700082, 700084, 70008, 70043],
        "Sign in once more with `npm run authorize` and store the new refresh token.",
    ],
    [
        [50173, 50132, 50133, 700003],
        "Sign in once more with `npm run authorize`: the password was changed, or the sessions were revoked.",
    ],
    [[70000, 9002313], "Check that the refresh token is whole, and was issued to this `client-id`."],
    [
        [7000218],
        "Set *Allow public client flows* to *Yes* on the application's *Authentication* page, or give its `client-secret`.",
    ],
    [[700025], "Remove `client-secret`: the application is a public one, and has none."],
    [[70019, 70020], "Run the workflow again, and enter the code before it expires."],
    [[50105], "Ask an administrator to assign the user or the application to this enterprise application."],
    [
        [65001, 650056, 650057, 65004],
        "Ask an administrator to consent to the application's permission *Azure DevOps: user_impersonation*.",
    ],
    [
        [50076, 50079, 50072, 50074, 50078],
        "Sign in once more with `npm run authorize`, and complete the second factor that the tenant asks for.",
    ],
    [
        [53003, 53000, 53001, 53002, 53004, 530003, 530032, 530034],
        "Ask an administrator to let this sign-in through conditional access, or use a runner that its policies allow.",
    ],
    [[50020, 50034, 50057], "Sign in as a user who is a member of this tenant, and whose account is enabled."],
    [[90033, 90055], "Run the workflow again later: Entra ID had a problem of its own."],
];
const byCode = new Map(hints.flatMap(([codes, hint]) => codes.map((code) => [code, hint])));
/** What the workflow's author can do about an AADSTS code. */
function hintForCode(code) {
    return byCode.get(code);
}


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

/***/ 7068:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ sentenceOf),
/* harmony export */   Od: () => (/* binding */ codesIn),
/* harmony export */   Of: () => (/* binding */ refusalOf),
/* harmony export */   bG: () => (/* binding */ refusedError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9473);
/* harmony import */ var _entra_hints_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(571);


/** Reads an OAuth error body. Entra ID packs its trace into the sentence: it is taken out. */
function refusalOf(url, body) {
    const description = textOf(body["error_description"]) ?? "";
    const codes = Array.isArray(body["error_codes"])
        ? body["error_codes"].filter((code) => typeof code === "number")
        : [];
    return {
        by: serviceAt(url),
        error: textOf(body["error"]) ?? "error",
        words: sentenceOf(description),
        codes: codes.length > 0 ? codes : codesIn(description),
        traceId: textOf(body["trace_id"]) ?? /Trace ID:\s*([\w-]{36})/i.exec(description)?.[1],
    };
}
/** The numbers of the AADSTS errors that a text quotes. */
function codesIn(text) {
    return [...text.matchAll(/AADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}
/** Microsoft's sentence without its Trace ID, Correlation ID and Timestamp. */
function sentenceOf(description) {
    const sentence = description.split(/\s*Trace ID:/i)[0] ?? "";
    return sentence.replaceAll(/\s+/g, " ").trim().slice(0, 1_500);
}
/** The refusal as the error that ends the step. */
function refusedError(refusal, teaching = {}) {
    const trace = refusal.traceId === undefined ? "" : ` (trace ID ${refusal.traceId})`;
    const words = refusal.words === "" ? refusal.error : refusal.words;
    const said = words.startsWith("AADSTS") || words === refusal.error ? words : `${refusal.error}: ${words}`;
    const details = teaching.details === undefined ? "" : `\n${teaching.details}`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .lZ("unauthorized", `${refusal.by} refused the sign-in: ${said}${trace}${details}`, {
        hint: teaching.hint ?? hintFor(refusal, teaching.hints ?? {}),
    });
}
function hintFor({ codes, error }, hints) {
    for (const code of codes) {
        const hint = hints[code] ?? (0,_entra_hints_js__WEBPACK_IMPORTED_MODULE_1__/* .hintForCode */ .o)(code);
        if (hint !== undefined)
            return hint;
    }
    return hints[error] ?? "Check the sign-in inputs of this step against docs/sign-in.md.";
}
function serviceAt(url) {
    const { host } = new URL(url);
    const isEntra = /(?:^|\.)(?:microsoftonline\.(?:com|us)|chinacloudapi\.cn|windows\.net|microsoft\.com)$/.test(host);
    return isEntra ? "Microsoft Entra ID" : `The token endpoint ${host}`;
}
function textOf(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}


/***/ })

};
