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

describe("the look-up of a pipeline by its name", () => {
  it("is one request where the list is one page", async () => {
    const stage = createScriptedClient([page([[42, "a*b & c", "\\x y"]])]);
    expect(await findPipeline(stage.send, { name: "a*b & c", folder: "\\x y" }, neverAborted)).toBe(42);
    expect(stage.requestLines()).toEqual([
      "GET build/definitions?name=a*b%20%26%20c&path=%5Cx%20y&queryOrder=definitionNameAscending&api-version=7.1",
    ]);
  });

  it("reads every page before it takes one for the only one", async () => {
    const stage = createScriptedClient([
      page([[41, "ci"]], "a b"),
      page([[42, "CI"]], "c"),
      page([[43, "ci", "\\apps"]]),
    ]);
    await expect(findPipeline(stage.send, ci, neverAborted)).rejects.toMatchObject({
      code: "bad-input",
      message: "pipeline-name: several pipelines are called ci: \\ci (41), \\apps\\ci (43).",
    });
    expect(stage.requestLines().map((line) => /continuationToken=([^&]*)/.exec(line)?.[1])).toEqual([
      undefined,
      "a%20b",
      "c",
    ]);
  });

  it("counts a pipeline that is on two pages once", async () => {
    const stage = createScriptedClient([page([[41, "ci"]], "b"), page([[41, "ci"]])]);
    expect(await findPipeline(stage.send, ci, neverAborted)).toBe(41);
  });

  it("starts nothing from a list without an end", async () => {
    const stage = createScriptedClient([page([[41, "ci"]], "again")]);
    await expect(findPipeline(stage.send, ci, neverAborted)).rejects.toMatchObject({
      code: "unexpected-response",
      hint: expect.stringContaining("`pipeline-id`"),
    });
    expect(stage.requests).toHaveLength(100);
  });

  it("looks through the whole list where the service's filter finds nothing", async () => {
    const stage = createScriptedClient([page([]), page([[7, "CD"]], "b"), page([[8, ".NET CI", "\\odd"]])]);
    const wanted = { name: ".NET CI", folder: "\\odd" };
    expect(await findPipeline(stage.send, wanted, neverAborted)).toBe(8);
    expect(stage.requests).toHaveLength(3);
    expect(stage.requestLines()[1]).toMatch(/definitions\?\$top=1000&/);
  });

  it("names what is similar, and nothing that is not", async () => {
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
