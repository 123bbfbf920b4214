import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runAction, startAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import type { AllAddresses } from "../../simulator/all.ts";
import { root } from "../meta/repository.ts";
import { expectFailure } from "../support/scenario.ts";

interface Command {
  readonly process: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once stdout contains the text. */
  printed(text: string): Promise<void>;
  readonly exitCode: Promise<number | null>;
}

function startCommand(args: readonly string[], folder = temporaryFolder()): Command {
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  const child = spawn(process.execPath, [join(root, "simulator/main.ts"), ...args], { env });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exitCode = once(child, "close").then(([code]) => code as number | null);
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: async (text) => {
      while (!stdout.includes(text))
        await Promise.race([once(child.stdout, "data"), failed(exitCode, () => stderr)]);
    },
    exitCode,
  };
}

async function failed(exitCode: Promise<number | null>, stderr: () => string): Promise<never> {
  throw new Error(`ended with ${await exitCode}: ${stderr()}`);
}

describe("npm run simulator -- --all --json", () => {
  let command: Command;
  let addresses: AllAddresses;

  beforeAll(async () => {
    command = startCommand(["--all", "--json", "--port", "0", "--speed", "200"]);
    await command.printed("\n");
    addresses = JSON.parse(command.stdout().split("\n")[0] ?? "") as AllAddresses;
  });

  afterAll(() => {
    command.process.kill("SIGKILL");
  });

  const inputs = (auth: string, more: Readonly<Record<string, string>> = {}) => ({
    organization: addresses.azureDevOps.organization,
    project: addresses.azureDevOps.project,
    "pipeline-id": "49",
    ref: "main",
    "poll-interval": "1s",
    auth,
    ...more,
  });

  const application = () => ({
    "tenant-id": addresses.entra.tenantId,
    "client-id": addresses.entra.clientId,
    "token-url": addresses.entra.tokenUrl,
  });

  it("prints the services' addresses in its first line of stdout, and no requests", () => {
    expect(
      Object.entries(addresses).map(([name, fields]) => [
        name,
        ...(name === "env" ? [] : Object.keys(fields)),
      ]),
    ).toEqual([
      ["azureDevOps", "organization", "project", "token"],
      ["entra", "tokenUrl", "tenantId", "clientId", "clientSecret", "certificateFile", "publicClientId"],
      ["githubOidc", "requestUrl", "requestToken", "subject"],
      ["github", "apiUrl", "repository", "token"],
      ["managedIdentity", "endpoint"],
      ["env"],
    ]);
    expect(statSync(addresses.entra.certificateFile).mode & 0o77).toBe(0);
  });

  it.concurrent.each<[string, () => Readonly<Record<string, string>>]>([
    [
      "client-certificate",
      () => ({
        ...application(),
        "client-certificate": readFileSync(addresses.entra.certificateFile, "utf8"),
      }),
    ],
    ["managed-identity", () => ({})],
  ])("lets the action sign in by %s", async (auth, more) => {
    const { main } = await runAction(inputs(auth, more()), { env: addresses.env });
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
  });

  it("lets npm start sign in by github-oidc", async () => {
    const flags = Object.entries(inputs("github-oidc", application())).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]);
    const env = { PATH: process.env["PATH"], INIT_CWD: temporaryFolder(), ...addresses.env };
    const start = promisify(execFile)(process.execPath, [join(root, "scripts/start.ts"), ...flags], { env });
    expect((await start).stdout).toMatch(/^ {2}result +succeeded$/m);
  });

  it("lets a person enter a device code at the URL in the log", async () => {
    const { tenantId, publicClientId, tokenUrl } = addresses.entra;
    const more = { "tenant-id": tenantId, "client-id": publicClientId, "token-url": tokenUrl };
    await using action = startAction(inputs("device-code", more));
    const invitation = await action.waitFor(/Open \S+ and enter the code \w+/);
    const [, page = "", code = ""] = /Open (\S+) and enter the code (\w+)/.exec(invitation) ?? [];
    await fetch(page, { method: "POST", body: new URLSearchParams({ otc: code }) });
    const { main } = await action.done;
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    const builds = `${addresses.azureDevOps.organization}/web/_apis/build/builds`;
    const headers = { authorization: `Bearer ${addresses.azureDevOps.token}` };
    const run = await fetch(builds, { headers });
    expect(await run.text()).toContain("Robin Example");
  });

  it("lets a user authorize in a browser, and the action sign in by the refresh token", async () => {
    const { tenantId, publicClientId, tokenUrl } = addresses.entra;
    const flags = [
      "--tenant",
      tenantId,
      "--client-id",
      publicClientId,
      "--token-url",
      tokenUrl,
      "--no-browser",
    ];
    const authorizeUrl = tokenUrl.replace(/token$/, "authorize");
    const script = join(root, "scripts/authorize.ts");
    const authorize = spawn(process.execPath, [script, ...flags, "--authorize-url", authorizeUrl]);
    const token = authorize.stdout.setEncoding("utf8").toArray();
    for await (const text of authorize.stderr.setEncoding("utf8")) {
      const [address] = /http:\S+/.exec(String(text)) ?? [];
      if (address !== undefined) expect(await (await fetch(address)).text()).toContain("Signed in.");
    }
    const more = {
      "refresh-token": (await token).join("").trim(),
      "tenant-id": tenantId,
      "client-id": publicClientId,
      "token-url": tokenUrl,
    };
    const { main } = await runAction(inputs("refresh-token", more));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
  });

  it("rejects a token that was issued for another service", async () => {
    const { tokenUrl, clientId, clientSecret } = addresses.entra;
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "https://graph.microsoft.com/.default",
    });
    const response = await fetch(tokenUrl, { method: "POST", body });
    const { access_token: token } = (await response.json()) as { access_token: string };
    expectFailure(await runAction(inputs("token", { token })), "unauthorized");
  });

  it("accepts only its own token for GitHub's REST API", async () => {
    const { apiUrl, repository, token } = addresses.github;
    const list = async (value: string) => {
      const headers = { authorization: `Bearer ${value}`, "user-agent": "test" };
      return (await fetch(`${apiUrl}/repos/${repository}/commits/${"a".repeat(40)}/check-runs`, { headers }))
        .status;
    };
    expect([await list(token), await list("ghs_other")]).toEqual([200, 401]);
  });

  it("logs requests on stderr, and on SIGTERM exits with 0 and removes its certificate", async () => {
    const { certificateFile } = addresses.entra;
    expect(existsSync(certificateFile)).toBe(true);
    command.process.kill("SIGTERM");
    expect(await command.exitCode).toBe(0);
    expect(existsSync(certificateFile)).toBe(false);
    expect(command.stdout().split("\n")).toEqual([JSON.stringify(addresses), ""]);
    for (const service of ["azure-devops", "entra", "github-oidc", "github", "managed-identity"])
      expect(command.stderr()).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${service} (GET|POST) /`, "m"));
  });
});

describe.concurrent("npm run simulator", () => {
  it.each([
    [
      "alone",
      [],
      /^organization {2}http:\/\/127\.0\.0\.1:\d+\/contoso\nproject {7}web\ntoken {9}simulator-token\nin a browser {2}http:\S+\/web\/_build\npipelines\n {2}42 {2}"ci" in \\\n/,
    ],
    [
      "with --all",
      ["--all"],
      /^organization {2}http[\s\S]*\n {2}export ACTIONS_ID_TOKEN_REQUEST_URL='http[\s\S]*--auth device-code/,
    ],
  ])("with %s prints its addresses, and exits with 0 on SIGINT", async (_, args, expected) => {
    const folder = temporaryFolder();
    const command = startCommand([...args, "--port", "0"], folder);
    await command.printed(args.length > 0 ? "Ctrl+C" : "flaky");
    command.process.kill("SIGINT");
    expect(await command.exitCode, command.stderr()).toBe(0);
    expect(command.stdout()).toMatch(expected);
  });

  it.each([
    ["--json needs --all", ["--json"]],
    ["--speed -1 is not a number", ["--speed=-1"]],
  ])("prints: %s", async (message, args) => {
    const command = startCommand(args);
    expect(await command.exitCode).toBe(1);
    expect([command.stdout(), command.stderr()]).toEqual([
      "",
      expect.stringMatching(`^${message}[^\n]*\\.\n$`),
    ]);
  });

  it("starts nothing if its port is in use, and removes its certificate", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = temporaryFolder();
    const { port } = server.address() as AddressInfo;
    const command = startCommand(["--all", "--port", String(port)], folder);
    expect(await command.exitCode).toBe(1);
    server.close();
    expect(command.stderr()).toBe(
      `Port ${port} is in use: choose another with --port, or any free one with --port 0.\n`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
