import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as assembler from "../../../../src/backends/wasm/assembler/opcodes.ts";

const backend = fileURLToPath(new URL("../../../../src/backends/wasm", import.meta.url));

/** The source of the backend without the table itself. */
const source = readdirSync(backend, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith("opcodes.ts"))
  .map((file) => readFileSync(`${backend}/${file}`, "utf8"))
  .join("\n");

/** Names under which `FloatFormat` holds the tables of both float formats. */
const formatNames: Readonly<Record<string, string>> = {
  f32x4: "float",
  f64x2: "float",
  i32x4: "integer",
  i64x2: "integer",
};

it("every listed instruction is used by the backend", () => {
  const tables = Object.entries(assembler).filter(([, table]) => typeof table === "object");
  const unused = tables.flatMap(([table, opcodes]) =>
    Object.keys(opcodes)
      .map((name) => `${table}.${name}`)
      .filter((use) => {
        const shared = use.replace(table, formatNames[table] ?? table);
        return !new RegExp(`\\b(${use}|${shared})\\b`).test(source);
      }),
  );
  expect(tables.length).toBeGreaterThan(5);
  expect(unused).toEqual([]);
});
