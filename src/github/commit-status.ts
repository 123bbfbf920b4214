import { clip, oneLine } from "../lib/text.ts";
import type { CommitReporter } from "../ports.ts";
import { parseRepository } from "./octokit.ts";
import { createReportQueue, type ReportQueueOptions } from "./report-queue.ts";

const descriptionLimit = 140;

const states = {
  running: "pending",
  succeeded: "success",
  failed: "failure",
  canceled: "failure",
  "timed-out": "failure",
  error: "error",
  skipped: "success",
} as const;

/** A status on the commit. GitHub keeps the newest of a context, so a later step closes it by writing its own. */
export function createCommitStatusReporter(options: ReportQueueOptions): CommitReporter {
  const { name, repository, commit } = options;
  return createReportQueue(
    {
      label: `commit status "${name}"`,
      permission: "statuses: write",
      contentKey: ({ kind, description, runUrl }) => JSON.stringify([kind, description, runUrl]),
      // https://docs.github.com/rest/commits/statuses#create-a-commit-status
      async write(octokit, { kind, description, runUrl }, { signal }) {
        await octokit.rest.repos.createCommitStatus({
          ...parseRepository(repository),
          sha: commit,
          context: name,
          state: states[kind],
          target_url: runUrl,
          description: statusDescription(description),
          request: { signal },
        });
      },
    },
    options,
  );
}

/** GitHub refuses characters of four bytes here ("description doesn't accept 4-byte Unicode"). */
function statusDescription(text: string): string {
  return clip(oneLine(text.replaceAll(/[\u{10000}-\u{10ffff}]\ufe0f?/gu, "")), descriptionLimit);
}
