/** The page of a job or task in the run's log viewer. `runUrl` is the run's own address. */
export function logUrl(runUrl: string, jobId: string, taskId?: string, line?: number): string {
  const taskQuery = taskId === undefined ? "" : `&t=${encodeURIComponent(taskId)}`;
  const lineQuery = line === undefined ? "" : `&l=${line}`;
  return `${withQuery(runUrl)}view=logs&j=${encodeURIComponent(jobId)}${taskQuery}${lineQuery}`;
}

/** The page that lists a run's artifacts. */
export function artifactsUrl(runUrl: string): string {
  return `${withQuery(runUrl)}view=artifacts`;
}

function withQuery(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}`;
}
