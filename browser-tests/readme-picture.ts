// Draws docs/sample-summary.md, light and dark, for the README: `npm run picture --prefix browser-tests`. A narrow page stays
// readable at the README's size.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { displaySummary, openBrowser, openPage } from "./page.ts";

const docs = join(import.meta.dirname, "../docs");
const summary = readFileSync(join(docs, "sample-summary.md"), "utf8");
const browser = await openBrowser();
for (const [theme, file] of [
  ["light", "summary.png"],
  ["dark", "summary-dark.png"],
] as const) {
  const page = await openPage(browser, { theme, width: 736 });
  await displaySummary(page, summary);
  await page.screenshot({ path: join(docs, file), fullPage: true });
}
await browser.close();
