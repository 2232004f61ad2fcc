import json
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

BASE = "https://demo.api.showpad.com/v4"

token, owner, new_owner, good, archived = sys.argv[1:]


def call(method, path, status, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(Request(BASE + path, data, headers, method=method), timeout=30) as answer:
        assert answer.status == status
        return json.loads(answer.read() or "null")


space = call("POST", "/shared-spaces", 201, {"title": "Journey", "owner": {"userId": owner}})["id"]
items = [{"type": "asset", "assetId": asset} for asset in (good, archived)]
added = call("POST", f"/shared-spaces/{space}/items", 201, {"items": items})
assert added["summary"] == {"assetSuccessCount": 1, "assetFailureCount": 1}
assert [item["reason"] for item in added["failedItems"]] == ["ARCHIVED"]
call("POST", "/shares", 201, {"title": "Journey", "origin": "Integration", "assets": [{"id": good}]})
call("POST", f"/shared-spaces/{space}/transfer-ownership", 204, {"userId": new_owner})
seen, page = [], None
while page is None or len(seen) < page["count"]:
    page = call("GET", "/shared-spaces?" + urlencode({"limit": 4, "offset": len(seen)}), 200)
    seen += [one["id"] for one in page["items"]]
assert space in seen
call("DELETE", f"/shared-spaces/{space}", 204)
