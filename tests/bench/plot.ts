/**
 * Plots as SVG: lines and points on linear or logarithmic axes, no more than the suite needs.
 *
 * @module
 */

/** One curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** Drawn as a thin line without points: a law that was fitted. */
  readonly isLaw?: boolean;
}

/** A plot, written to `plots/ID.svg`. */
export interface Plot {
  readonly id: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** An axis. */
export interface Axis {
  readonly label: string;
  /** Logarithmic. */
  readonly isLog?: boolean;
}

const width = 640;
const height = 360;
const left = 70;
const right = 20;
const top = 54;
const bottom = 50;
const colours = ["#1b6ca8", "#c8553d", "#3a7d44", "#8e5572", "#b38a00", "#4a4a4a", "#00798c"];

/** @returns the plot as SVG */
export function plotSvg({ title, x, y, series }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const across = scale(all.map(([value]) => value), { ...x, from: left, to: width - right });
  const up = scale(all.map(([, value]) => value), { ...y, from: height - bottom, to: top });
  const middle = (height - bottom + top) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(width / 2, 20, title, 'text-anchor="middle" font-size="14"'),
    text((left + width - right) / 2, height - 12, x.label, 'text-anchor="middle"'),
    text(16, middle, y.label, `text-anchor="middle" transform="rotate(-90 16 ${middle})"`),
    ...across.ticks.map((value) => {
      const at = across.place(value);
      return `<path d="M${at} ${top}V${height - bottom}" stroke="#ddd"/>` +
        text(at, height - bottom + 16, short(value), 'text-anchor="middle"');
    }),
    ...up.ticks.map((value) => {
      const at = up.place(value);
      return `<path d="M${left} ${at}H${width - right}" stroke="#ddd"/>` +
        text(left - 6, at + 4, short(value), 'text-anchor="end"');
    }),
    ...series.map((one, at) => curve(one, { at, across, up })),
    "</svg>\n",
  ].join("\n");
}

/** From values to places. */
interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

function scale(
  values: readonly number[],
  { isLog = false, from, to }: { isLog?: boolean; from: number; to: number },
): Scale {
  const positive = isLog ? values.filter((value) => value > 0) : values;
  const ticks = isLog
    ? decades(Math.min(...positive), Math.max(...positive))
    : evenly(Math.min(0, ...positive), Math.max(...positive));
  const turn = (value: number) => isLog ? Math.log10(Math.max(value, ticks[0]!)) : value;
  const [first, last] = [turn(ticks[0]!), turn(ticks.at(-1)!)];
  const place = (value: number) =>
    Math.round((from + (turn(value) - first) / (last - first) * (to - from)) * 10) / 10;
  return { ticks, place };
}

function decades(min: number, max: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 1, Math.ceil(Math.log10(max)));
  return Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
}

function evenly(min: number, max: number): number[] {
  const rough = (max - min || 1) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((step) => step >= rough)!;
  const first = Math.floor(min / step);
  const last = Math.ceil(max / step);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function curve(
  { name, points, isLaw = false }: Series,
  { at, across, up }: { at: number; across: Scale; up: Scale },
): string {
  const colour = colours[at % colours.length]!;
  const places = points.map(([x, y]) => [across.place(x), up.place(y)] as const);
  const line = `<polyline fill="none" stroke="${colour}" stroke-width="${isLaw ? 1 : 2}" ` +
    `${isLaw ? 'stroke-dasharray="5 4" ' : ""}points="${places.join(" ")}"/>`;
  const dots = isLaw
    ? []
    : places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`);
  const legend = text(left + at * 260, top - 14, name, `fill="${colour}"`);
  return [line, ...dots, legend].join("");
}

function text(x: number, y: number, content: string, attributes: string): string {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" ${attributes}>${safe}</text>`;
}

function short(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (Math.abs(rounded) >= 1e6) return `${rounded / 1e6}M`;
  if (Math.abs(rounded) >= 1e3) return `${rounded / 1e3}k`;
  return String(rounded);
}
