'use client'

import { ExternalLink, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import type { MachineDto, MachinePortDto } from '@/lib/machines/schema'
import { sendApiRequest } from '@/app/ui/api-request'
import * as messages from '@/lib/generated/messages/machine-page'

/** Opens ports of the machine in the browser of its owner, or forwards them to a port of the host. */
export function MachinePorts({ machine }: { machine: MachineDto }) {
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const port = /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : null
  async function forward(event: FormEvent) {
    event.preventDefault()
    if (!port) return
    setSending(true)
    const url = `/api/v1/machines/${machine.id}/ports`
    if (await sendApiRequest({ url, method: 'POST', body: { guestPort: port } })) setText('')
    setSending(false)
  }
  return (
    <Section title={messages.ports()}>
      <div className="rounded-xl border bg-card">
        {machine.network === 'none' ? (
          <p className="px-3.5 py-3.5 text-sm text-muted-foreground">{messages.noNetworkHint()}</p>
        ) : (
          <form onSubmit={(event) => void forward(event)} className="flex flex-col gap-1.5 px-3.5 py-3.5">
            <label htmlFor="machine-port">{messages.portOnMachine()}</label>
            <div className="flex gap-2">
              <Input
                id="machine-port"
                inputMode="numeric"
                autoComplete="off"
                placeholder="8080"
                maxLength={5}
                className="w-20! tabular-nums"
                value={text}
                onChange={(event) => setText(event.target.value.trim())}
              />
              <Button asChild={port !== null} disabled={port === null} className="grow">
                {port === null ? (
                  messages.open()
                ) : (
                  <a href={`/machines/${machine.id}/ports/${port}/`} target="_blank" rel="noopener">
                    {messages.open()}{' '}
                    <ExternalLink className="size-4 rtl:-scale-x-100" aria-label={messages.inNewTab()} />
                  </a>
                )}
              </Button>
              <Button type="submit" disabled={port === null || isSending} className="grow">
                {messages.forward()}
              </Button>
            </div>
            <p className="text-sm text-muted-foreground">{messages.openOrForwardHint()}</p>
          </form>
        )}
        {machine.ports.length > 0 && (
          <ul className="divide-y border-t" aria-label={messages.forwardedPorts()}>
            {machine.ports.map((forwarded) => (
              <ForwardedPort key={forwarded.guestPort} machine={machine} port={forwarded} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

interface ForwardedPortProps {
  machine: MachineDto
  port: MachinePortDto
}

function ForwardedPort({ machine, port }: ForwardedPortProps) {
  const { guestPort, hostPort, problem } = port
  const stopForwarding = () =>
    void sendApiRequest({ url: `/api/v1/machines/${machine.id}/ports/${guestPort}`, method: 'DELETE' })
  return (
    <li className="flex items-center justify-between gap-2 py-1.5 ps-3.5 pe-1.5">
      <div className="min-w-0">
        <p className="font-mono text-sm tabular-nums">
          {guestPort} <span aria-label={messages.forwardedTo()}>→</span>{' '}
          {hostPort ? `127.0.0.1:${hostPort}` : messages.opening()}
        </p>
        {problem && <p className="text-sm text-warning">{problem}</p>}
      </div>
      <Button
        variant="ghost"
        size="icon"
        data-row={guestPort}
        aria-label={messages.stopForwardingPort({ port: guestPort })}
        title={messages.stopForwarding()}
        onClick={stopForwarding}
      >
        <X className="size-4" />
      </Button>
    </li>
  )
}
