import { parsePem } from "../lib/pem.ts";

/** `true` or `false` in any case; `yes`, `1` and the like are questions, not answers. */
export function boolean(raw: string): boolean {
  const word = raw.toLowerCase();
  if (word !== "true" && word !== "false") throw new Error(`expected true or false, got "${raw}"`);
  return word === "true";
}

export function positiveInteger(raw: string): number {
  if (!/^[1-9]\d{0,15}$/.test(raw) || !Number.isSafeInteger(Number(raw))) {
    throw new Error(`expected a number such as 42, got "${raw}"`);
  }
  return Number(raw);
}

/** A parser that takes exactly these words. */
export function oneOf<const Choice extends string>(...choices: readonly Choice[]): (raw: string) => Choice {
  return (raw) => {
    const match = choices.find((choice) => choice === raw);
    if (match === undefined)
      throw new Error(`expected ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}, got "${raw}"`);
    return match;
  };
}

/** A name or a path, on one line. */
export function singleLine(raw: string): string {
  if (/[\r\n\0]/.test(raw)) throw new Error("expected one line of text");
  return raw;
}

/** `main` means the branch; `refs/…` stands as it is. */
export function fullRef(raw: string): string {
  // What ends where its name should begin is a variable that was blank.
  if (/\s|\/$|^refs\/[^/]*$/.test(raw)) {
    throw new Error(`expected a branch, a tag or a full ref, got "${raw}"`);
  }
  return raw.startsWith("refs/") ? raw : `refs/heads/${raw}`;
}

/** Of a commit, whole or its first seven digits and more. */
export function commitHash(raw: string): string {
  if (!/^[0-9a-f]{7,64}$/i.test(raw)) {
    throw new Error(
      `expected a commit's hash (7 to 64 hexadecimal digits), got "${raw}"; a branch goes into \`ref\``,
    );
  }
  return raw;
}

/** The commit that check run and commit status are put on. */
export type CheckCommit =
  | { readonly kind: "run" }
  /** A whole hash, in lower case. */
  | { readonly kind: "hash"; readonly sha: string };

/** `run` (the commit that the run built) or a whole hash, which is what GitHub takes. */
export function checkCommit(raw: string): CheckCommit {
  if (raw === "run") return { kind: "run" };
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(raw)) {
    throw new Error(`expected \`run\` or the whole hash of a commit (40 digits), got "${raw}"`);
  }
  return { kind: "hash", sha: raw.toLowerCase() };
}

/** A small number: each retry takes as long as the stages that failed. */
export function retryCount(raw: string): number {
  if (!/^\d{1,3}$/.test(raw)) throw new Error(`expected a number such as 2, got "${raw}"`);
  return Number(raw);
}

export function apiVersion(raw: string): string {
  if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(raw))
    throw new Error(`expected a version such as 7.1, got "${raw}"`);
  return raw;
}

/** PEM text with a private key and a certificate in it, as it was given. */
export function certificate(raw: string): string {
  parsePem(raw);
  return raw;
}

const units = { h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** Reads `10`, `10s`, `45m`, `2h`, `1h30m`: seconds, or numbers with units from large to small. Milliseconds. */
export function parseDurationMs(raw: string): number {
  if (/^\d+$/.test(raw)) return checkDuration(Number(raw) * units.s, raw);
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(raw);
  if (!match || raw === "") throw new Error(`expected a duration such as 90s, 45m or 1h30m, got "${raw}"`);
  const [, h = "0", m = "0", s = "0"] = match;
  return checkDuration(Number(h) * units.h + Number(m) * units.m + Number(s) * units.s, raw);
}

function checkDuration(ms: number, raw: string): number {
  if (ms > Number.MAX_SAFE_INTEGER) throw new Error(`the duration ${raw} is too long`);
  return ms;
}
