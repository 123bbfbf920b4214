import type { JsonResponse, ReceivedRequest } from "../http/json-server.ts";
import { aadsts } from "./entra-errors.ts";
import type { Tenant } from "./tenant.ts";

/** The issuer of id tokens. */
export function issuerOf(origin: string, tenant: Tenant): string {
  return `${origin}/${tenant.id}/v2.0`;
}

// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
export function openIdConfiguration(origin: string, tenantName: string, tenant: Tenant): JsonResponse {
  const base = `${origin}/${tenantName}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ["query", "fragment", "form_post"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      issuer: tenantName === tenant.id ? issuerOf(origin, tenant) : `${origin}/{tenantid}/v2.0`,
      request_uri_parameter_supported: false,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      userinfo_endpoint: `${origin}/oidc/userinfo`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      claims_supported: [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "nonce",
        "preferred_username",
        "name",
        "tid",
        "ver",
      ],
      tenant_region_scope: "EU",
      cloud_instance_name: "microsoftonline.com",
    },
  };
}

export function signingKeys(tenant: Tenant): JsonResponse {
  const { publicKey, kid } = tenant.signer;
  return {
    status: 200,
    body: { keys: [{ ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" }] },
  };
}

/** Which hosts belong to the cloud of the authority that a client was given. Any authority may be this server. */
export function instanceDiscovery({ query }: ReceivedRequest, tenant: Tenant): JsonResponse {
  const endpoint = query.get("authorization_endpoint") ?? "";
  if (!URL.canParse(endpoint)) return aadsts(50049);
  const { host, origin, pathname } = new URL(endpoint);
  const tenantName = pathname.split("/")[1] ?? tenant.id;
  const publicCloud = {
    preferred_network: "login.microsoftonline.com",
    preferred_cache: "login.windows.net",
    aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  };
  const own = { preferred_network: host, preferred_cache: host, aliases: [host] };
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin}/${tenantName}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: publicCloud.aliases.includes(host) ? [publicCloud] : [publicCloud, own],
    },
  };
}
