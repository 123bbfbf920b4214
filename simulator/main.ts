import { fail, parseArguments } from "../scripts/arguments.ts";
import { type AllAddresses, startAll } from "./all.ts";
import { demoToken } from "./azure-devops/sign-in.ts";
import { demoPipelines } from "./engine/demo-pipelines.ts";
import { signInGuide } from "./sign-in-guide.ts";
import { startSimulator } from "./simulator.ts";

const usage = `npm run simulator -- [--port 8085] [--speed 1] [--all [--json]]

  --port   of 127.0.0.1; 0: any that is free
  --speed  seconds that pass in its runs while one passes here; 0: none
  --all    beside Azure DevOps also Entra ID, GitHub's OIDC and REST API and managed identity, each on a free port
  --json   print how to reach them as one line of JSON`;

const values = parseArguments(usage, {
  port: { type: "string", default: "8085" },
  speed: { type: "string", default: "1" },
  all: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
});

const options = { port: numberOption("port", 65_535), speed: numberOption("speed", 1e6) };

if (values.json && !values.all) fail("--json needs --all.");

// Listened for before anything is started, so that nothing is left behind whenever it ends.
const ended = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
});

const services = await (values.all ? simulateAll() : simulateAzureDevOps()).catch((error: unknown) =>
  fail(startFailure(error)),
);

await ended;

await services[Symbol.asyncDispose]();

process.exit(0);

async function simulateAzureDevOps(): Promise<AsyncDisposable> {
  const simulator = await startSimulator({
    ...options,
    onRequest: ({ method, path }) => console.log(`${time()} ${method} ${path}`),
  });
  const { organization, project } = simulator;
  printAzureDevOps({ organization, project, token: demoToken });
  return simulator;
}

async function simulateAll(): Promise<AsyncDisposable> {
  const all = await startAll({
    ...options,
    onRequest: (service, { method, path }) => console.error(`${time()} ${service} ${method} ${path}`),
  });
  if (values.json) console.log(JSON.stringify(all.addresses));
  else {
    printAzureDevOps(all.addresses.azureDevOps);
    console.log(signInGuide(all.addresses));
  }
  return all;
}

function printAzureDevOps({ organization, project, token }: AllAddresses["azureDevOps"]): void {
  console.log(`organization  ${organization}`);
  console.log(`project       ${project}`);
  console.log(`token         ${token}`);
  console.log("pipelines");
  for (const { id, name, folder } of demoPipelines)
    console.log(`  ${id}  ${JSON.stringify(name)} in ${folder ?? "\\"}`);
}

function time(): string {
  return new Date().toISOString().slice(11, 19);
}

function numberOption(name: "port" | "speed", max: number): number {
  const value = Number(values[name]);
  const isValid = values[name].trim() !== "" && value >= 0 && value <= max;
  return isValid && (name === "speed" || Number.isInteger(value))
    ? value
    : fail(`--${name} ${values[name]} is not a number from 0 to ${max}.`);
}

function startFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return `Port ${options.port} is in use: choose another with --port, or any free one with --port 0.`;
  return message;
}
