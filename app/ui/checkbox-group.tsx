'use client'

/** Some of several, as boxes to tick. None ticked is all. `options` are value and wording. */
export function CheckboxGroup({
  legend,
  options,
  chosen,
  onChange,
}: {
  legend: string
  options: readonly (readonly [string, string])[]
  chosen: readonly string[]
  onChange(chosen: string[]): void
}) {
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">
        {legend} <span className="font-normal text-muted-foreground">· none ticked is all</span>
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
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
