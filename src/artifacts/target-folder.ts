import {
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
} from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ignoreError } from "../errors.ts";
import { isGitFolder } from "../lib/paths.ts";

/** A folder for files, which never leave it: links in it are not followed. */
export interface TargetFolder {
  /** Whether it contained files before. */
  readonly hadFiles: boolean;
  /** Creates a file and its folders, and replaces an existing file. */
  createFile(segments: readonly string[], mode: number): Promise<FileHandle>;
  createFolder(segments: readonly string[]): Promise<void>;
  /** Keeps the new files. Never rejects. */
  commit(): Promise<void>;
  /** Removes the new files and restores the replaced ones, as far as possible. Never rejects. */
  rollback(): Promise<void>;
}

const missing = ignoreError("it does not exist");

const leftBehind = ignoreError("what cannot be undone remains");

/** Rejects if the path contains a link in the workspace, or leads into a Git folder. */
export async function openTargetFolder(path: string, workspace: string): Promise<TargetFolder> {
  const root = resolve(workspace, path);
  await rejectLinks(root, await realpath(workspace), resolve(workspace));
  await rejectGitFolder(root);
  const hadFiles = (await readdir(root).catch(ignoreError("there is no such folder yet", []))).length > 0;
  const parent = dirname(root);
  const firstCreated = await mkdir(parent, { recursive: true });
  const createdFolders: string[] = [];
  const createdFiles: string[] = [];
  /** The backups of replaced files by their original paths. */
  const replacedFiles = new Map<string, string>();
  let backupFolder: string | undefined;
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
  /** Moved, not copied, so that a link is moved without its target. */
  async function setAside(file: string): Promise<void> {
    const found = await lstat(file).catch(missing);
    if (found === undefined || createdFiles.includes(file)) return rm(file, { force: true });
    if (found.isDirectory()) throw new Error("a folder has the path of one of its files");
    backupFolder ??= await mkdtemp(join(parent, ".run-azure-pipeline-"));
    const backup = join(backupFolder, String(replacedFiles.size));
    await rename(file, backup);
    replacedFiles.set(file, backup);
  }
  async function removeBackups(): Promise<void> {
    if (backupFolder !== undefined)
      await rm(backupFolder, { recursive: true, force: true }).catch(leftBehind);
  }
  return {
    hadFiles,
    createFolder,
    async createFile(segments, mode) {
      await createFolder(segments.slice(0, -1));
      const file = join(root, ...segments);
      await setAside(file);
      // `wx`: a file that another step creates in the meantime is neither overwritten nor removed.
      const handle = await open(file, "wx", mode);
      createdFiles.push(file);
      return handle;
    },
    commit: removeBackups,
    async rollback() {
      for (const file of createdFiles) await rm(file, { force: true }).catch(leftBehind);
      for (const [file, backup] of replacedFiles) await rename(backup, file).catch(leftBehind);
      await removeBackups();
      for (const target of createdFolders.toReversed()) await rmdir(target).catch(leftBehind);
      if (firstCreated !== undefined) await removeEmptyFolders(parent, firstCreated);
    },
  };
}

/** Removes empty folders, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let path = innermost; path.length >= outermost.length; path = dirname(path))
    await rmdir(path).catch(ignoreError("a folder that is not empty remains"));
}

/** Returns whether it was created. */
async function createFolderIfMissing(path: string): Promise<boolean> {
  const existing = await lstat(path).catch(missing);
  if (existing === undefined) {
    // Another step of the job may create the folder at the same time.
    return mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return createFolderIfMissing(path);
        throw error;
      },
    );
  }
  if (existing.isSymbolicLink()) throw new Error("its path contains a link");
  if (!existing.isDirectory()) throw new Error("a file has the path of one of its folders");
  return false;
}

/** A checkout may contain links. Outside the workspace, the workflow's author has chosen the path. */
async function rejectLinks(root: string, realWorkspace: string, workspace: string): Promise<void> {
  const relativePath = relative(workspace, root);
  if (isAbsolute(relativePath) || relativePath === ".." || relativePath.startsWith(`..${sep}`)) return;
  let path = workspace;
  for (const segment of relativePath.split(sep)) {
    path = join(path, segment);
    const found = await lstat(path).catch(missing);
    if (found === undefined) return;
    if (!found.isSymbolicLink()) continue;
    const real = await realpath(path).catch(missing);
    const isInside = real === realWorkspace || real?.startsWith(realWorkspace + sep) === true;
    throw new Error(
      isInside ? "its folder is a link" : "its folder is a link that leads out of the workspace",
    );
  }
}

/** Checks the resolved path, after links and short names. */
async function rejectGitFolder(root: string): Promise<void> {
  let existing = root;
  while ((await lstat(existing).catch(missing)) === undefined && dirname(existing) !== existing)
    existing = dirname(existing);
  const resolved = join(
    await realpath(existing).catch(ignoreError("nothing of the path exists", existing)),
    relative(existing, root),
  );
  const isInGitFolder =
    resolved.split(sep).some(isGitFolder) || (await findGitDirectory(resolved)) !== undefined;
  if (isInGitFolder) throw new Error("its folder is inside a Git folder");
}

/** The folder at or above a path that Git would treat as the folder of a repository, regardless of its name. */
async function findGitDirectory(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const marks = ["HEAD", "objects", "refs"].map((name) => lstat(join(folder, name)).catch(missing));
    if ((await Promise.all(marks)).every((found) => found !== undefined)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
