import type { ErrorCode } from "../errors.ts";
import { fields } from "../inputs/fields.ts";
import { isAzureDevOpsServices } from "../inputs/where.ts";
import type { Inputs } from "../inputs.ts";
import type { LogEntry } from "../render/line.ts";

export type BugReportField = readonly [name: string, value: string];

export interface BugReportContext {
  readonly environmentFields: readonly BugReportField[];
  readonly input: (name: string) => string;
  /** As they were read, unless that is what failed. */
  readonly inputs: Inputs | undefined;
}

/** What may be a mistake of the action's own, and not of whoever set it up. */
export const reportableCodes: readonly ErrorCode[] = ["unexpected-response", "start-unknown", "internal"];

/** Their defaults are GitHub's to evaluate, so they are always given. */
const alwaysGivenInputs = ["rerun-key", "github-token"];

/** What somebody who looks into an error asks first, folded: no value of an input, no name and no address is in it. */
export function bugReport(
  code: ErrorCode,
  { environmentFields, input, inputs }: BugReportContext,
): readonly LogEntry[] {
  const reportFields: readonly BugReportField[] = [
    ["error-code", code],
    ...environmentFields,
    ...(inputs === undefined ? [] : inputFields(inputs)),
    ["inputs", givenInputNames(input).join(", ")],
  ];
  return [
    { type: "group", title: "For a report of this error" },
    ...reportFields.map(([name, value]) => ({ type: "text" as const, text: `${name}: ${value}` })),
    { type: "end-group" },
  ];
}

function inputFields({ projectRef, apiVersion, credentialConfig }: Inputs): readonly BugReportField[] {
  const service = isAzureDevOpsServices(projectRef.organization) ? "Services" : "Server";
  return [
    ["Azure DevOps", `${service}, api-version ${apiVersion}`],
    ["sign-in", credentialConfig.kind],
  ];
}

function givenInputNames(input: (name: string) => string): readonly string[] {
  const rows: readonly { readonly name: string; readonly fallback?: string }[] = Object.values(fields);
  return rows.flatMap(({ name, fallback = "" }) => {
    const given = input(name).trim();
    return given === "" || given === fallback || alwaysGivenInputs.includes(name) ? [] : [name];
  });
}
