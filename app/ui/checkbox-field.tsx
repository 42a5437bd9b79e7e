interface Props {
  label: string
  hint: string
  isChecked: boolean
  onChange(isChecked: boolean): void
}

export function CheckboxField({ label, hint, isChecked, onChange }: Props) {
  return (
    <label className="flex cursor-pointer gap-3">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-primary"
      />
      <span>
        <span className="block">{label}</span>
        <span className="block text-sm text-muted-foreground">{hint}</span>
      </span>
    </label>
  )
}
