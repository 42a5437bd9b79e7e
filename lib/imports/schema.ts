import { z } from 'zod'
import { languageSchema } from '../captions/schema'
import { sanitizeText } from '../text/sanitize'

const s3CredentialsSchema = z.object({
  accessKeyId: z.string().min(1).max(200),
  secretAccessKey: z.string().min(1).max(200),
  sessionToken: z.string().min(1).max(4_000).optional(),
  region: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .default('us-east-1'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe('URL of the S3 service. Default: AWS'),
})
export type S3Credentials = z.infer<typeof s3CredentialsSchema>

export const createImportSchema = z.object({
  url: z
    .string()
    .trim()
    .min(1)
    .max(4_000)
    .describe('`https://…`, `http://…`, or `s3://BUCKET/KEY` with the credentials in `s3`'),
  filename: z
    .string()
    .min(1)
    .max(255)
    .overwrite(sanitizeText)
    .optional()
    .describe('Default: the name by the server or the URL'),
  language: languageSchema.optional().describe('The spoken language. Default: detected'),
  s3: s3CredentialsSchema
    .optional()
    .describe('For `s3://` URLs. Stored encrypted, and removed when the import ends'),
})
export type CreateImportRequest = z.infer<typeof createImportSchema>
