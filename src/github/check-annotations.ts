import { sourcePath } from "../core/source-path.ts";
import { clip, oneLine, printable } from "../core/text.ts";
import type { Annotation } from "../render/line.ts";
import { fitBytes } from "./fitting.ts";

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

const perRequest = 50;
const messageLimit = 64 * 1024;
const titleLimit = 255;
const levels = { error: "failure", warning: "warning", notice: "notice" } as const;

/** As many as GitHub takes in one request. Those without a place in the repository are left to the summary. */
export function annotationBatches(annotations: readonly Annotation[]): CheckAnnotation[][] {
  const placed = annotations.flatMap((annotation) => {
    const path = sourcePath(annotation.file ?? "");
    return path === undefined ? [] : [checkAnnotation(annotation, path)];
  });
  const batches: CheckAnnotation[][] = [];
  for (let start = 0; start < placed.length; start += perRequest) {
    batches.push(placed.slice(start, start + perRequest));
  }
  return batches;
}

function checkAnnotation({ type, text, title, line, column }: Annotation, path: string): CheckAnnotation {
  const heading = clip(oneLine(title ?? ""), titleLimit);
  const message = fitBytes(printable(text), messageLimit);
  const row = isPosition(line) ? line : 1;
  return {
    path,
    start_line: row,
    end_line: row,
    ...(isPosition(line) && isPosition(column) && { start_column: column, end_column: column }),
    annotation_level: levels[type],
    message: message.trim() === "" ? heading || path : message,
    ...(heading !== "" && { title: heading }),
  };
}

function isPosition(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
