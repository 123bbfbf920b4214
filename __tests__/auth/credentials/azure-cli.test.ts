import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandFor } from "../../../src/auth/credentials/azure-cli.ts";
import { createSignIn } from "../../../src/auth/index.ts";
import { fakeProgram } from "../../support/fake-program.ts";
import { createAuthHarness, credentialConfigOf, ids, neverAborted, scriptedTransport } from "../harness.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "az-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Installs a fake `az` that records its arguments. */
function installAz(script: string): void {
  const args = JSON.stringify(join(folder, "args"));
  const record = `require("node:fs").writeFileSync(${args}, JSON.stringify(process.argv.slice(2)));`;
  fakeProgram(folder, "az", `${record}\n${script}`);
}

function attempt(tenantId?: string) {
  const env = { PATH: folder, RUNNER_TEMP: folder };
  const harness = createAuthHarness(scriptedTransport(), { env });
  return { harness, signIn: createSignIn(credentialConfigOf({ auth: "azure-cli", tenantId }), harness) };
}

const failWith = (message: string): string =>
  `process.stderr.write(${JSON.stringify(message)}); process.exitCode = 1;`;

describe.skipIf(process.platform === "win32")("the Azure CLI", () => {
  it("is run outside the workspace, since a pull request may have put code there", async () => {
    installAz(`console.log(JSON.stringify({ accessToken: process.cwd(), expires_on: 1200 }))`);
    expect(await attempt().signIn.authorization(neverAborted)).toBe(`Bearer ${realpathSync(folder)}`);
  });

  it("is called with Azure DevOps as the resource and with the tenant", async () => {
    installAz(
      `console.log(JSON.stringify({ accessToken: "t", expires_on: 1200, tenant: "x", tokenType: "Bearer" }))`,
    );
    const { harness, signIn } = attempt(ids.tenantId);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(signIn.description).toBe(
      "Signed in with the identity of the Azure CLI; valid for 20 min, renewed automatically.",
    );
    expect(harness.masked).toEqual(["t"]);
    const resource = "499b84ac-1321-427f-aa17-267ca6975798";
    expect(JSON.parse(readFileSync(join(folder, "args"), "utf8"))).toEqual([
      "account",
      "get-access-token",
      "--resource",
      resource,
      "--tenant",
      ids.tenantId,
      "--output",
      "json",
    ]);
  });

  it.each<[string, RegExp, RegExp]>([
    [
      failWith("ERROR: Please run 'az login' to setup account.\n"),
      /no token: Please run 'az login'/,
      /step with azure\/login/,
    ],
    [
      failWith("ERROR: AADSTS700024: Client assertion is not within its valid time range. Trace ID: 1\n"),
      /range\.$/,
      /github-oidc/,
    ],
    [failWith("ERROR: AADSTS53003: Access has been blocked.\n"), /AADSTS53003/, /conditional access/],
    [`console.log("{}")`, /had no access token/, /Update/],
  ])("causes unauthorized with a hint: %s: %s, %s", async (script, message, hint) => {
    installAz(script);
    await expect(attempt().signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("may print other text first, and in colours", async () => {
    installAz(
      `console.log("You have 2 updates { available }.\\n\\u001b[0m{\\n  \\u001b[94m\\"accessToken\\"\\u001b[39m: \\"t\\"\\n}\\u001b[0m")`,
    );
    expect(await attempt().signIn.authorization(neverAborted)).toBe("Bearer t");
  });

  it("causes unauthorized with the signal's name if it was killed", async () => {
    installAz(`process.kill(process.pid, "SIGKILL")`);
    await expect(attempt().signIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message: "The Azure CLI was ended by a signal (SIGKILL).",
      hint: expect.stringContaining("memory"),
    });
  });

  it("is called again after a connection error", async () => {
    installAz(failWith("ERROR: HTTPSConnectionPool(host='x'): Max retries exceeded with url\n"));
    const { harness, signIn } = attempt();
    await expect(signIn.authorization(AbortSignal.any([neverAborted]))).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(harness.clock.sleeps.length).toBeGreaterThan(3);
  });

  it("causes an error if it is not installed", async () => {
    await expect(attempt().signIn.authorization(neverAborted)).rejects.toMatchObject({
      message: "The Azure CLI was not found on this runner.",
    });
  });

  it("is killed with its child processes when the step is cancelled", async () => {
    // The connection closes when the child's child process ends.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const inner = `require("node:net").connect(${port}, "127.0.0.1"); setInterval(() => {}, 1000)`;
    installAz(`require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(inner)}])`);
    const controller = new AbortController();
    const pending = attempt().signIn.authorization(controller.signal);
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => undefined).resume();
    controller.abort(new Error("cancelled"));
    await expect(pending).rejects.toThrow("cancelled");
    await once(socket, "close");
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("the Azure CLI on Windows", () => {
  it("is a batch file, which cmd.exe runs", () => {
    expect(commandFor("win32", ["account", "x"], { ComSpec: "C:\\W\\cmd.exe" })).toEqual({
      file: "C:\\W\\cmd.exe",
      args: ["/d", "/s", "/c", '"az.cmd account x"'],
      env: { NoDefaultCurrentDirectoryInExePath: "1" },
      verbatim: true,
    });
  });

  it("is not run with an argument that contains special characters of cmd.exe", async () => {
    const harness = createAuthHarness(scriptedTransport());
    const config = credentialConfigOf({ auth: "azure-cli", scope: "x&calc/.default" });
    await expect(createSignIn(config, harness).authorization(neverAborted)).rejects.toMatchObject({
      code: "bad-input",
    });
  });
});
