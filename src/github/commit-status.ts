import * as v from "valibot";
import { ignoreError } from "../errors.ts";
import { clip, oneLine } from "../lib/text.ts";
import type { CommitReporter } from "../ports.ts";
import { type Octokit, parseRepository } from "./octokit.ts";
import {
  createReportQueue,
  NotReportedError,
  type ReportQueueOptions,
  supersededText,
} from "./report-queue.ts";

const descriptionLimit = 140;

/** Part of the ten seconds that a step waits for its final report. */
const maxListMs = 3_000;

const states = {
  running: "pending",
  succeeded: "success",
  failed: "failure",
  canceled: "failure",
  "timed-out": "failure",
  error: "error",
  skipped: "success",
} as const;

interface CommitStatusOptions extends ReportQueueOptions {
  /** Whether the step follows a run that it did not start. */
  readonly isExternalRun?: boolean;
}

/** A status on the commit. GitHub shows the newest of a context, so a later step closes it by writing its own. */
export function createCommitStatusReporter(options: CommitStatusOptions): CommitReporter {
  const { name, repository, isExternalRun = false } = options;
  const ownerAndRepo = parseRepository(repository);

  /** A later run may have reported on the commit in the meantime, under the same name. */
  async function newerRun(
    octokit: Octokit,
    {
      commit,
      runId,
      signal,
    }: { readonly commit: string; readonly runId: number | undefined; readonly signal: AbortSignal },
  ): Promise<number | undefined> {
    if (runId === undefined) return undefined;
    const request = { signal: AbortSignal.any([signal, AbortSignal.timeout(maxListMs)]) };
    const query = { ...ownerAndRepo, ref: commit, per_page: 100, request };
    const response = await octokit.rest.repos
      .listCommitStatusesForRef(query)
      .catch(ignoreError("a missing result is worse than one that may be outdated"));
    return response === undefined ? undefined : newerRunIn(response.data, name, runId);
  }

  return createReportQueue(
    {
      label: `commit status "${name}"`,
      permission: "statuses: write",
      contentKey: ({ kind, description, runUrl }) => JSON.stringify([kind, description, runUrl]),
      // https://docs.github.com/rest/commits/statuses#create-a-commit-status
      async write(octokit, { kind, description, runUrl, runId }, { commit, isFinal, signal }) {
        const newer =
          isFinal || isExternalRun ? await newerRun(octokit, { commit, runId, signal }) : undefined;
        if (newer !== undefined) throw new NotReportedError(supersededText(`commit status "${name}"`, newer));
        await octokit.rest.repos.createCommitStatus({
          ...ownerAndRepo,
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

const statusListShape = v.array(
  v.object({ context: v.string(), target_url: v.fallback(v.nullish(v.string()), null) }),
);

/** The newest run of that context with a higher id, since ids increase. */
function newerRunIn(response: unknown, context: string, runId: number): number | undefined {
  const parsed = v.safeParse(statusListShape, response);
  const ids = (parsed.success ? parsed.output : [])
    .filter((status) => status.context === context)
    .map(({ target_url }) => Number(/[?&]buildId=(\d+)/i.exec(target_url ?? "")?.[1]))
    .filter((id) => id > runId);
  return ids.length === 0 ? undefined : Math.max(...ids);
}

/** GitHub refuses characters of four bytes here ("description doesn't accept 4-byte Unicode"). */
function statusDescription(text: string): string {
  return clip(oneLine(text.replaceAll(/[\u{10000}-\u{10ffff}]\ufe0f?/gu, "")), descriptionLimit);
}
