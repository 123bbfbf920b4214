import { expect, test } from "vitest";
import type { Acceptance, Quirks } from "../../simulator/index.ts";
import { openSimulator } from "./simulator-client.ts";

const suppress = { "X-TFS-FedAuthRedirect": "Suppress" };

const bearer = { authorization: "Bearer ey.old" };

interface RejectedSignIn {
  readonly acceptance: Exclude<Acceptance, "yes">;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  readonly method?: string;
  readonly status: number;
  readonly type: string | null;
}

const html = "text/html; charset=utf-8";

const json = "application/json; charset=utf-8";

test.each<RejectedSignIn>([
  { acceptance: "no", status: 302, type: html },
  { acceptance: "no", headers: suppress, status: 401, type: null },
  { acceptance: "no", quirks: { badTokenFace: "203-html" }, headers: suppress, status: 203, type: html },
  { acceptance: "no", quirks: { badTokenFace: "203-html" }, method: "PATCH", status: 401, type: json },
  { acceptance: "no", quirks: { badTokenFace: "401-json" }, status: 401, type: json },
  { acceptance: "expired", headers: suppress, status: 401, type: json },
  { acceptance: "expired", headers: bearer, status: 203, type: html },
  { acceptance: "expired", headers: { ...bearer, ...suppress }, status: 401, type: null },
  { acceptance: "wrong-scope", status: 401, type: null },
  { acceptance: "wrong-tenant", headers: bearer, status: 429, type: html },
])(
  "a token of acceptance $acceptance gets $status with the headers $headers and the quirks $quirks",
  async ({ acceptance, headers, quirks, method, status, type }) => {
    await using client = await openSimulator({ accepts: () => acceptance, ...(quirks && { quirks }) });
    const reply = await client.call(method ?? "GET", "build/builds/345?api-version=7.1", undefined, headers);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([status, type]);
    expect(reply.headers.get("x-vss-userdata")).toBeNull();
    expect(reply.headers.get("activityid")).toMatch(/^[0-9a-f-]{36}$/);
    if (status === 401) expect(reply.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    if (status === 302)
      expect(reply.headers.get("location")).toContain("/_signin?realm=dev.azure.com&reply_to=");
    if (status === 429) expect(reply.headers.get("retry-after")).toBe("619");
  },
);

test.each(["", "/", "/web", "/_apis/connectionData", "/web/_apis/build/builds"])(
  "a request for %j without a credential gets a redirect that names the organization's tenant",
  async (path) => {
    const tenantId = "5a3c1f0e-7b52-4c1d-8e7a-2f60b9d4c301";
    await using client = await openSimulator({ tenantId });
    const { status, headers } = await fetch(`${client.simulator.organization}${path}`, {
      redirect: "manual",
    });
    expect([status, headers.get("x-vss-resourcetenant")]).toEqual([302, tenantId]);
    expect(headers.get("www-authenticate")).toBe(
      `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}`,
    );
  },
);

test("a rejected PAT gets no tenant, a rejected bearer token does", async () => {
  await using client = await openSimulator({ accepts: () => "no" });
  const tenantOf = async (headers: Readonly<Record<string, string>>) =>
    (await client.call("GET", "build/builds", undefined, { ...suppress, ...headers })).headers.get(
      "x-vss-resourcetenant",
    );
  expect(await tenantOf({})).toBeNull();
  expect(await tenantOf(bearer)).toMatch(/^[0-9a-f-]{36}$/);
});

test("an organization that does not exist gets 404 without a sign-in", async () => {
  await using client = await openSimulator();
  const { status, headers } = await fetch(`${client.simulator.url}/fabrikam/_apis/projects`);
  expect([status, headers.get("content-type")]).toEqual([404, "text/plain; charset=utf-8"]);
});

test("the demo token is accepted as a PAT and as a bearer token, and responses name its identity", async () => {
  await using client = await openSimulator();
  const data = `${client.simulator.organization}/_apis/connectionData`;
  const { demoToken } = await import("../../simulator/index.ts");
  const { sendRequest } = await import("./simulator-client.ts");
  for (const headers of [{}, { authorization: `Bearer ${demoToken}` }]) {
    const reply = await sendRequest(data, "GET", undefined, headers);
    expect(reply.json.authenticatedUser.providerDisplayName).toBe("Release Robot");
    expect(reply.headers.get("x-vss-userdata")).toContain(reply.json.authenticatedUser.id);
  }
});

test("a token that expires between two polls gets 401", async () => {
  let isValid = true;
  await using client = await openSimulator({ accepts: () => (isValid ? "yes" : "expired") });
  const id = await client.startRun(42);
  expect((await client.call("GET", `build/builds/${id}`)).status).toBe(200);
  isValid = false;
  const reply = await client.call("GET", `build/builds/${id}`);
  expect([reply.status, reply.json.typeKey]).toEqual([401, "AccessCheckException"]);
});
