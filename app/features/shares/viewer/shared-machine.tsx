import { useMemo, useState } from 'react'
import { ConsoleFrame } from '@/app/features/machines/console/console-frame'
import { toSharedConsole } from '@/app/features/machines/console/console-source'
import type { ConsoleEnd } from '@/app/features/machines/console/open-console'
import { Button } from '@/app/ui/button'
import { useDateFormat } from '@/app/ui/date-time'
import type { SharedMachineDto } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shared-links'

/** A shared console: its output, and input if the link allows it. */
export function SharedMachine({ machine }: { machine: SharedMachineDto }) {
  const { machineName, isTypingAllowed, expiresAt, grant } = machine
  const formatDate = useDateFormat()
  const source = useMemo(() => toSharedConsole(grant), [grant])
  const [end, setEnd] = useState<ConsoleEnd>()
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h1 dir="auto" className="text-xl font-semibold break-words">
          {machineName}
        </h1>
        {!end && (
          <p className="text-muted-foreground">
            {messages.canWatchUntil({ canType: String(isTypingAllowed), date: formatDate(expiresAt) })}
          </p>
        )}
      </div>
      <ConsoleFrame
        name={machineName}
        source={source}
        isReachable
        isPoweredOn
        isRunning
        takesInput={isTypingAllowed}
        hasFixedSize
        describeStatus={(isConnected) => {
          if (!isConnected) return end ? '' : messages.waitingForMachine()
          return isTypingAllowed ? messages.leaveConsole() : messages.watchOnly()
        }}
        overlay={end && <ConsoleClosed reason={end} />}
        onEnd={setEnd}
      />
    </div>
  )
}

function ConsoleClosed({ reason }: { reason: ConsoleEnd }) {
  return (
    <div role="alert" className="max-w-md rounded-xl bg-[#0b1312] px-6 py-5 text-center">
      <p className="text-lg font-medium text-white">
        {reason === 'full' ? messages.tooManyViewers() : messages.linkEnded()}
      </p>
      <p className="mt-1 mb-4 text-[#9fb3af]">
        {reason === 'full' ? messages.tooManyViewersHint() : messages.linkEndedHint()}
      </p>
      <Button variant="default" onClick={() => window.location.reload()}>
        {messages.reload()}
      </Button>
    </div>
  )
}
