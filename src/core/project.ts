/** A project as the service names it; null where it does not say. */
export interface ProjectNames {
  readonly id: string | null;
  readonly name: string | null;
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Whether a name or GUID can mean this project: what the service does not say contradicts nothing. */
export function matchesProject(nameOrId: string, { id, name }: ProjectNames): boolean {
  const actual = isGuid(nameOrId) ? id : name;
  return actual === null || actual.toLowerCase() === nameOrId.toLowerCase();
}
