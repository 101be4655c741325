// A small menu on a button: arrows move, Escape and a click elsewhere close it.
import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

export interface Choice {
  name: string
  run?: () => void
  href?: string
  download?: boolean
  loss?: boolean
  /// Why it cannot be done now; shown, and the choice is disabled.
  not?: string
}

export function Menu({ label, choices, text = '⋯' }: { label: string; choices: Choice[]; text?: string }) {
  const [open, setOpen] = useState(false)
  const room = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    room.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const away = (e: Event) => !room.current?.contains(e.target as Node) && setOpen(false)
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [open])
  const close = () => {
    setOpen(false)
    room.current?.querySelector<HTMLElement>('.opener')?.focus()
  }
  const onKey = (e: TargetedKeyboardEvent<HTMLElement>) => {
    if (!open) return
    e.stopPropagation()
    if (e.key === 'Escape') return close()
    if (e.key === 'Tab') return close() // and on from the button
    const items = [...room.current!.querySelectorAll<HTMLElement>('[role=menuitem]')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (!step) return
    e.preventDefault()
    items[(at + step + items.length) % items.length]?.focus()
  }
  return (
    <div class="menu" ref={room} onKeyDown={onKey}>
      <button type="button" class="opener text" aria-haspopup="menu" aria-expanded={open} aria-label={label} onClick={() => setOpen(!open)}>
        {text}
      </button>
      {open && (
        <div role="menu" class="choices" aria-label={label}>
          {choices.map((c) => (
            <Item key={c.name} choice={c} close={close} />
          ))}
        </div>
      )}
    </div>
  )
}

function Item({ choice, close }: { choice: Choice; close: () => void }) {
  const { name, href, run, loss, not } = choice
  const cls = loss ? 'loss' : ''
  if (href && !not)
    return (
      <a role="menuitem" class={cls} href={href} download={choice.download} tabIndex={-1} onClick={close}>
        {name}
      </a>
    )
  const act = () => {
    if (not) return
    close()
    run?.()
  }
  return (
    <button type="button" role="menuitem" class={cls} aria-disabled={!!not} title={not} tabIndex={-1} onClick={act}>
      {name}
    </button>
  )
}
