import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Where {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that the runner started: the action's `package.json` is in the folder above. */
  readonly entry: string;
  readonly node: string;
  /** Of the kernel or of Windows. */
  readonly system: string;
}

/** What this step runs on, fact by fact, without a request. Nothing in it names a person, a host or a place. */
export function surroundings({ env, entry, node, system }: Where): readonly (readonly [string, string])[] {
  const { RUNNER_OS: os = "?", RUNNER_ARCH: arch = "?", RUNNER_ENVIRONMENT: whose = "?" } = env;
  const has = (...names: string[]) =>
    names.some((name) => env[name] || env[name.toUpperCase()]) ? "yes" : "no";
  return [
    ["action", `${versionBeside(entry)}, ${sourceOf(env)}`],
    ["runner", `${whose}, ${os} ${arch} (${system}), Node ${node}`],
    ["event", env["GITHUB_EVENT_NAME"] ?? "?"],
    ["github.com", env["GITHUB_SERVER_URL"] === "https://github.com" ? "yes" : "no"],
    ["proxy", has("https_proxy", "http_proxy")],
    ["NODE_EXTRA_CA_CERTS", has("NODE_EXTRA_CA_CERTS")],
  ];
}

function versionBeside(entry: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"));
    return String(version);
  } catch {
    return "?";
  }
}

/** What stands behind `uses:`; an action of the workflow's own checkout has neither. */
function sourceOf({ GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref }: Where["env"]): string {
  return repository ? `${repository}@${ref ?? ""}` : "checked out by the workflow";
}
