import type { NodeResult } from "../core/model.ts";

const resultEmoji: Readonly<Record<NodeResult, string>> = {
  succeeded: "✅",
  succeededWithIssues: "⚠️",
  failed: "❌",
  canceled: "🚫",
  skipped: "⏭️",
  abandoned: "🚫",
};

/** For Markdown and charts; the log has plainer marks. */
export function emoji(result: NodeResult | null): string {
  return result === null ? "⏳" : resultEmoji[result];
}
