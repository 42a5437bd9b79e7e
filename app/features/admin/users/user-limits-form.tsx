'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import type { UserDetailDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'

const GB = 1_000_000_000
const MIB_PER_GIB = 1024

/** Name, label and unit of each limit; the API has smaller units. */
const fields: readonly [keyof UserDetailDto['limits'], string, unitSize: number][] = [
  ['storageBytes', 'Storage, GB', GB],
  ['machines', 'Machines', 1],
  ['cpus', 'CPUs of all machines', 1],
  ['memoryMiB', 'Memory of all machines, GiB', MIB_PER_GIB],
  ['diskMiB', 'Disk of all machines, GiB', MIB_PER_GIB],
]
const round = (value: number) => Math.round(value * 100) / 100

const toText = (value: number | null, unitSize: number) =>
  value === null ? '' : String(round(value / unitSize))
const toValue = (text: string, unitSize: number) =>
  text.trim() === '' ? null : Math.round(Number(text) * unitSize)

/** The limits of a user. An empty field stands for the default of the server. */
export function UserLimitsForm({ user }: { user: UserDetailDto }) {
  const { run, isPending } = useAdminAction()
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map(([limit, , unitSize]) => [limit, toText(user.limits[limit], unitSize)])),
  )
  function submit(event: FormEvent) {
    event.preventDefault()
    const limits = Object.fromEntries(
      fields.map(([limit, , unitSize]) => [limit, toValue(texts[limit]!, unitSize)]),
    )
    run({ path: `users/${user.id}`, method: 'PATCH', body: { limits }, successMessage: 'Limits saved' })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-xl border bg-card p-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {fields.map(([limit, label, unitSize]) => (
          <Field key={limit} id={`limit-${limit}`} label={label}>
            <Input
              id={`limit-${limit}`}
              type="number"
              min={0}
              step="any"
              placeholder={`Default: ${round(user.defaults[limit] / unitSize)}`}
              value={texts[limit]}
              onChange={(event) => setTexts({ ...texts, [limit]: event.target.value })}
            />
          </Field>
        ))}
      </div>
      <Button type="submit" className="self-start" disabled={isPending}>
        Save limits
      </Button>
    </form>
  )
}
