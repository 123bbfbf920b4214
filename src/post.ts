// Entry file of the post step. The bundle is that of the main step; it detects the step by the name of this file.
// If the main step ended normally, there is nothing to do, and the bundle is not loaded.
if (process.env["STATE_phase"] !== '{"at":"settled"}') {
  // In `dist` the bundle is next to this file; `src` has no such module.
  const bundle = "./index.js";
  void import(bundle);
}
