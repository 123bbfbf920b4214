// Both steps load this file, even on an unsupported Node. So it only uses what Node 20 has, and imports all other code
// through `run-step.ts` after the check.
import { isSupportedNode, refuseNode } from "./github/node-version.ts";

// The entry file decides which step runs, since a workflow can set any environment variable.
const step = /[\\/]post\.m?js$/.test(process.argv[1] ?? "") ? "post" : "main";

if (isSupportedNode(process.versions.node)) {
  const { runStep } = await import("./run-step.ts");
  await runStep(step);
} else if (step === "main") {
  refuseNode(process);
}
