/** How a figure spread over several runs. */
export interface Spread {
  readonly runs: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
  return { runs: sorted.length, min: at(0), median, max: at(sorted.length - 1) };
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** How the goal reads, and whether one value meets it. */
  readonly goal: string;
  readonly met: (value: number) => boolean;
  readonly digits?: number;
}

/** One line per figure: goal, spread, and in how many of the runs the goal was met. */
export function printRows(rows: readonly Row[]): void {
  const cells = rows.map(({ what, unit, values, goal, met, digits = 1 }) => {
    const { min, median, max, runs } = spreadOf(values);
    const show = (value: number): string => value.toFixed(digits);
    return [
      what,
      goal,
      `${show(min)} … ${show(median)} … ${show(max)} ${unit}`,
      `${values.filter(met).length} of ${runs}`,
    ];
  });
  printTable(["what", "goal", "min … median … max", "runs that met it"], cells);
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("   ")
        .trimEnd(),
    );
}
