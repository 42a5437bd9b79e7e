import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const urlFilePath = (dataDir: string) => path.join(dataDir, 'postgres', 'url')

/** Where the running embedded Postgres of `dataDir` is, for commands beside it. @throws when it never ran. */
export function readDatabaseUrl(dataDir: string) {
  const file = urlFilePath(dataDir)
  if (!existsSync(file))
    throw new Error(`There is no database in ${dataDir} yet: run npm start first, or set DATABASE_URL.`)
  return readFileSync(file, 'utf8')
}

export const saveDatabaseUrl = (dataDir: string, url: string) =>
  writeFileSync(urlFilePath(dataDir), url, { mode: 0o600 })
