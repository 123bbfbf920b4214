import { randomBytes } from "node:crypto";
import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import { aadsts } from "./entra-errors.ts";
import { page, text } from "./pages.ts";
import { parseScope } from "./scope.ts";
import { findApplication, type Tenant } from "./tenant.ts";

// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
export function startDeviceFlow(
  tenant: Tenant,
  { form }: ReceivedRequest,
  verificationUri: string,
): JsonResponse {
  const { client_id: clientId, scope = "" } = form;
  if (!clientId) return aadsts(900144, "The request body must contain the following parameter: 'client_id'.");
  if (!findApplication(tenant, clientId)) return aadsts(700016);
  const parsed = parseScope(scope, {
    isForApplication: false,
    resources: tenant.options.resources ?? [],
  });
  if ("refusal" in parsed) return parsed.refusal;
  const userCode = randomBytes(5).toString("hex").slice(0, 9).toUpperCase();
  const code = randomBytes(48).toString("base64url");
  const expiresAt = tenant.now() + 900_000;
  tenant.devices.set(userCode, { code, clientId, scope, expiresAt, decision: undefined });
  return {
    status: 200,
    body: {
      user_code: userCode,
      device_code: code,
      verification_uri: verificationUri,
      expires_in: 900,
      interval: 1,
      message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`,
    },
  };
}

/** Answers a poll. `grant` issues the tokens for the scope that the flow was started with. */
export function redeemDeviceCode(
  tenant: Tenant,
  code: string | undefined,
  grant: (scope: string) => JsonResponse,
): JsonResponse {
  const [userCode, device] =
    [...tenant.devices].find(([, { code: deviceCode }]) => deviceCode === code) ?? [];
  if (!device || userCode === undefined || device.expiresAt < tenant.now()) return aadsts(70020);
  if (device.decision === undefined) return aadsts(70016);
  tenant.devices.delete(userCode);
  if (device.decision === "accept") return grant(device.scope);
  return { status: 400, body: { error: "authorization_declined", error_description: "The user declined." } };
}

/** The page where a user enters a code; a real tenant's is https://microsoft.com/devicelogin. */
export function deviceLoginPage(tenant: Tenant, { method, query, form }: ReceivedRequest): JsonResponse {
  if (method !== "POST") return codeForm(query.get("otc") ?? "");
  const userCode = (form["otc"] ?? "").trim().toUpperCase();
  const device = tenant.devices.get(userCode);
  if (!device || device.expiresAt < tenant.now())
    return codeForm(userCode, "That code didn't work. Check the code and try again.");
  device.decision = form["decision"] === "decline" ? "decline" : "accept";
  return page(
    200,
    device.decision === "accept"
      ? "<p>You have signed in to the application on your device. You may now close this window.</p>"
      : "<p>You declined the sign-in. You may now close this window.</p>",
  );
}

function codeForm(userCode: string, problem = ""): JsonResponse {
  return page(
    problem === "" ? 200 : 400,
    `<form method="post">
<p>${text(problem)}</p>
<label>Enter the code displayed on your device: <input name="otc" value="${text(userCode)}" autofocus required></label>
<button name="decision" value="accept">Sign in</button>
<button name="decision" value="decline">Cancel</button>
</form>`,
  );
}
