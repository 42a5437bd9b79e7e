import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import type pg from 'pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlQuery,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils'

// The package expects a bundler to load its .wasm file; without one, it is instantiated here.
const require = createRequire(import.meta.url)
const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg' as string)
const wasmPath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm')
const module = new WebAssembly.Module(readFileSync(wasmPath))
const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue })
glue.__wbg_set_wasm(instance.exports)
const wasmStart = instance.exports.__wbindgen_start
if (typeof wasmStart === 'function') wasmStart()

/** Sends a script to Postgres unsplit: the adapter would split it at every semicolon, even in function bodies. */
class UnsplitScriptAdapter extends PrismaPg {
  readonly pools: pg.Pool[] = []

  override async connect() {
    return this.#patch(await super.connect())
  }

  override async connectToShadowDb() {
    return this.#patch(await super.connectToShadowDb())
  }

  #patch(adapter: Awaited<ReturnType<PrismaPg['connect']>>) {
    const inner = adapter as unknown as { client: pg.Pool; performIO: PerformIO }
    this.pools.push(inner.client)
    adapter.executeScript = async (script) => void (await inner.client.query(script))
    supportCharColumns(adapter, inner)
    return adapter
  }
}

type PerformIO = (query: SqlQuery) => Promise<{ fields: { dataTypeID: number }[] }>

// OIDs of "char" and char(n) in pg_type.
const CHAR_OID = 18
const BPCHAR_OID = 1042

/** The catalog of Postgres has columns of the one-byte type "char", which the adapter does not support. */
function supportCharColumns(adapter: SqlQueryable, inner: { performIO: PerformIO }) {
  const charColumns = new WeakMap<SqlQuery, number[]>()
  const performIO = inner.performIO.bind(adapter)
  inner.performIO = async (query) => {
    const result = await performIO(query)
    const chars = result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : []))
    for (const index of chars) result.fields[index]!.dataTypeID = BPCHAR_OID
    charColumns.set(query, chars)
    return result
  }
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    for (const index of charColumns.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
    return result
  }
}

/** Runs `work` with Prisma's schema engine connected to `url`. For development; downloads nothing. */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const adapter = new UnsplitScriptAdapter({ connectionString: url })
  const factory = bindMigrationAwareSqlAdapterFactory(adapter)
  try {
    return await work(await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory))
  } finally {
    // The engine has already closed the pool of its shadow database.
    for (const pool of adapter.pools) if (!pool.ended) await pool.end()
  }
}
