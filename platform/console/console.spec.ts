import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import type { Operation } from "../control-plane/operation.ts";
import { type ConsoleWorld, startConsoleWorld } from "../testing/console.ts";

let world: ConsoleWorld;
test.use({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
test.beforeEach(async () => {
  world = await startConsoleWorld();
});
test.afterEach(() => world[Symbol.asyncDispose]());

async function signIn(page: Page, token = world.token) {
  await page.goto(`${world.url}/`);
  await page.getByLabel("Token of the control plane").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}
async function openCluster(page: Page) {
  await signIn(page);
  await page.getByRole("link", { name: "acme" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "acme" })).toBeVisible();
}

/** Nothing that an accessibility checker finds, in light and dark; no sideways scrolling on a telephone. Keeps pictures where they are asked for. */
async function isFit(page: Page, state: string) {
  const pictures = process.env["GAMEDAY_PICTURES"];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    if (pictures !== undefined)
      await page.screenshot({ path: `${pictures}-${state}-${colorScheme}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  const [whole, seen] = await page.locator("html").evaluate((html) => [html.scrollWidth, html.clientWidth] as const);
  expect(whole).toBe(seen);
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}-${state}-narrow.png`, fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
}

const began = () => Date.now() - 190_000;
function operation(kind: Operation["kind"], names: Readonly<Record<string, readonly [string, string]>>): Operation {
  const entries = Object.entries(names);
  const running = entries.some(([, [state]]) => state !== "done");
  const steps = entries.map(([name, [state, detail]], at) => ({
    name,
    state: state as Operation["steps"][number]["state"],
    startedMs: state === "pending" ? null : began() + at * 9_000,
    endedMs: state === "done" ? began() + (at + 1) * 9_000 : null,
    detail,
  }));
  return { id: crypto.randomUUID(), cluster: "acme", kind, state: running ? "running" : "done", steps };
}
const failedOver = () => {
  world.store.putOperation(
    operation("failover", {
      "database-compute": ["done", "stack is UPDATE_COMPLETE, instance is available"],
      "database-failover": ["done", "global cluster is available, target is writer, takes writes"],
      manifests: ["done", "2 of 2 deployments ready"],
      dns: ["done", "ingress.acme.airflow.example is ingress.us-west-2.elb.example, INSYNC"],
    }),
  );
  world.change({ is_failed_over: true, active_region: "us-west-2" });
};
const cleaning = (detail: string) =>
  world.store.putOperation(
    operation("clean-up", {
      rebuilt: ["running", detail],
      "rescue-snapshot": ["pending", ""],
      "standby-compute": ["pending", ""],
    }),
  );
const region = (page: Page, name: string) => page.getByRole("article", { name });

test("a wrong token is refused in words; a right one opens the list", async ({ page }) => {
  await signIn(page, "platform-tokem");
  await expect(page.getByRole("alert")).toHaveText("This token is not known here, or was revoked.");
  await expect(page.getByLabel("Token of the control plane")).toBeFocused();
  await isFit(page, "wrong-token");
  await signIn(page);
  await expect(page.getByRole("listitem").filter({ hasText: "acme" })).toContainText("protected");
  await isFit(page, "list");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${world.url}/clusters/acme`);
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("healthy and protected: both regions, the record, and what can be done", async ({ page }) => {
  await openCluster(page);
  await expect(page.locator("#state")).toContainText("Protected");
  await expect(region(page, "us-east-2")).toContainText(/serving.*healthy/s);
  await expect(region(page, "us-west-2")).toContainText(/standby.*healthy/s);
  await expect(page.locator("#record")).toContainText("ingress.us-east-2.elb.example");
  await expect(page.getByRole("link", { name: "Fail over to us-west-2…" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Fail back to us-east-2" })).toContainText(
    /Not available now.*no failover to undo/s,
  );
  await isFit(page, "healthy");
});

test("a broken standby shows by itself, with its reason", async ({ page }) => {
  await openCluster(page);
  world.problems.set("us-west-2", ["pods are forbidden: the role has no right to create them"]);
  await expect(region(page, "us-west-2")).toContainText("degraded");
  await expect(region(page, "us-west-2")).toContainText("the role has no right to create them");
  await isFit(page, "degraded");
});

test("a failover wants the cluster's name, waits with its reason, and goes on before one's eyes", async ({ page }) => {
  world.rollback = "Insufficient capacity for db.r6g.large in us-west-2";
  await openCluster(page);
  await page.getByRole("link", { name: "Fail over to us-west-2…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fail over to us-west-2?");
  await expect(page.getByText("Changes of the last 20 seconds or less")).toBeVisible();
  await isFit(page, "confirm");
  await page.getByLabel("Type acme to confirm").fill("acne");
  await page.getByRole("button", { name: "Fail over to us-west-2" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not the name: type acme.");
  expect(world.store.operations("acme").map(({ kind }) => kind)).toEqual(["create"]);
  await isFit(page, "wrong-name");
  await page.getByLabel("Type acme to confirm").fill("acme");
  await page.getByRole("button", { name: "Fail over to us-west-2" }).click();

  const steps = page.getByRole("region", { name: "Failover" }).getByRole("listitem");
  await expect(steps.nth(0)).toContainText("Insufficient capacity for db.r6g.large in us-west-2");
  await expect(page.locator("#state")).toContainText("Unprotected");
  await expect(page.getByRole("status")).toContainText("Failover, step 1 of 4");
  await expect(page.locator("#actions")).toContainText("Failover is running. Wait until it is done.");
  await isFit(page, "waiting");
  world.rollback = undefined;
  await expect(steps.nth(0)).toContainText("done");
  await expect(steps.nth(1)).toContainText("running");
  await expect(page.getByRole("status")).toContainText("Failover, step 2 of 4");
  await isFit(page, "failover-running");
});

test("failed over and unprotected, while the lost region is silent; failback is refused with its reason", async ({
  page,
}) => {
  world.heard.delete("us-east-2");
  failedOver();
  cleaning("us-east-2 is silent; nothing is asked of it");
  await openCluster(page);
  await expect(page.locator("#state")).toContainText("Unprotected");
  await expect(region(page, "us-east-2")).toContainText(/lost.*unreachable/s);
  await expect(region(page, "us-west-2")).toContainText("serving");
  const failback = page.getByRole("region", { name: "Fail back to us-east-2" });
  await expect(failback).toContainText(/Not available now.*us-east-2 is silent/s);
  await expect(page.getByRole("link", { name: "Give us-east-2 up…" })).toBeVisible();
  await isFit(page, "failed-over");
  await page.goto(`${world.url}/clusters/acme/fail-back`);
  await expect(page.getByRole("status")).toContainText("us-east-2 is silent");
  await expect(page.getByRole("textbox")).toHaveCount(0);
  await isFit(page, "failback-refused");
});

test("a survivor that is lost in its turn: the way back without it, and what it costs", async ({ page }) => {
  failedOver();
  world.store.putOperation(
    operation("clean-up", { rebuilt: ["done", "Finished"], "standby-compute": ["done", "instance is missing"] }),
  );
  world.heard.delete("us-west-2");
  await openCluster(page);
  await expect(region(page, "us-west-2")).toContainText(/lost.*unreachable/s);
  await expect(page.locator("#state")).toContainText("us-east-2 can take over");
  await isFit(page, "survivor-lost");
  await page.getByRole("link", { name: "Go back to us-east-2 without us-west-2…" }).click();
  await expect(page.getByRole("main")).toContainText("Changes of the last 20 seconds or less");
  await isFit(page, "return-confirm");
  await page.getByLabel("Type acme to confirm").fill("acme");
  await page.getByRole("button", { name: "Go back to us-east-2 without us-west-2" }).click();
  await expect(page.getByRole("region", { name: "Failover back to us-east-2" })).toBeVisible();
  await expect(region(page, "us-east-2")).toContainText(/taking over|serving/);
  expect(world.store.operations("acme").at(-1)).toMatchObject({ kind: "failover", region: "us-east-2" });
});

test("rebuilding: the region is back, and says what is waited for", async ({ page }) => {
  failedOver();
  cleaning("the database in us-east-2 is rebuilding on a new volume (event 0240)");
  await openCluster(page);
  await expect(page.locator("#state")).toContainText("Rebuilding");
  await expect(page.getByRole("region", { name: "Clean-up" })).toContainText("rebuilding on a new volume");
  await expect(page.getByRole("region", { name: "Fail back to us-east-2" })).toContainText("not rebuilt yet");
  await isFit(page, "rebuilding");
});

test("a region given up leaves one region, plainly unprotected, and a choice of another", async ({ page }) => {
  world.store.putOperation(
    operation("abandon-region", { "database-member": ["done", "removed"], record: ["done", "written"] }),
  );
  world.heard.delete("us-east-2");
  world.change({
    region: "us-west-2",
    dr_region: null,
    active_region: "us-west-2",
    is_failed_over: false,
    abandoned_regions: ["us-east-2"],
  });
  await openCluster(page);
  await expect(page.locator("#state")).toContainText("Unprotected");
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page.locator("#regions")).toContainText("No second region");
  await isFit(page, "given-up");
  await page.getByRole("link", { name: "Choose a second region…" }).click();
  await expect(page.getByLabel("The second region")).toHaveText("eu-west-1");
  await isFit(page, "choose");
});

test("a suspended bound is said, and can be set again", async ({ page }) => {
  world.change({ loss_bound: "suspended" });
  await openCluster(page);
  await expect(page.locator("#state")).toContainText(/Suspended.*nothing bounds how much is lost/s);
  await expect(page.getByRole("link", { name: "Set the bound of loss again…" })).toBeVisible();
  await isFit(page, "suspended");
});

test("one who may only look is told so, and changes nothing", async ({ page }) => {
  const { token } = (await world.call("POST", "/v1/tokens", { name: "dashboard", role: "viewer" })) as {
    token: string;
  };
  await signIn(page, token);
  await page.getByRole("link", { name: "acme" }).click();
  await expect(page.locator("#actions")).toContainText("a token that may look only");
  await expect(page.locator("#actions a")).toHaveCount(0);
  const reply = await page.request.post(`${world.url}/clusters/acme/fail-over`, {
    form: { typed: "acme" },
    headers: { origin: world.url },
  });
  expect(reply.status()).toBe(409);
  expect(world.store.operations("acme").map(({ kind }) => kind)).toEqual(["create"]);
});

test("a form of another site does nothing", async ({ page }) => {
  await signIn(page);
  const reply = await page.request.post(`${world.url}/clusters/acme/fail-over`, {
    form: { typed: "acme" },
    headers: { origin: "https://elsewhere.example" },
  });
  expect(reply.status()).toBe(403);
  expect(world.store.operations("acme").map(({ kind }) => kind)).toEqual(["create"]);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  expect(cookie?.value).not.toContain(world.token);
});

test("everything goes by the keyboard alone", async ({ page }) => {
  await page.goto(`${world.url}/`);
  await expect(page.getByLabel("Token of the control plane")).toBeFocused();
  await page.keyboard.type(world.token);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clusters");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "acme" })).toBeFocused();
  await page.keyboard.press("Enter");
  const action = page.getByRole("link", { name: "Fail over to us-west-2…" });
  await expect(action).toBeVisible();
  for (
    let presses = 0;
    presses < 12 && !(await action.evaluate((link) => link === link.ownerDocument.activeElement));
    presses += 1
  )
    await page.keyboard.press("Tab");
  await expect(action).toBeFocused();
  // The page is brought up to date meanwhile, and the focus stays where it was.
  world.problems.set("us-west-2", ["a passing trouble"]);
  await expect(page.locator("#regions")).toContainText("Reconciler: a passing trouble.");
  await expect(action).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Type acme to confirm")).toBeFocused();
  await page.keyboard.type("acme");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Failover" })).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test("the page says everything, asks for itself again, and its forms work", async ({ page }) => {
    await openCluster(page);
    await expect(page.locator("#state")).toContainText("Protected");
    expect(await page.content()).toContain('http-equiv="refresh" content="5"');
    await page.getByRole("link", { name: "Suspend the bound of loss…" }).click();
    await page.getByLabel("Type acme to confirm").fill("acme");
    await page.getByRole("button", { name: "Suspend the bound of loss" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "acme" })).toBeVisible();
    expect(world.store.operations("acme").map(({ kind }) => kind)).toEqual(["create", "loss-bound"]);
  });
});
