import type { Drill, Millis } from "../../harness/types.ts";

/** How long clients have been without what they had, or how long a planned move takes: from its beginning until every deployment answers. */
export interface OutageClock {
  /** Undefined in a run without drills. */
  readonly drill: string | undefined;
  /** The platform was asked to move while all was well. */
  readonly isPlanned: boolean;
  readonly from: Millis;
  /** Since when every deployment answers again. */
  to?: Millis;
  /** A deployment was down since the clock began. */
  isFelt: boolean;
  /** The drill is over, or what was broken is healed: what comes after is not its outage any more. */
  isOver: boolean;
}

/** The clocks of a run, one for each drill; in a run without drills one for its first fault. */
export function outageClocks() {
  const clocks: OutageClock[] = [];
  let drills: readonly Drill[] | undefined;
  let current: Drill | undefined;
  const running = (): OutageClock | undefined => clocks.findLast(({ isOver }) => !isOver);
  const begin = (drill: string | undefined, isPlanned: boolean, from: Millis): void => {
    if (!clocks.some((one) => one.drill === drill))
      clocks.push({ drill, isPlanned, from, isFelt: false, isOver: false });
  };
  return {
    clocks,
    /** The drills that the run will play; undefined where it says nothing of drills. */
    planned(known: readonly Drill[] | undefined): void {
      drills = known;
    },
    /** A region whose loss moves nothing has no clock. */
    lost(region: string | undefined, at: Millis): void {
      if (drills === undefined) begin(undefined, false, at);
      const leaving = drills?.find(({ name, from }) => from === region && !clocks.some(({ drill }) => drill === name));
      if (leaving !== undefined) begin(leaving.name, false, at);
    },
    drillBegan(name: string): void {
      current = drills?.find((one) => one.name === name);
    },
    asked(at: Millis): void {
      if (current !== undefined) begin(current.name, true, at);
    },
    /** The platform says that what it was asked is done. */
    told(at: Millis): void {
      const clock = running();
      if (clock?.isPlanned && !clock.isFelt) clock.to ??= at;
    },
    availability(allUp: boolean, at: Millis): void {
      const clock = running();
      if (clock === undefined) return;
      if (!allUp) {
        clock.isFelt = true;
        delete clock.to;
      } else if (clock.isFelt) clock.to ??= at;
    },
    /** After the drill or from the heal on no clock of before runs again. */
    over(): void {
      const clock = running();
      if (clock !== undefined) clock.isOver = true;
      current = undefined;
    },
    get current(): Drill | undefined {
      return current;
    },
  };
}
