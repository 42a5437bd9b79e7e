'use client'

import { Server } from 'lucide-react'
import { Link } from '@/app/components/link'
import { Refresh } from '@/app/components/refresh'
import { StartCard } from '@/app/components/start-card'
import { Button } from '@/app/components/ui/button'
import { durationText } from '@/app/components/words'
import { expectOrder, useOrder } from './use-order'

export interface Readiness {
  /** Why no machine can be made now. */
  problem: string | null
  /** It may be gone any moment. */
  isAwaited: boolean
  typicalSeconds: number | null
}

/** One click to a machine of the smallest size; all else is chosen on a page of its own. */
export function OrderCard({ problem, isAwaited, typicalSeconds }: Readiness) {
  const { order, isOrdering } = useOrder()
  const readyIn = typicalSeconds === null ? 'soon' : `in about ${durationText(Math.max(1, typicalSeconds))}`
  return (
    <StartCard
      label="Order a machine"
      Icon={Server}
      heading={<h2>Order a machine</h2>}
      text={problem ?? `A real Linux machine with its console on this page, ready ${readyIn}.`}
    >
      {isAwaited && <Refresh everySeconds={3} />}
      <div className="flex flex-wrap justify-center gap-2">
        <Button
          variant="default"
          disabled={isOrdering || problem !== null}
          onPointerEnter={expectOrder}
          onFocus={expectOrder}
          onClick={() => order({ image: 'tiny', size: 'tiny' })}
        >
          Order tiny
        </Button>
        <Button asChild>
          <Link href="/machines/new">Choose more</Link>
        </Button>
      </div>
    </StartCard>
  )
}
