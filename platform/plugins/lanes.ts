/** Does all of the work, at most so much of it at once; rejects with the first failure when everything has been tried. */
export async function inLanes(atOnce: number, work: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  const queue = work.values();
  const lane = async () => {
    for (const one of queue) await one().catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, work.length) }, lane));
  if (failures.length > 0) throw failures[0];
}
