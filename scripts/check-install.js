// The npm scripts load this first, in JavaScript that an old Node can run: without the packages or with an old Node, their
// imports would fail with a stack trace.
import { existsSync } from "node:fs";

const isInstalled = existsSync(new URL("../node_modules", import.meta.url));
const isOldNode = Number(process.versions.node.split(".")[0]) < 24;
if (!isInstalled) fail("The packages are not installed: run `npm ci`.");
if (isOldNode) fail(`This needs Node 24, and this is Node ${process.versions.node}: install Node 24.`);

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
