import { Folder, FolderMinus, type LucideIcon } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import type { FolderDto } from '@/lib/folders/schema'

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
  const [name, setName] = useState('')
  useEffect(() => {
    void sendApiRequest<{ folders: FolderDto[] }>({ url: '/api/v1/folders' }, (found) =>
      setFolders(found.folders),
    )
  }, [])
  async function create(event: FormEvent) {
    event.preventDefault()
    await sendApiRequest<FolderDto>({ url: '/api/v1/folders', method: 'POST', body: { name } }, onMove)
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={title}>
      {!folders && <p role="status">Loading folders…</p>}
      {folders && (
        <ul aria-label="Folders" className="flex max-h-72 flex-col overflow-y-auto rounded-xl border p-1">
          {folders.map((folder) => (
            <Choice key={folder.id} icon={Folder} onClick={() => onMove(folder)} name={folder.name} />
          ))}
          <Choice
            icon={FolderMinus}
            onClick={() => onMove({ id: null, name: 'No folder' })}
            name="No folder"
          />
        </ul>
      )}
      <form onSubmit={(event) => void create(event)} className="flex gap-2">
        <Input
          required
          maxLength={100}
          aria-label="New folder"
          placeholder="New folder"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit">Create and move</Button>
      </form>
    </Modal>
  )
}

const Choice = ({ icon: Icon, name, onClick }: { icon: LucideIcon; name: string; onClick(): void }) => (
  <li>
    <button
      type="button"
      onClick={onClick}
      className="flex h-9 w-full items-center gap-2.5 rounded-md px-2.5 text-left hover:bg-muted max-sm:h-11"
    >
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <span className="truncate">{name}</span>
    </button>
  </li>
)
