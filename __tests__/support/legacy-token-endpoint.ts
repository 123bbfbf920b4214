import type { IncomingMessage, ServerResponse } from "node:http";
import * as https from "node:https";

interface EndpointOptions {
  readonly port: number;
  readonly hostName: string;
  readonly authority: string;
  readonly secret: string;
}

const form = "application/x-www-form-urlencoded";

/**
 * The legacy Azure DevOps token endpoint in front of a real authorization server: each request is translated to standard
 * OAuth and forwarded to `/token`, so the server itself rotates refresh tokens and rejects a reused one.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/azure-devops-oauth
 */
export function createLegacyTokenEndpoint(options: EndpointOptions) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const parameters = new URLSearchParams(await readText(incoming));
    const { status, body } = await respond(parameters, options);
    outgoing
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));
  };
}

async function respond(parameters: URLSearchParams, options: EndpointOptions) {
  const requiredNames = [
    "client_assertion_type",
    "client_assertion",
    "grant_type",
    "assertion",
    "redirect_uri",
  ];
  const isComplete =
    requiredNames.every((name) => parameters.has(name)) && parameters.get("grant_type") === "refresh_token";
  if (!isComplete || [...parameters.keys()].length !== requiredNames.length)
    return errorResponse("InvalidRequest");
  if (parameters.get("client_assertion") !== options.secret) return errorResponse("InvalidClientSecret");
  if (parameters.get("redirect_uri") !== "https://example.com/callback")
    return errorResponse("InvalidRedirectUri");
  const response = await exchange(parameters.get("assertion") ?? "", options);
  if (response["error"] !== undefined) return errorResponse("InvalidRefreshToken");
  const { access_token, refresh_token, scope, expires_in } = response;
  // The legacy endpoint returns `expires_in` as a string.
  const tokenBody = {
    access_token,
    refresh_token,
    scope,
    expires_in: String(expires_in),
    token_type: "jwt-bearer",
  };
  return { status: 200, body: tokenBody };
}

function errorResponse(error: string) {
  return { status: 400, body: { error, errordescription: "The request was refused." } };
}

async function exchange(token: string, { port, hostName, authority, secret }: EndpointOptions) {
  const parameters = {
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: "legacy",
    client_secret: secret,
  };
  const options = {
    host: "127.0.0.1",
    servername: hostName,
    port,
    path: "/token",
    method: "POST",
    ca: authority,
    headers: { host: `${hostName}:${port}`, "content-type": form },
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    https.request(options, resolve).on("error", reject).end(new URLSearchParams(parameters).toString());
  });
  return JSON.parse(await readText(response)) as Record<string, unknown>;
}

async function readText(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}
