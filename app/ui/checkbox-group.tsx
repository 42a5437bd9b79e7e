'use client'

import * as messages from '@/lib/generated/messages/ui'

interface Props {
  legend: string
  /** Value and label of each option. */
  options: readonly (readonly [string, string])[]
  selected: readonly string[]
  onChange(selected: string[]): void
}

/** Checkboxes for a filter, where an empty selection means all. */
export function CheckboxGroup({ legend, options, selected, onChange }: Props) {
  const toggle = (value: string) =>
    onChange(selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value])
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">
        {legend} <span className="font-normal text-muted-foreground">{messages.allIfNoneSelected()}</span>
      </legend>
      <div className="flex flex-wrap gap-1.5">
        {options.map(([value, name]) => (
          <label
            key={value}
            className="flex h-8 cursor-pointer items-center gap-2 rounded-full border px-3 text-sm hover:bg-muted has-checked:border-primary max-sm:h-10"
          >
            <input
              type="checkbox"
              className="accent-(--primary)"
              checked={selected.includes(value)}
              onChange={() => toggle(value)}
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
