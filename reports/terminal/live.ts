import type { Millis } from "../../harness/types.ts";
import { frame } from "./frame.ts";
import type { Paint, Screen } from "./paint.ts";
import type { Progress } from "./progress.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const upAndClear = (lines: number): string => (lines === 0 ? "" : `\u001b[${lines}A\r\u001b[J`);

/** A picture of the run that redraws itself in place. Disposing it draws it once more and leaves it standing. */
export function drawLive(progress: Progress, now: () => Millis, screen: Screen, paint: Paint): Disposable {
  let drawn = 0;
  const draw = (): void => {
    const lines = frame(progress, now(), { columns: screen.columns ?? 80, rows: screen.rows ?? 24 }, paint);
    screen.write(`${hideCursor}${upAndClear(drawn)}${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  // A picture of the run is no part of it: this timer is not the run's clock, and never keeps the process alive.
  const timer = setInterval(draw, 120);
  timer.unref();
  const restore = (): void => void screen.write(showCursor);
  process.once("exit", restore);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      process.off("exit", restore);
      draw();
      restore();
    },
  };
}
