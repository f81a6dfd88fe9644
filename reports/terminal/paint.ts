import { stripVTControlCharacters, styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Where text goes, and what it can show. `process.stderr` is one. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Colours where the screen shows them; `FORCE_COLOR` and `NO_COLOR` decide over the screen (force-color.org, no-color.org). */
export function paintFor(screen: Pick<Screen, "isTTY">, env: NodeJS.ProcessEnv = process.env): Paint {
  return wantsColour(screen, env)
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}

function wantsColour(screen: Pick<Screen, "isTTY">, env: NodeJS.ProcessEnv): boolean {
  if (env["FORCE_COLOR"] !== undefined) return !["0", "false"].includes(env["FORCE_COLOR"]);
  if (env["NO_COLOR"]) return false;
  return screen.isTTY === true && env["TERM"] !== "dumb";
}

/** Columns that a text takes, colours aside. */
export const width = (text: string): number => [...stripVTControlCharacters(text)].length;

export const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - width(text)));

export const padStart = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - width(text))) + text;

/** A line that fits: what is too long ends in an ellipsis, and colours are closed. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let room = columns - 1;
  let line = "";
  // Odd parts are escape sequences (SGR only: that is all we write), which take no room.
  for (const [n, part] of text.split(/(\p{Cc}\[[\d;]*m)/u).entries()) {
    const shown = n % 2 === 1 ? part : [...part].slice(0, room).join("");
    if (n % 2 === 0) room -= [...shown].length;
    line += shown;
    if (room <= 0 && n % 2 === 0) break;
  }
  return `${line}…\u001b[0m`;
}

/** Lines of whole words that fit, the later ones indented. A word that is too long keeps its length. */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  const [first = "", ...words] = text.split(" ");
  let line = first;
  for (const word of words) {
    if (width(line) + 1 + width(word) <= columns) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join("\n");
}
