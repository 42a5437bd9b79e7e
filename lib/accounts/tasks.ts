import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'

/** Writes everything that a user has into one ZIP archive. */
export const exportAccountTask = defineTaskKind({
  name: 'account.export',
  label: 'Exporting your data',
  payload: z.object({ exportId: z.uuid() }),
  usesStorage: true,
  queue: { concurrency: 1, expireSeconds: 23 * 60 * 60 },
})

/** Deletes a user with everything that the user has, and at the end its own row. */
export const deleteAccountTask = defineTaskKind({
  name: 'account.delete',
  label: 'Deleting account',
  payload: z.object({ userId: z.string() }),
  isInternal: true,
  usesStorage: true,
  queue: { concurrency: 2, expireSeconds: 2 * 60 * 60, maxAttempts: 20 },
})

export const accountKinds = [exportAccountTask, deleteAccountTask]
