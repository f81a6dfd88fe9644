import { expect, it } from "vitest";
import { mergePages } from "./openmetrics.ts";

const page = (value: number) =>
  `# HELP airflow_tasks Tasks by state\n# TYPE airflow_tasks gauge\nairflow_tasks{state="running"} ${value}\n# HELP up Up\n# TYPE up gauge\nup 1\n# EOF\n`;

it("makes one page of many, each family once, its samples told apart by labels", () => {
  const merged = mergePages([
    { text: page(3), labels: { cluster_id: "c1-dr", app: "dep-01" } },
    { text: page(5), labels: { cluster_id: "c1-dr", app: 'a "quoted" one' } },
  ]);
  expect(merged.split("\n")).toEqual([
    "# HELP airflow_tasks Tasks by state",
    "# TYPE airflow_tasks gauge",
    'airflow_tasks{cluster_id="c1-dr",app="dep-01",state="running"} 3',
    'airflow_tasks{cluster_id="c1-dr",app="a \\"quoted\\" one",state="running"} 5',
    "# HELP up Up",
    "# TYPE up gauge",
    'up{cluster_id="c1-dr",app="dep-01"} 1',
    'up{cluster_id="c1-dr",app="a \\"quoted\\" one"} 1',
    "# EOF",
    "",
  ]);
});

it("is an empty page when there is nothing", () => {
  expect(mergePages([])).toBe("# EOF\n");
});
