import { type ProcessRow, proportionalBytes } from "../fixtures/lab/processes.ts";

/** A height of the cheap figure this much above the last one is worth an exact look. */
const worthALook = 1.03;

/**
 * The most memory that some processes took together. Exact figures cost milliseconds per process, so they are read only when resident memory,
 * which counts what is shared once for each process, reaches a new height.
 */
export function peakMemory(processes: () => readonly ProcessRow[]): { look(): void; peakBytes(): number } {
  let [highestResident, peakBytes] = [0, 0];
  return {
    look() {
      const rows = [...new Map(processes().map((row) => [row.pid, row])).values()];
      const resident = sum(rows.map(({ residentBytes }) => residentBytes));
      if (resident < highestResident * worthALook) return;
      highestResident = resident;
      peakBytes = Math.max(peakBytes, sum(rows.map(proportionalBytes)));
    },
    peakBytes: () => peakBytes,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
