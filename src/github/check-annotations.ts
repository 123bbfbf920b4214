import { sourcePath } from "../core/source-path.ts";
import { clip, oneLine, printable } from "../core/text.ts";
import type { Annotation } from "../render/line.ts";
import { truncateBytes } from "./fitting.ts";

export interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: "notice" | "warning" | "failure";
  message: string;
  title?: string;
}

const annotationsPerRequest = 50;
const annotationMessageLimit = 64 * 1024;
const annotationTitleLimit = 255;
const annotationLevels = { error: "failure", warning: "warning", notice: "notice" } as const;

/** As many as GitHub takes in one request. Those without a place in the repository are left to the summary. */
export function annotationBatches(annotations: readonly Annotation[]): CheckAnnotation[][] {
  const located = annotations.flatMap((annotation) => {
    const path = sourcePath(annotation.file ?? "");
    return path === undefined ? [] : [toCheckAnnotation(annotation, path)];
  });
  const batches: CheckAnnotation[][] = [];
  for (let start = 0; start < located.length; start += annotationsPerRequest) {
    batches.push(located.slice(start, start + annotationsPerRequest));
  }
  return batches;
}

function toCheckAnnotation({ type, text, title, line, column }: Annotation, path: string): CheckAnnotation {
  const shortTitle = clip(oneLine(title ?? ""), annotationTitleLimit);
  const message = truncateBytes(printable(text), annotationMessageLimit);
  const startLine = isPosition(line) ? line : 1;
  return {
    path,
    start_line: startLine,
    end_line: startLine,
    ...(isPosition(line) && isPosition(column) && { start_column: column, end_column: column }),
    annotation_level: annotationLevels[type],
    message: message.trim() === "" ? shortTitle || path : message,
    ...(shortTitle !== "" && { title: shortTitle }),
  };
}

function isPosition(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
