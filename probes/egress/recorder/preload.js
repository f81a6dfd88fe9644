/**
 * `node --import FILE`: records the process that it is loaded into, as GAMEDAY_EGRESS says: `{"label":"…","directory":"…"}`. A process that
 * cannot be recorded runs all the same, and says so once: a Node before 22.18, which cannot load the rest, gets this far.
 */
const given = process.env["GAMEDAY_EGRESS"];
if (given !== undefined && given !== "") {
  try {
    const { label, directory } = JSON.parse(given);
    if (typeof label !== "string" || typeof directory !== "string")
      throw new Error(`GAMEDAY_EGRESS must be {"label":"…","directory":"…"}, not ${given}`);
    const { startRecorder } = await import("./recorder.ts");
    await startRecorder({ label, directory });
  } catch (error) {
    process.stderr.write(`gameday: not recorded: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
