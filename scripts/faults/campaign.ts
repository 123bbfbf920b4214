import { type Case, casesFor } from "./cases.ts";
import { type Breach, breachesOf } from "./laws.ts";
import { type Played, playCase } from "./play.ts";

/** A case, what it came to, and what it broke. */
export interface Outcome {
  readonly one: Case;
  readonly played: Played;
  readonly breaches: readonly Breach[];
}

interface Campaign {
  readonly seed: number;
  readonly runs: number;
  /** The cases to play, by number; blank for all. */
  readonly only?: readonly number[];
  readonly bundle?: string | undefined;
  /** Most of a case is waiting: so many go on at once. */
  readonly atOnce: number;
  readonly limitMs: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

export async function campaign({
  seed,
  runs,
  only,
  bundle,
  atOnce,
  limitMs,
  onOutcome,
}: Campaign): Promise<readonly Outcome[]> {
  const waiting = casesFor(seed, runs).filter(({ number }) => only === undefined || only.includes(number));
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const played = await playCase(one, { bundle, limitMs });
      const outcome = { one, played, breaches: breachesOf(one, played) };
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes.toSorted((a, b) => a.one.number - b.one.number);
}
