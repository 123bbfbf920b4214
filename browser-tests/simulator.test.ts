import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { runAction } from "../runner-emulator/runner.ts";
import { demoToken, type Simulator, startSimulator } from "../simulator/index.ts";
import { openBrowser } from "./page.ts";

const pictures = join(import.meta.dirname, "pictures");

describe("the simulator's pages", () => {
  let browser: Browser;
  let azure: Simulator;
  let runUrl = "";
  let logUrl = "";

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await openBrowser();
    azure = await startSimulator({ speed: 12 });
    const { organization, project } = azure;
    const inputs = { organization, project, "pipeline-id": "43", ref: "main", token: demoToken };
    const { main } = await runAction({ ...inputs, "poll-interval": "1s" });
    runUrl = main.outputs["run-url"] ?? "";
    logUrl = /http:\S+&l=15/.exec(main.log)?.[0] ?? "";
  });

  after(async () => {
    await browser.close();
    await azure.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [960, 390]) {
      it(`fit a window of ${width} pixels, ${colorScheme}`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 700 } });
        const pages = { runs: `${azure.organization}/${azure.project}/_build`, run: runUrl, log: logUrl };
        for (const [name, url] of Object.entries(pages)) {
          await page.goto(url);
          const contentWidth = await page.evaluate(() => document.documentElement.scrollWidth);
          await page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`) });
          assert.ok(contentWidth <= width, `${name} is ${contentWidth} pixels wide`);
        }
        await page.close();
      });
    }
  }

  it("lead from the list to a run, and from a link of the action to the line of the log", async () => {
    const page = await browser.newPage();
    await page.goto(`${azure.organization}/${azure.project}/_build`);
    await page
      .getByRole("link", { name: /^deploy / })
      .first()
      .click();
    assert.match((await page.textContent("h1")) ?? "", /deploy \d+\.\d+: failed/);
    await page.goto(logUrl);
    assert.match((await page.textContent("li.target")) ?? "", /Bash exited with code '22'/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "l15");
    await page.close();
  });
});
