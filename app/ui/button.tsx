import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const buttonVariants = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-150 disabled:opacity-50 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground hover:bg-primary/90',
        outline: 'border bg-card hover:bg-muted',
        ghost: 'text-muted-foreground hover:bg-muted hover:text-foreground',
        destructive: 'border bg-card text-destructive hover:border-destructive/50 hover:bg-destructive/5',
      },
      size: {
        default: 'h-9 px-3.5 max-sm:h-10',
        sm: 'h-7 px-2.5 text-sm max-sm:h-9',
        icon: 'size-9 max-sm:size-10',
      },
    },
    defaultVariants: { variant: 'outline', size: 'default' },
  },
)

export function Button({
  variant,
  size,
  className,
  asChild,
  ...rest
}: ComponentProps<'button'> & VariantProps<typeof buttonVariants> & { asChild?: boolean }) {
  const Element = asChild ? Slot.Root : 'button'
  return (
    <Element
      type={asChild ? undefined : 'button'}
      className={cn(buttonVariants({ variant, size }), className)}
      {...rest}
    />
  )
}
