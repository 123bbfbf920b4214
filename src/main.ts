import { runPostStep } from "./app/clean-up.ts";
import { runMainStep } from "./app/launch.ts";
import { createEnvironment } from "./wiring.ts";

// Red until there is a verdict: a process that ends by itself is never green.
process.exitCode = 1;
const environment = createEnvironment(process);
if (environment.isPost) {
  await runPostStep(environment);
  process.exitCode = 0;
} else {
  process.exitCode = await runMainStep(environment);
}
environment.close();
// Behind the last line: whatever is still under way has nobody left to wait for it.
process.stdout.write("", () => process.exit());
