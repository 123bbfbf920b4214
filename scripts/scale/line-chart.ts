/** A line of a chart: one point for each x. */
interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

const width = 420;

const height = 260;

const margin = { left: 64, right: 16, top: 40, bottom: 44 };

/** Panels side by side, both axes logarithmic, legible on light and on dark. */
export function renderChart(panels: readonly Panel[], xName: string): string {
  const renderedPanels = panels.map(
    (panel, index) => `<g transform="translate(${index * width} 0)">${renderPanel(panel, xName)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...renderedPanels,
    "</svg>\n",
  ].join("\n");
}

function renderPanel({ title, curves }: Panel, xName: string): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = axis(
    points.map((point) => point.x),
    [margin.left, width - margin.right],
  );
  const y = axis(
    points.map((point) => point.y),
    [height - margin.bottom, margin.top],
  );
  const bottom = height - margin.bottom;
  return [
    `<text x="${margin.left}" y="16" font-weight="bold">${title}</text>`,
    ...x.ticks.map(
      (tick) => `<text x="${x.at(tick)}" y="${bottom + 16}" text-anchor="middle">${shortNumber(tick)}</text>`,
    ),
    ...y.ticks.flatMap((tick) => [
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y.at(tick)}" y2="${y.at(tick)}" stroke="#ddd"/>`,
      `<text x="${margin.left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${shortNumber(tick)}</text>`,
    ]),
    `<text x="${(margin.left + width) / 2}" y="${bottom + 34}" text-anchor="middle">${xName}</text>`,
    ...curves.map(({ colour, points: line }) => {
      const path = line.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(" ");
      return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`;
    }),
    ...curves.map(
      ({ name, colour }, index) =>
        `<text x="${margin.left + index * 150}" y="30" fill="${colour}">${name}</text>`,
    ),
  ].join("\n");
}

/** Zero has no logarithm: nothing is drawn below one. */
function axis(values: readonly number[], [from, to]: readonly [number, number]) {
  const top = Math.ceil(Math.log10(Math.max(...values, 10)));
  const position = (value: number) =>
    Math.round((from + ((to - from) * Math.log10(Math.max(value, 1))) / top) * 10) / 10;
  return { at: position, ticks: Array.from({ length: top + 1 }, (_, power) => 10 ** power) };
}

function shortNumber(value: number): string {
  return value >= 1_000_000 ? `${value / 1_000_000}M` : value >= 1_000 ? `${value / 1_000}k` : String(value);
}
