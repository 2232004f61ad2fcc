import asyncio
import sys

import aiohttp

BASE = "https://demo.api.showpad.com/v4"

token, owner, new_owner, good, archived = sys.argv[1:]


async def main():
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers, trust_env=True) as session:

        async def call(method, path, status, **options):
            async with session.request(method, BASE + path, **options) as answer:
                assert answer.status == status, await answer.text()
                return await answer.json() if status != 204 else None

        space = (await call("POST", "/shared-spaces", 201, json={"title": "Journey", "owner": {"userId": owner}}))["id"]
        items = [{"type": "asset", "assetId": asset} for asset in (good, archived)]
        added = await call("POST", f"/shared-spaces/{space}/items", 201, json={"items": items})
        assert added["summary"] == {"assetSuccessCount": 1, "assetFailureCount": 1}
        assert [item["reason"] for item in added["failedItems"]] == ["ARCHIVED"]
        await call("POST", "/shares", 201, json={"title": "Journey", "origin": "Integration", "assets": [{"id": good}]})
        await call("POST", f"/shared-spaces/{space}/transfer-ownership", 204, json={"userId": new_owner})
        seen, page = [], None
        while page is None or len(seen) < page["count"]:
            page = await call("GET", "/shared-spaces", 200, params={"limit": 4, "offset": len(seen)})
            seen += [one["id"] for one in page["items"]]
        assert space in seen
        await call("DELETE", f"/shared-spaces/{space}", 204)


asyncio.run(main())
