import { buildJson, happyPath, pollRoute, statusReplies } from "../../__tests__/support/azure-responses.ts";
import { inputsFor } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { runBundle } from "./process.ts";

const definition = {
  "GET build/definitions/42": { body: { id: 42, name: "ci", repository: { type: "TfsGit" } } },
};

/** The number of requests up to and including the start, with a ref and without. */
export async function requestsUntilStarted() {
  const count = async (inputs: Record<string, string>) => {
    await using azure = await scriptedAzure({ ...happyPath, ...definition });
    await runBundle(inputsFor(azure, { wait: "false", ...inputs }));
    return azure.requests.findIndex(({ method }) => method === "POST") + 1;
  };
  return { withRef: await count({}), withoutRef: await count({ ref: "" }) };
}

/** The number of requests per poll, while the run is queued and while it is running. */
export async function requestsPerPoll() {
  const count = async (status: string) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies(...Array<string>(5).fill(status)), { body: buildJson("completed") }],
    });
    await runBundle(inputsFor(azure), { clockSpeed: 20 });
    const polls = azure.requestLines().slice(1);
    const end = polls.findLastIndex((line) => line.startsWith(`${pollRoute}?`));
    return polls.slice(0, end).length / 5;
  };
  return { queued: await count("notStarted"), inProgress: await count("inProgress") };
}
