import type { z } from 'zod'
import type { revisionSchema } from '@/lib/captions/schema'

export type Revision = z.infer<typeof revisionSchema>

/** Revisions closer together than this are shown as one version. */
const MAX_GAP_MS = 5 * 60_000

export interface Version {
  /** The newest revision in it. */
  number: number
  createdAt: string
  changes: number
  changedCues: number
}

/** Groups autosaved revisions into versions, newest first. */
export function groupRevisions(revisions: readonly Revision[]): Version[] {
  const versions: (Version & { oldestAt: string })[] = []
  for (const { number, createdAt, changedCues } of revisions) {
    const last = versions.at(-1)
    if (last && Date.parse(last.oldestAt) - Date.parse(createdAt) < MAX_GAP_MS) {
      last.oldestAt = createdAt
      last.changes++
      last.changedCues += changedCues
    } else versions.push({ number, createdAt, oldestAt: createdAt, changes: 1, changedCues })
  }
  return versions.map(({ oldestAt: _, ...version }) => version)
}
