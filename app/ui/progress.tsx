interface Props {
  /** From 0 to 1. */
  value: number
  label: string
}

/** A progress bar that moves smoothly between reported values and never extrapolates. */
export function Progress({ value, label }: Props) {
  const percent = Math.round(value * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 overflow-hidden rounded-full bg-muted"
    >
      <div
        className="h-full rounded-full bg-primary transition-[width] duration-200"
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
