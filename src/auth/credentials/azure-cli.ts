import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { scopeResource } from "../../core/credentials.ts";
import { ActionError, TransientError } from "../../errors.ts";
import { parseJsonObject } from "../../lib/json.ts";
import { type AccessToken, type AuthDeps, type TokenSource, validHeaderValue } from "../access-token.ts";
import { aadstsCodes, hintForCode, withoutTraceDetails } from "../entra-errors.ts";
import { tokenExpiry } from "../oauth.ts";

interface AzureCliConfig {
  readonly scope: string;
  readonly tenantId: string | undefined;
}

interface ProcessResult {
  /** The exit code of the process, or the error code if it could not be started. */
  readonly code: number | string | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

// The first call on a machine takes many seconds.
const commandTimeoutMs = 60_000;

/** The identity that the Azure CLI is signed in with, by an earlier step of the job (`azure/login`). */
export function azureCli({ scope, tenantId }: AzureCliConfig, deps: AuthDeps): TokenSource {
  const command = commandFor(process.platform, argumentsFor(scopeResource(scope), tenantId), deps.env);
  return async (signal) => {
    const requestedAt = deps.clock.now();
    const result = await run(command, deps.env, signal);
    signal.throwIfAborted();
    if (result.code !== 0) throw processError(result);
    return parseToken(result.stdout, requestedAt, deps);
  };
}

function argumentsFor(resource: string, tenantId: string | undefined): readonly string[] {
  // On Windows the arguments pass through cmd.exe, which has no safe way to quote.
  if (!/^[\w.:/-]+$/.test(resource)) {
    throw new ActionError("bad-input", "scope: contains characters that cannot be passed to the Azure CLI.", {
      hint: "Leave `scope` blank.",
    });
  }
  const tenant = tenantId === undefined ? [] : ["--tenant", tenantId];
  return ["account", "get-access-token", "--resource", resource, ...tenant, "--output", "json"];
}

interface CliCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** In addition to the action's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly verbatim: boolean;
}

/** How to run `az`: on Windows it is a batch file, which only cmd.exe can start. */
export function commandFor(
  platform: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CliCommand {
  if (platform !== "win32") return { file: "az", args, env: {}, verbatim: false };
  const file = env["ComSpec"] ?? env["COMSPEC"] ?? "cmd.exe";
  return {
    file,
    args: ["/d", "/s", "/c", `"az.cmd ${args.join(" ")}"`],
    // cmd.exe would search the current folder before the PATH.
    env: { NoDefaultCurrentDirectoryInExePath: "1" },
    verbatim: true,
  };
}

const isWindows = process.platform === "win32";

function run(command: CliCommand, env: AuthDeps["env"], signal: AbortSignal): Promise<ProcessResult> {
  signal.throwIfAborted();
  const { file, args, verbatim } = command;
  const child = spawn(file, [...args], {
    env: { ...env, ...command.env },
    // Not in the workspace: `az` is written in Python, which would load modules from there, and checked-out code is not trusted.
    cwd: env["RUNNER_TEMP"] || tmpdir(),
    // A process group of its own: `az` is a script, and its child processes must end with it.
    detached: !isWindows,
    windowsVerbatimArguments: verbatim,
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] = (output[name] + text).slice(0, 1024 * 1024);
    });
  }
  return new Promise((resolve) => {
    const finish = (exit: Pick<ProcessResult, "code" | "signal">, timedOut = false): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve({ ...exit, timedOut, ...output });
    };
    const terminate = (timedOut: boolean): void => {
      kill(child);
      finish({ code: null, signal: null }, timedOut);
    };
    const onAbort = (): void => terminate(false);
    const timer = setTimeout(() => terminate(true), commandTimeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    child.on("error", (error: NodeJS.ErrnoException) => finish({ code: error.code ?? null, signal: null }));
    child.on("close", (code, exitSignal) => finish({ code, signal: exitSignal }));
  });
}

function kill(child: ChildProcess): void {
  try {
    if (isWindows || child.pid === undefined) child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

function parseToken(stdout: string, requestedAt: number, { runner }: AuthDeps): AccessToken {
  const json = parseJsonOutput(stdout);
  const token = json?.["accessToken"];
  if (!json || typeof token !== "string" || token === "") {
    throw new ActionError("unauthorized", "The output of the Azure CLI had no access token.", {
      hint: "Update the Azure CLI on this runner.",
    });
  }
  runner.mask(token);
  return { token: validHeaderValue(token, "The Azure CLI"), expiresAt: tokenExpiry(json, requestedAt) };
}

/** Extensions and wrappers print text before the JSON, and some colour it. */
function parseJsonOutput(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const plain = stdout.replaceAll(/\u001B\[[\d;]*[A-Za-z]/g, "");
  return parseJsonObject(plain.slice(plain.search(/^\s*\{/m), plain.lastIndexOf("}") + 1));
}

function processError({ code, signal, timedOut, stderr }: ProcessResult): Error {
  if (code === "ENOENT" || code === 9009 || /'az\.cmd' is not recognized/.test(stderr)) {
    return new ActionError("unauthorized", "The Azure CLI was not found on this runner.", {
      hint: "Install it (the command `az`), or sign in with `github-oidc`, which does not need it.",
    });
  }
  if (timedOut)
    return new TransientError(`the Azure CLI did not finish within ${commandTimeoutMs / 1_000} s`);
  if (signal !== null) {
    return new ActionError("unauthorized", `The Azure CLI was ended by a signal (${signal}).`, {
      hint: "Check why processes are killed on this runner: a frequent cause is too little memory.",
    });
  }
  const message = withoutTraceDetails(stderr.replaceAll(/^(?:ERROR|WARNING): /gm, "")).slice(0, 600);
  if (/Max retries exceeded|Connection (?:aborted|reset|error)|timed? ?out/i.test(stderr)) {
    return new TransientError(`the Azure CLI could not connect: ${message}`);
  }
  return new ActionError("unauthorized", `The Azure CLI returned no token: ${message || String(code)}`, {
    hint: hintFor(stderr),
  });
}

function hintFor(stderr: string): string {
  if (/az login|azure\/login|No subscription found/i.test(stderr) && aadstsCodes(stderr).length === 0) {
    return "Add a step with azure/login@v3 before this one in the same job (with `allow-no-subscriptions: true` if there are none).";
  }
  for (const code of aadstsCodes(stderr)) {
    if (code === 700024) {
      return "Sign in with `github-oidc`: the token that azure/login got from GitHub is valid for minutes, so the Azure CLI cannot renew its token later in the job.";
    }
    const hint = hintForCode(code);
    if (hint !== undefined) return hint;
  }
  return "Run `az account get-access-token` in a step before this one, and read its output.";
}
