import type { CheckCommit } from "../core/report-commit.ts";
import { parsePem } from "../lib/pem.ts";

/** `true` or `false` in any case; `yes`, `1` and the like are rejected. */
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

/** A parser that accepts exactly these words. */
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

/** `main` is a branch; `refs/…` is left unchanged. */
export function fullRef(raw: string): string {
  // A ref without a name comes from a variable that was blank.
  if (/\s|\/$|^refs\/[^/]*$/.test(raw)) {
    throw new Error(`expected a branch, a tag or a full ref, got "${raw}"`);
  }
  return raw.startsWith("refs/") ? raw : `refs/heads/${raw}`;
}

/** The hash of a commit: complete, or at least its first seven digits. */
export function commitHash(raw: string): string {
  if (!/^[0-9a-f]{7,64}$/i.test(raw)) {
    throw new Error(
      `expected a commit's hash (7 to 64 hexadecimal digits), got "${raw}"; a branch goes in \`ref\``,
    );
  }
  return raw;
}

/** The commit for check run and commit status. */
/** `run` (the commit that the run built) or a full hash, as GitHub requires. */
export function checkCommit(raw: string): CheckCommit {
  if (raw === "run") return { kind: "run" };
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(raw)) {
    throw new Error(`expected \`run\` or the full hash of a commit (40 digits), got "${raw}"`);
  }
  return { kind: "hash", sha: raw.toLowerCase() };
}

/** A small number: each retry takes as long as the stages that failed. */
export function retryCount(raw: string): number {
  if (!/^\d{1,3}$/.test(raw)) throw new Error(`expected a number such as 2, got "${raw}"`);
  return Number(raw);
}

/** GitHub passes an unquoted `7.0` as `7`. */
export function apiVersion(raw: string): string {
  if (/^\d+$/.test(raw)) return `${raw}.0`;
  if (!/^\d+\.\d+(-preview(\.\d+)?)?$/.test(raw))
    throw new Error(`expected a version such as 7.1, got "${raw}"`);
  return raw;
}

/** Checks PEM text with a private key and a certificate, and returns it unchanged. */
export function certificate(raw: string): string {
  parsePem(raw);
  return raw;
}

const units = { h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** Milliseconds of `10`, `10s`, `45m`, `2h`, `1h30m`: seconds, or numbers with units from large to small. */
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
