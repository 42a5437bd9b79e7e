import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

const MANIFEST_FILE = 'manifest.json'

const fileSchema = z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() })
const manifestSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Names of the applied migrations, oldest first: the schema version of the tables. */
  migrations: z.array(z.string()),
  /** Each table follows the tables that it references. */
  tables: z.array(fileSchema.extend({ name: z.string(), columns: z.array(z.string()), rows: z.number() })),
  /** Videos deleted during the backup; their files may be missing. */
  deletedVideoIds: z.array(z.string()),
  files: z.array(fileSchema),
  /** Where the stored files are: in this backup, or in a bucket, of which it has none. */
  storage: z.enum(['local', 's3']).default('local'),
})

/** The contents of a backup folder. Paths are relative to the folder. */
export type Manifest = z.infer<typeof manifestSchema>

export interface BackupOptions {
  /** The backup folder. */
  dir: string
  /** URL of the database. */
  url: string
  dataDir: string
  /** As the setting STORAGE. Default: local. */
  storage?: 'local' | 's3'
}

export const writeManifest = (dir: string, manifest: Manifest) =>
  writeFile(path.join(dir, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)

/** Reads the manifest of a backup. @throws {Error} if the folder holds no backup, or one in another format */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(path.join(dir, MANIFEST_FILE), 'utf8').catch(() => {
    throw new Error(`${dir} holds no backup: there is no ${MANIFEST_FILE}.`)
  })
  return manifestSchema.parse(JSON.parse(text))
}

/** Reads the size and checksum of a file in a backup. */
export async function describeFile(dir: string, relativePath: string) {
  const file = path.join(dir, relativePath)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return { path: relativePath, sizeBytes: (await stat(file)).size, sha256: hash.digest('hex') }
}

/** Verifies all files of a backup. @throws {Error} with the first file that is missing or differs from its checksum */
export async function verifyFiles(dir: string, { tables, files }: Manifest) {
  for (const expected of [...tables, ...files]) {
    const actual = await describeFile(dir, expected.path).catch(() => null)
    if (!actual) throw new Error(`The backup is incomplete: ${expected.path} is missing.`)
    if (actual.sha256 !== expected.sha256)
      throw new Error(`The backup is damaged: ${expected.path} has changed.`)
  }
}
