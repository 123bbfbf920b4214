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

/** An `az` of the tests' own, that notes its arguments. */
function installed(script: string): void {
  const args = JSON.stringify(join(folder, "args"));
  const note = `require("node:fs").writeFileSync(${args}, JSON.stringify(process.argv.slice(2)));`;
  fakeProgram(folder, "az", `${note}\n${script}`);
}

function attempt(tenantId?: string) {
  const env = { PATH: folder, RUNNER_TEMP: folder };
  const outside = createAuthHarness(scriptedTransport(), { env });
  return { outside, signedIn: createSignIn(credentialConfigOf({ auth: "azure-cli", tenantId }), outside) };
}

const says = (words: string): string =>
  `process.stderr.write(${JSON.stringify(words)}); process.exitCode = 1;`;

describe.skipIf(process.platform === "win32")("the Azure CLI", () => {
  it("is run away from the workspace, where anybody's pull request may have put code for it", async () => {
    installed(`console.log(JSON.stringify({ accessToken: process.cwd(), expires_on: 1200 }))`);
    expect(await attempt().signedIn.authorization(neverAborted)).toBe(`Bearer ${realpathSync(folder)}`);
  });

  it("is asked for a token of Azure DevOps, in the tenant that was given", async () => {
    installed(
      `console.log(JSON.stringify({ accessToken: "t", expires_on: 1200, tenant: "x", tokenType: "Bearer" }))`,
    );
    const { outside, signedIn } = attempt(ids.tenantId);
    expect(await signedIn.authorization(neverAborted)).toBe("Bearer t");
    expect(signedIn.description).toBe(
      "Signed in as the Azure CLI is signed in; good for 20 min, renewed by itself.",
    );
    expect(outside.masked).toEqual(["t"]);
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
      says("ERROR: Please run 'az login' to setup account.\n"),
      /no token: Please run 'az login'/,
      /step with azure\/login/,
    ],
    [
      says("ERROR: AADSTS700024: Client assertion is not within its valid time range. Trace ID: 1\n"),
      /range\.$/,
      /github-oidc/,
    ],
    [says("ERROR: AADSTS53003: Access has been blocked.\n"), /AADSTS53003/, /conditional access/],
    [`console.log("{}")`, /without an access token/, /Update/],
  ])("that fails teaches: %s", async (script, message, hint) => {
    installed(script);
    await expect(attempt().signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("may say other things first, in colours", async () => {
    installed(
      `console.log("You have 2 updates { available }.\\n\\u001b[0m{\\n  \\u001b[94m\\"accessToken\\"\\u001b[39m: \\"t\\"\\n}\\u001b[0m")`,
    );
    expect(await attempt().signedIn.authorization(neverAborted)).toBe("Bearer t");
  });

  it("that was ended by a signal is said to have been", async () => {
    installed(`process.kill(process.pid, "SIGKILL")`);
    await expect(attempt().signedIn.authorization(neverAborted)).rejects.toMatchObject({
      code: "unauthorized",
      message: "The Azure CLI was ended by a signal (SIGKILL).",
      hint: expect.stringContaining("memory"),
    });
  });

  it("that got no connection is asked again", async () => {
    installed(says("ERROR: HTTPSConnectionPool(host='x'): Max retries exceeded with url\n"));
    const { outside, signedIn } = attempt();
    await expect(signedIn.authorization(AbortSignal.any([neverAborted]))).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(outside.clock.sleeps.length).toBeGreaterThan(3);
  });

  it("that is not there is said to be so", async () => {
    await expect(attempt().signedIn.authorization(neverAborted)).rejects.toMatchObject({
      message: "The Azure CLI was not found on this runner.",
    });
  });

  it("is ended with the step, and so is what it has started", async () => {
    // Whoever holds the other end of this connection hears of the end of the child's child.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const inner = `require("node:net").connect(${port}, "127.0.0.1"); setInterval(() => {}, 1000)`;
    installed(`require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(inner)}])`);
    const controller = new AbortController();
    const asked = attempt().signedIn.authorization(controller.signal);
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => undefined).resume();
    controller.abort(new Error("cancelled"));
    await expect(asked).rejects.toThrow("cancelled");
    await once(socket, "close");
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("on Windows", () => {
  it("it is a batch file, started by cmd.exe", () => {
    expect(commandFor("win32", ["account", "x"], { ComSpec: "C:\\W\\cmd.exe" })).toEqual({
      file: "C:\\W\\cmd.exe",
      args: ["/d", "/s", "/c", '"az.cmd account x"'],
      env: { NoDefaultCurrentDirectoryInExePath: "1" },
      verbatim: true,
    });
  });

  it("what could mean something to cmd.exe is refused", async () => {
    const outside = createAuthHarness(scriptedTransport());
    const way = credentialConfigOf({ auth: "azure-cli", scope: "x&calc/.default" });
    await expect(createSignIn(way, outside).authorization(neverAborted)).rejects.toMatchObject({
      code: "bad-input",
    });
  });
});
