import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { parseOptions } from "../../scripts/authorize/options.ts";
import { type AuthorizationServer, startAuthorizationServer } from "../support/authorization-server.ts";
import { openBrowser } from "../support/browser.ts";
import { fakeProgram } from "../support/fake-program.ts";
import { type ForwardProxy, startForwardProxy } from "../support/forward-proxy.ts";
import { inputsFor } from "../support/scenario.ts";
import { tokenCheckingAzure } from "../support/token-checking-azure.ts";

// Runs `npm run authorize` against a real authorization server behind a proxy with a password.

let server: AuthorizationServer;

let proxy: ForwardProxy;

let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [server, proxy] = await Promise.all([
    startAuthorizationServer({ lifetimeSeconds: 2 }),
    startForwardProxy(),
  ]);
  const authority = join(temporaryFolder(), "authority.pem");
  writeFileSync(authority, server.authority.certificate);
  env = { NODE_EXTRA_CA_CERTS: authority, https_proxy: proxy.url };
});

afterAll(async () => {
  await Promise.all([server[Symbol.asyncDispose](), proxy[Symbol.asyncDispose]()]);
});

const script = join(import.meta.dirname, "../../scripts/authorize.ts");

const scope = "openid builds";

const options = () => [
  ...["--client-id", "public", "--scope", scope],
  ...["--token-url", server.tokenUrl, "--authorize-url", server.authorizeUrl, "--no-browser"],
];

interface ScriptResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

interface ScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with the URL to open. */
  readonly onAddress: (address: string) => void;
}

function run(args: readonly string[], { env: more, cwd, onAddress }: ScriptOptions): Promise<ScriptResult> {
  const child = spawn(process.execPath, [script, ...options(), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env, ...more },
  });
  let [stdout, stderr, isOpened] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    const address = /^https:\S+$/m.exec(stderr)?.[0];
    if (address !== undefined && !isOpened) onAddress(address);
    isOpened ||= address !== undefined;
  });
  return new Promise((resolve) => child.on("close", (exitCode) => resolve({ stdout, stderr, exitCode })));
}

/** Runs the script with a browser in which the user signs in and grants consent. */
async function authorize(args: readonly string[], more: Omit<ScriptOptions, "onAddress"> = {}) {
  const browser = openBrowser(server.authority.certificate);
  let page: ReturnType<typeof browser.visit> | undefined;
  const onAddress = (address: string) => {
    page = browser.visit(address);
  };
  return { ...(await run(args, { ...more, onAddress })), page: await page };
}

/** Installs a fake GitHub CLI, which records its input and exits with this code. */
function installGitHubCli(exitCode = 0): { readonly PATH: string; readonly recordFile: string } {
  const folder = temporaryFolder();
  const recordFile = join(folder, "record.json");
  const body =
    `const fs = require("node:fs");\n` +
    `fs.writeFileSync(${JSON.stringify(recordFile)}, JSON.stringify([process.argv.slice(2), fs.readFileSync(0, "utf8")]));\n` +
    `process.exitCode = ${exitCode};`;
  fakeProgram(folder, "gh", body);
  return { PATH: folder, recordFile };
}

describe.concurrent("npm run authorize", () => {
  it("prints a refresh token that the action can sign in with, and writes no file", async () => {
    const cwd = temporaryFolder();
    const { stdout, stderr, page } = await authorize([], { cwd });
    expect(page?.text).toBe("Signed in. You may close this window.\n");
    const [refreshToken = "", ...more] = stdout.split("\n");
    expect(more).toEqual([""]);
    expect(server.refreshTokens).toContain(refreshToken);
    expect(stderr).not.toContain(refreshToken);
    expect(readdirSync(cwd)).toEqual([]);
    await using azure = await tokenCheckingAzure({
      accepts: (token) => server.isLive(token),
      pollsBeforeCompletion: 2,
    });
    const { token: _, ...where } = inputsFor(azure);
    const by = { "client-id": "public", "refresh-token": refreshToken, "token-url": server.tokenUrl, scope };
    const { main } = await runAction({ ...where, ...by }, { env });
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(azure.acceptedTokens.length).toBeGreaterThan(1);
  });

  it.skipIf(process.platform === "win32")(
    "passes the refresh token to `gh secret set` and does not print it",
    async () => {
      const { PATH, recordFile } = installGitHubCli();
      const args = ["--secret", "ADO_REFRESH_TOKEN", "--repo", "octo/shop"];
      const { stdout, stderr, exitCode } = await authorize(args, { env: { PATH } });
      const [ghArgs, token] = JSON.parse(readFileSync(recordFile, "utf8")) as [string[], string];
      expect(ghArgs).toEqual(["secret", "set", "ADO_REFRESH_TOKEN", "--repo", "octo/shop"]);
      expect(server.refreshTokens).toContain(token);
      expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
      expect(stderr).not.toContain(token);
      expect(stderr).toMatch(/Stored as the secret ADO_REFRESH_TOKEN\.\n$/);
    },
  );

  it.skipIf(process.platform === "win32")("fails if the GitHub CLI fails or is not installed", async () => {
    const { PATH, recordFile } = installGitHubCli(4);
    const refused = await authorize(["--secret", "X"], { env: { PATH } });
    expect(refused).toMatchObject({ stdout: "", exitCode: 1 });
    expect(refused.stderr).toMatch(/gh secret set ended with 4: the token was not stored\.\n$/);
    const [, token = ""] = JSON.parse(readFileSync(recordFile, "utf8")) as [string[], string];
    expect(refused.stderr).not.toContain(token);
    const missing = await authorize(["--secret", "X"], { env: { PATH: temporaryFolder() } });
    expect(missing).toMatchObject({ stdout: "", exitCode: 1 });
    expect(missing.stderr).toContain("The GitHub CLI (`gh`) was not found");
  });

  it("ignores a redirect with another state, and fails after an error from the server", async () => {
    const foreignRequests: Promise<{ status: number }>[] = [];
    const onAddress = (address: string) => {
      const { searchParams } = new URL(address);
      expect(searchParams.get("code_challenge_method")).toBe("S256");
      const redirect = searchParams.get("redirect_uri") ?? "";
      const { visit } = openBrowser("");
      foreignRequests.push(visit(`${redirect}/?code=stolen&state=other`), visit(`${redirect}/favicon.ico`));
      void Promise.all(foreignRequests).then(() =>
        visit(`${redirect}/?error=access_denied&error_description=No.&state=${searchParams.get("state")}`),
      );
    };
    const { stderr, exitCode, stdout } = await run([], { onAddress });
    expect((await Promise.all(foreignRequests)).map(({ status }) => status)).toEqual([404, 404]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/The sign-in was refused: No\.\n$/);
  });

  it("fails with the server's words if the code is not the server's", async () => {
    const onAddress = (address: string) => {
      const { searchParams } = new URL(address);
      const redirect = searchParams.get("redirect_uri") ?? "";
      void openBrowser("").visit(`${redirect}/?code=made-up&state=${searchParams.get("state")}`);
    };
    const { stderr, exitCode, stdout } = await run([], { onAddress });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("refused the sign-in: invalid_grant");
  });
});

describe("the options of npm run authorize", () => {
  it.each([
    [["--tenant", "x"], /^Set --client-id\. See/],
    [["--client-id", "c"], /^Set --tenant\. See/],
    [["--client-id", "c", "--tenant", "../x"], /--tenant: expected/],
    [
      ["--client-id", "c", "--tenant", "t", "--token-url", "http://example.com/token"],
      /--token-url: expected an https URL/,
    ],
    [
      ["--client-id", "c", "--tenant", "t", "--authorize-url", "nowhere"],
      /--authorize-url: expected an https URL/,
    ],
    [["--client-id", "c", "--tenant", "t", "--password", "p"], /--password/],
  ])("are rejected: %j: %s", (args, words) => {
    expect(() => parseOptions(args)).toThrow(words);
  });

  it("set the tenant and, by default, the scope of Azure DevOps", () => {
    expect(parseOptions(["--client-id", "c", "--tenant", "contoso.example"])).toMatchObject({
      tenant: "contoso.example",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
      browser: true,
      secret: undefined,
    });
  });
});
