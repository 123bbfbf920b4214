// Both steps load this file, also on a Node that is too old for the rest: it uses nothing that Node 20 lacks, and the
// rest is loaded by `run-step.ts` only after the check.
import { isSupportedNode, refuseNode } from "./github/node-version.ts";

// The entry file decides which step runs: the environment may hold anything.
const step = /[\\/]post\.m?js$/.test(process.argv[1] ?? "") ? "post" : "main";

if (isSupportedNode(process.versions.node)) {
  const { runStep } = await import("./run-step.ts");
  await runStep(step);
} else if (step === "main") {
  refuseNode(process);
}
