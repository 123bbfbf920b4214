import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ActionResult, runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { startEntra } from "../../simulator/entra/entra.ts";
import { startGitHubOidc } from "../../simulator/entra/github-oidc.ts";
import { type ManagedIdentity, startManagedIdentity } from "../../simulator/entra/managed-identity.ts";
import { fakeProgram } from "../support/fake-program.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { expectSecretsMasked } from "../support/secrets.ts";
import { tokenCheckingAzure } from "../support/token-checking-azure.ts";

const started: { close(): Promise<void> }[] = [];

afterAll(() => Promise.all(started.map((each) => each.close())));

async function starting<T extends { close(): Promise<void> }>(service: Promise<T>): Promise<T> {
  const server = await service;
  started.push(server);
  return server;
}

interface SignInCase {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly accepts?: (token: string) => boolean;
}

async function signInAndRun({ inputs, env, accepts = () => false }: SignInCase) {
  await using azure = await tokenCheckingAzure({ accepts, pollsBeforeCompletion: 0 });
  const { token: _, ...where } = inputsFor(azure);
  const result = await runAction({ ...where, ...inputs }, { env });
  return { result, requests: azure.requests.length, rejected: azure.rejectedCount };
}

function expectSuccess({ main }: ActionResult): void {
  expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
}

const byMachine = { auth: "managed-identity" };

const resource = "499b84ac-1321-427f-aa17-267ca6975798";

// Nothing listens on this port, so a request through the proxy would fail.
const proxied = { http_proxy: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };

describe.concurrent("a sign-in with a managed identity", () => {
  const requestedResources = ({ requests }: ManagedIdentity) =>
    requests.map(({ query, form }) => query.get("resource") ?? form["resource"]);

  it.each(["machine", "app-service"] as const)("succeeds with the endpoint of %s", async (host) => {
    const machine = await starting(startManagedIdentity({ host }));
    const { result } = await signInAndRun({
      inputs: byMachine,
      env: { ...machine.env, ...proxied },
      accepts: machine.isLive,
    });
    expectSuccess(result);
    expect(requestedResources(machine)).toEqual([resource]);
    const header = machine.env["IDENTITY_HEADER"];
    expectSecretsMasked(result, {
      secrets: [...machine.issued, ...(header === undefined ? [] : [header])],
    });
  });

  it("selects a user-assigned identity by client-id", async () => {
    const clientId = "7f1a2b3c-0000-4000-8000-000000000003";
    const machine = await starting(startManagedIdentity({ identities: [clientId] }));
    const inputs = { ...byMachine, "client-id": clientId };
    const { result } = await signInAndRun({ inputs, env: machine.env, accepts: machine.isLive });
    expectSuccess(result);
    expect(machine.requests[0]?.query.get("client_id")).toBe(clientId);
  });

  it("fails with an identity that is not assigned", async () => {
    const machine = await starting(startManagedIdentity({ none: true }));
    const { result, requests } = await signInAndRun({ inputs: byMachine, env: machine.env });
    expect(expectFailure(result, "unauthorized")).toMatch(/Identity not found[\s\S]*Assign an identity/);
    expect(requests).toBe(0);
  });

  it("succeeds on Azure Arc with the file of its challenge", async () => {
    const folder = "/var/opt/azcmagent/tokens";
    const isOurs = process.platform === "linux" && makeFolder(folder);
    const tokenFolder = isOurs ? folder : temporaryFolder();
    const machine = await starting(startManagedIdentity({ host: "arc", tokenFolder }));
    try {
      const { result } = await signInAndRun({ inputs: byMachine, env: machine.env, accepts: machine.isLive });
      if (!isOurs) {
        expect(expectFailure(result, "unauthorized")).toMatch(/one of the agent's|could not be read/);
        return;
      }
      expectSuccess(result);
      expect(machine.requests).toHaveLength(2);
      const proof = machine.requests[1]?.headers["authorization"]?.replace("Basic ", "") ?? "";
      expect(proof.length).toBeGreaterThan(20);
      expectSecretsMasked(result, { secrets: [...machine.issued, proof] });
    } finally {
      if (isOurs) rmSync("/var/opt/azcmagent", { recursive: true });
    }
  });

  it("on Azure Arc does not send a file outside the agent's folder", async () => {
    const tokenFolder = temporaryFolder();
    const machine = await starting(startManagedIdentity({ host: "arc", tokenFolder }));
    const { result } = await signInAndRun({ inputs: byMachine, env: machine.env });
    expectFailure(result, "unauthorized");
    expect(machine.requests).toHaveLength(1);
  });

  it("succeeds on AKS with the service account's token", async () => {
    const clientId = "1b2c3d4e-0000-4000-8000-000000000002";
    const claims = { iss: "https://oidc.example/aks", sub: "system:serviceaccount:ci:runner" };
    const kubernetes = await starting(startGitHubOidc({ claims }));
    const credential = { issuer: claims.iss, subject: claims.sub, publicKey: kubernetes.publicKey };
    const entra = await starting(startEntra({ applications: [{ clientId, credentials: [credential] }] }));
    const token = await tokenOf(kubernetes.env, "api://AzureADTokenExchange");
    const file = join(temporaryFolder(), "azure-identity-token");
    writeFileSync(file, token);
    const env = {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: entra.tenantId,
      AZURE_AUTHORITY_HOST: `${entra.url}/`,
    };
    const { result } = await signInAndRun({ inputs: byMachine, env, accepts: entra.isLive });
    expectSuccess(result);
    expectSecretsMasked(result, { secrets: [token, ...entra.issued] });
  });
});

async function tokenOf(env: Readonly<Record<string, string>>, audience: string): Promise<string> {
  const address = `${env["ACTIONS_ID_TOKEN_REQUEST_URL"]}&audience=${encodeURIComponent(audience)}`;
  const headers = { authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` };
  return ((await (await fetch(address, { headers })).json()) as { value: string }).value;
}

/** Returns false if the folder exists or cannot be created. */
function makeFolder(folder: string): boolean {
  try {
    return mkdirSync(folder, { recursive: true })?.endsWith("/azcmagent") ?? false;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === "win32")("a sign-in with the Azure CLI", { concurrent: true }, () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiI0OTliODRhYyJ9.c2lnbmF0dXJlLW9mLXRoZS1jbGk";

  /** A PATH with a fake `az`. */
  function cli(script: string): { PATH: string; folder: string } {
    const folder = temporaryFolder();
    fakeProgram(folder, "az", script);
    return { PATH: folder, folder };
  }

  it("succeeds after azure/login", async () => {
    const answer = {
      accessToken: token,
      expires_on: Math.floor(Date.now() / 1_000) + 3_600,
      tokenType: "Bearer",
    };
    const expected = `account get-access-token --resource ${resource} --output json`;
    const { PATH } = cli(
      `if (process.argv.slice(2).join(" ") !== "${expected}") process.exit(2);\n` +
        `console.error("WARNING: Command group is in preview.");\nconsole.log(${JSON.stringify(JSON.stringify(answer))});`,
    );
    const inputs = { auth: "azure-cli" };
    const { result } = await signInAndRun({ inputs, env: { PATH }, accepts: (shown) => shown === token });
    expectSuccess(result);
    expectSecretsMasked(result, { secrets: [token] });
  });

  it("names the missing step azure/login", async () => {
    const { PATH } = cli(`console.error("ERROR: Please run 'az login' to setup account."); process.exit(1);`);
    const { result, requests } = await signInAndRun({ inputs: { auth: "azure-cli" }, env: { PATH } });
    expect(expectFailure(result, "unauthorized")).toMatch(/Please run 'az login'[\s\S]*azure\/login/);
    expect(requests).toBe(0);
  });

  it("fails if the CLI is not installed", async () => {
    const { result } = await signInAndRun({
      inputs: { auth: "azure-cli" },
      env: { PATH: temporaryFolder() },
    });
    expect(expectFailure(result, "unauthorized")).toContain("The Azure CLI was not found on this runner.");
  });
});
