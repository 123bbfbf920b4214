import { describe, expect, it } from "vitest";
import { findPipeline } from "../../src/azure-devops/pipelines.ts";
import { createScriptedClient, jsonResponse, neverAborted } from "./scripted-client.ts";

type Entry = readonly [id: number, name: string, path?: string];

const page = (entries: readonly Entry[], next?: string) =>
  jsonResponse(
    { count: entries.length, value: entries.map(([id, name, path = "\\"]) => ({ id, name, path })) },
    next === undefined ? {} : { headers: { "x-ms-continuationtoken": next } },
  );

const ci = { name: "ci", folder: undefined };

describe("findPipeline", () => {
  it("sends one request if the list has one page", async () => {
    const client = createScriptedClient([page([[42, "a*b & c", "\\x y"]])]);
    expect(await findPipeline(client.send, { name: "a*b & c", folder: "\\x y" }, neverAborted)).toBe(42);
    expect(client.requestLines()).toEqual([
      "GET build/definitions?name=a*b%20%26%20c&path=%5Cx%20y&queryOrder=definitionNameAscending&api-version=7.1",
    ]);
  });

  it("reads every page, and fails if several pipelines have the name", async () => {
    const client = createScriptedClient([
      page([[41, "ci"]], "a b"),
      page([[42, "CI"]], "c"),
      page([[43, "ci", "\\apps"]]),
    ]);
    await expect(findPipeline(client.send, ci, neverAborted)).rejects.toMatchObject({
      code: "bad-input",
      message: "pipeline-name: several pipelines are called ci: \\ci (41), \\apps\\ci (43).",
    });
    expect(client.requestLines().map((line) => /continuationToken=([^&]*)/.exec(line)?.[1])).toEqual([
      undefined,
      "a%20b",
      "c",
    ]);
  });

  it("accepts a pipeline that is on two pages", async () => {
    const client = createScriptedClient([page([[41, "ci"]], "b"), page([[41, "ci"]])]);
    expect(await findPipeline(client.send, ci, neverAborted)).toBe(41);
  });

  it("fails after 100 pages of a list without an end", async () => {
    const client = createScriptedClient([page([[41, "ci"]], "again")]);
    await expect(findPipeline(client.send, ci, neverAborted)).rejects.toMatchObject({
      code: "unexpected-response",
      hint: expect.stringContaining("`pipeline-id`"),
    });
    expect(client.requests).toHaveLength(100);
  });

  it("searches the whole list if the service's filter finds nothing", async () => {
    const client = createScriptedClient([page([]), page([[7, "CD"]], "b"), page([[8, ".NET CI", "\\odd"]])]);
    const pipeline = { name: ".NET CI", folder: "\\odd" };
    expect(await findPipeline(client.send, pipeline, neverAborted)).toBe(8);
    expect(client.requests).toHaveLength(3);
    expect(client.requestLines()[1]).toMatch(/definitions\?\$top=1000&/);
  });

  it("fails with a hint that only names similar pipelines", async () => {
    const entries: Entry[] = [
      [7, "payments"],
      [8, "Ci", "\\deep\\down"],
    ];
    const similar = createScriptedClient([page([]), page(entries)]);
    await expect(findPipeline(similar.send, ci, neverAborted)).rejects.toMatchObject({
      code: "not-found",
      hint: "Check `pipeline-name`: a similar name is \\deep\\down\\Ci (8).",
    });
    const none = createScriptedClient([page([]), page(entries.slice(0, 1))]);
    await expect(findPipeline(none.send, ci, neverAborted)).rejects.toMatchObject({
      hint: expect.stringMatching(
        /^Check `pipeline-name`, .*: none of the 1 that it sees has a similar name\.$/,
      ),
    });
  });
});
