import type { ApiResponse } from "../http/response.ts";

const style = `<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.3; margin: .5rem 0 1rem; overflow-wrap: anywhere }
a { color: light-dark(#0969da, #4493f8) }
p, li { overflow-wrap: anywhere }
ul { list-style: none; margin: 0; padding-left: 1.25rem } .records { padding-left: 0 } .records > li { margin-bottom: .6rem }
form { display: inline } button { font: inherit; padding: .1rem .7rem; margin: .15rem .4rem .15rem 0 }
h2 { font-size: 1.2rem }
.quiet { color: light-dark(#59636e, #9198a1); font-weight: normal }
.succeeded { color: light-dark(#1a7f37, #3fb950) } .failed { color: light-dark(#d1242f, #f85149) }
.warning { color: light-dark(#9a6700, #d29922) } .running { color: light-dark(#0969da, #4493f8) }
.symbol { display: inline-block; width: 1.4em }
.log { font: 13px/1.5 ui-monospace, monospace; padding-left: 3.5rem } .log li { white-space: pre-wrap }
.log li::marker { color: light-dark(#59636e, #9198a1) }
li:target, li.target { background: color-mix(in srgb, gold 35%, Canvas); outline: none }
</style>`;

interface Page {
  /** Plain text, as all texts here. */
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** Reload it every few seconds. */
  readonly isChanging?: boolean;
}

/** A page for people, readable on a telephone, light and dark. */
export function page(status: number, { title, body, isChanging = false }: Page): ApiResponse {
  const refresh = isChanging ? '<meta http-equiv="refresh" content="5">' : "";
  return {
    status,
    type: "text/html; charset=utf-8",
    body: `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}
<title>${escaped(title)}</title>${style}</head><body>
${body}
</body></html>
`,
  };
}

export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

const states: Readonly<Record<string, readonly [symbol: string, name: string, text?: string]>> = {
  succeeded: ["✔", "succeeded"],
  succeededWithIssues: ["✔", "warning", "succeeded with issues"],
  partiallySucceeded: ["!", "warning", "partially succeeded"],
  failed: ["✘", "failed"],
  abandoned: ["✘", "failed"],
  canceled: ["⊘", "warning"],
  cancelling: ["⊘", "warning", "canceling"],
  skipped: ["–", "quiet"],
  manuallyQueued: ["–", "quiet", "not started (manual)"],
  dependentOnManualQueue: ["–", "quiet", "not started (manual)"],
  inProgress: ["▶", "running", "running"],
  postponed: ["○", "quiet"],
  notStarted: ["○", "quiet", "in the queue"],
  pending: ["○", "quiet"],
};

/** The symbol of a result or a status. */
export function symbolOf(state: string): string {
  const [symbol, name] = states[state] ?? ["?", "quiet"];
  return `<span class="symbol ${name}">${symbol}</span>`;
}

export function stateText(state: string): string {
  return states[state]?.[2] ?? state;
}

/** `53 s`, `2 min 27 s`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
