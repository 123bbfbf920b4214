import { onTestFinished } from "vitest";
import { type GitHub, type GitHubOptions, startGitHub } from "../../simulator/github/github.ts";
import { createTransport } from "../../src/http/transport.ts";
import type { CommitReport, HttpRequest, Transport } from "../../src/ports.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

export const commit = "a".repeat(40);

export const runningReport: CommitReport = {
  kind: "running",
  title: "Build is running",
  summary: () => "| Stage |\n|---|\n| Build |",
  annotations: [],
  runUrl: "https://dev.azure.com/contoso/web/_build/results?buildId=345",
  runId: 345,
  startedAt: "2026-11-22T10:00:00Z",
  description: "Build is running",
};

export const succeededReport: CommitReport = {
  ...runningReport,
  kind: "succeeded",
  title: "Succeeded",
  description: "Succeeded",
};

export interface ReporterHarness {
  readonly github: GitHub;
  readonly clock: FakeClock;
  readonly warnings: string[];
  /** The dependencies of a reporter. */
  readonly reporterDeps: {
    readonly token: string;
    readonly repository: string;
    readonly resolveCommit: () => Promise<string>;
    readonly apiUrl: string;
    readonly transport: Transport;
    readonly clock: FakeClock;
    warn(text: string): void;
  };
  /** `METHOD path` of every request, without the common part of the path. */
  requestLines(): string[];
  /** The decoded bodies of the requests. */
  requestBodies(): Record<string, unknown>[];
}

/** A simulated GitHub over real sockets, and a fake clock. */
export async function createReporterHarness(options: GitHubOptions = {}): Promise<ReporterHarness> {
  const github = await startGitHub(options);
  const transport = createTransport();
  onTestFinished(async () => {
    transport.close();
    await github.close();
  });
  const clock = createFakeClock(Date.UTC(2026, 10, 22, 10));
  const warnings: string[] = [];
  const shortTimeoutTransport: Transport = {
    ...transport,
    // A stalled request fails after half a second instead of ten.
    send: (request: HttpRequest) => transport.send({ ...request, timeoutMs: request.timeoutMs / 20 }),
  };
  return {
    github,
    clock,
    warnings,
    reporterDeps: {
      token: "ghs_secret",
      repository: "contoso/web",
      resolveCommit: async () => commit,
      apiUrl: github.url,
      transport: shortTimeoutTransport,
      clock,
      warn: (text) => warnings.push(text),
    },
    requestLines: () =>
      github.requests.map(({ method, path }) => `${method} ${path.replace(/^.*\/repos\/contoso\/web/, "")}`),
    requestBodies: () =>
      github.requests.filter(({ body }) => body !== "").map(({ body }) => JSON.parse(body)),
  };
}
