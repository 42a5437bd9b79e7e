import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'

const common = {
  usesStorage: true,
  queue: { concurrency: 1, expireSeconds: 23 * 60 * 60 },
}

/** Writes chosen files of videos into one encrypted archive. */
export const createArchiveTask = defineTaskKind({
  name: 'archive.create',
  label: messages.creatingArchive,
  payload: z.object({ archiveId: z.uuid() }),
  ...common,
})

/** Imports the videos of an encrypted archive that was uploaded. */
export const importArchiveTask = defineTaskKind({
  name: 'archive.import',
  label: messages.importingArchive,
  payload: z.object({ importId: z.uuid() }),
  ...common,
})

export const archiveKinds = [createArchiveTask, importArchiveTask]
