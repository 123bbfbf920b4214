// Runs the main step like a GitHub runner: `npm start -- --help` lists the options.

import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startAction } from "../runner-emulator/runner.ts";
import { startSimulator } from "../simulator/index.ts";
import { fail, parseArguments, requireCurrentBundle, withImpliedTrue } from "./arguments.ts";
import { inputsOf, isForSimulator, simulatorInputs, usageOf, withToken } from "./start/inputs.ts";

const root = resolve(import.meta.dirname, "..");

// The folder in which npm was called: artifacts and the summary are written there.
const workspace = process.env["INIT_CWD"] ?? process.cwd();

// Not a terminal, or NO_COLOR: the log's colours would be escape sequences in a file.
const hasColors = process.stdout.isTTY && process.stdout.hasColors();

const { inputs, keep } = readCommandLine();

requireCurrentBundle();

const exitCode = isForSimulator(inputs)
  ? await runAgainstSimulator(inputs)
  : await runLocally(withToken(inputs, process.env["AZURE_DEVOPS_TOKEN"]));

process.exit(exitCode);

interface CommandLine {
  readonly inputs: Readonly<Record<string, string>>;
  /** Whether the simulator runs until Ctrl+C. */
  readonly keep: boolean;
}

function readCommandLine(): CommandLine {
  const described = inputsOf(readFileSync(join(root, "action.yml"), "utf8"));
  const names = Object.keys(described);
  const switches = names.filter((name) => /^(true|false)$/.test(described[name]?.default ?? ""));
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const args = withImpliedTrue(process.argv.slice(2), switches);
  const { keep, ...values } = parseArguments(
    usageOf(described),
    { ...options, keep: { type: "boolean", default: false } },
    args,
  );
  const inputs = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  if (keep === true && !isForSimulator(inputs))
    fail("--keep is only for the simulator: omit it, or omit --organization and --url.");
  return { inputs, keep: keep === true };
}

async function runAgainstSimulator(given: Record<string, string>): Promise<number> {
  await using azure = await startSimulator();
  console.log(
    `No organization was given, so the action runs against a simulator of Azure DevOps. A run takes about 20 seconds.\nIts runs are at ${azure.organization}/${azure.project}/_build, on this machine only.\n`,
  );
  const code = await runLocally(simulatorInputs(given, azure));
  if (keep) {
    console.log("\nThe simulator is still running, and the links work. Ctrl+C stops it.");
    await once(process, "SIGINT");
  } else {
    console.log(
      "\nThe simulator has stopped: its links no longer open. `npm start -- --keep` keeps it running.",
    );
  }
  return code;
}

async function runLocally(given: Readonly<Record<string, string>>): Promise<number> {
  const timeoutMs = 24 * 60 * 60 * 1_000;
  await using action = startAction(given, {
    timeoutMs,
    workspace,
    env: inheritedEnvironment(),
    onLine: (line) => console.log(hasColors ? line : stripVTControlCharacters(line)),
  });
  const cancel = () => action.cancel();
  for (const event of ["SIGINT", "exit"]) process.on(event, cancel);
  const { main } = await action.done;
  for (const event of ["SIGINT", "exit"]) process.off(event, cancel);
  // The file of `summary-file` is removed with the job's temporary folder: the summary is saved below.
  const { "final-yaml": yaml, "summary-file": _, ...outputs } = main.outputs;
  console.log("\nOutputs");
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name.padEnd(14)} ${truncate(value)}`);
  if (yaml !== undefined) console.log(`  final-yaml\n\n${yaml}`);
  if (main.summary !== "") console.log(`\nSummary: ${saveSummary(main.summary)}`);
  return main.result === "success" ? 0 : 1;
}

function saveSummary(summary: string): string {
  const folder = join(workspace, "reports");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "summary.md");
  writeFileSync(path, summary);
  return path;
}

/** Variables for connections: proxies, certificate authorities, the Azure CLI's folder, GitHub's own services. */
function inheritedEnvironment(): Record<string, string> {
  const passedThrough =
    /^((https?|no)_proxy|NODE_EXTRA_CA_CERTS|HOME|AZURE_\w+|USERPROFILE|APPDATA|ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)|GITHUB_API_URL)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      passedThrough.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function truncate(value: string): string {
  const line = value.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)}… (${value.length} characters)` : line;
}
