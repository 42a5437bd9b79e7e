import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'
import { videoSchema } from '../videos/schema'
import { MAX_PLAYLIST_VIDEOS } from './limits'

export const playlistSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  videoIds: z
    .array(z.uuid())
    .describe('In order, with those in the trash, which return when they are restored'),
  version: z.number().int().describe('Increases with every change'),
  createdAt: z.iso.datetime(),
})
export type PlaylistDto = z.infer<typeof playlistSchema>

/** In the list of playlists. */
export const playlistSummarySchema = playlistSchema
  .omit({ videoIds: true, version: true })
  .extend({ videoCount: z.number().int().describe('Without those in the trash') })
export type PlaylistSummaryDto = z.infer<typeof playlistSummarySchema>

export const playlistDetailsSchema = playlistSchema.extend({
  videos: z.array(videoSchema).describe('In order, without those in the trash'),
})
export type PlaylistDetailsDto = z.infer<typeof playlistDetailsSchema>

const name = z.string().overwrite(sanitizeText).min(1).max(100)
const videoIds = z.array(z.uuid()).max(MAX_PLAYLIST_VIDEOS)

const skipMissing = z
  .boolean()
  .default(false)
  .describe('Whether videos that no longer exist are left out, instead of refusing the request')

export const createPlaylistSchema = z.object({
  name,
  skipMissing,
  videoIds: videoIds.default([]).describe('Your videos, in order. A playlist has each video once'),
})

export const updatePlaylistSchema = z.object({
  name: name.optional(),
  videoIds: videoIds.optional().describe('The new order of exactly the videos that the playlist has'),
})

export const addToPlaylistSchema = z.object({
  skipMissing,
  videoIds: videoIds
    .min(1)
    .describe('Added at the end. Those that the playlist has already stay where they are'),
})
