import { builtinEngine } from "../builtin-engine.ts";
import { findK6 } from "../find-k6.ts";
import { k6Engine } from "../k6-engine.ts";

/** Starts an engine and prints its process id once it works: a test kills this process to see what becomes of the engine. */
const k6 = process.env["ENGINE"] === "k6" ? await findK6({ build: false }) : undefined;
const engine = k6 && "file" in k6 ? k6Engine(k6) : builtinEngine();
let shown = false;
const running = await engine.start(JSON.parse(process.env["PLAN"] ?? "{}"), {
  line(line) {
    if (line[0] !== "h" || shown) return;
    shown = true;
    console.log(running.pid);
  },
  words: () => undefined,
});
