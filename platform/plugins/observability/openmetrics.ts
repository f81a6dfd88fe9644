/** One page of OpenMetrics and the labels that its samples get. */
export interface Page {
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Family {
  readonly about: string[];
  readonly samples: string[];
}

/** Makes one page of many: each family once, with the samples of all, and labels added to each sample. */
export function mergePages(pages: readonly Page[]): string {
  const families = new Map<string, Family>();
  for (const { text, labels } of pages) {
    const seen = new Set(families.keys());
    let current: Family = { about: [], samples: [] };
    for (const line of text.split("\n")) {
      const [, name] = /^# (?:TYPE|HELP|UNIT) (\S+)/.exec(line) ?? [];
      if (name !== undefined) {
        current = families.get(name) ?? { about: [], samples: [] };
        families.set(name, current);
        if (!seen.has(name)) current.about.push(line);
      } else if (line !== "" && !line.startsWith("#")) current.samples.push(labelled(line, labels));
    }
  }
  const lines = [...families.values()].flatMap(({ about, samples }) => [...about, ...samples]);
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

function labelled(sample: string, labels: Readonly<Record<string, string>>): string {
  const added = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  const [, name = "", own = "", rest = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?( .*)$/.exec(sample) ?? [];
  const all = [...added, ...(own === "" ? [] : [own])].join(",");
  return all === "" ? sample : `${name}{${all}}${rest}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
