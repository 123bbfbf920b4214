import { eventCommit, isSameRepository, type PipelineRepository, type Trigger } from "./default-ref.ts";
import type { RunFacts } from "./model.ts";

/** The value of `check-commit`: the commit that was built, or a full hash in lower case. */
export type CheckCommit = { readonly kind: "run" } | { readonly kind: "hash"; readonly sha: string };

/** What a run builds, according to Azure DevOps. */
export interface RunSource {
  readonly ref: string | null;
  /** `null` if it is not known (yet). */
  readonly commit: string | null;
  /** The head of the pull request whose merge the run builds, if Azure DevOps itself started it for one. */
  readonly prSourceSha: string | undefined;
  readonly repository: PipelineRepository;
}

/** The commit for a check run or a status. */
type ReportTarget =
  | { readonly kind: "commit"; readonly sha: string }
  /** The second parent of this merge commit; if `expected` is given, only if it equals that. */
  | { readonly kind: "merged-head"; readonly mergeCommit: string; readonly expected: string | undefined }
  /** It is not known yet what is built. */
  | { readonly kind: "unknown" }
  | { readonly kind: "none"; readonly reason: string };

const mergeRef = /^refs\/pull\/\d+\/merge$/;

/** Results are reported on a commit that was built: `source` decides whether the event's commit is one. */
export function reportTarget(
  checkCommit: CheckCommit | undefined,
  trigger: Trigger,
  source: RunSource,
): ReportTarget {
  if (checkCommit?.kind === "hash") return { kind: "commit", sha: checkCommit.sha };
  const buildsThisRepository = isSameRepository(trigger, source.repository);
  if (checkCommit?.kind === "run") {
    if (!buildsThisRepository) {
      const name = source.repository.fullName ?? "another repository";
      return { kind: "none", reason: `\`check-commit: run\` is set, but the pipeline builds ${name}` };
    }
    return builtCommit(source);
  }
  const expected = eventCommit(trigger) ?? trigger.sha;
  return buildsThisRepository
    ? eventCommitIfBuilt(expected, trigger, source)
    : { kind: "commit", sha: expected };
}

/**
 * Whose files a run names: those of the event's commit, those of another commit of this repository, or those of another
 * repository. A hash only matches itself, so a mirror of this repository has the files of its commit too. What the service
 * doesn't say contradicts nothing.
 */
export function sourceOrigin(
  trigger: Trigger,
  { source, repository, prSourceSha }: Pick<RunFacts, "source" | "repository" | "prSourceSha">,
): "event-commit" | "repository" | "elsewhere" {
  const expected = eventCommit(trigger) ?? trigger.sha;
  if (source.commit?.toLowerCase() === expected.toLowerCase()) return "event-commit";
  if (repository === undefined) return "event-commit";
  if (!isSameRepository(trigger, repository)) return "elsewhere";
  const { kind } = eventCommitIfBuilt(expected, trigger, { ...source, repository, prSourceSha });
  return kind === "commit" || kind === "merged-head" ? "event-commit" : "repository";
}

function builtCommit({ ref, commit, prSourceSha }: RunSource): ReportTarget {
  if (prSourceSha !== undefined) return { kind: "commit", sha: prSourceSha };
  if (commit === null) return { kind: "unknown" };
  if (mergeRef.test(ref ?? "")) return { kind: "merged-head", mergeCommit: commit, expected: undefined };
  return { kind: "commit", sha: commit };
}

function eventCommitIfBuilt(
  expected: string,
  trigger: Trigger,
  { ref, commit, prSourceSha }: RunSource,
): ReportTarget {
  if (commit === null && prSourceSha === undefined) return { kind: "unknown" };
  const isExpected = (sha: string | null | undefined) => sha?.toLowerCase() === expected.toLowerCase();
  if (isExpected(commit) || isExpected(prSourceSha)) return { kind: "commit", sha: expected };
  if (commit !== null && prSourceSha === undefined && mergeRef.test(ref ?? "")) {
    // The merge commit of this event.
    const isOwnMerge = trigger.ref === ref && trigger.sha.toLowerCase() === commit.toLowerCase();
    if (isOwnMerge && trigger.pullRequest !== undefined) return { kind: "commit", sha: expected };
    return { kind: "merged-head", mergeCommit: commit, expected };
  }
  return { kind: "none", reason: notBuilt(prSourceSha ?? commit ?? "another commit", expected) };
}

/** Why nothing is reported: the run built another commit than the one that the event is about. */
export function notBuilt(built: string, expected: string): string {
  return `the run built ${built.slice(0, 12)}, not ${expected.slice(0, 12)}, which this workflow runs for`;
}
