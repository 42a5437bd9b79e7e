import type { StageDefinition } from '@/worker/machines/hypervisor'

/** Reserving capacity, preparing the image, creating the disk, booting or restoring, waiting for the guest. */
export const QEMU_STAGES: readonly StageDefinition[] = [
  { name: 'reserve', label: 'Reserving capacity', startsAt: 0 },
  { name: 'image', label: 'Preparing the image', startsAt: 0.05, isShared: true },
  { name: 'disk', label: 'Creating the disk', startsAt: 0.3 },
  { name: 'boot', label: 'Booting', startsAt: 0.45 },
  { name: 'answer', label: 'Waiting for the guest', startsAt: 0.85 },
]
