import assert from "node:assert";

const BASE = "https://demo.api.showpad.com/v4";

const [token, owner, newOwner, good, archived] = process.argv.slice(2);

async function call(method, path, status, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(BASE + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return text ? JSON.parse(text) : null;
}

const { id: space } = await call("POST", "/shared-spaces", 201, { title: "Journey", owner: { userId: owner } });
const items = [good, archived].map((assetId) => ({ type: "asset", assetId }));
const added = await call("POST", `/shared-spaces/${space}/items`, 201, { items });
assert.deepEqual(added.summary, { assetSuccessCount: 1, assetFailureCount: 1 });
assert.deepEqual(added.failedItems.map((item) => item.reason), ["ARCHIVED"]);
await call("POST", "/shares", 201, { title: "Journey", origin: "Integration", assets: [{ id: good }] });
await call("POST", `/shared-spaces/${space}/transfer-ownership`, 204, { userId: newOwner });
const seen = [];
let page;
do {
  page = await call("GET", `/shared-spaces?limit=4&offset=${seen.length}`, 200);
  seen.push(...page.items.map((one) => one.id));
} while (seen.length < page.count);
assert(seen.includes(space));
await call("DELETE", `/shared-spaces/${space}`, 204);
