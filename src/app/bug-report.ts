import type { ErrorCode } from "../errors.ts";
import { fields } from "../inputs/fields.ts";
import { isService } from "../inputs/where.ts";
import type { Inputs } from "../inputs.ts";
import type { Line } from "../render/line.ts";

export type Fact = readonly [name: string, value: string];

export interface Circumstances {
  readonly surroundings: readonly Fact[];
  readonly input: (name: string) => string;
  /** As they were read, unless that is what failed. */
  readonly inputs: Inputs | undefined;
}

/** What may be a mistake of the action's own, and not of whoever set it up. */
export const reportable: readonly ErrorCode[] = ["unexpected-response", "start-unknown", "internal"];

/** Their defaults are GitHub's to evaluate, so they are always given. */
const givenByGitHub = ["rerun-key", "github-token"];

/** What somebody who looks into an error asks first, folded: no value of an input, no name and no address is in it. */
export function bugReport(code: ErrorCode, { surroundings, input, inputs }: Circumstances): readonly Line[] {
  const facts: readonly Fact[] = [
    ["error-code", code],
    ...surroundings,
    ...(inputs === undefined ? [] : factsOf(inputs)),
    ["inputs", namesOfGiven(input).join(", ")],
  ];
  return [
    { type: "group", title: "For a report of this error" },
    ...facts.map(([name, value]) => ({ type: "text" as const, text: `${name}: ${value}` })),
    { type: "end-group" },
  ];
}

function factsOf({ place, apiVersion, way }: Inputs): readonly Fact[] {
  const service = isService(place.organization) ? "Services" : "Server";
  return [
    ["Azure DevOps", `${service}, api-version ${apiVersion}`],
    ["sign-in", way.kind],
  ];
}

function namesOfGiven(input: (name: string) => string): readonly string[] {
  const rows: readonly { readonly name: string; readonly fallback?: string }[] = Object.values(fields);
  return rows.flatMap(({ name, fallback = "" }) => {
    const given = input(name).trim();
    return given === "" || given === fallback || givenByGitHub.includes(name) ? [] : [name];
  });
}
