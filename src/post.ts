// The post step: the same bundle as the main step, in a second process. `STATE_main` tells them apart. The main step saves
// it as the path of the shutdown file; a main step that was killed early has saved nothing. Without a value, this process
// would take itself for the main step and start a run in a cancelled job.
process.env["STATE_main"] ||= "/";
// A main step that finished by itself leaves nothing to do, so the bundle is not loaded.
if (process.env["STATE_phase"] !== '{"at":"settled"}') {
  // In `dist` the bundle is next to this file; `src` has no such module.
  const bundle = "./index.js";
  await import(bundle);
}
