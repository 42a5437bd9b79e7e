'use client'

import { useRouter } from 'next/navigation'
import { useRef, useState, useTransition } from 'react'
import { useLiveStore } from '@/app/live/live'
import type { MachineOrderAnswer, MachineOrderInput } from '@/lib/machines/contract'
import { ask } from './ask-machine'

/** Orders machines and goes to where their console is. An order that got no answer is sent again under the same key. */
export function useOrder() {
  const router = useRouter()
  const store = useLiveStore()
  const [isOrdering, setOrdering] = useState(false)
  const [isGoing, startGoing] = useTransition()
  const key = useRef<{ of: string; value: string } | null>(null)
  async function order(wanted: MachineOrderInput) {
    setOrdering(true)
    const of = JSON.stringify(wanted)
    if (key.current?.of !== of) key.current = { of, value: randomKey() }
    const headers = { 'idempotency-key': key.current.value }
    await ask<MachineOrderAnswer>(
      { at: '/api/v1/machines', method: 'POST', body: wanted, headers },
      ({ machine, task }) => {
        key.current = null
        store.add({ machines: [machine], tasks: [task] })
        startGoing(() => router.push(`/machines/${machine.id}`))
      },
    )
    setOrdering(false)
  }
  return { order: (wanted: MachineOrderInput) => void order(wanted), isOrdering: isOrdering || isGoing }
}

/** Who is about to order will want a console: it is there then. */
export const expectOrder = () =>
  void import('./console/make-terminal').then(({ loadFont }) => loadFont()).catch(() => undefined)

/** `crypto.randomUUID` is for secure pages only; this is for all. */
const randomKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
