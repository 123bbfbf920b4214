// The post step. The same bundle as the main step, which knows by its state that it is the second to run; a main step
// that was cut off before it could leave any would otherwise be begun anew here, and start a run in a cancelled job.
// What it leaves is where a note for it may be put: here there is no such place.
process.env["STATE_main"] ||= "/";
await import("./index.js");
