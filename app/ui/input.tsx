import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      className={cn(
        'h-9 w-full min-w-0 rounded-md border bg-card px-3 placeholder:text-muted-foreground max-sm:h-10 max-sm:text-lg',
        className,
      )}
      {...rest}
    />
  )
}
