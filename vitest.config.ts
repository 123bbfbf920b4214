import { defineConfig } from "vitest/config";
import { compileCache } from "./runner-emulator/process.ts";

const needed = 24;
const { node } = process.versions;
if (Number.parseInt(node, 10) < needed) {
  throw new Error(
    `The tests need Node ${needed}, and this is Node ${node}: run \`npm test\`, or let the editor run them with node_modules/.bin/node.`,
  );
}

// For workers, and for the scripts that tests start.
process.env["NODE_COMPILE_CACHE"] = compileCache;

// Real processes and real sockets: a test that hangs has to end by itself, and long before CI does.
export default defineConfig({
  test: {
    include: ["__tests__/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Scenarios mostly wait for a process or a server: two cores carry five files of six at a time.
    maxWorkers: 5,
    maxConcurrency: 6,
    // No module here keeps state, so a worker serves file after file: starting one for each costs a fifth of the time.
    isolate: false,
  },
});
