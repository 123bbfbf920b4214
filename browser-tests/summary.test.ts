import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Browser } from "playwright-core";
import { phaseWithJob, recordsOf, runOf, stage } from "../__tests__/core/builders.ts";
import { untrustedText } from "../__tests__/render/untrusted-text.ts";
import { buildRunTree } from "../src/core/build-run-tree.ts";
import { ganttChart } from "../src/render/timeline-chart.ts";
import {
  displaySummary,
  inspectSummary,
  layoutProblems,
  mermaidError,
  openBrowser,
  openPage,
} from "./page.ts";
import { runForSummary, summaryCases } from "./summary-cases.ts";

const pictures = join(import.meta.dirname, "pictures");

let browser: Browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await openBrowser();
});

after(() => browser.close());

describe("a summary in the browser", { concurrency: 2 }, () => {
  for (const summaryCase of summaryCases) {
    it(`draws: ${summaryCase.name}`, async () => {
      const { summary, origin } = await runForSummary(summaryCase);
      const page = await openPage(browser);
      await displaySummary(page, summary);
      const { charts, bars, errors, links, unexpectedElements } = await inspectSummary(page);
      await page.screenshot({ path: join(pictures, `${summaryCase.name}.png`), fullPage: true });
      for (const [width, theme] of [
        [960, "light"],
        [390, "dark"],
      ] as const) {
        if (width === 390 && summaryCase.hasLongNames) continue;
        const narrow = await openPage(browser, { width, theme });
        await displaySummary(narrow, summary, { isUnfolded: true });
        assert.deepEqual(await layoutProblems(narrow), [], `at ${width} pixels`);
        await narrow.close();
      }
      const heading = (await page.locator("h2").first().textContent()) ?? "";
      await page.close();
      assert.match(heading, summaryCase.heading);
      assert.deepEqual([charts, errors], [1, 0], summary);
      assert.equal(bars, summary.match(/^ {4}\S.* :(?:(?:done|crit), )?2000-/gm)?.length);
      assert.deepEqual(unexpectedElements, []);
      assert.deepEqual(
        links.filter((link) => !link.startsWith(origin)),
        [],
      );
    });
  }
});

describe("a chart", () => {
  it("is one that Mermaid understands, whatever the names hold", async () => {
    const page = await openPage(browser);
    await fc.assert(
      fc.asyncProperty(untrustedText, untrustedText, async (stageName, jobName) => {
        const tree = buildRunTree(
          recordsOf(
            stage("Build", { name: stageName, from: 10, to: 40 }),
            phaseWithJob("Build.Compile", { name: jobName, from: 10, to: 40 }),
          ),
        );
        const chart = ganttChart(runOf(), tree).replaceAll(/^```.*\n?/gm, "");
        assert.equal(await mermaidError(page, chart), undefined, chart);
      }),
      { numRuns: 300 },
    );
    await page.close();
  });

  it("shows the whole label of every bar, wherever the bar is and whatever the label is made of", async () => {
    const page = await openPage(browser);
    const span = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 2, maxLength: 2 });
    const name = fc.constantFrom("integration tests ", "WMQ@", "Щорічна перевірка ", "統合テスト");
    await fc.assert(
      fc.asyncProperty(
        span,
        name,
        fc.integer({ min: 5, max: 60 }),
        fc.boolean(),
        async (times, part, length, isShort) => {
          const [from = 0, to = 0] = times.toSorted((one, other) => one - other);
          const stageNames = isShort ? ["A", "B"] : ["Deploy to production", "Deploy to everywhere"];
          const records = [
            [
              stage("A", { name: stageNames[0], from: 0, to: 600 }),
              phaseWithJob("A.a", { name: "a", from: 0, to: 600 }),
            ],
            [
              stage("B", { name: stageNames[1], from, to, order: 2 }),
              phaseWithJob("B.b", { name: part.repeat(length).slice(0, length), from, to }),
            ],
          ];
          const chart = ganttChart(runOf(), buildRunTree(recordsOf(...records.flat())));
          await displaySummary(page, chart);
          assert.deepEqual(await layoutProblems(page), [], chart);
        },
      ),
      { numRuns: 60 },
    );
    await page.close();
  });

  it("begins at zero in every time zone", async () => {
    const { summary } = await runForSummary({ name: "zone", pipelineId: 49, heading: /./ });
    for (const zone of ["Asia/Kolkata", "America/St_Johns", "Pacific/Auckland"]) {
      const page = await openPage(browser, { timezoneId: zone });
      await displaySummary(page, summary);
      const { ticks } = await inspectSummary(page);
      await page.close();
      assert.match(ticks[0] ?? "", /^00:0\d$/, zone);
    }
  });
});
