import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import { videoSubject } from './task-subject'

const common = { payload: z.object({ videoId: z.uuid() }), subject: videoSubject, usesStorage: true }

export const inspectVideoTask = defineTaskKind({
  name: 'video.inspect',
  label: 'Inspecting',
  ...common,
  queue: { concurrency: 2, expireSeconds: 30 * 60 },
})

export const transcodeVideoTask = defineTaskKind({
  name: 'video.transcode',
  label: 'Transcoding',
  ...common,
  queue: { concurrency: config().TRANSCODE_CONCURRENCY, expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60 },
})

export const generateThumbnailsTask = defineTaskKind({
  name: 'video.illustrate',
  label: 'Generating thumbnails',
  ...common,
  queue: { expireSeconds: 2 * 60 * 60 },
})

export const packageVideoTask = defineTaskKind({
  name: 'video.package',
  label: 'Packaging downloads',
  ...common,
  queue: { expireSeconds: 4 * 60 * 60 },
})
