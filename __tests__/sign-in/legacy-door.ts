import type { IncomingMessage, ServerResponse } from "node:http";
import * as https from "node:https";

interface House {
  readonly port: number;
  readonly hostName: string;
  readonly authority: string;
  readonly secret: string;
}

const form = "application/x-www-form-urlencoded";

/**
 * The words of the legacy Azure DevOps endpoint in front of a real server: what is asked is handed to `/token` as OAuth
 * knows it, so that rotation, and what becomes of a token shown twice, are the server's own.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/azure-devops-oauth
 */
export function legacyDoor(house: House) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const asked = new URLSearchParams(await textOf(incoming));
    const { status, body } = await answerTo(asked, house);
    outgoing
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));
  };
}

async function answerTo(asked: URLSearchParams, house: House) {
  const names = ["client_assertion_type", "client_assertion", "grant_type", "assertion", "redirect_uri"];
  const isWhole = names.every((name) => asked.has(name)) && asked.get("grant_type") === "refresh_token";
  if (!isWhole || [...asked.keys()].length !== names.length) return refusal("InvalidRequest");
  if (asked.get("client_assertion") !== house.secret) return refusal("InvalidClientSecret");
  if (asked.get("redirect_uri") !== "https://example.com/callback") return refusal("InvalidRedirectUri");
  const answer = await exchange(asked.get("assertion") ?? "", house);
  if (answer["error"] !== undefined) return refusal("InvalidRefreshToken");
  const { access_token, refresh_token, scope, expires_in } = answer;
  // Times are text there.
  const told = {
    access_token,
    refresh_token,
    scope,
    expires_in: String(expires_in),
    token_type: "jwt-bearer",
  };
  return { status: 200, body: told };
}

function refusal(error: string) {
  return { status: 400, body: { error, errordescription: "The request was refused." } };
}

async function exchange(token: string, { port, hostName, authority, secret }: House) {
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
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    https.request(options, resolve).on("error", reject).end(new URLSearchParams(parameters).toString());
  });
  return JSON.parse(await textOf(answer)) as Record<string, unknown>;
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}
