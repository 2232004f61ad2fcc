// Opens pages in headless Chromium and prints what a person would find there, as JSON: one visit per argument.
// A visit is {url, keys, wait}: keys are pressed one after the other, {type: text} types; then the page is read.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../tools/package.json", import.meta.url));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { chromium, rules, visits } = JSON.parse(process.argv[2]);

const browser = await puppeteer.launch({
  executablePath: chromium,
  // As root, which CI is, Chromium runs without its sandbox only.
  args: ["--no-sandbox", "--disable-dev-shm-usage", `--host-resolver-rules=${rules}`],
});
try {
  const told = [];
  for (const { url, keys } of visits) {
    const page = await browser.newPage();
    const dialogs = [];
    page.on("dialog", (dialog) => (dialogs.push(dialog.message()), dialog.dismiss()));
    const answer = await page.goto(url, { waitUntil: "load" });
    for (const key of keys ?? []) {
      if (key.type !== undefined) await page.keyboard.type(key.type);
      else if (key.submit) await Promise.all([page.waitForNavigation(), page.keyboard.press(key.submit)]);
      else await page.keyboard.press(key);
    }
    // Evaluated by the browser itself: the page's own policy lets no script run, which `scripted` shows.
    const violations = await page.evaluate(`${axe}; axe.run()`).then((found) => found.violations);
    told.push({
      status: answer.status(),
      url: page.url(),
      title: await page.title(),
      text: await page.evaluate("document.body.innerText"),
      focused: await page.evaluate("document.activeElement.name || document.activeElement.innerText || ''"),
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`),
      scripted: await page.evaluate("window.scripted === true"),
      dialogs,
    });
    await page.close();
  }
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
}
