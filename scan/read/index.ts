import type { Contents, Source } from "../types.ts";
import { readCode } from "./code.ts";
import { readDocument } from "./document.ts";
import { readEnvironment, readText } from "./text.ts";

const readers: readonly { readonly names: RegExp; readonly read: (text: string, path: string) => Contents }[] = [
  { names: /\.[cm]?[jt]sx?$/, read: readCode },
  { names: /\.(?:ya?ml|json|jsonc|template)$/, read: readDocument },
  { names: /(?:^|\/)\.env(?:\.[^/]*)?$|\.env$/, read: readEnvironment },
];

/** Reads a file in its own language, by its name; as plain lines where that fails, and says why. */
export function contentsOf({ path, text }: Source): Contents {
  const reader = readers.find(({ names }) => names.test(path));
  try {
    return reader?.read(text, path) ?? readText(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { ...readText(text), trouble: `${path} was read as plain lines: ${why}` };
  }
}
