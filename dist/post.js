// The post step. The same bundle as the main step, which knows by its state that it is the second to run; a main step
// that was cut off before it could leave any would otherwise be begun anew here, and start a run in a cancelled job.
// What it leaves is where a note for it may be put: here there is no such place.
process.env["STATE_main"] ||= "/";
// Most main steps come to their own end: then there is nothing to load the bundle for.
if (process.env["STATE_phase"] !== '{"at":"settled"}') await import("./index.js");
