import { ActionError, TransientError } from "../errors.ts";
import { clip, oneLine, quotedName } from "../lib/text.ts";

/** The error for a rejected artifact. */
export function rejectedArtifact(artifact: string, reason: string, cause?: unknown): ActionError {
  return new ActionError(
    "unexpected-response",
    `Artifact ${quotedName(artifact)} was refused: ${clip(reason, 1_000).replace(/\.+$/, "")}.`,
    {
      hint: "Check the artifact in Azure DevOps, and publish it again.",
      cause,
    },
  );
}

/** Converts an error of the file system; errors in the archive reject the artifact. */
export function diskError(artifact: string, error: unknown): unknown {
  if (error instanceof ActionError || error instanceof TransientError) return error;
  if (!(error instanceof Error) || error.name === "AbortError") return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined)
    return rejectedArtifact(artifact, oneLine(error.message), error);
  const name = quotedName(artifact);
  if (code === "ENAMETOOLONG") {
    return new ActionError(
      "bad-input",
      `Artifact ${name} contains a path that is too long for this runner's disk.`,
      {
        hint: "Choose a shorter `artifacts-path`, or publish the artifact with shorter names.",
        cause: error,
      },
    );
  }
  if (code === "ENOTDIR" || (code === "EEXIST" && syscall === "mkdir")) {
    return new ActionError("bad-input", `Artifact ${name} could not be written: a file is in the way.`, {
      hint: "Choose an `artifacts-path` that is a folder, or that does not exist.",
      cause: error,
    });
  }
  if (code === "EEXIST") {
    return new ActionError(
      "bad-input",
      `Another step wrote to the folder of artifact ${name} at the same time.`,
      {
        hint: "Set a different `artifacts-path` in each step that runs in parallel.",
        cause: error,
      },
    );
  }
  const isDiskFull = code === "ENOSPC" || code === "EDQUOT";
  return new ActionError(
    isDiskFull ? "internal" : "bad-input",
    `Artifact ${name} could not be written (${code}).`,
    {
      hint: isDiskFull
        ? "Free space on the runner's disk, or remove the artifact from the list."
        : "Choose an `artifacts-path` in which the runner can write.",
      cause: error,
    },
  );
}
