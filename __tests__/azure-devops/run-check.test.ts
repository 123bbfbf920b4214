import { describe, expect, it } from "vitest";
import type { SendRequest } from "../../src/azure-devops/api-request.ts";
import { decodeBuild } from "../../src/azure-devops/decode.ts";
import { createRunCheck } from "../../src/azure-devops/run-check.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import { buildJson } from "../support/azure-responses.ts";

const { signal } = new AbortController();

const id = "0a1b2c3d-0000-4000-8000-00000000abcd";

const another = "ffffffff-0000-4000-8000-00000000abcd";

const run = (overrides: Record<string, unknown>) => decodeBuild(buildJson("inProgress", overrides), String);

const renamed = run({ project: { id, name: "shop" } });

/** A check for pipeline 42 of the project `web`; each response is the next one to a request for the pipeline. */
function webCheck(responses: readonly unknown[], pipelineId: number | undefined = 42) {
  const paths: string[] = [];
  const send: SendRequest = async ({ path, decode }) => {
    const response = responses[paths.push(path) - 1];
    if (response instanceof Error) throw response;
    return { value: await decode(response), text: "", headers: {}, retryAfterMs: undefined };
  };
  return { check: createRunCheck(send, { project: "web", pipelineId }), paths };
}

describe("a response that names another project than requested", () => {
  it("is accepted if the pipeline of the requested name is in the same project", async () => {
    const { check, paths } = webCheck([{ project: { id: id.toUpperCase(), name: "shop" } }]);
    expect([await check(renamed, signal), await check(renamed, signal)]).toEqual([true, true]);
    expect(paths).toEqual(["_apis/build/definitions/42"]);
  });

  it.each([
    ["is in another project", { project: { id: another, name: "web" } }],
    ["has no project", { id: 42 }],
    ["can't be read", new ActionError("not-found", "none")],
  ])("is rejected if the pipeline of the requested name %s, which is read once", async (_, response) => {
    const { check, paths } = webCheck([response]);
    expect([await check(renamed, signal), await check(renamed, signal)]).toEqual([false, false]);
    expect(paths).toHaveLength(1);
  });

  it("is judged later if the pipeline can't be read for now", async () => {
    const { check } = webCheck([new TransientError("503"), { project: { id, name: "shop" } }]);
    await expect(check(renamed, signal)).rejects.toThrow("503");
    expect(await check(renamed, signal)).toBe(true);
  });

  it("is rejected without a request if it has no project id or another pipeline", async () => {
    const { check, paths } = webCheck([]);
    const project = { id, name: "shop" };
    expect(await check(run({ project: { name: "shop" } }), signal)).toBe(false);
    expect(await check(run({ project, definition: { id: 43 } }), signal)).toBe(false);
    expect(paths).toEqual([]);
  });
});
