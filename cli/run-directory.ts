import { mkdir, rmdir, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EnvironmentTrouble } from "../harness/errors.ts";

/** A default run writes about 40 MB; twice that must be free before it begins. */
const neededBytes = 80 * 2 ** 20;

/** Makes the directory of a new run. Throws `EnvironmentTrouble` when it cannot be written or the disk is nearly full. */
export async function makeRunDirectory(outDir: string, scenario: string, at: Date): Promise<string> {
  const stamp = at.toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  const directory = resolve(outDir, `${stamp}-${scenario}`);
  try {
    await mkdir(resolve(outDir), { recursive: true });
    const disk = await statfs(resolve(outDir));
    const freeBytes = disk.bavail * disk.bsize;
    if (freeBytes < neededBytes) {
      throw new EnvironmentTrouble(
        `only ${Math.round(freeBytes / 2 ** 20)} MB are free under ${resolve(outDir)}; a run needs ${neededBytes / 2 ** 20} MB`,
        {
          hint: "free some space, or choose another place with --out-dir",
        },
      );
    }
    return await makeUnique(directory);
  } catch (cause) {
    if (cause instanceof EnvironmentTrouble) throw cause;
    throw new EnvironmentTrouble(
      `cannot write to ${resolve(outDir)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "choose a place that can be written to with --out-dir",
        cause,
      },
    );
  }
}

/** Two runs may begin in the same second. */
async function makeUnique(directory: string): Promise<string> {
  for (let n = 1; n < 100; n++) {
    const candidate = n === 1 ? directory : `${directory}-${n}`;
    const made = await mkdir(candidate).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    );
    if (made) return candidate;
  }
  throw new EnvironmentTrouble(`there are a hundred runs named ${directory}`);
}

/** A run that ended before it wrote anything leaves no directory. */
export const removeEmpty = (directory: string): Promise<void> => rmdir(directory).catch(() => undefined);

export const historyFile = (directory: string): string => join(directory, "history.ndjson");
