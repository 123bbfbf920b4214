export const id = 989;
export const ids = [989];
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

/***/ 7989:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  clientCertificate: () => (/* binding */ clientCertificate)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./node_modules/oauth4webapi/build/index.js
var build = __webpack_require__(5235);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
;// CONCATENATED MODULE: ./build/sign-in/certificate.js


/**
 * Finds the private key (PKCS#8 or PKCS#1) and its certificate in PEM text, in whatever order and among however many.
 * `now` in milliseconds.
 */
function keyPairIn(pem, now) {
    const blocks = blocksOf(pem);
    const certificates = blocks.filter(({ label }) => /CERTIFICATE$/.test(label)).map(certificateOf);
    const keys = blocks.filter(({ label }) => /PRIVATE KEY$/.test(label));
    const [block, second] = keys;
    if (!block)
        throw refused("holds no private key", "Add the private key's PEM block to the certificate's.");
    if (second)
        throw refused("holds more than one private key", "Leave only the key of the application's certificate.");
    if (certificates.length === 0)
        throw refused("holds no certificate", "Add the certificate's PEM block to the private key's.");
    const key = keyOf(block);
    const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
    if (!certificate) {
        throw refused("holds a private key that belongs to none of its certificates", "Store the certificate with the key it was made for.");
    }
    checkDates(certificate, now);
    return { certificate, key };
}
function blocksOf(pem) {
    // A secret that went through JSON or a one-line field has its line ends written out.
    const text = /[\r\n]/.test(pem.trim()) ? pem : pem.replaceAll(String.raw `\n`, "\n");
    return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)].map(([block, label = ""]) => ({
        label,
        pem: block,
    }));
}
function certificateOf({ pem }) {
    try {
        return new external_node_crypto_.X509Certificate(pem);
    }
    catch {
        throw refused("holds a certificate that cannot be read", "Store the PEM text again, whole and with its line ends.");
    }
}
function keyOf({ label, pem }) {
    if (label.startsWith("ENCRYPTED") || pem.includes("ENCRYPTED")) {
        throw refused("holds an encrypted private key", "Decrypt it before storing it: openssl pkey -in encrypted.pem -out plain.pem.");
    }
    let key;
    try {
        key = (0,external_node_crypto_.createPrivateKey)(pem);
    }
    catch {
        throw refused("holds a private key that cannot be read", "Store the PEM text again, whole and with its line ends.");
    }
    if (key.asymmetricKeyType === "rsa")
        return key;
    throw refused(`holds a key of the kind ${key.asymmetricKeyType ?? "unknown"}, with which Entra ID cannot check a signature`, "Make an RSA key of at least 2048 bits.");
}
function checkDates(certificate, now) {
    if (Date.parse(certificate.validTo) < now) {
        throw refused(`expired at ${certificate.validTo}`, "Make a new certificate, upload it to the application and store it.");
    }
    if (Date.parse(certificate.validFrom) > now + 300_000) {
        throw refused(`is not valid before ${certificate.validFrom}`, "Check this machine's clock, or wait until then.");
    }
}
function refused(fault, hint) {
    return new errors/* ActionError */.lZ("unauthorized", `The client certificate in \`client-certificate\` ${fault}.`, {
        hint,
    });
}

// EXTERNAL MODULE: ./build/sign-in/client-credentials.js
var client_credentials = __webpack_require__(9646);
;// CONCATENATED MODULE: ./build/sign-in/client-certificate.js




const assertionSeconds = 300;
/** An application that owns the key of a certificate. */
function clientCertificate({ application, pem }, outside) {
    return async (signal) => {
        const now = outside.clock.now();
        const pair = keyPairIn(pem, now);
        const authentication = await proofBy(pair, application.tokenUrl, now);
        return (0,client_credentials/* grantedBy */.VE)(await (0,client_credentials/* askAsApplication */.aQ)({ application, authentication }, outside, signal), {
            invalid_client: "Upload this very certificate to the application, and check `client-id`.",
        });
    };
}
// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
async function proofBy({ certificate, key }, audience, now) {
    const signingKey = await key.toCryptoKey({ name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"]);
    const thumbprint = (0,external_node_crypto_.createHash)("sha256").update(certificate.raw).digest("base64url");
    const seconds = Math.floor(now / 1_000);
    return (0,build/* PrivateKeyJwt */.IX)(signingKey, {
        [build/* modifyAssertion */.LB]: (header, payload) => {
            header["x5t#S256"] = thumbprint;
            header["typ"] = "JWT";
            Object.assign(payload, { aud: audience, iat: seconds, nbf: seconds, exp: seconds + assertionSeconds });
        },
    });
}


/***/ }),

/***/ 9646:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   VE: () => (/* binding */ grantedBy),
/* harmony export */   a5: () => (/* binding */ assertionOf),
/* harmony export */   aQ: () => (/* binding */ askAsApplication)
/* harmony export */ });
/* harmony import */ var _oauth_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6003);
/* harmony import */ var _refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7068);


// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
/** Asks for a token of the application itself. */
function askAsApplication({ application, authentication }, outside, signal) {
    const parameters = { scope: application.scope };
    return (0,_oauth_js__WEBPACK_IMPORTED_MODULE_0__/* .requestToken */ .Fr)({ application, authentication, grantType: "client_credentials", parameters }, outside, signal);
}
/** The proof by an assertion that somebody else has signed. */
function assertionOf(assertion) {
    return (_server, client, body) => {
        body.set("client_id", client.client_id);
        body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        body.set("client_assertion", assertion);
    };
}
/** The token of an answer; a refusal is thrown. */
function grantedBy(answer, hints) {
    if ("granted" in answer)
        return answer.granted;
    throw (0,_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .refusedError */ .bG)(answer.refusal, hints ? { hints } : {});
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

/***/ 6003:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ut: () => (/* binding */ answerOf),
  A5: () => (/* binding */ optionsFor),
  Fr: () => (/* binding */ requestToken)
});

// EXTERNAL MODULE: ./node_modules/oauth4webapi/build/index.js
var build = __webpack_require__(5235);
// EXTERNAL MODULE: ./build/core/sign-in-way.js
var sign_in_way = __webpack_require__(8963);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/sign-in/lifetime.js
var lifetime = __webpack_require__(1089);
// EXTERNAL MODULE: ./build/sign-in/answer.js
var sign_in_answer = __webpack_require__(8748);
// EXTERNAL MODULE: ./build/sign-in/granted.js
var granted = __webpack_require__(5843);
;// CONCATENATED MODULE: ./build/sign-in/oauth-fetch.js



/** `fetch` for oauth4webapi over our transport. Whatever is no OAuth answer throws here. */
function fetchOver(outside, signal) {
    return async (url, { method, headers, body }) => {
        const answer = await (0,sign_in_answer/* askNamed */.fi)(outside.transport, {
            method,
            url,
            headers,
            body: body.toString(),
            timeoutMs: granted/* requestMs */.s,
            signal,
        });
        const json = bodyOf(new URL(url).host, answer, outside.clock.now());
        for (const key of ["access_token", "refresh_token", "id_token", "device_code"]) {
            const secret = json[key];
            if (typeof secret === "string" && secret !== "")
                outside.host.mask(secret);
        }
        return Response.json(conforming(json), { status: answer.status });
    };
}
/** The JSON of an answer that is one: a token, or a definite refusal. */
function bodyOf(host, answer, now) {
    const { status } = answer;
    const json = (0,sign_in_answer/* jsonOf */.o_)(answer.body);
    if (isPassing(status, json)) {
        const words = json?.["error_description"] ?? json?.["error"];
        throw new errors/* PassingError */.aB(`${host} answered ${status}${typeof words === "string" ? `: ${firstLine(words)}` : ""}`, {
            retryAfterMs: (0,sign_in_answer/* retryAfterMs */.Vs)(answer.headers, now),
            throttled: status === 429,
        });
    }
    if (json && (status === 200 || (status >= 400 && errorOf(json) !== undefined)))
        return json;
    if (status === 200 && /json/i.test(answer.headers["content-type"] ?? "")) {
        throw new errors/* PassingError */.aB(`${host} answered with JSON that was cut off`);
    }
    throw new errors/* ActionError */.lZ("unauthorized", `${host} answered ${status} with something that is neither a token nor a refusal.`, {
        hint: "Check `tenant-id` and `token-url`, and whether a proxy on the way answers in its place.",
    });
}
function isPassing(status, json) {
    if (status >= 500 || status === 429 || status === 408)
        return true;
    return json?.["error"] === "temporarily_unavailable" || json?.["error"] === "server_error";
}
/** The legacy endpoint spells its keys without underscores, and not always in lower case. */
function errorOf(json) {
    const error = json["error"] ?? json["Error"];
    return typeof error === "string" && error !== "" ? error : undefined;
}
/**
 * The answer as oauth4webapi insists on it: times are numbers. What is left out is of no use here and could only be
 * found fault with, such as an id_token that nobody asked for.
 */
function conforming(json) {
    const { id_token: _id, scope: _scope, expires_in: expiresIn, interval, ...rest } = json;
    const error = errorOf(json);
    const description = json["error_description"] ?? json["errordescription"] ?? json["ErrorDescription"];
    return {
        ...rest,
        ...positive("expires_in", expiresIn),
        ...positive("interval", interval),
        ...(error !== undefined && { error, error_description: description ?? "" }),
    };
}
function positive(name, value) {
    const number = value === null || value === "" ? Number.NaN : Number(value);
    return number >= 0 ? { [name]: number } : {};
}
function firstLine(words) {
    return words.split(/\s*Trace ID:|[\r\n]/)[0]?.slice(0, 300) ?? "";
}

// EXTERNAL MODULE: ./build/sign-in/refusal.js
var refusal = __webpack_require__(7068);
;// CONCATENATED MODULE: ./build/sign-in/oauth.js






/** Asks a token endpoint once. A refusal is an answer; PassingError where asking again may help. */
async function requestToken(request, outside, signal) {
    const { tokenUrl, clientId } = request.application;
    const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
    const client = { client_id: clientId };
    const askedAt = outside.clock.now();
    const answer = await answerOf(tokenUrl, async () => {
        const response = await build/* genericTokenEndpointRequest */.Nb(server, client, request.authentication, request.grantType, { ...request.parameters }, optionsFor(tokenUrl, outside, signal));
        const body = await build/* processGenericTokenEndpointResponse */.kU(server, client, response, {
            recognizedTokenTypes,
        });
        return { token: body.access_token, expiresAt: (0,lifetime/* expiryOf */.p)(body, askedAt), refreshToken: body.refresh_token };
    });
    return "refusal" in answer ? answer : { granted: answer.value };
}
// What the legacy Azure DevOps endpoint calls its bearer tokens.
const recognizedTokenTypes = { "jwt-bearer": () => undefined };
/** What every request of oauth4webapi is made with: our transport, and TLS except within this machine. */
function optionsFor(url, outside, signal) {
    return {
        signal,
        [build/* customFetch */.A6]: fetchOver(outside, signal),
        [build/* allowInsecureRequests */.cm]: (0,sign_in_way/* isPlainLoopback */.WD)(new URL(url)),
    };
}
/** Runs an OAuth exchange, and turns what oauth4webapi throws into our own. */
async function answerOf(url, exchange) {
    try {
        return { value: await exchange() };
    }
    catch (error) {
        if (error instanceof build/* ResponseBodyError */.uK)
            return { refusal: (0,refusal/* refusalOf */.Of)(url, error.cause) };
        if (error instanceof errors/* ActionError */.lZ || error instanceof errors/* PassingError */.aB)
            throw error;
        const { /* OperationProcessingError */ "Hx": OperationProcessingError, /* UnsupportedOperationError */ "vR": UnsupportedOperationError } = build;
        if (!(error instanceof OperationProcessingError || error instanceof UnsupportedOperationError))
            throw error;
        // Its cause may hold the whole answer, tokens included: only the sentence is kept.
        throw new errors/* ActionError */.lZ("unauthorized", `The token endpoint ${new URL(url).host} gave a strange answer: ${error.message}.`, {
            hint: "Check `token-url`: it has to be the token endpoint of an OAuth 2.0 server.",
        });
    }
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
