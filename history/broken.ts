import { GamedayError } from "../harness/errors.ts";

/** The file is not a history as the journal writes it, so nothing can be concluded from it. */
export class BrokenHistory extends GamedayError {
  readonly index: number;
  constructor(file: string, index: number, trouble: string, text?: string) {
    const shown = text === undefined ? "" : `: ${text.slice(0, 120)}`;
    super("E_HISTORY", 3, `${file}, line ${index + 1}: ${trouble}${shown}`, {
      hint: "the file was altered or is no history; nothing can be concluded from it",
    });
    this.index = index;
  }
}
