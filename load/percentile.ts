/** The nearest-rank percentile; null of nothing. */
export function percentile(values: readonly number[], percent: number): number | null {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil((ordered.length * percent) / 100) - 1)] ?? null;
}
