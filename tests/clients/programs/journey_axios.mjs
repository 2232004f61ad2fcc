import assert from "node:assert";
import axios from "axios";

const BASE = "https://demo.api.showpad.com/v4";

const [token, owner, newOwner, good, archived] = process.argv.slice(2);

const client = axios.create({ baseURL: BASE, headers: { Authorization: `Bearer ${token}` } });

async function call(method, path, status, data) {
  const answer = await client.request({ method, url: path, data });
  assert.equal(answer.status, status);
  return answer.data;
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
