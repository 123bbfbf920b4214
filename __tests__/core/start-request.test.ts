import { describe, expect, it } from "vitest";
import { requestBody, type StartInputs } from "../../src/core/start-request.ts";

const minimal: StartInputs = { ref: undefined, commit: undefined };

const body = (over: Partial<StartInputs>) => requestBody({ ...minimal, ...over });

describe("the body of a start", () => {
  it("is empty if only defaults are set", () => {
    expect(body({})).toEqual({});
    expect(body({ stagesToSkip: [], variables: {}, resources: {} })).toEqual({});
  });

  it("contains the commit with its ref", () => {
    expect(body({ ref: "refs/heads/x", commit: "abc" })).toEqual({
      resources: { repositories: { self: { refName: "refs/heads/x", version: "abc" } } },
    });
  });

  it("contains the version of a resource as a string", () => {
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

  it("contains request-body, which overrides all other inputs", () => {
    expect(
      body({
        parameters: { a: "1", b: "2" },
        requestBody: { templateParameters: { b: "3" }, stagesToSkip: ["X"] },
      }),
    ).toEqual({ templateParameters: { a: "1", b: "3" }, stagesToSkip: ["X"] });
  });
});
