import { asObject } from "../lib/json.ts";
import { oneLine } from "../lib/text.ts";
import { given, type HintContext, type HintRule } from "./hint-rule.ts";

/** The hints for a request that the service rejected: what it names, and the inputs that it came from. */
export const rejectionRules: readonly HintRule[] = [
  resourceHint,
  stageHint,
  refHint,
  commitHint,
  repositoryHint,
  positionHint,
  parameterHint,
  variableHint,
  disabledPipelineHint,
  unreadableBodyHint,
  () => "Correct the problem that the service reported.",
];

const resourceNouns =
  "service connection|service endpoint|endpoint|environment|variable group|secure file|agent pool|pool|queue|repository";

/** The hint for a resource that the pipeline is not authorized to use, or that does not exist. */
function resourceHint({ errorBody }: HintContext): string | undefined {
  const message = oneLine(errorBody.message).slice(0, 1_000);
  if (!/could not (be )?f(ou|i)nd|does not exist|has been disabled|not (been )?authorized/i.test(message))
    return undefined;
  const [, noun] = new RegExp(`\\b(${resourceNouns})\\b`, "i").exec(message) ?? [];
  if (noun === undefined || /Verify the reference exists/.test(message)) return undefined;
  const name = new RegExp(
    `\\b${noun} (?:with (?:name|id) )?['"]?([^'",]{1,100}?)['"]?(?: (?:which|that|could|does|has|is|was)\\b|[,'"]|[.:](?: |$)|$)`,
    "i",
  ).exec(message)?.[1];
  const object = [noun.toLowerCase(), name].filter(Boolean).join(" ");
  return `Check the ${object}: it must exist, be enabled, and be authorized for this pipeline (Permit, on the run's page).`;
}

function stageHint(context: HintContext): string | undefined {
  const [, stage] = /'([^'\r\n]{1,200})' is not a valid stage to skip/i.exec(context.errorBody.message) ?? [];
  if (stage === undefined) return undefined;
  const input = given(["stages-to-skip"], context) ?? given(["request-body"], context);
  return input === undefined
    ? "Correct the stage's name."
    : `Set ${input} to the stage's identifier, which is the name after \`- stage:\` in the pipeline's YAML, not its display name.`;
}

/** A reference that could not be resolved, from the service's message. */
function unresolvedRef(message: string) {
  const [, kind, name] = /<(Branch|Tag): ([^>\r\n]{1,300})>/.exec(message) ?? [];
  const versionRef = name && `refs/${kind === "Tag" ? "tags" : "heads"}/${name}`;
  const ref =
    versionRef ??
    /Unable to resolve the reference '([^'\r\n]{1,300})'/.exec(message)?.[1] ??
    /\busing ref (\S{1,300}?)[.,;]?(?:\s|$)/.exec(message)?.[1] ??
    /\bNo commit found for SHA: (refs\/[^\s"]{1,300})/.exec(message)?.[1];
  const commit = /\b(?:SHA:?|commit:?|version) ['"]?([0-9a-f]{7,64})\b/i.exec(message)?.[1];
  const repository = /(?:source version for|in the) repository (\S{1,200}?)\.?(?:\s|$)/.exec(message)?.[1];
  const isUnresolved =
    ref !== undefined ||
    /\bTF401175\b|Unable to resolve the reference|latest source version|No commit found/.test(message);
  return isUnresolved ? { ref, commit, repository } : undefined;
}

function selfRepository({ body }: HintContext["request"]) {
  const { refName, version } = asObject(body, "resources", "repositories", "self");
  return { ref: refName, commit: version };
}

/** The hint for the branch, tag or pull request that this step requested. */
function refHint(context: HintContext): string | undefined {
  const unresolved = unresolvedRef(context.errorBody.message);
  const { ref } = selfRepository(context.request);
  if (unresolved?.ref === undefined || typeof ref !== "string") return undefined;
  if (fullRefName(unresolved.ref) !== fullRefName(ref)) return undefined;
  const { repository } = unresolved;
  const place = repository === undefined ? "the repository that the pipeline builds" : repository;
  if (context.givenInputs.has("ref")) return refInputHint(ref, place);
  const input = given(["resources", "request-body"], context);
  return input === undefined
    ? `Check that ${ref} exists in ${place}.`
    : `Check ${input}: ${ref} must exist in ${place}.`;
}

function fullRefName(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}

/** The hint for a short name, which was used as a branch but may have been meant as something else. */
function refInputHint(ref: string, place: string): string {
  const name = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (name === undefined) return `Check \`ref\`: ${ref} must exist in ${place}.`;
  const taken = `\`ref\` was read as the branch ${ref}, which must exist in ${place}`;
  const pullRequest = /^(?:pull\/)?(\d+)\/(?:merge|head)$/.exec(name)?.[1];
  if (pullRequest !== undefined) return `Write refs/pull/${pullRequest}/merge for a pull request: ${taken}.`;
  if (/^[0-9a-f]{7,64}$/i.test(name)) return `Use \`commit\` for a commit's hash: ${taken}.`;
  const prefix = /^(?:refs\/)?(heads|tags|pull)\/./.exec(name)?.[0];
  if (prefix !== undefined) return `Write ${fullPrefix(name)} with its complete prefix: ${taken}.`;
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(name))
    return `Put the ref in quotes, since an unquoted 1.10 arrives as 1.1, or write refs/tags/${name} for a tag: ${taken}.`;
  const remote = /^(?:remotes\/)?(?:origin|upstream)\/(.+)$/.exec(name)?.[1];
  if (remote !== undefined) return `Write the branch without the remote's name, ${remote}: ${taken}.`;
  if (/^v?\d+\.\d/i.test(name)) return `Write refs/tags/${name} for a tag: ${taken}.`;
  return `Check \`ref\`: it was read as the branch ${ref}, which must exist in ${place} (correct the YAML if that is a template's repository); write refs/tags/${name} for a tag, refs/pull/N/merge for a pull request.`;
}

function fullPrefix(name: string): string {
  return name.startsWith("refs/") ? name : `refs/${name}`;
}

function commitHint(context: HintContext): string | undefined {
  const unresolved = unresolvedRef(context.errorBody.message);
  const { commit } = selfRepository(context.request);
  if (unresolved?.commit === undefined || unresolved.commit !== commit) return undefined;
  const input = given(["commit"], context) ?? given(["resources", "request-body"], context);
  return input === undefined
    ? `Check that ${commit} exists in the repository that the pipeline builds.`
    : `Check ${input}: ${commit} must be a commit of the repository and branch that the pipeline builds.`;
}

/** The hint for a reference in the pipeline's YAML, for example to templates. */
function repositoryHint({ errorBody }: HintContext): string | undefined {
  const unresolved = unresolvedRef(errorBody.message);
  if (unresolved === undefined) return undefined;
  const ref = unresolved.ref ?? "the branch, tag or commit in the service's message";
  const { repository } = unresolved;
  return repository === undefined
    ? `Check that ${ref} exists: the pipeline's YAML may name it under resources.`
    : `Check that ${ref} exists in repository ${repository}, and that the pipeline's service connection can read it.`;
}

/** The hint for a file, line and column of YAML. */
function positionHint({ errorBody }: HintContext): string | undefined {
  const [, file, line] =
    /^\s*([^\s(][^\r\n(]{0,300})\(Line: (\d{1,9}), Col: \d{1,9}\)/m.exec(errorBody.message) ?? [];
  return file === undefined ? undefined : `Correct ${oneLine(file).replace(/[\s:]+$/, "")} at line ${line}.`;
}

/** The hint for template parameters: an input is mentioned if the parameter came from it. */
function parameterHint(context: HintContext): string | undefined {
  const { message } = context.errorBody;
  const [, unexpected] = /Unexpected parameter '([^'\r\n]{1,200})'/.exec(message) ?? [];
  const [, invalid] =
    /[Tt]he '([^'\r\n]{1,200})' parameter value .{0,500} is not a valid/.exec(message) ?? [];
  const [, missing] = /A value for the '([^'\r\n]{1,200})' parameter/.exec(message) ?? [];
  const input = (name: string) =>
    hasName(asObject(context.request.body, "templateParameters"), name)
      ? given(["parameters", "request-body"], context)
      : undefined;
  if (unexpected !== undefined) {
    const source = input(unexpected) ?? "the template that passes it";
    return `Declare the parameter ${unexpected} in the pipeline's YAML, or remove it from ${source}.`;
  }
  if (invalid !== undefined) {
    const source = input(invalid);
    return source === undefined
      ? `Correct the default of the parameter ${invalid} in the pipeline's YAML.`
      : `Correct ${invalid} in ${source}: the pipeline's YAML lists the allowed values.`;
  }
  if (missing === undefined) return undefined;
  const target = given(["parameters"], context) ?? "this step's inputs";
  return `Set ${missing} in ${target}, or give it a default in the pipeline's YAML.`;
}

function variableHint(context: HintContext): string | undefined {
  const [, names] =
    /can't set the following variables \(([^)\r\n]{1,1000})\)/.exec(context.errorBody.message) ?? [];
  if (names === undefined) return undefined;
  const variables = asObject(context.request.body, "variables");
  const isSecret = names.split(",").map((name) => asObject(variables, name.trim())["isSecret"] === true);
  const inputs = given(
    [
      ...(isSecret.includes(false) ? ["variables"] : []),
      ...(isSecret.includes(true) ? ["secret-variables"] : []),
      "request-body",
    ],
    context,
  );
  const alternative = inputs === undefined ? "" : `, or remove them from ${inputs}`;
  return `Mark the variables as settable at queue time in the pipeline's editor${alternative}.`;
}

/** Names are case-insensitive in the service. */
function hasName(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.keys(fields).some((field) => field.toLowerCase() === name.toLowerCase());
}

function disabledPipelineHint({ errorBody: { typeKey, message } }: HintContext): string | undefined {
  const isDisabled =
    /^DefinitionDisabled/.test(typeKey) ||
    /\b(pipeline|definition)\b[^.\r\n]{0,200}\b(disabled|paused)\b/i.test(message);
  return isDisabled ? "Enable the pipeline in Azure DevOps: Edit, then Settings." : undefined;
}

/** The service only says that `runParameters` is null. */
function unreadableBodyHint(context: HintContext): string | undefined {
  const input = given(["request-body", "resources"], context);
  return input !== undefined && /\bParameter name: runParameters\b/.test(context.errorBody.message)
    ? `Correct the types in ${input}: a parameter is text (a list or a mapping is JSON text), a variable is a mapping with \`value\`, and \`stagesToSkip\` is a list.`
    : undefined;
}
