/**
 * Laws: which line runs through points best.
 *
 * @module
 */

/** `y = at + by × x`, and how much of the points' variation it explains (R², at most 1). */
export interface Law {
  readonly at: number;
  readonly by: number;
  readonly fit: number;
}

/** @returns the straight line of least squares */
export function straight(points: readonly (readonly [number, number])[]): Law {
  const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = mean(points.map(([x]) => (x - meanX) ** 2));
  const by = mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  const at = meanY - by * meanX;
  const rest = mean(points.map(([x, y]) => (y - at - by * x) ** 2));
  const all = mean(points.map(([, y]) => (y - meanY) ** 2));
  return { at, by, fit: 1 - rest / all };
}
