import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import { cn } from './cn'

interface Props<T extends string> {
  label: string
  value: T
  /** Value and label of each option, in order. */
  options: readonly (readonly [T, string])[]
  className?: string
  onChange(value: T): void
}

export function Select<T extends string>({ label, value, options, className, onChange }: Props<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.Trigger
        aria-label={label}
        className={cn(
          'flex h-9 items-center justify-between gap-2 rounded-md border bg-card px-3 whitespace-nowrap hover:bg-muted max-sm:h-10',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value />
        </span>
        <ChevronDown className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          align="end"
          sideOffset={4}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) rounded-md border bg-card p-1 shadow-lg"
        >
          <Radix.Viewport>
            {options.map(([key, name]) => (
              <Radix.Item
                key={key}
                value={key}
                className="flex h-8 cursor-pointer items-center justify-between gap-6 rounded px-2.5 outline-none data-highlighted:bg-muted"
              >
                <Radix.ItemText>{name}</Radix.ItemText>
                <Radix.ItemIndicator>
                  <Check className="size-4 text-primary" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
