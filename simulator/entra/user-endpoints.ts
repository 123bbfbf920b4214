import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import { page } from "./pages.ts";
import { type Tenant, user } from "./tenant.ts";

/** OpenID Connect's UserInfo, for a token that a user signed in for. Entra ID has it at Microsoft Graph. */
export function userInfo(tenant: Tenant, { headers }: ReceivedRequest): JsonResponse {
  const token = /^bearer\s+(\S+)$/i.exec(headers["authorization"] ?? "")?.[1] ?? "";
  const issued = tenant.issued.get(token);
  if (issued === undefined || issued.expiresAt <= tenant.now() || issued.claims["oid"] !== user.id)
    return { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' }, body: "" };
  return { status: 200, body: { sub: user.id, name: user.name, email: user.username } };
}

/** Signs out, which changes nothing here, and sends the browser back where the client asks for it. */
export function logout({ query }: ReceivedRequest): JsonResponse {
  const location = query.get("post_logout_redirect_uri");
  if (location === null || !URL.canParse(location))
    return page(200, "<p>You signed out of your account.</p>");
  const url = new URL(location);
  const state = query.get("state");
  if (state !== null) url.searchParams.set("state", state);
  return { status: 302, headers: { location: url.href }, body: "" };
}
