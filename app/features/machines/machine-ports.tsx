'use client'

import { ExternalLink, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import type { MachineDto, MachinePortDto } from '@/lib/machines/schema'
import { sendApiRequest } from '@/app/ui/api-request'

/** How services inside are reached: opened here by their owner, or at a port of the host for programs there. */
export function MachinePorts({ machine }: { machine: MachineDto }) {
  const [text, setText] = useState('')
  const [isAsking, setAsking] = useState(false)
  const port = /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : null
  async function forward(event: FormEvent) {
    event.preventDefault()
    if (!port) return
    setAsking(true)
    const url = `/api/v1/machines/${machine.id}/ports`
    if (await sendApiRequest({ url, method: 'POST', body: { guestPort: port } })) setText('')
    setAsking(false)
  }
  return (
    <Section title="Services inside">
      <div className="rounded-xl border bg-card">
        <form onSubmit={(event) => void forward(event)} className="flex flex-col gap-1.5 px-3.5 py-3.5">
          <label htmlFor="machine-port">Port inside the machine</label>
          <div className="flex gap-2">
            <Input
              id="machine-port"
              inputMode="numeric"
              autoComplete="off"
              placeholder="8080"
              maxLength={5}
              className="w-20 tabular-nums"
              value={text}
              onChange={(event) => setText(event.target.value.trim())}
            />
            <Button asChild={port !== null} disabled={port === null} className="grow">
              {port === null ? (
                <>Open</>
              ) : (
                <a href={`/machines/${machine.id}/ports/${port}/`} target="_blank" rel="noopener">
                  Open <ExternalLink className="size-4" aria-label="in a new tab" />
                </a>
              )}
            </Button>
            <Button type="submit" disabled={port === null || isAsking} className="grow">
              Forward
            </Button>
          </div>
          <p className="text-sm text-muted-foreground">
            Open shows its pages here, to you alone. Forward has it at a port of 127.0.0.1 of the host, for
            every program there.
          </p>
        </form>
        {machine.ports.length > 0 && (
          <ul className="divide-y border-t" aria-label="Forwarded ports">
            {machine.ports.map((one) => (
              <ForwardedPort key={one.guestPort} machine={machine} port={one} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

function ForwardedPort({ machine, port }: { machine: MachineDto; port: MachinePortDto }) {
  const { guestPort, hostPort, problem } = port
  const takeBack = () =>
    void sendApiRequest({ url: `/api/v1/machines/${machine.id}/ports/${guestPort}`, method: 'DELETE' })
  return (
    <li className="flex items-center justify-between gap-2 py-1.5 pr-1.5 pl-3.5">
      <div className="min-w-0">
        <p className="font-mono text-sm tabular-nums">
          {guestPort} <span aria-label="is at">→</span>{' '}
          {hostPort ? `127.0.0.1:${hostPort}` : 'being opened …'}
        </p>
        {problem && <p className="text-sm text-warning">{problem}</p>}
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label={`Take port ${guestPort} back`}
        title="Take it back"
        onClick={takeBack}
      >
        <X className="size-4" />
      </Button>
    </li>
  )
}
