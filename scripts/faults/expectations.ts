/** The action's reaction to a fault, and its limit: two cells of the table in docs/reliability.md. */
export interface Expectation {
  readonly behaviour: string;
  readonly limit: string;
}

const repeatLimit = "3 starts; before the start 1 minute, while waiting 5 minutes; cancellation twice";

export const repeated: Expectation = {
  behaviour: "the request is sent again; before a start is, the run is searched for",
  limit: repeatLimit,
};

export const repeatedAfterSilence: Expectation = {
  ...repeated,
  limit: `30 seconds a request; ${repeatLimit}`,
};

export const throttled: Expectation = {
  behaviour: "the request is sent again, a start too: it was refused",
  limit: "5 minutes",
};

export const repeatedAfterPause: Expectation = {
  behaviour: "the next requests to the host wait for it, except the cancellation; then as without it",
  limit: "5 minutes",
};

export const repeatedDespiteRefusal: Expectation = {
  behaviour: "not taken as the service's decision: the same as for a lost answer",
  limit: repeatLimit,
};

export const accepted: Expectation = { behaviour: "the answer counts", limit: "30 seconds a request" };

export const acceptedAfterInterim: Expectation = {
  behaviour: "the answer after it counts",
  limit: "30 seconds a request",
};

export const doubted: Expectation = {
  behaviour:
    "no effect; after a lost start a run that only one clock makes ours is not followed: `start-unknown`",
  limit: "",
};

export const refused: Expectation = { behaviour: "the step ends with `unauthorized`", limit: "at once" };

export const cancelledByFault: Expectation = {
  behaviour: "one error; the run is cancelled, or its URL is in the error",
  limit: "6 seconds",
};

export const notStarted: Expectation = { behaviour: "one error; nothing is started", limit: "at once" };

export const redDespiteSuccess: Expectation = {
  behaviour: "a warning; the step is red though the run succeeded",
  limit: "",
};

export const withoutSummaryFile: Expectation = { behaviour: "a warning; `summary-file` is blank", limit: "" };

export const withoutEffect: Expectation = { behaviour: "no effect", limit: "" };
