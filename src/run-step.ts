import { runMainStep } from "./app/main-step.ts";
import { createEnvironment, type StepKind } from "./wiring.ts";

/** How long open handles may keep the process alive after the step has ended, in milliseconds. */
const exitTimeoutMs = 500;

/** Runs the main or the post step and sets the exit code of the process. */
export async function runStep(step: StepKind): Promise<void> {
  // Failed until there is a result, so that a process that ends early never passes.
  process.exitCode = 1;
  const environment = createEnvironment(step, process);
  if (step === "post") {
    const { runPostStep } = await import("./app/loaded-later.ts");
    await runPostStep(environment);
    process.exitCode = 0;
  } else {
    process.exitCode = await runMainStep(environment);
  }
  environment.close();
  // The process ends by itself, since `process.exit` can deadlock (nodejs/node#54918). This is the last resort.
  setTimeout(() => process.exit(), exitTimeoutMs).unref();
}
