/** An AWS error's code, or "" for anything else. The SDK puts the code in `name`. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** Settles as the call does, but gives `otherwise` when it failed with one of the codes. */
export async function unless<T, U>(codes: readonly string[], otherwise: U, call: Promise<T>): Promise<T | U> {
  try {
    return await call;
  } catch (error) {
    if (codes.includes(codeOf(error))) return otherwise;
    throw error;
  }
}

/** CloudFormation says both "does not exist" and "nothing to do" as `ValidationError`; only the text tells them apart. */
export function says(error: unknown, text: RegExp): boolean {
  return error instanceof Error && text.test(error.message);
}
