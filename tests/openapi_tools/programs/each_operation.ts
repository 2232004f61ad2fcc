// Does each operation once with the types that openapi-typescript made: `node each_operation.js BASE_URL TOKEN`.
import createClient from "openapi-fetch";
import type { components, paths } from "./showpad.js";

declare const process: { argv: string[] };

const [, , baseUrl, token] = process.argv;
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

function answered<T>({ data, error }: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (data === undefined) throw new Error(`${error?.status} ${error?.type}: ${error?.detail}`);
  return data;
}

function expect(status: number, { response }: { response: Response }): void {
  if (response.status !== status) throw new Error(`${response.status} for ${status}`);
}

const [user] = answered(await client.GET("/users")).items;
const { id: userId } = answered(await client.GET("/users/{userId}", { params: { path: { userId: user.id } } }));

const assets = answered(await client.GET("/assets", { params: { query: { name: "brochure" } } }));
const ofAsset = { params: { path: { assetId: assets.items[0].id } } };
const { id: assetId } = answered(await client.GET("/assets/{assetId}", ofAsset));

const [first] = answered(await client.GET("/themes")).items;
const { id: themeId } = answered(await client.GET("/themes/{themeId}", { params: { path: { themeId: first.id } } }));

const [{ id: templateId }] = answered(await client.GET("/shared-space-templates")).items;
answered(await client.GET("/shared-space-templates/{templateId}", { params: { path: { templateId } } }));

const [{ id: divisionId }] = answered(await client.GET("/divisions")).items;
answered(await client.GET("/divisions/{divisionId}", { params: { path: { divisionId } } }));

const created = { title: "Acme", owner: { userId }, theme: { id: themeId } };
const { id: shareId } = answered(await client.POST("/shared-spaces", { body: created }));
const params = { path: { shareId } };
const page = answered(await client.GET("/shared-spaces", { params: { query: { title: "Acme", sort: "-title" } } }));
const space = answered(await client.GET("/shared-spaces/{shareId}", { params }));
if (page.items[0].createdAt !== space.createdAt) throw new Error("another space is listed");

const folder: components["schemas"]["Item"] = {
  type: "folder",
  name: "Read first",
  folderItems: [{ type: "asset", assetId }],
};
const added = answered(await client.POST("/shared-spaces/{shareId}/items", { params, body: { items: [folder] } }));
if (added.summary.assetSuccessCount !== 1) throw new Error(added.failedItems[0].reason);

expect(204, await client.POST("/shared-spaces/{shareId}/transfer-ownership", { params, body: { userId } }));
answered(await client.PATCH("/shared-spaces/{shareId}", { params, body: { status: "ARCHIVED" } }));
expect(204, await client.DELETE("/shared-spaces/{shareId}", { params }));

answered(await client.POST("/shares", { body: { title: "Acme", origin: "Integration", assets: [{ id: assetId }] } }));
