import { z } from 'zod'
import * as messages from '@/lib/generated/messages/share-errors'
import { captionSchema } from '../captions/schema'
import { ShareVisibility } from '../generated/prisma/enums'
import { renditionSchema, videoDetailsSchema } from '../videos/schema'

/** Links of one video, playlist or machine. */
export const MAX_SHARES = 50
const MAX_MACHINE_SHARE_MINUTES = 7 * 24 * 60

const passwordSchema = z.string().min(8, 'must have at least 8 characters').max(200)

/** The settings of a link. On creation, missing ones have their defaults; in an update, they stay as they are. */
export const shareSettingsSchema = z
  .object({
    visibility: z
      .enum(ShareVisibility)
      .describe(
        'unlisted (default): for viewers with the link; public: search engines may list the page too',
      ),
    password: passwordSchema.nullable().describe('That viewers must enter. null (default): none'),
    expiresAt: z.iso
      .datetime()
      .refine((at) => Date.parse(at) > Date.now(), { error: () => messages.inFuture() })
      .nullable()
      .describe('When the link stops working. null (default): never'),
    isDownloadAllowed: z.boolean().describe('Whether viewers may download the files. Default: false'),
  })
  .partial()
export type ShareSettings = z.infer<typeof shareSettingsSchema>

export const shareSchema = z.object({
  id: z.uuid(),
  videoId: z.uuid().nullable().describe('Null for a link to a playlist'),
  playlistId: z.uuid().nullable().describe('Null for a link to a video'),
  url: z
    .string()
    .nullable()
    .describe('The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since'),
  embedUrl: z
    .string()
    .nullable()
    .describe('The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS)'),
  visibility: z.enum(ShareVisibility),
  hasPassword: z.boolean(),
  expiresAt: z.iso.datetime().nullable(),
  isExpired: z.boolean(),
  isDownloadAllowed: z.boolean(),
  viewCount: z.number().int().describe('Page views in which playback was started'),
  createdAt: z.iso.datetime(),
})
export type ShareDto = z.infer<typeof shareSchema>

/** A link to the console of a machine. It is not changed later: a new link replaces it. */
export const machineShareSettingsSchema = z.object({
  isTypingAllowed: z.boolean().default(false).describe('Whether viewers may type, not only watch'),
  expiresInMinutes: z
    .number()
    .int()
    .min(1)
    .max(MAX_MACHINE_SHARE_MINUTES)
    .default(60)
    .describe('When the link stops working'),
  password: passwordSchema.optional().describe('That viewers must enter. Default: none'),
})
export type MachineShareSettings = z.infer<typeof machineShareSettingsSchema>
/** As sent by clients: fields with a default are optional. */
export type MachineShareInput = z.input<typeof machineShareSettingsSchema>

export const machineShareSchema = shareSchema
  .pick({ id: true, url: true, hasPassword: true, isExpired: true, createdAt: true })
  .extend({ machineId: z.uuid(), isTypingAllowed: z.boolean(), expiresAt: z.iso.datetime() })
export type MachineShareDto = z.infer<typeof machineShareSchema>

export const openShareSchema = z.object({
  password: z.string().max(200).optional().describe('If the link has one'),
  grant: z
    .string()
    .max(200)
    .optional()
    .describe('One that still works, to renew it. It replaces the password, and its viewer counts once'),
})

/** What a viewer with a link gets. Contains no id but those in the URLs of captions. */
export const sharedVideoSchema = videoDetailsSchema
  .pick({
    title: true,
    state: true,
    isPlayable: true,
    hasVideo: true,
    hasCover: true,
    durationSeconds: true,
    width: true,
    height: true,
    chapters: true,
  })
  .extend({
    renditions: z.array(
      renditionSchema.pick({ name: true, mode: true, codec: true, height: true, state: true }),
    ),
    captions: z.array(
      captionSchema.pick({ id: true, language: true, label: true }).extend({ url: z.string() }),
    ),
    downloads: z
      .array(z.object({ name: z.string(), url: z.string() }))
      .describe('Empty unless the link allows downloads'),
    urls: z.object({
      hls: z.string(),
      poster: z.string().nullable(),
      storyboard: z.string().nullable(),
      chapters: z.string(),
    }),
    visibility: z.enum(ShareVisibility),
    hasPassword: z.boolean(),
    grant: z.string().describe('The signed part of all URLs, valid for 6 hours while the link works'),
  })
export type SharedVideoDto = z.infer<typeof sharedVideoSchema>

/** What a viewer with a link to a playlist gets. */
export const sharedPlaylistSchema = z.object({
  playlistName: z.string(),
  videos: z
    .array(
      sharedVideoSchema
        .pick({ title: true, durationSeconds: true })
        .extend({ id: z.uuid(), posterUrl: z.string().nullable() }),
    )
    .describe('Those that the playlist has now, in order'),
  ...sharedVideoSchema.pick({ visibility: true, hasPassword: true, grant: true }).shape,
})
export type SharedPlaylistDto = z.infer<typeof sharedPlaylistSchema>

/** What a viewer with a link to a console gets. Contains no id but that of the link. */
export const sharedMachineSchema = z.object({
  machineName: z.string(),
  isTypingAllowed: z.boolean(),
  expiresAt: z.iso.datetime(),
  hasPassword: z.boolean(),
  grant: z.string().describe('Opens the console, for 6 hours while the link works'),
})
export type SharedMachineDto = z.infer<typeof sharedMachineSchema>

/** What a page has of a link that it has opened. */
export const grantSchema = z.object({ grant: z.string().max(200) })

const pixels = z.coerce.number().int().min(1).max(10_000)

/** Query of https://oembed.com, 2.2. */
export const oEmbedQuerySchema = z.object({
  url: z.string().max(2_000).describe('The link'),
  format: z.literal('json').optional(),
  maxwidth: pixels.optional(),
  maxheight: pixels.optional(),
})

export const oEmbedSchema = z.object({
  version: z.literal('1.0'),
  type: z.enum(['video', 'link']).describe('link if no site may embed it (SHARE_EMBED_ORIGINS)'),
  title: z.string(),
  provider_name: z.string(),
  provider_url: z.string(),
  thumbnail_url: z.string().optional(),
  thumbnail_width: z.number().int().optional(),
  thumbnail_height: z.number().int().optional(),
  html: z.string().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
})
export type OEmbedDto = z.infer<typeof oEmbedSchema>
