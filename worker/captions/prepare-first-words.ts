import { captionStartTask, captionVideoTask } from '@/lib/captions/tasks'
import { kinds } from '@/lib/kinds'
import { statesBefore } from '@/lib/tasks/state'
import type { TaskRun } from '../runtime/handler'
import { selectKinds } from '../runtime/worker-queues'
import { findPresentTranscriber } from './choose-transcriber'
import { prepareSession } from './transcribe-part'

/**
 * Loads the speech model for the first words of a video while it is inspected, if this worker may transcribe them and has the
 * model. The words come later if it fails.
 */
export function prepareFirstWords(run: TaskRun<{ videoId: string }>) {
  prepare(run).catch((error: unknown) => {
    if (!run.signal.aborted) run.log.warn({ err: error }, 'could not prepare the captions')
  })
}

async function prepare({ context, payload: { videoId }, signal }: TaskRun<{ videoId: string }>) {
  const { config, db } = context
  if (!selectKinds(kinds, config.WORKER_QUEUES).includes(captionStartTask)) return
  const task = await db.task.findFirst({
    where: { videoId, kind: captionVideoTask.name, state: { in: statesBefore('canceled') } },
  })
  if (!task) return
  const request = captionVideoTask.payload.parse(task.payload)
  const transcriber = await findPresentTranscriber({ config, request, signal })
  if (transcriber) prepareSession(context, transcriber)
}
