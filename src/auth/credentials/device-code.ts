import { deviceAuthorizationRequest, None, processDeviceAuthorizationResponse } from "oauth4webapi";
import type { Application } from "../../core/credentials.ts";
import { ActionError, TransientError } from "../../errors.ts";
import type { Runner } from "../../ports.ts";
import type { AccessToken, AuthDeps, TokenSource } from "../access-token.ts";
import { toActionError } from "../entra-errors.ts";
import { requestOptions, requestToken, runExchange, type TokenResponse } from "../oauth.ts";
import { createRefresher, withOfflineAccess } from "./refresh-token.ts";

interface DeviceCodeConfig {
  readonly application: Application;
  readonly deviceCodeUrl: string;
}

interface DeviceAuthorization extends DeviceCodePrompt {
  readonly code: string;
  readonly intervalMs: number;
}

/**
 * A user who enters a code in a browser while the step waits. The token is renewed if there is a refresh token.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export function deviceCode(config: DeviceCodeConfig, deps: AuthDeps): TokenSource {
  const refresh = createRefresher(config.application, None(), deps);
  let refreshToken: string | undefined;
  return async (signal) => {
    const accessToken =
      refreshToken === undefined
        ? await signInWithDeviceCode(config, deps, signal)
        : await refresh(refreshToken, signal);
    refreshToken = accessToken.refreshToken ?? refreshToken;
    return refreshToken === undefined ? { ...accessToken, nonRefreshable: true } : accessToken;
  };
}

async function signInWithDeviceCode(
  config: DeviceCodeConfig,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<AccessToken> {
  const authorization = await requestDeviceCode(config, deps, signal);
  showPrompt(authorization, deps.runner);
  return pollForToken(config.application, authorization, deps, signal);
}

async function requestDeviceCode(
  { application, deviceCodeUrl }: DeviceCodeConfig,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<DeviceAuthorization> {
  const server = { issuer: deviceCodeUrl, device_authorization_endpoint: deviceCodeUrl };
  const client = { client_id: application.clientId };
  const parameters = { scope: withOfflineAccess(application.scope) };
  const requestedAt = deps.clock.now();
  const result = await runExchange(deviceCodeUrl, async () => {
    const options = requestOptions(deviceCodeUrl, deps, signal);
    const response = await deviceAuthorizationRequest(server, client, None(), parameters, options);
    return processDeviceAuthorizationResponse(server, client, response);
  });
  if ("error" in result) throw toActionError(result.error);
  const { value } = result;
  return {
    code: value.device_code,
    userCode: value.user_code,
    verificationUri: value.verification_uri,
    expiresAt: requestedAt + value.expires_in * 1_000,
    intervalMs: (value.interval ?? 5) * 1_000,
  };
}

async function pollForToken(
  application: Application,
  authorization: DeviceAuthorization,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<AccessToken> {
  let { intervalMs } = authorization;
  let delayMs = intervalMs;
  for (;;) {
    if (deps.clock.now() + delayMs > authorization.expiresAt) throw codeExpired();
    await deps.clock.sleep(delayMs, signal);
    const response = await tryRequestToken(application, authorization.code, deps, signal);
    if ("accessToken" in response) return response.accessToken;
    if ("transientError" in response) {
      // RFC 8628: poll less often after a timeout.
      delayMs = Math.max(
        response.transientError.retryAfterMs ?? 0,
        Math.min(delayMs * 2, 30_000),
        intervalMs,
      );
      continue;
    }
    const { error } = response.error;
    if (error === "slow_down") intervalMs += 5_000;
    else if (error === "expired_token") throw codeExpired();
    else if (error !== "authorization_pending") throw toActionError(response.error, { hints: declinedHints });
    delayMs = intervalMs;
  }
}

const declinedHints = {
  authorization_declined: "Run the workflow again, and accept the sign-in in the browser.",
  access_denied: "Run the workflow again, and accept the sign-in in the browser.",
};

async function tryRequestToken(
  application: Application,
  code: string,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<TokenResponse | { readonly transientError: TransientError }> {
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const request = { application, authentication: None(), grantType, parameters: { device_code: code } };
  try {
    return await requestToken(request, deps, signal);
  } catch (error) {
    if (error instanceof TransientError) return { transientError: error };
    throw error;
  }
}

function codeExpired(): ActionError {
  return new ActionError("unauthorized", "The device code was not entered before it expired.", {
    hint: "Run the workflow again and enter the code in time, or choose a credential that needs no user.",
  });
}

/** The data that a user needs to sign in. */
interface DeviceCodePrompt {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresAt: number;
}

/** Shows the URL and the code in the log and in the summary. */
function showPrompt(
  { userCode, verificationUri, expiresAt }: DeviceCodePrompt,
  runner: Pick<Runner, "write" | "addSummary">,
): void {
  const expiryTime = new Date(expiresAt).toISOString().slice(11, 16);
  const warning =
    "The run is started in the name of the user who signs in: enter the code only if you started this workflow.";
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

// Both texts come from a server, and must not add other markup.
function markdownLink(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return markdownCode(address);
  return `<${url.href.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
}

function markdownCode(text: string): string {
  return `\`${text.replaceAll(/[`\r\n]/g, " ").trim()}\``;
}
