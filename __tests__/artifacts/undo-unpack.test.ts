import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { openTargetFolder } from "../../src/artifacts/unpack.ts";

it("undoes what can be undone, with the folders above it, and never rejects", async () => {
  const workspace = temporaryFolder();
  const folder = await openTargetFolder("out/deep/drop", workspace);
  writeFileSync(await folder.prepareFile(["sub", "a"]), "a");
  await folder.rollback();
  expect(existsSync(join(workspace, "out"))).toBe(false);
});

it("removes the rest where one file has become something else", async () => {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, "out"));
  const folder = await openTargetFolder("out/drop", workspace);
  mkdirSync(await folder.prepareFile(["stays"]));
  const goes = await folder.prepareFile(["goes"]);
  writeFileSync(goes, "x");
  await folder.rollback();
  expect([existsSync(goes), existsSync(join(workspace, "out/drop/stays"))]).toEqual([false, true]);
});
