import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { openHistory } from "../history/history.ts";

/** For `history.ts`: judges the history in a file, and prints what it took. */
const [file = ""] = process.argv.slice(2);
const began = performance.now();
const history = await openHistory(file);
const openSeconds = (performance.now() - began) / 1_000;
const { outcome } = judge(history, checkers);
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ops: history.ops.length, outcome, openSeconds, peakBytes }));
