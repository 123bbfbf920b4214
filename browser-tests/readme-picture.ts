// Draws docs/sample-summary.md, light and dark, for the README: `npm run picture --prefix browser-tests`.
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
  const page = await openPage(browser, { theme });
  await displaySummary(page, summary);
  // As if the excerpt were scrolled to its end: otherwise the picture is taller than a screen.
  await page.evaluate(() => {
    for (const code of document.querySelectorAll("pre code")) {
      code.textContent = code.textContent.split("\n").slice(-8).join("\n");
    }
  });
  await page.screenshot({ path: join(docs, file), fullPage: true });
}
await browser.close();
