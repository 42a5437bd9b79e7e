interface RadioCard<T extends string> {
  value: T
  title: string
  description: string
  /** Disables the card and replaces its description. */
  unavailableReason?: string | null
}

interface Props<T extends string> {
  legend: string
  name: string
  cards: RadioCard<T>[]
  value: T
  onChange(value: T): void
}

/** A radio group with one card per option. */
export function RadioCards<T extends string>({ legend, name, cards, value: selected, onChange }: Props<T>) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium">{legend}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {cards.map(({ value, title, description, unavailableReason }) => (
          <label
            key={value}
            className="flex cursor-pointer gap-3 rounded-xl border bg-card px-4 py-3 has-checked:border-primary has-checked:bg-primary/5 has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-primary"
          >
            <input
              type="radio"
              name={name}
              value={value}
              disabled={Boolean(unavailableReason)}
              checked={selected === value}
              onChange={() => onChange(value)}
              className="mt-1 size-4 shrink-0 accent-primary outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium">{title}</span>
              <span className="block text-sm text-muted-foreground">{unavailableReason ?? description}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
