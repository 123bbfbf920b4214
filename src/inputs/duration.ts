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
