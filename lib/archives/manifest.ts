import { z } from 'zod'
import { MAX_VIDEOS } from './schema'
import { sanitizeFilename, sanitizeText } from '../text/sanitize'

/** The first file of an archive. It lists all others, in their order. */
export const MANIFEST_NAME = 'manifest.json'
/** Hostile JSON of this size occupies a worker for 1 s; the list of 200 videos with 100 captions each has 2 MB and takes 0.15 s. */
export const MAX_MANIFEST_BYTES = 4 * 1024 ** 2

/** A path of an archive that this app has written. */
const pathSchema = z
  .string()
  .max(400)
  .regex(/^videos\/\d{4}\/(original|renditions|captions)\/[^/\\]+$/)
  .refine((path) => !/\/\.{1,2}$/.test(path))

const sha256Schema = z.string().regex(/^[\da-f]{64}$/)

const manifestVideoSchema = z.object({
  title: z.string().max(500, { abort: true }).overwrite(sanitizeText),
  filename: z.string().max(255, { abort: true }).overwrite(sanitizeFilename),
  original: z.object({ path: pathSchema, sha256: sha256Schema }).nullable(),
  renditions: z.array(z.object({ path: pathSchema })).max(50),
  captions: z
    .array(
      z.object({
        path: pathSchema,
        language: z.string().max(35),
        label: z.string().max(100, { abort: true }).overwrite(sanitizeText).nullable(),
      }),
    )
    .max(100),
})
export type ManifestVideo = z.infer<typeof manifestVideoSchema>

export const manifestSchema = z.object({
  format: z.literal('meanwhile-archive'),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  videos: z.array(manifestVideoSchema).min(1).max(MAX_VIDEOS),
})
export type Manifest = z.infer<typeof manifestSchema>

/** The list of an archive that a newer version has exported. */
export const newerManifestSchema = z.object({
  format: z.literal('meanwhile-archive'),
  version: z.number().int().min(2),
})
