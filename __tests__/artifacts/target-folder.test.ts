import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { openTargetFolder } from "../../src/artifacts/target-folder.ts";

it("rollback removes written files and created folders", async () => {
  const workspace = temporaryFolder();
  const folder = await openTargetFolder("out/deep/drop", workspace);
  await using _file = await folder.createFile(["sub", "a"], 0o644);
  await folder.rollback();
  expect(existsSync(join(workspace, "out"))).toBe(false);
});

it("rollback removes all other files if one of them has become a folder", async () => {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, "out"));
  const folder = await openTargetFolder("out/drop", workspace);
  const [kept, removed] = ["kept", "removed"].map((name) => join(workspace, "out/drop", name)) as [
    string,
    string,
  ];
  for (const name of ["kept", "removed"]) await (await folder.createFile([name], 0o644)).close();
  rmSync(kept);
  mkdirSync(kept);
  await folder.rollback();
  expect([existsSync(removed), existsSync(kept)]).toEqual([false, true]);
});
