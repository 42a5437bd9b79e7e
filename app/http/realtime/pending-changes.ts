import type { Change } from '@/lib/realtime/schema'
import type { ChangeFeed } from './change-feed'

/** Collects that tasks of one owner, or one of them, have changed. The changes themselves are read from the rows. */
export function trackPendingChanges(
  changes: ChangeFeed,
  { ownerId, taskId }: { ownerId: string; taskId?: string },
) {
  let hasChanges = false
  let wake = () => {}
  let deletedIds = new Set<string>()
  const markChanged = () => {
    hasChanges = true
    wake()
  }
  const onChange = (change: Change) => {
    if (change.type !== 'task' || change.ownerId !== ownerId || (taskId && change.id !== taskId)) return
    if (change.gone) deletedIds.add(change.id)
    markChanged()
  }
  changes.on('change', onChange)
  changes.on('resync', markChanged)
  return {
    reset: () => void (hasChanges = false),
    takeDeletedIds() {
      const ids = deletedIds
      deletedIds = new Set()
      return ids
    },
    /** Resolves when there are changes since `reset`, or after `stop`. */
    wait: () => new Promise<void>((resolve) => (hasChanges ? resolve() : (wake = resolve))),
    stop() {
      changes.off('change', onChange)
      changes.off('resync', markChanged)
      markChanged()
    },
  }
}
