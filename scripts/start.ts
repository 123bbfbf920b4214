// The main job, as a GitHub runner would run it. Without arguments against the simulator; with arguments named like
// the inputs (--organization contoso --project web --pipeline-id 42) against the real service.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readAction } from "../__tests__/support/action-file.ts";
import { startAction } from "../__tests__/support/runner.ts";
import { demoToken, startSimulator } from "../simulator/index.ts";

const inputs = givenInputs(process.argv.slice(2));
const exitCode = Object.keys(inputs).length === 0 ? await demonstrate() : await play(inputs);
process.exit(exitCode);

function givenInputs(args: readonly string[]): Record<string, string> {
  const names = [...readAction(resolve(import.meta.dirname, "..")).inputs.keys()];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const given = Object.entries(values).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const inputs: Record<string, string> = Object.fromEntries(given);
  const { AZURE_DEVOPS_TOKEN: token } = process.env;
  return given.length > 0 && token !== undefined ? { token, ...inputs } : inputs;
}

async function demonstrate(): Promise<number> {
  await using azure = await startSimulator();
  const { organization, project } = azure;
  console.log(
    "No organization was given: this is the embedded simulator, where a run takes about 20 seconds.\n",
  );
  return await play({
    organization,
    project,
    "pipeline-id": "42",
    ref: "main",
    token: demoToken,
    "poll-interval": "1s",
  });
}

async function play(given: Record<string, string>): Promise<number> {
  const timeoutMs = 24 * 60 * 60 * 1_000;
  await using action = startAction(given, {
    timeoutMs,
    env: ownEnvironment(),
    onLine: (line) => console.log(line),
  });
  process.on("SIGINT", () => action.cancel());
  const { main } = await action.done;
  console.log("\nOutputs");
  for (const [name, value] of Object.entries(main.outputs))
    console.log(`  ${name.padEnd(14)} ${short(value)}`);
  return main.result === "success" ? 0 : 1;
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
