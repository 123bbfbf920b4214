/** The fields of what lies inside a value that may be anything: none where there is no such object. */
export function getObject(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const [name, ...rest] = path;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const fields = value as Readonly<Record<string, unknown>>;
  return name === undefined ? fields : getObject(fields[name], ...rest);
}
