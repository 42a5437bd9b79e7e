'use client'

import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { useUploads } from '@/app/features/uploads/upload-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { EmptyMessage } from '@/app/ui/empty-message'
import { Section } from '@/app/ui/section'
import type { UploadedArchiveDto } from '@/lib/archives/schema'
import * as messages from '@/lib/generated/messages/archives'
import { ArchiveRow } from './archive-row'
import { OpenArchiveDialog } from './open-archive-dialog'
import { UploadedRow } from './uploaded-row'
import { type Archives, useArchives } from './use-archives'

/** Encrypted archives: those exported, to download, and those uploaded, to import. */
export function ArchivesPage({ initial }: { initial: Archives }) {
  const { archives, uploaded, taskOf, reload } = useArchives(initial)
  const { openFilePicker } = useUploads()
  const [opened, setOpened] = useState<UploadedArchiveDto | null>(null)
  const remove = async (url: string) => {
    if (await sendApiRequest({ url, method: 'DELETE', acceptedStatuses: [404] })) reload()
  }
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-2xl font-semibold">{messages.title()}</h1>
          <p className="text-muted-foreground">{messages.pageHint()}</p>
        </div>
        <Button variant="default" onClick={openFilePicker}>
          {messages.upload()}
        </Button>
      </div>
      {uploaded.length > 0 && (
        <Section title={messages.toImport()}>
          <ul className="divide-y rounded-xl border bg-card">
            {uploaded.map((one) => (
              <UploadedRow
                key={one.uploadId}
                uploaded={one}
                task={taskOf(one.taskId)}
                onOpen={() => setOpened(one)}
                onRemove={() => void remove(`/api/v1/archive-imports/${one.uploadId}`)}
              />
            ))}
          </ul>
        </Section>
      )}
      <Section title={messages.exported()}>
        {archives.length === 0 ? (
          <EmptyMessage>
            <LockKeyhole className="mx-auto mb-2 size-5" aria-hidden />
            {messages.empty()}
          </EmptyMessage>
        ) : (
          <ul className="divide-y rounded-xl border bg-card">
            {archives.map((archive) => (
              <ArchiveRow
                key={archive.id}
                archive={archive}
                task={taskOf(archive.taskId)}
                onRemove={() => void remove(`/api/v1/archives/${archive.id}`)}
              />
            ))}
          </ul>
        )}
      </Section>
      {opened && (
        <OpenArchiveDialog
          uploaded={opened}
          onClose={() => setOpened(null)}
          onOpened={() => {
            setOpened(null)
            reload()
          }}
        />
      )}
    </div>
  )
}
