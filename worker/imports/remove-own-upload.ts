import { deleteUploadIn } from '@/lib/uploads/expire-uploads'
import { removeReceivedData } from '@/lib/uploads/remove-received-data'
import type { TaskRun } from '../runtime/handler'

type Run = Pick<TaskRun<unknown>, 'context' | 'write'>

/**
 * Deletes an unfinished upload of a task with its data. Idempotent.
 * @throws {ClaimLost} if another run has claimed the task, which then receives the data
 */
export async function removeOwnUpload({ context, write }: Run, id: string) {
  const upload = await write((tx) => deleteUploadIn(tx, id))
  if (upload) await removeReceivedData(context.storage, upload)
}
