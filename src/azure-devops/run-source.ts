import type { RunSource } from "../core/report-commit.ts";
import { asObject, asString } from "../lib/json.ts";
import type { RunSourceQuery } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import { decodeRepository, decodeSource } from "./decode.ts";

/** What a started run builds, from the response of Run Pipeline; `undefined` if the response is incomplete. */
function decodeStartedSource(json: unknown): RunSource | undefined {
  const self = asObject(json, "resources", "repositories", "self");
  const { fullName, ...repository } = asObject(self["repository"]);
  const commit = asString(self["version"]);
  if (commit === null || asString(repository["type"]) === null) return undefined;
  const decoded = decodeRepository({ ...repository, properties: { fullName } });
  return { ref: asString(self["refName"]), commit, prSourceSha: undefined, repository: decoded };
}

/**
 * The repository and commit that a run builds, for a check on that commit.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
export async function readRunSource(
  send: SendRequest,
  { runId, startResponse, ...retryOptions }: RunSourceQuery,
  signal: AbortSignal,
): Promise<RunSource> {
  const request = send({
    method: "GET",
    path: `_apis/build/builds/${runId}`,
    decode: (json) => decodeSource(asObject(json)),
    operation: "Reading the commit of the run",
    ...retryOptions,
    signal,
  });
  return await request.then(
    ({ value }) => value,
    (error: unknown) => {
      const started = decodeStartedSource(startResponse);
      if (signal.aborted || started === undefined) throw error;
      return started;
    },
  );
}
