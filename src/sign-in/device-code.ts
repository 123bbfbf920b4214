import { deviceAuthorizationRequest, None, processDeviceAuthorizationResponse } from "oauth4webapi";
import type { Application } from "../core/sign-in-way.ts";
import { ActionError, PassingError } from "../errors.ts";
import { type Invitation, invite } from "./device-code-text.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";
import { type Answer, answerOf, optionsFor, requestToken } from "./oauth.ts";
import { refreshing, withOfflineAccess } from "./refresh-token.ts";
import { refusedError } from "./refusal.ts";

interface DeviceCode {
  readonly application: Application;
  readonly deviceCodeUrl: string;
}

interface Device extends Invitation {
  readonly code: string;
  readonly intervalMs: number;
}

/**
 * A user who enters a code in a browser while the step waits. Renewed by the refresh token, if one came along.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export function deviceCode(way: DeviceCode, outside: Outside): FetchToken {
  const refresh = refreshing(way.application, None(), outside);
  let refreshToken: string | undefined;
  return async (signal) => {
    const granted =
      refreshToken === undefined ? await byCode(way, outside, signal) : await refresh(refreshToken, signal);
    refreshToken = granted.refreshToken ?? refreshToken;
    return refreshToken === undefined ? { ...granted, final: true } : granted;
  };
}

async function byCode(way: DeviceCode, outside: Outside, signal: AbortSignal): Promise<Granted> {
  const device = await begin(way, outside, signal);
  await invite(device, outside.host);
  return poll(way.application, device, outside, signal);
}

async function begin(
  { application, deviceCodeUrl }: DeviceCode,
  outside: Outside,
  signal: AbortSignal,
): Promise<Device> {
  const server = { issuer: deviceCodeUrl, device_authorization_endpoint: deviceCodeUrl };
  const client = { client_id: application.clientId };
  const parameters = { scope: withOfflineAccess(application.scope) };
  const askedAt = outside.clock.now();
  const answer = await answerOf(deviceCodeUrl, async () => {
    const options = optionsFor(deviceCodeUrl, outside, signal);
    const response = await deviceAuthorizationRequest(server, client, None(), parameters, options);
    return processDeviceAuthorizationResponse(server, client, response);
  });
  if ("refusal" in answer) throw refusedError(answer.refusal);
  const { value } = answer;
  return {
    code: value.device_code,
    userCode: value.user_code,
    address: value.verification_uri,
    expiresAt: askedAt + value.expires_in * 1_000,
    intervalMs: (value.interval ?? 5) * 1_000,
  };
}

async function poll(
  application: Application,
  device: Device,
  outside: Outside,
  signal: AbortSignal,
): Promise<Granted> {
  let { intervalMs } = device;
  let pauseMs = intervalMs;
  for (;;) {
    if (outside.clock.now() + pauseMs > device.expiresAt) throw tooLate();
    await outside.clock.sleep(pauseMs, signal);
    const answer = await askOnce(application, device.code, outside, signal);
    if ("granted" in answer) return answer.granted;
    if ("passing" in answer) {
      // RFC 8628: after a time-out, ask less often.
      pauseMs = Math.max(answer.passing.retryAfterMs ?? 0, Math.min(pauseMs * 2, 30_000), intervalMs);
      continue;
    }
    const { error } = answer.refusal;
    if (error === "slow_down") intervalMs += 5_000;
    else if (error === "expired_token") throw tooLate();
    else if (error !== "authorization_pending") throw refusedError(answer.refusal, { hints: declined });
    pauseMs = intervalMs;
  }
}

const declined = {
  authorization_declined: "Run the workflow again, and accept the sign-in in the browser.",
  access_denied: "Run the workflow again, and accept the sign-in in the browser.",
};

async function askOnce(
  application: Application,
  code: string,
  outside: Outside,
  signal: AbortSignal,
): Promise<Answer | { readonly passing: PassingError }> {
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const request = { application, authentication: None(), grantType, parameters: { device_code: code } };
  try {
    return await requestToken(request, outside, signal);
  } catch (error) {
    if (error instanceof PassingError) return { passing: error };
    throw error;
  }
}

function tooLate(): ActionError {
  return new ActionError("unauthorized", "Nobody entered the device code before it expired.", {
    hint: "Run the workflow again and enter the code in time, or choose a way to sign in that needs nobody.",
  });
}
