import { lstat, mkdir, realpath, rm, rmdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** A folder that files are put into and never beside: links that lie in it are not followed. */
export interface TargetFolder {
  /** Makes way for a file, folders and all, and answers with its path. */
  prepareFile(segments: readonly string[]): Promise<string>;
  /** Makes a folder. */
  createFolder(segments: readonly string[]): Promise<void>;
  /** Removes all that was placed, with the folders that were made for it, as far as that can be. Never rejects. */
  rollback(): Promise<void>;
}

/** Rejects where the way to the folder leads over a link out of the workspace. */
export async function openTargetFolder(path: string, workspace: string): Promise<TargetFolder> {
  const root = resolve(workspace, path);
  await rejectEscapingSymlinks(root, await realpath(workspace), resolve(workspace));
  const createdFolders: string[] = [];
  const createdFiles: string[] = [];
  const existing = new Set<string>();

  async function ensureFolder(target: string): Promise<void> {
    if (existing.has(target)) return;
    if (await createFolderIfMissing(target)) createdFolders.push(target);
    existing.add(target);
  }
  async function createFolder(segments: readonly string[]): Promise<void> {
    for (let depth = 0; depth <= segments.length; depth += 1)
      await ensureFolder(join(root, ...segments.slice(0, depth)));
  }
  const parent = dirname(root);
  const firstCreated = await mkdir(parent, { recursive: true });
  return {
    createFolder,
    async prepareFile(segments) {
      await createFolder(segments.slice(0, -1));
      const file = join(root, ...segments);
      // An older file goes, and a link goes without what it leads to.
      await rm(file, { force: true });
      createdFiles.push(file);
      return file;
    },
    async rollback() {
      for (const file of createdFiles) await rm(file, { force: true }).catch(() => undefined);
      for (const target of createdFolders.toReversed()) await rmdir(target).catch(() => undefined);
      if (firstCreated !== undefined) await removeEmptyFolders(parent, firstCreated);
    },
  };
}

/** Removes folders that are empty, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let path = innermost; path.length >= outermost.length; path = dirname(path))
    await rmdir(path).catch(() => undefined);
}

/** Answers whether it was not there before. */
async function createFolderIfMissing(path: string): Promise<boolean> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing === undefined) {
    await mkdir(path);
    return true;
  }
  if (existing.isSymbolicLink()) throw new Error("a link lies in its way");
  if (!existing.isDirectory()) throw new Error("a file lies in the way of one of its folders");
  return false;
}

/** A checkout may hold a link of that name. Outside the workspace, the workflow's author has named the place. */
async function rejectEscapingSymlinks(root: string, realWorkspace: string, workspace: string): Promise<void> {
  const relativePath = relative(workspace, root);
  if (isAbsolute(relativePath) || relativePath === ".." || relativePath.startsWith(`..${sep}`)) return;
  let path = workspace;
  for (const segment of relativePath.split(sep)) {
    path = join(path, segment);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined && (await lstat(path).catch(() => undefined))?.isSymbolicLink() !== true) return;
    if (real === undefined || (real !== realWorkspace && !real.startsWith(realWorkspace + sep))) {
      throw new Error("its folder is a link that leads out of the workspace");
    }
  }
}
