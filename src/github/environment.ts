import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Trigger } from "../core/default-ref.ts";
import { asId, asObject, asString, parseJson } from "../lib/json.ts";

interface EnvironmentSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that the runner started. The action's `package.json` is in the parent folder. */
  readonly entryPath: string;
  readonly nodeVersion: string;
  /** The version of the kernel or of Windows. */
  readonly osRelease: string;
}

/** The platform of this step, without a request, and without names of persons, hosts or folders. */
export function describeEnvironment({
  env,
  entryPath,
  nodeVersion,
  osRelease,
}: EnvironmentSource): readonly (readonly [string, string])[] {
  const { RUNNER_OS: os = "?", RUNNER_ARCH: arch = "?", RUNNER_ENVIRONMENT: hosting = "?" } = env;
  const isSet = (...names: string[]) =>
    names.some((name) => env[name] || env[name.toUpperCase()]) ? "yes" : "no";
  return [
    ["action", `${actionVersion(entryPath)}, ${actionSource(env)}`],
    ["runner", `${hosting}, ${os} ${arch} (${osRelease}), Node ${nodeVersion}`],
    ["event", env["GITHUB_EVENT_NAME"] ?? "?"],
    ["github.com", env["GITHUB_SERVER_URL"] === "https://github.com" ? "yes" : "no"],
    ["proxy", isSet("https_proxy", "http_proxy")],
    ["NODE_EXTRA_CA_CERTS", isSet("NODE_EXTRA_CA_CERTS")],
  ];
}

/** Above 1 in a re-run. */
export function runAttempt({ GITHUB_RUN_ATTEMPT: attempt }: EnvironmentSource["env"]): number {
  return asId(Number(attempt)) ?? 1;
}

function actionVersion(entryPath: string): string {
  try {
    const text = readFileSync(join(dirname(entryPath), "../package.json"), "utf8");
    return asString(asObject(parseJson(text))["version"]) ?? "?";
  } catch {
    return "?";
  }
}

/** The value of `uses:`; an action in the workflow's own checkout has none. */
function actionSource({
  GITHUB_ACTION_REPOSITORY: repository,
  GITHUB_ACTION_REF: ref,
}: EnvironmentSource["env"]): string {
  return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}

type TriggerEnv = Readonly<Record<string, string | undefined>>;

/** The event of this workflow. Without a readable payload, it is limited to the environment variables. */
export function readTrigger(env: TriggerEnv, readFile: (path: string) => string): Trigger {
  const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
  const { deleted } = asObject(payload);
  return {
    event: env["GITHUB_EVENT_NAME"] ?? "",
    repository: env["GITHUB_REPOSITORY"] ?? "",
    serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
    ref: env["GITHUB_REF"] ?? "",
    sha: env["GITHUB_SHA"] ?? "",
    defaultBranch: nonEmptyText(asObject(payload, "repository")["default_branch"]),
    deleted: typeof deleted === "boolean" ? deleted : undefined,
    pullRequest: readPullRequest(payload),
    workflowRunHeadSha: nonEmptyText(asObject(payload, "workflow_run")["head_sha"]),
  };
}

/** An incomplete pull request counts as absent, so that the workflow's own ref applies. */
function readPullRequest(payload: unknown): Trigger["pullRequest"] {
  const { number, merged_at: mergedAt } = asObject(payload, "pull_request");
  const head = asObject(payload, "pull_request", "head");
  const headRef = nonEmptyText(head["ref"]);
  const headSha = nonEmptyText(head["sha"]);
  const baseRef = nonEmptyText(asObject(payload, "pull_request", "base")["ref"]);
  if (typeof number !== "number" || headRef === undefined || headSha === undefined || baseRef === undefined)
    return undefined;
  const headRepository = nonEmptyText(asObject(head, "repo")["full_name"]);
  const merged = nonEmptyText(mergedAt) !== undefined;
  return { number, headRef, headSha, headRepository, baseRef, merged };
}

function nonEmptyText(value: unknown): string | undefined {
  return asString(value) ?? undefined;
}

/** The commit for a check run or status: the pull request's head, else GITHUB_SHA. */
export function headCommit(trigger: Trigger): string {
  return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
}

function readPayload(path: string | undefined, readFile: (path: string) => string): unknown {
  if (!path) return undefined;
  try {
    return parseJson(readFile(path));
  } catch {
    return undefined;
  }
}
