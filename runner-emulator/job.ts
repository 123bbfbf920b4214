import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** The job a step runs in: a push to octo/shop on github.com, unless said otherwise. */
export interface Job {
  /** The job's and the step's `env:`; they win over everything but INPUT_* and STATE_*. */
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** Absent: a new folder, removed when the test process ends. */
  readonly workspace?: string;
  /** Above 1 in a re-run. */
  readonly attempt?: number;
  readonly runId?: number;
  readonly job?: string;
  readonly jobIndex?: number;
  /**
   * The step's id, `github.action`. Outputs of a step without one (`__…`) are dropped. In a composite action it is the
   * outer step's, for every step inside.
   */
  readonly step?: string;
  /** `github.token`, masked from the start as in every job. */
  readonly token?: string;
  /** What the workflow takes from `secrets.*`: masked from the start too. */
  readonly secrets?: readonly string[];
  /** Other files for the file commands, by variable: on a full disk, say. Blank for none. */
  readonly commandFiles?: Readonly<Record<string, string>>;
  /** Files with problem matchers that earlier steps have added. */
  readonly matcherFiles?: readonly string[];
  /** Enables debug logging: RUNNER_DEBUG, and `##[debug]` lines in the log. */
  readonly debug?: boolean;
}

/** A job's folders and the environment of its steps, without INPUT_*, STATE_* and file commands. */
export interface PreparedJob {
  readonly workspace: string;
  readonly commandFolder: string;
  readonly commandFiles: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Values of the contexts that defaults in action.yml use. */
  context(path: string): string | undefined;
}

export const defaultToken = "ghs_testsTestsTestsTestsTestsTestsTests12";

export const defaultStep = "ado";

export const defaultSha = "5f1d0c9a2b7e4d3f8a6c1e0b9d8f7a6b5c4d3e2f";

export function setUpJob(job: Job): PreparedJob {
  const root = temporaryFolder();
  const folders = createFolders(root, job.workspace);
  const event = job.event ?? { name: "push", payload: pushPayload };
  const eventPath = join(folders.temp, "_github_workflow", "event.json");
  writeFileSync(eventPath, JSON.stringify(event.payload, null, 2));
  const env: Record<string, string> = {
    ...machineVariables(folders.home),
    ...workflowVariables(job),
    ...triggerVariables(event.name, event.payload, job.env?.["GITHUB_REF"]),
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKSPACE: folders.workspace,
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.tools,
    RUNNER_WORKSPACE: join(root, "shop"),
    ...job.env,
  };
  return {
    workspace: folders.workspace,
    commandFolder: join(folders.temp, "_runner_file_commands"),
    commandFiles: job.commandFiles ?? {},
    env,
    context: (path) => contextValue(path, job, env),
  };
}

function createFolders(root: string, workspace = join(root, "shop", "shop")) {
  const temp = join(root, "_temp");
  const folders = { workspace, temp, home: join(root, "home"), tools: join(root, "_tool") };
  for (const folder of [...Object.values(folders), join(temp, "_github_workflow")]) {
    mkdirSync(folder, { recursive: true });
  }
  return folders;
}

/** What comes from the machine, without the proxy, tokens and settings of the environment that runs the tests. */
function machineVariables(home: string): Record<string, string> {
  const systemRoot = process.env["SystemRoot"];
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    ...(systemRoot !== undefined && { SystemRoot: systemRoot }),
    ACTIONS_CACHE_MODE: "read",
    ACTIONS_ORCHESTRATION_ID: "b3c1f7d2-5e0a-4c8e-9a57-2d6f1e8b4a90.build.__default",
    CI: "true",
    GITHUB_ACTIONS: "true",
    RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: "GitHub Actions 7",
    RUNNER_OS: { win32: "Windows", darwin: "macOS" }[process.platform as string] ?? "Linux",
  };
}

function workflowVariables({
  attempt = 1,
  runId = 17_000_000_001,
  job = "build",
  step = defaultStep,
  debug,
}: Job) {
  return {
    ...(debug && { RUNNER_DEBUG: "1" }),
    GITHUB_ACTION: step,
    GITHUB_ACTION_REF: "v1",
    GITHUB_ACTION_REPOSITORY: "octo/run-azure-pipeline",
    GITHUB_ACTOR: "mona",
    GITHUB_ACTOR_ID: "583231",
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_GRAPHQL_URL: "https://api.github.com/graphql",
    GITHUB_JOB: job,
    GITHUB_REPOSITORY: "octo/shop",
    GITHUB_REPOSITORY_ID: "1296269",
    GITHUB_REPOSITORY_OWNER: "octo",
    GITHUB_REPOSITORY_OWNER_ID: "583231",
    GITHUB_RETENTION_DAYS: "90",
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: "42",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_SHA: defaultSha,
    GITHUB_TRIGGERING_ACTOR: "mona",
    GITHUB_WORKFLOW: "ci",
    GITHUB_WORKFLOW_REF: "octo/shop/.github/workflows/ci.yml@refs/heads/main",
    GITHUB_WORKFLOW_SHA: defaultSha,
  };
}

interface PullRequest {
  readonly number: number;
  readonly head?: { readonly ref?: string };
  readonly base?: { readonly ref?: string };
}

/** The ref that goes with the event: a pull request's merge ref, else the default branch. */
function triggerVariables(
  name: string,
  payload: unknown,
  givenRef: string | undefined,
): Record<string, string> {
  const pullRequest = (payload as { pull_request?: PullRequest } | null | undefined)?.pull_request;
  const isPull = pullRequest !== undefined && name.startsWith("pull_request");
  const mergeRef =
    isPull && name !== "pull_request_target" ? `refs/pull/${pullRequest.number}/merge` : undefined;
  const ref = givenRef ?? mergeRef ?? "refs/heads/main";
  return {
    GITHUB_EVENT_NAME: name,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    GITHUB_REF_PROTECTED: "false",
    GITHUB_REF_TYPE: ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_HEAD_REF: (isPull && pullRequest.head?.ref) || "",
    GITHUB_BASE_REF: (isPull && pullRequest.base?.ref) || "",
  };
}

function contextValue(path: string, job: Job, env: Record<string, string>): string | undefined {
  if (path === "github.token") return job.token ?? defaultToken;
  if (path === "strategy.job-index") return String(job.jobIndex ?? 0);
  const name = /^(?:github|runner)\.\w+$/.test(path) ? path.toUpperCase().replace(".", "_") : "";
  return env[name];
}

const pushPayload = {
  ref: "refs/heads/main",
  before: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
  after: defaultSha,
  repository: {
    id: 1_296_269,
    name: "shop",
    full_name: "octo/shop",
    private: true,
    default_branch: "main",
    html_url: "https://github.com/octo/shop",
    owner: { login: "octo", id: 583_231 },
  },
  sender: { login: "mona", id: 583_231, type: "User" },
};
