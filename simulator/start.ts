import { type Call, property, recordFrom, textOf } from "./call.ts";
import { shaFrom } from "./ids.ts";
import { asText, parameterRefusals, stageRefusals, unresolved, variableRefusals } from "./refusals.ts";
import type { RunOrder, VariableValue } from "./run.ts";
import type { PipelineSpec } from "./spec.ts";

type Wish = Readonly<Record<string, unknown>>;

/** What a start asks for, or why it cannot be. */
type Wanted =
  | { readonly order: RunOrder; readonly overrides: boolean }
  | { readonly refusals: readonly string[] };

/** Reads the body of Run Pipeline. */
export function readRunOrder(spec: PipelineSpec, body: Wish, call: Call): Wanted {
  const self = recordFrom(
    property(recordFrom(property(recordFrom(property(body, "resources")), "repositories")), "self"),
  );
  const variables = recordFrom(property(body, "variables")) ?? {};
  return completeOrder(
    spec,
    {
      refName: textOf(property(self, "refName")),
      version: textOf(property(self, "version")),
      templateParameters: recordFrom(property(body, "templateParameters")) ?? {},
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, variableOf(value)]),
      ),
      stagesToSkip: textList(property(body, "stagesToSkip")),
      tags: [],
      priority: "normal",
      request: body,
    },
    call,
  );
}

/** Reads the body of Queue Build. */
export function readBuildOrder(spec: PipelineSpec, body: Wish, call: Call): Wanted {
  const parameters = parsed(textOf(property(body, "parameters")));
  return completeOrder(
    spec,
    {
      refName: textOf(property(body, "sourceBranch")),
      version: textOf(property(body, "sourceVersion")),
      templateParameters: recordFrom(property(body, "templateParameters")) ?? {},
      variables: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, { value: String(value) }]),
      ),
      stagesToSkip: [],
      tags: textList(property(body, "tags")),
      priority: textOf(property(body, "priority")) ?? "normal",
      request: body,
    },
    call,
  );
}

interface Draft {
  readonly refName: string | undefined;
  readonly version: string | undefined;
  readonly templateParameters: Wish;
  readonly variables: Readonly<Record<string, VariableValue>>;
  readonly stagesToSkip: readonly string[];
  readonly tags: readonly string[];
  readonly priority: string;
  readonly request: unknown;
}

function completeOrder(spec: PipelineSpec, draft: Draft, call: Call): Wanted {
  const { quirks } = call.world;
  const ref = resolveRef(spec, draft.refName, quirks.bareRef === "resolve");
  const refusals = [
    ...parameterRefusals(spec.parameters ?? [], draft.templateParameters),
    ...variableRefusals(spec, Object.keys(draft.variables)),
    ...stageRefusals(spec, draft.stagesToSkip),
  ];
  if (ref === undefined) return { refusals: [...refusals, unresolved(spec, draft.refName ?? "")] };
  if (draft.version !== undefined && !/^[0-9a-f]{40}$/i.test(draft.version)) {
    refusals.push(
      `Unable to resolve the reference '${draft.version}' to a specific version. Verify the reference exists in the source repository.`,
    );
  }
  if (refusals.length > 0) return { refusals };
  const templateParameters = Object.fromEntries(
    Object.entries(draft.templateParameters).map(([name, value]) => [name, asText(value)]),
  );
  const overrides =
    [templateParameters, draft.variables].some((one) => Object.keys(one).length > 0) ||
    draft.stagesToSkip.length > 0;
  const version = draft.version ?? ref.sha;
  const order = {
    ...draft,
    ref: ref.name,
    version,
    templateParameters,
    requestedFor: call.caller,
    reason: "manual",
  };
  return { order, overrides };
}

/** A repository without a list of branches has every full ref. */
function resolveRef(
  { repository }: PipelineSpec,
  asked: string | undefined,
  bareToo: boolean,
): { readonly name: string; readonly sha: string } | undefined {
  const name = asked === undefined || asked === "" ? repository.defaultBranch : asked;
  const full = bareToo && !name.startsWith("refs/") ? `refs/heads/${name}` : name;
  const { branches } = repository;
  if (branches === undefined) {
    return full.startsWith("refs/") ? { name: full, sha: shaFrom(`${repository.name} ${full}`) } : undefined;
  }
  const sha = branches[full];
  return sha === undefined ? undefined : { name: full, sha };
}

function variableOf(value: unknown): VariableValue {
  const record = recordFrom(value);
  const text = property(record, "value");
  return {
    ...(text !== undefined && text !== null && { value: asText(text) }),
    isSecret: property(record, "isSecret") === true,
  };
}

function textList(value: unknown): string[] {
  return Array.isArray(value)
    ? value.flatMap((item: unknown) => (typeof item === "string" ? [item] : []))
    : [];
}

function parsed(text: string | undefined): Wish {
  if (text === undefined) return {};
  try {
    return recordFrom(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}
