// What is not needed before a run is started. It is one chunk of the bundle: each further file takes half a millisecond to load.
export { attachToRun } from "./attach-run.ts";
export { findOrStartRun } from "./find-run.ts";
export { handleInterruption, reportInterruptedRun } from "./interrupted-step.ts";
export { runPostStep } from "./post-step.ts";
export { preview } from "./preview.ts";
export { resumeEarlierRun, retryFollowedRun } from "./retry-run.ts";
export { trackRun } from "./track-run.ts";
