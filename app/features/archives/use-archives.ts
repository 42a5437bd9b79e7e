'use client'

import { useState } from 'react'
import { useUploads } from '@/app/features/uploads/upload-provider'
import { useLive } from '@/app/live/live-provider'
import { useRefetchOnChange } from '@/app/ui/use-refetch-on-change'
import type { ArchiveDto, UploadedArchiveDto } from '@/lib/archives/schema'

export interface Archives {
  archives: ArchiveDto[]
  uploaded: UploadedArchiveDto[]
}

/** The archives of the user, loaded again whenever the task of one changes its state. Progress is that of the live task. */
export function useArchives(initial: Archives) {
  const { tasks } = useLive()
  const { archiveCount } = useUploads()
  const [changes, setChanges] = useState(0)
  const own = tasks.filter(({ kind }) => kind.startsWith('archive.'))
  const changeKey = `${changes} ${archiveCount} ${own.map(({ id, state }) => `${id} ${state}`).join(' ')}`
  const { archives } = useRefetchOnChange('/api/v1/archives', { archives: initial.archives }, changeKey)
  const { uploaded } = useRefetchOnChange(
    '/api/v1/archive-imports',
    { uploaded: initial.uploaded },
    changeKey,
  )
  return {
    archives,
    uploaded,
    taskOf: (id: string | null) => own.find((task) => task.id === id),
    reload: () => setChanges((count) => count + 1),
  }
}
