// What the compiler refuses beside the types that openapi-typescript made; each line says with which error.
import createClient from "openapi-fetch";
import type { components, paths } from "./showpad.js";

type Schemas = components["schemas"];
const client = createClient<paths>({ baseUrl: "http://127.0.0.1:7470/v4" });

export const misspelt: Schemas["SharedSpaceCreate"] = { titel: "Acme" }; // TS2561
export const unknown: Schemas["ShareCreate"] = { title: "Acme", assets: [], origin: "Integration", note: "" }; // TS2353
export const withoutOrigin: Schemas["ShareCreate"] = { title: "Acme", assets: [] }; // TS2741
export const noFolder: Schemas["Item"] = { type: "asset", assetId: "asset123", folderItems: [] }; // TS2353
export const noStatus: Schemas["SharedSpaceUpdate"] = { status: "DELETED" }; // TS2322
export const noObject: Schemas["SharedSpaceCreate"] = { owner: "b5f5e881324f61479002be5cda41b1ca" }; // TS2322
export const noOrder = client.GET("/shared-spaces", { params: { query: { sort: "owner" } } }); // TS2322
export const noBody = client.POST("/shares"); // TS2554
export const noPath = client.GET("/quick-actions"); // TS2554

export function when(space: Schemas["SharedSpace"]): Date {
  return space.createdAt; // TS2322
}
