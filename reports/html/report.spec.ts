import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { checkers, roundTripCheckers } from "../../checkers/index.ts";
import { judge } from "../../harness/judge.ts";
import { roundTripHistory } from "../example/round-trip.ts";
import { exampleHistory } from "../example-history.ts";
import { exampleResult } from "../example-result.ts";
import { page as draw } from "./page.ts";

const history = exampleHistory();
const html = draw(exampleResult(history, judge(history, checkers)), history);
const thereAndBack = roundTripHistory();
const roundTrip = draw(exampleResult(thereAndBack, judge(thereAndBack, roundTripCheckers)), thereAndBack);

/** What the browser had to complain of, and what it asked for besides the page. */
interface Heard {
  readonly complaints: string[];
  readonly requests: string[];
}

async function open(page: Page, file: string, content = html): Promise<Heard> {
  const url = pathToFileURL(file).href;
  const heard: Heard = { complaints: [], requests: [] };
  page.on("console", (message) => heard.complaints.push(message.text()));
  page.on("pageerror", (error) => heard.complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) heard.requests.push(request.url());
  });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  for (const beside of ["run.json", "history.ndjson"]) await writeFile(join(dirname(file), beside), "");
  await page.goto(url);
  return heard;
}

test.use({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });

let heard: Heard;
test.beforeEach(async ({ page }, run) => {
  heard = await open(page, run.outputPath("report.html"));
});
test.afterEach(() => {
  expect(heard).toEqual({ complaints: [], requests: [] });
});

test("opens from a file without script: the verdict, the strips of all deployments, the charts under each other", async ({
  page,
}) => {
  await expect(page.getByRole("heading", { level: 1 })).toContainText("80 deployments");
  await expect(page.locator(".strip")).toHaveCount(80);
  await expect(page.getByRole("img")).toHaveCount(8);
  const faults = await page
    .locator(".fault-line")
    .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().x));
  expect(faults).toHaveLength(8);
  expect(new Set(faults).size).toBe(1);
});

test("every link leads somewhere, and a cited line is marked", async ({ page }) => {
  const targets = await page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const ids = new Set(await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => `#${id}`)));
  expect(targets.filter((target) => target.startsWith("#") && !ids.has(target))).toEqual([]);
  const here = dirname(fileURLToPath(page.url()));
  for (const file of targets.filter((target) => !target.startsWith("#")))
    expect((await stat(join(here, file))).isFile()).toBe(true);

  await page.locator("#objectives .lines a").first().click();
  const row = page.locator("tr:has(:target)");
  await expect(row).toBeInViewport();
  await expect(row).toContainText('"process":"fault/lose-region"');
});

test("two clicks lead from every sentence of the verdict to the lines that prove it", async ({ page }) => {
  const sentences = page.locator("h1 a");
  expect(await sentences.count()).toBeGreaterThan(3);
  for (const sentence of await sentences.all()) {
    await sentence.click();
    const verdict = page.locator(":target");
    await expect(verdict).toBeInViewport();
    if ((await verdict.getAttribute("id")) === "objectives") continue;
    const line = verdict.locator(".lines a").first();
    const number = (await line.innerText()).replace(/.*:/, "");
    await line.click();
    const row = page.locator("tr:has(:target)");
    await expect(row).toBeInViewport();
    await expect(row).toContainText(`"index":${Number(number) - 1},`);
  }
});

test("lines that are not shown at once unfold, and lead on", async ({ page }) => {
  await page.locator("#verdict-stages summary").click();
  await page.locator("#verdict-stages .more a").last().click();
  await expect(page.locator("tr:has(:target)")).toBeInViewport();
});

test("the figures of a chart unfold without script", async ({ page }) => {
  await page.getByText("Data: the chain of recovery").click();
  await expect(page.locator("#chain details table tbody tr")).toHaveCount(11);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`text can be read in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const paper = await colour(page, "body", "background-color");
    const inks = await Promise.all([
      ...["h1", ".lead", ".because", ".verdict", "a"].map((selector) => colour(page, selector, "color")),
      colour(page, "svg .tick", "fill"),
    ]);
    expect(luminance(paper) > 0.5).toBe(colorScheme === "light");
    for (const ink of inks) expect(contrast(ink, paper)).toBeGreaterThan(4.5);
  });
}

test("no text of a chart is drawn under 11 px", async ({ page }) => {
  const sizes = await page.locator("svg.chart").evaluateAll((charts) =>
    charts.flatMap((chart) => {
      const scale = chart.getBoundingClientRect().width / Number(chart.getAttribute("viewBox")?.split(" ")[2]);
      return [...chart.querySelectorAll("text")].map(
        (text) => Number.parseFloat(text.ownerDocument.defaultView.getComputedStyle(text).fontSize) * scale,
      );
    }),
  );
  expect(sizes.length).toBeGreaterThan(200);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
});

test("a narrow page does not scroll sideways; its charts do, together", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const [body, seen] = await page.locator("html").evaluate((html) => [html.scrollWidth, html.clientWidth] as const);
  const charts = await page.locator(".timeline").evaluate((timeline) => timeline.scrollWidth);
  expect(body).toBe(seen);
  expect(charts).toBeGreaterThan(1_000);
  const captions = await page
    .locator("figcaption")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
  expect(Math.max(...captions)).toBeLessThanOrEqual(seen);
});

test("prints all of it", async ({ page }) => {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(6);
  expect(pages).toBeLessThan(60);
});

test.describe("a round trip", () => {
  test.beforeEach(async ({ page }, run) => {
    heard = await open(page, run.outputPath("round-trip.html"), roundTrip);
  });

  test("its parts stand under each other in every chart of the whole run", async ({ page }) => {
    const places = await page
      .locator("#overview, #protection, #availability, #traffic, #replication, #survival")
      .evaluateAll((figures) =>
        figures.map((figure) =>
          [...figure.querySelectorAll(".band")].map((band) => Math.round(band.getBoundingClientRect().x)).join(),
        ),
      );
    expect(places).toHaveLength(6);
    expect(new Set(places).size).toBe(1);
    await expect(page.locator("#overview .band-name.drill")).toHaveText(["failover", "failback"]);
  });

  test("its charts, titles and tables are reached by role and by keyboard", async ({ page }) => {
    await expect(page.getByRole("rowheader", { name: "failback, us-west-2 to us-east-2" })).toBeVisible();
    await expect(page.getByRole("img", { name: "The chain of the failback" })).toBeVisible();
    await page.getByRole("region", { name: "Charts on one axis of time" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.locator("#overview details")).toHaveAttribute("open", "");
  });

  test("does not scroll sideways on a narrow page, titles of drills included", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const [body, seen] = await page.locator("html").evaluate((one) => [one.scrollWidth, one.clientWidth] as const);
    expect(body).toBe(seen);
    const cells = await page
      .locator("#objectives th, #objectives td")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...cells)).toBeLessThanOrEqual(seen);
  });
});

async function colour(page: Page, selector: string, property: string): Promise<number[]> {
  const value: string = await page
    .locator(selector)
    .first()
    .evaluate(
      (element, name) => element.ownerDocument.defaultView.getComputedStyle(element).getPropertyValue(name),
      property,
    );
  return (value.match(/[\d.]+/g) ?? []).map(Number);
}

/** Relative luminance and contrast, after WCAG 2.2. */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
