/** What Windows will not have in a name, or takes for something else. */
const windowsForbidden = /[<>:"|?*\p{Cc}]|[. ]$/u;

const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/**
 * The segments of an archive entry's name below the folder that it is unpacked into; none for that folder itself.
 * Throws an Error with a sentence for a name that would lead out of it, or that could not be a file's.
 */
export function entryPath(name: string, windows: boolean): readonly string[] {
  const path = name.replaceAll("\\", "/");
  if (path.includes("\0")) throw new Error("its name holds a NUL");
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) throw new Error("its path is absolute");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw new Error("its path leads out of the folder");
  const forbidden = windows ? segments.find(isForbiddenOnWindows) : undefined;
  if (forbidden !== undefined) throw new Error("Windows cannot have a file of that name");
  return segments;
}

/** Windows takes no notice of dots and spaces at the end, and not every disk of the case. */
const gitFolder = /^\.git[. ]*$/i;

/** Throws where an artifact's name cannot be the name of a folder, or is that of Git's own. */
export function checkFolderName(name: string, windows: boolean): void {
  if (gitFolder.test(name)) throw new Error("Git would take what is in it for its own");
  const [segment, ...others] = entryPath(name, windows);
  if (segment !== name || others.length > 0) throw new Error("it is a path, and not a name");
}

function isForbiddenOnWindows(segment: string): boolean {
  return windowsForbidden.test(segment) || windowsDevice.test(segment);
}
