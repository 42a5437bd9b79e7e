'use client'

import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { useIdempotencyKey } from '@/app/ui/use-idempotency-key'
import { createMachineRequest } from './machine-requests'
import type { CreateMachineInput, CreateMachineResponse } from '@/lib/machines/schema'

/**
 * Creates machines and opens their page. A request that got no response is repeated with the same idempotency key, so it
 * never creates a second machine.
 */
export function useCreateMachine() {
  const router = useRouter()
  const store = useLiveStore()
  const [isSending, setSending] = useState(false)
  const [isNavigating, startNavigation] = useTransition()
  const idempotency = useIdempotencyKey()
  async function createMachine(input: CreateMachineInput) {
    setSending(true)
    const headers = { 'idempotency-key': idempotency.keyOf(input) }
    await sendApiRequest<CreateMachineResponse>(
      { ...createMachineRequest(input), headers },
      ({ machine, task }) => {
        idempotency.renew()
        store.upsert({ machines: [machine], tasks: [task] })
        startNavigation(() => router.push(`/machines/${machine.id}`))
      },
    )
    setSending(false)
  }
  return {
    createMachine: (input: CreateMachineInput) => void createMachine(input),
    isCreating: isSending || isNavigating,
  }
}

/** Loads the console’s code and font ahead of the machine page. */
export const preloadConsole = () =>
  void import('./console/create-terminal')
    .then(({ loadTerminalFont }) => loadTerminalFont())
    .catch(() => undefined)
