import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/** How far what is observed stands back behind its observer, in steps of the scheduler's nice scale. */
const stepsBack = 5;

/**
 * Lets a process stand back behind this one, so that on a busy machine the observer stays on time and the observed is what waits. Linux shares
 * processors between sessions first (autogroup) and by nice values only within one, so both are set. Where neither is possible nothing changes.
 */
export function standBack(pid: number, steps = stepsBack): void {
  for (const change of [() => setPriority(pid, steps), () => writeFileSync(`/proc/${pid}/autogroup`, String(steps))]) {
    try {
      change();
    } catch {
      // No such process any more, no autogroups here, or too many changes at once: its priority is a courtesy.
    }
  }
}
