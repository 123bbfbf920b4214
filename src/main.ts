// Both steps load this file, even on an unsupported Node. So what it imports must not use what Node 20 lacks while it is loaded.
import { isSupportedNode, refuseNode } from "./github/node-version.ts";
import { runStep } from "./run-step.ts";

// The entry file decides which step runs, since a workflow can set any environment variable.
const step = /[\\/]post\.m?js$/.test(process.argv[1] ?? "") ? "post" : "main";

if (isSupportedNode(process.versions.node)) await runStep(step);
else if (step === "main") refuseNode(process);
