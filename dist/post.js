"use strict";
// The post step: the same bundle as the main step, which sees by the name of this file which step it is.
// A main step that finished by itself leaves nothing to do, so the bundle is not loaded.
if (process.env["STATE_phase"] !== '{"at":"settled"}') {
    // In `dist` the bundle is next to this file; `src` has no such module.
    const bundle = "./index.js";
    await import(bundle);
}
