import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
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

/** Prisma's own schema engine on `url`, with nothing downloaded. */
export async function openMigrationEngine(url: string) {
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }))
  const noop = () => undefined
  return glue.SchemaEngine.new({ datamodels: undefined }, noop, factory)
}
