import { createMachineShareRequest } from '@/app/features/shares/share-requests'
import type { MachineDto } from '@/lib/machines/schema'
import * as messages from '@/lib/generated/messages/machines'
import { machineActionRequest } from './machine-requests'

/** What the buttons of a machine send in its state. */
export const listMachineCurlActions = ({ id, state }: MachineDto) => [
  ...(state === 'stopped' ? [{ label: messages.start(), request: machineActionRequest(id, 'start') }] : []),
  ...(state === 'running'
    ? [
        { label: messages.stop(), request: machineActionRequest(id, 'stop') },
        { label: messages.reboot(), request: machineActionRequest(id, 'reboot') },
      ]
    : []),
  { label: messages.createConsoleLink(), request: createMachineShareRequest(id) },
  { label: messages.terminate(), request: machineActionRequest(id, 'terminate') },
]
