import { execFile } from "node:child_process";
import { resourceOf } from "../core/sign-in-way.ts";
import { ActionError, PassingError } from "../errors.ts";
import { jsonOf } from "./answer.ts";
import { hintForCode } from "./entra-hints.ts";
import type { FetchToken, Granted, Outside } from "./granted.ts";
import { expiryOf } from "./lifetime.ts";
import { codesIn, sentenceOf } from "./refusal.ts";

interface AzureCli {
  readonly scope: string;
  readonly tenantId: string | undefined;
}

interface Ended {
  readonly failure: (Error & { code?: unknown; killed?: boolean }) | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Its first call on a cold machine takes many seconds.
const timeLimitMs = 60_000;

/** The Azure CLI, signed in by an earlier step of the job (`azure/login`). */
export function azureCli({ scope, tenantId }: AzureCli, outside: Outside): FetchToken {
  const command = commandFor(process.platform, argumentsFor(resourceOf(scope), tenantId), outside.env);
  return async (signal) => {
    const askedAt = outside.clock.now();
    const ended = await run(command, outside.env, signal);
    signal.throwIfAborted();
    if (ended.failure) throw faultOf(ended);
    return grantedIn(ended.stdout, askedAt, outside);
  };
}

function argumentsFor(resource: string, tenantId: string | undefined): readonly string[] {
  // On Windows they pass through cmd.exe, which has no safe way to quote.
  if (!/^[\w.:/-]+$/.test(resource)) {
    throw new ActionError("bad-input", "scope: holds characters that cannot be handed to the Azure CLI.", {
      hint: "Leave `scope` blank.",
    });
  }
  const tenant = tenantId === undefined ? [] : ["--tenant", tenantId];
  return ["account", "get-access-token", "--resource", resource, ...tenant, "--output", "json"];
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly verbatim: boolean;
}

/** How to run `az`: on Windows it is a batch file, which only cmd.exe can start. */
export function commandFor(
  platform: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  if (platform !== "win32") return { file: "az", args, verbatim: false };
  const file = env["ComSpec"] ?? env["COMSPEC"] ?? "cmd.exe";
  return { file, args: ["/d", "/s", "/c", `"az.cmd ${args.join(" ")}"`], verbatim: true };
}

function run({ file, args, verbatim }: Command, env: Outside["env"], signal: AbortSignal): Promise<Ended> {
  const options = {
    env: { ...env },
    signal,
    timeout: timeLimitMs,
    windowsVerbatimArguments: verbatim,
    windowsHide: true,
    maxBuffer: 1024 * 1024,
  };
  return new Promise((resolve) => {
    execFile(file, [...args], options, (failure, stdout, stderr) => resolve({ failure, stdout, stderr }));
  });
}

function grantedIn(stdout: string, askedAt: number, { host }: Outside): Granted {
  const json = jsonOf(stdout.trim());
  const token = json?.["accessToken"];
  if (!json || typeof token !== "string" || token === "") {
    throw new ActionError("unauthorized", "The Azure CLI answered without an access token.", {
      hint: "Update the Azure CLI on this runner.",
    });
  }
  host.mask(token);
  return { token, expiresAt: expiryOf(json, askedAt) };
}

function faultOf({ failure, stderr }: Ended): Error {
  if (failure?.code === "ENOENT" || failure?.code === 9009 || /'az\.cmd' is not recognized/.test(stderr)) {
    return new ActionError("unauthorized", "The Azure CLI was not found on this runner.", {
      hint: "Install it (the command `az`), or sign in by `github-oidc`, which needs no program.",
    });
  }
  if (failure?.killed)
    return new PassingError(`the Azure CLI gave no answer within ${timeLimitMs / 1_000} s`);
  const words = sentenceOf(stderr.replaceAll(/^(?:ERROR|WARNING): /gm, "")).slice(0, 600);
  if (/Max retries exceeded|Connection (?:aborted|reset|error)|timed? ?out/i.test(stderr)) {
    return new PassingError(`the Azure CLI got no connection: ${words}`);
  }
  return new ActionError(
    "unauthorized",
    `The Azure CLI handed out no token: ${words || String(failure?.code)}`,
    {
      hint: hintFor(stderr),
    },
  );
}

function hintFor(stderr: string): string {
  if (/az login|azure\/login|No subscription found/i.test(stderr) && codesIn(stderr).length === 0) {
    return "Put a step with azure/login before this one in the same job (with `allow-no-subscriptions: true` where there are none).";
  }
  for (const code of codesIn(stderr)) {
    if (code === 700024) {
      return "Sign in by `github-oidc`: what azure/login got from GitHub is good for minutes, so the Azure CLI cannot renew a token later in the job.";
    }
    const hint = hintForCode(code);
    if (hint !== undefined) return hint;
  }
  return "Try `az account get-access-token` in a step before this one, and see what it says.";
}
