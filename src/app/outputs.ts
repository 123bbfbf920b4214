import type { RunDocument, StartedRun } from "../core/model.ts";
import { outputText } from "../core/values.ts";
import { reasonOf } from "../errors.ts";
import type { MappedOutput } from "../inputs.ts";
import type { Clock, Host } from "../ports.ts";
import type { Scene } from "./scene.ts";

/** Writes outputs as soon as they are known, and again only when they change. */
export interface Outputs {
  /** Answers whether anything had to be written. */
  tell(values: Values): boolean;
}

type Values = Readonly<Record<string, unknown>>;

export function createOutputs(host: Pick<Host, "output">): Outputs {
  const written = new Map<string, string>();
  return {
    tell: (values) => {
      const texts = Object.entries(values).map(([name, value]) => [name, outputText(value)] as const);
      const news = texts.filter(([name, text]) => written.get(name) !== text);
      for (const [name, text] of news) {
        written.set(name, text);
        host.output(name, text);
      }
      return news.length > 0;
    },
  };
}

export function startOutputs({
  id,
  name,
  url,
  commit,
}: Pick<StartedRun, "id" | "name" | "url" | "commit">): Values {
  return { "run-id": id, "run-name": name, "run-url": url, ...(commit !== null && { commit }) };
}

/** Takes back what was told of a run that the step is not about after all. */
export const noRun: Values = { "run-id": "", "run-name": "", "run-url": "", commit: "" };

/** What changes from look to look, and is small. */
export function lookOutputs(document: RunDocument): Values {
  return {
    "run-id": document.id,
    "run-name": document.name,
    "run-url": document.url,
    status: document.status,
    result: document.result,
    commit: document.source.commit,
    "queue-seconds": document.queueSeconds,
    "run-seconds": document.runSeconds,
  };
}

const firstPauseMs = 30_000;
const longestPauseMs = 10 * 60_000;

/**
 * Tells what a look has shown, at every look: a step that is killed leaves it behind. What can be large is told at the
 * first look and then ever more seldom, since each time adds to the job's file.
 */
export function createLookTeller(
  outputs: Outputs,
  mapOutputs: readonly MappedOutput[],
  clock: Pick<Clock, "now">,
): (document: RunDocument) => void {
  let dueAt = clock.now();
  let pauseMs = firstPauseMs;
  return (document) => {
    outputs.tell(lookOutputs(document));
    if (clock.now() < dueAt) return;
    const { values } = mapped(mapOutputs, document);
    if (!outputs.tell({ ...largeOutputs(document), ...values })) return;
    dueAt = clock.now() + pauseMs;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  };
}

/** Tells all that can be had of a run by now, and warns of each mapped output that cannot. */
export function tellAll(
  document: RunDocument,
  { inputs, means: { outputs, host } }: Pick<Scene, "inputs" | "means">,
): void {
  const { values, problems } = mapped(inputs.mapOutputs, document);
  const blanks = Object.fromEntries(problems.map(({ name }) => [name, ""]));
  outputs.tell({ ...lookOutputs(document), ...largeOutputs(document), ...values, ...blanks });
  host.write(
    problems.map(({ name, why }) => ({
      type: "warning",
      text: `map-outputs: ${name} could not be evaluated: ${why}`,
    })),
  );
}

function largeOutputs(document: RunDocument): Values {
  return { stages: document.stages, run: document };
}

interface Mapped {
  readonly values: Values;
  readonly problems: readonly { readonly name: string; readonly why: string }[];
}

function mapped(mapOutputs: readonly MappedOutput[], document: RunDocument): Mapped {
  const values: [string, unknown][] = [];
  const problems: { name: string; why: string }[] = [];
  for (const { name, valueIn } of mapOutputs) {
    try {
      values.push([name, valueIn(document)]);
    } catch (error) {
      problems.push({ name, why: reasonOf(error) });
    }
  }
  return { values: Object.fromEntries(values), problems };
}
