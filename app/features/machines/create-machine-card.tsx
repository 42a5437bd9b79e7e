'use client'

import { Server } from 'lucide-react'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { formatDuration } from '@/app/ui/format'
import { Link } from '@/app/ui/link'
import { StartCard } from '@/app/ui/start-card'
import { createMachineRequest } from './machine-requests'
import { preloadConsole, useCreateMachine } from './use-create-machine'
import * as messages from '@/lib/generated/messages/machines'

export interface CreateMachineCardProps {
  /** Why no machine can be created now. */
  problem: string | null
  /** No host is online yet; one may come online at any moment. */
  isAwaited: boolean
  /** How long a machine typically takes to start. Null before the first one. */
  typicalSeconds: number | null
}

const TINY = { image: 'tiny', size: 'tiny' } as const

interface Props extends CreateMachineCardProps {
  isCompact: boolean
}

/** Creates a tiny machine with one click, and links to the form with all options. */
export function CreateMachineCard({ isCompact, problem, isAwaited, typicalSeconds }: Props) {
  const { createMachine, isCreating } = useCreateMachine()
  return (
    <StartCard
      label={messages.createHeading()}
      Icon={Server}
      heading={<h2>{messages.createHeading()}</h2>}
      description={
        typicalSeconds === null
          ? messages.createDescriptionSoon()
          : messages.createDescription({ duration: formatDuration(Math.max(1, typicalSeconds)) })
      }
      problem={problem}
      isCompact={isCompact}
    >
      {isAwaited && <AutoRefresh everySeconds={3} />}
      <Button
        variant="default"
        disabled={isCreating || problem !== null}
        onPointerEnter={preloadConsole}
        onFocus={preloadConsole}
        onClick={() => createMachine(TINY)}
      >
        {messages.createTiny()}
      </Button>
      <Button asChild>
        <Link href="/machines/new">{messages.moreOptions()}</Link>
      </Button>
      <CopyAsCurl
        size="icon"
        actions={[{ label: messages.createTiny(), request: createMachineRequest(TINY) }]}
      />
    </StartCard>
  )
}
