import { demoToken, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index.ts";

/** What came back, decoded when it is JSON. */
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests read the wire as it comes.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about.
  readonly json: any;
}

type Caller = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

export interface Stage extends AsyncDisposable {
  readonly simulator: Simulator;
  /** Calls a path below the project. */
  readonly call: Caller;
  /** Starts a run and answers with its id. */
  start(pipeline: number, body?: unknown): Promise<number>;
}

export const basic = `Basic ${Buffer.from(`:${demoToken}`).toString("base64")}`;

/** A simulator whose time stands still until the test moves it. */
export async function openStage(options: SimulatorOptions = {}): Promise<Stage> {
  const simulator = await startSimulator({ speed: 0, ...options });
  const call: Caller = (method, path, body, headers) =>
    request(`${simulator.organization}/${simulator.project}/_apis/${path}`, method, body, headers);
  return {
    simulator,
    call,
    start: async (pipeline, body = {}) => {
      const { json } = await call("POST", `pipelines/${pipeline}/runs?api-version=7.1`, body);
      return json.id as number;
    },
    [Symbol.asyncDispose]: simulator.close,
  };
}

export async function request(
  url: string,
  method = "GET",
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: basic,
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
