import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { createZip } from "../artifacts/zip.ts";
import {
  buildJson,
  happyPath,
  noTimeline,
  pollRoute,
  runId,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, expectSecretAbsent, inputsFor, token } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

type Files = Readonly<Record<string, string>>;

type Artifact = NonNullable<PipelineSpec["artifacts"]>[number];

/** Simulates a pipeline with one short job that publishes these artifacts and has this result. */
function simulateArtifacts(artifacts: readonly Artifact[], result: "succeeded" | "failed" = "succeeded") {
  const pipeline: PipelineSpec = {
    id: 42,
    name: "ci",
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    stages: [{ name: "__default", jobs: [{ name: "Job", tasks: [{ name: "Pack", seconds: 1, result }] }] }],
    artifacts,
  };
  return startSimulator({ speed: 30, accepts: () => "yes", pipelines: [pipeline] });
}

const artifact = (name: string, files: Files, kind: Artifact["kind"] = "PipelineArtifact"): Artifact => ({
  name,
  kind,
  files,
});

function all(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

describe.concurrent("download-artifacts", () => {
  it("unpacks an artifact into a folder of its name, without repeating its top folder", async () => {
    await using azure = await simulateArtifacts([
      artifact("web", { "a.txt": "A\n", "deep/b.txt": "B\n" }),
      artifact("other", { "c.txt": "C\n" }),
    ]);
    const result = await runAction(inputsFor(azure, { "download-artifacts": "web" }));
    const { main, workspace } = result;
    expect(main.exitCode, main.log).toBe(0);
    expect(all(join(workspace, "artifacts"))).toEqual(["web/a.txt", "web/deep/b.txt"]);
    expect(readFileSync(join(workspace, "artifacts/web/deep/b.txt"), "utf8")).toBe("B\n");
    expect(main.log).toContain("Downloaded web to artifacts/web: 2 files, 4 B");
    expectSecretAbsent(result, token);
  });

  it("unpacks all artifacts of both kinds for * into artifacts-path, and lists them in the summary", async () => {
    await using azure = await simulateArtifacts([
      artifact("web", { "a.txt": "A\n" }),
      artifact("drop", { "c.txt": "C\n" }, "Container"),
    ]);
    const { main, workspace } = await runAction(
      inputsFor(azure, { "download-artifacts": "*", "artifacts-path": "out/here" }),
    );
    expect(all(join(workspace, "out/here")), main.log).toEqual(["drop/c.txt", "web/a.txt"]);
    expect(main.summary).toMatch(/\*\*Artifacts\*\* \[web]\(http\S+view=artifacts\) 2 B, \[drop]/);
  });

  it.each(["succeeded", "failed"] as const)(
    "lists the existing artifacts if one is missing, for a run that %s",
    async (end) => {
      await using azure = await simulateArtifacts([artifact("web", { "a.txt": "A\n" })], end);
      const result = await runAction(inputsFor(azure, { "download-artifacts": "[web, nope]" }));
      const text = 'The run has no artifact "nope"; it has "web".';
      if (end === "succeeded") {
        expect(expectFailure(result, "not-found")).toContain(text);
        expect(result.main.summary).toContain(text);
      } else {
        const warnings = result.main.annotations.filter(({ level }) => level === "warning");
        expect(warnings.map(({ message }) => message)).toEqual([text]);
        expect([result.main.exitCode, result.main.outputs["error-code"] ?? ""]).toEqual([1, ""]);
      }
      expect(all(join(result.workspace, "artifacts"))).toEqual(["web/a.txt"]);
      expect(result.main.outputs["result"]).toBe(end);
    },
  );

  it("unpacks all other artifacts if one cannot be downloaded, and names each failed one", async () => {
    await using azure = await simulateArtifacts([
      artifact("a-bad", { "..": "A\n" }),
      artifact("b-good", { "b.txt": "B\n" }),
      artifact("c-bad", { ".git/hooks/post-checkout": "C\n" }),
      artifact("d-good", { "d.txt": "D\n" }),
    ]);
    const result = await runAction(
      inputsFor(azure, { "download-artifacts": "[a-bad, b-good, c-bad, d-good, nope]" }),
    );
    const text = expectFailure(result, "unexpected-response");
    for (const name of ["a-bad", "c-bad", "nope"]) expect(text).toContain(`"${name}"`);
    expect(all(join(result.workspace, "artifacts"))).toEqual(["b-good/b.txt", "d-good/d.txt"]);
  });

  it("writes one error for a failed run with an artifact that cannot be downloaded", async () => {
    await using azure = await simulateArtifacts([artifact("web", { "..": "A\n" })], "failed");
    const result = await runAction(inputsFor(azure, { "download-artifacts": "web", logs: "none" }));
    const errors = result.main.annotations.filter(({ message }) => message.includes("buildId="));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/ failed in Job › Pack.*buildId=\d+\nArtifact "web" was refused/s);
    expect(result.main.outputs["error-code"]).toBe("unexpected-response");
  });

  it.each([
    [
      "an entry that leads out of its folder",
      [{ name: "../../evil.txt", content: "x" }],
      /leads out of the folder/,
    ],
    ["a bomb", [{ name: "drop/zeros", content: "0", claims: { size: 300 * 1024 * 1024 } }], /larger than/],
  ])("rejects %s: %j: %s", async (_, entries, why) => {
    const zip = createZip({ name: "drop/fine.txt", content: "fine" }, ...entries);
    await using storage = await fileHost(zip);
    await using azure = await signedArtifact("drop", `${storage.url}/blob?sig=secretSignature`);
    const result = await runAction(inputsFor(azure, { "download-artifacts": "drop" }));
    expect(expectFailure(result, "unexpected-response")).toMatch(why);
    expect(all(result.workspace)).toEqual([]);
    expect(result.main.raw).not.toContain("secretSignature");
  });
});

describe.concurrent("the token", () => {
  it("is never sent to the storage behind a signed URL", async () => {
    await using storage = await fileHost(createZip({ name: "drop/a.txt", content: "A" }));
    await using azure = await signedArtifact("drop", `${storage.url}/blob?sig=s`);
    const { main, workspace } = await runAction(inputsFor(azure, { "download-artifacts": "drop" }));
    expect(all(join(workspace, "artifacts")), main.log).toEqual(["drop/a.txt"]);
    expect(storage.requests).toHaveLength(1);
    expect(JSON.stringify(storage.requests)).not.toMatch(/authorization|patPAT/i);
  });

  it("is never sent to a redirect's target", async () => {
    await using storage = await fileHost(createZip({ name: "drop/a.txt", content: "A" }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("completed") },
      [timelineRoute]: noTimeline,
      [`GET build/builds/${runId}/artifacts`]: ({ path }) =>
        path.includes("format=zip")
          ? { status: 302, headers: { location: `${storage.url}/blob?sig=s` } }
          : {
              body: {
                value: [containerOf("drop", `${azure.organization}/web/_apis${path.split("_apis")[1]}`)],
              },
            },
    });
    function containerOf(name: string, url: string) {
      return {
        name,
        resource: { type: "Container", downloadUrl: `${url}&artifactName=${name}&%24format=zip` },
      };
    }
    const { main, workspace } = await runAction(inputsFor(azure, { "download-artifacts": "drop" }));
    expect(all(join(workspace, "artifacts")), main.log).toEqual(["drop/a.txt"]);
    const [download] = azure.requests.filter(({ path }) => path.includes("format=zip"));
    expect(download?.headers.authorization).toMatch(/^Basic /);
    expect(JSON.stringify(storage.requests)).not.toMatch(/authorization|patPAT/i);
  });
});

describe.concurrent("outputs-artifact", () => {
  it.each([
    ["JSON", "values.json", '{"image":"web:1.10","replicas":3,"tags":["a"],"none":null}\n'],
    [".env", "values.env", "image=web:1.10\nreplicas=3\ntags='[\"a\"]'\nnone=\n"],
  ])("sets outputs from %s: %s, %j", async (_, file, text) => {
    await using azure = await simulateArtifacts([artifact("values", { [file]: text })]);
    const { main, workspace } = await runAction(inputsFor(azure, { "outputs-artifact": "values" }));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.outputs).toMatchObject({ image: "web:1.10", replicas: "3", tags: '["a"]', none: "" });
    expect(existsSync(join(workspace, "artifacts"))).toBe(false);
  });

  it("rejects one of the action's own names, and sets none of the others", async () => {
    await using azure = await simulateArtifacts([
      artifact("values", { "v.json": '{"image":"x","Run-Id":"7"}' }),
    ]);
    const result = await runAction(inputsFor(azure, { "outputs-artifact": "values" }));
    expect(expectFailure(result, "bad-input")).toMatch(/outputs-artifact.*"Run-Id"/);
    expect(result.main.outputs["image"]).toBeUndefined();
    expect(result.main.outputs["run-id"]).toMatch(/^\d{3}$/);
  });

  it("in any case of letters does not set a name of map-outputs, sets each other once, and warns", async () => {
    await using azure = await simulateArtifacts([
      artifact("values", { "v.json": '{"IMAGE":"theirs","Tag":"1","TAG":"2","other":"x"}' }),
    ]);
    const { main } = await runAction(
      inputsFor(azure, { "outputs-artifact": "values", "map-outputs": "image: name" }),
    );
    expect(main.exitCode, main.log).toBe(0);
    const { image, IMAGE, Tag, other } = main.outputs;
    expect(image).toMatch(/^\d{8}\./);
    expect({ IMAGE, Tag, other }).toEqual({ IMAGE: undefined, Tag: "2", other: "x" });
    const warnings = main.annotations.filter(({ level }) => level === "warning");
    expect(warnings.map(({ message }) => message)).toEqual([
      "outputs-artifact: not set, since `map-outputs` sets outputs of these names: IMAGE.",
      "outputs-artifact: set to one of several values, since GitHub ignores the case of output names: TAG.",
    ]);
  });

  it("sets outputs from a failed run too", async () => {
    await using azure = await simulateArtifacts(
      [artifact("values", { "v.env": "image=web\n" }, "Container")],
      "failed",
    );
    const { main } = await runAction(inputsFor(azure, { "outputs-artifact": "values" }));
    expect([main.exitCode, main.outputs["image"]], main.log).toEqual([1, "web"]);
  });

  it.each([
    ["no flat JSON object", { "a.json": "[1, 2]" }, /JSON object/],
    ["several files", { "a.json": "{}", "b.json": "{}" }, /several files/],
    ["no JSON", { "a.json": "{secret" }, /not valid JSON/],
  ])("rejects %s: %j: %s", async (_, files, why) => {
    await using azure = await simulateArtifacts([artifact("values", files as Files)]);
    const result = await runAction(inputsFor(azure, { "outputs-artifact": "values" }));
    const text = expectFailure(result, "unexpected-response");
    expect(text).toMatch(why);
    expect(text).not.toContain("secret");
  });
});

/** A host other than the organization's, which has the file and must not receive a token. */
async function fileHost(zip: Buffer) {
  const { createServer } = await import("node:http");
  const requests: unknown[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url, headers: request.headers });
    response.writeHead(200, { "content-type": "application/zip", "content-length": zip.length }).end(zip);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as { port: number }).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A run with one pipeline artifact behind a signed URL. */
function signedArtifact(name: string, url: string) {
  return scriptedAzure({
    ...happyPath,
    [pollRoute]: { body: buildJson("completed") },
    [timelineRoute]: noTimeline,
    [`GET build/builds/${runId}/artifacts`]: {
      body: {
        value: [{ name, resource: { type: "PipelineArtifact", downloadUrl: "https://no.example/x" } }],
      },
    },
    [`GET pipelines/42/runs/${runId}/artifacts`]: { body: { name, signedContent: { url } } },
  });
}
