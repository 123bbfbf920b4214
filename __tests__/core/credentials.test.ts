import { describe, expect, it } from "vitest";
import type { SignInInputs } from "../../src/core/credentials.ts";
import { configProblems, credentialConfigOf, ids } from "../auth/harness.ts";

const scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

const tokenUrl = `https://login.microsoftonline.com/${ids.tenantId}/oauth2/v2.0/token`;

const application = { clientId: ids.clientId, tokenUrl, scope };

const auto = (inputs: Partial<SignInInputs>): SignInInputs => ({ auth: "auto", ...inputs });

describe("auth: auto", () => {
  it.each<[Partial<SignInInputs>, object]>([
    [{ token: "t" }, { kind: "token", token: "t" }],
    [
      { ...ids, clientSecret: "s" },
      { kind: "client-secret", application, secret: "s" },
    ],
    [
      { ...ids, clientCertificate: "p" },
      { kind: "client-certificate", application, pem: "p" },
    ],
    [
      { ...ids, refreshToken: "r" },
      { kind: "refresh-token", application, refreshToken: "r", secret: undefined },
    ],
    [ids, { kind: "github-oidc", application }],
    [
      { ...ids, scope: "x/.default" },
      { kind: "github-oidc", application: { ...application, scope: "x/.default" } },
    ],
  ])("selects for %j the credential %j", (inputs, config) => {
    expect(credentialConfigOf(auto(inputs))).toEqual(config);
  });

  it.each<[Partial<SignInInputs>, RegExp]>([
    [{}, /^auth: no credential was given/],
    [{ token: "t", clientSecret: "s" }, /^auth: `token` and `client-secret` were given together/],
    [{ token: "t", ...ids }, /^auth: `token` was given together with `tenant-id` and `client-id`/],
    [
      { ...ids, clientSecret: "s", refreshToken: "r" },
      /^auth: `client-secret` and `refresh-token` were given/,
    ],
    [{ tenantId: ids.tenantId }, /^client-id: is required for `github-oidc`/],
    [{ clientId: ids.clientId }, /^tenant-id: is required for `github-oidc`/],
    [{ clientSecret: "s", clientId: "c" }, /^tenant-id: is required for `client-secret`/],
    [
      { token: "t", redirectUri: "https://x" },
      /^redirect-uri: can only be used with `auth: azure-devops-oauth`/,
    ],
    [{ token: "Bearer t" }, /^token: set only the token/],
    [{ token: "a\nb" }, /^token: contains white space/],
    ...["ghs_", "ghp_", "gho_", "ghu_", "ghr_", "github_pat_"].map(
      (prefix): [Partial<SignInInputs>, RegExp] => [
        { token: `${prefix}abc123` },
        /^token: this is a GitHub token/,
      ],
    ),
    [{ ...ids, tenantId: "../evil" }, /^tenant-id: expected the tenant's GUID/],
    [{ ...ids, tokenUrl: "http://login.example/token" }, /^token-url: must be https/],
    [{ ...ids, tokenUrl: "https://u:p@login.example/token" }, /^token-url: must not contain a user name/],
    [{ ...ids, tokenUrl: "login" }, /^token-url: expected a URL/],
  ])("rejects %j: %s", (inputs, problem) => {
    const problems = configProblems(auto(inputs));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it("reports every mistake at once", () => {
    const problems = configProblems(
      auto({ clientSecret: "s", redirectUri: "https://x", tokenUrl: "ftp://x" }),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "token-url",
      "client-id",
      "redirect-uri",
    ]);
  });

  it("never quotes a secret", () => {
    expect(configProblems(auto({ token: "basic s3cr3t", clientSecret: "s3cr3t" })).join()).not.toContain(
      "s3cr3t",
    );
  });
});

describe("auth with a credential's name", () => {
  it.each<[SignInInputs, object]>([
    [
      { auth: "token", token: "t", clientSecret: "s", ...ids },
      { kind: "token", token: "t" },
    ],
    [
      { auth: "refresh-token", ...ids, refreshToken: "r", clientSecret: "s" },
      { kind: "refresh-token", application, refreshToken: "r", secret: "s" },
    ],
    [{ auth: "managed-identity" }, { kind: "managed-identity", scope }],
    [
      { auth: "managed-identity", clientId: "c" },
      { kind: "managed-identity", scope, clientId: "c" },
    ],
    [{ auth: "azure-cli" }, { kind: "azure-cli", scope }],
    [
      { auth: "device-code", ...ids },
      { kind: "device-code", application, deviceCodeUrl: tokenUrl.replace(/token$/, "devicecode") },
    ],
    [
      { auth: "azure-devops-oauth", clientSecret: "s", refreshToken: "r", redirectUri: "https://x/cb" },
      {
        kind: "azure-devops-oauth",
        tokenUrl: "https://app.vssps.visualstudio.com/oauth2/token",
        secret: "s",
        refreshToken: "r",
        redirectUri: "https://x/cb",
      },
    ],
    [
      { auth: "client-secret", clientId: "c", clientSecret: "s", tokenUrl: "http://127.0.0.1:80/token" },
      {
        kind: "client-secret",
        application: { clientId: "c", tokenUrl: "http://127.0.0.1:80/token", scope },
        secret: "s",
      },
    ],
  ])("selects for %j the credential %j", (inputs, config) => {
    expect(credentialConfigOf(inputs)).toEqual(config);
  });

  it.each<[SignInInputs, readonly string[]]>([
    [{ auth: "token" }, ["token"]],
    [{ auth: "client-secret" }, ["tenant-id", "client-id", "client-secret"]],
    [{ auth: "azure-devops-oauth" }, ["client-secret", "refresh-token", "redirect-uri"]],
    [{ auth: "device-code", ...ids, tokenUrl: "https://x/oauth" }, ["token-url"]],
  ])("rejects %j, which lacks or has wrong: %j", (inputs, names) => {
    expect(configProblems(inputs).map((problem) => problem.split(":")[0])).toEqual(names);
  });
});
