'use client'

import { Server } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { StartCard } from '@/app/ui/start-card'
import { Button } from '@/app/ui/button'
import { formatDuration } from '@/app/ui/format'
import { preloadConsole, useCreateMachine } from './use-create-machine'

export interface MachineAvailability {
  /** Why no machine can be made now. */
  problem: string | null
  /** It may be gone any moment. */
  isAwaited: boolean
  typicalSeconds: number | null
}

/** One click to a machine of the smallest size; all else is chosen on a page of its own. */
export function CreateMachineCard({ problem, isAwaited, typicalSeconds }: MachineAvailability) {
  const { order, isOrdering } = useCreateMachine()
  const readyIn = typicalSeconds === null ? 'soon' : `in about ${formatDuration(Math.max(1, typicalSeconds))}`
  return (
    <StartCard
      label="Order a machine"
      Icon={Server}
      heading={<h2>Order a machine</h2>}
      description={problem ?? `A real Linux machine with its console on this page, ready ${readyIn}.`}
    >
      {isAwaited && <AutoRefresh everySeconds={3} />}
      <div className="flex flex-wrap justify-center gap-2">
        <Button
          variant="default"
          disabled={isOrdering || problem !== null}
          onPointerEnter={preloadConsole}
          onFocus={preloadConsole}
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
