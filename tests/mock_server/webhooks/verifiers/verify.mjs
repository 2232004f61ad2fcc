// Verifies a delivery as a receiver does, by the reference alone: arguments are signatures, timestamp and key.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

const [signatures, timestamp, key] = process.argv.slice(2);
const mine = createHmac("sha256", key).update(readFileSync(0)).update(`.${timestamp}`).digest();
const made = signatures.split(",").map((one) => Buffer.from(one, "base64"));
process.stdout.write(String(made.some((one) => one.length === mine.length && timingSafeEqual(one, mine))));
