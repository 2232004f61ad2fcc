import sys

import httpx2

BASE = "https://demo.api.showpad.com/v4"

token, owner, new_owner, good, archived = sys.argv[1:]
session = httpx2.Client(timeout=30)
session.headers["Authorization"] = f"Bearer {token}"


def call(method, path, status, **options):
    answer = session.request(method, BASE + path, **options)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


space = call("POST", "/shared-spaces", 201, json={"title": "Journey", "owner": {"userId": owner}})["id"]
items = [{"type": "asset", "assetId": asset} for asset in (good, archived)]
added = call("POST", f"/shared-spaces/{space}/items", 201, json={"items": items})
assert added["summary"] == {"assetSuccessCount": 1, "assetFailureCount": 1}
assert [item["reason"] for item in added["failedItems"]] == ["ARCHIVED"]
call("POST", "/shares", 201, json={"title": "Journey", "origin": "Integration", "assets": [{"id": good}]})
call("POST", f"/shared-spaces/{space}/transfer-ownership", 204, json={"userId": new_owner})
seen, page = [], None
while page is None or len(seen) < page["count"]:
    page = call("GET", "/shared-spaces", 200, params={"limit": 4, "offset": len(seen)})
    seen += [one["id"] for one in page["items"]]
assert space in seen
call("DELETE", f"/shared-spaces/{space}", 204)
session.close()
