// The main job, as a GitHub runner would run it: `npm start -- --help` says with what.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startAction } from "../runner-emulator/runner.ts";
import { startSimulator } from "../simulator/index.ts";
import { fail, parseArguments, withImpliedTrue } from "./arguments.ts";
import { inputsOf, isForSimulator, simulatorInputs, usageOf, withToken } from "./start/inputs.ts";

const root = resolve(import.meta.dirname, "..");

// Where npm was called: artifacts are looked for there, and the summary is written there.
const workspace = process.env["INIT_CWD"] ?? process.cwd();

const inputs = givenInputs();

if (!existsSync(join(root, "dist/index.js"))) fail("dist/index.js is missing: run `npm run build`.");

const exitCode = isForSimulator(inputs)
  ? await runAgainstSimulator(inputs)
  : await runLocally(withToken(inputs, process.env["AZURE_DEVOPS_TOKEN"]));

process.exit(exitCode);

function givenInputs(): Record<string, string> {
  const described = inputsOf(readFileSync(join(root, "action.yml"), "utf8"));
  const names = Object.keys(described);
  const switches = names.filter((name) => /^(true|false)$/.test(described[name]?.default ?? ""));
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const args = withImpliedTrue(process.argv.slice(2), switches);
  const given = Object.entries(parseArguments(usageOf(described), options, args));
  return Object.fromEntries(
    given.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

async function runAgainstSimulator(given: Record<string, string>): Promise<number> {
  await using azure = await startSimulator();
  console.log(
    `No organization was given: this is the embedded simulator, where a run takes about 20 seconds.\nWhile this command runs, ${azure.organization} is open on this machine only; the run's page is at the address below.\n`,
  );
  return await runLocally(simulatorInputs(given, azure));
}

async function runLocally(given: Readonly<Record<string, string>>): Promise<number> {
  const timeoutMs = 24 * 60 * 60 * 1_000;
  await using action = startAction(given, {
    timeoutMs,
    workspace,
    env: inheritedEnvironment(),
    onLine: (line) => console.log(line),
  });
  process.on("SIGINT", () => action.cancel());
  const { main } = await action.done;
  const { "final-yaml": yaml, ...outputs } = main.outputs;
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

/** What reaching a service may take: proxies, authorities, the Azure CLI's folder, GitHub's own services. */
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
