import { describe, expect, it } from "vitest";
import { requestBody, type StartInputs } from "../../src/core/start-request.ts";

const wanted: StartInputs = { ref: undefined, commit: undefined };

const body = (over: Partial<StartInputs>) => requestBody({ ...wanted, ...over });

describe("the body of a start", () => {
  it("holds nothing that was not asked for", () => {
    expect(body({})).toEqual({});
    expect(body({ stagesToSkip: [], variables: {}, resources: {} })).toEqual({});
  });

  it("names the commit with its ref", () => {
    expect(body({ ref: "refs/heads/x", commit: "abc" })).toEqual({
      resources: { repositories: { self: { refName: "refs/heads/x", version: "abc" } } },
    });
  });

  it("takes a resource's version for the text it is", () => {
    expect(
      body({
        resources: { pipelines: { lib: { version: 20240101.1, runId: 7 } }, builds: { odd: 1 } },
        requestBody: { resources: { containers: { box: { version: 3 } } } },
      }),
    ).toEqual({
      resources: {
        pipelines: { lib: { version: "20240101.1", runId: 7 } },
        builds: { odd: 1 },
        containers: { box: { version: "3" } },
      },
    });
  });

  it("lets request-body have the last word", () => {
    expect(
      body({
        parameters: { a: "1", b: "2" },
        requestBody: { templateParameters: { b: "3" }, stagesToSkip: ["X"] },
      }),
    ).toEqual({ templateParameters: { a: "1", b: "3" }, stagesToSkip: ["X"] });
  });
});
