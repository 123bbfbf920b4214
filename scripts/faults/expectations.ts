/** The action's reaction to a fault, and its limit: two cells of the table in docs/reliability.md. */
export interface Expectation {
  readonly behaviour: string;
  readonly limit: string;
}

const repeatLimit = "3 starts; 1 minute before the start; 5 minutes during the wait; 2 cancellations";

export const repeated: Expectation = {
  behaviour: "the request is repeated; before a start is repeated, the action searches for the run",
  limit: repeatLimit,
};

export const repeatedAfterSilence: Expectation = {
  ...repeated,
  limit: `30 seconds per request; ${repeatLimit}`,
};

export const throttled: Expectation = {
  behaviour: "the request is repeated, also a start, since it was refused",
  limit: "5 minutes",
};

export const repeatedAfterPause: Expectation = {
  behaviour:
    "the next requests to the host wait that long, except a cancellation; then like the same status without it",
  limit: "5 minutes",
};

export const repeatedDespiteRefusal: Expectation = {
  behaviour: "not a response of Azure DevOps, so handled like a lost response",
  limit: repeatLimit,
};

export const accepted: Expectation = { behaviour: "the response is used", limit: "30 seconds per request" };

export const acceptedAfterInterim: Expectation = {
  behaviour: "the response that follows is used",
  limit: "30 seconds per request",
};

export const doubted: Expectation = {
  behaviour: "no effect, unless a start is lost: a run that matches by one clock only is `start-unknown`",
  limit: "",
};

export const refused: Expectation = { behaviour: "the step ends with `unauthorized`", limit: "at once" };

export const cancelledByFault: Expectation = {
  behaviour: "one error; the run is cancelled, or its URL is in the error",
  limit: "6 seconds",
};

export const notStarted: Expectation = { behaviour: "one error; nothing is started", limit: "at once" };

export const failsDespiteSuccess: Expectation = {
  behaviour: "a warning; the step fails although the run succeeded",
  limit: "",
};

export const withoutSummaryFile: Expectation = { behaviour: "a warning; `summary-file` is blank", limit: "" };

export const withoutEffect: Expectation = { behaviour: "no effect", limit: "" };
