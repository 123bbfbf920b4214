// The main job, as a GitHub runner would run it: `npm start -- --help` says with what.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readAction } from "../__tests__/support/action-file.ts";
import { startAction } from "../__tests__/support/runner.ts";
import { startSimulator } from "../simulator/index.ts";
import { argumentsOf } from "./arguments.ts";
import { isForSimulator, simulatedInputs, usageOf, withToken } from "./start/inputs.ts";

const root = resolve(import.meta.dirname, "..");
// Where npm was called: artifacts are looked for there, and the summary is written there.
const workspace = process.env["INIT_CWD"] ?? process.cwd();
const inputs = givenInputs();
const exitCode = isForSimulator(inputs)
  ? await demonstrate(inputs)
  : await play(withToken(inputs, process.env["AZURE_DEVOPS_TOKEN"]));
process.exit(exitCode);

function givenInputs(): Record<string, string> {
  const names = [...readAction(root).inputs.keys()];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const given = Object.entries(argumentsOf(usageOf(names), options));
  return Object.fromEntries(
    given.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

async function demonstrate(given: Record<string, string>): Promise<number> {
  await using azure = await startSimulator();
  console.log(
    "No organization was given: this is the embedded simulator, where a run takes about 20 seconds.\n",
  );
  return await play(simulatedInputs(given, azure));
}

async function play(given: Readonly<Record<string, string>>): Promise<number> {
  const timeoutMs = 24 * 60 * 60 * 1_000;
  await using action = startAction(given, {
    timeoutMs,
    workspace,
    env: ownEnvironment(),
    onLine: (line) => console.log(line),
  });
  process.on("SIGINT", () => action.cancel());
  const { main } = await action.done;
  const { "final-yaml": yaml, ...outputs } = main.outputs;
  console.log("\nOutputs");
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name.padEnd(14)} ${short(value)}`);
  if (yaml !== undefined) console.log(`  final-yaml\n\n${yaml}`);
  if (main.summary !== "") console.log(`\nSummary: ${kept(main.summary)}`);
  return main.result === "success" ? 0 : 1;
}

function kept(summary: string): string {
  const folder = join(workspace, "reports");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "summary.md");
  writeFileSync(path, summary);
  return path;
}

/** What reaching a real service may take: proxies, authorities, the Azure CLI's folder. */
function ownEnvironment(): Record<string, string> {
  const wanted = /^((https?|no)_proxy|NODE_EXTRA_CA_CERTS|HOME|AZURE_\w+|USERPROFILE|APPDATA)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      wanted.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function short(value: string): string {
  const line = value.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)}… (${value.length} characters)` : line;
}
