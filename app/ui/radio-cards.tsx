import type { ReactNode } from 'react'

interface RadioCard<T extends string> {
  value: T
  title: string
  note: string
  /** Why it cannot be chosen. */
  problem?: string | null
}

/** One of several, each on a card. */
export function RadioCards<T extends string>(given: {
  legend: string
  name: string
  choices: RadioCard<T>[]
  value: T
  onChange(value: T): void
}) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium">{given.legend}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {given.choices.map(({ value, title, note, problem }) => (
          <label
            key={value}
            className="flex cursor-pointer gap-3 rounded-xl border bg-card px-4 py-3 has-checked:border-primary has-checked:bg-primary/5 has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-primary"
          >
            <input
              type="radio"
              name={given.name}
              value={value}
              disabled={Boolean(problem)}
              checked={given.value === value}
              onChange={() => given.onChange(value)}
              className="mt-1 size-4 shrink-0 accent-primary outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium">{title}</span>
              <span className="block text-sm text-muted-foreground">{problem ?? note}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** A field with its name above and a word of help below. */
export function Field({
  id,
  label,
  help,
  children,
}: {
  id: string
  label: string
  help?: string
  children: ReactNode
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {help && <p className="text-sm text-muted-foreground">{help}</p>}
    </div>
  )
}

/** Yes or no, with what it means. */
export function CheckboxField(given: {
  label: string
  help: string
  isOn: boolean
  onChange(isOn: boolean): void
}) {
  return (
    <label className="flex cursor-pointer gap-3">
      <input
        type="checkbox"
        checked={given.isOn}
        onChange={(event) => given.onChange(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-primary"
      />
      <span>
        <span className="block">{given.label}</span>
        <span className="block text-sm text-muted-foreground">{given.help}</span>
      </span>
    </label>
  )
}
