import { fail, numberOption, parseArguments } from "../scripts/arguments.ts";
import { type AllAddresses, startAll } from "./all.ts";
import { demoToken } from "./azure-devops/sign-in.ts";
import { demoPipelines } from "./engine/demo-pipelines.ts";
import { signInGuide } from "./sign-in-guide.ts";
import { startSimulator } from "./simulator.ts";

const usage = `npm run simulator -- [options]    a simulator of Azure DevOps, until Ctrl+C

  --port   port of 127.0.0.1 to listen on; 0: any free port (default: 8085)
  --speed  how many times faster than real time runs progress; 0: not at all (default: 1)
  --all    start Entra ID, GitHub's OIDC and REST API and managed identity too, each on a free port
  --json   with --all: print the addresses and credentials as one line of JSON`;

const values = parseArguments(usage, {
  port: { type: "string", default: "8085" },
  speed: { type: "string", default: "1" },
  all: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
});

const options = {
  port: numberOption("port", values.port, { min: 0, max: 65_535 }),
  speed: numberOption("speed", values.speed, { min: 0, max: 1_000_000, isWhole: false }),
};

if (values.json && !values.all) fail("--json needs --all.");

// Registered before anything is started, so that an early signal leaves nothing behind.
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
  console.log(`in a browser  ${organization}/${project}/_build`);
  console.log("pipelines");
  for (const { id, name, folder } of demoPipelines)
    console.log(`  ${id}  ${JSON.stringify(name)} in ${folder ?? "\\"}`);
}

function time(): string {
  return new Date().toISOString().slice(11, 19);
}

function startFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return `Port ${options.port} is in use: choose another with --port, or any free one with --port 0.`;
  return message;
}
