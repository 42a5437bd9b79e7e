import type { TaskDetail } from './schema'
import { type EndState, isFinished } from './state'

/**
 * Returns the detail of a task that ended, without anything that still reads as in progress: renditions take the
 * task's state (with full progress if it is done), live figures and stages without a duration are dropped.
 */
export function settleDetail({ speed: _live, ...detail }: TaskDetail, state: EndState): TaskDetail {
  const { renditions, stages } = detail
  return {
    ...detail,
    ...(renditions && {
      renditions: renditions.map((one) =>
        isFinished(one.state) ? one : { ...one, state, progress: state === 'done' ? 1 : one.progress },
      ),
    }),
    ...(stages && { stages: stages.filter(({ seconds }) => seconds !== null) }),
  }
}
