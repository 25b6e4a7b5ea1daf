// Drives the reading room in a real browser, as people use it. Usage: node run.mjs URL [FOLDER FOR SCREENSHOTS]
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [base, folder] = process.argv.slice(2);
if (!base) throw new Error("usage: node run.mjs URL [FOLDER]");
if (folder) mkdirSync(folder, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let checks = 0;
let failed = 0;

function check(what, held, found = "") {
  checks += 1;
  if (!held) {
    failed += 1;
    console.error(`FAILED: ${what}${found === "" ? "" : `: ${found}`}`);
  }
}

async function open(options = {}) {
  // axe is put into the page, which the policy of the page would not let run; the policy itself is tested without this.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 }, ...options });
  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  page.on("pageerror", (e) => check("no script fails", false, e.message));
  page.on("console", (m) => check("nothing on the console", m.type() !== "error" || /status of 40[04]/.test(m.text()), m.text()));
  return page;
}

async function shot(page, name) {
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const v of found.violations) check(`axe on ${name}`, false, `${v.id}: ${v.nodes[0].html.slice(0, 200)}`);
  check(`axe on ${name}`, found.violations.length === 0);
}

const json = async (path) => (await fetch(base + path)).json();
const first = async (path, key) => (await json(path))[key][0].id;
const found = (await json("/api/v1/search?q=lyktan&kind=tjansteutlatande")).hits;
const id = found.find((h) => h.path.endsWith(".pdf")).id;
const entry = async (name) => `/${name}?id=${encodeURIComponent(await first(`/api/v1/${name}`, name))}`;
const pages = {
  search: "/?q=partnerskap",
  empty: "/",
  decisions: "/?q=bidrag&in=decisions",
  nothing: "/?q=partnerskpa",
  refused: "/?district=atlantis",
  document: `/document/${id}?value=title`,
  found: `/document/${id}?q=lyktan`,
  text: `/document/${id}?view=text&find=lyktan`,
  agreements: "/agreements",
  organisations: "/organisations",
  among: "/organisations?q=lyktan&district=sthlm-enskede-arsta-vantor",
  cases: "/cases",
  districts: "/districts",
  people: "/people",
  agreement: await entry("agreements"),
  organisation: await entry("organisations"),
  case: await entry("cases"),
  district: await entry("districts"),
  person: await entry("people"),
  overview: "/overview",
  files: "/files",
  help: "/help",
  accessibility: "/accessibility",
};

// Every type of page: by machine accessible, in both languages, in the dark, and at the width of a telephone.
for (const [name, path] of Object.entries(pages)) {
  const page = await open();
  await page.goto(base + path);
  check(`${name} has one h1`, (await page.locator("h1").count()) === 1);
  await accessible(page, name);
  await shot(page, name);
  await page.goto(`${base}/en${path}`);
  check(`${name} is there in English`, (await page.locator("html").getAttribute("lang")) === "en");
  await accessible(page, `${name}, in English`);
  if (name === "document" || name === "search") await shot(page, `${name}-en`);
  // On paper nothing is left that can only be clicked.
  await page.emulateMedia({ media: "print" });
  check(`${name} prints without its menu`, !(await page.locator(".top nav").isVisible()) && (await page.locator("main").isVisible()));
  await page.context().close();
  // 200 percent of a window 1280 wide.
  const zoomed = await open({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  await zoomed.goto(base + path);
  const across = await zoomed.evaluate(() => document.documentElement.scrollWidth);
  check(`${name} fits at 200 percent`, across <= 640, across);
  await zoomed.context().close();
  const dark = await open({ colorScheme: "dark", viewport: { width: 320, height: 640 }, reducedMotion: "reduce" });
  await dark.goto(base + path);
  await accessible(dark, `${name}, dark and narrow`);
  const wide = await dark.evaluate(() => document.documentElement.scrollWidth);
  check(`${name} fits 320 pixels`, wide <= 320, wide);
  const motion = await dark.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  check(`${name} keeps still for those who want that`, motion === "auto", motion);
  await shot(dark, `${name}-narrow`);
  await dark.context().close();
}

// Search, narrow, open, choose a value: its box is where the evidence says.
{
  const page = await open();
  await page.goto(base + "/");
  await page.fill("#q", "partnerskap");
  await page.press("#q", "Enter");
  const total = (await json("/api/v1/search?q=partnerskap")).total;
  const digits = async () => Number((await page.locator("#found").innerText()).replace(/\D/g, ""));
  check("the page counts as the API does", (await digits()) === total, await digits());
  const box = page.locator('input[type="checkbox"][name="kind"]').first();
  const kind = await box.getAttribute("value");
  await Promise.all([page.waitForURL(/kind=/), box.check()]);
  const narrowed = await json(`/api/v1/search?q=partnerskap&kind=${kind}`);
  check("narrowed by a facet", (await digits()) === narrowed.total, await digits());
  const shared = page.url();
  const other = await open();
  await other.goto(shared);
  check("a shared link shows the same", (await other.locator("#found").innerText()) === (await page.locator("#found").innerText()));
  await other.context().close();
  await page.locator(".chips a").first().click();
  check("a chip takes its condition away", (await digits()) === total, await digits());
  await page.locator(".results h3 a").first().click();
  check("a hit leads to its document", page.url().includes("/document/"), page.url());

  const record = await json(`/api/v1/documents/${id}`);
  const proof = record.dnr[0].evidence[0];
  await page.goto(`${base}/document/${id}`);
  await page.locator("#v-dnr-0 dd > a").first().click();
  const place = proof.places[0];
  const [x0, y0, x1, y1] = place.boxes[0];
  const size = record.source.page_sizes[place.page - (record.source.part?.first_page ?? 1)];
  // Both at one moment: the page may be scrolling to the value.
  const [sheet, drawn] = await page.evaluate(() =>
    ["svg.page", "svg.page rect.chosen"].map((s) => {
      const { x, y, width, height } = document.querySelector(s).getBoundingClientRect();
      return { x, y, width, height };
    }),
  );
  const scale = sheet.width / size[0];
  // A box is drawn a point wider on each side, and its line lies half outside.
  const near = (a, b) => Math.abs(a - b) < 6;
  const held =
    near(drawn.x - sheet.x, x0 * scale) &&
    near(drawn.y - sheet.y, (size[1] - y1) * scale) &&
    near(drawn.width, (x1 - x0) * scale) &&
    near(drawn.height, (y1 - y0) * scale);
  check("the box of a value stands where its evidence says", held, JSON.stringify({ drawn, place, scale }));
  const picture = await page.locator("svg.page image").getAttribute("href");
  check("the page is drawn", (await fetch(base + picture)).headers.get("content-type") === "image/png");
  await shot(page, "value");
  // And the other way: a marked place leads to its value.
  await page.locator("svg.page a").first().click();
  check("a marked place leads to its value", (await page.locator(".values .chosen").count()) === 1);
  // The other language keeps the place.
  await page.locator('a[hreflang="en"]').click();
  check("the other language shows the same value", (await page.locator(".values .chosen").count()) === 1);
  await page.context().close();
}

// Words that were looked for are marked on the page; a misspelt one leads to the right one; a search can be kept.
{
  const page = await open();
  await page.goto(`${base}/?q=lyktan`);
  await page.locator(".results h3 a").first().click();
  const marked = (await page.locator("svg.page rect.found").count()) + (await page.locator(".text mark").count());
  check("what was looked for is marked in the document", marked > 0, marked);
  await page.goto(`${base}/?q=partnerskpa`);
  await page.locator(".zero a").first().click();
  check("a misspelt word leads to one that is there", (await page.locator(".results li").count()) > 0, page.url());
  const keep = page.locator(".keep");
  await keep.locator("summary").click();
  const address = await keep.locator("input").inputValue();
  check("the address to keep is the whole one", address.startsWith(base) && address.includes("q="), address);
  const files = await keep.locator("a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const file of files) check(`${file.split("?")[0]} is there`, (await fetch(base + file)).status === 200);
  check("a search is followed, tabled, packed and fetched", files.length === 4, files.length);
  await page.context().close();
}

// A citation in four forms, a link that leads back to the same value.
{
  const page = await open();
  await page.goto(`${base}/document/${id}?value=dnr.0`);
  await page.locator(".aside summary").first().click();
  check("a document is cited in four forms", (await page.locator(".citation:visible").count()) === 4);
  for (const url of await page.locator(".aside h2 a").evaluateAll((links) => links.map((a) => a.getAttribute("href")))) {
    check(`${url.split("/").pop()} can be saved`, (await fetch(base + url)).headers.get("content-disposition")?.includes("attachment"));
  }
  const link = await page.locator("#here").inputValue();
  await page.goto(link);
  check("a link leads to the same value", (await page.locator("#v-dnr-0.chosen").count()) === 1, link);
  await page.context().close();
}

// Registers: sorted both ways, narrowed by day, a statement leads to its place.
{
  const page = await open();
  await page.goto(`${base}/agreements`);
  const names = () => page.locator("table.list tbody tr td:first-child").allInnerTexts();
  await page.locator("thead a").first().click();
  const up = await names();
  check("sorted by name", (await page.locator('th[aria-sort="ascending"]').count()) === 1);
  await page.locator("thead a").first().click();
  check("and the other way", (await names()).join() === up.reverse().join() && (await page.locator('th[aria-sort="descending"]').count()) === 1);
  await page.fill("#in_force", "2022-06-01");
  await page.locator(".narrow button").click();
  const some = (await json("/api/v1/agreements?in_force=2022-06-01")).total;
  check("narrowed to what was in force on a day", (await names()).length === some && some < up.length, `${some} of ${up.length}`);
  await page.goto(base + pages.agreement);
  await page.locator(".statements summary").first().click();
  await page.locator(".statements details li a").first().click();
  const shown = (await page.locator("rect.found").count()) + (await page.locator("mark").count());
  check("a statement leads to its place", page.url().includes("at=") && shown > 0, page.url());
  await page.context().close();
}

// Five things people come for, each step counted as a person takes it: a click, or words and Enter.
{
  const page = await open();
  const told = [];
  let steps = 0;
  const step = async (act) => {
    steps += 1;
    await act;
    await page.waitForLoadState();
  };
  const done = (task, held, found = "") => {
    check(task, held, found);
    told.push(`${steps} ${task}`);
    steps = 0;
  };
  const begin = async () => page.goto(base + "/");
  const menu = (path) => page.locator(`.top nav a[href="${path}"]`).click();

  await begin();
  await page.fill("#q", "Lyktan");
  await step(page.press("#q", "Enter"));
  await step(page.locator(".switch a", { hasText: "Beslut" }).click());
  await step(page.locator(".years a", { has: page.locator("title", { hasText: "2022" }) }).click());
  await step(Promise.all([page.waitForURL(/status=decided/), page.locator('input[name="status"][value="decided"]').check()]));
  const said = await page.locator(".decision strong").allInnerTexts();
  done("what was decided about an association in a year", said.length > 0 && said.every((s) => /beslutat/i.test(s)), said.join());

  await begin();
  await step(menu("/agreements"));
  await page.fill("#find", "Lyktan");
  await page.fill("#in_force", "2023-06-01");
  await step(page.locator(".narrow button").click());
  done("whether an agreement is in force", (await page.locator("table.list tbody tr").count()) === 1);

  await begin();
  await step(page.locator(".years a", { has: page.locator("title", { hasText: "2022" }) }).click());
  await step(Promise.all([page.waitForURL(/kind=/), page.locator('input[name="kind"][value="overenskommelse"]').check()]));
  const counts = (await page.locator('fieldset:has(input[name="district"]) .count').allInnerTexts()).map(Number);
  done("which districts had most partnerships in 2022", counts.length > 0 && counts.every((n, i) => i === 0 || n <= counts[i - 1]), counts.join());

  await begin();
  await page.fill("#q", "lyktan återremiss");
  await step(page.press("#q", "Enter"));
  await step(page.locator(".results h3 a").first().click());
  await step(page.locator("#v-date dd > a").first().click());
  done("the source line of a date", (await page.locator("rect.chosen, mark.chosen").count()) > 0, page.url());

  await begin();
  await step(menu("/agreements"));
  const [file] = await Promise.all([page.waitForEvent("download"), step(page.locator('a[href*="view=csv"]').click())]);
  done("a table taken along", file.suggestedFilename() === "agreements.csv", file.suggestedFilename());
  console.log(`steps: ${told.join("; ")}`);
  await page.context().close();
}

// With the keyboard alone.
{
  const page = await open();
  await page.goto(base + "/");
  await page.keyboard.press("Tab");
  check("the first stop skips to the content", (await page.evaluate(() => document.activeElement.className)) === "skip");
  await page.keyboard.press("Enter");
  await page.locator("body").press("/");
  check("/ leads to the box", (await page.evaluate(() => document.activeElement.id)) === "q");
  await page.keyboard.type("lyktan");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=lyktan/);
  let steps = 0;
  const onHit = () => page.evaluate(() => document.activeElement.closest(".results h3") !== null);
  while (steps < 60 && !(await onHit())) {
    await page.keyboard.press("Tab");
    steps += 1;
  }
  check("a hit is reached with the keyboard", steps < 60, steps);
  await Promise.all([page.waitForURL(/document/), page.keyboard.press("Enter")]);
  await page.context().close();
}

// Without scripts, and under the policy.
{
  const page = await open({ javaScriptEnabled: false, bypassCSP: false });
  await page.goto(`${base}/?q=partnerskap`);
  await page.locator('input[type="checkbox"][name="kind"]').first().check();
  await page.locator(".facets .apply").click();
  check("facets work without scripts", page.url().includes("kind="), page.url());
  await page.locator(".years a").first().click();
  check("years work without scripts", page.url().includes("year="), page.url());
  await page.context().close();
}
{
  const page = await open({ bypassCSP: false });
  const refused = [];
  page.on("console", (m) => {
    if (/Content Security Policy/.test(m.text())) refused.push(m.text());
  });
  for (const path of Object.values(pages)) await page.goto(base + path);
  check("no page breaks the policy", refused.length === 0, refused[0]);
  await page.context().close();
}

// A case followed: from a document to its case, to the decision beside the proposal.
{
  const page = await open();
  await page.goto(`${base}/document/${id}`);
  const link = page.locator('.views a[href*="/cases?id="]').first();
  if ((await link.count()) > 0) {
    await link.click();
    check("the case has its documents", (await page.locator(".statements a").count()) > 0);
  } else {
    check("a document leads to its case", false);
  }
  await page.context().close();
}

// The feed is well-formed, the first page is small.
{
  const page = await open();
  const feed = await (await fetch(`${base}/feed.atom?q=partnerskap`)).text();
  const entries = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "application/xml");
    return read.querySelector("parsererror") ? -1 : read.querySelectorAll("entry").length;
  }, feed);
  check("the feed has entries", entries > 0, entries);
  const sizes = [];
  page.on("response", async (r) => sizes.push((await r.body().catch(() => Buffer.alloc(0))).length));
  await page.goto(base + "/", { waitUntil: "networkidle" });
  const bytes = sizes.reduce((a, b) => a + b, 0);
  check("the first page is under 50 kB with all it needs", bytes < 50_000, bytes);
  await page.context().close();
}

await browser.close();
console.log(`${checks - failed} of ${checks} checks held, on ${Object.keys(pages).length} pages`);
process.exit(failed === 0 ? 0 : 1);
