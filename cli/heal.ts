import { labDirectories, labDirectory } from "../fixtures/lab/lab.ts";
import { labIdVariable } from "../fixtures/lab/lab-process.ts";
import { labelled, labelOf } from "../fixtures/lab/processes.ts";
import { removeRemains } from "../fixtures/lab/remains.ts";

/** Ends labs of this user (of all users, as root), all of them when none is named: frozen regions, their processes and their directories. Prints what it did; 6 when something would not go. */
export async function heal(wanted: readonly string[] = []): Promise<number> {
  const labs = [...(await labsHere())].filter(([id]) => wanted.length === 0 || wanted.includes(id));
  if (labs.length === 0) {
    console.log(
      wanted.length === 0
        ? "nothing to heal: no lab is running on this machine, and none left anything behind"
        : `nothing to heal: there is no lab ${wanted.join(", ")} on this machine`,
    );
    return 0;
  }
  let exitCode = 0;
  for (const [id, directory] of labs) {
    try {
      // A harness that still runs sees its lab end and stops by itself.
      const { ended, left } = await removeRemains({ id, directory });
      if (left.length > 0) throw new Error(`processes ${left.map(({ pid }) => pid).join(", ")} would not end`);
      console.log(`healed lab ${id}: ended ${ended} ${ended === 1 ? "process" : "processes"} and removed ${directory}`);
    } catch (error) {
      console.error(
        `gameday: lab ${id} could not be removed: ${error instanceof Error ? error.message : String(error)}\n  way out: run this as the user that started it, or as root`,
      );
      exitCode = 6;
    }
  }
  return exitCode;
}

/** Directories by lab id, of labs that run and of those that only left something. */
async function labsHere(): Promise<ReadonlyMap<string, string>> {
  const labs = new Map(await labDirectories());
  for (const { pid } of labelled(labIdVariable)) {
    const id = labelOf(pid, labIdVariable);
    if (id === undefined || pid === process.pid) continue;
    const directory = directoryOf(labelOf(pid, "GAMEDAY_LAB"));
    // The load engine carries the label too, but was not told of the directory.
    if (directory !== undefined || !labs.has(id)) labs.set(id, directory ?? labDirectory(id));
  }
  return labs;
}

/** Where a process of a lab was told that the lab's files are. */
function directoryOf(context: string | undefined): string | undefined {
  try {
    const { directory } = JSON.parse(context ?? "{}");
    return typeof directory === "string" ? directory : undefined;
  } catch {
    return undefined;
  }
}
