import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { jwt } from "../auth/harness.ts";
import { startRoute } from "../support/azure-responses.ts";
import { expectFailure, inputsFor, token } from "../support/scenario.ts";
import { type ReceivedRequest, type Reply, scriptedAzure } from "../support/scripted-azure.ts";
import { expectSecretsMasked } from "../support/secrets.ts";

const ordinaryHeaders = ["accept", "host", "connection", "user-agent"];

/** What a request contains: headers and body as they are, each header and field also URL-encoded and as JSON. */
function echo({ headers, body }: ReceivedRequest): string {
  const sent = Object.entries(headers).filter(([name]) => !ordinaryHeaders.includes(name));
  const fields = { ...Object.fromEntries(sent), ...Object.fromEntries(new URLSearchParams(body)) };
  const encoded = Object.values(fields).map((value) => encodeURIComponent(String(value)));
  return [body, ...Object.values(fields), ...encoded, JSON.stringify(fields)].join(" ");
}

const refusal = (request: ReceivedRequest): Reply => ({
  status: 400,
  body: {
    error: "invalid_request",
    error_description: echo(request),
    // Azure DevOps:
    $id: "1",
    message: echo(request),
    typeKey: "InvalidRequestException",
  },
});

const secret = `zX8Q~_h*7.fGh-1Lm2!Np3~"Qr4\\St5&Uv6`;
const refreshToken = "0.AXoA~refresh'token(of)a+user/0123456789=";
const idToken = jwt({ sub: "repo:octo/shop:ref:refs/heads/main", aud: "api://AzureADTokenExchange" });
const accessToken = jwt({ aud: "499b84ac-1321-427f-aa17-267ca6975798" });
const requestToken = "the-runner's-own-request-token-0123456789";
const { key, certificate } = issueCertificate({ name: "client" });

function tokenFile(): string {
  const file = join(temporaryFolder(), "token");
  writeFileSync(file, idToken);
  return file;
}

interface Credential {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** The field of the request that is made for it. */
  readonly signed?: string;
}

function applicationAt(origin: string) {
  return { "client-id": "1b2c3d4e-0000-4000-8000-000000000002", "token-url": `${origin}/token` };
}

/** By the origin of the server that refuses the request. */
const credentials: Readonly<Record<string, (origin: string) => Credential>> = {
  "a personal access token": () => ({ inputs: { token }, secrets: [token] }),
  "an access token": () => ({ inputs: { token: accessToken }, secrets: [accessToken] }),
  "a client secret": (origin) => ({
    inputs: { ...applicationAt(origin), "client-secret": secret },
    secrets: [secret],
  }),
  "the assertion of a client certificate": (origin) => ({
    inputs: { ...applicationAt(origin), "client-certificate": key + certificate },
    secrets: [key + certificate],
    signed: "client_assertion",
  }),
  "a refresh token": (origin) => ({
    inputs: { ...applicationAt(origin), "refresh-token": refreshToken },
    secrets: [refreshToken],
  }),
  "the secret and refresh token of a legacy application": (origin) => ({
    inputs: {
      auth: "azure-devops-oauth",
      "token-url": `${origin}/token`,
      "client-secret": secret,
      "refresh-token": refreshToken,
      "redirect-uri": "https://example.com/callback",
    },
    secrets: [secret, refreshToken],
  }),
  "GitHub's ID token": (origin) => ({
    inputs: { ...applicationAt(origin), auth: "github-oidc" },
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/id-token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    secrets: [idToken],
  }),
  "the token of a Kubernetes service account": (origin) => ({
    inputs: { ...applicationAt(origin), auth: "managed-identity" },
    env: { AZURE_FEDERATED_TOKEN_FILE: tokenFile() },
    secrets: [idToken],
  }),
  "the header of App Service": (origin) => ({
    inputs: { auth: "managed-identity" },
    env: { IDENTITY_ENDPOINT: `${origin}/token`, IDENTITY_HEADER: secret },
    secrets: [secret],
  }),
};

describe.concurrent("a refusal that repeats the whole request", () => {
  it.each(Object.entries(credentials))("does not show %s", async (_, credentialAt) => {
    await using azure = await scriptedAzure({
      [startRoute]: refusal,
      "POST /token": refusal,
      "GET /token": refusal,
      "GET /id-token": { body: { value: idToken } },
    });
    const { inputs, env = {}, secrets, signed } = credentialAt(azure.origin);
    const { token: _token, ...where } = inputsFor(azure);
    const result = await runAction({ ...where, ...inputs }, { env });
    const code = "token" in inputs ? "rejected" : "unauthorized";
    expect(expectFailure(result, code)).toContain("***");
    const form = new URLSearchParams(azure.requests.at(-1)?.body);
    const made = signed === undefined ? [] : [form.get(signed) ?? ""];
    expectSecretsMasked(result, { secrets: [...secrets, ...made], unmasked: [requestToken] });
  });
});
