/** `npm run bench -- NAME [settings]`: runs the bench of that name; each is a file here, and parses its own settings. */
const names = [
  "cpu",
  "failback-loss",
  "game-day",
  "harness-kills",
  "heartbeats",
  "history",
  "lost-writes",
  "matrix",
  "objects",
  "orchestrator-kills",
  "recorders",
];
const [name = "", ...settings] = process.argv.slice(2);
if (names.includes(name)) {
  process.argv.splice(2, process.argv.length, ...settings);
  await import(`./${name}.ts`);
} else {
  console.error(`gameday: there is no bench "${name}"; there are ${names.join(", ")}`);
  process.exitCode = 2;
}
