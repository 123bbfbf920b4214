import type { Clock, Host, SignIn } from "../ports.ts";
import type { Way, WayKind } from "../core/sign-in-way.ts";
import type { FetchToken, Outside } from "./granted.ts";
import { tokenSignIn } from "./token.ts";
import { renewing } from "./renewing.ts";

/** A sign-in whose token the post step may need, because it cannot sign in again. */
export interface KeepableSignIn extends SignIn {
  /** For the step's state: the token in hand, where nobody will be there to sign in once more. Else undefined. */
  keep(): string | undefined;
}

/**
 * The sign-in that the inputs mean. Their secrets are masked at once; nothing is fetched before the first call of
 * `authorization`, and what a way needs to be loaded is loaded then.
 */
export function signIn(way: Way, outside: Outside): KeepableSignIn {
  for (const secret of secretsOf(way)) outside.host.mask(secret);
  const keep = (): undefined => undefined;
  if (way.kind === "token") return { ...tokenSignIn(way.token, outside.clock, outside.host), keep };
  let fetch: Promise<FetchToken> | undefined;
  const fetchLazily: FetchToken = async (signal) => {
    fetch ??= import("./fetchers.ts").then(({ fetcherFor }) => fetcherFor(way, outside));
    return (await fetch)(signal);
  };
  const signedIn = renewing(fetchLazily, whoOf(way), outside);
  if (way.kind !== "device-code") return withKeep(signedIn, keep);
  return withKeep(signedIn, () => {
    const present = signedIn.present();
    return present && JSON.stringify({ token: present.token, expiresAt: present.expiresAt });
  });
}

/** The sign-in of the main step, from what `keep` handed over. Undefined where there is nothing of use in it. */
export function resumeSignIn(
  kept: string,
  outside: { readonly clock: Clock; readonly host: Pick<Host, "mask" | "write"> },
): SignIn | undefined {
  const { token, expiresAt } = JSON.parse(kept) as { token?: unknown; expiresAt?: unknown };
  if (typeof token !== "string" || typeof expiresAt !== "number") return undefined;
  outside.host.mask(token);
  const granted = { token, expiresAt, final: true };
  return renewing(async () => granted, "as the user who entered the device code", {
    ...outside,
    random: () => 0,
  });
}

// Not a spread: the description is a getter, and changes once there is a token.
function withKeep(signedIn: SignIn, keep: () => string | undefined): KeepableSignIn {
  return {
    get description() {
      return signedIn.description;
    },
    authorization: (signal) => signedIn.authorization(signal),
    renew: (signal) => signedIn.renew(signal),
    keep,
  };
}

function secretsOf(way: Way): readonly string[] {
  switch (way.kind) {
    case "client-secret":
      return [way.secret];
    case "client-certificate":
      return [way.pem];
    case "refresh-token":
      return way.secret === undefined ? [way.refreshToken] : [way.refreshToken, way.secret];
    case "azure-devops-oauth":
      return [way.secret, way.refreshToken];
    default:
      return [];
  }
}

function whoOf(way: Exclude<Way, { kind: "token" }>): string {
  const who: Record<Exclude<WayKind, "token">, string> = {
    "client-secret": "with its client secret",
    "client-certificate": "with its certificate",
    "github-oidc": "with GitHub's own identity",
    "refresh-token": "as the user of the refresh token",
    "managed-identity": "as the managed identity of this machine",
    "azure-cli": "as the Azure CLI is signed in",
    "device-code": "as the user who entered the device code",
    "azure-devops-oauth": "as the user of the legacy Azure DevOps application",
  };
  const isApplication =
    way.kind === "client-secret" || way.kind === "client-certificate" || way.kind === "github-oidc";
  return isApplication ? `as the application ${way.application.clientId} ${who[way.kind]}` : who[way.kind];
}
