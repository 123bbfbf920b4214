/** Whether two paths are the same folder of pipelines: Azure DevOps ignores case, and backslashes at their ends. */
export function isSameFolder(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

function normalized(folder: string): string {
  return folder.split("\\").filter(Boolean).join("\\").toLowerCase();
}
