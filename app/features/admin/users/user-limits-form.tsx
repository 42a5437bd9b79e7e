'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import type { UserDetailDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'
import * as messages from '@/lib/generated/messages/admin-users'

const BYTES_PER_GIB = 1024 ** 3
const MIB_PER_GIB = 1024

type Limit = keyof UserDetailDto['limits']

/** Name, label and unit of each limit; the API has smaller units. */
const fields: readonly [Limit, () => string, unitSize: number][] = [
  ['storageBytes', messages.limitStorage, BYTES_PER_GIB],
  ['machines', messages.limitMachines, 1],
  ['cpus', messages.limitCpus, 1],
  ['memoryMiB', messages.limitMemory, MIB_PER_GIB],
  ['diskMiB', messages.limitDisk, MIB_PER_GIB],
]
const round = (value: number) => Math.round(value * 100) / 100

const toText = (value: number | null, unitSize: number) =>
  value === null ? '' : String(round(value / unitSize))
const toValue = (text: string, unitSize: number) =>
  text.trim() === '' ? null : Math.round(Number(text) * unitSize)
/** Whole units, unless the API set a part of one. */
const toStep = (value: number | null, unitSize: number) => ((value ?? 0) % unitSize === 0 ? 1 : 'any')

/** The limits of a user. An empty field stands for the default of the server. Fields are sent only if they were changed. */
export function UserLimitsForm({ user }: { user: UserDetailDto }) {
  const { run, isPending } = useAdminAction()
  const [edits, setEdits] = useState<Partial<Record<Limit, string>>>({})
  const changes = fields.flatMap(([limit, , unitSize]) => {
    const text = edits[limit]
    return text === undefined || text === toText(user.limits[limit], unitSize)
      ? []
      : [[limit, toValue(text, unitSize)] as const]
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const limits = Object.fromEntries(changes)
    run({
      path: `users/${user.id}`,
      method: 'PATCH',
      body: { limits },
      successMessage: messages.limitsSaved(),
    })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-xl border bg-card p-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {fields.map(([limit, label, unitSize]) => (
          <Field key={limit} id={`limit-${limit}`} label={label()}>
            <Input
              id={`limit-${limit}`}
              type="number"
              min={0}
              step={toStep(user.limits[limit], unitSize)}
              placeholder={messages.limitDefault({ value: user.defaults[limit] / unitSize })}
              value={edits[limit] ?? toText(user.limits[limit], unitSize)}
              onChange={(event) => setEdits({ ...edits, [limit]: event.target.value })}
            />
          </Field>
        ))}
      </div>
      <Button type="submit" className="self-start" disabled={isPending || changes.length === 0}>
        {messages.saveLimits()}
      </Button>
    </form>
  )
}
