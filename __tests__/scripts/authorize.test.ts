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

// `npm run authorize` as a person runs it: against a real authorization server, behind a proxy with a password.

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

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

interface Running {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with the address to open. */
  readonly onAddress: (address: string) => void;
}

function run(args: readonly string[], { env: more, cwd, onAddress }: Running): Promise<Ran> {
  const child = spawn(process.execPath, [script, ...options(), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env, ...more },
  });
  let [stdout, stderr, told] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    const address = /^https:\S+$/m.exec(stderr)?.[0];
    if (address !== undefined && !told) onAddress(address);
    told ||= address !== undefined;
  });
  return new Promise((resolve) => child.on("close", (exitCode) => resolve({ stdout, stderr, exitCode })));
}

/** With a person at the browser who agrees to everything. */
async function authorize(args: readonly string[], more: Omit<Running, "onAddress"> = {}) {
  const person = openBrowser(server.authority.certificate);
  let page: ReturnType<typeof person.visit> | undefined;
  const onAddress = (address: string) => {
    page = person.visit(address);
  };
  return { ...(await run(args, { ...more, onAddress })), page: await page };
}

/** A folder with a GitHub CLI of ours, which writes down what it was told and ends as it is told. */
function cli(exitCode = 0): { readonly PATH: string; readonly seen: string } {
  const folder = temporaryFolder();
  const seen = join(folder, "seen.json");
  const body =
    `const fs = require("node:fs");\n` +
    `fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify([process.argv.slice(2), fs.readFileSync(0, "utf8")]));\n` +
    `process.exitCode = ${exitCode};`;
  fakeProgram(folder, "gh", body);
  return { PATH: folder, seen };
}

describe.concurrent("npm run authorize", () => {
  it("prints a refresh token once, which the action signs in with; nothing is on the disk", async () => {
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
    "pipes it into `gh secret set`, and shows it to nobody",
    async () => {
      const { PATH, seen } = cli();
      const args = ["--secret", "ADO_REFRESH_TOKEN", "--repo", "octo/shop"];
      const { stdout, stderr, exitCode } = await authorize(args, { env: { PATH } });
      const [told, token] = JSON.parse(readFileSync(seen, "utf8")) as [string[], string];
      expect(told).toEqual(["secret", "set", "ADO_REFRESH_TOKEN", "--repo", "octo/shop"]);
      expect(server.refreshTokens).toContain(token);
      expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
      expect(stderr).not.toContain(token);
      expect(stderr).toMatch(/Stored as the secret ADO_REFRESH_TOKEN\.\n$/);
    },
  );

  it.skipIf(process.platform === "win32")(
    "says so when the GitHub CLI refuses, or is not there",
    async () => {
      const { PATH, seen } = cli(4);
      const refused = await authorize(["--secret", "X"], { env: { PATH } });
      expect(refused).toMatchObject({ stdout: "", exitCode: 1 });
      expect(refused.stderr).toMatch(/gh secret set ended with 4: the token was not stored\.\n$/);
      const [, token = ""] = JSON.parse(readFileSync(seen, "utf8")) as [string[], string];
      expect(refused.stderr).not.toContain(token);
      const missing = await authorize(["--secret", "X"], { env: { PATH: temporaryFolder() } });
      expect(missing).toMatchObject({ stdout: "", exitCode: 1 });
      expect(missing.stderr).toContain("The GitHub CLI (`gh`) was not found");
    },
  );

  it("does not take a redirect without its own state, nor a refusal for a code", async () => {
    const strangers: Promise<{ status: number }>[] = [];
    const onAddress = (address: string) => {
      const { searchParams } = new URL(address);
      expect(searchParams.get("code_challenge_method")).toBe("S256");
      const redirect = searchParams.get("redirect_uri") ?? "";
      const { visit } = openBrowser("");
      strangers.push(visit(`${redirect}/?code=stolen&state=other`), visit(`${redirect}/favicon.ico`));
      void Promise.all(strangers).then(() =>
        visit(`${redirect}/?error=access_denied&error_description=No.&state=${searchParams.get("state")}`),
      );
    };
    const { stderr, exitCode, stdout } = await run([], { onAddress });
    expect((await Promise.all(strangers)).map(({ status }) => status)).toEqual([404, 404]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/The sign-in was refused: No\.\n$/);
  });

  it("needs a code of its own server: one that is made up is refused in the server's words", async () => {
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

describe("its options", () => {
  it.each([
    [["--tenant", "x"], /missing[\s\S]*--client-id/],
    [["--client-id", "c"], /missing/],
    [["--client-id", "c", "--tenant", "../x"], /--tenant: expected/],
    [
      ["--client-id", "c", "--tenant", "t", "--token-url", "http://example.com/token"],
      /--token-url: has to be/,
    ],
    [["--client-id", "c", "--tenant", "t", "--authorize-url", "nowhere"], /--authorize-url: has to be/],
    [["--client-id", "c", "--tenant", "t", "--password", "p"], /--password/],
  ])("%j are refused", (args, words) => {
    expect(() => parseOptions(args)).toThrow(words);
  });

  it("say where to sign in, and what for", () => {
    expect(parseOptions(["--client-id", "c", "--tenant", "contoso.example"])).toMatchObject({
      tenant: "contoso.example",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
      browser: true,
      secret: undefined,
    });
    expect(parseOptions(["--help"])).toBeUndefined();
  });
});
