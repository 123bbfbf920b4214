import { annotationsOf } from "../core/causes.ts";
import type { Report, Signpost } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import { outcomeText } from "../render/bookends.ts";
import type { Annotation, Line } from "../render/line.ts";
import type { Report as Story, Verdict } from "../render/report.ts";
import { waitingText } from "../render/standing.ts";
import { summaryOf } from "../render/summary.ts";
import type { Followable } from "./attach.ts";
import type { Sight } from "./follow.ts";

/** Check run and commit status, or neither. */
export interface Signs {
  begin(run: Followable): Promise<void>;
  update(sight: Sight): void;
  end(story: Story, signal?: AbortSignal): Promise<void>;
  /** The end of a wait in which no look was answered. */
  endUnseen(verdict: Verdict, signal?: AbortSignal): Promise<void>;
}

/** GitHub's limit of a check run's summary. */
const summaryBytes = 65_535;

const kinds: Readonly<Record<Verdict["kind"], Report["kind"]>> = {
  succeeded: "succeeded",
  failed: "failed",
  canceled: "canceled",
  "timed-out": "timed-out",
  left: "running",
  error: "error",
};

/** Calls back once the last word has been sent. */
export function createSigns(posts: readonly Signpost[], project: string, onEnded: () => void): Signs {
  let begun: Followable | undefined;
  const all = (send: (post: Signpost) => Promise<void>) => Promise.all(posts.map(send)).then(() => undefined);
  const endAll = async (report: Report, signal?: AbortSignal) => {
    await all((post) => post.end(report, signal));
    if (posts.length > 0 && signal?.aborted !== true) onEnded();
  };
  return {
    begin: (run) => {
      begun = run;
      const verdict = {
        kind: "left",
        text: `${run.name} is ${run.isOthers ? "followed" : "started"}`,
      } as const;
      return all((post) => post.begin(unseen(run, verdict)));
    },
    update: ({ run, tree, at }) => {
      if (posts.length === 0) return;
      const text = waitingText(run, tree);
      const verdict = { kind: "left", text } as const;
      const story = {
        run,
        tree,
        verdict,
        at,
        project,
        pipeline: run.pipeline.name ?? "pipeline",
        causes: [],
        excerpts: [],
      };
      void all((post) => post.update(reportOf(story, text)));
    },
    end: async (story, signal) => {
      if (posts.length === 0) return;
      const { run, tree, verdict } = story;
      const text = run.status === "completed" ? outcomeText(run, tree) : verdict.text;
      // A run that is left to itself is not decided: whoever follows it next closes its signs.
      const annotations = verdict.kind === "left" ? [] : onFiles(story);
      await endAll({ ...reportOf(story, text), annotations }, signal);
    },
    endUnseen: async (verdict, signal) => {
      const run = begun;
      if (run !== undefined) await endAll(unseen(run, verdict), signal);
    },
  };
}

function unseen({ id, url }: Followable, { kind, text }: Verdict): Report {
  return {
    kind: kinds[kind],
    title: text,
    summary: "",
    annotations: [],
    runUrl: url,
    runId: id,
    description: text,
  };
}

function reportOf(story: Story, text: string): Report {
  const { run, verdict } = story;
  return {
    kind: kinds[verdict.kind],
    title: text,
    summary: summaryOf(story, summaryBytes),
    annotations: [],
    runUrl: run.url,
    runId: run.id,
    startedAt: run.startedAt ?? undefined,
    description: text,
  };
}

/** They hang on a commit, not on this job's workspace, which often holds no checkout at all. */
function onFiles({ run, tree }: Story): readonly Annotation[] {
  const everything = { errors: Number.POSITIVE_INFINITY, warnings: Number.POSITIVE_INFINITY };
  const all = annotationsOf(tree, run.problems, everything);
  return annotationLines(all, (path) => path).filter(isAnnotation);
}

function isAnnotation(line: Line): line is Annotation {
  return line.type === "error" || line.type === "warning";
}
