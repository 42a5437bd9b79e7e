// Over 200 lines because it has the schemas of all requests and responses about captions.

import { z } from 'zod'
import * as messages from '@/lib/generated/messages/caption-errors'
import { CaptionSource } from '../generated/prisma/enums'
import { sanitizeMultilineText, sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskStateSchema } from '../tasks/schema'
import { toLanguageTag } from '../videos/languages'
import { ENCODINGS } from './encodings'
import { speakerSchema } from './speakers'

/** A language code, normalized to a BCP 47 tag: `EN-us` → `en-US`, `ger` → `de`. */
export const languageSchema = z
  .string()
  .max(35)
  .transform((code, context) => {
    const tag = toLanguageTag(code)
    if (tag) return tag
    context.addIssue({
      code: 'custom',
      message: messages.notALanguage({ code: code.slice(0, 35) }),
    })
    return z.NEVER
  })

export const captionSchema = z.object({
  id: z.uuid(),
  videoId: z.uuid(),
  language: z.string().describe('BCP 47; `und` while it is unknown'),
  label: z.string().describe('Display name'),
  source: z
    .enum(CaptionSource)
    .describe(
      'Transcribed (speech), part of the upload (embedded), imported from a file (sidecar), written by a user, or translated from another track (translation)',
    ),
  isTranslation: z.boolean(),
  engine: z.string().nullable().describe('The speech engine'),
  model: z.string().nullable(),
  isLowAccuracy: z.boolean(),
  note: z
    .string()
    .nullable()
    .describe('A note for the user, such as why this engine was chosen or that no speech was detected'),
  state: taskStateSchema,
  error: taskErrorSchema.nullable(),
  doneSeconds: z.number().describe('Complete up to this time'),
  cueCount: z.number().int(),
  revision: z
    .number()
    .int()
    .describe('Increases when existing cues change or are removed, not when cues are appended'),
  version: z.number().int().describe('Increases with every change'),
  createdAt: z.iso.datetime(),
  taskId: z.uuid().nullable().describe('The latest task that generates it'),
  urls: z.object({ cues: z.string(), vtt: z.string() }),
})
export type CaptionDto = z.infer<typeof captionSchema>

const cueWordSchema = z.object({
  text: z.string(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  confidence: z.number().min(0).max(1).nullable(),
})
export type CueWord = z.infer<typeof cueWordSchema>
export const cueWordsSchema = z.array(cueWordSchema)

const MAX_CUE_SECONDS = 100 * 60 * 60
const MAX_CUE_CHARACTERS = 2_000

const cueSchema = z.object({
  id: z.uuid(),
  startSeconds: z.number().min(0).max(MAX_CUE_SECONDS),
  endSeconds: z.number().min(0).max(MAX_CUE_SECONDS),
  text: z.string().max(MAX_CUE_CHARACTERS).describe('Plain text; may contain line breaks'),
  speaker: z.string().nullable().describe('Who speaks; null if unknown'),
  confidence: z.number().min(0).max(1).nullable(),
  words: cueWordsSchema.nullable(),
  isEdited: z.boolean().describe('Edited by a user; a new transcription does not change it'),
  alternative: z
    .string()
    .nullable()
    .describe('The text of a later transcription, if it differs from what a user wrote'),
})
export type CueDto = z.infer<typeof cueSchema>

/** Query for new cues only: those after `after`, provided that `revision` is still current. */
export const cueListSchema = z.object({
  after: z.coerce.number().optional().describe('Only cues that start later, in seconds'),
  revision: z.coerce
    .number()
    .int()
    .optional()
    .describe('The revision of the known cues. If it is outdated, all cues are returned'),
  words: z
    .enum(['all', 'none'])
    .default('all')
    .describe('none omits words and their times, which reduces the size to a quarter'),
})
export const cuesSchema = z.object({
  caption: captionSchema,
  cues: z.array(cueSchema).describe('In the order of their times'),
  isWhole: z.boolean().describe('True if all cues are returned: replace the known ones'),
})
export type CuesDto = z.infer<typeof cuesSchema>

const cueInputSchema = cueSchema
  .pick({ id: true, startSeconds: true, endSeconds: true })
  .extend({
    text: z.string().overwrite(sanitizeMultilineText).max(MAX_CUE_CHARACTERS),
    speaker: speakerSchema.nullable().optional().describe('Default: unchanged'),
    alternative: z.string().overwrite(sanitizeMultilineText).max(MAX_CUE_CHARACTERS).nullable().default(null),
  })
  .refine((cue) => cue.endSeconds > cue.startSeconds, { error: () => messages.cueEndsAfterStart() })

/** A change by a user. The client creates the IDs of new cues, so that a request can be repeated. */
export const cueChangeSchema = z
  .object({
    baseRevision: z
      .number()
      .int()
      .describe('The revision that the change is based on; 409 caption.changed if it is outdated'),
    put: z.array(cueInputSchema).max(20_000).default([]).describe('New or changed cues'),
    remove: z.array(z.uuid()).max(20_000).default([]),
  })
  .refine(
    ({ put, remove }) => new Set([...put.map(({ id }) => id), ...remove]).size === put.length + remove.length,
    {
      error: () => messages.cueOnce(),
    },
  )
export type CueChange = z.infer<typeof cueChangeSchema>

export const revisionSchema = z.object({
  number: z.number().int(),
  createdAt: z.iso.datetime(),
  changedCues: z.number().int(),
})

/** Reverts a revision by a new one, which can be reverted too. */
export const revertSchema = z.object({ baseRevision: z.number().int(), number: z.number().int() })

/** Renames a speaker in all cues of a track, as a revision. */
export const renameSpeakerSchema = z.object({
  from: speakerSchema,
  to: speakerSchema.describe('The name of another speaker joins both'),
})

export const updateCaptionSchema = z.object({
  language: languageSchema.optional(),
  label: z.string().overwrite(sanitizeText).max(100).nullable().optional(),
})

/** Requests captions. An equal earlier request is repeated; edited cues stay. */
export const captionRequestSchema = z.object({
  language: languageSchema.optional().describe('The spoken language. Default: detected'),
  translate: z.boolean().default(false).describe('Translate to English, if the model supports it'),
  speakers: z
    .boolean()
    .optional()
    .describe('Identify who speaks when. Default: if the earlier captions have speakers'),
})
export type CaptionRequest = z.infer<typeof captionRequestSchema>

/** Requests a translation of a track. An earlier one is repeated; edited cues stay. */
export const translationRequestSchema = z.object({ language: languageSchema })

export const importCaptionSchema = z.object({
  filename: z.string().overwrite(sanitizeText).max(255).optional(),
  language: languageSchema.optional(),
  label: z.string().overwrite(sanitizeText).max(100).optional(),
  encoding: z
    .enum(ENCODINGS)
    .optional()
    .describe(
      'Default: detected. If that is not certain, 422 `caption.encoding_unknown` lists samples to choose from',
    ),
})
export const importCaptionResponseSchema = z.object({
  caption: captionSchema,
  problems: z
    .array(z.object({ line: z.number().int(), message: z.string() }))
    .describe('The first 100 skipped cues and lines with damaged letters. All other cues are imported'),
  moreProblems: z.number().int().describe('Number of further ones'),
})

export const exportCaptionSchema = z.object({
  format: z.enum(['vtt', 'srt', 'txt']).default('vtt').describe('txt: one line per cue, with its time'),
})

export const captionSearchSchema = z.object({
  q: z.string().overwrite(sanitizeText).min(1).max(200).describe('A phrase; the last word may be a prefix'),
  videoId: z.uuid().optional().describe('Search only this video'),
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
  phraseSeconds: z
    .number()
    .describe('When the phrase begins. Estimated within the cue if it has no word times'),
  text: z.string().describe('The text of the cue and of following ones that the phrase extends to'),
  speaker: z.string().nullable().describe('Who speaks in the cue; null if unknown'),
})
export type CaptionHit = z.infer<typeof captionHitSchema>
