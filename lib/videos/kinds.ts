import { z } from 'zod'
import { config } from '../config'
import { defineKind } from '../tasks/kind'

const ofVideo = z.object({ videoId: z.uuid() })

export const inspectVideo = defineKind({
  name: 'video.inspect',
  label: 'Reading the file',
  payload: ofVideo,
  queue: { concurrency: 2, expireSeconds: 30 * 60 },
})

export const transcodeVideo = defineKind({
  name: 'video.transcode',
  label: 'Making renditions',
  payload: ofVideo,
  queue: { concurrency: config().TRANSCODE_CONCURRENCY, expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60 },
})

export const illustrateVideo = defineKind({
  name: 'video.illustrate',
  label: 'Making the poster and thumbnails',
  payload: ofVideo,
  queue: { expireSeconds: 2 * 60 * 60 },
})

export const packageVideo = defineKind({
  name: 'video.package',
  label: 'Preparing downloads',
  payload: ofVideo,
  queue: { expireSeconds: 4 * 60 * 60 },
})
