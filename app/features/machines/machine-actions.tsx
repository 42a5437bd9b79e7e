'use client'

import { Camera, EllipsisVertical, Power, RotateCcw, Scaling, Trash2 } from 'lucide-react'
import { toast } from 'sonner'
import { Button } from '@/app/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import { useLiveStore } from '@/app/live/live-provider'
import type { MachineDto } from '@/lib/machines/schema'
import { type SizeName, SIZES } from '@/lib/machines/sizes'
import { sendApiRequest } from '@/app/ui/api-request'
import { requestMachineAction } from './machine-requests'

/** What can be done with a machine now; `onTerminate` asks first. */
export function MachineActions({ machine, onTerminate }: { machine: MachineDto; onTerminate(): void }) {
  const store = useLiveStore()
  const { state } = machine
  const act = (action: 'start' | 'stop' | 'reboot') => void requestMachineAction(store, machine, action)
  if (state === 'terminated' || state === 'terminating') return null
  return (
    <div className="flex flex-wrap gap-2">
      {state === 'stopped' && (
        <Button size="sm" variant="default" onClick={() => act('start')}>
          <Power className="size-4" /> Start
        </Button>
      )}
      {state === 'running' && (
        <>
          <Button size="sm" onClick={() => act('stop')}>
            <Power className="size-4" /> Stop
          </Button>
          <Button size="sm" onClick={() => act('reboot')}>
            <RotateCcw className="size-4" /> Reboot
          </Button>
        </>
      )}
      <Button
        size="sm"
        variant="destructive"
        disabled={machine.isProtected}
        title={machine.isProtected ? 'It is protected. Take that off under Settings first.' : undefined}
        onClick={onTerminate}
      >
        <Trash2 className="size-4" /> Terminate
      </Button>
      {(state === 'running' || state === 'stopped') && <MoreMenu machine={machine} />}
    </div>
  )
}

function MoreMenu({ machine }: { machine: MachineDto }) {
  const { id, state } = machine
  const resizeTo = (size: SizeName) =>
    void sendApiRequest({ url: `/api/v1/machines/${id}/resize`, method: 'POST', body: { size } }, () =>
      toast(`It is made ${size}.`),
    )
  const snapshot = () => {
    const name = `${machine.name} ${new Date().toLocaleString()}`
    void sendApiRequest({ url: `/api/v1/machines/${id}/snapshots`, method: 'POST', body: { name } }, () =>
      toast('A snapshot is being taken. New machines can be made of it.'),
    )
  }
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button size="sm" aria-label="More">
          <EllipsisVertical className="size-4" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={snapshot}>
          <Camera /> Take a snapshot
        </DropdownMenuItem>
        {state === 'stopped' && <DropdownMenuSeparator />}
        {state === 'stopped' &&
          (Object.keys(SIZES) as SizeName[])
            .filter((name) => name !== machine.size.name && SIZES[name].diskMiB >= machine.size.diskMiB)
            .map((name) => (
              <DropdownMenuItem key={name} onSelect={() => resizeTo(name)}>
                <Scaling /> Make it {name}
              </DropdownMenuItem>
            ))}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
