import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import type pg from 'pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

// The package loads its .wasm through a bundler; without one it is put together by hand.
const require = createRequire(import.meta.url)
const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg' as string)
const wasmPath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm')
const module = new WebAssembly.Module(readFileSync(wasmPath))
const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue })
glue.__wbg_set_wasm(instance.exports)
const start = instance.exports.__wbindgen_start
if (typeof start === 'function') start()

/**
 * Postgres takes a whole script by itself. The adapter cuts it at every semicolon, and so inside the
 * body of a function.
 */
class WholeScripts extends PrismaPg {
  readonly pools: pg.Pool[] = []

  override async connect() {
    const adapter = await super.connect()
    const { client } = adapter as unknown as { client: pg.Pool }
    this.pools.push(client)
    adapter.executeScript = async (script) => void (await client.query(script))
    return adapter
  }
}

/** Prisma's own schema engine on `url`, with nothing downloaded, for the time of `work`. */
export async function withMigrationEngine<T>(
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const adapter = new WholeScripts({ connectionString: url })
  const factory = bindMigrationAwareSqlAdapterFactory(adapter)
  try {
    return await work(await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory))
  } finally {
    for (const pool of adapter.pools) await pool.end()
  }
}
