'use client'

import { Server } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/app/components/ui/button'
import { durationText } from '@/app/components/words'
import { useOrder } from './use-order'

export interface Readiness {
  /** Why no machine can be made now. */
  problem: string | null
  typicalSeconds: number | null
}

/** One click to a machine of the smallest size; all else is chosen on a page of its own. */
export function OrderCard({ problem, typicalSeconds }: Readiness) {
  const { order, isOrdering } = useOrder()
  const readyIn = typicalSeconds === null ? 'soon' : `in about ${durationText(Math.max(1, typicalSeconds))}`
  return (
    <section
      aria-label="Order a machine"
      className="flex flex-col items-center justify-center gap-4 rounded-xl border bg-card px-6 py-9 text-center"
    >
      <span className="grid size-11 place-items-center rounded-full bg-primary/10">
        <Server className="size-5 text-primary" aria-hidden />
      </span>
      <div>
        <h2 className="text-xl font-semibold">Order a machine</h2>
        <p className="mt-1 text-balance text-muted-foreground">
          {problem ?? `A real Linux machine with its console on this page, ready ${readyIn}.`}
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button
          variant="default"
          disabled={isOrdering || problem !== null}
          onClick={() => order({ image: 'tiny', size: 'tiny' })}
        >
          Order tiny
        </Button>
        <Button asChild>
          <Link href="/machines/new">Choose more</Link>
        </Button>
      </div>
    </section>
  )
}
