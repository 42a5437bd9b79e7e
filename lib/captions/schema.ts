import { z } from 'zod'
import { CaptionSource } from '../generated/prisma/enums'
import { sanitizeMultilineText, sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskStateSchema } from '../tasks/schema'
import { toLanguageTag } from '../videos/languages'

/** A language as people and programs write it, made the one BCP 47 tag: `EN-us` → `en-US`, `ger` → `de`. */
export const languageSchema = z
  .string()
  .max(35)
  .transform((code, context) => {
    const tag = toLanguageTag(code)
    if (tag) return tag
    context.addIssue({
      code: 'custom',
      message: `${code.slice(0, 35)} is not a language tag such as en or de`,
    })
    return z.NEVER
  })

/** A track of captions as the outside sees it. */
export const captionSchema = z.object({
  id: z.uuid(),
  videoId: z.uuid(),
  language: z.string().describe('BCP 47; `und` until it is known'),
  label: z.string().describe('What a menu calls it'),
  source: z
    .enum(CaptionSource)
    .describe('Heard, inside the upload, a file beside it, or written by a person'),
  isTranslation: z.boolean(),
  engine: z.string().nullable().describe('What heard it'),
  model: z.string().nullable(),
  isLowAccuracy: z.boolean(),
  note: z.string().nullable().describe('For people: why this engine, or that nobody speaks'),
  state: taskStateSchema,
  error: taskErrorSchema.nullable(),
  doneSeconds: z.number().describe('Up to here it is complete'),
  cueCount: z.number().int(),
  revision: z
    .number()
    .int()
    .describe('Grows when cues that were there change or go; not when cues are added behind them'),
  version: z.number().int().describe('Grows with every change'),
  createdAt: z.iso.datetime(),
  taskId: z.uuid().nullable().describe('The task that makes it, or made it last'),
  urls: z.object({ cues: z.string(), vtt: z.string() }),
})
export type CaptionDto = z.infer<typeof captionSchema>

export const cueWordSchema = z.object({
  text: z.string(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  confidence: z.number().min(0).max(1).nullable(),
})
export type CueWord = z.infer<typeof cueWordSchema>

const MAX_CUE_SECONDS = 100 * 60 * 60
const MAX_CUE_CHARACTERS = 2_000

export const cueSchema = z.object({
  id: z.uuid(),
  startSeconds: z.number().min(0).max(MAX_CUE_SECONDS),
  endSeconds: z.number().min(0).max(MAX_CUE_SECONDS),
  text: z.string().max(MAX_CUE_CHARACTERS).describe('Plain text; a line break is a line break'),
  confidence: z.number().min(0).max(1).nullable(),
  words: z.array(cueWordSchema).nullable(),
  isEdited: z.boolean().describe('By a person: a new transcription leaves it alone'),
  alternative: z
    .string()
    .nullable()
    .describe('What a later transcription heard here, where a person wrote something else'),
})
export type CueDto = z.infer<typeof cueSchema>

/** What a page has asks for what it has not: cues that start after `after`, while `revision` is still the one. */
export const cueListSchema = z.object({
  after: z.coerce.number().optional().describe('Only cues that start later, in seconds'),
  revision: z.coerce
    .number()
    .int()
    .optional()
    .describe('The revision of the cues that are known. Where it is another now, all cues are told'),
  words: z
    .enum(['all', 'none'])
    .default('all')
    .describe('none leaves the words out, with their times: a quarter of the size'),
})
export const cuesSchema = z.object({
  caption: captionSchema,
  cues: z.array(cueSchema).describe('In the order of their times'),
  isWhole: z.boolean().describe('All there are, not only those after `after`: forget what was known'),
})
export type CuesDto = z.infer<typeof cuesSchema>

const cueInputSchema = cueSchema
  .pick({ id: true, startSeconds: true, endSeconds: true })
  .extend({
    text: z.string().overwrite(sanitizeMultilineText).max(MAX_CUE_CHARACTERS),
    alternative: z.string().overwrite(sanitizeMultilineText).max(MAX_CUE_CHARACTERS).nullable().default(null),
  })
  .refine((cue) => cue.endSeconds > cue.startSeconds, { message: 'a cue ends after it starts' })

/** One change by a person. Ids of new cues are made by whoever makes the cue, so that it may be sent twice. */
export const cueChangeSchema = z
  .object({
    baseRevision: z
      .number()
      .int()
      .describe('The revision it was made of; 409 caption.changed where it is another now'),
    put: z.array(cueInputSchema).max(20_000).default([]).describe('Cues that are new or other now'),
    remove: z.array(z.uuid()).max(20_000).default([]),
  })
  .refine(
    ({ put, remove }) => new Set([...put.map(({ id }) => id), ...remove]).size === put.length + remove.length,
    {
      message: 'a cue is named once',
    },
  )
export type CueChange = z.infer<typeof cueChangeSchema>

export const revisionSchema = z.object({
  number: z.number().int(),
  createdAt: z.iso.datetime(),
  changedCues: z.number().int(),
})

/** Undo: what the revision changed becomes as it was, as a revision of its own; so it can be undone as well. */
export const revertSchema = z.object({ baseRevision: z.number().int(), number: z.number().int() })

export const updateCaptionSchema = z.object({
  language: languageSchema.optional(),
  label: z.string().overwrite(sanitizeText).max(100).nullable().optional(),
})

/** How captions are asked for. Made anew where the same were made before; a person's cues stay. */
export const captionRequestSchema = z.object({
  language: languageSchema.optional().describe('What is spoken. Unset: it is found out'),
  translate: z.boolean().default(false).describe('Into English, where the model can'),
})
export type CaptionRequest = z.infer<typeof captionRequestSchema>

export const importCaptionSchema = z.object({
  filename: z.string().overwrite(sanitizeText).max(255).optional(),
  language: languageSchema.optional(),
  label: z.string().overwrite(sanitizeText).max(100).optional(),
})
export const importCaptionResponseSchema = z.object({
  caption: captionSchema,
  problems: z
    .array(z.object({ line: z.number().int(), message: z.string() }))
    .describe('Cues that could not be taken, by the line they are on: the first 100. All others are in'),
  moreProblems: z.number().int().describe('How many more could not be taken'),
})

export const exportCaptionSchema = z.object({
  format: z.enum(['vtt', 'srt', 'txt']).default('vtt').describe('txt: a line for each cue, with its time'),
})

export const captionSearchSchema = z.object({
  q: z.string().overwrite(sanitizeText).min(1).max(200).describe('Words as they follow each other'),
  videoId: z.uuid().optional().describe('Only in this one'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const captionHitSchema = z.object({
  videoId: z.uuid(),
  videoTitle: z.string(),
  captionId: z.uuid(),
  language: z.string(),
  cueId: z.uuid(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  text: z.string().describe('The cue, and those behind it that the words go on in'),
})
export type CaptionHit = z.infer<typeof captionHitSchema>
