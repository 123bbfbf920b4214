import { runMainStep } from "./app/main-step.ts";
import { createEnvironment } from "./wiring.ts";

// Red until there is a verdict: a process that ends by itself is never green.
process.exitCode = 1;

const environment = createEnvironment(process);

if (environment.isPost) {
  const { runPostStep } = await import("./app/post-step.ts");
  await runPostStep(environment);
  process.exitCode = 0;
} else {
  process.exitCode = await runMainStep(environment);
}

environment.close();

// Behind the last line: whatever is still under way has nobody left to wait for it.
process.stdout.write("", () => process.exit());
