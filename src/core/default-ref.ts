/** The part of the workflow's event that decides what to build. */
export interface Trigger {
  readonly event: string;
  /** OWNER/NAME. Blank outside a workflow. */
  readonly repository: string;
  readonly serverUrl: string;
  readonly ref: string;
  readonly sha: string;
  readonly defaultBranch?: string | undefined;
  /** A push that deleted its ref: GITHUB_REF then names the default branch. */
  readonly deleted?: boolean | undefined;
  readonly pullRequest?: PullRequest | undefined;
  /** Under workflow_run: the commit that the earlier workflow ran for. */
  readonly workflowRunHeadSha?: string | undefined;
}

interface PullRequest {
  readonly number: number;
  readonly headRef: string;
  readonly headSha: string;
  /** Unknown once the fork is deleted. */
  readonly headRepository: string | undefined;
  readonly baseRef: string;
  readonly merged?: boolean | undefined;
}

/** The repository that a pipeline builds. */
export interface PipelineRepository {
  readonly kind: "github" | "github-enterprise" | "other";
  /** `owner/name`. */
  readonly fullName: string | undefined;
  /** For messages about a repository without an owner, as in Azure Repos. */
  readonly name?: string | undefined;
  readonly host: string | undefined;
}

type DefaultRef =
  | { readonly kind: "inferred"; readonly ref: string; readonly commit: string | undefined }
  | { readonly kind: "pipeline-default"; readonly notice?: string };

/**
 * Events whose GITHUB_REF and GITHUB_SHA are what the workflow runs for. Under all other events, including future ones, they are
 * the default branch, which has nothing to do with the comment, review target or run that triggered the workflow.
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const eventsWithOwnRef: ReadonlySet<string> = new Set([
  "create",
  "deployment",
  "deployment_status",
  "merge_group",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
  "registry_package",
  "release",
  "repository_dispatch",
  "schedule",
  "workflow_dispatch",
]);

const pullRequestEvents = /^pull_request(_review|_review_comment)?$/;

/** Whether the workflow's event has a ref to build. Only then must the pipeline's repository be read. */
export function hasInferableRef(trigger: Trigger): boolean {
  const hasRef = trigger.ref.startsWith("refs/") && !/^0+$/.test(trigger.sha);
  return hasRef && eventsWithOwnRef.has(trigger.event) && trigger.deleted !== true;
}

/**
 * What to build if the workflow does not say. `repo` is undefined if the pipeline has not been read; `defaultBranch` is that of
 * the pipeline.
 */
export function defaultRef(
  trigger: Trigger,
  repo: PipelineRepository | undefined,
  defaultBranch?: string | null,
): DefaultRef {
  if (trigger.repository === "") return { kind: "pipeline-default" };
  if (repo !== undefined && !isSameRepository(trigger, repo)) {
    // A check on a pull request would be misleading if it silently built something else.
    return pullRequestEvents.test(trigger.event)
      ? { kind: "pipeline-default", notice: otherRepositoryNotice(trigger, repo, defaultBranch) }
      : { kind: "pipeline-default" };
  }
  if (!hasInferableRef(trigger)) {
    const why = `the ref of a workflow under ${trigger.event || "no event"} does not say what triggered it`;
    return {
      kind: "pipeline-default",
      notice: `Building the pipeline's default branch: ${why}. Set the input \`ref\` to build another.`,
    };
  }
  if (repo === undefined) return { kind: "pipeline-default" };
  return { kind: "inferred", ...inferredRef(trigger) };
}

function otherRepositoryNotice(
  trigger: Trigger,
  { fullName, name }: PipelineRepository,
  defaultBranch: string | null | undefined,
): string {
  const builtName = fullName ?? name;
  const built = builtName === undefined ? "another repository" : `the repository ${builtName}`;
  const branch = defaultBranch?.replace(/^refs\/heads\//, "") ?? "its default branch";
  return (
    `The pipeline builds ${built} (${branch}), not ${trigger.repository}, so it does not build this pull request. ` +
    "If the repository was renamed, select it again in the pipeline's settings; else set the input `ref`."
  );
}

function inferredRef(trigger: Trigger): { ref: string; commit: string | undefined } {
  const workflowRef = { ref: trigger.ref, commit: validSha(trigger.sha) };
  const pullRequest = pullRequestEvents.test(trigger.event) ? trigger.pullRequest : undefined;
  // A merged pull request has no merge ref: GitHub names the branch and the commit that it was merged into.
  if (
    pullRequest === undefined ||
    (pullRequest.merged === true && trigger.ref === `refs/heads/${pullRequest.baseRef}`)
  )
    return workflowRef;
  if (equalsIgnoringCase(pullRequest.headRepository, trigger.repository)) {
    return { ref: `refs/heads/${pullRequest.headRef}`, commit: validSha(pullRequest.headSha) };
  }
  // The fork's branch does not exist here, and GITHUB_SHA is on the merge ref only if GITHUB_REF says so.
  const ref = `refs/pull/${pullRequest.number}/merge`;
  return { ref, commit: trigger.ref === ref ? workflowRef.commit : undefined };
}

/**
 * The commit of the workflow's event: the head of a pull request under its events, `head_sha` under workflow_run, else
 * GITHUB_SHA; `undefined` if that is unrelated to what triggered the workflow.
 */
export function eventCommit(trigger: Trigger): string | undefined {
  const { pullRequest, workflowRunHeadSha } = trigger;
  if (pullRequest !== undefined) return validSha(pullRequest.headSha);
  if (workflowRunHeadSha !== undefined) return validSha(workflowRunHeadSha);
  return hasInferableRef(trigger) ? validSha(trigger.sha) : undefined;
}

/** Whether it is a ref of the event: GITHUB_REF, or what a run builds by default. */
export function isEventRef(ref: string, trigger: Trigger): boolean {
  return ref === trigger.ref || (hasInferableRef(trigger) && ref === inferredRef(trigger).ref);
}

/** Whether the pipeline builds the repository that the workflow runs in. */
export function isSameRepository(trigger: Trigger, repo: PipelineRepository): boolean {
  if (repo.kind === "other" || !equalsIgnoringCase(repo.fullName, trigger.repository)) return false;
  const server = URL.parse(trigger.serverUrl)?.host ?? "github.com";
  if (repo.host !== undefined) return repo.host.toLowerCase() === server;
  // Without a host, a GitHub repository is on github.com, and one of GitHub Enterprise is anywhere else.
  return (repo.kind === "github") === (server === "github.com");
}

function equalsIgnoringCase(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function validSha(sha: string): string | undefined {
  return /^(?!0+$)[0-9a-f]{40,64}$/i.test(sha) ? sha : undefined;
}
