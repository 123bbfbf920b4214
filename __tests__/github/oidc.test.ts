import { describe, expect, it } from "vitest";
import { readTrigger } from "../../src/github/environment.ts";
import { createIdTokenSource } from "../../src/github/oidc.ts";
import type { HttpRequest, HttpResponse } from "../../src/ports.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const never = new AbortController().signal;

describe("the job's identity token", () => {
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example/_apis?api-version=2.0",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  };

  function requestIdToken(responses: readonly Partial<HttpResponse>[], overrides: object = env) {
    const requests: HttpRequest[] = [];
    const masks: string[] = [];
    const getIdToken = createIdTokenSource({
      env: overrides as Record<string, string>,
      clock: createFakeClock(),
      mask: (secret) => void masks.push(secret),
      trigger: async () => readTrigger({}, () => ""),
      transport: {
        send: async (request) => {
          requests.push(request);
          const response = responses[Math.min(requests.length, responses.length) - 1];
          return { status: 200, headers: {}, body: "", ...response };
        },
        stream: () => Promise.reject(new Error("not here")),
      },
    });
    return { token: getIdToken("api://AzureADTokenExchange", never), requests, masks };
  }

  it("is requested for an audience, and masked", async () => {
    const { token, requests, masks } = requestIdToken([{ body: '{"value":"jwt","count":3}' }]);
    expect(await token).toBe("jwt");
    expect(masks).toEqual(["jwt"]);
    expect(requests).toMatchObject([
      {
        method: "GET",
        url: "https://token.example/_apis?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
        headers: { authorization: "Bearer request-token" },
      },
    ]);
  });

  it.each([{}, { ACTIONS_ID_TOKEN_REQUEST_URL: "https://x" }])(
    "causes unauthorized with a hint about id-token: write for the environment %j",
    async (overrides) => {
      const { token } = requestIdToken([], overrides);
      await expect(token).rejects.toMatchObject({
        code: "unauthorized",
        hint: expect.stringContaining("id-token: write"),
      });
    },
  );

  it("is not requested again after a 403", async () => {
    const { token, requests } = requestIdToken([{ status: 403 }]);
    await expect(token).rejects.toMatchObject({ code: "unauthorized" });
    expect(requests).toHaveLength(1);
  });
});
