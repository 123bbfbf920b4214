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

  function asking(answers: readonly Partial<HttpResponse>[], over: object = env) {
    const requests: HttpRequest[] = [];
    const masks: string[] = [];
    const identity = createIdTokenSource({
      env: over as Record<string, string>,
      clock: createFakeClock(),
      mask: (secret) => void masks.push(secret),
      trigger: async () => readTrigger({}, () => ""),
      transport: {
        send: async (request) => {
          requests.push(request);
          const answer = answers[Math.min(requests.length, answers.length) - 1];
          return { status: 200, headers: {}, body: "", ...answer };
        },
        stream: () => Promise.reject(new Error("not here")),
      },
    });
    return { identity: identity("api://AzureADTokenExchange", never), requests, masks };
  }

  it("is asked for an audience, and masked", async () => {
    const { identity, requests, masks } = asking([{ body: '{"value":"jwt","count":3}' }]);
    expect(await identity).toBe("jwt");
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
    "may not be had without the permission",
    async (over) => {
      const { identity } = asking([], over);
      await expect(identity).rejects.toMatchObject({
        code: "unauthorized",
        hint: expect.stringContaining("id-token: write"),
      });
    },
  );

  it("is not asked for again when it is refused", async () => {
    const { identity, requests } = asking([{ status: 403 }]);
    await expect(identity).rejects.toMatchObject({ code: "unauthorized" });
    expect(requests).toHaveLength(1);
  });
});
