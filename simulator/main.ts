import { parseArguments } from "../scripts/arguments.ts";
import { demoToken } from "./azure-devops/sign-in.ts";
import { demoPipelines } from "./engine/demo-pipelines.ts";
import { startSimulator } from "./simulator.ts";

const usage = `npm run simulator -- [--port 8085] [--speed 1]

  --port   of 127.0.0.1; 0: any that is free
  --speed  seconds that pass in its runs while one passes here; 0: none`;

const values = parseArguments(usage, {
  port: { type: "string", default: "8085" },
  speed: { type: "string", default: "1" },
});

const simulator = await startSimulator({
  port: Number(values.port),
  speed: Number(values.speed),
  onRequest: ({ method, path }) => console.log(`${new Date().toISOString().slice(11, 19)} ${method} ${path}`),
});

console.log(`organization  ${simulator.organization}`);

console.log(`project       ${simulator.project}`);

console.log(`token         ${demoToken}`);

console.log("pipelines");

for (const { id, name, folder } of demoPipelines)
  console.log(`  ${id}  ${JSON.stringify(name)} in ${folder ?? "\\"}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => process.exit(0));
  });
}
