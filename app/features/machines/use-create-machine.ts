'use client'

import { useRouter } from 'next/navigation'
import { useRef, useState, useTransition } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import type { CreateMachineResponse, CreateMachineInput } from '@/lib/machines/schema'
import { sendApiRequest } from '@/app/ui/api-request'

/** Orders machines and goes to where their console is. An order that got no answer is sent again under the same key. */
export function useCreateMachine() {
  const router = useRouter()
  const store = useLiveStore()
  const [isOrdering, setOrdering] = useState(false)
  const [isGoing, startGoing] = useTransition()
  const key = useRef<{ of: string; value: string } | null>(null)
  async function order(wanted: CreateMachineInput) {
    setOrdering(true)
    const of = JSON.stringify(wanted)
    if (key.current?.of !== of) key.current = { of, value: createIdempotencyKey() }
    const headers = { 'idempotency-key': key.current.value }
    await sendApiRequest<CreateMachineResponse>(
      { url: '/api/v1/machines', method: 'POST', body: wanted, headers },
      ({ machine, task }) => {
        key.current = null
        store.add({ machines: [machine], tasks: [task] })
        startGoing(() => router.push(`/machines/${machine.id}`))
      },
    )
    setOrdering(false)
  }
  return { order: (wanted: CreateMachineInput) => void order(wanted), isOrdering: isOrdering || isGoing }
}

/** Who is about to order will want a console: it is there then. */
export const preloadConsole = () =>
  void import('./console/create-terminal')
    .then(({ loadTerminalFont: loadFont }) => loadFont())
    .catch(() => undefined)

/** `crypto.randomUUID` is for secure pages only; this is for all. */
const createIdempotencyKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
