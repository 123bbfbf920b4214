import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface EnvironmentSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that the runner started: the action's `package.json` is in the folder above. */
  readonly entryPath: string;
  readonly nodeVersion: string;
  /** Of the kernel or of Windows. */
  readonly osRelease: string;
}

/** What this step runs on, fact by fact, without a request. Nothing in it names a person, a host or a place. */
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

function actionVersion(entryPath: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(dirname(entryPath), "../package.json"), "utf8"));
    return String(version);
  } catch {
    return "?";
  }
}

/** What stands behind `uses:`; an action of the workflow's own checkout has neither. */
function actionSource({
  GITHUB_ACTION_REPOSITORY: repository,
  GITHUB_ACTION_REF: ref,
}: EnvironmentSource["env"]): string {
  return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}
