import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import type { ParameterSpec, PipelineSpec } from "../spec.ts";
import { getProperty } from "./request.ts";

// Why a run cannot be started, in the words of the service.

export function unresolvedRefMessage({ repository }: PipelineSpec, ref: string): string {
  if (repository.type === "TfsGit") {
    return `Unable to resolve the reference '${ref}' to a specific version. Verify the reference exists in the source repository.`;
  }
  return `Could not get the latest source version for repository ${repository.name} hosted on https://github.com/ using ref ${ref}. GitHub reported the error, "No commit found for SHA: ${ref}"`;
}

export function parameterErrors(
  declared: readonly ParameterSpec[],
  values: Readonly<Record<string, unknown>>,
): string[] {
  const unexpected = Object.keys(values)
    .filter((name) => !declared.some((one) => equalsIgnoreCase(one.name, name)))
    .map((name) => `Unexpected parameter '${name}'`);
  const invalid = declared.flatMap((one) => {
    const value = getProperty(values, one.name);
    if (value === undefined) {
      return one.default === undefined ? [`A value for the '${one.name}' parameter must be provided.`] : [];
    }
    return isValidValue(one, asText(value))
      ? []
      : [`The '${one.name}' parameter value '${asText(value)}' is not a valid value.`];
  });
  return [...unexpected, ...invalid];
}

function isValidValue({ type, values }: ParameterSpec, value: string): boolean {
  if (values !== undefined && !values.includes(value)) return false;
  if (type === "boolean") return /^(true|false)$/i.test(value);
  return type !== "number" || (value.trim() !== "" && !Number.isNaN(Number(value)));
}

export function variableErrors(spec: PipelineSpec, names: readonly string[]): string[] {
  const settable = [...(spec.settableVariables ?? []), "system.debug"];
  const unsettable = names.filter((name) => !settable.some((one) => equalsIgnoreCase(one, name)));
  if (unsettable.length === 0) return [];
  return [
    `You can't set the following variables (${unsettable.join(", ")}). If you want to be able to set these variables, then edit the pipeline and select Settable at queue time on the variables tab of the pipeline editor.`,
  ];
}

export function stageErrors(spec: PipelineSpec, names: readonly string[]): string[] {
  return names
    .filter((name) => !spec.stages.some((stage) => equalsIgnoreCase(stage.name, name)))
    .map((name) => `'${name}' is not a valid stage to skip.`);
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
