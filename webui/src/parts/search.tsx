// Search as you type: the words go into the page's address, so that a search
// can be linked to and survives going back.
import { useEffect, useRef, useState } from 'preact/hooks'
import { route, setQuery } from '../routes'

const pause = 150

export function Search({ label, field = 'q' }: { label: string; field?: string }) {
  const inAddress = route.value.query.get(field) ?? ''
  const [text, setText] = useState(inAddress)
  const timer = useRef(0)
  useEffect(() => setText(inAddress), [inAddress])
  const onInput = (value: string) => {
    setText(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setQuery(field, value.trim()), pause) as unknown as number
  }
  return (
    <label class="search">
      <span class="hidden">{label}</span>
      <input type="search" data-search value={text} placeholder={label} spellcheck={false} onInput={(e) => onInput(e.currentTarget.value)} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  )
}

export function Filter({ label, field, values }: { label: string; field: string; values: [value: string, name: string][] }) {
  const chosen = route.value.query.get(field) ?? ''
  return (
    <label class={`filter ${chosen ? 'on' : ''}`}>
      <span>{label}</span>
      <select value={chosen} onChange={(e) => setQuery(field, e.currentTarget.value)}>
        <option value="">all</option>
        {values.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
