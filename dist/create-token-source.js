"use strict";
exports.id = 696;
exports.ids = [696];
exports.modules = {

/***/ 9696:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createTokenSource: () => (/* binding */ createTokenSource)
});

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./build/core/credentials.js
var credentials = __webpack_require__(8309);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9984);
// EXTERNAL MODULE: ./build/lib/json.js
var lib_json = __webpack_require__(9897);
// EXTERNAL MODULE: ./build/auth/access-token.js
var access_token = __webpack_require__(6774);
;// CONCATENATED MODULE: ./build/auth/entra-errors.js

function parseOAuthError(url, body) {
    const description = nonEmptyString(body["error_description"]) ?? "";
    const codes = Array.isArray(body["error_codes"])
        ? body["error_codes"].filter((code) => typeof code === "number")
        : [];
    return {
        issuerName: issuerNameFor(url),
        error: nonEmptyString(body["error"]) ?? "error",
        description: withoutTraceDetails(description),
        codes: codes.length > 0 ? codes : aadstsCodes(description),
        traceId: nonEmptyString(body["trace_id"]) ?? /Trace ID:\s*([\w-]{36})/i.exec(description)?.[1],
    };
}
function aadstsCodes(text) {
    return [...text.matchAll(/AADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}
function withoutTraceDetails(description) {
    const sentence = description.split(/Trace ID:/i)[0] ?? "";
    return sentence.replaceAll(/\s+/g, " ").trim().slice(0, 1_500);
}
function toActionError(oauthError, guidance = {}) {
    const trace = oauthError.traceId === undefined ? "" : ` (trace ID ${oauthError.traceId})`;
    const description = oauthError.description === "" ? oauthError.error : oauthError.description;
    const message = description.startsWith("AADSTS") || description === oauthError.error
        ? description
        : `${oauthError.error}: ${description}`;
    const details = guidance.details === undefined ? "" : `\n${guidance.details}`;
    return new errors/* ActionError */.lZ("unauthorized", `${oauthError.issuerName} refused the sign-in: ${message}${trace}${details}`, {
        hint: guidance.hint ?? hintFor(oauthError, guidance.hints ?? {}),
    });
}
function hintFor({ codes, error }, hints) {
    for (const code of codes) {
        const hint = hints[code] ?? hintForCode(code);
        if (hint !== undefined)
            return hint;
    }
    const [code] = codes;
    return code === undefined
        ? (hints[error] ?? "Compare the sign-in inputs of this step with docs/sign-in.md.")
        : `Look up the code at https://login.microsoftonline.com/error?code=${code}, and compare the sign-in inputs of this step with docs/sign-in.md.`;
}
function issuerNameFor(url) {
    const { host } = new URL(url);
    const isEntra = /(?:^|\.)(?:microsoftonline\.(?:com|us)|chinacloudapi\.cn|windows\.net|microsoft\.com)$/.test(host);
    return isEntra ? "Microsoft Entra ID" : `The token endpoint ${host}`;
}
function nonEmptyString(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
const entraHints = [
    [
        [7000215],
        "Store the secret's *value* in `client-secret`, not its id, and check that it belongs to this `client-id`.",
    ],
    [
        [7000222],
        "Create a new secret for the application and store it, or use `github-oidc`, which has no secret that expires.",
    ],
    [
        [70021, 70025, 700211, 700212, 700213, 7002138],
        "Add a federated credential to the application whose issuer, subject and audience are exactly those of the token; a new one takes a minute or two to take effect.",
    ],
    [
        [7002381],
        "Run the job again: GitHub's token had no `enterprise` claim, which the tenant requires; this happens occasionally.",
    ],
    [
        [7000229],
        "Create the application's service principal in this tenant (`az ad sp create --id CLIENT-ID`), or correct `tenant-id`.",
    ],
    [[700222], "Use another credential: Entra ID does not exchange tokens that it issued itself."],
    [
        [900384],
        "Check that the key which signed the assertion is published by its issuer, or belongs to the uploaded certificate: Entra ID could not verify the signature.",
    ],
    [[900382], "Set `token-url` to the cloud in which the application is registered."],
    [
        [90072],
        "Add the user to this tenant as a guest, or correct `tenant-id`: the account belongs to another tenant.",
    ],
    [
        [530035],
        "Sign in as an application (`github-oidc`), or ask an administrator: the tenant's security defaults block this sign-in.",
    ],
    [
        [50158],
        "Sign in once more with `npm run authorize` and complete the challenge of the external provider, or sign in as an application (`github-oidc`).",
    ],
    [[700024], "Check this machine's clock: the assertion was too old, or not yet valid, when it arrived."],
    [
        [700027, 700030, 5000224],
        "Upload this certificate to the application, under *Certificates & secrets*, and check `client-id`.",
    ],
    [
        [700016],
        "Check `client-id` and `tenant-id`: the application does not exist in this tenant, or the tenant has not consented to it.",
    ],
    [[7000112, 7000114], "Ask the tenant's administrator to enable the application again."],
    [
        [90002, 900023, 90013],
        "Check `tenant-id`: it must be the GUID or a domain of the tenant that Azure DevOps is connected to.",
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
    [[70000, 9002313], "Check that the refresh token is complete, and was issued to this `client-id`."],
    [
        [7000218],
        "Set *Allow public client flows* to *Yes* on the application's *Authentication* page, or set `client-secret`.",
    ],
    [
        [700025],
        "Remove `client-secret` if it is set, or check `client-id`: the application is a public client, which has no secret, certificate or federated credential.",
    ],
    [[70019, 70020], "Run the workflow again, and enter the code before it expires."],
    [[50105], "Ask an administrator to assign the user or the application to this enterprise application."],
    [
        [65001, 650056, 650057, 65004],
        "Ask an administrator to consent to the application's permission *Azure DevOps: user_impersonation*.",
    ],
    [
        [50076, 50079, 50072, 50074, 50078],
        "Sign in once more with `npm run authorize`, and complete the second factor that the tenant requires.",
    ],
    [
        [53003, 53000, 53001, 53002, 53004, 530003, 530032, 530034],
        "Ask an administrator to let this sign-in through conditional access, or use a runner that its policies allow.",
    ],
    [[50020, 50034, 50057], "Sign in as a user who is a member of this tenant, and whose account is enabled."],
    [[90033, 90055], "Run the workflow again later: Entra ID had an internal error."],
];
const hintsByCode = new Map(entraHints.flatMap(([codes, hint]) => codes.map((code) => [code, hint])));
function hintForCode(code) {
    return hintsByCode.get(code);
}

// EXTERNAL MODULE: ./node_modules/oauth4webapi/build/index.js
var build = __webpack_require__(5235);
// EXTERNAL MODULE: ./build/lib/url.js
var lib_url = __webpack_require__(6158);
// EXTERNAL MODULE: ./build/lib/retry.js
var retry = __webpack_require__(6777);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
// EXTERNAL MODULE: ./build/lib/to-fetch.js
var to_fetch = __webpack_require__(5103);
;// CONCATENATED MODULE: ./build/auth/oauth-http.js






function createFetch(deps) {
    return (0,to_fetch/* toFetch */.q)(async (request) => {
        const response = await sendTokenRequest(deps, { ...request, timeoutMs: access_token/* tokenRequestTimeoutMs */.Ui });
        const json = parseResponse(new URL(request.url).host, response, deps.clock.now());
        for (const key of ["access_token", "refresh_token", "id_token", "device_code"]) {
            const secret = json[key];
            if (typeof secret === "string" && secret !== "")
                deps.runner.mask(secret);
        }
        const headers = { "content-type": "application/json" };
        return { status: response.status, headers, body: JSON.stringify(normalizeResponse(json)) };
    });
}
function parseResponse(host, response, now) {
    const { status } = response;
    const json = (0,lib_json/* parseJsonObject */.dw)(response.body);
    if (isTransientResponse(status, json)) {
        const description = json?.["error_description"] ?? json?.["error"];
        throw new errors/* TransientError */.N_(`${host} answered ${status}${typeof description === "string" ? `: ${firstLine(description)}` : ""}`, {
            retryAfterMs: (0,retry/* retryAfterMs */.Vs)(response.headers, now),
            throttled: status === 429,
        });
    }
    if (json && (status === 200 || (status >= 400 && oauthErrorCode(json) !== undefined)))
        return json;
    if (status === 200 && isTruncated(response)) {
        throw new errors/* TransientError */.N_(`${host} returned truncated JSON`);
    }
    throw notOAuthError(host, response);
}
function notOAuthError(host, { status, body }) {
    const hint = "Check `tenant-id` and `token-url`, and whether a proxy responds instead of the token endpoint.";
    const message = `${host} answered ${status} with a body that is neither a token nor an OAuth error`;
    const words = (0,lib_json/* parseJson */.qF)(body) === undefined ? (0,lib_text/* clip */.$Q)((0,lib_text/* oneLine */.TN)((0,lib_text/* firstWords */.Cb)(body)), 200) : "";
    if (status < 400 || status === 401 || words === "")
        return new errors/* ActionError */.lZ("unauthorized", `${message}.`, { hint });
    return new errors/* TransientError */.N_(`${message}: ${JSON.stringify(words)}`, { fromGateway: true, hint });
}
function isTransientResponse(status, json) {
    if (status >= 500 || status === 429 || status === 408)
        return true;
    return json?.["error"] === "temporarily_unavailable" || json?.["error"] === "server_error";
}
function oauthErrorCode(json) {
    const error = json["error"] ?? json["Error"];
    return typeof error === "string" && error !== "" ? error : undefined;
}
function normalizeResponse(json) {
    const { id_token: _id, scope: _scope, expires_in: expiresIn, interval, ...others } = json;
    const { token_type: type, refresh_token: refreshToken, ...rest } = others;
    const error = oauthErrorCode(json);
    const description = json["error_description"] ?? json["errordescription"] ?? json["ErrorDescription"];
    return {
        ...rest,
        token_type: type || "bearer",
        ...(refreshToken ? { refresh_token: refreshToken } : {}),
        ...nonNegativeField("expires_in", expiresIn),
        ...nonNegativeField("interval", interval),
        ...(error !== undefined && { error, error_description: description ?? "" }),
    };
}
function nonNegativeField(name, value) {
    const number = value === null || value === "" ? Number.NaN : Number(value);
    return number >= 0 ? { [name]: number } : {};
}
function firstLine(text) {
    return (text
        .split(/Trace ID:|[\r\n]/)[0]
        ?.slice(0, 300)
        .trimEnd() ?? "");
}
async function sendTokenRequest({ transport, runner }, request) {
    try {
        const response = await transport.send(request);
        return response.status === 200 ? response : { ...response, body: runner.redact(response.body) };
    }
    catch (error) {
        const { host } = new URL(request.url);
        if (error instanceof errors/* TransientError */.N_) {
            const { retryAfterMs, throttled, hint } = error;
            throw new errors/* TransientError */.N_(`${host}: ${error.message}`, { retryAfterMs, throttled, hint, cause: error });
        }
        if (!(error instanceof errors/* ActionError */.lZ))
            throw error;
        const { code, hint } = error;
        throw new errors/* ActionError */.lZ(code, `The request for a token from ${host} failed. ${error.message}`, {
            hint,
            cause: error,
        });
    }
}
function isTruncated({ headers, body }) {
    return /json/i.test(headers["content-type"] ?? "") && (0,lib_json/* parseJson */.qF)(body) === undefined;
}

;// CONCATENATED MODULE: ./build/auth/oauth.js






async function requestToken(request, deps, signal) {
    const { tokenUrl, clientId } = request.application;
    const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
    const client = { client_id: clientId };
    const requestedAt = deps.clock.now();
    const result = await runExchange(tokenUrl, async () => {
        const response = await build/* genericTokenEndpointRequest */.Nb(server, client, request.authentication, request.grantType, { ...request.parameters }, requestOptions(tokenUrl, deps, signal));
        const body = await build/* processGenericTokenEndpointResponse */.kU(server, client, response, {
            recognizedTokenTypes,
        });
        const token = (0,access_token/* validHeaderValue */.nx)(body.access_token, `The token endpoint ${new URL(tokenUrl).host}`);
        return { token, expiresAt: tokenExpiry(body, requestedAt), refreshToken: body.refresh_token };
    });
    return "error" in result ? result : { accessToken: result.value };
}
const recognizedTokenTypes = { "jwt-bearer": () => undefined };
function requestOptions(url, deps, signal) {
    return {
        signal,
        [build/* customFetch */.A6]: createFetch(deps),
        [build/* allowInsecureRequests */.cm]: (0,lib_url/* isHttpLoopback */.M)(new URL(url)),
    };
}
async function runExchange(url, exchange) {
    try {
        return { value: await exchange() };
    }
    catch (error) {
        if (error instanceof build/* ResponseBodyError */.uK)
            return { error: parseOAuthError(url, error.cause) };
        if (error instanceof errors/* ActionError */.lZ || error instanceof errors/* TransientError */.N_)
            throw error;
        const { /* OperationProcessingError */ "Hx": OperationProcessingError, /* UnsupportedOperationError */ "vR": UnsupportedOperationError } = build;
        if (!(error instanceof OperationProcessingError || error instanceof UnsupportedOperationError))
            throw error;
        throw new errors/* ActionError */.lZ("unauthorized", `The token endpoint ${new URL(url).host} returned an unexpected response: ${error.message}.`, {
            hint: "Check `token-url`: it must be the token endpoint of an OAuth 2.0 server.",
        });
    }
}
function requestClientCredentialsToken({ application, authentication }, deps, signal) {
    const parameters = { scope: application.scope };
    return requestToken({ application, authentication, grantType: "client_credentials", parameters }, deps, signal);
}
function clientAssertion(assertion) {
    return (_server, client, body) => {
        body.set("client_id", client.client_id);
        body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        body.set("client_assertion", assertion);
    };
}
function toAccessToken(response, hints) {
    if ("accessToken" in response)
        return response.accessToken;
    throw toActionError(response.error, hints ? { hints } : {});
}
const hourMs = 3_600_000;
function tokenExpiry(body, requestedAt) {
    const expiresInSeconds = toNumber(body["expires_in"]);
    const expiresOn = parseExpiry(body["expires_on"] ?? body["expiresOn"]);
    const candidates = [
        ...(expiresInSeconds === undefined || expiresInSeconds < 0
            ? []
            : [requestedAt + expiresInSeconds * 1_000]),
        ...(expiresOn === undefined || expiresOn <= requestedAt ? [] : [expiresOn]),
    ];
    return candidates.length === 0 ? requestedAt + hourMs : Math.min(...candidates);
}
function toNumber(value) {
    if (typeof value !== "number" && (typeof value !== "string" || value.trim() === ""))
        return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
}
function parseExpiry(value) {
    const seconds = toNumber(value);
    if (seconds !== undefined)
        return seconds * 1_000;
    const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
}

;// CONCATENATED MODULE: ./build/auth/credentials/azure-cli.js








const commandTimeoutMs = 60_000;
function azureCli({ scope, tenantId }, deps) {
    const command = commandFor(process.platform, argumentsFor((0,credentials/* scopeResource */.$q)(scope), tenantId), deps.env);
    return async (signal) => {
        const requestedAt = deps.clock.now();
        const result = await run(command, deps.env, signal);
        signal.throwIfAborted();
        if (result.code !== 0)
            throw processError(result);
        return parseToken(result.stdout, requestedAt, deps);
    };
}
function argumentsFor(resource, tenantId) {
    if (!/^[\w.:/-]+$/.test(resource)) {
        throw new errors/* ActionError */.lZ("bad-input", "scope: contains characters that cannot be passed to the Azure CLI.", {
            hint: "Leave `scope` blank.",
        });
    }
    const tenant = tenantId === undefined ? [] : ["--tenant", tenantId];
    return ["account", "get-access-token", "--resource", resource, ...tenant, "--output", "json"];
}
function commandFor(platform, args, env) {
    if (platform !== "win32")
        return { file: "az", args, env: {}, verbatim: false };
    const file = env["ComSpec"] ?? env["COMSPEC"] ?? "cmd.exe";
    return {
        file,
        args: ["/d", "/s", "/c", `"az.cmd ${args.join(" ")}"`],
        env: { NoDefaultCurrentDirectoryInExePath: "1" },
        verbatim: true,
    };
}
const isWindows = process.platform === "win32";
function run(command, env, signal) {
    signal.throwIfAborted();
    const { file, args, verbatim } = command;
    const child = (0,external_node_child_process_.spawn)(file, [...args], {
        env: { ...env, ...command.env },
        cwd: env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
        detached: !isWindows,
        windowsVerbatimArguments: verbatim,
        windowsHide: true,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
        child[name].setEncoding("utf8").on("data", (text) => {
            output[name] = (output[name] + text).slice(0, 1024 * 1024);
        });
    }
    return new Promise((resolve) => {
        const finish = (exit, timedOut = false) => {
            clearTimeout(timer);
            signal.removeEventListener("abort", onAbort);
            resolve({ ...exit, timedOut, ...output });
        };
        const terminate = (timedOut) => {
            kill(child);
            finish({ code: null, signal: null }, timedOut);
        };
        const onAbort = () => terminate(false);
        const timer = setTimeout(() => terminate(true), commandTimeoutMs);
        signal.addEventListener("abort", onAbort, { once: true });
        child.on("error", (error) => finish({ code: error.code ?? null, signal: null }));
        child.on("close", (code, exitSignal) => finish({ code, signal: exitSignal }));
    });
}
function kill(child) {
    try {
        if (isWindows || child.pid === undefined)
            child.kill();
        else
            process.kill(-child.pid, "SIGKILL");
    }
    catch {
    }
}
function parseToken(stdout, requestedAt, { runner }) {
    const json = parseJsonOutput(stdout);
    const token = json?.["accessToken"];
    if (!json || typeof token !== "string" || token === "") {
        throw new errors/* ActionError */.lZ("unauthorized", "The output of the Azure CLI had no access token.", {
            hint: "Update the Azure CLI on this runner.",
        });
    }
    runner.mask(token);
    return { token: (0,access_token/* validHeaderValue */.nx)(token, "The Azure CLI"), expiresAt: tokenExpiry(json, requestedAt) };
}
function parseJsonOutput(stdout) {
    const plain = stdout.replaceAll(/\u001B\[[\d;]*[A-Za-z]/g, "");
    return (0,lib_json/* parseJsonObject */.dw)(plain.slice(plain.search(/^\s*\{/m), plain.lastIndexOf("}") + 1));
}
function processError({ code, signal, timedOut, stderr }) {
    if (code === "ENOENT" || code === 9009 || /'az\.cmd' is not recognized/.test(stderr)) {
        return new errors/* ActionError */.lZ("unauthorized", "The Azure CLI was not found on this runner.", {
            hint: "Install it (the command `az`), or sign in with `github-oidc`, which does not need it.",
        });
    }
    if (timedOut)
        return new errors/* TransientError */.N_(`the Azure CLI did not finish within ${commandTimeoutMs / 1_000} s`);
    if (signal !== null) {
        return new errors/* ActionError */.lZ("unauthorized", `The Azure CLI was ended by a signal (${signal}).`, {
            hint: "Check why processes are killed on this runner: a frequent cause is too little memory.",
        });
    }
    const message = withoutTraceDetails(stderr.replaceAll(/^(?:ERROR|WARNING): /gm, "")).slice(0, 600);
    if (/Max retries exceeded|Connection (?:aborted|reset|error)|timed? ?out/i.test(stderr)) {
        return new errors/* TransientError */.N_(`the Azure CLI could not connect: ${message}`);
    }
    return new errors/* ActionError */.lZ("unauthorized", `The Azure CLI returned no token: ${message || String(code)}`, {
        hint: azure_cli_hintFor(stderr),
    });
}
function azure_cli_hintFor(stderr) {
    if (/az login|azure\/login|No subscription found/i.test(stderr) && aadstsCodes(stderr).length === 0) {
        return "Add a step with azure/login@v3 before this one in the same job (with `allow-no-subscriptions: true` if there are none).";
    }
    for (const code of aadstsCodes(stderr)) {
        if (code === 700024) {
            return "Sign in with `github-oidc`: the token that azure/login got from GitHub is valid for minutes, so the Azure CLI cannot renew its token later in the job.";
        }
        const hint = hintForCode(code);
        if (hint !== undefined)
            return hint;
    }
    return "Run `az account get-access-token` in a step before this one, and read its output.";
}

;// CONCATENATED MODULE: ./build/auth/credentials/azure-devops-oauth.js

function azureDevOpsOAuth(config, deps) {
    let current = config.refreshToken;
    return async (signal) => {
        const request = {
            application: { clientId: "legacy", tokenUrl: config.tokenUrl },
            authentication: secretAsAssertion(config.secret),
            grantType: "refresh_token",
            parameters: { assertion: current, redirect_uri: config.redirectUri },
        };
        const accessToken = toAccessToken(await requestToken(request, deps, signal), hints);
        const next = accessToken.refreshToken ?? current;
        if (current === config.refreshToken && next !== current)
            deps.runner.write([tokenReplacedWarning]);
        current = next;
        return accessToken;
    };
}
function secretAsAssertion(secret) {
    return (_server, _client, body) => {
        body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        body.set("client_assertion", secret);
    };
}
const tokenReplacedWarning = {
    type: "warning",
    title: "The stored refresh token was used up",
    text: "Azure DevOps replaced the refresh token in `refresh-token`, and rejects the stored one from now on. " +
        "Before the next run of this workflow, let the user authorize the application again and store the new refresh token; " +
        "or use a credential without a stored secret, such as `github-oidc` (docs/sign-in.md).",
};
const authorizeAgainHint = "Let the user authorize the application again and store the new refresh token: each can be used once.";
const renewSecretHint = "Renew the application's secret (it lasts 60 days) and store it in `client-secret`.";
const hints = {
    invalid_client: renewSecretHint,
    InvalidClientSecret: renewSecretHint,
    ClientSecretExpired: renewSecretHint,
    InvalidClientId: renewSecretHint,
    invalid_grant: authorizeAgainHint,
    InvalidRefreshToken: authorizeAgainHint,
    RefreshTokenExpired: authorizeAgainHint,
    RefreshTokenAlreadyUsed: authorizeAgainHint,
    AuthorizationGrantExpired: authorizeAgainHint,
    InvalidRedirectUri: "Set `redirect-uri` to exactly the callback URL that the application was registered with.",
};

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/lib/pem.js
var lib_pem = __webpack_require__(2773);
;// CONCATENATED MODULE: ./build/auth/credentials/client-certificate.js





const assertionLifetimeSeconds = 300;
function clientCertificate({ application, pem }, deps) {
    return async (signal) => {
        const now = deps.clock.now();
        const certificateAndKey = parseCertificateAndKey(pem, now);
        const sign = await certificateAssertion(certificateAndKey, application.tokenUrl, now);
        const authentication = async (server, client, body, headers) => {
            await sign(server, client, body, headers);
            deps.runner.mask(body.get("client_assertion") ?? "");
        };
        return toAccessToken(await requestClientCredentialsToken({ application, authentication }, deps, signal), {
            invalid_client: "Upload this certificate to the application, and check `client-id`.",
        });
    };
}
async function certificateAssertion({ certificate, key }, audience, now) {
    const signingKey = await key.toCryptoKey({ name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"]);
    const thumbprint = (0,external_node_crypto_.createHash)("sha256").update(certificate.raw).digest("base64url");
    const seconds = Math.floor(now / 1_000);
    return (0,build/* PrivateKeyJwt */.IX)(signingKey, {
        [build/* modifyAssertion */.LB]: (header, payload) => {
            header["x5t#S256"] = thumbprint;
            header["typ"] = "JWT";
            Object.assign(payload, {
                aud: audience,
                iat: seconds,
                nbf: seconds,
                exp: seconds + assertionLifetimeSeconds,
            });
        },
    });
}
const storePemAgainHint = "Store the complete PEM text again, with its line breaks.";
function parseCertificateAndKey(pem, now) {
    const blocks = (0,lib_pem/* parsePem */.o)(pem);
    const key = parseKey(blocks.key);
    const readable = blocks.certificates.flatMap((text) => parseCertificate(text) ?? []);
    const matching = readable.filter((candidate) => candidate.checkPrivateKey(key));
    const certificate = matching.find((candidate) => isValid(candidate, now)) ?? matching[0];
    if (certificate) {
        checkDates(certificate, now);
        return { certificate, key };
    }
    if (readable.length < blocks.certificates.length)
        throw invalidPem("contains a certificate that cannot be read", storePemAgainHint);
    throw invalidPem("contains a private key that belongs to none of its certificates", "Store the certificate together with its own private key.");
}
function parseCertificate(pem) {
    try {
        return new external_node_crypto_.X509Certificate(pem);
    }
    catch {
        return undefined;
    }
}
function parseKey(pem) {
    let key;
    try {
        key = (0,external_node_crypto_.createPrivateKey)(pem);
    }
    catch {
        throw invalidPem("contains a private key that cannot be read", storePemAgainHint);
    }
    const { asymmetricKeyType: keyType = "unknown", asymmetricKeyDetails: details } = key;
    const bits = details?.modulusLength ?? 0;
    const problem = keyType === "rsa" ? `an RSA key of only ${bits} bits` : `a key of the type ${keyType}`;
    if (keyType === "rsa" && bits >= 2_048)
        return key;
    throw invalidPem(`contains ${problem}, which Entra ID does not accept`, "Create an RSA key of at least 2048 bits.");
}
function isValid({ validFrom, validTo }, now) {
    return Date.parse(validFrom) <= now + 300_000 && Date.parse(validTo) >= now;
}
function checkDates(certificate, now) {
    if (isValid(certificate, now))
        return;
    if (Date.parse(certificate.validTo) < now) {
        const hint = "Create a new certificate, upload it to the application and store it.";
        throw unusableCertificate(`expired at ${certificate.validTo}`, hint);
    }
    const hint = "Check this machine's clock, or wait until then.";
    throw unusableCertificate(`is not valid before ${certificate.validFrom}`, hint);
}
function invalidPem(problem, hint) {
    return new errors/* ActionError */.lZ("bad-input", `client-certificate: ${problem}.`, { hint });
}
function unusableCertificate(problem, hint) {
    return new errors/* ActionError */.lZ("unauthorized", `The client certificate in \`client-certificate\` ${problem}.`, {
        hint,
    });
}

;// CONCATENATED MODULE: ./build/auth/credentials/client-secret.js


function clientSecret({ application, secret }, deps) {
    const authentication = (0,build/* ClientSecretPost */.qm)(secret);
    return async (signal) => toAccessToken(await requestClientCredentialsToken({ application, authentication }, deps, signal), {
        invalid_client: "Check `client-id` and `client-secret`: the secret may be wrong or expired.",
    });
}

;// CONCATENATED MODULE: ./build/auth/credentials/refresh-token.js


function refreshToken({ application, refreshToken: stored, secret }, deps) {
    const refresh = createRefresher(application, secret === undefined ? (0,build/* None */.NV)() : (0,build/* ClientSecretPost */.qm)(secret), deps);
    let current = stored;
    return async (signal) => {
        const accessToken = await refresh(current, signal);
        current = accessToken.refreshToken ?? current;
        return accessToken;
    };
}
function createRefresher(application, authentication, deps) {
    const parameters = { scope: withOfflineAccess(application.scope) };
    return async (token, signal) => {
        const form = { ...parameters, refresh_token: token };
        const request = { application, authentication, grantType: "refresh_token", parameters: form };
        return toAccessToken(await requestToken(request, deps, signal), {
            invalid_grant: "Sign in once more with `npm run authorize` and store the new refresh token.",
        });
    };
}
function withOfflineAccess(scope) {
    return scope.split(/\s+/).includes("offline_access") ? scope : `${scope} offline_access`;
}

;// CONCATENATED MODULE: ./build/auth/credentials/device-code.js





function deviceCode(config, deps) {
    const refresh = createRefresher(config.application, (0,build/* None */.NV)(), deps);
    let refreshToken;
    return async (signal) => {
        const accessToken = refreshToken === undefined
            ? await signInWithDeviceCode(config, deps, signal)
            : await refresh(refreshToken, signal);
        refreshToken = accessToken.refreshToken ?? refreshToken;
        return refreshToken === undefined ? { ...accessToken, nonRefreshable: true } : accessToken;
    };
}
async function signInWithDeviceCode(config, deps, signal) {
    const authorization = await requestDeviceCode(config, deps, signal);
    showPrompt(authorization, deps.runner);
    return pollForToken(config.application, authorization, deps, signal);
}
async function requestDeviceCode({ application, deviceCodeUrl }, deps, signal) {
    const server = { issuer: deviceCodeUrl, device_authorization_endpoint: deviceCodeUrl };
    const client = { client_id: application.clientId };
    const parameters = { scope: withOfflineAccess(application.scope) };
    const requestedAt = deps.clock.now();
    const result = await runExchange(deviceCodeUrl, async () => {
        const options = requestOptions(deviceCodeUrl, deps, signal);
        const response = await (0,build/* deviceAuthorizationRequest */.BI)(server, client, (0,build/* None */.NV)(), parameters, options);
        return (0,build/* processDeviceAuthorizationResponse */.wQ)(server, client, response);
    });
    if ("error" in result)
        throw toActionError(result.error);
    const { value } = result;
    return {
        code: value.device_code,
        userCode: value.user_code,
        verificationUri: value.verification_uri,
        expiresAt: requestedAt + value.expires_in * 1_000,
        intervalMs: (value.interval ?? 5) * 1_000,
    };
}
async function pollForToken(application, authorization, deps, signal) {
    let { intervalMs } = authorization;
    let delayMs = intervalMs;
    for (;;) {
        if (deps.clock.now() + delayMs > authorization.expiresAt)
            throw codeExpired();
        await deps.clock.sleep(delayMs, signal);
        const response = await tryRequestToken(application, authorization.code, deps, signal);
        if ("accessToken" in response)
            return response.accessToken;
        if ("transientError" in response) {
            delayMs = Math.max(response.transientError.retryAfterMs ?? 0, Math.min(delayMs * 2, 30_000), intervalMs);
            continue;
        }
        const { error } = response.error;
        if (error === "slow_down")
            intervalMs += 5_000;
        else if (error === "expired_token")
            throw codeExpired();
        else if (error !== "authorization_pending")
            throw toActionError(response.error, { hints: declinedHints });
        delayMs = intervalMs;
    }
}
const declinedHints = {
    authorization_declined: "Run the workflow again, and accept the sign-in in the browser.",
    access_denied: "Run the workflow again, and accept the sign-in in the browser.",
};
async function tryRequestToken(application, code, deps, signal) {
    const grantType = "urn:ietf:params:oauth:grant-type:device_code";
    const request = { application, authentication: (0,build/* None */.NV)(), grantType, parameters: { device_code: code } };
    try {
        return await requestToken(request, deps, signal);
    }
    catch (error) {
        if (error instanceof errors/* TransientError */.N_)
            return { transientError: error };
        throw error;
    }
}
function codeExpired() {
    return new errors/* ActionError */.lZ("unauthorized", "The device code was not entered before it expired.", {
        hint: "Run the workflow again and enter the code in time, or choose a credential that needs no user.",
    });
}
function showPrompt({ userCode, verificationUri, expiresAt }, runner) {
    const expiryTime = new Date(expiresAt).toISOString().slice(11, 16);
    const warning = "The run is started in the name of the user who signs in: enter the code only if you started this workflow.";
    runner.write([
        {
            type: "notice",
            title: "Waiting for a sign-in",
            text: `Open ${verificationUri} and enter the code ${userCode} before ${expiryTime} UTC. ${warning}`,
        },
    ]);
    const markdown = `### Waiting for a sign-in\n\nOpen ${markdownLink(verificationUri)} and enter the code ${markdownCode(userCode)} before ${expiryTime} UTC.\n\n${warning}\n`;
    runner.addSummary(() => markdown);
}
function markdownLink(address) {
    const url = URL.parse(address);
    if (!url || !/^https?:$/.test(url.protocol))
        return markdownCode(address);
    return `<${url.href.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
}
function markdownCode(text) {
    return `\`${text.replaceAll(/[`\r\n]/g, " ").trim()}\``;
}

;// CONCATENATED MODULE: ./build/auth/credentials/federated.js




function federated(application, deps, options) {
    let hasSucceeded = false;
    return async (signal) => {
        let assertion = "";
        const sendAssertion = async () => {
            assertion = await options.getAssertion(signal);
            deps.runner.mask(assertion);
            return requestClientCredentialsToken({ application, authentication: clientAssertion(assertion) }, deps, signal);
        };
        const { clock, runner } = deps;
        const response = await (0,retry/* retry */.L5)(sendAssertion, {
            retryResult: (result) => "error" in result ? retryReason(result.error, { isFirst: !hasSucceeded }) : undefined,
            delayMs: (attempt) => retryDelaysMs[attempt - 1],
            onRetry: ({ reason }, waitMs) => runner.write([{ type: "text", text: `${reason} Retrying in ${waitMs / 1_000} s.` }]),
            clock,
            signal,
        });
        if ("error" in response) {
            const { clientId } = application;
            throw toActionError(response.error, explainMismatch(response.error, { assertion, clientId, issuedBy: options.issuedBy }));
        }
        hasSucceeded = true;
        return response.accessToken;
    };
}
function isUnknownCredential(code) {
    return code === 70025 || /^70021\d?$/.test(String(code));
}
const missingClaimCode = 7002381;
const retryDelaysMs = [2_000, 4_000];
function retryReason({ codes }, { isFirst }) {
    if (codes.includes(missingClaimCode))
        return { reason: "GitHub's identity token had no `enterprise` claim." };
    return isFirst && codes.some(isUnknownCredential)
        ? {
            reason: "Entra ID found no matching federated credential; a new one takes a moment to take effect.",
        }
        : undefined;
}
const mismatchCodes = new Set([7002138, 700238, 700223]);
function explainMismatch(oauthError, presented) {
    const claims = (0,access_token/* decodeJwtClaims */.dG)(presented.assertion);
    const isMismatch = oauthError.codes.some((code) => isUnknownCredential(code) || mismatchCodes.has(code));
    if (!claims || !isMismatch)
        return {};
    const [issuer, subject, audience] = [claims["iss"], claims["sub"], claims["aud"]].map(claimText);
    const details = [
        `The token that ${presented.issuedBy} issued for this job has:`,
        `  issuer   ${issuer}`,
        `  subject  ${subject}`,
        `  audience ${audience}`,
    ];
    const detailsText = details.join("\n");
    if (presented.issuedBy !== "GitHub")
        return { details: detailsText };
    const name = credentialName(subject ?? "");
    const credential = JSON.stringify({ name, issuer, subject, audiences: [audience] });
    const hint = [
        "Add a federated credential with exactly these values (a new one takes a minute or two to take effect). For an app registration:",
        `az ad app federated-credential create --id ${presented.clientId} --parameters ${shellQuoted(credential)}`,
        "For a user-assigned managed identity:",
        `az identity federated-credential create --name ${name} --identity-name IDENTITY --resource-group GROUP --issuer ${shellQuoted(issuer ?? "")} --subject ${shellQuoted(subject ?? "")} --audiences ${shellQuoted(audience ?? "")}`,
    ];
    return { details: detailsText, hint: hint.join("\n") };
}
function shellQuoted(text) {
    return `'${text.replaceAll("'", String.raw `'\''`)}'`;
}
function claimText(claim) {
    const text = Array.isArray(claim) ? claim.join(",") : claim;
    return typeof text === "string" && text !== "" ? text : "(none)";
}
function credentialName(subject) {
    const plain = subject.replace(/^repo:/, "").replaceAll(/[^A-Za-z0-9]+/g, "-");
    return `github-${plain}`.slice(0, 120).replace(/-+$/, "");
}
const exchangeAudience = "api://AzureADTokenExchange";
function githubOidc({ application }, deps) {
    return federated(application, deps, {
        getAssertion: (signal) => deps.runner.getIdToken(exchangeAudience, signal),
        issuedBy: "GitHub",
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/auth/credentials/managed-identity-endpoints.js





const metadataHeader = { Metadata: "true" };
const defaultArcUrl = "http://127.0.0.1:40342/metadata/identity/oauth2/token";
const imdsTimeoutMs = 5_000;
function managedIdentityEndpoint(request, env, isArcInstalled = false) {
    const endpoint = env["IDENTITY_ENDPOINT"];
    const header = env["IDENTITY_HEADER"];
    const thumbprint = env["IDENTITY_SERVER_THUMBPRINT"];
    if (endpoint && header && thumbprint)
        return serviceFabric(request, { endpoint, header, thumbprint });
    if (endpoint && header)
        return appService(request, endpoint, header);
    if (env["MSI_ENDPOINT"] && !endpoint)
        return cloudShell(request, env["MSI_ENDPOINT"]);
    if (env["IMDS_ENDPOINT"] || endpoint)
        return azureArc(request, endpoint ?? defaultArcUrl);
    const podIdentityHost = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"];
    if (isArcInstalled && !podIdentityHost)
        return azureArc(request, defaultArcUrl);
    return imds(request, podIdentityHost ?? "http://169.254.169.254");
}
function appService({ resource, clientId }, endpoint, header) {
    return {
        kind: "app-service",
        name: "App Service",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2019-08-01", resource, client_id: clientId }),
        headers: { "X-IDENTITY-HEADER": header },
        timeoutMs: access_token/* tokenRequestTimeoutMs */.Ui,
    };
}
function cloudShell({ resource, clientId }, endpoint) {
    if (clientId !== undefined)
        throw noUserAssignedIdentity("Cloud Shell");
    return {
        kind: "cloud-shell",
        name: "Cloud Shell",
        method: "POST",
        url: endpoint,
        headers: { ...metadataHeader, "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ resource }).toString(),
        timeoutMs: access_token/* tokenRequestTimeoutMs */.Ui,
    };
}
function azureArc({ resource, clientId }, endpoint) {
    if (clientId !== undefined)
        throw noUserAssignedIdentity("Azure Arc");
    return {
        kind: "arc",
        name: "Azure Arc",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2019-11-01", resource }),
        headers: metadataHeader,
        timeoutMs: access_token/* tokenRequestTimeoutMs */.Ui,
    };
}
function imds({ resource, clientId }, host) {
    const endpoint = `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token`;
    return {
        kind: "imds",
        name: "virtual machine",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2018-02-01", resource, client_id: clientId }),
        headers: metadataHeader,
        timeoutMs: imdsTimeoutMs,
    };
}
function withQuery(endpoint, query) {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(query))
        if (value !== undefined)
            url.searchParams.set(name, value);
    return url.href;
}
function noUserAssignedIdentity(service) {
    return new errors/* ActionError */.lZ("bad-input", `client-id: ${service} does not support user-assigned identities.`, {
        hint: "Leave `client-id` blank.",
    });
}
function serviceFabric({ resource, clientId }, { endpoint, header, thumbprint }) {
    if (clientId !== undefined)
        throw noUserAssignedIdentity("Service Fabric");
    return {
        kind: "service-fabric",
        name: "Service Fabric",
        method: "GET",
        url: withQuery(endpoint, { "api-version": "2019-07-01-preview", resource }),
        headers: { secret: header },
        timeoutMs: access_token/* tokenRequestTimeoutMs */.Ui,
        thumbprint,
    };
}
const challengeFolders = {
    linux: "/var/opt/azcmagent/tokens",
    win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\AzureConnectedMachineAgent\\Tokens`,
};
const maxChallengeFileBytes = 4_096;
const agentPrograms = {
    linux: "/opt/azcmagent/bin/himds",
    win32: `${process.env["ProgramFiles"] ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`,
};
function hasArcAgent(program = agentPrograms[process.platform]) {
    return program !== undefined && (0,external_node_fs_.existsSync)(program);
}
async function answerChallenge(endpoint, challenge, { send, mask }, folder = challengeFolders[process.platform]) {
    const path = /^Basic realm=(.+)$/i
        .exec(challenge.headers["www-authenticate"] ?? "")?.[1]
        ?.replaceAll('"', "")
        .trim();
    if (path === undefined)
        throw unexpectedChallenge("sent a challenge without the name of a file");
    const challengeSecret = await readChallengeFile(path, folder);
    if (challengeSecret !== "")
        mask(challengeSecret);
    return send({ ...endpoint, headers: { ...endpoint.headers, Authorization: `Basic ${challengeSecret}` } });
}
async function readChallengeFile(path, folder) {
    try {
        const realFile = await (0,promises_.realpath)(path);
        if (folder === undefined ||
            (0,external_node_path_.dirname)(realFile) !== (await (0,promises_.realpath)(folder)) ||
            (0,external_node_path_.extname)(realFile) !== ".key") {
            throw unexpectedChallenge("named a challenge file outside its own folder");
        }
        if ((await (0,promises_.stat)(realFile)).size > maxChallengeFileBytes)
            throw unexpectedChallenge("named a challenge file that is too large");
        return (await (0,promises_.readFile)(realFile, "utf8")).trim();
    }
    catch (error) {
        if (error instanceof errors/* ActionError */.lZ)
            throw error;
        throw new errors/* ActionError */.lZ("unauthorized", "The challenge file of the Azure Arc agent could not be read.", {
            hint: "Add the runner's user to the group `himds` (on Windows: `Hybrid agent extension applications`).",
            cause: error,
        });
    }
}
function unexpectedChallenge(problem) {
    return new errors/* ActionError */.lZ("unauthorized", `The Azure Arc agent ${problem}.`, {
        hint: "Check that IDENTITY_ENDPOINT is the URL of the Azure Arc agent.",
    });
}

;// CONCATENATED MODULE: ./build/auth/credentials/workload-identity.js





function workloadIdentity(config, deps) {
    const { env } = deps;
    const clientId = config.clientId ?? env["AZURE_CLIENT_ID"];
    const tenantId = config.tenantId ?? env["AZURE_TENANT_ID"];
    const file = env["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
    if (!clientId || !(tenantId || config.tokenUrl)) {
        throw new errors/* ActionError */.lZ("unauthorized", "AZURE_FEDERATED_TOKEN_FILE was set without AZURE_CLIENT_ID and AZURE_TENANT_ID.", {
            hint: "Annotate the pod's service account with the identity, or set `client-id` and `tenant-id`.",
        });
    }
    const tokenUrl = config.tokenUrl ?? (0,credentials/* entraTokenUrl */.Lr)(tenantId ?? "", env["AZURE_AUTHORITY_HOST"]);
    const url = URL.parse(tokenUrl);
    if (!url || !(url.protocol === "https:" || (0,lib_url/* isHttpLoopback */.M)(url))) {
        throw new errors/* ActionError */.lZ("unauthorized", "AZURE_AUTHORITY_HOST was not an https URL.", {
            hint: "Correct AZURE_AUTHORITY_HOST in the pod's environment, or set `token-url`.",
        });
    }
    const application = { clientId, tokenUrl, scope: config.scope };
    return federated(application, deps, { getAssertion: () => readAssertion(file), issuedBy: "Kubernetes" });
}
async function readAssertion(file) {
    try {
        return (await (0,promises_.readFile)(file, "utf8")).trim();
    }
    catch (error) {
        throw new errors/* ActionError */.lZ("unauthorized", `The service account's token could not be read from ${file}.`, {
            hint: "Check AZURE_FEDERATED_TOKEN_FILE, and that the pod has the label azure.workload.identity/use.",
            cause: error,
        });
    }
}

;// CONCATENATED MODULE: ./build/auth/credentials/managed-identity.js









function managedIdentity(config, deps) {
    const { env, runner } = deps;
    if (env["AZURE_FEDERATED_TOKEN_FILE"])
        return workloadIdentity(config, deps);
    for (const secret of [env["IDENTITY_HEADER"], env["MSI_SECRET"]])
        if (secret)
            runner.mask(secret);
    const request = { resource: (0,credentials/* scopeResource */.$q)(config.scope), clientId: config.clientId };
    const endpoint = managedIdentityEndpoint(request, env, hasArcAgent());
    return (signal) => fetchToken(endpoint, deps, signal);
}
async function fetchToken(endpoint, deps, signal) {
    const requestedAt = deps.clock.now();
    const response = await sendWhileUpdating(endpoint, deps, signal);
    if (endpoint.kind !== "arc" || response.status !== 401)
        return parseTokenResponse(endpoint, response, { deps, requestedAt });
    const { mask } = deps.runner;
    const authorizedResponse = await answerChallenge(endpoint, response, {
        send: (authorizedEndpoint) => sendToEndpoint(authorizedEndpoint, deps, signal),
        mask,
    });
    return parseTokenResponse(endpoint, authorizedResponse, { deps, requestedAt });
}
async function sendWhileUpdating(endpoint, deps, signal) {
    const { clock } = deps;
    return await (0,retry/* retry */.L5)(() => sendToEndpoint(endpoint, deps, signal), {
        retryResult: ({ status }) => (status === 410 ? {} : undefined),
        deadline: clock.now() + maxUpdateMs,
        delayMs: () => updateRetryDelayMs,
        clock,
        signal,
    });
}
const maxUpdateMs = 70_000;
const updateRetryDelayMs = 10_000;
async function sendToEndpoint(endpoint, deps, signal) {
    const { kind: _kind, name: _name, ...request } = endpoint;
    try {
        return await sendTokenRequest(deps, { ...request, direct: true, signal });
    }
    catch (error) {
        if (!(error instanceof errors/* TransientError */.N_))
            throw error;
        throw new errors/* TransientError */.N_(error.message, { hint: noIdentityHint, cause: error });
    }
}
const noIdentityHint = "Use a runner on a machine in Azure that has a managed identity; on runners hosted by GitHub, which have none, sign in with `github-oidc`.";
const transientStatuses = new Set([404, 408, 410, 429]);
function parseTokenResponse(endpoint, response, { deps, requestedAt }) {
    const { status } = response;
    const json = (0,lib_json/* parseJsonObject */.dw)(response.body);
    const token = json?.["access_token"];
    if (status === 200 && json && typeof token === "string" && token !== "") {
        deps.runner.mask(token);
        return {
            token: (0,access_token/* validHeaderValue */.nx)(token, endpointName(endpoint)),
            expiresAt: tokenExpiry(json, requestedAt),
        };
    }
    if (status === 200)
        throw missingTokenError(endpointName(endpoint), response, json);
    const text = errorText(json);
    const message = `${endpointName(endpoint)} answered ${status}${text === "" ? "" : `: ${text}`}`;
    if (status >= 500 || transientStatuses.has(status)) {
        const waitMs = (0,retry/* retryAfterMs */.Vs)(response.headers, deps.clock.now());
        throw new errors/* TransientError */.N_(message, {
            retryAfterMs: waitMs,
            throttled: status === 429,
            hint: status === 404 ? noIdentityHint : undefined,
        });
    }
    throw new errors/* ActionError */.lZ("unauthorized", `${message}.`, {
        hint: /identity not found/i.test(text)
            ? "Assign an identity to this machine, and set `client-id` if it has several."
            : "Check the identity of this machine and `client-id`, which is only for a user-assigned identity.",
    });
}
function endpointName({ name }) {
    return `The managed identity endpoint (${name})`;
}
function missingTokenError(issuerName, response, json) {
    if (isTruncated(response))
        return new errors/* TransientError */.N_(`${issuerName} returned truncated JSON`);
    const content = json === undefined ? "a body that is not a JSON object" : "JSON without a token";
    return new errors/* ActionError */.lZ("unauthorized", `${issuerName} answered 200 with ${content}.`, {
        hint: "Check whether the URL is that of the endpoint, and whether a proxy or gateway responds instead.",
    });
}
function errorText(json) {
    const nested = json?.["error"];
    const inner = (0,lib_json/* asObject */.eB)(nested);
    const parts = [nested, inner["code"], json?.["error_description"], inner["message"], json?.["message"]];
    return parts
        .filter((part) => typeof part === "string" && part !== "")
        .join(": ")
        .replaceAll(/\s+/g, " ")
        .replace(/\.$/, "")
        .slice(0, 500);
}

;// CONCATENATED MODULE: ./build/auth/create-token-source.js








function createTokenSource(config, deps) {
    switch (config.kind) {
        case "client-secret":
            return clientSecret(config, deps);
        case "client-certificate":
            return clientCertificate(config, deps);
        case "github-oidc":
            return githubOidc(config, deps);
        case "refresh-token":
            return refreshToken(config, deps);
        case "managed-identity":
            return managedIdentity(config, deps);
        case "azure-cli":
            return azureCli(config, deps);
        case "device-code":
            return deviceCode(config, deps);
        case "azure-devops-oauth":
            return azureDevOpsOAuth(config, deps);
    }
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