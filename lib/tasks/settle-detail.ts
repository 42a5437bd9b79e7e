import type { TaskDetail } from './schema'
import { type EndState, isFinished } from './state'

/**
 * Returns the detail of a task that ended, without anything that reads as in progress: unfinished renditions get the
 * state of the task (with full progress if it is done); speed and unfinished stages are dropped.
 */
export function settleDetail({ speed: _speed, ...detail }: TaskDetail, state: EndState): TaskDetail {
  const { renditions, stages } = detail
  return {
    ...detail,
    ...(renditions && {
      renditions: renditions.map((rendition) =>
        isFinished(rendition.state)
          ? rendition
          : { ...rendition, state, progress: state === 'done' ? 1 : rendition.progress },
      ),
    }),
    ...(stages && { stages: stages.filter(({ seconds }) => seconds !== null) }),
  }
}
