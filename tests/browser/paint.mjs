// How soon pages of a reading room that is open are readable (first contentful paint), in Chromium, each time in a window of its own.
// Usage: node paint.mjs URL [TURNS]
import { chromium } from "playwright-core";

const [base, turns = "12"] = process.argv.slice(2);
if (!base) throw new Error("usage: node paint.mjs URL [TURNS]");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const path of ["/", "/?q=partnerskap", "/agreements", "/overview"]) {
  const times = [];
  for (let i = 0; i < Number(turns); i++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(base + path);
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
    await context.close();
  }
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))]);
  console.log(`${path}: ${at(0.5)} ms (median of ${turns}; shortest ${at(0)}, longest ${at(1)})`);
}
await browser.close();
