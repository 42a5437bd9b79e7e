'use client'

import { Input } from '@/app/ui/input'
import { Select } from '@/app/ui/select'
import { useDebouncedSearch } from '@/app/ui/use-debounced-search'
import { useUrlFilter } from '@/app/ui/use-url-filter'
import { auditActions } from '@/lib/audit/actions'
import type { AuditFilter } from '@/lib/audit/schema'
import { auditActionLabel } from './audit-labels'
import { auditParams } from './audit-url'
import * as messages from '@/lib/generated/messages/admin-audit'
import { getLocale } from '@/lib/i18n/locale'

const ANY = 'any'
const listActionOptions = () => [
  [ANY, messages.allActions()] as const,
  ...auditActions
    .map((action) => [action, auditActionLabel(action)] as const)
    .toSorted(([, a], [, b]) => a.localeCompare(b, getLocale())),
]

/** Filters the audit log. The filter is stored in the URL. */
export function AuditSearch({ filter }: { filter: AuditFilter }) {
  const { change } = useUrlFilter(filter, (next) => `/admin/audit?${auditParams(next)}`)
  const actorField = useDebouncedSearch(filter.actor ?? '', (actor) => change({ actor }))
  const textField = useDebouncedSearch(filter.text ?? '', (text) => change({ text }))
  return (
    <div className="flex flex-wrap gap-2">
      <Input
        type="search"
        aria-label={messages.searchByUser()}
        placeholder={messages.user()}
        {...actorField}
        className="min-w-40! grow basis-0 max-sm:basis-full"
      />
      <Input
        type="search"
        aria-label={messages.searchByText()}
        placeholder={messages.searchByTextHint()}
        {...textField}
        className="min-w-60! grow-2 basis-0 max-sm:basis-full"
      />
      <Select
        label={messages.action()}
        value={filter.action ?? ANY}
        options={listActionOptions()}
        onChange={(action) => change({ action: action === ANY ? undefined : action })}
      />
      <TimeInput label={messages.from()} value={filter.from} onChange={(from) => change({ from })} />
      <TimeInput label={messages.until()} value={filter.to} onChange={(to) => change({ to })} />
    </div>
  )
}

interface TimeInputProps {
  label: string
  /** ISO 8601. */
  value?: string
  onChange(value: string | undefined): void
}

function TimeInput({ label, value, onChange }: TimeInputProps) {
  return (
    <label className="flex items-center gap-2 text-sm text-muted-foreground max-sm:w-full">
      <span className="max-sm:w-9">{label}</span>
      <Input
        type="datetime-local"
        defaultValue={value && toLocalInput(new Date(value))}
        onChange={({ target }) => onChange(target.value ? new Date(target.value).toISOString() : undefined)}
        className="w-52! max-sm:grow"
        suppressHydrationWarning
      />
    </label>
  )
}

/** The local time as `YYYY-MM-DDTHH:MM`. */
const toLocalInput = (date: Date) =>
  new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
