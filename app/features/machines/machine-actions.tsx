'use client'

import { Camera, EllipsisVertical, Power, RotateCcw, Scaling, Trash2 } from 'lucide-react'
import { toast } from '@/app/ui/toast'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import { formatDate } from '@/app/ui/format'
import type { MachineDto } from '@/lib/machines/schema'
import { type SizeName, SIZES } from '@/lib/machines/sizes'
import { listMachineCurlActions } from './list-machine-curl-actions'
import { requestMachineAction } from './machine-requests'
import * as messages from '@/lib/generated/messages/machines'
import * as machinePageMessages from '@/lib/generated/messages/machine-page'

interface Props {
  machine: MachineDto
  /** Opens the confirmation. */
  onTerminate(): void
}

/** The actions that the machine’s state allows. */
export function MachineActions({ machine, onTerminate }: Props) {
  const store = useLiveStore()
  const { state } = machine
  const request = (action: 'start' | 'stop' | 'reboot') =>
    void requestMachineAction(store, { id: machine.id, action })
  if (state === 'terminated' || state === 'terminating') return null
  return (
    <>
      {state === 'stopped' && (
        <Button size="sm" variant="default" onClick={() => request('start')}>
          <Power className="size-4" /> {messages.start()}
        </Button>
      )}
      {state === 'running' && (
        <>
          <Button size="sm" onClick={() => request('stop')}>
            <Power className="size-4" /> {messages.stop()}
          </Button>
          <Button size="sm" onClick={() => request('reboot')}>
            <RotateCcw className="size-4" /> {messages.reboot()}
          </Button>
        </>
      )}
      <Button
        size="sm"
        variant="destructive"
        disabled={machine.isProtected}
        title={machine.isProtected ? machinePageMessages.protectedTitle() : undefined}
        onClick={onTerminate}
      >
        <Trash2 className="size-4" /> {messages.terminate()}
      </Button>
      {hasMoreActions(machine) && <MoreMenu machine={machine} />}
      <CopyAsCurl actions={listMachineCurlActions(machine)} />
    </>
  )
}

const canResize = ({ state, host }: MachineDto) => state === 'stopped' && host?.capabilities.resize
const canTakeSnapshot = ({ state, host }: MachineDto) =>
  (state === 'running' || state === 'stopped') && host?.capabilities.snapshots
const hasMoreActions = (machine: MachineDto) => canTakeSnapshot(machine) || canResize(machine)

function MoreMenu({ machine }: { machine: MachineDto }) {
  const url = `/api/v1/machines/${machine.id}`
  const availableSizes = (Object.keys(SIZES) as SizeName[]).filter(
    (name) => name !== machine.size.name && SIZES[name].diskMiB >= machine.size.diskMiB,
  )
  const resizeTo = (size: SizeName) =>
    void sendApiRequest({ url: `${url}/resize`, method: 'POST', body: { size } }, () =>
      toast(machinePageMessages.resizingTo({ size })),
    )
  const takeSnapshot = () => {
    const name = `${machine.name} ${formatDate(new Date())}`
    void sendApiRequest({ url: `${url}/snapshots`, method: 'POST', body: { name } }, () =>
      toast(machinePageMessages.takingSnapshot()),
    )
  }
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button size="sm" aria-label={machinePageMessages.moreActions()}>
          <EllipsisVertical className="size-4" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {canTakeSnapshot(machine) && (
          <DropdownMenuItem onSelect={takeSnapshot}>
            <Camera /> {machinePageMessages.takeSnapshot()}
          </DropdownMenuItem>
        )}
        {canResize(machine) && (
          <>
            {canTakeSnapshot(machine) && <DropdownMenuSeparator />}
            {availableSizes.map((name) => (
              <DropdownMenuItem key={name} onSelect={() => resizeTo(name)}>
                <Scaling /> {machinePageMessages.resizeTo({ size: name })}
              </DropdownMenuItem>
            ))}
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
