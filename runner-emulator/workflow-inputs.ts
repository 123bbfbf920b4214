/** A step's `with:` as a YAML 1.2 parser reads it. */
export type WithBlock = Readonly<Record<string, string | number | boolean | null>>;

/** What the action gets of it: GitHub converts unquoted scalars, so that `7.0` arrives as `7` and `False` as `false`. */
export function workflowInputs(block: WithBlock): Record<string, string> {
  return Object.fromEntries(Object.entries(block).map(([name, value]) => [name, String(value ?? "")]));
}
