import { runMainStep } from "./app/main-step.ts";
import { createEnvironment, type StepKind } from "./wiring.ts";

/** How long after the last line something that still keeps the process alive may do so. Milliseconds. */
const exitTimeoutMs = 500;

/** Runs one of the action's two steps, and sets the exit code of the process. */
export async function runStep(step: StepKind): Promise<void> {
  // Red until there is a verdict: a process that ends by itself is never green.
  process.exitCode = 1;
  const environment = createEnvironment(step, process);
  if (step === "post") {
    const { runPostStep } = await import("./app/post-step.ts");
    await runPostStep(environment);
    process.exitCode = 0;
  } else {
    process.exitCode = await runMainStep(environment);
  }
  environment.close();
  // The process ends by itself, since `process.exit` can deadlock (nodejs/node#54918). This is the last resort.
  setTimeout(() => process.exit(), exitTimeoutMs).unref();
}
