import type { Clock, Signpost, SignReport } from "../ports.ts";
import { type Access, connect, type Fault, faultOf, type Octokit } from "./octokit.ts";
import { createPace, type Pace } from "./pace.ts";

export interface SignpostOptions extends Access {
  readonly name: string;
  /** OWNER/NAME */
  readonly repository: string;
  readonly commit: string;
  readonly clock: Clock;
  /** Shared where several stand on one commit. */
  readonly pace?: Pace;
  /** The step does not stay to say more than the beginning. */
  readonly leaves?: boolean;
  /** Nobody comes later who could say what could not be said. */
  readonly isLast?: boolean;
  warn(text: string): void;
}

interface Sign {
  /** `check run "ci"`: for the warning. */
  readonly subject: string;
  readonly permission: string;
  /** What of a report an update would show: where it is the same as before, none is sent. */
  shows(report: SignReport): string;
  write(
    octokit: Octokit,
    report: SignReport,
    how: { readonly last: boolean; readonly signal: AbortSignal },
  ): Promise<void>;
}

type Moment = "begin" | "update" | "end";

/** Of one moment, from its first request on, however many it takes. */
const momentAtMostMs = 10_000;
const retryPauseMs = 1_000;
const longestRetryPauseMs = 5_000;

export function signpostOf(sign: Sign, options: SignpostOptions): Signpost {
  const turn = (options.pace ?? createPace(options.clock)).join();
  const givenUp = new AbortController();
  const sender = createSender(sign, options, givenUp.signal);
  let queue: Promise<unknown> = Promise.resolve();
  let shown: string | undefined;

  function enqueue(report: SignReport, moment: Moment): Promise<unknown> {
    shown = sign.shows(report);
    turn.taken();
    // A step waits for the end from here on, and so for what is still under way before it.
    const until = moment === "end" ? options.clock.now() + momentAtMostMs : undefined;
    queue = queue.then(async () => {
      if (!(await sender.send(report, moment, until))) shown = undefined;
    });
    return queue;
  }

  return {
    async begin(report) {
      await enqueue(report, "begin");
    },
    async update(report) {
      const isDue = turn.isDue() && sender.isReady() && sign.shows(report) !== shown;
      if (isDue) void enqueue(report, "update");
    },
    async end(report, signal) {
      const giveUp = () => givenUp.abort(signal?.reason);
      if (signal?.aborted) giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      await enqueue(report, "end");
      signal?.removeEventListener("abort", giveUp);
      return sender.isSettled();
    },
  };
}

/** Says what it is given, once or (the last words) twice, and of all that goes wrong tells the first thing only. */
function createSender(sign: Sign, options: SignpostOptions, signal: AbortSignal) {
  const { clock } = options;
  let notBefore = 0;
  let isOver = false;
  let isSettled = false;
  let deadline: number | undefined;
  const leftMs = () => {
    deadline ??= clock.now() + momentAtMostMs;
    return deadline - clock.now();
  };
  const attempt = createAttempt(sign, options, { leftMs, signal });

  return {
    isReady: () => !isOver && clock.now() >= notBefore,
    /** Whether the last word was said, or none ever will be. */
    isSettled: () => isSettled,
    /** Answers whether it was said. */
    async send(report: SignReport, moment: Moment, until?: number): Promise<boolean> {
      if (isOver) return false;
      const last = moment === "end";
      deadline = until;
      let fault = await attempt(report, last);
      if (fault && last && (await pauseBeforeRetry(fault, clock, { leftMs, signal }))) {
        fault = await attempt(report, true);
      }
      isOver = last || fault?.lasting === true;
      isSettled = isOver && fault?.lasting !== false;
      if (fault === undefined) return true;
      notBefore = clock.now() + (fault.retryAfterMs ?? 0);
      // What got lost in passing is made good by the next update, where there is one.
      if (isOver || options.leaves === true) {
        options.warn(warningOf(sign, fault, last && !isSettled && options.isLast !== true));
      }
      return false;
    },
  };
}

interface Limits {
  /** Of the moment that is being told of. */
  readonly leftMs: () => number;
  readonly signal: AbortSignal;
}

/** Writes a report once, and answers with what went wrong. */
function createAttempt(sign: Sign, options: SignpostOptions, { leftMs, signal }: Limits) {
  let octokit: Promise<Octokit> | undefined;
  return async (report: SignReport, last: boolean): Promise<Fault | undefined> => {
    try {
      octokit ??= connect(options, leftMs);
      await sign.write(await octokit, report, { last, signal });
      return undefined;
    } catch (error) {
      return signal.aborted ? cutShort : faultOf(error);
    }
  };
}

/** The reason of the signal tells people nothing. */
const cutShort: Fault = {
  text: "the job was cancelled meanwhile",
  status: undefined,
  lasting: false,
  retryAfterMs: undefined,
};

/** Pauses where the last words are worth saying once more, and answers whether they are. */
async function pauseBeforeRetry(fault: Fault, clock: Clock, { leftMs, signal }: Limits): Promise<boolean> {
  const pauseMs = fault.retryAfterMs ?? retryPauseMs;
  const isTooLong = pauseMs > longestRetryPauseMs || pauseMs >= leftMs();
  if (fault.lasting || isTooLong || signal.aborted) return false;
  return clock.sleep(pauseMs, signal).then(
    () => true,
    () => false,
  );
}

function warningOf({ subject, permission }: Sign, { text, blame }: Fault, comesAgain: boolean): string {
  const advice = {
    token: " Give `github-token` a token that is valid, or leave it out for the job's own.",
    permissions: ` The token needs \`permissions: ${permission}\`, which a pull request from a fork does not get.`,
  };
  const why = blame === undefined ? "" : advice[blame];
  const next = comesAgain ? "It is tried once more when the job ends." : "The step goes on without it.";
  return `The ${subject} could not be written: ${text}.${why} ${next}`;
}
