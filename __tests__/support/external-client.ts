import type { Simulator } from "../../simulator/index.ts";
import { inputsFor } from "./scenario.ts";

/** Starts a run as another client than the action, and returns its id. */
export async function startRunExternally(azure: Simulator, pipelineId: number): Promise<number> {
  const response = await fetch(
    `${azure.organization}/web/_apis/pipelines/${pipelineId}/runs?api-version=7.1`,
    {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Basic OnNvbWVib2R5" },
      body: "{}",
    },
  );
  return ((await response.json()) as { id: number }).id;
}

/** Inputs of a step that follows a run. */
export function attachInputs(
  azure: { readonly organization: string },
  runId: number,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return inputsFor(azure, { "pipeline-id": "", ref: "", "run-id": String(runId), ...overrides });
}

/** The methods of the requests that the action sent, without those of the external client. */
export function actionMethods(azure: Simulator): string[] {
  return azure.requests
    .filter(({ headers }) => headers["authorization"] !== "Basic OnNvbWVib2R5")
    .map(({ method }) => method);
}
