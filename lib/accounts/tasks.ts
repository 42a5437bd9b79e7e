import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'

/** Writes everything that a user has into one ZIP archive. */
export const exportAccountTask = defineTaskKind({
  name: 'account.export',
  label: messages.exportingData,
  payload: z.object({ exportId: z.uuid() }),
  usesStorage: true,
  queue: { concurrency: 1, expireSeconds: 23 * 60 * 60 },
})

/** Deletes a user with everything that the user has, and at the end its own row. */
export const deleteAccountTask = defineTaskKind({
  name: 'account.delete',
  label: messages.deletingAccount,
  payload: z.object({ userId: z.string() }),
  isInternal: true,
  usesStorage: true,
  queue: { concurrency: 2, expireSeconds: 2 * 60 * 60, maxAttempts: 20 },
})

export const accountKinds = [exportAccountTask, deleteAccountTask]
