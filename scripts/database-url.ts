import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const urlFilePath = (dataDir: string) => path.join(dataDir, 'postgres', 'url')

/** Returns the URL of the embedded Postgres of `dataDir`. @throws {Error} if it has never run */
export function readDatabaseUrl(dataDir: string) {
  const file = urlFilePath(dataDir)
  if (!existsSync(file))
    throw new Error(`No database in ${dataDir} yet. Run npm start first, or set DATABASE_URL.`)
  return readFileSync(file, 'utf8')
}

export const saveDatabaseUrl = (dataDir: string, url: string) =>
  writeFileSync(urlFilePath(dataDir), url, { mode: 0o600 })
