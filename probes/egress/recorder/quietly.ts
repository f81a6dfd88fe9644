/** Does what the watched program must not notice: whatever goes wrong in it is dropped. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
