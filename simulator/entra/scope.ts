import type { JsonResponse } from "../http/json-server.ts";
import { aadsts } from "./entra-errors.ts";

export const azureDevOpsResourceId = "499b84ac-1321-427f-aa17-267ca6975798";

const azureDevOpsUri = "https://app.vssps.visualstudio.com";

const graph = "https://graph.microsoft.com";

const knownResources = [
  azureDevOpsResourceId,
  azureDevOpsUri,
  graph,
  "https://management.azure.com",
  "https://management.core.windows.net",
  "https://storage.azure.com",
  "https://vault.azure.net",
];

const openIdScopes = ["openid", "profile", "email", "offline_access"];

export interface RequestedScope {
  /** The audience of the access token. */
  readonly resource: string;
  /** As a response names it: without `offline_access`. */
  readonly granted: string;
  has(openIdScope: string): boolean;
}

interface ScopeRules {
  readonly isForApplication: boolean;
  readonly resources: readonly string[];
}

/** Reads the parameter `scope`, or returns Entra ID's refusal. */
export function parseScope(
  text: string | undefined,
  { isForApplication, resources }: ScopeRules,
): { readonly scope: RequestedScope } | { readonly refusal: JsonResponse } {
  const words = (text ?? "").split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return { refusal: aadsts(70011) };
  const permissions = words.filter((word) => !openIdScopes.includes(word));
  if (isForApplication && (permissions.length !== 1 || !permissions[0]?.endsWith("/.default")))
    return { refusal: aadsts(1002012, applicationScopeMessage(text)) };
  const [resource = graph, other] = new Set(permissions.map(resourceOf));
  if (other !== undefined)
    return {
      refusal: aadsts(70011, `The scope ${text} is not valid: it names more than one resource.`),
    };
  if (![...knownResources, ...resources].includes(resource))
    return { refusal: aadsts(500011, resourceMessage(resource)) };
  return {
    scope: {
      resource: resource === azureDevOpsUri ? azureDevOpsResourceId : resource,
      granted: words.filter((word) => word !== "offline_access").join(" "),
      has: (openIdScope) => words.includes(openIdScope),
    },
  };
}

/** `RESOURCE/permission`; a permission alone is one of Microsoft Graph. */
function resourceOf(permission: string): string {
  const end = permission.lastIndexOf("/");
  return end === -1 ? graph : permission.slice(0, end).replace(/\/$/, "");
}

function applicationScopeMessage(scope: string | undefined): string {
  return `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
}

function resourceMessage(resource: string): string {
  return `The resource principal named ${resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
}
