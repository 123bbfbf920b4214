import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import { callerIdentity, type ServerContext } from "./context.ts";
import {
  contentTypeNotSupported,
  methodNotAllowed,
  projectForbidden,
  projectNotFound,
  routeNotFound,
} from "./error-responses.ts";
import { type ApiRequest, parseQuery } from "./request.ts";
import { type ApiPath, findRoute, isInCollection, parseApiPath, type Route } from "./router.ts";
import { parseAuthorization, rejectCredential } from "./sign-in.ts";
import { checkVersion } from "./versions.ts";

/** Answers a request: authenticates the caller, finds the route and checks the version. */
export function handleRequest(request: IncomingRequest, context: ServerContext): ApiResponse {
  const { url, headers } = request;
  const method = methodOf(request);
  const page = context.page(request);
  if (page !== undefined) return page;
  if (!isInCollection(url.pathname, context.collectionPaths)) return routeNotFound(url.pathname);
  const credential = parseAuthorization(headers["authorization"]);
  const acceptance = context.accepts(credential);
  if (acceptance !== "yes") {
    const suppressRedirect = headers["x-tfs-fedauthredirect"]?.toLowerCase() === "suppress";
    const { quirks } = context.state;
    const { tenantId } = context;
    const rejected = { method, url: url.href, credential, suppressRedirect, quirks, tenantId };
    return rejectCredential(acceptance, rejected);
  }
  const path = parseApiPath(url.pathname, context.collectionPaths);
  if (path === undefined) return routeNotFound(url.pathname);
  const caller = callerIdentity(context, credential);
  return { ...dispatch(path, { ...request, method }, context, { credential, caller }), caller };
}

// A POST may name another method, for proxies that let only GET and POST through:
// https://learn.microsoft.com/azure/devops/integrate/how-to/call-rest-api#http-method-override
function methodOf({ method, headers }: IncomingRequest): string {
  const override = method === "POST" ? headers["x-http-method-override"] : undefined;
  return override?.toUpperCase() ?? method;
}

function dispatch(
  path: ApiPath,
  { method, url, headers, body }: IncomingRequest,
  context: ServerContext,
  authenticated: Pick<ApiRequest, "credential" | "caller">,
): ApiResponse {
  const match = findRoute(context.routes, method, path);
  if (!("route" in match)) {
    return match.methods.length === 0 ? routeNotFound(url.pathname) : methodNotAllowed(method);
  }
  const projectError = path.project === undefined ? undefined : checkProject(path.project, context);
  if (projectError !== undefined) return projectError;
  const request: ApiRequest = {
    ...urlsFor(path, context),
    ...authenticated,
    state: context.state,
    method,
    pathname: url.pathname,
    params: match.params,
    query: parseQuery(url.searchParams),
    accept: headers["accept"] ?? "",
    bodyText: body,
  };
  return (
    checkVersion(request, match.route) ??
    checkContentType(method, headers["content-type"], match.route) ??
    match.route.handle(request)
  );
}

function checkContentType(
  method: string,
  header: string | undefined,
  { contentTypes }: Route,
): ApiResponse | undefined {
  const [type = ""] = header?.split(";") ?? [];
  const name = type.trim().toLowerCase();
  if (name === "" || !["POST", "PUT", "PATCH"].includes(method) || contentTypes.includes(name))
    return undefined;
  return contentTypeNotSupported(name, method, contentTypes);
}

function checkProject(nameOrId: string, { state }: ServerContext): ApiResponse | undefined {
  const { id, name } = state.project;
  const isMatch = [id, name].some((one) => one.toLowerCase() === nameOrId.toLowerCase());
  if (!isMatch) return projectNotFound(nameOrId);
  return state.quirks.invisibleProject === true ? projectForbidden(id) : undefined;
}

function urlsFor(apiPath: ApiPath, context: ServerContext) {
  const path = apiPath.collection.map(encodeURIComponent).join("/");
  const projectId = context.state.project.id;
  const collection = `${context.origin()}${path === "" ? "" : `/${path}`}`;
  return {
    collection,
    projectUrl: `${collection}/${projectId}`,
    artifactOrigin: context.artifactOrigin(),
    blobOrigin: context.blobOrigin(),
  };
}
