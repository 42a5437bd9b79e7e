import type { StageDefinition } from '@/worker/machines/hypervisor'
import * as messages from '@/lib/generated/messages/machine-progress'

/** Reserving capacity, preparing the image, creating the disk, booting or restoring, waiting for the guest. */
export const QEMU_STAGES: readonly StageDefinition[] = [
  { name: 'reserve', label: messages.reserving, startsAt: 0 },
  { name: 'image', label: messages.preparingImage, startsAt: 0.05, isShared: true },
  { name: 'disk', label: messages.creatingDisk, startsAt: 0.3 },
  { name: 'boot', label: messages.booting, startsAt: 0.45 },
  { name: 'answer', label: messages.waitingForGuest, startsAt: 0.85 },
]
