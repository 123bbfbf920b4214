import { annotationsOf } from "../core/causes.ts";
import type { Signpost, SignReport } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { Annotation, Line } from "../render/line.ts";
import type { Report, Verdict } from "../render/report.ts";
import { unseenText, verdictText } from "../render/sign-text.ts";
import { waitingText } from "../render/standing.ts";
import { summaryOf } from "../render/summary.ts";
import type { Followable } from "./attach.ts";
import type { Sight } from "./follow.ts";
import type { Owed } from "./owed.ts";

/** Check run and commit status, or neither. */
export interface Signs {
  begin(run: Followable): Promise<void>;
  update(sight: Sight): void;
  end(report: Report, signal?: AbortSignal): Promise<void>;
  /** The end of a wait in which no look was answered. */
  endUnseen(verdict: Verdict, signal?: AbortSignal): Promise<void>;
  /** Whether a last word is left to be said by the post step. */
  areOwed(): boolean;
}

/** What the post step has to know of them. */
interface Keeping {
  onEnded(): void;
  onOwed(owed: Owed): void;
}

/** Calls back with the last word before it is sent, and with how far that has come. */
export function createSigns(
  posts: readonly Signpost[],
  project: string,
  { onEnded, onOwed }: Keeping,
): Signs {
  let begun: Followable | undefined;
  let isOwed = false;
  const endAll = async (report: SignReport, signal?: AbortSignal) => {
    if (posts.length === 0) return;
    // A sign that says that the run goes on is no last word.
    const isLast = report.kind !== "running";
    if (isLast) onOwed({ report, posts: [...posts.keys()] });
    const settled = await Promise.all(posts.map((post) => post.end(report, signal)));
    const open = settled.flatMap((isSettled, place) => (isSettled ? [] : [place]));
    isOwed = isLast && open.length > 0;
    if (isOwed) onOwed({ report, posts: open });
    else if (isLast || signal?.aborted !== true) onEnded();
  };
  return {
    begin: async (run) => {
      begun = run;
      const text = `${run.name} is ${run.isOthers ? "followed" : "started"}`;
      const first = unseen(run, "running", text);
      await Promise.all(posts.map((post) => post.begin(first)));
    },
    update: (sight) => {
      if (posts.length === 0) return;
      const news = underWay(sight, project);
      for (const post of posts) void post.update(news);
    },
    end: async (report, signal) => {
      if (posts.length > 0) await endAll(atEnd(report), signal);
    },
    endUnseen: async (verdict, signal) => {
      if (begun !== undefined)
        await endAll(unseen(begun, verdict.kind, unseenText(begun.name, verdict)), signal);
    },
    areOwed: () => isOwed,
  };
}

function unseen({ id, url }: Followable, kind: Verdict["kind"], text: string): SignReport {
  return {
    kind,
    title: text,
    summary: () => "",
    annotations: [],
    runUrl: url,
    runId: id,
    description: text,
  };
}

function underWay({ run, tree, at }: Sight, project: string): SignReport {
  const text = waitingText(run, tree);
  const verdict = { kind: "running", text } as const;
  const pipeline = run.pipeline.name ?? "pipeline";
  return seen({ run, tree, verdict, at, project, pipeline, causes: [], excerpts: [] }, text);
}

function atEnd(report: Report): SignReport {
  // A run that is left to itself is not decided: whoever follows it next closes its signs.
  const annotations = report.verdict.kind === "running" ? [] : onFiles(report);
  return { ...seen(report, verdictText(report)), annotations };
}

function seen(report: Report, text: string): SignReport {
  const { run, verdict } = report;
  return {
    kind: verdict.kind,
    title: text,
    summary: (limitBytes) => summaryOf(report, limitBytes),
    annotations: [],
    runUrl: run.url,
    runId: run.id,
    startedAt: run.startedAt ?? undefined,
    description: text,
  };
}

/** They hang on a commit, not on this job's workspace, which often holds no checkout at all. */
function onFiles({ run, tree }: Report): readonly Annotation[] {
  const everything = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
  const all = annotationsOf(tree, run.problems, everything);
  return annotationLines(all, (path) => path).filter(isAnnotation);
}

function isAnnotation(line: Line): line is Annotation {
  return line.type === "error" || line.type === "warning";
}
