import type { Annotation } from "../core/log-line.ts";
import type { FailedTest, TestCounts } from "../core/run-report.ts";
import { framePath } from "../core/source-location.ts";
import { clip, counted, oneLine } from "../lib/text.ts";
import { fileText } from "./annotations.ts";
import { codeSpan, escapeMarkdown, foldedList } from "./markdown.ts";

/** The number of failed tests that are visible; the others are folded. */
const maxOpenTests = 10;

/** The numbers of passed and failed tests, and at most `limit` failed tests. Empty without tests. */
export function testsSection(tests: TestCounts | undefined, limit: number): string {
  if (tests === undefined || tests.passed + tests.failed + tests.skipped + tests.others.length === 0)
    return "";
  const { passed, failed, skipped, others, failures } = tests;
  const counts = [
    passed > 0 ? `${passed} passed` : "",
    failed > 0 ? `${failed} failed${noveltyText(tests)}` : "",
    skipped > 0 ? `${skipped} skipped` : "",
    ...others.map(({ outcome, count }) => `${count} ${escapeMarkdown(clip(oneLine(outcome), 150))}`),
  ];
  const listed = failures.slice(0, limit).map(testItem);
  const hiddenCount = failed - listed.length;
  const isFolded = listed.length > maxOpenTests;
  const items = hiddenCount > 0 && listed.length > 0 ? [...listed, `- and ${hiddenCount} more`] : listed;
  return [
    `**Tests** ${counts.filter(Boolean).join(", ")}`,
    isFolded
      ? foldedList(items, maxOpenTests, counted(failed - maxOpenTests, "more failed test"))
      : items.join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** ` (2 new, 5 known)`; blank if unknown. */
function noveltyText({ failed, newFailures }: TestCounts): string {
  if (newFailures === undefined) return "";
  const fresh = Math.min(newFailures, failed);
  const parts = [fresh > 0 ? `${fresh} new` : "", failed > fresh ? `${failed - fresh} known` : ""];
  return ` (${parts.filter(Boolean).join(", ")})`;
}

function testItem({ name, message, location }: FailedTest): string {
  const reason = message === undefined ? "" : escapeMarkdown(clip(oneLine(message), 200));
  const place = location === undefined ? "" : codeSpan(fileText(location));
  return `- ${codeSpan(clip(oneLine(name), 200))}${reason && `: ${reason}`}${place && ` (${place})`}`;
}

const maxMessageLength = 1_000;

/** Each failed test as an annotation, on its line if `toRepositoryPath` finds the file. */
export function testAnnotations(
  { failures, type }: Pick<TestCounts, "failures"> & { readonly type: "error" | "warning" },
  toRepositoryPath: (path: string) => string | undefined,
): Annotation[] {
  return failures.map(({ name, message, location }) => {
    const path = location === undefined ? undefined : framePath(location);
    const file = path === undefined ? undefined : toRepositoryPath(path);
    const place = location === undefined ? "" : ` (${fileText(location)})`;
    const reason = message === undefined ? "" : `: ${clip(message.trim(), maxMessageLength)}`;
    return {
      type,
      text: `${clip(oneLine(name), 200)}${place}${reason}`,
      title: "Failed test",
      ...(file !== undefined && { file, line: location?.line }),
    };
  });
}
