import { retryAfterMs } from "../core/retry-after.ts";
import { type ManagedIdentityWay, resourceOf } from "../core/sign-in-way.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import { askNamed, isCut, jsonOf } from "./answer.ts";
import { answerArc, hasArcAgent } from "./azure-arc.ts";
import { type FetchToken, type Granted, headerSafe, type Outside } from "./granted.ts";
import { type IdentitySource, identitySource } from "./identity-source.ts";
import { expiryOf } from "./lifetime.ts";
import { workloadIdentity } from "./workload-identity.ts";

/** The identity that Azure gave to this machine, container or pod. */
export function managedIdentity(way: ManagedIdentityWay, outside: Outside): FetchToken {
  const { env, host } = outside;
  if (env["AZURE_FEDERATED_TOKEN_FILE"]) return workloadIdentity(way, outside);
  for (const secret of [env["IDENTITY_HEADER"], env["MSI_SECRET"]]) if (secret) host.mask(secret);
  const wanted = { resource: resourceOf(way.scope), clientId: way.clientId };
  const source = identitySource(wanted, env, hasArcAgent());
  return (signal) => ask(source, outside, signal);
}

async function ask(source: IdentitySource, outside: Outside, signal: AbortSignal): Promise<Granted> {
  const askedAt = outside.clock.now();
  const answer = await askWhileUpdating(source, outside, signal);
  if (source.kind !== "arc" || answer.status !== 401) return grantedBy(source, answer, { outside, askedAt });
  const { mask } = outside.host;
  const proven = await answerArc(source, answer, { ask: (again) => askSource(again, outside, signal), mask });
  return grantedBy(source, proven, { outside, askedAt });
}

/**
 * 410 means that the endpoint is being updated, which takes up to 70 s.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
async function askWhileUpdating(
  source: IdentitySource,
  outside: Outside,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  for (let waitedMs = 0; ; waitedMs += updatePauseMs) {
    const answer = await askSource(source, outside, signal);
    if (answer.status !== 410 || waitedMs >= longestUpdateMs) return answer;
    await outside.clock.sleep(updatePauseMs, signal);
  }
}

const longestUpdateMs = 70_000;
const updatePauseMs = 10_000;

// Past every proxy: these addresses exist on this machine only.
async function askSource(source: IdentitySource, outside: Outside, signal: AbortSignal): Promise<HttpAnswer> {
  const { kind: _kind, name: _name, ...request } = source;
  try {
    return await askNamed(outside.transport, { ...request, direct: true, signal });
  } catch (error) {
    if (!(error instanceof PassingError)) throw error;
    throw new PassingError(error.message, { hint: nobodyThere, cause: error });
  }
}

const nobodyThere =
  "Use a runner on a machine in Azure that has a managed identity; runners hosted by GitHub have none, and sign in by `github-oidc`.";

const passing = new Set([404, 408, 410, 429]);

interface Moment {
  readonly outside: Outside;
  readonly askedAt: number;
}

function grantedBy(source: IdentitySource, answer: HttpAnswer, { outside, askedAt }: Moment): Granted {
  const { status } = answer;
  const json = jsonOf(answer.body);
  const token = json?.["access_token"];
  if (status === 200 && json && typeof token === "string" && token !== "") {
    outside.host.mask(token);
    return { token: headerSafe(token, endpointOf(source)), expiresAt: expiryOf(json, askedAt) };
  }
  if (status === 200) throw noToken(endpointOf(source), answer, json);
  const words = wordsOf(json);
  const what = `${endpointOf(source)} answered ${status}${words === "" ? "" : `: ${words}`}`;
  if (status >= 500 || passing.has(status)) {
    const waitMs = retryAfterMs(answer.headers, outside.clock.now());
    throw new PassingError(what, {
      retryAfterMs: waitMs,
      throttled: status === 429,
      hint: status === 404 ? nobodyThere : undefined,
    });
  }
  throw new ActionError("unauthorized", `${what}.`, {
    hint: /identity not found/i.test(words)
      ? "Assign an identity to this machine, and give `client-id` if it has several."
      : "Check the identity of this machine and `client-id`, which is only for a user-assigned one.",
  });
}

function endpointOf({ name }: IdentitySource): string {
  return `The managed identity endpoint (${name})`;
}

function noToken(by: string, answer: HttpAnswer, json: object | undefined): Error {
  if (isCut(answer)) return new PassingError(`${by} answered with JSON that was cut off`);
  const what = json === undefined ? "something that is no JSON object" : "JSON without a token";
  return new ActionError("unauthorized", `${by} answered 200 with ${what}.`, {
    hint: "Check what answers at that address: it is not the endpoint, or something in between answers in its place.",
  });
}

/** Each host has its own form of saying no. */
function wordsOf(json: Readonly<Record<string, unknown>> | undefined): string {
  const nested = json?.["error"];
  const inner =
    typeof nested === "object" && nested !== null ? (nested as Readonly<Record<string, unknown>>) : {};
  const words = [nested, inner["code"], json?.["error_description"], inner["message"], json?.["message"]];
  return words
    .filter((word) => typeof word === "string" && word !== "")
    .join(": ")
    .replaceAll(/\s+/g, " ")
    .replace(/\.$/, "")
    .slice(0, 500);
}
