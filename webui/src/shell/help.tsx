import { helpOpen, others, places } from '../parts/keys'
import { useEffect, useRef } from 'preact/hooks'
import { OneMark } from '../drawings/six'
import { markWords, type Mark } from '../drawings/marks'

function Keys() {
  return (
    <dl class="keys">
      {places.map(([letter, , name]) => (
        <div key={letter}>
          <dt>
            <kbd>g</kbd> <kbd>{letter}</kbd>
          </dt>
          <dd>{name}</dd>
        </div>
      ))}
      {others.map(([key, what]) => (
        <div key={key}>
          <dt>{key.split(' ').map((k) => <kbd key={k}>{k}</kbd>)}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}

/// What the marks mean: learned once, the same on every page.
function Legend() {
  return (
    <ul class="legend">
      {(Object.keys(markWords) as Mark[]).map((mark) => (
        <li key={mark}>
          <OneMark mark={mark} size={18} /> {markWords[mark]}
        </li>
      ))}
    </ul>
  )
}

export function Help() {
  const element = useRef<HTMLDialogElement>(null)
  const open = helpOpen.value
  useEffect(() => {
    if (open) element.current?.showModal()
  }, [open])
  if (!open) return null
  // By the browser's own way, which gives the focus back.
  const close = () => element.current?.close()
  return (
    <dialog ref={element} class="wide" aria-label="Keyboard and marks" onClose={() => (helpOpen.value = false)} onClick={(e) => e.target === element.current && close()}>
      <div class="sheet">
        <header>
          <h2>Keyboard</h2>
          <button type="button" class="text" onClick={close}>
            close
          </button>
        </header>
        <Keys />
        <h2>The marks: one for each promised copy</h2>
        <Legend />
      </div>
    </dialog>
  )
}
