import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";
import { type Browser, chromium, type Page } from "playwright-core";

const require = createRequire(import.meta.url);
const mermaid = join(dirname(require.resolve("mermaid")), "mermaid.min.js");
const markdown = new MarkdownIt({ html: true, linkify: true });

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    console.error(`There is no browser at ${executablePath}: install Chromium, or set CHROMIUM to its path.`);
    process.exit(1);
  }
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
}

interface PageOptions {
  /** Of the window, in CSS pixels. */
  readonly width?: number;
  readonly timezoneId?: string;
  readonly theme?: "light" | "dark";
}

/** A page with nothing on it but Mermaid. Nothing is loaded from other machines. */
export async function openPage(
  browser: Browser,
  { timezoneId = "Europe/Berlin", theme = "light", width = 960 }: PageOptions = {},
): Promise<Page> {
  const style = readFileSync(require.resolve(`github-markdown-css/github-markdown-${theme}.css`), "utf8");
  const background = theme === "light" ? "#ffffff" : "#0d1117";
  const page = await browser.newPage({
    timezoneId,
    colorScheme: theme,
    viewport: { width, height: 600 },
    deviceScaleFactor: 1.5,
  });
  await page.route("**", (route) => route.abort());
  await page.setContent("<!doctype html><html lang=en><body></body></html>");
  await page.addScriptTag({ path: mermaid });
  await page.addStyleTag({
    content: `${style}\nbody { margin: 0; background: ${background}; } .markdown-body { padding: 24px 32px; max-width: 896px; }`,
  });
  await page.evaluate(
    (mermaidTheme) => {
      const { mermaid } = globalThis as unknown as { mermaid: { initialize(options: object): void } };
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: "strict",
        suppressErrorRendering: false,
        theme: mermaidTheme,
      });
    },
    theme === "light" ? "default" : "dark",
  );
  return page;
}

/** Draws a summary, its charts by Mermaid, and resolves once all of it is there. */
export async function displaySummary(
  page: Page,
  summary: string,
  { isUnfolded = false } = {},
): Promise<void> {
  await page.evaluate(
    async ({ html, isUnfolded }) => {
      document.body.innerHTML = `<article class="markdown-body">${html}</article>`;
      if (isUnfolded) for (const details of document.querySelectorAll("details")) details.open = true;
      for (const code of document.querySelectorAll("code.language-mermaid")) {
        const chart = document.createElement("div");
        chart.className = "mermaid";
        chart.textContent = code.textContent;
        code.parentElement?.replaceWith(chart);
      }
      const { mermaid } = globalThis as unknown as { mermaid: { run(options: object): Promise<void> } };
      await mermaid.run({ querySelector: ".mermaid", suppressErrors: true });
    },
    { html: markdown.render(summary), isUnfolded },
  );
}

export interface RenderedSummary {
  readonly charts: number;
  /** Bars of all charts. */
  readonly bars: number;
  readonly errors: number;
  readonly ticks: readonly string[];
  readonly links: readonly string[];
  /** Names of elements that no summary of ours has. */
  readonly unexpectedElements: readonly string[];
}

const expectedElements =
  "article,h2,h3,p,a,strong,em,code,pre,details,summary,table,thead,tbody,tr,th,td,ul,li,div.mermaid,div.mermaid *";

/** What can be seen of a summary. */
export function inspectSummary(page: Page): Promise<RenderedSummary> {
  return page.evaluate((expected) => {
    const all = <T extends Element>(selector: string) => [...document.body.querySelectorAll<T>(selector)];
    const texts = (selector: string) => all(selector).map((element) => element.textContent ?? "");
    return {
      charts: all(".mermaid svg").length,
      bars: all(".mermaid svg rect.task").length,
      errors:
        all(".error-icon, .error-text").length +
        texts(".mermaid").filter((text) => /Syntax error/.test(text)).length,
      ticks: texts(".mermaid .grid .tick text"),
      links: all<HTMLAnchorElement>("a").map((link) => link.href),
      unexpectedElements: all("*")
        .filter((element) => !element.matches(expected))
        .map((element) => element.localName),
    };
  }, expectedElements);
}

/** Mermaid's own opinion of a chart: its complaint, if it has one. */
export function mermaidError(page: Page, chart: string): Promise<string | undefined> {
  return page.evaluate(async (text) => {
    const { mermaid } = globalThis as unknown as { mermaid: { parse(text: string): Promise<unknown> } };
    try {
      await mermaid.parse(text);
      return undefined;
    } catch (error) {
      return String(error);
    }
  }, chart);
}

/** What a reader could not read: a table or chart that is cut off, texts of a chart that overlap or are hardly visible. */
export function layoutProblems(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const all = (selector: string, within: ParentNode = document) => [...within.querySelectorAll(selector)];
    const isBeyond = (inner: DOMRect, outer: DOMRect) =>
      inner.left < outer.left - 1 || inner.right > outer.right + 1;
    const overlap = (one: DOMRect, other: DOMRect) =>
      one.left < other.right - 1 &&
      other.left < one.right - 1 &&
      one.top < other.bottom - 2 &&
      other.top < one.bottom - 2;
    const box = (element: Element) => element.getBoundingClientRect();
    // As WCAG 2 defines both.
    const luminance = (color: string) => {
      const parts = (color.match(/\d+(?:\.\d+)?/g) ?? []).slice(0, 3).map((part) => Number(part) / 255);
      const [red = 0, green = 0, blue = 0] = parts.map((part) =>
        part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one: string, other: string) => {
      const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const pageColor = getComputedStyle(document.body).backgroundColor;
    const cutOff = all("table, .mermaid svg, article")
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.localName} is cut off`);
    const charts = all(".mermaid svg").flatMap((svg) => {
      const texts = all("text", svg).filter((text) => box(text).width > 0);
      const outside = texts
        .filter((text) => isBeyond(box(text), box(svg)))
        .map((text) => `the chart's edge cuts "${text.textContent}"`);
      const overlaps = texts.flatMap((text, index) =>
        texts
          .slice(index + 1)
          .filter((other) => overlap(box(text), box(other)))
          .map((other) => `"${text.textContent}" overlaps "${other.textContent}"`),
      );
      const titles = all("text.sectionTitle", svg).flatMap((title) =>
        all("rect.task", svg)
          .filter((bar) => overlap(box(title), box(bar)))
          .map(() => `"${title.textContent}" overlaps a bar`),
      );
      // A label within a bar has the bar's own background.
      const faint = all(
        "text.taskTextOutsideLeft, text.taskTextOutsideRight, text.sectionTitle, .tick text",
        svg,
      )
        .filter((text) => contrast(getComputedStyle(text).fill, pageColor) < 4.5)
        .map((text) => `"${text.textContent}" is hardly visible`);
      return [...outside, ...overlaps, ...titles, ...faint];
    });
    return [...cutOff, ...charts];
  });
}
