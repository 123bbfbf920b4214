import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { openTargetFolder } from "../../src/artifacts/unpack.ts";

it("undoes what can be undone, with the folders above it, and never rejects", async () => {
  const workspace = temporaryFolder();
  const folder = await openTargetFolder("out/deep/drop", workspace);
  await using _file = await folder.createFile(["sub", "a"], 0o644);
  await folder.rollback();
  expect(existsSync(join(workspace, "out"))).toBe(false);
});

it("removes the rest where one file has become something else", async () => {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, "out"));
  const folder = await openTargetFolder("out/drop", workspace);
  const [stays, goes] = ["stays", "goes"].map((name) => join(workspace, "out/drop", name)) as [
    string,
    string,
  ];
  for (const name of ["stays", "goes"]) await (await folder.createFile([name], 0o644)).close();
  rmSync(stays);
  mkdirSync(stays);
  await folder.rollback();
  expect([existsSync(goes), existsSync(stays)]).toEqual([false, true]);
});
