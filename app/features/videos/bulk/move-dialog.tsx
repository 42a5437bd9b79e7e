import { Folder, FolderMinus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { ChoiceDialog } from '@/app/ui/choice-dialog'
import type { FolderDto } from '@/lib/folders/schema'
import * as messages from '@/lib/generated/messages/video-bulk'

export interface MoveTarget {
  id: string | null
  name: string
}

interface Props {
  title: string
  onMove(folder: MoveTarget): void
  onClose(): void
}

/** Chooses a folder, or creates one. */
export function MoveDialog({ title, onMove, onClose }: Props) {
  const [folders, setFolders] = useState<FolderDto[]>()
  useEffect(() => {
    void sendApiRequest<{ folders: FolderDto[] }>({ url: '/api/v1/folders' }, (found) =>
      setFolders(found.folders),
    )
  }, [])
  const create = (name: string) =>
    sendApiRequest<FolderDto>({ url: '/api/v1/folders', method: 'POST', body: { name } }, onMove)
  const noFolder = { id: null, name: messages.noFolder() }
  return (
    <ChoiceDialog
      title={title}
      label={messages.folders()}
      choices={
        folders && [
          ...folders.map((folder) => ({
            key: folder.id,
            name: folder.name,
            Icon: Folder,
            onChoose: () => onMove(folder),
          })),
          { key: 'none', name: noFolder.name, Icon: FolderMinus, onChoose: () => onMove(noFolder) },
        ]
      }
      newLabel={messages.newFolder()}
      createLabel={messages.createAndMove()}
      onCreate={(name) => void create(name)}
      onClose={onClose}
    />
  )
}
