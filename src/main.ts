import { cleanUp } from "./app/clean-up.ts";
import { launch } from "./app/launch.ts";
import { outside } from "./wiring.ts";

// Red until there is a verdict: a process that ends by itself is never green.
process.exitCode = 1;
const world = outside(process);
if (world.isPost) {
  await cleanUp(world);
  process.exitCode = 0;
} else {
  process.exitCode = await launch(world);
}
world.close();
// Behind the last line: whatever is still under way has nobody left to wait for it.
process.stdout.write("", () => process.exit());
