// Signs a user in, in a browser, and returns the refresh token for the input `refresh-token`. Nothing is written to disk: the
// token is printed once, alone on stdout, or piped into `gh secret set`. See docs/sign-in.md.

import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  None,
} from "oauth4webapi";
import type { AuthDeps } from "../src/auth/access-token.ts";
import { withOfflineAccess } from "../src/auth/credentials/refresh-token.ts";
import { toActionError } from "../src/auth/entra-errors.ts";
import { requestToken } from "../src/auth/oauth.ts";
import { entraTokenUrl } from "../src/core/credentials.ts";
import { createTransport } from "../src/http/transport.ts";
import { beginScript } from "./arguments.ts";
import { openBrowser } from "./authorize/browser.ts";
import { deliverToken } from "./authorize/deliver-token.ts";
import { listenForCode } from "./authorize/loopback.ts";
import { type Options, parseOptions, usage } from "./authorize/options.ts";

const signal = AbortSignal.timeout(600_000);

/** The authorization-code flow with PKCE (RFC 6749, RFC 7636, RFC 8252). */
async function authorize(options: Options): Promise<string> {
  const [verifier, state] = [generateRandomCodeVerifier(), generateRandomState()];
  await using loopback = await listenForCode(options.clientId, state);
  const parameters = {
    client_id: options.clientId,
    response_type: "code",
    redirect_uri: loopback.redirectUri,
    scope: withOfflineAccess(options.scope),
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  const authorizeUrl = new URL(
    options.authorizeUrl ?? entraTokenUrl(options.tenant).replace(/token$/, "authorize"),
  );
  for (const [name, value] of Object.entries(parameters)) authorizeUrl.searchParams.set(name, value);
  process.stderr.write(`Sign in at this URL, on this machine:\n\n${authorizeUrl.href}\n\n`);
  if (options.browser) openBrowser(authorizeUrl.href);
  return exchange(options, {
    code: await loopback.code(signal),
    verifier,
    redirectUri: loopback.redirectUri,
  });
}

interface AuthorizationCode {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

async function exchange(
  options: Options,
  { code, verifier, redirectUri }: AuthorizationCode,
): Promise<string> {
  const transport = createTransport();
  const application = {
    clientId: options.clientId,
    tokenUrl: options.tokenUrl ?? entraTokenUrl(options.tenant),
  };
  const parameters = { code, code_verifier: verifier, redirect_uri: redirectUri };
  const request = { application, authentication: None(), grantType: "authorization_code", parameters };
  const response = await requestToken(request, { ...authDeps, transport }, signal);
  transport.close();
  if ("error" in response) throw toActionError(response.error);
  const { refreshToken } = response.accessToken;
  if (refreshToken === undefined)
    throw new Error(
      "The response contained no refresh token: the application has no permission for offline_access.",
    );
  return refreshToken;
}

// On a user's own machine, no log needs masking.
const authDeps: Omit<AuthDeps, "transport"> = {
  clock: { now: Date.now, sleep: () => Promise.reject(new Error("nothing waits here")) },
  env: process.env,
  random: Math.random,
  runner: {
    mask: () => undefined,
    redact: (text: string) => text,
    write: () => undefined,
    addSummary: () => undefined,
    getIdToken: () => Promise.reject(new Error("there is no job here")),
  },
};

const args = process.argv.slice(2);

beginScript(usage, args);

try {
  const options = parseOptions(args);
  await deliverToken(await authorize(options), options);
} catch (error) {
  const { message, hint } = error as { message?: string; hint?: string };
  process.stderr.write(`${message ?? String(error)}\n${hint === undefined ? "" : `${hint}\n`}`);
  process.exitCode = 1;
}
