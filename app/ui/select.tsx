import { cn } from './cn'

interface Props<T extends string> {
  label: string
  value: T
  /** Value and label of each option, in order. */
  options: readonly (readonly [T, string])[]
  className?: string
  onChange(value: T): void
}

/** The browser's own, which phones show in their way; globals.css styles its list where browsers can. */
export const Select = <T extends string>({ label, value, options, className, onChange }: Props<T>) => (
  <select
    aria-label={label}
    value={value}
    onChange={(event) => onChange(event.target.value as T)}
    className={cn(
      'select h-9 max-w-full cursor-pointer rounded-md border bg-card px-3 whitespace-nowrap hover:bg-muted max-sm:h-10',
      className,
    )}
  >
    {options.map(([key, name]) => (
      <option key={key} value={key}>
        {name}
      </option>
    ))}
  </select>
)
