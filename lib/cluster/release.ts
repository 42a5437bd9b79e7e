import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { listMigrations } from '../database/migration-names'
import { projectPath } from '../process/project-path'

const releaseSchema = z.object({ version: z.string(), migrations: z.array(z.string()) })

/** What identifies the code of a process: the version of package.json and the migrations it contains. */
export type Release = z.infer<typeof releaseSchema>

/** Written by scripts/server-build.mjs together with the compiled processes. */
const RELEASE_FILE = projectPath('dist/release.json')
const isCompiled = fileURLToPath(import.meta.url).startsWith(projectPath('dist/'))

/** Reads the release that a process started now would have. */
export function readRelease(): Release {
  if (isCompiled) return releaseSchema.parse(JSON.parse(readFileSync(RELEASE_FILE, 'utf8')))
  const { version } = releaseSchema
    .pick({ version: true })
    .parse(JSON.parse(readFileSync(projectPath('package.json'), 'utf8')))
  return { version, migrations: listMigrations() }
}

/** The release of this process, read at startup: the files may be replaced while it runs. */
export const ownRelease = readRelease()
